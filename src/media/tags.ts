/** The tags of a stream. */
import { runtime } from '#runtime';
import { messageFields } from '../pipeline/message-fields.ts';
import type { MessageFields } from '../pipeline/message-types.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c, references } = runtime;

/** `GST_EVENT_TAG`, of which a pad keeps one for each scope. */
const tagEvent = 20510;
/** Tags that contain a whole picture. */
const pictures = ['image', 'preview-image', 'attachment'];

/** `GstTagScope`. */
const ofTheWhole = 1;

export interface Tags {
  /** Tags of the stream alone. */
  readonly own: MessageFields;
  /** Tags of the whole that it is part of. */
  readonly whole: MessageFields;
}

/** The tags that have passed a pad. */
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

/** How to rotate a picture before it is shown: clockwise, mirrored first if `isMirrored`. */
export interface Orientation {
  readonly rotation: 0 | 90 | 180 | 270;
  readonly isMirrored: boolean;
}

/** The orientation in GStreamer's tag `image-orientation`. */
export function orientationIn(tags: MessageFields): Orientation {
  const [, flip, degrees] = /^(flip-)?rotate-(0|90|180|270)$/.exec(String(tags['image-orientation'])) ?? [];
  return { rotation: Number(degrees ?? 0) as Orientation['rotation'], isMirrored: flip !== undefined };
}
