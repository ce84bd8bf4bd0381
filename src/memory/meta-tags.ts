/** Tags of metas: what their content depends on, for `registerCustomMeta` and in `Meta.tags`. */

/** `GST_META_TAG_VIDEO_STR`: it is about video. */
export const META_TAG_VIDEO_STR = 'video';
/** `GST_META_TAG_VIDEO_SIZE_STR`: it depends on the size of the picture. */
export const META_TAG_VIDEO_SIZE_STR = 'size';
/** `GST_META_TAG_VIDEO_ORIENTATION_STR`: it depends on which way up the picture is. */
export const META_TAG_VIDEO_ORIENTATION_STR = 'orientation';
/** `GST_META_TAG_VIDEO_COLORSPACE_STR`: it depends on the colours. */
export const META_TAG_VIDEO_COLORSPACE_STR = 'colorspace';
/** `GST_META_TAG_AUDIO_STR`: it is about audio. */
export const META_TAG_AUDIO_STR = 'audio';
/** `GST_META_TAG_AUDIO_CHANNELS_STR`: it depends on the channels. */
export const META_TAG_AUDIO_CHANNELS_STR = 'channels';
/** `GST_META_TAG_AUDIO_RATE_STR`: it depends on the sample rate. */
export const META_TAG_AUDIO_RATE_STR = 'rate';
/** `GST_META_TAG_MEMORY_STR`: it depends on the memory of the buffer. */
export const META_TAG_MEMORY_STR = 'memory';
/** `GST_META_TAG_MEMORY_REFERENCE_STR`: it refers to memory, and stays with a copy that does, too. */
export const META_TAG_MEMORY_REFERENCE_STR = 'memory-reference';
