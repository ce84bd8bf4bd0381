/**
 * Reads installed GIR files into a small model: functions by C symbol, records with their C layout,
 * enumerations by C name. All that the package knows about C functions and structs comes from here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';

/** How a value is converted; `mini` is a GstMiniObject, `object` a GObject, `struct` any other record. */
export type Kind =
  | 'void'
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'size'
  | 'float'
  | 'double'
  | 'string'
  | 'bytes'
  | 'mini'
  | 'object'
  | 'struct'
  | 'pointer';

export interface Parameter {
  name: string;
  kind: Kind;
  cType: string;
  out: boolean;
  callerAllocates: boolean;
  nullable: boolean;
  /** The callee takes over the reference (in), or the caller gets one (out). */
  transfer: boolean;
  /** For `bytes`: the index of the parameter that carries the length. */
  length?: number;
}

export interface CFunction {
  symbol: string;
  namespace: string;
  /** Its path in introspection: `Gst.Buffer#fill` (method), `Gst.Buffer.new` (static), `Gst.init` (function). */
  path: string;
  since: string | null;
  introspectable: boolean;
  throws: boolean;
  returns: Parameter;
  parameters: Parameter[];
}

export interface Field {
  name: string;
  kind: Kind;
  offset: number;
}

export interface CRecord {
  cName: string;
  size: number;
  alignment: number;
  fields: Field[];
  /** False after a field of unknown size: later fields have no known offset. */
  complete: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: the parsed XML has no other type
type Xml = any;

const scalars: Record<string, [Kind, number]> = {
  gboolean: ['bool', 4],
  gchar: ['int8', 1],
  gint8: ['int8', 1],
  guint8: ['uint8', 1],
  guchar: ['uint8', 1],
  gint16: ['int16', 2],
  guint16: ['uint16', 2],
  gshort: ['int16', 2],
  gushort: ['uint16', 2],
  gint: ['int32', 4],
  gint32: ['int32', 4],
  guint: ['uint32', 4],
  guint32: ['uint32', 4],
  gint64: ['int64', 8],
  guint64: ['uint64', 8],
  glong: ['int64', 8],
  gulong: ['uint64', 8],
  gsize: ['size', 8],
  gssize: ['int64', 8],
  goffset: ['int64', 8],
  gintptr: ['int64', 8],
  guintptr: ['size', 8],
  GType: ['size', 8],
  gfloat: ['float', 4],
  gdouble: ['double', 8],
};

/** Mini-objects whose record is empty in GIR, so that the first field does not identify them. */
const opaqueMiniObjects = new Set(['GstSample', 'GstBufferList', 'GstContext']);

const plural = [
  'function',
  'method',
  'creator',
  'parameter',
  'field',
  'record',
  'class',
  'interface',
  'alias',
  'enumeration',
  'bitfield',
  'member',
  'callback',
  'union',
  'constant',
  'include',
  'virtual-method',
  'function-macro',
  'property',
  'glib:signal',
];

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseAttributeValue: false,
  parseTagValue: false,
  processEntities: true,
  // The parser refuses an element called `constructor` (it would be a property of every object).
  transformTagName: (name) => (name === 'constructor' ? 'creator' : name),
  isArray: (name) => plural.includes(name),
});

/** Debian keeps most GIR files in /usr/share, but the architecture's own in its library directory. */
export function girDirectories(): string[] {
  const dataDirectories = (process.env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':');
  const libraries = existsSync('/usr/lib')
    ? readdirSync('/usr/lib')
        .filter((name) => name.includes('-linux-'))
        .map((name) => `/usr/lib/${name}`)
    : [];
  return [...dataDirectories, '/usr/share', ...libraries, '/usr/lib64'].map((path) => join(path, 'gir-1.0'));
}

export function findGir(name: string): string {
  const places = girDirectories().map((directory) => join(directory, `${name}.gir`));
  const found = places.find((path) => existsSync(path));
  if (!found) {
    throw new Error(
      `expected ${name}.gir in one of ${girDirectories().join(', ')}; install GStreamer's development packages`,
    );
  }
  return found;
}

export class Repository {
  readonly functions = new Map<string, CFunction>();
  readonly records = new Map<string, CRecord>();
  /** Values of every enumeration and bitfield member by C identifier (`GST_MAP_READ`). */
  readonly values = new Map<string, number>();
  readonly constants = new Map<string, string>();
  readonly libraries = new Map<string, string[]>();
  /**
   * Public symbols by namespace, which the ledger must contain. C names; for symbols without one `Type:property`,
   * `Type::signal` and `Type.virtual_method`.
   */
  readonly symbols = new Map<string, string[]>();
  /** The version of a namespace: that of its newest function. */
  readonly newest = new Map<string, string>();

  #kinds = new Map<
    string,
    { kind: Kind; cName: string; size?: number; xml?: Xml; namespace: string; union?: boolean }
  >();

