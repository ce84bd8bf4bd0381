import { runtime } from '#runtime';
import { OwnedList, owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
import { pause } from '../wait.ts';
import type { AppSrc } from './app-src.ts';
import { liftAll } from './sink-limits.ts';
import { eosEvent, hasSeen } from './sticky-events.ts';

const { blocking, wrappers } = runtime;

/** How often, at intervals of a millisecond, to look for the end of a source that has taken the event. */
const mostLooks = 10;

const isAppSrc = (element: Handle): boolean => wrappers.isA(element, 'GstAppSrc');

/** Whether the bin contains an appsrc, whose stream ends after its pushes: the bin must not end it earlier. */
function holdsAppSrc(element: Handle): boolean {
  if (!wrappers.isA(element, 'GstBin')) return false;
  using inside = new OwnedList(wrappers.elements(element), 'object');
  return inside.handles.some(isAppSrc);
}

/** Also waits until the source has acted on the event, unless something holds it up. */
async function endSource(pipeline: Handle, source: Handle): Promise<boolean> {
  const isTaken = await blocking.endStream(source, () => liftAll(pipeline));
  for (let look = 0; isTaken && look < mostLooks && !hasSeen(source, 'src', eosEvent); look++) await pause(1e6);
  return isTaken;
}

type WithAppSrc = (source: Handle, use: (facade: AppSrc) => void) => void;

/** Ends the streams of all sources of a playing pipeline; true if one took it. `withAppSrc` passes a facade to its callback. */
export async function endSources(pipeline: Handle, withAppSrc: WithAppSrc, bin = pipeline): Promise<boolean> {
  const ended = wrappers.ends(bin, 'sources').map(async (handle) => {
    using source = owned(handle, 'object');
    if (isAppSrc(handle)) {
      withAppSrc(handle, (facade) => facade.endOfStream());
      return true;
    }
    // A second EOS event may wait for sinks that have ended, and for frames that nobody has read.
    if (hasSeen(handle, 'src', eosEvent)) return true;
    return holdsAppSrc(handle)
      ? await endSources(pipeline, withAppSrc, handle)
      : await endSource(pipeline, source.handle);
  });
  return (await Promise.all(ended)).includes(true);
}
