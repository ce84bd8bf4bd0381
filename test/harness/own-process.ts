/** Specs whose program runs in a process of its own, because a CRITICAL of GStreamer's would end the others. */
import { assert } from 'chai';
import { host } from '#host';
import type { Package } from './host.ts';

// biome-ignore lint/suspicious/noExplicitAny: misuse is what these programs are about
export type Any = any;

/** Makes a call, waits for what it returns, and notes the name of its error, or `none`. */
export type Attempt = (call: () => unknown) => Promise<void>;

const attemptSource = `async (call) => {
  try {
    await call();
    outcomes.push('none');
  } catch (error) {
    outcomes.push(error.name);
  }
}`;

/**
 * An `it` whose program makes attempts that end in these errors, in their order, with nothing on stderr. The other process
 * gets the program as text: it sees its arguments and globals, nothing of the file it is written in.
 */
export function itInOwnProcess(
  title: string,
  outcomes: readonly string[],
  program: (gst: Package, attempt: Attempt) => Promise<unknown>,
): void {
  it(title, async () => {
    const source = `const outcomes = []; return (${program})(gst, ${attemptSource}).then(() => outcomes);`;
    const ran = await host.run(new Function('gst', source) as never, { G_DEBUG: 'fatal-criticals' });
    assert.deepEqual(ran, { status: 0, value: outcomes, stderr: '' });
  });
}

/** Makes a call, waits for what it returns, and notes it unless its error has this name and message. */
export type Refuse = (name: string, message: RegExp, call: () => unknown) => Promise<void>;

const refuseSource = `async (name, message, call) => {
  const got = await Promise.resolve().then(call).then(() => 'no error', String);
  if (!got.startsWith(name + ': ') || !message.test(got)) unexpected.push(call + ': ' + got);
}`;

/** An `it` whose program makes calls that are to be refused, each with this error; see `itInOwnProcess`. */
export function itRefuses(title: string, program: (gst: Package, refuse: Refuse) => Promise<unknown>): void {
  it(title, async () => {
    const source = `const unexpected = []; return (${program})(gst, ${refuseSource}).then(() => unexpected);`;
    const ran = await host.run(new Function('gst', source) as never, { G_DEBUG: 'fatal-criticals' });
    assert.deepEqual(ran, { status: 0, value: [], stderr: '' });
  });
}
