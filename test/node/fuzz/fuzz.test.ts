/**
 * Calls with hostile values, in random order: nothing that anybody can pass ends the process, hangs it, or comes back as
 * anything but an error that is promised. One seed is one process; `npm run soak -- fuzz` makes those of other seeds.
 */
import { assert } from 'chai';
import { goodCallsOf } from '../../fuzz/call.ts';
import { allocatorMakers, isThere } from '../../harness/allocator-makers.ts';
import { type Engine, engines } from '../child.ts';
import { callsOfASeed, tryEach } from './seeds.ts';
import { run, type Session } from './session.ts';

/** `soak` goes on from there. */
const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

/** What chance has not made work is tried that often on its own. */
const triesOfATarget = 100;

const lacking = Object.keys(allocatorMakers).filter((name) => !isThere(name));

/** What no call can make work here, and why. */
const unreachable: readonly { what: RegExp; why: string; on?: Engine }[] = [
  {
    what: /^new (?!AllocationQuery$|Buffer$|FdAllocator$|DmaBufAllocator$|Fraction$|Structure$|Segment$|Caps$|TypedValue$|\w*Error$)/,
    why: 'is made by static functions and methods, or is to be extended',
  },
  { what: /^drmDumbMemory|^dmaBuf\.from/, why: 'needs a device' },
  { what: new RegExp(`^(${lacking.join('|')})[.#]`), why: 'this machine has no such allocator' },
  { what: /^App(Sink|Src)#emit$/, why: 'their actions are methods' },
  { what: /^probe$/, why: 'needs a film' },
  { what: /^physMemoryGetPhysAddr$/, why: 'no allocator here makes such memory' },
  { what: /#allocFdRange$/, why: 'needs GStreamer 1.28' },
  {
    what: /^(DmaBuf|Custom)Allocator#setDefault$|^DmaBufAllocator#alloc$/,
    why: 'it allocates only from fds, or in JavaScript',
  },
  {
    what: /^AppSink#proposeAllocation$|^Buffer#(addVideoCrop|setCustomMeta|removeMeta)$|^Memory#flags$/,
    why: 'is not to be had in GJS',
    on: 'gjs',
  },
  { what: /^ShmdataWriter[.#]|^probeShmdata$|^shmdataToAppSrc$/, why: "needs shmdata's plugin in GJS", on: 'gjs' },
];

for (const engine of engines) {
  describe(`${seeds.length * callsOfASeed} hostile calls (${engine})`, function () {
    this.timeout(0);
    const never = new Set<string>();
    const untouched = new Set<string>();
    let isFirst = true;

    it('end in nothing but promised errors', async () => {
      assert.deepEqual(await tryEach(engine, seeds, { ended: note }), []);
    });

    function note({ reach }: Session): void {
      if (!reach) return;
      if (isFirst) {
        for (const target of reach.targets) {
          never.add(target);
          untouched.add(target);
        }
        isFirst = false;
      }
      for (const target of reach.called) untouched.delete(target);
      for (const target of reach.worked) never.delete(target);
    }

    it('reach every function, method, getter and setter, and make each of them work at least once', async () => {
      assert.deepEqual([...untouched], []);
      const isReachable = (target: string): boolean =>
        !unreachable.some(({ what, on }) => what.test(target) && (on ?? engine) === engine);
      const calls = goodCallsOf([...never].filter(isReachable), triesOfATarget);
      const session = await run(engine, { seed: 0, count: 0, calls });
      assert.isNull(session.failure);
      note(session);
      assert.deepEqual([...never].filter(isReachable).sort(), []);
    });
  });
}
