// SPDX-License-Identifier: Apache-2.0
/* Media from one client to others: SSRCs, numbers, times, slots, reports. */
#include "media/rtp/bytes.h"
#include "media/rtp/rtcp.h"
#include "tests/support/relay_fixture.h"

#include <string.h>

typedef struct {
    RelayFixture *fixture;
    MediaPeer *ani;
    MediaPeer *budi;
    uint32_t audio; /* SSRCs of budi's slots */
    uint32_t video;
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
    return call;
}

static void test_both_kinds_reach_the_other(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH);
    const MediaPeerLog *log = media_peer_log(call.budi);
    for (uint16_t i = 0; i < 50; i++) {
        relay_fixture_send_audio(call.ani, (uint16_t)(65500 + i)); /* wraps */
        relay_fixture_send_video(call.ani, (uint16_t)(65530 + i), i == 0);
    }
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 50 &&
                                          relay_fixture_count(call.budi, call.video) == 50);
    const MediaPeerPacket *last[2] = {NULL, NULL};
    unsigned n_transport = 0;
    uint16_t transport = 0;
    for (unsigned i = 0; i < log->n_packets; i++) {
        const MediaPeerPacket *packet = &log->packets[i];
        bool is_video = packet->header.ssrc == call.video;
        assert_true(packet->has_transport_sequence);
        if (n_transport++ > 0)
            assert_int_equal(packet->transport_sequence, (uint16_t)(transport + 1));
        transport = packet->transport_sequence;
        if (packet->n_payload == 0)
            continue; /* a probe's padding */
        assert_int_equal(packet->header.payload_type,
                         is_video ? MEDIA_PEER_VIDEO_PT : MEDIA_PEER_AUDIO_PT);
        const MediaPeerPacket *before = last[is_video];
        if (before) {
            assert_int_equal(packet->header.sequence, (uint16_t)(before->header.sequence + 1));
            assert_int_equal(packet->header.timestamp - before->header.timestamp,
                             is_video ? 3000 : 960);
        }
        last[is_video] = packet;
    }
    assert_string_equal(relay_fixture_slot(call.fixture, "budi", "0"), "ani");
    assert_string_equal(relay_fixture_slot(call.fixture, "budi", "1"), "ani");
    assert_string_equal(relay_fixture_slot(call.fixture, "ani", "0"), "budi");
    relay_fixture_free(call.fixture);
}

static void test_video_waits_for_a_key_frame(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH);
    relay_fixture_send_video(call.ani, 1, false);
    relay_fixture_send_video(call.ani, 2, false);
    relay_fixture_until(call.fixture, media_peer_log(call.ani)->control.n_plis > 0);
    relay_fixture_send_video(call.ani, 3, true);
    relay_fixture_send_video(call.ani, 4, false);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.video) == 2);
    relay_fixture_free(call.fixture);
}

static void send_raw(const Call *call, uint16_t sequence, const uint8_t *payload, size_t size)
{
    const MediaPeerSend send = {
        .section = MEDIA_PEER_VIDEO,
        .sequence = sequence,
        .timestamp = sequence * 3000U,
        .marker = true,
        .payload = payload,
        .n_payload = size,
    };
    media_peer_send(call->ani, &send);
}

/* From a key frame on, as they come. */
static void test_other_codecs_are_forwarded(void **state)
{
    (void)state;
    static const struct {
        MediaCodecName codec;
        uint8_t delta[3], key[20];
        size_t n_delta, n_key;
    } rows[] = {
        {MEDIA_CODEC_H264,
         {0x41, 0x9a, 0x24},
         {0x78, 0, 4, 0x67, 0x42, 0xe0, 0x1f, 0, 2, 0x68, 0xce, 0, 3, 0x65, 0x88, 0x84},
         3,
         16},
        {MEDIA_CODEC_VP9, {0x4c, 0x86, 0x00}, {0x0c, 0x82, 0x49, 0x83, 0x42}, 3, 5},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        MediaPeerOptions options = RELAY_FIXTURE_BOTH;
        options.video_codec = rows[i].codec;
        Call call = call_new(&options);
        assert_int_equal(media_peer_answer(call.budi)->sections[1].codec.name, rows[i].codec);
        send_raw(&call, 1, rows[i].delta, rows[i].n_delta);
        send_raw(&call, 2, rows[i].delta, rows[i].n_delta);
        relay_fixture_until(call.fixture, media_peer_log(call.ani)->control.n_plis > 0);
        send_raw(&call, 3, rows[i].key, rows[i].n_key);
        relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.video) == 1);
        const MediaPeerPacket *key = relay_fixture_last(call.budi, call.video);
        assert_int_equal(key->n_payload, rows[i].n_key);
        assert_memory_equal(key->payload, rows[i].key, rows[i].n_key);
        send_raw(&call, 4, rows[i].delta, rows[i].n_delta);
        relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.video) == 2);
        const MediaPeerPacket *delta = relay_fixture_last(call.budi, call.video);
        assert_memory_equal(delta->payload, rows[i].delta, rows[i].n_delta);
        relay_fixture_free(call.fixture);
    }
}

