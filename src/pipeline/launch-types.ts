/**
 * gst-launch's descriptions, parsed by the compiler: the elements that a text names, and its mistakes. The words and
 * marks are those of GStreamer's own grammar. Beyond this parser names are unknown, and GStreamer reports the mistakes.
 */
import type { ElementTypes } from './element-types.ts';
import type { PropertyTrouble } from './launch-properties.ts';
import type { Nearest } from './nearest-type.ts';

/** The result for a description. */
export interface Launch<Names, Trouble> {
  /** Pairs of a name and the factory of its element. `[string, string]`: there may be others. */
  names: Names;
  /** A sentence; never for none. */
  trouble: Trouble;
}

/** Parses a text, or each text of a union. */
export type ReadLaunch<Text extends string> = string extends Text
  ? Launch<AnyName, never>
  : Text extends Text
    ? Finish<Read<Spaced<Text, ''>, '', 'start', never, never, never, []>>
    : never;

type AnyName = [string, string];

/**
 * Kind of the previous token. An element, and the beginning of a bin, take properties; a reference or a pad begins a chain,
 * and ends one behind a link.
 */
type At = 'start' | 'element' | 'bin' | 'pads' | 'link' | 'end';

/** State of the parser, when it ends or pauses. */
interface State<Ends extends boolean, Rest, Factory, Place, Names, References, Trouble> {
  ends: Ends;
  rest: Rest;
  factory: Factory;
  at: Place;
  names: Names;
  references: References;
  trouble: Trouble;
}

type Finish<S> =
  S extends State<true, string, string, infer P, infer N extends AnyName, infer R, infer E>
    ? Launch<N, [E] extends [never] ? EndTrouble<P, N, R> : E>
    : S extends State<
          false,
          infer T extends string,
          infer F extends string,
          infer P extends At,
          infer N extends AnyName,
          infer R,
          infer E
        >
      ? Finish<Read<T, F, P, N, R, E, []>>
      : Launch<AnyName, never>;

type EndTrouble<Place, Names extends AnyName, References> = Place extends 'link'
  ? "nothing stands behind the last '!'"
  : Place extends 'start'
    ? 'a description has at least one element'
    : string extends Names[0]
      ? never
      : UnknownReference<References, Names[0]>;

/** GStreamer generates names such as `queue0`; a reference to one of them is valid. */
type UnknownReference<Reference, Names extends string> = Reference extends string
  ? Reference extends Names | `${string}${Digit}`
    ? never
    : `no element is named '${Reference}'${Suggestion<Nearest<Reference, Names>>}`
  : never;

export type Suggestion<Near extends string> = [Near] extends [never] ? '' : `; did you mean '${Near}'?`;

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';

/** The text with a blank for each newline and tab. */
type Spaced<T extends string, Done extends string> = T extends `${infer A}\n${infer B}`
  ? Spaced<B, `${Done}${A} `>
  : Tabless<`${Done}${T}`, ''>;
type Tabless<T extends string, Done extends string> = T extends `${infer A}\t${infer B}`
  ? Tabless<B, `${Done}${A} `>
  : Returnless<`${Done}${T}`, ''>;
type Returnless<T extends string, Done extends string> = T extends `${infer A}\r${infer B}`
  ? Returnless<B, `${Done}${A} `>
  : `${Done}${T}`;

type Trim<T extends string> = T extends `    ${infer R}` ? Trim<R> : T extends ` ${infer R}` ? Trim<R> : T;

/** The compiler allows a tail recursion of a thousand steps at most. */
type Enough = 150;

/**
 * Reads the tokens one by one. `T` is the rest of the text, `F` the factory of the element that properties belong to, `P`
 * the previous token, `N` the names so far, `R` the references, `E` the first mistake, `C` counts steps.
 */
type Read<
  T extends string,
  F extends string,
  P extends At,
  N extends AnyName,
  R,
  E,
  C extends 0[],
> = C['length'] extends Enough
  ? State<false, T, F, P, N, R, E>
  : T extends ` ${infer U}`
    ? Read<Trim<U>, F, P, N, R, E, C>
    : T extends ''
      ? State<true, '', F, P, N, R, E>
      : T extends `${infer W} ${infer U}`
        ? Word<W, Trim<U>, F, P, N, R, E, [...C, 0]>
        : Word<T, '', F, P, N, R, E, [...C, 0]>;

/** A word up to the next blank, and the text after the blanks. */
type Word<
  W extends string,
  T extends string,
  F extends string,
  P extends At,
  N extends AnyName,
  R,
  E,
  C extends 0[],
> = W extends '!'
  ? Link<T, F, P, N, R, E, C>
  : W extends keyof ElementTypes
    ? Identifier<W, T, F, P, N, R, E, C>
    : W extends `${infer K}=${infer V}`
      ? IsName<K> extends true
        ? V extends ''
          ? Value<K, T, F, P, N, R, E, C>
          : Value<K, `${V} ${T}`, F, P, N, R, E, C>
        : Marks<W, T, F, P, N, R, E, C>
      : Marks<W, T, F, P, N, R, E, C>;

