// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "media/rate/send_rate.h"

enum { MS = 1000, PACKET = 150, SPACING_US = 60 * MS, RTT_US = 100 * MS };

typedef struct {
    SendRate *rate;
    int64_t now_us;
    uint16_t next;
    int64_t clock_us; /* the receiver's, ahead of ours */
} Link;

static void begin(Link *link, uint32_t start_bps)
{
    *link = (Link){.now_us = 5000 * 1000 * INT64_C(1000), .next = 65500, .clock_us = 123456789};
    link->rate = send_rate_new(start_bps, link->now_us);
}

static SendRateView view_of(const Link *link)
{
    SendRateView view;
    send_rate_view(link->rate, &view);
    return view;
}

/* N packets go out, each told alone a round trip later, DELAY_US longer on the way. LOST_OF: every
 * LOST_OFth is lost; 0: none. */
static void send(Link *link, unsigned n, SendKind kind, size_t bytes, unsigned lost_of,
                 int64_t delay_us)
{
    for (unsigned i = 0; i < n; i++) {
        uint16_t sequence = link->next++;
        send_rate_on_sent(link->rate, sequence, bytes, kind, link->now_us);
        RtcpTwccStatus status[2] = {
            {.sequence = sequence,
             .received = lost_of == 0 || i % lost_of != lost_of - 1,
             .arrival_us = link->now_us + RTT_US / 2 + delay_us + link->clock_us},
        };
        link->now_us += SPACING_US;
        send_rate_on_feedback(link->rate, status, 1, link->now_us + RTT_US + delay_us);
        send_rate_tick(link->rate, link->now_us + RTT_US + delay_us);
    }
}

static void test_start(void **state)
{
    (void)state;
    Link link;
    begin(&link, 0);
    SendRateView view = view_of(&link);
    assert_int_equal(view.target_bps, SEND_RATE_START_BPS);
    assert_false(view.has_feedback);
    assert_false(view.blackout);
    send_rate_free(link.rate);
    begin(&link, 400 * 1000); /* remembered, but not yet proved */
    assert_int_equal(view_of(&link).target_bps, 100 * 1000);
    send_rate_free(link.rate);
    begin(&link, 1);
    assert_int_equal(view_of(&link).target_bps, SEND_RATE_FLOOR_BPS);
    send_rate_free(link.rate);
    send_rate_free(NULL);
}

static void test_speech_alone_is_the_first_train(void **state)
{
    (void)state;
    Link link;
    SendProbe probe;
    begin(&link, 0);
    send(&link, 4, SEND_AUDIO, PACKET, 0, 0);
    assert_false(send_rate_probe(link.rate, link.now_us, &probe));
    send(&link, 1, SEND_AUDIO, PACKET, 0, 0);
    assert_true(view_of(&link).has_feedback);
    assert_true(send_rate_probe(link.rate, link.now_us, &probe));
    assert_int_equal(probe.rate_bps, SEND_RATE_START_BPS);
    assert_int_equal(probe.n_bytes, 1750);                         /* 200 ms */
    assert_false(send_rate_probe(link.rate, link.now_us, &probe)); /* one at a time */
    send_rate_free(link.rate);
}

/* What there is no use for is not probed for. */
static void test_no_probe_above_what_is_wanted(void **state)
{
    (void)state;
    Link link;
    SendProbe probe;
    unsigned n_done = 0, n_good = 0;
    begin(&link, 0);
    send_rate_set_wanted(link.rate, 60 * 1000);
    send(&link, 8, SEND_AUDIO, PACKET, 0, 0);
    assert_true(send_rate_probe(link.rate, link.now_us, &probe));
    for (size_t sent = 0; sent < probe.n_bytes; sent += 350) {
        link.now_us -= SPACING_US - 40 * MS; /* 350 bytes each 40 ms: 70 kbit/s */
        send(&link, 1, SEND_PADDING, 350, 0, 0);
    }
    send_rate_probe_counts(link.rate, &n_done, &n_good);
    assert_int_equal(n_done, 1);
    assert_int_equal(n_good, 1);
    for (unsigned i = 0; i < 100; i++) {
        send(&link, 1, SEND_AUDIO, PACKET, 0, 0);
        assert_false(send_rate_probe(link.rate, link.now_us, &probe));
    }
    send_rate_set_wanted(link.rate, 200 * 1000);
    assert_true(send_rate_probe(link.rate, link.now_us, &probe));
    assert_in_range(probe.rate_bps, 120 * 1000, 240 * 1000);
    send_rate_free(link.rate);
}

