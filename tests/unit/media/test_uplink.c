// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rate/uplink.h"
#include "media/rate/uplink_sight.h"

static const int64_t MS = 1000;
static const int64_t S = 1000 * 1000;

enum { IN_FLIGHT = 4096, REPORTS = 4096 };

typedef struct {
    MediaKind kind;
    uint32_t timestamp;
    unsigned wire_bytes;
    uint64_t index; /* of all that were sent */
    int64_t arrives_us;
} Packet;

/* A sender that takes all it may, the link, and the guard behind it. The worst sender there is: a
 * browser's own control grows slower. */
typedef struct {
    Uplink uplink;
    int64_t now_us;
    uint32_t link_bps;
    int64_t one_way_us;
    int64_t queue_limit_us;
    int64_t jitter_us;
    double loss;
    unsigned loss_run; /* packets lost in a row */
    uint32_t audio_bps;
    unsigned ptime_ms;
    bool has_audio;
    int64_t held_us,
        held_until_us; /* the sender's processor is busy; then at four times the pace */
    int64_t late_us;   /* its sound waits for that before it is sent */
    int64_t report_us; /* between two of its reports; 0: none */
    bool is_out;       /* the link carries nothing */
    uint32_t most_bps; /* that the sender's encoder makes */
    int64_t still_us;  /* between two single pictures; 0: it makes moving ones */
    unsigned still_bytes;
    uint32_t known_cap_bps[2048]; /* the cap by millisecond, on its way to the sender */

    uint32_t seed;
    unsigned n_to_lose;
    int64_t busy_until_us;
    int64_t next_audio_us, next_frame_us, next_packet_us;
    uint32_t audio_timestamp, video_timestamp;
    unsigned frame_bytes; /* still to be sent */
    bool key_is_due;
    uint64_t n_sent, n_expected, n_received;
    uint64_t sent_bytes;
    unsigned head, n;
    Packet packets[IN_FLIGHT];
    int64_t reports_us[REPORTS]; /* the round trip that ends at each millisecond; 0: none */
    int64_t worst_queue_us;
    unsigned n_opened;
    bool was_open;
} Net;

static Net net;

static void set_up(uint32_t link_bps, int64_t one_way_us)
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

static double noise(void)
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
        queue_us + 2 * net.one_way_us;
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

static void run(int64_t us)
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

/* Runs until video may be sent; how long that took. */
static int64_t run_until_open(int64_t limit_us)
{
    int64_t from_us = net.now_us;
    while (!uplink_may_send_video(&net.uplink) && net.now_us - from_us < limit_us)
        run(10 * MS);
    return net.now_us - from_us;
}

static void test_a_good_link_is_found_out_within_six_seconds(void **state)
{
    (void)state;
    set_up(10 * 1000 * 1000, 10 * MS);
    assert_in_range(run_until_open(5 * S), 900 * MS, 1300 * MS);
    assert_int_equal(uplink_cap_bps(&net.uplink), UPLINK_START_BPS);
    run(6 * S);
    assert_true(uplink_cap_bps(&net.uplink) >= 800000);
    run(20 * S);
    assert_true(uplink_seen_bps(&net.uplink) >= 1500000);
    assert_true(net.worst_queue_us < 50 * MS);
    assert_int_equal(net.n_opened, 1);
}

static void test_a_slow_link_is_not_flooded(void **state)
{
    (void)state;
    static const uint32_t rates[] = {60000, 80000, 100000, 128000, 200000};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        set_up(rates[i], 300 * MS);
        run_until_open(5 * S);
        uint64_t before = net.sent_bytes;
        run(3 * S);
        assert_true((net.sent_bytes - before) * 8 <= (uint64_t)rates[i] * 3 * 110 / 100);
        assert_true(net.worst_queue_us <= 450 * MS);
        run(60 * S);
        assert_true(net.worst_queue_us <= 650 * MS);
        uint64_t sent = net.sent_bytes;
        run(60 * S);
        /* Most of it is used, though the sender knows no restraint but ours. */
        assert_true((net.sent_bytes - sent) * 8 >= (uint64_t)rates[i] * 60 * 80 / 100);
        assert_int_equal(net.n_opened, 1);
    }
}

static void test_no_room_for_a_picture(void **state)
{
    (void)state;
    set_up(30000, 200 * MS);
    run(120 * S);
    /* Tried, given up, tried later and later: at most a dozen seconds of picture. */
    assert_in_range(net.n_opened, 1, 6);
    assert_int_equal(net.uplink.state == UPLINK_TOO_THIN || net.uplink.state == UPLINK_CUT ||
                         net.uplink.state == UPLINK_OPEN,
                     true);
}

