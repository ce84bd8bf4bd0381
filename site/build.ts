/** `npm run docs`: makes the site in dist/site/www of the pages in docs/ and site/pages/, the sources and the ledger. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { ledger } from '../gir/ledger.ts';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const content = 'dist/site/content';
const { repository } = JSON.parse(readFileSync('package.json', 'utf8'));
const url = repository.url.replace(/^git\+|\.git$/g, '');

/** Commands find the packages of site/, which the library does not need. */
function run(command: string, ...values: string[]): void {
  execFileSync(join('site/node_modules/.bin', command), values, { stdio: 'inherit' });
}

/** The page with links to files that are no pages as links to the repository. */
function page(text: string, folder: string): string {
  return text.replace(/\]\((?!\w+:|#|\/)([^)#\s]+)(#[^)]*)?\)/g, (link, path: string, anchor = '') => {
    const target = normalize(join(folder, path));
    if (target === 'README.md') return `](/start)`;
    if (/^docs\/[\w-]+\.(md|svg)$/.test(target) && existsSync(target)) return `](/${basename(target)}${anchor})`;
    if (pages.some(([file]) => file === target)) return `](/${basename(target).toLowerCase()}${anchor})`;
    if (target.endsWith('.svg') && existsSync(target)) {
      copyFileSync(target, join(content, basename(target)));
      return `](./${basename(target)})`;
    }
    return existsSync(target) ? `](${url}/blob/main/${target}${anchor})` : link;
  });
}

const titleOf = (text: string): string => /^# (.*)$/m.exec(text)?.[1] ?? '';

const guides = globSync('docs/*.md').sort();
const pages = [
  ['CHANGELOG.md', 'Changes'],
  ['CONTRIBUTING.md', 'Contributing'],
  ['SECURITY.md', 'Security'],
] as const;

if (!existsSync('site/node_modules/.bin/vitepress')) {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: 'site', stdio: 'inherit' });
}
rmSync('dist/site', { recursive: true, force: true });
mkdirSync(join(content, '.vitepress'), { recursive: true });
symlinkSync('../../site/node_modules', 'dist/site/node_modules');
cpSync('site/pages', content, { recursive: true });
copyFileSync('site/.vitepress/config.ts', join(content, '.vitepress/config.ts'));
for (const file of globSync('docs/*.svg')) copyFileSync(file, join(content, basename(file)));
for (const file of [...guides, ...pages.map(([file]) => file)]) {
  const text = page(readFileSync(file, 'utf8'), file.startsWith('docs/') ? 'docs' : '.');
  writeFileSync(join(content, basename(file).toLowerCase()), text);
}
writeFileSync(
  join(content, '.vitepress/site.json'),
  JSON.stringify({
    repository: url,
    guides: guides.map((file) => ({
      text: titleOf(readFileSync(file, 'utf8')),
      link: `/${basename(file, '.md')}`,
    })),
    project: pages.map(([file, text]) => ({ text, link: `/${basename(file, '.md').toLowerCase()}` })),
  }),
);

const code = (name: string): string => `\`${name}\``;
const rows = Object.entries(ledger).map(
  ([symbol, ours]) => `| ${code(symbol)} | ${'reason' in ours ? ours.reason : ours.map(code).join(', ')} |`,
);
writeFileSync(
  join(content, 'ledger.md'),
  [
    '# C name → ours',
    '',
    `${rows.length} public symbols, each with its names here or the reason for none.`,
    '',
    '| C | here |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n'),
);

describeReference();
run('vitepress', 'build', content, '--outDir', resolve('dist/site/www'));
process.stdout.write(`The site is in dist/site/www: npx vite preview --outDir dist/site/www\n`);

/** The reference; any warning ends the build, but for types behind types, and the elements' own: no program names them. */
function describeReference(): void {
  const typedoc = spawnSync('site/node_modules/.bin/typedoc', ['--options', 'site/typedoc.json'], { encoding: 'utf8' });
  const machinery =
    /, defined in \S*\/(types\/|src\/pipeline\/(\w+-types|launch-\w+|message)\.ts|src\/runtime\/port\/|src\/query\/)/;
  const warnings = stripVTControlCharacters(`${typedoc.stdout}${typedoc.stderr}`)
    .split('\n')
    .filter((line) => line.trim() && !machinery.test(line) && !/Found 0 errors and \d+ warnings$/.test(line));
  if (typedoc.status === 0 && warnings.length === 0) return;
  process.stderr.write(`${warnings.join('\n')}\n`);
  process.exit(1);
}
