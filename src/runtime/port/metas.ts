import type { Handle } from '../../generated/symbols.ts';

/** The content of a `GstVideoMeta`. */
export interface VideoMetaFields extends VideoLayout {
  /** `GstVideoFrameFlags`. */
  flags: number;
  /** Distinguishes several in one buffer; null if the engine cannot read it. */
  id: number | null;
  /** Pixels around the picture (`GstVideoAlignment`). */
  padding: { top: number; bottom: number; left: number; right: number };
}

/** Where a picture is in a buffer. */
export interface VideoLayout {
  /** `GstVideoFormat`, a number. */
  format: number;
  width: number;
  height: number;
  /** Where each plane begins, in bytes from the start of the buffer. */
  offsets: number[];
  /** Bytes from one row to the next, for each plane. */
  strides: number[];
}

/** The content of a `GstAudioMeta`. */
export interface AudioMetaFields {
  /** Samples of each channel. */
  samples: number;
  /** Where each channel begins, in bytes from the start of the buffer; empty where channels are interleaved. */
  offsets: number[];
}

/** A meta of a buffer. */
export interface MetaName {
  /** GType name of its API (`GstVideoMetaAPI`). */
  api: string;
  /** GType name of its implementation (`GstVideoMeta`). */
  type: string;
  /** What its content depends on (`video`, `size`, `memory`): elements that change that drop the meta. */
  tags: string[];
}

/** The visible rectangle of a frame, in pixels. */
export interface CropFields {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Metas, by the GType names of their APIs: each engine has its own form of a GType. A buffer that gets a meta must be
 * writable, which is not checked here.
 */
export interface Metas {
  list(buffer: Handle): MetaName[];
  /** Tags of a custom meta that is registered in this process; null if there is none of that name. */
  customTags(name: string): readonly string[] | null;
  /** `gst_meta_register_custom`; false when the name is taken. */
  registerCustom(name: string, tags: readonly string[]): boolean;
  /** Adds a custom meta with the fields of a structure of its name; false when no such meta is registered. */
  addCustom(buffer: Handle, name: string, fields: Handle): boolean;
  /**
   * Sets fields of the first custom meta of that name, and keeps its other fields; false when the buffer has none.
   * Throws `UnavailableError` if the engine cannot.
   */
  setCustom(buffer: Handle, name: string, fields: Handle): boolean;
  /**
   * Removes the meta at `index` of `list`; false if it is locked. Throws `UnavailableError` if the engine cannot.
   */
  remove(buffer: Handle, index: number): boolean;
  /** The text of a custom meta's structure; null when the buffer has none. */
  custom(buffer: Handle, name: string): string | null;
  /**
   * `gst_buffer_add_video_meta_full`, `gst_video_meta_set_alignment`; false when GStreamer refuses it.
   * @throws RangeError for strides that are not those of the padded picture; UnavailableError in GJS, for a padding
   */
  addVideo(
    buffer: Handle,
    fields: VideoLayout & { flags: number; padding: VideoMetaFields['padding'] | null },
  ): boolean;
  /** @throws UnavailableError in GJS */
  addCrop(buffer: Handle, fields: CropFields): boolean;
  /** The buffer's `GstVideoCropMeta`; null when it has none. @throws UnavailableError in GJS, for a buffer that has one */
  crop(buffer: Handle): CropFields | null;
  /** Keeps the metas of a buffer when it returns to its pool (`GST_META_FLAG_POOLED`), if the engine can. */
  keepInPool(buffer: Handle): void;
  /**
   * The buffer's `GstVideoMeta` with the lowest id; null when it has none.
   * @throws UnavailableError in GJS, for a meta with its own map functions
   */
  video(buffer: Handle): VideoMetaFields | null;
  /** As `video`, but also null for a meta that a pool added, if the engine is slow to read it. */
  videoToCheck(buffer: Handle): VideoLayout | null;
  /** Records that a pool's buffer was given the metas of another one: GJS does not read those of a pool's buffers. */
  noteVideo(buffer: Handle, from: Handle): void;
  /**
   * The buffer's `GstAudioMeta`; null when it has none.
   * @throws UnavailableError in GJS, if GStreamer does not serialise it
   */
  audio(buffer: Handle): AudioMetaFields | null;
  /** API of the meta at `index` of an allocation query. */
  offered(query: Handle, index: number): string;
  /** Adds a meta's API to an allocation query; false when no such API is registered. */
  offer(query: Handle, api: string): boolean;
}
