// SPDX-License-Identifier: Apache-2.0
/* What reports do to a call: those of clients without transport-wide feedback, and what a sender is
 * told in ours. The clock is a fake one that runs by itself. */
#include "media/rate/rtp_stats.h"
#include "tests/support/relay_fixture.h"

enum {
    FRAME_US = 20 * 1000,
    PICTURE_US = 80 * 1000,
    REPORT_US = 1000 * 1000,
    N_KINDS = 2,
};

/* Budi's browser: what it counts of what it gets. */
typedef struct {
    uint32_t ssrcs[N_KINDS];
    RtpStats stats[N_KINDS];
    unsigned loses_one_in; /* pictures too, 0: none */
    unsigned loses_picture_one_in;
    unsigned n_seen; /* packets of the peer's log */
    unsigned n_of[N_KINDS];
    int64_t next_us;
} Receiver;

typedef struct {
    RelayFixture *fixture;
    MediaPeer *ani;
    MediaPeer *budi;
    Receiver receiver;
    unsigned lost_before; /* of ani's packets one in so many is lost on ani's own link; 0: none */
    bool has_picture;
    uint16_t audio_sequence;
    uint16_t video_sequence;
    int64_t next_audio_us, next_video_us;
} Call;

/* Budi tells what arrives by transport-wide feedback, in which one packet in so many is missing; or
 * has none and reports. */
static Call call_new(bool has_feedback, unsigned loses_one_in)
{
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.no_transport_cc = options.no_feedback = !has_feedback;
    options.loses_one_in = loses_one_in;
    Call call = {.fixture = relay_fixture_new_running(), .has_picture = true};
    call.ani = relay_fixture_join(call.fixture, "ani", &RELAY_FIXTURE_BOTH);
    call.budi = relay_fixture_join(call.fixture, "budi", &options);
    relay_fixture_connect(call.fixture, call.ani);
    relay_fixture_connect(call.fixture, call.budi);
    for (unsigned i = 0; i < N_KINDS; i++) {
        call.receiver.ssrcs[i] = media_peer_answer(call.budi)->sections[i].ssrc;
        rtp_stats_init(&call.receiver.stats[i], i == 0 ? 48000 : 90000);
    }
    return call;
}

static void count_packet(Receiver *receiver, const MediaPeerPacket *packet)
{
    for (unsigned i = 0; i < N_KINDS; i++) {
        unsigned one_in = i == 0 ? receiver->loses_one_in : receiver->loses_picture_one_in;
        if (packet->header.ssrc != receiver->ssrcs[i])
            continue;
        if (one_in == 0 || receiver->n_of[i]++ % one_in != 0)
            rtp_stats_on_packet(&receiver->stats[i], packet->header.sequence,
                                packet->header.timestamp, packet->at_us);
    }
}

/* Sound first, as browsers do. */
static void report(Call *call, int64_t now_us)
{
    Receiver *receiver = &call->receiver;
    const MediaPeerLog *log = media_peer_log(call->budi);
    while (receiver->n_seen < log->n_packets)
        count_packet(receiver, &log->packets[receiver->n_seen++]);
    if (now_us < receiver->next_us)
        return;
    receiver->next_us = now_us + REPORT_US;
    uint8_t data[128];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    RtcpReportBlock blocks[N_KINDS];
    size_t n = 0;
    for (unsigned i = 0; i < N_KINDS; i++)
        n += rtp_stats_report(&receiver->stats[i], receiver->ssrcs[i], now_us, &blocks[n]);
    assert_int_equal(rtcp_write_rr(&writer, 77, blocks, n), RTCP_OK);
    media_peer_send_rtcp(call->budi, data, writer.size);
}

static void send_audio(Call *call)
{
    uint16_t sequence = call->audio_sequence++;
    if (call->lost_before == 0 || sequence % call->lost_before != 0)
        relay_fixture_send_audio(call->ani, sequence);
}

static void turn(Call *call)
{
    int64_t now_us = clock_mono_us(call->fixture->clock);
    if (now_us >= call->next_audio_us) {
        send_audio(call);
        call->next_audio_us = MAX(call->next_audio_us, now_us - FRAME_US) + FRAME_US;
    }
    if (now_us >= call->next_video_us && call->has_picture) {
        relay_fixture_send_video(call->ani, call->video_sequence, call->video_sequence % 12 == 0);
        call->video_sequence++;
        call->next_video_us = now_us + PICTURE_US;
    }
    report(call, now_us);
    relay_fixture_pump(call->fixture);
}

static void live(Call *call, int64_t ms)
{
    int64_t end_us = clock_mono_us(call->fixture->clock) + ms * 1000;
    while (clock_mono_us(call->fixture->clock) < end_us)
        turn(call);
}

static MediaPicture shown(const Call *call)
{
    return relay_fixture_picture(call->fixture, "budi", "1");
}

/* A fifth of ani's sound is lost on ani's own link and asked for in vain. Budi reports it as lost,
 * as it cannot know better; its link is as good as ever. */
