// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>

#include "media/rate/hint.h"
#include "media/rate/uplink_hint.h"

static const HintUplink wide = {.cap_bps = 2000000, .may_send_video = true};

static const AllocatorWish rich = {.audio_bps = 24000,
                                   .ptime_ms = 20,
                                   .audio_fec = true,
                                   .video_bps = 500000,
                                   .height = 360,
                                   .fps_tenths = 250};
static const AllocatorWish poor = {
    .audio_bps = 12000, .ptime_ms = 60, .video_bps = 40000, .height = 180, .fps_tenths = 80};
static const AllocatorWish still = {.audio_bps = 12000,
                                    .ptime_ms = 60,
                                    .video_bps = 9000,
                                    .height = 90,
                                    .fps_tenths = 3,
                                    .stills = true};

static void test_two_parties_the_receivers_wish(void **state)
{
    (void)state;
    MediaHint hint;
    hint_combine(&poor, 1, &wide, &hint);
    assert_int_equal(hint.audio_bps, 12000);
    assert_int_equal(hint.ptime_ms, 60);
    assert_false(hint.audio_fec);
    assert_int_equal(hint.video_bps, 40000);
    assert_int_equal(hint.video_height, 180);
    assert_int_equal(hint.video_fps_tenths, 80);
    hint_combine(&still, 1, &wide, &hint);
    assert_true(hint.video_stills);
    assert_int_equal(hint.video_fps_tenths, 3);
}

static void test_several_the_best(void **state)
{
    (void)state;
    MediaHint hint;
    hint_combine((AllocatorWish[]){poor, rich, still}, 3, &wide, &hint);
    assert_int_equal(hint.audio_bps, 24000);
    assert_int_equal(hint.ptime_ms, 20);
    assert_true(hint.audio_fec);
    assert_int_equal(hint.video_bps, 500000);
    assert_int_equal(hint.video_height, 360);
    assert_false(hint.video_stills);
}

static bool has_layers(HintLayers *layers, const AllocatorWish *wishes, size_t n,
                       const HintUplink *uplink, int64_t now_us)
{
    MediaHint hint;
    hint_combine(wishes, n, uplink, &hint);
    hint_add_layers(layers, wishes, n, hint.video_bps, &hint, now_us);
    return hint.video_layers;
}

static void test_layers_when_receivers_differ(void **state)
{
    (void)state;
    HintLayers layers = {0};
    AllocatorWish middle = rich;
    middle.video_bps = 300000;
    assert_false(has_layers(&layers, (AllocatorWish[]){rich, rich}, 2, &wide, 0));
    assert_false(has_layers(&layers, (AllocatorWish[]){rich, middle}, 2, &wide, 0));
    assert_true(has_layers(&layers, (AllocatorWish[]){rich, poor}, 2, &wide, 0));
    /* One receiver is left, which may have had the small one. */
    assert_true(has_layers(&layers, &rich, 1, &wide, 2900000));
    assert_false(has_layers(&layers, &rich, 1, &wide, 3000000));
    assert_true(has_layers(&layers, (AllocatorWish[]){rich, still}, 2, &wide, 4000000));
    /* As different as this they would not have begun it, but they do not end it either. */
    assert_true(has_layers(&layers, (AllocatorWish[]){rich, middle}, 2, &wide, 60000000));
    /* Nobody takes only stills of it. */
    assert_false(has_layers(&layers, (AllocatorWish[]){still, still}, 2, &wide, 60000001));
}

/* Who comes in begins with little: the layer does not come and go with each second of it. */
static void test_layers_stay_a_while(void **state)
{
    (void)state;
    HintLayers layers = {0};
    for (int64_t s = 0; s < 20; s++) {
        AllocatorWish second = s % 4 == 0 ? poor : rich;
        assert_true(has_layers(&layers, (AllocatorWish[]){rich, second}, 2, &wide, s * 1000000));
    }
    assert_false(has_layers(&layers, (AllocatorWish[]){rich, rich}, 2, &wide, 24100000));
}

