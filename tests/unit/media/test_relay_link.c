// SPDX-License-Identifier: Apache-2.0
// When pictures come to a client, how fast, and what brings them back.
#include "tests/unit/media/relay_call.h"

static void test_sound_first_then_the_picture(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    const RelayFixture *fixture = call.fixture;
    relay_fixture_until(call.fixture, relay_fixture_hint(fixture, "ani"));
    /* The first comes with the connection and lets sound go first. */
    const FixtureHint *first = &fixture->hints[0];
    assert_string_equal(first->endpoint_id, "ani");
    assert_int_equal(first->hint.video_bps, 0);
    assert_true(first->hint.audio_bps > 0);
    assert_in_range(first->n_states, 1, fixture->n_states);
    assert_int_equal(fixture->states[first->n_states - 1].state, MEDIA_ENDPOINT_CONNECTED);
    call.packets_per_picture = 1;
    call.obeys = true;
    live_until(&call, 4000, relay_fixture_hint(fixture, "ani")->video_bps > 0);
    live_until(&call, 2000, shown(&call) == MEDIA_PICTURE_MOVING);
    live_until(&call, 1000, relay_fixture_count(call.budi, call.video) > 0);
    relay_fixture_free(call.fixture);
}

/* Probes cannot be filled up for a client without RTX, which gets no padding: what there is to send
 * tries its link in their place, here 68 kbit/s of sound that leave no room for a picture. */
static void test_without_padding_the_link_is_found(void **state)
{
    (void)state;
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.no_rtx = true;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &options);
    int64_t from_us = clock_mono_us(call.fixture->clock);
    int64_t next_us = from_us;
    const MediaHint *hint = NULL;
    while (!hint || hint->video_bps < 45 * 1000) {
        int64_t now_us = clock_mono_us(call.fixture->clock);
        assert_true(now_us - from_us < 2500 * 1000);
        if (now_us >= next_us) {
            uint8_t payload[170] = {0x78};
            MediaPeerSend send = {
                .section = MEDIA_PEER_AUDIO,
                .sequence = call.audio_sequence,
                .timestamp = call.audio_sequence * 960U,
                .payload = payload,
                .n_payload = sizeof payload,
            };
            media_peer_send(call.ani, &send);
            call.audio_sequence++;
            next_us = now_us + 20 * 1000;
        }
        relay_fixture_pump(call.fixture);
        hint = relay_fixture_hint(call.fixture, "ani");
    }
    relay_fixture_free(call.fixture);
}

/* The picture goes so that sound stays, says why, and comes back. */
static void test_picture_pauses_and_comes_back(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 2;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    call.remb_bps = 30 * 1000;
    live_until(&call, 4000, shown(&call) == MEDIA_PICTURE_RECEIVER_LINK);
    live(&call, 1000);
    forget_packets(&call);
    live(&call, 2000);
    assert_int_equal(relay_fixture_count(call.budi, call.video), 0);
    assert_true(relay_fixture_count(call.budi, call.audio) >= 2000 / 120 - 1);
    assert_true(bytes_of(call.budi) * 8 / 2 <= 30 * 1000);
    assert_int_equal(relay_fixture_hint(call.fixture, "ani")->video_bps, 0);
    call.remb_bps = 0;
    live_until(&call, 40 * 1000, shown(&call) == MEDIA_PICTURE_MOVING);
    forget_packets(&call);
    live_until(&call, 3000, relay_fixture_count(call.budi, call.video) > 20);
    relay_fixture_free(call.fixture);
}

/* Feedback that is overdue: what is on the way stands in a queue. Pictures wait for news, sound
 * does not, and after a second a picture is worth the try again. */
static void test_pictures_wait_for_news(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    live(&call, 3000);
    media_peer_set_feedback(call.budi, false);
    live(&call, 720);
    forget_packets(&call);
    live(&call, 200);
    assert_int_equal(relay_fixture_count(call.budi, call.video), 0);
    assert_true(relay_fixture_count(call.budi, call.audio) >= 1);
    live_until(&call, 600, relay_fixture_count(call.budi, call.video) > 0);
    media_peer_set_feedback(call.budi, true);
    live(&call, 500);
    forget_packets(&call);
    live_until(&call, 3000, relay_fixture_count(call.budi, call.video) > 10);
    relay_fixture_free(call.fixture);
}

