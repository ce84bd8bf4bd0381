/** A slice of `npm run soak`: what a process takes of the system is at the end as it was after the first rounds. */
import { assert } from 'chai';
import { counts, type Name, soak } from '../soak/soak.ts';
import { engines } from './child.ts';

/** GST_ALLOCATORS_SOAK=1 is the whole of it. */
const part = Number(process.env.GST_ALLOCATORS_SOAK ?? 0.02);

for (const engine of engines) {
  describe(`Soak (${engine})`, function () {
    this.timeout(3_600_000);
    for (const name of Object.keys(counts) as Name[]) {
      // GJS gives frames back when its collector finds them: 8 at a time, as that is what a writer has.
      const count = Math.round(counts[name] * part * (engine === 'gjs' && name === 'reader' ? 0.2 : 1));
      it(`${name}: ${count} rounds leave memory, fds, threads and mappings flat`, async () => {
        const figures = await soak(name, engine, count);
        if (process.env.GST_ALLOCATORS_FIGURES) console.log(`      ${JSON.stringify(figures)}`);
        assert.deepEqual(figures.faults, []);
      });
    }
  });
}
