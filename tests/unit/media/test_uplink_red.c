// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rate/uplink_red.h"

static const int64_t MS = 1000;
static const int64_t S = 1000 * 1000;
static const int64_t RTT = 400 * 1000;

static const uint32_t THIN = 100000;

/* Of a link that carries what its cap says. */
static bool run_on(UplinkRed *red, uint32_t link_bps, double loss, bool is_asked_in_time,
                   int64_t from_us, int64_t us)
{
    const UplinkRedInput input = {.loss = loss,
                                  .rtt_us = RTT,
                                  .is_asked_in_time = is_asked_in_time,
                                  .cap_bps = link_bps,
                                  .known_bps = link_bps};
    bool on = false;
    for (int64_t now_us = from_us; now_us < from_us + us; now_us += 50 * MS)
        on = uplink_red_update(red, &input, now_us);
    return on;
}

static bool run(UplinkRed *red, double loss, bool is_asked_in_time, int64_t from_us, int64_t us)
{
    return run_on(red, THIN, loss, is_asked_in_time, from_us, us);
}

static void test_a_long_path_begins_with_it(void **state)
{
    (void)state;
    UplinkRed red = {0};
    assert_false(uplink_red_update(&red, &(UplinkRedInput){.loss = 0.1, .cap_bps = THIN},
                                   0)); /* not known how long */
    assert_true(run(&red, 0, false, S, 50 * MS));
    assert_true(run(&red, 0, false, S, 14 * S));
    assert_false(run(&red, 0, false, 15 * S, 5 * S)); /* it loses nothing */
    assert_true(run(&red, 0.02, false, 20 * S, 3 * S));
    assert_true(run(&red, 0.002, false, 23 * S, 100 * S)); /* a little is kept */
}

static void test_repairs_in_time_need_it_later(void **state)
{
    (void)state;
    UplinkRed red = {0};
    assert_false(run(&red, 0, true, 0, 50 * MS));
    assert_false(run(&red, 0.015, true, 0, 60 * S));
    assert_true(run(&red, 0.05, true, 60 * S, 5 * S));
    assert_true(run(&red, 0, true, 65 * S, 15 * S));
    assert_false(run(&red, 0, true, 80 * S, 10 * S));
}

static void test_one_bad_moment_is_not_loss(void **state)
{
    (void)state;
    UplinkRed red = {0};
    assert_false(run(&red, 0, true, 0, 10 * S));
    assert_false(run(&red, 0.2, true, 10 * S, 300 * MS));
    assert_false(run(&red, 0, true, 10 * S + 300 * MS, 10 * S));
}

/* Where a copy is a small part of the link it costs less than the delay that repairs need: from 180
 * kbit/s, whatever is known of it (a camera that is off shows little). */
static void test_a_wide_link_has_it_at_little_loss(void **state)
{
    (void)state;
    for (unsigned wide = 0; wide < 2; wide++) {
        UplinkRed red = {0};
        UplinkRedInput input = {.rtt_us = RTT,
                                .is_asked_in_time = true,
                                .cap_bps = wide ? 180000 : 179999,
                                .known_bps = 75000};
        static const struct {
            double loss;
            int64_t us;
            bool is_on;
        } steps[] = {{0.002, 60 * S, false},
                     {0.005, 20 * S, true},
                     {0.002, 60 * S, true},
                     {0, 40 * S, false}};
        int64_t now_us = 0;
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            bool on = false;
            input.loss = steps[i].loss;
            for (int64_t end_us = now_us + steps[i].us; now_us < end_us; now_us += 50 * MS)
                on = uplink_red_update(&red, &input, now_us);
            assert_int_equal(on, wide && steps[i].is_on);
            assert_false(uplink_red_is_fec_enough(&red));
        }
    }
}

/* A copy of which a fifth is lost too is no protection; two are asked for until it is better again.
 */
