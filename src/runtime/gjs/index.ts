/** The port in GJS: everything through introspection, references given back by the collector. */
import './polyfills.ts';
import type { Handle } from '../../generated/symbols.ts';
import { addressSpaceLeft, addressSpaceLimit } from '../memory-limit.ts';
import type { Runtime } from '../port/index.ts';
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
import { properties } from './properties.ts';
import { references } from './references.ts';
import { sockets } from './sockets.ts';
import { streams } from './streams.ts';
import { threads } from './threads.ts';
import { wrappers } from './wrappers.ts';

const textOf = (path: string): string => {
  try {
    return new TextDecoder().decode(GLib.file_get_contents(path)[1]);
  } catch {
    return '';
  }
};

/** Of the machine, or of its control group where that has less. */
const machineMemory = Math.min(
  (Number(/^MemTotal:\s*(\d+)/m.exec(textOf('/proc/meminfo'))?.[1]) || Number.POSITIVE_INFINITY) * 1024,
  Number.parseInt(textOf('/sys/fs/cgroup/memory.max'), 10) || Number.POSITIVE_INFINITY,
);
const addressSpace = addressSpaceLimit(textOf('/proc/self/limits'));

export const runtime: Runtime = {
  name: 'gjs',
  c,
  gi,
  init,
  lack,
  newStruct: (name): Handle => (name === 'GPollFD' ? new GLib.PollFD() : new (gst()[name.slice(3)])()),
  environment: (name) => GLib.getenv(name),
  get availableMemory() {
    if (addressSpace === Number.POSITIVE_INFINITY) return machineMemory;
    return Math.min(machineMemory, addressSpaceLeft(addressSpace, textOf('/proc/self/status')));
  },
  diagnostics,
  fields,
  references,
  mapping,
  descriptors,
  wrappers,
  messages,
  metas,
  properties,
  registry: null,
  streams,
  blocking,
  loop,
  sockets,
  threads,
  systemV: null,
  systemCalls: null,
};
