// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/media/uplink_net.h"

Net net;

void set_up(uint32_t link_bps, int64_t one_way_us)
{
    memset(&net, 0, sizeof net);
    net.now_us = 500 * S;
    net.link_bps = link_bps;
    net.one_way_us = one_way_us;
    net.queue_limit_us = 800 * MS;
    net.audio_bps = 16000;
    net.ptime_ms = 60;
    net.has_audio = true;
    net.report_us = 100 * MS;
    net.most_bps = 2000000;
    net.still_bytes = 3000;
    net.seed = 7;
    net.audio_timestamp = 4294900000u; /* wraps soon */
    net.busy_until_us = net.next_audio_us = net.next_frame_us = net.next_packet_us = net.now_us;
    uplink_init(&net.uplink, 0, net.now_us);
}

double noise(void)
{
    net.seed = net.seed * 1664525 + 1013904223;
    return (net.seed >> 8) / 16777216.0;
}

static bool is_lost(void)
{
    if (net.n_to_lose == 0 && noise() < net.loss / (net.loss_run > 0 ? net.loss_run : 1))
        net.n_to_lose = net.loss_run > 0 ? net.loss_run : 1;
    if (net.n_to_lose == 0)
        return false;
    net.n_to_lose--;
    return true;
}

static void send(MediaKind kind, uint32_t timestamp, unsigned wire_bytes)
{
    net.n_sent++;
    net.sent_bytes += wire_bytes;
    int64_t from_us = net.busy_until_us > net.now_us ? net.busy_until_us : net.now_us;
    int64_t queue_us = from_us - net.now_us;
    if (queue_us > net.worst_queue_us)
        net.worst_queue_us = queue_us;
    if (net.is_out || queue_us > net.queue_limit_us || is_lost()) {
        return;
    }
    net.busy_until_us = from_us + (int64_t)wire_bytes * 8 * S / net.link_bps;
    assert_true(net.n < IN_FLIGHT);
    int64_t jitter_us = (int64_t)(noise() * (double)net.jitter_us);
    int64_t left_us = net.now_us < net.held_until_us
                          ? net.held_until_us + (net.now_us - net.held_us) / 4
                          : net.busy_until_us;
    net.packets[(net.head + net.n++) % IN_FLIGHT] =
        (Packet){kind, timestamp, wire_bytes, net.n_sent, left_us + net.one_way_us + jitter_us};
}

static void send_audio(void)
{
    if (!net.has_audio || net.now_us < net.next_audio_us)
        return;
    net.audio_timestamp += net.ptime_ms * 48;
    send(MEDIA_KIND_AUDIO, net.audio_timestamp - (uint32_t)(net.late_us / MS * 48),
         net.audio_bps * net.ptime_ms / 8000 + 64);
    net.next_audio_us += net.ptime_ms * MS;
}

/* One that has nothing else to wait for than the link, and no weight. */
static void report(void)
{
    if (net.report_us == 0 || net.is_out || net.now_us % net.report_us != 0)
        return;
    int64_t queue_us = net.busy_until_us > net.now_us ? net.busy_until_us - net.now_us : 0;
    net.reports_us[(net.now_us + queue_us + net.one_way_us) / MS % REPORTS] =
        queue_us + net.down_us + 2 * net.one_way_us;
}

static void receive_report(void)
{
    int64_t *rtt_us = &net.reports_us[net.now_us / MS % REPORTS];
    uplink_on_round_trip(&net.uplink, *rtt_us, net.now_us);
    *rtt_us = 0;
}

/* 15 fps within the cap as it was a one-way time ago, paced at 2.5 times
 * of all; a key frame first. */
static void send_video(void)
{
    uint32_t cap_bps = net.known_cap_bps[(net.now_us - net.one_way_us) / MS % 2048];
    /* What hint_combine() leaves of it: 4 kbit/s of RTCP and the headers come off. */
    uint32_t before_bps = net.audio_bps + 64 * 8 * 1000 / net.ptime_ms + 4000 + 15 * 70 * 8;
    uint32_t video_bps = cap_bps > before_bps ? cap_bps - before_bps : 0;
    if (video_bps > net.most_bps)
        video_bps = net.most_bps;
    if (video_bps == 0)
        net.key_is_due = true;
    if (net.now_us >= net.next_frame_us && net.frame_bytes == 0) {
        net.next_frame_us = net.now_us + (net.still_us > 0 ? net.still_us : S / 15);
        net.video_timestamp += 6000;
        bool is_key = (net.key_is_due || net.still_us > 0) && video_bps > 0;
        net.frame_bytes = is_key ? net.still_bytes : video_bps / 8 / 15;
        net.key_is_due = net.key_is_due && video_bps == 0;
    }
    if (net.frame_bytes == 0 || net.now_us < net.next_packet_us || video_bps == 0)
        return;
    unsigned n_bytes = net.frame_bytes > 1130 ? 1130 : net.frame_bytes;
    send(MEDIA_KIND_VIDEO, net.video_timestamp, n_bytes + 70);
    net.frame_bytes -= n_bytes;
    net.next_packet_us = net.now_us + (int64_t)(n_bytes + 70) * 8 * S * 2 / 5 / cap_bps;
}

static void receive(void)
{
    while (net.n > 0 && net.packets[net.head].arrives_us <= net.now_us) {
        Packet *packet = &net.packets[net.head];
        net.head = (net.head + 1) % IN_FLIGHT;
        net.n--;
        net.n_received++;
        net.n_expected = packet->index > net.n_expected ? packet->index : net.n_expected;
        if (packet->kind == MEDIA_KIND_AUDIO)
            uplink_on_audio(&net.uplink, packet->timestamp, packet->wire_bytes, net.now_us);
        else
            uplink_on_video(&net.uplink, packet->timestamp, packet->wire_bytes, net.now_us);
    }
}

void run(int64_t us)
{
    net.worst_queue_us = 0;
    for (int64_t end_us = net.now_us + us; net.now_us < end_us; net.now_us += MS) {
        receive();
        receive_report();
        if (net.now_us % (50 * MS) == 0)
            uplink_tick(&net.uplink, net.n_expected, net.n_expected - net.n_received,
                        2 * net.one_way_us, net.now_us);
        bool is_open = uplink_may_send_video(&net.uplink);
        net.n_opened += is_open && !net.was_open;
        net.was_open = is_open;
        net.known_cap_bps[net.now_us / MS % 2048] = is_open ? uplink_cap_bps(&net.uplink) : 0;
        send_audio();
        send_video();
        report();
    }
}

int64_t run_until_open(int64_t limit_us)
{
    int64_t from_us = net.now_us;
    while (!uplink_may_send_video(&net.uplink) && net.now_us - from_us < limit_us)
        run(10 * MS);
    return net.now_us - from_us;
}
