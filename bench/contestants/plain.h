/* Declarations for both files of the contestant in C. */
#include <gst/gst.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct {
  GstAllocator *allocator;
  uint64_t size, count, seed, streams;
  double quantile;
  char *description;
} Round;

typedef struct {
  uint64_t nanoseconds, check;
} Answer;

static inline uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static inline void must(gboolean done, const char *what) {
  if (done) return;
  fprintf(stderr, "%s failed\n", what);
  exit(1);
}

static inline GstBufferPool *pool_of(GstAllocator *allocator, uint64_t size, guint count) {
  GstBufferPool *pool = gst_buffer_pool_new();
  GstStructure *config = gst_buffer_pool_get_config(pool);
  gst_buffer_pool_config_set_params(config, NULL, size, count, count);
  gst_buffer_pool_config_set_allocator(config, allocator, NULL);
  must(gst_buffer_pool_set_config(pool, config) && gst_buffer_pool_set_active(pool, TRUE), "pool");
  return pool;
}

Answer live_sink(Round round);
Answer live_source(Round round);
Answer live_trip(Round round);
Answer live_query(Round round);
