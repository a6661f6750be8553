// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/repair/nack.h"

static const int64_t MS = 1000;
static const int64_t RTT = 100000;

static const NackConfig CONFIG = {
    .reorder_us = 15000,
    .min_retry_us = 20000,
    .max_age_us = 1000000,
    .max_requests = 3,
    .max_missing = 100,
};

static void test_request_and_retries(void **state)
{
    (void)state;
    g_autoptr(NackTracker) tracker = nack_tracker_new(&CONFIG);
    uint16_t lost[16];
    assert_int_equal(nack_tracker_on_packet(tracker, 65534, 0), NACK_NEW);
    assert_int_equal(nack_tracker_next_us(tracker), INT64_MAX);
    assert_int_equal(nack_tracker_on_packet(tracker, 1, 0), NACK_NEW);
    assert_int_equal(nack_tracker_next_us(tracker), 15 * MS);
    assert_int_equal(nack_tracker_collect(tracker, 14 * MS, RTT, lost, 16), 0);
    assert_int_equal(nack_tracker_collect(tracker, 15 * MS, RTT, lost, 16), 2);
    assert_int_equal(lost[0], 65535);
    assert_int_equal(lost[1], 0);
    assert_int_equal(nack_tracker_next_us(tracker), 140 * MS);
    assert_int_equal(nack_tracker_collect(tracker, 139 * MS, RTT, lost, 16), 0);
    assert_int_equal(nack_tracker_on_packet(tracker, 65535, 110 * MS), NACK_RECOVERED);
    assert_int_equal(nack_tracker_on_packet(tracker, 65535, 110 * MS), NACK_OLD);
    assert_int_equal(nack_tracker_collect(tracker, 140 * MS, RTT, lost, 16), 1);
    assert_int_equal(lost[0], 0);
    assert_int_equal(nack_tracker_collect(tracker, 265 * MS, RTT, lost, 16), 1);
    assert_int_equal(nack_tracker_take_given_up(tracker), 0);
    assert_int_equal(nack_tracker_collect(tracker, 390 * MS, RTT, lost, 16), 0);
    assert_int_equal(nack_tracker_take_given_up(tracker), 1);
    assert_int_equal(nack_tracker_take_given_up(tracker), 0);
    assert_int_equal(nack_tracker_on_packet(tracker, 0, 391 * MS), NACK_OLD);
    assert_int_equal(nack_tracker_n_missing(tracker), 0);
}

/* Requests are lost as well: once more, before an answer could be here. */
static void test_asked_again_soon(void **state)
{
    (void)state;
    NackConfig config = CONFIG;
    config.again_us = 40000;
    g_autoptr(NackTracker) tracker = nack_tracker_new(&config);
    uint16_t lost[16];
    (void)nack_tracker_on_packet(tracker, 1, 0);
    (void)nack_tracker_on_packet(tracker, 3, 0);
    assert_int_equal(nack_tracker_collect(tracker, 15 * MS, RTT, lost, 16), 1);
    assert_int_equal(nack_tracker_next_us(tracker), 55 * MS);
    assert_int_equal(nack_tracker_collect(tracker, 55 * MS, RTT, lost, 16), 1);
    assert_int_equal(nack_tracker_next_us(tracker), 180 * MS);
    /* A short way: no sooner than an answer. */
    nack_tracker_reset(tracker);
    (void)nack_tracker_on_packet(tracker, 1, 0);
    (void)nack_tracker_on_packet(tracker, 3, 0);
    assert_int_equal(nack_tracker_collect(tracker, 15 * MS, 20 * MS, lost, 16), 1);
    assert_int_equal(nack_tracker_next_us(tracker), 40 * MS);
}

/* So the relay asks for sound and for pictures alike. */
static void test_sound_and_pictures_are_asked_for_again_soon(void **state)
{
    (void)state;
    const NackConfig *configs[] = {&NACK_AUDIO, &NACK_VIDEO};
    for (size_t i = 0; i < G_N_ELEMENTS(configs); i++) {
        g_autoptr(NackTracker) tracker = nack_tracker_new(configs[i]);
        uint16_t lost[16];
        (void)nack_tracker_on_packet(tracker, 1, 0);
        (void)nack_tracker_on_packet(tracker, 3, 0);
        int64_t first_us = nack_tracker_next_us(tracker);
        assert_int_equal(nack_tracker_collect(tracker, first_us, 2 * RTT, lost, 16), 1);
        assert_int_equal(nack_tracker_next_us(tracker), first_us + 40 * MS);
    }
}

