/** The text form of structures, as `gst_structure_to_string` prints it: `name, key=(int)5, other=(string)"a\,\ b";`. */
import { type FieldValue, Fraction, Structure, TypedValue } from './field-value.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Quotes text and escapes all but letters, digits and a few marks; non-ASCII bytes in octal. */
export function quote(text: string): string {
  let quoted = '"';
  for (const byte of encoder.encode(text)) {
    const character = String.fromCharCode(byte);
    if (/[\w/.:+-]/.test(character)) quoted += character;
    else if (byte < 32 || byte > 126) quoted += `\\${byte.toString(8).padStart(3, '0')}`;
    else quoted += `\\${character}`;
  }
  return `${quoted}"`;
}

/** Reverses the quoting of `quote` and GStreamer. */
function unquote(quoted: string): string {
  const bytes: number[] = [];
  const pattern = /\\([0-3][0-7]{2})|\\(.)|(.)/gsu;
  for (const [, octal, escaped, plain] of quoted.slice(1, -1).matchAll(pattern)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else bytes.push(...encoder.encode(escaped ?? plain));
  }
  return decoder.decode(Uint8Array.from(bytes));
}

export function parseStructure(text: string): Structure {
  let position = 0;
  const rest = (pattern: RegExp): string => {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0] ?? '';
    position += found.length;
    return found;
  };
  const skip = (): string => rest(/[\s,]*/y);
  const type = (): string => rest(/\([^)]*\)/y).slice(1, -1);

  function value(inherited: string): FieldValue {
    const own = type() || inherited;
    rest(/\s*/y);
    if (text[position] === '<') return array(own);
    // A range or alternatives: kept as text.
    const open = text[position];
    if (open === '[' || open === '{')
      return new TypedValue(own, rest(open === '[' ? /\[[^\]]*\]/y : /\{(?:"(?:\\.|[^"\\])*"|[^}"])*\}/sy));
    const quoted = rest(/"(?:\\.|[^"\\])*"/sy);
    return quoted ? convert(own, unquote(quoted), true) : convert(own, rest(/[^\s,;<>{}[\]]*/y), false);
  }

  function array(inherited: string): FieldValue[] {
    const values: FieldValue[] = [];
    position++;
    for (skip(); position < text.length && text[position] !== '>'; skip()) values.push(value(inherited));
    position++;
    return values;
  }

  function convert(kind: string, token: string, wasQuoted: boolean): FieldValue {
    if (token === 'NULL' && !wasQuoted) return null;
    switch (kind) {
      case 'string':
        return token;
      case 'boolean':
        return token === 'true';
      case 'int':
      case 'uint':
      case 'gint64':
      case 'guint64': {
        const exact = BigInt(token);
        return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
      }
      case 'double':
      case 'float':
        return Number(token.replace(/^(-?)inf.*/, '$1Infinity').replace(/^-?nan.*/, 'NaN'));
      case 'fraction': {
        const [numerator, denominator] = token.split('/').map(Number);
        return new Fraction(numerator ?? 0, denominator ?? 1);
      }
      case 'structure':
      case 'GstStructure':
        return parseStructure(token);
      default:
        return new TypedValue(kind, token);
    }
  }

  const name = rest(/[^,;]*/y).trim();
  const fields: Record<string, FieldValue> = {};
  for (skip(); position < text.length && text[position] !== ';'; skip()) {
    const key = rest(/[^=]*/y).trim();
    position++;
    // A field may have the name of a property that every object has.
    Object.defineProperty(fields, key, {
      value: value('string'),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return new Structure(name, fields);
}
