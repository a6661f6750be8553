// SPDX-License-Identifier: Apache-2.0
// What a sender is held to, on links of all kinds.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/media/uplink_net.h"

static void test_a_good_link_is_found_out_within_six_seconds(void **state)
{
    (void)state;
    set_up(10 * 1000 * 1000, 10 * MS);
    assert_in_range(run_until_open(5 * S), 100 * MS, 400 * MS);
    assert_int_equal(uplink_cap_bps(&net.uplink), UPLINK_START_BPS);
    run(6 * S);
    assert_true(uplink_cap_bps(&net.uplink) >= 800000);
    run(20 * S);
    assert_true(uplink_seen_bps(&net.uplink) >= 1500000);
    assert_true(net.worst_queue_us < 50 * MS);
    assert_int_equal(net.n_opened, 1);
}

/* Of an answer that takes longer, or sound that waited, sound alone shows more. */
static void test_sound_alone_shows_what_a_link_is(void **state)
{
    (void)state;
    set_up(10 * 1000 * 1000, 70 * MS);
    assert_in_range(run_until_open(5 * S), 900 * MS, 1300 * MS);
    /* Each packet later than the one before, by 40 ms in the end. */
    Uplink uplink;
    int64_t start_us = 500 * S;
    uplink_init(&uplink, 0, start_us);
    for (unsigned i = 0; i < 44; i++) {
        int64_t now_us = start_us + i * 20 * MS + MIN(i * 10, 40) * MS;
        uplink_on_audio(&uplink, i * 960, 120, now_us);
        uplink_tick(&uplink, i + 1, 0, 20 * MS, now_us);
        assert_false(uplink_may_send_video(&uplink));
    }
}

static void test_a_near_slow_link_is_not_flooded(void **state)
{
    (void)state;
    static const uint32_t rates[] = {60000, 80000, 100000, 128000, 200000};
    for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
        set_up(rates[i], 20 * MS);
        run_until_open(5 * S);
        uint64_t before = net.sent_bytes;
        run(3 * S);
        assert_true((net.sent_bytes - before) * 8 <= (uint64_t)rates[i] * 3 * 110 / 100);
        assert_true(net.worst_queue_us <= 450 * MS);
    }
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

/* But not for the moment of a cut, after which the cap is soon more again: a picture that was
 * closed for it stayed away for half a minute. */
static void test_no_room_after_a_cut_is_waited_for(void **state)
{
    (void)state;
    set_up(2000000, 40 * MS);
    net.most_bps = 30000;
    run_until_open(5 * S);
    run(6 * S);
    net.uplink.cut_us = net.now_us;
    uplink_set_room(&net.uplink, false, false);
    run(3500 * MS);
    assert_true(uplink_may_send_video(&net.uplink));
    run(1000 * MS);
    assert_false(uplink_may_send_video(&net.uplink));
}

/* And it is tried once a minute for as long as the call lasts: the link may have become another. */
static void test_a_picture_without_room_is_tried_each_minute(void **state)
{
    (void)state;
    set_up(30000, 200 * MS);
    run(300 * S);
    unsigned before = net.n_opened;
    run(700 * S);
    assert_in_range(net.n_opened - before, 9, 12);
}

/* The hint has no room for a picture: there is none until the link is tried again, and until that
 * has shown something it is said to be too thin. */
