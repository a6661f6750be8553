// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "media/repair/packet_cache.h"

enum { SECOND = 1000000 };

static const int64_t MS = 1000;

static const PacketCacheConfig SMALL = {
    .n_packets = 4,
    .n_bytes = 100,
    .max_age_us = SECOND,
    .max_resends = 3,
    .budget_bytes_per_s = 1000000,
};

static void store(PacketCache *cache, uint16_t sequence, size_t size, int64_t now_us)
{
    uint8_t data[200];
    memset(data, (uint8_t)sequence, sizeof data);
    assert_true(packet_cache_store(cache, sequence, data, size, now_us));
}

static PacketCacheResult resend(PacketCache *cache, uint16_t sequence, int64_t now_us,
                                int64_t rtt_us)
{
    const uint8_t *data = NULL;
    size_t size = 0;
    PacketCacheResult result = packet_cache_resend(cache, sequence, now_us, rtt_us, &data, &size);
    if (result == PACKET_CACHE_OK) {
        for (size_t i = 0; i < size; i++)
            assert_int_equal(data[i], (uint8_t)sequence);
    }
    return result;
}

static void test_oldest_make_place(void **state)
{
    (void)state;
    g_autoptr(PacketCache) cache = packet_cache_new(&SMALL);
    for (uint16_t i = 0; i < 6; i++)
        store(cache, (uint16_t)(65533 + i), 10, 0);
    assert_int_equal(resend(cache, 65533, 0, 0), PACKET_CACHE_MISSING);
    assert_int_equal(resend(cache, 65534, 0, 0), PACKET_CACHE_MISSING);
    for (uint16_t i = 2; i < 6; i++)
        assert_int_equal(resend(cache, (uint16_t)(65533 + i), 0, 0), PACKET_CACHE_OK);
    assert_int_equal(resend(cache, 3, 0, 0), PACKET_CACHE_MISSING);
    packet_cache_reset(cache);
    assert_int_equal(resend(cache, 65535, 0, 0), PACKET_CACHE_MISSING);
}

static void test_bytes_make_place(void **state)
{
    (void)state;
    g_autoptr(PacketCache) cache = packet_cache_new(&SMALL);
    store(cache, 1, 60, 0);
    store(cache, 2, 40, 0);
    size_t size = 0;
    assert_non_null(packet_cache_peek(cache, 1, &size));
    assert_int_equal(size, 60);
    store(cache, 3, 50, 0); /* takes the place of 1 */
    assert_null(packet_cache_peek(cache, 1, &size));
    assert_non_null(packet_cache_peek(cache, 2, &size));
    store(cache, 4, 100, 0);
    assert_null(packet_cache_peek(cache, 3, &size));
    uint8_t big[101] = {0};
    assert_false(packet_cache_store(cache, 5, big, 101, 0));
    assert_false(packet_cache_store(cache, 5, big, 0, 0));
    assert_false(packet_cache_store(cache, 4, big, 5, 0)); /* there already */
    assert_int_equal(resend(cache, 4, 0, 0), PACKET_CACHE_OK);
}

static void test_limits_of_one_packet(void **state)
{
    (void)state;
    g_autoptr(PacketCache) cache = packet_cache_new(&SMALL);
    store(cache, 9, 10, 0);
    assert_int_equal(resend(cache, 9, 50 * MS, 80 * MS), PACKET_CACHE_OK);
    assert_int_equal(resend(cache, 9, 129 * MS, 80 * MS), PACKET_CACHE_TOO_SOON);
    assert_int_equal(resend(cache, 9, 130 * MS, 80 * MS), PACKET_CACHE_OK);
    assert_int_equal(resend(cache, 9, 229 * MS, 0), PACKET_CACHE_TOO_SOON); /* 100 ms */
    assert_int_equal(resend(cache, 9, 230 * MS, 0), PACKET_CACHE_OK);
    assert_int_equal(resend(cache, 9, 900 * MS, 0), PACKET_CACHE_TOO_OFTEN);
    store(cache, 10, 10, 0);
    assert_int_equal(resend(cache, 10, SECOND, 0), PACKET_CACHE_OK);
    assert_int_equal(resend(cache, 10, SECOND + 1, 0), PACKET_CACHE_TOO_OLD);
}

static void test_budget_refills(void **state)
{
    (void)state;
    PacketCacheConfig config = PACKET_CACHE_VIDEO;
    config.budget_bytes_per_s = 1000;
    g_autoptr(PacketCache) cache = packet_cache_new(&config);
    for (uint16_t i = 0; i < 100; i++)
        store(cache, i, 100, 0);
    unsigned n = 0;
    for (uint16_t i = 0; i < 100; i++)
        n += resend(cache, i, 0, 0) == PACKET_CACHE_OK;
    assert_int_equal(n, 30); /* the burst of 3000 bytes */
    assert_int_equal(resend(cache, 99, 99 * MS, 0), PACKET_CACHE_OVER_BUDGET);
    assert_int_equal(resend(cache, 99, 100 * MS, 0), PACKET_CACHE_OK);
    packet_cache_set_budget(cache, 100000);
    assert_int_equal(resend(cache, 98, 101 * MS, 0), PACKET_CACHE_OK);
    assert_int_equal(resend(cache, 97, 101 * MS, 0), PACKET_CACHE_OVER_BUDGET);
}

/* Against a plain list: whatever is found is right, and the newest that fit are found. */
static void test_long_run_of_all_sizes(void **state)
{
    (void)state;
    const PacketCacheConfig config = {
        .n_packets = 50, .n_bytes = 3000, .max_age_us = SECOND, .max_resends = 1};
    g_autoptr(PacketCache) cache = packet_cache_new(&config);
    size_t sizes[70000];
    uint32_t seed = 3;
    for (uint32_t i = 0; i < 70000; i++) {
        seed = seed * 1664525 + 1013904223;
        sizes[i] = 1 + (seed >> 16) % 200;
        store(cache, (uint16_t)i, sizes[i], i);
        size_t total = 0;
        for (uint32_t back = 0; back < 50 && back <= i; back++) {
            size_t size = 0;
            const uint8_t *data = packet_cache_peek(cache, (uint16_t)(i - back), &size);
            total += sizes[i - back];
            if (total <= 3000 - 2 * 200) /* one gap at the end of the ring, one being freed */
                assert_non_null(data);
            if (!data)
                break;
            assert_int_equal(size, sizes[i - back]);
            assert_int_equal(data[0], (uint8_t)(i - back));
            assert_int_equal(data[size - 1], (uint8_t)(i - back));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oldest_make_place),     cmocka_unit_test(test_bytes_make_place),
        cmocka_unit_test(test_limits_of_one_packet),  cmocka_unit_test(test_budget_refills),
        cmocka_unit_test(test_long_run_of_all_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
