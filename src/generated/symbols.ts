// Written by `npm run generate -- --symbols` from the installed GIR. Don't edit: add names to gir/wanted.ts.

declare const handle: unique symbol;
/** A native value as the engine has it: a pointer on Node, a wrapper in GJS. Only `src/runtime/` looks inside. */
export interface Handle {
  readonly [handle]: true;
}

export interface TableEntry {
  readonly gi: string;
  readonly returns: string;
  readonly takes: readonly string[];
  readonly since?: string;
  readonly throws?: true;
  readonly hidden?: true;
}

/** A word of the functions below, read. */
export interface Value {
  readonly kind: string;
  /** `out`: C writes it to where the argument points. `into`: C fills what the caller allocates. */
  readonly direction: 'in' | 'out' | 'into';
  /** Whether the reference changes hands: of an argument to C, of a result to the caller. */
  readonly owned: boolean;
  readonly nullable: boolean;
}

/**
 * C functions as TypeScript sees them: arguments are lent, results are owned, several results come as a tuple.
 * Two exceptions, both without a reference count: a struct the callee consumes is given away, and one that is
 * not the caller's to free (`struct` without `+` in the table) is borrowed from its owner.
 */
export interface Functions {
  gst_version(): [number, number, number, number];
  gst_version_string(): string;
  g_quark_from_string(string: string | null): number;
  g_quark_try_string(string: string | null): number;
  gst_allocator_find(name: string | null): Handle | null;
  gst_allocator_register(name: string, allocator: Handle): void;
  gst_allocator_set_default(allocator: Handle): void;
  gst_allocator_alloc(allocator: Handle | null, size: number, params: Handle | null): Handle | null;
  gst_allocation_params_new(): Handle;
  gst_allocation_params_free(params: Handle): void;
  gst_fd_allocator_new(): Handle;
  gst_fd_allocator_alloc(allocator: Handle, fd: number, size: number, flags: number): Handle | null;
  gst_fd_allocator_alloc_full(allocator: Handle, fd: number, maxsize: number, offset: number, size: number, flags: number): Handle | null;
  gst_is_fd_memory(mem: Handle): boolean;
  gst_fd_memory_get_fd(mem: Handle): number;
  gst_shm_allocator_init_once(): void;
  gst_shm_allocator_get(): Handle | null;
  gst_dmabuf_allocator_new(): Handle;
  gst_dmabuf_allocator_alloc(allocator: Handle, fd: number, size: number): Handle | null;
  gst_dmabuf_allocator_alloc_with_flags(allocator: Handle, fd: number, size: number, flags: number): Handle | null;
  gst_is_dmabuf_memory(mem: Handle): boolean;
  gst_dmabuf_memory_get_fd(mem: Handle): number;
  gst_udmabuf_allocator_init_once(): void;
  gst_udmabuf_allocator_get(): Handle | null;
  gst_drm_dumb_allocator_new_with_device_path(drmDevicePath: string): Handle | null;
  gst_drm_dumb_allocator_new_with_fd(drmFd: number): Handle | null;
  gst_drm_dumb_allocator_alloc(allocator: Handle, drmFourcc: number, width: number, height: number): [Handle, number];
  gst_drm_dumb_allocator_has_prime_export(allocator: Handle): boolean;
  gst_is_drm_dumb_memory(mem: Handle): boolean;
  gst_drm_dumb_memory_get_handle(mem: Handle): number;
  gst_drm_dumb_memory_export_dmabuf(mem: Handle): Handle;
  gst_is_phys_memory(mem: Handle): boolean;
  gst_phys_memory_get_phys_addr(mem: Handle): number;
  gst_memory_get_sizes(mem: Handle): [number, number, number];
  gst_memory_resize(mem: Handle, offset: number | bigint, size: number): void;
  gst_memory_share(mem: Handle, offset: number | bigint, size: number | bigint): Handle;
  gst_memory_copy(mem: Handle, offset: number | bigint, size: number | bigint): Handle | null;
  gst_memory_is_span(mem1: Handle, mem2: Handle): [boolean, number];
  gst_memory_is_type(mem: Handle, memType: string): boolean;
  gst_buffer_new(): Handle;
  gst_buffer_new_allocate(allocator: Handle | null, size: number, params: Handle | null): Handle | null;
  gst_buffer_new_memdup(data: Uint8Array): Handle;
  gst_buffer_get_size(buffer: Handle): number;
  gst_buffer_get_sizes_range(buffer: Handle, idx: number, length: number): [number, number, number];
  gst_buffer_n_memory(buffer: Handle): number;
  gst_buffer_get_max_memory(): number;
  gst_buffer_get_memory(buffer: Handle, idx: number): Handle | null;
  gst_buffer_get_memory_range(buffer: Handle, idx: number, length: number): Handle | null;
  gst_buffer_insert_memory(buffer: Handle, idx: number, mem: Handle): void;
  gst_buffer_replace_memory_range(buffer: Handle, idx: number, length: number, mem: Handle): void;
  gst_buffer_remove_memory_range(buffer: Handle, idx: number, length: number): void;
  gst_buffer_fill(buffer: Handle, offset: number, src: Uint8Array): number;
  gst_buffer_memset(buffer: Handle, offset: number, val: number, size: number): number;
  gst_buffer_memcmp(buffer: Handle, offset: number, mem: Uint8Array): number;
  gst_buffer_find_memory(buffer: Handle, offset: number, size: number): [boolean, number, number, number];
  gst_buffer_resize(buffer: Handle, offset: number | bigint, size: number | bigint): void;
  gst_buffer_resize_range(buffer: Handle, idx: number, length: number, offset: number | bigint, size: number | bigint): boolean;
  gst_buffer_copy_region(parent: Handle, flags: number, offset: number, size: number): Handle | null;
  gst_buffer_copy_deep(buf: Handle): Handle | null;
  gst_buffer_copy_into(dest: Handle, src: Handle, flags: number, offset: number, size: number): boolean;
  gst_buffer_get_flags(buffer: Handle): number;
  gst_buffer_unset_flags(buffer: Handle, flags: number): boolean;
  gst_buffer_is_all_memory_writable(buffer: Handle): boolean;
  gst_buffer_is_memory_range_writable(buffer: Handle, idx: number, length: number): boolean;
  gst_buffer_add_parent_buffer_meta(buffer: Handle, ref: Handle): Handle | null;
  gst_buffer_add_custom_meta(buffer: Handle, name: string): Handle | null;
  gst_buffer_get_custom_meta(buffer: Handle, name: string): Handle | null;
  gst_custom_meta_get_structure(meta: Handle): Handle;
  gst_buffer_add_reference_timestamp_meta(buffer: Handle, reference: Handle, timestamp: number | bigint, duration: number | bigint): Handle | null;
  gst_buffer_get_reference_timestamp_meta(buffer: Handle, reference: Handle | null): Handle | null;
  gst_video_format_to_string(format: number): string;
  gst_video_format_from_string(format: string): number;
  gst_video_info_new_from_caps(caps: Handle): Handle | null;
  gst_video_info_free(info: Handle): void;
  gst_video_info_to_caps(info: Handle): Handle;
  gst_video_dma_drm_fourcc_from_format(format: number): number;
  gst_video_dma_drm_fourcc_to_format(fourcc: number): number;
  gst_video_dma_drm_fourcc_from_string(formatStr: string): [number, number | bigint];
  gst_video_is_dma_drm_caps(caps: Handle): boolean;
  gst_audio_info_new_from_caps(caps: Handle): Handle | null;
  gst_audio_info_free(info: Handle): void;
  gst_audio_buffer_clip(buffer: Handle, segment: Handle, rate: number, bpf: number): Handle | null;
  gst_audio_buffer_truncate(buffer: Handle, bpf: number, trim: number, samples: number): Handle;
  gst_sample_new(buffer: Handle | null, caps: Handle | null, segment: Handle | null, info: Handle | null): Handle;
  gst_sample_get_buffer(sample: Handle): Handle | null;
  gst_sample_get_caps(sample: Handle): Handle | null;
  gst_sample_get_segment(sample: Handle): Handle;
  gst_sample_get_info(sample: Handle): Handle | null;
  gst_segment_new(): Handle;
  gst_segment_free(segment: Handle): void;
  gst_segment_to_running_time(segment: Handle, format: number, position: number | bigint): number | bigint;
  gst_segment_to_running_time_full(segment: Handle, format: number, position: number | bigint): [number, number | bigint];
  gst_segment_to_stream_time(segment: Handle, format: number, position: number | bigint): number | bigint;
  gst_segment_to_stream_time_full(segment: Handle, format: number, position: number | bigint): [number, number | bigint];
  gst_segment_position_from_running_time(segment: Handle, format: number, runningTime: number | bigint): number | bigint;
  gst_segment_position_from_running_time_full(segment: Handle, format: number, runningTime: number | bigint): [number, number | bigint];
  gst_segment_position_from_stream_time(segment: Handle, format: number, streamTime: number | bigint): number | bigint;
  gst_segment_position_from_stream_time_full(segment: Handle, format: number, streamTime: number | bigint): [number, number | bigint];
  gst_segment_clip(segment: Handle, format: number, start: number | bigint, stop: number | bigint): [boolean, number | bigint, number | bigint];
  gst_segment_offset_running_time(segment: Handle, format: number, offset: number | bigint): boolean;
  gst_segment_do_seek(segment: Handle, rate: number, format: number, flags: number, startType: number, start: number | bigint, stopType: number, stop: number | bigint): [boolean, boolean];
  gst_caps_from_string(string: string): Handle | null;
  gst_caps_to_string(caps: Handle): string;
  gst_caps_is_fixed(caps: Handle): boolean;
  gst_caps_is_any(caps: Handle): boolean;
  gst_caps_is_empty(caps: Handle): boolean;
  gst_caps_get_size(caps: Handle): number;
  gst_caps_get_features(caps: Handle, index: number): Handle | null;
  gst_caps_features_to_string(features: Handle): string;
  gst_caps_intersect(caps1: Handle, caps2: Handle): Handle;
  gst_caps_can_intersect(caps1: Handle, caps2: Handle): boolean;
  gst_caps_subtract(minuend: Handle, subtrahend: Handle): Handle;
  gst_caps_is_subset(subset: Handle, superset: Handle): boolean;
  gst_caps_is_equal(caps1: Handle, caps2: Handle): boolean;
  gst_caps_fixate(caps: Handle): Handle;
  gst_caps_normalize(caps: Handle): Handle;
  gst_caps_simplify(caps: Handle): Handle;
  gst_caps_get_structure(caps: Handle, index: number): Handle;
  gst_structure_to_string(structure: Handle): string;
  gst_structure_from_string(string: string): [Handle | null, string | null];
  gst_structure_get_name(structure: Handle): string;
  gst_structure_get_string(structure: Handle, fieldname: string): string | null;
  gst_structure_n_fields(structure: Handle): number;
  gst_structure_nth_field_name(structure: Handle, index: number): string;
  gst_structure_copy(structure: Handle): Handle;
  gst_structure_free(structure: Handle): void;
  gst_buffer_pool_new(): Handle;
  gst_video_buffer_pool_new(): Handle;
  gst_buffer_pool_get_config(pool: Handle): Handle;
  gst_buffer_pool_set_config(pool: Handle, config: Handle): boolean;
  gst_buffer_pool_set_active(pool: Handle, active: boolean): boolean;
  gst_buffer_pool_is_active(pool: Handle): boolean;
  gst_buffer_pool_set_flushing(pool: Handle, flushing: boolean): void;
  gst_buffer_pool_has_option(pool: Handle, option: string): boolean;
  gst_buffer_pool_acquire_buffer(pool: Handle, params: Handle | null): [number, Handle | null];
  gst_buffer_pool_config_set_params(config: Handle, caps: Handle | null, size: number, minBuffers: number, maxBuffers: number): void;
  gst_buffer_pool_config_get_params(config: Handle): [boolean, Handle | null, number, number, number];
  gst_buffer_pool_config_set_allocator(config: Handle, allocator: Handle | null, params: Handle | null): void;
  gst_buffer_pool_config_get_allocator(config: Handle): [boolean, Handle | null, Handle];
  gst_buffer_pool_config_add_option(config: Handle, option: string): void;
  gst_buffer_pool_config_n_options(config: Handle): number;
  gst_buffer_pool_config_get_option(config: Handle, index: number): string | null;
  gst_query_new_allocation(caps: Handle | null, needPool: boolean): Handle;
  gst_query_parse_allocation(query: Handle): [Handle | null, boolean];
  gst_query_add_allocation_pool(query: Handle, pool: Handle | null, size: number, minBuffers: number, maxBuffers: number): void;
  gst_query_get_n_allocation_pools(query: Handle): number;
  gst_query_parse_nth_allocation_pool(query: Handle, index: number): [Handle | null, number, number, number];
  gst_query_set_nth_allocation_pool(query: Handle, index: number, pool: Handle | null, size: number, minBuffers: number, maxBuffers: number): void;
  gst_query_remove_nth_allocation_pool(query: Handle, index: number): void;
  gst_query_add_allocation_param(query: Handle, allocator: Handle | null, params: Handle | null): void;
  gst_query_get_n_allocation_params(query: Handle): number;
  gst_query_parse_nth_allocation_param(query: Handle, index: number): [Handle | null, Handle];
  gst_query_set_nth_allocation_param(query: Handle, index: number, allocator: Handle | null, params: Handle | null): void;
  gst_query_remove_nth_allocation_param(query: Handle, index: number): void;
  gst_query_get_n_allocation_metas(query: Handle): number;
  gst_query_remove_nth_allocation_meta(query: Handle, index: number): void;
  gst_pad_get_direction(pad: Handle): number;
  gst_pad_get_current_caps(pad: Handle): Handle | null;
  gst_pad_get_sticky_event(pad: Handle, eventType: number, idx: number): Handle | null;
  gst_pad_get_last_flow_return(pad: Handle): number;
  gst_pad_is_linked(pad: Handle): boolean;
  gst_pad_query_accept_caps(pad: Handle, caps: Handle): boolean;
  gst_pad_link_full(srcpad: Handle, sinkpad: Handle, flags: number): number;
  gst_pad_unlink(srcpad: Handle, sinkpad: Handle): boolean;
  gst_ghost_pad_new(name: string | null, target: Handle): Handle | null;
  gst_parse_launch(pipelineDescription: string): Handle;
  gst_object_get_name(object: Handle): string | null;
  gst_object_set_name(object: Handle, name: string | null): boolean;
  gst_bin_get_by_name(bin: Handle, name: string): Handle | null;
  gst_bin_add(bin: Handle, element: Handle): boolean;
  gst_bin_remove(bin: Handle, element: Handle): boolean;
  gst_bin_recalculate_latency(bin: Handle): boolean;
  gst_parse_bin_from_description(binDescription: string, ghostUnlinkedPads: boolean): Handle;
  gst_object_get_parent(object: Handle): Handle | null;
  gst_object_has_as_ancestor(object: Handle, ancestor: Handle): boolean;
  gst_element_get_static_pad(element: Handle, name: string): Handle | null;
  gst_element_add_pad(element: Handle, pad: Handle): boolean;
  gst_element_request_pad_simple(element: Handle, name: string): Handle | null;
  gst_element_release_request_pad(element: Handle, pad: Handle): void;
  gst_element_set_bus(element: Handle, bus: Handle | null): void;
  gst_element_set_locked_state(element: Handle, lockedState: boolean): boolean;
  gst_element_factory_find(name: string): Handle | null;
  gst_element_get_factory(element: Handle): Handle | null;
  gst_element_factory_get_metadata(factory: Handle, key: string): string | null;
  gst_element_get_bus(element: Handle): Handle | null;
  gst_element_query_position(element: Handle, format: number): [boolean, number | bigint];
  gst_element_query_duration(element: Handle, format: number): [boolean, number | bigint];
  gst_element_seek_simple(element: Handle, format: number, seekFlags: number, seekPos: number | bigint): boolean;
  gst_element_set_state(element: Handle, state: number): number;
  gst_element_get_state(element: Handle, timeout: number | bigint): [number, number, number];
  gst_bus_pop(bus: Handle): Handle | null;
  gst_message_get_structure(message: Handle): Handle | null;
  gst_message_parse_state_changed(message: Handle): [number, number, number];
  gst_app_sink_try_pull_sample(appsink: Handle, timeout: number | bigint): Handle | null;
  gst_app_sink_try_pull_preroll(appsink: Handle, timeout: number | bigint): Handle | null;
  gst_app_sink_is_eos(appsink: Handle): boolean;
  gst_app_sink_get_caps(appsink: Handle): Handle | null;
  gst_app_sink_set_caps(appsink: Handle, caps: Handle | null): void;
  gst_app_src_get_caps(appsrc: Handle): Handle | null;
  gst_app_src_set_caps(appsrc: Handle, caps: Handle | null): void;
  gst_app_src_push_buffer(appsrc: Handle, buffer: Handle): number;
  gst_app_src_end_of_stream(appsrc: Handle): number;
  gst_app_src_get_current_level_bytes(appsrc: Handle): number | bigint;
  gst_app_src_get_current_level_buffers(appsrc: Handle): number | bigint;
  gst_app_src_get_current_level_time(appsrc: Handle): number | bigint;
  gst_app_src_get_max_bytes(appsrc: Handle): number | bigint;
  gst_app_src_get_max_buffers(appsrc: Handle): number | bigint;
  gst_app_src_get_max_time(appsrc: Handle): number | bigint;
  gst_app_src_get_leaky_type(appsrc: Handle): number;
  gst_filename_to_uri(filename: string): string | null;
  gst_pad_get_stream_id(pad: Handle): string | null;
  gst_pad_get_task_state(pad: Handle): number;
  gst_event_parse_tag(event: Handle): Handle | null;
  gst_tag_list_to_string(list: Handle): string;
  gst_tag_list_get_scope(list: Handle): number;
  gst_query_new_seeking(format: number): Handle;
  gst_query_parse_seeking(query: Handle): [number, boolean, number | bigint, number | bigint];
  gst_element_query(element: Handle, query: Handle): boolean;
  gst_app_src_push_sample(appsrc: Handle, sample: Handle): number;
  gst_element_send_event(element: Handle, event: Handle): boolean;
  gst_pad_get_peer(pad: Handle): Handle | null;
  gst_pad_link(srcpad: Handle, sinkpad: Handle): number;
  gst_pad_peer_query_caps(pad: Handle, filter: Handle | null): Handle;
}

