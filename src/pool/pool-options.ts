/** Names of options of a pool, for `BufferPoolOptions.options` and `BufferPool.hasOption`. */

/** `GST_BUFFER_POOL_OPTION_VIDEO_META`: buffers get a `GstVideoMeta`. */
export const BUFFER_POOL_OPTION_VIDEO_META = 'GstBufferPoolOptionVideoMeta';
/** `GST_BUFFER_POOL_OPTION_VIDEO_ALIGNMENT`: planes are padded and aligned as the configuration says. */
export const BUFFER_POOL_OPTION_VIDEO_ALIGNMENT = 'GstBufferPoolOptionVideoAlignment';
/** `GST_BUFFER_POOL_OPTION_VIDEO_AFFINE_TRANSFORMATION_META`: buffers may have a `GstVideoAffineTransformationMeta`. */
export const BUFFER_POOL_OPTION_VIDEO_AFFINE_TRANSFORMATION_META = 'GstBufferPoolOptionVideoAffineTransformation';
