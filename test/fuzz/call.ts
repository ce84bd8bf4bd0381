/** Calls as data: what is generated from a seed, written down before it is made, and made again in a replay. */
import fc from 'fast-check';
import { goodArguments, weights } from './good-arguments.ts';
import { hostileNames } from './hostile.ts';
import { targets } from './targets.ts';

/** A value by its description. */
export type Value =
  /** As it is. */
  | { json: unknown }
  /** One of the table of hostile values. */
  | { hostile: string }
  /**
   * The `at`-th object of a class that was made so far; `raw`: what the engine's own bindings have for it. Written down it
   * has the `id` of the object, so that a replay without some of the calls takes the same one.
   */
  | { a: string; at: number; raw?: boolean; id?: string }
  /** An open fd of a fresh file of that many bytes. */
  | { file: number }
  | { bytes: number }
  | { list: Value[] }
  | { record: Record<string, Value> }
  /** The same with getters, or behind a proxy, that make calls before they give the value. */
  | { getters: Record<string, Value>; calls: Call[] }
  | { proxy: Value; calls: Call[] }
  /** A function that makes calls and gives the value back. */
  | { does: Call[]; gives: Value };

export interface Call {
  target: string;
  /** What objects that come from it are called by. */
  id?: string;
  /** The receiver: like `at`, and like `id`. */
  on: number;
  onId?: string;
  with: Value[];
  /** What happens after it: nothing, a turn of the event loop, or a short wait for what it promises. */
  after: 'go on' | 'breathe' | 'await';
  /** Whether the receiver is new. */
  onNew?: boolean;
}

const largestIndex = 1000;

const hostile: fc.Arbitrary<Value> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...hostileNames).map((hostile) => ({ hostile })) },
  { weight: 1, arbitrary: fc.record({ a: fc.constant('any'), at: fc.nat(largestIndex), raw: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc
      .anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true, maxDepth: 1 })
      .map((json) => ({ json: asJson(json) })),
  },
);

/** Only what survives the way to another process. */
function asJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null');
  } catch {
    return null;
  }
}

/** Good arguments with something hostile put in the place of one of them, or of a key of one. */
function spoil(values: Value[], place: number, bad: Value, calls: Call[], how: number): Value[] {
  if (values.length === 0) return [bad];
  const at = place % values.length;
  const one = values[at] as Value;
  const replaced = (): Value => {
    if ('record' in one) {
      const keys = Object.keys(one.record);
      const key = keys[how % Math.max(keys.length, 1)] ?? 'none';
      if (how % 4 === 0) return { getters: one.record, calls };
      if (how % 4 === 1) return { proxy: one, calls };
      if (how % 4 === 2) return { record: { ...one.record, [key]: bad } };
    }
    if ('list' in one && how % 2) return { list: [...one.list, bad] };
    if ('does' in one && how % 2) return { does: calls, gives: bad };
    if ('a' in one && how % 3 === 0) return { ...one, raw: true };
    return bad;
  };
  return values.toSpliced(at, 1, replaced());
}

function callOf(name: string, inner: fc.Arbitrary<Call[]>): fc.Arbitrary<Call> {
  const good = goodArguments(name);
  const spoilt = fc
    .tuple(good, fc.nat(9), hostile, inner, fc.nat(11))
    .map(([values, place, bad, calls, how]) => spoil(values, place, bad, calls, how));
  return fc.record({
    target: fc.constant(name),
    on: fc.nat(largestIndex),
    with: fc.oneof(
      { weight: 6, arbitrary: good },
      { weight: 4, arbitrary: spoilt },
      { weight: 1, arbitrary: fc.array(hostile, { maxLength: 4 }) },
    ),
    after: fc.oneof(
      { weight: 12, arbitrary: fc.constant('go on' as const) },
      { weight: 2, arbitrary: fc.constant('breathe' as const) },
      { weight: 4, arbitrary: fc.constant('await' as const) },
    ),
  });
}

const oneOf = (inner: fc.Arbitrary<Call[]>): fc.Arbitrary<Call> =>
  fc.oneof(...targets.map(({ name }) => ({ weight: weights(name), arbitrary: callOf(name, inner) })));

/** What is called from inside other calls calls nothing in its turn. */
const simple = fc.array(oneOf(fc.constant([])), { minLength: 1, maxLength: 2 });
const call = oneOf(simple);

export const callsOf = (seed: number, count: number): Call[] => fc.sample(call, { seed, numRuns: count });

/** Calls with good arguments on new receivers, which chance has not made of the random ones. */
export const goodCallsOf = (names: readonly string[], count: number): Call[] =>
  names.flatMap((target) =>
    fc
      .sample(fc.tuple(goodArguments(target), fc.nat(largestIndex)), { seed: 1, numRuns: count })
      .map(([values, at]): Call => ({ target, on: at * 8 + 3, with: values, after: 'await', onNew: true })),
  );
