/** Caps are strings in this package, in the form GStreamer itself prints and parses. */
import { runtime } from '#runtime';
import { expectString, outOfRange } from '../expect.ts';
import type { Handle } from '../runtime/port/index.ts';
import { isReadableCaps } from './caps-syntax.ts';

const { c } = runtime;

/** Calls `use` with native caps for a string; null stays null (`gst_caps_from_string`). */
export function withCaps<T>(name: string, caps: string | null | undefined, use: (native: Handle | null) => T): T {
  if (caps === null || caps === undefined) return use(null);
  const native = isReadableCaps(expectString(name, caps)) ? c.gst_caps_from_string(caps) : null;
  if (!native) throw outOfRange(name, 'caps such as "video/x-raw, format=I420, width=320, height=240"', caps);
  try {
    return use(native);
  } finally {
    runtime.references.drop(native, 'mini', 0);
  }
}

/** Like `withCaps`, for fixed caps only (`gst_caps_is_fixed`). */
export function withFixedCaps<T>(name: string, caps: string | null | undefined, use: (native: Handle | null) => T): T {
  return withCaps(name, caps, (native) => {
    if (native && !c.gst_caps_is_fixed(native)) {
      throw new RangeError(`expected \`${name}\` to be fixed, got "${caps}", which leaves a choice`);
    }
    return use(native);
  });
}

/** The string of owned caps, which are dropped (`gst_caps_to_string`). */
export function takeCaps(native: Handle | null): string | null {
  if (!native) return null;
  const text = c.gst_caps_to_string(native);
  runtime.references.drop(native, 'mini', 0);
  return text;
}

/** Whether the text is fixed caps (`gst_caps_is_fixed`). */
export const isFixedCaps = (text: string): boolean =>
  isReadableCaps(text) && withCaps('caps', text, (native) => native !== null && c.gst_caps_is_fixed(native));

/** Caps in the form GStreamer prints them; null for text that is not caps. */
export function normaliseCaps(text: string): string | null {
  return isReadableCaps(text) ? takeCaps(c.gst_caps_from_string(text)) : null;
}