/** Characters that no name of an element, a property or a pad contains. */
type Mark = '!' | '(' | ')' | '.' | ',' | '/' | '"' | "'" | '\\' | '=' | ';' | '[' | ']' | '{' | '}' | '<' | '>' | '@';

type IsName<W extends string> = W extends keyof ElementTypes['identity'] | 'location' | '@preset'
  ? true
  : W extends '' | `${string}${Mark}${string}`
    ? false
    : W extends `:${string}`
      ? false
      : true;

/** A word that is the name of an element, or of a property with blanks before its `=`. */
type Identifier<
  W extends string,
  T extends string,
  F extends string,
  P extends At,
  N extends AnyName,
  R,
  E,
  C extends 0[],
> = T extends `=${infer V}`
  ? Value<W, Trim<V>, F, P, N, R, E, C>
  : T extends `.${infer U}`
    ? Trim<U> extends `(${infer V}`
      ? Read<V, W, 'bin', N, R, E, C>
      : Read<T, W, 'element', N, R, E, C>
    : Read<T, W, 'element', IsFixed<W> extends true ? N : N | AnyName, R, E, C>;

/** Whether a text has no hole (`${…}`) in it. */
export type IsFixed<W extends string> = Record<never, 1> extends Record<W, 1> ? false : true;

/** A link, with or without caps. */
type Link<T extends string, F extends string, P extends At, N extends AnyName, R, E, C extends 0[]> =
  StartsWithCaps<T> extends true
    ? AfterCaps<T> extends `${infer U}`
      ? Read<U, '', 'link', N, R, First<E, LinkTrouble<P>>, C>
      : State<true, '', F, 'end', N, R, First<E, CapsTrouble<T>>>
    : Read<T, '', 'link', T extends `${infer W} ${string}` ? Guess<W, N> : Guess<T, N>, R, First<E, LinkTrouble<P>>, C>;

/** A hole behind a link can stand for anything. */
type Guess<W extends string, N extends AnyName> = string extends W ? N | AnyName : N;

type First<E, Other> = [E] extends [never] ? Other : E;

type LinkTrouble<P> = P extends 'link'
  ? "nothing stands between one '!' and the next"
  : P extends 'start' | 'bin'
    ? "nothing stands before the first '!'"
    : P extends 'end'
      ? 'nothing can be linked behind the element that ends a chain'
      : never;

type CapsTrouble<T extends string> = `the caps '${Trimmed<T>}' have no '!' behind them`;
type Trimmed<T extends string> = T extends `${infer U} ` ? Trimmed<U> : T;

type Major = 'video' | 'audio' | 'image' | 'text' | 'application';

/** A media type: words with a `/` between them. GStreamer refuses quotes before it, which belong to a shell. */
type StartsWithCaps<T extends string> = T extends `${"'" | '"'}${infer U}`
  ? StartsWithCaps<U>
  : T extends `${infer A}/${string}`
    ? A extends Major
      ? true
      : A extends '' | `${string}${' ' | ':' | '_' | '%' | '$' | '#' | '~' | Mark}${string}`
        ? false
        : string extends A
          ? false
          : true
    : false;

/** The text after the mark that ends the caps: the first `!` without `\`, else the last `:`. */
type AfterCaps<T extends string> = T extends `${infer A}!${infer B}`
  ? A extends `${string}\\`
    ? AfterCaps<B>
    : B
  : AfterColon<T, null>;
type AfterColon<T extends string, Found> = T extends `${string}:${infer B}` ? AfterColon<B, B> : Found;

/** `key=value`: the value ends at a blank that is neither behind `\` nor in quotes. */
type Value<
  K extends string,
  T extends string,
  F extends string,
  P extends At,
  N extends AnyName,
  R,
  E,
  C extends 0[],
> = T extends `"${infer Q}`
  ? Quoted<'"', Q, ''> extends [infer V extends string, infer U extends string]
    ? Set<K, V, U, F, P, N, R, E, C>
    : Plain<T, ''> extends [infer V extends string, infer U extends string]
      ? Set<K, V, U, F, P, N, R, E, C>
      : never
  : T extends `'${infer Q}`
    ? Quoted<"'", Q, ''> extends [infer V extends string, infer U extends string]
      ? Set<K, `'${V}'`, U, F, P, N, R, E, C>
      : Plain<T, ''> extends [infer V extends string, infer U extends string]
        ? Set<K, V, U, F, P, N, R, E, C>
        : never
    : Plain<T, ''> extends [infer V extends string, infer U extends string]
      ? Set<K, V, U, F, P, N, R, E, C>
      : never;

/** The value up to the first blank without `\`. */
type Plain<T extends string, Done extends string> = T extends `${infer A} ${infer B}`
  ? A extends `${string}\\`
    ? Plain<B, `${Done}${A} `>
    : [`${Done}${A}`, B]
  : [`${Done}${T}`, ''];

