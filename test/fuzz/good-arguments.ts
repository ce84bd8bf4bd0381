/** Arguments that are meant to work, so that what is spoilt in them reaches deep. */
import fc from 'fast-check';
import type { Value } from './call.ts';

type Good = fc.Arbitrary<Value>;

const most = 1000;
const json = (...values: unknown[]): Good => fc.constantFrom(...values).map((json) => ({ json }));
const number = (least: number, largest: number): Good =>
  fc.integer({ min: least, max: largest }).map((json) => ({ json }));
const a = (kind: string): Good => fc.nat(most).map((at) => ({ a: kind, at }));
const nullable = (value: Good): Good => fc.oneof({ weight: 2, arbitrary: value }, json(null));
const list = (value: Good, maxLength = 3): Good => fc.array(value, { maxLength }).map((list) => ({ list }));
/** Keys that end in `?` may be missing. */
const record = (keys: Record<string, Good>): Good =>
  fc
    .record(Object.fromEntries(Object.entries(keys).map(([key, value]) => [key.replace('?', ''), value])), {
      requiredKeys: Object.keys(keys).filter((key) => !key.endsWith('?')),
    })
    .map((record) => ({ record: record as Record<string, Value> }));
const gives = (value: Good): Good => value.map((gives) => ({ does: [], gives }));
const named = (hostile: string): Good => fc.constant({ hostile });

const flag = json(false, true);
const size = number(0, 300);
const index = number(0, 2);
const time = nullable(number(0, 2_000_000_000));
const bits = json(0, 1, 2, 3, 16, 64, 512, 0x10000, 0x7ffffff0, 2 ** 31, 2 ** 32 - 1, 2 ** 32);
const copyFlags = json(0, 1, 4, 8, 15, 24, 40, 63);
const mapFlags = json(1, 2, 3);
const memoryFlags = json(0, 2, 16, 32, 64, 256);
const align = json(0, 1, 7, 15, 4095);
const bytes = fc.nat(100).map((bytes) => ({ bytes }));
const file = fc.integer({ min: 1, max: 5000 }).map((file) => ({ file }));
const params = record({ 'flags?': memoryFlags, 'align?': align, 'prefix?': size, 'padding?': size });
const signal = fc.oneof(named('soon aborted signal'), fc.constant({ hostile: 'end signal' }));
const wait = record({ 'signal?': signal, 'timeout?': json(0, 1000, 5_000_000) });
const metaName = json('FuzzOne', 'FuzzTwo', 'FuzzThree', 'GstVideoMeta', 'Unheard');
const dmaDrmCaps = json('video/x-raw(memory:DMABuf), format=DMA_DRM, drm-format=NV12, width=16, height=16');
const caps = json(
  'video/x-raw, format=GRAY8, width=16, height=8',
  'video/x-raw, format=I420, width=16, height=16, framerate=30/1',
  'video/x-raw, format=NV12, width=6, height=4, interlace-mode=interleaved',
  'video/x-raw(memory:DMABuf), format=DMA_DRM, drm-format=NV12:0x0, width=16, height=16',
  'audio/x-raw, format=S16LE, rate=8000, channels=2, layout=interleaved',
  'audio/x-raw, format=F32LE, rate=8000, channels=3, layout=non-interleaved',
  'application/x-fuzz',
  'ANY',
  'EMPTY',
);
const fieldValue: Good = fc.oneof(
  json(1, -1, 1.5, 'text', '', 'a "quoted" \\ text', true, null, 2 ** 40, '漢'),
  a('Fraction'),
  a('TypedValue'),
  a('Structure'),
  list(number(0, 9)),
);
const fields = fc
  .dictionary(fc.constantFrom('a', 'b', 'long-name', '1', 'with space'), fieldValue, { maxKeys: 3 })
  .map((record) => ({ record }));
