// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rate/rtp_stats.h"
#include "media/rate/stream_loss.h"

enum { FIRST = 65000, SSRC = 7 };

/* A stream with a publisher before it and a receiver behind it, who reports as RFC 3550 has it. */
typedef struct {
    StreamLoss loss;
    RtpStats receiver;
    uint16_t next;
} Line;

static void begin(Line *line)
{
    *line = (Line){.next = FIRST};
    rtp_stats_init(&line->receiver, 48000);
}

static void pass(Line *line, uint16_t sequence, bool arrives)
{
    stream_loss_on_sent(&line->loss, sequence);
    if (arrives)
        rtp_stats_on_packet(&line->receiver, sequence, sequence * 960U, 0);
}

/* N packets; of each OF the first N_HOLES are lost before, the last N_LOST behind. */
static void run(Line *line, unsigned n, unsigned of, unsigned n_holes, unsigned n_lost)
{
    for (unsigned i = 0; i < n; i++) {
        uint16_t sequence = line->next++;
        if (i % of >= n_holes)
            pass(line, sequence, i % of < of - n_lost);
    }
}

static RtcpReportBlock report(Line *line)
{
    RtcpReportBlock block;
    assert_true(rtp_stats_report(&line->receiver, SSRC, 0, &block));
    return block;
}

static void assert_told(Line *line, unsigned n_sent, unsigned n_lost)
{
    RtcpReportBlock block = report(line);
    unsigned sent = 0;
    unsigned lost = 0;
    assert_true(stream_loss_on_report(&line->loss, &block, &sent, &lost));
    assert_int_equal(sent, n_sent);
    assert_int_equal(lost, n_lost);
}

static void test_what_the_publisher_lost_is_nobodys(void **state)
{
    (void)state;
    Line line;
    begin(&line);
    pass(&line, line.next++, true);
    run(&line, 1000, 5, 1, 0); /* over the wrap-around */
    assert_int_equal(report(&line).cumulative_lost, 200);
    assert_told(&line, 801, 0);
    assert_int_equal(stream_loss_total(&line.loss), 0);
}

static void test_what_the_receiver_lost_is_its_own(void **state)
{
    (void)state;
    Line line;
    begin(&line);
    pass(&line, line.next++, true);
    /* Ends before a lost one, so that the last of all is told of. */
    run(&line, 499, 5, 1, 1);
    assert_told(&line, 400, 99);
    run(&line, 500, 5, 0, 1);
    run(&line, 1, 1, 0, 0);
    assert_told(&line, 501, 100);
    assert_int_equal(stream_loss_total(&line.loss), 199);
}

/* A hole that was filled on the second asking is told of as lost, then as not. */
static void test_a_hole_that_is_filled_late(void **state)
{
    (void)state;
    Line line;
    begin(&line);
    run(&line, 50, 50, 0, 0);
    uint16_t late = line.next++;
    run(&line, 50, 50, 0, 0);
    assert_told(&line, 100, 0);
    pass(&line, late, true);
    run(&line, 50, 50, 0, 1);
    run(&line, 1, 1, 0, 0);
    assert_told(&line, 52, 1);
    assert_int_equal(stream_loss_total(&line.loss), 1);
}

/* A report that lies behind, over words of what is remembered. */
static void test_a_report_of_a_while_ago(void **state)
{
    (void)state;
    Line line;
    begin(&line);
    run(&line, 100, 4, 1, 0);
    RtcpReportBlock block = report(&line);
    run(&line, 1900, 4, 1, 0);
    unsigned n_sent;
    unsigned n_lost;
    assert_true(stream_loss_on_report(&line.loss, &block, &n_sent, &n_lost));
    assert_int_equal(n_sent, 75);
    assert_int_equal(n_lost, 0);
    assert_told(&line, 1425, 0);
}

/* A client that came later than the stream: what was before is no gain. */
static void test_a_client_that_comes_late(void **state)
{
    (void)state;
    Line line;
    begin(&line);
    for (unsigned i = 0; i < 100; i++) {
        if (i % 4 > 0)
            pass(&line, line.next, false);
        line.next++;
    }
    run(&line, 101, 101, 0, 0);
    assert_told(&line, 176, 0);
    assert_int_equal(stream_loss_total(&line.loss), 0);
    run(&line, 100, 10, 0, 1);
    run(&line, 1, 1, 0, 0);
    assert_told(&line, 101, 10);
}

/* Old reports, those of packets that never left, and numbers that say anything. */
static void test_lies(void **state)
{
    (void)state;
    Line line;
    unsigned n_sent;
    unsigned n_lost;
    begin(&line);
    RtcpReportBlock block = {.ssrc = SSRC, .highest_sequence = FIRST};
    assert_false(stream_loss_on_report(&line.loss, &block, &n_sent, &n_lost));
    run(&line, 5000, 5000, 0, 0);
    block = report(&line);
    block.highest_sequence++;
    assert_false(stream_loss_on_report(&line.loss, &block, &n_sent, &n_lost));
    block.highest_sequence -= STREAM_LOSS_NUMBERS + 1; /* forgotten */
    assert_false(stream_loss_on_report(&line.loss, &block, &n_sent, &n_lost));
    block = report(&line);
    block.cumulative_lost = 0x7fffff;
    assert_true(stream_loss_on_report(&line.loss, &block, &n_sent, &n_lost));
    assert_int_equal(n_sent, STREAM_LOSS_NUMBERS);
    assert_int_equal(n_lost, STREAM_LOSS_NUMBERS);
    assert_false(stream_loss_on_report(&line.loss, &block, &n_sent, &n_lost)); /* again */
    run(&line, 10, 10, 0, 0);
    block = report(&line);
    block.cumulative_lost = -0x800000;
    assert_true(stream_loss_on_report(&line.loss, &block, &n_sent, &n_lost));
    assert_int_equal(n_sent, 10);
    assert_int_equal(n_lost, 0);
    assert_int_equal(stream_loss_total(&line.loss), 0);
}

/* A publisher that begins anew far ahead, and a packet from before the first. */
static void test_jumps(void **state)
{
    (void)state;
    Line line;
    begin(&line);
    run(&line, 100, 100, 0, 0);
    stream_loss_on_sent(&line.loss, FIRST - 1);
    assert_told(&line, 100, 0);
    line.next += 2900; /* all holes, more than are remembered */
    run(&line, 100, 100, 0, 0);
    assert_told(&line, 100, 0);
    assert_int_equal(stream_loss_total(&line.loss), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_the_publisher_lost_is_nobodys),
        cmocka_unit_test(test_what_the_receiver_lost_is_its_own),
        cmocka_unit_test(test_a_hole_that_is_filled_late),
        cmocka_unit_test(test_a_report_of_a_while_ago),
        cmocka_unit_test(test_a_client_that_comes_late),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_jumps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
