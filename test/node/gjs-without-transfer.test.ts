/** GJS 1.80 has no `ArrayBuffer.prototype.transfer`: taken away before anything is loaded, mappings end as they do with it. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert } from 'chai';

const specs = fileURLToPath(new URL('../../../gjs/test.js', import.meta.url));
/** Beside the others: programs of theirs are found from there. */
const path = `${specs}.without-transfer-${process.pid}.js`;
const without = `for (const name of ['transfer', 'transferToFixedLength']) delete ArrayBuffer.prototype[name];\n`;

describe('GJS without ArrayBuffer.prototype.transfer', function () {
  this.timeout(60_000);
  afterEach(() => rmSync(path, { force: true }));

  it('takes the bytes of a mapping away when it ends: all specs of mappings pass', () => {
    writeFileSync(path, without + readFileSync(specs, 'utf8'));
    const { status, stdout, stderr } = spawnSync('gjs', ['-m', path, '--grep', '^Mapping '], {
      encoding: 'utf8',
      env: { ...process.env, G_DEBUG: 'fatal-criticals' },
    });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' }, stdout);
    assert.isAtLeast(Number(/(\d+) passing/.exec(stdout)?.[1]), 40);
  });
});
