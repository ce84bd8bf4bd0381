import { compareVersions } from '../../gir/repository.ts';

type Correction = { returns?: string; takes?: string[]; hidden?: true };

/** Annotations that GLib corrected in 2.86, and GStreamer in 1.26 and 1.28: before, their GIR says less than is true, or something else. */
const corrected: readonly [namespace: string, version: string, functions: Readonly<Record<string, Correction>>][] = [
  ['GLib', '2.86', { g_object_ref: { returns: 'object' }, g_object_unref: { takes: ['object'] } }],
  ['Gst', '1.26', { gst_buffer_extract: { takes: ['mini', 'size', 'into bytes', 'out size'] } }],
  ['Gst', '1.28', { gst_app_sink_try_pull_object: { hidden: true } }],
];

/** What a GIR of these versions says of a function where that is not so. */
export function correctionOf(symbol: string, versions: Readonly<Record<string, string>>): Correction | undefined {
  const found = corrected.find(
    ([namespace, since, functions]) => symbol in functions && compareVersions(versions[namespace] ?? '0', since) < 0,
  );
  return found?.[2][symbol];
}
