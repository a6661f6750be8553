// SPDX-License-Identifier: Apache-2.0
/* What strangers and hostile clients send: it is dropped and counted, and calls go on. The numbers
 * S1 to S13 are those of the relay's list of attacks in media/README.md. */
#include "media/rtp/bytes.h"
#include "tests/support/relay_fixture.h"

#include <string.h>

enum { SPRAY = 200 };

typedef struct {
    RelayFixture *fixture;
    MediaPeer *ani;
    MediaPeer *budi;
    uint32_t audio; /* SSRC of budi's slot */
    uint16_t sequence;
} Call;

static Call call_new(void)
{
    Call call = {.fixture = relay_fixture_new(false, 1), .sequence = 1};
    call.ani = relay_fixture_join(call.fixture, "ani", &RELAY_FIXTURE_BOTH);
    call.budi = relay_fixture_join(call.fixture, "budi", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(call.fixture, call.ani);
    relay_fixture_connect(call.fixture, call.budi);
    call.audio = media_peer_answer(call.budi)->sections[0].ssrc;
    return call;
}

/* The call still works: a packet of ani's reaches budi. */
static void assert_alive(Call *call)
{
    unsigned before = relay_fixture_count(call->budi, call->audio);
    relay_fixture_send_audio(call->ani, call->sequence++);
    relay_fixture_until(call->fixture, relay_fixture_count(call->budi, call->audio) == before + 1);
}

/* DTLS 1.2 ClientHello with TLS_NULL_WITH_NULL_NULL alone. */
static const uint8_t NULL_HELLO[] = {
    0x16, 0xfe, 0xff, 0,  0,  0,  0,  0,  0,  0,  0,  0,  54,         /* record */
    1,    0,    0,    42, 0,  0,  0,  0,  0,  0,  0,  42,             /* handshake */
    0xfe, 0xfd, 1,    2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, /* version, random */
    14,   15,   16,   17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
    29,   30,   31,   32, 0,  0,  0,  2,  0,  0,  1,  0, /* ids, cookie, suites, none */
};
/* A fatal alert in the clear. */
static const uint8_t ALERT[] = {0x15, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40};

/* S1: sprayed during a join from an address that no check has named. */
static void test_stranger_dtls_during_the_join(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    MediaPeer *stranger = relay_fixture_join(fixture, "stranger", &RELAY_FIXTURE_BOTH);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    media_peer_check(ani, true);
    for (unsigned i = 0; i < SPRAY; i++) {
        media_peer_send_raw(stranger, NULL_HELLO, sizeof NULL_HELLO);
        media_peer_send_raw(stranger, ALERT, sizeof ALERT);
        if (i % 20 == 0)
            relay_fixture_pump(fixture);
    }
    relay_fixture_until(fixture, relay_fixture_state(fixture, "ani") == MEDIA_ENDPOINT_CONNECTED);
    MediaStats stats;
    relay_fixture_stats(fixture, &stats);
    assert_int_equal(stats.dropped_unknown_address, 2 * SPRAY);
    assert_int_equal(media_peer_log(stranger)->n_datagrams, 0); /* and no answer */
    relay_fixture_free(fixture);
}

/* S2, S9: from the client's own address, after the handshake. */
static void test_dtls_after_the_handshake_changes_nothing(void **state)
{
    (void)state;
    Call call = call_new();
    for (unsigned i = 0; i < 20; i++) {
        media_peer_send_raw(call.ani, NULL_HELLO, sizeof NULL_HELLO);
        media_peer_send_raw(call.ani, ALERT, sizeof ALERT);
        uint8_t application[] = {0x17, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 3, 1, 2, 3};
        media_peer_send_raw(call.ani, application, sizeof application);
    }
    assert_alive(&call);
    assert_int_equal(relay_fixture_state(call.fixture, "ani"), MEDIA_ENDPOINT_CONNECTED);
    relay_fixture_free(call.fixture);
}

/* S3, S13: bad tags and replays. */
static void test_bad_tags_and_replays_are_counted(void **state)
{
    (void)state;
    Call call = call_new();
    uint8_t payload[40] = {0x78};
    uint8_t packet[2048];
    MediaPeerSend send = {.sequence = call.sequence++, .payload = payload, .n_payload = 40};
    size_t size = media_peer_protect(call.ani, &send, packet);
    media_peer_send_raw(call.ani, packet, size);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 1);
    for (unsigned i = 0; i < SPRAY; i++)
        media_peer_send_raw(call.ani, packet, size); /* again */
    for (unsigned i = 0; i < SPRAY; i++) {
        packet[2] = (uint8_t)(i + 1);
        media_peer_send_raw(call.ani, packet, size);
    }
    assert_alive(&call);
    MediaStats stats;
    relay_fixture_stats(call.fixture, &stats);
    assert_int_equal(stats.dropped_replayed, SPRAY);
    assert_int_equal(stats.dropped_bad_srtp, SPRAY);
    assert_int_equal(relay_fixture_count(call.budi, call.audio), 2);
    relay_fixture_free(call.fixture);
}

