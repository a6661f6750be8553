// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "server/base/limit.h"
#include "tests/unit/http/http_fixture.h"
#include "tests/unit/http/tls_client.h"

#define PROTOCOL "Sec-WebSocket-Protocol: huyula.v1\r\n"

static HttpServerStats run(const HttpServerLimits *limits,
                           void (*client)(uint16_t port, gpointer data))
{
    HttpServerLimits quick = {.tick_ms = 20};
    HttpFixture *fixture = http_fixture_new(limits ? limits : &quick);
    http_fixture_run(fixture, client, fixture);
    HttpServerStats stats;
    http_server_stats(fixture->server, &stats);
    http_fixture_free(fixture);
    return stats;
}

static TlsClient *open_socket(uint16_t port)
{
    TlsClient *client = tls_client_new(port);
    g_assert_nonnull(client);
    g_assert_cmpuint(tls_client_ws_open(client, "/ws", PROTOCOL), ==, 101);
    g_autoptr(GString) text = g_string_new(NULL);
    g_assert_cmpint(tls_client_ws_read(client, text), ==, 1);
    g_assert_cmpstr(text->str, ==, "hello 127.0.0.1 id");
    return client;
}

static unsigned await_close(TlsClient *client)
{
    g_autoptr(GString) payload = g_string_new(NULL);
    if (!tls_client_ws_await(client, 8, payload) || payload->len < 2)
        return 0;
    return (unsigned)((guint8)payload->str[0] << 8 | (guint8)payload->str[1]);
}

static void client_echo(uint16_t port, gpointer data)
{
    (void)data;
    g_autoptr(TlsClient) client = open_socket(port);
    g_autoptr(GString) text = g_string_new(NULL);
    g_assert_true(tls_client_ws_send(client, 1, "halo", 4));
    g_assert_true(tls_client_ws_await(client, 1, text));
    g_assert_cmpstr(text->str, ==, "halo");
    g_autofree char *large = g_strnfill(LIMIT_WS_MESSAGE_BYTES, 'x');
    g_assert_true(tls_client_ws_send(client, 1, large, strlen(large)));
    g_assert_true(tls_client_ws_await(client, 1, text));
    g_assert_cmpstr(text->str, ==, large);
    g_assert_true(tls_client_ws_send(client, 9, "p", 1));
    g_assert_true(tls_client_ws_await(client, 10, text));
    g_assert_true(tls_client_ws_send(client, 1, "bye", 3));
    g_assert_true(tls_client_ws_await(client, 1, text));
    g_assert_cmpstr(text->str, ==, "last");
    g_assert_cmpuint(await_close(client), ==, 1000);
    g_assert_true(tls_client_ws_send(client, 8, "\x03\xe8", 2));
    g_assert_true(tls_client_is_closed(client));
}

static void test_echo_and_close(void **state)
{
    (void)state;
    HttpServerStats stats = run(NULL, client_echo);
    assert_int_equal(stats.n_ws_opened, 1);
}

static unsigned try_open(uint16_t port, const char *path, const char *headers)
{
    g_autoptr(TlsClient) client = tls_client_new(port);
    g_assert_nonnull(client);
    return tls_client_ws_open(client, path, headers);
}

static void client_refused(uint16_t port, gpointer data)
{
    (void)data;
    g_assert_cmpuint(try_open(port, "/ws", ""), !=, 101);
    g_assert_cmpuint(try_open(port, "/ws", "Sec-WebSocket-Protocol: other\r\n"), !=, 101);
    g_assert_cmpuint(try_open(port, "/ws", "Sec-WebSocket-Protocol: http\r\n"), !=, 101);
    g_assert_cmpuint(try_open(port, "/other", PROTOCOL), !=, 101);
    g_assert_cmpuint(try_open(port, "/ws", PROTOCOL "Origin: https://evil.example\r\n"), !=, 101);
    g_assert_cmpuint(try_open(port, "/ws", PROTOCOL "Origin: null\r\n"), !=, 101);
    g_assert_cmpuint(try_open(port, "/ws", PROTOCOL "Origin: https://localhost:1\r\n"), ==, 101);
    g_auto(TlsReply) reply = {0};
    g_assert_true(tls_request(port, "GET", "/ws", "", NULL, &reply));
    g_assert_cmpuint(reply.status, ==, 404);
}

static void test_refused(void **state)
{
    (void)state;
    HttpServerStats stats = run(NULL, client_refused);
    assert_int_equal(stats.n_ws_opened, 1);
}