/* Nothing at all comes from who gave feedback: sound goes on, pictures do not. */
static void test_nobody_is_sent_no_pictures(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 2;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    live(&call, 6000);
    media_peer_set_feedback(call.budi, false);
    media_peer_set_answers_checks(call.budi, false);
    live(&call, 1600);
    forget_packets(&call);
    live(&call, 1500);
    assert_int_equal(relay_fixture_count(call.budi, call.video), 0);
    assert_true(relay_fixture_count(call.budi, call.audio) > 20);
    /* Who comes back by a thin link comes back through what is sent to it. */
    live_until(&call, 9000, relay_fixture_hint(call.fixture, "ani")->audio_bps <= 10000);
    media_peer_set_feedback(call.budi, true);
    live(&call, 1000);
    forget_packets(&call);
    live_until(&call, 3000, relay_fixture_count(call.budi, call.video) > 10);
    relay_fixture_free(call.fixture);
}

/* Nothing is on the way while nobody speaks or shows anything: what comes then does not wait. */
static void test_what_comes_after_a_pause_does_not_wait(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    /* A busy machine may hold the relay up once; what waits for news, or is taken for gone, does so
     * each time. */
    static const int64_t pauses_ms[] = {800, 3000};
    bool is_there[G_N_ELEMENTS(pauses_ms)] = {false};
    for (unsigned n = 0; n < 4 * G_N_ELEMENTS(pauses_ms); n++) {
        unsigned i = n % G_N_ELEMENTS(pauses_ms);
        if (is_there[i])
            continue;
        call.packets_per_picture = 1;
        call.next_audio_us = 0;
        live(&call, 2000);
        call.packets_per_picture = 0;
        call.next_audio_us = INT64_MAX;
        /* In the longer one it says nothing either. */
        media_peer_set_answers_checks(call.budi, i == 0);
        live(&call, pauses_ms[i]);
        forget_packets(&call);
        call.packets_per_picture = 1;
        call.next_video_us = 0;
        live(&call, 120);
        is_there[i] = relay_fixture_count(call.budi, call.video) > 0;
    }
    assert_true(is_there[0]);
    assert_true(is_there[1]);
    relay_fixture_free(call.fixture);
}

/* What one picture too large for the link does to it: it is spread, sound passes it. */
static void test_pictures_are_paced(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    call.remb_bps = 200 * 1000;
    live(&call, 1500);
    call.packets_per_picture = 0;
    live(&call, 300); /* what was on its way has left */
    forget_packets(&call);
    call.packets_per_picture = 8;
    call.next_video_us = 0;
    turn(&call); /* 8,352 bytes: a third of a second of the link */
    call.packets_per_picture = 0;
    live(&call, 1000);
    assert_int_equal(relay_fixture_count(call.budi, call.video), 8);
    /* 1.5 times the target at most, and a packet. */
    assert_in_range(most_in_a_window(call.budi), 1, 200 * 1000 / 8 / 10 * 3 / 2 + 1100);
    const MediaPeerLog *log = media_peer_log(call.budi);
    int64_t last_us = 0;
    for (unsigned i = 0; i < log->n_packets; i++) {
        if (log->packets[i].header.ssrc != call.audio)
            continue;
        assert_true(last_us == 0 || log->packets[i].at_us - last_us <= 120 * 1000);
        last_us = log->packets[i].at_us;
    }
    relay_fixture_free(call.fixture);
}

/* Who never says what arrives gets sound at once and a picture later; a third does not notice. */
static void test_receiver_without_feedback(void **state)
{
    (void)state;
    MediaPeerOptions mute = RELAY_FIXTURE_BOTH;
    mute.no_feedback = true;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &mute);
    MediaPeer *third = relay_fixture_join(call.fixture, "third", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(call.fixture, third);
    uint32_t third_video = media_peer_answer(third)->sections[1].ssrc;
    call.packets_per_picture = 1;
    live_until(&call, 4000, relay_fixture_count(third, third_video) > 0);
    media_peer_log(third)->n_packets = 0;
    forget_packets(&call);
    live(&call, 2000);
    assert_true(relay_fixture_count(call.budi, call.audio) >= 2000 / 120 - 2);
    assert_in_range(relay_fixture_count(third, third_video), 2000 / 80 - 5, 2000 / 80 + 5);
    relay_fixture_free(call.fixture);
}

/* The receiver was cut off: its picture goes on with a key frame as soon as it is heard of. */
static void test_key_frame_after_the_receivers_outage(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    live(&call, 2000);
    media_peer_set_cut_off(call.budi, true);
    live(&call, 1500); /* short enough that nothing else has changed */
    unsigned before = media_peer_log(call.ani)->control.n_plis;
    media_peer_set_cut_off(call.budi, false);
    live_until(&call, 1000, media_peer_log(call.ani)->control.n_plis > before);
    forget_packets(&call);
    live_until(&call, 1000, relay_fixture_count(call.budi, call.video) > 2);
    relay_fixture_free(call.fixture);
}

