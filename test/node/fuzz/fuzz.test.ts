/**
 * Calls with hostile values, in random order: nothing that anybody can pass ends the process, hangs it, or comes back as
 * anything but an error that is promised. `GST_ALLOCATORS_SEED=5` is what a failure names; one seed is one process.
 * `GST_ALLOCATORS_CALLS=1000000` is a night's worth, together with a seed of calls that nobody has made yet.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from 'chai';
import { type Engine, engines } from '../child.ts';
import { run, type Session, shortest } from './session.ts';

const callsOfASeed = 2500;
const callsOfAll = 100_000;
const { GST_ALLOCATORS_CALLS, GST_ALLOCATORS_SEED } = process.env;
const calls = Number(GST_ALLOCATORS_CALLS ?? (GST_ALLOCATORS_SEED === undefined ? callsOfAll : callsOfASeed));
const seeds = Math.ceil(calls / callsOfASeed);
const firstSeed = Number(GST_ALLOCATORS_SEED ?? 1);
const timeToShrink = 60_000;
const processes = 2;

/** What no call can make work here, and why. */
const unreachable: readonly { what: RegExp; why: string; on?: Engine }[] = [
  {
    what: /^new (?!AllocationQuery$|Buffer$|FdAllocator$|DmaBufAllocator$|Fraction$|Structure$|TypedValue$|\w*Error$)/,
    why: 'is made by static functions and methods, or is to be extended',
  },
  { what: /^(DrmDumb|Udmabuf)Allocator[.#]|^drmDumbMemory|^dmaBuf\.from/, why: 'needs a device' },
  { what: /^physMemoryGetPhysAddr$/, why: 'no allocator here makes such memory' },
  { what: /#allocFdRange$/, why: 'needs GStreamer 1.28' },
  {
    what: /^(DmaBuf|Custom)Allocator#setDefault$|^DmaBufAllocator#alloc$/,
    why: 'it allocates only from fds, or in JavaScript',
  },
  {
    what: /^AppSink#proposeAllocation$|^Buffer#addVideoCrop$|^Memory#flags$/,
    why: 'is not to be had in GJS',
    on: 'gjs',
  },
  { what: /^ShmdataWriter[.#]|^probeShmdata$|^shmdataToAppSrc$/, why: "needs shmdata's plugin in GJS", on: 'gjs' },
];

async function explain(engine: Engine, seed: number, session: Session): Promise<string> {
  const file = join(tmpdir(), `gst-allocators-calls-${engine}-${seed}.json`);
  const few = await shortest(engine, session, timeToShrink);
  writeFileSync(file, JSON.stringify(few, null, 1));
  const last = few.slice(-5).map((call) => `\n  ${JSON.stringify(call).slice(0, 400)}`);
  return `GST_ALLOCATORS_SEED=${seed}, call ${session.calls.length}: ${session.failure}\n${few.length} calls do it (${file}), the last are${last.join('')}`;
}

for (const engine of seeds ? engines : []) {
  describe(`${seeds * callsOfASeed} hostile calls (${engine})`, function () {
    this.timeout(0);
    const never = new Set<string>();
    const untouched = new Set<string>();
    let isFirst = true;

    it('end in nothing but promised errors', async () => {
      const failures: string[] = [];
      let next = firstSeed;
      const work = async (): Promise<void> => {
        while (next < firstSeed + seeds && failures.length < 3) {
          const seed = next++;
          const session = await run(engine, { seed, count: callsOfASeed });
          if (session.failure !== null) failures.push(await explain(engine, seed, session));
          note(session);
        }
      };
      await Promise.all(Array.from({ length: processes }, work));
      assert.deepEqual(failures, []);
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

    it('reach every function, method, getter and setter, and make each of them work at least once', function () {
      // Fewer calls than that do not get everywhere.
      if (calls < callsOfAll) this.skip();
      assert.deepEqual([...untouched], []);
      const isReachable = (target: string): boolean =>
        !unreachable.some(({ what, on }) => what.test(target) && (on ?? engine) === engine);
      assert.deepEqual([...never].filter(isReachable).sort(), []);
    });
  });
}
