/**
 * Writes `src/generated/video-formats.ts`: GStreamer's description of every raw video format. Introspection describes
 * `GstVideoFormatInfo`, but GJS cannot read one, so a C program prints them once. Run it on the newest GStreamer
 * supported: `GST_ALLOCATORS_SUITE=forky scripts/env node gir/video-formats.ts`
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = `
#include <gst/video/video.h>
#include <stdio.h>
int main (void) {
  gst_init (NULL, NULL);
  guint count, plane, component;
  const GstVideoFormat *formats = gst_video_formats_raw (&count);
  for (guint i = 0; i < count; i++) {
    if (formats[i] == GST_VIDEO_FORMAT_DMA_DRM) continue;
    const GstVideoFormatInfo *f = gst_video_format_get_info (formats[i]);
    printf ("%s\\t[%u, %u, [", f->name, (guint) f->flags, f->n_planes);
    for (component = 0; component < f->n_components; component++)
      printf ("%s[%u, %u, %d, %u, %u, %u, %u]", component ? ", " : "", f->plane[component], f->poffset[component],
          f->pixel_stride[component], f->depth[component], f->shift[component], f->w_sub[component],
          f->h_sub[component]);
    printf ("]");
    if (GST_VIDEO_FORMAT_INFO_IS_TILED (f)) {
      printf (", [");
      for (plane = 0; plane < f->n_planes; plane++)
        printf ("%s[%u, %u, %u]", plane ? ", " : "", f->tile_info[plane].width, f->tile_info[plane].height,
            f->tile_info[plane].size);
      printf ("]");
    }
    printf ("]\\n");
  }
  return 0;
}
`;

/** The entries of the installed GStreamer, in the form of the table, by name of the format. */
export function installedFormats(): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'gst-allocators-formats-'));
  try {
    writeFileSync(join(folder, 'formats.c'), program);
    const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'gstreamer-video-1.0'], { encoding: 'utf8' });
    const binary = join(folder, 'formats');
    execFileSync('gcc', [join(folder, 'formats.c'), '-o', binary, ...flags.trim().split(/\s+/)], { stdio: 'pipe' });
    const lines = execFileSync(binary, { encoding: 'utf8' }).trim().split('\n');
    return new Map(lines.map((line) => line.split('\t') as [string, string]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function printFormats(formats: Map<string, string>): string {
  return [
    '// Written by gir/video-formats.ts from the installed GStreamer. Do not edit.',
    '// biome-ignore-all format: a format has a line',
    '',
    '/** Plane, offset in bytes, bytes from pixel to pixel, bits, bits below them, log2 of both subsamplings. */',
    'export type ComponentEntry = readonly [number, number, number, number, number, number, number];',
    '/** Width, height and bytes of a tile. */',
    'export type TileEntry = readonly [number, number, number];',
    '/** `GstVideoFormatFlags`, number of planes, components, and the tiles of each plane where there are any. */',
    'export type FormatEntry = readonly [number, number, readonly ComponentEntry[], (readonly TileEntry[])?];',
    '',
    'export const videoFormatTable: Readonly<Record<string, FormatEntry>> = {',
    ...[...formats].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, entry]) => `  ${name}: ${entry},`),
    '};',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = fileURLToPath(new URL('../src/generated/video-formats.ts', import.meta.url));
  writeFileSync(path, printFormats(installedFormats()));
}
