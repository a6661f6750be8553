// SPDX-License-Identifier: Apache-2.0
/* A bounded queue between threads; the only file with a lock. Any thread may push, and several may
 * pop or wait (each message goes to one of them). A message is a pointer, never NULL, whose
 * ownership moves with it. pthread mutex and condition variable plus an eventfd (the thread
 * sanitizer reports false races on GLib's futex locks). */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct MsgQueue MsgQueue;

/** A queue of at most CAPACITY messages. FREE_FUNC frees what is left at msgqueue_free(). */
MsgQueue *msgqueue_new(size_t capacity, GDestroyNotify free_func);
void msgqueue_free(MsgQueue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MsgQueue, msgqueue_free)

/** Moves MESSAGE in. False when the queue is full or closed: the caller keeps MESSAGE. */
bool msgqueue_push(MsgQueue *queue, gpointer message) G_GNUC_WARN_UNUSED_RESULT;
/** Like msgqueue_push(), but never full: for the few messages that must arrive (a reply, a stop),
 * whose number is bounded by the requests that caused them. False only when closed. */
bool msgqueue_push_always(MsgQueue *queue, gpointer message) G_GNUC_WARN_UNUSED_RESULT;
/** The oldest message, NULL when there is none. */
gpointer msgqueue_pop(MsgQueue *queue);
/** Waits for a message at most TIMEOUT_US (-1: without end); NULL on time-out or when closed and
 * empty. */
gpointer msgqueue_wait(MsgQueue *queue, int64_t timeout_us);
/** Takes up to MAX messages at once into MESSAGES; how many. */
size_t msgqueue_pop_many(MsgQueue *queue, gpointer *messages, size_t max);
size_t msgqueue_length(MsgQueue *queue);
/** No further push succeeds; a waiting pop returns. */
void msgqueue_close(MsgQueue *queue);
bool msgqueue_is_closed(MsgQueue *queue);

/** An eventfd that polls readable while messages wait; popping the last one resets it. */
int msgqueue_fd(const MsgQueue *queue);

typedef void (*MsgQueueFunc)(gpointer message, gpointer user_data);
/** Attaches the queue to CONTEXT: FUNC gets each message (and owns it), at most 64 in one
 * iteration so that nothing else starves. CONTEXT owns the source: remove it with
 * g_source_destroy() alone, before the queue is freed; what is left then stays in the queue. */
GSource *msgqueue_attach(MsgQueue *queue, GMainContext *context, MsgQueueFunc func,
                         gpointer user_data);
