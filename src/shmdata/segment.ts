/** The memory of a shmdata: byte 0 of the segment is byte 0 of the frame. */
import { ShmdataError } from '../errors.ts';
import type { RawMapping } from '../runtime/port/index.ts';
import { needSystemV } from './ipc-keys.ts';

const anyKey = 0; // IPC_PRIVATE
const create = 0o1000; // IPC_CREAT
const exclusive = 0o2000; // IPC_EXCL
/** Bytes; a writer that asked for more than any frame needs must not use it all at once. */
const mostPopulated = 2 ** 28;

const noRoom = (size: number, result: number): ShmdataError =>
  new ShmdataError(`shared memory of ${size} bytes could not be made`, { detail: `errno ${-result}` });

/** The writer's segment: grows, keeps its key and its mode. */
export class OwnSegment {
  readonly #key: number;
  readonly #mode: number;
  #id: number;
  #address: number;
  #capacity: number;

  private constructor(key: number, mode: number, id: number, address: number, capacity: number) {
    this.#key = key;
    this.#mode = mode;
    this.#id = id;
    this.#address = address;
    this.#capacity = capacity;
  }

  /** A new segment, or −errno. */
  static create(key: number, mode: number, size: number): OwnSegment | number {
    const systemV = needSystemV();
    const id = systemV.ipc.getSegment(key, size, create | exclusive | mode);
    if (id < 0) return id;
    const address = systemV.ipc.attachSegment(id);
    if (address > 0) return new OwnSegment(key, mode, id, address, size);
    systemV.ipc.removeSegment(id);
    return address;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Saves the first frame two thousand page faults for each 8 MiB. */
  populate(): Promise<void> {
    return needSystemV().ipc.populate(this.#address, Math.min(this.#capacity, mostPopulated));
  }

  /**
   * Makes room for a frame. Only inside the lock and before the frame is announced.
   * @param lost is called when the previous memory was given up in vain: readers of other implementations search for a
   *   new segment only when the frame size changes, and current ones would see its last frame forever
   */
  reserve(size: number, lost: () => void): void {
    if (size <= this.#capacity) return;
    this.#expectRoom(size);
    this.remove();
    const made = OwnSegment.create(this.#key, this.#mode, size);
    if (typeof made !== 'number') {
      this.#id = made.#id;
      this.#address = made.#address;
      this.#capacity = size;
      return;
    }
    // With the previous size, so that smaller frames can still be written.
    const again = OwnSegment.create(this.#key, this.#mode, this.#capacity);
    if (typeof again !== 'number') {
      this.#id = again.#id;
      this.#address = again.#address;
    } else this.#capacity = 0;
    lost();
    throw noRoom(size, made);
  }

  /** Tests whether the size is available while readers keep the old segment: a key cannot have two segments. */
  #expectRoom(size: number): void {
    const systemV = needSystemV();
    if ((systemV.ipc.segmentStatus(this.#id)?.attached ?? 0) <= 1) return;
    const trial = systemV.ipc.getSegment(anyKey, size, create);
    if (trial < 0) throw noRoom(size, trial);
    systemV.ipc.removeSegment(trial);
  }

  copy(bytes: Uint8Array, offset: number): void {
    if (bytes.length) needSystemV().ipc.copy(bytes, this.#address + offset);
  }

  /** The first `size` bytes; if they are a copy, they are written back at release. */
  open(size: number): RawMapping {
    const address = this.#address;
    const { bytes, zeroCopy, release } = needSystemV().ipc.view(address, size);
    return {
      bytes,
      zeroCopy,
      release() {
        if (!zeroCopy) needSystemV().ipc.copy(bytes, address);
        release();
      },
    };
  }

  /** Removes the segment; readers that have it attached keep it. Idempotent. */
  remove(): void {
    if (!this.#address) return;
    needSystemV().ipc.detachSegment(this.#address);
    needSystemV().ipc.removeSegment(this.#id);
    this.#address = 0;
  }
}

/** A reader's segment: follows the writer's as that grows. */
export class ForeignSegment {
  readonly #key: number;
  #id = -1;
  #address = 0;
  #capacity = 0;

  constructor(key: number) {
    this.#key = key;
  }

  /** Attaches the segment that the key names now; false when there is none, or this user may not access it. */
  refresh(): boolean {
    const systemV = needSystemV();
    const id = systemV.ipc.getSegment(this.#key, 0, 0);
    if (id < 0) return false;
    if (id === this.#id && this.#address) return true;
    const address = systemV.ipc.attachSegment(id);
    if (address <= 0) return false;
    this.detach();
    this.#id = id;
    this.#address = address;
    // The size comes from the kernel; the writer's is not to be trusted.
    this.#capacity = systemV.ipc.segmentStatus(id)?.size ?? 0;
    return true;
  }

  get capacity(): number {
    return this.#capacity;
  }

  view(size: number): RawMapping {
    return needSystemV().ipc.view(this.#address, size);
  }

  detach(): void {
    if (this.#address) needSystemV().ipc.detachSegment(this.#address);
    this.#address = 0;
  }
}
