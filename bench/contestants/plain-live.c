/* The work with live pipelines in C. */
#include <gst/allocators/allocators.h>
#include <gst/app/app.h>

#include "plain.h"

static GstElement *pipeline_of(Round r) {
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch(r.description, &error);
  must(pipeline && !error, "parse");
  return pipeline;
}

static GstElement *part(GstElement *pipeline, const char *name) {
  GstElement *found = gst_bin_get_by_name(GST_BIN(pipeline), name);
  must(found != NULL, name);
  gst_object_unref(found); /* the pipeline holds it */
  return found;
}

static void end(GstElement *pipeline) {
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

Answer live_sink(Round r) {
  GstElement *pipeline = pipeline_of(r);
  GstAppSink *sinks[r.streams];
  for (uint64_t i = 0; i < r.streams; i++) {
    char name[16];
    snprintf(name, sizeof name, "sink%d", (int)i);
    sinks[i] = GST_APP_SINK(part(pipeline, name));
  }
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  Answer a = {0};
  uint64_t start = 0;
  for (uint64_t frame = 0; frame <= r.count; frame++) {
    for (uint64_t i = 0; i < r.streams; i++) {
      GstSample *sample = gst_app_sink_pull_sample(sinks[i]);
      must(sample != NULL, "pull");
      if (frame > 0) {
        GstBuffer *buffer = gst_sample_get_buffer(sample);
        GstMapInfo info;
        must(gst_buffer_map(buffer, &info, GST_MAP_READ), "map");
        a.check += frame * (info.data[0] + info.data[info.size - 1]);
        gst_buffer_unmap(buffer, &info);
      } else if (!start) {
        start = now();
      }
      gst_sample_unref(sample);
    }
  }
  a.nanoseconds = now() - start;
  end(pipeline);
  return a;
}

Answer live_source(Round r) {
  GstElement *pipeline = pipeline_of(r);
  GstElement *source = part(pipeline, "source");
  g_object_set(source, "block", TRUE, NULL);
  GstBufferPool *pool = pool_of(r.allocator, r.size, 8);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  Answer a = {0};
  uint64_t start = now();
  for (uint64_t i = 0; i < r.count; i++) {
    GstBuffer *buffer;
    must(gst_buffer_pool_acquire_buffer(pool, &buffer, NULL) == GST_FLOW_OK, "acquire");
    must(gst_app_src_push_buffer(GST_APP_SRC(source), buffer) == GST_FLOW_OK, "push");
  }
  gst_app_src_end_of_stream(GST_APP_SRC(source));
  GstBus *bus = gst_element_get_bus(pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered(bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  must(GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS, "end of stream");
  a.nanoseconds = now() - start;
  gst_message_unref(message);
  gst_object_unref(bus);
  GstStructure *stats;
  g_object_get(part(pipeline, "end"), "stats", &stats, NULL);
  must(gst_structure_get_uint64(stats, "rendered", &a.check), "stats");
  gst_structure_free(stats);
  end(pipeline);
  gst_buffer_pool_set_active(pool, FALSE);
  gst_object_unref(pool);
  return a;
}

static int ascending(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

Answer live_trip(Round r) {
  GstElement *pipeline = pipeline_of(r);
  GstAppSrc *source = GST_APP_SRC(part(pipeline, "source"));
  GstAppSink *sink = GST_APP_SINK(part(pipeline, "sink0"));
  g_object_set(sink, "enable-last-sample", FALSE, NULL);
  GstAllocator *shm = gst_shm_allocator_get();
  GstBufferPool *pool = pool_of(shm, r.size, 8);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  Answer a = {0};
  uint64_t *times = malloc(r.count * sizeof *times);
  for (uint64_t i = 0; i < r.count; i++) {
    GstBuffer *buffer;
    must(gst_buffer_pool_acquire_buffer(pool, &buffer, NULL) == GST_FLOW_OK, "acquire");
    gst_buffer_memset(buffer, 0, i % 251, 1);
    uint64_t start = now();
    must(gst_app_src_push_buffer(source, buffer) == GST_FLOW_OK, "push");
    GstSample *sample = gst_app_sink_pull_sample(sink);
    times[i] = now() - start;
    must(sample != NULL, "pull");
    uint8_t stamp;
    gst_buffer_extract(gst_sample_get_buffer(sample), 0, &stamp, 1);
    a.check += stamp;
    gst_sample_unref(sample);
  }
  qsort(times, r.count, sizeof *times, ascending);
  a.nanoseconds = times[(uint64_t)((r.count - 1) * r.quantile)] * r.count;
  free(times);
  end(pipeline);
  gst_buffer_pool_set_active(pool, FALSE);
  gst_object_unref(pool);
  gst_object_unref(shm);
  return a;
}

Answer live_query(Round r) {
  GstElement *pipeline = pipeline_of(r);
  GstAppSrc *source = GST_APP_SRC(part(pipeline, "source"));
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  must(gst_app_src_push_buffer(source, gst_buffer_new_allocate(NULL, r.size, NULL)) == GST_FLOW_OK, "push");
  /* Elements answer once their caps are negotiated. */
  gst_sample_unref(gst_app_sink_pull_sample(GST_APP_SINK(part(pipeline, "sink0"))));
  GstCaps *caps = gst_app_src_get_caps(source);
  GstPad *pad = gst_element_get_static_pad(GST_ELEMENT(source), "src");
  Answer a = {0};
  uint64_t start = now();
  for (uint64_t i = 0; i < r.count; i++) {
    GstQuery *query = gst_query_new_allocation(caps, TRUE);
    if (!gst_pad_peer_query(pad, query)) break;
    GstBufferPool *pool;
    guint size;
    gst_query_parse_nth_allocation_pool(query, 0, &pool, &size, NULL, NULL);
    a.check += size + gst_query_get_n_allocation_metas(query);
    if (pool) gst_object_unref(pool);
    gst_query_unref(query);
  }
  a.nanoseconds = now() - start;
  gst_caps_unref(caps);
  gst_object_unref(pad);
  end(pipeline);
  return a;
}
