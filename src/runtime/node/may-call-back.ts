/**
 * C functions that may run JavaScript before they return: handlers of signals, and methods of classes that are written
 * in JavaScript. Introspection has no such information; `test/node/gir-table.test.ts` checks that the trampoline can
 * call them.
 */
export const mayCallBack: ReadonlySet<string> = new Set([
  'g_object_unref',
  'gst_mini_object_unref',
  'g_object_set_property',
  'g_object_get_property',
  'gst_util_set_object_arg',
  'g_signal_emitv',
  'gst_parse_launch',
  'gst_allocator_alloc',
  'gst_buffer_new_allocate',
  'gst_buffer_replace_memory_range',
  'gst_buffer_remove_memory_range',
  'gst_buffer_copy_region',
  'gst_buffer_copy_deep',
  'gst_memory_copy',
  'gst_buffer_pool_set_config',
  'gst_buffer_pool_set_active',
  'gst_buffer_pool_set_flushing',
  'gst_buffer_pool_acquire_buffer',
  'gst_app_src_set_caps',
  'gst_app_src_push_buffer',
  'gst_app_src_end_of_stream',
  'gst_app_sink_set_caps',
  'gst_element_query',
  'gst_element_query_position',
  'gst_element_query_duration',
  'gst_pad_peer_query',
]);
