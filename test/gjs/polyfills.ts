/** What mocha's browser build, and chai, expect of a browser; imported before them. */
import gi from 'gi';

const GLib = gi.require('GLib', '2.0');

const nothing = (): void => undefined;
Object.assign(globalThis, {
  self: globalThis,
  location: {},
  addEventListener: nothing,
  removeEventListener: nothing,
});

class SmallEvent {
  readonly type: string;

  constructor(type: string) {
    this.type = type;
  }
}

class SmallEventTarget {
  readonly #listeners: [string, (event: SmallEvent) => void][] = [];

  addEventListener(type: string, listener: (event: SmallEvent) => void): void {
    this.#listeners.push([type, listener]);
  }

  dispatchEvent(event: SmallEvent): boolean {
    for (const [type, listener] of this.#listeners) if (type === event.type) listener(event);
    return true;
  }
}

// chai tells its plugins of what is added to it.
for (const [name, value] of Object.entries({ Event: SmallEvent, EventTarget: SmallEventTarget })) {
  if (!(name in globalThis)) Object.assign(globalThis, { [name]: value });
}

/** Errors that GJS logs because nobody caught them. */
export const uncaught: string[] = [];

const { LEVEL_CRITICAL, LEVEL_WARNING } = GLib.LogLevelFlags;
GLib.log_set_handler('Gjs', LEVEL_CRITICAL | LEVEL_WARNING, (_domain: string, _level: number, message: string) => {
  printerr(`Gjs: ${message}`);
  if (/JS ERROR|Unhandled promise rejection/.test(message)) uncaught.push(message);
});
