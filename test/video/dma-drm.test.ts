import { assert } from 'chai';
import { host } from '#host';
import { Buffer, DisposedError, DmaBufAllocator, dmaDrm, Fraction } from '../../src/index.ts';
import { notNumbers, throws } from '../harness/expectations.ts';

const nv12 = 0x3231564e;
const tiled = 0x0100000000000002n;

describe('dmaDrm', () => {
  it('names fourccs, with their modifiers', () => {
    assert.strictEqual(dmaDrm.fourccToString(nv12), 'NV12');
    assert.strictEqual(dmaDrm.fourccToString(nv12, 0n), 'NV12');
    assert.strictEqual(dmaDrm.fourccToString(nv12, tiled), 'NV12:0x0100000000000002');
    assert.strictEqual(dmaDrm.fourccToString(nv12, 9), 'NV12:0x0000000000000009');
    assert.strictEqual(dmaDrm.fourccToString(0x20203852), 'R8  ');
  });

  it('reads them back, all 64 bits', () => {
    for (const modifier of [0n, 1n, tiled, 0xfedcba9876543210n]) {
      const text = dmaDrm.fourccToString(nv12, modifier);
      assert.deepEqual(dmaDrm.fourccFromString(text), { fourcc: nv12, modifier });
      assert.deepEqual(dmaDrm.fromString(text), { fourcc: nv12, modifier });
    }
  });

  it('marks what is big endian, as GStreamer 1.26 does', () => {
    const bigEndian = (nv12 | 0x8000_0000) >>> 0;
    assert.strictEqual(dmaDrm.fourccToString(bigEndian), 'NV12_BE');
    assert.strictEqual(dmaDrm.fourccToString(bigEndian, tiled), 'NV12_BE:0x0100000000000002');
    assert.deepEqual(dmaDrm.fourccFromString('NV12_BE'), { fourcc: bigEndian, modifier: 0n });
    assert.deepEqual(dmaDrm.fromString('NV12_BE:0X0100000000000002'), { fourcc: bigEndian, modifier: tiled });
    assert.deepEqual(dmaDrm.fourccFromString('A_BE'), { fourcc: 0x45425f41, modifier: 0n });
    assert.isNull(dmaDrm.fourccToFormat(bigEndian));
    const caps = dmaDrm.buildCaps({ drmFormat: bigEndian, width: 8, height: 8 });
    assert.match(caps, /drm-format=\(string\)NV12_BE/);
    assert.strictEqual(dmaDrm.parseCaps(caps).fourcc, bigEndian);
    for (const bad of ['NV12_be', 'NV12_LE', 'NV1_BE', 'NV12_BEX', 'NV12_BE_BE', 'NV12_BE:', 'NV12:0x0', 'NV12_BE:0x0'])
      throws(() => dmaDrm.fourccFromString(bad) as never, RangeError, /BG24_BE/);
    throws(() => dmaDrm.fourccToString(0x8000_0000) as never, RangeError, /four characters/);
  });

  it('knows which video format a fourcc is', () => {
    assert.strictEqual(dmaDrm.fourccFromFormat('NV12'), nv12);
    assert.strictEqual(dmaDrm.fourccToFormat(nv12), 'NV12');
    assert.strictEqual(dmaDrm.fourccToFormat(dmaDrm.fourccFromFormat('BGRx') as number), 'BGRx');
    assert.isNull(dmaDrm.fourccFromFormat('GRAY10_LE32'));
    assert.isNull(dmaDrm.fourccToFormat(0x21212121));
  });

  it('builds caps and parses them', () => {
    const caps = dmaDrm.buildCaps({
      drmFormat: nv12,
      modifier: tiled,
      width: 64,
      height: 48,
      framerate: new Fraction(30),
    });
    assert.match(caps, /^video\/x-raw\(memory:DMABuf\), format=\(string\)DMA_DRM/);
    assert.isTrue(dmaDrm.isCaps(caps));
    const { framerate, ...info } = dmaDrm.parseCaps(caps);
    assert.deepEqual(info, {
      drmFormat: 'NV12:0x0100000000000002',
      fourcc: nv12,
      modifier: tiled,
      format: null,
      width: 64,
      height: 48,
    });
    assert.strictEqual(`${framerate}`, '30/1');
  });

  it('takes the fourcc as text, with its modifier', () => {
    const linear = dmaDrm.parseCaps(dmaDrm.buildCaps({ drmFormat: 'AR24', width: 1, height: 1 }));
    assert.strictEqual(linear.format, 'BGRA');
    assert.strictEqual(linear.modifier, 0n);
    const caps = dmaDrm.buildCaps({ drmFormat: 'NV12:0x0100000000000002', width: 8, height: 8 });
    assert.strictEqual(dmaDrm.parseCaps(caps).modifier, tiled);
  });

  it('tells other caps apart', () => {
    for (const caps of [
      'video/x-raw, format=NV12, width=64, height=64',
      'video/x-raw(memory:DMABuf), format=NV12, width=64, height=64',
      'audio/x-raw',
      'video/x-raw(memory:DMABuf), format=DMA_DRM, width=[1, 64]',
    ]) {
      assert.isFalse(dmaDrm.isCaps(caps), caps);
      throws(() => dmaDrm.parseCaps(caps), RangeError, /caps/);
    }
    throws(
      () => dmaDrm.parseCaps('video/x-raw(memory:DMABuf), format=DMA_DRM, width=64, height=64'),
      RangeError,
      /caps/,
    );
  });

  it('refuses wrong arguments', () => {
    for (const bad of [0, -1, 1.5, 2 ** 32]) throws(() => dmaDrm.fourccToString(bad), RangeError, /fourcc/);
    for (const bad of notNumbers) throws(() => dmaDrm.fourccToString(bad as number), TypeError, /fourcc/);
    throws(() => dmaDrm.fourccToString(1), RangeError, /four characters/);
    for (const bad of [-1n, 2n ** 64n, 0x00ffffffffffffffn, 0.5]) {
      throws(() => dmaDrm.fourccToString(nv12, bad), RangeError, /modifier/);
    }
    throws(() => dmaDrm.fourccToString(nv12, '1' as never), TypeError, /modifier/);
    for (const bad of ['', 'NV1', 'NV123', 'NV12:', 'NV12:2', 'NV12:0xg', 'NV12:0x01000000000000021']) {
      throws(() => dmaDrm.fourccFromString(bad), RangeError, /text/);
    }
    throws(() => dmaDrm.fourccFromString(1 as never), TypeError, /text/);
    throws(() => dmaDrm.fourccFromFormat('NOPE'), RangeError, /format/);
    throws(() => dmaDrm.buildCaps({ drmFormat: nv12, width: 0, height: 1 }), RangeError, /width/);
    throws(
      () => dmaDrm.buildCaps({ drmFormat: nv12, width: 1, hieght: 1 } as never),
      TypeError,
      /did you mean `height`/,
    );
    throws(() => dmaDrm.buildCaps(null as never), TypeError, /options/);
  });

  it('says when the caps feature may be used: not for what is no dma-buf', () => {
    using buffer = Buffer.alloc(16);
    using memory = buffer.memory(0);
    assert.deepEqual(dmaDrm.mayUseFeature(memory), { allowed: false, reason: 'it is no dma-buf memory' });
    using allocator = new DmaBufAllocator();
    using passedOff = allocator.allocDmaBuf(host.openFile(new Uint8Array(16)), 16);
    for (const opaque of [false, true]) {
      const { allowed, reason } = dmaDrm.mayUseFeature(passedOff, { opaque });
      assert.isFalse(allowed);
      assert.match(reason, /kernel says .* no dma-buf/);
    }
    throws(() => dmaDrm.mayUseFeature(passedOff, { opaqe: true } as never), TypeError, /did you mean `opaque`/);
    throws(() => dmaDrm.mayUseFeature(passedOff, { opaque: 1 } as never), TypeError, /opaque/);
    throws(() => dmaDrm.mayUseFeature({} as never), TypeError, /memory/);
    memory.dispose();
    throws(() => dmaDrm.mayUseFeature(memory), DisposedError);
  });
});
