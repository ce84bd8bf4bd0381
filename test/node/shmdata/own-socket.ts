import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from 'chai';
import { ownFolder } from '../folder.ts';
import { endAll, interprocess, leftSince } from './peer.ts';

/**
 * A socket's path for the specs of a suite. After each all is ended, and no memory, semaphore or file may be left, but
 * the specs' own, whose names are `theirs`.
 */
export function ownSocket(theirs = /^$/): { folder: string; path: string; added: () => string[] } {
  let before = new Set<string>();
  beforeEach(() => {
    before = interprocess();
  });
  afterEach(async () => {
    await endAll();
    const left = readdirSync(folder).filter((name) => !theirs.test(name));
    assert.deepEqual(left, [], 'files are left');
    assert.deepEqual(await leftSince(before), [], 'memory or semaphores are left');
  });
  const folder = ownFolder();
  return { folder, path: join(folder, 'socket'), added: () => [...interprocess()].filter((name) => !before.has(name)) };
}