static void test_padding_is_nobodys_loss(void **state)
{
    (void)state;
    Link link;
    begin(&link, 0);
    send(&link, 20, SEND_AUDIO, PACKET, 0, 0);
    send(&link, 40, SEND_PADDING, PACKET, 2, 0);
    assert_int_equal(view_of(&link).loss_q8, 0);
    send(&link, 40, SEND_AUDIO, PACKET, 4, 0);
    assert_in_range(view_of(&link).loss_q8, 256 / 8, 256 / 3);
    assert_int_equal(view_of(&link).loss_run_x10, 10);
    send_rate_free(link.rate);
}

/* Of feedback that does not come: after a second seven tenths of the target, and so on each half
 * second. */
static void test_silence_takes_the_target_down(void **state)
{
    (void)state;
    static const struct {
        int64_t us;
        double share;
    } rows[] = {{950 * MS, 1},     {1050 * MS, 0.7},   {1450 * MS, 0.7},
                {1550 * MS, 0.49}, {2050 * MS, 0.343}, {2950 * MS, 0.2401}};
    Link link;
    begin(&link, 0);
    send(&link, 20, SEND_AUDIO, PACKET, 0, 0);
    double before_bps = view_of(&link).target_bps;
    int64_t sent_us = link.now_us + RTT_US;
    send_rate_on_sent(link.rate, link.next++, PACKET, SEND_AUDIO, sent_us);
    int64_t due_us = sent_us + view_of(&link).rtt_us;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        send_rate_tick(link.rate, due_us + rows[i].us);
        double share = view_of(&link).target_bps / before_bps;
        assert_in_range(1000 * share, 1000 * rows[i].share - 40, 1000 * rows[i].share + 40);
        assert_int_equal(view_of(&link).blackout, rows[i].us > 2000 * MS);
    }
    send_rate_free(link.rate);
}

/* A queue that grows: the target falls below what arrives. */
static void test_growing_queue_cuts(void **state)
{
    (void)state;
    Link link;
    begin(&link, 0);
    send(&link, 40, SEND_VIDEO, 500, 0, 0); /* 67 kbit/s */
    assert_true(view_of(&link).target_bps >= 65 * 1000);
    assert_false(view_of(&link).overused);
    for (int64_t delay_us = 40 * MS; delay_us < 500 * MS; delay_us += 40 * MS)
        send(&link, 1, SEND_VIDEO, 500, 0, delay_us); /* 100 ms apart on arrival: 40 kbit/s */
    SendRateView view = view_of(&link);
    assert_true(view.overused);
    assert_in_range(view.target_bps, SEND_RATE_FLOOR_BPS, 42 * 1000);
    assert_true(view.queue_us > 150 * MS);
    send_rate_free(link.rate);
}

/* The same ciphertext once more under its number: neither late nor new. */
static void test_repeated_number(void **state)
{
    (void)state;
    Link link;
    begin(&link, 0);
    send(&link, 20, SEND_AUDIO, PACKET, 0, 0);
    uint16_t sequence = link.next++;
    send_rate_on_sent(link.rate, sequence, PACKET, SEND_AUDIO, link.now_us);
    RtcpTwccStatus status = {.sequence = sequence};
    RtcpTwccStatus newer = {.sequence = link.next,
                            .received = true,
                            .arrival_us = link.now_us + 80 * MS + link.clock_us};
    send_rate_on_sent(link.rate, link.next++, PACKET, SEND_AUDIO, link.now_us + 30 * MS);
    RtcpTwccStatus both[2] = {status, newer};
    send_rate_on_feedback(link.rate, both, 2, link.now_us + RTT_US);
    uint8_t loss_q8 = view_of(&link).loss_q8;
    assert_true(loss_q8 > 0);
    send_rate_on_sent(link.rate, sequence, PACKET, SEND_AUDIO, link.now_us + 400 * MS);
    status.received = true;
    status.arrival_us = link.now_us + 450 * MS + link.clock_us;
    send_rate_on_feedback(link.rate, &status, 1, link.now_us + 500 * MS);
    assert_int_equal(view_of(&link).loss_q8, loss_q8);
    assert_true(view_of(&link).queue_us < 10 * MS);
    assert_false(view_of(&link).overused);
    send_rate_free(link.rate);
}

