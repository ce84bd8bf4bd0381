/** Chooses the elements that write a shmdata stream to a file. */
import { UnavailableError } from '../errors.ts';
import { elementExists, packageOf } from '../pipeline/element-factory.ts';

/** The first description with all elements installed. @throws UnavailableError that names the package to install */
function choose(purpose: string, descriptions: readonly string[]): string {
  const missing: string[] = [];
  for (const description of descriptions) {
    const elements = description.split('!').map((part) => part.trim().split(/\s/)[0] as string);
    const lacking = elements.filter((element) => !elementExists(element));
    if (lacking.length === 0) return description;
    missing.push(...lacking);
  }
  const [first = ''] = missing;
  const name = packageOf(first);
  throw new UnavailableError(
    `${purpose} needs the element ${[...new Set(missing)].join(' or ')}; ${
      name ? `${first} comes with the package ${name} (on Debian and Ubuntu: apt install ${name})` : 'none is installed'
    }`,
  );
}

const h264 = [
  'x264enc tune=zerolatency speed-preset=veryfast ! h264parse',
  'openh264enc ! h264parse',
  'vah264enc ! h264parse',
  'v4l2h264enc ! h264parse',
  'avenc_h264_omx ! h264parse',
];
const prores = ['avenc_prores_ks', 'avenc_prores'];

export type Container = 'mkv' | 'mov';

/**
 * gst-launch description that encodes and muxes a stream: H.264 in Matroska, ProRes in MOV, encoded streams unchanged.
 * @param caps of the stream
 */
export function recorder(caps: string, container: Container): string {
  const media = /^[\w.+/-]+/.exec(caps)?.[0] ?? '';
  const mux = choose(`a .${container} file`, [container === 'mkv' ? 'matroskamux' : 'qtmux']);
  const encoders: Record<string, () => string> = {
    'video/x-raw': () =>
      container === 'mkv'
        ? `${choose('converting video', ['videoconvert'])} ! ${choose('H.264', h264)}`
        : `${choose('converting video', ['videoconvert'])} ! ${choose('ProRes', prores)}`,
    'audio/x-raw': () =>
      `${choose('converting audio', ['audioconvert ! audioresample'])}${container === 'mkv' ? ` ! ${choose('Opus', ['opusenc'])}` : ''}`,
    'video/x-h264': () => choose('H.264', ['h264parse']),
    'video/x-h265': () => choose('H.265', ['h265parse']),
  };
  const encode = Object.hasOwn(encoders, media) && encoders[media];
  if (!encode)
    throw new UnavailableError(
      `expected a stream of ${Object.keys(encoders).join(', ')} to record, got ${media || JSON.stringify(caps)}`,
    );
  return `queue ! ${encode()} ! ${mux}`;
}