/* What a sender's own thin link carries is not divided by two layers. */
static void test_layers_of_a_thin_uplink(void **state)
{
    (void)state;
    HintLayers layers = {0};
    const HintUplink thin = {.cap_bps = 120000, .may_send_video = true};
    assert_false(has_layers(&layers, (AllocatorWish[]){rich, poor}, 2, &thin, 0));
    /* Each of them takes all that it can send. */
    const HintUplink middle = {.cap_bps = 300000, .may_send_video = true};
    AllocatorWish most = rich;
    most.video_bps = 200000;
    assert_false(has_layers(&layers, (AllocatorWish[]){rich, most}, 2, &middle, 0));
    /* Two that differ for longer than one who comes in needs to find its rate. */
    assert_false(has_layers(&layers, (AllocatorWish[]){rich, poor}, 2, &middle, 1000000));
    assert_false(has_layers(&layers, (AllocatorWish[]){rich, most}, 2, &middle, 2000000));
    assert_false(has_layers(&layers, (AllocatorWish[]){rich, poor}, 2, &middle, 3000000));
    assert_false(has_layers(&layers, (AllocatorWish[]){rich, poor}, 2, &middle, 5900000));
    assert_true(has_layers(&layers, (AllocatorWish[]){rich, poor}, 2, &middle, 6000000));
}

/* What a link carries that was never full is not known; what comes over it is. */
static void test_layers_by_what_comes(void **state)
{
    (void)state;
    const AllocatorWish wishes[] = {rich, poor};
    HintLayers layers = {0};
    MediaHint hint;
    hint_combine(wishes, 2, &wide, &hint);
    for (int64_t s = 0; s < 20; s++) {
        hint_add_layers(&layers, wishes, 2, 90000, &hint, s * 1000000);
        assert_false(hint.video_layers);
    }
    assert_int_equal(hint.video_bps, 500000);
    hint_add_layers(&layers, wishes, 2, 200000, &hint, 20000000);
    assert_false(hint.video_layers);
    /* No more than it sends before there is a small layer for the other. */
    assert_int_equal(hint.video_bps, 250000);
    hint_combine(wishes, 2, &wide, &hint);
    hint_add_layers(&layers, wishes, 2, 400000, &hint, 20100000);
    assert_true(hint.video_layers);
    assert_int_equal(hint.video_bps, 500000);
}

/* A face that is still for a moment takes less. Whoever came in waited 10 s for a small layer, as
 * each such moment let it begin anew and what was asked for sank with what came. */
static void test_the_wait_for_layers_goes_on(void **state)
{
    (void)state;
    static const uint32_t came_bps[] = {104000, 88000, 76000, 80000, 74000, 98000};
    /* Those who take a third and nearly a half of what is sent. */
    static const uint32_t poor_bps[] = {40000, 60000};
    AllocatorWish wishes[] = {rich, poor};
    HintLayers layers;
    MediaHint hint;
    for (unsigned k = 0; k < G_N_ELEMENTS(poor_bps); k++) {
        layers = (HintLayers){0};
        wishes[1].video_bps = poor_bps[k];
        for (int64_t i = 0; i <= 6; i++) {
            hint_combine(wishes, 2, &wide, &hint);
            hint_add_layers(&layers, wishes, 2, came_bps[i % 6], &hint, i * 500000);
            assert_int_equal(hint.video_layers, i == 6);
            assert_int_equal(hint.video_bps, i == 6 ? 500000 : 130000);
        }
    }
    /* One that sends much less now does not. */
    layers = (HintLayers){0};
    wishes[1] = poor;
    for (int64_t i = 0; i <= 10; i++) {
        hint_combine(wishes, 2, &wide, &hint);
        hint_add_layers(&layers, wishes, 2, i < 2 ? 104000 : 60000, &hint, i * 500000);
        assert_false(hint.video_layers);
    }
}

