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
      const count = Math.round(counts[name] * part);
      it(`${name}: ${count} rounds leave memory, fds, threads and mappings flat`, async () => {
        const figures = await soak(name, engine, count);
        if (process.env.GST_ALLOCATORS_FIGURES) console.log(`      ${JSON.stringify(figures)}`);
        assert.deepEqual(figures.faults, []);
      });
    }
  });
}
