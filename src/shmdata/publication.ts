/** The path of a writer with its memory and semaphores: published completely, or not at all. */
import { ShmdataError } from '../errors.ts';
import type { PathIdentity, StreamListener, StreamSocket, Watch } from '../runtime/port/index.ts';
import { FrameLock } from './frame-lock.ts';
import { isSame, keysOf, needSystemV } from './ipc-keys.ts';
import { OwnSegment } from './segment.ts';
import { clear, clearUnpublished, removeOrphans } from './stale-cleanup.ts';

const exists = -17; // −EEXIST
/** The most files that are made to find one whose keys are free. */
const mostFiles = 16;

export interface Publication {
  readonly segment: OwnSegment;
  readonly lock: FrameLock;
  /** Removes lock, memory and path, in order; then runs `farewell` and stops listening. Synchronous, idempotent. */
  withdraw(farewell: () => void): void;
}

interface Place {
  folder: string;
  name: string;
  /** Prefix of all temporary names that are used while the path is being published. */
  prefix: string;
}

/** The folder, name and prefix of a path. */
export function placeOf(path: string): Place {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  // FNV-1a: a short hash of the name.
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return { folder: slash < 0 ? '.' : path.slice(0, slash) || '/', name, prefix: `.${hash.toString(36)}-` };
}

let asides = 0;

function aside({ folder, prefix }: Place): string {
  return `${folder}/${prefix}${needSystemV().processes.id.toString(36)}-${(asides++).toString(36)}`;
}

/** Takes over the remains of dead writers. @throws ShmdataError where another writer lives, or nothing can be made */
export async function publish(
  path: string,
  options: { size: number; mode: number },
  accept: (socket: StreamSocket) => StreamListener,
): Promise<Publication> {
  const place = placeOf(path);
  await clearUnpublished(place.folder, (name) => name.startsWith(place.prefix));
  await clear(path, aside(place));
  /** Files whose keys another writer has; kept until the end, so that the next file is a different one. */
  const unlucky: (() => void)[] = [];
  try {
    while (unlucky.length < mostFiles) {
      const name = aside(place);
      const server = await listen(path, name, options.mode, accept);
      const discard = (): void => {
        server.close();
        needSystemV().files.unlink(name);
      };
      const made = make(name, options);
      if (made) return reveal(path, name, server, made);
      unlucky.push(discard);
    }
  } finally {
    for (const discard of unlucky) discard();
  }
  throw new ShmdataError(`no free keys were found for ${path}`);
}

async function listen(
  path: string,
  name: string,
  mode: number,
  accept: (socket: StreamSocket) => StreamListener,
): Promise<Watch> {
  try {
    return await needSystemV().streamSockets.listen(name, mode, accept);
  } catch (cause) {
    throw new ShmdataError(`${path} could not be opened`, { detail: (cause as Error).message, cause });
  }
}

interface Made {
  identity: PathIdentity;
  segment: OwnSegment;
  lock: FrameLock;
}

/** Null when another writer has the keys. */
function make(name: string, { size, mode }: { size: number; mode: number }): Made | null {
  const identity = needSystemV().files.identify(name, false);
  if (!identity) throw new ShmdataError(`${name} was removed while it was being opened`);
  const keys = keysOf(identity);
  const create = (): Made | number => {
    const segment = OwnSegment.create(keys.memory, mode, size);
    if (typeof segment === 'number') return segment;
    const lock = FrameLock.create(keys.semaphores, mode);
    if (typeof lock !== 'number') return { identity, segment, lock };
    segment.remove();
    return lock;
  };
  let made = create();
  if (made === exists && removeOrphans(identity)) made = create();
  if (made === exists) return null;
  if (typeof made !== 'number') return made;
  needSystemV().files.unlink(name);
  throw new ShmdataError(`shared memory of ${size} bytes could not be made`, { detail: `errno ${-made}` });
}

function reveal(path: string, name: string, server: Watch, { identity, segment, lock }: Made): Publication {
  const systemV = needSystemV();
  const linked = systemV.files.link(name, path);
  systemV.files.unlink(name);
  let isOpen = true;
  const withdraw = (farewell: () => void): void => {
    if (!isOpen) return;
    isOpen = false;
    unlisten();
    lock.remove();
    segment.remove();
    if (isSame(systemV.files.identify(path, false), identity)) systemV.files.unlink(path);
    farewell();
    server.close();
  };
  const unlisten = systemV.processes.atExit(() => withdraw(() => {}));
  if (linked === 0) return { segment, lock, withdraw };
  withdraw(() => {});
  if (linked === exists)
    throw new ShmdataError(`expected a free path, got ${path}, which somebody else has just taken`);
  throw new ShmdataError(`${path} could not be made`, { detail: `errno ${-linked}` });
}
