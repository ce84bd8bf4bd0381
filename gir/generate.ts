/**
 * `npm run generate` makes the typings from the installed GIR and the installed plugins (kept out of git);
 * `npm run generate -- --symbols` renews the committed symbol table, on the newest GStreamer supported.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeElementTypes } from './elements.ts';
import { namespaces } from './namespaces.ts';
import { Repository } from './repository.ts';
import { buildTable, printTable } from './symbol-table.ts';
import { writeTypings } from './typings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

if (process.argv.includes('--symbols')) {
  const repository = new Repository(Object.keys(namespaces));
  const { table, missing } = buildTable(repository);
  if (missing.length) {
    throw new Error(
      `the installed GIR (GStreamer ${repository.newest.get('Gst')}) lacks ${missing.join(', ')}; ` +
        'run this where GStreamer is the newest supported: GST_ALLOCATORS_SUITE=forky scripts/env npm run generate -- --symbols',
    );
  }
  writeFileSync(`${root}src/generated/symbols.ts`, printTable(table, repository));
} else {
  writeTypings();
  writeElementTypes();
}
