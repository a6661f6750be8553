// SPDX-License-Identifier: Apache-2.0
#include "server/base/msgqueue.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PER_DISPATCH = 64, FIRST_SLOTS = 64 };

struct MsgQueue {
    pthread_mutex_t mutex; /* guards everything below but the constants */
    pthread_cond_t filled;
    int fd;          /* constant; its counter is not 0 exactly while length > 0 */
    size_t capacity; /* constant */
    GDestroyNotify free_func;
    gpointer *slots; /* ring of n_slots, grown when msgqueue_push_always() needs it */
    size_t n_slots;
    size_t head;
    size_t length;
    bool closed;
};

MsgQueue *msgqueue_new(size_t capacity, GDestroyNotify free_func)
{
    g_assert(capacity > 0);
    MsgQueue *queue = g_new0(MsgQueue, 1);
    queue->capacity = capacity;
    queue->free_func = free_func;
    queue->n_slots = MIN(capacity, FIRST_SLOTS);
    queue->slots = g_new(gpointer, queue->n_slots);
    queue->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (queue->fd < 0)
        g_error("eventfd: %s", g_strerror(errno));
    pthread_condattr_t attributes;
    g_assert(pthread_condattr_init(&attributes) == 0);
    g_assert(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    g_assert(pthread_cond_init(&queue->filled, &attributes) == 0);
    (void)pthread_condattr_destroy(&attributes);
    g_assert(pthread_mutex_init(&queue->mutex, NULL) == 0);
    return queue;
}

void msgqueue_free(MsgQueue *queue)
{
    if (!queue)
        return;
    for (size_t i = 0; i < queue->length && queue->free_func; i++)
        queue->free_func(queue->slots[(queue->head + i) % queue->n_slots]);
    (void)pthread_cond_destroy(&queue->filled);
    (void)pthread_mutex_destroy(&queue->mutex);
    (void)close(queue->fd);
    g_free(queue->slots);
    g_free(queue);
}

static void lock(MsgQueue *queue)
{
    g_assert(pthread_mutex_lock(&queue->mutex) == 0);
}

static void unlock(MsgQueue *queue)
{
    g_assert(pthread_mutex_unlock(&queue->mutex) == 0);
}

static void grow(MsgQueue *queue)
{
    size_t n_slots = queue->n_slots * 2;
    gpointer *slots = g_new(gpointer, n_slots);
    for (size_t i = 0; i < queue->length; i++)
        slots[i] = queue->slots[(queue->head + i) % queue->n_slots];
    g_free(queue->slots);
    queue->slots = slots;
    queue->n_slots = n_slots;
    queue->head = 0;
}

/* The counter goes from 0 to 1 and back, so neither call can block or fail. */
static void set_readable(MsgQueue *queue)
{
    g_assert(eventfd_write(queue->fd, 1) == 0);
}

static void clear_readable(MsgQueue *queue)
{
    eventfd_t count;
    g_assert(eventfd_read(queue->fd, &count) == 0);
}

static bool push(MsgQueue *queue, gpointer message, bool always)
{
    g_assert(message);
    lock(queue);
    bool accepted = !queue->closed && (always || queue->length < queue->capacity);
    if (accepted) {
        if (queue->length == queue->n_slots)
            grow(queue);
        queue->slots[(queue->head + queue->length) % queue->n_slots] = message;
        queue->length++;
        if (queue->length == 1)
            set_readable(queue);
        (void)pthread_cond_signal(&queue->filled);
    }
    unlock(queue);
    return accepted;
}

bool msgqueue_push(MsgQueue *queue, gpointer message)
{
    return push(queue, message, false);
}

bool msgqueue_push_always(MsgQueue *queue, gpointer message)
{
    return push(queue, message, true);
}

/* The oldest message or NULL; the caller holds the lock. */
static gpointer take(MsgQueue *queue)
{
    if (queue->length == 0)
        return NULL;
    gpointer message = queue->slots[queue->head];
    queue->head = (queue->head + 1) % queue->n_slots;
    queue->length--;
    if (queue->length == 0)
        clear_readable(queue);
    return message;
}

gpointer msgqueue_pop(MsgQueue *queue)
{
    lock(queue);
    gpointer message = take(queue);
    unlock(queue);
    return message;
}

static struct timespec deadline_after(int64_t timeout_us)
{
    struct timespec at;
    g_assert(clock_gettime(CLOCK_MONOTONIC, &at) == 0);
    at.tv_sec += (time_t)(timeout_us / G_USEC_PER_SEC);
    at.tv_nsec += (long)(timeout_us % G_USEC_PER_SEC) * 1000;
    if (at.tv_nsec >= 1000000000L) {
        at.tv_nsec -= 1000000000L;
        at.tv_sec++;
    }
    return at;
}

gpointer msgqueue_wait(MsgQueue *queue, int64_t timeout_us)
{
    struct timespec deadline = deadline_after(MAX(timeout_us, 0));
    lock(queue);
    int result = 0;
    while (queue->length == 0 && !queue->closed && result == 0) {
        if (timeout_us < 0)
            result = pthread_cond_wait(&queue->filled, &queue->mutex);
        else
            result = pthread_cond_timedwait(&queue->filled, &queue->mutex, &deadline);
    }
    gpointer message = take(queue);
    unlock(queue);
    return message;
}

size_t msgqueue_pop_many(MsgQueue *queue, gpointer *messages, size_t max)
{
    size_t n = 0;
    lock(queue);
    while (n < max && queue->length > 0)
        messages[n++] = take(queue);
    unlock(queue);
    return n;
}

size_t msgqueue_length(MsgQueue *queue)
{
    lock(queue);
    size_t length = queue->length;
    unlock(queue);
    return length;
}

void msgqueue_close(MsgQueue *queue)
{
    lock(queue);
    queue->closed = true;
    (void)pthread_cond_broadcast(&queue->filled);
    unlock(queue);
}

bool msgqueue_is_closed(MsgQueue *queue)
{
    lock(queue);
    bool closed = queue->closed;
    unlock(queue);
    return closed;
}

int msgqueue_fd(const MsgQueue *queue)
{
    return queue->fd;
}

typedef struct {
    GSource source;
    MsgQueue *queue;
    gpointer tag;
} QueueSource;

static gboolean source_dispatch(GSource *source, GSourceFunc callback, gpointer user_data)
{
    QueueSource *self = (QueueSource *)source;
    MsgQueueFunc func = (MsgQueueFunc)(void (*)(void))callback;
    if (!(g_source_query_unix_fd(source, self->tag) & G_IO_IN))
        return G_SOURCE_CONTINUE;
    for (int i = 0; i < MAX_PER_DISPATCH; i++) {
        /* FUNC may have destroyed the source: what is left belongs to the queue. */
        if (g_source_is_destroyed(source))
            return G_SOURCE_REMOVE;
        gpointer message = msgqueue_pop(self->queue);
        if (!message)
            break;
        func(message, user_data);
    }
    return G_SOURCE_CONTINUE;
}

/* The descriptor alone makes the source ready: no prepare, no check of our own. */
static GSourceFuncs source_funcs = {.dispatch = source_dispatch};

GSource *msgqueue_attach(MsgQueue *queue, GMainContext *context, MsgQueueFunc func,
                         gpointer user_data)
{
    GSource *source = g_source_new(&source_funcs, sizeof(QueueSource));
    QueueSource *self = (QueueSource *)source;
    self->queue = queue;
    self->tag = g_source_add_unix_fd(source, queue->fd, G_IO_IN);
    g_source_set_static_name(source, "msgqueue");
    g_source_set_callback(source, (GSourceFunc)(void (*)(void))func, user_data, NULL);
    (void)g_source_attach(source, context);
    g_source_unref(source); /* the context holds it until it is destroyed */
    return source;
}
