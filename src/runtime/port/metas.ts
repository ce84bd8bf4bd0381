import type { Handle } from '../../generated/symbols.ts';

/** What a `GstVideoMeta` says of a frame. */
export interface VideoMetaFields extends VideoLayout {
  /** `GstVideoFrameFlags`. */
  flags: number;
  /** Tells several in one buffer apart; null where the engine cannot read it. */
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

/** What a `GstAudioMeta` says of samples. */
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
  /** What its content depends on (`video`, `size`, `memory`): elements drop it where they change that. */
  tags: string[];
}

/** Pixels of a frame that are to be shown. */
export interface CropFields {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Metas, by the GType names of their APIs: GTypes themselves differ from engine to engine. Buffers that get one must be
 * writable, which is not asked here.
 */
export interface Metas {
  list(buffer: Handle): MetaName[];
  /** Tags of a custom meta that anybody in the process registered; null where there is none of the name. */
  customTags(name: string): readonly string[] | null;
  /** `gst_meta_register_custom`; false when the name is taken. */
  registerCustom(name: string, tags: readonly string[]): boolean;
  /** Adds a custom meta with the fields of a structure of its name; false when no such meta is registered. */
  addCustom(buffer: Handle, name: string, fields: Handle): boolean;
  /**
   * Sets fields of the first custom meta of that name, and leaves its others; false when the buffer has none. Throws
   * `UnavailableError` where the engine cannot.
   */
  setCustom(buffer: Handle, name: string, fields: Handle): boolean;
  /**
   * Removes the meta at `index` of `list`, unless it is locked, which gives false. Throws `UnavailableError` where the engine
   * cannot.
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
  /** Lets the metas on a buffer outlive its stay outside its pool (`GST_META_FLAG_POOLED`), where the engine can. */
  keepInPool(buffer: Handle): void;
  /**
   * The buffer's `GstVideoMeta`, that with the lowest id; null when it has none.
   * @throws UnavailableError in GJS, for one whose planes are mapped by functions of its own
   */
  video(buffer: Handle): VideoMetaFields | null;
  /** As `video`, but null as well for a buffer whose meta a pool gave it, where the engine needs long to read it. */
  videoToCheck(buffer: Handle): VideoLayout | null;
  /** Notes that a pool's buffer was given the metas of another one: GJS does not read those of a pool's buffers. */
  noteVideo(buffer: Handle, from: Handle): void;
  /**
   * The buffer's `GstAudioMeta`; null when it has none.
   * @throws UnavailableError in GJS, where GStreamer does not serialise it
   */
  audio(buffer: Handle): AudioMetaFields | null;
  /** API of the meta at `index` of an allocation query. */
  offered(query: Handle, index: number): string;
  /** Adds a meta's API to an allocation query; false when no such API is registered. */
  offer(query: Handle, api: string): boolean;
}
