// SPDX-License-Identifier: Apache-2.0
/* Rates, too many connections, clients that are slow or gone, and the end. A client's failed
 * expectation stops the program (g_assert works on any thread, cmocka's do not). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/unit/http/http_fixture.h"
#include "tests/unit/http/tls_client.h"

static const HttpServerLimits fast_limits = {.request_timeout_ms = 1500,
                                             .reply_stall_ms = 500,
                                             .keep_alive_ms = 1500,
                                             .stop_timeout_ms = 2000,
                                             .tick_ms = 20,
                                             .rate_factor = 100};

static void client_rates(uint16_t port, gpointer data)
{
    (void)data;
    g_autoptr(TlsClient) client = tls_client_new(port);
    g_auto(TlsReply) reply = {0};
    for (unsigned i = 0; i < 20; i++) {
        g_assert_true(tls_client_request(client, "GET", "/limited", "", NULL, &reply));
        g_assert_cmpuint(reply.status, ==, 200);
    }
    g_assert_true(tls_client_request(client, "GET", "/limited", "", NULL, &reply));
    g_assert_cmpuint(reply.status, ==, 429);
    g_autofree char *retry = tls_reply_header(&reply, "Retry-After");
    g_assert_nonnull(retry);
    g_assert_cmpint((int)g_ascii_strtoll(retry, NULL, 10), >=, 1);
    g_assert_true(tls_client_request(client, "GET", "/open", "", NULL, &reply));
    g_assert_cmpuint(reply.status, ==, 200);
}

static void test_rates(void **state)
{
    (void)state;
    HttpServerLimits limits = {.tick_ms = 20};
    HttpFixture *fixture = http_fixture_new(&limits);
    http_fixture_run(fixture, client_rates, NULL);
    HttpServerStats stats;
    http_server_stats(fixture->server, &stats);
    assert_int_equal(stats.n_limited, 1);
    assert_int_equal(stats.n_requests[2], 21);
    assert_int_equal(stats.n_requests[4], 1);
    http_fixture_free(fixture);
}

static void client_connections(uint16_t port, gpointer data)
{
    (void)data;
    TlsClient *clients[8];
    for (unsigned i = 0; i < G_N_ELEMENTS(clients); i++)
        g_assert_nonnull(clients[i] = tls_client_new(port));
    g_assert_null(tls_client_new(port));
    tls_client_free(clients[0]);
    g_auto(TlsReply) reply = {0};
    bool got = false;
    for (unsigned i = 0; i < 1000 && !got; i++)
        got = tls_request(port, "GET", "/open", "", NULL, &reply);
    g_assert_true(got);
    for (unsigned i = 1; i < G_N_ELEMENTS(clients); i++)
        tls_client_free(clients[i]);
}

static void test_connection_limit(void **state)
{
    (void)state;
    HttpServerLimits limits = {.max_connections_per_address = 8, .tick_ms = 20};
    HttpFixture *fixture = http_fixture_new(&limits);
    http_fixture_run(fixture, client_connections, NULL);
    HttpServerStats stats;
    http_server_stats(fixture->server, &stats);
    assert_true(stats.n_refused >= 1);
    http_fixture_free(fixture);
}

static void client_slow(uint16_t port, gpointer data)
{
    (void)data;
    g_auto(TlsReply) reply = {0};
    g_autoptr(TlsClient) idle = tls_client_new(port);
    g_assert_true(tls_client_request(idle, "GET", "/hello/a", "", NULL, &reply));
    g_autoptr(TlsClient) half_body = tls_client_new(port);
    g_assert_true(tls_client_send_text(half_body, "POST /echo HTTP/1.1\r\nHost: a\r\n"
                                                  "Content-Type: application/json\r\n"
                                                  "Content-Length: 50\r\n\r\n{"));
    g_autoptr(TlsClient) half_head = tls_client_new(port);
    g_assert_true(tls_client_send_text(half_head, "GET /hello/a HTTP/1.1\r\nHo"));
    g_autoptr(TlsClient) reader = tls_client_new(port);
    g_assert_true(tls_client_send_text(reader, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"));
    g_autoptr(TlsClient) silent = tls_client_new(port);
    g_assert_true(tls_client_read_reply(half_body, false, &reply));
    g_assert_cmpuint(reply.status, ==, 408);
    g_assert_true(tls_client_is_closed(half_body));
    g_assert_true(tls_client_is_closed(half_head));
    g_assert_true(tls_client_is_closed(silent));
    g_assert_true(tls_client_is_closed(idle));
    /* The reader took nothing meanwhile: what it finds now ends before the whole answer. */
    bool is_whole = tls_client_read_reply(reader, false, &reply);
    g_assert_false(is_whole);
}

