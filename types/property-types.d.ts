/**
 * The kinds of properties that `ElementTypes` is made of. Each says what `get` gives, what `set` takes and what may stand
 * in a description. A property that you add by hand can have a plain type as well: `{ strength: number }`.
 */

declare const property: unique symbol;

/** `Text` is what a description may have: `'any'`, `'boolean'`, `'number'`, `'whole'`, the nicks, `{ flags }`, or never. */
export interface Property<Get, Set = Get, Text = 'any'> {
  readonly [property]: { readonly get: Get; readonly set: Set; readonly text: Text };
}

export type Bool = Property<boolean, boolean | 'true' | 'false', 'boolean'>;
/** `gint`, `guint`. */
export type Integer = Property<number, number | bigint | `${number}`, 'whole'>;
/** 64 bits: a bigint where a number cannot hold the value. */
export type LargeInteger = Property<number | bigint, number | bigint | `${number}`, 'whole'>;
export type Double = Property<number, number | `${number}`, 'number'>;
export type Text = Property<string | null>;
/** By nick, or by number. */
export type Enumeration<Nicks extends readonly string[]> = Property<
  Nicks[number],
  Nicks[number] | number | `${number}`,
  Nicks
>;
/** Nicks with `+` between them, or a number. */
export type Flags<Nicks extends readonly string[]> = Property<
  string,
  Nicks[number] | `${Nicks[number]}+${string}` | number | `${number}`,
  { flags: Nicks }
>;
/** In the text form of gst-launch; or raw. */
export type Caps = Property<string | null, string | object | null>;
export type Fraction = Property<
  string,
  `${number}/${number}` | `${number}` | { readonly numerator: number; readonly denominator: number }
>;
export type Structure = Property<string | null, string | object | null>;
/** `<1, 2>`, or an array. */
export type List = Property<string, string | readonly unknown[]>;
/** A raw GObject of that GType, or null. */
export type ObjectOf<_Type extends string> = Property<object | null>;
/** A raw boxed value of that GType, or its text. */
export type BoxedOf<_Type extends string> = Property<object | string | null>;
/** What has neither a text form nor a wrapper. */
export type Opaque = Property<unknown>;

export type ReadOnly<P> = P extends Property<infer Get, infer _, infer _> ? Property<Get, never, never> : P;
export type WriteOnly<P> = P extends Property<infer _, infer Set, infer Text> ? Property<never, Set, Text> : P;
/** Only a description can set it. */
export type ConstructOnly<P> = P extends Property<infer Get, infer _, infer Text> ? Property<Get, never, Text> : P;

/** What `get` gives. */
export type ValueOf<P> = P extends Property<infer Get, infer _, infer _> ? Get : P;
/** What `set` takes. */
export type SettableOf<P> = P extends Property<infer _, infer Set, infer _> ? Set : P;
/** What a description may have for it. */
export type TextOf<P> =
  P extends Property<infer _, infer _, infer Text>
    ? Text
    : [P] extends [boolean]
      ? 'boolean'
      : [P] extends [number | bigint]
        ? 'number'
        : 'any';
