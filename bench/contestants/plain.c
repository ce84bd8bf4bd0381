/* The same work in C: the cost of GStreamer itself. */
#define _GNU_SOURCE
#include <gst/allocators/allocators.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plain.h"

static uint64_t sum(const uint8_t *bytes, uint64_t size) {
  uint64_t total = 0;
  for (uint64_t i = 0; i < size; i++) total += bytes[i];
  return total;
}

/* Without an allocator: a memfd. */
static GstMemory *alloc_of(Round r) {
  if (r.allocator) return gst_allocator_alloc(r.allocator, r.size, NULL);
  int fd = memfd_create("bench", MFD_CLOEXEC);
  must(ftruncate(fd, r.size) == 0, "memfd");
  GstAllocator *allocator = gst_fd_allocator_new();
  GstMemory *memory = gst_fd_allocator_alloc(allocator, fd, r.size, GST_FD_MEMORY_FLAG_NONE);
  gst_object_unref(allocator);
  return memory;
}

static Answer map(Round r) {
  GstMemory *memory = alloc_of(r);
  GstMapInfo info;
  must(memory && gst_memory_map(memory, &info, GST_MAP_WRITE), "map");
  info.data[0] = r.seed % 251;
  info.data[r.size - 1] = r.seed * 7 % 251;
  gst_memory_unmap(memory, &info);
  Answer a = {0};
  uint64_t start = now();
  for (uint64_t i = 0; i < r.count; i++) {
    must(gst_memory_map(memory, &info, GST_MAP_READ), "map");
    volatile uint8_t *bytes = info.data;
    a.check += bytes[0] + bytes[r.size - 1];
    gst_memory_unmap(memory, &info);
  }
  a.nanoseconds = now() - start;
  gst_memory_unref(memory);
  return a;
}

static Answer pool(Round r) {
  GstBufferPool *pool = pool_of(r.allocator, r.size, 4);
  GstBuffer *buffers[4];
  for (int i = 0; i < 4; i++) must(gst_buffer_pool_acquire_buffer(pool, &buffers[i], NULL) == GST_FLOW_OK, "acquire");
  for (int i = 0; i < 4; i++) {
    gst_buffer_memset(buffers[i], 0, (r.seed + i) % 251, 1);
    gst_buffer_unref(buffers[i]);
  }
  Answer a = {0};
  uint64_t start = now();
  for (uint64_t i = 0; i < r.count; i++) {
    GstBuffer *buffer;
    if (gst_buffer_pool_acquire_buffer(pool, &buffer, NULL) != GST_FLOW_OK) break;
    a.check += 1000;
    gst_buffer_unref(buffer);
  }
  a.nanoseconds = now() - start;
  for (int i = 0; i < 4; i++) {
    uint8_t stamp = 0;
    must(gst_buffer_pool_acquire_buffer(pool, &buffers[i], NULL) == GST_FLOW_OK, "acquire");
    gst_buffer_extract(buffers[i], 0, &stamp, 1);
    a.check += stamp;
  }
  for (int i = 0; i < 4; i++) gst_buffer_unref(buffers[i]);
  gst_buffer_pool_set_active(pool, FALSE);
  gst_object_unref(pool);
  return a;
}

static Answer pool_map(Round r) {
  GstBufferPool *pool = pool_of(r.allocator, r.size, 4);
  GstBuffer *buffers[4];
  GstMapInfo info;
  for (int i = 0; i < 4; i++) {
    must(gst_buffer_pool_acquire_buffer(pool, &buffers[i], NULL) == GST_FLOW_OK, "acquire");
    must(gst_buffer_map(buffers[i], &info, GST_MAP_WRITE), "map");
    info.data[0] = r.seed % 251;
    info.data[r.size - 1] = r.seed * 7 % 251;
    gst_buffer_unmap(buffers[i], &info);
  }
  for (int i = 0; i < 4; i++) gst_buffer_unref(buffers[i]);
  Answer a = {0};
  uint64_t start = now();
  for (uint64_t i = 0; i < r.count; i++) {
    GstBuffer *buffer;
    if (gst_buffer_pool_acquire_buffer(pool, &buffer, NULL) != GST_FLOW_OK) break;
    must(gst_buffer_map(buffer, &info, GST_MAP_READ), "map");
    volatile uint8_t *bytes = info.data;
    a.check += bytes[0] + bytes[r.size - 1];
    gst_buffer_unmap(buffer, &info);
    gst_buffer_unref(buffer);
  }
  a.nanoseconds = now() - start;
  gst_buffer_pool_set_active(pool, FALSE);
  gst_object_unref(pool);
  return a;
}

