// SPDX-License-Identifier: Apache-2.0
// The small units under send_rate.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rate/arrival_rate.h"
#include "media/rate/byte_meter.h"
#include "media/rate/delay_trend.h"
#include "media/rate/link_model.h"
#include "media/rate/loss_window.h"
#include "media/rate/receiver_clock.h"
#include "media/rate/sent_log.h"
#include "media/rate/silence.h"
#include "media/rate/standing_queue.h"

enum { MS = 1000, S = 1000 * 1000 };

static void test_sent_log(void **state)
{
    (void)state;
    static SentLog log;
    assert_null(sent_log_find(&log, 7));
    SentPacket *first = sent_log_add(&log, 65535, 100, SEND_AUDIO, 10);
    assert_non_null(first);
    assert_non_null(sent_log_add(&log, 0, 200, SEND_VIDEO, 20));
    assert_ptr_equal(sent_log_find(&log, 65535), first);
    assert_int_equal(sent_log_find(&log, 0)->wire_bytes, 200);
    assert_null(sent_log_find(&log, 1));
    assert_false(first->repeated);
    assert_null(sent_log_add(&log, 65535, 100, SEND_AUDIO, 30));
    assert_true(first->repeated);
    for (unsigned i = 1; i < SENT_LOG_SIZE + 10; i++)
        assert_non_null(sent_log_add(&log, (uint16_t)i, 1, SEND_AUDIO, i));
    assert_null(sent_log_find(&log, 65535)); /* long ago */
    assert_null(sent_log_find(&log, 5));
    assert_non_null(sent_log_find(&log, 100));
}

static void test_byte_meter(void **state)
{
    (void)state;
    ByteMeter meter = {0};
    for (int64_t now_us = 0; now_us < 3 * S; now_us += 20 * MS)
        byte_meter_add(&meter, 250, now_us);
    assert_int_equal(byte_meter_bps(&meter, 3 * S), 100 * 1000);
    assert_int_equal(byte_meter_bps(&meter, 3500 * MS), 50 * 1000);
    assert_int_equal(byte_meter_bps(&meter, 60 * S), 0);
}

static void test_arrival_rate(void **state)
{
    (void)state;
    ArrivalRate rate = {0};
    assert_int_equal(arrival_rate_get(&rate, 300 * MS, 5).arrived_bps, 0);
    for (unsigned i = 0; i < 300; i++)
        arrival_rate_on_packet(&rate, i * 50 * MS, i * 100 * MS, 1250);
    ArrivalRates rates = arrival_rate_get(&rate, 300 * MS, 5);
    assert_int_equal(rates.arrived_bps, 100 * 1000);
    assert_int_equal(rates.sent_bps, 200 * 1000);
    /* All at once is no rate. */
    arrival_rate_reset(&rate);
    for (unsigned i = 0; i < 300; i++)
        arrival_rate_on_packet(&rate, i, 7, 1250);
    assert_true(arrival_rate_get(&rate, 300 * MS, 5).arrived_bps < 5 * S);
}

static void test_link_model(void **state)
{
    (void)state;
    LinkModel model = {0};
    assert_int_equal(link_model_send(&model, 1250, 100 * 1000, 0), 100 * MS);
    assert_int_equal(link_model_send(&model, 1250, 100 * 1000, 50 * MS), 150 * MS);
    assert_int_equal(link_model_send(&model, 125, 100 * 1000, 1 * S), 10 * MS);
    /* A measured queue may be longer than one that grows by itself. */
    link_model_set(&model, 400 * MS, 100 * 1000, 1 * S);
    assert_int_equal(link_model_send(&model, 125, 100 * 1000, 1 * S + 100 * MS), 310 * MS);
    for (unsigned i = 0; i < 100; i++)
        link_model_send(&model, 1250, 100 * 1000, 3 * S);
    assert_int_equal(link_model_send(&model, 1250, 100 * 1000, 3 * S), 250 * MS);
}

/* N packets 20 ms apart, each QUEUE_US longer on the way than the base, of which MODELLED_US is
 * explained. */
