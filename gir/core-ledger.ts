/**
 * Every public symbol of GstMemory, GstBuffer, GstBufferList, GstBufferPool, GstMeta, GstSample, GstCaps, the ALLOCATION query,
 * GstApp, and of the infos, frames, buffers and metas of GstVideo and GstAudio: by our names, or by the reason for none.
 * `test/node/gir-core-ledger.test.ts` fails when the installed GIR has a symbol that is not here.
 */

/** The symbols that the ledger is of, by namespace. */
export const rooms: Readonly<Record<string, RegExp>> = {
  Gst: /^(gst_(memory|buffer|sample|caps|meta|custom_meta)_|gst_query_\w*allocation|GST_(IS_)?(MEMORY|BUFFER|SAMPLE|CAPS|META)(_|$)|Gst(Memory|Buffer(?!ing)|Sample|Caps|Meta|CustomMeta|ParentBuffer|ReferenceTimestamp))/,
  GstApp: /./,
  GstVideo:
    /^(gst_video_(info|frame)_|gst_video_(\w+_)?meta_|gst_buffer_|GST_(BUFFER|CAPS|META)_|GST_VIDEO_(INFO|FRAME)_|GST_VIDEO_\w*META_|GstVideo(Info|Frame)|GstVideo\w*Meta)/,
  GstAudio:
    /^(gst_audio_(info|buffer)_|gst_audio_(\w+_)?meta_|gst_buffer_|GST_META_|GST_AUDIO_(INFO|BUFFER)_|GstAudio(Info|Buffer)|GstAudio\w*Meta)/,
};

