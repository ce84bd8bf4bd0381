/** Types of the properties and actions of elements. */
import type { StandardElementActions, StandardElementTypes } from '#types/generated/elements';
import type { SettableOf, ValueOf } from '#types/property-types';
import type { NoProperty } from './launch-properties.ts';

/**
 * Elements that a module of your own describes instead of those that come with the package: `npx gst-allocators types`
 * writes such a module.
 */
// biome-ignore lint/suspicious/noEmptyInterface: to be augmented
export interface ReplacedElementTypes {}

type Remaining = keyof ReplacedElementTypes extends never
  ? StandardElementTypes
  : Omit<StandardElementTypes, keyof ReplacedElementTypes>;

/**
 * Elements with their properties, by the names of their factories. Those of GStreamer's own plugins are here; add others
 * with `declare module 'gst-allocators' { interface ElementTypes { myfilter: { strength: number } } }`.
 */
export interface ElementTypes extends Remaining {}

type RemainingActions = keyof ReplacedElementTypes extends never
  ? StandardElementActions
  : Omit<StandardElementActions, keyof ReplacedElementTypes>;

/** Action signals of elements, as methods with the arguments and the result of `element.emit`. */
export interface ElementActions extends RemainingActions {}

/** A name that `emit` takes; else a sentence that says why it does not. */
export type ActionName<Factory extends string, Name extends string> =
  false extends IsKnown<Factory, Name>
    ? Name
    : Factory extends keyof ElementActions
      ? Name extends keyof ElementActions[Factory]
        ? Name
        : Offered<Name, keyof ElementActions[Factory], `${Factory} has no action '${Name}'`>
      : `${Factory} has no actions`;

type Action<Factory extends string, Name extends string> =
  false extends IsKnown<Factory, Name>
    ? (...values: unknown[]) => unknown
    : Factory extends keyof ElementActions
      ? Name extends keyof ElementActions[Factory]
        ? ElementActions[Factory][Name]
        : never
      : never;

/** The arguments of an action. */
export type ActionArguments<Factory extends string, Name extends string> =
  Action<Factory, Name> extends (...values: infer Values) => unknown ? Values : never;

/** The result of an action: caps and structures are texts. */
export type ActionResult<Factory extends string, Name extends string> =
  Action<Factory, Name> extends (...values: never) => infer Result
    ? null extends Result
      ? Result | string
      : Result
    : never;

/** The name of a property as in `ElementTypes`; camelCase and snake_case are accepted too. */
type Canonical<Properties, Name extends string> = Name extends keyof Properties
  ? Name
  : Hyphened<Name, ''> extends infer Found extends keyof Properties
    ? Found
    : never;
type Hyphened<Name extends string, Done extends string> = Name extends `${infer First}${infer Rest}`
  ? Hyphened<
      Rest,
      `${Done}${First extends '_' ? '-' : First extends Lowercase<First> ? First : `-${Lowercase<First>}`}`
    >
  : Done;

/** False for an unknown element, and for a name that is only a `string` or has a hole in it: then all names are accepted. */
type IsKnown<Factory extends string, Name extends string> =
  Record<never, 1> extends Record<Name, 1> ? false : Factory extends keyof ElementTypes ? true : false;

/**
 * The type in place of an unknown name: the names that begin like it, for editors to offer, and the sentence. For an
 * empty name, all names.
 */
export type Offered<Name extends string, Known, Sentence> = Name extends ''
  ? Known
  : BeginningWith<Name, Known> | Sentence;
/** Takes the beginning as a new type parameter, so that the compiler does not infer the caller's name from it. */
type BeginningWith<Name extends string, Known> = [Name] extends [infer Word extends string]
  ? Extract<Known, `${Word}${string}`>
  : never;

/** A name that `get` takes; else a sentence that says why it does not. */
export type ReadableName<Factory extends string, Name extends string> =
  false extends IsKnown<Factory, Name>
    ? Name
    : Factory extends keyof ElementTypes
      ? [Canonical<ElementTypes[Factory], Name>] extends [never]
        ? Offered<Name, keyof ElementTypes[Factory], NoProperty<Factory, Name>>
        : [PropertyValue<Factory, Name>] extends [never]
          ? `'${Name}' of ${Factory} can be set only`
          : Name
      : never;

/** A name that `set` takes; else a sentence that says why it does not. */
export type WritableName<Factory extends string, Name extends string> =
  false extends IsKnown<Factory, Name>
    ? Name
    : Factory extends keyof ElementTypes
      ? [Canonical<ElementTypes[Factory], Name>] extends [never]
        ? Offered<Name, SettableNames<ElementTypes[Factory]>, NoProperty<Factory, Name>>
        : [SettableValue<Factory, Name>] extends [never]
          ? `'${Name}' of ${Factory} can be read only`
          : Name
      : never;

/** The type that `get` returns for a property. */
export type PropertyValue<Factory extends string, Name extends string> =
  false extends IsKnown<Factory, Name>
    ? unknown
    : Factory extends keyof ElementTypes
      ? ValueOf<ElementTypes[Factory][Canonical<ElementTypes[Factory], Name>]>
      : never;

/** The type that `set` takes for a property. */
export type SettableValue<Factory extends string, Name extends string> =
  false extends IsKnown<Factory, Name>
    ? unknown
    : Factory extends keyof ElementTypes
      ? SettableOf<ElementTypes[Factory][Canonical<ElementTypes[Factory], Name>]>
      : never;

type CamelCase<Name> = Name extends `${infer A}-${infer B}` ? `${A}${CamelCase<Capitalize<B>>}` : Name;

type SettableNames<Properties> = {
  [Name in keyof Properties]: [SettableOf<Properties[Name]>] extends [never] ? never : Name;
}[keyof Properties];

/** A mapped type over the names alone, so that editors show the documentation of the properties. */
type Settings<Properties, Name extends keyof Properties> = { [Each in Name]?: SettableOf<Properties[Each]> };
type InCamelCase<Properties, Name extends keyof Properties> = {
  [Each in Name as Each extends `${string}-${string}` ? CamelCase<Each> : never]?: SettableOf<Properties[Each]>;
};

/** Several properties at once, by their own or their camelCase names. */
export type SettableValues<Factory extends string> = Factory extends keyof ElementTypes
  ? Settings<ElementTypes[Factory], SettableNames<ElementTypes[Factory]>> &
      InCamelCase<ElementTypes[Factory], SettableNames<ElementTypes[Factory]>>
  : Readonly<Record<string, unknown>>;
