/** Types for the names in a pipeline's description. */
import type { AppSink } from './app-sink.ts';
import type { AppSrc } from './app-src.ts';
import type { Element } from './element.ts';
import type { Offered } from './element-types.ts';
import type { IsFixed, ReadLaunch, Suggestion } from './launch-types.ts';
import type { Nearest } from './nearest-type.ts';

/** The description itself; if it has a mistake, a sentence that says which. */
export type CheckedDescription<Text extends string> = [ReadLaunch<Text>['trouble']] extends [never]
  ? Text
  : ReadLaunch<Text>['trouble'];

/** The elements that a description names, with their factories. */
export type NamesIn<Text extends string> = ReadLaunch<Text>['names'] extends infer Pair extends [string, string]
  ? { [Each in Pair as Each[0]]: Each[1] } // editors show this, and not the text once more
  : never;

/** The facade for an element of that factory. */
export type ElementOf<Factory> = string extends Factory
  ? Element
  : Factory extends 'appsink'
    ? AppSink
    : Factory extends 'appsrc'
      ? AppSrc
      : Factory extends string
        ? Element<Factory>
        : Element;

/** A name of an element of the pipeline; else a sentence. */
export type NameIn<Names, Name extends string> =
  IsFixed<Name> extends false
    ? Name
    : Name extends keyof Names
      ? Name
      : Offered<Name, keyof Names, `no element is named '${Name}'${Suggestion<Nearest<Name, keyof Names & string>>}`>;

/** A name of an element of that factory; else a sentence. */
export type NameOf<Factory extends string, Names, Name extends string> =
  IsFixed<Name> extends false
    ? Name
    : Name extends keyof Names
      ? Factory extends Names[Name]
        ? Name
        : `expected '${Name}' to be an ${Factory}, got ${Names[Name] & string}`
      : Name extends ''
        ? { [Each in keyof Names]: Factory extends Names[Each] ? Each : never }[keyof Names]
        : NameIn<Names, Name>;

export type ElementNamed<Names, Name extends string> =
  IsFixed<Name> extends false ? Element : Name extends keyof Names ? ElementOf<Names[Name]> : Element;
