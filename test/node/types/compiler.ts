/** Programs that use the package, as TypeScript's compiler sees them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../../..', import.meta.url));

export interface Checked {
  /** Errors by their line, the first of each. */
  errors: Map<number, string>;
  seconds: number;
  megabytes: number;
  instantiations: number;
}

/** A folder where the package is found by its name; the libraries are checked as well. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'gst-allocators-types-'));

  constructor() {
    mkdirSync(join(this.folder, 'node_modules'));
    symlinkSync(root, join(this.folder, 'node_modules/gst-allocators'));
    this.write('package.json', '{ "private": true, "type": "module" }');
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  check(text: string, ...more: string[]): Checked {
    const path = this.write('program.ts', text);
    const options = ['--noEmit', '--strict', '--ignoreConfig', '--module', 'nodenext', '--target', 'es2023'];
    const libraries = [
      '--lib',
      'es2023,esnext.disposable',
      '--typeRoots',
      join(root, 'node_modules/@types'),
      '--types',
      'node',
    ];
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(
      process.execPath,
      [compiler, ...options, ...libraries, '--noErrorTruncation', '--extendedDiagnostics', path, ...more],
      { cwd: this.folder, encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    const errors = new Map<number, string>();
    for (const [, file = '', line, message = ''] of stdout.matchAll(/^([^\s(]+)\((\d+),\d+\): error TS\d+: (.*)$/gm)) {
      if (!file.endsWith('program.ts')) throw new Error(`${file}:${line}: ${message}`);
      if (!errors.has(Number(line))) errors.set(Number(line), message);
    }
    const figure = (name: string) => Number(new RegExp(`^${name}:\\s+([\\d.]+)`, 'm').exec(stdout)?.[1]);
    return {
      errors,
      seconds: figure('Total time'),
      megabytes: figure('Memory used') / 1000,
      instantiations: figure('Instantiations'),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
