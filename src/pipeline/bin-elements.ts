import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';
import { expectString, nearest } from '../expect.ts';
import { internal } from '../facade.ts';
import { elementKind } from '../kinds.ts';
import { OwnedList, owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
import { AppSink, isRead } from './app-sink.ts';
import { AppSrc } from './app-src.ts';
import { defaultToTime } from './app-src-format.ts';
import { Element } from './element.ts';
import type { Playback } from './playback.ts';

const { c, references, streams, wrappers } = runtime;
const { handleOf } = elementKind;

/** The facades of a bin's elements, by name: the same object each time. */
export class BinElements {
  readonly #playback: Playback;
  readonly #made = new Map<string, Element>();
  /** Follows "no element" in errors. */
  readonly #whose: string;

  constructor(playback: Playback, whose = '') {
    this.#playback = playback;
    this.#whose = whose;
  }

  /** The facade that was made for a name, which may be disposed. */
  made(name: string): Element | undefined {
    return this.#made.get(name);
  }

  /** All facades that were made. */
  get all(): Iterable<Element> {
    return this.#made.values();
  }

  /** @param find returns a reference to the element, which the facade takes over, or a facade that another bin has */
  get(name: string, find: () => Handle | Element): Element {
    const known = this.#made.get(expectString('name', name));
    if (known && !known.isDisposed) return known;
    const found = find();
    if (found instanceof Element) return found;
    const element = wrappers.isA(found, 'GstAppSink')
      ? new AppSink(internal, found, this.#playback)
      : wrappers.isA(found, 'GstAppSrc')
        ? new AppSrc(internal, found, this.#playback)
        : new Element(internal, found);
    this.#made.set(name, element);
    return element;
  }

  /** The facade of an element, whose reference it takes over: another one each where several have the same name. */
  of(element: Handle): Element {
    using given = owned(element, 'object');
    const name = c.gst_object_get_name(element) ?? '';
    let key = name;
    for (let count = 2; this.#hasOther(key, element); count++) key = `${name}\n${count}`;
    return this.get(key, () => given.take());
  }

  #hasOther(key: string, element: Handle): boolean {
    const known = this.#made.get(key);
    return known !== undefined && !known.isDisposed && !references.identical(handleOf(known), element);
  }

  /** The error for a name that no element of the bin has. */
  unknown(name: string, bin: Handle): PipelineError {
    const names = namesIn(bin);
    const near = nearest(name, names);
    const hint = near ? `did you mean '${near}'? There` : 'there';
    return new PipelineError(`no element${this.#whose} is named '${name}'; ${hint} are ${names.join(', ')}`);
  }

  /** Whether the program reads the appsink of that name. */
  reads(name: string): boolean {
    const element = this.#made.get(name);
    return element instanceof AppSink && isRead(element);
  }

  clear(): void {
    this.#made.clear();
  }
}

export function namesIn(bin: Handle): string[] {
  using elements = new OwnedList(wrappers.elements(bin), 'object');
  return elements.handles.map((element) => c.gst_object_get_name(element) ?? '');
}

export function expectAppSink(name: string, element: Element): AppSink {
  if (element instanceof AppSink) return element;
  throw new TypeError(`expected '${name}' to be an appsink, got ${element.factory}`);
}

export function expectAppSrc(name: string, element: Element): AppSrc {
  if (element instanceof AppSrc) return element;
  throw new TypeError(`expected '${name}' to be an appsrc, got ${element.factory}`);
}

/** Prepares the appsinks and appsrcs of a bin. */
export function prepareElements(bin: Handle, playback: Playback): { isFed: boolean; unixFdSinks: number } {
  let isFed = false;
  let unixFdSinks = 0;
  using elements = new OwnedList(wrappers.elements(bin), 'object');
  for (const element of elements.handles) {
    if (wrappers.isA(element, 'GstAppSrc')) {
      isFed = true;
      streams.prepareSource(element);
      defaultToTime(element);
    }
    if (wrappers.typeName(element) === 'GstUnixFdSink') unixFdSinks++;
    if (wrappers.isA(element, 'GstAppSink')) {
      streams.prepareSink(element);
      // The facade's constructor sets limits that must apply from the first frame on.
      new AppSink(internal, references.another(element, 'object'), playback).dispose();
    }
  }
  return { isFed, unixFdSinks };
}
