// SPDX-License-Identifier: Apache-2.0
// What senders are asked for, and what they and their receivers get of it.
#include "media/relay/stream.h"
#include "tests/unit/media/relay_call.h"

static void test_hints_are_not_told_too_often(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 2;
    call.obeys = true;
    unsigned before = call.fixture->n_hints;
    live(&call, 5000);
    assert_true(call.fixture->n_hints > before);
    assert_in_range(call.fixture->n_hints - before, 1, 2 * 11); /* two peers, two a second */
    relay_fixture_free(call.fixture);
}

static void test_remb_caps_the_sender(void **state)
{
    (void)state;
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.remb = true;
    Call call = call_new(&options, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    call.obeys = true;
    const MediaPeerControl *control = &media_peer_log(call.ani)->control;
    live_until(&call, 3000, control->n_rembs > 0);
    live_until(&call, 4000, relay_fixture_hint(call.fixture, "ani")->video_bps > 0);
    call.remb_bps = 100 * 1000;
    live(&call, 4000);
    uint32_t video_bps = relay_fixture_hint(call.fixture, "ani")->video_bps;
    assert_in_range(video_bps, 1, 100 * 1000);
    assert_in_range(control->last_remb_bps, video_bps, 110 * 1000);
    unsigned before = control->n_rembs;
    live_until(&call, 2500, control->n_rembs >= before + 2); /* repeated with the reports */
    relay_fixture_free(call.fixture);
}

/* A sender that ignores every hint and sends 400 kbit/s into a link of 60: sound does not suffer,
 * the link is not flooded, what is shown are whole key frames. */
static void test_deaf_sender_and_stills(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 4;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    call.remb_bps = 60 * 1000;
    live(&call, 4000);
    forget_packets(&call);
    uint16_t spoken_from = call.audio_sequence;
    live(&call, 6000);
    assert_int_equal(shown(&call), MEDIA_PICTURE_STILLS);
    unsigned n_spoken = (uint16_t)(call.audio_sequence - spoken_from);
    assert_in_range(relay_fixture_count(call.budi, call.audio), n_spoken / 6 - 2, n_spoken + 2);
    assert_in_range(bytes_of(call.budi) * 8 / 6, 1, 66 * 1000);
    const MediaPeerLog *log = media_peer_log(call.budi);
    unsigned n_stills = 0;
    for (unsigned i = 0; i < log->n_packets; i++) {
        const MediaPeerPacket *packet = &log->packets[i];
        if (packet->header.ssrc != call.video)
            continue;
        bool starts_frame = packet->payload[0] & 0x10;
        assert_true(!starts_frame || !(packet->payload[4] & 1)); /* RFC 7741, 4.3: P is 0 */
        n_stills += starts_frame;
    }
    assert_true(n_stills > 0);
    /* The first and the last may lie across the ends of the measurement. */
    assert_in_range(relay_fixture_count(call.budi, call.video), 4 * (n_stills - 1),
                    4 * n_stills + 3);
    relay_fixture_free(call.fixture);
}

/* A still every few seconds is a picture that flows, not a camera that goes on and off. */
static void test_rare_stills_flow(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    call.all_key_frames = true;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    call.remb_bps = 42 * 1000;
    live_until(&call, 10000, relay_fixture_hint(call.fixture, "ani")->video_stills);
    live(&call, 1000);
    call.packets_per_picture = 0;
    unsigned n_flows = call.fixture->n_flows;
    assert_in_range(relay_fixture_hint(call.fixture, "ani")->video_fps_tenths, 2, 9);
    for (unsigned i = 0; i < 3; i++) {
        live(&call, 3000);
        send_layer(&call, 0, 1, (uint32_t)(clock_mono_us(call.fixture->clock) * 9 / 100), true);
        assert_int_equal(shown(&call), MEDIA_PICTURE_STILLS);
    }
    assert_int_equal(call.fixture->n_flows, n_flows);
    live_until(&call, 15000, call.fixture->n_flows > n_flows); /* it ends in the end */
    assert_false(call.fixture->flows[n_flows].flowing);
    relay_fixture_free(call.fixture);
}

/* Who hears no hints goes on with a picture that moves, whatever was asked for; single pictures do
 * not, key frames however close, nor a frame now and then. */
static void test_what_comes_says_whether_it_moves(void **state)
{
    (void)state;
    static const struct {
        int64_t every_us;
        bool is_key, moves;
    } rows[] = {
        {66 * 1000, false, true},   /* 15 a second */
        {66 * 1000, true, false},   /* each a key frame */
        {500 * 1000, false, false}, /* two a second, as single pictures come at most */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        Layer layer = {0};
        int64_t now_us = 1000 * 1000;
        assert_false(layer_moves(&layer, now_us));
        for (uint32_t n = 0; n < 20; n++) {
            now_us += rows[i].every_us;
            layer_note_frame(&layer, n * 3000, n == 0 || rows[i].is_key, now_us);
            layer_note_frame(&layer, n * 3000, n == 0 || rows[i].is_key, now_us + 5 * 1000);
        }
        assert_int_equal(layer_moves(&layer, now_us), rows[i].moves);
        assert_false(layer_moves(&layer, now_us + 1000 * 1000));
    }
}

static void test_senders_hear_of_the_worst_loss(void **state)
{
    (void)state;
    MediaPeerOptions lossy = RELAY_FIXTURE_BOTH;
    lossy.loses_one_in = 5;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &lossy);
    const MediaPeerControl *control = &media_peer_log(call.ani)->control;
    live_until(&call, 6000, control->fraction_lost[0] >= 256 / 10);
    live(&call, 1500);
    assert_in_range(control->fraction_lost[0], 256 / 10, 256 / 3);
    assert_int_equal(control->fraction_lost[1], 0);
    relay_fixture_free(call.fixture);
}

