import { runtime } from '#runtime';
import { askingNeeds } from './fd/dma-buf.ts';
import { compareVersions, version } from './init.ts';

/** Whether something works here and, where it does not, why. */
export interface Feature {
  available: boolean;
  /** What was found: a version, a device; or what is missing. */
  found: string;
}

const { c } = runtime;

/** The kernel numbers no more. */
const mostCards = 64;
const noCard: Feature = { available: false, found: '/dev/dri has no card: no driver of a display made one' };

/** What works with this engine, this GStreamer and these devices. */
export function features(): Record<string, Feature> {
  const { string, ...numbers } = version();
  const since = (least: string, symbol: string): Feature => {
    const lack = runtime.lack(symbol);
    const isOld = compareVersions(numbers, least) < 0;
    return { available: !lack, found: isOld ? `${string}; ${least} is needed` : (lack ?? string) };
  };
  const element = (name: string, where: string): Feature => {
    const factory = c.gst_element_factory_find(name);
    if (!factory) return { available: false, found: `no element ${name}; it comes with ${where}` };
    runtime.references.drop(factory, 'object', 0);
    return { available: true, found: `element ${name}` };
  };
  const device = (path: string): Feature => {
    const { usable, found } = runtime.descriptors.access(path);
    return { available: usable, found: usable ? path : `${path} is ${found}` };
  };
  /** A card's number is the order in which its driver came. */
  const firstCard = (): Feature => {
    const cards = Array.from({ length: mostCards }, (_, number) => device(`/dev/dri/card${number}`));
    return cards.find(({ available }) => available) ?? cards.find(({ found }) => !found.endsWith('missing')) ?? noCard;
  };
  const asked: Feature = { available: runtime.systemCalls !== null, found: askingNeeds };
  const both = (first: Feature, second: Feature): Feature => (first.available ? second : first);
  return {
    shmAllocator: since('1.24', 'gst_shm_allocator_init_once'),
    fdAllocator: since('1.6', 'gst_fd_allocator_new'),
    dmaBufAllocator: since('1.12', 'gst_dmabuf_allocator_new'),
    drmDumbAllocator: both(since('1.24', 'gst_drm_dumb_allocator_new_with_device_path'), firstCard()),
    udmabufAllocator: both(since('1.28', 'gst_udmabuf_allocator_get'), device('/dev/udmabuf')),
    dmaBufFromHeap: both(asked, device('/dev/dma_heap/system')),
    dmaBufFromMemfd: both(asked, device('/dev/udmabuf')),
    allocFdRange: since('1.28', 'gst_fd_allocator_alloc_full'),
    zeroCopyMapping: runtime.mapping.zeroCopy,
    unixFd: element('unixfdsink', 'gst-plugins-bad'),
    sharedMemorySink: element('shmsink', 'gst-plugins-bad'),
    shmdata: runtime.systemV
      ? { available: true, found: 'SysV shared memory' }
      : element('shmdatasink', 'the GStreamer plugin of shmdata'),
  };
}
