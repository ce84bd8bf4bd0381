import type { Messages } from '../port/index.ts';

export const messages: Messages = {
  text(message, type) {
    // biome-ignore lint/suspicious/noExplicitAny: wrappers are typed by introspection
    const [error, debug] = (message as any)[`parse_${type}`]();
    return { text: error?.message ?? '', debug };
  },
};
