/** Detects sources that stop without an error: decodebin and parsebin may lose the error of an element that they just added. */
import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';
import { pipelineKind } from '../kinds.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c, loop, references, wrappers } = runtime;

const interval = 100;
/** A pipeline without a running thread in that many checks in a row has none that is about to start. */
const looksInARow = 10;
const taskStarted = 0; // GST_TASK_STARTED
/** Pads of the elements of Core and of demuxers, whose threads read a source. */
const padNames = ['sink', 'src', 'src_0', 'src_1', 'video_0', 'audio_0'];

/** The error for such a source. */
export const stalled = (name: string): PipelineError =>
  new PipelineError(`${name} cannot be read: what reads it has stopped, and did not say why`);

/** Calls back once if no thread reads a pipeline's source any more. Dispose the watch when the first data has come. */
export function watchStall(pipeline: Pipeline, onStall: () => void): Disposable {
  let looks = 0;
  const watch = loop.every(interval, () => {
    if (pipeline.isDisposed) return watch.close();
    looks = isStill(pipelineKind.handleOf(pipeline)) ? looks + 1 : 0;
    if (looks < looksInARow) return;
    watch.close();
    onStall();
  });
  return { [Symbol.dispose]: () => watch.close() };
}

/** Only files are checked: a live source may continue at any time. */
function isStill(pipeline: Handle): boolean {
  const elements = wrappers.elements(pipeline);
  const isFile = elements.some((element) => wrappers.isA(element, 'GstFileSrc'));
  const isStill = isFile && !elements.some((element) => padNames.some((name) => isReading(element, name)));
  for (const element of elements) references.drop(element, 'object', 0);
  return isStill;
}

function isReading(element: Handle, name: string): boolean {
  const pad = c.gst_element_get_static_pad(element, name);
  if (!pad) return false;
  const isReading = c.gst_pad_get_task_state(pad) === taskStarted;
  references.drop(pad, 'object', 0);
  return isReading;
}
