/** Mistakes in the properties of a description, by the types of the element. */

import type { TextOf } from '#types/property-types';
import type { ElementTypes } from './element-types.ts';
import type { Nearest } from './nearest-type.ts';

/** A sentence; never where nothing is wrong, or nothing is known. */
export type PropertyTrouble<
  Factory extends string,
  Name extends string,
  Value extends string,
> = Factory extends keyof ElementTypes
  ? Name extends keyof ElementTypes[Factory]
    ? ValueTrouble<Factory, Name, Value, TextOf<ElementTypes[Factory][Name]>>
    : Name extends '@preset' | `${string}::${string}`
      ? never
      : Name extends `${infer A}_${infer B}` // GObject takes a `_` for each `-`
        ? Hyphened<`${A}-${B}`> extends infer Found extends keyof ElementTypes[Factory] & string
          ? ValueTrouble<Factory, Name, Value, TextOf<ElementTypes[Factory][Found]>>
          : NoProperty<Factory, Name>
        : NoProperty<Factory, Name>
  : never;

type Hyphened<Name extends string> = Name extends `${infer A}_${infer B}` ? Hyphened<`${A}-${B}`> : Name;

/** The sentence for a property that an element lacks; `Element` throws the same. */
export type NoProperty<Factory extends keyof ElementTypes, Name extends string> = [
  Nearest<Name, keyof ElementTypes[Factory] & string>,
] extends [never]
  ? `${Factory} has no property '${Name}'`
  : `${Factory} has no property '${Name}'; did you mean '${Nearest<Name, keyof ElementTypes[Factory] & string>}'?`;

type ValueTrouble<Factory extends string, Name extends string, Value extends string, Takes> = [Takes] extends [never]
  ? `'${Name}' of ${Factory} can be read only`
  : Takes extends 'any'
    ? never
    : Record<never, 1> extends Record<Value, 1>
      ? never // there is a hole in it
      : Takes extends 'boolean'
        ? Lowercase<Value> extends 'true' | 'false' | 'yes' | 'no' | 't' | 'f' | '1' | '0'
          ? never
          : `'${Name}' of ${Factory} cannot be '${Value}'; it takes true or false`
        : Takes extends 'number' | 'whole'
          ? Value extends Numeral<Takes> | 'min' | 'max' | 'little_endian' | 'big_endian' | 'byte_order'
            ? never
            : `'${Name}' of ${Factory} cannot be '${Value}'; it takes ${Takes extends 'whole' ? 'whole ' : ''}numbers`
          : Takes extends readonly string[]
            ? NickTrouble<Factory, Name, Value, Value, Takes>
            : Takes extends { flags: infer Nicks extends readonly string[] }
              ? FlagTrouble<Factory, Name, Value, Value, Nicks>
              : never;

type Numeral<Takes> = Takes extends 'whole' ? `${'' | '+' | '0' | '-0'}${bigint}` : `${number}`;

/** Numbers and names are valid beside nicks; names contain blanks or capital letters. */
type NickTrouble<
  Factory extends string,
  Name extends string,
  Nick extends string,
  Value extends string,
  Nicks extends readonly string[],
> = Nick extends Nicks[number] | `${number}` | `${string}${' ' | '('}${string}`
  ? never
  : Nick extends Lowercase<Nick>
    ? `'${Name}' of ${Factory} cannot be '${Value}'${Hint<FirstOf<Nicks, Nearest<Nick, Nicks[number]>>>} takes ${Listed<Nicks>}`
    : never;

type Hint<Near extends string> = [Near] extends [never] ? '; it' : `; did you mean '${Near}'? It`;

/** The first of several nicks that are equally near. */
type FirstOf<Nicks extends readonly string[], Near> = Nicks extends readonly [
  infer Nick extends string,
  ...infer More extends readonly string[],
]
  ? Nick extends Near
    ? Nick
    : FirstOf<More, Near>
  : never;

type Listed<Nicks extends readonly string[], Done extends string = ''> = Nicks extends readonly [
  infer Nick extends string,
  ...infer More extends readonly string[],
]
  ? Listed<More, Done extends '' ? Nick : `${Done}, ${Nick}`>
  : Done;

type FlagTrouble<
  Factory extends string,
  Name extends string,
  Rest extends string,
  Value extends string,
  Nicks extends readonly string[],
> = Rest extends `${infer Nick}+${infer More}`
  ? [NickTrouble<Factory, Name, Nick, Value, Nicks>] extends [never]
    ? FlagTrouble<Factory, Name, More, Value, Nicks>
    : NickTrouble<Factory, Name, Nick, Value, Nicks>
  : NickTrouble<Factory, Name, Rest, Value, Nicks>;
