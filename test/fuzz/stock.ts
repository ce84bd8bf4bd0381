/** How to have an object of each class, so that there is always one to call. */
import * as gst from '../../src/index.ts';
import { allocatorMakers } from '../harness/allocator-makers.ts';
import { HostileError } from './hostile.ts';
import type { Any } from './targets.ts';

/** What a part of somebody's own may do wrong; each call is the next one. */
const misdeeds: readonly ((size: number, self: Any) => Any)[] = [
  (size) => system().alloc(size),
  (size) => system().alloc(size + 7),
  () => null,
  (size) => gst.Buffer.alloc(size),
  () => {
    throw new HostileError('thrown by allocate');
  },
  () => {
    const memory = system().alloc(10);
    memory.dispose();
    return memory;
  },
  () => Promise.resolve(5),
  (size) => system().alloc(Math.max(1, size >> 1)),
  (size, self) => {
    self.dispose();
    return system().alloc(size);
  },
];
let deeds = 0;
const misdeed = (): (typeof misdeeds)[number] => misdeeds[deeds++ % misdeeds.length] as (typeof misdeeds)[number];

class OddAllocator extends gst.CustomAllocator {
  allocate(size: number): gst.Memory {
    return misdeed()(size, this);
  }
}

let pools = 0;

/** Every other one is as it should be. */
class OddPool extends gst.CustomBufferPool {
  readonly #isOdd = pools++ % 2 === 1;

  allocateBuffer(): gst.Buffer {
    if (!this.#isOdd) return gst.Buffer.alloc(20);
    const made = misdeed()(20, this);
    return made instanceof gst.Memory && deeds % 5 ? new gst.Buffer().appendMemory(made) : made;
  }
}

/** What others were made of; disposed at the end. */
export const parts: Disposable[] = [];

function part<T extends Disposable>(made: T): T {
  parts.push(made);
  return made;
}

const system = (): gst.Allocator => part(gst.Allocator.find('SystemMemory') as gst.Allocator);
const shm = (): gst.ShmAllocator => {
  gst.ShmAllocator.initOnce();
  return gst.ShmAllocator.get() as gst.ShmAllocator;
};
const memories: readonly (() => gst.Memory)[] = [
  () => system().alloc(100),
  () => part(shm()).alloc(100),
  () => part(new gst.DmaBufAllocator()).allocDmaBuf(gst.memfd('fuzz', 100), 100),
];
const buffer = (size: number): gst.Buffer => part(gst.Buffer.alloc(size));
const query = (): gst.AllocationQuery => part(new gst.AllocationQuery(small));
const pipeline = (description: string): gst.Pipeline => part(gst.Pipeline.parse(description));
const playing = (description: string): gst.Pipeline => {
  const made = pipeline(description);
  made.play().catch(() => {});
  return made;
};
const audioInfo = (): gst.AudioInfo =>
  gst.AudioInfo.fromCaps('audio/x-raw, format=S16LE, rate=8000, channels=2, layout=interleaved');
const small = 'video/x-raw, format=GRAY8, width=16, height=8';

const recording = () =>
  gst.record('stock.mkv', {
    video: { width: 16, height: 8, format: 'GRAY8', encoder: 'jpegenc' },
    audio: { channels: 1, rate: 8000, format: 'S16LE', codec: 'pcm' },
  });
/** A track of a recording that ends with everything. */
async function track(name: 'video' | 'audio'): Promise<Any> {
  const film = await recording();
  parts.push({ [Symbol.dispose]: () => void film.close().catch(() => {}) });
  return film[name];
}

const pipelines = [
  `videotestsrc num-buffers=3 name=f ! ${small} ! identity name=i`,
  'appsrc name=source',
  'videotestsrc num-buffers=3 ! tee name=t ! queue',
];
const branches = [
  'queue ! appsink name=sink',
  'identity name=f error-after=3 ! fakesink',
  'identity name=f eos-after=1 ! fakesink',
  'queue ! appsink name=sink appsrc name=source ! fakesink',
];

export const makers: Record<string, () => Any> = {
  ...allocatorMakers,
  Allocator: system,
  CustomAllocator: () => new OddAllocator('fuzz'),
  Memory: () => memories[deeds++ % memories.length]?.(),
  Buffer() {
    gst.registerCustomMeta('FuzzThree');
    const made = gst.Buffer.alloc(300);
    return deeds++ % 2 ? made.addCustomMeta('FuzzThree', { a: 1 }) : made;
  },
  Mapping: () => buffer(64).map(3),
  Sample: () => gst.Sample.create(buffer(128), small),
  BufferPool: () => gst.BufferPool.create({ size: 100, max: 2 }),
  CustomBufferPool: () => new OddPool({ size: 20, max: 3 }),
  AllocationQuery: () => new gst.AllocationQuery(small),
  ProposalList: () => query()[(['pools', 'params', 'metas'] as const)[deeds++ % 3] ?? 'pools'],
  Pipeline: () =>
    gst.Pipeline.parse(`${pipelines[deeds++ % pipelines.length]} ! appsink name=sink sync=false` as string),
  Filter: () => pipeline(`videotestsrc num-buffers=3 ! ${small} ! identity name=i ! fakesink`).filter('i', () => {}),
  Branch: () =>
    playing('videotestsrc is-live=true ! tee name=t ! queue ! fakesink').attach(
      branches[deeds++ % branches.length] as string,
      { to: 't' },
    ),
  Recording: recording,
  VideoTrack: () => track('video'),
  AudioTrack: () => track('audio'),
  Element: () =>
    pipeline(deeds++ % 2 ? 'videotestsrc name=f ! fakesink' : 'rtpjitterbuffer name=f fakesrc ! fakesink').get('f'),
  Pad: () => pipeline('videotestsrc name=f ! fakesink').get('f').pad('src'),
  AppSink: () => pipeline(`videotestsrc num-buffers=3 ! ${small} ! appsink name=sink`).appSink('sink'),
  AppSrc: () => playing('appsrc name=source caps=application/x-fuzz ! fakesink').appSrc('source'),
  Iterator: () => pipeline('fakesrc num-buffers=2 ! fakesink').messages(),
  VideoInfo: () => gst.VideoInfo.fromCaps(small),
  VideoFrame: () => gst.VideoFrame.map(buffer(128), gst.VideoInfo.fromCaps(small), 3),
  AudioInfo: audioInfo,
  AudioBuffer: () => gst.AudioBuffer.map(buffer(64), audioInfo(), 3),
  Fraction: () => new gst.Fraction(30, 1),
  Caps: () => new gst.Caps('video/x-raw, format={ I420, NV12 }, width=[1, 9]; audio/x-raw'),
  Segment: () => new gst.Segment({ stop: 100 }),
  TypedValue: () => new gst.TypedValue('uint64', 5),
  Structure: () => new gst.Structure('fuzz', { a: 1 }),
  FrameReader: () => gst.FrameReader.follow('socket', { signal: AbortSignal.timeout(1000) }),
  ShmdataReader: () => gst.ShmdataReader.follow('socket', { signal: AbortSignal.timeout(1000) }),
  FrameWriter: () => gst.FrameWriter.open('other', { caps: small }),
  ShmdataWriter: () => gst.ShmdataWriter.open('third', { type: small }),
};
