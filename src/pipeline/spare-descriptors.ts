import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';

/** Buses, clocks, sockets and watches have fds, and elements are loaded from files: what an ordinary pipeline takes. */
const enough = 24;

/** GStreamer and GLib do not survive to run out of fds halfway. @throws PipelineError before they do */
export function expectSpareDescriptors(purpose: string): void {
  const spare = runtime.descriptors.spare();
  if (spare >= enough) return;
  throw new PipelineError(`${purpose} takes up to ${enough} file descriptors, ${Math.max(spare, 0)} are free`, {
    detail: 'raise the limit (`ulimit -n`), or dispose of what holds them',
  });
}
