/** Mistakes in a description, in the words that `launch-types.ts` has for the compiler. */
import { runtime } from '#runtime';
import { GstError } from '../errors.ts';
import { nearest } from '../expect.ts';
import { owned } from '../owned.ts';
import type { Handle, PropertyDetails, PropertyInfo } from '../runtime/port/index.ts';
import { elementExists } from './element-factory.ts';
import { type Token, tokensOf } from './launch-text.ts';

const { c, properties } = runtime;

type Place = 'start' | 'element' | 'bin' | 'pads' | 'link' | 'end';

/**
 * A sentence about the first mistake; null where none is found.
 * @param about `silent`: only mistakes that GStreamer would accept silently, or with a warning of GObject
 */
export function troubleIn(description: string, about: 'all' | 'silent'): string | null {
  const isAll = about === 'all';
  let place: Place = 'start';
  let factory = '';
  const names: string[] = [];
  const referred: string[] = [];
  for (const token of tokensOf(description)) {
    const { kind, name, value } = token;
    switch (kind) {
      case 'link': {
        const trouble = linkTrouble(place, token);
        if (isAll && trouble) return trouble;
        place = 'link';
        factory = '';
        break;
      }
      case 'element':
      case 'bin':
        factory = name;
        place = kind;
        break;
      case 'property': {
        const isPlaced = place === 'element' || place === 'bin';
        if (name === 'name' && isPlaced) names.push(value);
        const trouble = isPlaced
          ? propertyTrouble(factory, name, value, isAll)
          : isAll && `'${token.text}' stands behind no element`;
        if (trouble) return trouble;
        break;
      }
      case 'preset':
        break;
      case 'mark':
        if (token.text === '(') {
          factory = 'bin';
          place = 'bin';
        } else if (token.text === ')' && place !== 'link') place = 'pads';
        else if (token.text !== ',' && token.text !== ')') return null;
        break;
      case 'reference':
        referred.push(name);
        place = place === 'link' ? 'end' : 'pads';
        factory = '';
        break;
      case 'pad':
        if (place !== 'link') place = 'pads';
        break;
      case 'uri':
        place = place === 'link' ? 'end' : 'pads';
        factory = '';
        break;
      default:
        return isAll && /["']/.test(token.text)
          ? 'elements and caps stand without quotes: those are for a shell'
          : null;
    }
  }
  if (!isAll) return null;
  if (place === 'link') return "nothing stands behind the last '!'";
  if (place === 'start') return 'a description has at least one element';
  const unknown = referred.find((reference) => !names.includes(reference) && !/\d$/.test(reference));
  return unknown === undefined ? null : `no element is named '${unknown}'${suggestion(nearest(unknown, names))}`;
}

function linkTrouble(place: Place, { name, value }: Token): string | null {
  if (value && name !== 'caps') return `the caps '${value}' have no '!' behind them`;
  if (place === 'link') return "nothing stands between one '!' and the next";
  if (place === 'start' || place === 'bin') return "nothing stands before the first '!'";
  return place === 'end' ? 'nothing can be linked behind the element that ends a chain' : null;
}

const suggestion = (near: string | null): string => (near ? `; did you mean '${near}'?` : '');

function propertyTrouble(factory: string, name: string, value: string, isAll: boolean): string | null {
  const known = propertiesOf(factory);
  // GObject accepts a `_` for each `-`.
  const property = known?.get(name) ?? known?.get(name.replaceAll('_', '-'));
  if (!known || name.includes('::')) return null;
  if (!property)
    return isAll ? `${factory} has no property '${name}'${suggestion(nearest(name, [...known.keys()]))}` : null;
  if (!property.writable && !property.constructOnly) return `'${name}' of ${factory} can be read only`;
  const isNumber = numberTypes.has(property.type);
  if (!isNumber && !isAll) return null;
  const objection = isNumber
    ? objectionToNumber(value, property.type, detailsOf(factory, property))
    : objectionToWord(value, property.type, detailsOf(factory, property));
  return objection && `'${name}' of ${factory} cannot be '${value}'${objection}`;
}

const numberTypes = new Map<string, 'whole' | 'any'>([
  ...['gint', 'guint', 'glong', 'gulong', 'gint64', 'guint64'].map((type) => [type, 'whole'] as const),
  ['gfloat', 'any'],
  ['gdouble', 'any'],
]);
const wholeNumber = /^[+-]?(?:0x[\da-f]+|\d+)$/i;
const anyNumber = /^[+-]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;
const extremes = /^(?:min|max|little_endian|big_endian|byte_order)$/;

function objectionToNumber(value: string, type: string, { minimum, maximum }: PropertyDetails): string | null {
  if (extremes.test(value)) return null;
  const isWhole = numberTypes.get(type) === 'whole';
  if (!(isWhole ? wholeNumber : anyNumber).test(value))
    return isWhole ? '; it takes whole numbers' : '; it takes numbers';
  const number = Number(value);
  // GStreamer reads -1 as the largest number of a type without negative ones.
  if (minimum === null || maximum === null || (isWhole && number < 0 && type.startsWith('gu'))) return null;
  return number < Number(minimum) || number > Number(maximum)
    ? `; it takes ${isWhole ? 'whole ' : ''}numbers from ${minimum} to ${maximum}`
    : null;
}

/** Checks booleans, enumerations and flags. The text forms of other types are not checked here. */
function objectionToWord(value: string, type: string, { nicks }: PropertyDetails): string | null {
  if (type === 'gboolean') return /^(?:true|yes|t|1|false|no|f|0)$/i.test(value) ? null : '; it takes true or false';
  const known = [...nicks.keys()];
  const parts = value.split('+');
  const wrong = parts.find((part) => !known.includes(part) && !wholeNumber.test(part));
  if (known.length === 0 || wrong === undefined) return null;
  const near = nearest(wrong, known);
  return `${near ? `; did you mean '${near}'? It` : '; it'} takes ${known.join(', ')}`;
}

/** Properties of the elements that descriptions have named, by factory. */
const elements = new Map<string, Map<string, PropertyInfo> | null>();
const details = new Map<string, PropertyDetails>();

function propertiesOf(factory: string): Map<string, PropertyInfo> | null {
  let known = elements.get(factory);
  if (known === undefined) {
    known = withElement(factory, (element) => new Map(properties.list(element).map((info) => [info.name, info])));
    // A missing element may be installed later.
    if (known) elements.set(factory, known);
  }
  return known;
}

function detailsOf(factory: string, property: PropertyInfo): PropertyDetails {
  const key = `${factory} ${property.name}`;
  let found = details.get(key);
  if (!found) {
    found = withElement(factory, (element) => properties.details(element, property)) ?? noDetails;
    details.set(key, found);
  }
  return found;
}

const noDetails: PropertyDetails = { blurb: null, default: null, minimum: null, maximum: null, nicks: new Map() };

function withElement<T>(factory: string, use: (element: Handle) => T): T | null {
  if (!elementExists(factory)) return null;
  let element: Handle;
  try {
    // The explicit name keeps GStreamer's counter as it is: the first queue stays `queue0`.
    element = c.gst_parse_launch(`${factory} name=looked-at`);
  } catch (error) {
    if (error instanceof GstError) return null;
    throw error;
  }
  using made = owned(element, 'object');
  return use(made.handle);
}
