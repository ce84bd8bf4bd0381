/** Runs what the specs before it have described: `gjs -m dist/gjs/test.js [--grep PATTERN]`. Exits with 1 on any failure. */
import gi from 'gi';
import System from 'system';
import { uncaught } from './polyfills.ts';
import { mocha } from './setup.ts';

const GLib = gi.require('GLib', '2.0');
const loop = new GLib.MainLoop(null, false);

const { programArgs } = System;
for (let index = 0; index < programArgs.length; index++) {
  const argument = programArgs[index];
  const pattern = argument === '--grep' || argument === '-g' ? programArgs[++index] : undefined;
  if (pattern === undefined) {
    printerr(`expected --grep PATTERN, got ${argument}`);
    System.exit(2);
  }
  mocha.grep(new RegExp(pattern));
}

let failures = 1;
mocha.run((count) => {
  failures = count;
  // A rejection nobody handles is logged in a later turn.
  setTimeout(() => loop.quit(), 20);
});
loop.run();
if (uncaught.length) printerr(`${uncaught.length} errors were caught by nobody, see above`);
System.exit(failures > 0 || uncaught.length > 0 ? 1 : 0);
