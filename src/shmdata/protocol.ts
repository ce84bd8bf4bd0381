/** The protocol of a shmdata socket: three messages, native structs of a 64-bit little-endian host, without framing. */
import { ShmdataError } from '../errors.ts';
import { expectString, outOfRange } from '../expect.ts';

export const greetingSize = 4112;
const updateSize = 16;
const quitSize = 2;
const typeOffset = 16;
const sizeOffset = 8;
/** Bytes of the greeting's type field; one of them is for the NUL. */
const typeFieldSize = 4096;

const greetingType = 0;
const updateType = 1;
const quitType = 2;

export type Message = { kind: 'greeting'; type: string } | { kind: 'update'; size: number } | { kind: 'quit' };

/** The most updates a writer may send before the first of them is read; a correct writer sends one. */
const mostWaiting = 16;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Whether a type has at most 4095 bytes of UTF-8. Other implementations overrun their memory with a longer one. */
export const fitsType = (type: string): boolean => bytesOf(type) < typeFieldSize;

export function expectType(name: string, type: unknown): string {
  const text = expectString(name, type as string);
  if (!fitsType(text)) throw outOfRange(name, `at most ${typeFieldSize - 1} bytes long`, bytesOf(text));
  return text;
}

/** @param size of the memory; a hint, which readers must not trust */
export function greeting(type: string, size: number): Uint8Array {
  const bytes = new Uint8Array(greetingSize);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, greetingType, true);
  view.setBigUint64(sizeOffset, BigInt(size), true);
  bytes.set(new TextEncoder().encode(type), typeOffset);
  return bytes;
}

const updateBytes = new Uint8Array(updateSize);
const updateView = new DataView(updateBytes.buffer);
updateView.setUint16(0, updateType, true);

/** The bytes are valid until the next call. */
export function update(size: number): Uint8Array {
  updateView.setUint32(sizeOffset, size % 2 ** 32, true);
  updateView.setUint32(sizeOffset + 4, Math.floor(size / 2 ** 32), true);
  return updateBytes;
}

export const quit: Uint8Array = Uint8Array.of(quitType, 0);

const none = new Uint8Array(0);

/** Splits the data of a writer into messages, whatever pieces it arrives in. */
export class MessageParser {
  #rest = none;
  #messages: Message[] = [];
  #isGreeted = false;
  #hasQuit = false;
  /** The greeting as received, for the acknowledgement. */
  #greeting: Uint8Array | null = null;

  /** The greeting as received; null before it is complete. */
  get greeting(): Uint8Array | null {
    return this.#greeting;
  }

  /** Returns how many updates are complete now. @throws ShmdataError for data that no writer sends */
  push(bytes: Uint8Array): number {
    let updates = 0;
    let rest = bytes;
    if (this.#rest.length) {
      rest = new Uint8Array(this.#rest.length + bytes.length);
      rest.set(this.#rest);
      rest.set(bytes, this.#rest.length);
    }
    while (!this.#hasQuit) {
      const size = this.#sizeOfNext(rest);
      if (rest.length < size) break;
      const message = this.#parse(rest.subarray(0, size));
      if (message.kind === 'update') updates++;
      this.#messages.push(message);
      if (this.#messages.length > mostWaiting) throw new ShmdataError('the writer does not wait for its readers');
      rest = rest.subarray(size);
    }
    this.#rest = this.#hasQuit || rest.length === 0 ? none : rest.slice();
    return updates;
  }

  next(): Message | null {
    return this.#messages.shift() ?? null;
  }

  #sizeOfNext(bytes: Uint8Array): number {
    if (bytes.length < quitSize) return quitSize;
    const type = (bytes[0] as number) + (bytes[1] as number) * 256;
    if (type === quitType) return quitSize;
    if (type === (this.#isGreeted ? updateType : greetingType)) return this.#isGreeted ? updateSize : greetingSize;
    throw new ShmdataError(
      `expected ${this.#isGreeted ? 'an update' : 'a greeting'} from the writer, got a message of type ${type}`,
    );
  }

  #parse(bytes: Uint8Array): Message {
    if (bytes.length === quitSize) {
      this.#hasQuit = true;
      return { kind: 'quit' };
    }
    if (this.#isGreeted) {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const size = view.getUint32(sizeOffset, true) + view.getUint32(sizeOffset + 4, true) * 2 ** 32;
      if (!Number.isSafeInteger(size)) throw new ShmdataError(`the writer announced a frame of ${size} bytes`);
      return { kind: 'update', size };
    }
    this.#isGreeted = true;
    this.#greeting = bytes.slice();
    const end = bytes.indexOf(0, typeOffset);
    if (end < 0) throw new ShmdataError("the writer's type does not end within its 4096 bytes");
    return { kind: 'greeting', type: new TextDecoder().decode(bytes.subarray(typeOffset, end)) };
  }
}
