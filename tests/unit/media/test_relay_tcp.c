// SPDX-License-Identifier: Apache-2.0
/* Calls over ICE-TCP through the whole relay: media both ways, connections that end, readers that
 * do not read, and strangers. */
#include "media/relay/transmit.h"
#include "tests/support/relay_fixture.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PER_ROUND = 20,
    ROUND_MS = 20,
    ROUND_MOST_MS = 200,
    MANY = 40000, /* more than the kernel keeps of a connection that is not read; mostly 2000 are */
};

typedef struct {
    RelayFixture *fixture;
    MediaPeer *ani; /* over TCP */
    MediaPeer *budi;
    uint32_t at_ani; /* SSRC of their slots for sound */
    uint32_t at_budi;
    uint16_t of_ani; /* sequence numbers */
    uint16_t of_budi;
} Call;

static Call call_new(void)
{
    Call call = {.fixture = relay_fixture_new_running(), .of_ani = 1, .of_budi = 1};
    call.ani = relay_fixture_join(call.fixture, "ani", &RELAY_FIXTURE_BOTH);
    call.budi = relay_fixture_join(call.fixture, "budi", &RELAY_FIXTURE_BOTH);
    call.at_ani = media_peer_answer(call.ani)->sections[0].ssrc;
    call.at_budi = media_peer_answer(call.budi)->sections[0].ssrc;
    media_peer_dial(call.ani);
    relay_fixture_connect(call.fixture, call.ani);
    relay_fixture_connect(call.fixture, call.budi);
    return call;
}

/* What ani says reaches budi, and the other way. */
static void assert_both_hear(Call *call)
{
    unsigned before = relay_fixture_count(call->budi, call->at_budi);
    relay_fixture_send_audio(call->ani, call->of_ani++);
    relay_fixture_until(call->fixture,
                        relay_fixture_count(call->budi, call->at_budi) == before + 1);
    before = relay_fixture_count(call->ani, call->at_ani);
    relay_fixture_send_audio(call->budi, call->of_budi++);
    relay_fixture_until(call->fixture, relay_fixture_count(call->ani, call->at_ani) == before + 1);
}

static unsigned n_connections(Call *call)
{
    MediaStats stats;
    media_stats(call->fixture->media, &stats);
    return stats.n_tcp_connections;
}

#define until_connections(call, n) relay_fixture_until((call)->fixture, n_connections(call) == (n))

static void check_again(Call *call)
{
    unsigned before = media_peer_log(call->ani)->n_stun_success;
    media_peer_check(call->ani, true);
    relay_fixture_until(call->fixture, media_peer_log(call->ani)->n_stun_success > before);
}

static void test_media_both_ways(void **state)
{
    (void)state;
    Call call = call_new();
    MediaPeerLog *log = media_peer_log(call.ani);
    relay_fixture_warm_up(call.fixture, call.ani);
    for (unsigned i = 0; i < 20; i++)
        assert_both_hear(&call);
    uint32_t video = media_peer_answer(call.budi)->sections[1].ssrc;
    for (uint16_t i = 0; i < 20; i++)
        relay_fixture_send_video(call.ani, i, i == 0);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, video) == 20);
    assert_true(log->n_over_tcp > 20);
    assert_int_equal(log->n_datagrams, log->n_over_tcp); /* none over UDP */
    assert_int_equal(media_peer_log(call.budi)->n_over_tcp, 0);
    MediaStats stats;
    relay_fixture_stats(call.fixture, &stats);
    assert_int_equal(stats.n_tcp_connections, 1);
    assert_true(stats.packets_in > 60);
    assert_int_equal(stats.tcp_cut_off + stats.tcp_refused + stats.dropped_full, 0);
    relay_fixture_free(call.fixture);
}

/* The connection ends: the path that was checked before serves again. */
static void test_falls_back_to_udp(void **state)
{
    (void)state;
    Call call = call_new();
    MediaPeerLog *log = media_peer_log(call.ani);
    int connection = 0;
    media_peer_switch(call.ani, MEDIA_PEER_UDP);
    check_again(&call);
    media_peer_switch(call.ani, connection);
    check_again(&call);
    unsigned before = log->n_over_tcp;
    assert_both_hear(&call);
    assert_true(log->n_over_tcp > before);
    media_peer_hang_up(call.ani);
    until_connections(&call, 0);
    before = log->n_over_tcp;
    assert_both_hear(&call);
    assert_int_equal(log->n_over_tcp, before);
    relay_fixture_free(call.fixture);
}

