/** Removes the remains of a dead writer: its socket file and, by that file's keys, its memory and semaphores. */
import { ShmdataError } from '../errors.ts';
import type { PathIdentity } from '../runtime/port/index.ts';
import { isSame, keysOf, needSystemV } from './ipc-keys.ts';
import { probe } from './probe.ts';

/** Milliseconds that a search of a folder may take. */
const longestSearch = 500;

/** Whether no live writer can have made the segment: a writer is always attached to its own. */
function isOrphan(id: number): boolean {
  const systemV = needSystemV();
  const status = systemV.ipc.segmentStatus(id);
  if (!status) return true;
  return status.attached === 0 || (status.creator > 0 && !systemV.processes.isAlive(status.creator));
}

/** Removes memory and semaphores of a dead writer's keys. False when a live writer with equal keys seems the owner. */
export function removeOrphans(identity: PathIdentity): boolean {
  const systemV = needSystemV();
  const keys = keysOf(identity);
  const segment = systemV.ipc.getSegment(keys.memory, 0, 0);
  if (segment >= 0 && !isOrphan(segment)) return false;
  // The set first, as when a writer leaves: readers that are blocked on it wake and find it gone.
  const set = systemV.ipc.getSet(keys.semaphores, 0);
  if (set >= 0) systemV.ipc.removeSet(set);
  if (segment >= 0) systemV.ipc.removeSegment(segment);
  return true;
}

/**
 * Frees a path that a dead writer left. `aside` is a free name in the same folder.
 * @throws ShmdataError where a writer lives, or something that is no socket is in the way
 */
export async function clear(path: string, aside: string): Promise<void> {
  const systemV = needSystemV();
  const found = systemV.files.identify(path, false);
  if (!found) return;
  if (!found.isSocket)
    throw new ShmdataError(`expected a free path, got ${path}, which is no socket; it is left alone`);
  const { state } = await probe(path);
  if (state === 'absent') return;
  if (state === 'live') throw new ShmdataError(`expected a free path, got ${path}, where another writer listens`);
  if (systemV.files.rename(path, aside) < 0) return;
  const moved = systemV.files.identify(aside, false);
  // Another writer may have just taken the path: then its socket is put back.
  if (moved && !isSame(moved, found)) systemV.files.link(aside, path);
  else removeOrphans(found);
  systemV.files.unlink(aside);
}

/** Whether no process listens at a socket of this package, whose writers need no reader of the whole greeting. */
async function isDead(path: string): Promise<boolean> {
  try {
    (await needSystemV().streamSockets.connect(path, { data() {}, closed() {} })).close();
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'ECONNREFUSED';
  }
}

/** Removes the remains of writers that died while opening. The time is limited: any user may create names there. */
export async function clearUnpublished(folder: string, isOurs: (name: string) => boolean): Promise<void> {
  const systemV = needSystemV();
  const end = performance.now() + longestSearch;
  for (const name of systemV.files.list(folder)) {
    if (!isOurs(name)) continue;
    if (performance.now() > end) return;
    const path = `${folder}/${name}`;
    const found = systemV.files.identify(path, false);
    if (!found?.isSocket) continue;
    if (!(await isDead(path))) continue;
    removeOrphans(found);
    systemV.files.unlink(path);
  }
}
