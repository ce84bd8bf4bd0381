/**
 * Every test must release what it took: our handles, file descriptors and GStreamer's objects. Root hooks of mocha, on
 * both engines.
 */
import { host } from '#host';
import { allocationCounters } from '../../src/index.ts';
import { liveObjects } from './live-objects.ts';

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

/**
 * The engine’s own: event loops, wake-ups, its random numbers, libuv’s spare fd for when there are no more, and libffi,
 * which maps parts of itself where closures are made.
 */
const isEnginesOwn = (link: string): boolean => /^anon_inode:|^\/dev\/(u?random|null)$|\/libffi\.so[.\d]*$/.test(link);

interface Leak {
  text: string;
  /** Whether it is still there; a handle that was counted always is. */
  isOpen(): boolean;
}

function difference(before: Holdings, after: Holdings): Leak[] {
  const found: Leak[] = [];
  for (const [kind, count] of Object.entries(after.handles)) {
    const more = count - (before.handles[kind] ?? 0);
    if (more > 0) found.push({ text: `${more} ${kind}`, isOpen: () => true });
  }
  for (const [fd, link] of after.fds) {
    if (before.fds.get(fd) !== link && !isEnginesOwn(link)) {
      found.push({ text: `fd ${fd} (${link})`, isOpen: () => holdings().fds.get(fd) === link });
    }
  }
  return found;
}

/** Checks before something counts as leaked: some is closed or finalized a little later. */
const looks = 12;

let before: Holdings;
const leaks: { title: string; left: Leak[] }[] = [];

/** Objects that were there before the tests, and the test after which each other one was first seen. */
let objectsBefore: Map<string, string>;
const origins = new Map<string, string>();

/** Raw wrappers keep released objects until they are collected: note the test now, report it at the end. */
function noteObjects(title: string): void {
  const objects = liveObjects();
  for (const address of origins.keys()) if (!objects.has(address)) origins.delete(address);
  for (const address of objects.keys()) if (!origins.has(address)) origins.set(address, title);
}

async function leftObjects(): Promise<string[]> {
  for (let look = 0; ; look++) {
    await host.collect();
    const left = [...liveObjects()].filter(([address, object]) => objectsBefore.get(address) !== object);
    if (!left.length || look === looks)
      return left.map(([address, object]) => `${origins.get(address) ?? 'no test'}: ${object}`);
  }
}

/** Milliseconds from one collection to the next, for a run in which nothing may hang on when the collector comes. */
const pause = Number(host.environment('GST_ALLOCATORS_COLLECT'));
let collecting: ReturnType<typeof setInterval> | undefined;

export const mochaHooks = {
  beforeAll(): void {
    if (pause > 0) collecting = setInterval(host.collectOnce, pause);
    objectsBefore = liveObjects();
  },

  beforeEach(): void {
    before = holdings();
  },

  // Collected and reported at the end: an error in here would end the run at the first leak.
  async afterEach(this: Mocha.Context): Promise<void> {
    this.timeout(60_000);
    let left = difference(before, holdings());
    for (let look = 0; left.length && look < looks; look++) {
      await host.collect();
      left = difference(before, holdings());
    }
    const title = this.currentTest?.fullTitle() ?? '';
    if (left.length) leaks.push({ title, left });
    noteObjects(title);
  },

  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(60_000);
    clearInterval(collecting);
    // By now libraries have closed what they open for a while, such as pipes to their helpers.
    const lines = leaks
      .map(({ title, left }) => ({ title, left: left.filter(({ isOpen }) => isOpen()) }))
      .filter(({ left }) => left.length)
      .map(({ title, left }) => `${title}: ${left.map(({ text }) => text).join(', ')}`);
    lines.push(...(await leftObjects()));
    if (lines.length) throw new Error(`tests leaked:\n${lines.join('\n')}`);
  },
};
