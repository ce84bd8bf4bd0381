import { allocationCounters, sitesOf } from '../facade.ts';

/** Facades that may keep a buffer out of its pool. */
const keepers = ['Buffer', 'Sample', 'Memory'];
/** Places that are named at most. */
const mostSites = 8;

/**
 * Why no buffer comes back to a pool.
 * @param others who may have buffers, besides facades of this program
 */
export function whyEmpty(
  count: number,
  others = 'elements: queues, appsinks, which keep the last one pulled until the next, sinks with `enable-last-sample`',
): string {
  const counters = allocationCounters();
  const live = keepers.filter((kind) => counters[kind]).map((kind) => `${counters[kind]} of the class ${kind}`);
  const out = `all ${count} are out, and each comes back when nothing refers to it any more.`;
  if (!live.length) return `${out} No facade of this program does; they may be with ${others}`;
  const facades =
    `${out} This program has facades that were not disposed, ${live.join(', ')}: dispose each after its last use ` +
    `(\`using buffer = …\`), also after a push. Others may be with ${others}`;
  const sites = sitesOf(keepers);
  if (!sites) return `${facades}. GST_ALLOCATORS_DEBUG=leaks shows where facades were made`;
  const places = [...sites].slice(0, mostSites).map(([site, times]) => `${times} × ${site}`);
  return `${facades}. They are\n${places.join('\n')}`;
}