static void test_a_fall_is_followed_and_the_rise_as_well(void **state)
{
    (void)state;
    set_up(2000000, 40 * MS);
    net.most_bps = 500000;
    run(20 * S);
    assert_true(uplink_cap_bps(&net.uplink) >= 500000);
    net.link_bps = 150000;
    run(2500 * MS);
    assert_true(uplink_cap_bps(&net.uplink) <= 150000);
    run(20 * S);
    assert_true(net.worst_queue_us <= 800 * MS);
    assert_true(uplink_may_send_video(&net.uplink));
    net.link_bps = 1000000;
    run(8 * S);
    assert_true(uplink_cap_bps(&net.uplink) >= 500000);
}

/* Sound and single pictures never fill a link: what it has carried is enough to know. */
static void test_a_cut_does_not_last_though_nothing_fills_the_link(void **state)
{
    (void)state;
    set_up(400000, 40 * MS);
    net.most_bps = 300000;
    run(20 * S);
    net.link_bps = 60000;
    while (net.uplink.cut_us == 0)
        run(50 * MS);
    net.most_bps = 3000;
    run(3 * S);
    net.worst_queue_us = 0; /* what the fall itself has made */
    run(27 * S);
    assert_in_range(uplink_cap_bps(&net.uplink), 60000 * 80 / 100, 60000 * 105 / 100);
    assert_true(net.worst_queue_us <= 500 * MS); /* a key frame of 3000 bytes is 400 ms */
}

/* A link that falls to a tenth is cut by what it carries, within half a second. */
static void test_a_collapse_is_seen_at_once(void **state)
{
    (void)state;
    set_up(2000000, 40 * MS);
    net.most_bps = 500000;
    run(20 * S);
    assert_int_equal(uplink_collapsed_us(&net.uplink), 0);
    int64_t fell_us = net.now_us;
    net.link_bps = 150000;
    run(500 * MS);
    assert_in_range(uplink_collapsed_us(&net.uplink), fell_us, net.now_us);
    run(1000 * MS);
    assert_in_range(uplink_cap_bps(&net.uplink), 150000 * 50 / 100, 150000 * 80 / 100);
    /* A radio that carries nothing for a moment is none: all of it comes a moment later. */
    static const uint32_t links_bps[] = {300000, 500000, 1000000, 2000000};
    for (unsigned i = 0; i < 4; i++) {
        for (int64_t stall_us = 100 * MS; stall_us <= 240 * MS; stall_us += 20 * MS) {
            set_up(links_bps[i], 40 * MS);
            net.most_bps = 500000;
            net.ptime_ms = 20;
            run(20 * S);
            net.busy_until_us =
                (net.busy_until_us > net.now_us ? net.busy_until_us : net.now_us) + stall_us;
            run(2 * S);
            assert_int_equal(uplink_collapsed_us(&net.uplink), 0);
        }
    }
    /* A sender whose processor is busy is none. */
    set_up(2000000, 40 * MS);
    net.most_bps = 500000;
    run(20 * S);
    net.held_us = net.now_us;
    net.held_until_us = net.now_us + 600 * MS;
    run(3 * S);
    assert_int_equal(uplink_collapsed_us(&net.uplink), 0);
}

static void test_a_lossy_link_is_not_a_full_one(void **state)
{
    (void)state;
    set_up(500000, 80 * MS);
    net.loss = 0.1;
    net.loss_run = 4;
    net.most_bps = 350000;
    run(60 * S);
    assert_true(uplink_cap_bps(&net.uplink) >= 350000);
    assert_int_equal(net.uplink.cut_us, 0);
}

/* In every second call a tenth of bursts looked like a quarter for a second, and the sender was cut
 * to a fraction of its link. A full link loses what does not fit into its queue. */
static void test_bursts_without_a_queue_are_no_full_link(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 12; seed++) {
        set_up(500000, 80 * MS);
        net.seed = seed;
        net.loss = 0.1;
        net.loss_run = 4;
        net.most_bps = 300000;
        run(40 * S);
        assert_int_equal(net.uplink.cut_us, 0);
    }
    for (unsigned queue = 0; queue < 2; queue++) {
        set_up(2000000, 40 * MS);
        net.most_bps = 300000;
        run(20 * S);
        net.one_way_us += queue ? 60 * MS : 20 * MS; /* as packets see it */
        net.loss = 0.4;
        net.loss_run = 4;
        run(5 * S);
        assert_int_equal(net.uplink.cut_us != 0, queue);
    }
}

