import { runtime } from '#runtime';
import { isReadableCaps, isReadableStructure, isReadableValue } from '../caps/caps-syntax.ts';
import { textOf } from '../caps/structure.ts';
import { PipelineError } from '../errors.ts';
import { expectString, nearest, wrongType } from '../expect.ts';
import { Facade, type Internal, type Kind, lock } from '../facade.ts';
import { elementKind } from '../kinds.ts';
import { owned } from '../owned.ts';
import type { Handle, PropertyInfo } from '../runtime/port/index.ts';
import type { PropertyValue, ReadableName, SettableValue, SettableValues, WritableName } from './element-types.ts';
import { refusal } from './property-refusal.ts';

const { c, properties } = runtime;
const { handleOf } = elementKind;

/** Checks whether GStreamer can parse a text, by the type of the property. */
const readers = new Map<string, (text: string) => boolean>([
  ['GstCaps', isReadableCaps],
  ['GstStructure', isReadableStructure],
  ['gchararray', () => true],
]);

/**
 * An element of a pipeline (`GstElement`), with its properties by name. The compiler knows those of `Element<'videotestsrc'>`;
 * a plain `Element` accepts any name.
 */
export class Element<Factory extends string = string> extends Facade {
  #properties: Map<string, PropertyInfo> | null = null;

  /** @internal */
  constructor(key: Internal, handle: Handle, kind: Kind = elementKind) {
    super(key, handle, kind);
  }

  /** `gst_object_get_name`. */
  get name(): string {
    return c.gst_object_get_name(handleOf(this)) ?? '';
  }

  /** The name of the factory that made it (`gst_element_get_factory`), such as `videotestsrc`. */
  get factory(): string {
    using factory = owned(c.gst_element_get_factory(handleOf(this)), 'object');
    return (factory && c.gst_object_get_name(factory.handle)) ?? this.name;
  }

  /** Names of the element's properties on this machine: another version of GStreamer may have others. */
  get propertyNames(): string[] {
    return [...this.#known(handleOf(this)).keys()];
  }

  #known(handle: Handle): Map<string, PropertyInfo> {
    this.#properties ??= new Map(properties.list(handle).map((info) => [info.name, info]));
    return this.#properties;
  }

  #property(name: string): PropertyInfo {
    const known = this.#known(handleOf(this));
    // GObject's names have hyphens; camelCase and snake_case are accepted too.
    const hyphened = expectString('name', name)
      .replace(/_/g, '-')
      .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const found = known.get(name) ?? known.get(hyphened);
    if (found) return found;
    const near = nearest(hyphened, [...known.keys()]);
    throw new PipelineError(`${this.factory} has no property '${name}'${near ? `; did you mean '${near}'?` : ''}`);
  }

  /**
   * A property's value (`g_object_get_property`): numbers, booleans and strings as they are; enumerations, flags, caps,
   * fractions, arrays and structures in the text form of `gst-launch-1.0 -v`; objects raw.
   */
  get<Name extends string>(name: ReadableName<Factory, Name>): PropertyValue<Factory, Name> {
    handleOf(this);
    return this.read(name) as PropertyValue<Factory, Name>;
  }

  /** @internal Implements `get`. */
  protected read(name: string): unknown {
    const property = this.#property(name);
    if (!property.readable) throw new PipelineError(`'${property.name}' of ${this.factory} can be set only`);
    return properties.get(handleOf(this), property);
  }

  /**
   * Sets a property (`g_object_set_property`): to anything that `get` returns, to the text form of gst-launch, or to a
   * `Fraction`, a `Structure` or an array of values.
   */
  set<Name extends string>(name: WritableName<Factory, Name>, value: SettableValue<Factory, Name>): this;
  /** Sets several properties in the given order: if one is refused, those before it stay set. */
  set(values: SettableValues<Factory>): this;
  set(name: string | object, value?: unknown): this {
    // A subclass may override `write`.
    handleOf(this);
    if (typeof name === 'string') this.write(name, value);
    else this.#setAll(name);
    return this;
  }

  /** @internal Implements `set` for one property. */
  protected write(name: string, value: unknown): void {
    const property = this.#property(name);
    // GObject accepts these two for an element in a bin, but GStreamer ignores them.
    if (!property.writable || property.name === 'parent' || property.name === 'name')
      throw new PipelineError(`'${property.name}' of ${this.factory} can be read only`);
    const given = value instanceof Facade ? value.gi : textOf(property.name, property.type, value);
    const isReadable = typeof given !== 'string' || (readers.get(property.type) ?? isReadableValue)(given);
    if (typeof given === 'string') expectString(property.name, given);
    const handle = handleOf(this);
    if (!isReadable || !properties.set(handle, property, given))
      throw refusal(property, properties.details(handle, property), value);
  }

  #setAll(values: object): void {
    handleOf(this);
    if (values === null || typeof values !== 'object' || Array.isArray(values) || values instanceof Facade)
      throw wrongType('name', 'the name of a property, or an object of names and values', values);
    const entries = Object.entries(values);
    // All names are checked before anything is set.
    for (const [name] of entries) this.#property(name);
    for (const [name, value] of entries) this.write(name, value);
  }
}
lock(Element);
