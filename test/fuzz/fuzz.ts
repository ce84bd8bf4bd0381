/** What runs in the process that is to be broken: calls of a seed, or given ones, each written down before it is made. */
import { type Call, callsOf } from './call.ts';
import { targets } from './targets.ts';
import { World } from './world.ts';

export interface Plan {
  seed: number;
  count: number;
  /** Instead of those of the seed. */
  calls?: Call[];
}

export interface Reach {
  /** What there is to be called. */
  targets: string[];
  called: string[];
  /** What ended without an error at least once. */
  worked: string[];
  /** Whether something goes on, as it was told to, until the process ends. */
  waits: boolean;
}

export async function fuzz(
  { seed, count, calls = callsOf(seed, count) }: Plan,
  say: (line: string) => void,
): Promise<void> {
  const world = new World();
  const complain = (): void => {
    for (const verdict of world.complaints.splice(0))
      say(`bad ${JSON.stringify(`${verdict.target}: ${verdict.complaint}`)}`);
  };
  for (const [index, call] of calls.entries()) {
    const pinned = world.pin({ id: String(index), ...call });
    say(`call ${JSON.stringify(pinned)}`);
    await world.make(pinned);
    complain();
  }
  say('finish');
  await world.finish();
  complain();
  const reach: Reach = {
    targets: targets.map(({ name }) => name),
    called: [...world.called],
    worked: [...world.worked],
    waits: world.waits,
  };
  say(`end ${JSON.stringify(reach)}`);
}