const path = json('socket', 'other', './third', 'missing/socket', `${'x'.repeat(120)}`);
const film = json('test:', 'test:ball', 'socket', '/dev/null', 'nothing:at-all', 'file:///nowhere');
const property = json('name', 'pattern', 'num-buffers', 'is-live', 'max-buffers', 'caps', 'parent', 'last-sample');
const propertyValue = json('text', 1, 0, -1, 1.5, true, 'smpte', 'ball', 'GRAY8', null, 'video/x-raw');
const description = json(
  'videotestsrc num-buffers=3 name=f ! video/x-raw, format=GRAY8, width=16, height=8 ! appsink name=sink sync=false',
  'videotestsrc is-live=true ! video/x-raw, format=I420, width=16, height=16 ! appsink name=sink max-buffers=2 drop=true',
  'appsrc name=source ! appsink name=sink sync=false',
  'appsrc name=source caps="video/x-raw,format=GRAY8,width=16,height=8,framerate=30/1" ! videoconvert ! fakesink name=f',
  'fakesrc num-buffers=2 name=f ! fakesink',
  'videotestsrc is-live=true ! tee name=t ! queue ! fakesink',
  'audiotestsrc num-buffers=2 ! appsink name=sink',
  'fakesrc',
  'nonsense ! nothing',
  'videotestsrc ! ',
  '( fakesrc )',
);
const poolOptions = record({
  size: number(1, 5000),
  'caps?': nullable(caps),
  'min?': json(0, 1, 2),
  'max?': json(0, 2, 5),
  'allocator?': nullable(a('Allocator')),
  'params?': params,
  'options?': list(json('GstBufferPoolOptionVideoMeta', 'nonsense'), 1),
});
const poolProposal = record({
  'pool?': nullable(a('BufferPool')),
  size: number(1, 500),
  'min?': index,
  'max?': json(0, 5),
});
const allocatorProposal = record({ 'allocator?': nullable(a('Allocator')), 'params?': params });
const metaApi = json('GstVideoMetaAPI', 'GstVideoCropMetaAPI', 'GstParentBufferMetaAPI');
const needPool = record({ 'needPool?': flag });
const videoMeta = record({
  format: json('GRAY8', 'I420'),
  width: json(16, 6),
  height: json(8, 4),
  offsets: fc.oneof(list(json(0, 128, 160)), json([0], [0, 128, 160])),
  strides: fc.oneof(list(json(16, 8, -16)), json([16], [16, 8, 8])),
  'flags?': bits,
  'padding?': record({ 'top?': index, 'bottom?': index, 'left?': index, 'right?': index }),
});
const drm = json(0x34325258, 0x3231564e, 0x20203852);
const format = json('NV12', 'I420', 'GRAY8', 'XR24:0x0', 'NV12:0x100000000000001', 'Y444');

const recordedVideo = record({
  width: json(16),
  height: json(8),
  format: json('GRAY8'),
  'rate?': json(10, null),
  encoder: json('jpegenc', 'identity error-after=2 ! jpegenc'),
});
const recordedAudio = record({ channels: json(1), rate: json(8000), codec: json('pcm'), 'format?': json('S16LE') });
const recordedAt = record({ 'pts?': number(0, 1e9), 'duration?': number(0, 1e9), 'timeout?': json(5_000_000) });