static void test_unannounced_ssrc_is_learned(void **state)
{
    (void)state;
    MediaPeerOptions options = RELAY_FIXTURE_BOTH;
    options.hides_ssrc = true;
    Call call = call_new(&options);
    relay_fixture_send_audio(call.ani, 1);
    relay_fixture_send_video(call.ani, 1, true);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 1 &&
                                          relay_fixture_count(call.budi, call.video) == 1);
    /* Another encoder on the same m-line: the same stream to the receiver. */
    uint16_t sequence = relay_fixture_last(call.budi, call.audio)->header.sequence;
    media_peer_set_ssrc(call.ani, 0, 4711);
    relay_fixture_send_audio(call.ani, 30000);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 2);
    assert_int_equal(relay_fixture_last(call.budi, call.audio)->header.sequence,
                     (uint16_t)(sequence + 1));
    relay_fixture_free(call.fixture);
}

/* A publisher's reload: the slot keeps SSRC and numbers, the picture waits for a key frame. */
static void test_reload_keeps_the_slot(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH);
    relay_fixture_send_audio(call.ani, 100);
    relay_fixture_send_video(call.ani, 100, true);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 1 &&
                                          relay_fixture_count(call.budi, call.video) == 1);
    MediaPeerPacket audio = *relay_fixture_last(call.budi, call.audio);
    MediaPeerPacket video = *relay_fixture_last(call.budi, call.video);
    media_endpoint_close(call.fixture->media, "ani");
    relay_fixture_until(call.fixture,
                        strcmp(relay_fixture_slot(call.fixture, "budi", "0"), "") == 0);
    MediaEndpointOptions again = {
        .room_id = "room",
        .endpoint_id = "ani-2",
        .participant_id = "ani",
        .may_publish = true,
        .may_receive = true,
    };
    MediaPeer *reloaded = relay_fixture_join_options(call.fixture, &again, &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(call.fixture, reloaded);
    relay_fixture_until(call.fixture,
                        strcmp(relay_fixture_slot(call.fixture, "budi", "0"), "ani") == 0);
    /* The picture has to be allowed anew. */
    int64_t next_us = clock_mono_us(call.fixture->clock) + 300 * 1000;
    relay_fixture_until(call.fixture, clock_mono_us(call.fixture->clock) >= next_us);
    relay_fixture_send_audio(reloaded, 9000);
    relay_fixture_send_video(reloaded, 9000, false);
    relay_fixture_send_video(reloaded, 9001, true);
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 2 &&
                                          relay_fixture_count(call.budi, call.video) == 2);
    const MediaPeerPacket *next = relay_fixture_last(call.budi, call.audio);
    assert_int_equal(next->header.sequence, (uint16_t)(audio.header.sequence + 1));
    assert_true((int32_t)(next->header.timestamp - audio.header.timestamp) > 0);
    next = relay_fixture_last(call.budi, call.video);
    assert_int_equal(next->header.sequence, (uint16_t)(video.header.sequence + 1));
    /* Picture ids go on by one. */
    unsigned before = (unsigned)(bytes_read_u16(video.payload + 2) & 0x7fff);
    assert_int_equal(bytes_read_u16(next->payload + 2) & 0x7fff, (before + 1) & 0x7fff);
    relay_fixture_free(call.fixture);
}

