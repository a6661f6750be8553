// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/media/red_call.h"

#include <string.h>

enum {
    FRAME_US = 20 * 1000,
    PAUSE = 10,
};

RedCall red_call_new_with(unsigned rtt_ms, const MediaPeerOptions *budi)
{
    MediaPeerOptions ani = RELAY_FIXTURE_BOTH;
    ani.red = true;
    RedCall call = {.fixture = relay_fixture_new_running(), .cycle = 40};
    static const char *const names[] = {"ani", "budi"};
    MediaPeer *peers[2];
    for (unsigned i = 0; i < 2; i++) {
        const MediaEndpointOptions endpoint = {
            .room_id = "room",
            .endpoint_id = names[i],
            .participant_id = names[i],
            .rtt_hint_ms = rtt_ms,
            .start_down_bps = FIXTURE_GOOD_LINK_BPS,
            .start_up_bps = FIXTURE_GOOD_LINK_BPS,
            .may_publish = true,
            .may_receive = true,
        };
        peers[i] = relay_fixture_join_options(call.fixture, &endpoint, i == 0 ? &ani : budi);
    }
    call.ani = peers[0];
    call.budi = peers[1];
    relay_fixture_connect(call.fixture, call.ani);
    relay_fixture_connect(call.fixture, call.budi);
    relay_fixture_until(call.fixture, relay_fixture_hint(call.fixture, "ani") &&
                                          relay_fixture_hint(call.fixture, "budi"));
    call.audio = media_peer_answer(call.budi)->sections[0].ssrc;
    return call;
}

RedCall red_call_new(unsigned rtt_ms)
{
    return red_call_new_with(rtt_ms, &RELAY_FIXTURE_BOTH);
}

static void fill(uint8_t *opus, uint8_t toc, uint16_t number)
{
    memset(opus, 0, RED_CALL_OPUS_BYTES);
    opus[0] = toc;
    opus[1] = (uint8_t)(number >> 8);
    opus[2] = (uint8_t)number;
}

/* Packet NUMBER with a block of BACK packets before it for each of N, which says to be TOC and so
 * many samples old. */
void red_call_send(const RedCall *call, uint16_t number, const unsigned *back, unsigned n,
                   uint8_t toc, const uint16_t *offsets)
{
    uint8_t opus[3][RED_CALL_OPUS_BYTES];
    uint8_t payload[200];
    RedBlock blocks[3];
    for (unsigned i = 0; i < n; i++) {
        fill(opus[i], toc, (uint16_t)(number - back[i]));
        blocks[i] = (RedBlock){MEDIA_PEER_AUDIO_PT, offsets[i], opus[i], RED_CALL_OPUS_BYTES};
    }
    fill(opus[n], RED_CALL_TOC_20_MS, number);
    blocks[n] = (RedBlock){MEDIA_PEER_AUDIO_PT, 0, opus[n], RED_CALL_OPUS_BYTES};
    MediaPeerSend send = {.section = MEDIA_PEER_AUDIO,
                          .sequence = number,
                          .timestamp = number * (uint32_t)RED_CALL_FRAME + call->paused,
                          .is_red = n > 0,
                          .payload = n > 0 ? payload : opus[0],
                          .n_payload = RED_CALL_OPUS_BYTES};
    if (n > 0)
        assert_int_equal(red_write(blocks, n + 1, payload, sizeof payload, &send.n_payload),
                         RED_OK);
    media_peer_send(call->ani, &send);
}

/* The next packet with its copies, as a page sends it. */
void red_call_speak(RedCall *call)
{
    uint16_t offsets[2];
    for (unsigned i = 0; i < call->n_back; i++)
        offsets[i] = (uint16_t)((call->back[i] + (call->after_pause ? PAUSE : 0)) * RED_CALL_FRAME);
    call->after_pause = false;
    red_call_send(call, call->sequence++, call->back, call->n_back, RED_CALL_TOC_20_MS, offsets);
}

static void turn(RedCall *call)
{
    int64_t now_us = clock_mono_us(call->fixture->clock);
    if (now_us >= call->next_us) {
        call->next_us = MAX(call->next_us, now_us - FRAME_US) + FRAME_US;
        if (call->pauses && call->sequence % call->cycle == 10 && !call->after_pause) {
            call->after_pause = true;
            call->paused += PAUSE * RED_CALL_FRAME;
            call->next_us += PAUSE * FRAME_US;
        } else if (call->sequence % call->cycle < call->run) {
            call->sequence++;
        } else {
            red_call_speak(call);
        }
    }
    relay_fixture_pump(call->fixture);
}

void red_call_live(RedCall *call, int64_t ms)
{
    int64_t end_us = clock_mono_us(call->fixture->clock) + ms * 1000;
    while (clock_mono_us(call->fixture->clock) < end_us)
        turn(call);
}

const MediaHint *red_call_hint(const RedCall *call, const char *who)
{
    return relay_fixture_hint(call->fixture, who);
}

void red_call_set_copies(RedCall *call, unsigned n, unsigned far, unsigned near)
{
    call->n_back = n;
    call->back[0] = far;
    call->back[1] = near;
}

/* Budi's packets are N of ani's from FIRST on, with nothing left out and in their times. */
void red_call_assert_whole(const RedCall *call, uint16_t first, unsigned n)
{
    relay_fixture_until(call->fixture, relay_fixture_count(call->budi, call->audio) >= n);
    assert_int_equal(relay_fixture_count(call->budi, call->audio), n);
    const MediaPeerLog *log = media_peer_log(call->budi);
    const RtpHeader *start = NULL;
    bool came[64] = {false};
    assert_true(n <= 64);
    for (unsigned i = 0; i < log->n_packets; i++) {
        const MediaPeerPacket *packet = &log->packets[i];
        if (packet->header.ssrc != call->audio || packet->n_payload == 0)
            continue;
        start = start ? start : &packet->header;
        uint16_t number = (uint16_t)(packet->payload[1] << 8 | packet->payload[2]);
        unsigned nth = (uint16_t)(number - first);
        assert_true(nth < n && !came[nth]);
        came[nth] = true;
        assert_int_equal(packet->header.payload_type, MEDIA_PEER_AUDIO_PT);
        assert_int_equal((uint16_t)(packet->header.sequence - start->sequence), nth);
        assert_int_equal(packet->header.timestamp - start->timestamp, nth * RED_CALL_FRAME);
    }
}

/* What is on its way comes, and is forgotten. */
void red_call_drain(RedCall *call)
{
    int64_t end_us = clock_mono_us(call->fixture->clock) + 200 * 1000;
    relay_fixture_until(call->fixture, clock_mono_us(call->fixture->clock) >= end_us);
    media_peer_log(call->budi)->n_packets = 0;
}
