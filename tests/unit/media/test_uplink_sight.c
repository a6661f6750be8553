// SPDX-License-Identifier: Apache-2.0
// What the guard sees of a link: trains, sound behind pictures, a busy sender, jitter.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/rate/uplink_sight.h"
#include "tests/unit/media/uplink_net.h"

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

/* Sound on a link of LINK_BPS, N packets of BYTES, each AT_US after the one before and up to
 * JITTER_US late. True: it is another link. */
static bool paces(UplinkPace *pace, int64_t *now_us, unsigned n, unsigned bytes, uint32_t link_bps,
                  int64_t jitter_us)
{
    bool is_lighter = false;
    for (unsigned i = 0; i < n; i++) {
        *now_us += 60 * MS;
        int64_t delay_us =
            (int64_t)bytes * 8 * S / link_bps + (int64_t)(noise() * (double)jitter_us);
        is_lighter = uplink_pace_note(pace, bytes, delay_us, *now_us) || is_lighter;
    }
    return is_lighter;
}

/* A thin link takes 40 ms for a packet of sound, a good one 4. Shorter packets, pauses of speech
 * and jitter are none the lighter for it, nor is a queue that empties itself. */
static void test_sound_alone_shows_another_link(void **state)
{
    (void)state;
    UplinkPace pace = {0};
    int64_t now_us = 500 * S;
    assert_false(paces(&pace, &now_us, 50, 139, 28000, 0));
    assert_false(paces(&pace, &now_us, 50, 70, 28000, 0));
    assert_false(paces(&pace, &now_us, 50, 184, 28000, 0));
    assert_false(paces(&pace, &now_us, 50, 139, 28000, 0));
    assert_false(paces(&pace, &now_us, 300, 139, 28000, 60 * MS));
    assert_true(paces(&pace, &now_us, 10, 139, 300000, 0));
    UplinkPace jittery = {0};
    assert_false(paces(&jittery, &now_us, 300, 139, 28000, 40 * MS));
    assert_true(paces(&jittery, &now_us, 40, 139, 300000, 40 * MS));
    UplinkPace draining = {0};
    for (int64_t queue_us = 3 * S; queue_us > 0; queue_us -= 20 * MS) {
        now_us += 60 * MS;
        assert_false(uplink_pace_note(&draining, 139, queue_us + 40 * MS, now_us));
    }
    assert_false(paces(&draining, &now_us, 50, 139, 28000, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_train_is_the_links_rate),
        cmocka_unit_test(test_sound_behind_a_picture_shows_the_link),
        cmocka_unit_test(test_jitter_is_no_thin_link),
        cmocka_unit_test(test_single_pictures_on_a_thin_link_are_left_alone),
        cmocka_unit_test(test_single_pictures_show_room),
        cmocka_unit_test(test_a_thin_link_with_a_queue_is_not_tried_further),
        cmocka_unit_test(test_a_busy_sender_is_not_a_full_link),
        cmocka_unit_test(test_late_sound_on_an_empty_link),
        cmocka_unit_test(test_jitter_is_not_a_queue),
        cmocka_unit_test(test_timestamps_that_jump),
        cmocka_unit_test(test_sound_alone_shows_another_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
