/**
 * Reads and writes the parts of a buffer that introspection does not reach, its flags beyond those of GStreamer's core
 * and the content of its metas, in the form that `unixfdsink` sends and `unixfdsrc` receives. One of these elements is
 * run for a buffer without bytes, with this program at the other end of a socket: half a millisecond. Its threads wait
 * only for this program, which waits for them two seconds at most.
 */
import { GstError, UnavailableError } from '../../errors.ts';
import type { Handle } from '../../generated/symbols.ts';
import { expectSpare } from '../../spare-descriptors.ts';
import { descriptors } from './descriptors.ts';
import { Gio, GLib, gst, namespace } from './namespaces.ts';
import { references } from './references.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

interface SerialisedMeta {
  /** Name of its implementation. */
  name: string;
  content: Uint8Array;
}

/** All of `GST_BUFFER_FLAGS`, and the metas that can be serialised. */
export interface SerialisedBuffer {
  flags: number;
  metas: SerialisedMeta[];
}

const copyFlags = 1;
const copyMetas = 4;
/** Without this flag, the metas that describe the memory are not copied. */
const copyMemory = 8;
const everything = 0xffff_ffff_ffff_ffffn;
const longestWait = 2;
const newBuffer = 0;
/** Type and size of what follows. */
const headBytes = 8;
/** Offsets in a buffer, in bytes: times and offsets come first; the metas follow the memories. */
const layout = { times: 8, flags: 48, memoryCount: 53, metaCount: 54, memories: 56 };
const memoryBytes = 16;
/** Total size and length of the name; behind the name a zero and the version of the content. */
const metaHeadBytes = 8;
const metaRestBytes = 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const wordsOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const expectSpareDescriptors = (): void =>
  expectSpare(descriptors, 'access in GJS to what introspection leaves out of a buffer', GstError);

/** Runs one element with a socket of its own, without a file. */
function withElement<T>(description: string, use: (pipeline: Wrapper, address: Wrapper) => T): T {
  const name = `gst-allocators-${GLib.uuid_string_random()}`;
  const address = Gio.UnixSocketAddress.new_with_type(encoder.encode(name), Gio.UnixSocketAddressType.ABSTRACT);
  const Gst = gst();
  let pipeline: Wrapper = null;
  try {
    pipeline = Gst.parse_launch(description.replace('SOCKET', `socket-type=abstract socket-path=${name}`));
    return use(pipeline, address);
  } catch (error) {
    if (!(error instanceof GLib.Error)) throw error;
    throw new UnavailableError(
      "flags and metas that introspection leaves out pass through GStreamer's unixfd elements in GJS, and could not " +
        '(Debian and Ubuntu: apt install gstreamer1.0-plugins-bad)',
      { cause: error, detail: (error as Error).message },
    );
  } finally {
    pipeline?.set_state(Gst.State.NULL);
  }
}

function play(pipeline: Wrapper): void {
  const { State, StateChangeReturn } = gst();
  if (pipeline.set_state(State.PLAYING) === StateChangeReturn.FAILURE) {
    throw new GstError("GStreamer's unixfd elements could not open a socket");
  }
}

function read(input: Wrapper, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let done = 0; done < size; ) {
    const part: Uint8Array = input.read_bytes(size - done, null).toArray();
    if (part.length === 0) throw new GstError('unixfdsink closed its socket before it had sent the buffer');
    bytes.set(part, done);
    done += part.length;
  }
  return bytes;
}

/** The next command that is sent, if it is a buffer. */
function readCommand(input: Wrapper): Uint8Array | null {
  const head = wordsOf(read(input, headBytes));
  const content = read(input, head.getUint32(4, true));
  return head.getUint32(0, true) === newBuffer ? content : null;
}

function parse(bytes: Uint8Array): SerialisedBuffer {
  const words = wordsOf(bytes);
  let place = layout.memories + words.getUint8(layout.memoryCount) * memoryBytes;
  const metas = Array.from({ length: words.getUint16(layout.metaCount, true) }, () => {
    const end = place + words.getUint32(place, true);
    const nameEnd = place + metaHeadBytes + words.getUint32(place + 4, true);
    const name = decoder.decode(bytes.subarray(place + metaHeadBytes, nameEnd));
    place = end;
    return { name, content: bytes.subarray(nameEnd + metaRestBytes, end) };
  });
  return { flags: words.getUint32(layout.flags, true), metas };
}

/**
 * `size` untouched bytes of shared memory, as the element requires it: some metas are refused if their buffer is too
 * small.
 */
function emptyMemory(size: number): Wrapper {
  const { ShmAllocator } = namespace('GstAllocators');
  ShmAllocator.init_once();
  return ShmAllocator.get().alloc(size, null);
}

export function serialise(buffer: Handle): SerialisedBuffer {
  expectSpareDescriptors();
  const bare = gst().Buffer.new();
  bare.copy_into(buffer, copyFlags | copyMetas | copyMemory, 0, everything);
  const size = bare.get_size();
  bare.remove_all_memory();
  if (size > 0) bare.append_memory(emptyMemory(size));
  try {
    return send(bare);
  } finally {
    // For a pool's buffer, `bare` has a meta that refers to it now, and it would count as shared until `bare` is
    // collected.
    bare.foreach_meta(() => [true, null]);
    references.drop(bare, 'mini', 0);
  }
}

function send(bare: Wrapper): SerialisedBuffer {
  return withElement('appsrc name=source format=time ! unixfdsink sync=false SOCKET', (pipeline, address) => {
    play(pipeline);
    const client = Gio.SocketClient.new();
    client.set_timeout(longestWait);
    const connection = client.connect(address, null);
    try {
      const input = connection.get_input_stream();
      // The element sends caps first, to each client: when they arrive, this program is one.
      readCommand(input);
      pipeline.get_by_name('source').push_buffer(bare);
      for (;;) {
        const content = readCommand(input);
        if (content) return parse(content);
      }
    } finally {
      connection.close(null);
    }
  });
}