  constructor(names: Iterable<string>) {
    const parsed = new Map<string, Xml>();
    const load = (name: string): void => {
      if (parsed.has(name)) return;
      const { repository } = parser.parse(readFileSync(findGir(name), 'utf8'));
      parsed.set(name, repository.namespace);
      for (const include of repository.include ?? []) {
        if (/^(Gst|GObject|GLib|Gio)/.test(include['@name'])) load(`${include['@name']}-${include['@version']}`);
      }
    };
    for (const name of names) load(name);
    for (const namespace of parsed.values()) this.#declare(namespace);
    for (const namespace of parsed.values()) this.#define(namespace);
  }

  #declare(namespace: Xml): void {
    const prefix = namespace['@name'];
    const set = (xml: Xml, kind: Kind, size?: number, union = false) =>
      this.#kinds.set(`${prefix}.${xml['@name']}`, {
        kind,
        union,
        cName: xml['@c:type'] ?? xml['@glib:type-name'],
        namespace: prefix,
        xml,
        ...(size === undefined ? {} : { size }),
      });
    for (const xml of namespace.class ?? []) set(xml, 'object');
    for (const xml of namespace.interface ?? []) set(xml, 'object');
    for (const xml of namespace.record ?? []) {
      const first = xml.field?.[0]?.type?.['@name'];
      const mini = /^(Gst\.)?MiniObject$/.test(first ?? '') || opaqueMiniObjects.has(xml['@c:type']);
      set(xml, mini ? 'mini' : 'struct');
    }
    for (const xml of namespace.union ?? []) set(xml, 'struct', undefined, true);
    for (const xml of namespace.callback ?? []) set(xml, 'pointer', 8);
    for (const xml of [...(namespace.enumeration ?? []), ...(namespace.bitfield ?? [])]) {
      const negative = (xml.member ?? []).some((member: Xml) => member['@value'].startsWith('-'));
      set(xml, negative ? 'int32' : 'uint32', 4);
      for (const member of xml.member ?? []) this.values.set(member['@c:identifier'], Number(member['@value']));
    }
    for (const xml of namespace.alias ?? []) {
      const [kind, size] = scalars[xml.type?.['@name']] ?? ['pointer', 8];
      set(xml, kind, size);
    }
    for (const xml of namespace.constant ?? []) this.constants.set(xml['@c:type'], xml['@value']);
    this.libraries.set(prefix, (namespace['@shared-library'] ?? '').split(',').filter(Boolean));
  }

  #define(namespace: Xml): void {
    const prefix: string = namespace['@name'];
    const symbols: string[] = [];
    this.symbols.set(prefix, symbols);
    let newest = '0';
    const add = (xml: Xml, path: string, instance: boolean): void => {
      const symbol = xml['@c:identifier'];
      if (!symbol || xml['@moved-to']) return;
      symbols.push(symbol);
      if (compareVersions(xml['@version'] ?? '0', newest) > 0) newest = xml['@version'];
      this.functions.set(symbol, this.#function(xml, symbol, prefix, path, instance));
    };
    for (const xml of namespace.function ?? []) add(xml, `${prefix}.${xml['@name']}`, false);
    for (const holder of ['class', 'record', 'interface', 'enumeration', 'bitfield']) {
      for (const type of namespace[holder] ?? []) {
        const name = `${prefix}.${type['@name']}`;
        for (const xml of type.creator ?? []) add(xml, `${name}.${xml['@name']}`, false);
        for (const xml of type.function ?? []) add(xml, `${name}.${xml['@name']}`, false);
        for (const xml of type.method ?? []) add(xml, `${name}#${xml['@name']}`, true);
        if (type.field) this.#layout(name);
      }
    }
    for (const xml of namespace.constant ?? []) symbols.push(xml['@c:type']);
    for (const xml of namespace['function-macro'] ?? []) symbols.push(xml['@c:identifier']);
    for (const holder of ['class', 'interface', 'record', 'enumeration', 'bitfield', 'callback', 'alias', 'union']) {
      for (const type of namespace[holder] ?? []) {
        const name: string = type['@c:type'] ?? type['@glib:type-name'];
        symbols.push(name);
        for (const xml of type.member ?? []) symbols.push(xml['@c:identifier']);
        for (const xml of type.property ?? []) symbols.push(`${name}:${xml['@name']}`);
        for (const xml of type['glib:signal'] ?? []) symbols.push(`${name}::${xml['@name']}`);
        // A virtual method with an invoker has the invoker's symbol.
        for (const xml of type['virtual-method'] ?? []) {
          if (!xml['@invoker']) symbols.push(`${name}.${xml['@name']}`);
        }
      }
    }
    this.newest.set(prefix, newest);
  }

  #function(xml: Xml, symbol: string, namespace: string, path: string, method: boolean): CFunction {
    const list: Xml[] = xml.parameters?.parameter ?? [];
    const parameters = list.map((parameter) => this.#parameter(parameter, namespace));
    const instance = xml.parameters?.['instance-parameter'];
    if (method && instance) {
      parameters.unshift(this.#parameter(instance, namespace));
      // GIR counts array lengths without the instance.
      for (const parameter of parameters) if (parameter.length !== undefined) parameter.length++;
    }
    return {
      symbol,
      namespace,
      path,
      since: xml['@version'] ?? null,
      introspectable: xml['@introspectable'] !== '0',
      throws: xml['@throws'] === '1',
      returns: this.#parameter(xml['return-value'], namespace),
      parameters,
    };
  }

  #parameter(xml: Xml, namespace: string): Parameter {
    const type = xml.type ?? xml.array ?? {};
    const cType: string = type['@c:type'] ?? '';
    const out = xml['@direction'] === 'out';
    const inout = xml['@direction'] === 'inout';
    const parameter: Parameter = {
      name: xml['@name'] ?? 'result',
      kind: inout ? 'pointer' : xml.array ? arrayKind(xml.array) : this.#kind(type['@name'], cType, namespace, out),
      cType,
      out,
      callerAllocates: xml['@caller-allocates'] === '1',
      nullable: xml['@nullable'] === '1' || xml['@allow-none'] === '1' || xml['@optional'] === '1',
      transfer: xml['@transfer-ownership'] === 'full',
    };
    if (xml.array?.['@length'] !== undefined) parameter.length = Number(xml.array['@length']);
    return parameter;
  }

  #kind(name: string | undefined, cType: string, namespace: string, out: boolean): Kind {
    if (!name || name === 'none') return 'void';
    if (name === 'utf8' || name === 'filename') return 'string';
    if (name === 'gpointer' || name === 'gconstpointer') return 'pointer';
    const pointers = cType.replace(/[^*]/g, '').length - (out ? 1 : 0);
    const scalar = scalars[name];
    if (scalar) return pointers > 0 ? 'pointer' : scalar[0];
    return this.#kinds.get(name.includes('.') ? name : `${namespace}.${name}`)?.kind ?? 'pointer';
  }

  /** Lays a record out as the C compiler does on LP64; stops at the first field whose size is not in GIR. */
  #layout(name: string): CRecord {
    const type = this.#kinds.get(name);
    const done = type && this.records.get(type.cName);
    if (done) return done;
    const record: CRecord = { cName: type?.cName ?? name, size: 0, alignment: 1, fields: [], complete: true };
    if (!type) return { ...record, complete: false };
    this.records.set(type.cName, record);
    // The parser separates a record's unions from its fields and loses their position. The union called ABI,
    // GStreamer's padding for future fields, is last.
    const unions: Xml[] = type.union ? [] : (type.xml.union ?? []);
    const isMixed = unions.some((union) => union['@name'] !== 'ABI');
    record.complete = unions.length === 0;
    let offset = 0;
    for (const xml of type.xml.field ?? []) {
      const measured = this.#measure(xml, type.namespace);
      if (!measured || xml['@bits'] || isMixed) {
        record.complete = false;
        break;
      }
      const start = type.union ? 0 : Math.ceil(offset / measured.align) * measured.align;
      record.fields.push({ name: xml['@name'], kind: measured.kind, offset: start });
      offset = Math.max(offset, start + measured.size);
      record.alignment = Math.max(record.alignment, measured.align);
    }
    record.size = Math.ceil(offset / record.alignment) * record.alignment;
    return record;
  }

  #measure(xml: Xml, namespace: string): { kind: Kind; size: number; align: number } | null {
    if (xml.callback) return { kind: 'pointer', size: 8, align: 8 };
    const node = xml.array?.['@fixed-size'] ? xml.array : null;
    const type = node ? node.type : (xml.type ?? null);
    if (xml.array && !node) {
      // Older GIR declares a pointer to one struct where newer GIR declares an array.
      const isStruct = this.#kind(xml.array.type?.['@name'], '*', namespace, false) === 'struct';
      return { kind: isStruct ? 'struct' : 'pointer', size: 8, align: 8 };
    }
    if (!type) return null;
    const count = node ? Number(node['@fixed-size']) : 1;
    const one = this.#measureType(type['@name'], type['@c:type'] ?? '', namespace);
    return one && { ...one, size: one.size * count };
  }

  #measureType(name: string, cType: string, namespace: string): { kind: Kind; size: number; align: number } | null {
    const full = name.includes('.') ? name : `${namespace}.${name}`;
    const type = this.#kinds.get(full);
    if (cType.includes('*') || /^(utf8|filename|gpointer|gconstpointer)$/.test(name)) {
      return { kind: this.#kind(name, cType, namespace, false), size: 8, align: 8 };
    }
    const scalar = scalars[name];
    if (scalar) return { kind: scalar[0], size: scalar[1], align: scalar[1] };
    if (!type) return null;
    if (type.size !== undefined) return { kind: type.kind, size: type.size, align: type.size };
    const record = this.#layout(full);
    return record.complete ? { kind: 'struct', size: record.size, align: record.alignment } : null;
  }
}

function arrayKind(array: Xml): Kind {
  return array.type?.['@name'] === 'guint8' && array['@length'] !== undefined ? 'bytes' : 'pointer';
}

export function compareVersions(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (x?.[i] ?? 0) - (y?.[i] ?? 0);
    if (difference) return difference;
  }
  return 0;
}
