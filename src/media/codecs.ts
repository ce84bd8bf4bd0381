/** The encoders of a recording: which elements there are for a codec, and how to set them. */
import { UnavailableError } from '../errors.ts';
import { elementExists, packageOf } from '../pipeline/element-factory.ts';

/** Codecs for the pictures of a recording. */
export type VideoCodec =
  | 'h264'
  | 'h265'
  | 'vp8'
  | 'vp9'
  | 'av1'
  | 'theora'
  | 'prores'
  | 'mjpeg'
  | 'ffv1'
  | 'png'
  | 'gif';
/** Codecs for the sound of a recording; `pcm` is not compressed. */
export type AudioCodec = 'aac' | 'opus' | 'vorbis' | 'mp3' | 'flac' | 'alac' | 'pcm';

/** The bitrate that the program asks for (null for none), and one that suits the size, in bits a second. */
export interface Rates {
  readonly asked: number | null;
  readonly usual: number;
}

interface Encoder {
  readonly element: string;
  readonly isHardware?: boolean;
  /** Properties, as in a gst-launch description. */
  readonly settings?: (rates: Rates) => string;
}

interface Codec {
  readonly title: string;
  /** Caps of what is encoded, without the media type. */
  readonly raw?: string;
  /** Whether half of the pixels have no colour of their own: sides are even. */
  readonly needsEven?: boolean;
  readonly parser?: string;
  /** The best one first. */
  readonly encoders: readonly Encoder[];
}

const bits = (name: string) => (rates: Rates) => `${name}=${rates.asked ?? rates.usual}`;
const kilobits =
  (name: string, more = '') =>
  ({ asked, usual }: Rates) =>
    `${name}=${Math.max(1, Math.round((asked ?? usual) / 1000))}${more}`;
const plain = (element: string): Encoder => ({ element });
const hardware = (element: string, settings: (rates: Rates) => string = () => ''): Encoder => ({
  element,
  isHardware: true,
  settings,
});

/** Bitrates of MP3, in kbit/s. */
const ofMp3 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const nearestOf = (list: readonly number[], wanted: number): number =>
  list.reduce((best, each) => (Math.abs(each - wanted) < Math.abs(best - wanted) ? each : best));

const lame: Encoder = {
  element: 'lamemp3enc',
  settings: ({ asked, usual }) => `target=bitrate cbr=true bitrate=${nearestOf(ofMp3, (asked ?? usual) / 1000)}`,
};
/** Fast enough for live pictures. */
const vpx = ({ asked, usual }: Rates): string => `deadline=1 cpu-used=4 threads=4 target-bitrate=${asked ?? usual}`;
const subsampled = 'format=I420';