static void test_silence_and_return(void **state)
{
    (void)state;
    Link link;
    begin(&link, 0);
    send(&link, 50, SEND_AUDIO, PACKET, 0, 0);
    uint32_t before = view_of(&link).target_bps;
    int64_t silent_us = link.now_us;
    for (; link.now_us < silent_us + 6000 * MS; link.now_us += SPACING_US) {
        send_rate_on_sent(link.rate, link.next++, PACKET, SEND_AUDIO, link.now_us);
        send_rate_tick(link.rate, link.now_us);
        if (link.now_us < silent_us + 900 * MS)
            assert_int_equal(view_of(&link).target_bps, before);
    }
    assert_true(view_of(&link).blackout);
    assert_true(view_of(&link).target_bps < before / 3);
    send(&link, 1, SEND_AUDIO, PACKET, 0, 0);
    assert_false(view_of(&link).blackout);
    assert_in_range(view_of(&link).target_bps, before / 2 - 1000, before);
    assert_int_equal(view_of(&link).loss_q8, 0);
    /* To say nothing when nothing is sent is no silence. */
    link.now_us += 60 * 1000 * MS;
    send_rate_tick(link.rate, link.now_us);
    assert_false(view_of(&link).blackout);
    send_rate_free(link.rate);
}

static void tell(SendRate *rate, unsigned n_sent, unsigned n_lost, int64_t rtt_us, int64_t now_us)
{
    SendReport report = {n_sent, n_lost, rtt_us, now_us - rtt_us};
    send_rate_on_report(rate, &report, now_us);
}

static void test_without_feedback_reports_decide(void **state)
{
    (void)state;
    Link link;
    begin(&link, 0);
    send_rate_on_remb(link.rate, 150 * 1000, link.now_us);
    assert_int_equal(view_of(&link).target_bps, 150 * 1000);
    for (unsigned i = 0; i < 10; i++) {
        link.now_us += 1000 * MS;
        send_rate_on_other(link.rate, 1000, link.now_us);
        tell(link.rate, 20, 0, 90 * MS, link.now_us);
        send_rate_tick(link.rate, link.now_us);
    }
    assert_true(view_of(&link).target_bps > 180 * 1000);
    assert_int_equal(view_of(&link).rtt_us, 90 * MS);
    uint32_t before = view_of(&link).target_bps;
    link.now_us += 1000 * MS;
    tell(link.rate, 20, 10, 0, link.now_us);
    assert_in_range(view_of(&link).target_bps, before * 7 / 10, before * 8 / 10);
    send_rate_on_remb(link.rate, 0, link.now_us);
    assert_int_equal(view_of(&link).target_bps, SEND_RATE_FLOOR_BPS);
    send_rate_on_remb(link.rate, UINT64_MAX, link.now_us);
    assert_int_equal(view_of(&link).target_bps, SEND_RATE_CAP_BPS);
    send_rate_free(link.rate);
}

/* A picture's loss counts beside its sound's, whichever is told of first, and of ten packets at
 * least. */
static void test_all_that_is_reported_counts(void **state)
{
    (void)state;
    Link link;
    begin(&link, 0);
    send_rate_on_remb(link.rate, 150 * 1000, link.now_us);
    uint32_t before = view_of(&link).target_bps;
    tell(link.rate, 9, 5, 0, link.now_us);
    assert_int_equal(view_of(&link).target_bps, before);
    tell(link.rate, 91, 0, 0, link.now_us); /* 5 % in all: as it was */
    assert_int_equal(view_of(&link).target_bps, before);
    tell(link.rate, 50, 0, 0, link.now_us + 500 * MS);
    assert_int_equal(view_of(&link).target_bps, before);
    link.now_us += 1000 * MS;
    tell(link.rate, 150, 60, 0, link.now_us); /* 30 % in all */
    assert_in_range(view_of(&link).target_bps, before * 84 / 100, before * 86 / 100);
    assert_in_range(view_of(&link).loss_q8, 256 / 4, 256 / 3);
    send_rate_free(link.rate);
}

/* One second of a receiver that sends reports alone. */
static void report(Link *link, size_t sent_bytes, double loss)
{
    for (unsigned i = 0; i < 10; i++) {
        link->now_us += 100 * MS;
        send_rate_on_unnumbered(link->rate, sent_bytes / 10, link->now_us);
        send_rate_tick(link->rate, link->now_us);
    }
    tell(link->rate, 100, (unsigned)(100 * loss), 0, link->now_us);
}

