// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include "server/base/limit.h"

static const int64_t second_us = G_USEC_PER_SEC;

static void bucket_starts_full_and_refills(void **state)
{
    (void)state;
    RateLimit limit = {0};
    int64_t now_us = 0; /* even where a clock starts at nothing */
    for (int i = 0; i < 3; i++)
        assert_true(rate_limit_take(&limit, now_us, 2.0, 3.0));
    assert_false(rate_limit_take(&limit, now_us, 2.0, 3.0));
    now_us += second_us + 1; /* 0 was taken for 1 */
    assert_true(rate_limit_take(&limit, now_us, 2.0, 3.0));
    assert_true(rate_limit_take(&limit, now_us, 2.0, 3.0));
    assert_false(rate_limit_take(&limit, now_us, 2.0, 3.0));
    /* It saves no more than its burst, and time that goes back gives nothing. */
    now_us += 3600 * second_us;
    for (int i = 0; i < 3; i++)
        assert_true(rate_limit_take(&limit, now_us, 2.0, 3.0));
    assert_false(rate_limit_take(&limit, now_us, 2.0, 3.0));
    assert_false(rate_limit_take(&limit, now_us - second_us, 2.0, 3.0));
}

static void table_keeps_keys_apart(void **state)
{
    (void)state;
    g_autoptr(LimitTable) table = limit_table_new(10, 0.1, 2.0);
    unsigned retry_after_s = 0;
    assert_true(limit_table_take(table, "a", 5, NULL));
    assert_true(limit_table_take(table, "a", 5, NULL));
    assert_false(limit_table_take(table, "a", 5, &retry_after_s));
    assert_int_equal(retry_after_s, 10);
    assert_true(limit_table_take(table, "b", 5, &retry_after_s));
    assert_false(limit_table_take(table, "a", 5 + 9 * second_us, &retry_after_s));
    assert_int_equal(retry_after_s, 1);
    assert_true(limit_table_take(table, "a", 6 + 10 * second_us, NULL));
    limit_table_reset(table, "b");
    limit_table_reset(table, "never seen");
    assert_true(limit_table_take(table, "b", 5, NULL));
    assert_true(limit_table_take(table, "b", 5, NULL));
}

static void table_without_refill_says_a_day(void **state)
{
    (void)state;
    g_autoptr(LimitTable) table = limit_table_new(1, 0.0, 1.0);
    unsigned retry_after_s = 0;
    assert_true(limit_table_take(table, "a", 5, NULL));
    assert_false(limit_table_take(table, "a", 5 + second_us, &retry_after_s));
    assert_int_equal(retry_after_s, 86400);
}

static void full_table_forgets_the_longest_untouched(void **state)
{
    (void)state;
    g_autoptr(LimitTable) table = limit_table_new(3, 0.001, 1.0);
    assert_true(limit_table_take(table, "a", 1, NULL));
    assert_true(limit_table_take(table, "b", 2, NULL));
    assert_true(limit_table_take(table, "c", 3, NULL));
    assert_false(limit_table_take(table, "a", 4, NULL)); /* touched: now "b" is the oldest */
    assert_true(limit_table_take(table, "d", 5, NULL));
    assert_false(limit_table_take(table, "a", 6, NULL));
    assert_false(limit_table_take(table, "c", 7, NULL));
    assert_true(limit_table_take(table, "b", 8, NULL)); /* forgotten, so full again; "d" goes */
    assert_true(limit_table_take(table, "d", 9, NULL));
}

static void stranger_with_many_keys_stays_bounded(void **state)
{
    (void)state;
    g_autoptr(LimitTable) table = limit_table_new(100, 1.0, 1.0);
    for (int i = 0; i < 20000; i++) {
        char key[16];
        (void)g_snprintf(key, sizeof key, "%d", i);
        assert_true(limit_table_take(table, key, i + 1, NULL));
    }
    limit_table_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bucket_starts_full_and_refills),
        cmocka_unit_test(table_keeps_keys_apart),
        cmocka_unit_test(table_without_refill_says_a_day),
        cmocka_unit_test(full_table_forgets_the_longest_untouched),
        cmocka_unit_test(stranger_with_many_keys_stays_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
