/** The port in GJS: everything through introspection; the collector drops references. */
import './polyfills.ts';
import type { Handle } from '../../generated/symbols.ts';
import type { Runtime } from '../port/index.ts';
import { actions } from './actions.ts';
import { blocking } from './blocking.ts';
import { descriptors } from './descriptors.ts';
import { diagnostics } from './diagnostics.ts';
import { fields } from './fields.ts';
import { loop } from './loop.ts';
import { mapping } from './mapping.ts';
import { c, lack } from './marshal.ts';
import { messages } from './messages.ts';
import { metas } from './metas.ts';
import { GLib, gi, gst, init } from './namespaces.ts';
import { passage } from './passage.ts';
import { proc } from './proc.ts';
import { properties } from './properties.ts';
import { references } from './references.ts';
import { sockets } from './sockets.ts';
import { streams } from './streams.ts';
import { threads } from './threads.ts';
import { wrappedBytes } from './wrapped-bytes.ts';
import { wrappers } from './wrappers.ts';

const machineMemory = proc.machineMemory();

export const runtime: Runtime = {
  name: 'gjs',
  c,
  gi,
  init,
  lack,
  newStruct: (name): Handle => (name === 'GPollFD' ? new GLib.PollFD() : new (gst()[name.slice(3)])()),
  environment: (name) => GLib.getenv(name),
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
  registry: null,
  streams,
  blocking,
  loop,
  sockets,
  threads,
  systemV: null,
  systemCalls: null,
};
