import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';
import { expectString, nearest } from '../expect.ts';
import { elementKind } from '../kinds.ts';
import { isReadableCaps, isReadableStructure, isReadableValue } from '../memory/caps-text.ts';
import { textOf } from '../memory/structure.ts';
import { type Internal, type Kind, lock, Native } from '../native.ts';
import type { Handle, PropertyInfo } from '../runtime/runtime.ts';
import { refusal } from './property-refusal.ts';

const { c, properties } = runtime;
const { handleOf } = elementKind;

/** What of a text GStreamer can be given, by the type that it is to become. */
const readers = new Map<string, (text: string) => boolean>([
  ['GstCaps', isReadableCaps],
  ['GstStructure', isReadableStructure],
  ['gchararray', () => true],
]);

/** An element of a pipeline (`GstElement`), its properties by name. */
export class Element extends Native {
  #properties: Map<string, PropertyInfo> | null = null;

  /** @internal */
  constructor(key: Internal, handle: Handle, kind: Kind = elementKind) {
    super(key, handle, kind);
  }

  /** `gst_object_get_name`. */
  get name(): string {
    return c.gst_object_get_name(handleOf(this)) ?? '';
  }

  /** Names of the properties it has. */
  get propertyNames(): string[] {
    return [...this.#known(handleOf(this)).keys()];
  }

  #known(handle: Handle): Map<string, PropertyInfo> {
    this.#properties ??= new Map(properties.list(handle).map((info) => [info.name, info]));
    return this.#properties;
  }

  #property(name: string): PropertyInfo {
    const known = this.#known(handleOf(this));
    // The names have hyphens in C; camelCase and snake_case are taken as well.
    const hyphened = expectString('name', name)
      .replace(/_/g, '-')
      .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const found = known.get(name) ?? known.get(hyphened);
    if (found) return found;
    const near = nearest(hyphened, [...known.keys()]);
    throw new PipelineError(
      `element ${this.name} has no property \`${name}\`${near ? `; did you mean \`${near}\`?` : ''}`,
    );
  }

  /**
   * A property's value (`g_object_get_property`): numbers, booleans and strings as they are; enumerations, flags, caps,
   * fractions, arrays and structures in the text form of `gst-launch-1.0 -v`; objects raw.
   */
  get(name: string): unknown {
    const property = this.#property(name);
    if (!property.readable) throw new PipelineError(`property \`${property.name}\` of ${this.name} can be set only`);
    return properties.get(handleOf(this), property);
  }

  /**
   * Sets a property (`g_object_set_property`): anything `get` gives, the text form gst-launch takes, or a `Fraction`, a
   * `Structure` or an array of values.
   */
  set(name: string, value: unknown): this {
    const property = this.#property(name);
    // GObject would take these two of an element in a bin, and GStreamer leaves them as they are.
    if (!property.writable || property.name === 'parent' || property.name === 'name')
      throw new PipelineError(`property \`${property.name}\` of ${this.name} can be read only`);
    const given = value instanceof Native ? value.gi : textOf(property.name, property.type, value);
    const isReadable = typeof given !== 'string' || (readers.get(property.type) ?? isReadableValue)(given);
    if (typeof given === 'string') expectString(property.name, given);
    const handle = handleOf(this);
    if (!isReadable || !properties.set(handle, property, given))
      throw refusal(property, properties.details(handle, property), value);
    return this;
  }
}
lock(Element);
