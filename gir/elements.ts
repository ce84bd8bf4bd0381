/** Writes `types/generated/elements.d.ts`: the entries of `ElementTypes` for GStreamer's own plugins. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printElements } from '../src/command/element-types.ts';
import { readElements } from '../src/command/installed-elements.ts';
import { registry } from '../src/runtime/node/registry.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const printer = ['gir/elements.ts', 'src/command/element-types.ts', 'src/runtime/node/registry.ts'];
const ownModules = /^(gstreamer|gst-plugins-(base|good|bad|ugly)|gst-libav)$/;

/** Whether it wrote; false if the file is up to date. */
export function writeElementTypes(target = join(root, 'types/generated/elements.d.ts')): boolean {
  const plugins = registry.plugins().filter(({ source }) => ownModules.test(source));
  const hash = createHash('sha256').update(JSON.stringify(plugins));
  for (const path of printer) hash.update(readFileSync(join(root, path)));
  const head = [
    `/** Written by \`npm run generate\` from the installed plugins (${hash.digest('hex').slice(0, 12)}). */`,
    "import type * as PropertyTypes from '../property-types.js';",
  ].join('\n');
  if (existsSync(target) && readFileSync(target, 'utf8').startsWith(head)) return false;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, printElements(head, readElements(registry, plugins), 'Standard'));
  return true;
}
