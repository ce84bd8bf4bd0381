import { runtime } from '#runtime';
import { PipelineError } from '../errors.ts';
import type { Handle } from '../runtime/port/index.ts';

const { c, references, streams } = runtime;

const stateReady = 2; // GST_STATE_READY
const linked = 0; // GST_PAD_LINK_OK

/** The elements of a filter: an `identity`, the appsink behind it, which takes the frames, and the appsrc, which passes them on. */
export interface Place {
  readonly identity: Handle;
  readonly sink: Handle;
  readonly source: Handle;
}

/** Whether an element is the appsrc or the appsink of a filter. */
export const isOf = ({ sink, source }: Place, element: Handle): boolean =>
  references.identical(sink, element) || references.identical(source, element);

export function leave({ identity, sink, source }: Place): void {
  for (const element of [identity, sink, source]) references.drop(element, 'object', 0);
}

/**
 * Puts an appsink and an appsrc between an identity, which stays, and the element behind it: pads that are added later, such as
 * a decoder's, are still linked to the identity.
 */
export function placeBehind(identity: Handle, name: string): Place {
  const dropped: Handle[] = [];
  const kept = (handle: Handle | null): Handle | null => {
    if (handle) dropped.push(handle);
    return handle;
  };
  try {
    const [, state, next] = c.gst_element_get_state(identity, 0);
    if (Math.max(state, next) > stateReady) {
      throw new PipelineError(
        `the filter ${name} could not be put in its place: the pipeline runs; begin with a body that returns nothing ` +
          'before it plays, and set `body` while it does',
      );
    }
    const parent = kept(c.gst_object_get_parent(identity));
    const from = kept(c.gst_element_get_static_pad(identity, 'src'));
    const to = from && kept(c.gst_pad_get_peer(from));
    if (!parent || !from || !to)
      throw new PipelineError(
        `expected an element behind the identity ${name}, found none: a filter hands on what comes`,
      );
    const make = (text: string, suffix: string): Handle => {
      const element = c.gst_parse_launch(text);
      c.gst_object_set_name(element, `${name}-${suffix}`);
      return element;
    };
    const sink = make('appsink async=false sync=false enable-last-sample=false wait-on-eos=false', 'in');
    const source = make(
      'appsrc format=time handle-segment-change=true automatic-eos=false max-bytes=0 max-time=0 max-buffers=2 min-percent=50',
      'out',
    );
    const place = { identity: references.another(identity, 'object'), sink, source };
    if (!c.gst_bin_add(parent, sink) || !c.gst_bin_add(parent, source)) {
      leave(place);
      throw new PipelineError(`the filter ${name} could not be put in its place: elements have its names`);
    }
    c.gst_pad_unlink(from, to);
    const [into, out] = [
      kept(c.gst_element_get_static_pad(sink, 'sink')),
      kept(c.gst_element_get_static_pad(source, 'src')),
    ];
    if (c.gst_pad_link(from, into as Handle) !== linked || c.gst_pad_link(out as Handle, to) !== linked)
      throw new PipelineError(`the filter ${name} could not be linked`);
    // The sink takes frames even while the pipeline is paused: elements behind may need several for the first one at the sinks.
    c.gst_element_set_locked_state(sink, true);
    streams.prepareSink(sink);
    streams.prepareSource(source);
    return place;
  } finally {
    for (const handle of dropped) references.drop(handle, 'object', 0);
  }
}