static void test_publishers_loss_is_not_the_receivers(void **state)
{
    (void)state;
    Call call = call_new(false, 0);
    call.lost_before = 5;
    live(&call, 4000);
    assert_int_equal(shown(&call), MEDIA_PICTURE_MOVING);
    live(&call, 12 * 1000);
    RtcpReportBlock block;
    assert_true(rtp_stats_report(&call.receiver.stats[0], 1, 0, &block));
    assert_in_range(block.cumulative_lost, 100, 220); /* budi did say so */
    assert_int_equal(shown(&call), MEDIA_PICTURE_MOVING);
    for (unsigned i = 0; i < call.fixture->n_pictures; i++)
        assert_int_not_equal(call.fixture->pictures[i].picture, MEDIA_PICTURE_RECEIVER_LINK);
    const FixtureSample *last = NULL;
    for (unsigned i = 0; i < call.fixture->n_samples; i++) {
        if (g_str_equal(call.fixture->samples[i].endpoint_id, "budi"))
            last = &call.fixture->samples[i];
    }
    assert_non_null(last);
    assert_int_equal(last->sample.out[MEDIA_KIND_AUDIO].lost, 0);
    relay_fixture_free(call.fixture);
}

/* The receiver's own loss counts beside it, and the sender hears of it. */
static void test_receivers_loss_is_its_own(void **state)
{
    (void)state;
    Call call = call_new(false, 0);
    call.lost_before = 10;
    call.receiver.loses_one_in = 3;
    live(&call, 16 * 1000);
    assert_int_equal(shown(&call), MEDIA_PICTURE_RECEIVER_LINK);
    const MediaPeerControl *control = &media_peer_log(call.ani)->control;
    assert_int_equal(control->fraction_lost[0],
                     256 / 5); /* the most that one receiver counts for */
    relay_fixture_free(call.fixture);
}

/* Sound's block stands first and is clean. */
static void test_the_pictures_loss_counts_beside_clean_sound(void **state)
{
    (void)state;
    Call call = call_new(false, 0);
    live(&call, 4000);
    assert_int_equal(shown(&call), MEDIA_PICTURE_MOVING);
    call.receiver.loses_picture_one_in = 2;
    uint32_t before = relay_fixture_hint(call.fixture, "ani")->video_bps;
    live(&call, 10 * 1000);
    assert_true(relay_fixture_hint(call.fixture, "ani")->video_bps < before * 3 / 4);
    relay_fixture_free(call.fixture);
}

/* The fraction is the worst receiver's, for the sender's Opus; the cumulative count its own link's,
 * as browsers take it for congestion. */
static void test_the_receivers_loss_is_not_counted_to_the_sender(void **state)
{
    (void)state;
    Call call = call_new(true, 5);
    live(&call, 5000);
    const MediaPeerControl *control = &media_peer_log(call.ani)->control;
    assert_in_range(control->fraction_lost[MEDIA_PEER_AUDIO], 256 / 10, 256 / 3);
    assert_int_equal(control->cumulative_lost[MEDIA_PEER_AUDIO], 0);
    assert_int_equal(control->fraction_lost[MEDIA_PEER_VIDEO], 0);
    assert_int_equal(control->cumulative_lost[MEDIA_PEER_VIDEO], 0);
    /* Ten of its own. */
    call.lost_before = 5;
    uint16_t first = call.audio_sequence;
    while ((uint16_t)(call.audio_sequence - first) < 50)
        turn(&call);
    call.lost_before = 0;
    live(&call, 2500);
    assert_int_equal(control->cumulative_lost[MEDIA_PEER_AUDIO], 10);
    assert_in_range(control->fraction_lost[MEDIA_PEER_AUDIO], 256 / 10, 256 / 3);
    relay_fixture_free(call.fixture);
}

/* Some tell what came when a marker has, at the end of a picture: sound that nothing is told of has
 * one. Where feedback comes, or none was agreed on, it has none. */
static void test_sound_asks_for_feedback(void **state)
{
    (void)state;
    static const struct {
        bool no_transport_cc, no_feedback, is_marked;
    } rows[] = {{false, true, true}, {false, false, false}, {true, true, false}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        Call call = call_new(false, 0);
        MediaPeerOptions options = RELAY_FIXTURE_BOTH;
        options.no_transport_cc = rows[i].no_transport_cc;
        options.no_feedback = rows[i].no_feedback;
        MediaPeer *citra = relay_fixture_join(call.fixture, "citra", &options);
        relay_fixture_connect(call.fixture, citra);
        call.has_picture = false;
        live(&call, 3000);
        const MediaPeerLog *log = media_peer_log(citra);
        unsigned n = 0;
        unsigned n_marked = 0;
        for (unsigned k = 0; k < log->n_packets; k++) {
            bool is_sound = log->packets[k].header.payload_type == MEDIA_PEER_AUDIO_PT;
            n += is_sound;
            n_marked += is_sound && log->packets[k].header.marker;
        }
        assert_in_range(n, 20, 200);
        if (rows[i].is_marked)
            assert_in_range(n_marked, n / 2, n - 1);
        else
            assert_in_range(n_marked, 0, 1); /* the first may begin a talk spurt */
        relay_fixture_free(call.fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_publishers_loss_is_not_the_receivers),
        cmocka_unit_test(test_receivers_loss_is_its_own),
        cmocka_unit_test(test_the_pictures_loss_counts_beside_clean_sound),
        cmocka_unit_test(test_the_receivers_loss_is_not_counted_to_the_sender),
        cmocka_unit_test(test_sound_asks_for_feedback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