static void client_oversize(uint16_t port, gpointer data)
{
    (void)data;
    g_autoptr(TlsClient) client = open_socket(port);
    g_autofree char *large = g_strnfill(LIMIT_WS_MESSAGE_BYTES + 1, 'x');
    g_assert_true(tls_client_ws_send(client, 1, large, strlen(large)));
    g_assert_cmpuint(await_close(client), ==, 1009);
    g_autoptr(TlsClient) binary = open_socket(port);
    g_assert_true(tls_client_ws_send(binary, 2, "x", 1));
    g_assert_cmpuint(await_close(binary), ==, 1003);
    g_autoptr(TlsClient) garbled = open_socket(port);
    g_assert_true(tls_client_ws_send(garbled, 1, "a\xff\xfe", 3));
    g_assert_cmpuint(await_close(garbled), ==, 1007);
    g_autoptr(TlsClient) nul = open_socket(port);
    g_assert_true(tls_client_ws_send(nul, 1, "a\0b", 3));
    g_assert_cmpuint(await_close(nul), ==, 1007);
}

static void test_bad_messages(void **state)
{
    (void)state;
    HttpServerStats stats = run(NULL, client_oversize);
    assert_int_equal(stats.n_ws_closed_rate, 4);
}

static void client_hasty(uint16_t port, gpointer data)
{
    (void)data;
    g_autoptr(TlsClient) client = open_socket(port);
    for (unsigned i = 0; i < 400; i++)
        if (!tls_client_ws_send(client, 1, "x", 1))
            break;
    g_assert_cmpuint(await_close(client), ==, 1008);
}

static void test_too_many_messages(void **state)
{
    (void)state;
    HttpServerStats stats = run(NULL, client_hasty);
    assert_int_equal(stats.n_ws_closed_rate, 1);
}

static void client_flooded(uint16_t port, gpointer data)
{
    (void)data;
    g_autoptr(TlsClient) client = open_socket(port);
    g_assert_true(tls_client_ws_send(client, 1, "flood", 5));
    g_assert_cmpuint(await_close(client), ==, 1013);
}

static void test_slow_reader(void **state)
{
    (void)state;
    HttpServerStats stats = run(NULL, client_flooded);
    assert_int_equal(stats.n_ws_closed_slow, 1);
}

static void client_silent(uint16_t port, gpointer data)
{
    (void)data;
    g_autoptr(TlsClient) client = open_socket(port);
    g_autoptr(GString) payload = g_string_new(NULL);
    g_assert_true(tls_client_ws_await(client, 9, payload));
    /* No pong: after a while the server gives up. */
    g_assert_true(tls_client_is_closed(client));
}

static void test_silence(void **state)
{
    (void)state;
    HttpServerLimits limits = {
        .ws_ping_interval_ms = 50, .ws_silence_timeout_ms = 300, .tick_ms = 20};
    HttpServerStats stats = run(&limits, client_silent);
    assert_int_equal(stats.n_timed_out, 1);
}

/* A page in the background: it says nothing, but its browser answers pings. */
static void client_answers_pings(uint16_t port, gpointer data)
{
    (void)data;
    g_autoptr(TlsClient) client = open_socket(port);
    g_autoptr(GString) payload = g_string_new(NULL);
    for (unsigned i = 0; i < 12; i++) { /* at 50 ms, twice the silence that is allowed */
        g_assert_true(tls_client_ws_await(client, 9, payload));
        g_assert_true(tls_client_ws_send(client, 10, payload->str, payload->len));
    }
}

static void test_pongs_are_heard(void **state)
{
    (void)state;
    HttpServerLimits limits = {
        .ws_ping_interval_ms = 50, .ws_silence_timeout_ms = 300, .tick_ms = 20};
    HttpServerStats stats = run(&limits, client_answers_pings);
    assert_int_equal(stats.n_timed_out, 0);
}

static void client_leaves_open(uint16_t port, gpointer data)
{
    HttpFixture *fixture = data;
    for (unsigned i = 0; i < 10; i++)
        fixture->clients[i] = open_socket(port);
}

static void test_free_with_open_sockets(void **state)
{
    (void)state;
    HttpFixture *fixture = http_fixture_new(NULL);
    http_fixture_run(fixture, client_leaves_open, fixture);
    assert_int_equal(fixture->n_ws_open, 10);
    TlsClient *clients[10];
    memcpy(clients, fixture->clients, sizeof clients);
    http_fixture_free(fixture); /* asserts that on_close came for each */
    for (unsigned i = 0; i < 10; i++)
        tls_client_free(clients[i]);
    /* Whatever sources the library left behind would fire here. */
    for (unsigned i = 0; i < 20; i++)
        g_main_context_iteration(NULL, FALSE);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_echo_and_close),  cmocka_unit_test(test_refused),
        cmocka_unit_test(test_bad_messages),    cmocka_unit_test(test_too_many_messages),
        cmocka_unit_test(test_slow_reader),     cmocka_unit_test(test_silence),
        cmocka_unit_test(test_pongs_are_heard), cmocka_unit_test(test_free_with_open_sockets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
