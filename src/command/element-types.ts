/** Prints the elements of a registry as `ElementTypes`. */
import type { ActionSignal, RegisteredElement, RegisteredProperty, RegisteredType } from '../runtime/port/index.ts';

const numbers: Record<string, string> = {
  gint: 'Integer',
  guint: 'Integer',
  glong: 'LargeInteger',
  gulong: 'LargeInteger',
  gint64: 'LargeInteger',
  guint64: 'LargeInteger',
  gfloat: 'Double',
  gdouble: 'Double',
};
const others: Record<string, string> = {
  gboolean: 'Bool',
  gchararray: 'Text',
  GstFraction: 'Fraction',
  GstCaps: 'Caps',
  GstStructure: 'Structure',
  GstValueArray: 'List',
};
/** Ranges of the number types; a property that has the full range is documented without one. */
const wholeRange = new Map<string, [number | bigint, number | bigint]>([
  ['gint', [-(2 ** 31), 2 ** 31 - 1]],
  ['guint', [0, 2 ** 32 - 1]],
  ['glong', [-(2n ** 63n), 2n ** 63n - 1n]],
  ['gulong', [0, 2n ** 64n - 1n]],
  ['gint64', [-(2n ** 63n), 2n ** 63n - 1n]],
  ['guint64', [0, 2n ** 64n - 1n]],
]);

/** The fewest common properties that make a group. */
const smallGroup = 5;
const fewTypes = 3;
/** Properties that this many types have word for word may form groups: libav's elements have the same sixty. */
const manyTypes = 20;

const plainKinds = [
  'Bool',
  'Integer',
  'LargeInteger',
  'Double',
  'Text',
  'Caps',
  'Fraction',
  'Structure',
  'List',
  'Opaque',
];
const genericKinds: Record<string, string> = {
  Enumeration: 'Nicks extends readonly string[]',
  Flags: 'Nicks extends readonly string[]',
  ObjectOf: 'Type extends string',
  BoxedOf: 'Type extends string',
  ReadOnly: 'Kind',
  WriteOnly: 'Kind',
  ConstructOnly: 'Kind',
};

const kinds = [
  ...plainKinds.map((kind) => `type ${kind} = PropertyTypes.${kind};\n`),
  ...Object.entries(genericKinds).map(
    ([kind, parameter]) => `type ${kind}<${parameter}> = PropertyTypes.${kind}<${parameter.split(' ', 1)[0]}>;\n`,
  ),
].join('');

/** A module that exports `<prefix>ElementTypes` and `<prefix>ElementActions`; `head` provides `PropertyTypes`. */
export function printElements(head: string, elements: readonly RegisteredElement[], prefix: string): string {
  const printer = new Printer();
  const entries = elements.map((element) => {
    const { title, description, factory, types } = element;
    const about = description && description !== title ? `${title}: ${description}` : title;
    return `${comment(about, '  ')}  ${key(factory)}: ${printer.type(types)};\n`;
  });
  const actions = elements.flatMap(({ factory, types }) => {
    const all = types.flatMap((type) => type.actions);
    return all.length > 0
      ? [`  ${key(factory)}: {${all.map((action) => `\n    ${printAction(action)}`).join('')}\n  };\n`]
      : [];
  });
  return [
    `${head}\n\n${kinds}\n`,
    printer.text,
    `\nexport interface ${prefix}ElementTypes {\n${entries.join('')}}\n`,
    `\nexport interface ${prefix}ElementActions {\n${actions.join('')}}\n`,
  ].join('');
}

interface PrintedType {
  name: string;
  /** The type it extends, without the properties that it redeclares; empty for none. */
  base: string;
  /** The kinds of all its properties, by name. */
  kinds: ReadonlyMap<string, string>;
  /** Its own properties as they are printed. */
  lines: readonly string[];
}

class Printer {
  /** By the GType's name. */
  readonly #types = new Map<string, PrintedType>();
  readonly #enumerations = new Map<string, { name: string; text: string }>();
  readonly #names = new Set<string>([...plainKinds, ...Object.keys(genericKinds)]);