/* There is no other path: nothing is sent until a check comes, over a connection of any kind. */
static void test_waits_for_a_check(void **state)
{
    (void)state;
    Call call = call_new();
    MediaPeerLog *log = media_peer_log(call.ani);
    media_peer_hang_up(call.ani);
    until_connections(&call, 0);
    unsigned before = log->n_datagrams;
    media_peer_dial(call.ani); /* and says nothing */
    for (unsigned i = 0; i < PER_ROUND; i++)
        relay_fixture_send_audio(call.budi, call.of_budi++);
    until_connections(&call, 1);
    assert_int_equal(log->n_datagrams, before);
    check_again(&call);
    assert_both_hear(&call);
    assert_int_equal(relay_fixture_state(call.fixture, "ani"), MEDIA_ENDPOINT_CONNECTED);
    relay_fixture_free(call.fixture);
}

/* A closed endpoint's connection does not stay, and its farewell still arrives. */
static void test_closed_endpoint(void **state)
{
    (void)state;
    Call call = call_new();
    const MediaPeerLog *log = media_peer_log(call.ani);
    assert_both_hear(&call);
    media_endpoint_close(call.fixture->media, "ani");
    relay_fixture_until(call.fixture, log->control.n_byes > 0);
    until_connections(&call, 0);
    MediaStats stats;
    media_stats(call.fixture->media, &stats);
    assert_int_equal(stats.tcp_cut_off, 0);
    relay_fixture_free(call.fixture);
}

/* Who does not read costs a bounded queue, and the connection in the end; others notice nothing. */
static void test_deaf_reader(void **state)
{
    (void)state;
    Call call = call_new();
    MediaPeerOptions two = RELAY_FIXTURE_BOTH;
    two.n_extra = 1;
    MediaPeer *third = relay_fixture_join(call.fixture, "third", &two);
    relay_fixture_connect(call.fixture, third);
    relay_fixture_warm_up(call.fixture, call.budi);
    uint32_t of_budi = media_peer_answer(third)->sections[2].ssrc;
    media_peer_set_deaf(call.ani, true);
    unsigned heard = relay_fixture_count(third, of_budi);
    unsigned n = 0;
    unsigned n_refused = 0; /* rounds in a row */
    MediaStats stats = {0};
    while (stats.dropped_full == 0 && n < MANY) {
        for (unsigned i = 0; i < PER_ROUND; i++)
            relay_fixture_send_audio(call.budi, call.of_budi++);
        n += PER_ROUND;
        relay_fixture_advance(call.fixture, ROUND_MS); /* no faster than sound may go */
        /* So much sound is not let through whole (rate/sound_guard.h), and of the least that is let
         * through there is not a packet in every round: after a round that was refused whole there
         * is in the next. */
        int64_t end_us = clock_mono_us(call.fixture->clock) + ROUND_MOST_MS * 1000;
        relay_fixture_until(call.fixture, relay_fixture_count(third, of_budi) > heard ||
                                              clock_mono_us(call.fixture->clock) > end_us);
        n_refused = relay_fixture_count(third, of_budi) > heard ? 0 : n_refused + 1;
        assert_true(n_refused < 2);
        heard = relay_fixture_count(third, of_budi);
        if (n % 1000 == 0)
            relay_fixture_stats(call.fixture, &stats);
    }
    assert_true(stats.dropped_full > 0); /* where it took long it is cut off already */
    assert_true(stats.n_tcp_connections + stats.tcp_cut_off == 1);
    relay_fixture_advance(call.fixture, 6 * 1000); /* over the 5 s of a stalled reader */
    relay_fixture_stats(call.fixture, &stats);
    assert_int_equal(stats.n_tcp_connections, 0);
    assert_int_equal(stats.tcp_cut_off, 1);
    heard = relay_fixture_count(third, of_budi);
    relay_fixture_send_audio(call.budi, call.of_budi++);
    relay_fixture_until(call.fixture, relay_fixture_count(third, of_budi) > heard);
    relay_fixture_free(call.fixture);
}

static int stranger(const Call *call)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(media_port(call->fixture->media)),
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static bool has_ended(int fd, ssize_t *ret_n)
{
    char byte;
    *ret_n = recv(fd, &byte, 1, MSG_DONTWAIT);
    return *ret_n >= 0 || errno != EAGAIN;
}

/* The relay closes the connection, and says nothing before. */
static void assert_shown_out(Call *call, const void *data, size_t size)
{
    int fd = stranger(call);
    ssize_t n;
    assert_int_equal(send(fd, data, size, MSG_NOSIGNAL), (ssize_t)size);
    relay_fixture_until(call->fixture, has_ended(fd, &n));
    assert_true(n <= 0);
    close(fd);
}

