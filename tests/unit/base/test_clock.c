// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/cmocka_all.h"

#include "server/base/clock.h"

enum { HOUR_MS = 3600000, DAY_MS = 24 * HOUR_MS };

static const int64_t noon_ms = 1795521600000; /* 2026-11-24 12:00:00 UTC */

static void fake_clock_stands_until_advanced(void **state)
{
    (void)state;
    g_autoptr(Clock) clock = clock_new_fake(noon_ms);
    int64_t mono_us = clock_mono_us(clock);
    assert_true(mono_us > 0);
    assert_int_equal(clock_wall_ms(clock), noon_ms);
    clock_advance(clock, 1500);
    assert_int_equal(clock_wall_ms(clock), noon_ms + 1500);
    assert_int_equal(clock_mono_us(clock), mono_us + 1500000);
}

static gpointer read_clock(gpointer clock)
{
    (void)clock_mono_us(clock);
    return NULL;
}

static void fake_clock_knows_what_others_have_read(void **state)
{
    (void)state;
    g_autoptr(Clock) clock = clock_new_fake(noon_ms);
    int64_t start_us = clock_mono_us(clock);
    clock_advance(clock, 5);
    assert_int_equal(clock_mono_us(clock), start_us + 5000);
    assert_int_equal(clock_read_elsewhere_us(clock), start_us);
    g_thread_join(g_thread_new("reader", read_clock, clock));
    assert_int_equal(clock_read_elsewhere_us(clock), start_us + 5000);
}

static void offset_moves_wall_time_only(void **state)
{
    (void)state;
    g_autoptr(Clock) clock = clock_new_fake(noon_ms);
    int64_t mono_us = clock_mono_us(clock);
    clock_set_offset(clock, -DAY_MS);
    assert_int_equal(clock_wall_ms(clock), noon_ms - DAY_MS);
    assert_int_equal(clock_mono_us(clock), mono_us);

    g_autoptr(Clock) real = clock_new();
    int64_t before_ms = g_get_real_time() / 1000;
    clock_set_offset(real, HOUR_MS);
    assert_true(clock_wall_ms(real) >= before_ms + HOUR_MS);
    assert_true(clock_mono_us(real) <= g_get_monotonic_time());
}

static void local_date_in_zones(void **state)
{
    (void)state;
    g_autoptr(GTimeZone) makassar = g_time_zone_new_identifier("Asia/Makassar");
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GTimeZone) new_york = g_time_zone_new_identifier("America/New_York");
    assert_non_null(makassar);
    assert_non_null(new_york);
    char date[11];
    int64_t late_ms = noon_ms + (int64_t)4 * HOUR_MS; /* midnight in Gorontalo */
    clock_local_date(late_ms - 1, makassar, date);
    assert_string_equal(date, "2026-11-24");
    clock_local_date(late_ms, makassar, date);
    assert_string_equal(date, "2026-11-25");
    clock_local_date(late_ms, utc, date);
    assert_string_equal(date, "2026-11-24");
    clock_local_date(noon_ms - (int64_t)8 * HOUR_MS, new_york, date);
    assert_string_equal(date, "2026-11-23");
    clock_local_date(-1, utc, date);
    assert_string_equal(date, "1969-12-31");
}

static void local_date_far_away_is_clamped(void **state)
{
    (void)state;
    g_autoptr(GTimeZone) makassar = g_time_zone_new_identifier("Asia/Makassar");
    char date[11];
    clock_local_date(INT64_MAX, makassar, date);
    assert_string_equal(date, "9999-12-31");
    clock_local_date(INT64_MIN, makassar, date);
    assert_string_equal(date, "0001-01-01");
}

static void date_start_in_zones(void **state)
{
    (void)state;
    g_autoptr(GTimeZone) makassar = g_time_zone_new_identifier("Asia/Makassar");
    g_autoptr(GTimeZone) new_york = g_time_zone_new_identifier("America/New_York");
    int64_t start_ms = 0;
    assert_true(clock_date_start("2026-11-25", makassar, &start_ms));
    assert_int_equal(start_ms, noon_ms + (int64_t)4 * HOUR_MS);
    /* A day of 23 hours: 8 March 2026, clocks go forward. */
    int64_t next_ms = 0;
    assert_true(clock_date_start("2026-03-08", new_york, &start_ms));
    assert_true(clock_date_start("2026-03-09", new_york, &next_ms));
    assert_int_equal(next_ms - start_ms, (int64_t)23 * HOUR_MS);
}

static void midnight_that_summer_time_skips(void **state)
{
    (void)state;
    /* Beirut's clocks went from 0:00 to 1:00 on 2022-03-27. */
    g_autoptr(GTimeZone) beirut = g_time_zone_new_identifier("Asia/Beirut");
    int64_t start_ms = 0;
    assert_true(clock_date_start("2022-03-27", beirut, &start_ms));
    char date[11];
    clock_local_date(start_ms, beirut, date);
    assert_string_equal(date, "2022-03-27");
    clock_local_date(start_ms - 1000, beirut, date);
    assert_string_equal(date, "2022-03-26");
}

static void things_that_are_no_date(void **state)
{
    (void)state;
    static const char *const bad[] = {"",           "2026-11-31",  "2026-02-29", "2026-1-24",
                                      "20261124",   "2026-11-24 ", "2026/11/24", "0000-01-01",
                                      "+026-11-24", "2026-00-10",  "2026-13-01"};
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    int64_t start_ms = 42;
    char date[11] = "unchanged";
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        assert_false(clock_date_start(bad[i], utc, &start_ms));
        assert_false(clock_date_add(bad[i], 1, date));
    }
    assert_false(clock_date_start(NULL, utc, &start_ms));
    assert_int_equal(start_ms, 42);
    assert_string_equal(date, "unchanged");
}

static void date_add_over_borders(void **state)
{
    (void)state;
    char date[11];
    assert_true(clock_date_add("2028-02-28", 1, date));
    assert_string_equal(date, "2028-02-29");
    assert_true(clock_date_add("2026-01-01", -1, date));
    assert_string_equal(date, "2025-12-31");
    assert_false(clock_date_add("9999-12-31", 1, date));
    assert_false(clock_date_add("0001-01-01", -1, date));
    assert_false(clock_date_add("2026-01-01", INT32_MAX, date));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fake_clock_stands_until_advanced),
        cmocka_unit_test(fake_clock_knows_what_others_have_read),
        cmocka_unit_test(offset_moves_wall_time_only),
        cmocka_unit_test(local_date_in_zones),
        cmocka_unit_test(local_date_far_away_is_clamped),
        cmocka_unit_test(date_start_in_zones),
        cmocka_unit_test(midnight_that_summer_time_skips),
        cmocka_unit_test(things_that_are_no_date),
        cmocka_unit_test(date_add_over_borders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