static void test_third_participant_takes_the_second_slot(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new_running();
    MediaPeerOptions wide = RELAY_FIXTURE_BOTH;
    wide.n_extra = 1;
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &wide);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    MediaPeerOptions camera = RELAY_FIXTURE_BOTH;
    camera.audio = MEDIA_DIRECTION_INACTIVE;
    camera.video = MEDIA_DIRECTION_SENDONLY;
    MediaPeer *third = relay_fixture_join(fixture, "camera", &camera);
    assert_int_equal(media_peer_answer(third)->sections[1].direction, MEDIA_DIRECTION_RECVONLY);
    assert_int_equal(media_peer_answer(third)->sections[1].ssrc, 0);
    assert_int_equal(media_peer_answer(ani)->sections[3].direction, MEDIA_DIRECTION_SENDONLY);
    relay_fixture_connect(fixture, ani);
    relay_fixture_connect(fixture, budi);
    relay_fixture_connect(fixture, third);
    relay_fixture_until(fixture, strcmp(relay_fixture_slot(fixture, "ani", "1"), "budi") == 0);
    relay_fixture_until(fixture, strcmp(relay_fixture_slot(fixture, "ani", "3"), "camera") == 0);
    assert_string_equal(relay_fixture_slot(fixture, "ani", "2"), "");
    assert_string_equal(relay_fixture_slot(fixture, "budi", "1"), "ani");
    relay_fixture_warm_up(fixture, budi);
    relay_fixture_send_video(third, 5, true);
    uint32_t ssrc = media_peer_answer(ani)->sections[3].ssrc;
    relay_fixture_until(fixture, relay_fixture_count(ani, ssrc) == 1);
    /* Somebody leaves: the camera stays where it is, the first slot is empty. */
    media_endpoint_close(fixture->media, "budi");
    relay_fixture_until(fixture, strcmp(relay_fixture_slot(fixture, "ani", "1"), "") == 0);
    assert_string_equal(relay_fixture_slot(fixture, "ani", "3"), "camera");
    relay_fixture_free(fixture);
}

static void test_direction_changes_by_a_new_offer(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(false, 1);
    MediaPeerOptions quiet = RELAY_FIXTURE_BOTH;
    quiet.audio = MEDIA_DIRECTION_RECVONLY;
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &quiet);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    assert_int_equal(media_peer_answer(ani)->sections[0].direction, MEDIA_DIRECTION_SENDONLY);
    relay_fixture_connect(fixture, ani);
    relay_fixture_connect(fixture, budi);
    relay_fixture_until(fixture, strcmp(relay_fixture_slot(fixture, "budi", "1"), "ani") == 0);
    assert_string_equal(relay_fixture_slot(fixture, "budi", "0"), "");
    relay_fixture_free(fixture);
}

static RtcpSenderInfo sender_info(MediaPeer *peer, unsigned section, uint64_t ntp,
                                  uint32_t timestamp)
{
    return (RtcpSenderInfo){
        .ssrc = media_peer_ssrc(peer, section), .ntp = ntp, .rtp_timestamp = timestamp};
}

/* Sound and picture of one client keep their distance on the server's clock. */
static void test_sender_reports_keep_lips_in_time(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH);
    relay_fixture_send_audio(call.ani, 10);       /* timestamp 9600 */
    relay_fixture_send_video(call.ani, 10, true); /* timestamp 30000 */
    relay_fixture_until(call.fixture, relay_fixture_count(call.budi, call.audio) == 1 &&
                                          relay_fixture_count(call.budi, call.video) == 1);
    /* On the client's clock, a strange one, both packets were taken at the same moment. */
    uint64_t ntp = UINT64_C(0x1234567800000000);
    RtcpSenderInfo audio = sender_info(call.ani, 0, ntp, 9600);
    RtcpSenderInfo video = sender_info(call.ani, 1, ntp + (UINT64_C(1) << 31), 30000 + 45000);
    uint8_t data[200];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_sr(&writer, &audio, NULL, 0), RTCP_OK);
    assert_int_equal(rtcp_write_sr(&writer, &video, NULL, 0), RTCP_OK);
    media_peer_send_rtcp(call.ani, data, writer.size);

    MediaPeerControl *control = &media_peer_log(call.budi)->control;
    uint32_t first_audio = relay_fixture_last(call.budi, call.audio)->header.timestamp;
    uint32_t first_video = relay_fixture_last(call.budi, call.video)->header.timestamp;
    /* The peer's log keeps the last report: wait for one of each kind and compare the moments that
     * they give to the two packets. */
    double moments[2] = {0, 0};
    for (unsigned kind = 0; kind < 2; kind++) {
        uint32_t ssrc = kind == 0 ? call.audio : call.video;
        unsigned seen = control->n_sender_reports;
        relay_fixture_until(call.fixture, control->n_sender_reports >= seen + 4);
        /* The compound has both: the last one is the picture's. */
        if (kind == 1)
            assert_int_equal(control->last_sr_ssrc, ssrc);
        uint32_t first = control->last_sr_ssrc == call.audio ? first_audio : first_video;
        double rate = control->last_sr_ssrc == call.audio ? 48000 : 90000;
        moments[kind] = (double)(control->last_sr_ntp >> 16) / 65536 -
                        (double)(int32_t)(control->last_sr_timestamp - first) / rate;
    }
    assert_true(moments[1] - moments[0] < 0.01 && moments[1] - moments[0] > -0.01);
    relay_fixture_free(call.fixture);
}

