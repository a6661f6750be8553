// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include <poll.h>
#include <pthread.h>

#include "server/base/msgqueue.h"

enum { N_PRODUCERS = 8, N_MESSAGES = 2000 };

static bool is_readable(MsgQueue *queue)
{
    struct pollfd fd = {.fd = msgqueue_fd(queue), .events = POLLIN};
    return poll(&fd, 1, 0) == 1;
}

static void order_capacity_and_descriptor(void **state)
{
    (void)state;
    g_autoptr(MsgQueue) queue = msgqueue_new(3, NULL);
    assert_false(is_readable(queue));
    assert_null(msgqueue_pop(queue));
    for (unsigned i = 1; i <= 3; i++)
        assert_true(msgqueue_push(queue, GUINT_TO_POINTER(i)));
    assert_false(msgqueue_push(queue, GUINT_TO_POINTER(9)));
    assert_true(msgqueue_push_always(queue, GUINT_TO_POINTER(4)));
    assert_int_equal(msgqueue_length(queue), 4);
    assert_true(is_readable(queue));
    for (unsigned i = 1; i <= 4; i++)
        assert_int_equal(GPOINTER_TO_UINT(msgqueue_pop(queue)), i);
    assert_false(is_readable(queue));
}

static void ring_grows_in_order(void **state)
{
    (void)state;
    g_autoptr(MsgQueue) queue = msgqueue_new(4, NULL);
    unsigned next = 1;
    for (unsigned i = 1; i <= 3; i++)
        assert_true(msgqueue_push(queue, GUINT_TO_POINTER(i)));
    assert_int_equal(GPOINTER_TO_UINT(msgqueue_pop(queue)), next++);
    for (unsigned i = 4; i <= 1000; i++)
        assert_true(msgqueue_push_always(queue, GUINT_TO_POINTER(i)));
    gpointer some[7];
    size_t n;
    while ((n = msgqueue_pop_many(queue, some, G_N_ELEMENTS(some))) > 0) {
        for (size_t i = 0; i < n; i++)
            assert_int_equal(GPOINTER_TO_UINT(some[i]), next++);
    }
    assert_int_equal(next, 1001);
    assert_false(is_readable(queue));
}

static void closed_queue_refuses_and_drains(void **state)
{
    (void)state;
    g_autoptr(MsgQueue) queue = msgqueue_new(3, NULL);
    assert_true(msgqueue_push(queue, GUINT_TO_POINTER(1)));
    assert_false(msgqueue_is_closed(queue));
    msgqueue_close(queue);
    assert_true(msgqueue_is_closed(queue));
    assert_false(msgqueue_push(queue, GUINT_TO_POINTER(2)));
    assert_false(msgqueue_push_always(queue, GUINT_TO_POINTER(2)));
    assert_int_equal(GPOINTER_TO_UINT(msgqueue_wait(queue, -1)), 1);
    assert_null(msgqueue_wait(queue, -1));
}

static void wait_times_out(void **state)
{
    (void)state;
    g_autoptr(MsgQueue) queue = msgqueue_new(3, NULL);
    int64_t before_us = g_get_monotonic_time();
    assert_null(msgqueue_wait(queue, 5000));
    assert_true(g_get_monotonic_time() - before_us >= 5000);
    assert_null(msgqueue_wait(queue, 0));
}

static void what_is_left_is_freed(void **state)
{
    (void)state;
    MsgQueue *queue = msgqueue_new(3, g_free);
    assert_true(msgqueue_push(queue, g_strdup("one")));
    assert_true(msgqueue_push(queue, g_strdup("two")));
    g_free(msgqueue_pop(queue));
    msgqueue_free(queue);
    msgqueue_free(NULL);
}

typedef struct {
    MsgQueue *queue;
    unsigned number;
} Producer;

static void *produce(void *data)
{
    Producer *producer = data;
    for (unsigned i = 0; i < N_MESSAGES; i++) {
        unsigned *message = g_new(unsigned, 2);
        message[0] = producer->number;
        message[1] = i;
        while (!msgqueue_push(producer->queue, message))
            (void)sched_yield();
    }
    return NULL;
}