/* S4: another address with the client's SSRC but not its keys. */
static void test_strangers_rtp_is_not_latched(void **state)
{
    (void)state;
    Call call = call_new();
    assert_alive(&call);
    MediaPeer *stranger = relay_fixture_join(call.fixture, "stranger", &RELAY_FIXTURE_BOTH);
    uint8_t packet[80] = {0x80, MEDIA_PEER_AUDIO_PT};
    bytes_write_u32(packet + 8, media_peer_ssrc(call.ani, 0));
    for (unsigned i = 0; i < SPRAY; i++) {
        bytes_write_u16(packet + 2, (uint16_t)(call.sequence + i));
        media_peer_send_raw(stranger, packet, sizeof packet);
    }
    assert_alive(&call);
    MediaStats stats;
    relay_fixture_stats(call.fixture, &stats);
    assert_int_equal(stats.dropped_unknown_address, SPRAY);
    assert_int_equal(media_peer_log(stranger)->n_datagrams, 0);
    assert_int_equal(relay_fixture_count(call.budi, call.audio), 2);
    relay_fixture_free(call.fixture);
}

/* An authentic packet, caught and sent from elsewhere, moves nobody: the answer to the question
 * that follows needs the client's password. */
static void test_rebinding_needs_an_answer(void **state)
{
    (void)state;
    Call call = call_new();
    assert_alive(&call);
    uint8_t payload[40] = {0x78};
    uint8_t packet[2048];
    MediaPeerSend send = {.sequence = call.sequence++, .payload = payload, .n_payload = 40};
    size_t size = media_peer_protect(call.ani, &send, packet);
    MediaPeer *thief = relay_fixture_join(call.fixture, "thief", &RELAY_FIXTURE_BOTH);
    media_peer_send_raw(thief, packet, size);
    relay_fixture_until(call.fixture, media_peer_log(thief)->n_datagrams == 1);
    for (unsigned i = 0; i < 50; i++)
        relay_fixture_pump(call.fixture);
    relay_fixture_send_audio(call.budi, 5);
    uint32_t at_ani = media_peer_answer(call.ani)->sections[0].ssrc;
    relay_fixture_until(call.fixture, relay_fixture_count(call.ani, at_ani) == 1);
    assert_int_equal(media_peer_log(thief)->n_packets + media_peer_log(thief)->n_bad_srtp, 0);
    assert_alive(&call);
    relay_fixture_free(call.fixture);
}

/* S7: checks that are wrong. */
static void test_wrong_checks(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    const MediaPeerLog *log = media_peer_log(ani);
    media_peer_check_spoiled(ani, MEDIA_PEER_SPOIL_PASSWORD);
    media_peer_check_spoiled(ani, MEDIA_PEER_SPOIL_USERNAME);
    media_peer_check_spoiled(ani, MEDIA_PEER_SPOIL_FINGERPRINT);
    media_peer_check_spoiled(ani, MEDIA_PEER_SPOIL_ATTRIBUTE);
    relay_fixture_until(fixture, log->n_stun_errors == 1);
    assert_int_equal(log->last_stun_error, 420);
    media_peer_check_spoiled(ani, MEDIA_PEER_SPOIL_ROLE);
    relay_fixture_until(fixture, log->n_stun_errors == 2);
    assert_int_equal(log->last_stun_error, 487);
    assert_int_equal(log->n_datagrams, 2);
    assert_int_equal(relay_fixture_state(fixture, "ani"), MEDIA_ENDPOINT_NEW);
    uint8_t huge[1400] = {0, 1, 0x05, 0x64, 0x21, 0x12, 0xa4, 0x42};
    media_peer_send_raw(ani, huge, sizeof huge);
    uint8_t indication[20] = {0, 0x11, 0, 0, 0x21, 0x12, 0xa4, 0x42};
    media_peer_send_raw(ani, indication, sizeof indication);
    relay_fixture_connect(fixture, ani);
    MediaStats stats;
    relay_fixture_stats(fixture, &stats);
    assert_int_equal(stats.dropped_bad_stun, 6);
    assert_int_equal(stats.dropped_other_stun, 1);
    relay_fixture_free(fixture);
}

