import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';
import { expectString, nearest, outOfRange, wrongType } from '../expect.ts';
import { Facade, type Internal, type Kind, kindOf, lend, lock } from '../facade.ts';
import { elementKind, padKind } from '../kinds.ts';
import { OwnedList, owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
import type {
  ActionArguments,
  ActionName,
  ActionResult,
  PropertyValue,
  ReadableName,
  SettableValue,
  SettableValues,
  WritableName,
} from './element-types.ts';
import { nativeValue, ObjectProperties } from './object-properties.ts';
import { type Pad, PadSet } from './pad.ts';

const { actions, c, references, wrappers } = runtime;
const { handleOf } = elementKind;

/** Directions (`GstPadDirection`) of the pads that selectors choose among: others would be a critical of GStreamer's. */
const selected: Readonly<Record<string, number>> = { 'output-selector': 1, 'input-selector': 2 };

/**
 * An element of a pipeline (`GstElement`), with its properties by name. The compiler knows those of `Element<'videotestsrc'>`;
 * a plain `Element` accepts any name.
 */
export class Element<Factory extends string = string> extends Facade {
  readonly #properties = new ObjectProperties(() => this.factory);
  #pads: PadSet | null = null;

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
    return this.#properties.names(handleOf(this));
  }

  /**
   * A property's value (`g_object_get_property`): numbers, booleans and strings as they are; enumerations, flags, caps,
   * fractions, arrays and structures in the text form of `gst-launch-1.0 -v`; pads as `Pad`; other objects raw.
   */
  get<Name extends string>(name: ReadableName<Factory, Name>): PropertyValue<Factory, Name> {
    handleOf(this);
    return this.read(name) as PropertyValue<Factory, Name>;
  }

  /** @internal Implements `get`. */
  protected read(name: string): unknown {
    const value = this.#properties.get(handleOf(this), name);
    const pad = typeof value === 'object' && wrappers.fromRaw(value, 'object', 'GstPad');
    return pad ? this.#padOf(pad) : value;
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
    const handle = handleOf(this);
    if (typeof name === 'string') this.write(name, value);
    else for (const [each, its] of this.#properties.entries(handle, name)) this.write(each, its);
    return this;
  }

  /** @internal Implements `set` for one property. */
  protected write(name: string, value: unknown): void {
    const handle = handleOf(this);
    const property = this.#properties.find(handle, name);
    if (property.type === 'GstPad' && property.writable && value !== null) this.#expectOwnPad(property.name, value);
    this.#properties.set(handle, name, value);
  }

  #expectOwnPad(name: string, value: unknown): void {
    lend(name, value, padKind, (pad) => {
      using parent = owned(c.gst_object_get_parent(pad), 'object');
      const direction = selected[this.factory] ?? c.gst_pad_get_direction(pad);
      if (parent && references.identical(parent.handle, handleOf(this)) && c.gst_pad_get_direction(pad) === direction)
        return;
      const whose = direction === 1 ? 'a source pad' : 'a sink pad';
      throw outOfRange(name, `${whose} of ${this.name}`, value);
    });
  }

  #padOf(handle: Handle): Pad {
    this.#pads ??= new PadSet();
    return this.#pads.of(handle);
  }

  /**
   * A pad that the element has now, by its name (`gst_element_get_static_pad`). The same object each time; it is disposed with
   * the element.
   * @throws PipelineError that names those it has
   */
  pad(name: string): Pad {
    const handle = handleOf(this);
    const found = c.gst_element_get_static_pad(handle, expectString('name', name));
    if (found) return this.#padOf(found);
    using pads = new OwnedList(wrappers.pads(handle), 'object');
    const names = pads.handles.map((pad) => c.gst_object_get_name(pad) ?? '');
    const near = nearest(name, names);
    const hint = near ? `did you mean '${near}'? There` : 'there';
    throw new PipelineError(`${this.name} has no pad '${name}'; ${hint} are ${names.join(', ') || 'none'}`);
  }

  /** The pads that the element has now (`gst_element_iterate_pads`): those of a demuxer come with the first data. */
  pads(): Pad[] {
    return wrappers.pads(handleOf(this)).map((pad) => this.#padOf(pad));
  }

  /**
   * Calls an action of the element, such as `split-now` of splitmuxsink: emits its action signal (`g_signal_emitv`) on the main
   * thread.
   * @param name of the action signal, as in gst-inspect-1.0
   * @param values its arguments: what `set` takes for a property of their types
   * @returns its result, in the forms that `get` has, but enumerations and flags as numbers; undefined for none
   * @throws PipelineError for a signal that is no action, with the actions that there are; TypeError or RangeError for other
   *   arguments than it takes. The actions of an appsink and an appsrc are methods
   */
  emit<Name extends string>(
    name: ActionName<Factory, Name>,
    ...values: ActionArguments<Factory, Name>
  ): ActionResult<Factory, Name>;
  emit(name: string, ...values: unknown[]): unknown {
    const handle = handleOf(this);
    expectString('name', name);
    if (kindOf(this) !== elementKind)
      throw new PipelineError(`the actions of an ${this.factory} are methods; '${name}' was not called`);
    const known = actions.list(handle);
    const action = known.find((each) => each.name === name);
    if (!action) throw this.#noAction(name, [...new Set(known.map((each) => each.name))]);
    const { takes } = action;
    if (values.length !== takes.length)
      throw new TypeError(
        `expected ${takes.length} arguments for '${name}' of ${this.factory} (${takes.join(', ') || 'none'}), got ${values.length}`,
      );
    const given = values.map((value, at) => {
      const type = takes[at] as string;
      const native = nativeValue(`values[${at}]`, type, value);
      if (native === undefined) throw wrongType(`values[${at}]`, `a value of type ${type}`, value);
      return native;
    });
    const answer = actions.emit(handle, action, given);
    if ('refused' in answer)
      throw wrongType(`values[${answer.refused}]`, `a value of type ${takes[answer.refused]}`, values[answer.refused]);
    return answer.result;
  }

  #noAction(name: string, names: string[]): PipelineError {
    const near = nearest(name, names);
    const hint = near ? `did you mean '${near}'? It has` : 'it has';
    return new PipelineError(`${this.factory} has no action '${name}'; ${hint} ${names.join(', ') || 'none'}`);
  }

  /** Drops the reference now, and those of the element's pads. Idempotent; afterwards everything else throws `DisposedError`. */
  override dispose(): void {
    super.dispose();
    this.#pads?.dispose();
  }
}
lock(Element);
