import { Buffer, type BufferPoolOptions, CustomBufferPool, DmaBufAllocator } from '../../src/index.ts';
import { dmaBufSize, type Source, takeDmaBuf } from './sources.ts';

/** A pool of the dma-bufs of a source, at most as many as there are copies. */
export class Ring extends CustomBufferPool {
  readonly fds: number[] = [];
  readonly #source: Source;
  readonly #allocator = new DmaBufAllocator();

  constructor(source: Source, options: BufferPoolOptions) {
    super(options);
    this.#source = source;
  }

  allocateBuffer(): Buffer {
    const fd = takeDmaBuf(this.#source, this.fds.length);
    this.fds.push(fd);
    using memory = this.#allocator.allocDmaBuf(fd, dmaBufSize);
    return new Buffer().appendMemory(memory);
  }

  override dispose(): void {
    super.dispose();
    this.#allocator.dispose();
  }
}