static void test_no_room_in_the_hint_closes(void **state)
{
    (void)state;
    set_up(2000000, 40 * MS);
    net.most_bps = 30000;
    run_until_open(5 * S);
    run(5 * S);
    assert_false(uplink_is_too_thin(&net.uplink, net.now_us));
    uplink_set_room(&net.uplink, false, false);
    run(100 * MS);
    assert_false(uplink_may_send_video(&net.uplink));
    assert_int_equal(net.uplink.state, UPLINK_TOO_THIN);
    assert_true(uplink_is_too_thin(&net.uplink, net.now_us));
    net.uplink.cap_bps = 20000;
    int64_t tried_us = run_until_open(20 * S);
    assert_in_range(tried_us, 4 * S, 11 * S);
    assert_true(uplink_cap_bps(&net.uplink) >= 32000);
    assert_true(uplink_is_too_thin(&net.uplink, net.now_us));
    run(5500 * MS);
    assert_true(uplink_may_send_video(&net.uplink));
    assert_false(uplink_is_too_thin(&net.uplink, net.now_us));
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

/* What stood in the queue comes at the link's rate, sound and all; of sound there is no more than
 * before. On a link that fell to 150 kbit/s the picture was stopped for it, for 5 s. */
static void test_sound_out_of_a_queue_leaves_its_room(void **state)
{
    (void)state;
    for (unsigned audio_bps = 24000; audio_bps <= 40000; audio_bps += 4000) {
        set_up(2000000, 350 * MS); /* the word to send less is as late as through a full queue */
        net.most_bps = 500000;
        net.audio_bps = audio_bps;
        net.ptime_ms = 20;
        net.queue_limit_us = 1600 * MS;
        run(20 * S);
        net.link_bps = 150000;
        for (unsigned i = 0; i < 1500; i++) {
            run(10 * MS);
            assert_true(uplink_may_send_video(&net.uplink));
        }
    }
}

/* A sender whose processor halts for moments looks like next to nothing for a fifth of a second. */
static void test_a_collapse_leaves_a_slow_links_rate(void **state)
{
    (void)state;
    set_up(2000000, 40 * MS);
    net.most_bps = 500000;
    run(20 * S);
    net.most_bps = 0; /* the camera's frames wait, the sound comes late */
    net.late_us = 200 * MS;
    run(400 * MS);
    assert_int_not_equal(uplink_collapsed_us(&net.uplink), 0);
    assert_true(uplink_may_send_video(&net.uplink));
    assert_true(uplink_cap_bps(&net.uplink) >= 40000);
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

/* The clock of sound stands still while a microphone is off: a second of that looked like a second
 * of queue, and no picture came for two minutes. */
static void test_a_muted_microphone_is_no_queue(void **state)
{
    (void)state;
    static const int64_t muted_ms[] = {250, 500, 1000, 2000, 2800};
    static const int64_t reports_ms[] = {100, 250, 1000, 2500};
    for (unsigned i = 0; i < G_N_ELEMENTS(muted_ms) * G_N_ELEMENTS(reports_ms); i++) {
        for (int64_t rtt_ms = 40; rtt_ms <= 600; rtt_ms += 80) {
            set_up(2000000, rtt_ms / 2 * MS);
            net.most_bps = 600000;
            net.audio_bps = 24000;
            net.ptime_ms = 20;
            net.report_us = reports_ms[i % G_N_ELEMENTS(reports_ms)] * MS;
            run(40 * S);
            uint32_t before_bps = uplink_cap_bps(&net.uplink);
            net.has_audio = false;
            run(muted_ms[i / G_N_ELEMENTS(reports_ms)] * MS);
            net.next_audio_us = net.now_us;
            net.has_audio = true;
            for (unsigned k = 0; k < 300; k++) {
                run(100 * MS);
                assert_true(uplink_may_send_video(&net.uplink));
                /* A cut is taken back as soon as a round trip tells. */
                bool is_told = k * 100 * MS >= net.report_us + 2 * net.one_way_us + 500 * MS;
                assert_true(!is_told || uplink_cap_bps(&net.uplink) >= before_bps * 3 / 4);
            }
        }
    }
}

/* A slow phone loses samples, and its sound comes later and later: by a second in ten minutes. */
static void test_lost_samples_are_no_queue(void **state)
{
    (void)state;
    for (int64_t rtt_ms = 100; rtt_ms <= 500; rtt_ms += 100) {
        for (unsigned lost = 16; lost <= 160; lost += 48) { /* of 48000 */
            set_up(1000000, rtt_ms / 2 * MS);
            net.most_bps = 600000;
            net.audio_bps = 24000;
            net.ptime_ms = 20;
            for (unsigned second = 0; second < 600; second++) {
                run(S);
                net.audio_timestamp -= lost;
                assert_true(second < 15 || uplink_may_send_video(&net.uplink));
            }
            assert_true(uplink_cap_bps(&net.uplink) >= 700000);
        }
    }
}

/* But what stands in a queue does, though its sender was muted and its path has become longer. */
static void test_a_queue_is_one_after_a_mute(void **state)
{
    (void)state;
    set_up(500000, 150 * MS);
    net.most_bps = 400000;
    run(40 * S);
    net.has_audio = false;
    run(S);
    net.next_audio_us = net.now_us;
    net.has_audio = true;
    net.one_way_us = 250 * MS;
    run(150 * S);
    uint32_t before_bps = uplink_cap_bps(&net.uplink);
    assert_true(before_bps >= 300000);
    net.link_bps = 150000;
    run(4 * S);
    assert_true(uplink_cap_bps(&net.uplink) <= 150000);
    run(4 * S);
    assert_true(uplink_queue_us(&net.uplink, net.now_us) <= 250 * MS);
}

/* A call often begins behind what the page loads: the first round trips are long, with nothing in
 * the queue here. They do not make none of what fills the link later. */
static void test_a_call_that_begins_in_a_queue(void **state)
{
    (void)state;
    static const int64_t queues_ms[] = {200, 400, 700};
    for (unsigned i = 0; i < G_N_ELEMENTS(queues_ms); i++) {
        set_up(30000, 100 * MS);
        net.queue_limit_us = 800 * MS;
        net.audio_bps = 8000;
        net.ptime_ms = 60;
        net.most_bps = 0; /* sound alone */
        net.report_us = 2500 * MS;
        net.down_us = queues_ms[i] * MS;
        run(6 * S);
        net.down_us = 0;
        net.audio_bps = 26000;
        run(30 * S);
        assert_true(net.worst_queue_us >= 700 * MS);
        assert_true(uplink_queue_us(&net.uplink, net.now_us) >= 500 * MS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_link_is_found_out_within_six_seconds),
        cmocka_unit_test(test_sound_alone_shows_what_a_link_is),
        cmocka_unit_test(test_a_near_slow_link_is_not_flooded),
        cmocka_unit_test(test_a_slow_link_is_not_flooded),
        cmocka_unit_test(test_no_room_for_a_picture),
        cmocka_unit_test(test_a_call_that_begins_in_a_queue),
        cmocka_unit_test(test_a_picture_without_room_is_tried_each_minute),
        cmocka_unit_test(test_no_room_in_the_hint_closes),
        cmocka_unit_test(test_no_room_after_a_cut_is_waited_for),
        cmocka_unit_test(test_a_fall_is_followed_and_the_rise_as_well),
        cmocka_unit_test(test_a_cut_does_not_last_though_nothing_fills_the_link),
        cmocka_unit_test(test_a_collapse_is_seen_at_once),
        cmocka_unit_test(test_a_collapse_leaves_a_slow_links_rate),
        cmocka_unit_test(test_sound_out_of_a_queue_leaves_its_room),
        cmocka_unit_test(test_a_lossy_link_is_not_a_full_one),
        cmocka_unit_test(test_bursts_without_a_queue_are_no_full_link),
        cmocka_unit_test(test_loss_that_comes_with_the_rate_cuts),
        cmocka_unit_test(test_an_outage_says_nothing_of_the_rate),
        cmocka_unit_test(test_no_sound_at_all),
        cmocka_unit_test(test_sound_that_is_too_large_at_first),
        cmocka_unit_test(test_a_muted_microphone_is_no_queue),
        cmocka_unit_test(test_lost_samples_are_no_queue),
        cmocka_unit_test(test_a_queue_is_one_after_a_mute),
        cmocka_unit_test(test_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
