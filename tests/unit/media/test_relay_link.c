// SPDX-License-Identifier: Apache-2.0
/* A client's link, seen through the relay: what it is sent, how fast, what senders are asked for.
 * The clock is a fake one that runs by itself. */
#include "media/rtp/rtcp_fb.h"
#include "tests/support/relay_fixture.h"

#include <string.h>

enum {
    FRAME_US = 20 * 1000,
    PICTURE_US = 80 * 1000,
    REMB_US = 1000 * 1000,
    WINDOW_US = 100 * 1000,
    WIRE_OVERHEAD = 28 + 16, /* IPv4, UDP, tag */
};

/* Who speaks and shows what, and how thin the receiver says that its link is. */
typedef struct {
    RelayFixture *fixture;
    MediaPeer *ani;
    MediaPeer *budi;
    uint32_t audio; /* SSRCs of budi's slots */
    uint32_t video;
    uint16_t audio_sequence;
    uint16_t video_sequence;
    unsigned packets_per_picture; /* 0: no picture */
    unsigned lost_before;         /* of ani's packets of sound one in so many is lost; 0: none */
    bool obeys;                   /* pictures only as asked for */
    bool all_key_frames;
    bool has_begun;
    unsigned answered_plis;
    unsigned remb_bps;    /* of budi; 0: says nothing */
    bool has_small_layer; /* ani sends a small layer too, a quarter of the large one */
    uint16_t small_sequence;
    int64_t next_audio_us, next_video_us, next_remb_us;
} Call;

static Call call_new(const MediaPeerOptions *ani, const MediaPeerOptions *budi)
{
    Call call = {.fixture = relay_fixture_new_running(), .video_sequence = 1};
    call.ani = relay_fixture_join(call.fixture, "ani", ani);
    call.budi = relay_fixture_join(call.fixture, "budi", budi);
    relay_fixture_connect(call.fixture, call.ani);
    relay_fixture_connect(call.fixture, call.budi);
    call.audio = media_peer_answer(call.budi)->sections[0].ssrc;
    call.video = media_peer_answer(call.budi)->sections[1].ssrc;
    return call;
}

static void send_remb(const Call *call)
{
    uint8_t data[64];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_remb(&writer, 77, call->remb_bps, &call->video, 1), RTCP_OK);
    media_peer_send_rtcp(call->budi, data, writer.size);
}

/* A picture of N packets in a layer. */
static void send_layer(Call *call, unsigned layer, unsigned n, uint32_t timestamp, bool is_key)
{
    for (unsigned i = 0; i < n; i++) {
        uint8_t payload[1000];
        MediaPeerSend send = {
            .section = MEDIA_PEER_VIDEO,
            .layer = layer,
            .sequence = layer == 0 ? call->video_sequence++ : call->small_sequence++,
            .timestamp = timestamp,
            .marker = i + 1 == n,
            .payload = payload,
            .n_payload = relay_fixture_vp8(payload, sizeof payload,
                                           (uint16_t)(timestamp / 7200) & 0x7fff, is_key),
        };
        payload[30] = (uint8_t)layer;
        if (i > 0)
            payload[0] = 0x80; /* not the start of a partition */
        media_peer_send(call->ani, &send);
    }
}

/* A key frame when one was asked for since the last. */
static void send_picture(Call *call)
{
    unsigned n_plis = media_peer_log(call->ani)->control.n_plis;
    bool is_key = call->all_key_frames || n_plis != call->answered_plis || !call->has_begun;
    call->answered_plis = n_plis;
    call->has_begun = true;
    uint32_t timestamp = (uint32_t)(clock_mono_us(call->fixture->clock) * 9 / 100);
    send_layer(call, 0, call->packets_per_picture, timestamp, is_key);
    if (call->has_small_layer)
        send_layer(call, 1, MAX(call->packets_per_picture / 4, 1), timestamp, is_key);
}

