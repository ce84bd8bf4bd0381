/**
 * An appsrc counts in bytes unless its `format` says otherwise, which it reads when it starts. With bytes, elements downstream
 * complain of each buffer that has a time, and drop it.
 */
import { runtime } from '#runtime';
import { owned } from '../owned.ts';
import type { Handle, PropertyInfo } from '../runtime/port/index.ts';

const { c, properties } = runtime;

const format: PropertyInfo = {
  name: 'format',
  type: 'GstFormat',
  readable: true,
  writable: true,
  constructOnly: false,
};

export const isTimed = (source: Handle): boolean => properties.get(source, format) === 'time';

/** Raw audio and video have times: sets `format` to `time` for their caps, unless it has another value than bytes. */
export function defaultToTime(source: Handle): void {
  using caps = owned(c.gst_app_src_get_caps(source), 'mini');
  if (!caps || !c.gst_caps_is_fixed(caps.handle)) return;
  const isRaw = /^(audio|video)\/x-raw$/.test(c.gst_structure_get_name(c.gst_caps_get_structure(caps.handle, 0)));
  if (isRaw && properties.get(source, format) === 'bytes') properties.set(source, format, 'time');
}