static void start_producers(Producer *producers, pthread_t *threads, MsgQueue *queue)
{
    for (unsigned i = 0; i < N_PRODUCERS; i++) {
        producers[i] = (Producer){.queue = queue, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, produce, &producers[i]), 0);
    }
}

static void many_producers_one_waiter(void **state)
{
    (void)state;
    g_autoptr(MsgQueue) queue = msgqueue_new(100, g_free);
    Producer producers[N_PRODUCERS];
    pthread_t threads[N_PRODUCERS];
    unsigned next[N_PRODUCERS] = {0};
    start_producers(producers, threads, queue);
    for (unsigned i = 0; i < N_PRODUCERS * N_MESSAGES; i++) {
        g_autofree unsigned *message = msgqueue_wait(queue, -1);
        assert_non_null(message);
        /* Each producer's own messages stay in order. */
        assert_int_equal(message[1], next[message[0]]++);
    }
    for (unsigned i = 0; i < N_PRODUCERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(msgqueue_length(queue), 0);
    assert_false(is_readable(queue));
}

typedef struct {
    GMainLoop *loop;
    unsigned n_seen;
    unsigned next[N_PRODUCERS];
} Receiver;

static void receive(gpointer data, gpointer user_data)
{
    g_autofree unsigned *message = data;
    Receiver *receiver = user_data;
    assert_int_equal(message[1], receiver->next[message[0]]++);
    if (++receiver->n_seen == N_PRODUCERS * N_MESSAGES)
        g_main_loop_quit(receiver->loop);
}

static void many_producers_into_a_main_context(void **state)
{
    (void)state;
    g_autoptr(GMainContext) context = g_main_context_new();
    g_autoptr(GMainLoop) loop = g_main_loop_new(context, FALSE);
    g_autoptr(MsgQueue) queue = msgqueue_new(100, g_free);
    Receiver receiver = {.loop = loop};
    GSource *source = msgqueue_attach(queue, context, receive, &receiver);
    Producer producers[N_PRODUCERS];
    pthread_t threads[N_PRODUCERS];
    start_producers(producers, threads, queue);
    g_main_loop_run(loop);
    for (unsigned i = 0; i < N_PRODUCERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(receiver.n_seen, N_PRODUCERS * N_MESSAGES);
    g_source_destroy(source);
}

static void destroy_source(gpointer message, gpointer user_data)
{
    (void)message;
    g_source_destroy(*(GSource **)user_data);
}

static void at_most_64_in_one_iteration_and_none_after_destroy(void **state)
{
    (void)state;
    g_autoptr(GMainContext) context = g_main_context_new();
    g_autoptr(MsgQueue) queue = msgqueue_new(200, g_free);
    Receiver receiver = {0};
    GSource *source = msgqueue_attach(queue, context, receive, &receiver);
    for (unsigned i = 0; i < 150; i++) {
        unsigned *message = g_new0(unsigned, 2);
        message[1] = i;
        assert_true(msgqueue_push(queue, message));
    }
    assert_true(g_main_context_iteration(context, FALSE));
    assert_int_equal(receiver.n_seen, 64);
    g_source_destroy(source);
    assert_false(g_main_context_iteration(context, FALSE));

    g_autoptr(MsgQueue) plain = msgqueue_new(10, NULL);
    for (unsigned i = 1; i <= 3; i++)
        assert_true(msgqueue_push(plain, GUINT_TO_POINTER(i)));
    GSource *other = NULL;
    other = msgqueue_attach(plain, context, destroy_source, &other);
    assert_true(g_main_context_iteration(context, FALSE));
    assert_int_equal(msgqueue_length(plain), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_capacity_and_descriptor),
        cmocka_unit_test(ring_grows_in_order),
        cmocka_unit_test(closed_queue_refuses_and_drains),
        cmocka_unit_test(wait_times_out),
        cmocka_unit_test(what_is_left_is_freed),
        cmocka_unit_test(many_producers_one_waiter),
        cmocka_unit_test(many_producers_into_a_main_context),
        cmocka_unit_test(at_most_64_in_one_iteration_and_none_after_destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