/** C symbols by our names: `A.b` is a static, `A.prototype.b` a method or getter, `A#b` a field of an object. */
export const named: Readonly<Record<string, string>> = {
  // Memory
  Memory: 'GstMemory',
  'Memory.newWrapped': 'gst_memory_new_wrapped',
  'Memory.prototype.copy': 'gst_memory_copy',
  'Memory.prototype.size': 'gst_memory_get_sizes',
  'Memory.prototype.offset': 'gst_memory_get_sizes',
  'Memory.prototype.maxSize': 'gst_memory_get_sizes',
  'Memory.prototype.isSpan': 'gst_memory_is_span',
  'Memory.prototype.isType': 'gst_memory_is_type',
  'Memory.prototype.map': 'gst_memory_map',
  'Mapping.prototype.dispose': 'gst_memory_unmap gst_buffer_unmap',
  Mapping: 'GstBufferMapInfo GstMemoryMapInfo',
  'Memory.prototype.resize': 'gst_memory_resize',
  'Memory.prototype.share': 'gst_memory_share',
  'Memory.prototype.isWritable': 'gst_memory_is_writable',
  'Memory.prototype.flags':
    'GST_MEMORY_FLAGS GST_MEMORY_FLAG_IS_SET GST_MEMORY_IS_NOT_MAPPABLE GST_MEMORY_IS_NO_SHARE GST_MEMORY_IS_PHYSICALLY_CONTIGUOUS GST_MEMORY_IS_READONLY GST_MEMORY_IS_ZERO_PADDED GST_MEMORY_IS_ZERO_PREFIXED',
  MemoryFlags: 'GstMemoryFlags',
  // Buffers
  Buffer: 'GstBuffer gst_buffer_new',
  'Buffer.alloc': 'gst_buffer_new_allocate gst_buffer_new_and_alloc',
  'Buffer.from': 'gst_buffer_new_memdup',
  'Buffer.newWrapped': 'gst_buffer_new_wrapped gst_buffer_new_wrapped_bytes gst_buffer_new_wrapped_full',
  'Buffer.maxMemory': 'gst_buffer_get_max_memory',
  'Buffer.prototype.append': 'gst_buffer_append',
  'Buffer.prototype.appendRegion': 'gst_buffer_append_region',
  'Buffer.prototype.appendMemory': 'gst_buffer_append_memory',
  'Buffer.prototype.prependMemory': 'gst_buffer_prepend_memory',
  'Buffer.prototype.insertMemory': 'gst_buffer_insert_memory',
  'Buffer.prototype.copyDeep': 'gst_buffer_copy_deep',
  'Buffer.prototype.copyInto': 'gst_buffer_copy_into',
  'Buffer.prototype.copyRegion': 'gst_buffer_copy_region',
  'Buffer.prototype.extract': 'gst_buffer_extract gst_buffer_extract_dup',
  'Buffer.prototype.fill': 'gst_buffer_fill',
  'Buffer.prototype.memset': 'gst_buffer_memset',
  'Buffer.prototype.compare': 'gst_buffer_memcmp',
  'Buffer.prototype.findMemory': 'gst_buffer_find_memory',
  'Buffer.prototype.memory': 'gst_buffer_get_memory gst_buffer_peek_memory',
  'Buffer.prototype.memoryCount': 'gst_buffer_n_memory',
  'Buffer.prototype.getAllMemory': 'gst_buffer_get_all_memory',
  'Buffer.prototype.getMemoryRange': 'gst_buffer_get_memory_range',
  'Buffer.prototype.size': 'gst_buffer_get_size',
  'Buffer.prototype.sizes': 'gst_buffer_get_sizes',
  'Buffer.prototype.sizesRange': 'gst_buffer_get_sizes_range',
  'Buffer.prototype.isAllMemoryWritable': 'gst_buffer_is_all_memory_writable',
  'Buffer.prototype.isMemoryRangeWritable': 'gst_buffer_is_memory_range_writable',
  'Buffer.prototype.map': 'gst_buffer_map',
  'Buffer.prototype.mapRange': 'gst_buffer_map_range',
  'Buffer.prototype.removeAllMemory': 'gst_buffer_remove_all_memory',
  'Buffer.prototype.removeMemory': 'gst_buffer_remove_memory',
  'Buffer.prototype.removeMemoryRange': 'gst_buffer_remove_memory_range',
  'Buffer.prototype.replaceAllMemory': 'gst_buffer_replace_all_memory',
  'Buffer.prototype.replaceMemory': 'gst_buffer_replace_memory',
  'Buffer.prototype.replaceMemoryRange': 'gst_buffer_replace_memory_range',
  'Buffer.prototype.resize': 'gst_buffer_resize',
  'Buffer.prototype.resizeRange': 'gst_buffer_resize_range',
  'Buffer.prototype.setSize': 'gst_buffer_set_size',
  'Buffer.prototype.isWritable': 'gst_buffer_is_writable',
  'Buffer.prototype.makeWritable': 'gst_buffer_make_writable',
  'Buffer.prototype.pts': 'GST_BUFFER_PTS GST_BUFFER_PTS_IS_VALID',
  'Buffer.prototype.dts': 'GST_BUFFER_DTS GST_BUFFER_DTS_IS_VALID',
  'Buffer.prototype.duration': 'GST_BUFFER_DURATION GST_BUFFER_DURATION_IS_VALID',
  'Buffer.prototype.offset': 'GST_BUFFER_OFFSET GST_BUFFER_OFFSET_IS_VALID',
  'Buffer.prototype.offsetEnd': 'GST_BUFFER_OFFSET_END GST_BUFFER_OFFSET_END_IS_VALID',
  'Buffer.prototype.flags':
    'gst_buffer_get_flags gst_buffer_has_flags gst_buffer_set_flags gst_buffer_unset_flags GST_BUFFER_FLAGS GST_BUFFER_FLAG_IS_SET GST_BUFFER_FLAG_SET GST_BUFFER_FLAG_UNSET GST_BUFFER_IS_DISCONT',
  BufferFlags: 'GstBufferFlags',
  BufferCopyFlags: 'GstBufferCopyFlags',
  'BufferCopyFlags.NONE': 'GST_BUFFER_COPY_NONE',
  'BufferCopyFlags.FLAGS': 'GST_BUFFER_COPY_FLAGS',
  'BufferCopyFlags.TIMESTAMPS': 'GST_BUFFER_COPY_TIMESTAMPS',
  'BufferCopyFlags.META': 'GST_BUFFER_COPY_META',
  'BufferCopyFlags.MEMORY': 'GST_BUFFER_COPY_MEMORY',
  'BufferCopyFlags.MERGE': 'GST_BUFFER_COPY_MERGE',
  'BufferCopyFlags.DEEP': 'GST_BUFFER_COPY_DEEP',
  'BufferCopyFlags.METADATA': 'GST_BUFFER_COPY_METADATA',
  'BufferCopyFlags.ALL': 'GST_BUFFER_COPY_ALL',
  // Metas
  'Buffer.prototype.metas':
    'gst_buffer_iterate_meta gst_buffer_iterate_meta_filtered gst_buffer_foreach_meta gst_buffer_get_n_meta GstMeta GstMetaInfo gst_meta_get_info gst_meta_api_type_get_tags gst_meta_api_type_has_tag gst_meta_info_is_custom',
  'Buffer.prototype.removeMeta': 'gst_buffer_remove_meta',
  'Buffer.prototype.addCustomMeta': 'gst_buffer_add_custom_meta',
  'Buffer.prototype.customMeta':
    'gst_buffer_get_custom_meta gst_custom_meta_get_structure gst_custom_meta_has_name GstCustomMeta',
  'Buffer.prototype.setCustomMeta': 'gst_custom_meta_get_structure',
  registerCustomMeta: 'gst_meta_register_custom gst_meta_register_custom_simple',
  'Buffer.prototype.addParentBuffer': 'gst_buffer_add_parent_buffer_meta GstParentBufferMeta',
  'Buffer.prototype.addReferenceTimestamp': 'gst_buffer_add_reference_timestamp_meta',
  'Buffer.prototype.referenceTimestamp': 'gst_buffer_get_reference_timestamp_meta GstReferenceTimestampMeta',
  META_TAG_MEMORY_STR: 'GST_META_TAG_MEMORY_STR',
  META_TAG_MEMORY_REFERENCE_STR: 'GST_META_TAG_MEMORY_REFERENCE_STR',
  META_TAG_VIDEO_STR: 'GST_META_TAG_VIDEO_STR',
  META_TAG_VIDEO_COLORSPACE_STR: 'GST_META_TAG_VIDEO_COLORSPACE_STR',
  META_TAG_VIDEO_ORIENTATION_STR: 'GST_META_TAG_VIDEO_ORIENTATION_STR',
  META_TAG_VIDEO_SIZE_STR: 'GST_META_TAG_VIDEO_SIZE_STR',
  META_TAG_AUDIO_STR: 'GST_META_TAG_AUDIO_STR',
  META_TAG_AUDIO_CHANNELS_STR: 'GST_META_TAG_AUDIO_CHANNELS_STR',
  META_TAG_AUDIO_RATE_STR: 'GST_META_TAG_AUDIO_RATE_STR',
  // Pools
  BufferPool: 'GstBufferPool',
  'BufferPool.create':
    'gst_buffer_pool_new gst_buffer_pool_set_config gst_buffer_pool_config_set_params gst_buffer_pool_config_set_allocator gst_buffer_pool_config_add_option gst_buffer_pool_config_validate_params',
  'BufferPool.prototype.config':
    'gst_buffer_pool_get_config gst_buffer_pool_config_get_params gst_buffer_pool_config_get_allocator gst_buffer_pool_config_get_option gst_buffer_pool_config_has_option gst_buffer_pool_config_n_options',
  'BufferPool.prototype.options': 'gst_buffer_pool_get_options',
  'BufferPool.prototype.hasOption': 'gst_buffer_pool_has_option',
  'BufferPool.prototype.isActive': 'gst_buffer_pool_is_active',
  'BufferPool.prototype.start': 'gst_buffer_pool_set_active',
  'BufferPool.prototype.stop': 'gst_buffer_pool_set_active',
  'BufferPool.prototype.setFlushing': 'gst_buffer_pool_set_flushing',
  'BufferPool.prototype.acquire': 'gst_buffer_pool_acquire_buffer',
  'BufferPool.prototype.tryAcquire': 'gst_buffer_pool_acquire_buffer GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT',
  'Buffer.prototype.dispose': 'gst_buffer_pool_release_buffer',
  CustomBufferPool: 'GstBufferPool.alloc_buffer',
  BUFFER_POOL_OPTION_VIDEO_META: 'GST_BUFFER_POOL_OPTION_VIDEO_META',
  BUFFER_POOL_OPTION_VIDEO_ALIGNMENT: 'GST_BUFFER_POOL_OPTION_VIDEO_ALIGNMENT',
  BUFFER_POOL_OPTION_VIDEO_AFFINE_TRANSFORMATION_META: 'GST_BUFFER_POOL_OPTION_VIDEO_AFFINE_TRANSFORMATION_META',
  // Samples and caps
  Sample: 'GstSample',
  'Sample.create':
    'gst_sample_new gst_sample_set_buffer gst_sample_set_caps gst_sample_set_segment gst_sample_set_info',
  'Sample.prototype.buffer': 'gst_sample_get_buffer',
  'Sample.prototype.caps': 'gst_sample_get_caps',
  'Sample.prototype.segment': 'gst_sample_get_segment',
  'Sample.prototype.info': 'gst_sample_get_info',
  Caps: 'GstCaps gst_caps_from_string gst_caps_new_any gst_caps_new_empty gst_caps_new_empty_simple gst_caps_new_simple gst_caps_new_full gst_caps_append gst_caps_append_structure gst_caps_append_structure_full gst_caps_merge gst_caps_merge_structure gst_caps_merge_structure_full',
  'Caps#text': 'gst_caps_to_string gst_caps_serialize',
  'Caps.prototype.isAny': 'gst_caps_is_any GST_CAPS_FLAG_ANY',
  'Caps.prototype.isEmpty': 'gst_caps_is_empty',
  'Caps.prototype.isFixed': 'gst_caps_is_fixed',
  'Caps.prototype.size': 'gst_caps_get_size GST_CAPS_IS_SIMPLE',
  'Caps.prototype.structure': 'gst_caps_get_structure gst_caps_foreach gst_caps_copy_nth',
  'Caps.prototype.features': 'gst_caps_get_features gst_caps_features_to_string',
  'Caps.prototype.intersect': 'gst_caps_intersect gst_caps_intersect_full',
  'Caps.prototype.canIntersect': 'gst_caps_can_intersect gst_caps_is_always_compatible',
  'Caps.prototype.subtract': 'gst_caps_subtract',
  'Caps.prototype.isSubset': 'gst_caps_is_subset gst_caps_is_subset_structure gst_caps_is_subset_structure_full',
  'Caps.prototype.isEqual': 'gst_caps_is_equal gst_caps_is_equal_fixed gst_caps_is_strictly_equal',
  'Caps.prototype.fixate': 'gst_caps_fixate',
  'Caps.prototype.normalize': 'gst_caps_normalize',
  'Caps.prototype.simplify': 'gst_caps_simplify',
  CAPS_FEATURE_MEMORY_SYSTEM_MEMORY: 'GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY',
  // The ALLOCATION query
  AllocationQuery: 'gst_query_new_allocation',
  'AllocationQuery.prototype.caps': 'gst_query_parse_allocation',
  'AllocationQuery.prototype.needPool': 'gst_query_parse_allocation',
  'AllocationQuery.prototype.hasMeta': 'gst_query_find_allocation_meta',
  'AllocationQuery#pools':
    'gst_query_add_allocation_pool gst_query_get_n_allocation_pools gst_query_parse_nth_allocation_pool gst_query_set_nth_allocation_pool gst_query_remove_nth_allocation_pool',
  'AllocationQuery#params':
    'gst_query_add_allocation_param gst_query_get_n_allocation_params gst_query_parse_nth_allocation_param gst_query_set_nth_allocation_param gst_query_remove_nth_allocation_param',
  'AllocationQuery#metas':
    'gst_query_add_allocation_meta gst_query_get_n_allocation_metas gst_query_parse_nth_allocation_meta gst_query_remove_nth_allocation_meta',
  // appsink
  AppSink: 'GstAppSink',
  'AppSink.prototype.caps': 'gst_app_sink_get_caps gst_app_sink_set_caps GstAppSink:caps',
  'AppSink.prototype.isEnded': 'gst_app_sink_is_eos GstAppSink:eos',
  'AppSink.prototype.pull': 'gst_app_sink_pull_sample GstAppSink::pull-sample',
  'AppSink.prototype.tryPull': 'gst_app_sink_try_pull_sample GstAppSink::try-pull-sample',
  'AppSink.prototype.pullPreroll': 'gst_app_sink_pull_preroll GstAppSink::pull-preroll',
  'AppSink.prototype.tryPullPreroll': 'gst_app_sink_try_pull_preroll GstAppSink::try-pull-preroll',
  'AppSink.prototype.frames': 'GstAppSink::new-sample GstAppSink::eos GstAppSink.new_sample GstAppSink.eos',
  'AppSink.prototype.proposeAllocation': 'GstAppSink::propose-allocation',
  'AppSink.prototype.get':
    'gst_app_sink_get_drop gst_app_sink_get_max_buffers gst_app_sink_get_max_bytes gst_app_sink_get_max_time gst_app_sink_get_wait_on_eos',
  'AppSink.prototype.set':
    'gst_app_sink_set_drop gst_app_sink_set_max_buffers gst_app_sink_set_max_bytes gst_app_sink_set_max_time gst_app_sink_set_wait_on_eos GstAppSink:drop GstAppSink:max-buffers GstAppSink:max-bytes GstAppSink:max-time GstAppSink:wait-on-eos GstAppSink:buffer-list GstAppSink:emit-signals',
  // appsrc
  AppSrc: 'GstAppSrc',
  'AppSrc.prototype.caps': 'gst_app_src_get_caps gst_app_src_set_caps GstAppSrc:caps',
  'AppSrc.prototype.push':
    'gst_app_src_push_buffer GstAppSrc::push-buffer GstAppSrc::need-data GstAppSrc::enough-data GstAppSrc.need_data GstAppSrc.enough_data',
  'AppSrc.prototype.pushSample': 'gst_app_src_push_sample GstAppSrc::push-sample',
  'AppSrc.prototype.endOfStream': 'gst_app_src_end_of_stream GstAppSrc::end-of-stream',
  'AppSrc.prototype.get':
    'gst_app_src_get_current_level_buffers gst_app_src_get_current_level_bytes gst_app_src_get_current_level_time gst_app_src_get_duration gst_app_src_get_latency gst_app_src_get_leaky_type gst_app_src_get_max_buffers gst_app_src_get_max_bytes gst_app_src_get_max_time gst_app_src_get_size gst_app_src_get_stream_type GstAppSrc:current-level-buffers GstAppSrc:current-level-bytes GstAppSrc:current-level-time',
  'AppSrc.prototype.set':
    'gst_app_src_set_duration gst_app_src_set_latency gst_app_src_set_leaky_type gst_app_src_set_max_buffers gst_app_src_set_max_bytes gst_app_src_set_max_time gst_app_src_set_size gst_app_src_set_stream_type GstAppSrc:block GstAppSrc:duration GstAppSrc:emit-signals GstAppSrc:format GstAppSrc:handle-segment-change GstAppSrc:is-live GstAppSrc:leaky-type GstAppSrc:max-buffers GstAppSrc:max-bytes GstAppSrc:max-latency GstAppSrc:max-time GstAppSrc:min-latency GstAppSrc:min-percent GstAppSrc:size GstAppSrc:stream-type GstAppLeakyType GST_APP_LEAKY_TYPE_NONE GST_APP_LEAKY_TYPE_UPSTREAM GST_APP_LEAKY_TYPE_DOWNSTREAM GstAppStreamType GST_APP_STREAM_TYPE_STREAM',
  // Video
  VideoInfo: 'GstVideoInfo',
  'VideoInfo.fromCaps': 'gst_video_info_new_from_caps gst_video_info_from_caps',
  'VideoInfo.of': 'gst_video_info_new gst_video_info_init gst_video_info_set_format',
  'VideoInfo#caps': 'gst_video_info_to_caps',
  'VideoInfo#format': 'GST_VIDEO_INFO_FORMAT GST_VIDEO_INFO_NAME',
  'VideoInfo#width': 'GST_VIDEO_INFO_WIDTH',
  'VideoInfo#height': 'GST_VIDEO_INFO_HEIGHT',
  'VideoInfo#framerate': 'GST_VIDEO_INFO_FPS_N GST_VIDEO_INFO_FPS_D',
  'VideoInfo#pixelAspectRatio': 'GST_VIDEO_INFO_PAR_N GST_VIDEO_INFO_PAR_D',
  'VideoInfo#interlaceMode': 'GST_VIDEO_INFO_INTERLACE_MODE GST_VIDEO_INFO_IS_INTERLACED',
  'VideoInfo#fieldOrder': 'GST_VIDEO_INFO_FIELD_ORDER',
  'VideoInfo.prototype.fieldHeight': 'GST_VIDEO_INFO_FIELD_HEIGHT',
  'VideoInfo#colorimetry': 'GST_VIDEO_INFO_COLORIMETRY',
  'VideoInfo#chromaSite': 'GST_VIDEO_INFO_CHROMA_SITE',
  'VideoInfo#size': 'GST_VIDEO_INFO_SIZE',
  'VideoInfo#planes':
    'GST_VIDEO_INFO_N_PLANES GST_VIDEO_INFO_PLANE_HEIGHT GST_VIDEO_INFO_PLANE_OFFSET GST_VIDEO_INFO_PLANE_STRIDE',
  'VideoInfo#components':
    'GST_VIDEO_INFO_N_COMPONENTS GST_VIDEO_INFO_COMP_DEPTH GST_VIDEO_INFO_COMP_OFFSET GST_VIDEO_INFO_COMP_PLANE GST_VIDEO_INFO_COMP_POFFSET GST_VIDEO_INFO_COMP_PSTRIDE GST_VIDEO_INFO_COMP_STRIDE GST_VIDEO_INFO_COMP_WIDTH GST_VIDEO_INFO_COMP_HEIGHT',
  'VideoInfo#hasAlpha': 'GST_VIDEO_INFO_HAS_ALPHA',
  'VideoInfo#layout': 'GST_VIDEO_INFO_IS_GRAY GST_VIDEO_INFO_IS_RGB GST_VIDEO_INFO_IS_YUV',
  VideoFrame: 'GstVideoFrame',
  'VideoFrame.map': 'gst_video_frame_map GST_VIDEO_FRAME_FORMAT GST_VIDEO_FRAME_SIZE gst_video_meta_map',
  'VideoFrame.prototype.dispose': 'gst_video_frame_unmap gst_video_meta_unmap',
  'VideoFrame.prototype.width': 'GST_VIDEO_FRAME_WIDTH',
  'VideoFrame.prototype.height': 'GST_VIDEO_FRAME_HEIGHT',
  'VideoFrame.prototype.planes':
    'GST_VIDEO_FRAME_N_PLANES GST_VIDEO_FRAME_PLANE_DATA GST_VIDEO_FRAME_PLANE_OFFSET GST_VIDEO_FRAME_PLANE_STRIDE GST_VIDEO_FRAME_N_COMPONENTS GST_VIDEO_FRAME_COMP_DATA GST_VIDEO_FRAME_COMP_DEPTH GST_VIDEO_FRAME_COMP_HEIGHT GST_VIDEO_FRAME_COMP_OFFSET GST_VIDEO_FRAME_COMP_PLANE GST_VIDEO_FRAME_COMP_POFFSET GST_VIDEO_FRAME_COMP_PSTRIDE GST_VIDEO_FRAME_COMP_STRIDE GST_VIDEO_FRAME_COMP_WIDTH',
  'VideoFrame.prototype.isInterlaced': 'GST_VIDEO_FRAME_IS_INTERLACED GST_VIDEO_FRAME_FLAG_INTERLACED',
  'VideoFrame.prototype.topFieldFirst': 'GST_VIDEO_FRAME_IS_TFF GST_VIDEO_FRAME_FLAG_TFF',
  'VideoFrame.prototype.repeatFirstField': 'GST_VIDEO_FRAME_IS_RFF GST_VIDEO_FRAME_FLAG_RFF',
  'VideoFrame.prototype.isOneField': 'GST_VIDEO_FRAME_IS_ONEFIELD GST_VIDEO_FRAME_FLAG_ONEFIELD',
  'Buffer.prototype.videoMeta': 'GstVideoMeta gst_buffer_get_video_meta',
  'Buffer.prototype.addVideoMeta':
    'gst_buffer_add_video_meta gst_buffer_add_video_meta_full gst_video_meta_set_alignment',
  'Buffer.prototype.videoCrop': 'GstVideoCropMeta gst_buffer_get_video_crop_meta',
  'Buffer.prototype.addVideoCrop': 'gst_buffer_add_video_crop_meta',
  'dmaDrm.parseCaps': 'GstVideoInfoDmaDrm gst_video_info_dma_drm_new_from_caps gst_video_info_dma_drm_from_caps',
  'dmaDrm.buildCaps': 'gst_video_info_dma_drm_to_caps',
  // Audio
  AudioInfo: 'GstAudioInfo',
  'AudioInfo.fromCaps': 'gst_audio_info_new_from_caps gst_audio_info_from_caps',
  'AudioInfo#format': 'GST_AUDIO_INFO_FORMAT GST_AUDIO_INFO_NAME',
  'AudioInfo#rate': 'GST_AUDIO_INFO_RATE',
  'AudioInfo#channels': 'GST_AUDIO_INFO_CHANNELS',
  'AudioInfo#layout': 'GST_AUDIO_INFO_LAYOUT',
  'AudioInfo#bytesPerFrame': 'GST_AUDIO_INFO_BPF',
  'AudioInfo#sampleBytes': 'GST_AUDIO_INFO_BPS GST_AUDIO_INFO_WIDTH',
  'AudioInfo#bits': 'GST_AUDIO_INFO_DEPTH',
  'AudioInfo#sample':
    'GST_AUDIO_INFO_ENDIANNESS GST_AUDIO_INFO_IS_BIG_ENDIAN GST_AUDIO_INFO_IS_LITTLE_ENDIAN GST_AUDIO_INFO_IS_FLOAT GST_AUDIO_INFO_IS_INTEGER GST_AUDIO_INFO_IS_SIGNED',
  AudioBuffer:
    'GstAudioBuffer GST_AUDIO_BUFFER_BPF GST_AUDIO_BUFFER_BPS GST_AUDIO_BUFFER_DEPTH GST_AUDIO_BUFFER_FORMAT GST_AUDIO_BUFFER_LAYOUT GST_AUDIO_BUFFER_RATE GST_AUDIO_BUFFER_WIDTH GST_AUDIO_BUFFER_N_SAMPLES',
  'AudioBuffer.map': 'gst_audio_buffer_map GstAudioMeta gst_buffer_get_audio_meta',
  'AudioBuffer.prototype.dispose': 'gst_audio_buffer_unmap',
  'AudioBuffer.prototype.channels': 'GST_AUDIO_BUFFER_CHANNELS',
  'AudioBuffer.prototype.channel': 'GST_AUDIO_BUFFER_SAMPLE_STRIDE',
  'AudioBuffer.prototype.planes': 'GST_AUDIO_BUFFER_N_PLANES GST_AUDIO_BUFFER_PLANE_DATA GST_AUDIO_BUFFER_PLANE_SIZE',
  audioBufferClip: 'gst_audio_buffer_clip',
  audioBufferTruncate: 'gst_audio_buffer_truncate',
};

