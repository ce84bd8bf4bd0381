/** The bin of a branch: `errorignore ! queue ! …`, with its own sink pad. */
import { runtime } from '#runtime';
import { UnavailableError } from '../../errors.ts';
import { internal } from '../../facade.ts';
import { OwnedList } from '../../owned.ts';
import type { Handle } from '../../runtime/port/index.ts';
import { Element } from '../element.ts';
import { elementExists } from '../element-factory.ts';
import { launch } from '../launch.ts';
import { eosEvent, hasSeen } from '../sticky-events.ts';

const { c, references, wrappers } = runtime;

let made = 0;

export interface BranchBin {
  readonly bin: Handle;
  readonly name: string;
  /** The sink pad of the bin. */
  readonly pad: Handle;
}

/** Builds the bin and its pad; the caller owns both. */
export function buildBin(description: string, drops: boolean): BranchBin {
  if (!elementExists('errorignore'))
    throw new UnavailableError(
      'a branch needs the element errorignore, which keeps its errors from the rest; it is in the plugin debugutilsbad of gst-plugins-bad',
    );
  const name = `branch${made++}`;
  // Three frames of raw video would reach the queue's default limit in bytes.
  const front =
    `errorignore name=${name}-errors ignore-error=true ignore-notlinked=true ignore-notnegotiated=true ignore-eos=true ` +
    `convert-to=ok ! queue name=${name}-queue max-size-bytes=0${drops ? ' leaky=downstream' : ''} ! `;
  const bin = launch(description, () => c.gst_parse_bin_from_description(front + description, false));
  c.gst_object_set_name(bin, name);
  const first = c.gst_bin_get_by_name(bin, `${name}-errors`) as Handle;
  const target = c.gst_element_get_static_pad(first, 'sink') as Handle;
  const pad = c.gst_ghost_pad_new('sink', target) as Handle;
  c.gst_element_add_pad(bin, pad);
  references.drop(target, 'object', 0);
  references.drop(first, 'object', 0);
  // The pipeline does not wait for sinks that preroll late. Each sink's EOS is posted as `GstBinForwarded`.
  set(bin, { 'async-handling': true, 'message-forward': true });
  eachElement(bin, (element) => {
    if (wrappers.isA(element, 'GstBaseSink')) set(element, { async: false, qos: false });
    startsAtZero(element);
  });
  return { bin, name, pad };
}

/** Has Matroska's muxers write times from zero, however long the pipeline has played. Other muxers do so by themselves. */
function startsAtZero(element: Handle): void {
  using facade = new Element(internal, references.another(element, 'object'));
  if (facade.propertyNames.includes('offset-to-zero')) facade.set('offset-to-zero', true);
}

function set(element: Handle, values: Record<string, unknown>): void {
  using facade = new Element(internal, references.another(element, 'object'));
  facade.set(values);
}

export function eachElement(bin: Handle, use: (element: Handle) => void): void {
  using elements = new OwnedList(wrappers.elements(bin), 'object');
  for (const element of elements.handles) use(element);
}

/** Removes all limits: nothing upstream waits for the queue any more, and no sink for the clock. */
export function openFloodgates({ bin, name }: BranchBin): void {
  const queue = c.gst_bin_get_by_name(bin, `${name}-queue`);
  if (queue) {
    set(queue, { leaky: 'no', 'max-size-buffers': 0, 'max-size-time': 0 });
    references.drop(queue, 'object', 0);
  }
  eachElement(bin, (element) => {
    if (wrappers.isA(element, 'GstBaseSink')) set(element, { sync: false });
  });
}

/** Whether every sink has EOS. Appsinks count only with `appSinksToo`: some wait for their reader. */
export const hasEnded = (bin: Handle, appSinksToo = false): boolean =>
  sinksOf(bin).every(({ isAppSink, isEnded }) => isEnded || (isAppSink && !appSinksToo));

/** The sinks of a bin, including those of bins inside it. */
export function sinksOf(bin: Handle): { isAppSink: boolean; isEnded: boolean }[] {
  const sinks: { isAppSink: boolean; isEnded: boolean }[] = [];
  eachElement(bin, (element) => {
    if (!wrappers.isA(element, 'GstBaseSink')) return;
    sinks.push({ isAppSink: wrappers.isA(element, 'GstAppSink'), isEnded: hasSeen(element, 'sink', eosEvent) });
  });
  return sinks;
}

const flowEos = -3;

/** Whether the elements behind the queue refuse data: they failed, even if no message said so. */
export function isBroken({ bin, name }: BranchBin): boolean {
  const queue = c.gst_bin_get_by_name(bin, `${name}-queue`);
  const pad = queue && c.gst_element_get_static_pad(queue, 'src');
  const flow = pad ? c.gst_pad_get_last_flow_return(pad) : 0;
  if (pad) references.drop(pad, 'object', 0);
  if (queue) references.drop(queue, 'object', 0);
  return flow < flowEos;
}
