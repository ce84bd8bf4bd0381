import { runtime } from '#runtime';
import { UnavailableError } from '../errors.ts';
import { expectInternal, type Internal, internal, Kind, lock } from '../facade.ts';
import { dmaBufAllocatorKind } from '../kinds.ts';
import { facadeFor } from '../memory/allocator-registry.ts';
import { isNotedForProcess, noteForProcess } from '../process-notes.ts';
import type { Handle } from '../runtime/port/index.ts';
import { DmaBufAllocator } from './dmabuf-allocator.ts';

const { c } = runtime;

const udmabufAllocatorKind = new Kind('UdmabufAllocator', 'GstUdmabufAllocator', 'object', dmaBufAllocatorKind);

/** `GST_ALLOCATOR_UDMABUF`: name of the allocator of dma-bufs made from plain memory. @since 1.28 */
export const ALLOCATOR_UDMABUF = 'udmabuf';

/** Makes dma-bufs of plain memory through `/dev/udmabuf` (`GstUdmabufAllocator`). @since 1.28 */
export class UdmabufAllocator extends DmaBufAllocator {
  /** @internal */
  constructor(key: Internal, handle: Handle) {
    expectInternal(key, 'UdmabufAllocator');
    super(key, handle, udmabufAllocatorKind);
  }

  /**
   * Registers the allocator (`gst_udmabuf_allocator_init_once`). @throws UnavailableError before GStreamer 1.28
   * @since 1.28
   */
  static initOnce(): void {
    needVersion();
    c.gst_udmabuf_allocator_init_once();
    noteForProcess('UdmabufAllocator.initOnce');
  }

  /**
   * The allocator (`gst_udmabuf_allocator_get`); null until `initOnce` was called, on whichever thread.
   * @throws UnavailableError before GStreamer 1.28, or without `/dev/udmabuf`
   * @since 1.28
   */
  static get(): UdmabufAllocator | null {
    needVersion();
    if (!isNotedForProcess('UdmabufAllocator.initOnce')) return null;
    const handle = c.gst_udmabuf_allocator_get();
    if (!handle)
      throw new UnavailableError(
        'UdmabufAllocator needs /dev/udmabuf, readable and writable by this user; it found none',
      );
    return new UdmabufAllocator(internal, handle);
  }
}
lock(UdmabufAllocator);
facadeFor(udmabufAllocatorKind, (handle) => new UdmabufAllocator(internal, handle), {
  symbol: 'gst_udmabuf_allocator_get',
  since: '1.28',
  devices: ['/dev/udmabuf'],
});

function needVersion(): void {
  if (!runtime.lack('gst_udmabuf_allocator_get')) return;
  throw new UnavailableError(`UdmabufAllocator needs GStreamer 1.28, found ${c.gst_version_string()}`);
}
