import { type GstError, PipelineError } from './errors.ts';
import type { Descriptors } from './runtime/port/index.ts';

/** The fds of an ordinary pipeline: buses, clocks, sockets and watches have fds, and elements are loaded from files. */
const enough = 24;

/** GStreamer and GLib abort if they run out of file descriptors part-way. @throws `Failure`, before they do */
export function expectSpare(
  descriptors: Pick<Descriptors, 'spare'>,
  purpose: string,
  Failure: typeof GstError = PipelineError,
  wanted = enough,
): void {
  const spare = descriptors.spare(wanted);
  if (spare >= wanted) return;
  throw new Failure(`${purpose} takes up to ${wanted} file descriptors, ${Math.max(spare, 0)} are free`, {
    detail: 'raise the limit (`ulimit -n`), or dispose of what holds them',
  });
}