static void test_slow(void **state)
{
    (void)state;
    HttpFixture *fixture = http_fixture_new(&fast_limits);
    http_fixture_run(fixture, client_slow, NULL);
    HttpServerStats stats;
    http_server_stats(fixture->server, &stats);
    assert_true(stats.n_timed_out >= 5);
    http_fixture_free(fixture);
}

static void client_park(uint16_t port, gpointer data)
{
    (void)data;
    g_autoptr(TlsClient) client = tls_client_new(port);
    g_assert_true(tls_client_send_text(client, "POST /park HTTP/1.1\r\nHost: a\r\n"
                                               "Content-Length: 0\r\n\r\n"));
    g_auto(TlsReply) reply = {0};
    /* The second request goes through, so the first one is with its handler. */
    g_assert_true(tls_request(port, "GET", "/late", "", NULL, &reply));
}

static void test_caller_gone(void **state)
{
    (void)state;
    HttpServerLimits limits = {.tick_ms = 20};
    HttpFixture *fixture = http_fixture_new(&limits);
    http_fixture_run(fixture, client_park, NULL);
    assert_non_null(fixture->parked);
    while (http_request_is_open(fixture->parked))
        g_main_context_iteration(NULL, TRUE);
    http_reply_text(fixture->parked, 200, "nobody hears this");
    HttpServerStats stats;
    http_server_stats(fixture->server, &stats);
    assert_int_equal(stats.n_dropped, 1);
    /* The reference outlives the server: the fixture drops it afterwards. */
    http_fixture_free(fixture);
}

static void client_leave_busy(uint16_t port, gpointer data)
{
    HttpFixture *fixture = data;
    static const char *const texts[] = {
        "POST /park HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\nGET /open HTTP/1.1\r\n",
        "GET /big HTTP/1.1\r\nHost: a\r\n\r\nGET /open HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello/a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hel",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        fixture->clients[i] = tls_client_new(port);
        g_assert_true(tls_client_send_text(fixture->clients[i], texts[i]));
    }
    g_auto(TlsReply) reply = {0};
    g_assert_true(tls_request(port, "GET", "/late", "", NULL, &reply));
}

static gboolean on_turn(gpointer data)
{
    (void)data;
    return G_SOURCE_CONTINUE;
}

/* The library polls for input that it does not read while a request runs or its answer is stuck. */
static void test_loop_does_not_spin(void **state)
{
    (void)state;
    HttpFixture *fixture = http_fixture_new(NULL);
    http_fixture_run(fixture, client_leave_busy, fixture);
    int64_t end_us = g_get_monotonic_time() + G_USEC_PER_SEC / 2;
    unsigned n_turns = 0;
    guint id = g_timeout_add(50, on_turn, NULL);
    while (g_get_monotonic_time() < end_us) {
        g_main_context_iteration(NULL, TRUE);
        n_turns++;
    }
    g_source_remove(id);
    assert_true(n_turns < 500);
    for (unsigned i = 0; i < 4; i++)
        tls_client_free(fixture->clients[i]);
    http_fixture_free(fixture);
}

typedef struct {
    HttpFixture *fixture;
    bool is_stopped;
    GAsyncQueue *steps;
} StopTest;

