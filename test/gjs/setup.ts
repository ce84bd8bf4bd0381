/** mocha's globals, there before the specs are. */
import './ground.ts';
import 'mocha/mocha.js';
import { mochaHooks } from '../harness/leak-check.ts';

interface BrowserMocha {
  setup(options: { ui: string; reporter: string; rootHooks: object }): void;
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
mocha.setup({ ui: 'bdd', reporter: 'spec', rootHooks: mochaHooks });