/** The same for symbols that are new in 1.28. */
export const newer: Readonly<Record<string, string>> = {
  'Buffer.prototype.copy': 'gst_buffer_copy',
  'Buffer.prototype.metas': 'gst_meta_api_type_tags_contain_only',
  'AppSink.prototype.get':
    'gst_app_sink_get_current_level_buffers gst_app_sink_get_current_level_bytes gst_app_sink_get_current_level_time gst_app_sink_get_leaky_type GstAppSink:current-level-buffers GstAppSink:current-level-bytes GstAppSink:current-level-time GstAppSink:dropped GstAppSink:in GstAppSink:out',
  'AppSink.prototype.set': 'gst_app_sink_set_leaky_type GstAppSink:leaky-type GstAppSink:silent',
  'AppSrc.prototype.get': 'GstAppSrc:dropped GstAppSrc:in GstAppSrc:out',
  'AppSrc.prototype.set': 'GstAppSrc:silent',
};

/** C symbols without a name of ours, by the reason; the first one counts. */
export const reasoned: Readonly<Record<string, RegExp>> = {
  'a C cast, or a test of a type: in JavaScript an object is what it is':
    /^GST_IS_|^GST_(BUFFER|BUFFER_LIST|BUFFER_POOL|CAPS|CAPS_FEATURES|SAMPLE|APP_SINK|APP_SRC|MEMORY|META)(_CAST)?$|^GST_(BUFFER_POOL|APP_SINK|APP_SRC)_(GET_)?CLASS$/,
  'a C struct that no program sees: of a class, of private data, of callbacks':
    /^Gst(BufferPool|AppSink|AppSrc)(Class|Private)$|simple_callbacks|SimpleCallbacks$|^GstApp(Sink|Src)Callbacks$|^gst_app_(sink|src)_set_callbacks$/,
  'the type of a C function, which would be called on streaming threads': /^Gst\w+(Func|Function|Callback)$/,
  'a macro for C compilers, or for subclasses in C': /^GST_\w+_FLAG_LAST$|^GST_APP_DEPRECATED_/,
  'nothing that JavaScript counts: a facade holds a reference until `dispose()`':
    /^GST_CAPS_REFCOUNT|^gst_(buffer|caps|memory|sample)_(ref|unref|replace|steal|take)$|^gst_(video|audio)_info_(copy|free)$|^gst_video_info_dma_drm_free$/,
  'a facade knows its times: `buffer.dts ?? buffer.pts`, null for none': /^GST_BUFFER_(DTS_OR_PTS|OFFSET_NONE)$/,
  'buffers go one by one, and an appsink takes lists apart: there are no lists of buffers':
    /^gst_buffer_list_|^GstBufferList$|buffer_list|^GstAppSrc::push-buffer-list$/,
  'an allocator in TypeScript gives memories, and makes none: `CustomAllocator`': /^gst_memory_(init|make_mapped)$/,
  'locks are taken and released by buffers and mappings; a memory alone is shared by `share` and `copy`':
    /^gst_memory_(lock|unlock|make_writable)$|^GST_MEMORY_FLAG_UNSET$/,
  'caps are values: a changed copy is made of a text, of `structure()` and of `features()`':
    /^gst_caps_(set_|id_str_|new_(full_valist|id_str|static_str)|map_in_place|filter_and_map|remove_structure|steal_structure|truncate|copy$|is_writable|make_writable)|^GST_CAPS_FLAG(S|_IS_SET|_SET|_UNSET)$|^GstCapsFlags$/,
  'the order of an intersection is that of the first caps, as by default in C':
    /^GstCapsIntersectMode$|^GST_CAPS_INTERSECT_/,
  'the features of caps are an array of strings (`Caps.prototype.features`), and stand in the text':
    /^gst_caps_features_|^GstCapsFeatures$|^GST_CAPS_FEATURE_(META|FORMAT)_/,
  'a sample is immutable here: `Sample.create` makes another one': /^gst_sample_(is_writable|make_writable|copy)$/,
  'a meta of a type of your own is a custom one (`registerCustomMeta`): others have C functions':
    /^gst_meta_factory_|^GST_META_FACTORY$|^GstMetaFactory|^gst_meta_(register|api_type_register|api_type_aggregate_params|api_type_set_params_aggregator|info_new|info_register)$|^gst_buffer_(add|get)_meta$/,
  'metas are not compared or told apart by flags or by the order in which they were added':
    /^gst_meta_(compare|get)_seqnum$|^GST_META_FLAG|^GstMetaFlags$/,
  'metas are serialised by GStreamer where buffers go to other processes (`FrameWriter`)':
    /^gst_meta_(serialize|serialize_simple|deserialize)$/,
  'metas are transformed by elements and copies, in C':
    /^GstMetaTransform|^GST_META_TRANSFORM_|^Gst\w+MetaTransform|^GST_VIDEO_META_TRANSFORM_|^gst_video_meta_transform_/,
  'the type of a meta is asked for by its name: `metas()`, `hasMeta(api)`': /_meta_(api_get_type|get_info)$/,
  'the fields of this meta are not read or written: `metas()` tells that a buffer has it':
    /^gst_(buffer_(add|get|iterate|remove)|video)_\w*(ancillary|afd|affine_transformation|bar|caption|codec_alpha|gl_texture_upload|multiview|overlay_composition|region_of_interest|sei_user_data_unregistered|time_code|protection)_meta|^gst_buffer_(add|get)_(audio_(clipping|downmix|level)|dsd_plane_offset)_meta|^Gst(Video(AFD|AffineTransformation|Ancillary|Bar|Caption|CodecAlpha|GLTextureUpload|OverlayComposition|RegionOfInterest|SEIUserDataUnregistered|TimeCode)|Audio(Clipping|Downmix|Level))Meta$|^GST_META_TAG_DSD_/,
  'the parent that `addParentBuffer` was given is known to the caller': /^gst_buffer_get_parent_buffer_meta$/,
  'elements place the channels of planar audio; `AudioBuffer` reads where they are': /^gst_buffer_add_audio_meta$/,
  'a buffer has one picture here, the one of the lowest id': /^gst_buffer_get_video_meta_id$|^gst_video_frame_map_id$/,
  'a pool in TypeScript only allocates: the other methods run on streaming threads': /^GstBufferPool\.\w+$/,
  'buffers are acquired without conditions: `acquire` and `tryAcquire`':
    /^GstBufferPoolAcquire|^GST_BUFFER_POOL_ACQUIRE_/,
  'a flushing pool fails with a `PoolError`': /^GST_BUFFER_POOL_IS_FLUSHING$/,
  'an option of a pool, which `options` takes by its text': /^GST_BUFFER_POOL_OPTION_/,
  'padding is a field of `addVideoMeta`; pools align their own buffers':
    /^gst_buffer_pool_config_[gs]et_video_alignment$|^gst_video_info_align|^gst_video_meta_set_alignment_full$|^gst_video_meta_get_plane_/,
  'signals are emitted on streaming threads; `pull`, `push` and `frames` listen in C':
    /^gst_app_(sink|src)_[gs]et_emit_signals$|^GstAppSink(::new-preroll|\.new_preroll|::new-serialized-event)$/,
  'events between samples are not given: caps and segment are in each sample':
    /^gst_app_sink_(try_)?pull_object$|^GstAppSink::try-pull-object$/,
  'a program that seeks in its own data is not offered yet: sources are streams':
    /^GstAppSrc(::seek-data|\.seek_data)$|^GST_APP_STREAM_TYPE_(SEEKABLE|RANDOM_ACCESS)$/,
  'infos are plain data, made of caps: their texts are compared, and changed for others':
    /^gst_(video|audio)_info_(is_equal|set_format|set_interlaced_format|to_caps|new|init|convert)$|^gst_video_info_dma_drm_(new|init|from_video_info|to_video_info)$|^GST_AUDIO_INFO_IS_VALID$/,
  'flags, views and fields beyond those of `VideoInfo`':
    /^GST_VIDEO_INFO_(FLAGS|FLAG_\w+|MULTIVIEW_\w+|VIEWS|FIELD_RATE_N|COMP_DATA)$/,
  'frames tell their flags one by one (`isInterlaced`, `topFieldFirst`, `isOneField`); a frame is mapped with a reference':
    /^GST_VIDEO_FRAME_(FLAGS|FLAG_\w+|MAP_FLAG_\w+|IS_(TOP|BOTTOM)_FIELD)$|^GstVideoFrame(Map)?Flags$/,
  'rows are copied by `set` of typed arrays, pictures converted by `convertSample`': /^gst_video_frame_copy/,
  'positions of channels are not given: channels come in the order of the stream':
    /^GST_AUDIO_INFO_(POSITION|IS_UNPOSITIONED|FLAGS)$|^gst_audio_buffer_reorder_channels$/,
};
