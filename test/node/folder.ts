import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the specs of a suite: empty before each of them, gone after it. */
export function ownFolder(): string {
  const folder = join(tmpdir(), `gst-allocators-${randomUUID()}`);
  beforeEach(() => void mkdirSync(folder, { mode: 0o700 }));
  afterEach(() => rmSync(folder, { recursive: true }));
  return folder;
}
