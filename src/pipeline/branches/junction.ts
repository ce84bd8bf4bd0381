/** Where a branch is attached to its pipeline: a free source pad, or a requested one. */
import { runtime } from '#runtime';
import { PipelineError } from '../../errors.ts';
import { internal } from '../../facade.ts';
import type { Handle } from '../../runtime/port/index.ts';
import { Element } from '../element.ts';

const { c, references, wrappers } = runtime;

/**
 * `GstPadLinkCheck`: the checks of gst_pad_link, and GST_PAD_LINK_CHECK_NO_RECONFIGURE: the rest must not change its format
 * because of what the branch prefers.
 */
const linkChecks = 1 | 4 | 8;

/** `GstPadLinkReturn`. */
const refusals: Record<number, string> = {
  [-1]: 'they are in different bins',
  [-2]: 'it was linked meanwhile',
  [-4]: 'what comes from there has no format in common with the first element of the branch',
};

export interface Junction {
  /** Adds the bin to the parent of the element, so that their pads can be linked. */
  enter(bin: Handle): void;
  /** @throws PipelineError where the formats have nothing in common */
  link(sinkPad: Handle): void;
  /** Buffers that were sent already still arrive in the branch. Idempotent, as is `leave`. */
  unlink(): void;
  /** Removes the bin from its parent. */
  leave(): void;
}

/** Takes over the reference to `element`. */
export function junctionAt(element: Handle, name: string): Junction {
  const parent = c.gst_object_get_parent(element);
  let pad: Handle | null = null;
  let isRequested = false;
  let linked: Handle | null = null;
  let inside: Handle | null = null;
  let isOver = false;
  const dropPad = (): void => {
    if (pad && isRequested) c.gst_element_release_request_pad(element, pad);
    if (pad) references.drop(pad, 'object', 0);
    pad = null;
  };
  return {
    enter(bin) {
      if (!parent || !wrappers.isA(parent, 'GstBin') || !c.gst_bin_add(parent, bin))
        throw new PipelineError(`nothing can be attached to '${name}': it is in no bin that takes a branch`);
      inside = bin;
    },
    link(sinkPad) {
      letGoUnlinked(element);
      pad = freePad(element);
      if (!pad) {
        pad = c.gst_element_request_pad_simple(element, 'src_%u');
        isRequested = true;
      }
      if (!pad)
        throw new PipelineError(
          `nothing can be attached to '${name}': it has no source pad that is free; put \`tee name=…\` behind it, and attach to that`,
        );
      const unsuitable = capsNotTaken(pad, sinkPad);
      if (unsuitable !== null) {
        dropPad();
        throw new PipelineError(
          `the branch does not take what comes from '${name}', ${unsuitable}; begin it with videoconvert or audioconvert`,
        );
      }
      const result = c.gst_pad_link_full(pad, sinkPad, linkChecks);
      if (result !== 0) {
        dropPad();
        throw new PipelineError(`the branch could not be linked to '${name}': ${refusals[result] ?? `link ${result}`}`);
      }
      linked = sinkPad;
    },
    unlink() {
      if (pad && linked) c.gst_pad_unlink(pad, linked);
      linked = null;
      dropPad();
    },
    leave() {
      if (isOver) return;
      isOver = true;
      const around = inside && c.gst_object_get_parent(inside);
      if (inside && around) c.gst_bin_remove(around, inside);
      for (const object of [around, parent, element]) if (object) references.drop(object, 'object', 0);
      inside = null;
    },
  };
}

/** The pad's current caps if the branch would refuse them: GStreamer would report that as an error of the source. */
function capsNotTaken(pad: Handle, sinkPad: Handle): string | null {
  const caps = c.gst_pad_get_current_caps(pad);
  if (!caps) return null;
  const text = c.gst_pad_query_accept_caps(sinkPad, caps) ? null : c.gst_caps_to_string(caps);
  references.drop(caps, 'mini', 0);
  return text;
}

function freePad(element: Handle): Handle | null {
  let free: Handle | null = null;
  for (const pad of wrappers.sourcePads(element)) {
    if (!free && !c.gst_pad_is_linked(pad)) free = pad;
    else references.drop(pad, 'object', 0);
  }
  return free;
}

/** Has a tee without branches drop its buffers. */
function letGoUnlinked(element: Handle): void {
  using facade = new Element(internal, references.another(element, 'object'));
  if (facade.propertyNames.includes('allow-not-linked')) facade.set('allow-not-linked', true);
}
