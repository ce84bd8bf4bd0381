/** Native handles: addresses on Node, wrappers in GJS. Nobody but the package has one, and nobody can give it one. */
import { assert } from 'chai';
import { host } from '#host';
import { type Facade, kindOf } from '../src/facade.ts';
import * as gst from '../src/index.ts';
import { shm, sysmem } from './harness/allocators.ts';
import { itInOwnProcess } from './harness/own-process.ts';

// biome-ignore lint/suspicious/noExplicitAny: what nobody is meant to call is what this is about
type Any = any;

const caps = 'video/x-raw, format=GRAY8, width=4, height=4';

/** Objects of every class that has something native, to be disposed by the caller. */
function objects(): Any[] {
  const buffer = gst.Buffer.alloc(16);
  const pipeline = gst.Pipeline.parse(
    'appsrc name=source ! fakesink name=other videotestsrc num-buffers=1 ! appsink name=sink',
  );
  class Own extends gst.CustomAllocator {
    allocate(size: number): gst.Memory {
      using system = sysmem();
      return system.alloc(size);
    }
  }
  return [
    sysmem(),
    shm(),
    new gst.FdAllocator(),
    new gst.DmaBufAllocator(),
    new Own(),
    found(new Own()),
    buffer.memory(0),
    buffer.map(1),
    gst.VideoFrame.map(buffer, gst.VideoInfo.fromCaps(caps), 1),
    gst.Sample.create(buffer, caps),
    gst.BufferPool.create({ size: 10, max: 1 }),
    new gst.AllocationQuery(null),
    pipeline.get('other'),
    pipeline.get('other').pad('sink'),
    pipeline.appSink('sink'),
    pipeline.appSrc('source'),
    buffer,
    pipeline,
  ];
}

/** What C gives back of one that was made in TypeScript. */
function found(made: gst.CustomAllocator): gst.Allocator {
  gst.Allocator.register('spec-handles', made);
  made.dispose();
  return gst.Allocator.find('spec-handles') as gst.Allocator;
}

/** Methods that start something, wait for it, or change what others have. */
const waits = /^(play|pause|stop|finished|seek|messages|frames|pull|push|acquire|allocation|endOfStream|setDefault)$/;

/** A function without a closure, which keeps nothing of its surroundings alive. */
const ignore = (): void => {};

const isClass = (value: unknown): boolean =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));

/** All that belongs to an object, and to what it inherits from, but for what every object and function has. */
function* members(of: Any): Generator<[string, PropertyDescriptor]> {
  const builtIn = [Object.prototype, Function.prototype, Array.prototype, Error.prototype];
  for (let at = of; at !== null && !builtIn.includes(at); at = Object.getPrototypeOf(at)) {
    for (const key of Reflect.ownKeys(at)) yield [String(key), Object.getOwnPropertyDescriptor(at, key) as Any];
  }
}

/** The exported classes, and those they extend. */
function classes(): Map<string, Any> {
  const found = new Map<string, Any>();
  for (const value of Object.values(gst) as Any[])
    for (let at = value; isClass(at); at = Object.getPrototypeOf(at)) found.set(at.name, at);
  return found;
}

