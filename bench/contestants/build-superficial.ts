/** Installs gstreamer-superficial from the registry and builds it, once, beside the environment's own caches. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const version = '1.7.4';

/** Its path, or the reason for its absence. */
export function superficial(root: string): string | { absent: string } {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'gst-allocators');
  const folder = join(cache, `superficial-${version}-${process.versions.modules}-${process.arch}`);
  const module = 'node_modules/gstreamer-superficial';
  if (existsSync(folder)) return join(folder, module);
  const making = `${folder}.${process.pid}`;
  try {
    mkdirSync(making, { recursive: true });
    writeFileSync(join(making, 'package.json'), '{ "private": true }');
    run(making, 'npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', `gstreamer-superficial@${version}`);
    const prefix = dirname(dirname(process.execPath));
    const headers = existsSync(join(prefix, 'include/node/node.h')) ? [`--nodedir=${prefix}`] : [];
    run(
      join(making, module),
      process.execPath,
      join(root, 'node_modules/node-gyp/bin/node-gyp.js'),
      'rebuild',
      ...headers,
    );
    renameSync(making, folder);
    return join(folder, module);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? (error as Error).message;
    return { absent: `could not be built: ${said.slice(0, 120)}` };
  }
}

function run(cwd: string, command: string, ...values: string[]): void {
  const env = { ...process.env };
  // This variable names the headers of the environment's own Node, and overrides the option.
  delete env.npm_package_config_node_gyp_nodedir;
  execFileSync(command, values, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 });
}
