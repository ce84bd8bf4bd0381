/** Which class of facades stands for an allocator that C gives. The registry imports none of them: they declare themselves. */
import { runtime } from '#runtime';
import type { Kind } from '../facade.ts';
import type { Handle } from '../runtime/port/index.ts';
import type { Allocator } from './allocator.ts';

type Make = (handle: Handle) => Allocator;

/** What a machine must have for an allocator. */
export interface Needs {
  /** The C function without which there is none, and the version of GStreamer that brought it. */
  readonly symbol: string;
  readonly since: string;
  /** A device, the first of several that is there, and what is missing where none is. */
  readonly devices?: readonly string[];
  readonly noDevice?: string;
}

interface Entry {
  readonly kind: Kind;
  readonly make: Make;
  readonly needs: Needs | null;
}

/** A kind comes before those that it extends, in whichever order modules are loaded. */
const entries: Entry[] = [];

/** Declares the facade of a C class. `features()` tells of those with needs. */
export function facadeFor(kind: Kind, make: Make, needs: Needs | null = null): void {
  const base = entries.findIndex((other) => kind.is(other.kind));
  entries.splice(base < 0 ? entries.length : base, 0, { kind, make, needs });
}

/** The allocators that are declared with needs: their class, and what it needs. */
export const allocatorNeeds = (): [string, Needs][] =>
  entries.flatMap(({ kind, needs }) => (needs ? [[kind.name, needs] as [string, Needs]] : []));

/** A facade for an owned handle, of the most derived class there is for it. */
export function allocatorFor(handle: Handle): Allocator {
  const found = entries.find(({ kind }) => runtime.wrappers.isA(handle, kind.rawType));
  return (found as Entry).make(handle);
}
