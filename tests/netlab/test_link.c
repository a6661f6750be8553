// SPDX-License-Identifier: Apache-2.0
// The emulated link on a clock of its own: rate, delay, queue, loss; classes and NAT of packets;
// orders.
#include "tests/netlab/link_counts.h"
#include "tests/netlab/link_packet.h"
#include "tests/netlab/link_queue.h"
#include "tests/netlab/link_script.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MS 1000000LL
#define SECOND (1000 * MS)

/* What came of packets of `size` bytes, one every `every_ns` from 0 to `until_ns`. */
typedef struct {
    unsigned n_offered, n_dropped, n_lost, n_arrived, n_runs;
    int64_t first_due_ns, last_due_ns, max_queued_ns;
} Result;

static void drain(LinkQueue *queue, int64_t now, Result *result)
{
    static bool was_lost;
    for (;;) {
        g_autoptr(LinkPacket) packet = link_queue_pop(queue, now);
        if (!packet)
            return;
        result->max_queued_ns = MAX(result->max_queued_ns, packet->left_ns - packet->arrived_ns);
        if (packet->lost) {
            result->n_lost++;
            result->n_runs += !was_lost;
        } else {
            if (result->n_arrived++ == 0)
                result->first_due_ns = packet->due_ns;
            result->last_due_ns = packet->due_ns;
        }
        was_lost = packet->lost;
    }
}

static void offer(LinkQueue *queue, size_t size, int64_t from_ns, int64_t until_ns,
                  int64_t every_ns, Result *result)
{
    for (int64_t now = from_ns; now < until_ns; now += every_ns) {
        g_autoptr(LinkPacket) packet = link_packet_new(NULL, size, 0);
        drain(queue, now, result);
        result->n_offered++;
        if (link_queue_push(queue, packet, now))
            g_steal_pointer(&packet);
        else
            result->n_dropped++;
    }
}

static void assert_near(double got, double want, double off)
{
    if (fabs(got - want) > off)
        fail_msg("%g, not %g within %g", got, want, off);
}

static void assert_rate(const Result *result, size_t size, double kbps, int64_t span_ns)
{
    double got = 8.0 * (double)size * result->n_arrived / ((double)span_ns / 1e6);
    assert_near(got, kbps, 0.02 * kbps);
}

static void test_carries_its_rate_and_no_more(void **state)
{
    (void)state;
    g_autoptr(LinkQueue) queue = link_queue_new(1);
    Result result = {0};
    link_queue_set(queue, LINK_SETTING_RATE, 100, 0);
    link_queue_set(queue, LINK_SETTING_QUEUE_MS, 800, 0);
    offer(queue, 500, 0, 20 * SECOND, 10 * MS, &result); /* 400 kbit/s */
    drain(queue, 20 * SECOND, &result);
    assert_rate(&result, 500, 100, 20 * SECOND);
    assert_near((double)result.max_queued_ns / MS, 800, 41);
    assert_true(result.n_dropped > 1400);
    assert_int_equal(result.n_lost, 0);
}

static void test_looked_at_late_carries_the_same(void **state)
{
    (void)state;
    g_autoptr(LinkQueue) queue = link_queue_new(1);
    Result result = {0};
    link_queue_set(queue, LINK_SETTING_RATE, 60, 0);
    link_queue_set(queue, LINK_SETTING_DELAY, 300, 0);
    for (unsigned i = 0; i < 10; i++)
        assert_true(link_queue_push(queue, link_packet_new(NULL, 750, 0), 0));
    assert_int_equal(link_queue_next_ns(queue), 100 * MS);
    drain(queue, 60 * SECOND, &result);
    assert_int_equal(result.n_arrived, 10);
    assert_int_equal(result.first_due_ns, 400 * MS);
    assert_int_equal(result.last_due_ns, 1300 * MS);
    assert_int_equal(link_queue_next_ns(queue), INT64_MAX);
}

static void test_a_new_rate_holds_within_a_packet(void **state)
{
    (void)state;
    g_autoptr(LinkQueue) queue = link_queue_new(1);
    Result result = {0};
    link_queue_set(queue, LINK_SETTING_RATE, 100, 0);
    assert_true(link_queue_push(queue, link_packet_new(NULL, 1250, 0), 0)); /* 100 ms */
    link_queue_set(queue, LINK_SETTING_RATE, 10, 50 * MS);
    assert_int_equal(link_queue_next_ns(queue), 550 * MS);
    drain(queue, 549 * MS, &result);
    assert_int_equal(result.n_arrived, 0);
    drain(queue, 550 * MS, &result);
    assert_int_equal(result.n_arrived, 1);
}

