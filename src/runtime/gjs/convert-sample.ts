/**
 * Converts a sample by a pipeline of our own: `gst_video_convert_sample_async` leaks the sample that it passes to GJS,
 * a whole picture for each call, and the synchronous function blocks the main thread.
 */
import { GstError } from '../../errors.ts';
import type { Handle } from '../../generated/symbols.ts';
import { waitForLoop } from './idle-sleep.ts';
import { GLib, gst } from './namespaces.ts';
import { setState } from './running-elements.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

/** Elements that write pictures. */
const encoders: Record<string, string> = { 'image/png': 'pngenc', 'image/jpeg': 'jpegenc', 'image/webp': 'webpenc' };
/** Milliseconds between checks for the result. */
const lookInterval = 2;

export function convertSample(sample: Handle, caps: Handle, timeout: number): Promise<Handle> {
  const wanted: string = (caps as Wrapper).get_structure(0)?.get_name() ?? '';
  const encoder = encoders[wanted];
  if (!encoder && wanted !== 'video/x-raw')
    return Promise.reject(new GstError(`no element is known that makes ${wanted}`));
  const pipeline: Wrapper = gst().parse_launch(
    `appsrc name=in format=time ! videoconvert ! videoscale ! ${encoder ? `${encoder} ! ` : ''}appsink name=out sync=false`,
  );
  const source = pipeline.get_by_name('in');
  const sink = pipeline.get_by_name('out');
  const bus = pipeline.get_bus();
  sink.enable_last_sample = false;
  sink.set_caps(caps);
  setState(pipeline, gst().State.PLAYING);
  source.push_sample(sample);
  source.end_of_stream();

  const deadline = GLib.get_monotonic_time() + timeout / 1000;
  const rest = waitForLoop();
  return new Promise<Handle>((resolve, reject) => {
    GLib.timeout_add(GLib.PRIORITY_DEFAULT, lookInterval, () => {
      const converted = sink.try_pull_sample(0);
      if (converted) resolve(converted);
      else {
        const message = bus.pop_filtered(gst().MessageType.ERROR | gst().MessageType.EOS);
        const isLate = GLib.get_monotonic_time() > deadline;
        if (!message && !isLate) return GLib.SOURCE_CONTINUE;
        const isError = message?.type === gst().MessageType.ERROR;
        const reason = isError ? message.parse_error()[0].message : message ? 'nothing came out' : 'it took too long';
        reject(new GstError(reason));
      }
      return GLib.SOURCE_REMOVE;
    });
  }).finally(() => {
    setState(pipeline, gst().State.NULL);
    rest.close();
  });
}
