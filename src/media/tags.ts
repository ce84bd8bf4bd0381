/** What GStreamer knows of a stream beside its caps. */
import { runtime } from '#runtime';
import { messageFields } from '../pipeline/message-fields.ts';
import type { MessageFields } from '../pipeline/message-types.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c, references } = runtime;

/** `GST_EVENT_TAG`, of which a pad keeps one for each scope. */
const tagEvent = 20510;
/** Pictures are in the tags as a whole. */
const pictures = ['image', 'preview-image', 'attachment'];

/** `GstTagScope`. */
const ofTheWhole = 1;

export interface Tags {
  /** Of the stream alone. */
  readonly own: MessageFields;
  /** Of all that it is a part of. */
  readonly whole: MessageFields;
}

/** The tags that have come by a pad. */
export function tagsOf(pad: Handle): Tags {
  const own: Record<string, MessageFields[string]> = {};
  const whole: Record<string, MessageFields[string]> = {};
  for (let index = 0; ; index++) {
    const event = c.gst_pad_get_sticky_event(pad, tagEvent, index);
    if (!event) break;
    const list = c.gst_event_parse_tag(event);
    if (list) {
      const tags = messageFields(c.gst_tag_list_to_string(list));
      Object.assign(c.gst_tag_list_get_scope(list) === ofTheWhole ? whole : own, tags);
      references.drop(list, 'mini', 0);
    }
    references.drop(event, 'mini', 0);
  }
  for (const name of pictures) {
    delete own[name];
    delete whole[name];
  }
  return { own, whole };
}

/** How a picture is to be turned before it is shown: clockwise, and mirrored first where `isMirrored` says so. */
export interface Orientation {
  readonly rotation: 0 | 90 | 180 | 270;
  readonly isMirrored: boolean;
}

/** By GStreamer's tag `image-orientation`. */
export function orientationIn(tags: MessageFields): Orientation {
  const [, flip, degrees] = /^(flip-)?rotate-(0|90|180|270)$/.exec(String(tags['image-orientation'])) ?? [];
  return { rotation: Number(degrees ?? 0) as Orientation['rotation'], isMirrored: flip !== undefined };
}
