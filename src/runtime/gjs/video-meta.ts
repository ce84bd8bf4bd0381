/**
 * GJS makes no wrapper for a `GstVideoMeta`. Serialised, it can be read; but mapping a buffer as a frame of the format
 * that its caps say takes the meta's strides and offsets over, is refused for another format or for a larger picture,
 * and takes a tenth of the time.
 *
 * The typelib takes a `GstVideoFrame` for smaller than it is, so GJS gives C too little room for one. What is past it is
 * written only when planes cannot be mapped. So none of the buffer's own memory is: what is mapped is a buffer with its
 * metas and a memory in which every plane has a place.
 */
import { UnavailableError } from '../../errors.ts';
import type { Metas, VideoLayout, VideoMetaFields } from '../runtime.ts';
import type { Handle } from '../symbols.ts';
import { knownFlags } from './functions.ts';
import { Gio, GLib, gst, namespace } from './namespaces.ts';
import { references } from './references.ts';
import { contentOf } from './serialised-buffer.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;
type Picture = Pick<VideoLayout, 'format' | 'width' | 'height'>;

/** READ, and no reference on the buffer. */
const mapFlags = 1 | (1 << 16);
/** Metas and memories: those that describe the memory are left out without it. */
const copyFlags = 4 | 8;
const everything = 0xffff_ffff_ffff_ffffn;
const keepMappedDontClose = 1 | 4;
/** Bytes, none of which is ever touched; GStreamer goes wrong with memories of 2 GiB and more. */
const roomBytes = 2 ** 31 - 2 ** 16;
/** As many as a buffer takes: 32 GiB, more than any frame. */
const roomCount = 16;

let room: Wrapper = null;

/** Address space and nothing else: an empty file without a name, mapped as if it were that large. */
function emptyRoom(): Wrapper {
  if (room) return room;
  const [file, stream] = Gio.File.new_tmp('gst-allocators-XXXXXX');
  try {
    file.delete(null);
    stream.truncate(roomBytes, null);
    const { FdAllocator } = namespace('GstAllocators');
    const fd: number = stream.get_output_stream().get_fd();
    const memory = FdAllocator.alloc(FdAllocator.new(), fd, roomBytes, keepMappedDontClose);
    const [mapped, info] = memory.map(1);
    if (!mapped) throw new UnavailableError('a GstVideoMeta can be read in GJS where 2 GiB of address space are free');
    memory.unmap(info);
    room = memory;
    return room;
  } finally {
    stream.close(null);
  }
}

/** A buffer that has the metas, and nothing of the bytes. */
function withMetas<T>(buffer: Handle, use: (probe: Wrapper) => T): T {
  const probe = gst().Buffer.new();
  probe.copy_into(buffer, copyFlags, 0, everything);
  probe.remove_all_memory();
  for (let index = 0; index < roomCount; index++) probe.append_memory(emptyRoom());
  try {
    return use(probe);
  } finally {
    probe.remove_all_memory();
    references.drop(probe, 'mini', 0);
  }
}

function mapAs(probe: Wrapper, { format, width, height }: Picture): VideoLayout | null {
  const { VideoInfo, VideoFrame } = namespace('GstVideo');
  const info = new VideoInfo();
  if (!info.set_format(format, width, height)) return null;
  const [mapped, frame] = VideoFrame.map(info, probe, mapFlags);
  if (!mapped) return null;
  // How many planes a format has cannot be asked for; each has a stride.
  const count = info.stride.filter((stride: number) => stride !== 0).length;
  const offsets = frame.info.offset.slice(0, count);
  const strides = frame.info.stride.slice(0, count);
  frame.unmap();
  return { format, width, height, offsets, strides };
}

/** GStreamer takes it for a programming error, on stderr, to map a frame as what it is not. */
function withoutComplaint<T>(attempt: () => T): T {
  const handler = GLib.log_set_handler('GStreamer-Video', GLib.LogLevelFlags.LEVEL_CRITICAL, () => undefined);
  try {
    return attempt();
  } finally {
    GLib.log_remove_handler('GStreamer-Video', handler);
  }
}

const hasVideoMeta = (buffer: Handle): boolean =>
  (buffer as Wrapper).get_n_meta(namespace('GstVideo').video_meta_api_get_type()) > 0;

export function readVideoMeta(buffer: Handle): VideoMetaFields | null {
  if (!hasVideoMeta(buffer)) return null;
  const content = contentOf(buffer, 'GstVideoMeta');
  if (!content)
    throw new UnavailableError('a GstVideoMeta with functions of its own for mapping cannot be read in GJS');
  const word = (place: number): number => content.getUint32(place, true);
  const planes = Array.from({ length: word(16) }, (_, plane) => plane);
  const strides = 20 + planes.length * 8;
  const padding = strides + planes.length * 4;
  return {
    flags: word(0),
    format: word(4),
    id: null,
    width: word(8),
    height: word(12),
    offsets: planes.map((plane) => Number(content.getBigUint64(20 + plane * 8, true))),
    strides: planes.map((plane) => content.getInt32(strides + plane * 4, true)),
    padding: { top: word(padding), bottom: word(padding + 4), left: word(padding + 8), right: word(padding + 12) },
  };
}

export const readVideoLayout: Metas['videoLayout'] = (buffer, expected) =>
  hasVideoMeta(buffer)
    ? (withMetas(buffer, (probe) => withoutComplaint(() => mapAs(probe, expected))) ?? readVideoMeta(buffer))
    : null;

export function addVideoMeta(buffer: Handle, fields: Parameters<Metas['addVideo']>[1]): void {
  const { flags, format, width, height, offsets, strides, padding } = fields;
  if (padding) {
    throw new UnavailableError(
      'the padding of a GstVideoMeta cannot be set in GJS: introspection has no wrapper for it',
    );
  }
  const unknown = flags & ~knownFlags(namespace('GstVideo').VideoFrameFlags);
  if (unknown)
    throw new UnavailableError(
      `flags beyond those of GstVideoFrameFlags cannot be set in GJS: 0x${(unknown >>> 0).toString(16)}`,
    );
  // GStreamer reads four of each.
  const four = (numbers: readonly number[]) => [...numbers, 0, 0, 0, 0].slice(0, 4);
  const { buffer_add_video_meta_full: add } = namespace('GstVideo');
  add(buffer, flags, format, width, height, strides.length, four(offsets), four(strides));
}
