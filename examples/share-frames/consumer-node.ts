import { fstatSync, writeFileSync } from 'node:fs';
import { consume } from './consumer.ts';

const [socket = '', picture = ''] = process.argv.slice(2);

await consume(socket, picture, {
  tell: (line) => void process.stdout.write(`${JSON.stringify(line)}\n`),
  inode: (fd) => fstatSync(fd).ino,
  save: writeFileSync,
  peakMemory: () => process.resourceUsage().maxRSS * 1024,
});
