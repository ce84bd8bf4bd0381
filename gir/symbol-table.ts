/** Writes `src/generated/symbols.ts`: the table from which both engines bind C functions, and its TypeScript types. */
import { namespaces } from './namespaces.ts';
import type { CFunction, Kind, Parameter, Repository } from './repository.ts';
import { fields, functions, nativeFunctions, structs } from './wanted.ts';

export interface TableEntry {
  gi: string;
  returns: string;
  takes: string[];
  since?: string;
  throws?: true;
  hidden?: true;
}

export interface Table {
  /** The shared library of each namespace, as its typelib names it; libraries that it links with are found too. */
  libraries: Record<string, string>;
  functions: Record<string, TableEntry>;
  fields: Record<string, [Kind, number]>;
  structs: Record<string, number>;
}

/** One argument in a word or two: `out mini+?` is a nullable mini-object that the caller then owns. */
function word(parameter: Parameter, all: Parameter[], index: number): string {
  const isLength = all.some((other) => other.kind === 'bytes' && other.length === index);
  const kind = isLength && !parameter.out ? 'length' : parameter.kind;
  const refCounted = ['mini', 'object', 'struct', 'string', 'bytes'].includes(kind);
  // Caller-allocated structs are results, as in GJS; the package needs only this kind.
  if (parameter.callerAllocates && parameter.cType === 'GstAllocationParams*') return 'into GstAllocationParams';
  const direction = parameter.callerAllocates ? 'into ' : parameter.out ? 'out ' : '';
  return `${direction}${kind}${parameter.transfer && refCounted ? '+' : ''}${parameter.nullable && refCounted ? '?' : ''}`;
}

export function entryOf(fn: CFunction): TableEntry {
  if (fn.parameters.some(({ kind }) => kind === 'void')) throw new Error(`${fn.symbol} takes any number of arguments`);
  return {
    gi: fn.path,
    returns: word(fn.returns, [], -1),
    takes: fn.parameters.map((parameter, index) => word(parameter, fn.parameters, index)),
    ...(fn.since ? { since: fn.since } : {}),
    ...(fn.throws ? { throws: true as const } : {}),
    ...(fn.introspectable ? {} : { hidden: true as const }),
  };
}

/** A parsed word. */
export interface Value {
  kind: string;
  direction: 'in' | 'out' | 'into';
  owned: boolean;
  nullable: boolean;
}

export function readWord(text: string): Value {
  const [, direction = 'in', kind = '', marks = ''] = /^(?:(out|into) )?(\w+)([+?]*)$/.exec(text) ?? [];
  return {
    kind,
    direction: direction as Value['direction'],
    owned: marks.includes('+'),
    nullable: marks.includes('?'),
  };
}

/** Every word of these functions, parsed. */
export function valuesOf(functions: Record<string, TableEntry>): Record<string, Value> {
  const words = new Set(Object.values(functions).flatMap(({ returns, takes }) => [returns, ...takes]));
  return Object.fromEntries([...words].sort().map((text) => [text, readWord(text)]));
}

/** The table of the installed GIR. `missing` has the wanted symbols that GIR lacks. */
export function buildTable(repository: Repository): { table: Table; missing: string[] } {
  const table: Table = { libraries: {}, functions: {}, fields: {}, structs: {} };
  const missing: string[] = [];
  for (const name of Object.keys(namespaces)) {
    const [namespace = ''] = name.split('-');
    const [library] = repository.libraries.get(namespace) ?? [];
    if (!library) throw new Error(`namespace ${namespace} has no shared library in the installed GIR`);
    table.libraries[namespace] = library;
  }
  for (const symbol of [...functions, ...nativeFunctions]) {
    const fn = repository.functions.get(symbol);
    if (fn) table.functions[symbol] = entryOf(fn);
    else missing.push(symbol);
  }
  for (const name of fields) {
    const [record = '', field] = name.split('.');
    const found = repository.records.get(record)?.fields.find((candidate) => candidate.name === field);
    if (!found) throw new Error(`field ${name} has no known offset in the installed GIR`);
    table.fields[name] = [found.kind, found.offset];
  }
  for (const name of structs) {
    const record = repository.records.get(name);
    if (!record?.complete) throw new Error(`struct ${name} has no known size in the installed GIR`);
    table.structs[name] = record.size;
  }
  return { table, missing };
}