static Answer own(Round r) {
  GstMemory *memory = gst_allocator_alloc(r.allocator, r.size, NULL);
  GstMapInfo info;
  must(memory && gst_memory_map(memory, &info, GST_MAP_WRITE), "map");
  info.data[0] = r.seed % 251;
  info.data[r.size - 1] = r.seed * 7 % 251;
  gst_memory_unmap(memory, &info);
  Answer a = {0};
  uint64_t start = now();
  for (uint64_t i = 0; i < r.count; i++) {
    must(gst_memory_map(memory, &info, GST_MAP_READ), "map");
    uint8_t *copy = malloc(r.size);
    memcpy(copy, info.data, r.size);
    gst_memory_unmap(memory, &info);
    volatile uint8_t *bytes = copy;
    a.check += bytes[0] + bytes[r.size - 1];
    free(copy);
  }
  a.nanoseconds = now() - start;
  gst_memory_unref(memory);
  return a;
}

static Answer alloc(Round r) {
  Answer a = {0};
  uint64_t start = now();
  for (uint64_t i = 0; i < r.count; i++) {
    GstMemory *memory = gst_allocator_alloc(r.allocator, r.size, NULL);
    must(memory != NULL, "alloc");
    a.check += memory->size;
    gst_memory_unref(memory);
  }
  a.nanoseconds = now() - start;
  return a;
}

static Answer fill(Round r) {
  GstMemory *memory = gst_allocator_alloc(r.allocator, r.size, NULL);
  GstMapInfo info;
  Answer a = {0};
  uint64_t start = now();
  for (uint64_t i = 0; i < r.count; i++) {
    must(gst_memory_map(memory, &info, GST_MAP_WRITE), "map");
    memset(info.data, (r.seed + i) % 251, r.size);
    gst_memory_unmap(memory, &info);
  }
  a.nanoseconds = now() - start;
  must(gst_memory_map(memory, &info, GST_MAP_READ), "map");
  a.check = sum(info.data, r.size);
  gst_memory_unmap(memory, &info);
  gst_memory_unref(memory);
  return a;
}

static Answer read_(Round r) {
  GstMemory *memory = gst_allocator_alloc(r.allocator, r.size, NULL);
  GstMapInfo info;
  must(memory && gst_memory_map(memory, &info, GST_MAP_WRITE), "map");
  for (uint64_t i = 0; i < r.size; i++) info.data[i] = (i % 4096) * r.seed + ((i % 4096) >> 8) + 1;
  gst_memory_unmap(memory, &info);
  Answer a = {0};
  uint64_t start = now();
  for (uint64_t i = 0; i < r.count; i++) {
    must(gst_memory_map(memory, &info, GST_MAP_READ), "map");
    a.check += sum(info.data, r.size);
    gst_memory_unmap(memory, &info);
  }
  a.nanoseconds = now() - start;
  gst_memory_unref(memory);
  return a;
}

static const struct {
  const char *name;
  Answer (*run)(Round);
} verbs[] = {{"map", map},     {"pool", pool}, {"poolMap", pool_map}, {"alloc", alloc},   {"fill", fill},
             {"read", read_}, {"own", own},   {"sink", live_sink},   {"source", live_source}, {"trip", live_trip},
             {"query", live_query}};

/* The requests are flat objects in our own format: finding a key is enough of a JSON parser. */
static const char *value(const char *line, const char *key) {
  char quoted[32];
  snprintf(quoted, sizeof quoted, "\"%s\":", key);
  const char *found = strstr(line, quoted);
  must(found != NULL, key);
  return found + strlen(quoted);
}

static gboolean is(const char *value, const char *word) {
  size_t length = strlen(word);
  return value[0] == '"' && !strncmp(value + 1, word, length) && value[length + 1] == '"';
}

int main(int argc, char **argv) {
  gst_init(&argc, &argv);
  if (argc > 1) { /* only reports when GStreamer is ready */
    puts(gst_version_string());
    return 0;
  }
  gst_shm_allocator_init_once();
  GstAllocator *shm = gst_shm_allocator_get();
  GstAllocator *sysmem = gst_allocator_find(GST_ALLOCATOR_SYSMEM);
  setvbuf(stdout, NULL, _IOLBF, 0);
  printf("{\"versions\":{\"cc\":\"%s\",\"GStreamer\":\"%s\"}}\n", __VERSION__, strchr(gst_version_string(), ' ') + 1);
  char line[8192];
  while (fgets(line, sizeof line, stdin)) {
    Round round = {
        .allocator = is(value(line, "memory"), "memfd") ? NULL : is(value(line, "memory"), "shm") ? shm : sysmem,
        .size = strtoull(value(line, "size"), NULL, 10),
        .count = strtoull(value(line, "count"), NULL, 10),
        .seed = strtoull(value(line, "seed"), NULL, 10),
        .streams = strtoull(value(line, "streams"), NULL, 10),
        .quantile = strtod(value(line, "quantile"), NULL),
        .description = strdup(value(line, "description") + 1),
    };
    *strchr(round.description, '"') = 0;
    gboolean known = FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
      if (!is(value(line, "verb"), verbs[i].name)) continue;
      Answer answer = verbs[i].run(round);
      printf("{\"nanoseconds\":%" G_GUINT64_FORMAT ",\"check\":%" G_GUINT64_FORMAT "}\n", answer.nanoseconds, answer.check);
      known = TRUE;
    }
    must(known, "verb");
    free(round.description);
  }
  return 0;
}
