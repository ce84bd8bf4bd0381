/** Has the kernel note each `DMA_BUF_IOCTL_SYNC`, for `sync.test.ts`: it takes root, and debugfs. */
import { writeFileSync } from 'node:fs';
import { tracing } from '../sync-trace.ts';

/** The flags are read from the caller's memory: the request's third argument points to them. */
const probe = 'p:gst_allocators/sync dma_buf_ioctl request=$arg2:x32 flags=+u0($arg3):x64';

export function traceSync(): void {
  try {
    writeFileSync(`${tracing}/kprobe_events`, `${probe}\n`, { flag: 'a' });
    writeFileSync(`${tracing}/events/gst_allocators/sync/enable`, '1');
    process.on('exit', () => {
      writeFileSync(`${tracing}/events/gst_allocators/sync/enable`, '0');
      writeFileSync(`${tracing}/kprobe_events`, '-:gst_allocators/sync\n', { flag: 'a' });
    });
  } catch (error) {
    console.log(`the kernel does not trace for this user (${(error as Error).message})`);
  }
}