/** By the name of a target; those that begin with `#` are for all classes. */
const table: Record<string, readonly Good[]> = {
  init: [list(json('--gst-debug-no-color'), 1)],
  gi: [json('Gst', 'GstAllocators', 'GstApp', 'GstVideo', 'GObject')],
  memfd: [json('fuzz', 'é'), number(0, 5000)],
  registerCustomMeta: [metaName, list(json('video', 'size'), 2)],
  'dmaBuf.inspect': [file],
  dmaBufMemoryIsReal: [a('Memory')],
  isFdMemory: [a('Memory')],
  isDmaBufMemory: [a('Memory')],
  isPhysMemory: [a('Memory')],
  isDrmDumbMemory: [a('Memory')],
  fdMemoryGetFd: [a('Memory')],
  dmaBufMemoryGetFd: [a('Memory')],
  physMemoryGetPhysAddr: [a('Memory')],
  drmDumbMemoryGetHandle: [a('Memory')],
  drmDumbMemoryExportDmaBuf: [a('Memory')],
  convertSample: [
    a('Sample'),
    json('video/x-raw, format=RGB', 'image/png', 'image/jpeg', 'audio/x-raw'),
    record({ 'timeout?': json(1000, 1e9) }),
  ],
  probe: [film, record({ 'signal?': signal, 'timeout?': json(1000, 2e8) })],
  frames: [
    film,
    record({
      'signal?': signal,
      'timeout?': json(1000, 2e8),
      'format?': format,
      'width?': json(8, 16),
      'rate?': fc.oneof(number(1, 50), a('Fraction')),
      'start?': number(0, 1e9),
      end: number(0, 1e9),
      'onProgress?': gives(json(null)),
    }),
  ],
  record: [
    json('film.mkv', 'film.mka', 'missing/film.mkv'),
    fc.oneof(
      record({ video: recordedVideo, 'audio?': recordedAudio, 'signal?': signal, 'timeout?': json(1e9) }),
      record({ audio: recordedAudio }),
    ),
  ],
  'VideoTrack#write': [fc.oneof(bytes, json(null), fc.constant({ bytes: 128 })), recordedAt],
  'AudioTrack#write': [fc.oneof(a('AudioBuffer'), fc.constant({ bytes: 96 })), recordedAt],
  'Recording#close': [record({ 'signal?': signal, 'timeout?': json(1e9) })],
  probeShmdata: [path],
  audioBufferClip: [a('Buffer'), a('AudioInfo'), a('Segment')],
  audioBufferTruncate: [a('Buffer'), a('AudioInfo'), index, size],
  appSinkToShmdata: [a('AppSink'), path, record({ signal, 'drop?': flag, 'mode?': json(0o600) })],
  shmdataToAppSrc: [path, a('AppSrc'), record({ signal, 'reconnect?': flag, 'drop?': flag })],

  'Allocator.find': [json('SystemMemory', 'shm', 'fuzz', null)],
  '.register': [json('fuzz', 'fuzz-two'), a('Allocator')],
  '.wrap': [fc.nat(most).map((at) => ({ a: 'Allocator', at, raw: true }))],
  'Memory.wrap': [fc.nat(most).map((at) => ({ a: 'Memory', at, raw: true }))],
  'Buffer.wrap': [fc.nat(most).map((at) => ({ a: 'Buffer', at, raw: true }))],
  'Sample.wrap': [fc.nat(most).map((at) => ({ a: 'Sample', at, raw: true }))],
  'BufferPool.wrap': [fc.nat(most).map((at) => ({ a: 'BufferPool', at, raw: true }))],
  'CustomBufferPool.wrap': [fc.nat(most).map((at) => ({ a: 'BufferPool', at, raw: true }))],
  '.alloc': [a('FdAllocator'), file, number(1, 5000), json(0, 1, 2)],
  'DmaBufAllocator.alloc': [a('DmaBufAllocator'), file, number(1, 5000)],
  'DmaBufAllocator.allocWithFlags': [a('DmaBufAllocator'), file, number(1, 5000), json(0, 1, 2)],
  'DrmDumbAllocator.newWithDevicePath': [json('/dev/dri/card0', '/dev/null', '/nowhere')],
  'DrmDumbAllocator.newWithFd': [file],
  'Buffer.alloc': [size, nullable(a('Allocator')), params],
  'Buffer.from': [bytes],
  '.newWrapped': [bytes, record({ 'readOnly?': flag })],
  'new Buffer': [],
  'Sample.create': [a('Buffer'), nullable(caps), record({ 'segment?': a('Segment'), 'info?': a('Structure') })],
  'new Segment': [
    record({
      'rate?': json(1, -1, 2),
      'format?': json(2, 3),
      'start?': size,
      'stop?': time,
      'time?': time,
      'base?': size,
    }),
  ],
  '.create': [poolOptions],
  'new AllocationQuery': [nullable(caps), needPool],
  'AllocationQuery.peer': [a('Element'), nullable(caps), needPool],
  'new Fraction': [number(-9, 9), number(1, 9)],
  'new TypedValue': [
    json('int', 'uint64', 'double', 'string', 'GstVideoFormat', 'boolean', 'bitmask'),
    json(1, 'text', true, [1, 2], 'I420', '0x3'),
  ],
  'new Structure': [json('fuzz', 'a/b'), fields],
  'Pipeline.parse': [description, record({ 'warnings?': flag })],
  'VideoInfo.fromCaps': [caps],
  'AudioInfo.fromCaps': [caps],
  'VideoFrame.map': [a('Buffer'), a('VideoInfo'), mapFlags, record({ 'merge?': flag })],
  'AudioBuffer.map': [a('Buffer'), a('AudioInfo'), mapFlags, record({ 'merge?': flag })],
  'FrameWriter.open': [path, record({ caps, 'transport?': json('unixfd', 'shm'), 'buffers?': json(1, 4) })],
  'FrameReader.follow': [
    path,
    record({ signal, 'transport?': json('unixfd', 'shm'), 'caps?': caps, 'reconnect?': flag }),
  ],
  'ShmdataWriter.open': [
    path,
    record({ type: caps, 'size?': number(1, 5000), 'mode?': json(0o600), 'readerTimeout?': json(1e8, null) }),
  ],
  'ShmdataReader.follow': [path, record({ signal, 'copy?': flag, 'reconnect?': flag })],
  'dmaDrm.fourccToString': [drm, json(0, 1)],
  'dmaDrm.fourccFromString': [format],
  'dmaDrm.fromString': [format],
  'dmaDrm.fourccFromFormat': [format],
  'dmaDrm.fourccToFormat': [drm],
  'dmaDrm.isCaps': [caps],
  'dmaDrm.parseCaps': [dmaDrmCaps],
  'dmaDrm.buildCaps': [
    record({
      drmFormat: fc.oneof(drm, format),
      'modifier?': json(0, 1),
      width: size,
      height: size,
      'framerate?': a('Fraction'),
    }),
  ],
  'dmaDrm.mayUseFeature': [a('Memory'), record({ 'opaque?': flag })],

  'Pipeline#attach': [
    json('queue ! fakesink', 'appsink name=sink', 'identity error-after=2 ! fakesink', 'nonsense', 'fakesink ! '),
    record({
      to: json('t', 'f', 'nobody'),
      'fatal?': flag,
      'drop?': flag,
      'signal?': signal,
      'timeout?': json(0, 5_000_000),
    }),
  ],
  'Branch#get': [json('sink', 'f', 'nobody')],
  'Branch#appSink': [json('sink', 'f', 'nobody')],
  'Branch#appSrc': [json('source', 'sink', 'nobody')],
  'Branch#finished': [wait],
  'Branch#detach': [record({ 'eos?': flag, 'signal?': signal, 'timeout?': json(0, 5_000_000) })],

  '#alloc': [number(1, 5000), params],
  '#allocFd': [file, number(1, 5000), json(0, 1, 2)],
  '#allocDmaBuf': [file, number(1, 5000), json(0, 1, 2)],
  '#allocFdRange': [
    file,
    record({ maxSize: number(1, 5000), offset: json(0, 10, 4096), size: number(1, 5000) }),
    json(0, 1),
  ],
  '#allocDumb': [record({ drmFourcc: drm, width: size, height: size })],
  '#allocate': [number(1, 500), params],
  '#isType': [json('shm', 'fd', 'SystemMemory')],
  '#map': [mapFlags],
  '#withMapping': [mapFlags, gives(size)],
  '#share': [size, size],
  '#copy': [size, size],
  '#isSpan': [a('Memory')],
  '#isSame': [a('Buffer')],
  'Memory#resize': [number(-20, 50), size],
  '#resize': [number(-20, 50), size],
  '#resizeRange': [index, json(1, 2), number(-20, 50), size],
  '#setSize': [size],
  '#sizesRange': [index, json(1, 2)],
  '#findMemory': [size, size],
  '#getMemoryRange': [index, json(1, 2)],
  '#isMemoryRangeWritable': [index, json(1, 2)],
  '#replaceMemoryRange': [index, json(1, 2), a('Memory')],
  '#replaceAllMemory': [a('Memory')],
  '#removeMemoryRange': [index, json(1, 2)],
  '#append': [a('Buffer')],
  '#appendRegion': [a('Buffer'), index, size],
  '#copyInto': [a('Buffer'), copyFlags, index, size],
  'Buffer#copy': [copyFlags],
  '#pts=': [time],
  '#dts=': [time],
  '#duration=': [time],
  '#offset=': [time],
  '#offsetEnd=': [time],
  '#flags=': [bits],
  '#memory': [index],
  '#appendMemory': [a('Memory')],
  '#prependMemory': [a('Memory')],
  '#insertMemory': [index, a('Memory')],
  '#replaceMemory': [index, a('Memory')],
  '#removeMemory': [index],
  '#mapRange': [index, json(1, 2), mapFlags],
  '#fill': [index, bytes],
  '#extract': [index, size],
  '#memset': [index, number(0, 255), number(0, 20)],
  '#compare': [index, bytes],
  '#copyRegion': [index, size, copyFlags],
  '#addVideoMeta': [videoMeta],
  '#addVideoCrop': [record({ x: index, y: index, width: size, height: size })],
  '#addCustomMeta': [metaName, fields],
  '#customMeta': [metaName],
  '#setCustomMeta': [metaName, fields],
  '#removeMeta': [json('FuzzOne', 'FuzzTwo', 'GstParentBufferMeta', 'GstReferenceTimestampMeta'), index],
  'new Caps': [caps],
  '#intersect': [a('Caps')],
  '#canIntersect': [caps],
  '#subtract': [a('Caps')],
  '#isSubset': [caps],
  'Caps#isEqual': [a('Caps')],
  '#structure': [index],
  '#features': [index],
  'VideoInfo.of': [json('I420', 'NV12', 'RGBA', 'v210'), number(1, 50), number(1, 50)],
  '#addReferenceTimestamp': [json('timestamp/x-ntp', 'timestamp/x-fuzz, a=(int)1'), time, time],
  '#referenceTimestamp': [json('timestamp/x-ntp', null)],
  '#addParentBuffer': [a('Buffer')],
  '#toRunningTime': [size],
  '#toRunningTimeFull': [size],
  '#toStreamTime': [size],
  '#toStreamTimeFull': [size],
  '#positionFromRunningTime': [size],
  '#positionFromRunningTimeFull': [size],
  '#positionFromStreamTime': [size],
  '#positionFromStreamTimeFull': [size],
  '#clip': [nullable(size), nullable(size)],
  '#offsetRunningTime': [number(-20, 50)],
  '#doSeek': [record({ 'rate?': json(1, -1, 2), 'flags?': json(0, 1), 'start?': size, 'stop?': nullable(size) })],
  'Segment#isEqual': [a('Segment')],
  '#hasOption': [json('GstBufferPoolOptionVideoMeta', 'nonsense')],
  '#setFlushing': [flag],
  '#acquire': [wait],
  'FrameWriter#acquire': [size, wait],
  '#hasMeta': [metaApi],
  '#decide': [
    record({
      'size?': size,
      'min?': index,
      'max?': json(0, 5),
      'allocator?': nullable(a('Allocator')),
      'params?': params,
    }),
  ],
  '#at': [index],
  '#add': [fc.oneof(poolProposal, allocatorProposal, metaApi)],
  '#set': [index, fc.oneof(poolProposal, allocatorProposal, metaApi)],
  '#read': [property],
  'Element#write': [property, propertyValue],
  'AppSink#write': [property, propertyValue],
  'AppSrc#write': [property, propertyValue],
  'Element#set': [property, propertyValue],
  'AppSink#set': [property, propertyValue],
  'AppSrc#set': [property, propertyValue],
  '#removeAt': [index],
  'Pad#set': [json('offset', 'template', 'caps'), number(-9, 9)],
  '#pad': [json('src', 'sink', 'src_0')],
  '#emit': [json('clear-pt-map', 'clear-pt-map', 'pull-sample')],
  '#elements': [json('Sink', 'Source/Video', 'Encoder')],
  elementExists: [json('fakesink', 'nobody')],
  'Pipeline#get': [json('sink', 'source', 'f', 'nobody', 'capsfilter0')],
  '#get': [property],
  '#appSink': [json('sink', 'source', 'f')],
  '#appSrc': [json('source', 'sink')],
  '#seek': [json(0, 1e6, 1e9), record({ 'flags?': json(1, 5, 0) })],
  '#messages': [record({ signal })],
  '#finished': [wait],
  '#endOfStream': [wait],
  'Pipeline#filter': [
    json('i', 'i', 'f', 'nobody'),
    gives(json(null)),
    record({ 'as?': json('video', 'audio', 'buffer'), 'caps?': caps, 'maxBuffers?': number(1, 3), 'drop?': flag }),
  ],
  'Filter#body=': [gives(json(null))],
  'Pipeline#stop': [record({ 'endOfStream?': flag, 'timeout?': json(1000, 5_000_000) })],
  '#caps=': [nullable(caps)],
  '#pull': [wait],
  '#frames': [record({ signal, 'timeout?': json(1e6), 'maxBuffers?': index, 'drop?': flag })],
  '#proposeAllocation': [
    record({
      'allocator?': nullable(a('Allocator')),
      'params?': params,
      'pool?': nullable(a('BufferPool')),
      'metas?': list(metaApi, 1),
    }),
  ],
  '#push': [a('Buffer'), wait],
  '#pushSample': [a('Sample'), wait],
  '#pullPreroll': [wait],
  '#write': [fc.oneof(a('Buffer'), bytes), wait],
  'FrameWriter#write': [fc.oneof(a('Buffer'), bytes), record({ 'pts?': number(0, 1e9), 'timeout?': json(5_000_000) })],
  '#tryWrite': [fc.oneof(a('Buffer'), bytes)],
  '#on': [json('connect', 'disconnect'), gives(size)],
  '#off': [json('connect', 'disconnect'), gives(size)],
  '#plane': [index],
  '#region': [index, index, number(0, 16), number(0, 16)],
  '#field': [json('top', 'bottom')],
  '#channel': [index],
  '#copyChannel': [index],
  '#throw': [named('error')],
};

