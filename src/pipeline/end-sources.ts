import { runtime } from '#runtime';
import { OwnedList, owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
import type { AppSrc } from './app-src.ts';
import { liftAll } from './sink-limits.ts';
import { eosEvent, hasSeen } from './sticky-events.ts';

const { blocking, wrappers } = runtime;

const isAppSrc = (element: Handle): boolean => wrappers.isA(element, 'GstAppSrc');

/** Whether there is an appsrc inside, whose stream ends after what was pushed: the bin must not end it on its own. */
function holdsAppSrc(element: Handle): boolean {
  if (!wrappers.isA(element, 'GstBin')) return false;
  using inside = new OwnedList(wrappers.elements(element), 'object');
  return inside.handles.some(isAppSrc);
}

type WithAppSrc = (source: Handle, use: (facade: AppSrc) => void) => void;

/** Ends the streams of all sources of a pipeline that plays: whether one of them took it. `withAppSrc` lends a facade. */
export async function endSources(pipeline: Handle, withAppSrc: WithAppSrc, bin = pipeline): Promise<boolean> {
  const ended = wrappers.ends(bin, 'sources').map(async (handle) => {
    using source = owned(handle, 'object');
    if (isAppSrc(handle)) {
      withAppSrc(handle, (facade) => facade.endOfStream());
      return true;
    }
    // A source that is sent the event twice may wait for sinks that have the end, and frames that nobody has read.
    if (hasSeen(handle, 'src', eosEvent)) return true;
    return holdsAppSrc(handle)
      ? await endSources(pipeline, withAppSrc, handle)
      : await blocking.endStream(source.handle, () => liftAll(pipeline));
  });
  return (await Promise.all(ended)).includes(true);
}