static void test_a_queue_in_bytes_does_not_follow_the_rate(void **state)
{
    (void)state;
    g_autoptr(LinkQueue) queue = link_queue_new(1);
    Result result = {0};
    link_queue_set(queue, LINK_SETTING_QUEUE_BYTES, 30000, 0);
    link_queue_set(queue, LINK_SETTING_RATE, 150, 0);
    offer(queue, 1000, 0, 5 * SECOND, 10 * MS, &result);
    drain(queue, 5 * SECOND, &result);
    assert_near((double)result.max_queued_ns / MS, 1600, 54);
}

static void test_loses_the_share_that_was_asked_for(void **state)
{
    (void)state;
    g_autoptr(LinkQueue) queue = link_queue_new(7);
    Result result = {0};
    link_queue_set(queue, LINK_SETTING_LOSS, 5, 0);
    offer(queue, 100, 0, 2000 * SECOND, 20 * MS, &result);
    drain(queue, 2000 * SECOND, &result);
    double sigma = sqrt(0.05 * 0.95 / result.n_offered);
    assert_near((double)result.n_lost / result.n_offered, 0.05, 4 * sigma);
    assert_near((double)result.n_lost / result.n_runs, 1 / 0.95, 0.02);
    link_queue_set(queue, LINK_SETTING_LOSS, 100, 2000 * SECOND);
    unsigned n_arrived = result.n_arrived;
    offer(queue, 100, 2000 * SECOND, 2004 * SECOND, 20 * MS, &result);
    drain(queue, 2010 * SECOND, &result);
    assert_int_equal(result.n_arrived, n_arrived);
}

static void test_loses_in_runs_of_the_mean_that_was_asked_for(void **state)
{
    (void)state;
    g_autoptr(LinkQueue) queue = link_queue_new(3);
    Result result = {0};
    link_queue_set(queue, LINK_SETTING_LOSS, 10, 0);
    link_queue_set(queue, LINK_SETTING_BURST, 4, 0);
    offer(queue, 100, 0, 4000 * SECOND, 20 * MS, &result);
    drain(queue, 4000 * SECOND, &result);
    assert_near((double)result.n_lost / result.n_offered, 0.1, 0.004);
    assert_near((double)result.n_lost / result.n_runs, 4, 0.2);
}

static void test_jitter_keeps_the_order(void **state)
{
    (void)state;
    g_autoptr(LinkQueue) queue = link_queue_new(3);
    link_queue_set(queue, LINK_SETTING_DELAY, 50, 0);
    link_queue_set(queue, LINK_SETTING_JITTER, 100, 0);
    int64_t last_ns = 0, least_ns = INT64_MAX, most_ns = 0;
    for (unsigned i = 0; i < 1000; i++)
        assert_true(link_queue_push(queue, link_packet_new(NULL, 100, i), i * 20 * MS));
    for (unsigned i = 0; i < 1000; i++) {
        g_autoptr(LinkPacket) packet = link_queue_pop(queue, 100 * SECOND);
        assert_non_null(packet);
        assert_int_equal(packet->class_index, i);
        assert_true(packet->due_ns >= last_ns);
        last_ns = packet->due_ns;
        least_ns = MIN(least_ns, packet->due_ns - packet->left_ns);
        most_ns = MAX(most_ns, packet->due_ns - packet->left_ns);
    }
    assert_true(least_ns >= 50 * MS && least_ns < 75 * MS);
    assert_true(most_ns > 130 * MS && most_ns <= 150 * MS);
}

/* Packets. */

/* 10.66.0.2:4660 to 10.66.1.1:22136 with these two bytes of UDP payload; sums are right. */
static void fill_udp(uint8_t packet[30], uint8_t first, uint8_t second)
{
    static const uint8_t plain[28] = {0x45, 0, 0,  30, 0, 0, 0,    0,    64,   17,   0, 0,  10, 66,
                                      0,    2, 10, 66, 1, 1, 0x12, 0x34, 0x56, 0x78, 0, 10, 0,  0};
    memcpy(packet, plain, sizeof plain);
    packet[28] = first;
    packet[29] = second;
}

static uint32_t sum_of(const uint8_t *at, size_t n, uint32_t sum)
{
    for (size_t i = 0; i < n; i += 2)
        sum += (uint32_t)(at[i] << 8 | at[i + 1]);
    return sum;
}

static uint16_t fold(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}

