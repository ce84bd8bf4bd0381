import { type Relay, relayFolder } from '../port/sockets.ts';
import { Gio, GLib } from './namespaces.ts';

// biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
type Wrapper = any;

function connect(path: string): Promise<Wrapper> {
  return new Promise((resolve, reject) => {
    new Gio.SocketClient().connect_async(Gio.UnixSocketAddress.new(path), null, (client: Wrapper, result: Wrapper) => {
      try {
        resolve(client.connect_finish(result));
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** Copies in C, in turns of the main loop. */
function pass(from: Wrapper, to: Wrapper): void {
  const flags = Gio.OutputStreamSpliceFlags.NONE;
  to.get_output_stream().splice_async(from.get_input_stream(), flags, GLib.PRIORITY_DEFAULT, null, () => {
    for (const connection of [from, to]) connection.close(null);
  });
}

async function join(reader: Wrapper, path: string): Promise<void> {
  try {
    const writer = await connect(path);
    pass(writer, reader);
    pass(reader, writer);
  } catch (error) {
    reader.close(null);
    throw error;
  }
}

export async function relay(path: string): Promise<Relay> {
  const folder = `${relayFolder}${GLib.uuid_string_random()}`;
  const own = `${folder}/socket`;
  const listener = Gio.SocketListener.new();
  const cancellable = new Gio.Cancellable();
  const stopListening = (): void => {
    listener.close();
    GLib.unlink(own);
    GLib.rmdir(folder);
  };
  GLib.mkdir_with_parents(folder, 0o700);
  try {
    const { SocketType, SocketProtocol } = Gio;
    listener.add_address(Gio.UnixSocketAddress.new(own), SocketType.STREAM, SocketProtocol.DEFAULT, null);
  } catch (error) {
    stopListening();
    throw error;
  }
  const connected = new Promise<void>((resolve, reject) => {
    listener.accept_async(cancellable, (_: Wrapper, result: Wrapper) => {
      try {
        const [reader] = listener.accept_finish(result);
        stopListening();
        join(reader, path).then(resolve, reject);
      } catch (error) {
        reject(error);
      }
    });
  });
  connected.catch(() => {});
  return {
    path: own,
    connected,
    close() {
      cancellable.cancel();
      stopListening();
    },
  };
}