/** Looks at all there is, and calls what looks as if it only gave something: where a handle came from. */
function leaksOfHandles(): string[] {
  const made = objects();
  const isFacade = (value: Any): value is Facade => {
    try {
      return kindOf(value) !== undefined;
    } catch {
      return false;
    }
  };
  const handles = new Set<unknown>(made.filter(isFacade).map((facade) => kindOf(facade).handleOf(facade)));
  assert.isAtLeast(handles.size, 10);
  const leaks: string[] = [];
  const seen = new Set<unknown>();
  const look = (path: string, value: Any): void => {
    const text = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value;
    if (handles.has(value) || handles.has(text)) leaks.push(path);
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
    seen.add(value);
    // What a facade made just now wraps is as native.
    if (isFacade(value) && !value.isDisposed) handles.add(kindOf(value).handleOf(value));
    if (ArrayBuffer.isView(value) || path.split(' ').length > 6) return;
    for (const [key, { get, value: member }] of members(value)) {
      // The raw object is what everybody may have, and behind it is not ours.
      if (key === 'gi' || key === 'constructor') continue;
      if (get) attempt(`${path} ${key}`, () => get.call(value));
      else if (typeof member !== 'function') look(`${path} ${key}`, member);
      else if (isClass(member)) look(`${path} ${key}`, member);
      else if (typeof value === 'function' || value === gst) ask(`${path} ${key}`, member, value);
      else attempt(`${path} ${key}`, () => Reflect.has(member, 'prototype') && member.prototype);
    }
  };
  const attempt = (path: string, use: () => Any): void => {
    try {
      const result = use();
      result?.catch?.(ignore);
      if (!(result instanceof Promise)) look(path, result);
    } catch {
      // Refused.
    }
  };
  /** A function beside the classes: it may be one that takes an object apart. */
  const ask = (path: string, use: Any, on: Any): void => {
    for (const one of made) attempt(path, () => use.call(on, one));
  };
  for (const [name, value] of Object.entries(gst) as [string, Any][]) {
    if (name === 'gi') continue;
    if (typeof value === 'function' && !isClass(value)) ask(name, value, undefined);
    look(name, value);
    for (let at = value; isClass(at); at = Object.getPrototypeOf(at)) look(`${name} base`, at);
  }
  for (const one of made) look(one.constructor.name, one);
  // What is protected in TypeScript is as public as anything else, and a method of the end may tell of it.
  for (const one of made) {
    for (const [key, { value }] of members(one))
      if (
        typeof value === 'function' &&
        !isClass(value) &&
        !/^(Symbol|dispose|takeBuffer|#)/.test(key) &&
        !waits.test(key)
      )
        attempt(`${one.constructor.name} ${key}()`, () => value.call(one));
  }
  for (const one of [...seen, ...made.toReversed()])
    attempt('the end', () => typeof one === 'object' && (one as Any)[Symbol.dispose]?.());
  // Somebody keeps the functions in here for a while, and with them what they see.
  for (const kept of [handles, seen]) kept.clear();
  made.length = 0;
  return leaks;
}

describe('Native handles', () => {
  it('come from nothing that can be reached', async () => {
    assert.deepEqual(leaksOfHandles(), []);
    await host.collect();
  });

  it('are not caught on their way: nothing takes the place of a class that another one extends', () => {
    const open: string[] = [];
    for (const [name, facade] of classes()) {
      const base = Object.getPrototypeOf(facade);
      if (base === Function.prototype || facade.prototype instanceof Error) continue;
      if (Reflect.setPrototypeOf(facade, class {})) {
        open.push(name);
        Reflect.setPrototypeOf(facade, base);
      }
    }
    assert.deepEqual(open, []);
  });

  it('are not taken: an address, and an object of another class, is refused everywhere', async () => {
    const ran = await host.run(async (gst) => {
      const address = 4096;
      const shared = gst as Any;
      const isClass = (value: unknown): boolean =>
        typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
      const classes = new Map<string, Any>();
      for (const value of Object.values(shared))
        for (let at = value as Any; isClass(at); at = Object.getPrototypeOf(at)) classes.set(at.name, at);
      const system = gst.Allocator.find('SystemMemory') as Any;
      const buffer = gst.Buffer.alloc(16);
      const memory = buffer.memory(0);
      const pipeline = gst.Pipeline.parse('appsrc name=source ! appsink name=sink');
      class Own extends gst.CustomAllocator {
        allocate(size: number): Any {
          return system.alloc(size);
        }
      }
      gst.Allocator.register('spec-own', new Own());
      const found = gst.Allocator.find('spec-own') as Any;
      classes.set('Found', found.constructor);
      const facades: Any[] = [
        system,
        found,
        new gst.FdAllocator(),
        memory,
        buffer,
        gst.Sample.create(buffer),
        gst.BufferPool.create({ size: 10, max: 1 }),
        new gst.AllocationQuery(null),
        pipeline.appSink('sink'),
        pipeline.appSrc('source'),
        pipeline,
      ];
      const forged = {
        name: 'Forged',
        rawType: 'GstMemory',
        family: 'mini',
        hooks: {},
        live: 0,
        is: () => true,
        handleOf: () => address,
      };
      const keys = [undefined, address, Symbol('gst-allocators'), Symbol.for('gst-allocators'), null];
      const taken = new Set<string>();
      const use = (made: Any): void => {
        for (const name of ['size', 'flags', 'memType', 'caps', 'state', 'gi']) {
          try {
            void made[name];
          } catch {
            // Refused.
          }
        }
      };
      for (const [name, facade] of classes) {
        for (const key of keys) {
          try {
            const made = new facade(key, address, forged);
            taken.add(`new ${name}`);
            use(made);
          } catch {
            // Refused.
          }
        }
        for (const key of Reflect.ownKeys(facade)) {
          const { value } = Object.getOwnPropertyDescriptor(facade, key) as Any;
          if (typeof value !== 'function' || isClass(value)) continue;
          for (const values of [[address], ...facades.map((one) => [one, address]), [{}, address]]) {
            try {
              await value.apply(facade, values);
            } catch {
              continue;
            }
            taken.add(`${name}.${String(key)}`);
          }
        }
        if (facade.prototype instanceof Error) continue;
        for (const key of Reflect.ownKeys(facade.prototype)) {
          const { get, set, value } = Object.getOwnPropertyDescriptor(facade.prototype, key) as Any;
          if (['constructor', 'dispose', Symbol.dispose, Symbol.asyncDispose].includes(key)) continue;
          for (const one of facades) {
            if (one instanceof facade) continue;
            // Objects of another class, that say they are of this one.
            for (const isDisguised of [false, true]) {
              const before = Object.getPrototypeOf(one);
              if (isDisguised) Object.setPrototypeOf(one, facade.prototype);
              try {
                if (get) get.call(one);
                else if (set) set.call(one, null);
                else if (typeof value === 'function') {
                  const result = await value.call(one, ...(key === 'map' ? [1] : [0, 1]));
                  if (typeof result?.next === 'function') await result.next();
                } else continue;
                taken.add(`${name}#${String(key)}`);
              } catch {
                // Refused.
              } finally {
                Object.setPrototypeOf(one, before);
              }
            }
          }
        }
      }
      for (const one of facades) use(one);
      return [...taken].sort();
    });
    // These take a number, or nothing at all, and ask the object they are called on for nothing native.
    const harmless =
      /^(new (Buffer|FdAllocator|DmaBufAllocator|AllocationQuery|Fraction|Segment|\w*Error)|\w+Allocator\.(initOnce|get)|Buffer\.alloc|\w+#howToAllocate|Fraction#toString|VideoInfo#fieldHeight|VideoInfo\.formats|Caps#(toString|Symbol\(Symbol\.iterator\))|MappedPlanes#planes)$/;
    assert.strictEqual(ran.stderr, '');
    assert.strictEqual(ran.status, 0);
    assert.deepEqual(
      ran.value?.filter((name) => !harmless.test(name)),
      [],
    );
  });

  itInOwnProcess(
    'are not taken by `new` of a class whose objects the package makes',
    Array(9).fill('TypeError'),
    async (gst, attempt) => {
      const { AudioBuffer, AudioInfo, FrameReader, FrameWriter, Mapping, ShmdataReader, ShmdataWriter } = gst;
      for (const made of [AudioBuffer, AudioInfo, FrameReader, FrameWriter, Mapping, ShmdataReader, ShmdataWriter])
        await attempt(() => new (made as Any)(0, 4096));
      for (const made of [gst.VideoFrame, gst.VideoInfo]) await attempt(() => new (made as Any)(0, 4096));
    },
  );

  itInOwnProcess(
    'are not taken by constructors, which ignore an address',
    ['none', 'none', 'none'],
    async (gst, attempt) => {
      for (const made of [gst.Buffer, gst.FdAllocator, gst.DmaBufAllocator]) {
        await attempt(() => {
          const object = new (made as Any)(undefined, 4096);
          void object.gi;
          void object.flags;
          object.dispose();
        });
      }
    },
  );
});
