/**
 * Lifetimes against a model: whatever the order in which buffers are acquired, mapped, shared, copied, disposed, pushed,
 * pulled and their pool stopped, bytes stay what they were as long as somebody may see them, and not longer; what is
 * over says so; and the pool has back exactly what nobody holds.
 */
import { assert } from 'chai';
import fc from 'fast-check';
import { host } from '#host';
import {
  type AppSink,
  type AppSrc,
  allocationCounters,
  Buffer,
  BufferPool,
  DisposedError,
  type Mapping,
  Memory,
  Pipeline,
  PoolError,
  Sample,
} from '../src/index.ts';
import { throws } from './harness/expectations.ts';

const verbs = ['acquire', 'map', 'share', 'copy', 'dispose', 'push', 'pull', 'stop'] as const;
type Verb = (typeof verbs)[number];

const size = 64;
const max = 2;
/** GJS cannot have its collector run for each of so many. */
const depth = Number(host.environment('GST_ALLOCATORS_DEPTH') || (host.disposesAtOnce ? 5 : 3));
const runs = Number(host.environment('GST_ALLOCATORS_RUNS') || (host.disposesAtOnce ? 2000 : 60));
/** With a collection after each step. */
const collectedRuns = Math.max(3, Math.round(runs / 600));
const seed = Number(host.environment('GST_ALLOCATORS_SEED') || Date.now() % 2 ** 31);

/** A buffer of the pool, and how many hold it. */
interface Root {
  holders: number;
}

/** A facade, and what the model knows of it. */
interface Thing {
  readonly object: Buffer | Memory | Sample;
  /** The value of all its bytes. */
  readonly stamp: number;
  readonly length: number;
  /** What it keeps from the pool. */
  readonly root: Root | null;
  /** What it is a memory of: that does not keep it from the pool, and shows what its next owner writes. */
  readonly lender: Root | null;
  readonly mappings: Mapping[];
  isAlive: boolean;
}

/** The stream, which outlives the worlds: a pipeline takes longer to make than all that is tried with it. */
interface Stream {
  readonly source: AppSrc;
  readonly sink: AppSink;
  /** An appsink holds its last sample until the next one comes. */
  last: Root | null;
}

