/** Warnings and errors for the user of the program. */
export interface Diagnostics {
  /**
   * Warns the user of the program: a process warning of the type `GstAllocatorsWarning` on Node
   * (`process.emitWarning`), a structured message of the domain `gst-allocators` and level WARNING in GLib's log in GJS.
   * Silent if the environment has `GST_ALLOCATORS_DEBUG=quiet`.
   * @param message one sentence, with cause and remedy
   * @param code the kind of warning, such as `GST_ALLOCATORS_WAIT`
   * @param detail further lines, such as stacks
   */
  warn(message: string, code: string, detail?: string): void;
  /**
   * Reports an error that nobody awaits. On Node this follows the rule for unhandled rejections, except that the
   * process continues: a process warning with the stack, and exit code 1 unless the program has set another. The modes
   * `warn` and `none` of `--unhandled-rejections` apply: the first keeps the exit code, the second prints nothing. In
   * GJS it is a WARNING with the stack in GLib's log; the exit code does not change, as only `System.exit` sets it,
   * which ends the program.
   */
  unawaited(error: Error): void;
}

/** The code of the warning about an error that nobody awaits. */
export const unawaitedCode = 'GST_ALLOCATORS_UNAWAITED';

/** Whether `GST_ALLOCATORS_DEBUG` switches warnings off. */
export const isQuiet = (debug: string | null | undefined): boolean => /\bquiet\b/.test(debug ?? '');
