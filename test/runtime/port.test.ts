/** The port itself, held to what its comments promise, on the engine that runs this. */

import { assert } from 'chai';
import { host } from '#host';
import { runtime } from '#runtime';
import { GstError, NotWritableError, UnavailableError } from '../../src/errors.ts';
import type { Functions, Handle } from '../../src/runtime/port/index.ts';
import { pattern, rejects, throws } from '../harness/expectations.ts';

const {
  blocking,
  c,
  descriptors,
  fields,
  loop,
  mapping,
  messages,
  metas,
  properties,
  references,
  sockets,
  streams,
  threads,
  wrappers,
} = runtime;
const isNode = runtime.name === 'node';
const READ = 1;
const WRITE = 2;

/** Lends what it made to `use`, and gives its reference back. */
function lent<T>(handle: Handle | null, use: (handle: Handle) => T, family: 'mini' | 'object' = 'mini'): T {
  assert.isNotNull(handle);
  try {
    return use(handle as Handle);
  } finally {
    references.drop(handle as Handle, family, 0);
  }
}
const withBuffer = <T>(use: (buffer: Handle) => T, bytes = pattern(16)): T => lent(c.gst_buffer_new_memdup(bytes), use);
const withMemory = <T>(use: (memory: Handle) => T, size = 16): T => lent(c.gst_allocator_alloc(null, size, null), use);

/** The reference count of a mini-object; null where the engine cannot read it. */
const countOf = (mini: Handle): number | null => (isNode ? fields.number(mini, 'GstMiniObject.refcount') : null);

const launched = (description: string): Handle => c.gst_parse_launch(description);
const stateNull = 1;
const statePaused = 3;
const statePlaying = 4;
const nothingLifted = () => () => {};
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A pipeline and two of its elements, dropped and stopped at the end. */
async function playing<T>(description: string, use: (pipeline: Handle, get: (name: string) => Handle) => Promise<T>) {
  const pipeline = launched(description);
  const held: Handle[] = [];
  const get = (name: string): Handle => {
    const element = c.gst_bin_get_by_name(pipeline, name) as Handle;
    held.push(element);
    return element;
  };
  try {
    return await use(pipeline, get);
  } finally {
    await blocking.setState(pipeline, stateNull, null);
    for (const element of [...held, pipeline]) references.drop(element, 'object', 0);
  }
}

