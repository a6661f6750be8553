// SPDX-License-Identifier: Apache-2.0
/* Lost packets asked for and sent again, key frames asked for, in both directions. */
#include "media/repair/keyframe.h"
#include "media/repair/red.h"
#include "media/rtp/bytes.h"
#include "media/rtp/rtcp_fb.h"
#include "media/rtp/sequence.h"
#include "tests/support/relay_fixture.h"

#include <string.h>

typedef struct {
    RelayFixture *fixture;
    MediaPeer *ani;
    MediaPeer *budi;
    uint32_t audio; /* SSRCs of budi's slots */
    uint32_t video;
    uint32_t rtx;
} Call;

static Call call_new(const MediaPeerOptions *options)
{
    Call call = {.fixture = relay_fixture_new_running()};
    call.ani = relay_fixture_join(call.fixture, "ani", options);
    call.budi = relay_fixture_join(call.fixture, "budi", options);
    relay_fixture_connect(call.fixture, call.ani);
    relay_fixture_connect(call.fixture, call.budi);
    relay_fixture_warm_up(call.fixture, call.ani);
    call.audio = media_peer_answer(call.budi)->sections[0].ssrc;
    call.video = media_peer_answer(call.budi)->sections[1].ssrc;
    call.rtx = media_peer_answer(call.budi)->sections[1].rtx_ssrc;
    return call;
}

/* The packet of SSRC that came as number N, from 0 on. */
static const MediaPeerPacket *nth_packet(MediaPeer *peer, uint32_t ssrc, unsigned n)
{
    const MediaPeerLog *log = media_peer_log(peer);
    for (unsigned i = 0; i < log->n_packets; i++) {
        if (log->packets[i].header.ssrc == ssrc && n-- == 0)
            return &log->packets[i];
    }
    fail_msg("fewer packets than that");
    return NULL;
}

static void send_nack(MediaPeer *peer, uint32_t ssrc, uint16_t sequence)
{
    uint8_t data[64];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_nack(&writer, 77, ssrc, &sequence, 1), RTCP_OK);
    media_peer_send_rtcp(peer, data, writer.size);
}

static void send_pli(MediaPeer *peer, uint32_t ssrc)
{
    uint8_t data[64];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_pli(&writer, 77, ssrc), RTCP_OK);
    media_peer_send_rtcp(peer, data, writer.size);
}

static bool was_nacked(const MediaPeerControl *control, uint16_t sequence)
{
    for (unsigned i = 0; i < control->n_nacked; i++) {
        if (control->nacked[i] == sequence)
            return true;
    }
    return false;
}

/* The publisher's picture 3, which was lost, comes as RTX. */
static void send_third_as_rtx(MediaPeer *publisher)
{
    uint8_t payload[402] = {0, 3};
    (void)relay_fixture_vp8(payload + 2, 400, 3, false);
    MediaPeerSend send = {
        .section = MEDIA_PEER_VIDEO,
        .sequence = 900,
        .timestamp = 9000,
        .marker = true,
        .is_rtx = true,
        .payload = payload,
        .n_payload = sizeof payload,
    };
    media_peer_send(publisher, &send);
}

/* The packet of budi's picture that shows ani's picture NUMBER, as counted from the first. */
static const MediaPeerPacket *picture_packet(const Call *call, unsigned number)
{
    const MediaPeerPacket *first = nth_packet(call->budi, call->video, 0);
    const MediaPeerLog *log = media_peer_log(call->budi);
    for (unsigned i = 0; i < log->n_packets; i++) {
        const RtpHeader *header = &log->packets[i].header;
        if (header->ssrc == call->video &&
            header->timestamp - first->header.timestamp == (number - 1) * 3000)
            return &log->packets[i];
    }
    fail_msg("picture %u never came", number);
    return NULL;
}

/* The publisher's packet 3 is lost on the way to the relay, asked for, and comes as RTX. */
static void test_publisher_is_asked_and_answers_by_rtx(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH);
    for (uint16_t i = 1; i <= 6; i++) {
        if (i != 3)
            relay_fixture_send_video(call.ani, i, i == 1);
    }
    MediaPeerControl *control = &media_peer_log(call.ani)->control;
    relay_fixture_until(call.fixture, was_nacked(control, 3));
    assert_int_equal(control->nack_ssrc, media_peer_ssrc(call.ani, 1));
    send_third_as_rtx(call.ani);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.video) == 6);
    const MediaPeerPacket *first = nth_packet(call.budi, call.video, 0);
    const MediaPeerPacket *late = picture_packet(&call, 3);
    assert_int_equal((uint16_t)(late->header.sequence - first->header.sequence), 2);
    media_endpoint_close(call.fixture->media, "ani");
    relay_fixture_until(call.fixture, call.fixture->n_samples == 1);
    assert_int_equal(call.fixture->samples[0].sample.in[MEDIA_KIND_VIDEO].repaired, 1);
    assert_int_equal(call.fixture->samples[0].sample.in[MEDIA_KIND_VIDEO].lost, 1);
    relay_fixture_free(call.fixture);
}