/* Who takes neither RED nor repairs is sent its sound twice, as the same bytes, once it loses some.
 */
static void test_sound_goes_out_twice_where_nothing_else_helps(void **state)
{
    (void)state;
    MediaPeerOptions lossy = RELAY_FIXTURE_BOTH;
    lossy.loses_one_in = 5;
    lossy.no_nack = true;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &lossy);
    const MediaPeerLog *log = media_peer_log(call.budi);
    /* The second of each is a replay to who has the first. */
    live_until(&call, 15000, log->n_bad_srtp >= 20);
    unsigned before = log->n_bad_srtp;
    forget_packets(&call);
    live(&call, 2000);
    unsigned n_first = relay_fixture_count(call.budi, call.audio);
    /* All of them on a machine that keeps up; each is due at its time only. */
    assert_in_range(log->n_bad_srtp - before, n_first / 4, n_first + 3);
    relay_fixture_free(call.fixture);
}

/* The layers that came, as bits. */
static unsigned layers_of(MediaPeer *peer, uint32_t ssrc)
{
    const MediaPeerLog *log = media_peer_log(peer);
    unsigned layers = 0;
    for (unsigned i = 0; i < log->n_packets; i++) {
        if (log->packets[i].header.ssrc == ssrc && log->packets[i].n_payload > 0)
            layers |= 1U << log->packets[i].payload[30];
    }
    return layers;
}

/* Two layers, three people: who has a good link gets the large one, who has a thin one the small
 * one, without a hole in the numbers. */
static void test_each_receiver_gets_its_layer(void **state)
{
    (void)state;
    MediaPeerOptions two = RELAY_FIXTURE_BOTH;
    two.n_rids = 2;
    Call call = call_new(&two, &RELAY_FIXTURE_BOTH);
    MediaPeer *third = relay_fixture_join(call.fixture, "third", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(call.fixture, third);
    uint32_t third_video = media_peer_answer(third)->sections[1].ssrc;
    assert_int_equal(media_peer_answer(call.ani)->sections[1].n_rids, 2);
    call.packets_per_picture = 4; /* 418 kbit/s */
    call.has_small_layer = true;  /* and 104 */
    call.remb_bps = 200 * 1000;
    live_until(&call, 6000, shown(&call) == MEDIA_PICTURE_MOVING);
    live(&call, 2000);
    /* Two seconds of one layer alone; how long the step up to it takes is the simulator's. */
    for (unsigned i = 0; i < 6; i++) {
        forget_packets(&call);
        media_peer_log(third)->n_packets = 0;
        live(&call, 2000);
        if (layers_of(third, third_video) == 1 && layers_of(call.budi, call.video) == 2)
            break;
    }
    assert_int_equal(layers_of(third, third_video), 1);
    assert_int_equal(layers_of(call.budi, call.video), 2);
    call.remb_bps = 0; /* back to all that there is */
    live_until(&call, 40 * 1000, layers_of(call.budi, call.video) == 3);
    const MediaPeerLog *log = media_peer_log(call.budi);
    const MediaPeerPacket *before = NULL;
    for (unsigned i = 0; i < log->n_packets; i++) {
        const MediaPeerPacket *packet = &log->packets[i];
        if (packet->header.ssrc != call.video)
            continue;
        assert_true(!before || packet->header.sequence == (uint16_t)(before->header.sequence + 1));
        before = packet;
    }
    relay_fixture_free(call.fixture);
}

/* On a link of some 200 kbit/s that loses a little, a sender's Opus is to put each frame into the
 * next packet too, which libopus does from 6 % of loss on: more is told until it does. This one
 * never does. */
static void test_a_middling_link_is_asked_for_opus_redundancy(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    const MediaPeerControl *control = &media_peer_log(call.ani)->control;
    call.packets_per_picture = 1;
    int64_t from_us = clock_mono_us(call.fixture->clock);
    live_until(&call, 5000, clock_mono_us(call.fixture->clock) - from_us > 4 * 1000 * 1000);
    assert_int_equal(control->fraction_lost[MEDIA_PEER_AUDIO], 0); /* nothing is lost */
    call.lost_before = 60;
    live_until(&call, 12000, control->fraction_lost[MEDIA_PEER_AUDIO] == 51);
    assert_true(control->fraction_lost[MEDIA_PEER_VIDEO] < 16);
    assert_true(relay_fixture_hint(call.fixture, "ani")->audio_fec);
    assert_int_equal(relay_fixture_hint(call.fixture, "ani")->ptime_ms, 20);
    live_until(&call, 10000, control->fraction_lost[MEDIA_PEER_AUDIO] < 16);
    relay_fixture_free(call.fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hints_are_not_told_too_often),
        cmocka_unit_test(test_remb_caps_the_sender),
        cmocka_unit_test(test_deaf_sender_and_stills),
        cmocka_unit_test(test_rare_stills_flow),
        cmocka_unit_test(test_what_comes_says_whether_it_moves),
        cmocka_unit_test(test_senders_hear_of_the_worst_loss),
        cmocka_unit_test(test_sound_goes_out_twice_where_nothing_else_helps),
        cmocka_unit_test(test_each_receiver_gets_its_layer),
        cmocka_unit_test(test_a_middling_link_is_asked_for_opus_redundancy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
