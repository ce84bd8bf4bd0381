/** GStreamer's memory in TypeScript, on Node.js and in GJS. */

import { runtime as port } from '#runtime';
import type { RawNamespaces } from '#types/node';

/** The engine this runs on: `'node'` or `'gjs'`. */
export const runtime: 'node' | 'gjs' = port.name;
/**
 * The raw namespaces of the engine's bindings: `gi.Gst`, `gi.GstAllocators`, `gi.GstApp`, `gi.GstVideo`. Typed here as
 * node-gtk has them; `types/gjs-module.d.ts` has the types for GJS.
 */
export const gi: RawNamespaces = port.gi as RawNamespaces;

export type * as PropertyTypes from '#types/property-types';
export {
  ALLOCATOR_DMABUF,
  CAPS_FEATURE_MEMORY_DMABUF,
  CAPS_FEATURE_MEMORY_SYSTEM_MEMORY,
  DmaBufAllocator,
  dmaBufMemoryGetFd,
  dmaBufMemoryIsReal,
  isDmaBufMemory,
} from './allocators/dmabuf-allocator.ts';
export {
  DrmDumbAllocator,
  drmDumbMemoryExportDmaBuf,
  drmDumbMemoryGetHandle,
  isDrmDumbMemory,
} from './allocators/drm-dumb-allocator.ts';
export { ALLOCATOR_FD, FdAllocator, FdMemoryFlags, fdMemoryGetFd, isFdMemory } from './allocators/fd-allocator.ts';
export { isPhysMemory, physMemoryGetPhysAddr } from './allocators/phys-memory.ts';
export { ALLOCATOR_SHM, ShmAllocator } from './allocators/shm-allocator.ts';
export { ALLOCATOR_UDMABUF, UdmabufAllocator } from './allocators/udmabuf-allocator.ts';
export { AudioBuffer, type AudioChannel } from './audio/audio-buffer.ts';
export { audioBufferClip, audioBufferTruncate } from './audio/audio-clip.ts';
export type { AudioData, AudioFormat } from './audio/audio-format.ts';
export { AudioInfo, type AudioLayout } from './audio/audio-info.ts';
export { Caps } from './caps/caps-value.ts';
export { type Fields, type FieldValue, Fraction, Structure, TypedValue } from './caps/field-value.ts';
export * from './errors.ts';
export type { Bytes } from './expect.ts';
export { allocationCounters } from './facade.ts';
export { dmaBuf } from './fd/dma-buf.ts';
export { memfd } from './fd/memfd.ts';
export type { ImportOptions } from './fd/seals.ts';
export { type Feature, features } from './features.ts';
export { init, version } from './init.ts';
export { MapFlags } from './map-flags.ts';
export type { AudioCodec, VideoCodec } from './media/codecs.ts';
export type { ContainerName } from './media/containers.ts';
export { frames, type MediaFramesOptions, type Progress } from './media/frames.ts';
export {
  type Probed,
  type ProbedAudio,
  type ProbedOther,
  type ProbedStream,
  type ProbedVideo,
  probe,
} from './media/probe.ts';
export { type RecordAudioOptions, type RecordOptions, type RecordVideoOptions, record } from './media/record.ts';
export { AudioTrack, Recording, type RecordWriteOptions, VideoTrack } from './media/recording.ts';
export type { Url } from './media/source.ts';
export type { AllocationParams } from './memory/allocation-params.ts';
export { ALLOCATOR_SYSMEM, Allocator } from './memory/allocator.ts';
export { Buffer } from './memory/buffer.ts';
export { BufferCopyFlags } from './memory/buffer-copies.ts';
export type { BufferSizes, MemoryRange } from './memory/buffer-sizes.ts';
export { CustomAllocator } from './memory/custom-allocator.ts';
export { AllocatorFlags, BufferFlags, MemoryFlags, VideoBufferFlags } from './memory/flags.ts';
export { Mapping } from './memory/mapping.ts';
export { Memory } from './memory/memory.ts';
export * from './memory/meta-tags.ts';
export {
  type Meta,
  type ReferenceTimestamp,
  registerCustomMeta,
  type VideoCrop,
  type VideoMeta,
  type VideoMetaOptions,
} from './memory/metas.ts';
export type { MapPlanesOptions } from './memory/planes.ts';
export { Sample, type SampleOptions } from './memory/sample.ts';
export { Format, Segment, type SegmentFields, type SegmentSeek } from './memory/segment.ts';
export type { WrapOptions } from './memory/wrapped-bytes.ts';
export type { AllocationProposal } from './pipeline/allocation-proposal.ts';
export { AppSink, type FramesOptions } from './pipeline/app-sink.ts';
export { AppSrc } from './pipeline/app-src.ts';
export { Branch, type DetachOptions } from './pipeline/branches/branch.ts';
export { Element } from './pipeline/element.ts';
export { elementExists } from './pipeline/element-factory.ts';
export type * from './pipeline/element-types.ts';
export {
  Filter,
  type FilterBody,
  type FilterContext,
  type FilterFrame,
  type FilterKind,
  type FilterOptions,
  type FilterResult,
  type FrameAs,
} from './pipeline/filter.ts';
export type { State } from './pipeline/message.ts';
export type * from './pipeline/message-types.ts';
export { Pad } from './pipeline/pad.ts';
export {
  type AttachOptions,
  Pipeline,
  type PipelineOptions,
  SeekFlags,
  type StopOptions,
} from './pipeline/pipeline.ts';
export { BufferPool, type BufferPoolConfig } from './pool/buffer-pool.ts';
export { CustomBufferPool } from './pool/custom-buffer-pool.ts';
export type { BufferPoolOptions } from './pool/pool-config.ts';
export * from './pool/pool-options.ts';
export {
  type AllocationDecision,
  AllocationQuery,
  type AllocatorProposal,
  type PoolProposal,
  type ProposalList,
} from './query/allocation-query.ts';
export type { RawAllocator, RawBuffer, RawBufferPool, RawMemory, RawSample } from './raw-types.ts';
export { FrameReader, type FrameReaderOptions } from './sharing/frame-reader.ts';
export { FrameWriter, type FrameWriterOptions, type WriteOptions } from './sharing/frame-writer.ts';
export type { TransportName } from './sharing/transport.ts';
export {
  type AppSinkToShmdataOptions,
  appSinkToShmdata,
  type BridgeReport,
  type ShmdataToAppSrcOptions,
  shmdataToAppSrc,
} from './shmdata/bridges.ts';
export { type Probed as ShmdataProbe, probe as probeShmdata } from './shmdata/probe.ts';
export { ShmdataReader } from './shmdata/reader.ts';
export type { ShmdataFrame, ShmdataReaderOptions, ShmdataReaderStatistics } from './shmdata/reader-backend.ts';
export { ShmdataWriter, type ShmdataWriterEvent, type ShmdataWriterOptions } from './shmdata/writer.ts';
export type { WriterStatistics as ShmdataWriterStatistics } from './shmdata/writer-backend.ts';
export { convertSample } from './video/convert-sample.ts';
export { type DmaDrmCaps, type DmaDrmInfo, type DrmFormat, dmaDrm } from './video/dma-drm.ts';
export type { VideoComponent, VideoFormat, VideoTile } from './video/video-format.ts';
export { VideoFrame, type VideoPlane } from './video/video-frame.ts';
export { type InterlaceMode, VideoInfo, type VideoPlaneInfo } from './video/video-info.ts';
export type { Cancellable, WaitOptions } from './wait.ts';
