/* `shmdatasink` and `shmdatasrc`, written from the wire format and the list of their properties alone, knowing nothing of
 * the package: what stands in for shmdata's own plugin, which no distribution has. The sink writes in place and keeps
 * the lock while it idles; the source follows writers as they come and go. */
#define _GNU_SOURCE
#include <errno.h>
#include <gst/base/gstbasesink.h>
#include <gst/base/gstpushsrc.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

typedef struct { uint16_t type; uint64_t size; char text[4096]; } Greeting;
typedef struct { uint16_t type; uint64_t size; } Update;
static const char quit[2] = {2, 0};
enum { PROP_PATH = 1, PROP_SIZE, PROP_COPY };

static struct sockaddr_un address_of(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  g_strlcpy(address.sun_path, path, sizeof address.sun_path);
  return address;
}

/* One atomic change of up to three; FALSE when the set is gone or `flushing` was set meanwhile. */
static gboolean operate(int set, struct sembuf *changes, int count, gint *flushing) {
  struct timespec slice = {0, 20000000};
  while (semtimedop(set, changes, count, &slice) < 0)
    if ((errno != EAGAIN && errno != EINTR) || g_atomic_int_get(flushing)) return FALSE;
  return TRUE;
}

/* ── The sink ──────────────────────────────────────────────────────────────────── */

typedef struct {
  GstBaseSink base;
  char *path;
  gulong initial;
  gint flushing, serving;
  GMutex lock;
  GThread *thread;
  GArray *clients;
  int listener, memory, set;
  gsize capacity;
  void *data;
  Greeting greeting;
} Sink;
typedef struct { GstBaseSinkClass base; } SinkClass;
G_DEFINE_TYPE(Sink, sink, GST_TYPE_BASE_SINK)

/* What a dead writer left under the same keys is in the way. */
static gboolean make_memory(Sink *sink, gsize size) {
  shmctl(shmget(ftok(sink->path, 'n'), 0, 0), IPC_RMID, NULL);
  sink->memory = shmget(ftok(sink->path, 'n'), size, IPC_CREAT | IPC_EXCL | 0600);
  sink->data = sink->memory < 0 ? (void *) -1 : shmat(sink->memory, NULL, 0);
  sink->capacity = size;
  return sink->data != (void *) -1;
}

/* Greets who comes, registers who answers, and answers who quits. */
static gpointer serve(gpointer data) {
  Sink *sink = data;
  GArray *pending = g_array_new(FALSE, FALSE, sizeof(int));
  while (g_atomic_int_get(&sink->serving)) {
    struct pollfd waiting = {sink->listener, POLLIN, 0};
    poll(&waiting, 1, 10);
    if (waiting.revents & POLLIN) {
      int client = accept4(sink->listener, NULL, NULL, SOCK_CLOEXEC);
      if (client >= 0) {
        send(client, &sink->greeting, sizeof sink->greeting, MSG_NOSIGNAL);
        g_array_append_val(pending, client);
      }
    }
    char bytes[sizeof(Greeting)];
    g_mutex_lock(&sink->lock);
    for (int both = 0; both < 2; both++) {
      GArray *list = both ? sink->clients : pending;
      for (guint i = 0; i < list->len;) {
        int client = g_array_index(list, int, i);
        ssize_t got = recv(client, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN) { i++; continue; }
        g_array_remove_index_fast(list, i);
        if (got > 0 && !both) { g_array_append_val(sink->clients, client); continue; }
        if (got > 0) send(client, quit, sizeof quit, MSG_NOSIGNAL);
        close(client);
      }
    }
    g_mutex_unlock(&sink->lock);
  }
  for (guint i = 0; i < pending->len; i++) close(g_array_index(pending, int, i));
  g_array_unref(pending);
  return NULL;
}

static void close_writer(Sink *sink) {
  if (sink->listener < 0) return;
  g_atomic_int_set(&sink->serving, 0);
  g_thread_join(sink->thread);
  semctl(sink->set, 0, IPC_RMID);
  shmdt(sink->data);
  shmctl(sink->memory, IPC_RMID, NULL);
  unlink(sink->path);
  for (guint i = 0; i < sink->clients->len; i++) {
    int client = g_array_index(sink->clients, int, i);
    send(client, quit, sizeof quit, MSG_NOSIGNAL);
    close(client);
  }
  g_array_set_size(sink->clients, 0);
  close(sink->listener);
  sink->listener = -1;
}

static gboolean lock_frame(Sink *sink) {
  struct sembuf lock[3] = {{0, 0, 0}, {1, 1, 0}, {0, 1, 0}};
  return operate(sink->set, lock, 3, &sink->flushing);
}

