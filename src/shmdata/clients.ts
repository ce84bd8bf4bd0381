/** The readers of a writer, as it sees them: no reader is trusted to announce that it leaves. */
import type { StreamListener, StreamSocket } from '../runtime/port/index.ts';
import { needSystemV } from './ipc-keys.ts';
import { greetingSize, quit, update } from './protocol.ts';

/** Milliseconds a reader has to acknowledge the greeting and, after its quit, to disconnect. */
const patience = 2000;
const mostClients = 256;
const quitByte = 2;

interface Client {
  readonly id: number;
  /** Whether the reader is in this process. */
  readonly isOurs: boolean;
  readonly socket: StreamSocket;
  state: 'greeted' | 'registered' | 'leaving';
  /** Received bytes of the acknowledgement, which echoes the greeting. */
  acknowledged: number;
  timer: ReturnType<typeof setTimeout> | null;
}

export interface ClientEvents {
  connect(id: number): void;
  disconnect(id: number): void;
  /** A reader that may owe a release is gone; it certainly owes one if it left the update unread. */
  lost(owesOne: boolean): void;
}

export class Clients {
  readonly #greeting: Uint8Array;
  readonly #events: ClientEvents;
  readonly #clients = new Set<Client>();
  /** Readers that were notified of the newest frame and are still connected. */
  readonly #notified = new Set<Client>();
  #registered = 0;
  #ids = 0;

  constructor(greeting: Uint8Array, events: ClientEvents) {
    this.#greeting = greeting;
    this.#events = events;
  }

  /** Readers that get frames. */
  get registered(): number {
    return this.#registered;
  }

  /** Readers that may still owe a release. */
  get notified(): number {
    return this.#notified.size;
  }

  /** Whether a reader that may still owe a release is in this process. */
  get hasOurs(): boolean {
    for (const { isOurs } of this.#notified) if (isOurs) return true;
    return false;
  }

  /** Names of all readers that may still owe a release: the writer cannot distinguish them. */
  get suspects(): string {
    const names = [...this.#notified].map(
      ({ id, socket }) => `${id}${socket.process ? ` (process ${socket.process})` : ''}`,
    );
    return `${names.length === 1 ? 'reader' : 'one of the readers'} ${names.join(', ')}`;
  }

  accept(socket: StreamSocket): StreamListener {
    const isOurs = socket.process === needSystemV().processes.id;
    const client: Client = { id: ++this.#ids, isOurs, socket, state: 'greeted', acknowledged: 0, timer: null };
    if (this.#clients.size >= mostClients || socket.send(this.#greeting) !== greetingSize) {
      socket.close();
      return { data() {}, closed() {} };
    }
    this.#clients.add(client);
    this.#expectMore(client);
    return {
      data: (bytes) => this.#receive(client, bytes),
      closed: (failed) => this.#drop(client, failed),
    };
  }

  /** Disconnects the client unless it takes its next step in time. */
  #expectMore(client: Client): void {
    client.timer = setTimeout(() => {
      client.socket.close();
      this.#drop(client, false);
    }, patience);
  }

  #receive(client: Client, bytes: Uint8Array): void {
    if (client.state === 'leaving' || bytes.length === 0) return;
    const isQuit = bytes[0] === quitByte && bytes[1] === 0 && bytes.length === 2;
    let rest = bytes;
    if (client.state === 'greeted' && !isQuit) {
      // The first bytes acknowledge, whatever they are.
      client.acknowledged = Math.min(bytes.length, greetingSize);
      rest = bytes.subarray(client.acknowledged);
      if (client.timer) clearTimeout(client.timer);
      client.state = 'registered';
      this.#registered++;
      this.#events.connect(client.id);
    } else if (client.state === 'registered') rest = this.#afterGreeting(client, bytes);
    if (rest.length === 0) return;
    // Any bytes but the acknowledgement mean that the reader leaves. It still handles updates until it gets the reply.
    this.#leave(client);
  }

  /** Strips a missing part of the acknowledgement, which may arrive in pieces, from the start of the bytes. */
  #afterGreeting(client: Client, bytes: Uint8Array): Uint8Array {
    const { acknowledged } = client;
    const more = bytes.subarray(0, greetingSize - acknowledged);
    if (more.some((byte, index) => byte !== this.#greeting[acknowledged + index])) return bytes;
    client.acknowledged += more.length;
    return bytes.subarray(more.length);
  }

  #leave(client: Client): void {
    const wasRegistered = client.state === 'registered';
    if (client.timer) clearTimeout(client.timer);
    client.state = 'leaving';
    client.socket.send(quit);
    this.#expectMore(client);
    if (!wasRegistered) return;
    this.#registered--;
    this.#events.disconnect(client.id);
  }

  #drop(client: Client, failed: boolean): void {
    if (!this.#clients.delete(client)) return;
    if (client.timer) clearTimeout(client.timer);
    const wasNotified = this.#notified.delete(client);
    if (client.state === 'registered') {
      this.#registered--;
      this.#events.disconnect(client.id);
    }
    if (wasNotified) this.#events.lost(failed && client.state === 'registered');
  }

  /** Announces a frame to all readers; returns the number of those that were unreachable and are now dropped. */
  notify(size: number): number {
    const message = update(size);
    let failures = 0;
    this.#notified.clear();
    for (const client of this.#clients) {
      if (client.state !== 'registered') continue;
      if (client.socket.send(message) === message.length) this.#notified.add(client);
      else {
        failures++;
        client.socket.close();
        this.#drop(client, false);
      }
    }
    return failures;
  }

  /** Sends quit to all readers and closes their connections. */
  dismiss(): void {
    for (const client of [...this.#clients]) {
      if (client.state === 'registered') client.socket.send(quit);
      client.socket.close();
      this.#notified.delete(client);
      this.#drop(client, false);
    }
  }
}