static void write_sum(uint8_t *at, uint32_t sum)
{
    uint16_t value = (uint16_t)~fold(sum);
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* The sums of header and pseudo header with payload (RFC 768), all ones when they are right. */
static uint32_t payload_sum(const uint8_t *packet, size_t size)
{
    uint32_t pseudo = sum_of(packet + 12, 8, packet[9] + (uint32_t)(size - 20));
    return sum_of(packet + 20, size - 20, pseudo);
}

static void assert_sums(const uint8_t *packet, size_t size)
{
    assert_int_equal(fold(sum_of(packet, 20, 0)), 0xffff);
    assert_int_equal(fold(payload_sum(packet, size)), 0xffff);
}

static void test_tells_media_from_the_rest(void **state)
{
    (void)state;
    uint8_t packet[30];
    static const struct {
        uint8_t first, second;
        LinkClass want;
    } rows[] = {
        {0x80, 111, LINK_CLASS_RTP},  {0x90, 0x80 | 96, LINK_CLASS_RTP},
        {0x81, 205, LINK_CLASS_RTCP}, {0x80, 200, LINK_CLASS_RTCP},
        {0, 1, LINK_CLASS_UDP},       {22, 254, LINK_CLASS_UDP},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        fill_udp(packet, rows[i].first, rows[i].second);
        assert_int_equal(link_packet_class(packet, sizeof packet), rows[i].want);
        assert_int_equal(link_packet_class(packet, 29), LINK_CLASS_UDP);
    }
    packet[9] = 6;
    assert_int_equal(link_packet_class(packet, sizeof packet), LINK_CLASS_TCP);
    packet[0] = 0x65;
    assert_int_equal(link_packet_class(packet, sizeof packet), LINK_CLASS_OTHER);
    assert_int_equal(link_packet_class(packet, 1), LINK_CLASS_OTHER);
}

static void test_nat_changes_addresses_and_keeps_sums_right(void **state)
{
    (void)state;
    LinkNat nat = {0};
    uint8_t packet[30], answer[30];
    fill_udp(packet, 0x80, 111);
    write_sum(packet + 10, sum_of(packet, 20, 0));
    write_sum(packet + 26, payload_sum(packet, sizeof packet));
    assert_sums(packet, sizeof packet);
    uint8_t before[30];
    memcpy(before, packet, sizeof packet);
    assert_true(link_nat_up(&nat, packet, sizeof packet));
    assert_memory_equal(packet, before, sizeof packet);

    nat.outer = 0x0a420009;
    assert_true(link_nat_up(&nat, packet, sizeof packet));
    assert_int_equal(packet[15], 9);
    assert_sums(packet, sizeof packet);
    memcpy(answer, packet, sizeof packet);
    memcpy(answer + 12, packet + 16, 4);
    memcpy(answer + 16, packet + 12, 4);
    assert_true(link_nat_down(&nat, answer, sizeof answer));
    assert_int_equal(answer[19], 2);
    assert_sums(answer, sizeof answer);
    assert_false(link_nat_down(&nat, answer, sizeof answer)); /* to the old address */
}

static void test_nat_forgets_older_tcp_connections(void **state)
{
    (void)state;
    LinkNat nat = {.outer = 0x0a420009};
    uint8_t packet[40];
    memset(packet, 0, sizeof packet);
    fill_udp(packet, 0, 0);
    packet[9] = 6;
    packet[33] = 0x10;
    assert_false(link_nat_up(&nat, packet, sizeof packet));
    packet[33] = 0x12; /* the other side's */
    assert_false(link_nat_up(&nat, packet, sizeof packet));
    packet[33] = 0x02;
    assert_true(link_nat_up(&nat, packet, sizeof packet));
    packet[33] = 0x10;
    assert_true(link_nat_up(&nat, packet, sizeof packet));
    packet[21] = 0x35; /* another port */
    assert_false(link_nat_up(&nat, packet, sizeof packet));
}

/* Counts and orders. */

/* It came `at_ns`, and what it was in the queue for. */
static void count_end(LinkCounts *counts, LinkClass class_index, size_t size, int64_t at_ns,
                      int64_t queued_ns, LinkFate fate)
{
    g_autoptr(LinkPacket) packet = link_packet_new(NULL, size, class_index);
    packet->arrived_ns = at_ns;
    packet->left_ns = fate == LINK_FATE_DROPPED ? 0 : at_ns + queued_ns;
    link_counts_fate(counts, packet, fate, at_ns);
}

static void test_counts_say_what_became_of_packets(void **state)
{
    (void)state;
    g_autoptr(LinkCounts) counts = link_counts_new();
    g_autoptr(GString) text = g_string_new(NULL);
    link_counts_start(counts, SECOND);
    for (unsigned i = 1; i <= 100; i++) {
        link_counts_offered(counts, LINK_CLASS_RTP, 100, 3 * SECOND);
        count_end(counts, LINK_CLASS_RTP, 100, 3 * SECOND, i * MS, LINK_FATE_DELIVERED);
    }
    count_end(counts, LINK_CLASS_TCP, 40, 3 * SECOND, 0, LINK_FATE_DROPPED);
    link_counts_append_json(counts, text);
    assert_non_null(strstr(text->str, "\"rtp\":{\"offered\":100,\"offered_bytes\":10000,"
                                      "\"delivered\":100,\"delivered_bytes\":10000,"));
    assert_non_null(strstr(text->str, "\"queue_ms\":{\"p50\":50.12,\"p95\":95.12,\"p99\":99.12}"));
    assert_non_null(strstr(text->str, "\"dropped\":1,\"dropped_bytes\":40"));
    assert_non_null(strstr(text->str, "\"seconds\":[[0,0],[0,0],[10000,10000]]"));
    link_counts_mark(counts);
    g_string_truncate(text, 0);
    link_counts_append_json(counts, text);
    assert_null(strstr(text->str, "\"offered\":100"));
    assert_non_null(strstr(text->str, "[10000,10000]"));
}

static void test_packets_are_listed_from_the_start_on(void **state)
{
    (void)state;
    g_autoptr(LinkCounts) counts = link_counts_new();
    g_autoptr(GString) text = g_string_new(NULL);
    count_end(counts, LINK_CLASS_RTP, 100, SECOND, 5 * MS, LINK_FATE_DELIVERED);
    link_counts_append_json(counts, text);
    assert_non_null(strstr(text->str, "\"packets\":[]}"));
    link_counts_start(counts, 2 * SECOND);
    count_end(counts, LINK_CLASS_RTP, 100, SECOND, 5 * MS, LINK_FATE_DELIVERED);
    count_end(counts, LINK_CLASS_RTCP, 72, 3 * SECOND, 12 * MS, LINK_FATE_LOST);
    count_end(counts, LINK_CLASS_RTP, 1200, 4 * SECOND + MS / 2, 0, LINK_FATE_DROPPED);
    link_counts_mark(counts);
    g_string_truncate(text, 0);
    link_counts_append_json(counts, text);
    assert_non_null(strstr(text->str, "\"packets\":[[1000.0,\"rtcp\",\"lost\",72,12.0],"
                                      "[2000.5,\"rtp\",\"dropped\",1200,0.0]]}"));
    link_counts_start(counts, 5 * SECOND);
    g_string_truncate(text, 0);
    link_counts_append_json(counts, text);
    assert_non_null(strstr(text->str, "\"packets\":[]}"));
}

static void test_orders(void **state)
{
    (void)state;
    LinkOrder order;
    assert_true(link_order_parse("both delay 40", &order));
    assert_true(order.up && order.down && order.at_ms == -1);
    assert_int_equal(order.setting, LINK_SETTING_DELAY);
    assert_true(link_order_parse("at 20000 up rate 150.5", &order));
    assert_true(order.up && !order.down && order.value == 150.5 && order.at_ms == 20000);
    assert_true(link_order_parse("at 30000 nat 10.66.0.9", &order));
    assert_int_equal(order.address, 0x0a420009);
    assert_true(link_order_parse("start", &order));
    assert_int_equal(order.kind, LINK_ORDER_START);
    static const char *const bad[] = {
        "",
        "up rate",
        "up rate x",
        "up speed 3",
        "left rate 3",
        "both rate -1",
        "at 5 start",
        "at x both rate 1",
        "nat 10.66",
        "nat 0.0.0.0",
        "end",
        "both rate nan",
        "both  rate 3",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_false(link_order_parse(bad[i], &order));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_carries_its_rate_and_no_more),
        cmocka_unit_test(test_looked_at_late_carries_the_same),
        cmocka_unit_test(test_a_new_rate_holds_within_a_packet),
        cmocka_unit_test(test_a_queue_in_bytes_does_not_follow_the_rate),
        cmocka_unit_test(test_loses_the_share_that_was_asked_for),
        cmocka_unit_test(test_loses_in_runs_of_the_mean_that_was_asked_for),
        cmocka_unit_test(test_jitter_keeps_the_order),
        cmocka_unit_test(test_tells_media_from_the_rest),
        cmocka_unit_test(test_nat_changes_addresses_and_keeps_sums_right),
        cmocka_unit_test(test_nat_forgets_older_tcp_connections),
        cmocka_unit_test(test_counts_say_what_became_of_packets),
        cmocka_unit_test(test_packets_are_listed_from_the_start_on),
        cmocka_unit_test(test_orders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