static void on_stopped(gpointer context)
{
    ((StopTest *)context)->is_stopped = true;
}

static gboolean stop_now(gpointer data)
{
    StopTest *test = data;
    http_server_stop(test->fixture->server, on_stopped, test);
    g_async_queue_push(test->steps, test);
    return G_SOURCE_REMOVE;
}

static gboolean release_parked(gpointer data)
{
    StopTest *test = data;
    http_reply_text(test->fixture->parked, 200, "finished");
    g_clear_pointer(&test->fixture->parked, http_request_unref);
    return G_SOURCE_REMOVE;
}

static void client_stop(uint16_t port, gpointer data)
{
    StopTest *test = data;
    g_autoptr(TlsClient) running = tls_client_new(port);
    g_autoptr(TlsClient) idle = tls_client_new(port);
    g_autoptr(TlsClient) socket = tls_client_new(port);
    g_auto(TlsReply) reply = {0};
    g_autoptr(GString) payload = g_string_new(NULL);
    g_assert_cmpuint(tls_client_ws_open(socket, "/ws", "Sec-WebSocket-Protocol: huyula.v1\r\n"), ==,
                     101);
    g_assert_true(tls_client_send_text(running, "POST /park HTTP/1.1\r\nHost: a\r\n"
                                                "Content-Length: 0\r\n\r\n"));
    g_assert_true(tls_client_request(idle, "GET", "/late", "", NULL, &reply));
    g_idle_add(stop_now, test);
    g_async_queue_pop(test->steps);
    g_assert_true(tls_client_is_closed(idle));
    g_assert_true(tls_client_ws_await(socket, 8, payload));
    g_assert_cmpint((guint8)payload->str[0] << 8 | (guint8)payload->str[1], ==, 1001);
    tls_client_ws_send(socket, 8, payload->str, 2);
    g_assert_null(tls_client_new(port));
    g_idle_add(release_parked, test);
    g_assert_true(tls_client_read_reply(running, false, &reply));
    g_assert_cmpstr(reply.body->str, ==, "finished");
    g_assert_true(tls_client_is_closed(running));
}

static void test_graceful_stop(void **state)
{
    (void)state;
    HttpServerLimits limits = {.tick_ms = 20};
    StopTest test = {.fixture = http_fixture_new(&limits), .steps = g_async_queue_new()};
    http_fixture_run(test.fixture, client_stop, &test);
    assert_true(http_fixture_await(&test.is_stopped));
    HttpServerStats stats;
    http_server_stats(test.fixture->server, &stats);
    assert_int_equal(stats.n_open, 0);
    http_fixture_free(test.fixture);
    g_async_queue_unref(test.steps);
}

static void client_reload(uint16_t port, gpointer data)
{
    (void)data;
    g_auto(TlsReply) reply = {0};
    g_assert_true(tls_request(port, "GET", "/open", "", NULL, &reply));
}

static void test_reload_keys(void **state)
{
    (void)state;
    HttpFixture *fixture = http_fixture_new(NULL);
    tls_test_keys_write(fixture->cert_path, fixture->key_path);
    g_autoptr(GError) error = NULL;
    assert_true(http_server_reload_keys(fixture->server, &error));
    http_fixture_run(fixture, client_reload, NULL);
    g_autofree char *other = g_build_filename(fixture->folder, "other.pem", NULL);
    tls_test_keys_write(other, fixture->key_path);
    assert_false(http_server_reload_keys(fixture->server, &error));
    assert_non_null(error);
    http_fixture_run(fixture, client_reload, NULL);
    remove(other);
    http_fixture_free(fixture);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_connection_limit),
        cmocka_unit_test(test_slow),
        cmocka_unit_test(test_caller_gone),
        cmocka_unit_test(test_loop_does_not_spin),
        cmocka_unit_test(test_graceful_stop),
        cmocka_unit_test(test_reload_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
