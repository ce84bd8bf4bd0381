/**
 * An ALLOCATION query takes the stream lock of each pad on its way. A streaming thread may hold such a lock until this
 * thread pulls, plays or pushes. So all of these locks are taken first, with a time limit, and only then the query is
 * made.
 */
import { fields, type Handle } from '../../generated/symbols.ts';
import { libcFunction, native } from './ffi.ts';
import koffi from './koffi.ts';
import { address } from './marshal.ts';
import { unrefObject } from './references.ts';
import { thread } from './thread-rules.ts';
import { objectsOf } from './wrappers.ts';

const taskStopped = 1; // GST_TASK_STOPPED

/** Seconds for all locks: more than the duration of a frame in a slow stream, for which a sink holds them. */
const longestWait = 0.5;
/**
 * No address is lower. If GLib implements a GRecMutex without pthreads, the word is at most a thread id, and lower than
 * this.
 */
const leastAddress = 2 ** 22;

const lockOf = (pad: number): number => pad + fields['GstPad.stream_rec_lock'][1];

/** `gst_pad_peer_query`; null if it would have to wait. */
export function peerQueryNow(pad: Handle, query: Handle): boolean | null {
  const locked: number[] = [];
  try {
    if (!lockWay(address(pad), locked, Date.now() / 1000 + longestWait)) return null;
    return native('gst_pad_peer_query')(address(pad), address(query)) !== 0;
  } finally {
    for (const sink of locked.reverse()) {
      native('g_rec_mutex_unlock')(lockOf(sink));
      unrefObject(sink);
    }
  }
}

/** `pthread_mutex_timedlock`: GLib has no timed lock for its GRecMutex, which points to a pthread mutex. */
function lockUntil(time: number, lock: number): boolean {
  if (native('g_rec_mutex_trylock')(lock)) return true;
  const mutex = Number(koffi.decode.uint64(lock));
  if (mutex < leastAddress) return false;
  const seconds = Math.floor(time);
  return timedLock(mutex, BigInt64Array.of(BigInt(seconds), BigInt(Math.floor((time - seconds) * 1e9)))) === 0;
}

const timedLock = libcFunction('int pthread_mutex_timedlock(uintptr mutex, void *time)');

/** Streaming threads wait while a lock is held. */
const mayLock = (pad: number): boolean => thread.mayHold || native('gst_pad_is_active')(pad) === 0;

/**
 * Locks all pads that data from a pad passes; false if that fails before `until`, or if another thread answers the
 * query.
 */
function lockWay(source: number, locked: number[], until: number): boolean {
  const sink = native('gst_pad_get_peer')(source) as number;
  if (!sink) return true;
  if (locked.includes(sink) || !mayLock(sink) || !lockUntil(until, lockOf(sink))) {
    unrefObject(sink);
    return locked.includes(sink);
  }
  locked.push(sink);
  const links = native('gst_pad_iterate_internal_links')(sink) as number;
  const next = links ? objectsOf(links).map(address) : [];
  try {
    // A queue passes the query to its own thread.
    return next.every((pad) => native('gst_pad_get_task_state')(pad) === taskStopped && lockWay(pad, locked, until));
  } finally {
    next.forEach(unrefObject);
  }
}
