import { runtime } from '#runtime';
import type { Handle } from '../runtime/port/index.ts';
import type { AppSrc } from './app-src.ts';
import { lift } from './sink-limits.ts';
import { eosEvent, hasSeen } from './sticky-events.ts';

const { blocking, references, wrappers } = runtime;

const isAppSrc = (element: Handle): boolean => wrappers.isA(element, 'GstAppSrc');

/** Whether there is an appsrc inside, whose stream ends after what was pushed: the bin must not end it on its own. */
function holdsAppSrc(element: Handle): boolean {
  if (!wrappers.isA(element, 'GstBin')) return false;
  const inside = wrappers.elements(element);
  const found = inside.some(isAppSrc);
  for (const one of inside) references.drop(one, 'object', 0);
  return found;
}

type WithAppSrc = (source: Handle, use: (facade: AppSrc) => void) => void;

/** Ends the streams of all sources of a pipeline that plays: whether one of them took it. `withAppSrc` lends a facade. */
export async function endSources(pipeline: Handle, withAppSrc: WithAppSrc, bin = pipeline): Promise<boolean> {
  const ended = wrappers.ends(bin, 'sources').map(async (source) => {
    try {
      if (isAppSrc(source)) {
        withAppSrc(source, (facade) => facade.endOfStream());
        return true;
      }
      // Whoever is told twice may wait for the sinks, which have the end already and frames that nobody has read.
      if (hasSeen(source, 'src', eosEvent)) return true;
      return holdsAppSrc(source)
        ? await endSources(pipeline, withAppSrc, source)
        : await blocking.endStream(source, () => lift(pipeline));
    } finally {
      references.drop(source, 'object', 0);
    }
  });
  return (await Promise.all(ended)).includes(true);
}
