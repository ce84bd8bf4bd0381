/** A reader for engines without access to libc: the element `shmdatasrc`, which comes with shmdata. */
import { MapFlags } from '../map-flags.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { needShmdataElement } from './element-writer.ts';
import type { ReaderEvents, ShmdataFrame, ShmdataReaderOptions, ShmdataReaderStatistics } from './reader-backend.ts';

/** The element itself waits for the next writer and does not report when one leaves: `reconnect` has no effect. */
export async function* elementFrames(
  path: string,
  { signal, copy = false }: ShmdataReaderOptions,
  events: ReaderEvents,
  statistics: ShmdataReaderStatistics,
): AsyncGenerator<ShmdataFrame, void, undefined> {
  needShmdataElement('shmdatasrc');
  await using pipeline = Pipeline.parse('shmdatasrc name=source copy-buffers=true ! appsink name=sink sync=false');
  pipeline.get('source').set('socket-path', path);
  await pipeline.play();
  let type: string | null = null;
  try {
    for await (using sample of pipeline.appSink('sink').frames(signal ? { signal } : {})) {
      const { caps, buffer } = sample;
      if (!buffer) continue;
      if (type === null || (caps !== null && caps !== type)) {
        type = caps ?? '';
        events.connected(type);
      }
      statistics.frames++;
      statistics.bytes += buffer.size;
      using mapping = copy ? null : buffer.map(MapFlags.READ);
      const bytes = mapping ? mapping.bytes : buffer.extract();
      yield { bytes, size: bytes.length, type };
    }
  } finally {
    events.disconnected();
  }
}
