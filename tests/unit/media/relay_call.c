// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/media/relay_call.h"

#include "media/rtp/rtcp_fb.h"

enum {
    FRAME_US = 20 * 1000,
    PICTURE_US = 80 * 1000,
    REMB_US = 1000 * 1000,
    WINDOW_US = 100 * 1000,
    WIRE_OVERHEAD = 28 + 16, /* IPv4, UDP, tag */
};

Call call_new(const MediaPeerOptions *ani, const MediaPeerOptions *budi)
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

void send_remb(const Call *call)
{
    uint8_t data[64];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    assert_int_equal(rtcp_write_remb(&writer, 77, call->remb_bps, &call->video, 1), RTCP_OK);
    media_peer_send_rtcp(call->budi, data, writer.size);
}

void send_layer(Call *call, unsigned layer, unsigned n, uint32_t timestamp, bool is_key)
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

void turn(Call *call)
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

void live(Call *call, int64_t ms)
{
    int64_t end_us = clock_mono_us(call->fixture->clock) + ms * 1000;
    while (clock_mono_us(call->fixture->clock) < end_us)
        turn(call);
}

void forget_packets(const Call *call)
{
    media_peer_log(call->budi)->n_packets = 0;
}

size_t most_in_a_window(MediaPeer *peer)
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

size_t bytes_of(MediaPeer *peer)
{
    const MediaPeerLog *log = media_peer_log(peer);
    size_t sum = 0;
    for (unsigned i = 0; i < log->n_packets; i++)
        sum += log->packets[i].size + WIRE_OVERHEAD;
    return sum;
}

MediaPicture shown(const Call *call)
{
    return relay_fixture_picture(call->fixture, "budi", "1");
}