static void turn(Call *call)
{
    int64_t now_us = clock_mono_us(call->fixture->clock);
    if (now_us >= call->next_audio_us) {
        uint16_t sequence = call->audio_sequence++;
        if (call->lost_before == 0 || sequence % call->lost_before != 0)
            relay_fixture_send_audio(call->ani, sequence);
        call->next_audio_us = MAX(call->next_audio_us, now_us - FRAME_US) + FRAME_US;
    }
    const MediaHint *hint = relay_fixture_hint(call->fixture, "ani");
    if (now_us >= call->next_video_us && call->packets_per_picture > 0 &&
        (!call->obeys || hint->video_bps > 0)) {
        send_picture(call);
        call->next_video_us = now_us + PICTURE_US;
    }
    if (call->remb_bps > 0 && now_us >= call->next_remb_us) {
        send_remb(call);
        call->next_remb_us = now_us + REMB_US;
    }
    relay_fixture_pump(call->fixture);
}

#define live_until(call, ms, condition)                                                            \
    do {                                                                                           \
        int64_t end_us_ = clock_mono_us((call)->fixture->clock) + (int64_t)(ms)*1000;              \
        while (!(condition)) {                                                                     \
            if (clock_mono_us((call)->fixture->clock) > end_us_)                                   \
                fail_msg("never: %s", #condition);                                                 \
            turn(call);                                                                            \
        }                                                                                          \
    } while (false)

static void live(Call *call, int64_t ms)
{
    int64_t end_us = clock_mono_us(call->fixture->clock) + ms * 1000;
    while (clock_mono_us(call->fixture->clock) < end_us)
        turn(call);
}

static void forget_packets(const Call *call)
{
    media_peer_log(call->budi)->n_packets = 0;
}

/* Bytes on the wire of the most loaded tenth of a second, padding included. */
static size_t most_in_a_window(MediaPeer *peer)
{
    const MediaPeerLog *log = media_peer_log(peer);
    size_t most = 0;
    for (unsigned i = 0; i < log->n_packets; i++) {
        size_t sum = 0;
        for (unsigned k = i; k < log->n_packets; k++) {
            if (log->packets[k].at_us - log->packets[i].at_us >= WINDOW_US)
                break;
            sum += log->packets[k].size + WIRE_OVERHEAD;
        }
        most = MAX(most, sum);
    }
    return most;
}

static size_t bytes_of(MediaPeer *peer)
{
    const MediaPeerLog *log = media_peer_log(peer);
    size_t sum = 0;
    for (unsigned i = 0; i < log->n_packets; i++)
        sum += log->packets[i].size + WIRE_OVERHEAD;
    return sum;
}

static MediaPicture shown(const Call *call)
{
    return relay_fixture_picture(call->fixture, "budi", "1");
}

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

/* Nothing is on the way while nobody speaks or shows anything: what comes then does not wait. */
static void test_what_comes_after_a_pause_does_not_wait(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH, &RELAY_FIXTURE_BOTH);
    call.packets_per_picture = 1;
    live_until(&call, 5000, shown(&call) == MEDIA_PICTURE_MOVING);
    live(&call, 2000);
    call.packets_per_picture = 0;
    call.next_audio_us = INT64_MAX;
    live(&call, 800);
    forget_packets(&call);
    call.packets_per_picture = 1;
    call.next_video_us = 0;
    live_until(&call, 120, relay_fixture_count(call.budi, call.video) > 0);
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
    call.remb_bps = 50 * 1000;
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
        cmocka_unit_test(test_sound_first_then_the_picture),
        cmocka_unit_test(test_hints_are_not_told_too_often),
        cmocka_unit_test(test_remb_caps_the_sender),
        cmocka_unit_test(test_picture_pauses_and_comes_back),
        cmocka_unit_test(test_pictures_wait_for_news),
        cmocka_unit_test(test_what_comes_after_a_pause_does_not_wait),
        cmocka_unit_test(test_pictures_are_paced),
        cmocka_unit_test(test_deaf_sender_and_stills),
        cmocka_unit_test(test_rare_stills_flow),
        cmocka_unit_test(test_senders_hear_of_the_worst_loss),
        cmocka_unit_test(test_sound_goes_out_twice_where_nothing_else_helps),
        cmocka_unit_test(test_receiver_without_feedback),
        cmocka_unit_test(test_key_frame_after_the_receivers_outage),
        cmocka_unit_test(test_key_frame_after_the_senders_outage),
        cmocka_unit_test(test_move_asks_for_key_frames),
        cmocka_unit_test(test_nacks_take_a_twentieth),
        cmocka_unit_test(test_each_receiver_gets_its_layer),
        cmocka_unit_test(test_a_middling_link_is_asked_for_opus_redundancy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