static void test_the_small_layer_is_what_the_least_takes(void **state)
{
    (void)state;
    static const struct {
        uint32_t poor_bps, small_bps;
    } cases[] = {{44000, 44000}, {10000, 30000}, {200000, 150000}, {450000, 30000}, {0, 30000}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        AllocatorWish least = poor;
        least.video_bps = cases[i].poor_bps;
        const AllocatorWish wishes[] = {rich, least, still};
        HintLayers layers = {0};
        MediaHint hint;
        hint_combine(wishes, 3, &wide, &hint);
        hint_add_layers(&layers, wishes, 3, hint.video_bps, &hint, 0);
        assert_true(hint.video_layers);
        assert_int_equal(hint.video_small_bps, cases[i].small_bps);
        hint.video_bps = 50000; /* what its own link is down to */
        hint_add_layers(&layers, wishes, 3, 500000, &hint, 1000000);
        assert_false(hint.video_layers);
        MediaHint other = hint;
        other.video_small_bps = 40000;
        assert_true(hint_differs(&hint, &other));
    }
}

/* A thin link of a sender's own makes a screen rarer, not illegible. */
static void test_a_screen_keeps_its_lines(void **state)
{
    (void)state;
    const HintUplink thin = {.cap_bps = 100000, .may_send_video = true};
    AllocatorWish screen = rich;
    screen.height = 1080;
    screen.fps_tenths = 50;
    MediaHint hint;
    hint_combine(&screen, 1, &thin, &hint);
    assert_int_equal(hint.video_height, 180);
    screen.is_screen = true;
    hint_combine((AllocatorWish[]){poor, screen}, 2, &thin, &hint);
    assert_int_equal(hint.video_height, 720);
    assert_in_range(hint.video_fps_tenths, 10, 30);
    assert_true(hint_wire_bps(&hint) <= thin.cap_bps);
}

static void test_the_uplink_limits(void **state)
{
    (void)state;
    MediaHint hint;
    for (uint32_t cap_bps = 10000; cap_bps < 1500000; cap_bps += cap_bps / 10) {
        HintUplink uplink = {.cap_bps = cap_bps, .may_send_video = true};
        hint_combine(&rich, 1, &uplink, &hint);
        if (cap_bps > 20000)
            assert_true(hint_wire_bps(&hint) <= cap_bps);
        assert_true(hint.video_bps == 0 || hint.video_height > 0);
        assert_true(hint.video_bps == 0 || hint.video_fps_tenths > 0);
    }
    hint_combine(&rich, 1, &(HintUplink){.cap_bps = 60000, .may_send_video = true}, &hint);
    assert_int_equal(hint.ptime_ms, 60);
    assert_int_equal(hint.audio_bps, 16000);
    assert_false(hint.audio_fec);
    assert_int_equal(hint.video_height, 135);
    hint_combine(&rich, 1, &(HintUplink){.cap_bps = 40000, .may_send_video = true}, &hint);
    assert_true(hint.video_stills);
    assert_int_equal(hint.video_height, 135);
    hint_combine(&rich, 1, &(HintUplink){.cap_bps = 20000, .may_send_video = true}, &hint);
    assert_int_equal(hint.video_bps, 0);
    assert_int_equal(hint.ptime_ms, 120);
}

/* What is left beside the sound is told, whether a picture may be sent or not: the guard must not
 * hold one open that the hint leaves out. */
static void test_room_for_a_picture_is_told(void **state)
{
    (void)state;
    MediaHint hint;
    AllocatorWish screen = rich;
    screen.is_screen = true;
    unsigned n_full = 0;
    for (uint32_t cap_bps = 10000; cap_bps < 60000; cap_bps += 100) {
        HintUplink uplink = {.cap_bps = cap_bps, .may_send_video = true};
        bool has_room = hint_combine(&rich, 1, &uplink, &hint);
        assert_int_equal(has_room, hint.video_bps > 0);
        n_full += !has_room;
        bool has_screen = hint_combine(&screen, 1, &uplink, &hint);
        assert_int_equal(has_screen, hint.video_bps > 0);
        uplink.may_send_video = false;
        assert_int_equal(hint_combine(&rich, 1, &uplink, &hint), has_room);
    }
    assert_in_range(n_full, 100, 300);
    /* Sound alone at 28 kbit/s, though 10 kbit/s are left beside it. */
    assert_false(hint_combine(&rich, 1, &(HintUplink){.cap_bps = 28900}, &hint));
    assert_true(hint_combine(&rich, 1, &(HintUplink){.cap_bps = 0}, &hint));
    /* Nobody wants one: that is no want of room. */
    assert_true(hint_combine(NULL, 0, &(HintUplink){.cap_bps = 60000}, &hint));
}

