import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { procOf } from '../proc.ts';

export const proc = procOf({
  read: (path) => readFileSync(path, 'utf8'),
  names: (folder) => readdirSync(folder),
  exists: existsSync,
});
