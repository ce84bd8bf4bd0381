import { runtime } from '#runtime';
import { expectString, wrongType } from './expect.ts';

const { c } = runtime;

/** The installed version of GStreamer (`gst_version`). */
export function version(): { major: number; minor: number; micro: number; nano: number; string: string } {
  const [major, minor, micro, nano] = c.gst_version();
  return { major, minor, micro, nano, string: c.gst_version_string() };
}

/**
 * Initialises GStreamer (`gst_init`); the first use does it automatically. Later calls do nothing. @param argv its
 * options, such as `--gst-debug=2`
 */
export function init(argv: readonly string[] = []): void {
  if (!Array.isArray(argv)) throw wrongType('argv', 'an array of strings', argv);
  runtime.init(Array.from(argv, (word, index) => expectString(`argv[${index}]`, word)));
}

/** Code that depends on the version takes it as an argument, so that specs can try versions that are not installed. */
export type Version = Pick<ReturnType<typeof version>, 'major' | 'minor' | 'micro'>;

/** Below zero when `found` is older than `least` (`"1.24"`). */
export function compareVersions(found: Version, least: string): number {
  const [major = 0, minor = 0, micro = 0] = least.split('.').map(Number);
  return found.major - major || found.minor - minor || found.micro - micro;
}
