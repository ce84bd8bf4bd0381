/** A writer that comes and goes so fast that it is gone again when a reader connects. */
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { assert } from 'chai';
import { grayCaps } from '../harness/caps.ts';
import { engines, inChild } from './child.ts';
import { ownFolder } from './folder.ts';

const caps = grayCaps(64, 64);
/** Milliseconds; `GST_ALLOCATORS_KILLS=200` for a long run. */
const duration = 400 * Number(process.env.GST_ALLOCATORS_KILLS ?? 5);
const relays = (): string[] => readdirSync('/dev/shm').filter((name) => name.startsWith('gst-allocators-relay-'));

/** Listens at a path, a millisecond at a time. */
function flickering(path: string): { stop(): void } {
  let isStopped = false;
  const again = (): void => {
    if (isStopped) return;
    const server = createServer((socket) => void socket.on('error', () => {}).destroy());
    server.on('error', () => setTimeout(again, 1));
    server.listen(path, () => setTimeout(() => server.close(() => setTimeout(again, 1)), 1));
  };
  again();
  return {
    stop() {
      isStopped = true;
    },
  };
}

for (const engine of engines) {
  describe(`A FrameReader over shm, of a writer that flickers (${engine})`, function () {
    this.timeout(60_000 + duration);
    const folder = ownFolder();

    it('causes no CRITICAL of GStreamer, and reads from a writer that stays', async () => {
      const path = join(folder, 'flickers');
      const before = relays();
      const writer = flickering(path);
      const { code, signal, value, stderr } = await inChild(
        engine,
        async (gst, { sleep, exists, tell }, { path, caps, duration }) => {
          const abort = new AbortController();
          let frames = 0;
          const reader = gst.FrameReader.follow(path, { transport: 'shm', caps, signal: abort.signal });
          const reading = (async () => {
            for await (const sample of reader) {
              sample.dispose();
              frames++;
            }
          })();
          await sleep(duration);
          tell({ flickered: true });
          while (!exists(`${path}.stopped`)) await sleep(10);
          await sleep(50);
          const steady = await gst.FrameWriter.open(path, { caps, transport: 'shm' });
          for (let round = 0; round < 500 && frames < 5; round++) {
            await steady.write(new Uint8Array(4096), { timeout: 2e9 });
            await sleep(10);
          }
          abort.abort();
          await reading;
          await steady.close();
          return frames >= 5;
        },
        {
          argument: { path, caps, duration },
          limit: 50_000 + duration,
          heard() {
            writer.stop();
            setTimeout(() => writeFileSync(`${path}.stopped`, ''), 100);
          },
        },
      );
      writer.stop();
      assert.deepEqual({ code, signal, value, stderr }, { code: 0, signal: null, value: true, stderr: '' });
      assert.deepEqual(relays(), before);
    });
  });
}
