import { assert } from 'chai';
import { host } from '#host';
import { Buffer, DisposedError, NotWritableError, runtime, Sample } from '../../src/index.ts';
import { badNumbers, notNumbers, throws } from '../harness/expectations.ts';
import { unavailableInGjs } from '../harness/unavailable-in-gjs.ts';

const layout = { format: 'I420', width: 16, height: 8, offsets: [0, 256, 384], strides: [32, 16, 16] };

const noPadding = /the padding of a GstVideoMeta cannot be set in GJS/;

describe('Metas of a buffer', () => {
  let buffer: Buffer;
  beforeEach(() => {
    buffer = Buffer.alloc(1024);
  });
  afterEach(() => buffer.dispose());

  describe('metas', () => {
    it('is empty at first', () => {
      assert.deepEqual(buffer.metas(), []);
    });

    it('names APIs, implementations and tags', () => {
      buffer
        .addVideoMeta(layout)
        .addReferenceTimestamp('timestamp/x-ntp', 1)
        .addReferenceTimestamp('timestamp/x-unix', 2);
      const found = buffer.metas().sort((a, b) => (a.api < b.api ? 1 : -1));
      assert.deepEqual(
        found.map(({ api, type }) => [api, type]),
        [
          ['GstVideoMetaAPI', 'GstVideoMeta'],
          ['GstReferenceTimestampMetaAPI', 'GstReferenceTimestampMeta'],
          ['GstReferenceTimestampMetaAPI', 'GstReferenceTimestampMeta'],
        ],
      );
      assert.includeMembers(found[0]?.tags ?? [], ['video', 'memory', 'size']);
      assert.deepEqual(found[1]?.tags, []);
    });

    it('leaves the buffer writable', () => {
      buffer.addVideoMeta(layout);
      buffer.metas();
      assert.isNotNull(buffer.videoMeta);
      assert.isTrue(buffer.isWritable);
    });
  });

  describe('addVideoMeta and videoMeta', () => {
    it('is null without one', () => {
      assert.isNull(buffer.videoMeta);
    });

    it('gives back what was added', () => {
      buffer.addVideoMeta(layout);
      const { flags, id, padding, ...found } = buffer.videoMeta as NonNullable<Buffer['videoMeta']>;
      assert.deepEqual(found, layout);
      const none = { top: 0, bottom: 0, left: 0, right: 0 };
      assert.deepEqual([flags, id, padding], [0, runtime === 'gjs' ? null : 0, none]);
    });

    it('knows several formats, odd sizes, planes past the end and rows that go up', () => {
      for (const meta of [
        { format: 'RGBA', width: 1, height: 1, offsets: [0], strides: [4] },
        { format: 'NV12', width: 1919, height: 1079, offsets: [64, 5_000_000], strides: [2048, 2048] },
        {
          format: 'A420',
          width: 321,
          height: 123,
          offsets: [0, 2 ** 31, 2 ** 32 - 1, 7],
          strides: [328, -164, 164, 328],
        },
        { format: 'GRAY16_LE', width: 4096, height: 4096, offsets: [12], strides: [8192] },
      ]) {
        using other = Buffer.alloc(8);
        other.addVideoMeta(meta);
        const { format, width, height, offsets, strides } = other.videoMeta as NonNullable<Buffer['videoMeta']>;
        assert.deepEqual({ format, width, height, offsets, strides }, meta);
      }
    });

    it('takes flags', () => {
      buffer.addVideoMeta({ ...layout, flags: 1 });
      assert.strictEqual(buffer.videoMeta?.flags, 1);
    });

    it('takes padding', () => {
      unavailableInGjs(noPadding, () => {
        const padded = { ...layout, strides: [24, 12, 12] };
        buffer.addVideoMeta({ ...padded, padding: { top: 2, right: 5 } });
        assert.deepEqual(buffer.videoMeta?.padding, { top: 2, bottom: 0, left: 0, right: 5 });
      });
    });

    it('refuses padding that its strides have no room for, as C does', () => {
      unavailableInGjs(noPadding, () => {
        const gray = { format: 'GRAY8', width: 10, height: 4, offsets: [0] };
        using padded = new Buffer();
        padded.addVideoMeta({ ...gray, strides: [12], padding: { top: 9, left: 1, right: 1 } });
        assert.deepEqual(padded.videoMeta?.padding, { top: 9, bottom: 0, left: 1, right: 1 });
        for (const [stride, padding] of [
          [12, { right: 3 }],
          [20, { right: 3 }],
          [16, { top: 1 }],
          [12, { left: 2 ** 32 - 1 }],
          [12, { top: 2 ** 31, bottom: 2 ** 31 }],
        ] as const)
          throws(
            () => buffer.addVideoMeta({ ...gray, strides: [stride], padding }),
            RangeError,
            /`meta.strides`.*padding/,
          );
        assert.lengthOf(buffer.metas(), 0);
        using other = new Buffer();
        // None asks nothing.
        other.addVideoMeta({ ...gray, strides: [99], padding: {} });
        assert.deepEqual(other.videoMeta?.strides, [99]);
      });
    });

    it('has as many planes as the format', () => {
      for (const [format, planes] of [
        ['NV12', 1],
        ['RGBA', 2],
        ['I420', 4],
      ] as const) {
        const each = Array.from({ length: planes }, () => 64);
        const meta = { format, width: 8, height: 8, offsets: each, strides: each };
        throws(() => buffer.addVideoMeta(meta), RangeError, /`meta.offsets` to be as many as the \d planes of/);
      }
    });

    it('refuses what is no layout, each by its name', () => {
      const add = (change: object) => () => buffer.addVideoMeta({ ...layout, ...change });
      throws(add({ format: 'I4200' }), RangeError, /`meta.format`/);
      throws(add({ format: 3 }), TypeError, /`meta.format`/);
      for (const key of ['width', 'height']) {
        for (const bad of [0, ...badNumbers]) throws(add({ [key]: bad }), RangeError, new RegExp(`meta.${key}`));
        for (const bad of notNumbers) throws(add({ [key]: bad }), TypeError, new RegExp(`meta.${key}`));
      }
      for (const key of ['offsets', 'strides']) {
        throws(add({ [key]: [] }), RangeError, new RegExp(`meta.${key}`));
        throws(add({ [key]: [1, 2, 3, 4, 5] }), RangeError, new RegExp(`meta.${key}`));
        throws(add({ [key]: 'abc' }), TypeError, new RegExp(`meta.${key}`));
        throws(add({ [key]: [0, 1.5, 2] }), RangeError, new RegExp(`meta.${key}`));
      }
      throws(add({ strides: [1] }), RangeError, /`meta.strides`/);
      throws(add({ offsets: [0, -1, 1] }), RangeError, /`meta.offsets`/);
      throws(add({ flags: -1 }), RangeError, /`meta.flags`/);
      throws(add({ padding: { top: -1 } }), RangeError, /`meta.padding.top`/);
      throws(add({ padding: { tip: 1 } }), TypeError, /did you mean `top`/);
      throws(add({ widht: 1 }), TypeError, /did you mean `width`/);
      throws(() => buffer.addVideoMeta(undefined as never), TypeError);
      assert.deepEqual(buffer.metas(), []);
    });
  });

  describe('addVideoCrop and videoCrop', () => {
    it('is null without one', () => {
      assert.isNull(buffer.videoCrop);
    });

    it('gives back what was added', () => {
      unavailableInGjs(/GstVideoCropMeta cannot be reached in GJS/, () => {
        buffer.addVideoCrop({ x: 1, y: 2, width: 30, height: 40 });
        assert.deepEqual(buffer.videoCrop, { x: 1, y: 2, width: 30, height: 40 });
      });
    });

    it('refuses what is no rectangle', () => {
      for (const bad of badNumbers)
        throws(() => buffer.addVideoCrop({ x: bad, y: 0, width: 1, height: 1 }), RangeError, /`crop.x`/);
      throws(() => buffer.addVideoCrop({ x: 1, y: 1, width: 1 } as never), TypeError, /`crop.height`/);
    });
  });

  describe('addReferenceTimestamp and referenceTimestamp', () => {
    it('finds the first, or the one of a clock', () => {
      assert.isNull(buffer.referenceTimestamp());
      buffer.addReferenceTimestamp('timestamp/x-ntp', 5).addReferenceTimestamp('timestamp/x-unix', 2 ** 52, 7);
      assert.deepEqual(buffer.referenceTimestamp(), { reference: 'timestamp/x-ntp', timestamp: 5, duration: null });
      assert.deepEqual(buffer.referenceTimestamp('timestamp/x-unix'), {
        reference: 'timestamp/x-unix',
        timestamp: 2 ** 52,
        duration: 7,
      });
      assert.isNull(buffer.referenceTimestamp('timestamp/x-ptp'));
    });

    it('refuses invalid times and caps', () => {
      for (const bad of badNumbers) throws(() => buffer.addReferenceTimestamp('a/b', bad), RangeError, /`timestamp`/);
      for (const bad of badNumbers) throws(() => buffer.addReferenceTimestamp('a/b', 1, bad), RangeError, /`duration`/);
      throws(() => buffer.addReferenceTimestamp('no, caps =', 1), RangeError, /`reference`/);
      throws(() => buffer.addReferenceTimestamp(null as never, 1), TypeError, /`reference`/);
    });
  });

  describe('addParentBuffer', () => {
    it('keeps the parent’s memory alive', async () => {
      const parent = Buffer.from(Uint8Array.of(1, 2, 3, 4));
      {
        using memory = parent.memory(0);
        using part = memory.share(1, 2);
        buffer.appendMemory(part);
      }
      buffer.addParentBuffer(parent);
      parent.dispose();
      await host.collect();
      assert.deepEqual([...buffer.extract(1024, 2)], [2, 3]);
      assert.deepEqual(
        buffer.metas().map(({ type }) => type),
        ['GstParentBufferMeta'],
      );
    });

    it('refuses itself and what is no buffer', () => {
      throws(() => buffer.addParentBuffer(buffer), RangeError, /`parent`/);
      for (const bad of [null, 5, {}]) throws(() => buffer.addParentBuffer(bad as never), TypeError, /`parent`/);
    });
  });

  it('cannot be added to a buffer that is shared', () => {
    using _sample = Sample.create(buffer);
    throws(() => buffer.addVideoMeta(layout), NotWritableError);
    throws(() => buffer.addReferenceTimestamp('a/b', 1), NotWritableError);
    using other = Buffer.alloc(1);
    throws(() => buffer.addParentBuffer(other), NotWritableError);
  });

  it('is gone with the buffer', () => {
    const gone = Buffer.alloc(1);
    gone.dispose();
    for (const attempt of [
      () => gone.metas(),
      () => gone.videoMeta,
      () => gone.videoCrop,
      () => gone.referenceTimestamp(),
      () => gone.addVideoMeta(layout),
      () => gone.customMeta('x'),
    ])
      throws(attempt, DisposedError);
  });
});