/* Loses number 2 * N, which is asked for as often as may be until an answer is here, and comes
 * N_ANSWERS times. How often it was asked for. */
static unsigned lose_one(NackTracker *tracker, unsigned n, unsigned n_answers)
{
    int64_t from_us = n * 1000 * MS;
    unsigned n_asked = 0;
    uint16_t lost[16];
    (void)nack_tracker_on_packet(tracker, (uint16_t)(2 * n - 1), from_us);
    (void)nack_tracker_on_packet(tracker, (uint16_t)(2 * n + 1), from_us);
    for (int64_t now_us = from_us; now_us < from_us + RTT; now_us += 5 * MS)
        n_asked += (unsigned)nack_tracker_collect(tracker, now_us, RTT, lost, 16);
    for (unsigned i = 0; i < n_answers; i++)
        assert_int_equal(nack_tracker_on_packet(tracker, (uint16_t)(2 * n), from_us + RTT),
                         i == 0 ? NACK_RECOVERED : NACK_OLD);
    return n_asked;
}

/* GStreamer's answers are as many as requests: from the fourth on it is asked once, but for one
 * packet in eight. One who answers once is asked twice for ever, whatever comes twice now and then.
 */
static void test_who_answers_each_request_is_asked_once(void **state)
{
    (void)state;
    for (unsigned every = 1; every <= 4; every++) {
        g_autoptr(NackTracker) tracker = nack_tracker_new(&NACK_VIDEO);
        for (unsigned n = 1; n <= 100; n++) {
            unsigned n_asked = lose_one(tracker, n, n % every == 0 ? 2 : 1);
            assert_int_equal(n_asked, every == 1 && n > 4 && (n - 4) % 8 != 0 ? 1 : 2);
        }
        nack_tracker_reset(tracker); /* another stream of the same sender */
        assert_int_equal(lose_one(tracker, 200, 1), every == 1 ? 1 : 2);
    }
}

/* A browser's packets that were late for a while came by themselves and as a repair: that it
 * answers each request is forgotten when they are in time again, however long it seemed so. */
static void test_who_seemed_to_answer_each_is_asked_twice_again(void **state)
{
    (void)state;
    for (unsigned n_late = 5; n_late <= 1205; n_late += 400) {
        g_autoptr(NackTracker) tracker = nack_tracker_new(&NACK_VIDEO);
        unsigned n = 1;
        for (; n <= n_late; n++)
            (void)lose_one(tracker, n, 2);
        unsigned n_twice = 0;
        for (; n <= n_late + 200; n++)
            n_twice += lose_one(tracker, n, 1) == 2;
        assert_in_range(n_twice, 50, 199);
        for (; n <= n_late + 250; n++)
            assert_int_equal(lose_one(tracker, n, 1), 2);
    }
}

static void test_reordered_packets_cost_nothing(void **state)
{
    (void)state;
    g_autoptr(NackTracker) tracker = nack_tracker_new(&CONFIG);
    uint16_t lost[16];
    (void)nack_tracker_on_packet(tracker, 1, 0);
    (void)nack_tracker_on_packet(tracker, 3, 0);
    assert_int_equal(nack_tracker_on_packet(tracker, 2, 10 * MS), NACK_RECOVERED);
    assert_int_equal(nack_tracker_on_packet(tracker, 3, 10 * MS), NACK_OLD);
    assert_int_equal(nack_tracker_collect(tracker, 500 * MS, RTT, lost, 16), 0);
}

static void test_age(void **state)
{
    (void)state;
    g_autoptr(NackTracker) tracker = nack_tracker_new(&CONFIG);
    uint16_t lost[16];
    (void)nack_tracker_on_packet(tracker, 1, 0);
    (void)nack_tracker_on_packet(tracker, 3, 0);
    assert_int_equal(nack_tracker_collect(tracker, 1001 * MS, RTT, lost, 16), 0);
    assert_int_equal(nack_tracker_take_given_up(tracker), 1);
}

