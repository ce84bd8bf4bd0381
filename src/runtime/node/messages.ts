import type { Messages } from '../port/index.ts';
import { native } from './ffi.ts';
import { address, takeError, takeText } from './marshal.ts';

export const messages: Messages = {
  text(message, type) {
    const error = new BigUint64Array(1);
    const debug = new BigUint64Array(1);
    native(`gst_message_parse_${type}`)(address(message), error, debug);
    return { text: takeError(error)?.message ?? '', debug: takeText(Number(debug[0])) };
  },
};
