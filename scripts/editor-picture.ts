/**
 * Draws docs/typed-pipelines.svg: a program that uses the package in an editor. All of it comes from TypeScript's
 * language service: `scripts/env --setup node scripts/editor-picture.ts`.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// TypeScript 7 has no such service for JavaScript.
const ts = createRequire(import.meta.url)('@typescript/typescript6') as typeof import('@typescript/typescript6');

/** `▮` is the cursor. */
const programs = {
  names: `const pipeline = Pipeline.parse(
  'videotestsrc name=source ! x264enc name=encoder ! appsink name=frames');
pipeline.get('▮');`,
  property: `const pipeline = Pipeline.parse(
  'videotestsrc name=source ! x264enc name=encoder ! appsink name=frames');
pipeline.get('encoder').set({ bit▮rate: 4000, tune: 'zerolatency' });`,
  nicks: `const pipeline = Pipeline.parse(
  'videotestsrc name=source ! x264enc name=encoder ! appsink name=frames');
pipeline.get('source').set('pattern', '▮');`,
  properties: `const pipeline = Pipeline.parse(
  'videotestsrc name=source ! x264enc name=encoder ! appsink name=frames');
pipeline.get('source').get('▮');`,
  error: `Pipeline.parse('videotestsrc ! x264enc bitrat=4000 ! appsink name=frames');`,
};

interface Seen {
  title: string;
  code: string;
  shown: string[];
}

function look(folder: string): Seen[] {
  const head = "import { Pipeline } from 'gst-allocators';\n";
  const files = new Map<string, { text: string; cursor: number; code: string }>();
  for (const [name, code] of Object.entries(programs)) {
    const text = head + code.replace('▮', '');
    files.set(join(folder, `${name}.ts`), {
      text,
      cursor: head.length + code.indexOf('▮'),
      code: code.replace('▮', ''),
    });
  }
  const service = ts.createLanguageService({
    getScriptFileNames: () => [...files.keys()],
    getScriptVersion: () => '1',
    getScriptSnapshot(path) {
      const text = files.get(path)?.text ?? ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => ({
      strict: true,
      skipLibCheck: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      typeRoots: [join(root, 'node_modules/@types')],
      types: ['node'],
    }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => files.has(path) || ts.sys.fileExists(path),
    readFile: (path) => files.get(path)?.text ?? ts.sys.readFile(path),
    ...{
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      ...(ts.sys.realpath ? { realpath: ts.sys.realpath } : {}),
    },
  });
  const at = (name: keyof typeof programs) => {
    const path = join(folder, `${name}.ts`);
    return { path, ...(files.get(path) as { cursor: number; code: string }) };
  };
  const completions = (name: keyof typeof programs): Seen => {
    const { path, cursor, code } = at(name);
    const entries = service.getCompletionsAtPosition(path, cursor, {})?.entries ?? [];
    if (entries.length === 0) throw new Error(`expected completions in ${code}`);
    const words = entries.map((entry) => entry.name);
    return {
      title: 'completion',
      code,
      shown: words.length > 9 ? [...words.slice(0, 8), `… ${words.length} in all`] : words,
    };
  };
  const { path, cursor, code } = at('property');
  const info = service.getQuickInfoAtPosition(path, cursor);
  if (!info) throw new Error('expected a hover text for the property');
  const hover = [ts.displayPartsToString(info.displayParts), ts.displayPartsToString(info.documentation)];
  const wrong = at('error');
  const [diagnostic] = service.getSemanticDiagnostics(wrong.path);
  if (!diagnostic) throw new Error('expected an error');
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  return [
    completions('names'),
    completions('properties'),
    completions('nicks'),
    { title: 'hover', code, shown: hover.flatMap((text) => wrapped(text)) },
    { title: 'error', code: wrong.code, shown: wrapped(message) },
  ];
}

const widest = 92;
const wrapped = (text: string): string[] =>
  text.split('\n').flatMap((line) => line.match(new RegExp(`.{1,${widest}}(?: |$)`, 'g')) ?? [line]);

const lineHeight = 20;
const letter = 8.1;
const escaped = (text: string): string => text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);

function draw(seen: readonly Seen[]): string {
  const parts: string[] = [];
  const width = 860;
  let y = 0;
  const line = (text: string, x: number, colour: string) =>
    parts.push(`<text x="${x}" y="${y + 14}" fill="${colour}" xml:space="preserve">${escaped(text)}</text>`);
  for (const { title, code, shown } of seen) {
    y += 14;
    for (const each of code.split('\n')) {
      line(each, 24, '#d4d4d4');
      y += lineHeight;
    }
    const boxWidth = Math.max(...shown.map((each) => each.length)) * letter + 32;
    const colour = title === 'error' ? '#f48771' : '#4f81bd';
    parts.push(
      `<rect x="56" y="${y}" width="${boxWidth.toFixed(0)}" height="${shown.length * lineHeight + 10}" rx="4" fill="#252526" stroke="${colour}"/>`,
    );
    y += 5;
    for (const each of shown) {
      line(each, 72, title === 'error' ? '#f48771' : '#9cdcfe');
      y += lineHeight;
    }
    y += 18;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13.5">
<title>What an editor shows of a program that uses gst-allocators</title>
<rect width="100%" height="100%" fill="#1e1e1e"/>
${parts.join('\n')}
</svg>
`;
}

const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-editor-'));
try {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/gst-allocators'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const seen = look(folder);
  for (const { title, shown } of seen) console.log(`${title}: ${shown.join(' | ')}`);
  writeFileSync(join(root, 'docs/typed-pipelines.svg'), draw(seen));
} finally {
  rmSync(folder, { recursive: true });
}