/* S7: many addresses for one client: few are remembered, and the chosen one stays. */
static void test_many_addresses(void **state)
{
    (void)state;
    Call call = call_new();
    for (unsigned i = 0; i < 100; i++) {
        MediaPeerLog *log = media_peer_log(call.ani);
        unsigned before = log->n_stun_success;
        media_peer_move(call.ani);
        media_peer_check(call.ani, false);
        relay_fixture_until(call.fixture, log->n_stun_success > before);
        media_peer_move_back(call.ani);
    }
    assert_alive(&call); /* from the first address, which was never nominated away */
    relay_fixture_free(call.fixture);
}

/* S11: a client that uses ever new SSRCs. */
static void test_ssrc_flood(void **state)
{
    (void)state;
    Call call = call_new();
    assert_alive(&call);
    uint8_t payload[20] = {0x78};
    for (unsigned i = 0; i < 60; i++) { /* the relay takes 48 */
        media_peer_set_ssrc(call.ani, 0, 1000000 + i);
        MediaPeerSend send = {
            .sequence = 1, .payload = payload, .n_payload = 20, .no_extensions = true};
        media_peer_send(call.ani, &send);
        if (i % 50 == 0)
            relay_fixture_pump(call.fixture);
    }
    MediaStats stats;
    relay_fixture_stats(call.fixture, &stats);
    assert_in_range(stats.dropped_malformed, 60 - 48, 60 - 48 + 8);
    assert_int_equal(relay_fixture_state(call.fixture, "ani"), MEDIA_ENDPOINT_CONNECTED);
    relay_fixture_free(call.fixture);
}

/* S5, S11: authentic but malformed. */
static void test_malformed_from_a_client(void **state)
{
    (void)state;
    Call call = call_new();
    const uint8_t reports[][16] = {
        {0x81, 201, 0, 1, 0, 0, 0, 9},             /* a report block that is not there */
        {0x9f, 203, 0, 2, 0, 0, 0, 9, 0, 0, 0, 1}, /* 31 sources in a BYE of two */
        {0x81, 206, 0xff, 0xff, 0, 0, 0, 9},       /* a length beyond the packet */
        {0x8f, 205, 0, 2, 0, 0, 0, 9, 0, 0, 0, 9}, /* transport feedback without its body */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(reports); i++)
        media_peer_send_rtcp(call.ani, reports[i], i % 2 == 0 ? 8 : 12);
    uint8_t truncated[] = {0x90, 0x80, 0x80};
    MediaPeerSend send = {.section = 1, .payload = truncated, .n_payload = 0};
    for (size_t n = 0; n <= sizeof truncated; n++) {
        send.sequence++;
        send.n_payload = n;
        media_peer_send(call.ani, &send);
    }
    assert_alive(&call);
    relay_fixture_free(call.fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stranger_dtls_during_the_join),
        cmocka_unit_test(test_dtls_after_the_handshake_changes_nothing),
        cmocka_unit_test(test_bad_tags_and_replays_are_counted),
        cmocka_unit_test(test_strangers_rtp_is_not_latched),
        cmocka_unit_test(test_rebinding_needs_an_answer),
        cmocka_unit_test(test_wrong_checks),
        cmocka_unit_test(test_many_addresses),
        cmocka_unit_test(test_ssrc_flood),
        cmocka_unit_test(test_malformed_from_a_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