static void test_no_picture_yet(void **state)
{
    (void)state;
    MediaHint hint;
    hint_combine(&rich, 1, &(HintUplink){.cap_bps = 60000, .may_send_video = false}, &hint);
    assert_int_equal(hint.video_bps, 0);
    assert_int_equal(hint.video_height, 0);
    assert_int_equal(hint.audio_bps, 16000);
    /* Nobody receives: sound as the link carries it. */
    hint_combine(NULL, 0, &(HintUplink){.cap_bps = 60000, .may_send_video = true}, &hint);
    assert_int_equal(hint.video_bps, 0);
    assert_int_equal(hint.audio_bps, 16000);
    assert_int_equal(hint.ptime_ms, 60);
}

/* A receiver's long packets are made here; the sender's own link decides about more than 60 ms. */
static void test_long_packets_are_merged_here(void **state)
{
    (void)state;
    MediaHint hint;
    AllocatorWish thin = {.audio_bps = 8000, .ptime_ms = 120};
    hint_combine(&thin, 1, &wide, &hint);
    assert_int_equal(hint.ptime_ms, 60);
    assert_int_equal(hint.audio_bps, 8000);
}

/* The sender's own way loses sound: each packet once more in the next one, at a lower bitrate where
 * the link is thin. */
static void test_redundancy_of_the_senders_own(void **state)
{
    (void)state;
    MediaHint hint;
    HintUplink uplink = {.cap_bps = 2000000, .may_send_video = true, .red = true};
    hint_combine(&rich, 1, &uplink, &hint);
    assert_true(hint.audio_red);
    assert_false(hint.audio_fec);
    assert_int_equal(hint.audio_bps, 24000);
    assert_int_equal(hint.ptime_ms, 20);
    uplink.red_alone = true;
    hint_combine(&rich, 1, &uplink, &hint);
    assert_int_equal(hint.ptime_ms, 40);
    for (uplink.cap_bps = 10000; uplink.cap_bps < 1500000; uplink.cap_bps += uplink.cap_bps / 10) {
        hint_combine(&rich, 1, &uplink, &hint);
        if (uplink.cap_bps > 20000)
            assert_true(hint_wire_bps(&hint) <= uplink.cap_bps);
        if (uplink.cap_bps >= 40000)
            assert_true(hint.audio_red && hint.audio_bps >= 8000);
    }
    uplink.cap_bps = 25000; /* no room for two */
    hint_combine(&rich, 1, &uplink, &hint);
    assert_false(hint.audio_red);
    assert_int_equal(hint.audio_bps, 10000);
}

/* Two copies further apart where losses come in runs and there is room for both. */
static void test_the_reach_of_the_senders_own(void **state)
{
    (void)state;
    MediaHint hint;
    HintUplink uplink = {
        .cap_bps = 2000000, .may_send_video = true, .red = true, .loss_run_x10 = 40};
    hint_combine(&rich, 1, &uplink, &hint);
    assert_int_equal(hint.audio_reach, 8);
    uint32_t far_bps = hint_wire_bps(&hint);
    hint.audio_reach = 0;
    assert_int_equal(far_bps - hint_wire_bps(&hint), hint.audio_bps + 4 * 8 * 50); /* a copy more */
    uplink.loss_run_x10 = 15;
    hint_combine(&rich, 1, &uplink, &hint);
    assert_int_equal(hint.audio_reach, 4);
    uplink.loss_run_x10 = 10;
    hint_combine(&rich, 1, &uplink, &hint);
    assert_true(hint.audio_red);
    assert_int_equal(hint.audio_reach, 0);
    uplink.loss_run_x10 = 40;
    uplink.red = false; /* nothing to reach with */
    hint_combine(&rich, 1, &uplink, &hint);
    assert_int_equal(hint.audio_reach, 0);
    uplink.red = true;
    uplink.cap_bps = 0; /* no limit known */
    hint_combine(&rich, 1, &uplink, &hint);
    assert_int_equal(hint.audio_reach, 8);
    /* Packets of 40 ms: 12 kbit/s three times and headers are 50.6, of a link that has 45 % for it.
     */
    for (unsigned has_room = 0; has_room < 2; has_room++) {
        uplink.cap_bps = has_room ? 113000 : 85000;
        hint_combine(&rich, 1, &uplink, &hint);
        assert_true(hint.audio_red);
        assert_int_equal(hint.audio_reach, has_room ? 4 : 0);
        assert_in_range(hint.audio_bps, 8000, 16000);
    }
    uplink.cap_bps = 230000; /* of 24 kbit/s it takes 86.6, of which 45 % are 192 */
    hint_combine(&rich, 1, &uplink, &hint);
    assert_int_equal(hint.audio_reach, 4);
    assert_int_equal(hint.audio_bps, 24000);
}