  /** The name of the interface for a type, whose ancestors follow it. */
  type([own, ...ancestors]: readonly RegisteredType[]): string {
    if (!own) return '';
    const known = this.#types.get(own.name);
    if (known) return known.name;
    const parent = this.type(ancestors);
    const inherited = this.#types.get(ancestors[0]?.name ?? '')?.kinds ?? new Map<string, string>();
    const declared = new Map(own.properties.map((property) => [property.name, this.#kind(property)]));
    const changed = [...declared].filter(([name, kind]) => (inherited.get(name) ?? kind) !== kind);
    const left = changed.map(([name]) => quote(name)).join(' | ');
    const printed = {
      name: declared.size === 0 && parent ? parent : this.#name(own.name),
      base: left ? `Omit<${parent}, ${left}>` : parent,
      kinds: new Map([...inherited, ...declared]),
      lines: own.properties.map(
        (property) => `${comment(about(property), '  ')}  ${key(property.name)}: ${declared.get(property.name)};\n`,
      ),
    };
    this.#types.set(own.name, printed);
    return printed.name;
  }

  get text(): string {
    const all = [...this.#types.values()].filter(({ base, name }) => base !== name);
    const enumerations = [...this.#enumerations.values()].map(({ text }) => text);
    const [groups, groupOf] = this.#groups(all);
    const interfaces = all.map(({ name, base, lines }) => {
      const group = groupOf.get(name);
      const bases = [base, group?.name].filter(Boolean).join(', ');
      const own = lines.filter((line) => !group?.lines.includes(line));
      return `interface ${name}${bases ? ` extends ${bases}` : ''} {${own.length > 0 ? `\n${own.join('')}` : ''}}\n`;
    });
    return [...enumerations, ...groups, ...interfaces].join('');
  }

  /** Interfaces of the properties that the same types have in common. */
  #groups(types: readonly PrintedType[]): [string[], Map<string, { name: string; lines: readonly string[] }>] {
    const counts = new Map<string, number>();
    for (const line of types.flatMap(({ lines }) => lines)) counts.set(line, (counts.get(line) ?? 0) + 1);
    const members = Map.groupBy(types, ({ lines }) =>
      lines.filter((line) => (counts.get(line) ?? 0) >= manyTypes).join('\0'),
    );
    const groupOf = new Map<string, { name: string; lines: readonly string[] }>();
    const groups: string[] = [];
    for (const [shared, having] of members) {
      const lines = shared.split('\0');
      if (lines.length < smallGroup || having.length < fewTypes) continue;
      const name = this.#name(`Group${groups.length + 1}`);
      groups.push(`interface ${name} {\n${lines.join('')}}\n`);
      for (const type of having) groupOf.set(type.name, { name, lines });
    }
    return [groups, groupOf];
  }

  #kind(property: RegisteredProperty): string {
    // GStreamer does not change these two properties of an element in a bin.
    if (property.name === 'name') return 'ConstructOnly<Text>';
    if (property.name === 'parent') return "ReadOnly<ObjectOf<'GstObject'>>";
    const kind = this.#valueKind(property);
    if (!property.readable) return `WriteOnly<${kind}>`;
    if (property.constructOnly) return `ConstructOnly<${kind}>`;
    return property.writable ? kind : `ReadOnly<${kind}>`;
  }

  #valueKind({ fundamental, type, nicks }: RegisteredProperty): string {
    if (fundamental === 'GEnum' || fundamental === 'GFlags')
      return this.#enumeration(fundamental, type, [...nicks.keys()]);
    const plain = numbers[fundamental] ?? others[fundamental] ?? others[type];
    if (plain) return plain;
    if (fundamental === 'GObject' || fundamental === 'GInterface') return `ObjectOf<'${type}'>`;
    return fundamental === 'GBoxed' ? `BoxedOf<'${type}'>` : 'Opaque';
  }

  #enumeration(fundamental: string, type: string, nicks: string[]): string {
    let name = this.#enumerations.get(type)?.name;
    if (name === undefined) {
      name = this.#name(type);
      const kind = fundamental === 'GEnum' ? 'Enumeration' : 'Flags';
      this.#enumerations.set(type, { name, text: `type ${name} = ${kind}<[${nicks.map(quote).join(', ')}]>;\n` });
    }
    return name;
  }

  /** Some names of GTypes are not valid in TypeScript: libav's `aac-encoder-coder`. */
  #name(type: string): string {
    let name = type.replace(/\W/g, '_').replace(/^\d/, '_$&');
    while (this.#names.has(name)) name += '_';
    this.#names.add(name);
    return name;
  }
}

const quote = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
const key = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : quote(name));

