import type { Messages } from '../runtime.ts';
import { address, takeError, takeText } from './functions.ts';
import { native } from './library.ts';

export const messages: Messages = {
  text(message, type) {
    const error = new BigUint64Array(1);
    const debug = new BigUint64Array(1);
    native(`gst_message_parse_${type}`)(address(message), error, debug);
    return { text: takeError(error)?.message ?? '', debug: takeText(Number(debug[0])) };
  },
};
