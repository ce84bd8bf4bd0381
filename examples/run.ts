/** Runs an example by its name: `npm run example NAME -- [arguments]`. Alone, it lists them. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Example {
  purpose: string;
  /** The engine, if it is not Node. */
  engine?: 'gjs';
}

const examples: Record<string, Example> = {
  snapshot: { purpose: 'a frame of a film as a PNG, JPEG or WebP' },
  histogram: { purpose: 'how bright a stream is, live in the terminal' },
  draw: { purpose: 'a film drawn in TypeScript, as WebM or MP4' },
  blur: { purpose: 'regions of a film the size of faces blurred in TypeScript, in place' },
  level: { purpose: 'how loud a stream is, live in the terminal' },
  record: { purpose: 'a live picture, of which recordings start and end by a key while it plays' },
  switch: { purpose: 'a live picture, switched among three sources by a key' },
  camera: { purpose: 'how bright what a camera sees is, read in the dma-bufs its driver writes to' },
  scanout: { purpose: 'a picture drawn into memory that a display shows, and a screenshot of that' },
  ring: { purpose: 'frames drawn straight into memfds of this program, a pool of its own' },
  tagged: { purpose: 'what was found in each frame noted on it, and read by another branch' },
  desktop: { purpose: 'a GTK 4 window with the live picture and a measurement of each frame', engine: 'gjs' },
  'shmdata-process': { purpose: 'video from any shmdata program, drawn on in TypeScript and sent on' },
  'shmdata-record': { purpose: 'a shmdata stream as .mkv or .mov' },
  'share-frames': { purpose: 'frames shared with a second process, and checked (what `npm start` runs)' },
};

function list(print: (text: string) => void): void {
  const width = Math.max(...Object.keys(examples).map((name) => name.length));
  print('npm run example NAME -- [arguments]      (--help tells which)\n');
  for (const [name, { purpose }] of Object.entries(examples)) print(`  ${name.padEnd(width)}   ${purpose}`);
}

/** Runs GJS in a child process, with a virtual display if there is none. */
function runInGjs(name: string, parameters: string[]): void {
  const program = [
    'gjs',
    '-m',
    fileURLToPath(new URL(`../../gjs/examples/${name}.js`, import.meta.url)),
    ...parameters,
  ];
  const hasDisplay = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const [command = '', ...rest] = hasDisplay ? program : ['xvfb-run', '--auto-servernum', ...program];
  const child = spawn(command, rest, {
    stdio: 'inherit',
    // A virtual display needs no accessibility bus.
    env: hasDisplay
      ? process.env
      : { ...process.env, GST_ALLOCATORS_EXAMPLE_UNSEEN: '1', GTK_A11Y: 'none', GDK_DISABLE: 'gl,vulkan' },
  });
  // A terminal sends Ctrl-C to both processes: the child handles it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
  child.on('error', (error) => {
    console.error(`${command} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

const [name, ...parameters] = process.argv.slice(2);
if (name === undefined || name === '--help' || name === '-h') list(console.log);
else if (!Object.hasOwn(examples, name)) {
  console.error(`there is no example "${name}"\n`);
  list(console.error);
  process.exitCode = 2;
} else {
  // npm changes to the package's folder; paths are relative to the user's.
  process.chdir(process.env.INIT_CWD ?? '.');
  if (examples[name]?.engine === 'gjs') runInGjs(name, parameters);
  else {
    process.argv.splice(2, process.argv.length, ...parameters);
    await import(`./${name}.js`);
  }
}
