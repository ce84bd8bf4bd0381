/** Every test gives back what it took: handles of ours, and file descriptors. Root hooks of mocha, on both engines. */
import { host } from '#host';
import { allocationCounters } from '../../src/index.ts';

interface Holdings {
  handles: Record<string, number>;
  fds: Map<number, string>;
}

function holdings(): Holdings {
  return {
    handles: allocationCounters(),
    fds: new Map(host.openFds().map((fd) => [fd, host.linkOf(fd)])),
  };
}

/** The engine’s own: event loops, wake-ups, its random numbers, libuv’s spare fd for when there are no more. */
const isEnginesOwn = (link: string): boolean => /^anon_inode:|^\/dev\/(u?random|null)$/.test(link);

function difference(before: Holdings, after: Holdings): string[] {
  const found: string[] = [];
  for (const [kind, count] of Object.entries(after.handles)) {
    const more = count - (before.handles[kind] ?? 0);
    if (more > 0) found.push(`${more} ${kind}`);
  }
  for (const [fd, link] of after.fds) {
    if (before.fds.get(fd) !== link && !isEnginesOwn(link)) found.push(`fd ${fd} (${link})`);
  }
  return found;
}

/** What is closed or finalized a little later gets this many looks. */
const looks = 12;

let before: Holdings;
const leaks: string[] = [];

export const mochaHooks = {
  beforeEach(): void {
    before = holdings();
  },

  // Collected and reported at the end: an error in here would end the run at the first leak.
  async afterEach(this: Mocha.Context): Promise<void> {
    let left = difference(before, holdings());
    for (let look = 0; left.length && look < looks; look++) {
      await host.collect();
      left = difference(before, holdings());
    }
    if (left.length) leaks.push(`${this.currentTest?.fullTitle()}: ${left.join(', ')}`);
  },

  afterAll(): void {
    if (leaks.length) throw new Error(`${leaks.length} tests leaked:\n${leaks.join('\n')}`);
  },
};
