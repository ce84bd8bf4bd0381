/** Time from the start of a process until GStreamer is usable in it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Entry } from './contestant.ts';
import type { Times } from './race.ts';

/** Programs that print GStreamer's version as soon as they can. */
export function readyCommands(root: string, superficial: string | null, c: string): Record<string, readonly string[]> {
  const node = (text: string): string[] => [process.execPath, '--input-type=module', '-e', text];
  const bundle = join(root, 'dist/gjs/gst-allocators.js');
  return {
    node: node(`import { init, version } from ${JSON.stringify(join(root, 'dist/package/gst-allocators.js'))};
      init(); console.log(version().string);`),
    gjs: ['gjs', '-c', `import('file://${bundle}').then((gst) => { gst.init(); print(gst.version().string); });`],
    c: [c, '--version-alone'],
    python: [
      'python3',
      '-c',
      'import gi; gi.require_version("Gst", "1.0"); from gi.repository import Gst; Gst.init(None); print(Gst.version_string())',
    ],
    'node-gtk': node(`import gi from ${JSON.stringify(join(root, 'node_modules/node-gtk/lib/index.js'))};
      const Gst = gi.require('Gst', '1.0'); Gst.init(null); console.log(Gst.versionString());`),
    'raw-gjs': ['gjs', '-c', 'const { Gst } = imports.gi; Gst.init(null); print(Gst.version_string());'],
    ...(superficial && {
      superficial: node(`import { createRequire } from 'node:module';
        const { Pipeline } = createRequire(${JSON.stringify(`${superficial}/`)})(${JSON.stringify(superficial)});
        new Pipeline('fakesrc ! fakesink'); console.log('GStreamer');`),
    }),
  };
}

function once(command: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const begin = process.hrtime.bigint();
    const child = spawn(command[0] as string, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    child.on('error', reject);
    child.on('close', () => reject(new Error(`${command.join(' ')} did not get ready\n${said}`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      const time = Number(process.hrtime.bigint() - begin);
      if (/^GStreamer/.test(line)) resolve(time);
      else reject(new Error(`${command.join(' ')} said ${line}`));
      child.kill('SIGKILL');
    });
  });
}

/** Every contestant in turns. */
export async function raceReady(
  commands: Record<string, readonly string[]>,
  contestants: readonly Pick<Entry, 'name'>[],
  rounds: number,
  progress: (done: number) => void,
): Promise<Map<string, Times>> {
  const times = new Map<string, Times>();
  for (const { name } of contestants) {
    times.set(name, commands[name] ? { rounds: [], count: 1 } : { cannot: 'nothing to import: it starts a program' });
  }
  for (let round = 0; round <= rounds; round++) {
    progress(round / rounds);
    for (const [name, own] of times) {
      if ('cannot' in own) continue;
      const time = await once(commands[name] as readonly string[]);
      // The first run fills the disk caches.
      if (round > 0) own.rounds.push(time);
    }
  }
  return times;
}
