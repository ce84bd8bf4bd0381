import { runtime } from '#runtime';
import { askingNeeds } from './fd/dma-buf.ts';
import { compareVersions, version } from './init.ts';
import { allocatorNeeds, type Needs } from './memory/allocator-registry.ts';
import { elementExists } from './pipeline/element-factory.ts';

/** Whether a feature works here and, if not, why. */
export interface Feature {
  available: boolean;
  /** The version or device that was found, or what is missing. */
  found: string;
}

/** Which features work with this engine, this GStreamer and these devices. */
export function features(): Record<string, Feature> {
  const { string, ...numbers } = version();
  const since = (least: string, symbol: string): Feature => {
    const lack = runtime.lack(symbol);
    const isOld = compareVersions(numbers, least) < 0;
    return { available: !lack, found: isOld ? `${string}; ${least} is needed` : (lack ?? string) };
  };
  const element = (name: string, where: string): Feature => {
    const available = elementExists(name);
    return { available, found: available ? `element ${name}` : `no element ${name}; it comes with ${where}` };
  };
  const device = (path: string): Feature => {
    const { usable, found } = runtime.descriptors.access(path);
    return { available: usable, found: usable ? path : `${path} is ${found}` };
  };
  const firstDevice = ({ devices = [], noDevice }: Needs): Feature => {
    const found = devices.map(device);
    const none = noDevice === undefined ? found[0] : { available: false, found: noDevice };
    return (found.find(({ available }) => available) ??
      found.find(({ found }) => !found.endsWith('missing')) ??
      none) as Feature;
  };
  const allocator = (needs: Needs): Feature => {
    const inGStreamer = since(needs.since, needs.symbol);
    return inGStreamer.available && needs.devices ? firstDevice(needs) : inGStreamer;
  };
  const asked: Feature = { available: runtime.systemCalls !== null, found: askingNeeds };
  const both = (first: Feature, second: Feature): Feature => (first.available ? second : first);
  return {
    ...Object.fromEntries(
      allocatorNeeds().map(([name, needs]) => [`${name[0]?.toLowerCase()}${name.slice(1)}`, allocator(needs)]),
    ),
    dmaBufFromHeap: both(asked, device('/dev/dma_heap/system')),
    dmaBufFromMemfd: both(asked, device('/dev/udmabuf')),
    allocFdRange: since('1.28', 'gst_fd_allocator_alloc_full'),
    zeroCopyMapping: runtime.mapping.zeroCopy,
    wrappedBytes: runtime.wrappedBytes.zeroCopy,
    unixFd: element('unixfdsink', 'gst-plugins-bad'),
    sharedMemorySink: element('shmsink', 'gst-plugins-bad'),
    shmdata: runtime.systemV
      ? { available: true, found: 'SysV shared memory' }
      : element('shmdatasink', 'the GStreamer plugin of shmdata'),
  };
}
