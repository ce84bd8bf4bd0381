import { runtime } from '#runtime';
import { isReadableCaps, isReadableStructure, isReadableValue } from '../caps/caps-syntax.ts';
import { textOf } from '../caps/structure.ts';
import { PipelineError } from '../errors.ts';
import { expectString, nearest, wrongType } from '../expect.ts';
import { Facade } from '../facade.ts';
import type { Handle, PropertyInfo } from '../runtime/port/index.ts';
import { refusal } from './property-refusal.ts';

const { properties } = runtime;

/** Checks whether GStreamer can parse a text, by the type of the value. */
const readers = new Map<string, (text: string) => boolean>([
  ['GstCaps', isReadableCaps],
  ['GstStructure', isReadableStructure],
  ['gchararray', () => true],
]);

/** What the engine takes for a value: raw objects, and texts. Undefined for a text that GStreamer cannot parse. */
export function nativeValue(name: string, type: string, value: unknown): unknown {
  if (value instanceof Facade) return value.gi;
  const given = textOf(name, type, value);
  if (typeof given !== 'string') return given;
  const isReadable = (readers.get(type) ?? isReadableValue)(given);
  expectString(name, given);
  return isReadable ? given : undefined;
}

/** The properties of one object, by name. */
export class ObjectProperties {
  readonly #whose: () => string;
  #known: Map<string, PropertyInfo> | null = null;

  /** @param whose names the object in errors */
  constructor(whose: () => string) {
    this.#whose = whose;
  }

  names(handle: Handle): string[] {
    return [...this.#all(handle).keys()];
  }

  #all(handle: Handle): Map<string, PropertyInfo> {
    this.#known ??= new Map(properties.list(handle).map((info) => [info.name, info]));
    return this.#known;
  }

  find(handle: Handle, name: string): PropertyInfo {
    const known = this.#all(handle);
    // GObject's names have hyphens; camelCase and snake_case are accepted too.
    const hyphened = expectString('name', name)
      .replace(/_/g, '-')
      .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const found = known.get(name) ?? known.get(hyphened);
    if (found) return found;
    const near = nearest(hyphened, [...known.keys()]);
    throw new PipelineError(`${this.#whose()} has no property '${name}'${near ? `; did you mean '${near}'?` : ''}`);
  }

  get(handle: Handle, name: string): unknown {
    const property = this.find(handle, name);
    if (!property.readable) throw new PipelineError(`'${property.name}' of ${this.#whose()} can be set only`);
    return properties.get(handle, property);
  }

  set(handle: Handle, name: string, value: unknown): void {
    const property = this.find(handle, name);
    // GObject accepts these two, but GStreamer ignores them, or refuses them where only its log says so.
    if (!property.writable || property.name === 'parent' || property.name === 'name')
      throw new PipelineError(`'${property.name}' of ${this.#whose()} can be read only`);
    const given = nativeValue(property.name, property.type, value);
    if (given === undefined || !properties.set(handle, property, given))
      throw refusal(property, properties.details(handle, property), value);
  }

  /** The names and values of an object, each name checked before anything is set. */
  entries(handle: Handle, values: unknown): [string, unknown][] {
    if (values === null || typeof values !== 'object' || Array.isArray(values) || values instanceof Facade)
      throw wrongType('name', 'the name of a property, or an object of names and values', values);
    const entries = Object.entries(values);
    for (const [name] of entries) this.find(handle, name);
    return entries;
  }
}
