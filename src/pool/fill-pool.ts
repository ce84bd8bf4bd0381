import { runtime } from '#runtime';
import { PoolError } from '../errors.ts';
import { describe } from '../expect.ts';
import { bufferKind } from '../kinds.ts';
import { Buffer } from '../memory/buffer.ts';
import { BufferFlags } from '../memory/flags.ts';
import { another, OwnedList } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
import { dontWaitParams } from './pool-config.ts';

const { c, metas, references } = runtime;

const copyMetasAndMemory = 4 | 8;

/**
 * Puts what `make` gives into the `count` buffers of a started pool of plain C, which serves streaming threads by itself
 * from then on. Its own memory, never touched, is given up. The buffers that are made are disposed.
 * @throws PoolError when one of them cannot be used; the pool is to be stopped then
 */
export function fillPool(pool: Handle, size: number, count: number, make: () => Buffer): void {
  using kept = another(pool, 'object');
  const filled: Handle[] = [];
  try {
    while (filled.length < count) {
      const [flow, buffer] = c.gst_buffer_pool_acquire_buffer(kept.handle, dontWaitParams());
      if (!buffer)
        throw new PoolError('the pool could not take all its buffers: are some of before still out?', {
          detail: `flow ${flow}`,
        });
      filled.push(buffer);
      const made = ask(make);
      try {
        moveInto(buffer, made, size);
      } finally {
        made.dispose();
      }
    }
  } finally {
    new OwnedList(filled, 'mini').dispose();
    // Only now are they in the pool for everybody.
    references.collect();
  }
}

function ask(make: () => Buffer): Buffer {
  let made: unknown;
  try {
    made = make();
  } catch (cause) {
    throw new PoolError('a buffer for the pool could not be made', { cause, detail: messageOf(cause) });
  }
  if (made instanceof Buffer && !made.isDisposed) return made;
  const got = made instanceof Buffer ? 'one that is disposed' : describe(made);
  throw new PoolError(`expected a Buffer for the pool, got ${got}`);
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function moveInto(buffer: Handle, made: Buffer, size: number): void {
  const source = bufferKind.handleOf(made);
  if (!references.isWritable(source))
    throw new PoolError('expected a buffer of its own for the pool, got one that is shared');
  const [found, offset] = c.gst_buffer_get_sizes_range(source, 0, -1);
  if (found < size) throw new PoolError(`expected a buffer of ${size} bytes for the pool, got ${found}`);
  // Whenever a buffer comes back, the pool makes it begin where its first memory begins.
  if (offset !== 0) throw new PoolError(`expected a buffer whose memory begins at offset 0, got ${offset}`);
  using memories = new OwnedList(
    Array.from({ length: made.memoryCount }, (_, index) => c.gst_buffer_get_memory(source, index) as Handle),
    'mini',
  );
  // Metas that describe the memory are copied along with it alone; the memory itself is to be moved.
  c.gst_buffer_remove_memory_range(buffer, 0, -1);
  if (metas.list(source).length && c.gst_buffer_copy_into(buffer, source, copyMetasAndMemory, 0, -1)) {
    c.gst_buffer_remove_memory_range(buffer, 0, -1);
    metas.keepInPool(buffer);
  }
  c.gst_buffer_remove_memory_range(source, 0, -1);
  memories.handles.forEach((memory, index) => {
    c.gst_buffer_insert_memory(buffer, index, memory);
  });
  if (found > size) c.gst_buffer_resize(buffer, 0, size);
  // The pool throws away what somebody changed the memory of.
  c.gst_buffer_unset_flags(buffer, BufferFlags.TAG_MEMORY);
  if (!c.gst_buffer_is_all_memory_writable(buffer)) {
    throw new PoolError('expected a buffer with memory of its own for the pool, got memory that somebody else has');
  }
}