/* One second in which as much is sent as may be, told of at its end; the round trip is of a sender
 * report before its end. */
static void report_with_trip(Link *link, double loss, int64_t rtt_us)
{
    uint32_t bps = view_of(link).target_bps;
    for (unsigned i = 0; i < 10; i++) {
        link->now_us += 100 * MS;
        send_rate_on_other(link->rate, bps / 80, link->now_us);
        send_rate_tick(link->rate, link->now_us);
    }
    SendReport told = {100, (unsigned)(100 * loss), rtt_us, link->now_us - 100 * MS - rtt_us};
    send_rate_on_report(link->rate, &told, link->now_us);
}

/* Twice as much each time until the round trip shows a queue; then what was carried before it, less
 * what empties it, and no second search. */
static void test_reports_find_the_link_in_large_steps(void **state)
{
    (void)state;
    Link link;
    begin(&link, 0);
    report_with_trip(&link, 0, 150 * MS); /* may be a queue: what it is measured by */
    assert_in_range(view_of(&link).target_bps, 70 * 1000, 74 * 1000);
    report_with_trip(&link, 0, 150 * MS);
    assert_in_range(view_of(&link).target_bps, 135 * 1000, 160 * 1000);
    report_with_trip(&link, 0, 240 * MS); /* of a key frame */
    uint32_t carried = view_of(&link).target_bps;
    assert_in_range(carried, 260 * 1000, 330 * 1000);
    report_with_trip(&link, 0.03, 160 * MS); /* lost by the link itself */
    assert_in_range(view_of(&link).target_bps, 520 * 1000, 660 * 1000);
    report_with_trip(&link, 0, 260 * MS); /* 110 ms more than the least */
    assert_in_range(view_of(&link).target_bps, carried * 8 / 10, carried * 9 / 10);
    uint32_t fallen = view_of(&link).target_bps;
    report_with_trip(&link, 0, 300 * MS); /* it stands yet: nothing is added */
    assert_int_equal(view_of(&link).target_bps, fallen);
    for (unsigned i = 0; i < 3; i++)
        report_with_trip(&link, 0, 150 * MS);
    assert_in_range(view_of(&link).target_bps, fallen + 1, carried * 11 / 10);
    send_rate_free(link.rate);
}

/* Loss ends the search as well; what was sent before the last step says nothing of it. */
static void test_loss_ends_the_search(void **state)
{
    (void)state;
    Link link;
    begin(&link, 0);
    report_with_trip(&link, 0, 20 * MS); /* as short as that, it had no room for a queue */
    uint32_t once = view_of(&link).target_bps;
    assert_in_range(once, 135 * 1000, 160 * 1000);
    SendReport old = {100, 0, 20 * MS, link.now_us - 100 * MS};
    send_rate_on_report(link.rate, &old, link.now_us + 100 * MS);
    assert_in_range(view_of(&link).target_bps, once, once * 106 / 100);
    report_with_trip(&link, 0.4, 20 * MS);
    assert_in_range(view_of(&link).target_bps, 50 * 1000, 80 * 1000);
    report_with_trip(&link, 0, 20 * MS);
    assert_in_range(view_of(&link).target_bps, 50 * 1000, 85 * 1000);
    send_rate_free(link.rate);
}

/* 15 % are lost whatever is sent: the link's own. */
static void test_loss_that_does_not_fall_is_not_ours(void **state)
{
    (void)state;
    Link link;
    begin(&link, 0);
    send_rate_on_remb(link.rate, 500 * 1000, link.now_us);
    link.now_us += 10 * 1000 * MS;
    uint32_t least = UINT32_MAX;
    for (unsigned i = 0; i < 60; i++) {
        report(&link, view_of(&link).target_bps / 8, 0.15);
        least = MIN(least, view_of(&link).target_bps);
    }
    assert_in_range(least, 200 * 1000, 350 * 1000);
    assert_true(view_of(&link).target_bps > 500 * 1000);
    /* More than that is ours. */
    uint32_t before = view_of(&link).target_bps;
    for (unsigned i = 0; i < 6; i++)
        report(&link, view_of(&link).target_bps / 8, 0.5);
    assert_true(view_of(&link).target_bps < before * 0.7);
    send_rate_free(link.rate);
}

/* Twenty seconds of which nothing is told, in which the sender sends or says nothing at all, and a
 * report of loss. How much is left of the rate, in hundredths. */