function comment(text: string, indent: string): string {
  const lines = text.replaceAll('*/', '* /').split('\n');
  return lines.length === 1
    ? `${indent}/** ${lines[0]} */\n`
    : `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

/** The purpose of a property, its range, its default, when it may be changed, the meanings of its nicks. */
function about(property: RegisteredProperty): string {
  const { blurb, minimum, maximum, fundamental, nicks, descriptions, mutableIn } = property;
  const sentences = [(blurb ?? property.name).trim().replace(/\s+/g, ' ').replace(/\.$/, '')];
  const [least, most] = wholeRange.get(fundamental) ?? [];
  if (minimum !== null && fundamental !== 'GFlags' && !(isFull(minimum, least) && isFull(maximum, most)))
    sentences.push(`From ${shown(minimum)} to ${shown(maximum)}`);
  const usual = defaultOf(property);
  if (usual !== null) sentences.push(`Default ${usual}`);
  if (!property.readable) sentences.push('Can be set only');
  else if (property.constructOnly) sentences.push('Only a description can set it');
  else if (!property.writable) sentences.push('Can be read only');
  if (mutableIn === 'ready') sentences.push('Not to be changed while paused or playing');
  else if (mutableIn) sentences.push(`Can be changed while ${mutableIn}`);
  if (property.deprecated) sentences.push('Deprecated');
  const meanings = [...nicks.keys()].flatMap((nick) => {
    const meaning = descriptions.get(nick)?.trim().replace(/\s+/g, ' ');
    return meaning && meaning.toLowerCase() !== nick && !/^[A-Z0-9_]+$/.test(meaning)
      ? [`- \`${nick}\`: ${meaning}`]
      : [];
  });
  return [`${sentences.join('. ')}.`, ...meanings].join('\n');
}

const isFull = (value: number | bigint | null, extreme: number | bigint | undefined) =>
  value !== null && extreme !== undefined && BigInt(value) === BigInt(extreme);

const shown = (value: number | bigint | null): string =>
  typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(6))) : String(value);

function defaultOf({
  readable,
  writable,
  constructOnly,
  fundamental,
  default: usual,
}: RegisteredProperty): string | null {
  if (!readable || !(writable || constructOnly) || usual === null || typeof usual === 'object') return null;
  if (fundamental === 'GEnum' || fundamental === 'GFlags') return usual === '' ? null : `\`${usual}\``;
  if (typeof usual === 'number' || typeof usual === 'bigint') return shown(usual);
  return typeof usual === 'string' ? (usual === '' ? null : JSON.stringify(usual)) : String(usual);
}

/** `'push-buffer'(a: object | null): number;`: objects and boxed values are raw, enumerations are numbers. */
function printAction({ name, takes, returns }: ActionSignal): string {
  const parameters = takes.map((type, at) => `${String.fromCharCode(97 + at)}: ${plainType(type)}`);
  return `${key(name)}(${parameters.join(', ')}): ${plainType(returns)};`;
}

function plainType(type: string): string {
  if (type === 'void') return 'void';
  if (type === 'gboolean') return 'boolean';
  if (type === 'gchararray') return 'string | null';
  if (numbers[type]) return numbers[type] === 'LargeInteger' ? 'number | bigint' : 'number';
  return /^Gst(FlowReturn|Format|MultiHandleSinkSyncMethod|WebRTCRTPTransceiverDirection)$/.test(type)
    ? 'number'
    : 'object | null';
}