static void test_feedback_reaches_the_publisher(void **state)
{
    (void)state;
    Call call = call_new(&RELAY_FIXTURE_BOTH);
    MediaPeerControl *control = &media_peer_log(call.ani)->control;
    unsigned before = control->n_twcc;
    unsigned received_before = control->n_twcc_received;
    for (uint16_t i = 0; i < 30; i++)
        relay_fixture_send_audio(call.ani, i);
    relay_fixture_until(call.fixture, control->n_twcc_received == received_before + 30 &&
                                          control->n_report_blocks > 0);
    assert_true(control->n_twcc > before);
    relay_fixture_free(call.fixture);
}

/* What is soon due anyhow comes with the report, and nothing of it is told twice. */
static void test_feedback_comes_with_reports(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(true, 1);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, ani);
    MediaPeerControl *control = &media_peer_log(ani)->control;
    unsigned before = control->n_twcc_received;
    for (unsigned i = 0; i < 100; i++) { /* 5 s */
        relay_fixture_send_audio(ani, (uint16_t)(i + 1));
        unsigned n_answers = media_peer_log(ani)->n_stun_success;
        media_peer_check(ani, false);
        relay_fixture_until(fixture, media_peer_log(ani)->n_stun_success > n_answers);
        relay_fixture_advance(fixture, 50);
    }
    relay_fixture_live(fixture, 500);
    assert_in_range(control->n_twcc_received, before + 95, before + 100);
    assert_in_range(control->n_twcc_beside_reports, 1, 6);
    relay_fixture_free(fixture);
}

static void test_samples_and_flows(void **state)
{
    (void)state;
    RelayFixture *fixture = relay_fixture_new(true, 1);
    MediaPeer *ani = relay_fixture_join(fixture, "ani", &RELAY_FIXTURE_BOTH);
    MediaPeer *budi = relay_fixture_join(fixture, "budi", &RELAY_FIXTURE_BOTH);
    relay_fixture_connect(fixture, ani);
    relay_fixture_connect(fixture, budi);
    uint32_t ssrc = media_peer_answer(budi)->sections[0].ssrc;
    /* How they are merged is by budi's link; that they have come is told by the answer to a check
     * behind them. */
    for (unsigned i = 0; i < 33; i++) { /* 5 s */
        for (unsigned k = 0; k < 3; k++)
            relay_fixture_send_audio(ani, (uint16_t)(3 * i + k + 1));
        unsigned n_answers = media_peer_log(ani)->n_stun_success;
        media_peer_check(ani, false);
        relay_fixture_until(fixture, media_peer_log(ani)->n_stun_success > n_answers);
        relay_fixture_advance(fixture, 150);
    }
    relay_fixture_live(fixture, 6000);
    assert_true(relay_fixture_count(budi, ssrc) > 0);
    relay_fixture_until(fixture, fixture->n_samples == 2);
    const FixtureSample *entry = &fixture->samples[0];
    if (strcmp(entry->endpoint_id, "ani") != 0)
        entry = &fixture->samples[1];
    const MediaFlow *flow = &entry->sample.in[MEDIA_KIND_AUDIO];
    assert_int_equal(flow->packets, 99);
    assert_int_equal(flow->lost, 0);
    assert_int_equal(flow->media_ms, 32 * 150);
    assert_true(flow->bitrate_bps > 0);
    assert_int_equal(entry->sample.in[MEDIA_KIND_VIDEO].packets, 0);
    relay_fixture_until(fixture, fixture->n_flows == 2);
    assert_true(fixture->flows[0].flowing);
    assert_false(fixture->flows[1].flowing);
    assert_in_range(fixture->flows[1].at_ms - fixture->flows[0].at_ms, 32 * 150 - 150,
                    32 * 150 + 150);
    relay_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_kinds_reach_the_other),
        cmocka_unit_test(test_video_waits_for_a_key_frame),
        cmocka_unit_test(test_other_codecs_are_forwarded),
        cmocka_unit_test(test_unannounced_ssrc_is_learned),
        cmocka_unit_test(test_reload_keeps_the_slot),
        cmocka_unit_test(test_third_participant_takes_the_second_slot),
        cmocka_unit_test(test_direction_changes_by_a_new_offer),
        cmocka_unit_test(test_sender_reports_keep_lips_in_time),
        cmocka_unit_test(test_feedback_reaches_the_publisher),
        cmocka_unit_test(test_feedback_comes_with_reports),
        cmocka_unit_test(test_samples_and_flows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