/** The shared library of each namespace; the functions of what it is linked with are found through it as well. */
export const libraries: Readonly<Record<string, string>> = {
  Gst: 'libgstreamer-1.0.so.0',
  GstAllocators: 'libgstallocators-1.0.so.0',
  GstApp: 'libgstapp-1.0.so.0',
  GstVideo: 'libgstvideo-1.0.so.0',
  GstAudio: 'libgstaudio-1.0.so.0',
  GObject: 'libgobject-2.0.so.0',
  GLib: 'libgobject-2.0.so.0',
};

/** What the words of the functions say: `out mini+?` is a nullable mini-object that C gives and the caller owns. */
export const values: Readonly<Record<string, Value>> = {
  bool: { kind: 'bool', direction: 'in', owned: false, nullable: false },
  bytes: { kind: 'bytes', direction: 'in', owned: false, nullable: false },
  double: { kind: 'double', direction: 'in', owned: false, nullable: false },
  float: { kind: 'float', direction: 'in', owned: false, nullable: false },
  int32: { kind: 'int32', direction: 'in', owned: false, nullable: false },
  int64: { kind: 'int64', direction: 'in', owned: false, nullable: false },
  'into GstAllocationParams': { kind: 'GstAllocationParams', direction: 'into', owned: false, nullable: false },
  'into bytes': { kind: 'bytes', direction: 'into', owned: false, nullable: false },
  'into pointer': { kind: 'pointer', direction: 'into', owned: false, nullable: false },
  'into struct': { kind: 'struct', direction: 'into', owned: false, nullable: false },
  length: { kind: 'length', direction: 'in', owned: false, nullable: false },
  mini: { kind: 'mini', direction: 'in', owned: false, nullable: false },
  'mini+': { kind: 'mini', direction: 'in', owned: true, nullable: false },
  'mini+?': { kind: 'mini', direction: 'in', owned: true, nullable: true },
  'mini?': { kind: 'mini', direction: 'in', owned: false, nullable: true },
  object: { kind: 'object', direction: 'in', owned: false, nullable: false },
  'object+': { kind: 'object', direction: 'in', owned: true, nullable: false },
  'object+?': { kind: 'object', direction: 'in', owned: true, nullable: true },
  'object?': { kind: 'object', direction: 'in', owned: false, nullable: true },
  'out bool': { kind: 'bool', direction: 'out', owned: false, nullable: false },
  'out int64': { kind: 'int64', direction: 'out', owned: false, nullable: false },
  'out mini+?': { kind: 'mini', direction: 'out', owned: true, nullable: true },
  'out mini?': { kind: 'mini', direction: 'out', owned: false, nullable: true },
  'out object+?': { kind: 'object', direction: 'out', owned: true, nullable: true },
  'out object?': { kind: 'object', direction: 'out', owned: false, nullable: true },
  'out size': { kind: 'size', direction: 'out', owned: false, nullable: false },
  'out string+?': { kind: 'string', direction: 'out', owned: true, nullable: true },
  'out string?': { kind: 'string', direction: 'out', owned: false, nullable: true },
  'out struct+?': { kind: 'struct', direction: 'out', owned: true, nullable: true },
  'out struct?': { kind: 'struct', direction: 'out', owned: false, nullable: true },
  'out uint32': { kind: 'uint32', direction: 'out', owned: false, nullable: false },
  'out uint64': { kind: 'uint64', direction: 'out', owned: false, nullable: false },
  pointer: { kind: 'pointer', direction: 'in', owned: false, nullable: false },
  size: { kind: 'size', direction: 'in', owned: false, nullable: false },
  string: { kind: 'string', direction: 'in', owned: false, nullable: false },
  'string+': { kind: 'string', direction: 'in', owned: true, nullable: false },
  'string+?': { kind: 'string', direction: 'in', owned: true, nullable: true },
  'string?': { kind: 'string', direction: 'in', owned: false, nullable: true },
  struct: { kind: 'struct', direction: 'in', owned: false, nullable: false },
  'struct+': { kind: 'struct', direction: 'in', owned: true, nullable: false },
  'struct+?': { kind: 'struct', direction: 'in', owned: true, nullable: true },
  'struct?': { kind: 'struct', direction: 'in', owned: false, nullable: true },
  uint32: { kind: 'uint32', direction: 'in', owned: false, nullable: false },
  uint64: { kind: 'uint64', direction: 'in', owned: false, nullable: false },
  uint8: { kind: 'uint8', direction: 'in', owned: false, nullable: false },
  void: { kind: 'void', direction: 'in', owned: false, nullable: false },
};

