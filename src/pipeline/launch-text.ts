/**
 * Splits gst-launch's descriptions into tokens like GStreamer's own lexer: the longest match wins, and the first of several
 * that are equally long. `launch-types.ts` does the same for the compiler.
 */
const name = /[A-Za-z0-9_][\w%:-]*/.source;
/** A word may contain a blank behind a backslash, or within quotes. */
const text = /(?:"(?:[^"]|(?<=\\)")*"|'(?:[^']|(?<=\\)')*'|(?:\S|(?<=\\)[^\S\n])+)/.source;
const word = /(?:\S|(?<=\\)[^\S\n])+/y;
const media = /\s*[A-Za-z0-9-]+\/[A-Za-z0-9-]+/y;

const patterns: readonly [Token['kind'], RegExp][] = [
  ['property', new RegExp(`(${name})\\s*=\\s*(${text})`, 'y')],
  ['preset', new RegExp(`@preset\\s*=\\s*(${text})`, 'y')],
  ['pad', new RegExp(`\\.(${name})`, 'y')],
  ['reference', new RegExp(`(${name})\\.(?:${name})?`, 'y')],
  ['bin', new RegExp(`(${name})\\s*\\.\\s*\\(`, 'y')],
  ['element', new RegExp(`(${name})`, 'y')],
  ['uri', new RegExp(`[A-Za-z][\\w+,.-]*://(?:${text})?`, 'y')],
  ['mark', /[(){}.,;=]/y],
];

export interface Token {
  kind: 'property' | 'preset' | 'pad' | 'reference' | 'bin' | 'element' | 'uri' | 'link' | 'mark' | 'unknown';
  /** The text of the token. */
  text: string;
  /** The name of an element, a bin, a property or a reference. */
  name: string;
  /** For a property: its value without quotes and backslashes. For a link: its caps. */
  value: string;
}

export function* tokensOf(description: string): Generator<Token> {
  for (let position = 0; position < description.length; ) {
    const token = /\s/.test(description.charAt(position)) ? null : tokenAt(description, position);
    if (token) yield token;
    position += token?.text.length ?? 1;
  }
}

function match(pattern: RegExp, description: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(description);
}

function tokenAt(description: string, position: number): Token {
  const first = description.charAt(position);
  if (first === '!' || first === ':') return linkAt(description, position);
  let best: Token = { kind: 'unknown', text: first, name: '', value: '' };
  for (const [kind, pattern] of patterns) {
    const found = match(pattern, description, position);
    if (!found || (best.kind !== 'unknown' && found[0].length <= best.text.length)) continue;
    best = { kind, text: found[0], name: found[1] ?? '', value: found[2] ?? '' };
  }
  if (best.kind !== 'property') return best;
  // Quotes end a value, unless other characters follow directly.
  const start = best.text.length - best.value.length;
  const plain = match(word, description, position + start)?.[0] ?? '';
  const value = plain.length > best.value.length ? plain : best.value;
  return { ...best, text: best.text.slice(0, start) + value, value: bare(value) };
}

/** Caps end at the first `!` without a backslash, else at the last `:`. */
function linkAt(description: string, position: number): Token {
  const link: Token = { kind: 'link', text: description.charAt(position), name: '', value: '' };
  if (!match(media, description, position + 1)) return link;
  const end = match(/(?:[^!]|(?<=\\)!)*!/y, description, position + 1)?.[0].length;
  const length = end ?? description.lastIndexOf(':') - position;
  // Without an end mark GStreamer does not read them as caps; the error message here needs the text.
  if (length <= 0) return { ...link, text: description.slice(position), value: description.slice(position + 1).trim() };
  const whole = description.slice(position, position + length + 1);
  return { ...link, text: whole, name: 'caps', value: whole.slice(1, -1).trim() };
}

function bare(value: string): string {
  return /^".*"$/s.test(value) && value.length > 1
    ? value.slice(1, -1).replace(/\\(.)/gs, '$1')
    : value.replace(/\\(.)/gs, '$1');
}
