/** The structures of messages as plain values, including lists and tags. */
import { type FieldValue, Structure, TypedValue } from '../caps/field-value.ts';
import { parseStructure } from '../caps/structure-syntax.ts';
import type { MessageFields, MessageValue } from './message-types.ts';

const noTime = 2n ** 64n - 1n;

/** The fields of a structure's text. */
export const messageFields = (text: string): MessageFields => plainFields(parseStructure(text));

const plainFields = ({ fields }: Structure): MessageFields =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plain(value)]));

function plain(value: FieldValue): MessageValue {
  if (value === noTime) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Structure) return plainFields(value);
  if (!(value instanceof TypedValue) || typeof value.value !== 'string') return value;
  const { type, value: text } = value;
  if (type === 'taglist') return plainFields(parseStructure(text));
  // A list of alternatives is an array here.
  const list = /^\{(.*)\}$/s.exec(text.trim())?.[1];
  if (list !== undefined)
    return plain(parseStructure(`list, it=${type ? `(${type})` : ''}<${list}>`).fields.it ?? null);
  return type === 'GValueArray' && text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