/** A meta in the form of `gst_meta_serialize`. */
function serialisedMeta({ name, content }: SerialisedMeta): Uint8Array {
  const type = encoder.encode(name);
  const bytes = new Uint8Array(metaHeadBytes + type.length + metaRestBytes + content.length);
  const words = wordsOf(bytes);
  words.setUint32(0, bytes.length, true);
  words.setUint32(4, type.length, true);
  bytes.set(type, metaHeadBytes);
  bytes.set(content, bytes.length - content.length);
  return bytes;
}

/** Up to GStreamer 1.24.2, `unixfdsrc` refuses buffers that come without file descriptors. */
function needsDescriptor(): boolean {
  const [major, minor, micro] = gst().version();
  return major === 1 && minor === 24 && micro < 3;
}

/**
 * Sends bytes with a file descriptor, which GIO does not offer in GJS: a sink sends the messages in the metas of its
 * buffers.
 */
function sendWithDescriptor(connection: Wrapper, bytes: Uint8Array, memory: Wrapper): void {
  const Gst = gst();
  const list = new Gio.UnixFDList();
  list.append(namespace('GstAllocators').fd_memory_get_fd(memory));
  const message = fdMessage(list);
  const buffer = Gst.Buffer.new_memdup(bytes);
  namespace('GstNet').buffer_add_net_control_message_meta(buffer, message);
  const pipeline = Gst.parse_launch('appsrc name=source ! multisocketsink name=sink sync=false async=false');
  try {
    const sink = pipeline.get_by_name('sink');
    pipeline.set_state(Gst.State.PLAYING);
    sink.emit('add', connection.get_socket());
    pipeline.get_by_name('source').push_buffer(buffer);
    const end = GLib.get_monotonic_time() + longestWait * 1_000_000;
    while (sink.bytes_served < BigInt(bytes.length) && GLib.get_monotonic_time() < end) GLib.usleep(100);
  } finally {
    pipeline.set_state(Gst.State.NULL);
  }
}

/** In the namespace GioUnix since GLib 2.80. */
function fdMessage(list: Wrapper): Wrapper {
  try {
    return namespace('GioUnix').FDMessage.new_with_fd_list(list);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return Gio.UnixFDMessage.new_with_fd_list(list);
  }
}

/** A buffer without bytes that has the flags and metas; null where GStreamer refuses them. */
export function deserialise({ flags, metas }: SerialisedBuffer): Wrapper | null {
  expectSpareDescriptors();
  const parts = metas.map(serialisedMeta);
  // An empty one in its front.
  const memory = needsDescriptor() ? emptyMemory(1) : null;
  const begin = layout.memories + (memory ? memoryBytes : 0);
  const size = parts.reduce((sum, part) => sum + part.length, begin);
  const bytes = new Uint8Array(headBytes + size);
  wordsOf(bytes).setUint32(4, size, true);
  const content = bytes.subarray(headBytes);
  content.fill(0xff, layout.times, layout.flags);
  wordsOf(content).setUint32(layout.flags, flags, true);
  wordsOf(content).setUint8(layout.memoryCount, memory ? 1 : 0);
  wordsOf(content).setUint16(layout.metaCount, parts.length, true);
  let place = begin;
  for (const part of parts) {
    content.set(part, place);
    place += part.length;
  }
  return withElement('unixfdsrc SOCKET ! appsink name=sink sync=false', (pipeline, address) => {
    const listener = Gio.SocketListener.new();
    listener.add_address(address, Gio.SocketType.STREAM, Gio.SocketProtocol.DEFAULT, null);
    try {
      // The element connects before this returns.
      play(pipeline);
      const [connection] = listener.accept(null);
      if (memory) sendWithDescriptor(connection, bytes, memory);
      else connection.get_output_stream().write_all(bytes, null);
      const sample = pipeline.get_by_name('sink').try_pull_sample(BigInt(longestWait) * 1_000_000_000n);
      connection.close(null);
      return sample?.get_buffer() ?? null;
    } finally {
      listener.close();
    }
  });
}

/** Copies flags or metas from a buffer without bytes to another: `flags` of `gst_buffer_copy_into`. */
function carryOver(from: SerialisedBuffer, buffer: Handle, flags: number): void {
  const carrier = deserialise(from);
  if (!carrier) return;
  (buffer as Wrapper).copy_into(carrier, flags, 0, everything);
  references.drop(carrier, 'mini', 0);
}

/** Replaces the flags that are not among the known ones. */
export function setOtherFlags(buffer: Handle, known: number, others: number): void {
  const { flags } = serialise(buffer);
  if ((flags & ~known) !== others) carryOver({ flags: (flags & known) | others, metas: [] }, buffer, copyFlags);
}

/** Adds a meta to a buffer. */
export function addSerialised(buffer: Handle, meta: SerialisedMeta): void {
  const { Meta, version } = gst();
  const [major, minor] = version();
  if (major > 1 || minor >= 28) {
    Meta.deserialize(buffer, serialisedMeta(meta));
    return;
  }
  // Earlier introspection data declare the bytes as a number.
  carryOver({ flags: 0, metas: [meta] }, buffer, copyMetas);
}

/** The content of the first meta of that name; null if GStreamer does not serialise it. */
export function contentOf(buffer: Handle, name: string): DataView | null {
  const found = serialise(buffer).metas.find((meta) => meta.name === name);
  return found ? wordsOf(found.content) : null;
}