static unsigned left_after(bool is_sent)
{
    Link link;
    begin(&link, 0);
    send_rate_on_remb(link.rate, 500 * 1000, link.now_us);
    for (unsigned i = 0; i < 10; i++)
        report(&link, 500 * 1000 / 8, 0);
    uint32_t before = view_of(&link).target_bps;
    for (unsigned i = 0; i < 200; i++) {
        link.now_us += 100 * MS;
        if (is_sent)
            send_rate_on_unnumbered(link.rate, 500 * 1000 / 80, link.now_us);
        send_rate_on_other(link.rate, 100, link.now_us); /* RTCP goes on */
        send_rate_tick(link.rate, link.now_us);
    }
    report(&link, 500 * 1000 / 8, 0.4);
    unsigned percent = (unsigned)(view_of(&link).target_bps * UINT64_C(100) / before);
    send_rate_free(link.rate);
    return percent;
}

/* Of an outage's losses the rate is halved for a report or two; a pause of the sender is none, and
 * what is lost after it is the rate's. */
static void test_a_pause_of_the_sender_is_no_outage(void **state)
{
    (void)state;
    assert_in_range(left_after(true), 49, 51);
    assert_in_range(left_after(false), 78, 82);
}

/* With feedback REMB is a cap, for 5 s. */
static void test_remb_caps(void **state)
{
    (void)state;
    Link link;
    begin(&link, 0);
    send(&link, 20, SEND_AUDIO, PACKET, 0, 0);
    send_rate_on_remb(link.rate, 30 * 1000, link.now_us);
    assert_int_equal(view_of(&link).target_bps, 30 * 1000);
    send(&link, 100, SEND_AUDIO, PACKET, 0, 0);
    assert_true(view_of(&link).target_bps >= 60 * 1000);
    send_rate_free(link.rate);
}

/* Never sent, all at once, back and forth in time: nothing but a bounded target. */
static void test_lies(void **state)
{
    (void)state;
    static RtcpTwccStatus statuses[RTCP_TWCC_STATUSES_MAX];
    Link link;
    begin(&link, 0);
    for (unsigned round = 0; round < 200; round++) {
        for (unsigned i = 0; i < 5; i++)
            send_rate_on_sent(link.rate, link.next++, PACKET, SEND_AUDIO, link.now_us + i);
        for (unsigned i = 0; i < RTCP_TWCC_STATUSES_MAX; i++) {
            statuses[i] = (RtcpTwccStatus){
                .sequence = (uint16_t)(link.next - 500 + i),
                .received = (i + round) % 7 != 0,
                .arrival_us = round % 3 == 0 ? 1 : (int64_t)((i * round) % 1000) * 64 * MS * 999,
            };
        }
        send_rate_on_feedback(link.rate, statuses, RTCP_TWCC_STATUSES_MAX, link.now_us);
        send_rate_on_feedback(link.rate, statuses, 0, link.now_us);
        send_rate_tick(link.rate, link.now_us);
        SendProbe probe;
        if (send_rate_probe(link.rate, link.now_us, &probe))
            assert_in_range(probe.rate_bps, SEND_RATE_FLOOR_BPS, 2400 * 1000);
        assert_in_range(view_of(&link).target_bps, SEND_RATE_FLOOR_BPS, 2400 * 1000);
        link.now_us += round % 5 == 4 ? 0 : 40 * MS;
    }
    send_rate_free(link.rate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_speech_alone_is_the_first_train),
        cmocka_unit_test(test_no_probe_above_what_is_wanted),
        cmocka_unit_test(test_padding_is_nobodys_loss),
        cmocka_unit_test(test_silence_takes_the_target_down),
        cmocka_unit_test(test_growing_queue_cuts),
        cmocka_unit_test(test_repeated_number),
        cmocka_unit_test(test_silence_and_return),
        cmocka_unit_test(test_without_feedback_reports_decide),
        cmocka_unit_test(test_all_that_is_reported_counts),
        cmocka_unit_test(test_reports_find_the_link_in_large_steps),
        cmocka_unit_test(test_loss_ends_the_search),
        cmocka_unit_test(test_loss_that_does_not_fall_is_not_ours),
        cmocka_unit_test(test_a_pause_of_the_sender_is_no_outage),
        cmocka_unit_test(test_remb_caps),
        cmocka_unit_test(test_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
