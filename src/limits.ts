import { runtime } from '#runtime';
import { type GstError, PipelineError } from './errors.ts';

/** Buses, clocks, sockets and watches have fds, and elements are loaded from files: what an ordinary pipeline takes. */
const enough = 24;

/** GStreamer and GLib do not survive to run out of fds halfway. @throws what is named, before they do */
export function expectSpareDescriptors(
  purpose: string,
  Failure: typeof GstError = PipelineError,
  wanted = enough,
): void {
  const spare = runtime.descriptors.spare(wanted);
  if (spare >= wanted) return;
  throw new Failure(`${purpose} takes up to ${wanted} file descriptors, ${Math.max(spare, 0)} are free`, {
    detail: 'raise the limit (`ulimit -n`), or dispose of what holds them',
  });
}
