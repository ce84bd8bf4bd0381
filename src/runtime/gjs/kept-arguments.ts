/**
 * Indices of arguments to which the callee takes a reference although GIR declares them transfer none. The symbol table
 * has the arguments that the callee takes over; `test/node/gir-table.test.ts` checks that none of these is among them.
 */
export const keeps: Record<string, readonly number[]> = {
  gst_sample_new: [0, 1],
  gst_buffer_add_parent_buffer_meta: [1],
};