static void test_jump_is_a_new_start(void **state)
{
    (void)state;
    g_autoptr(NackTracker) tracker = nack_tracker_new(&CONFIG);
    uint16_t lost[128];
    (void)nack_tracker_on_packet(tracker, 1, 0);
    (void)nack_tracker_on_packet(tracker, 3, 0);
    assert_int_equal(nack_tracker_on_packet(tracker, 104, 0), NACK_NEW); /* a gap of 100 fits */
    assert_int_equal(nack_tracker_n_missing(tracker), 100);
    assert_int_equal(nack_tracker_take_given_up(tracker), 1); /* 2 made place */
    assert_int_equal(nack_tracker_on_packet(tracker, 206, 0), NACK_RESTARTED);
    assert_int_equal(nack_tracker_n_missing(tracker), 0);
    assert_int_equal(nack_tracker_collect(tracker, 50 * MS, RTT, lost, 128), 0);
    assert_int_equal(nack_tracker_on_packet(tracker, 207, 0), NACK_NEW);
}

static void test_sender_began_again_below(void **state)
{
    (void)state;
    g_autoptr(NackTracker) tracker = nack_tracker_new(&CONFIG);
    (void)nack_tracker_on_packet(tracker, 20000, 0);
    assert_int_equal(nack_tracker_on_packet(tracker, 500, 0), NACK_OLD);
    assert_int_equal(nack_tracker_on_packet(tracker, 20001, 0), NACK_NEW);
    assert_int_equal(nack_tracker_on_packet(tracker, 501, 0), NACK_OLD); /* one stray is not two */
    assert_int_equal(nack_tracker_on_packet(tracker, 502, 0), NACK_RESTARTED);
    assert_int_equal(nack_tracker_on_packet(tracker, 503, 0), NACK_NEW);
    nack_tracker_reset(tracker);
    assert_int_equal(nack_tracker_on_packet(tracker, 9, 0), NACK_NEW);
}

static void test_small_array_and_forget(void **state)
{
    (void)state;
    g_autoptr(NackTracker) tracker = nack_tracker_new(&CONFIG);
    uint16_t lost[4];
    (void)nack_tracker_on_packet(tracker, 65530, 0);
    (void)nack_tracker_on_packet(tracker, 5, 0);
    assert_int_equal(nack_tracker_collect(tracker, 20 * MS, RTT, lost, 4), 4);
    assert_int_equal(lost[0], 65531);
    assert_int_equal(nack_tracker_collect(tracker, 20 * MS, RTT, lost, 4), 4);
    assert_int_equal(lost[0], 65535);
    nack_tracker_forget_before(tracker, 3);
    assert_int_equal(nack_tracker_n_missing(tracker), 2);
    nack_tracker_forget_before(tracker, 6);
    assert_int_equal(nack_tracker_n_missing(tracker), 0);
    assert_int_equal(nack_tracker_on_packet(tracker, 4, 0), NACK_OLD);
    assert_int_equal(nack_tracker_take_given_up(tracker), 0);
}

/* Three laps with 10 % loss and a repair of every request: nothing is missing in the end, and
 * nothing that came is asked for. */
static void test_long_run_with_loss(void **state)
{
    (void)state;
    g_autoptr(NackTracker) tracker = nack_tracker_new(&CONFIG);
    static bool arrived[65536];
    uint32_t seed = 5;
    int64_t now_us = 0;
    for (uint32_t i = 0; i < 196608; i++, now_us += 20 * MS) {
        seed = seed * 1664525 + 1013904223;
        uint16_t sequence = (uint16_t)i;
        arrived[sequence] = (seed >> 16) % 10 != 0 || i < 2;
        if (arrived[sequence])
            assert_int_equal(nack_tracker_on_packet(tracker, sequence, now_us), NACK_NEW);
        uint16_t lost[32];
        size_t n = nack_tracker_collect(tracker, now_us, RTT, lost, 32);
        for (size_t j = 0; j < n; j++) {
            assert_false(arrived[lost[j]]);
            arrived[lost[j]] = true;
            assert_int_equal(nack_tracker_on_packet(tracker, lost[j], now_us), NACK_RECOVERED);
        }
        assert_true(nack_tracker_n_missing(tracker) < 20);
    }
    assert_int_equal(nack_tracker_take_given_up(tracker), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_and_retries),
        cmocka_unit_test(test_asked_again_soon),
        cmocka_unit_test(test_sound_and_pictures_are_asked_for_again_soon),
        cmocka_unit_test(test_who_answers_each_request_is_asked_once),
        cmocka_unit_test(test_who_seemed_to_answer_each_is_asked_twice_again),
        cmocka_unit_test(test_reordered_packets_cost_nothing),
        cmocka_unit_test(test_age),
        cmocka_unit_test(test_jump_is_a_new_start),
        cmocka_unit_test(test_sender_began_again_below),
        cmocka_unit_test(test_small_array_and_forget),
        cmocka_unit_test(test_long_run_with_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
