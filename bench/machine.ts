/** The machine of a run. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';

function output(cwd: string, command: string, ...values: string[]): string {
  try {
    return execFileSync(command, values, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

const packageVersion = (root: string, name: string): string =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;

export function machine(root: string): Record<string, string> {
  const changed = output(root, 'git', 'status', '--porcelain', '--', 'src');
  return {
    processor: `${cpus()[0]?.model.trim()} × ${cpus().length}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: release(),
    // Other programs affect the figures.
    load: (loadavg()[0] ?? 0).toFixed(1),
    commit: output(root, 'git', 'rev-parse', '--short', 'HEAD') + (changed ? ' with changes in src' : ''),
    koffi: packageVersion(root, 'koffi'),
    'node-gtk': packageVersion(root, 'node-gtk'),
  };
}
