/** Finds the facade class for a GStreamer allocator. The registry imports no such class: each registers itself. */
import { runtime } from '#runtime';
import type { Kind } from '../facade.ts';
import type { Handle } from '../runtime/port/index.ts';
import type { Allocator } from './allocator.ts';

type Make = (handle: Handle) => Allocator;

/** Requirements of an allocator. */
export interface Needs {
  /** The C function that the allocator needs, and the version of GStreamer that added it. */
  readonly symbol: string;
  readonly since: string;
  /** Devices, any of which suffices, and the words for their absence. */
  readonly devices?: readonly string[];
  readonly noDevice?: string;
}

interface Entry {
  readonly kind: Kind;
  readonly make: Make;
  readonly needs: Needs | null;
}

/** A kind precedes those that it extends, in whatever order modules are loaded. */
const entries: Entry[] = [];

/** Registers the facade of a GStreamer class. `features()` reports those with needs. */
export function facadeFor(kind: Kind, make: Make, needs: Needs | null = null): void {
  const base = entries.findIndex((other) => kind.is(other.kind));
  entries.splice(base < 0 ? entries.length : base, 0, { kind, make, needs });
}

/** The allocators that were registered with needs: their class, and its needs. */
export const allocatorNeeds = (): [string, Needs][] =>
  entries.flatMap(({ kind, needs }) => (needs ? [[kind.name, needs] as [string, Needs]] : []));

/** A facade for an owned handle, of the most derived class registered for it. */
export function allocatorFor(handle: Handle): Allocator {
  const found = entries.find(({ kind }) => runtime.wrappers.isA(handle, kind.rawType));
  return (found as Entry).make(handle);
}
