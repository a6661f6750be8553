// SPDX-License-Identifier: Apache-2.0
/* Many sockets of all tempers at once: talkers, keep-alive callers, half heads, readers who do not
 * read, people who leave in the middle. Once through in the plain run; HUYULA_SOAK_ROUNDS makes it
 * long (label soak). It is what decided for the library's GLib plug-in: see server/http/README.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "tests/unit/http/http_fixture.h"
#include "tests/unit/http/tls_client.h"

enum { N_CLIENTS = 2000, N_SLOW_READERS = 30 };

typedef enum { TALKER, CALLER, HALF_HEAD, SLOW_READER, LEAVER } Temper;

static Temper temper_of(unsigned i)
{
    static const Temper tempers[] = {TALKER, TALKER, CALLER, TALKER,    TALKER,
                                     CALLER, TALKER, LEAVER, HALF_HEAD, TALKER};
    if (i % (N_CLIENTS / N_SLOW_READERS) == 1)
        return SLOW_READER;
    return tempers[i % G_N_ELEMENTS(tempers)];
}

typedef struct {
    TlsClient *clients[N_CLIENTS];
    unsigned round;
} Soak;

static void client_open(Soak *soak, unsigned i, uint16_t port)
{
    TlsClient *client = tls_client_new(port);
    g_assert_nonnull(client);
    soak->clients[i] = client;
    g_auto(TlsReply) reply = {0};
    switch (temper_of(i)) {
    case TALKER:
        g_assert_cmpuint(tls_client_ws_open(client, "/ws", "Sec-WebSocket-Protocol: huyula.v1\r\n"),
                         ==, 101);
        break;
    case CALLER:
        g_assert_true(tls_client_request(client, "GET", "/hello/a", "", NULL, &reply));
        g_assert_cmpuint(reply.status, ==, 200);
        break;
    case HALF_HEAD:
        g_assert_true(tls_client_send_text(client, "GET /hello/a HTTP/1.1\r\nHo"));
        break;
    case SLOW_READER:
        g_assert_true(tls_client_send_text(client, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"));
        break;
    case LEAVER:
        g_assert_true(tls_client_send_text(client, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
                                                   "GET /late HTTP/1.1\r\nHost: a\r\n\r\n"));
        tls_client_free(g_steal_pointer(&soak->clients[i]));
        break;
    }
}

static void client_use(Soak *soak, unsigned i)
{
    TlsClient *client = soak->clients[i];
    g_auto(TlsReply) reply = {0};
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *words = g_strdup_printf("%u in round %u", i, soak->round);
    switch (temper_of(i)) {
    case TALKER:
        g_assert_true(tls_client_ws_send(client, 1, words, strlen(words)));
        do
            if (!tls_client_ws_await(client, 1, text))
                g_error("talker %u: no answer", i);
        while (g_str_has_prefix(text->str, "hello"));
        g_assert_cmpstr(text->str, ==, words);
        break;
    case CALLER:
        g_assert_true(tls_client_request(client, "GET", i % 100 == 2 ? "/late" : "/hello/b", "",
                                         NULL, &reply));
        g_assert_cmpuint(reply.status, ==, 200);
        break;
    case HALF_HEAD:
        g_assert_true(tls_client_is_closed(client));
        break;
    case SLOW_READER:
        g_assert_false(tls_client_read_reply(client, false, &reply));
        break;
    case LEAVER:
        break;
    }
}

static void client_soak(uint16_t port, gpointer data)
{
    Soak *soak = data;
    for (unsigned i = 0; i < N_CLIENTS; i++)
        client_open(soak, i, port);
    for (unsigned i = 0; i < N_CLIENTS; i++)
        client_use(soak, i);
    /* A big answer still gets through among all of them. */
    g_auto(TlsReply) reply = {0};
    g_assert_true(tls_request(port, "GET", "/big", "", NULL, &reply));
    g_assert_cmpuint(reply.body->len, ==, BIG_BYTES);
    for (unsigned i = 0; i < N_CLIENTS; i += 2)
        tls_client_free(g_steal_pointer(&soak->clients[i]));
}

static void round_run(unsigned round)
{
    HttpServerLimits limits = {.max_connections_per_address = N_CLIENTS + 10,
                               .request_timeout_ms = 5000,
                               .reply_stall_ms = 2000,
                               .keep_alive_ms = 600000,
                               .ws_silence_timeout_ms = 600000,
                               .rate_factor = 1000};
    HttpFixture *fixture = http_fixture_new(&limits);
    Soak *soak = g_new0(Soak, 1);
    soak->round = round;
    http_fixture_run(fixture, client_soak, soak);
    HttpServerStats stats;
    http_server_stats(fixture->server, &stats);
    assert_int_equal(stats.n_refused, 0);
    assert_true(stats.n_ws_opened >= N_CLIENTS / 2);
    assert_true(stats.n_ws_open > 0);
    /* Freed with hundreds of connections open. */
    http_fixture_free(fixture);
    for (unsigned i = 0; i < N_CLIENTS; i++)
        tls_client_free(soak->clients[i]);
    g_free(soak);
    for (unsigned i = 0; i < 20; i++)
        g_main_context_iteration(NULL, FALSE);
}

static void test_soak(void **state)
{
    (void)state;
    const char *text = g_getenv("HUYULA_SOAK_ROUNDS");
    unsigned n_rounds = text ? (unsigned)g_ascii_strtoull(text, NULL, 10) : 1;
    for (unsigned round = 0; round < MAX(n_rounds, 1); round++)
        round_run(round);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_soak)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
