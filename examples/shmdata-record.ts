/**
 * A shmdata stream as a film: `npm run example shmdata-record -- [PATH [FILE]]`, H.264 in `.mkv` or ProRes in `.mov`.
 *
 * The stream's caps are known from its first frame on; from then on a pipeline encodes what `shmdataToAppSrc` pushes.
 */
import { parseArgs } from 'node:util';
import { Pipeline, probeShmdata, shmdataToAppSrc } from '../src/index.ts';

const usage = `npm run example shmdata-record -- [PATH [FILE]]

Records the raw video at PATH (default /tmp/camera) to FILE (default recording.mkv; .mov works as well), until Ctrl-C or
its writer leaves.`;

const encoders: Record<string, string> = {
  mkv: 'videoconvert ! x264enc tune=zerolatency ! h264parse ! matroskamux',
  mov: 'videoconvert ! avenc_prores_ks ! qtmux',
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) return console.log(usage);
  const [path = '/tmp/camera', file = 'recording.mkv'] = positionals;
  const encode = encoders[file.split('.').at(-1) ?? ''];
  if (!encode) throw new Error(`expected FILE to end in .mkv or .mov, got ${file}`);
  const { state, type } = await probeShmdata(path);
  if (type === null) throw new Error(`expected a shmdata stream at ${path}, found: ${state}`);
  const abort = new AbortController();
  process.on('SIGINT', () => abort.abort());

  await using pipeline = Pipeline.parse(
    `appsrc name=source is-live=true do-timestamp=true format=time ! queue ! ${encode} ! filesink name=file`,
  );
  pipeline.get('file').set('location', file);
  const source = pipeline.appSrc('source');
  await pipeline.play();
  console.log(`recording ${type}\nCtrl-C ends it`);
  const { frames } = await shmdataToAppSrc(path, source, { signal: abort.signal, reconnect: false });
  source.endOfStream();
  await pipeline.finished();
  console.log(`${file}: ${frames} frames`);
}

await main().catch((error: Error) => {
  console.error(`${error.message}\n(--help tells what can be asked for)`);
  process.exitCode = 1;
});