const typeOf: Record<string, string> = {
  void: 'void',
  bool: 'boolean',
  string: 'string',
  bytes: 'Uint8Array',
  mini: 'Handle',
  object: 'Handle',
  struct: 'Handle',
  pointer: 'Handle',
  GstAllocationParams: 'Handle',
  int64: 'number | bigint',
  uint64: 'number | bigint',
};

const isResult = (text: string): boolean => readWord(text).direction !== 'in';

const typescript = (text: string): string => {
  const { kind, nullable } = readWord(text);
  return `${typeOf[kind] ?? 'number'}${nullable ? ' | null' : ''}`;
};

function signature(symbol: string, fn: TableEntry, names: string[]): string {
  const parameters = fn.takes
    .map((text, index) => ({ text, name: names[index] ?? `a${index}` }))
    .filter(({ text }) => !isResult(text) && text !== 'length')
    .map(({ text, name }) => `${name}: ${typescript(text)}`);
  const outs = fn.takes.map((text, index) => ({ text, index })).filter(({ text }) => isResult(text));
  const results = [...(fn.returns === 'void' ? [] : [fn.returns]), ...outs.map(({ text }) => text)].map(typescript);
  const result = results.length === 0 ? 'void' : results.length === 1 ? results[0] : `[${results.join(', ')}]`;
  return `  ${symbol}(${parameters.join(', ')}): ${result};`;
}

const reserved = new Set(['function', 'default', 'new', 'in', 'with']);

export function printTable(table: Table, repository: Repository): string {
  const names = (symbol: string): string[] =>
    repository.functions.get(symbol)?.parameters.map(({ name }) => camel(name)) ?? [];
  const lines = (object: Record<string, unknown>) =>
    Object.entries(object).map(([key, value]) => `  ${/^\w+$/.test(key) ? key : `'${key}'`}: ${literal(value)},`);
  return [
    "// Written by `npm run generate -- --symbols` from the installed GIR. Don't edit: add names to gir/wanted.ts.",
    '',
    'declare const handle: unique symbol;',
    '/** A native value as the engine has it: a pointer on Node, a wrapper in GJS. Only `src/runtime/` looks inside. */',
    'export interface Handle {',
    '  readonly [handle]: true;',
    '}',
    '',
    'export interface TableEntry {',
    '  readonly gi: string;',
    '  readonly returns: string;',
    '  readonly takes: readonly string[];',
    '  readonly since?: string;',
    '  readonly throws?: true;',
    '  readonly hidden?: true;',
    '}',
    '',
    '/** A word of the functions below, read. */',
    'export interface Value {',
    '  readonly kind: string;',
    '  /** `out`: C writes it to where the argument points. `into`: C fills what the caller allocates. */',
    "  readonly direction: 'in' | 'out' | 'into';",
    '  /** Whether the reference changes hands: of an argument to C, of a result to the caller. */',
    '  readonly owned: boolean;',
    '  readonly nullable: boolean;',
    '}',
    '',
    '/**',
    ' * C functions as TypeScript sees them: arguments are lent, results are owned, several results come as a tuple.',
    ' * Two exceptions, both without a reference count: a struct the callee consumes is given away, and one that is',
    " * not the caller's to free (`struct` without `+` in the table) is borrowed from its owner.",
    ' */',
    'export interface Functions {',
    ...functions.map((symbol) => signature(symbol, table.functions[symbol] as TableEntry, names(symbol))),
    '}',
    '',
    '/** The shared library of each namespace; the functions of what it is linked with are found through it as well. */',
    'export const libraries: Readonly<Record<string, string>> = {',
    ...lines(table.libraries),
    '};',
    '',
    '/** What the words of the functions say: `out mini+?` is a nullable mini-object that C gives and the caller owns. */',
    'export const values: Readonly<Record<string, Value>> = {',
    ...lines(valuesOf(table.functions)),
    '};',
    '',
    'export const functions: Readonly<Record<string, TableEntry>> = {',
    ...lines(table.functions),
    '};',
    '',
    '/** Kind and byte offset of struct fields (LP64). */',
    'export const fields = {',
    ...lines(table.fields),
    '} as const;',
    'export type FieldName = keyof typeof fields;',
    '',
    '/** Sizes of caller-allocated structs in bytes (LP64). */',
    'export const structs = {',
    ...lines(table.structs),
    '} as const;',
    'export type StructName = keyof typeof structs;',
    '',
  ].join('\n');
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (value && typeof value === 'object') {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${literal(inner)}`)
      .join(', ')} }`;
  }
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function camel(name: string): string {
  const result = name.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
  return reserved.has(result) ? `${result}_` : result;
}
