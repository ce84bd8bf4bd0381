/** The kinds of files that recordings are written to. */
import { UnavailableError } from '../errors.ts';
import { nearest, outOfRange } from '../expect.ts';
import { elementExists, packageOf } from '../pipeline/element-factory.ts';
import { type AudioCodec, canEncode, titleOf, type VideoCodec } from './codecs.ts';

/** Kinds of files: `png` and `jpeg` are one file for each picture. */
export type ContainerName = 'mp4' | 'mov' | 'mkv' | 'webm' | 'ogg' | 'wav' | 'flac' | 'mp3' | 'gif' | 'png' | 'jpeg';

/** What a kind of files takes. */
export interface Container {
  readonly name: ContainerName;
  readonly endings: readonly string[];
  /** The muxer with its properties; null where the encoder makes the file. */
  readonly muxer: string | null;
  /** The first one that is installed is the default. */
  readonly video: readonly VideoCodec[];
  readonly audio: readonly AudioCodec[];
  /** Codecs that are taken by name only. */
  readonly others: readonly (VideoCodec | AudioCodec)[];
  /** Whether the file's name has a number in it. */
  readonly isSequence: boolean;
}

/** Files of these are readable at any time up to the last second, and get the index of a usual file at their end. */
const alwaysReadable = 'fragment-duration=1000 fragment-mode=first-moov-then-finalise';

function container(
  name: ContainerName,
  endings: string,
  muxer: string | null,
  [video, audio, others = '']: [video: string, audio: string, others?: string],
): Container {
  const words = (text: string): never[] => text.split(' ').filter((word) => word !== '') as never[];
  const isSequence = name === 'png' || name === 'jpeg';
  return {
    name,
    endings: words(endings),
    muxer,
    video: words(video),
    audio: words(audio),
    others: words(others),
    isSequence,
  };
}

const containers: readonly Container[] = [
  container('mp4', 'mp4 m4v m4a', `mp4mux ${alwaysReadable}`, ['h264', 'aac', 'h265 av1 vp9 opus mp3 alac']),
  container('mov', 'mov', `qtmux ${alwaysReadable}`, ['h264', 'aac', 'h265 prores mjpeg alac pcm']),
  container('mkv', 'mkv mka', 'matroskamux', [
    'h264 vp8',
    'opus vorbis',
    'h265 vp9 av1 theora prores mjpeg ffv1 aac mp3 flac alac pcm',
  ]),
  container('webm', 'webm', 'webmmux', ['vp8', 'opus vorbis', 'vp9 av1']),
  container('ogg', 'ogg ogv oga opus', 'oggmux', ['theora', 'opus vorbis', 'flac']),
  container('wav', 'wav', 'wavenc', ['', 'pcm']),
  container('flac', 'flac', null, ['', 'flac']),
  container('mp3', 'mp3', 'xingmux', ['', 'mp3']),
  container('gif', 'gif', null, ['gif', '']),
  container('png', 'png', null, ['png', '']),
  container('jpeg', 'jpg jpeg', null, ['mjpeg', '']),
];

/** The kind of file: by name, or by the ending of the path. */
export function containerOf(path: string, name: string | undefined): Container {
  const names = containers.map((each) => each.name);
  if (name !== undefined) {
    const found = containers.find((each) => each.name === name);
    if (found) return found;
    const near = typeof name === 'string' ? nearest(name, names) : null;
    throw outOfRange('options.container', near ? `one that is known; did you mean ${near}?` : names.join(', '), name);
  }
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const found = containers.find(({ endings }) => endings.includes(ending));
  if (found) return found;
  const known = containers.flatMap(({ endings }) => endings.map((each) => `.${each}`)).join(', ');
  throw outOfRange('path', `one that ends in ${known}, or \`options.container\` to be given`, path);
}

/** Throws where an element of the container is missing. */
export function needMuxer({ name, muxer, isSequence }: Container): void {
  const element = isSequence ? 'multifilesink' : muxer?.split(' ')[0];
  if (element === undefined || elementExists(element)) return;
  const source = packageOf(element);
  throw new UnavailableError(
    `${name} files need the element ${element}, which is not installed${source ? ` (on Debian and Ubuntu: apt install ${source})` : ''}`,
  );
}

/** Refuses a track that such files cannot have. */
export function expectTrack(container: Container, kind: 'video' | 'audio'): void {
  if (container[kind].length === 0)
    throw new TypeError(`expected no \`options.${kind}\`, as ${container.name} files have no ${kind}, got it`);
}

/** The codec of a track: the one that was asked for, else the first that can be encoded here. */
export function codecIn<Name extends VideoCodec | AudioCodec>(
  { name, others, ...taken }: Container,
  kind: 'video' | 'audio',
  asked: Name | undefined,
): Name {
  const usual = taken[kind] as readonly string[] as readonly Name[];
  if (asked === undefined) return usual.find((codec) => canEncode(codec)) ?? (usual[0] as Name);
  if (usual.includes(asked)) return asked;
  const ofKind = [...usual, ...others.filter((codec) => isOf(codec, kind))];
  if (ofKind.includes(asked)) return asked;
  const titles = ofKind.map((codec) => `'${codec}' (${titleOf(codec)})`).join(', ');
  throw outOfRange(`options.${kind}.codec`, `one that ${name} files take: ${titles}`, asked);
}

const audioCodecs: readonly string[] = ['aac', 'opus', 'vorbis', 'mp3', 'flac', 'alac', 'pcm'];
const isOf = (codec: string, kind: 'video' | 'audio'): boolean => audioCodecs.includes(codec) === (kind === 'audio');
