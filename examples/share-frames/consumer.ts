/** The consumer's side, on either engine: takes frames from a socket and checks the stamp of each. */
import { convertSample, Pipeline, type Sample } from '../../src/index.ts';
import { greeting, readStamp, stampBytes } from './stamp.ts';

/** The functions that differ between the engines, outside the package. */
export interface Ground {
  /** Sends a line to the producer. */
  tell(line: object): void;
  /** Identity of the file behind an fd. */
  inode(fd: number): number;
  save(path: string, bytes: Uint8Array): void;
  /** Peak memory of the process, in bytes. */
  peakMemory(): number;
}

export interface ConsumerReport {
  frames: number;
  damaged: number;
  outOfOrder: number;
  bytes: number;
  seconds: number;
  /** Inodes of the shared memory: the producer sees the same numbers. */
  inodes: number[];
  peakMemory: number;
}

const reportEvery = 4;

export async function consume(socket: string, picture: string, ground: Ground): Promise<void> {
  await using pipeline = Pipeline.parse('unixfdsrc name=source ! appsink name=sink sync=false');
  pipeline.get('source').set('socket-path', socket);
  await pipeline.play();
  const report = {
    frames: 0,
    damaged: 0,
    outOfOrder: 0,
    bytes: 0,
    seconds: 0,
    inodes: [],
    peakMemory: 0,
  } as ConsumerReport;
  const inodes = new Set<number>();
  let last: Sample | null = null;
  let begin = 0;
  let greeted = false;
  for await (const sample of pipeline.appSink('sink').frames()) {
    const { buffer } = sample;
    if (!buffer) throw new Error('a sample came without a buffer');
    const index = readStamp(buffer.extract(0, stampBytes));
    if (index === greeting) {
      sample.dispose();
      if (!greeted) ground.tell({ ready: true });
      greeted = true;
      continue;
    }
    begin ||= performance.now();
    if (index === null) report.damaged++;
    else if (index !== report.frames) report.outOfOrder++;
    report.frames++;
    report.bytes += buffer.size;
    using memory = buffer.memory(0);
    if (memory.fd !== null) inodes.add(ground.inode(memory.fd));
    last?.dispose();
    last = sample;
    if (report.frames % reportEvery === 0) ground.tell({ seen: report.frames });
  }
  report.seconds = (performance.now() - begin) / 1000;
  report.inodes = [...inodes];
  if (last) {
    using png = await convertSample(last, 'image/png');
    if (png.buffer) ground.save(picture, png.buffer.extract());
    last.dispose();
  }
  report.peakMemory = ground.peakMemory();
  ground.tell({ report });
}
