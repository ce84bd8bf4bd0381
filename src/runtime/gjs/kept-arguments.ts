/**
 * Arguments, by their places, that the callee takes a reference to although GIR says that they are lent. The table has those
 * that it takes over; `test/node/gir-table.test.ts` checks that none of these is among them.
 */
export const keeps: Record<string, readonly number[]> = {
  gst_sample_new: [0, 1],
  gst_buffer_add_parent_buffer_meta: [1],
};
