import { assert } from 'chai';
import fc from 'fast-check';
import {
  expectBoolean,
  expectBytes,
  expectFlags,
  expectFunction,
  expectInteger,
  expectOptions,
  expectSize,
  expectString,
  nearest,
} from '../src/expect.ts';
import { throws } from './harness/expectations.ts';
import { type Any, itInOwnProcess } from './harness/own-process.ts';

const noNumber = fc.anything().filter((value) => typeof value !== 'number');

describe('Argument checks', () => {
  it('expectSize takes safe integers from 0 on, and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger()), (value) => {
        if (Number.isSafeInteger(value) && value >= 0) assert.strictEqual(expectSize('x', value), value);
        else
          throws(() => expectSize('x', value) as never, RangeError, /expected `x` to be an integer of at least 0, got/);
      }),
    );
    fc.assert(
      fc.property(noNumber, (value) => {
        throws(() => expectSize('x', value) as never, TypeError, /expected `x` to be .* got/s);
      }),
    );
  });

  it('expectSize and expectInteger keep to their limits', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.integer({ min: -10, max: 210 }), (least, more, value) => {
        const most = least + more;
        const inside = value >= least && value <= most;
        if (inside) {
          assert.strictEqual(expectSize('x', value, most, least), value);
          assert.strictEqual(expectInteger('x', value, least, most), value);
        } else {
          throws(
            () => expectSize('x', value, most, least) as never,
            RangeError,
            new RegExp(`${least}.*${most}.*${value}`),
          );
          throws(() => expectInteger('x', value, least, most) as never, RangeError);
        }
      }),
    );
  });

  it('expectFlags takes 32 bits', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (value) => {
        assert.strictEqual(expectFlags('x', value), value);
      }),
    );
    for (const bad of [-1, 2 ** 32, 0.1, Number.NaN]) throws(() => expectFlags('x', bad) as never, RangeError);
  });

  it('no check fails in any other way, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withTypedArray: true }), (value) => {
        for (const check of [
          () => expectSize('x', value),
          () => expectFlags('x', value),
          () => expectString('x', value),
          () => expectBoolean('x', value),
          () => expectBytes('x', value),
          () => expectFunction('x', value),
          () => expectOptions('x', value as object, ['a', 'b']),
        ]) {
          try {
            check();
          } catch (error) {
            assert.isTrue(error instanceof TypeError || error instanceof RangeError, String(error));
            assert.match((error as Error).message, /`x`/);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('expectBytes gives the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), (bytes, cut) => {
        const part = bytes.subarray(Math.min(cut, bytes.length));
        assert.deepEqual(expectBytes('x', part), part);
        assert.deepEqual(expectBytes('x', new DataView(part.buffer, part.byteOffset, part.byteLength)), part);
      }),
    );
  });

  it('expectFunction takes what can be called, and no class', () => {
    // biome-ignore lint/complexity/useArrowFunction: a function with a prototype is another case
    for (const good of [() => 1, function () {}, async () => {}, expectFunction, Array, new Proxy(() => 1, {})])
      assert.strictEqual(expectFunction('x', good), good);
    for (const bad of [class {}, class Named extends Map {}])
      throws(() => expectFunction('x', bad), TypeError, /`x` to be a function, got a class/);
  });

  it('expectOptions names the key that was probably meant', () => {
    throws(() => expectOptions('x', { heigth: 1 } as object, ['width', 'height']), TypeError, /did you mean `height`/);
    throws(() => expectOptions('x', { zebra: 1 } as object, ['width', 'height']), TypeError, /known are width, height/);
    assert.deepEqual(expectOptions('x', undefined, ['a']), {});
    for (const bad of [null, 5, 'a', [], () => 1])
      throws(() => expectOptions('x', bad as never, ['a']), TypeError, /`x`/);
  });

  it('nearest finds a word that one slip of the hand changed', () => {
    const words = ['padding', 'prefix', 'align', 'flags', 'timeout', 'signal'];
    fc.assert(
      fc.property(fc.constantFrom(...words), fc.nat(6), fc.constantFrom(...'abcdefgh'), (word, at, letter) => {
        const place = at % word.length;
        for (const slip of [
          word.slice(0, place) + word.slice(place + 1),
          word.slice(0, place) + letter + word.slice(place),
          word.slice(0, place) + letter + word.slice(place + 1),
          word.toUpperCase(),
        ])
          assert.strictEqual(nearest(slip, words), word, slip);
      }),
    );
    assert.isNull(nearest('something else', words));
  });

  itInOwnProcess(
    'read each option once, and notice what its getter disposes',
    ['DisposedError', 'DisposedError', 'none'],
    async (gst, attempt) => {
      const disposing = (object: Any) => ({
        get flags() {
          object.dispose();
          return 0;
        },
      });
      const allocator = gst.Allocator.find('SystemMemory') as Any;
      await attempt(() => allocator.alloc(10, disposing(allocator)));
      const other = gst.Allocator.find('SystemMemory') as Any;
      await attempt(() => gst.Buffer.alloc(10, other, disposing(other)));
      let looks = 0;
      const growing = {
        get size() {
          return looks++ ? 2 ** 40 : 10;
        },
      };
      await attempt(() => gst.BufferPool.create(growing).dispose());
    },
  );

  itInOwnProcess(
    'take the length of bytes from the engine, not from a property of theirs',
    ['RangeError', 'RangeError'],
    async (gst, attempt) => {
      const buffer = gst.Buffer.alloc(1_000_000);
      const lying = Object.defineProperty(new Uint8Array(4), 'length', { value: 1_000_000 });
      await attempt(() => {
        buffer.fill(0, lying);
        if (buffer.compare(0, new Uint8Array(4)) === 0) throw new RangeError('only four bytes were filled');
      });
      const detached = new Uint8Array(4).buffer as Any;
      detached.transfer(0);
      await attempt(() => gst.Buffer.from(detached));
      buffer.dispose();
    },
  );

  itInOwnProcess(
    'have an error for whatever they got, a revoked Proxy as well',
    ['TypeError', 'UnavailableError', 'PipelineError'],
    async (gst, attempt) => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      await attempt(() => new gst.Fraction(proxy as Any));
      await attempt(() => gst.gi.NoSuchNamespace);
      await attempt(() => gst.FrameWriter.open('missing/socket', { caps: 'a/b', transport: 'shm' }));
    },
  );
});