export function goodArguments(target: string): fc.Arbitrary<Value[]> {
  const member = /[#.][^#.]*$/.exec(target)?.[0] ?? '';
  const good = table[target] ?? table[member] ?? [];
  if (!good.length) return fc.constant([]);
  // What comes last may often be left out.
  return fc
    .tuple(fc.tuple(...good), fc.integer({ min: 0, max: 3 }))
    .map(([values, left]) => (left === 0 ? values.slice(0, Math.max(1, good.length - 1)) : values));
}

/** What costs milliseconds is called less often. */
const costly: Record<string, number> = {
  features: 1,
  convertSample: 2,
  'Pipeline.parse': 8,
  'FrameWriter.open': 3,
  'ShmdataWriter.open': 4,
  'FrameReader.follow': 2,
  'ShmdataReader.follow': 2,
  appSinkToShmdata: 2,
  shmdataToAppSrc: 2,
  probeShmdata: 2,
  // Much must be right for them to work.
  'Buffer#addVideoMeta': 40,
  probe: 2,
  frames: 2,
  record: 2,
  'VideoTrack#write': 30,
  'AudioTrack#write': 30,
  'Buffer#setCustomMeta': 80,
  'Element#emit': 60,
};
const usual = 10;
/** What other targets need, or what has much to go wrong, is called more often. */
const important = /^(Buffer|Memory|Mapping|Sample|BufferPool|AllocationQuery|ProposalList|AppSink|AppSrc)#|^Buffer\./;

export const weights = (target: string): number =>
  costly[target] ??
  (/#(dispose|\[Symbol\.(asyncD|d)ispose\])$/.test(target) ? 2 : important.test(target) ? usual * 2 : usual);
