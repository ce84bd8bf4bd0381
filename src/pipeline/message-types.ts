/** Messages and their fields, by type. */
import type { FieldValue } from '../caps/field-value.ts';
import type { State } from './message.ts';

/** Nanoseconds; null for `GST_CLOCK_TIME_NONE`. Beyond 2⁵³ a bigint. */
type Time = number | bigint | null;

/** The times of an event in the stream. */
interface Times {
  readonly timestamp: Time;
  readonly 'stream-time': Time;
  readonly 'running-time': Time;
}
interface Span extends Times {
  readonly duration: Time;
}

/** The fields of a message's structure as plain values. A value without a plain form is its text. */
export type MessageFields = Readonly<Record<string, MessageValue>>;
export type MessageValue = FieldValue | readonly MessageValue[] | { readonly [field: string]: MessageValue };

/**
 * The structures that elements post, by name. Those of other elements are delivered too, but have no types. Add them with
 * `declare module 'gst-allocators' { interface ElementMessages { 'my-event': { count: number } } }`.
 */
export interface ElementMessages {
  /** By `level`: values of each channel, in decibels. */
  level: Span & {
    readonly endtime: Time;
    readonly rms: readonly number[];
    readonly peak: readonly number[];
    readonly decay: readonly number[];
  };
  /** By `spectrum`: values of each band, in decibels and radians; with `multi-channel` an array for each channel. */
  spectrum: Span & {
    readonly endtime: Time;
    readonly magnitude?: readonly number[] | readonly (readonly number[])[];
    readonly phase?: readonly number[] | readonly (readonly number[])[];
  };
  /** By `cutter`: whether the audio is above the threshold. */
  cutter: Times & { readonly above: boolean };
  /** By `videoanalyse`. */
  GstVideoAnalyse: Span & { readonly 'luma-average': number; readonly 'luma-variance': number };
  /** By `zbar`. */
  barcode: Times & { readonly type: string; readonly symbol: string; readonly quality: number };
  /** By `multifilesink`, for each file. */
  GstMultiFileSink: Span & {
    readonly filename: string;
    readonly index: number;
    readonly offset: Time;
    readonly 'offset-end': Time;
  };
  /** By `splitmuxsink`. */
  'splitmuxsink-fragment-opened': Fragment;
  'splitmuxsink-fragment-closed': Fragment;
  /** By `progressreport`. */
  progress: {
    readonly percent?: number;
    readonly 'percent-double'?: number;
    readonly current: number | bigint;
    readonly total?: number | bigint;
  };
  /** By `udpsrc`: no packet has come for that long. */
  GstUDPSrcTimeout: { readonly timeout: Time };
  /** By an element that needs another one: `detail` is caps, a protocol or a factory. */
  'missing-plugin': { readonly type: string; readonly detail: string; readonly name: string };
  /** By `identity`. */
  'imperfect-timestamp': MessageFields & { readonly delta: number | bigint; readonly 'cur-timestamp': Time };
}

interface Fragment {
  readonly location: string | null;
  readonly 'running-time': Time;
  /** Since GStreamer 1.26. */
  readonly 'fragment-id'?: number;
}

/** The fields of GStreamer's own messages, where they have any that matter. */
interface FieldsByType {
  tag: { readonly taglist: MessageFields };
  buffering: {
    readonly 'buffer-percent': number;
    readonly 'buffering-mode': string;
    readonly 'avg-in-rate': number;
    readonly 'avg-out-rate': number;
    readonly 'buffering-left': number | bigint;
  };
  'stream-status': { readonly type: string; readonly owner: string };
  'async-done': { readonly 'running-time': Time };
  qos: Times & {
    readonly live: boolean;
    readonly duration: Time;
    readonly jitter: number | bigint;
    readonly proportion: number;
    readonly quality: number;
    readonly format: string;
    readonly processed: Time;
    readonly dropped: Time;
  };
  progress: {
    readonly type: string;
    readonly code: string;
    readonly text: string;
    readonly percent: number;
    readonly timeout: number;
  };
  'property-notify': { readonly 'property-name': string; readonly 'property-value'?: MessageValue };
  'stream-start': { readonly 'group-id'?: number };
}

type PlainType =
  | 'eos'
  | 'state-dirty'
  | 'step-done'
  | 'clock-provide'
  | 'clock-lost'
  | 'new-clock'
  | 'structure-change'
  | 'application'
  | 'segment-start'
  | 'segment-done'
  | 'duration-changed'
  | 'latency'
  | 'async-start'
  | 'request-state'
  | 'step-start'
  | 'toc'
  | 'reset-time'
  | 'need-context'
  | 'have-context'
  | 'device-added'
  | 'device-removed'
  | 'stream-collection'
  | 'streams-selected'
  | 'redirect'
  | 'device-changed'
  | 'instant-rate-request'
  | 'device-monitor-started'
  | `unknown-${string}`;

interface AnyMessage {
  /** Name of the element that posted it; null for none. */
  readonly source: string | null;
  /** Whether the pipeline itself posted it. */
  readonly fromPipeline: boolean;
  readonly seqnum: number;
  /** The message's structure as a string; null for none. */
  readonly structure: string | null;
  /** Name of the structure; null for none. */
  readonly name: string | null;
  /** The structure's fields as plain values: `{}` for none. */
  readonly fields: MessageFields;
  /** For `error`, `warning` and `info`: the text, and the element's debug text. */
  readonly text?: string;
  readonly debug?: string | null;
  /** For `state-changed`. */
  readonly oldState?: State;
  readonly newState?: State;
  readonly pendingState?: State;
}

interface Told extends AnyMessage {
  readonly type: 'error' | 'warning' | 'info';
  readonly text: string;
  readonly debug: string | null;
}

interface StateChanged extends AnyMessage {
  readonly type: 'state-changed';
  readonly oldState: State;
  readonly newState: State;
  readonly pendingState: State;
}

interface Plain extends AnyMessage {
  readonly type: PlainType;
}

type WithFields = {
  [Type in keyof FieldsByType]: Omit<AnyMessage, 'fields'> & {
    readonly type: Type;
    readonly fields: FieldsByType[Type];
  };
}[keyof FieldsByType];

type FromElement = {
  [Name in keyof ElementMessages]: Omit<AnyMessage, 'name' | 'fields'> & {
    readonly type: 'element';
    readonly name: Name;
    readonly fields: ElementMessages[Name];
  };
}[keyof ElementMessages];

/** A message of a pipeline (`GstMessage`), as plain data. Its `type` is what gst-launch prints: `eos`, `error` … */
export type Message = Told | StateChanged | WithFields | FromElement | Plain;
