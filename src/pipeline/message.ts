import { runtime } from '#runtime';
import { owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
import { messageFields } from './message-fields.ts';
import type { Message, MessageFields } from './message-types.ts';

export type { Message } from './message-types.ts';

const { c, fields, references } = runtime;

/** Bits of `GstMessageType` by their names in gst-launch's output. */
const types: readonly [number, string][] = [
  [0x1, 'eos'],
  [0x2, 'error'],
  [0x4, 'warning'],
  [0x8, 'info'],
  [0x10, 'tag'],
  [0x20, 'buffering'],
  [0x40, 'state-changed'],
  [0x80, 'state-dirty'],
  [0x100, 'step-done'],
  [0x200, 'clock-provide'],
  [0x400, 'clock-lost'],
  [0x800, 'new-clock'],
  [0x1000, 'structure-change'],
  [0x2000, 'stream-status'],
  [0x4000, 'application'],
  [0x8000, 'element'],
  [0x10000, 'segment-start'],
  [0x20000, 'segment-done'],
  [0x40000, 'duration-changed'],
  [0x80000, 'latency'],
  [0x100000, 'async-start'],
  [0x200000, 'async-done'],
  [0x400000, 'request-state'],
  [0x800000, 'step-start'],
  [0x1000000, 'qos'],
  [0x2000000, 'progress'],
  [0x4000000, 'toc'],
  [0x8000000, 'reset-time'],
  [0x10000000, 'stream-start'],
  [0x20000000, 'need-context'],
  [0x40000000, 'have-context'],
  // Extended types share their low bits with the plain ones: compare the whole number.
  [0x80000001, 'device-added'],
  [0x80000002, 'device-removed'],
  [0x80000003, 'property-notify'],
  [0x80000004, 'stream-collection'],
  [0x80000005, 'streams-selected'],
  [0x80000006, 'redirect'],
  [0x80000007, 'device-changed'],
  [0x80000008, 'instant-rate-request'],
  [0x80000009, 'device-monitor-started'],
];
const typeNames = new Map(types);

export const states = ['void-pending', 'null', 'ready', 'paused', 'playing'] as const;
export type State = (typeof states)[number];

/** An error, a warning or an info. */
interface Complaint {
  readonly source: string | null;
  readonly text?: string;
  readonly debug?: string | null;
}

/** The cause: the last line of the debug text, which begins with the place in GStreamer's source. */
export const detailOf = ({ debug }: Complaint): string | null => debug?.split('\n').at(-1) || null;

/** One line: the element, and its text. */
export const lineOf = ({ source, text }: Complaint): string =>
  `${source ? `${source}: ` : ''}${(text ?? 'no text').replace(/\.$/, '')}`;

/** Reads an owned message, then drops it. */
export function takeMessage(native: Handle, pipeline: Handle): Message {
  using message = owned(native, 'mini');
  using source = owned(fields.reference(native, 'GstMessage.src', 'object'), 'object');
  const number = fields.number(native, 'GstMessage.type') >>> 0;
  const type = typeNames.get(number) ?? `unknown-${number.toString(16)}`;
  const structure = c.gst_message_get_structure(native);
  const text = structure && c.gst_structure_to_string(structure);
  let parsed: MessageFields | undefined;
  return {
    type,
    source: source && c.gst_object_get_name(source.handle),
    fromPipeline: source !== null && references.identical(source.handle, pipeline),
    seqnum: fields.number(native, 'GstMessage.seqnum'),
    structure: text,
    name: structure && c.gst_structure_get_name(structure),
    get fields() {
      // Few programs read them, and parsing takes time.
      parsed ??= text === null ? {} : messageFields(text);
      return parsed;
    },
    ...details(type, message.handle),
  } as Message;
}

function details(type: string, native: Handle): object {
  if (type === 'error' || type === 'warning' || type === 'info') return runtime.messages.text(native, type);
  if (type !== 'state-changed') return {};
  const [oldState, newState, pendingState] = c.gst_message_parse_state_changed(native).map((state) => states[state]);
  return { oldState, newState, pendingState };
}