/* The repair comes when those behind it still wait for their turn to leave. */
static void test_a_repair_leaves_among_those_that_wait(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH);
    /* Nothing of it is pumped: the clock stands, and only the first may leave. */
    for (uint16_t i = 1; i <= 6; i++) {
        if (i != 3)
            relay_fixture_send_video(call.ani, i, i == 1);
    }
    send_third_as_rtx(call.ani);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.video) == 6);
    uint16_t first = nth_packet(call.budi, call.video, 0)->header.sequence;
    for (unsigned i = 1; i <= 6; i++)
        assert_int_equal((uint16_t)(picture_packet(&call, i)->header.sequence - first), i - 1);
    relay_fixture_free(call.fixture);
}

static void test_receiver_gets_video_by_rtx(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH);
    for (uint16_t i = 1; i <= 5; i++)
        relay_fixture_send_video(call.ani, i, i == 1);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.video) == 5);
    MediaPeerPacket original = *nth_packet(call.budi, call.video, 2);
    send_nack(call.budi, call.video, original.header.sequence);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.rtx) == 1);
    const MediaPeerPacket *again = relay_fixture_last(call.budi, call.rtx);
    assert_int_equal(again->header.payload_type, MEDIA_PEER_RTX_PT);
    assert_int_equal(again->header.timestamp, original.header.timestamp);
    assert_int_equal(bytes_read_u16(again->payload), original.header.sequence);
    assert_int_equal(again->n_payload, original.n_payload + 2);
    assert_memory_equal(again->payload + 2, original.payload, MEDIA_PEER_KEPT_PAYLOAD - 2);
    /* A second request at once is a copy of the first: the answer is on its way. */
    send_nack(call.budi, call.video, original.header.sequence);
    send_nack(call.budi, call.video, nth_packet(call.budi, call.video, 3)->header.sequence);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.rtx) == 2);
    /* Probes take numbers of the RTX stream too. */
    assert_true(sequence_newer(relay_fixture_last(call.budi, call.rtx)->header.sequence,
                               again->header.sequence));
    relay_fixture_free(call.fixture);
}

/* What feedback says is lost goes out again though nobody asks. */
static void test_feedback_is_as_good_as_a_nack(void **state)
{
    (void)state;
    MediaPeerOptions lossy = RELAY_FIXTURE_BOTH;
    lossy.loses_one_in = 4;
    Call call = call_new(&lossy);
    MediaPeerPacket lost = {.has_transport_sequence = false};
    for (uint16_t i = 1; i <= 8; i++)
        relay_fixture_send_video(call.ani, i, i == 1);
    /* On a busy machine one may wait so long (500 ms) that it is left out. */
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.video) >= 6);
    for (unsigned n = 0; n < relay_fixture_count(call.budi, call.video); n++) {
        MediaPeerPacket packet = *nth_packet(call.budi, call.video, n);
        if (packet.transport_sequence % 4 == 3 && !lost.has_transport_sequence)
            lost = packet;
    }
    assert_true(lost.has_transport_sequence);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.rtx) > 0);
    const MediaPeerPacket *again = nth_packet(call.budi, call.rtx, 0);
    assert_int_equal(bytes_read_u16(again->payload), lost.header.sequence);
    assert_int_equal(again->n_payload, lost.n_payload + 2);
    relay_fixture_free(call.fixture);
}

/* Audio goes out again as the same bytes (RFC 7714: never the same nonce for other bytes). The
 * receiver has seen them: its replay check says so. */
static void test_receiver_gets_audio_as_the_same_ciphertext(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH);
    for (uint16_t i = 1; i <= 5; i++)
        relay_fixture_send_audio(call.ani, i);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 5);
    unsigned before = media_peer_log(call.budi)->n_bad_srtp;
    send_nack(call.budi, call.audio, nth_packet(call.budi, call.audio, 2)->header.sequence);
    relay_fixture_until(call.fixture, media_peer_log(call.budi)->n_bad_srtp == before + 1);
    MediaStats stats;
    relay_fixture_stats(call.fixture, &stats);
    assert_int_equal(stats.rtx_sent, 1);
    relay_fixture_free(call.fixture);
}

