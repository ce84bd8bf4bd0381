import { runtime } from '#runtime';
import { describe, expectString, outOfRange, wrongType } from '../expect.ts';

const { c } = runtime;

/** A scheme has at least two letters, as in GStreamer (`gst_uri_is_valid`). */
const isUri = (text: string): boolean => /^[A-Za-z][A-Za-z0-9+.-]+:/.test(text);

/** A `URL`, of whatever realm: GJS has none of its own. */
export interface Url {
  readonly href: string;
}

/** The URI of a path, relative ones from the working folder on, or of what is one (`gst_filename_to_uri`). */
export function uriOf(source: string | Url): string {
  const text = source instanceof Object ? source.href : source;
  if (typeof text !== 'string') throw wrongType('source', 'a path, a URI or a URL', source);
  if (expectString('source', text) === '') throw outOfRange('source', 'a path, a URI or a URL', text);
  return isUri(text) ? text : (c.gst_filename_to_uri(text) as string);
}

/** How an error names it. */
export const nameOf = (source: string | Url): string => describe(source instanceof Object ? source.href : source);