const codecs: Readonly<Record<VideoCodec | AudioCodec, Codec>> = {
  h264: {
    title: 'H.264',
    raw: 'format={I420,NV12}',
    needsEven: true,
    parser: 'h264parse',
    encoders: [
      hardware('vah264enc', kilobits('bitrate')),
      hardware('vah264lpenc', kilobits('bitrate')),
      hardware('nvh264enc', kilobits('bitrate')),
      hardware('qsvh264enc', kilobits('bitrate')),
      hardware('v4l2h264enc'),
      {
        element: 'x264enc',
        settings: ({ asked }) =>
          asked === null ? 'pass=qual quantizer=21' : `bitrate=${Math.max(1, Math.round(asked / 1000))}`,
      },
      { element: 'openh264enc', settings: bits('bitrate') },
    ],
  },
  h265: {
    title: 'H.265',
    raw: 'format={I420,NV12}',
    needsEven: true,
    parser: 'h265parse',
    encoders: [
      hardware('vah265enc', kilobits('bitrate')),
      hardware('nvh265enc', kilobits('bitrate')),
      hardware('qsvh265enc', kilobits('bitrate')),
      hardware('v4l2h265enc'),
      { element: 'x265enc', settings: kilobits('bitrate') },
    ],
  },
  vp8: { title: 'VP8', raw: subsampled, encoders: [{ element: 'vp8enc', settings: vpx }] },
  // No default: without frames of lag vp9enc (1.26) dropped some, and the last times had none.
  vp9: {
    title: 'VP9',
    raw: subsampled,
    encoders: [
      hardware('vavp9enc', kilobits('bitrate')),
      { element: 'vp9enc', settings: (rates) => `row-mt=true lag-in-frames=1 ${vpx(rates)}` },
    ],
  },
  av1: {
    title: 'AV1',
    raw: subsampled,
    needsEven: true,
    parser: 'av1parse',
    encoders: [
      hardware('vaav1enc', kilobits('bitrate')),
      hardware('nvav1enc', kilobits('bitrate')),
      { element: 'svtav1enc', settings: kilobits('target-bitrate', ' preset=10') },
      { element: 'av1enc', settings: kilobits('target-bitrate', ' usage-profile=realtime cpu-used=8 end-usage=cbr') },
    ],
  },
  theora: { title: 'Theora', raw: subsampled, encoders: [{ element: 'theoraenc', settings: kilobits('bitrate') }] },
  prores: { title: 'ProRes', encoders: [plain('avenc_prores_ks'), plain('avenc_prores')] },
  mjpeg: { title: 'JPEG', raw: subsampled, encoders: [plain('jpegenc')] },
  ffv1: { title: 'FFV1', encoders: [plain('avenc_ffv1')] },
  png: { title: 'PNG', encoders: [plain('pngenc')] },
  gif: { title: 'GIF', encoders: [plain('gifenc')] },
  aac: {
    title: 'AAC',
    parser: 'aacparse',
    encoders: ['fdkaacenc', 'avenc_aac', 'voaacenc'].map((element) => ({ element, settings: bits('bitrate') })),
  },
  opus: { title: 'Opus', encoders: [{ element: 'opusenc', settings: bits('bitrate') }] },
  vorbis: { title: 'Vorbis', encoders: [{ element: 'vorbisenc', settings: bits('bitrate') }] },
  mp3: { title: 'MP3', parser: 'mpegaudioparse', encoders: [lame] },
  flac: { title: 'FLAC', encoders: [plain('flacenc')] },
  alac: { title: 'ALAC', encoders: [plain('avenc_alac')] },
  pcm: { title: 'PCM', encoders: [] },
};

/** Names of the codecs. */
export const codecNames = Object.keys(codecs) as readonly (VideoCodec | AudioCodec)[];
/** The codec in the words of an error. */
export const titleOf = (codec: VideoCodec | AudioCodec): string => codecs[codec].title;
/** Whether pictures must have even sides. */
export const needsEven = (codec: VideoCodec | AudioCodec): boolean => codecs[codec].needsEven ?? false;

/** The first installed encoder; hardware ones only where they are asked for, and then before the others. */
function encoderOf(codec: VideoCodec | AudioCodec, prefersHardware: boolean): Encoder | null {
  const installed = codecs[codec].encoders.filter(({ element }) => elementExists(element));
  const software = installed.find(({ isHardware }) => !isHardware);
  return (prefersHardware ? installed[0] : (software ?? installed[0])) ?? null;
}

/** Whether this machine can encode it. */
export const canEncode = (codec: VideoCodec | AudioCodec): boolean =>
  codecs[codec].encoders.length === 0 || encoderOf(codec, true) !== null;

/** Description of the elements that encode raw audio or video. */
export function encoding(
  codec: VideoCodec | AudioCodec,
  media: string,
  prefersHardware: boolean,
  rates: Rates,
): string {
  const { title, raw, parser, encoders } = codecs[codec];
  const filter = raw ? `${media},${raw}` : null;
  if (encoders.length === 0) return filter ?? 'identity';
  const encoder = encoderOf(codec, prefersHardware);
  if (!encoder)
    throw new UnavailableError(`no encoder for ${title} is installed; install ${encoders.map(sourceOf).join(', or ')}`);
  const parts = [filter, `${encoder.element} ${encoder.settings?.(rates) ?? ''}`.trim()];
  return [...parts, parser && elementExists(parser) ? parser : null].filter((part) => part !== null).join(' ! ');
}

function sourceOf({ element }: Encoder): string {
  const name = packageOf(element);
  return name ? `${element} (on Debian and Ubuntu: apt install ${name})` : element;
}
