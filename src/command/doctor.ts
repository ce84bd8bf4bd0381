import { type Feature, features, version } from '../index.ts';
import { packageOf } from '../pipeline/element-factory.ts';
import { type Command, UsageError } from './command.ts';

/** Messages of `features()` about missing features, and their remedies. */
const remedies: readonly [RegExp, (found: RegExpExecArray) => string | null][] = [
  [/no element (\S+);/, ([, element = '']) => aptInstall(packageOf(element))],
  [/; (\S+) is needed/, ([, least = '']) => `use GStreamer ${least} or newer`],
  [/^\/dev\/udmabuf is missing/, () => 'modprobe udmabuf (CONFIG_UDMABUF)'],
  [/^\/dev\/dma_heap\/\S+ is missing/, () => 'a kernel with CONFIG_DMABUF_HEAPS and CONFIG_DMABUF_HEAPS_SYSTEM'],
  [/^\/dev\/dri has no card/, () => 'a DRM driver; modprobe vkms makes a virtual card'],
  [/^(\/dev\/\S+) is /, ([, path = '']) => `let this user read and write ${path}: its group is in ls -l ${path}`],
];

const aptInstall = (name: string | null): string | null => name && `on Debian and Ubuntu: apt install ${name}`;

function remedyFor({ available, found }: Feature): string | null {
  if (available) return null;
  for (const [pattern, remedy] of remedies) {
    const match = pattern.exec(found);
    if (match) return remedy(match);
  }
  return null;
}

export const doctor: Command = {
  usage: 'gst-allocators doctor          what works here, and what to do about what does not',
  options: {},
  async run(_, words) {
    if (words.length > 0) throw new UsageError(`doctor takes no words, got ${words.join(' ')}`);
    console.log(`${version().string}, Node.js ${process.versions.node}\n`);
    const found = Object.entries(features());
    const width = Math.max(...found.map(([name]) => name.length));
    for (const [name, feature] of found) {
      console.log(`${feature.available ? 'yes' : 'no '}  ${name.padEnd(width)}  ${feature.found}`);
      const remedy = remedyFor(feature);
      if (remedy) console.log(`     ${' '.repeat(width)}  → ${remedy}`);
    }
  },
};