static int64_t feed(DelayTrend *trend, int64_t from_us, unsigned n, int64_t queue_us,
                    int64_t modelled_us)
{
    for (unsigned i = 0; i < n; i++, from_us += 20 * MS)
        delay_trend_on_packet(trend, from_us, from_us + 70 * MS + queue_us, modelled_us);
    delay_trend_end(trend);
    return from_us;
}

static void test_delay_trend(void **state)
{
    (void)state;
    DelayTrend trend;
    delay_trend_init(&trend);
    assert_false(delay_trend_overused(&trend));
    assert_int_equal(delay_trend_queue_us(&trend), 0);
    int64_t at_us = feed(&trend, 0, 60, 0, 0);
    assert_false(delay_trend_overused(&trend));
    /* What the model explains is no overuse. */
    at_us = feed(&trend, at_us, 30, 100 * MS, 100 * MS);
    assert_false(delay_trend_overused(&trend));
    assert_int_equal(delay_trend_queue_us(&trend), 100 * MS);
    at_us = feed(&trend, at_us, 30, 100 * MS, 20 * MS);
    assert_true(delay_trend_overused(&trend));
    /* The estimate was changed: nothing before counts. */
    delay_trend_restart(&trend, at_us);
    assert_false(delay_trend_overused(&trend));
    assert_int_equal(delay_trend_queue_us(&trend), 100 * MS);
    delay_trend_rebase(&trend);
    assert_int_equal(delay_trend_queue_us(&trend), 0);
}

/* A queue that empties is left to empty. */
static void test_emptying_queue(void **state)
{
    (void)state;
    DelayTrend trend;
    delay_trend_init(&trend);
    int64_t at_us = feed(&trend, 0, 30, 0, 0);
    for (int64_t queue_us = 600 * MS; queue_us > 100 * MS; queue_us -= 8 * MS)
        at_us = feed(&trend, at_us, 1, queue_us, 0);
    assert_in_range(-delay_trend_slope_q1000(&trend), 350, 450);
    assert_false(delay_trend_overused(&trend));
}

/* The base is forgotten after 2 minutes, not before. */
static void test_base_lives_two_minutes(void **state)
{
    (void)state;
    DelayTrend trend;
    delay_trend_init(&trend);
    int64_t at_us = feed(&trend, 0, 10, 0, 0);
    at_us = feed(&trend, at_us, 100 * 50, 30 * MS, 0);
    assert_int_equal(delay_trend_queue_us(&trend), 30 * MS);
    feed(&trend, at_us, 30 * 50, 30 * MS, 0);
    assert_int_equal(delay_trend_queue_us(&trend), 0);
}

static void test_loss_window(void **state)
{
    (void)state;
    LossWindow window = {0};
    unsigned n = 0;
    int64_t now_us = 0;
    /* A tenth in runs of four, always: usual, not risen. */
    for (unsigned i = 0; i < 2000; i++, now_us += 20 * MS) {
        loss_window_on_packet(&window, i % 40 < 4, false, now_us);
        assert_false(loss_window_risen(&window));
    }
    assert_true(loss_window_share(&window, &n) > 0.06 && loss_window_share(&window, &n) < 0.14);
    assert_in_range(n, 80, 100);
    assert_true(loss_window_usual(&window) > 0.08 && loss_window_usual(&window) < 0.12);
    assert_true(loss_window_run(&window) > 3.7 && loss_window_run(&window) < 4.3);
    for (unsigned i = 0; i < 60; i++, now_us += 20 * MS)
        loss_window_on_packet(&window, i % 5 != 0, false, now_us);
    assert_true(loss_window_risen(&window));
    assert_false(loss_window_overflows(&window)); /* no queue */
    loss_window_restart(&window);
    assert_false(loss_window_risen(&window));
    loss_window_accept(&window, 0.5);
    assert_true(loss_window_usual(&window) == 0.5);
}

