/**
 * The port: what the package needs of an engine. `src/runtime/node/` and `src/runtime/gjs/` implement it. The
 * `#runtime` condition chooses one at import, and no file outside this folder asks which one it is.
 *
 * One rule of ownership holds for everything here: **arguments are lent, results are owned.** The caller must `drop` a
 * `Handle` that a call returns, whatever the C function's transfer is; a `Handle` that is passed in still belongs to
 * the caller.
 *
 * One rule of state: **facts of the process are read from C**, each time, as another thread, another copy of the
 * package or a plugin may have changed them (the default allocator, registered types). A module variable belongs to one
 * realm: it may cache constants, or facts of its realm, and says which. Facts of the process that C does not keep are
 * in `process-notes.ts`.
 */

import type { Functions, Handle, StructName } from '../../generated/symbols.ts';
import type { Actions } from './actions.ts';
import type { Blocking } from './blocking.ts';
import type { Descriptors } from './descriptors.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Fields } from './fields.ts';
import type { Loop } from './loop.ts';
import type { MappingPort } from './mapping.ts';
import type { Messages } from './messages.ts';
import type { Metas } from './metas.ts';
import type { Passage } from './passage.ts';
import type { Properties } from './properties.ts';
import type { References } from './references.ts';
import type { Registry } from './registry.ts';
import type { Sockets } from './sockets.ts';
import type { Streams } from './streams.ts';
import type { SystemCalls, Threads } from './system-calls.ts';
import type { SystemV } from './system-v.ts';
import type { WrappedBytes } from './wrapped-bytes.ts';
import type { Wrappers } from './wrappers.ts';

export type { FieldName, Functions, Handle, StructName } from '../../generated/symbols.ts';
export type * from './actions.ts';
export type * from './blocking.ts';
export type * from './descriptors.ts';
export type * from './diagnostics.ts';
export type * from './fields.ts';
export type * from './files.ts';
export type * from './ipc.ts';
export type * from './loop.ts';
export type * from './mapping.ts';
export type * from './messages.ts';
export type * from './metas.ts';
export type * from './passage.ts';
export type * from './processes.ts';
export type * from './properties.ts';
export type * from './references.ts';
export type * from './registry.ts';
export type * from './sockets.ts';
export type * from './stream-sockets.ts';
export type * from './streams.ts';
export type * from './system-calls.ts';
export type * from './system-v.ts';
export type * from './watch.ts';
export type * from './wrapped-bytes.ts';
export type * from './wrappers.ts';

/** The raw namespaces as the engine's own bindings have them. */
export interface RawNamespaces {
  // biome-ignore lint/suspicious/noExplicitAny: the raw bindings are typed by the engine, not by us
  readonly [namespace: string]: any;
}

export interface Runtime {
  readonly name: 'node' | 'gjs';
  /** C functions by their symbol; the first use initialises GStreamer. A missing function throws `UnavailableError`. */
  readonly c: Functions;
  readonly gi: RawNamespaces;
  /** Initialises GStreamer; later calls do nothing. */
  init(argv?: readonly string[]): void;
  /** Why this C function cannot be called; null if it can. */
  lack(symbol: string): string | null;
  /** A zero-filled struct, which is never freed: for structs that are made once. */
  newStruct(name: StructName): Handle;
  /** A variable of the environment; null if it is not set. */
  environment(name: string): string | null;
  /**
   * Upper bound of bytes that can be allocated: memory of the machine, limit of the control group, address space of the
   * process. The package never requests more from GLib, which would abort.
   */
  readonly availableMemory: number;

  readonly diagnostics: Diagnostics;
  readonly fields: Fields;
  readonly references: References;
  readonly mapping: MappingPort;
  readonly descriptors: Descriptors;
  readonly wrappedBytes: WrappedBytes;
  readonly wrappers: Wrappers;
  readonly metas: Metas;
  readonly passage: Passage;
  readonly messages: Messages;
  readonly properties: Properties;
  readonly actions: Actions;
  /** Null if the engine cannot read it. */
  readonly registry: Registry | null;
  readonly streams: Streams;
  readonly blocking: Blocking;
  readonly loop: Loop;
  readonly sockets: Sockets;
  readonly threads: Threads;
  /** Null where the engine has no way to libc. */
  readonly systemV: SystemV | null;
  /** Null where the engine has no way to libc. */
  readonly systemCalls: SystemCalls | null;
}
