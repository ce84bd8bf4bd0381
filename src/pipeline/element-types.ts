/** What the compiler knows about elements. */
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

/** Action signals of the elements that have any, as methods: what `element.gi.emit` takes and gives. */
export interface ElementActions extends RemainingActions {}

/** The name of a property as it is in `ElementTypes`: camelCase and snake_case are taken as well. */
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

/** Of an element that is not known, and for a name that is only a string or has a hole in it, everything goes. */
type IsKnown<Factory extends string, Name extends string> =
  Record<never, 1> extends Record<Name, 1> ? false : Factory extends keyof ElementTypes ? true : false;

/**
 * What stands for a name that is none: the names that begin like it, for editors to offer, and the sentence. Of a name
 * that is about to be typed all names.
 */
export type Offered<Name extends string, Known, Sentence> = Name extends ''
  ? Known
  : BeginningWith<Name, Known> | Sentence;
/** In another name, so that the compiler does not take the beginning for what the caller gave. */
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

/** What `get` gives for a property. */
export type PropertyValue<Factory extends string, Name extends string> =
  false extends IsKnown<Factory, Name>
    ? unknown
    : Factory extends keyof ElementTypes
      ? ValueOf<ElementTypes[Factory][Canonical<ElementTypes[Factory], Name>]>
      : never;

/** What `set` takes for a property. */
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

/** Editors show what the properties are for where the names are picked, and not made up. */
type Settings<Properties, Name extends keyof Properties> = { [Each in Name]?: SettableOf<Properties[Each]> };
type InCamelCase<Properties, Name extends keyof Properties> = {
  [Each in Name as Each extends `${string}-${string}` ? CamelCase<Each> : never]?: SettableOf<Properties[Each]>;
};

/** Several properties at once, by their names or in camelCase. */
export type SettableValues<Factory extends string> = Factory extends keyof ElementTypes
  ? Settings<ElementTypes[Factory], SettableNames<ElementTypes[Factory]>> &
      InCamelCase<ElementTypes[Factory], SettableNames<ElementTypes[Factory]>>
  : Readonly<Record<string, unknown>>;
