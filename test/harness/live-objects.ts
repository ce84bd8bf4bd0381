/**
 * Which of GStreamer's objects are alive, by its own leaks tracer. Imported before anything of GStreamer is used, which
 * reads its environment once; programs that specs start see nothing of this.
 */
import { host } from '#host';
import { gi, init } from '../../src/index.ts';

const log = host.openFile(new Uint8Array());
const environment = {
  GST_TRACERS: 'leaks',
  GST_DEBUG: 'GST_TRACER:7',
  GST_DEBUG_NO_COLOR: '1',
  GST_DEBUG_FILE: `/proc/self/fd/${log}`,
};
for (const [name, value] of Object.entries(environment)) host.setEnvironment(name, value);
init();
for (const name of Object.keys(environment)) host.setEnvironment(name, null);

// biome-ignore lint/suspicious/noExplicitAny: each engine spells it in its own way
const Gst: any = gi.Gst;
const [tracer] = (Gst.tracing_get_active_tracers ?? Gst.tracingGetActiveTracers)();
// Their many features, and their caps, are made at their first use and stay.
for (const plugin of ['typefindfunctions', 'subparse'])
  (Gst.Plugin.load_by_name ?? Gst.Plugin.loadByName).call(Gst.Plugin, plugin);
const line =
  /object-alive, type-name=\(string\)(\w+), address=\(gpointer\)(0x[0-9a-f]+), description=\(string\)(.*), ref-count=/g;
let seen = 0;

/** By address: the type, and what GStreamer says of the object. */
export function liveObjects(): Map<string, string> {
  // `get-live-objects` would spare the file, but unrefs what it gives once too often (GStreamer 1.26).
  tracer.emit('log-live-objects');
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = host.read(log, seen, 65536); bytes.length; bytes = host.read(log, seen, 65536)) {
    seen += bytes.length;
    text += decoder.decode(bytes);
  }
  return new Map(
    [...text.matchAll(line)].map(([, type = '', address = '', description = '']) => [
      address,
      description === address ? type : `${type} ${description}`,
    ]),
  );
}
