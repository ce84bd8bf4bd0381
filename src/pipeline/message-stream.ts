import { expectOptions } from '../expect.ts';
import { checkWait, type WaitOptions, type WaitReason, wait } from '../wait.ts';
import type { Bus } from './bus.ts';
import type { Message } from './message.ts';
import type { Playback } from './playback.ts';

const reason: WaitReason = { what: 'a message of the pipeline' };

/** How many messages may wait for each reader. */
const mostWaiting = 4096;

/** Removes the oldest message; errors and EOS only when there is nothing else. */
function dropOldest(queue: Message[]): void {
  const index = queue.findIndex(({ type }) => type !== 'error' && type !== 'eos');
  queue.splice(Math.max(index, 0), 1);
}

/** All messages of a pipeline from now on, until it stops or is disposed, or the signal aborts. */
export function messageStream(
  bus: Bus,
  playback: Playback,
  options?: Pick<WaitOptions, 'signal'>,
): AsyncIterableIterator<Message> {
  const checked = expectOptions('options', options, ['signal']);
  const queue: Message[] = [];
  const wakers = new Set<() => void>();
  const wake = (): void => {
    for (const waker of [...wakers]) waker();
  };
  let over = false;
  let isLoop = false;
  const unlisten = bus.listen((message) => {
    if (queue.length === mostWaiting) dropOldest(queue);
    queue.push(message);
    wake();
  });
  const unsubscribe = playback.subscribe(wake);
  let leave = (): void => {};
  const finish = (): IteratorResult<Message> => {
    over = true;
    leave();
    unlisten();
    unsubscribe();
    return { done: true, value: undefined };
  };
  // A stream from before the pipeline plays waits for that; messages from then on are read even after the end.
  const { number, isStopped } = playback;
  const isOver = (): boolean => bus.isDisposed || (playback.isOver && (!isStopped || playback.number !== number));
  return {
    async next() {
      if (!over && !isLoop) leave = playback.enterLoop();
      isLoop = true;
      for (;;) {
        const message = queue.shift();
        if (message) {
          playback.markHandled(message);
          return { done: false, value: message };
        }
        if (over || isOver()) return finish();
        try {
          await wait<void>(
            checkWait(checked, ['signal']),
            (resolve) => {
              wakers.add(resolve);
              return () => void wakers.delete(resolve);
            },
            reason,
          );
        } catch {
          return finish();
        }
      }
    },
    async return() {
      const done = finish();
      wake();
      return done;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
