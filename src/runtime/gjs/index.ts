/** The port in GJS: everything through introspection, references given back by the collector. */
import './ground.ts';
import type { Runtime } from '../runtime.ts';
import type { Handle } from '../symbols.ts';
import { descriptors } from './descriptors.ts';
import { fields } from './fields.ts';
import { c, has } from './functions.ts';
import { mapping } from './mapping.ts';
import { messages } from './messages.ts';
import { metas } from './metas.ts';
import { GLib, gi, gst, init } from './namespaces.ts';
import { properties } from './properties.ts';
import { references } from './references.ts';
import { sockets } from './sockets.ts';
import { threads } from './threads.ts';
import { waiting } from './waiting.ts';
import { wrappers } from './wrappers.ts';

function physicalMemory(): number {
  const [, contents] = GLib.file_get_contents('/proc/meminfo');
  const kibibytes = /^MemTotal:\s*(\d+)/m.exec(new TextDecoder().decode(contents))?.[1];
  return kibibytes === undefined ? Number.MAX_SAFE_INTEGER : Number(kibibytes) * 1024;
}

export const runtime: Runtime = {
  name: 'gjs',
  c,
  gi,
  init,
  has,
  newStruct: (name): Handle => (name === 'GPollFD' ? new GLib.PollFD() : new (gst()[name.slice(3)])()),
  freeStruct() {},
  environment: (name) => GLib.getenv(name),
  physicalMemory: physicalMemory(),
  fields,
  references,
  mapping,
  descriptors,
  wrappers,
  messages,
  metas,
  properties,
  waiting,
  sockets,
  threads,
  systemV: null,
  systemCalls: null,
};