/** A quoted value that contains a blank, and the rest; a quoted word without a blank is read like any other. */
type Quoted<Q extends string, T extends string, Done extends string> = T extends `${infer A}${Q}${infer B}`
  ? A extends `${string}\\`
    ? Quoted<Q, B, `${Done}${A}${Q}`>
    : `${Done}${A}` extends `${string} ${string}`
      ? [`${Done}${A}`, B]
      : B extends '' | ` ${string}`
        ? [`${Done}${A}`, B]
        : null
  : null;

/** The value without its quotes, and without the `\` before characters that they escape. */
type Bare<V extends string> = V extends `"${infer A}"` ? A : V extends `${string}\\${string}` ? Unescaped<V, ''> : V;
type Unescaped<V extends string, Done extends string> = V extends `${infer A}\\${infer B}`
  ? B extends `${infer D}${infer Rest}`
    ? Unescaped<Rest, `${Done}${A}${D}`>
    : `${Done}${A}`
  : `${Done}${V}`;

/** Sets a property of the element before. */
type Set<
  K extends string,
  V extends string,
  T extends string,
  F extends string,
  P extends At,
  N extends AnyName,
  R,
  E,
  C extends 0[],
> = P extends 'element' | 'bin'
  ? K extends 'name'
    ? Read<T, F, P, N | [Bare<V>, F], R, E, C>
    : [E] extends [never]
      ? Read<T, F, P, N, R, PropertyTrouble<F, K, Bare<V>>, C>
      : Read<T, F, P, N, R, E, C>
  : Read<T, F, P, N, R, First<E, `'${K}=${V}' stands behind no element`>, C>;

/** A word that contains marks: `t.`, `demux.video_0`, `(`, `queue!fakesink`, `file:///x`. */
type Marks<
  W extends string,
  T extends string,
  F extends string,
  P extends At,
  N extends AnyName,
  R,
  E,
  C extends 0[],
> = W extends `!${infer U}` | `:${infer U}`
  ? Link<U extends '' ? T : `${U} ${T}`, F, P, N, R, E, C>
  : W extends `(${infer U}`
    ? Read<`${U} ${T}`, 'bin', 'bin', N, R, E, C>
    : W extends `)${infer U}`
      ? Read<`${U} ${T}`, '', P extends 'link' ? 'link' : 'pads', N, R, E, C>
      : W extends `.${infer U}`
        ? Pads<U, T, P, N, R, E, C>
        : W extends `${infer A}://${string}`
          ? IsProtocol<A> extends true
            ? Plain<`${W} ${T}`, ''> extends [string, infer U extends string]
              ? Read<U, '', P extends 'link' ? 'end' : 'pads', N, R, E, C>
              : never
            : Parts<W, Name<W>, T, F, P, N, R, E, C>
          : Parts<W, Name<W>, T, F, P, N, R, E, C>;

type IsProtocol<A extends string> = A extends '' | `${string}${Exclude<Mark, '.' | ','> | ':'}${string}` ? false : true;

/** The part before the first mark. */
type Name<W extends string> = Before<Before<Before<Before<Before<W, '!'>, '('>, ')'>, '.'>, ','>;
type Before<W extends string, M extends string> = W extends `${infer A}${M}${string}` ? A : W;

type Parts<
  W extends string,
  Id extends string,
  T extends string,
  F extends string,
  P extends At,
  N extends AnyName,
  R,
  E,
  C extends 0[],
> = Id extends ''
  ? State<true, '', F, 'end', N | AnyName, never, E>
  : Id extends W
    ? IsName<W> extends true
      ? Identifier<W, T, F, P, N, R, E, C>
      : State<true, '', F, 'end', N | AnyName, never, E>
    : W extends `${Id}.${infer U}`
      ? `${U} ${T}` extends `${infer _ extends '' | ' '}(${infer V}`
        ? Read<V, Id, 'bin', N, R, E, C>
        : IsName<Id> extends true
          ? Pads<U, T, P, N, IsFixed<Id> extends true ? R | Id : R, E, C>
          : State<true, '', F, 'end', N | AnyName, never, E>
      : W extends `${Id}${infer U}`
        ? IsName<Id> extends true
          ? Read<`${U} ${T}`, Id, 'element', N, R, E, C>
          : State<true, '', F, 'end', N | AnyName, never, E>
        : State<true, '', F, 'end', N | AnyName, never, E>;

/** Names of pads behind a `.`, with `,` between them. */
type Pads<U extends string, T extends string, P extends At, N extends AnyName, R, E, C extends 0[]> = U extends ''
  ? MorePads<T, P, N, R, E, C>
  : Before<Before<U, '!'>, ')'> extends infer A extends string
    ? U extends `${A}${infer B}`
      ? MorePads<B extends '' ? T : `${B} ${T}`, P, N, R, E, C>
      : never
    : never;
type MorePads<T extends string, P extends At, N extends AnyName, R, E, C extends 0[]> =
  Trim<T> extends `,${infer U}`
    ? Trim<U> extends `${infer W} ${infer V}`
      ? Pads<W, V, P, N, R, E, C>
      : Pads<Trim<U>, '', P, N, R, E, C>
    : Read<T, '', P extends 'link' ? 'end' : 'pads', N, R, E, C>;
