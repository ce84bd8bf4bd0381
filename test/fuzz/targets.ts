/** Everything that can be called from outside, found by looking at the module itself. */
import * as gst from '../../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: misuse is what this is about
export type Any = any;

/** How a target is called, and of which class its receiver should be. */
export interface Target {
  /** `Buffer.alloc`, `Buffer#size`, `Buffer#size=`, `new Buffer`, `dmaDrm.parseCaps`. */
  readonly name: string;
  /** Class of the receiver; null where there is none. */
  readonly on: string | null;
  run(receiver: Any, values: readonly unknown[]): unknown;
}

const isClass = (value: unknown): boolean =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));

function targetsOf(owner: object, prefix: string, on: string | null, found: Map<string, Target>): void {
  for (const key of Reflect.ownKeys(owner)) {
    if (key === 'constructor') continue;
    const { get, set, value } = Reflect.getOwnPropertyDescriptor(owner, key) as PropertyDescriptor;
    const name = `${prefix}${typeof key === 'symbol' ? `[${key.description}]` : key}`;
    const receiver = (given: unknown): unknown => (on === null ? owner : given);
    const add = (id: string, run: Target['run']): void => {
      if (!found.has(id)) found.set(id, { name: id, on, run });
    };
    if (get) add(name, (given) => get.call(receiver(given)));
    if (set) add(`${name}=`, (given, [first]) => set.call(receiver(given), first));
    if (typeof value === 'function' && !isClass(value))
      add(name, (given, values) => value.apply(receiver(given), values));
  }
}

/** What calls give back that is of no exported class: their members, and where the first one comes from. */
const anonymous: Record<string, readonly string[]> = {
  ProposalList: ['length', 'at', 'add', 'set', 'removeAt', '[Symbol.iterator]'],
  Iterator: ['next', 'return', 'throw', '[Symbol.asyncIterator]'],
};

const keyOf = (name: string): PropertyKey =>
  name.startsWith('[') ? (Symbol as Any)[name.slice('[Symbol.'.length, -1)] : name;

/** The classes by name, those of anonymous objects without a prototype. */
export const classes = new Map<string, Any>(
  Object.entries(gst as Record<string, Any>).filter(([, value]) => isClass(value)),
);
/** What they extend is as easy to come by. */
const bases = new Map<string, Any>();
for (const made of classes.values())
  for (let at = Object.getPrototypeOf(made); isClass(at); at = Object.getPrototypeOf(at))
    if (!classes.has(at.name)) bases.set(at.name, at);

/** The class of an object as the table below has it; null for what has no members of its own. */
export function kindOf(value: unknown): string | null {
  if (value === null || typeof value !== 'object') return null;
  let best: string | null = null;
  for (const [name, made] of classes) {
    if (value instanceof made && (best === null || made.prototype instanceof classes.get(best))) best = name;
  }
  if (best !== null) return best;
  if (typeof (value as Any).removeAt === 'function') return 'ProposalList';
  if (typeof (value as Any).next === 'function') return 'Iterator';
  return null;
}

function discover(): Target[] {
  const found = new Map<string, Target>();
  for (const [name, value] of [...Object.entries(gst), ...bases] as [string, Any][]) {
    if (isClass(value)) {
      found.set(`new ${name}`, {
        name: `new ${name}`,
        on: null,
        run: (_, values) => new value(...values),
      });
      for (let at = value; isClass(at); at = Object.getPrototypeOf(at)) targetsOf(at, `${name}.`, null, found);
      // Those of a base are called on objects of the classes that extend it.
      if (bases.has(name)) continue;
      for (let at = value.prototype; at !== Object.prototype && at !== Error.prototype; at = Object.getPrototypeOf(at))
        targetsOf(at, `${name}#`, name, found);
    } else if (typeof value === 'function') {
      found.set(name, { name, on: null, run: (_, values) => value(...values) });
    } else if (typeof value === 'object') {
      targetsOf(value, `${name}.`, null, found);
    }
  }
  for (const [kind, members] of Object.entries(anonymous)) {
    for (const member of members) {
      const name = `${kind}#${member}`;
      found.set(name, {
        name,
        on: kind,
        run(receiver, values) {
          const value = receiver[keyOf(member)];
          return typeof value === 'function' ? value.apply(receiver, values) : value;
        },
      });
    }
  }
  found.set('gi', {
    name: 'gi',
    on: null,
    run: (_, [name]) => (typeof name === 'object' ? gst.gi : (gst.gi as Any)[name as PropertyKey]),
  });
  return [...found.values()];
}

export const targets: readonly Target[] = discover();