describe('The port', () => {
  describe('Runtime', () => {
    it('c: what comes back is owned, and arguments stay the caller’s, even those that C takes over', () => {
      withBuffer((buffer) => {
        const memory = c.gst_buffer_get_memory(buffer, 0) as Handle;
        const before = countOf(memory);
        const other = c.gst_buffer_new();
        c.gst_buffer_insert_memory(other, -1, memory);
        if (isNode) assert.strictEqual(countOf(memory), (before as number) + 1);
        references.drop(other, 'mini', 0);
        if (isNode) assert.strictEqual(countOf(memory), before);
        // The caller's reference is good still.
        assert.strictEqual(fields.number(memory, 'GstMemory.size'), 16);
        references.drop(memory, 'mini', 0);
      });
    });

    it('c: several results come as a tuple, and null is null', () => {
      withBuffer((buffer) => assert.deepEqual(c.gst_buffer_get_sizes_range(buffer, 0, -1).slice(0, 2), [16, 0]));
      assert.isNull(c.gst_allocator_find('no-such-allocator'));
      assert.isNull(c.gst_caps_from_string('((('));
    });

    it('c: a GError is thrown as a GstError', () => {
      throws(() => c.gst_parse_launch('nosuchelement'), GstError, /nosuchelement/);
    });

    it('c, lack: a function that is not there throws UnavailableError, and lack says why', () => {
      assert.isNull(runtime.lack('gst_version'));
      throws(() => runtime.lack('gst_no_such_function'), Error, /gir\/wanted\.ts/);
      const hidden = 'gst_fd_allocator_alloc_full';
      const why = runtime.lack(hidden);
      if (why === null) assert.isFunction(c[hidden]);
      else throws(() => c[hidden as keyof Functions], UnavailableError, /1\.28/);
    });

    it('init: idempotent', () => {
      runtime.init();
      runtime.init(['--gst-no-such-option']);
    });

    it('newStruct is zero-filled', () => {
      const params = runtime.newStruct('GstBufferPoolAcquireParams');
      assert.strictEqual(fields.number(params, 'GstBufferPoolAcquireParams.flags'), 0);
    });

    it('environment: null where a variable is not set', () => {
      assert.isNull(runtime.environment('GST_ALLOCATORS_NO_SUCH_VARIABLE'));
      assert.isString(runtime.environment('PATH'));
    });

    it('availableMemory: bytes, more than this program has', () => {
      assert.isAbove(runtime.availableMemory, 2 ** 24);
    });
  });

  describe('Descriptors', () => {
    const closed = 12345;

    it('inspect and size: null for an fd that is not open', () => {
      for (const fd of [closed, -1]) assert.deepEqual([descriptors.inspect(fd), descriptors.size(fd)], [null, null]);
      const fd = host.openFile(new Uint8Array(10));
      assert.deepEqual([descriptors.inspect(fd), descriptors.size(fd)], [{ kind: 'file', size: 10 }, 10]);
      descriptors.close(fd);
      const { read, write } = host.openPipe();
      assert.deepEqual([descriptors.inspect(read), descriptors.size(read)], [{ kind: 'pipe', size: null }, 0]);
      for (const end of [read, write]) descriptors.close(end);
    });

    it('duplicate and close: GstError for an fd that is not open; the duplicate is another fd of the same file', () => {
      for (const attempt of [descriptors.duplicate, descriptors.close])
        throws(() => attempt(closed), GstError, /fd 12345/);
      const fd = descriptors.memory('spec', 4096);
      const copy = descriptors.duplicate(fd);
      assert.notStrictEqual(copy, fd);
      descriptors.close(fd);
      throws(() => descriptors.close(fd), GstError, /is not open/);
      const size = descriptors.size(copy) as number;
      descriptors.close(copy);
      assert.isTrue(isNode ? size === 4096 : size >= 4096);
    });

    it('freeSpace: infinite for a folder that is not there', () => {
      assert.isAbove(descriptors.freeSpace('/'), 0);
      assert.strictEqual(descriptors.freeSpace('/no/such/folder'), Number.POSITIVE_INFINITY);
    });

    it('spare counts the fds that are open', () => {
      const before = descriptors.spare(0);
      const fd = host.openFile(new Uint8Array());
      assert.strictEqual(descriptors.spare(0), before - 1);
      descriptors.close(fd);
    });

    it('access: what is missing is not usable', () => {
      assert.deepEqual(descriptors.access('/dev/no-such-device'), { usable: false, found: 'missing' });
      assert.deepEqual(descriptors.access('/dev/null'), { usable: true, found: 'usable' });
    });
  });

  describe('Fields', () => {
    it('number, time, text and reference: null where the struct has none', () => {
      withBuffer((buffer) => {
        assert.isNull(fields.time(buffer, 'GstBuffer.pts'));
        fields.setTime(buffer, 'GstBuffer.pts', 40);
        assert.strictEqual(fields.time(buffer, 'GstBuffer.pts'), 40);
        fields.setTime(buffer, 'GstBuffer.pts', null);
        assert.isNull(fields.time(buffer, 'GstBuffer.pts'));
        assert.isNull(fields.reference(buffer, 'GstBuffer.pool', 'object'));
      });
      withMemory((memory) => {
        assert.strictEqual(fields.number(memory, 'GstMemory.size'), 16);
        assert.isNull(fields.reference(memory, 'GstMemory.parent', 'mini'));
        lent(
          fields.reference(memory, 'GstMemory.allocator', 'object'),
          (allocator) => assert.strictEqual(fields.text(allocator, 'GstAllocator.mem_type'), 'SystemMemory'),
          'object',
        );
      });
    });

    it('reference: what it gives is owned', function () {
      if (!isNode) this.skip(); // no reference count to read
      const memory = c.gst_allocator_alloc(null, 16, null) as Handle;
      const part = c.gst_memory_share(memory, 4, 4);
      const before = countOf(memory) as number;
      lent(fields.reference(part, 'GstMemory.parent', 'mini'), () => assert.strictEqual(countOf(memory), before + 1));
      assert.strictEqual(countOf(memory), before);
      references.drop(part, 'mini', 0);
      references.drop(memory, 'mini', 0);
    });

    it('flags: of objects and buffers; of other mini-objects UnavailableError in GJS', () => {
      withBuffer((buffer) => assert.isNumber(fields.flags(buffer, 'mini')));
      lent(c.gst_allocator_find(null), (allocator) => assert.isNumber(fields.flags(allocator, 'object')), 'object');
      withMemory((memory) => {
        const read = () => fields.flags(memory, 'mini');
        if (isNode) assert.isNumber(read());
        else throws(read, UnavailableError, /introspection/);
      });
    });

    it('setNumber: UnavailableError in GJS for flags without a name', () => {
      const params = c.gst_allocation_params_new();
      fields.setNumber(params, 'GstAllocationParams.align', 63);
      assert.strictEqual(fields.number(params, 'GstAllocationParams.align'), 63);
      const unnamed = () => fields.setNumber(params, 'GstAllocationParams.flags', 2 ** 30);
      if (isNode) unnamed();
      else throws(unnamed, UnavailableError, /0x40000000/);
      c.gst_allocation_params_free(params);
    });

    it('mediaFlags and setBufferFlags: all but the flags of mini-objects', () => {
      withBuffer((buffer) => {
        fields.setBufferFlags(buffer, 1 << 6);
        assert.strictEqual(c.gst_buffer_get_flags(buffer) & 0x7ffffff0, 1 << 6);
        assert.strictEqual(fields.mediaFlags(buffer), 0);
      });
    });
  });

  describe('MappingPort', () => {
    it('mapMemory: bytes until release, and what was written is there after', () => {
      withMemory((memory) => {
        const writing = mapping.mapMemory(memory, WRITE, null);
        assert.strictEqual(writing?.bytes.length, 16);
        assert.isTrue(mapping.isAnyBeingWritten());
        writing?.bytes.set(pattern(16));
        writing?.release();
        assert.isFalse(mapping.isAnyBeingWritten());
        assert.strictEqual(writing?.bytes.length, 0);
        const reading = mapping.mapMemory(memory, READ, null);
        assert.deepEqual([...(reading?.bytes ?? [])], [...pattern(16)]);
        assert.strictEqual(reading?.zeroCopy, mapping.zeroCopy.available);
        reading?.release();
      });
    });

    it('mapMemory: null where it cannot be mapped so, on either engine', () => {
      withBuffer((buffer) => {
        const other = c.gst_buffer_new();
        lent(c.gst_buffer_get_memory(buffer, 0), (memory) => {
          c.gst_buffer_insert_memory(other, -1, memory);
          // Two buffers have it.
          assert.isFalse(references.isWritable(memory, buffer));
          for (const around of [buffer, other, null]) assert.isNull(mapping.mapMemory(memory, WRITE, around));
          mapping.mapMemory(memory, READ, null)?.release();
        });
        references.drop(other, 'mini', 0);
      });
    });

    it('mapMemory: NotWritableError in GJS for memory of a buffer that is not named', () => {
      withBuffer((buffer) =>
        lent(c.gst_buffer_get_memory(buffer, 0), (memory) => {
          const map = () => mapping.mapMemory(memory, WRITE, null);
          if (isNode) map()?.release();
          else throws(map, NotWritableError, /through that buffer/);
          const throughBuffer = mapping.mapMemory(memory, WRITE, buffer);
          assert.isNotNull(throughBuffer);
          throughBuffer?.release();
        }),
      );
    });

    it('mapBuffer: length −1 is all memories', () => {
      withBuffer((buffer) => {
        const all = mapping.mapBuffer(buffer, 0, -1, READ);
        assert.deepEqual([...(all?.bytes ?? [])], [...pattern(16)]);
        all?.release();
      });
    });

    it('lock.release unmaps what was lost with its bytes', () => {
      withMemory((memory) => {
        mapping.mapMemory(memory, READ, null)?.lock?.release();
        const writing = mapping.mapMemory(memory, WRITE, null);
        assert.isNotNull(writing);
        writing?.release();
      });
    });

    it('canMap and canMapAll tell, and leave nothing mapped', () => {
      withBuffer((buffer) => {
        for (const flags of [READ, WRITE, READ | WRITE]) assert.isTrue(mapping.canMapAll(buffer, flags));
        lent(c.gst_buffer_get_memory(buffer, 0), (memory) => assert.isTrue(mapping.canMap(memory, READ)));
      });
    });

    it('extract: a copy, empty for no bytes', () => {
      withBuffer((buffer) => {
        const bytes = mapping.extract(buffer, 4, 4);
        assert.deepEqual([...bytes], [...pattern(16).slice(4, 8)]);
        bytes.fill(0);
        assert.notDeepEqual([...mapping.extract(buffer, 4, 4)], [0, 0, 0, 0]);
        assert.strictEqual(mapping.extract(buffer, 0, 0).length, 0);
      });
    });

    it('mapFile: null for memory without a file', () => {
      withMemory((memory) => assert.isNull(mapping.mapFile(memory)));
    });
  });

  describe('Messages', () => {
    it('text: the message and the debug text of an error', async () => {
      await playing('filesrc location=/no/such/file ! fakesink', async (pipeline) => {
        assert.strictEqual(await blocking.setState(pipeline, statePaused, null), 0);
        const bus = c.gst_element_get_bus(pipeline) as Handle;
        const errorType = 2;
        let found = false;
        for (let message = c.gst_bus_pop(bus); message; message = c.gst_bus_pop(bus)) {
          if (fields.number(message, 'GstMessage.type') === errorType) {
            const { text, debug } = messages.text(message, 'error');
            assert.isNotEmpty(text);
            assert.include(debug, 'filesrc');
            found = true;
          }
          references.drop(message, 'mini', 0);
        }
        references.drop(bus, 'object', 0);
        assert.isTrue(found);
      });
    });
  });

  describe('Metas', () => {
    const video = { format: 2, width: 4, height: 2, offsets: [0, 8, 10], strides: [4, 2, 2], flags: 0, padding: null };

    it('list, video, audio, crop and custom: empty or null for a buffer without metas', () => {
      withBuffer((buffer) => {
        const found = [metas.video(buffer), metas.videoToCheck(buffer), metas.audio(buffer), metas.crop(buffer)];
        assert.deepEqual([...found, metas.custom(buffer, 'SpecNone')], [null, null, null, null, null]);
        assert.deepEqual(metas.list(buffer), []);
      });
    });

    it('addVideo: read back as it was given; a padding is UnavailableError in GJS', () => {
      withBuffer((buffer) => {
        assert.isTrue(metas.addVideo(buffer, video));
        const { width, height, offsets, strides } = metas.videoToCheck(buffer) as NonNullable<typeof video>;
        assert.deepEqual(
          { width, height, offsets, strides },
          { width: 4, height: 2, offsets: [0, 8, 10], strides: [4, 2, 2] },
        );
        assert.deepEqual(
          metas.list(buffer).map(({ api }) => api),
          ['GstVideoMetaAPI'],
        );
        const padded = () => metas.addVideo(buffer, { ...video, padding: { top: 0, bottom: 0, left: 0, right: 0 } });
        if (isNode) assert.isTrue(padded());
        else throws(padded, UnavailableError, /padding/);
      }, pattern(64));
    });

    it('addCrop: UnavailableError in GJS', () => {
      withBuffer((buffer) => {
        const crop = { x: 1, y: 0, width: 2, height: 2 };
        const add = () => metas.addCrop(buffer, crop);
        if (!isNode) throws(add, UnavailableError, /GstVideoCropMeta/);
        else {
          assert.isTrue(add());
          assert.deepEqual(metas.crop(buffer), crop);
        }
      });
    });

    it('registerCustom, addCustom: false for a name that is taken, or unknown', () => {
      const first = metas.registerCustom('SpecPort', ['video']);
      assert.isFalse(metas.registerCustom('SpecPort', []));
      assert.isTrue(first);
      assert.deepEqual(metas.customTags('SpecPort'), ['video']);
      assert.isNull(metas.customTags('SpecPortUnknown'));
      assert.isNull(metas.customTags('GstVideoMeta'));
    });

    it('offer and offered: false for what is no API of metas', () => {
      lent(c.gst_query_new_allocation(null, false), (query) => {
        assert.isFalse(metas.offer(query, 'NoSuchAPI'));
        assert.isFalse(metas.offer(query, 'GstBuffer'));
        assert.isTrue(metas.offer(query, 'GstVideoMetaAPI'));
        assert.strictEqual(metas.offered(query, 0), 'GstVideoMetaAPI');
      });
    });
  });

  describe('Properties', () => {
    it('set: false for a value that the property does not take, which is then as it was', async () => {
      await playing('videotestsrc name=source ! fakesink', async (_, get) => {
        const source = get('source');
        const list = properties.list(source);
        const named = (name: string) => list.find((one) => one.name === name) as (typeof list)[number];
        assert.isTrue(properties.set(source, named('num-buffers'), 3));
        for (const wrong of ['three', 2 ** 40, 1.5, {}])
          assert.isFalse(properties.set(source, named('num-buffers'), wrong));
        assert.strictEqual(properties.get(source, named('num-buffers')), 3);
        assert.isTrue(properties.set(source, named('pattern'), 'ball'));
        assert.strictEqual(properties.get(source, named('pattern')), 'ball');
        const { minimum, maximum } = properties.details(source, named('num-buffers'));
        assert.deepEqual([minimum, maximum], [-1, 2 ** 31 - 1]);
        assert.strictEqual(properties.details(source, named('pattern')).nicks.get('ball'), 18);
      });
    });
  });

  describe('References', () => {
    it('another and drop: writable again when the other one is given back', () => {
      withBuffer((buffer) => {
        const before = countOf(buffer);
        const another = references.another(buffer, 'mini');
        assert.isTrue(references.identical(buffer, another));
        assert.isFalse(references.isWritable(buffer));
        if (isNode) assert.strictEqual(countOf(buffer), (before as number) + 1);
        references.drop(another, 'mini', 0);
        assert.isTrue(references.isWritable(buffer));
        assert.strictEqual(countOf(buffer), before);
      });
    });

    it('identical: false for two objects', () => {
      withBuffer((one) => withBuffer((other) => assert.isFalse(references.identical(one, other))));
    });

    it('mayShare and isReadOnly of plain memory', () => {
      withMemory((memory) => {
        assert.isTrue(references.mayShare(memory));
        assert.isFalse(references.isReadOnly(memory, null));
        assert.isTrue(references.isWritable(memory, null));
      });
    });

    it('mayShare: UnavailableError in GJS for empty memory in a buffer', () => {
      withBuffer((buffer) => {
        const memory = c.gst_allocator_alloc(null, 0, null) as Handle;
        c.gst_buffer_insert_memory(buffer, -1, memory);
        const ask = () => references.mayShare(memory);
        if (isNode) assert.isTrue(ask());
        else throws(ask, UnavailableError, /empty memory/);
        references.drop(memory, 'mini', 0);
      });
    });
  });

  describe('Sockets', () => {
    const path = `${host.temporaryFolder}/gst-allocators-port-${host.processId}`;

    it('probe and listener: absent and null where nothing is; no socket is no socket', async () => {
      assert.strictEqual(await sockets.probe(path), 'absent');
      assert.isNull(sockets.listener(path));
      assert.strictEqual(await sockets.probe('/'), 'not a socket');
    });

    it('remove: what is not there is no mistake', () => sockets.remove(path));

    it('setMode: GstError for what is not there, and for what is no socket, which stays as it was', () => {
      throws(() => sockets.setMode(path, 0o600), GstError, /expected a socket/);
      const fd = host.openFile(new Uint8Array());
      for (const other of [`/proc/self/fd/${fd}`, '/dev/null']) throws(() => sockets.setMode(other, 0o666), GstError);
      descriptors.close(fd);
    });

    it('isOpenToAll: a folder that is not there is not', () => {
      assert.isFalse(sockets.isOpenToAll('/no/such/folder/name'));
      assert.isFalse(sockets.isOpenToAll(path));
    });

    it('relay: close is idempotent', async () => {
      const relay = await sockets.relay(path);
      assert.strictEqual(await sockets.probe(relay.path), 'live');
      relay.close();
      relay.close();
      assert.strictEqual(await sockets.probe(relay.path), 'absent');
    });
  });

  describe('SystemCalls and SystemV', () => {
    it('are on Node alone; results below 0 are −errno', () => {
      const { systemCalls, systemV } = runtime;
      if (!isNode) {
        assert.deepEqual([systemCalls, systemV], [null, null]);
        return;
      }
      assert.strictEqual((systemCalls?.pageSize ?? 0) % 4096, 0);
      const noSuchFile = -2;
      assert.strictEqual(systemCalls?.askDevice('/dev/no-such-device', 0, new Uint8Array(8)), noSuchFile);
      assert.include(systemCalls?.errorName(noSuchFile), 'ENOENT');
      assert.isNull(systemV?.files.identify('/no/such/file', true));
      assert.strictEqual(systemV?.files.unlink('/no/such/file'), noSuchFile);
      assert.strictEqual(systemV?.processes.id, host.processId);
      assert.isTrue(systemV?.processes.isAlive(host.processId));
      assert.strictEqual(systemV?.ipc.getSegment(0x5bec0001, 0, 0), noSuchFile);
    });
  });

  describe('Threads', () => {
    it('polling: a number, or null where the kernel does not tell', () => {
      const found = threads.polling('gst-spec-none');
      assert.isTrue(found === null || found === 0);
    });
  });

  describe('Streams', () => {
    it('watchBus wakes for a message, until it is closed; close is idempotent', async () => {
      await playing('fakesrc ! fakesink', async (pipeline) => {
        const bus = c.gst_element_get_bus(pipeline) as Handle;
        let woken = 0;
        const watch = streams.watchBus(bus, () => {
          woken++;
          for (let message = c.gst_bus_pop(bus); message; message = c.gst_bus_pop(bus))
            references.drop(message, 'mini', 0);
        });
        await blocking.setState(pipeline, statePaused, null);
        for (let look = 0; look < 200 && woken === 0; look++) await sleep(5);
        assert.isAbove(woken, 0);
        watch.hold(false);
        watch.close();
        watch.close();
        const before = woken;
        await blocking.setState(pipeline, stateNull, null);
        await sleep(20);
        assert.strictEqual(woken, before);
        references.drop(bus, 'object', 0);
      });
    });

    it('watchSink wakes while it listens, and not before; close is idempotent', async () => {
      await playing('videotestsrc ! appsink name=sink sync=false max-buffers=1', async (pipeline, get) => {
        const sink = get('sink');
        streams.prepareSink(sink);
        let woken = 0;
        const watch = streams.watchSink(sink, () => woken++);
        const pull = () => {
          const sample = c.gst_app_sink_try_pull_sample(sink, 0);
          if (sample) references.drop(sample, 'mini', 0);
        };
        await blocking.setState(pipeline, statePlaying, nothingLifted);
        await sleep(30);
        assert.strictEqual(woken, 0);
        watch.listen(true);
        for (let look = 0; look < 200 && woken === 0; look++) {
          pull();
          await sleep(5);
        }
        assert.isAbove(woken, 0);
        watch.listen(false);
        watch.close();
        watch.close();
        watch.listen(true);
        const before = woken;
        pull();
        await sleep(30);
        assert.strictEqual(woken, before);
      });
    });

    it('watchAllocation: UnavailableError in GJS', async () => {
      await playing('videotestsrc ! appsink name=sink', async (_, get) => {
        const sink = get('sink');
        const watch = () => streams.watchAllocation(sink, () => false);
        if (!isNode) throws(watch, UnavailableError, /streaming thread/);
        else {
          const made = watch();
          made.close();
          made.close();
        }
      });
    });
  });

  describe('Blocking', () => {
    it('peerQuery and peerQueryNow: false where nobody answers', async () => {
      await playing('videotestsrc name=source ! fakesink', async (_, get) => {
        const pad = c.gst_element_get_static_pad(get('source'), 'src') as Handle;
        const query = c.gst_query_new_allocation(null, false);
        assert.isFalse(blocking.peerQueryNow(pad, query));
        assert.isFalse(await blocking.peerQuery(pad, query));
        references.drop(query, 'mini', 0);
        references.drop(pad, 'object', 0);
      });
    });

    it('convertSample: rejects with GstError, and leaves its arguments alone', async () => {
      const buffer = c.gst_buffer_new_memdup(pattern(64));
      const [from, to] = ['video/x-raw,format=GRAY8,width=8,height=8,framerate=0/1', 'video/x-nothing'].map(
        (text) => c.gst_caps_from_string(text) as Handle,
      ) as [Handle, Handle];
      const sample = c.gst_sample_new(buffer, from, null, null);
      const before = [sample, to].map(countOf);
      await rejects(
        blocking.convertSample(sample, to, 1e9, () => true),
        GstError,
      );
      assert.deepEqual([sample, to].map(countOf), before);
      for (const handle of [sample, from, to, buffer]) references.drop(handle, 'mini', 0);
    });

    it('setState gives a GstStateChangeReturn', async () => {
      await playing('fakesrc ! fakesink', async (pipeline) => {
        assert.include([1, 2], await blocking.setState(pipeline, statePlaying, nothingLifted));
        assert.strictEqual(await blocking.setState(pipeline, stateNull, null), 1);
      });
    });
  });

  describe('Loop', () => {
    it('every and beforeEnd: close is idempotent', async () => {
      let calls = 0;
      const watch = loop.every(2, () => calls++);
      for (let look = 0; look < 100 && calls < 2; look++) await sleep(5);
      assert.isAbove(calls, 1);
      const end = loop.beforeEnd(() => assert.fail('this program does not end'));
      for (const one of [watch, watch, end, end]) one.close();
      const before = calls;
      await sleep(20);
      assert.strictEqual(calls, before);
    });

    it('every: closed from its own callback', async () => {
      let calls = 0;
      const watch = loop.every(1, () => {
        calls++;
        watch.close();
      });
      await sleep(30);
      assert.strictEqual(calls, 1);
    });

    it('breathe lets a timer have its turn', async () => {
      let rung = false;
      setTimeout(() => {
        rung = true;
      }, 0);
      // A timer takes a millisecond at least, which is many turns.
      for (const end = Date.now() + 2000; !rung && Date.now() < end; ) await loop.breathe();
      assert.isTrue(rung);
    });
  });

  describe('Wrappers', () => {
    it('fromRaw(toRaw): the same object, with a reference of its own; null for anything else', () => {
      withBuffer((buffer) => {
        const raw = wrappers.toRaw(buffer, 'mini', 'GstBuffer');
        lent(wrappers.fromRaw(raw, 'mini', 'GstBuffer'), (again) => assert.isTrue(references.identical(again, buffer)));
        for (const other of [null, undefined, 1, {}, 'x', Object.create(raw as object)])
          assert.isNull(wrappers.fromRaw(other, 'mini', 'GstBuffer'));
        assert.isNull(wrappers.fromRaw(raw, 'mini', 'GstCaps'));
        assert.isNull(wrappers.fromRaw(raw, 'mini', 'NoSuchType'));
      });
    });

    it('typeName and isA: by the names of GTypes', () => {
      lent(
        c.gst_allocator_find('SystemMemory'),
        (allocator) => {
          assert.isTrue(wrappers.isA(allocator, 'GstAllocator'));
          assert.isFalse(wrappers.isA(allocator, 'GstElement'));
          assert.isFalse(wrappers.isA(allocator, 'NoSuchType'));
          assert.isNotEmpty(wrappers.typeName(allocator));
        },
        'object',
      );
    });

    it('elements and ends: owned handles of what is inside, and none of the engine’s own elements', async () => {
      await playing('videotestsrc ! appsink name=sink', async (pipeline, get) => {
        streams.prepareSink(get('sink'));
        const names = (handles: Handle[]) =>
          handles.map((handle) => lent(handle, (element) => wrappers.typeName(element), 'object')).sort();
        assert.deepEqual(names(wrappers.elements(pipeline)), ['GstAppSink', 'GstVideoTestSrc']);
        assert.deepEqual(names(wrappers.ends(pipeline, 'sources')), ['GstVideoTestSrc']);
        assert.deepEqual(names(wrappers.ends(pipeline, 'sinks')), ['GstAppSink']);
      });
    });
  });
});
