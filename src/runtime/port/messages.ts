import type { Handle } from '../../generated/symbols.ts';

/** The parts of a message that no function of the symbol table returns. */
export interface Messages {
  /** Text and debug text (`gst_message_parse_error`, `gst_message_parse_warning`, `gst_message_parse_info`). */
  text(message: Handle, type: 'error' | 'warning' | 'info'): { text: string; debug: string | null };
}