/* The writer is made for the caps: new ones take readers away and welcome them anew. */
static gboolean sink_set_caps(GstBaseSink *base, GstCaps *caps) {
  Sink *sink = (Sink *) base;
  close_writer(sink);
  if (!sink->path) return FALSE;
  unlink(sink->path);
  char *type = gst_caps_to_string(caps);
  memset(&sink->greeting, 0, sizeof sink->greeting);
  sink->greeting.size = sink->initial;
  g_strlcpy(sink->greeting.text, type, sizeof sink->greeting.text);
  g_free(type);
  struct sockaddr_un address = address_of(sink->path);
  sink->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(sink->listener, (void *) &address, sizeof address) || chmod(sink->path, 0600) || listen(sink->listener, 10) ||
      !make_memory(sink, sink->initial)) {
    close(sink->listener);
    sink->listener = -1;
    return FALSE;
  }
  semctl(semget(ftok(sink->path, 'm'), 0, 0), 0, IPC_RMID);
  sink->set = semget(ftok(sink->path, 'm'), 2, IPC_CREAT | IPC_EXCL | 0600);
  g_atomic_int_set(&sink->serving, 1);
  sink->thread = g_thread_new("shmdata", serve, sink);
  return lock_frame(sink);
}

static GstFlowReturn sink_render(GstBaseSink *base, GstBuffer *buffer) {
  Sink *sink = (Sink *) base;
  gsize size = gst_buffer_get_size(buffer);
  if (size > sink->capacity) {
    shmdt(sink->data);
    shmctl(sink->memory, IPC_RMID, NULL);
    if (!make_memory(sink, size)) return GST_FLOW_ERROR;
  }
  gst_buffer_extract(buffer, 0, sink->data, size);
  Update update;
  memset(&update, 0, sizeof update);
  update.type = 1;
  update.size = size;
  short told = 0;
  g_mutex_lock(&sink->lock);
  for (guint i = 0; i < sink->clients->len; i++)
    told += send(g_array_index(sink->clients, int, i), &update, sizeof update, MSG_NOSIGNAL) == sizeof update;
  g_mutex_unlock(&sink->lock);
  struct sembuf commit = {0, told, 0}, unlock[2] = {{0, -1, 0}, {1, -1, 0}};
  if (told) semop(sink->set, &commit, 1);
  semop(sink->set, unlock, 2);
  return lock_frame(sink) ? GST_FLOW_OK : GST_FLOW_FLUSHING;
}

static gboolean sink_unlock(GstBaseSink *base) { return g_atomic_int_set(&((Sink *) base)->flushing, 1), TRUE; }
static gboolean sink_unlock_stop(GstBaseSink *base) { return g_atomic_int_set(&((Sink *) base)->flushing, 0), TRUE; }
static gboolean sink_stop(GstBaseSink *base) { return close_writer((Sink *) base), TRUE; }

static void sink_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec) {
  Sink *sink = (Sink *) object;
  if (id == PROP_SIZE) sink->initial = g_value_get_ulong(value);
  else g_free(sink->path), sink->path = g_value_dup_string(value);
}

static void sink_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) {
  g_value_set_ulong(value, ((Sink *) object)->initial);
}

static void sink_finalize(GObject *object) {
  Sink *sink = (Sink *) object;
  g_free(sink->path);
  g_array_unref(sink->clients);
  g_mutex_clear(&sink->lock);
  G_OBJECT_CLASS(sink_parent_class)->finalize(object);
}

static void sink_init(Sink *sink) {
  sink->initial = 1;
  sink->listener = -1;
  sink->clients = g_array_new(FALSE, FALSE, sizeof(int));
  g_mutex_init(&sink->lock);
}

static GstStaticPadTemplate sink_pad = GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate source_pad = GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

static void describe(gpointer class, GstStaticPadTemplate *pad, const char *name) {
  gst_element_class_add_static_pad_template(class, pad);
  gst_element_class_set_static_metadata(class, name, "Generic", "shmdata, for tests", "gst-allocators contributors");
  g_object_class_install_property(class, PROP_PATH, g_param_spec_string("socket-path", "", "", NULL, G_PARAM_WRITABLE));
}

static void sink_class_init(SinkClass *class) {
  GObjectClass *object = (GObjectClass *) class;
  GstBaseSinkClass *base = (GstBaseSinkClass *) class;
  object->set_property = sink_set_property;
  object->get_property = sink_get_property;
  object->finalize = sink_finalize;
  describe(class, &sink_pad, "shmdatasink");
  g_object_class_install_property(
      object, PROP_SIZE, g_param_spec_ulong("initial-size", "", "", 1, 256 << 20, 1, G_PARAM_READWRITE));
  base->set_caps = sink_set_caps;
  base->render = sink_render;
  base->unlock = sink_unlock;
  base->unlock_stop = sink_unlock_stop;
  base->stop = sink_stop;
}

/* ── The source ────────────────────────────────────────────────────────────────── */

typedef struct {
  GstPushSrc base;
  char *path;
  gint flushing;
  int writer, set;
  void *data;
  uint64_t size; /* of the frame before */
  gboolean has_new_type;
  Greeting greeting;
} Source;
typedef struct { GstPushSrcClass base; } SourceClass;
G_DEFINE_TYPE(Source, source, GST_TYPE_PUSH_SRC)

static void leave(Source *source) {
  if (source->writer >= 0) close(source->writer);
  if (source->data) shmdt(source->data);
  source->writer = -1;
  source->data = NULL;
  source->size = 0;
}

