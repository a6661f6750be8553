// SPDX-License-Identifier: Apache-2.0
/* Connecting, moving, losing a client; everything over real UDP on loopback. */
#include "tests/support/relay_fixture.h"

#include <string.h>

static void test_active_server_connects(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    MediaPeer *peer = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    assert_int_equal(media_peer_answer(peer)->setup, MEDIA_SETUP_ACTIVE);
    assert_true(media_peer_answer(peer)->ice_lite);
    relay_fixture_connect(fixture, peer);
    assert_int_equal(fixture->n_states, 2);
    assert_int_equal(fixture->states[0].state, MEDIA_ENDPOINT_CHECKED);
    assert_int_equal(fixture->states[1].state, MEDIA_ENDPOINT_CONNECTED);
    MediaStats stats;
    relay_fixture_stats(fixture, &stats);
    assert_int_equal(stats.dtls_handshakes, 1);
    assert_int_equal(stats.n_endpoints, 1);
    assert_int_equal(stats.n_rooms, 1);
    relay_fixture_free(fixture);
}

static void test_passive_server_connects(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.setup = MEDIA_SETUP_ACTIVE;
    MediaPeer *peer = relay_fixture_join(fixture, "ani", &options);
    assert_int_equal(media_peer_answer(peer)->setup, MEDIA_SETUP_PASSIVE);
    relay_fixture_connect(fixture, peer);
    MediaEndpointOptions passive = {
        .room_id = "room",
        .endpoint_id = "budi",
        .participant_id = "budi",
        .may_publish = true,
        .may_receive = true,
        .dtls_passive = true,
    };
    peer = relay_fixture_join_options(fixture, &passive, &RELAY_FIXTURE_BOTH);
    assert_int_equal(media_peer_answer(peer)->setup, MEDIA_SETUP_PASSIVE);
    relay_fixture_connect(fixture, peer);
    relay_fixture_free(fixture);
}

/* S9: data never passes when the certificate is another than the offer's. */
static void test_wrong_fingerprint_fails(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.wrong_fingerprint = true;
    MediaPeer *peer = relay_fixture_join(fixture, "ani", &options);
    MediaPeer *other = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, other);
    media_peer_check(peer, true);
    relay_fixture_until(fixture, relay_fixture_state(fixture, "ani") == MEDIA_ENDPOINT_FAILED);
    if (media_peer_is_connected(peer))
        relay_fixture_send_audio(peer, 1);
    relay_fixture_send_audio(other, 1);
    MediaStats stats;
    relay_fixture_stats(fixture, &stats);
    assert_int_equal(stats.rtp_forwarded, 0);
    assert_int_equal(stats.dtls_failed, 1);
    assert_int_equal(media_peer_log(peer)->n_packets, 0);
    assert_int_equal(media_peer_log(other)->n_packets, 0);
    relay_fixture_free(fixture);
}

static void test_ice_restart_keeps_keys(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, ani);
    relay_fixture_connect(fixture, budi);
    g_autofree char *old_ufrag = g_strdup(media_peer_answer(ani)->ice_ufrag);
    uint32_t slot_ssrc = media_peer_answer(ani)->sections[0].ssrc;
    media_peer_restart_ice(ani);
    relay_fixture_renegotiate(fixture, ani);
    assert_string_not_equal(old_ufrag, media_peer_answer(ani)->ice_ufrag);
    assert_int_equal(slot_ssrc, media_peer_answer(ani)->sections[0].ssrc);
    media_peer_move(ani);
    unsigned before = media_peer_log(ani)->n_stun_success;
    media_peer_check(ani, true);
    relay_fixture_until(fixture, media_peer_log(ani)->n_stun_success > before);
    relay_fixture_send_audio(budi, 100);
    relay_fixture_until(fixture, relay_fixture_count(ani, slot_ssrc) == 1);
    relay_fixture_send_audio(ani, 7);
    uint32_t other_ssrc = media_peer_answer(budi)->sections[0].ssrc;
    relay_fixture_until(fixture, relay_fixture_count(budi, other_ssrc) == 1);
    MediaStats stats;
    relay_fixture_stats(fixture, &stats);
    assert_int_equal(stats.dtls_handshakes, 2);
    relay_fixture_free(fixture);
}

static void test_nominated_check_moves_the_client(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, ani);
    relay_fixture_connect(fixture, budi);
    uint32_t ssrc = media_peer_answer(ani)->sections[0].ssrc;
    media_peer_move(ani);
    unsigned before = media_peer_log(ani)->n_stun_success;
    media_peer_check(ani, false); /* learned, but not used */
    relay_fixture_until(fixture, media_peer_log(ani)->n_stun_success > before);
    media_peer_check(ani, true);
    relay_fixture_until(fixture, media_peer_log(ani)->n_stun_success > before + 1);
    relay_fixture_send_audio(budi, 1);
    relay_fixture_until(fixture, relay_fixture_count(ani, ssrc) == 1);
    relay_fixture_free(fixture);
}