static void test_video_without_rtx_goes_out_as_ciphertext(void **state)
{
    (void)state;
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.no_rtx = true;
    Call call = call_new(&options);
    assert_int_equal(media_peer_answer(call.budi)->sections[1].rtx_ssrc, 0);
    relay_fixture_send_video(call.ani, 1, true);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.video) == 1);
    unsigned before = media_peer_log(call.budi)->n_bad_srtp;
    send_nack(call.budi, call.video, nth_packet(call.budi, call.video, 0)->header.sequence);
    relay_fixture_until(call.fixture, media_peer_log(call.budi)->n_bad_srtp == before + 1);
    relay_fixture_free(call.fixture);
}

/* A packet that was lost on the way to the relay comes as part of the next one; the receiver gets
 * plain Opus, in order. */
static void test_publishers_red_fills_the_gap(void **state)
{
    (void)state;
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.red = true;
    Call call = call_new(&options);
    relay_fixture_send_audio(call.ani, 1);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 1);
    for (uint16_t i = 3; i <= 4; i++) { /* 2 is lost, 3 comes twice */
        uint8_t opus[2][40] = {{0x78, 0, (uint8_t)(i - 1)}, {0x78, 0, (uint8_t)i}};
        RedBlock blocks[2] = {{MEDIA_PEER_AUDIO_PT, 960, opus[0], sizeof opus[0]},
                              {MEDIA_PEER_AUDIO_PT, 0, opus[1], sizeof opus[1]}};
        uint8_t payload[100];
        MediaPeerSend send = {.section = MEDIA_PEER_AUDIO,
                              .sequence = i,
                              .timestamp = i * 960U,
                              .is_red = true,
                              .payload = payload};
        assert_int_equal(red_write(blocks, 2, payload, sizeof payload, &send.n_payload), RED_OK);
        media_peer_send(call.ani, &send);
    }
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 4);
    const MediaPeerPacket *first = nth_packet(call.budi, call.audio, 0);
    for (unsigned n = 0; n < 4; n++) {
        const MediaPeerPacket *packet = nth_packet(call.budi, call.audio, n);
        assert_int_equal(packet->header.payload_type, MEDIA_PEER_AUDIO_PT);
        assert_int_equal(packet->header.sequence, (uint16_t)(first->header.sequence + n));
        assert_int_equal(packet->header.timestamp, first->header.timestamp + n * 960);
        assert_int_equal(packet->payload[2], n + 1);
    }
    media_endpoint_close(call.fixture->media, "ani");
    relay_fixture_until(call.fixture, call.fixture->n_samples == 1);
    assert_int_equal(call.fixture->samples[0].sample.in[MEDIA_KIND_AUDIO].repaired, 1);
    relay_fixture_free(call.fixture);
}

static void test_audio_loss_is_asked_for(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH);
    relay_fixture_send_audio(call.ani, 1);
    relay_fixture_send_audio(call.ani, 4);
    MediaPeerControl *control = &media_peer_log(call.ani)->control;
    relay_fixture_until(call.fixture, was_nacked(control, 2) && was_nacked(control, 3));
    relay_fixture_free(call.fixture);
}

static void test_key_frame_requests_are_merged(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH);
    relay_fixture_send_video(call.ani, 1, true);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.video) == 1);
    MediaPeerControl *control = &media_peer_log(call.ani)->control;
    /* The request of the join is older than the key frame; wait until the limit has passed. */
    int64_t end_us = g_get_monotonic_time() + KEYFRAME_MIN_INTERVAL_US + 100000;
    while (g_get_monotonic_time() < end_us)
        relay_fixture_pump(call.fixture);
    unsigned before = control->n_plis;
    for (unsigned i = 0; i < 20; i++)
        send_pli(call.budi, call.video);
    relay_fixture_until(call.fixture, control->n_plis == before + 1);
    relay_fixture_send_video(call.ani, 2, true);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.video) == 2);
    assert_int_equal(control->n_plis, before + 1);
    relay_fixture_free(call.fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_publisher_is_asked_and_answers_by_rtx),
        cmocka_unit_test(test_a_repair_leaves_among_those_that_wait),
        cmocka_unit_test(test_receiver_gets_video_by_rtx),
        cmocka_unit_test(test_feedback_is_as_good_as_a_nack),
        cmocka_unit_test(test_receiver_gets_audio_as_the_same_ciphertext),
        cmocka_unit_test(test_video_without_rtx_goes_out_as_ciphertext),
        cmocka_unit_test(test_publishers_red_fills_the_gap),
        cmocka_unit_test(test_audio_loss_is_asked_for),
        cmocka_unit_test(test_key_frame_requests_are_merged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
