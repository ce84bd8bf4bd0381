/** Sources from the command line, files or URIs, and the size of their frames. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** gst-launch description that decodes the video of a file or URI. */
export function decoded(media: string): string {
  const isUri = /^[a-z][a-z\d+.-]+:/i.test(media);
  if (!isUri && !existsSync(media)) throw new Error(`there is no file ${media}`);
  // A quote would end the property's value.
  const uri = isUri ? media.replaceAll('"', '%22').replaceAll('\\', '%5C') : pathToFileURL(resolve(media)).href;
  return `uridecodebin uri="${uri}" caps="video/x-raw(ANY)" expose-all-streams=false`;
}

/** Width and height of frames with these caps. */
export function pictureSize(caps: string | null): { width: number; height: number } {
  const field = (name: string) => Number(new RegExp(`\\b${name}=(?:\\(int\\))?(\\d+)`).exec(caps ?? '')?.[1] ?? 0);
  return { width: field('width'), height: field('height') };
}