/* Sound takes its turns between the packets of a picture, and the repairs of one come later. */
static void test_a_train_is_the_links_rate(void **state)
{
    (void)state;
    enum { LINK = 100000, PICTURE = 1200, SOUND = 184 };
    Uplink uplink;
    int64_t now_us = 500 * S;
    uplink_init(&uplink, 0, now_us);
    uplink_on_video(&uplink, 1000, PICTURE, now_us);
    for (uint32_t i = 1; i <= 4; i++) {
        now_us += (int64_t)SOUND * 8 * S / LINK;
        uplink_on_audio(&uplink, i * 2880, SOUND, now_us);
        now_us += (int64_t)PICTURE * 8 * S / LINK;
        uplink_on_video(&uplink, 1000, PICTURE, now_us);
    }
    assert_in_range(uplink_train_bps(&uplink.train, now_us), LINK * 99 / 100, LINK * 101 / 100);
    /* What comes behind its last packet is no part of it. */
    uplink_on_audio(&uplink, 5 * 2880, SOUND, now_us + 20 * MS);
    uplink_on_rtx(&uplink, PICTURE, now_us + 300 * MS);
    uplink_on_rtx(&uplink, PICTURE, now_us + 310 * MS);
    assert_in_range(uplink_train_last_bps(&uplink.train, now_us + 310 * MS), LINK * 99 / 100,
                    LINK * 101 / 100);
    /* Nor is sound from before its first. */
    now_us += 400 * MS;
    uplink_on_video(&uplink, 4000, PICTURE, now_us);
    now_us += (int64_t)PICTURE * 8 * S / LINK;
    uplink_on_video(&uplink, 4000, PICTURE, now_us);
    assert_in_range(uplink_train_last_bps(&uplink.train, now_us), LINK * 99 / 100,
                    LINK * 101 / 100);
}

/* Pictures of one packet are no train. The sound that had to wait for one of them comes behind it
 * as fast as the link lets it through. */