/* A client that sends no checks but answers them (GStreamer's) is asked and stays. */
static void test_consent_is_asked_for(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(true, 1);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, ani);
    const MediaPeerLog *log = media_peer_log(ani);
    for (unsigned i = 0; i < 60; i++) {
        relay_fixture_advance(fixture, 1000);
        unsigned before = log->control.n_report_blocks + log->n_datagrams;
        /* Something comes each second: a report, and from the eleventh on checks. */
        relay_fixture_until(fixture, log->control.n_report_blocks + log->n_datagrams > before);
    }
    assert_int_not_equal(relay_fixture_state(fixture, "ani"), MEDIA_ENDPOINT_FAILED);
    media_peer_set_answers_checks(ani, false);
    relay_fixture_until(fixture, (relay_fixture_advance(fixture, 100),
                                  relay_fixture_state(fixture, "ani") == MEDIA_ENDPOINT_FAILED));
    relay_fixture_free(fixture);
}

/* RFC 7675: 30 s without a check or an answer to one. */
static void test_consent_expires(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(true, 1);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, ani);
    relay_fixture_connect(fixture, budi);
    media_peer_set_answers_checks(ani, false);
    relay_fixture_until(fixture, strcmp(relay_fixture_slot(fixture, "budi", "0"), "ani") == 0);
    relay_fixture_advance(fixture, 5000);
    relay_fixture_until(fixture, relay_fixture_state(fixture, "ani") == MEDIA_ENDPOINT_SILENT);
    media_peer_check(ani, true);
    relay_fixture_until(fixture, relay_fixture_state(fixture, "ani") == MEDIA_ENDPOINT_CONNECTED);
    for (unsigned i = 0; i < 31; i++) {
        unsigned before = media_peer_log(budi)->n_stun_success;
        relay_fixture_advance(fixture, 1000);
        media_peer_check(budi, true);
        relay_fixture_until(fixture, media_peer_log(budi)->n_stun_success > before);
    }
    relay_fixture_until(fixture, relay_fixture_state(fixture, "ani") == MEDIA_ENDPOINT_FAILED);
    relay_fixture_until(fixture, relay_fixture_state(fixture, "budi") == MEDIA_ENDPOINT_CONNECTED);
    relay_fixture_until(fixture, strcmp(relay_fixture_slot(fixture, "budi", "0"), "") == 0);
    relay_fixture_free(fixture);
}

/* On one of its two m-lines of sound. */
static bool has_heard(MediaPeer *peer)
{
    const MediaSection *sections = media_peer_answer(peer)->sections;
    return relay_fixture_count(peer, sections[0].ssrc) +
               relay_fixture_count(peer, sections[2].ssrc) >
           0;
}

/* A page in a lift for half a minute: nothing is sent to it, and its next check takes the call up
 * again, with the keys that it has. */
static void test_a_page_outlives_its_consent(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(true, 1);
    const MediaEndpointOptions page = {
        .room_id = "room",
        .endpoint_id = "ani",
        .participant_id = "ani",
        .may_publish = true,
        .may_receive = true,
        .outlives_consent = true,
    };
    MediaPeerOptions two = RELAY_FIXTURE_BOTH;
    two.n_extra = 1;
    MediaPeer *ani = relay_fixture_join_options(fixture, &page, &two);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &two);
    MediaPeer *cici = relay_fixture_join(fixture, "cici", &two);
    relay_fixture_connect(fixture, ani);
    relay_fixture_connect(fixture, budi);
    relay_fixture_connect(fixture, cici);
    media_peer_set_answers_checks(ani, false);
    for (unsigned i = 0; i < 40; i++) {
        unsigned at_budi = media_peer_log(budi)->n_stun_success;
        unsigned at_cici = media_peer_log(cici)->n_stun_success;
        relay_fixture_advance(fixture, 1000);
        media_peer_check(budi, true);
        media_peer_check(cici, true);
        relay_fixture_until(fixture, media_peer_log(budi)->n_stun_success > at_budi &&
                                         media_peer_log(cici)->n_stun_success > at_cici);
    }
    assert_int_equal(relay_fixture_state(fixture, "ani"), MEDIA_ENDPOINT_SILENT);
    unsigned n_datagrams = media_peer_log(ani)->n_datagrams;
    for (uint16_t i = 1; i <= 10 || !has_heard(cici); i++) {
        relay_fixture_send_audio(budi, i);
        relay_fixture_advance(fixture, 20);
        relay_fixture_pump(fixture);
    }
    assert_int_equal(media_peer_log(ani)->n_datagrams, n_datagrams);
    media_peer_check(ani, true);
    relay_fixture_until(fixture, relay_fixture_state(fixture, "ani") == MEDIA_ENDPOINT_CONNECTED);
    media_peer_log(ani)->n_packets = media_peer_log(budi)->n_packets = 0;
    for (uint16_t i = 1; !has_heard(ani) || !has_heard(budi); i++) {
        relay_fixture_send_audio(budi, 2000 + i);
        relay_fixture_send_audio(ani, i);
        relay_fixture_advance(fixture, 20);
        relay_fixture_pump(fixture);
    }
    relay_fixture_free(fixture);
}

