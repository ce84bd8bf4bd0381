/** mocha's globals, there before the specs are. */
import './polyfills.ts';
import 'mocha/mocha.js';
import { host } from '#host';
import { mochaHooks } from '../harness/leak-check.ts';

interface BrowserMocha {
  setup(options: { ui: string; reporter: string; rootHooks: object; timeout: number }): void;
  grep(pattern: RegExp): void;
  run(done: (failures: number) => void): void;
}

/** GJS's own console writes to stderr, with a prefix. */
function log(first: unknown = '', ...values: unknown[]): void {
  const text = String(first).replace(/%[sdifjoO%]/g, (mark) => (mark === '%%' ? '%' : String(values.shift())));
  print([text, ...values].join(' '));
}

const { Mocha } = globalThis as unknown as { Mocha: { reporters: { Base: { consoleLog: typeof log } } } };
Mocha.reporters.Base.consoleLog = log;

export const mocha = (globalThis as unknown as { mocha: BrowserMocha }).mocha;
// Milliseconds each test may take, on a busy machine too; applies to all suites described after this.
const timeout = Number(host.environment('GST_ALLOCATORS_TIMEOUT') || 10_000);
mocha.setup({ ui: 'bdd', reporter: 'spec', rootHooks: mochaHooks, timeout });