static void test_strangers(void **state)
{
    (void)state;
    Call call = call_new();
    assert_both_hear(&call);
    uint8_t payload[40] = {0x78};
    uint8_t caught[2 + 2048] = {0};
    MediaPeerSend send = {.sequence = call.of_budi++, .payload = payload, .n_payload = 40};
    size_t size = media_peer_protect(call.budi, &send, caught + 2);
    caught[1] = (uint8_t)size;
    assert_shown_out(&call, "\xff\xff", 2);
    assert_shown_out(&call, "\x08\x01\0\1", 4);
    assert_shown_out(&call, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27);
    assert_shown_out(&call, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
    assert_shown_out(&call, caught, size + 2); /* budi's own, authentic: before any check */
    assert_both_hear(&call);
    MediaStats stats;
    relay_fixture_stats(call.fixture, &stats);
    assert_int_equal(stats.n_tcp_connections, 1);
    assert_int_equal(stats.tcp_cut_off, 5);
    assert_int_equal(stats.dropped_unknown_address, 0); /* the last was not even looked at */
    relay_fixture_free(call.fixture);
}

/* A check with a wrong password is not answered and confirms nothing. */
static void test_wrong_checks(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(true, 1);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    MediaStats stats;
    media_peer_dial(ani);
    media_peer_check_spoiled(ani, MEDIA_PEER_SPOIL_PASSWORD);
    media_peer_check_spoiled(ani, MEDIA_PEER_SPOIL_FINGERPRINT);
    relay_fixture_stats(fixture, &stats);
    assert_int_equal(stats.dropped_bad_stun, 2);
    assert_int_equal(stats.n_tcp_connections, 1);
    assert_int_equal(media_peer_log(ani)->n_datagrams, 0);
    relay_fixture_advance(fixture, 11 * 1000);
    relay_fixture_stats(fixture, &stats);
    assert_int_equal(stats.n_tcp_connections, 0);
    assert_int_equal(stats.tcp_cut_off, 1);
    relay_fixture_free(fixture);
}

/* One client's many connections: the oldest is forgotten, and a packet of another that comes over
 * it asks nobody where he is. */
static void test_many_connections(void **state)
{
    (void)state;
    Call call = call_new();
    assert_both_hear(&call);
    for (unsigned i = 0; i < 9; i++) { /* the relay remembers 8 */
        media_peer_dial(call.ani);
        check_again(&call);
    }
    const MediaPeerLog *log = media_peer_log(call.ani);
    unsigned before = log->n_datagrams;
    uint8_t payload[40] = {0x78};
    uint8_t caught[2048];
    MediaPeerSend send = {.sequence = call.of_budi++, .payload = payload, .n_payload = 40};
    size_t size = media_peer_protect(call.budi, &send, caught);
    MediaStats stats;
    media_peer_switch(call.ani, 0);
    media_peer_send_raw(call.ani, caught, size);
    media_peer_switch(call.ani, 9);
    do {
        relay_fixture_pump(call.fixture);
        media_stats(call.fixture->media, &stats);
        relay_fixture_advance(call.fixture, 10);
    } while (stats.dropped_unknown_address == 0);
    assert_int_equal(log->n_datagrams, before);
    assert_both_hear(&call);
    until_connections(&call, 8);
    relay_fixture_free(call.fixture);
}

/* What the rate control counts is what the link carries. */
static void test_bytes_on_the_wire(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        uint32_t connection;
        size_t wire_bytes;
    } cases[] = {
        {"192.0.2.1", 0, 100 + 20 + 8},
        {"2001:db8::1", 0, 100 + 40 + 8},
        {"192.0.2.1", 1025, 100 + 20 + 32 + 2},
        {"2001:db8::1", 1025, 100 + 40 + 32 + 2},
    };
    g_autofree Endpoint *endpoint = g_new0(Endpoint, 1);
    Tuple tuple = {.is_used = true};
    endpoint->path.selected = &tuple;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_true(net_address_parse(cases[i].address, 5000, &tuple.address));
        tuple.address.connection = cases[i].connection;
        assert_int_equal(transmit_wire_bytes(endpoint, 100), cases[i].wire_bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_media_both_ways),   cmocka_unit_test(test_falls_back_to_udp),
        cmocka_unit_test(test_waits_for_a_check), cmocka_unit_test(test_closed_endpoint),
        cmocka_unit_test(test_deaf_reader),       cmocka_unit_test(test_strangers),
        cmocka_unit_test(test_wrong_checks),      cmocka_unit_test(test_many_connections),
        cmocka_unit_test(test_bytes_on_the_wire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