export const functions: Readonly<Record<string, TableEntry>> = {
  gst_version: { gi: 'Gst.version', returns: 'void', takes: ['out uint32', 'out uint32', 'out uint32', 'out uint32'] },
  gst_version_string: { gi: 'Gst.version_string', returns: 'string+', takes: [] },
  g_quark_from_string: { gi: 'GLib.quark_from_string', returns: 'uint32', takes: ['string?'] },
  g_quark_try_string: { gi: 'GLib.quark_try_string', returns: 'uint32', takes: ['string?'] },
  gst_allocator_find: { gi: 'Gst.Allocator.find', returns: 'object+?', takes: ['string?'] },
  gst_allocator_register: { gi: 'Gst.Allocator.register', returns: 'void', takes: ['string', 'object+'] },
  gst_allocator_set_default: { gi: 'Gst.Allocator#set_default', returns: 'void', takes: ['object+'] },
  gst_allocator_alloc: { gi: 'Gst.Allocator#alloc', returns: 'mini+?', takes: ['object?', 'size', 'struct?'] },
  gst_allocation_params_new: { gi: 'Gst.AllocationParams.new', returns: 'struct+', takes: [], since: '1.20' },
  gst_allocation_params_free: { gi: 'Gst.AllocationParams#free', returns: 'void', takes: ['struct+'] },
  gst_fd_allocator_new: { gi: 'GstAllocators.FdAllocator.new', returns: 'object+', takes: [], since: '1.6' },
  gst_fd_allocator_alloc: { gi: 'GstAllocators.FdAllocator.alloc', returns: 'mini+?', takes: ['object', 'int32', 'size', 'uint32'], since: '1.6' },
  gst_fd_allocator_alloc_full: { gi: 'GstAllocators.FdAllocator.alloc_full', returns: 'mini+?', takes: ['object', 'int32', 'size', 'size', 'size', 'uint32'], since: '1.28' },
  gst_is_fd_memory: { gi: 'GstAllocators.is_fd_memory', returns: 'bool', takes: ['mini'], since: '1.6' },
  gst_fd_memory_get_fd: { gi: 'GstAllocators.fd_memory_get_fd', returns: 'int32', takes: ['mini'], since: '1.6' },
  gst_shm_allocator_init_once: { gi: 'GstAllocators.ShmAllocator.init_once', returns: 'void', takes: [], since: '1.24' },
  gst_shm_allocator_get: { gi: 'GstAllocators.ShmAllocator.get', returns: 'object+?', takes: [], since: '1.24' },
  gst_dmabuf_allocator_new: { gi: 'GstAllocators.DmaBufAllocator.new', returns: 'object+', takes: [], since: '1.2' },
  gst_dmabuf_allocator_alloc: { gi: 'GstAllocators.DmaBufAllocator.alloc', returns: 'mini+?', takes: ['object', 'int32', 'size'], since: '1.2' },
  gst_dmabuf_allocator_alloc_with_flags: { gi: 'GstAllocators.DmaBufAllocator.alloc_with_flags', returns: 'mini+?', takes: ['object', 'int32', 'size', 'uint32'], since: '1.16' },
  gst_is_dmabuf_memory: { gi: 'GstAllocators.is_dmabuf_memory', returns: 'bool', takes: ['mini'], since: '1.2' },
  gst_dmabuf_memory_get_fd: { gi: 'GstAllocators.dmabuf_memory_get_fd', returns: 'int32', takes: ['mini'], since: '1.2' },
  gst_udmabuf_allocator_init_once: { gi: 'GstAllocators.UdmabufAllocator.init_once', returns: 'void', takes: [], since: '1.28' },
  gst_udmabuf_allocator_get: { gi: 'GstAllocators.UdmabufAllocator.get', returns: 'object+?', takes: [], since: '1.28' },
  gst_drm_dumb_allocator_new_with_device_path: { gi: 'GstAllocators.DRMDumbAllocator.new_with_device_path', returns: 'object+?', takes: ['string'], since: '1.24' },
  gst_drm_dumb_allocator_new_with_fd: { gi: 'GstAllocators.DRMDumbAllocator.new_with_fd', returns: 'object+?', takes: ['int32'], since: '1.24' },
  gst_drm_dumb_allocator_alloc: { gi: 'GstAllocators.DRMDumbAllocator#alloc', returns: 'mini+', takes: ['object', 'uint32', 'uint32', 'uint32', 'out uint32'], since: '1.24' },
  gst_drm_dumb_allocator_has_prime_export: { gi: 'GstAllocators.DRMDumbAllocator#has_prime_export', returns: 'bool', takes: ['object'], since: '1.24' },
  gst_is_drm_dumb_memory: { gi: 'GstAllocators.is_drm_dumb_memory', returns: 'bool', takes: ['mini'], since: '1.24' },
  gst_drm_dumb_memory_get_handle: { gi: 'GstAllocators.drm_dumb_memory_get_handle', returns: 'uint32', takes: ['mini'], since: '1.24' },
  gst_drm_dumb_memory_export_dmabuf: { gi: 'GstAllocators.drm_dumb_memory_export_dmabuf', returns: 'mini+', takes: ['mini'], since: '1.24' },
  gst_is_phys_memory: { gi: 'GstAllocators.is_phys_memory', returns: 'bool', takes: ['mini'], since: '1.14' },
  gst_phys_memory_get_phys_addr: { gi: 'GstAllocators.phys_memory_get_phys_addr', returns: 'size', takes: ['mini'], since: '1.14' },
  gst_memory_get_sizes: { gi: 'Gst.Memory#get_sizes', returns: 'size', takes: ['mini', 'out size', 'out size'] },
  gst_memory_resize: { gi: 'Gst.Memory#resize', returns: 'void', takes: ['mini', 'int64', 'size'] },
  gst_memory_share: { gi: 'Gst.Memory#share', returns: 'mini+', takes: ['mini', 'int64', 'int64'] },
  gst_memory_copy: { gi: 'Gst.Memory#copy', returns: 'mini+?', takes: ['mini', 'int64', 'int64'] },
  gst_memory_is_span: { gi: 'Gst.Memory#is_span', returns: 'bool', takes: ['mini', 'mini', 'out size'] },
  gst_memory_is_type: { gi: 'Gst.Memory#is_type', returns: 'bool', takes: ['mini', 'string'], since: '1.2' },
  gst_buffer_new: { gi: 'Gst.Buffer.new', returns: 'mini+', takes: [] },
  gst_buffer_new_allocate: { gi: 'Gst.Buffer.new_allocate', returns: 'mini+?', takes: ['object?', 'size', 'struct?'] },
  gst_buffer_new_memdup: { gi: 'Gst.Buffer.new_memdup', returns: 'mini+', takes: ['bytes', 'length'], since: '1.20' },
  gst_buffer_get_size: { gi: 'Gst.Buffer#get_size', returns: 'size', takes: ['mini'] },
  gst_buffer_get_sizes_range: { gi: 'Gst.Buffer#get_sizes_range', returns: 'size', takes: ['mini', 'uint32', 'int32', 'out size', 'out size'] },
  gst_buffer_n_memory: { gi: 'Gst.Buffer#n_memory', returns: 'uint32', takes: ['mini'] },
  gst_buffer_get_max_memory: { gi: 'Gst.Buffer.get_max_memory', returns: 'uint32', takes: [], since: '1.2' },
  gst_buffer_get_memory: { gi: 'Gst.Buffer#get_memory', returns: 'mini+?', takes: ['mini', 'uint32'] },
  gst_buffer_get_memory_range: { gi: 'Gst.Buffer#get_memory_range', returns: 'mini+?', takes: ['mini', 'uint32', 'int32'] },
  gst_buffer_insert_memory: { gi: 'Gst.Buffer#insert_memory', returns: 'void', takes: ['mini', 'int32', 'mini+'] },
  gst_buffer_replace_memory_range: { gi: 'Gst.Buffer#replace_memory_range', returns: 'void', takes: ['mini', 'uint32', 'int32', 'mini+'] },
  gst_buffer_remove_memory_range: { gi: 'Gst.Buffer#remove_memory_range', returns: 'void', takes: ['mini', 'uint32', 'int32'] },
  gst_buffer_fill: { gi: 'Gst.Buffer#fill', returns: 'size', takes: ['mini', 'size', 'bytes', 'length'] },
  gst_buffer_memset: { gi: 'Gst.Buffer#memset', returns: 'size', takes: ['mini', 'size', 'uint8', 'size'] },
  gst_buffer_memcmp: { gi: 'Gst.Buffer#memcmp', returns: 'int32', takes: ['mini', 'size', 'bytes', 'length'] },
  gst_buffer_find_memory: { gi: 'Gst.Buffer#find_memory', returns: 'bool', takes: ['mini', 'size', 'size', 'out uint32', 'out uint32', 'out size'] },
  gst_buffer_resize: { gi: 'Gst.Buffer#resize', returns: 'void', takes: ['mini', 'int64', 'int64'] },
  gst_buffer_resize_range: { gi: 'Gst.Buffer#resize_range', returns: 'bool', takes: ['mini', 'uint32', 'int32', 'int64', 'int64'] },
  gst_buffer_copy_region: { gi: 'Gst.Buffer#copy_region', returns: 'mini+?', takes: ['mini', 'uint32', 'size', 'size'] },
  gst_buffer_copy_deep: { gi: 'Gst.Buffer#copy_deep', returns: 'mini+?', takes: ['mini'], since: '1.6' },
  gst_buffer_copy_into: { gi: 'Gst.Buffer#copy_into', returns: 'bool', takes: ['mini', 'mini', 'uint32', 'size', 'size'] },
  gst_buffer_get_flags: { gi: 'Gst.Buffer#get_flags', returns: 'uint32', takes: ['mini'], since: '1.10' },
  gst_buffer_unset_flags: { gi: 'Gst.Buffer#unset_flags', returns: 'bool', takes: ['mini', 'uint32'], since: '1.10' },
  gst_buffer_is_all_memory_writable: { gi: 'Gst.Buffer#is_all_memory_writable', returns: 'bool', takes: ['mini'], since: '1.4' },
  gst_buffer_is_memory_range_writable: { gi: 'Gst.Buffer#is_memory_range_writable', returns: 'bool', takes: ['mini', 'uint32', 'int32'], since: '1.4' },
  gst_buffer_add_parent_buffer_meta: { gi: 'Gst.Buffer#add_parent_buffer_meta', returns: 'struct?', takes: ['mini', 'mini'], since: '1.6' },
  gst_buffer_add_custom_meta: { gi: 'Gst.Buffer#add_custom_meta', returns: 'struct?', takes: ['mini', 'string'], since: '1.20' },
  gst_buffer_get_custom_meta: { gi: 'Gst.Buffer#get_custom_meta', returns: 'struct?', takes: ['mini', 'string'], since: '1.20' },
  gst_custom_meta_get_structure: { gi: 'Gst.CustomMeta#get_structure', returns: 'struct', takes: ['struct'], since: '1.20' },
  gst_buffer_add_reference_timestamp_meta: { gi: 'Gst.Buffer#add_reference_timestamp_meta', returns: 'struct?', takes: ['mini', 'mini', 'uint64', 'uint64'], since: '1.14' },
  gst_buffer_get_reference_timestamp_meta: { gi: 'Gst.Buffer#get_reference_timestamp_meta', returns: 'struct?', takes: ['mini', 'mini?'], since: '1.14' },
  gst_video_format_to_string: { gi: 'GstVideo.VideoFormat.to_string', returns: 'string', takes: ['uint32'] },
  gst_video_format_from_string: { gi: 'GstVideo.VideoFormat.from_string', returns: 'uint32', takes: ['string'] },
  gst_video_info_new_from_caps: { gi: 'GstVideo.VideoInfo.new_from_caps', returns: 'struct+?', takes: ['mini'], since: '1.20' },
  gst_video_info_free: { gi: 'GstVideo.VideoInfo#free', returns: 'void', takes: ['struct'], since: '1.6' },
  gst_video_info_to_caps: { gi: 'GstVideo.VideoInfo#to_caps', returns: 'mini+', takes: ['struct'] },
  gst_video_dma_drm_fourcc_from_format: { gi: 'GstVideo.video_dma_drm_fourcc_from_format', returns: 'uint32', takes: ['uint32'], since: '1.24' },
  gst_video_dma_drm_fourcc_to_format: { gi: 'GstVideo.video_dma_drm_fourcc_to_format', returns: 'uint32', takes: ['uint32'], since: '1.24' },
  gst_video_dma_drm_fourcc_from_string: { gi: 'GstVideo.video_dma_drm_fourcc_from_string', returns: 'uint32', takes: ['string', 'out uint64'], since: '1.24' },
  gst_video_is_dma_drm_caps: { gi: 'GstVideo.video_is_dma_drm_caps', returns: 'bool', takes: ['mini'], since: '1.24' },
  gst_audio_info_new_from_caps: { gi: 'GstAudio.AudioInfo.new_from_caps', returns: 'struct+?', takes: ['mini'], since: '1.20' },
  gst_audio_info_free: { gi: 'GstAudio.AudioInfo#free', returns: 'void', takes: ['struct'] },
  gst_audio_buffer_clip: { gi: 'GstAudio.AudioBuffer.clip', returns: 'mini+?', takes: ['mini+', 'struct', 'int32', 'int32'] },
  gst_audio_buffer_truncate: { gi: 'GstAudio.AudioBuffer.truncate', returns: 'mini+', takes: ['mini+', 'int32', 'size', 'size'], since: '1.16' },
  gst_sample_new: { gi: 'Gst.Sample.new', returns: 'mini+', takes: ['mini?', 'mini?', 'struct?', 'struct+?'] },
  gst_sample_get_buffer: { gi: 'Gst.Sample#get_buffer', returns: 'mini?', takes: ['mini'] },
  gst_sample_get_caps: { gi: 'Gst.Sample#get_caps', returns: 'mini?', takes: ['mini'] },
  gst_sample_get_segment: { gi: 'Gst.Sample#get_segment', returns: 'struct', takes: ['mini'] },
  gst_sample_get_info: { gi: 'Gst.Sample#get_info', returns: 'struct?', takes: ['mini'] },
  gst_segment_new: { gi: 'Gst.Segment.new', returns: 'struct+', takes: [] },
  gst_segment_free: { gi: 'Gst.Segment#free', returns: 'void', takes: ['struct+'] },
  gst_segment_to_running_time: { gi: 'Gst.Segment#to_running_time', returns: 'uint64', takes: ['struct', 'uint32', 'uint64'] },
  gst_segment_to_running_time_full: { gi: 'Gst.Segment#to_running_time_full', returns: 'int32', takes: ['struct', 'uint32', 'uint64', 'out uint64'], since: '1.6' },
  gst_segment_to_stream_time: { gi: 'Gst.Segment#to_stream_time', returns: 'uint64', takes: ['struct', 'uint32', 'uint64'], since: '1.8' },
  gst_segment_to_stream_time_full: { gi: 'Gst.Segment#to_stream_time_full', returns: 'int32', takes: ['struct', 'uint32', 'uint64', 'out uint64'], since: '1.8' },
  gst_segment_position_from_running_time: { gi: 'Gst.Segment#position_from_running_time', returns: 'uint64', takes: ['struct', 'uint32', 'uint64'], since: '1.8' },
  gst_segment_position_from_running_time_full: { gi: 'Gst.Segment#position_from_running_time_full', returns: 'int32', takes: ['struct', 'uint32', 'uint64', 'out uint64'], since: '1.8' },
  gst_segment_position_from_stream_time: { gi: 'Gst.Segment#position_from_stream_time', returns: 'uint64', takes: ['struct', 'uint32', 'uint64'], since: '1.8' },
  gst_segment_position_from_stream_time_full: { gi: 'Gst.Segment#position_from_stream_time_full', returns: 'int32', takes: ['struct', 'uint32', 'uint64', 'out uint64'], since: '1.8' },
  gst_segment_clip: { gi: 'Gst.Segment#clip', returns: 'bool', takes: ['struct', 'uint32', 'uint64', 'uint64', 'out uint64', 'out uint64'] },
  gst_segment_offset_running_time: { gi: 'Gst.Segment#offset_running_time', returns: 'bool', takes: ['struct', 'uint32', 'int64'], since: '1.2.3' },
  gst_segment_do_seek: { gi: 'Gst.Segment#do_seek', returns: 'bool', takes: ['struct', 'double', 'uint32', 'uint32', 'uint32', 'uint64', 'uint32', 'uint64', 'out bool'] },
  gst_caps_from_string: { gi: 'Gst.Caps.from_string', returns: 'mini+?', takes: ['string'] },
  gst_caps_to_string: { gi: 'Gst.Caps#to_string', returns: 'string+', takes: ['mini'] },
  gst_caps_is_fixed: { gi: 'Gst.Caps#is_fixed', returns: 'bool', takes: ['mini'] },
  gst_caps_is_any: { gi: 'Gst.Caps#is_any', returns: 'bool', takes: ['mini'] },
  gst_caps_is_empty: { gi: 'Gst.Caps#is_empty', returns: 'bool', takes: ['mini'] },
  gst_caps_get_size: { gi: 'Gst.Caps#get_size', returns: 'uint32', takes: ['mini'] },
  gst_caps_get_features: { gi: 'Gst.Caps#get_features', returns: 'struct?', takes: ['mini', 'uint32'], since: '1.2' },
  gst_caps_features_to_string: { gi: 'Gst.CapsFeatures#to_string', returns: 'string+', takes: ['struct'], since: '1.2' },
  gst_caps_intersect: { gi: 'Gst.Caps#intersect', returns: 'mini+', takes: ['mini', 'mini'] },
  gst_caps_can_intersect: { gi: 'Gst.Caps#can_intersect', returns: 'bool', takes: ['mini', 'mini'] },
  gst_caps_subtract: { gi: 'Gst.Caps#subtract', returns: 'mini+', takes: ['mini', 'mini'] },
  gst_caps_is_subset: { gi: 'Gst.Caps#is_subset', returns: 'bool', takes: ['mini', 'mini'] },
  gst_caps_is_equal: { gi: 'Gst.Caps#is_equal', returns: 'bool', takes: ['mini', 'mini'] },
  gst_caps_fixate: { gi: 'Gst.Caps#fixate', returns: 'mini+', takes: ['mini+'] },
  gst_caps_normalize: { gi: 'Gst.Caps#normalize', returns: 'mini+', takes: ['mini+'] },
  gst_caps_simplify: { gi: 'Gst.Caps#simplify', returns: 'mini+', takes: ['mini+'] },
  gst_caps_get_structure: { gi: 'Gst.Caps#get_structure', returns: 'struct', takes: ['mini', 'uint32'] },
  gst_structure_to_string: { gi: 'Gst.Structure#to_string', returns: 'string+', takes: ['struct'] },
  gst_structure_from_string: { gi: 'Gst.Structure.from_string', returns: 'struct+?', takes: ['string', 'out string?'] },
  gst_structure_get_name: { gi: 'Gst.Structure#get_name', returns: 'string', takes: ['struct'] },
  gst_structure_get_string: { gi: 'Gst.Structure#get_string', returns: 'string?', takes: ['struct', 'string'] },
  gst_structure_n_fields: { gi: 'Gst.Structure#n_fields', returns: 'int32', takes: ['struct'] },
  gst_structure_nth_field_name: { gi: 'Gst.Structure#nth_field_name', returns: 'string', takes: ['struct', 'uint32'] },
  gst_structure_copy: { gi: 'Gst.Structure#copy', returns: 'struct+', takes: ['struct'] },
  gst_structure_free: { gi: 'Gst.Structure#free', returns: 'void', takes: ['struct+'] },
  gst_buffer_pool_new: { gi: 'Gst.BufferPool.new', returns: 'object+', takes: [] },
  gst_video_buffer_pool_new: { gi: 'GstVideo.VideoBufferPool.new', returns: 'object+', takes: [] },
  gst_buffer_pool_get_config: { gi: 'Gst.BufferPool#get_config', returns: 'struct+', takes: ['object'] },
  gst_buffer_pool_set_config: { gi: 'Gst.BufferPool#set_config', returns: 'bool', takes: ['object', 'struct+'] },
  gst_buffer_pool_set_active: { gi: 'Gst.BufferPool#set_active', returns: 'bool', takes: ['object', 'bool'] },
  gst_buffer_pool_is_active: { gi: 'Gst.BufferPool#is_active', returns: 'bool', takes: ['object'] },
  gst_buffer_pool_set_flushing: { gi: 'Gst.BufferPool#set_flushing', returns: 'void', takes: ['object', 'bool'], since: '1.4' },
  gst_buffer_pool_has_option: { gi: 'Gst.BufferPool#has_option', returns: 'bool', takes: ['object', 'string'] },
  gst_buffer_pool_acquire_buffer: { gi: 'Gst.BufferPool#acquire_buffer', returns: 'int32', takes: ['object', 'out mini+?', 'struct?'] },
  gst_buffer_pool_config_set_params: { gi: 'Gst.BufferPool.config_set_params', returns: 'void', takes: ['struct', 'mini?', 'uint32', 'uint32', 'uint32'] },
  gst_buffer_pool_config_get_params: { gi: 'Gst.BufferPool.config_get_params', returns: 'bool', takes: ['struct', 'out mini?', 'out uint32', 'out uint32', 'out uint32'] },
  gst_buffer_pool_config_set_allocator: { gi: 'Gst.BufferPool.config_set_allocator', returns: 'void', takes: ['struct', 'object?', 'struct?'] },
  gst_buffer_pool_config_get_allocator: { gi: 'Gst.BufferPool.config_get_allocator', returns: 'bool', takes: ['struct', 'out object?', 'into GstAllocationParams'] },
  gst_buffer_pool_config_add_option: { gi: 'Gst.BufferPool.config_add_option', returns: 'void', takes: ['struct', 'string'] },
  gst_buffer_pool_config_n_options: { gi: 'Gst.BufferPool.config_n_options', returns: 'uint32', takes: ['struct'] },
  gst_buffer_pool_config_get_option: { gi: 'Gst.BufferPool.config_get_option', returns: 'string?', takes: ['struct', 'uint32'] },
  gst_query_new_allocation: { gi: 'Gst.Query.new_allocation', returns: 'mini+', takes: ['mini?', 'bool'] },
  gst_query_parse_allocation: { gi: 'Gst.Query#parse_allocation', returns: 'void', takes: ['mini', 'out mini?', 'out bool'] },
  gst_query_add_allocation_pool: { gi: 'Gst.Query#add_allocation_pool', returns: 'void', takes: ['mini', 'object?', 'uint32', 'uint32', 'uint32'] },
  gst_query_get_n_allocation_pools: { gi: 'Gst.Query#get_n_allocation_pools', returns: 'uint32', takes: ['mini'] },
  gst_query_parse_nth_allocation_pool: { gi: 'Gst.Query#parse_nth_allocation_pool', returns: 'void', takes: ['mini', 'uint32', 'out object+?', 'out uint32', 'out uint32', 'out uint32'] },
  gst_query_set_nth_allocation_pool: { gi: 'Gst.Query#set_nth_allocation_pool', returns: 'void', takes: ['mini', 'uint32', 'object?', 'uint32', 'uint32', 'uint32'] },
  gst_query_remove_nth_allocation_pool: { gi: 'Gst.Query#remove_nth_allocation_pool', returns: 'void', takes: ['mini', 'uint32'], since: '1.2' },
  gst_query_add_allocation_param: { gi: 'Gst.Query#add_allocation_param', returns: 'void', takes: ['mini', 'object?', 'struct?'] },
  gst_query_get_n_allocation_params: { gi: 'Gst.Query#get_n_allocation_params', returns: 'uint32', takes: ['mini'] },
  gst_query_parse_nth_allocation_param: { gi: 'Gst.Query#parse_nth_allocation_param', returns: 'void', takes: ['mini', 'uint32', 'out object+?', 'into GstAllocationParams'] },
  gst_query_set_nth_allocation_param: { gi: 'Gst.Query#set_nth_allocation_param', returns: 'void', takes: ['mini', 'uint32', 'object?', 'struct?'] },
  gst_query_remove_nth_allocation_param: { gi: 'Gst.Query#remove_nth_allocation_param', returns: 'void', takes: ['mini', 'uint32'], since: '1.2' },
  gst_query_get_n_allocation_metas: { gi: 'Gst.Query#get_n_allocation_metas', returns: 'uint32', takes: ['mini'] },
  gst_query_remove_nth_allocation_meta: { gi: 'Gst.Query#remove_nth_allocation_meta', returns: 'void', takes: ['mini', 'uint32'] },
  gst_pad_get_direction: { gi: 'Gst.Pad#get_direction', returns: 'uint32', takes: ['object'] },
  gst_pad_get_current_caps: { gi: 'Gst.Pad#get_current_caps', returns: 'mini+?', takes: ['object'] },
  gst_pad_get_sticky_event: { gi: 'Gst.Pad#get_sticky_event', returns: 'mini+?', takes: ['object', 'uint32', 'uint32'] },
  gst_pad_get_last_flow_return: { gi: 'Gst.Pad#get_last_flow_return', returns: 'int32', takes: ['object'], since: '1.4' },
  gst_pad_is_linked: { gi: 'Gst.Pad#is_linked', returns: 'bool', takes: ['object'] },
  gst_pad_query_accept_caps: { gi: 'Gst.Pad#query_accept_caps', returns: 'bool', takes: ['object', 'mini'] },
  gst_pad_link_full: { gi: 'Gst.Pad#link_full', returns: 'int32', takes: ['object', 'object', 'uint32'] },
  gst_pad_unlink: { gi: 'Gst.Pad#unlink', returns: 'bool', takes: ['object', 'object'] },
  gst_ghost_pad_new: { gi: 'Gst.GhostPad.new', returns: 'object?', takes: ['string?', 'object'] },
  gst_parse_launch: { gi: 'Gst.parse_launch', returns: 'object', takes: ['string'], throws: true },
  gst_object_get_name: { gi: 'Gst.Object#get_name', returns: 'string+?', takes: ['object'] },
  gst_object_set_name: { gi: 'Gst.Object#set_name', returns: 'bool', takes: ['object', 'string?'] },
  gst_bin_get_by_name: { gi: 'Gst.Bin#get_by_name', returns: 'object+?', takes: ['object', 'string'] },
  gst_bin_add: { gi: 'Gst.Bin#add', returns: 'bool', takes: ['object', 'object'] },
  gst_bin_remove: { gi: 'Gst.Bin#remove', returns: 'bool', takes: ['object', 'object'] },
  gst_bin_recalculate_latency: { gi: 'Gst.Bin#recalculate_latency', returns: 'bool', takes: ['object'] },
  gst_parse_bin_from_description: { gi: 'Gst.parse_bin_from_description', returns: 'object', takes: ['string', 'bool'], throws: true },
  gst_object_get_parent: { gi: 'Gst.Object#get_parent', returns: 'object+?', takes: ['object'] },
  gst_object_has_as_ancestor: { gi: 'Gst.Object#has_as_ancestor', returns: 'bool', takes: ['object', 'object'] },
  gst_element_get_static_pad: { gi: 'Gst.Element#get_static_pad', returns: 'object+?', takes: ['object', 'string'] },
  gst_element_add_pad: { gi: 'Gst.Element#add_pad', returns: 'bool', takes: ['object', 'object'] },
  gst_element_request_pad_simple: { gi: 'Gst.Element#request_pad_simple', returns: 'object+?', takes: ['object', 'string'], since: '1.20' },
  gst_element_release_request_pad: { gi: 'Gst.Element#release_request_pad', returns: 'void', takes: ['object', 'object'] },
  gst_element_set_bus: { gi: 'Gst.Element#set_bus', returns: 'void', takes: ['object', 'object?'] },
  gst_element_set_locked_state: { gi: 'Gst.Element#set_locked_state', returns: 'bool', takes: ['object', 'bool'] },
  gst_element_factory_find: { gi: 'Gst.ElementFactory.find', returns: 'object+?', takes: ['string'] },
  gst_element_get_factory: { gi: 'Gst.Element#get_factory', returns: 'object?', takes: ['object'] },
  gst_element_factory_get_metadata: { gi: 'Gst.ElementFactory#get_metadata', returns: 'string?', takes: ['object', 'string'] },
  gst_element_get_bus: { gi: 'Gst.Element#get_bus', returns: 'object+?', takes: ['object'] },
  gst_element_query_position: { gi: 'Gst.Element#query_position', returns: 'bool', takes: ['object', 'uint32', 'out int64'] },
  gst_element_query_duration: { gi: 'Gst.Element#query_duration', returns: 'bool', takes: ['object', 'uint32', 'out int64'] },
  gst_element_seek_simple: { gi: 'Gst.Element#seek_simple', returns: 'bool', takes: ['object', 'uint32', 'uint32', 'int64'] },
  gst_element_set_state: { gi: 'Gst.Element#set_state', returns: 'uint32', takes: ['object', 'uint32'] },
  gst_element_get_state: { gi: 'Gst.Element#get_state', returns: 'uint32', takes: ['object', 'out uint32', 'out uint32', 'uint64'] },
  gst_bus_pop: { gi: 'Gst.Bus#pop', returns: 'mini+?', takes: ['object'] },
  gst_message_get_structure: { gi: 'Gst.Message#get_structure', returns: 'struct?', takes: ['mini'] },
  gst_message_parse_state_changed: { gi: 'Gst.Message#parse_state_changed', returns: 'void', takes: ['mini', 'out uint32', 'out uint32', 'out uint32'] },
  gst_app_sink_try_pull_sample: { gi: 'GstApp.AppSink#try_pull_sample', returns: 'mini+?', takes: ['object', 'uint64'], since: '1.10' },
  gst_app_sink_try_pull_preroll: { gi: 'GstApp.AppSink#try_pull_preroll', returns: 'mini+?', takes: ['object', 'uint64'], since: '1.10' },
  gst_app_sink_is_eos: { gi: 'GstApp.AppSink#is_eos', returns: 'bool', takes: ['object'] },
  gst_app_sink_get_caps: { gi: 'GstApp.AppSink#get_caps', returns: 'mini+?', takes: ['object'] },
  gst_app_sink_set_caps: { gi: 'GstApp.AppSink#set_caps', returns: 'void', takes: ['object', 'mini?'] },
  gst_app_src_get_caps: { gi: 'GstApp.AppSrc#get_caps', returns: 'mini+?', takes: ['object'] },
  gst_app_src_set_caps: { gi: 'GstApp.AppSrc#set_caps', returns: 'void', takes: ['object', 'mini?'] },
  gst_app_src_push_buffer: { gi: 'GstApp.AppSrc#push_buffer', returns: 'int32', takes: ['object', 'mini+'] },
  gst_app_src_end_of_stream: { gi: 'GstApp.AppSrc#end_of_stream', returns: 'int32', takes: ['object'] },
  gst_app_src_get_current_level_bytes: { gi: 'GstApp.AppSrc#get_current_level_bytes', returns: 'uint64', takes: ['object'], since: '1.2' },
  gst_app_src_get_current_level_buffers: { gi: 'GstApp.AppSrc#get_current_level_buffers', returns: 'uint64', takes: ['object'], since: '1.20' },
  gst_app_src_get_current_level_time: { gi: 'GstApp.AppSrc#get_current_level_time', returns: 'uint64', takes: ['object'], since: '1.20' },
  gst_app_src_get_max_bytes: { gi: 'GstApp.AppSrc#get_max_bytes', returns: 'uint64', takes: ['object'] },
  gst_app_src_get_max_buffers: { gi: 'GstApp.AppSrc#get_max_buffers', returns: 'uint64', takes: ['object'], since: '1.20' },
  gst_app_src_get_max_time: { gi: 'GstApp.AppSrc#get_max_time', returns: 'uint64', takes: ['object'], since: '1.20' },
  gst_app_src_get_leaky_type: { gi: 'GstApp.AppSrc#get_leaky_type', returns: 'uint32', takes: ['object'], since: '1.20' },
  gst_filename_to_uri: { gi: 'Gst.filename_to_uri', returns: 'string+?', takes: ['string'], throws: true },
  gst_pad_get_stream_id: { gi: 'Gst.Pad#get_stream_id', returns: 'string+?', takes: ['object'], since: '1.2' },
  gst_pad_get_task_state: { gi: 'Gst.Pad#get_task_state', returns: 'uint32', takes: ['object'], since: '1.12' },
  gst_event_parse_tag: { gi: 'Gst.Event#parse_tag', returns: 'void', takes: ['mini', 'out mini?'] },
  gst_tag_list_to_string: { gi: 'Gst.TagList#to_string', returns: 'string+', takes: ['mini'] },
  gst_tag_list_get_scope: { gi: 'Gst.TagList#get_scope', returns: 'uint32', takes: ['mini'] },
  gst_query_new_seeking: { gi: 'Gst.Query.new_seeking', returns: 'mini+', takes: ['uint32'] },
  gst_query_parse_seeking: { gi: 'Gst.Query#parse_seeking', returns: 'void', takes: ['mini', 'out uint32', 'out bool', 'out int64', 'out int64'] },
  gst_element_query: { gi: 'Gst.Element#query', returns: 'bool', takes: ['object', 'mini'] },
  gst_app_src_push_sample: { gi: 'GstApp.AppSrc#push_sample', returns: 'int32', takes: ['object', 'mini'], since: '1.6' },
  gst_element_send_event: { gi: 'Gst.Element#send_event', returns: 'bool', takes: ['object', 'mini+'] },
  gst_pad_get_peer: { gi: 'Gst.Pad#get_peer', returns: 'object+?', takes: ['object'] },
  gst_pad_link: { gi: 'Gst.Pad#link', returns: 'int32', takes: ['object', 'object'] },
  gst_pad_peer_query_caps: { gi: 'Gst.Pad#peer_query_caps', returns: 'mini+', takes: ['object', 'mini?'] },
  gst_init_check: { gi: 'Gst.init_check', returns: 'bool', takes: ['pointer', 'pointer'], throws: true },
  gst_mini_object_ref: { gi: 'Gst.MiniObject#ref', returns: 'struct+', takes: ['struct'], hidden: true },
  gst_mini_object_unref: { gi: 'Gst.MiniObject#unref', returns: 'void', takes: ['struct'], hidden: true },
  gst_mini_object_is_writable: { gi: 'Gst.MiniObject#is_writable', returns: 'bool', takes: ['struct'] },
  gst_memory_map: { gi: 'Gst.Memory#map', returns: 'bool', takes: ['mini', 'into struct', 'uint32'] },
  gst_memory_unmap: { gi: 'Gst.Memory#unmap', returns: 'void', takes: ['mini', 'struct'] },
  gst_memory_new_wrapped: { gi: 'Gst.Memory.new_wrapped', returns: 'mini+?', takes: ['uint32', 'bytes', 'size', 'size', 'length', 'pointer', 'pointer'] },
  g_atomic_int_inc: { gi: 'GLib.atomic_int_inc', returns: 'void', takes: ['pointer'], since: '2.4' },
  gst_buffer_map_range: { gi: 'Gst.Buffer#map_range', returns: 'bool', takes: ['mini', 'uint32', 'int32', 'into struct', 'uint32'] },
  gst_buffer_unmap: { gi: 'Gst.Buffer#unmap', returns: 'void', takes: ['mini', 'struct'] },
  gst_buffer_extract: { gi: 'Gst.Buffer#extract', returns: 'size', takes: ['mini', 'size', 'into bytes', 'length'] },
  gst_meta_api_type_get_tags: { gi: 'Gst.Meta.api_type_get_tags', returns: 'pointer', takes: ['size'], since: '1.2' },
  gst_query_parse_nth_allocation_meta: { gi: 'Gst.Query#parse_nth_allocation_meta', returns: 'size', takes: ['mini', 'uint32', 'out struct?'] },
  gst_query_add_allocation_meta: { gi: 'Gst.Query#add_allocation_meta', returns: 'void', takes: ['mini', 'size', 'struct?'] },
  gst_query_find_allocation_meta: { gi: 'Gst.Query#find_allocation_meta', returns: 'bool', takes: ['mini', 'size', 'out uint32'] },
  gst_buffer_iterate_meta: { gi: 'Gst.Buffer#iterate_meta', returns: 'struct?', takes: ['mini', 'into pointer'], hidden: true },
  gst_buffer_remove_meta: { gi: 'Gst.Buffer#remove_meta', returns: 'bool', takes: ['mini', 'struct'] },
  gst_buffer_get_video_meta: { gi: 'GstVideo.buffer_get_video_meta', returns: 'struct?', takes: ['mini'] },
  gst_buffer_add_video_meta_full: { gi: 'GstVideo.buffer_add_video_meta_full', returns: 'struct', takes: ['mini', 'uint32', 'uint32', 'uint32', 'uint32', 'uint32', 'pointer', 'pointer'] },
  gst_video_info_new: { gi: 'GstVideo.VideoInfo.new', returns: 'struct+', takes: [], since: '1.6' },
  gst_video_info_set_format: { gi: 'GstVideo.VideoInfo#set_format', returns: 'bool', takes: ['struct', 'uint32', 'uint32', 'uint32'] },
  gst_video_info_align: { gi: 'GstVideo.VideoInfo#align', returns: 'bool', takes: ['struct', 'struct'] },
  gst_video_crop_meta_get_info: { gi: 'GstVideo.VideoCropMeta.get_info', returns: 'struct', takes: [] },
  gst_audio_meta_api_get_type: { gi: 'GstAudio.audio_meta_api_get_type', returns: 'size', takes: [] },
  gst_buffer_add_meta: { gi: 'Gst.Buffer#add_meta', returns: 'struct?', takes: ['mini', 'struct', 'pointer'] },
  gst_buffer_get_meta: { gi: 'Gst.Buffer#get_meta', returns: 'struct?', takes: ['mini', 'size'] },
  gst_meta_register_custom: { gi: 'Gst.Meta.register_custom', returns: 'struct', takes: ['string', 'pointer', 'pointer', 'pointer', 'pointer'], since: '1.20' },
  gst_structure_set_value: { gi: 'Gst.Structure#set_value', returns: 'void', takes: ['struct', 'string', 'struct'] },
  gst_structure_get_value: { gi: 'Gst.Structure#get_value', returns: 'struct?', takes: ['struct', 'string'] },
  gst_message_parse_error: { gi: 'Gst.Message#parse_error', returns: 'void', takes: ['mini', 'out struct+?', 'out string+?'] },
  gst_message_parse_warning: { gi: 'Gst.Message#parse_warning', returns: 'void', takes: ['mini', 'out struct+?', 'out string+?'] },
  gst_message_parse_info: { gi: 'Gst.Message#parse_info', returns: 'void', takes: ['mini', 'out struct+?', 'out string+?'] },
  gst_bin_iterate_recurse: { gi: 'Gst.Bin#iterate_recurse', returns: 'struct+', takes: ['object'] },
  gst_bin_iterate_sinks: { gi: 'Gst.Bin#iterate_sinks', returns: 'struct+', takes: ['object'] },
  gst_bin_iterate_sources: { gi: 'Gst.Bin#iterate_sources', returns: 'struct+', takes: ['object'] },
  gst_event_new_eos: { gi: 'Gst.Event.new_eos', returns: 'mini+', takes: [] },
  gst_event_new_flush_start: { gi: 'Gst.Event.new_flush_start', returns: 'mini+', takes: [] },
  gst_event_new_flush_stop: { gi: 'Gst.Event.new_flush_stop', returns: 'mini+', takes: ['bool'] },
  gst_sample_set_buffer: { gi: 'Gst.Sample#set_buffer', returns: 'void', takes: ['mini', 'mini'], since: '1.16' },
  gst_app_sink_try_pull_object: { gi: 'GstApp.AppSink#try_pull_object', returns: 'struct+?', takes: ['object', 'uint64'], since: '1.20' },
  g_error_new_literal: { gi: 'GLib.Error.new_literal', returns: 'struct+', takes: ['uint32', 'int32', 'string'] },
  gst_message_new_error: { gi: 'Gst.Message.new_error', returns: 'mini+', takes: ['object?', 'struct', 'string?'] },
  gst_element_post_message: { gi: 'Gst.Element#post_message', returns: 'bool', takes: ['object', 'mini+'] },
  gst_pad_is_active: { gi: 'Gst.Pad#is_active', returns: 'bool', takes: ['object'] },
  gst_pad_peer_query: { gi: 'Gst.Pad#peer_query', returns: 'bool', takes: ['object', 'mini'] },
  gst_pad_send_event: { gi: 'Gst.Pad#send_event', returns: 'bool', takes: ['object', 'mini+'] },
  gst_element_iterate_src_pads: { gi: 'Gst.Element#iterate_src_pads', returns: 'struct+', takes: ['object'] },
  gst_element_iterate_pads: { gi: 'Gst.Element#iterate_pads', returns: 'struct+', takes: ['object'] },
  gst_pad_iterate_internal_links: { gi: 'Gst.Pad#iterate_internal_links', returns: 'struct+?', takes: ['object'] },
  g_rec_mutex_trylock: { gi: 'GLib.RecMutex#trylock', returns: 'bool', takes: ['struct'], since: '2.32' },
  g_rec_mutex_unlock: { gi: 'GLib.RecMutex#unlock', returns: 'void', takes: ['struct'], since: '2.32' },
  gst_iterator_next: { gi: 'Gst.Iterator#next', returns: 'uint32', takes: ['struct', 'into struct'] },
  gst_iterator_resync: { gi: 'Gst.Iterator#resync', returns: 'void', takes: ['struct'] },
  gst_iterator_free: { gi: 'Gst.Iterator#free', returns: 'void', takes: ['struct'] },
  g_value_reset: { gi: 'GObject.Value#reset', returns: 'struct+', takes: ['struct'] },
  gst_bus_get_pollfd: { gi: 'Gst.Bus#get_pollfd', returns: 'void', takes: ['object', 'into struct'], since: '1.14' },
  gst_video_convert_sample: { gi: 'GstVideo.video_convert_sample', returns: 'mini+?', takes: ['mini', 'mini', 'uint64'], throws: true },
  gst_util_set_object_arg: { gi: 'Gst.util_set_object_arg', returns: 'void', takes: ['object', 'string', 'string'] },
  gst_value_serialize: { gi: 'Gst.value_serialize', returns: 'string+?', takes: ['struct'] },
  gst_value_deserialize_with_pspec: { gi: 'Gst.value_deserialize_with_pspec', returns: 'bool', takes: ['into struct', 'string', 'object?'], since: '1.20' },
  g_object_ref: { gi: 'GObject.Object#ref', returns: 'object+', takes: ['object'] },
  g_object_ref_sink: { gi: 'GObject.Object#ref_sink', returns: 'object', takes: ['object'], since: '2.10' },
  g_object_unref: { gi: 'GObject.Object#unref', returns: 'void', takes: ['object+'] },
  g_object_set_property: { gi: 'GObject.Object#set_property', returns: 'void', takes: ['object', 'string', 'struct'] },
  g_object_get_property: { gi: 'GObject.Object#get_property', returns: 'void', takes: ['object', 'string', 'struct'] },
  g_object_class_find_property: { gi: 'GObject.ObjectClass#find_property', returns: 'object', takes: ['struct', 'string'] },
  g_param_value_is_valid: { gi: 'GObject.param_value_is_valid', returns: 'bool', takes: ['object', 'struct'], since: '2.74' },
  g_param_value_validate: { gi: 'GObject.param_value_validate', returns: 'bool', takes: ['object', 'struct'] },
  g_param_value_set_default: { gi: 'GObject.param_value_set_default', returns: 'void', takes: ['object', 'struct'] },
  g_param_spec_get_blurb: { gi: 'GObject.ParamSpec#get_blurb', returns: 'string?', takes: ['object'] },
  g_object_class_list_properties: { gi: 'GObject.ObjectClass#list_properties', returns: 'pointer', takes: ['struct', 'out uint32'] },
  g_signal_connect_data: { gi: 'GObject.signal_connect_data', returns: 'uint64', takes: ['object', 'string', 'pointer', 'pointer', 'pointer', 'uint32'], hidden: true },
  g_signal_handler_disconnect: { gi: 'GObject.signal_handler_disconnect', returns: 'void', takes: ['object', 'uint64'] },
  g_signal_handler_block: { gi: 'GObject.signal_handler_block', returns: 'void', takes: ['object', 'uint64'] },
  g_signal_handler_unblock: { gi: 'GObject.signal_handler_unblock', returns: 'void', takes: ['object', 'uint64'] },
  g_type_name: { gi: 'GObject.type_name', returns: 'string?', takes: ['size'] },
  g_type_from_name: { gi: 'GObject.type_from_name', returns: 'size', takes: ['string'] },
  g_type_is_a: { gi: 'GObject.type_is_a', returns: 'bool', takes: ['size', 'size'] },
  g_type_get_qdata: { gi: 'GObject.type_get_qdata', returns: 'pointer', takes: ['size', 'uint32'] },
  g_type_fundamental: { gi: 'GObject.type_fundamental', returns: 'size', takes: ['size'] },
  g_type_class_ref: { gi: 'GObject.TypeClass.ref', returns: 'struct', takes: ['size'] },
  g_value_init: { gi: 'GObject.Value#init', returns: 'struct', takes: ['struct', 'size'] },
  g_value_unset: { gi: 'GObject.Value#unset', returns: 'void', takes: ['struct'] },
  g_value_set_boolean: { gi: 'GObject.Value#set_boolean', returns: 'void', takes: ['struct', 'bool'] },
  g_value_get_boolean: { gi: 'GObject.Value#get_boolean', returns: 'bool', takes: ['struct'] },
  g_value_set_int: { gi: 'GObject.Value#set_int', returns: 'void', takes: ['struct', 'int32'] },
  g_value_get_int: { gi: 'GObject.Value#get_int', returns: 'int32', takes: ['struct'] },
  g_value_set_uint: { gi: 'GObject.Value#set_uint', returns: 'void', takes: ['struct', 'uint32'] },
  g_value_get_uint: { gi: 'GObject.Value#get_uint', returns: 'uint32', takes: ['struct'] },
  g_value_set_int64: { gi: 'GObject.Value#set_int64', returns: 'void', takes: ['struct', 'int64'] },
  g_value_get_int64: { gi: 'GObject.Value#get_int64', returns: 'int64', takes: ['struct'] },
  g_value_set_uint64: { gi: 'GObject.Value#set_uint64', returns: 'void', takes: ['struct', 'uint64'] },
  g_value_set_long: { gi: 'GObject.Value#set_long', returns: 'void', takes: ['struct', 'int64'] },
  g_value_get_long: { gi: 'GObject.Value#get_long', returns: 'int64', takes: ['struct'] },
  g_value_set_ulong: { gi: 'GObject.Value#set_ulong', returns: 'void', takes: ['struct', 'uint64'] },
  g_value_get_ulong: { gi: 'GObject.Value#get_ulong', returns: 'uint64', takes: ['struct'] },
  g_value_get_uint64: { gi: 'GObject.Value#get_uint64', returns: 'uint64', takes: ['struct'] },
  g_value_set_float: { gi: 'GObject.Value#set_float', returns: 'void', takes: ['struct', 'float'] },
  g_value_get_float: { gi: 'GObject.Value#get_float', returns: 'float', takes: ['struct'] },
  g_value_set_double: { gi: 'GObject.Value#set_double', returns: 'void', takes: ['struct', 'double'] },
  g_value_get_double: { gi: 'GObject.Value#get_double', returns: 'double', takes: ['struct'] },
  g_value_set_string: { gi: 'GObject.Value#set_string', returns: 'void', takes: ['struct', 'string?'] },
  g_value_get_string: { gi: 'GObject.Value#get_string', returns: 'string?', takes: ['struct'] },
  g_value_set_enum: { gi: 'GObject.Value#set_enum', returns: 'void', takes: ['struct', 'int32'] },
  g_value_get_enum: { gi: 'GObject.Value#get_enum', returns: 'int32', takes: ['struct'] },
  g_value_set_flags: { gi: 'GObject.Value#set_flags', returns: 'void', takes: ['struct', 'uint32'] },
  g_value_get_flags: { gi: 'GObject.Value#get_flags', returns: 'uint32', takes: ['struct'] },
  g_value_set_boxed: { gi: 'GObject.Value#set_boxed', returns: 'void', takes: ['struct', 'pointer'] },
  g_value_get_boxed: { gi: 'GObject.Value#get_boxed', returns: 'pointer', takes: ['struct'] },
  g_value_set_object: { gi: 'GObject.Value#set_object', returns: 'void', takes: ['struct', 'object?'] },
  g_value_get_object: { gi: 'GObject.Value#get_object', returns: 'object?', takes: ['struct'] },
  g_free: { gi: 'GLib.free', returns: 'void', takes: ['pointer'] },
  g_error_free: { gi: 'GLib.Error#free', returns: 'void', takes: ['struct'] },
  g_object_get_qdata: { gi: 'GObject.Object#get_qdata', returns: 'pointer', takes: ['object', 'uint32'] },
  g_main_depth: { gi: 'GLib.main_depth', returns: 'int32', takes: [] },
  g_main_context_find_source_by_user_data: { gi: 'GLib.MainContext#find_source_by_user_data', returns: 'struct?', takes: ['struct?', 'pointer'] },
  g_source_set_priority: { gi: 'GLib.Source#set_priority', returns: 'void', takes: ['struct', 'int32'] },
  g_type_query: { gi: 'GObject.type_query', returns: 'void', takes: ['size', 'into struct'] },
  g_type_register_static_simple: { gi: 'GObject.type_register_static_simple', returns: 'size', takes: ['size', 'string', 'uint32', 'pointer', 'uint32', 'pointer', 'uint32'], since: '2.12', hidden: true },
  g_signal_newv: { gi: 'GObject.signal_newv', returns: 'uint32', takes: ['string', 'size', 'uint32', 'struct?', 'pointer', 'pointer', 'pointer', 'size', 'uint32', 'pointer'], hidden: true },
  g_object_new_with_properties: { gi: 'GObject.Object.new_with_properties', returns: 'object+', takes: ['size', 'uint32', 'pointer', 'pointer'], since: '2.54', hidden: true },
  g_cclosure_new: { gi: 'GObject.CClosure.new', returns: 'struct', takes: ['pointer', 'pointer', 'pointer'], hidden: true },
  g_cclosure_marshal_generic: { gi: 'GObject.CClosure.marshal_generic', returns: 'void', takes: ['struct', 'struct', 'uint32', 'struct', 'pointer', 'pointer'], since: '2.30' },
  gst_element_no_more_pads: { gi: 'Gst.Element#no_more_pads', returns: 'void', takes: ['object'] },
  g_ptr_array_new_with_free_func: { gi: 'GLib.PtrArray.new_with_free_func', returns: 'pointer', takes: ['pointer'], since: '2.22', hidden: true },
  g_ptr_array_add: { gi: 'GLib.PtrArray.add', returns: 'void', takes: ['pointer', 'pointer'], hidden: true },
  g_ptr_array_remove_fast: { gi: 'GLib.PtrArray.remove_fast', returns: 'bool', takes: ['pointer', 'pointer'], hidden: true },
  g_ptr_array_unref: { gi: 'GLib.PtrArray.unref', returns: 'void', takes: ['pointer'], since: '2.22', hidden: true },
  gst_registry_get: { gi: 'Gst.Registry.get', returns: 'object', takes: [] },
  gst_registry_get_plugin_list: { gi: 'Gst.Registry#get_plugin_list', returns: 'struct+', takes: ['object'] },
  gst_plugin_list_free: { gi: 'Gst.Plugin.list_free', returns: 'void', takes: ['struct+'] },
  gst_plugin_get_name: { gi: 'Gst.Plugin#get_name', returns: 'string', takes: ['object'] },
  gst_plugin_get_source: { gi: 'Gst.Plugin#get_source', returns: 'string', takes: ['object'] },
  gst_plugin_get_version: { gi: 'Gst.Plugin#get_version', returns: 'string', takes: ['object'] },
  gst_plugin_get_filename: { gi: 'Gst.Plugin#get_filename', returns: 'string?', takes: ['object'] },
  gst_registry_get_feature_list_by_plugin: { gi: 'Gst.Registry#get_feature_list_by_plugin', returns: 'struct+', takes: ['object', 'string'] },
  gst_plugin_feature_list_free: { gi: 'Gst.PluginFeature.list_free', returns: 'void', takes: ['struct+'] },
  gst_plugin_feature_load: { gi: 'Gst.PluginFeature#load', returns: 'object+?', takes: ['object'] },
  gst_element_factory_get_element_type: { gi: 'Gst.ElementFactory#get_element_type', returns: 'size', takes: ['object'] },
  g_type_parent: { gi: 'GObject.type_parent', returns: 'size', takes: ['size'] },
  g_signal_list_ids: { gi: 'GObject.signal_list_ids', returns: 'pointer', takes: ['size', 'out uint32'] },
  g_signal_query: { gi: 'GObject.signal_query', returns: 'void', takes: ['uint32', 'into struct'] },
  g_signal_emitv: { gi: 'GObject.signal_emitv', returns: 'void', takes: ['pointer', 'uint32', 'uint32', 'pointer'] },
};

