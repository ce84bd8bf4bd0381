import { runtime } from '#runtime';
import type { Handle } from '../runtime/port/index.ts';

const dontWaitFlag = 2; // GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT

let dontWait: Handle | undefined;

/** Acquire parameters that say DONTWAIT; made once. */
export function dontWaitParams(): Handle {
  if (!dontWait) {
    dontWait = runtime.newStruct('GstBufferPoolAcquireParams');
    runtime.fields.setNumber(dontWait, 'GstBufferPoolAcquireParams.flags', dontWaitFlag);
  }
  return dontWait;
}
