// SPDX-License-Identifier: Apache-2.0
/* The handshake between two of our own: its timers, and what a lost flight looks like again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/transport/dtls.h"

#include <string.h>

enum { MAX_DATAGRAMS = 16 };

typedef struct {
    Dtls *dtls;
    DtlsIdentity *identity;
    DtlsContext *context;
    unsigned n_sent;
    size_t sizes[MAX_DATAGRAMS];
    uint8_t sent[MAX_DATAGRAMS][DTLS_MTU_BYTES];
} Side;

typedef struct {
    Side client, server;
} Pair;

static void keep(const uint8_t *data, size_t size, gpointer user_data)
{
    Side *side = user_data;
    assert_true(side->n_sent < MAX_DATAGRAMS && size <= DTLS_MTU_BYTES);
    memcpy(side->sent[side->n_sent], data, size);
    side->sizes[side->n_sent++] = size;
}

static void open_side(Side *side, bool active, const Side *peer, uint32_t rtt_ms)
{
    DtlsOptions options = {
        .active = active, .gcm_only = active, .rtt_ms = rtt_ms, .send = keep, .user_data = side};
    memcpy(options.peer_fingerprint, dtls_identity_fingerprint(peer->identity),
           DTLS_FINGERPRINT_BYTES);
    side->context = dtls_context_new(side->identity, NULL);
    side->dtls = dtls_new(side->context, &options, NULL);
    assert_non_null(side->dtls);
}

static Pair *pair_new(uint32_t rtt_ms)
{
    Pair *pair = g_new0(Pair, 1);
    pair->client.identity = dtls_identity_new(NULL);
    pair->server.identity = dtls_identity_new(NULL);
    open_side(&pair->client, true, &pair->server, rtt_ms);
    open_side(&pair->server, false, &pair->client, rtt_ms);
    return pair;
}

static void side_clear(Side *side)
{
    dtls_free(side->dtls);
    dtls_context_free(side->context);
    dtls_identity_free(side->identity);
}

static void pair_free(Pair *pair)
{
    side_clear(&pair->client);
    side_clear(&pair->server);
    g_free(pair);
}

/* What FROM has sent reaches TO. */
static void carry(Side *from, Side *to)
{
    unsigned n = from->n_sent;
    from->n_sent = 0;
    for (unsigned i = 0; i < n; i++)
        (void)dtls_receive(to->dtls, from->sent[i], from->sizes[i]);
}

/* Waits for the side's timer and lets it repeat its flight. */
static void repeat(Side *side)
{
    while (side->n_sent == 0) {
        int64_t left_us = dtls_timeout_us(side->dtls);
        assert_true(left_us >= 0);
        g_usleep((gulong)left_us + 1000);
        assert_int_equal(dtls_tick(side->dtls), DTLS_STATE_HANDSHAKE);
    }
}

static void the_first_timer_is_of_the_round_trip(void **state)
{
    (void)state;
    Pair *pair = pair_new(700);
    dtls_start(pair->client.dtls);
    assert_in_range(dtls_timeout_us(pair->client.dtls), 880000, 910000);
    pair_free(pair);
    pair = pair_new(0);
    dtls_start(pair->client.dtls);
    assert_in_range(dtls_timeout_us(pair->client.dtls), 200000, 250000);
    pair_free(pair);
}

static void the_next_is_of_the_one_that_the_handshake_saw(void **state)
{
    (void)state;
    Pair *pair = pair_new(2000);
    dtls_start(pair->client.dtls);
    carry(&pair->client, &pair->server);
    carry(&pair->server, &pair->client);
    /* At once, as far as a busy machine goes: nothing like the hint's 2.6 s. */
    assert_true(dtls_timeout_us(pair->client.dtls) < 1500000);
    pair_free(pair);
}

static void a_lost_flight_comes_again_as_one_datagram(void **state)
{
    (void)state;
    Pair *pair = pair_new(0);
    dtls_start(pair->client.dtls);
    carry(&pair->client, &pair->server);
    carry(&pair->server, &pair->client);
    assert_int_equal(pair->client.n_sent, 1);
    size_t size = pair->client.sizes[0];
    pair->client.n_sent = 0; /* lost */
    repeat(&pair->client);
    assert_int_equal(pair->client.n_sent, 1);
    assert_int_equal(pair->client.sizes[0], size);
    carry(&pair->client, &pair->server);
    carry(&pair->server, &pair->client);
    assert_int_equal(dtls_state(pair->server.dtls), DTLS_STATE_CONNECTED);
    assert_int_equal(dtls_state(pair->client.dtls), DTLS_STATE_CONNECTED);
    pair_free(pair);
}

/* RFC 6347, 4.2.4: whoever sent the last flight repeats it when the one before comes again. */
static void a_lost_last_flight_comes_again_when_it_is_missed(void **state)
{
    (void)state;
    Pair *pair = pair_new(0);
    dtls_start(pair->client.dtls);
    carry(&pair->client, &pair->server);
    carry(&pair->server, &pair->client);
    carry(&pair->client, &pair->server);
    assert_int_equal(dtls_state(pair->server.dtls), DTLS_STATE_CONNECTED);
    pair->server.n_sent = 0; /* lost */
    repeat(&pair->client);
    carry(&pair->client, &pair->server);
    assert_true(pair->server.n_sent > 0);
    carry(&pair->server, &pair->client);
    assert_int_equal(dtls_state(pair->client.dtls), DTLS_STATE_CONNECTED);
    pair_free(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_timer_is_of_the_round_trip),
        cmocka_unit_test(the_next_is_of_the_one_that_the_handshake_saw),
        cmocka_unit_test(a_lost_flight_comes_again_as_one_datagram),
        cmocka_unit_test(a_lost_last_flight_comes_again_when_it_is_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
