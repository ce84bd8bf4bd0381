import { inspect } from 'node:util';
import { type Diagnostics, isQuiet, unawaitedCode } from '../port/diagnostics.ts';

const type = 'GstAllocatorsWarning';

/** The value of `--unhandled-rejections`, on the command line before `NODE_OPTIONS`; empty if it is not set. */
function rejectionsMode(): string {
  const words = `${process.env.NODE_OPTIONS ?? ''} ${process.execArgv.join(' ')}`;
  return [...words.matchAll(/--unhandled-rejections[= ]([a-z-]+)/g)].at(-1)?.[1] ?? '';
}

export const diagnostics: Diagnostics = {
  warn(message, code, detail) {
    if (isQuiet(process.env.GST_ALLOCATORS_DEBUG)) return;
    process.emitWarning(message, { type, code, ...(detail !== undefined && { detail }) });
  },
  unawaited(error) {
    const mode = rejectionsMode();
    if (mode === 'none') return;
    process.emitWarning(`nobody awaits this error: ${error.message}`, {
      type,
      code: unawaitedCode,
      detail: inspect(error),
    });
    if (mode !== 'warn') process.exitCode ||= 1;
  },
};