static void test_nobody_comes(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(true, 1);
    (void)relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    relay_fixture_until(fixture, (relay_fixture_advance(fixture, 1000),
                                  relay_fixture_state(fixture, "ani") == MEDIA_ENDPOINT_FAILED));
    relay_fixture_free(fixture);
}

/* A NAT gives the client another port and the client notices nothing. */
static void test_rebinding_is_followed(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, ani);
    relay_fixture_connect(fixture, budi);
    relay_fixture_send_audio(ani, 1);
    uint32_t at_budi = media_peer_answer(budi)->sections[0].ssrc;
    uint32_t at_ani = media_peer_answer(ani)->sections[0].ssrc;
    relay_fixture_until(fixture, relay_fixture_count(budi, at_budi) == 1);
    media_peer_move(ani);
    unsigned datagrams = media_peer_log(ani)->n_datagrams;
    relay_fixture_send_audio(ani, 2); /* asks, is not forwarded */
    relay_fixture_until(fixture, media_peer_log(ani)->n_datagrams > datagrams);
    for (uint16_t i = 3; relay_fixture_count(budi, at_budi) < 2; i++) {
        relay_fixture_send_audio(ani, i);
        relay_fixture_pump(fixture);
    }
    assert_int_not_equal(relay_fixture_last(budi, at_budi)->payload[2], 2);
    relay_fixture_send_audio(budi, 50);
    relay_fixture_until(fixture, relay_fixture_count(ani, at_ani) == 1);
    relay_fixture_free(fixture);
}

static void test_close_tells_and_samples(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, ani);
    relay_fixture_send_audio(ani, 1);
    relay_fixture_until(fixture, fixture->n_flows == 1);
    assert_true(fixture->flows[0].flowing);
    media_endpoint_close(fixture->media, "ani");
    relay_fixture_until(fixture, fixture->n_samples == 1);
    assert_true(fixture->samples[0].sample.is_final);
    assert_int_equal(fixture->samples[0].sample.in[MEDIA_KIND_AUDIO].packets, 1);
    assert_int_equal(fixture->n_flows, 2);
    relay_fixture_until(fixture, media_peer_log(ani)->control.n_byes == 1);
    media_endpoint_close(fixture->media, "ani");
    relay_fixture_free(fixture);
}

/* Connected while the phone still rings: nothing is heard on either side before. */
static void test_nothing_is_carried_on_hold(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    const MediaEndpointOptions held = {
        .room_id = "room",
        .endpoint_id = "ani",
        .participant_id = "ani",
        .may_publish = true,
        .may_receive = true,
        .hold = true,
    };
    MediaPeer *ani = relay_fixture_join_options(fixture, &held, &RELAY_FIXTURE_BOTH);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, ani);
    relay_fixture_connect(fixture, budi);
    relay_fixture_send_audio(ani, 1);
    relay_fixture_send_audio(budi, 1);
    relay_fixture_until(fixture, fixture->n_flows == 2); /* both have come in */
    assert_string_equal(relay_fixture_slot(fixture, "ani", "0"), "");
    assert_string_equal(relay_fixture_slot(fixture, "budi", "0"), "");
    media_endpoint_release(fixture->media, "ani");
    relay_fixture_until(fixture, strcmp(relay_fixture_slot(fixture, "ani", "0"), "budi") == 0);
    assert_string_equal(relay_fixture_slot(fixture, "budi", "0"), "ani");
    relay_fixture_send_audio(ani, 2);
    relay_fixture_send_audio(budi, 2);
    uint32_t at_ani = media_peer_answer(ani)->sections[0].ssrc;
    uint32_t at_budi = media_peer_answer(budi)->sections[0].ssrc;
    relay_fixture_until(fixture, relay_fixture_count(ani, at_ani) > 0 &&
                                     relay_fixture_count(budi, at_budi) > 0);
    assert_int_equal(relay_fixture_count(ani, at_ani), 1);
    assert_int_equal(relay_fixture_count(budi, at_budi), 1);
    media_endpoint_release(fixture->media, "nobody");
    relay_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_active_server_connects),
        cmocka_unit_test(test_passive_server_connects),
        cmocka_unit_test(test_wrong_fingerprint_fails),
        cmocka_unit_test(test_ice_restart_keeps_keys),
        cmocka_unit_test(test_nominated_check_moves_the_client),
        cmocka_unit_test(test_consent_is_asked_for),
        cmocka_unit_test(test_consent_expires),
        cmocka_unit_test(test_a_page_outlives_its_consent),
        cmocka_unit_test(test_nobody_comes),
        cmocka_unit_test(test_rebinding_is_followed),
        cmocka_unit_test(test_close_tells_and_samples),
        cmocka_unit_test(test_nothing_is_carried_on_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
