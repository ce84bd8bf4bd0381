/** The port on Node.js: mini-objects and objects by pointer through koffi, raw wrappers through node-gtk. */
import { totalmem } from 'node:os';
import { structs } from '../../generated/symbols.ts';
import type { Runtime } from '../port/index.ts';
import { actions } from './actions.ts';
import { blocking } from './blocking.ts';
import { descriptors } from './descriptors.ts';
import { diagnostics } from './diagnostics.ts';
import { lack } from './ffi.ts';
import { fields } from './fields.ts';
import { files } from './files.ts';
import { ipc } from './ipc.ts';
import koffi from './koffi.ts';
import { loop } from './loop.ts';
import { mapping } from './mapping.ts';
import { c, init, toHandle } from './marshal.ts';
import { messages } from './messages.ts';
import { metas } from './metas.ts';
import { gi } from './node-gtk.ts';
import { passage } from './passage.ts';
import { proc } from './proc.ts';
import { processes } from './processes.ts';
import { properties } from './properties.ts';
import { references } from './references.ts';
import { registry } from './registry.ts';
import { sockets } from './sockets.ts';
import { streamSockets } from './stream-sockets.ts';
import { streams } from './streams.ts';
import { systemCalls } from './system-calls.ts';
import { threads } from './threads.ts';
import { wrappedBytes } from './wrapped-bytes.ts';
import { wrappers } from './wrappers.ts';

/** Without a limit of a control group, `constrainedMemory` is 0 or larger than the memory. */
const machineMemory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

export const runtime: Runtime = {
  name: 'node',
  c,
  gi,
  init,
  lack,
  newStruct(name) {
    const pointer = koffi.alloc('uint8', structs[name]) as bigint;
    koffi.encode(pointer, 'uint8', new Uint8Array(structs[name]), structs[name]);
    return toHandle(Number(pointer));
  },
  environment: (name) => process.env[name] ?? null,
  get availableMemory() {
    return Math.min(machineMemory, proc.addressSpaceLeft());
  },
  diagnostics,
  fields,
  references,
  mapping,
  descriptors,
  wrappedBytes,
  wrappers,
  messages,
  metas,
  passage,
  properties,
  actions,
  registry,
  streams,
  blocking,
  loop,
  sockets,
  threads,
  systemV: { files, ipc, processes, streamSockets },
  systemCalls,
};