/** Kind and byte offset of struct fields (LP64). */
export const fields = {
  'GstEvent.type': ['uint32', 64],
  'GstMiniObject.type': ['size', 0],
  'GstMiniObject.refcount': ['int32', 8],
  'GstMiniObject.flags': ['uint32', 16],
  'GstMiniObject.lockstate': ['int32', 12],
  'GstObject.flags': ['uint32', 48],
  'GstPad.stream_rec_lock': ['struct', 112],
  'GstAllocator.mem_type': ['string', 88],
  'GstMemory.allocator': ['object', 64],
  'GstMemory.parent': ['mini', 72],
  'GstMemory.maxsize': ['size', 80],
  'GstMemory.align': ['size', 88],
  'GstMemory.offset': ['size', 96],
  'GstMemory.size': ['size', 104],
  'GstBuffer.pool': ['object', 64],
  'GstBuffer.pts': ['uint64', 72],
  'GstBuffer.dts': ['uint64', 80],
  'GstBuffer.duration': ['uint64', 88],
  'GstBuffer.offset': ['uint64', 96],
  'GstBuffer.offset_end': ['uint64', 104],
  'GstMapInfo.memory': ['mini', 0],
  'GstMapInfo.data': ['pointer', 16],
  'GstMapInfo.size': ['size', 24],
  'GstAllocationParams.flags': ['uint32', 0],
  'GstAllocationParams.align': ['size', 8],
  'GstAllocationParams.prefix': ['size', 16],
  'GstAllocationParams.padding': ['size', 24],
  'GstBufferPoolAcquireParams.flags': ['uint32', 24],
  'GstMessage.type': ['uint32', 64],
  'GstMessage.timestamp': ['uint64', 72],
  'GstMessage.src': ['object', 80],
  'GstMessage.seqnum': ['uint32', 88],
  'GstMeta.flags': ['uint32', 0],
  'GstMeta.info': ['struct', 8],
  'GstMetaInfo.api': ['size', 0],
  'GstMetaInfo.type': ['size', 8],
  'GstVideoInfo.interlace_mode': ['uint32', 8],
  'GstVideoInfo.width': ['int32', 16],
  'GstVideoInfo.height': ['int32', 20],
  'GstVideoInfo.size': ['size', 24],
  'GstVideoInfo.views': ['int32', 32],
  'GstVideoInfo.par_n': ['int32', 56],
  'GstVideoInfo.par_d': ['int32', 60],
  'GstVideoInfo.fps_n': ['int32', 64],
  'GstVideoInfo.fps_d': ['int32', 68],
  'GstVideoInfo.offset': ['size', 72],
  'GstVideoInfo.stride': ['int32', 104],
  'GstAudioInfo.layout': ['uint32', 12],
  'GstAudioInfo.rate': ['int32', 16],
  'GstAudioInfo.channels': ['int32', 20],
  'GstAudioInfo.bpf': ['int32', 24],
  'GstAudioMeta.info': ['struct', 16],
  'GstAudioMeta.samples': ['size', 336],
  'GstAudioMeta.offsets': ['pointer', 344],
  'GstVideoMeta.flags': ['uint32', 24],
  'GstVideoMeta.format': ['uint32', 28],
  'GstVideoMeta.id': ['int32', 32],
  'GstVideoMeta.width': ['uint32', 36],
  'GstVideoMeta.height': ['uint32', 40],
  'GstVideoMeta.n_planes': ['uint32', 44],
  'GstVideoMeta.offset': ['size', 48],
  'GstVideoMeta.stride': ['int32', 80],
  'GstVideoMeta.alignment': ['struct', 112],
  'GstVideoCropMeta.x': ['uint32', 16],
  'GstVideoCropMeta.y': ['uint32', 20],
  'GstVideoCropMeta.width': ['uint32', 24],
  'GstVideoCropMeta.height': ['uint32', 28],
  'GstParentBufferMeta.buffer': ['mini', 16],
  'GstReferenceTimestampMeta.reference': ['mini', 16],
  'GstReferenceTimestampMeta.timestamp': ['uint64', 24],
  'GstReferenceTimestampMeta.duration': ['uint64', 32],
  'GstSegment.rate': ['double', 8],
  'GstSegment.applied_rate': ['double', 16],
  'GstSegment.flags': ['uint32', 0],
  'GstSegment.offset': ['uint64', 40],
  'GstSegment.format': ['uint32', 24],
  'GstSegment.base': ['uint64', 32],
  'GstSegment.start': ['uint64', 48],
  'GstSegment.stop': ['uint64', 56],
  'GstSegment.time': ['uint64', 64],
  'GstSegment.position': ['uint64', 72],
  'GstSegment.duration': ['uint64', 80],
  'GPollFD.fd': ['int32', 0],
  'GError.domain': ['uint32', 0],
  'GError.code': ['int32', 4],
  'GError.message': ['string', 8],
  'GParamSpec.name': ['string', 8],
  'GParamSpec.flags': ['uint32', 16],
  'GParamSpec.value_type': ['size', 24],
  'GEnumClass.n_values': ['uint32', 16],
  'GEnumClass.values': ['struct', 24],
  'GEnumValue.value': ['int32', 0],
  'GEnumValue.value_name': ['string', 8],
  'GEnumValue.value_nick': ['string', 16],
  'GFlagsClass.n_values': ['uint32', 12],
  'GFlagsClass.values': ['struct', 16],
  'GTypeInstance.g_class': ['struct', 0],
  'GTypeQuery.class_size': ['uint32', 16],
  'GTypeQuery.instance_size': ['uint32', 20],
  'GTypeClass.g_type': ['size', 0],
  'GList.data': ['pointer', 0],
  'GList.next': ['struct', 8],
  'GSignalQuery.signal_name': ['string', 8],
  'GSignalQuery.signal_flags': ['uint32', 24],
  'GSignalQuery.return_type': ['size', 32],
  'GSignalQuery.n_params': ['uint32', 40],
  'GSignalQuery.param_types': ['pointer', 48],
} as const;
export type FieldName = keyof typeof fields;

/** Sizes of caller-allocated structs in bytes (LP64). */
export const structs = {
  GstMapInfo: 104,
  GstBufferPoolAcquireParams: 64,
  GstAllocationParams: 64,
  GstMemory: 112,
  GPollFD: 8,
  GTypeQuery: 24,
  GEnumValue: 24,
  GSignalQuery: 56,
} as const;
export type StructName = keyof typeof structs;
