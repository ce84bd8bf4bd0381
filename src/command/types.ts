import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, watch, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runtime } from '#runtime';
import { GstError } from '../errors.ts';
import { nearest } from '../expect.ts';
import { version } from '../init.ts';
import type { RegisteredPlugin } from '../runtime/port/index.ts';
import { type Command, UsageError } from './command.ts';
import { changesBetween } from './element-changes.ts';
import { printElements } from './element-types.ts';
import { readElements } from './installed-elements.ts';

/** Milliseconds after the last change of a folder before the registry is read again. */
const calm = 1000;

export const types: Command = {
  usage: `gst-allocators types           the elements of this machine as types: a module that takes the place of the shipped ones
  --out FILE                     written there, and what is new and what is gone is said
  --plugin NAME                  only of this plugin; may be given several times, or with several names
  --watch                        again whenever plugins are installed or removed, until Ctrl-C; with --out`,
  options: {
    out: { type: 'string' },
    plugin: { type: 'string', multiple: true, default: [] },
    watch: { type: 'boolean', default: false },
  },
  async run(values, words) {
    const named = [values.plugin].flat().flatMap((names) => String(names).split(','));
    if (words.length > 0 && named.length === 0) throw new UsageError(`types takes no words, got ${words.join(' ')}`);
    const file = values.out === undefined ? null : resolve(String(values.out));
    if (values.watch && file === null) throw new UsageError('--watch needs --out FILE');
    const text = typesOf(chosen([...named, ...words]));
    if (file === null) process.stdout.write(text);
    else write(file, text);
    if (values.watch) await forEver(file as string, [...named, ...words]);
  },
};

function installed(): RegisteredPlugin[] {
  if (!runtime.registry) throw new GstError('the element registry is read with Node.js alone');
  return runtime.registry.plugins();
}

function chosen(names: readonly string[]): RegisteredPlugin[] {
  const plugins = installed();
  if (names.length === 0) return plugins;
  return names.map((name) => {
    const found = plugins.find((plugin) => plugin.name === name);
    if (found) return found;
    const near = nearest(
      name,
      plugins.map((plugin) => plugin.name),
    );
    throw new GstError(`no plugin ${name} is installed${near ? `; did you mean ${near}?` : ''}`);
  });
}

function typesOf(plugins: readonly RegisteredPlugin[]): string {
  const head = [
    `/** The elements of ${version().string}, with their properties. Written by \`npx gst-allocators types\`: do not edit. */`,
    "import type { PropertyTypes } from 'gst-allocators';",
  ].join('\n');
  const elements = runtime.registry ? readElements(runtime.registry, plugins) : [];
  return `${printElements(head, elements, 'Installed')}
declare module 'gst-allocators' {
  interface ElementTypes extends InstalledElementTypes {}
  interface ElementActions extends InstalledElementActions {}
  interface ReplacedElementTypes extends InstalledElementTypes {}
}
`;
}

/** Replaces the file atomically: a compiler may be reading it. */
function write(file: string, text: string): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
  const lines = before === null ? null : changesBetween(before, text);
  if (before !== text) {
    const work = join(dirname(file), `.${process.pid}.gst-allocators`);
    writeFileSync(work, text);
    renameSync(work, file);
  }
  const count =
    text.match(/^export interface InstalledElementTypes \{\n([\s\S]*?)^\}/m)?.[1]?.match(/^ {2}['\w]/gm)?.length ?? 0;
  console.log(
    lines === null ? `${file}: ${count} elements` : lines.length > 0 ? lines.join('\n') : `${file}: nothing new`,
  );
}

/** GStreamer reads the registry once per process, so after a change another process reads it. */
function forEver(file: string, names: readonly string[]): Promise<never> {
  const folders = new Set([
    ...installed().flatMap(({ file: path }) => (path === null ? [] : [dirname(path)])),
    ...['GST_PLUGIN_PATH', 'GST_PLUGIN_PATH_1_0'].flatMap((name) => process.env[name]?.split(':') ?? []),
    join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local/share'), 'gstreamer-1.0/plugins'),
  ]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const options = names.flatMap((name) => ['--plugin', name]);
    spawn(process.execPath, [process.argv[1] as string, 'types', '--out', file, ...options], { stdio: 'inherit' });
  };
  const watched = [...folders].filter((folder) => folder !== '' && existsSync(folder));
  for (const folder of watched) {
    watch(folder, () => {
      clearTimeout(timer);
      timer = setTimeout(look, calm);
    });
  }
  console.log(`watching ${watched.join(', ')}`);
  return new Promise(() => {});
}