/* The sender was cut off: no long list of what was lost, one key frame. */
static void test_key_frame_after_the_senders_outage(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 4;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    live(&call, 2000);
    media_peer_set_cut_off(call.ani, true);
    live(&call, 1700);
    const MediaPeerControl *control = &media_peer_log(call.ani)->control;
    unsigned plis_before = control->n_plis;
    unsigned nacked_before = control->n_nacked;
    media_peer_set_cut_off(call.ani, false);
    live_until(&call, 200, control->n_plis > plis_before);
    live(&call, 500);
    assert_int_equal(control->n_nacked, nacked_before);
    relay_fixture_free(call.fixture);
}

/* A nominated check from a new address moves the media at once; what was under way is lost. */
static void test_move_asks_for_key_frames(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    live(&call, 2000);
    unsigned before = media_peer_log(call.ani)->control.n_plis;
    media_peer_move(call.budi);
    media_peer_check(call.budi, true);
    live_until(&call, 200, media_peer_log(call.ani)->control.n_plis > before);
    relay_fixture_free(call.fixture);
}

/* RFC 5506: what tells of one thing alone goes out alone only to who has said that it takes that.
 */
static void test_feedback_comes_with_a_report_unless_agreed(void **state)
{
    MediaPeerOptions ani = RELAY_FIXTURE_BOTH;
    ani.no_reduced_rtcp = *state != NULL;
    Call call = call_new(&ani, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    call.lost_before = 10;
    const MediaPeerControl *control = &media_peer_log(call.ani)->control;
    live_until(&call, 8000, control->n_nacks > 0 && control->n_plis > 0 && control->n_twcc > 3);
    assert_int_equal(control->n_reduced == 0, ani.no_reduced_rtcp);
    relay_fixture_free(call.fixture);
}

typedef struct {
    bool restarts; /* ICE */
    uint8_t host;
    bool is_new_link;
} Move;

static const Move moves[] = {
    {.restarts = true, .host = 2, .is_new_link = true}, /* from Wi-Fi to mobile data */
    {.restarts = true, .host = 1},                      /* after an outage: other ports */
    {.restarts = false, .host = 2},                     /* a NAT */
};

static void move(const Call *call, MediaPeer *peer, const Move *how)
{
    if (how->restarts) {
        media_peer_restart_ice(peer);
        relay_fixture_renegotiate(call->fixture, peer);
    }
    media_peer_move_to(peer, how->host);
    media_peer_check(peer, true);
}

/* Lives for a second; whether CONDITION held at any moment. */
#define came_within_a_second(call, condition)                                                      \
    ({                                                                                             \
        bool came_ = false;                                                                        \
        for (unsigned i_ = 0; i_ < 20 && !came_; i_++) {                                           \
            live(call, 50);                                                                        \
            came_ = (condition);                                                                   \
        }                                                                                          \
        came_;                                                                                     \
    })

/* What is sent over another network begins as a call does: sound first, and then a picture. */
static void test_a_sender_on_another_network_begins_anew(void **state)
{
    const Move *how = *state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    call.obeys = true;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    live(&call, 3000);
    assert_true(relay_fixture_hint(call.fixture, "ani")->video_bps > 0);
    move(&call, call.ani, how);
    bool came =
        came_within_a_second(&call, relay_fixture_hint(call.fixture, "ani")->video_bps == 0);
    assert_int_equal(came, how->is_new_link);
    live_until(&call, 5000, relay_fixture_hint(call.fixture, "ani")->video_bps > 0);
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    relay_fixture_free(call.fixture);
}

/* The same of what it gets. */
static void test_a_receiver_on_another_network_begins_anew(void **state)
{
    const Move *how = *state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    live(&call, 3000);
    move(&call, call.budi, how);
    bool came = came_within_a_second(&call, shown(&call) != MEDIA_PICTURE_MOVING);
    assert_int_equal(came, how->is_new_link);
    forget_packets(&call);
    live(&call, 300);
    assert_true(relay_fixture_count(call.budi, call.audio) > 0);
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    relay_fixture_free(call.fixture);
}

/* Each move of a client that receives, and after the last one whether its picture pauses, as it
 * does when its link is measured anew. */
static bool is_measured_anew_after(const Move *how, unsigned n)
{
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    live(&call, 3000);
    bool came = false;
    for (unsigned i = 0; i < n; i++) {
        move(&call, call.budi, &how[i]);
        came = came_within_a_second(&call, shown(&call) != MEDIA_PICTURE_MOVING);
        live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
        live(&call, 2000);
    }
    relay_fixture_free(call.fixture);
    return came;
}

static void test_a_nat_after_a_restart_keeps_the_link(void **state)
{
    (void)state;
    static const Move how[] = {{.restarts = true, .host = 1}, {.restarts = false, .host = 2}};
    assert_false(is_measured_anew_after(how, G_N_ELEMENTS(how)));
}

static void test_a_restart_after_a_nat_keeps_the_link(void **state)
{
    (void)state;
    static const Move how[] = {{.restarts = false, .host = 2}, {.restarts = true, .host = 2}};
    assert_false(is_measured_anew_after(how, G_N_ELEMENTS(how)));
}

/* Where the NAT has moved it to is what it leaves: back where it began is another network. */
static void test_another_network_after_a_nat_is_measured_anew(void **state)
{
    (void)state;
    static const Move how[] = {{.restarts = false, .host = 2}, {.restarts = true, .host = 1}};
    assert_true(is_measured_anew_after(how, G_N_ELEMENTS(how)));
}

/* From one good network to another: its first picture is larger than at the beginning of a call,
 * where all that is asked for is 60 kbit/s. */
static void test_another_good_network_is_soon_in_use(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 8; /* 840 kbit/s */
    live_until(&call, 8000, shown(&call) == MEDIA_PICTURE_MOVING);
    live(&call, 4000);
    move(&call, call.ani, &moves[0]);
    live_until(&call, 1000, relay_fixture_hint(call.fixture, "ani")->video_bps == 0);
    live_until(&call, 5000, relay_fixture_hint(call.fixture, "ani")->video_bps > 0);
    assert_in_range(relay_fixture_hint(call.fixture, "ani")->video_bps, 60 * 1000, 150 * 1000);
    relay_fixture_free(call.fixture);
}

/* On a thin link what is lost is asked for in few packets. */
static void test_nacks_take_a_twentieth(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    Call back = call; /* ani's own link is thin: 60 kbit/s carry 3 of NACKs */
    back.budi = call.ani;
    back.video = media_peer_answer(call.ani)->sections[1].ssrc;
    back.remb_bps = 60 * 1000;
    live(&call, 1000);
    const MediaPeerControl *control = &media_peer_log(call.ani)->control;
    unsigned before = control->n_nacks;
    for (unsigned i = 0; i < 40; i++) {
        if (i % 10 == 0)
            send_remb(&back);
        call.audio_sequence++; /* every second packet is lost */
        live(&call, 50);
    }
    assert_true(control->n_nacked > 0);
    assert_in_range(control->n_nacks - before, 1, 2 * 3000 / 8 / 70 + 1);
    relay_fixture_free(call.fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound_first_then_the_picture),
        cmocka_unit_test(test_without_padding_the_link_is_found),
        cmocka_unit_test(test_picture_pauses_and_comes_back),
        cmocka_unit_test(test_pictures_wait_for_news),
        cmocka_unit_test(test_nobody_is_sent_no_pictures),
        cmocka_unit_test(test_what_comes_after_a_pause_does_not_wait),
        cmocka_unit_test(test_pictures_are_paced),
        cmocka_unit_test(test_receiver_without_feedback),
        cmocka_unit_test(test_key_frame_after_the_receivers_outage),
        cmocka_unit_test(test_key_frame_after_the_senders_outage),
        cmocka_unit_test(test_move_asks_for_key_frames),
        cmocka_unit_test(test_feedback_comes_with_a_report_unless_agreed),
        cmocka_unit_test_prestate(test_feedback_comes_with_a_report_unless_agreed,
                                  (void *)&moves[0]),
        cmocka_unit_test_prestate(test_a_sender_on_another_network_begins_anew, (void *)&moves[0]),
        cmocka_unit_test_prestate(test_a_sender_on_another_network_begins_anew, (void *)&moves[1]),
        cmocka_unit_test_prestate(test_a_sender_on_another_network_begins_anew, (void *)&moves[2]),
        cmocka_unit_test_prestate(test_a_receiver_on_another_network_begins_anew,
                                  (void *)&moves[0]),
        cmocka_unit_test_prestate(test_a_receiver_on_another_network_begins_anew,
                                  (void *)&moves[1]),
        cmocka_unit_test_prestate(test_a_receiver_on_another_network_begins_anew,
                                  (void *)&moves[2]),
        cmocka_unit_test(test_a_nat_after_a_restart_keeps_the_link),
        cmocka_unit_test(test_a_restart_after_a_nat_keeps_the_link),
        cmocka_unit_test(test_another_network_after_a_nat_is_measured_anew),
        cmocka_unit_test(test_another_good_network_is_soon_in_use),
        cmocka_unit_test(test_nacks_take_a_twentieth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