/* All of a message; FALSE when the writer leaves, or the source is to end. */
static gboolean receive(Source *source, void *message, gsize size) {
  for (gsize have = 0; have < size;) {
    struct pollfd waiting = {source->writer, POLLIN, 0};
    if (poll(&waiting, 1, 20) > 0) {
      ssize_t got = recv(source->writer, (char *) message + have, size - have, 0);
      if (got <= 0) return FALSE;
      have += got;
      if (have == 2 && memcmp(message, quit, 2) == 0) return FALSE;
    }
    if (g_atomic_int_get(&source->flushing)) return FALSE;
  }
  return TRUE;
}

static gboolean attach(Source *source) {
  if (source->data) shmdt(source->data);
  source->data = shmat(shmget(ftok(source->path, 'n'), 0, 0), NULL, 0);
  if (source->data == (void *) -1) source->data = NULL;
  return source->data != NULL;
}

static gboolean join(Source *source) {
  struct sockaddr_un address = address_of(source->path);
  source->writer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(source->writer, (void *) &address, sizeof address) == 0 &&
      (source->set = semget(ftok(source->path, 'm'), 0, 0)) > 0 && attach(source) &&
      receive(source, &source->greeting, sizeof source->greeting) &&
      send(source->writer, &source->greeting, sizeof source->greeting, MSG_NOSIGNAL) > 0)
    return source->has_new_type = TRUE;
  leave(source);
  return FALSE;
}

static GstFlowReturn source_create(GstPushSrc *base, GstBuffer **buffer) {
  Source *source = (Source *) base;
  Update update;
  struct sembuf wait = {1, 0, 0}, release = {0, -1, 0};
  for (;; leave(source)) {
    while (source->writer < 0 && !join(source)) {
      if (g_atomic_int_get(&source->flushing)) return GST_FLOW_FLUSHING;
      g_usleep(30000);
    }
    if (!receive(source, &update, sizeof update)) {
      if (g_atomic_int_get(&source->flushing)) return GST_FLOW_FLUSHING;
      continue;
    }
    if (update.size != source->size && !attach(source)) continue;
    source->size = update.size;
    if (!operate(source->set, &wait, 1, &source->flushing)) continue;
    *buffer = gst_buffer_new_memdup(source->data, update.size);
    semop(source->set, &release, 1);
    if (source->has_new_type) {
      GstCaps *caps = gst_caps_from_string(source->greeting.text);
      if (caps) gst_base_src_set_caps((GstBaseSrc *) source, caps), gst_caps_unref(caps);
      source->has_new_type = FALSE;
    }
    return GST_FLOW_OK;
  }
}

static gboolean source_unlock(GstBaseSrc *base) { return g_atomic_int_set(&((Source *) base)->flushing, 1), TRUE; }
static gboolean source_unlock_stop(GstBaseSrc *base) { return g_atomic_int_set(&((Source *) base)->flushing, 0), TRUE; }

/* Politely: what is announced meanwhile is released, until the writer has answered. */
static gboolean source_stop(GstBaseSrc *base) {
  Source *source = (Source *) base;
  Update update;
  struct sembuf wait = {1, 0, 0}, release = {0, -1, 0};
  g_atomic_int_set(&source->flushing, 0);
  if (source->writer >= 0 && send(source->writer, quit, sizeof quit, MSG_NOSIGNAL) > 0)
    while (receive(source, &update, sizeof update) && operate(source->set, &wait, 1, &source->flushing))
      semop(source->set, &release, 1);
  leave(source);
  return TRUE;
}

static void source_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec) {
  Source *source = (Source *) object;
  if (id == PROP_COPY) return; /* it always does */
  g_free(source->path);
  source->path = g_value_dup_string(value);
}

static void source_finalize(GObject *object) {
  g_free(((Source *) object)->path);
  G_OBJECT_CLASS(source_parent_class)->finalize(object);
}

static void source_init(Source *source) {
  source->writer = -1;
  gst_base_src_set_live((GstBaseSrc *) source, TRUE);
  gst_base_src_set_format((GstBaseSrc *) source, GST_FORMAT_TIME);
}

static void source_class_init(SourceClass *class) {
  GObjectClass *object = (GObjectClass *) class;
  GstBaseSrcClass *base = (GstBaseSrcClass *) class;
  object->set_property = source_set_property;
  object->finalize = source_finalize;
  describe(class, &source_pad, "shmdatasrc");
  g_object_class_install_property(
      object, PROP_COPY, g_param_spec_boolean("copy-buffers", "", "", FALSE, G_PARAM_WRITABLE));
  base->unlock = source_unlock;
  base->unlock_stop = source_unlock_stop;
  base->stop = source_stop;
  ((GstPushSrcClass *) class)->create = source_create;
}

#define PACKAGE "gst-allocators"
static gboolean plugin_init(GstPlugin *plugin) {
  return gst_element_register(plugin, "shmdatasink", GST_RANK_NONE, sink_get_type()) &&
         gst_element_register(plugin, "shmdatasrc", GST_RANK_NONE, source_get_type());
}
GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, shmdata, "shmdata, for tests", plugin_init, "1.0", "MIT/X11",
                  PACKAGE, PACKAGE)