static void test_overflow(void **state)
{
    (void)state;
    LossWindow window = {0};
    int64_t now_us = 0;
    for (unsigned i = 0; i < 500; i++, now_us += 20 * MS)
        loss_window_on_packet(&window, false, i % 2 == 0, now_us);
    for (unsigned i = 0; i < 100; i++, now_us += 20 * MS)
        loss_window_on_packet(&window, i % 10 == 0, i % 10 == 0, now_us);
    assert_true(loss_window_overflows(&window));
    assert_true(loss_window_usual(&window) == 0);
    for (unsigned i = 0; i < 10; i++)
        loss_window_on_late(&window); /* all of them came after all */
    assert_false(loss_window_overflows(&window));
}

static void test_receiver_clock(void **state)
{
    (void)state;
    const int64_t modulo_us = (INT64_C(1) << 24) * 64 * MS;
    ReceiverClock clock = {0};
    int64_t first = 0, second = 0;
    assert_true(receiver_clock_unwrap(&clock, modulo_us - 5 * MS, 0, &first));
    assert_true(receiver_clock_unwrap(&clock, 15 * MS, 20 * MS, &second));
    assert_int_equal(second - first, 20 * MS);
    assert_true(receiver_clock_unwrap(&clock, modulo_us - 1 * MS, 10 * MS, &second));
    assert_int_equal(second - first, 4 * MS); /* late, and the newest stays */
    assert_true(receiver_clock_unwrap(&clock, 35 * MS, 40 * MS, &second));
    assert_int_equal(second - first, 40 * MS);
    assert_false(receiver_clock_unwrap(&clock, 35 * MS + 11 * S, 60 * MS, &second));
    assert_false(receiver_clock_unwrap(&clock, 35 * MS, 80 * MS, &second));
}

static void test_silence(void **state)
{
    (void)state;
    Silence silence;
    silence_init(&silence, 0);
    assert_int_equal(silence_us(&silence, 100 * MS, 60 * S), 0);
    silence_on_sent(&silence, 60 * S);
    assert_int_equal(silence_us(&silence, 100 * MS, 61 * S), 900 * MS);
    silence_on_feedback(&silence, 61 * S);
    assert_int_equal(silence_us(&silence, 100 * MS, 65 * S), 0);
    assert_true(silence_has_feedback(&silence, 65 * S));
    assert_false(silence_has_feedback(&silence, 66 * S));
    /* Reports alone come every 5 s, or somewhat later. */
    silence_on_report(&silence, 70 * S);
    silence_on_sent(&silence, 70 * S);
    assert_int_equal(silence_us(&silence, 0, 76 * S), 0);
    assert_int_equal(silence_us(&silence, 0, 77 * S), 500 * MS);
}

/* A path that has become 50 ms longer: one cut, and after 4 s it is the new base. */
static void test_standing_queue(void **state)
{
    (void)state;
    StandingQueue standing = {0};
    RateInput input = {.all_arrives = true, .queue_us = 50 * MS};
    standing_queue_on_cut(&standing, &input, 10 * S);
    for (int64_t now_us = 10 * S + 50 * MS; now_us < 14 * S; now_us += 50 * MS) {
        assert_true(standing_queue_stays(&standing, &input));
        assert_false(standing_queue_is_foreign(&standing, &input, now_us));
    }
    assert_true(standing_queue_is_foreign(&standing, &input, 14 * S));
    /* Jitter is none, nor is what a cut makes shorter, or what does not come. */
    input.queue_us = 15 * MS;
    assert_false(standing_queue_is_foreign(&standing, &input, 20 * S));
    assert_false(standing_queue_is_foreign(&standing, &input, 30 * S));
    input.queue_us = 50 * MS;
    standing_queue_on_cut(&standing, &input, 40 * S);
    input.queue_us = 30 * MS;
    assert_false(standing_queue_stays(&standing, &input));
    input.queue_us = 50 * MS;
    input.all_arrives = false;
    assert_false(standing_queue_stays(&standing, &input));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sent_log),
        cmocka_unit_test(test_byte_meter),
        cmocka_unit_test(test_arrival_rate),
        cmocka_unit_test(test_link_model),
        cmocka_unit_test(test_delay_trend),
        cmocka_unit_test(test_emptying_queue),
        cmocka_unit_test(test_base_lives_two_minutes),
        cmocka_unit_test(test_loss_window),
        cmocka_unit_test(test_overflow),
        cmocka_unit_test(test_receiver_clock),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_standing_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
