import { type Diagnostics, isQuiet, unawaitedCode } from '../port/diagnostics.ts';
import { GLib } from './namespaces.ts';

/** Structured, so that only `G_DEBUG=fatal-warnings` ends the program. */
function log(message: string, code: string, detail: string | undefined): void {
  GLib.log_structured('gst-allocators', GLib.LogLevelFlags.LEVEL_WARNING, {
    MESSAGE: detail === undefined ? message : `${message}\n${detail}`,
    GST_ALLOCATORS_CODE: code,
  });
}

/** GJS leaves the error's own name and message out of its stack. */
function textOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${textOf(error.cause)}` : '';
  return `${error.name}: ${error.message}\n${error.stack ?? ''}${cause}`;
}

export const diagnostics: Diagnostics = {
  warn(message, code, detail) {
    if (!isQuiet(GLib.getenv('GST_ALLOCATORS_DEBUG'))) log(message, code, detail);
  },
  unawaited(error) {
    log(`nobody awaits this error: ${error.message}`, unawaitedCode, textOf(error));
  },
};