static void test_sound_behind_a_picture_shows_the_link(void **state)
{
    (void)state;
    enum { PICTURE = 720, SOUND = 304, LINK = 60000 };
    static const struct {
        int64_t waited_us;
        bool tells;
    } rows[] = {{60 * MS, true}, {5 * MS, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Uplink uplink;
        int64_t now_us = 500 * S;
        uplink_init(&uplink, 0, now_us);
        for (uint32_t second = 0; second < 3; second++) {
            assert_int_equal(uplink_behind_bps(&uplink.behind, now_us),
                             0); /* one gap may be chance */
            now_us += S;
            uplink_on_audio(&uplink, second * 48000, SOUND, now_us);
            int64_t sound_us = now_us + 60 * MS + rows[i].waited_us;
            uplink_on_video(&uplink, second * 90000, PICTURE,
                            sound_us - (int64_t)SOUND * 8 * S / LINK);
            uplink_on_audio(&uplink, second * 48000 + 2880, SOUND, sound_us);
        }
        uint32_t bps = uplink_behind_bps(&uplink.behind, now_us + 200 * MS);
        if (rows[i].tells)
            assert_in_range(bps, LINK * 99 / 100, LINK * 101 / 100);
        else
            assert_int_equal(bps, 0); /* it stood in no queue: the gap is its sender's */
        assert_int_equal(uplink_behind_bps(&uplink.behind, now_us + 6 * S), 0);
    }
}

/* The jitter of a fast link looks like a thin one now and then, not all the time. */
static void test_jitter_is_no_thin_link(void **state)
{
    (void)state;
    set_up(2000000, 40 * MS);
    net.jitter_us = 60 * MS;
    net.still_us = S / 2;
    net.most_bps = 20000;
    run(20 * S);
    uint32_t bps = uplink_behind_bps(&net.uplink.behind, net.now_us);
    assert_true(bps == 0 || bps >= 100000);
}

/* On 60 kbit/s nothing is tried that it does not carry: no queue, and pictures all the time. */
static void test_single_pictures_on_a_thin_link_are_left_alone(void **state)
{
    (void)state;
    set_up(60000, 300 * MS);
    net.audio_bps = 35000; /* with its copies */
    net.still_us = S;
    net.still_bytes = 650;
    run(10 * S);
    net.n_opened = 0;
    run(60 * S);
    assert_int_equal(net.n_opened, 0);
    assert_true(uplink_may_send_video(&net.uplink));
    assert_true(uplink_cap_bps(&net.uplink) <= 70000);
}

/* Single pictures never fill the cap; how fast each of them comes shows what there is. */
static void test_single_pictures_show_room(void **state)
{
    (void)state;
    set_up(400000, 40 * MS);
    net.still_us = 2 * S;
    run(30 * S);
    assert_in_range(uplink_cap_bps(&net.uplink), 200000, 400000);
    assert_true(net.worst_queue_us < 150 * MS);
    set_up(60000, 40 * MS); /* and what there is not */
    net.still_us = 2 * S;
    run(30 * S);
    assert_in_range(uplink_cap_bps(&net.uplink), 45000, 90000);
}

/* Its packets take long themselves: a step too far is a second of queue. */
static void test_a_thin_link_with_a_queue_is_not_tried_further(void **state)
{
    (void)state;
    for (unsigned queue = 0; queue < 2; queue++) {
        set_up(2000000, 40 * MS);
        run_until_open(5 * S);
        net.most_bps = 100000;
        net.one_way_us += queue ? 80 * MS : 30 * MS;
        uint32_t before_bps = uplink_cap_bps(&net.uplink);
        run(15 * S);
        assert_int_equal(uplink_cap_bps(&net.uplink) > before_bps * 3 / 2, !queue);
    }
}

static void test_loss_that_comes_with_the_rate_cuts(void **state)
{
    (void)state;
    set_up(200000, 40 * MS);
    net.queue_limit_us = 60 * MS; /* a policer: loss, no delay */
    net.audio_bps = 6000;         /* too short to show the link behind a picture */
    run(40 * S);
    assert_int_not_equal(net.uplink.cut_us, 0);
    assert_true(uplink_cap_bps(&net.uplink) <= 400000);
}

static void test_an_outage_says_nothing_of_the_rate(void **state)
{
    (void)state;
    set_up(2000000, 40 * MS);
    net.most_bps = 600000;
    run(20 * S);
    uint32_t cap_bps = uplink_cap_bps(&net.uplink);
    net.is_out = true;
    run(4 * S);
    net.is_out = false;
    run(1 * S);
    assert_true(uplink_cap_bps(&net.uplink) >= cap_bps);
    assert_true(uplink_may_send_video(&net.uplink));
}

/* A third joins, and a doctor's laptop is busy for a moment: its link is as it was. */
static void test_a_busy_sender_is_not_a_full_link(void **state)
{
    (void)state;
    set_up(10 * 1000 * 1000, 10 * MS);
    run(30 * S);
    uint32_t before_bps = uplink_cap_bps(&net.uplink);
    for (int64_t ms = 300; ms <= 650; ms += 50) {
        net.held_us = net.now_us;
        net.held_until_us = net.now_us + ms * MS;
        run(5 * S);
        assert_true(uplink_cap_bps(&net.uplink) >= before_bps / 2);
    }
    assert_int_equal(net.n_opened, 1);
}

/* Sound that is late before it is sent looks as sound in a queue does; reports tell them apart. */
static void test_late_sound_on_an_empty_link(void **state)
{
    (void)state;
    for (unsigned reports = 0; reports < 2; reports++) {
        set_up(10 * 1000 * 1000, 10 * MS);
        net.report_us = reports > 0 ? 250 * MS : 0;
        run(30 * S);
        uint32_t before_bps = uplink_cap_bps(&net.uplink);
        net.late_us = 550 * MS;
        run(3 * S);
        net.late_us = 0;
        if (reports > 0)
            assert_true(uplink_cap_bps(&net.uplink) >= before_bps);
        else
            assert_true(uplink_cap_bps(&net.uplink) < before_bps);
        run(1 * S);
        assert_int_equal(net.n_opened, 1);
    }
    /* Reports that are old say nothing. */
    net.report_us = 0;
    net.late_us = 550 * MS;
    run(1 * S);
    assert_true(uplink_queue_us(&net.uplink, net.now_us) > 500 * MS);
}

static void test_jitter_is_not_a_queue(void **state)
{
    (void)state;
    set_up(400000, 100 * MS);
    net.jitter_us = 100 * MS;
    net.most_bps = 250000;
    run(60 * S);
    assert_true(uplink_queue_us(&net.uplink, net.now_us) <= 100 * MS);
    assert_true(uplink_cap_bps(&net.uplink) >= 200000);
    assert_int_equal(net.n_opened, 1);
}

static void test_no_sound_at_all(void **state)
{
    (void)state;
    set_up(2000000, 40 * MS);
    net.has_audio = false;
    /* Nothing comes at all: a page keeps its picture back until it is asked for it. */
    for (unsigned i = 0; i < 60; i++) {
        net.now_us += 50 * MS;
        uplink_tick(&net.uplink, i, 0, 0, net.now_us);
        assert_int_equal(uplink_may_send_video(&net.uplink), i >= 39);
    }
}

static void test_sound_that_is_too_large_at_first(void **state)
{
    (void)state;
    set_up(2000000, 300 * MS);
    net.audio_bps = 32000;
    net.ptime_ms = 20; /* 58 kbit/s of the first 60 */
    run(2 * S);
    assert_false(uplink_may_send_video(&net.uplink));
    assert_int_equal(net.uplink.state, UPLINK_PROVING);
    net.audio_bps = 16000;
    net.ptime_ms = 60;
    assert_true(run_until_open(5 * S) <= 2500 * MS);
    /* One that never becomes smaller gets its picture later. */
    set_up(2000000, 300 * MS);
    net.audio_bps = 32000;
    net.ptime_ms = 20;
    assert_true(run_until_open(30 * S) <= 15 * S);
}

static void test_remembered(void **state)
{
    (void)state;
    Uplink uplink;
    uplink_init(&uplink, 500000, 0);
    assert_int_equal(uplink_cap_bps(&uplink), 400000);
    uplink_init(&uplink, 1, 0);
    assert_int_equal(uplink_cap_bps(&uplink), UPLINK_FLOOR_BPS);
    uplink_init(&uplink, UINT32_MAX, 0);
    assert_int_equal(uplink_cap_bps(&uplink), UPLINK_CAP_BPS);
    assert_int_equal(uplink_seen_bps(&uplink), 0);
}

static void test_timestamps_that_jump(void **state)
{
    (void)state;
    set_up(2000000, 40 * MS);
    net.most_bps = 300000;
    run(20 * S);
    for (unsigned i = 0; i < 20; i++) {
        net.audio_timestamp += (uint32_t)(noise() * 4294967295.0);
        run(1 * S);
        assert_true(uplink_queue_us(&net.uplink, net.now_us) < 3 * S);
    }
    uplink_restart_audio(&net.uplink);
    net.audio_timestamp += 48000 * 2;
    run(3 * S);
    assert_true(uplink_queue_us(&net.uplink, net.now_us) < 50 * MS);
    assert_true(uplink_may_send_video(&net.uplink));
    /* Totals that go back (a stream started anew) are no loss. */
    uplink_tick(&net.uplink, 5, 5, 0, net.now_us);
    uplink_tick(&net.uplink, 10, 5, INT64_MAX, net.now_us + 50 * MS);
    assert_true(net.uplink.loss.now < 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_link_is_found_out_within_six_seconds),
        cmocka_unit_test(test_a_slow_link_is_not_flooded),
        cmocka_unit_test(test_no_room_for_a_picture),
        cmocka_unit_test(test_a_fall_is_followed_and_the_rise_as_well),
        cmocka_unit_test(test_a_cut_does_not_last_though_nothing_fills_the_link),
        cmocka_unit_test(test_a_collapse_is_seen_at_once),
        cmocka_unit_test(test_a_lossy_link_is_not_a_full_one),
        cmocka_unit_test(test_bursts_without_a_queue_are_no_full_link),
        cmocka_unit_test(test_a_train_is_the_links_rate),
        cmocka_unit_test(test_sound_behind_a_picture_shows_the_link),
        cmocka_unit_test(test_jitter_is_no_thin_link),
        cmocka_unit_test(test_single_pictures_on_a_thin_link_are_left_alone),
        cmocka_unit_test(test_single_pictures_show_room),
        cmocka_unit_test(test_a_thin_link_with_a_queue_is_not_tried_further),
        cmocka_unit_test(test_loss_that_comes_with_the_rate_cuts),
        cmocka_unit_test(test_an_outage_says_nothing_of_the_rate),
        cmocka_unit_test(test_a_busy_sender_is_not_a_full_link),
        cmocka_unit_test(test_late_sound_on_an_empty_link),
        cmocka_unit_test(test_jitter_is_not_a_queue),
        cmocka_unit_test(test_no_sound_at_all),
        cmocka_unit_test(test_sound_that_is_too_large_at_first),
        cmocka_unit_test(test_remembered),
        cmocka_unit_test(test_timestamps_that_jump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
