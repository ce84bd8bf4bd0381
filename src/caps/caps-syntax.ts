/**
 * Checks text for GStreamer's parsers of caps and structures (`gst_caps_from_string`, `gst_structure_from_string`).
 * They reject invalid text, but for some errors also write to stderr, and the process ends if criticals are fatal. So
 * names, types and numbers are checked here first; the parsers detect all other errors.
 */
import { largestInt } from '../expect.ts';

/** Types that have a text form, by GStreamer's short names; enumerations and flags have the names of their GTypes. */
const shortType =
  /^(?:[iudfbs]|g?u?int(?:64)?|g?(?:float|double|boolean|bool)|str|string|gchararray|fraction|bitmask|flagset|list|array|date|datetime|structure|caps|buffer)$/;
/** Types that make GLib or GStreamer complain when they are parsed from text. */
const unreadType = /^(?:GInterface|GValueArray|Gst(?:TagList|CapsFeatures|Sample|Segment|\w*Range))$/;
const flagsType = /Flags$/;
const structureType = /^(?:structure|GstStructure)$/;
const capsType = /^(?:caps|GstCaps)$/;
const bufferType = /^(?:buffer|GstBuffer)$/;
const name = /\s*[A-Za-z][\w/.:+-]*\s*/y;
const features = /\(\s*(?:ANY|[A-Za-z]+:[A-Za-z0-9]+(?:\s*,\s*[A-Za-z]+:[A-Za-z0-9]+)*)\s*\)\s*/y;
const quoted = /"(?:\\.|[^"\\])*"/sy;
/** Deeper than any real nesting, and far below the limit of the C stack. */
const deepest = 32;

class Unreadable extends Error {}

export function isReadableCaps(text: string): boolean {
  return isRead(() => new Reader(text, 0).caps());
}

export function isReadableStructure(text: string): boolean {
  return isRead(() => new Reader(text, 0).whole());
}

/** A single value, as properties have. */
export function isReadableValue(text: string): boolean {
  return isRead(() => new Reader(text, 0).value('', 0));
}

function isRead(read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

class Reader {
  readonly #text: string;
  readonly #depth: number;
  #position = 0;

  constructor(text: string, depth: number) {
    if (depth > deepest) throw new Unreadable();
    this.#text = text;
    this.#depth = depth;
  }

  caps(): void {
    if (/^\s*(?:ANY|EMPTY|NONE)?\s*$/.test(this.#text)) return;
    do this.#structure();
    while (this.#take(/;\s*/y) && this.#position < this.#text.length);
  }

  /** One structure, and nothing after it. */
  whole(): void {
    this.#structure();
    this.#take(/;?\s*/y);
    if (this.#next()) throw new Unreadable();
  }

  #structure(): void {
    if (!this.#take(name)) throw new Unreadable();
    if (this.#next() === '(' && !this.#take(features)) throw new Unreadable();
    while (this.#take(/,\s*/y)) {
      if (!this.#take(/[^=;,]*=/y)) return;
      this.value('', 0);
    }
  }

  #next(): string {
    return this.#text[this.#position] ?? '';
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text);
    if (found) this.#position = pattern.lastIndex;
    return found?.[0] ?? null;
  }

  value(inherited: string, depth: number): void {
    if (depth > deepest) throw new Unreadable();
    this.#take(/\s*/y);
    const type =
      this.#take(/\([^)]*\)/y)
        ?.slice(1, -1)
        .trim() ?? inherited;
    if (type && !shortType.test(type) && (!/^[A-Z]\w*$/.test(type) || unreadType.test(type))) throw new Unreadable();
    this.#take(/\s*/y);
    const open = this.#next();
    if (open === '[') this.#brackets(type, depth);
    else if (open === '{' || open === '<') this.#items(type, open === '{' ? '}' : '>', depth);
    else this.#word(type);
    this.#take(/\s*/y);
  }

  #items(type: string, close: string, depth: number): void {
    this.#position++;
    this.#take(/\s*/y);
    while (this.#next() !== close) {
      if (!this.#next()) throw new Unreadable();
      this.value(type, depth + 1);
      if (!this.#take(/,\s*/y) && this.#next() !== close) throw new Unreadable();
    }
    this.#position++;
  }

  /** A range, or a nested structure or caps. */
  #brackets(type: string, depth: number): void {
    if (structureType.test(type) || capsType.test(type)) {
      const inside = this.#take(/\[(?:"(?:\\.|[^"\\])*"|[^"[\]])*\]/sy);
      if (inside === null) throw new Unreadable();
      this.#inner(type, inside.slice(1, -1));
      return;
    }
    const from = this.#position + 1;
    this.#items(type, ']', depth);
    const numbers = this.#text.slice(from, this.#position - 1).replace(/\([^)]*\)/g, '');
    const [start = 0, end = 0, step] = numbers.split(',').map(Number);
    // GStreamer asserts that both ends are multiples of the step.
    if (step !== undefined && !(step > 0 && start % step === 0 && end % step === 0)) throw new Unreadable();
  }

  #word(type: string): void {
    const text = this.#take(quoted);
    const word = text === null ? (this.#take(/[^\s,;<>{}[\]]*/y) ?? '') : text.slice(1, -1).replace(/\\(.)/gs, '$1');
    const fraction = /^(-?\d+)\s*\/(-?\d+)/.exec(word)?.slice(1).map(Number) ?? [];
    if (fraction.some((part) => Math.abs(part) > largestInt)) throw new Unreadable();
    if (bufferType.test(type) && !/^(?:[0-9A-Fa-f]{2})+$/.test(word)) throw new Unreadable();
    // Flag bits without a name could not be serialised again.
    if (flagsType.test(type) && /\d/.test(word)) throw new Unreadable();
    if (structureType.test(type) || capsType.test(type)) this.#inner(type, word);
  }

  #inner(type: string, text: string): void {
    const reader = new Reader(text, this.#depth + 1);
    if (capsType.test(type)) reader.caps();
    else reader.whole();
  }
}
