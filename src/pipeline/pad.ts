import { runtime } from '#runtime';
import { takeCaps } from '../caps/caps.ts';
import { Facade, type Internal, internal, lock } from '../facade.ts';
import { padKind } from '../kinds.ts';
import { owned } from '../owned.ts';
import type { Handle } from '../runtime/port/index.ts';
import { ObjectProperties } from './object-properties.ts';

const { c, references } = runtime;
const { handleOf } = padKind;

/** `GstPadDirection`. */
const sourceDirection = 1;

/** The pads that were reached from one element: the same facade for the same pad. */
export class PadSet {
  #made: Pad[] = [];

  /** Takes over the reference. */
  of(handle: Handle): Pad {
    using given = owned(handle, 'object');
    this.#made = this.#made.filter((pad) => !pad.isDisposed);
    const known = this.#made.find((pad) => references.identical(handleOf(pad), given.handle));
    if (known) return known;
    // Requested pads come and go.
    for (const pad of this.#made) if (pad.elementName === null) pad.dispose();
    const pad = new Pad(internal, given.take(), this);
    this.#made.push(pad);
    return pad;
  }

  dispose(): void {
    for (const pad of this.#made.splice(0)) pad.dispose();
  }
}

/**
 * A pad of an element (`GstPad`), with its properties by name, such as the `alpha` of a compositor's. From `element.pad()` and
 * `element.pads()`; disposed with that element, and once it is removed.
 */
export class Pad extends Facade {
  readonly #pads: PadSet;
  readonly #properties = new ObjectProperties(() => `the pad ${this.name}`);

  /** @internal */
  constructor(key: Internal, handle: Handle, pads: PadSet) {
    super(key, handle, padKind);
    this.#pads = pads;
  }

  /** `gst_object_get_name`. */
  get name(): string {
    return c.gst_object_get_name(handleOf(this)) ?? '';
  }

  /** Name of the element that the pad belongs to (`gst_object_get_parent`); null after it was removed. */
  get elementName(): string | null {
    using parent = owned(c.gst_object_get_parent(handleOf(this)), 'object');
    return parent && c.gst_object_get_name(parent.handle);
  }

  /** Whether data leaves the element (`'src'`) or enters it (`gst_pad_get_direction`). */
  get direction(): 'src' | 'sink' {
    return c.gst_pad_get_direction(handleOf(this)) === sourceDirection ? 'src' : 'sink';
  }

  /** Caps of the data that flows; null before the first caps (`gst_pad_get_current_caps`). */
  get caps(): string | null {
    return takeCaps(c.gst_pad_get_current_caps(handleOf(this)));
  }

  /** Whether it is linked to another pad (`gst_pad_is_linked`). */
  get isLinked(): boolean {
    return c.gst_pad_is_linked(handleOf(this));
  }

  /** The pad that it is linked to (`gst_pad_get_peer`); null for none. Disposed with the element that you began with. */
  get peer(): Pad | null {
    const peer = c.gst_pad_get_peer(handleOf(this));
    return peer && this.#pads.of(peer);
  }

  /** Names of the pad's properties. */
  get propertyNames(): string[] {
    return this.#properties.names(handleOf(this));
  }

  /** A property's value (`g_object_get_property`), in the forms that `Element.get` has. */
  get(name: string): unknown {
    return this.#properties.get(handleOf(this), name);
  }

  /** Sets a property (`g_object_set_property`), to what `Element.set` takes. */
  set(name: string, value: unknown): this;
  /** Sets several properties in the given order: if one is refused, those before it stay set. */
  set(values: Readonly<Record<string, unknown>>): this;
  set(name: string | object, value?: unknown): this {
    const handle = handleOf(this);
    if (typeof name === 'string') this.#properties.set(handle, name, value);
    else
      for (const [each, its] of this.#properties.entries(handle, name)) this.#properties.set(handleOf(this), each, its);
    return this;
  }
}
lock(Pad);
