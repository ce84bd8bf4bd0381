/** Memory layout of a sample (`GstAudioFormatInfo`), derived from the format's name: `S24_32LE`, `F64BE`, `U8`. */
import { hostIsLittleEndian } from '../byte-order.ts';

export type AudioData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export interface AudioFormat {
  readonly name: string;
  readonly kind: 'signed' | 'unsigned' | 'float';
  /** Significant bits. */
  readonly bits: number;
  /** Bytes of one sample of one channel. */
  readonly sampleBytes: number;
  readonly isBigEndian: boolean;
  /** Elements of `data` that one sample takes: 1, or the bytes of a sample where no typed array fits. */
  readonly elements: number;
  /** The samples of these bytes: a typed array of their kind in this machine's byte order, else the bytes. */
  view(bytes: Uint8Array): AudioData;
  /** The sample at a byte, from −1 to 1. */
  read(view: DataView, at: number): number;
  /** The bytes of a sample of silence (`GstAudioFormatInfo.silence`). */
  readonly silence: Uint8Array;
}

const kinds = { S: 'signed', U: 'unsigned', F: 'float' } as const;
const views = {
  S1: Int8Array,
  U1: Uint8Array,
  S2: Int16Array,
  U2: Uint16Array,
  S4: Int32Array,
  U4: Uint32Array,
  F4: Float32Array,
  F8: Float64Array,
} as const;

/** @param sampleBytes from GStreamer; returns null for a name of another form */
export function audioFormat(name: string, sampleBytes: number): AudioFormat | null {
  const [, letter, digits, , order] = /^([SUF])(\d+)(_32)?(LE|BE)?$/.exec(name) ?? [];
  if (letter === undefined || digits === undefined) return null;
  const isBigEndian = order === 'BE';
  const isNative = sampleBytes === 1 || isBigEndian !== hostIsLittleEndian;
  const View = isNative ? views[`${letter}${sampleBytes}` as keyof typeof views] : undefined;
  const bits = Number(digits);
  const kind = kinds[letter as keyof typeof kinds];
  return {
    name,
    kind,
    bits,
    sampleBytes,
    isBigEndian,
    elements: View ? 1 : sampleBytes,
    view: (bytes) =>
      View ? new View(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / View.BYTES_PER_ELEMENT) : bytes,
    read:
      kind === 'float' ? floatReader(sampleBytes, isBigEndian) : integerReader(kind, bits, sampleBytes, isBigEndian),
    silence: silenceOf(kind, bits, sampleBytes, isBigEndian),
  };
}

/** Fills bytes with samples of silence. */
export function fillWithSilence(bytes: Uint8Array, { kind, silence }: AudioFormat): void {
  if (kind !== 'unsigned') bytes.fill(0);
  else for (let at = 0; at < bytes.length; at += silence.length) bytes.set(silence, at);
}

/** Unsigned samples of silence are half of their range. */
function silenceOf(kind: string, bits: number, bytes: number, isBigEndian: boolean): Uint8Array {
  const silence = new Uint8Array(bytes);
  const at = (bits - 1) >> 3;
  if (kind === 'unsigned') silence[isBigEndian ? bytes - 1 - at : at] = 1 << ((bits - 1) & 7);
  return silence;
}

function floatReader(bytes: number, isBigEndian: boolean): AudioFormat['read'] {
  return bytes === 8
    ? (view, at) => view.getFloat64(at, !isBigEndian)
    : (view, at) => view.getFloat32(at, !isBigEndian);
}

function integerReader(kind: string, bits: number, bytes: number, isBigEndian: boolean): AudioFormat['read'] {
  const half = 2 ** (bits - 1);
  const unused = 32 - bits;
  const word = wordReader(bytes, isBigEndian);
  // The bits of a word above the sample's bits have no meaning.
  if (kind === 'signed') return (view, at) => ((word(view, at) << unused) >> unused) / half;
  return (view, at) => (((word(view, at) << unused) >>> unused) - half) / half;
}

function wordReader(bytes: number, isBigEndian: boolean): AudioFormat['read'] {
  if (bytes === 1) return (view, at) => view.getUint8(at);
  if (bytes === 2) return (view, at) => view.getUint16(at, !isBigEndian);
  if (bytes === 4) return (view, at) => view.getUint32(at, !isBigEndian);
  const [low, high] = isBigEndian ? [2, 0] : [0, 2];
  return (view, at) => view.getUint8(at + low) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + high) << 16);
}