class World {
  readonly #stream: Stream;
  readonly #pool = BufferPool.create({ size, max });
  readonly #things: Thing[] = [];
  readonly #queue: Pick<Thing, 'stamp' | 'length' | 'root'>[] = [];
  #isStopped = false;
  #outstanding = 0;
  #stamps = 0;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  #hold(root: Root | null): void {
    if (root) root.holders++;
  }

  #release(root: Root | null): void {
    if (root && --root.holders === 0) this.#outstanding--;
  }

  #add(object: Thing['object'], of: Pick<Thing, 'stamp' | 'length' | 'root'>, lender: Root | null = null): void {
    this.#things.push({ object, ...of, lender, mappings: [], isAlive: true });
  }

  /** @param pick which thing it is done to, counted from the newest */
  async step(verb: Verb, pick: number): Promise<void> {
    const thing = this.#things.at(-1 - (pick % Math.max(1, this.#things.length)));
    if (verb === 'acquire') await this.#acquire();
    else if (verb === 'pull') await this.#pull();
    else if (verb === 'stop') this.#stop();
    else if (thing) await this.#does(verb, thing);
    this.#check();
  }

  async #acquire(): Promise<void> {
    if (this.#isStopped) return void throws(() => this.#pool.tryAcquire(), PoolError, /stopped/);
    const expected = this.#outstanding < max;
    let buffer = this.#pool.tryAcquire();
    // The streaming thread lets go of what it has handed on a moment after, and GJS of what its collector finds.
    for (let look = 0; expected && !buffer && look < 10; look++) {
      await host.collect();
      buffer = this.#pool.tryAcquire();
    }
    assert.strictEqual(buffer !== null, expected, `a buffer with ${this.#outstanding} of ${max} out`);
    if (!buffer) return;
    this.#stamps = (this.#stamps % 255) + 1;
    const stamp = this.#stamps;
    buffer.memset(0, stamp, size);
    this.#outstanding++;
    this.#add(buffer, { stamp, length: size, root: { holders: 1 } });
  }

  #stop(): void {
    if (this.#isStopped) this.#pool.start();
    else this.#pool.stop();
    this.#isStopped = !this.#isStopped;
    assert.strictEqual(this.#pool.isActive, !this.#isStopped);
  }

  async #pull(): Promise<void> {
    const { sink } = this.#stream;
    const next = this.#queue.shift();
    if (!next) return void assert.isNull(sink.tryPull());
    const sample = await sink.pull({ timeout: 10e9 });
    assert.isNotNull(sample);
    this.#release(this.#stream.last);
    this.#stream.last = next.root;
    this.#hold(next.root);
    // What it held before, it holds now as the newest sample.
    this.#add(sample as Sample, next);
  }

  async #does(verb: Verb, thing: Thing): Promise<void> {
    const { object, isAlive } = thing;
    if (verb === 'dispose') {
      object.dispose();
      if (isAlive) this.#release(thing.root);
      thing.isAlive = false;
      assert.isTrue(object.isDisposed);
      return;
    }
    const act = this.#acts(verb, thing);
    if (!act) return;
    if (isAlive) return act();
    const failure = await act().then(
      () => null,
      (error: unknown) => error,
    );
    assert.instanceOf(failure, DisposedError, `${verb} of what was disposed`);
  }

  /** Null for what cannot be done to such a thing. */
  #acts(verb: Verb, thing: Thing): (() => Promise<void>) | null {
    const { object, stamp, length, root, lender, mappings } = thing;
    if (verb === 'map')
      return async () => {
        const mapped = object instanceof Sample ? object.buffer : object;
        if (mapped) mappings.push(mapped.map());
      };
    if (object instanceof Sample) return null;
    if (verb === 'push') {
      if (!(object instanceof Buffer)) return null;
      return async () => {
        await this.#stream.source.push(object);
        this.#hold(root);
        this.#queue.push({ stamp, length, root });
      };
    }
    if (verb === 'copy')
      return async () => {
        // A copy of a pool's buffer shares its memory, and keeps it from the pool. One of a memory has bytes of its own.
        const kept = object instanceof Buffer ? root : null;
        this.#add(object.copy(), { stamp, length, root: kept }, lender?.holders === 0 ? lender : null);
        this.#hold(kept);
      };
    if (object instanceof Memory)
      return async () => this.#add(object.share(0, length >> 1), { stamp, length: length >> 1, root: null }, lender);
    return async () => this.#add(object.memory(0), { stamp, length, root: null }, root);
  }

  /** What holds after each step. */
  #check(): void {
    for (const { object, stamp, length, lender, mappings, isAlive } of this.#things) {
      assert.strictEqual(object.isDisposed, !isAlive);
      for (const mapping of mappings) {
        assert.strictEqual(mapping.isDisposed, !isAlive);
        const { bytes } = mapping;
        assert.strictEqual(bytes.length, isAlive ? length : 0);
        if (isAlive && lender?.holders !== 0)
          assert.isTrue(bytes[0] === stamp && bytes[length - 1] === stamp, `${bytes[0]} where ${stamp} was`);
      }
    }
  }

  /** Lets go of everything, whatever is wrong with it. */
  abandon(): void {
    for (const { object } of this.#things) object.dispose();
    this.#pool.dispose();
  }

  /** Lets go of everything; the pool must have it all again. */
  async end(): Promise<void> {
    if (this.#isStopped) this.#stop();
    for (const thing of this.#things) if (thing.isAlive) await this.#does('dispose', thing);
    while (this.#queue.length) {
      await this.#pull();
      await this.#does('dispose', this.#things.at(-1) as Thing);
    }
    const free = max - this.#outstanding;
    for (let count = 0; count < free; count++) await this.#acquire();
    assert.isNull(this.#pool.tryAcquire());
    for (const thing of this.#things) if (thing.isAlive) await this.#does('dispose', thing);
    this.#check();
    this.#pool.dispose();
    // It is of another pool from now on.
    this.#stream.last = null;
  }
}

/** Takes what a failed order left in the stream out of it. */
async function sinkHasMore({ sink }: Stream): Promise<boolean> {
  const sample = await sink.pull({ timeout: 50e6 }).catch(() => null);
  sample?.dispose();
  return sample !== null;
}

describe('Lifetimes', function () {
  this.timeout(3_600_000);
  let stream: Stream;
  let pipeline: Pipeline;

  beforeEach(async () => {
    pipeline = Pipeline.parse('appsrc name=source format=time ! appsink name=sink sync=false');
    await pipeline.play();
    stream = { source: pipeline.appSrc('source'), sink: pipeline.appSink('sink'), last: null };
    // The first buffer of a stream is copied where somebody else has it, and held for whoever wants a preroll.
    for (let round = 0; round < 2; round++) {
      using buffer = Buffer.alloc(1);
      await stream.source.push(buffer);
      (await stream.sink.pull())?.dispose();
    }
  });
  afterEach(async () => {
    await pipeline.stop();
    pipeline.dispose();
  });

  async function live(steps: readonly (readonly [Verb, number])[], between?: () => Promise<void>): Promise<void> {
    const before = allocationCounters();
    const world = new World(stream);
    try {
      for (const [verb, pick] of steps) {
        await world.step(verb, pick);
        await between?.();
      }
      await world.end();
    } catch (error) {
      world.abandon();
      while (await sinkHasMore(stream)) stream.last = null;
      throw error;
    }
    assert.deepEqual(allocationCounters(), before);
  }

  it(`hold for each order of up to ${depth} steps`, async () => {
    let orders = 0;
    const each = async (steps: [Verb, number][]): Promise<void> => {
      if (steps.length === depth) {
        orders++;
        await live(steps).catch((error: Error) => {
          throw new Error(`${steps.map(([verb]) => verb).join(', ')}: ${error.message}`, { cause: error });
        });
        return;
      }
      for (const verb of verbs) await each([...steps, [verb, 0]]);
    };
    // Each shorter order is the beginning of a longer one, and checked at each step of that.
    await each([]);
    assert.strictEqual(orders, verbs.length ** depth);
  });

  const ordersOf = (maxLength: number) => {
    const step = fc.tuple(fc.constantFrom(...verbs, 'acquire' as const), fc.nat({ max: 5 }));
    return fc.array(step, { minLength: 1, maxLength, size: 'max' });
  };

  it(`hold for ${runs} random orders of up to 60 steps (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(ordersOf(60), (steps) => live(steps)),
      { seed, numRuns: runs },
    );
  });

  it(`hold where the collector runs after each step (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(ordersOf(20), (steps) => live(steps, () => host.collect())),
      { seed, numRuns: collectedRuns },
    );
  });
});