static void test_much_loss_needs_two(void **state)
{
    (void)state;
    static const struct {
        double loss;
        bool is_twice;
    } steps[] = {{0.11, false}, {0.2, true}, {0.09, true}, {0.07, false}, {0.11, false}};
    UplinkRed red = {0};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_true(run(&red, steps[i].loss, true, (int64_t)i * 30 * S, 30 * S));
        assert_int_equal(uplink_red_is_twice(&red), steps[i].is_twice);
    }
    /* 10 % of single losses, as four seconds show them: once it is on it stays. */
    unsigned n_changes = 0;
    bool was_twice = false;
    for (unsigned i = 0; i < 60; i++) {
        assert_true(run(&red, i % 4 == 0 ? 0.2 : 0.06, true, (150 + i * 5) * S, 5 * S));
        n_changes += uplink_red_is_twice(&red) != was_twice;
        was_twice = uplink_red_is_twice(&red);
    }
    assert_int_equal(n_changes, 1);
}

/* In between Opus's own redundancy is enough, as long as losses are few and single. */
static void test_fec_instead_of_copies(void **state)
{
    (void)state;
    static const struct {
        uint32_t link_bps;
        double loss;
        bool is_asked_in_time, is_fec;
    } rows[] = {
        {139999, 0.025, true, false}, {140000, 0.025, true, true},  {140000, 0.025, false, true},
        {299999, 0.025, true, true},  {300000, 0.025, true, false}, {200000, 0.029, true, true},
        {200000, 0.035, true, false}, {200000, 0.10, false, false}, {200000, 0.005, true, true},
        {200000, 0, true, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        UplinkRed red = {.loss = rows[i].loss};
        bool on = run_on(&red, rows[i].link_bps, rows[i].loss, rows[i].is_asked_in_time, 0, 60 * S);
        assert_int_equal(uplink_red_is_fec_enough(&red), rows[i].is_fec);
        assert_int_equal(on, rows[i].loss > 0); /* copies, if the sender's Opus cannot do it */
    }
}

/* It is stayed with for a while on both sides of each limit. */
static void test_fec_is_kept(void **state)
{
    (void)state;
    static const struct {
        uint32_t link_bps;
        double loss, run_x10;
        bool is_kept;
    } rows[] = {
        {130000, 0.02, 10, true},  {129999, 0.02, 10, false}, {359999, 0.02, 10, true},
        {360000, 0.02, 10, false}, {200000, 0.038, 10, true}, {200000, 0.042, 10, false},
        {200000, 0.02, 19, true},  {200000, 0.02, 20, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        UplinkRed red = {0};
        run_on(&red, 200000, 0.02, true, 0, 60 * S);
        assert_true(uplink_red_is_fec_enough(&red));
        red.run_x10 = rows[i].run_x10;
        assert_true(run_on(&red, rows[i].link_bps, rows[i].loss, true, 60 * S, 30 * S));
        assert_int_equal(uplink_red_is_fec_enough(&red), rows[i].is_kept);
    }
}

/* A sender that makes none has copies again, and is asked again a minute later only. */
static void test_fec_in_vain(void **state)
{
    (void)state;
    UplinkRed red = {0};
    run_on(&red, 200000, 0.02, true, 0, 60 * S);
    UplinkRedInput input = {.loss = 0.02,
                            .rtt_us = RTT,
                            .is_asked_in_time = true,
                            .is_fec_missing = true,
                            .cap_bps = 200000,
                            .known_bps = 200000};
    assert_true(uplink_red_update(&red, &input, 60 * S));
    assert_false(uplink_red_is_fec_enough(&red));
    assert_true(run_on(&red, 200000, 0.02, true, 60 * S + 50 * MS, 59 * S));
    assert_false(uplink_red_is_fec_enough(&red));
    run_on(&red, 200000, 0.02, true, 119 * S, 2 * S);
    assert_true(uplink_red_is_fec_enough(&red));
}

/* Of a long path nothing is known at first, and there is no other repair: also where its rate is
 * remembered. */
static void test_a_long_path_keeps_its_copies_at_first(void **state)
{
    (void)state;
    UplinkRed red = {0};
    assert_true(run_on(&red, 200000, 0.01, false, 0, 14 * S));
    assert_false(uplink_red_is_fec_enough(&red));
    run_on(&red, 200000, 0.01, false, 14 * S, 2 * S);
    assert_true(uplink_red_is_fec_enough(&red));
}

/* From START on: N packets come, then LOST are lost; so often. */
static uint16_t come(UplinkRed *red, uint16_t start, unsigned n, unsigned lost, unsigned times)
{
    for (; times > 0; times--) {
        for (unsigned i = 0; i < n; i++)
            uplink_red_on_packet(red, start++);
        start = (uint16_t)(start + lost);
    }
    uplink_red_on_packet(red, start);
    return start;
}

static void test_the_length_of_runs(void **state)
{
    (void)state;
    UplinkRed red = {0};
    uint16_t at = come(&red, 65500, 100, 0, 1); /* over the end of the numbers */
    assert_true(red.run_x10 == 0);
    at = come(&red, (uint16_t)(at + 1), 10, 4, 1); /* the first is all that is known */
    assert_true(red.run_x10 == 40);
    at = come(&red, (uint16_t)(at + 1), 10, 1, 3); /* and is not forgotten at once */
    assert_in_range((int)red.run_x10, 28, 35);
    at = come(&red, (uint16_t)(at + 1), 10, 1, 60);
    assert_in_range((int)red.run_x10, 10, 11);
    at = come(&red, (uint16_t)(at + 1), 10, 7, 60);
    assert_in_range((int)red.run_x10, 69, 70);
    double before = red.run_x10;
    uplink_red_on_packet(&red, (uint16_t)(at - 3)); /* repaired */
    uplink_red_on_packet(&red, at);                 /* twice */
    at = come(&red, (uint16_t)(at + 1), 10, 60, 3); /* outages */
    uplink_red_on_packet(&red, (uint16_t)(at + 30000));
    assert_true(red.run_x10 == before);
    uplink_red_restart(&red); /* another stream: near by chance */
    uplink_red_on_packet(&red, (uint16_t)(at + 30020));
    assert_true(red.run_x10 == before);
}

/* A mean of ten runs about a limit is to both sides of it in turn. */
static void test_a_long_run_is_not_forgotten_at_once(void **state)
{
    (void)state;
    UplinkRed red = {.run_x10 = 20};
    run(&red, 0.1, true, 0, S);
    assert_int_equal(uplink_red_run_x10(&red), 20);
    red.run_x10 = 25;
    run(&red, 0.1, true, S, 100 * MS);
    assert_int_equal(uplink_red_run_x10(&red), 25); /* at once */
    for (unsigned second = 2; second < 30; second++) {
        red.run_x10 = second % 2 == 0 ? 20 : 25;
        run(&red, 0.1, true, second * S, S);
        assert_in_range(uplink_red_run_x10(&red), 24, 25);
    }
    red.run_x10 = 10;
    run(&red, 0.1, true, 30 * S, 60 * S);
    assert_in_range(uplink_red_run_x10(&red), 10, 11);
}

static void test_copies_and_how_old_they_are(void **state)
{
    (void)state;
    UplinkRed red = {0};
    assert_int_equal(uplink_red_reach_ms(&red, 10 * S), 0);
    uplink_red_on_copy(&red, 160, 10 * S);
    uplink_red_on_copy(&red, 60, 10 * S); /* the nearer one beside it */
    assert_int_equal(uplink_red_reach_ms(&red, 11 * S), 160);
    uplink_red_on_copy(&red, 60, 11900 * MS);
    assert_int_equal(uplink_red_reach_ms(&red, 11900 * MS), 160);
    assert_int_equal(uplink_red_reach_ms(&red, 12 * S), 0); /* none lately */
    uplink_red_on_copy(&red, 60, 12 * S);
    assert_int_equal(uplink_red_reach_ms(&red, 13 * S), 60);
    uplink_red_on_copy(&red, UINT32_MAX, 13 * S); /* no more than has bits */
    assert_int_equal(uplink_red_reach_ms(&red, 13 * S), 341);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_long_path_begins_with_it),
        cmocka_unit_test(test_repairs_in_time_need_it_later),
        cmocka_unit_test(test_one_bad_moment_is_not_loss),
        cmocka_unit_test(test_a_wide_link_has_it_at_little_loss),
        cmocka_unit_test(test_much_loss_needs_two),
        cmocka_unit_test(test_fec_instead_of_copies),
        cmocka_unit_test(test_fec_is_kept),
        cmocka_unit_test(test_fec_in_vain),
        cmocka_unit_test(test_a_long_path_keeps_its_copies_at_first),
        cmocka_unit_test(test_the_length_of_runs),
        cmocka_unit_test(test_a_long_run_is_not_forgotten_at_once),
        cmocka_unit_test(test_copies_and_how_old_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