/* Where much is lost two copies take no more of a thin link than one did; with no
 * room for two it stays with one. */
static void test_two_copies_where_much_is_lost(void **state)
{
    (void)state;
    for (uint32_t cap_bps = 54000; cap_bps < 1500000; cap_bps += cap_bps / 10) {
        MediaHint one, two;
        HintUplink uplink = {.cap_bps = cap_bps, .red = true, .loss_run_x10 = 12};
        hint_combine(&rich, 1, &uplink, &one);
        assert_int_equal(one.audio_reach, 0);
        uplink.red_twice = true;
        hint_combine(&rich, 1, &uplink, &two);
        assert_true(two.audio_red);
        assert_int_equal(two.audio_reach, 2);
        assert_in_range(two.audio_bps, 8000, 24000);
        assert_true(hint_wire_bps(&two) <= MAX(42000, cap_bps * 45 / 100));
    }
    MediaHint thin;
    hint_combine(&rich, 1, &(HintUplink){.cap_bps = 45000, .red = true, .red_twice = true}, &thin);
    assert_true(thin.audio_red);
    assert_int_equal(thin.audio_reach, 0);
}

/* Opus's own redundancy instead of copies, where the sender's packets and its bitrate allow it. */
static void test_fec_of_the_senders_own(void **state)
{
    (void)state;
    static const struct {
        uint32_t cap_bps, audio_bps;
        unsigned ptime_ms;
        bool red, fec, has_red, has_fec;
    } rows[] = {
        {200000, 24000, 20, true, true, false, true},
        {200000, 24000, 20, true, false, true, false},
        {200000, 24000, 40, true, true, false, true},
        {200000, 24000, 60, true, true, true, false},
        {200000, 16000, 20, true, true, true, false},
        {120000, 24000, 20, true, true, true, false},
        {200000, 24000, 20, false, true, false, true},
        {200000, 24000, 20, false, false, false, false},
        {200000, 16000, 20, false, true, false, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        AllocatorWish wish = rich;
        MediaHint hint;
        HintUplink uplink = {.cap_bps = rows[i].cap_bps,
                             .may_send_video = true,
                             .red = rows[i].red,
                             .fec = rows[i].fec};
        wish.audio_fec = false;
        wish.audio_bps = rows[i].audio_bps;
        wish.ptime_ms = rows[i].ptime_ms;
        hint_combine(&wish, 1, &uplink, &hint);
        assert_int_equal(hint.audio_red, rows[i].has_red);
        assert_int_equal(hint.audio_fec, rows[i].has_fec);
        if (hint.audio_fec)
            assert_int_equal(hint.ptime_ms, rows[i].ptime_ms);
    }
}

/* Sound with its copy takes three tenths of the sender's link, of a thin one up to 42 kbit/s or
 * 65 %, whichever is less; with distant copies 45 %. */
static void test_the_share_of_sound_with_redundancy(void **state)
{
    (void)state;
    for (unsigned run_x10 = 10; run_x10 <= 40; run_x10 += 30) {
        for (uint32_t cap_bps = 10000; cap_bps < 3000000; cap_bps += cap_bps / 20) {
            HintUplink uplink = {.cap_bps = cap_bps, .red = true, .loss_run_x10 = run_x10};
            MediaHint hint;
            hint_combine(&rich, 1, &uplink, &hint);
            uint32_t most_bps = hint.audio_reach > 0
                                    ? cap_bps * 45 / 100
                                    : MAX(cap_bps * 3 / 10, MIN(cap_bps * 65 / 100, 42000));
            if (hint.audio_red)
                assert_true(hint_wire_bps(&hint) <= most_bps);
            if (cap_bps >= 55000) /* and there is room for one copy on any such link */
                assert_true(hint.audio_red);
        }
    }
}

/* What pictures that wait in the sender's browser are limited to is no limit for its estimate, for
 * which they wait. */
static void test_pictures_that_wait_do_not_hold_the_estimate_down(void **state)
{
    (void)state;
    Uplink uplink;
    uplink_init(&uplink, 1000000, 1);
    uplink.video_us = 1; /* let in */
    UplinkHint own = {0};
    UplinkRed red = {0};
    UplinkHintInput input = {.wishes = &rich, .n = 1, .rtt_us = 50000, .is_asked_in_time = true};
    MediaHint hint;
    uplink_hint_combine(&own, &uplink, &red, &input, 1000000, &hint);
    assert_int_equal(hint.video_bps, 500000);
    assert_int_equal(own.wire_bps, hint_wire_bps(&hint));
    uint32_t whole_bps = own.wire_bps;
    input.most_video_bps = 60000;
    uplink_hint_combine(&own, &uplink, &red, &input, 1100000, &hint);
    assert_in_range(hint.video_bps, 30000, 60000);
    assert_int_equal(own.wire_bps, whole_bps);
}

static void test_differs(void **state)
{
    (void)state;
    MediaHint a, b;
    hint_combine(&rich, 1, &wide, &a);
    b = a;
    assert_false(hint_differs(&a, &b));
    b.video_bps = a.video_bps * 95 / 100;
    assert_false(hint_differs(&a, &b));
    b.video_bps = a.video_bps * 85 / 100;
    assert_true(hint_differs(&a, &b));
    b = a;
    b.audio_red = true;
    assert_true(hint_differs(&a, &b));
    b = a;
    b.audio_reach = 4;
    assert_true(hint_differs(&a, &b));
    b = a;
    b.jitter_ms = 60;
    assert_true(hint_differs(&a, &b));
    b = a;
    b.n_holds = 1;
    b.holds[0] = (MediaHold){"0", 60};
    assert_true(hint_differs(&a, &b) && hint_differs(&b, &a));
    a = b;
    assert_false(hint_differs(&a, &b));
    b.holds[0].ms = 80;
    assert_true(hint_differs(&a, &b));
    b.holds[0] = (MediaHold){"1", 60};
    assert_true(hint_differs(&a, &b));
    b = a;
    b.ptime_ms = 40;
    assert_true(hint_differs(&a, &b));
    b = a;
    b.video_bps = 0;
    assert_true(hint_differs(&a, &b) && hint_differs(&b, &a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_parties_the_receivers_wish),
        cmocka_unit_test(test_several_the_best),
        cmocka_unit_test(test_layers_when_receivers_differ),
        cmocka_unit_test(test_layers_stay_a_while),
        cmocka_unit_test(test_layers_of_a_thin_uplink),
        cmocka_unit_test(test_layers_by_what_comes),
        cmocka_unit_test(test_the_wait_for_layers_goes_on),
        cmocka_unit_test(test_the_small_layer_is_what_the_least_takes),
        cmocka_unit_test(test_a_screen_keeps_its_lines),
        cmocka_unit_test(test_the_uplink_limits),
        cmocka_unit_test(test_room_for_a_picture_is_told),
        cmocka_unit_test(test_no_picture_yet),
        cmocka_unit_test(test_long_packets_are_merged_here),
        cmocka_unit_test(test_redundancy_of_the_senders_own),
        cmocka_unit_test(test_the_reach_of_the_senders_own),
        cmocka_unit_test(test_fec_of_the_senders_own),
        cmocka_unit_test(test_two_copies_where_much_is_lost),
        cmocka_unit_test(test_the_share_of_sound_with_redundancy),
        cmocka_unit_test(test_pictures_that_wait_do_not_hold_the_estimate_down),
        cmocka_unit_test(test_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
