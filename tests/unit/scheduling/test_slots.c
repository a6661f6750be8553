// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scheduling/clinic/slots.h"

static const char *const process_zones[] = {"UTC", "Asia/Jakarta", "Asia/Makassar",
                                            "America/Sao_Paulo"};

static GArray *compute(const HourRule *rules, unsigned n_rules, const char *zone_name,
                       const char *date)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zone_name);
    assert_non_null(zone);
    GArray *slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    assert_true(slots_compute(rules, n_rules, zone, date, slots));
    return slots;
}

static int64_t start_of(const GArray *slots, unsigned index)
{
    return g_array_index(slots, Slot, index).starts_at_ms;
}

static void test_process_zone_does_not_matter(void **state)
{
    (void)state;
    HourRule rule = {"doctor", 2, 9 * 60, 12 * 60, 15, "2026-01-01", ""};
    for (unsigned i = 0; i < G_N_ELEMENTS(process_zones); i++) {
        g_setenv("TZ", process_zones[i], TRUE);
        tzset();
        g_autoptr(GArray) slots = compute(&rule, 1, "Asia/Makassar", "2026-11-24");
        assert_int_equal(slots->len, 12);
        /* 09.00 WITA is 01.00 UTC. */
        assert_int_equal(start_of(slots, 0), INT64_C(1795482000000));
        assert_int_equal(start_of(slots, 11), INT64_C(1795482000000) + 165 * 60 * 1000);
    }
    g_unsetenv("TZ");
    tzset();
}

static void test_weekday_and_effective_dates(void **state)
{
    (void)state;
    HourRule rule = {"doctor", 2, 9 * 60, 10 * 60, 30, "2026-11-24", "2026-12-01"};
    static const struct {
        const char *date;
        unsigned n;
    } rows[] = {{"2026-11-17", 0}, {"2026-11-23", 0}, {"2026-11-24", 2},
                {"2026-11-25", 0}, {"2026-12-01", 2}, {"2026-12-08", 0}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GArray) slots = compute(&rule, 1, "Asia/Makassar", rows[i].date);
        assert_int_equal(slots->len, rows[i].n);
    }
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(Slot));
    assert_false(slots_compute(&rule, 1, zone, "2026-02-30", none));
    assert_false(slots_compute(&rule, 1, zone, "tomorrow", none));
}

static void test_last_slot_fits_and_midnight(void **state)
{
    (void)state;
    HourRule rules[] = {{"a", 2, 9 * 60, 9 * 60 + 50, 20, "2026-01-01", ""},
                        {"b", 2, 23 * 60 + 30, 24 * 60, 30, "2026-01-01", ""}};
    g_autoptr(GArray) slots = compute(rules, 2, "Asia/Makassar", "2026-11-24");
    assert_int_equal(slots->len, 3);
    assert_string_equal(g_array_index(slots, Slot, 2).practitioner_id, "b");
}

/* Summer time of Sao Paulo began at midnight of 4 November 2018: 00.00 to 00.59 did not exist. */
static void test_skipped_hour_has_no_slots(void **state)
{
    (void)state;
    HourRule rule = {"doctor", 7, 0, 3 * 60, 30, "2018-01-01", ""};
    g_autoptr(GArray) slots = compute(&rule, 1, "America/Sao_Paulo", "2018-11-04");
    assert_int_equal(slots->len, 4);
}

/* Properties over random rules: inside the hours, of the right length, in order, no overlap. */
static void test_properties(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261124);
    for (unsigned round = 0; round < 400; round++) {
        const char *zone_name = process_zones[round % G_N_ELEMENTS(process_zones)];
        HourRule rule = {"doctor", 0, 0, 0, 0, "2020-01-01", ""};
        rule.weekday = g_rand_int_range(rand, 1, 8);
        rule.from_minute = g_rand_int_range(rand, 0, 1300);
        rule.to_minute = g_rand_int_range(rand, rule.from_minute + 1, 1441);
        rule.slot_minutes = g_rand_int_range(rand, 5, 61);
        char date[11] = "2026-11-23"; /* Monday */
        assert_true(clock_date_add(date, rule.weekday - 1, date));
        g_autoptr(GArray) slots = compute(&rule, 1, zone_name, date);
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zone_name);
        unsigned n = (unsigned)((rule.to_minute - rule.from_minute) / rule.slot_minutes);
        assert_int_equal(slots->len, n);
        for (unsigned i = 0; i < slots->len; i++) {
            const Slot *slot = &g_array_index(slots, Slot, i);
            char local[11];
            clock_local_date(slot->starts_at_ms, zone, local);
            assert_string_equal(local, date);
            assert_int_equal(slot->ends_at_ms - slot->starts_at_ms,
                             (int64_t)rule.slot_minutes * 60 * 1000);
            if (i > 0)
                assert_true(start_of(slots, i) >= g_array_index(slots, Slot, i - 1).ends_at_ms);
        }
    }
}

static void test_queries_are_refused_with_field_and_cause(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        unsigned n_days;
        const char *field, *code; /* NULL: fine */
    } rows[] = {
        {NULL, 1, NULL, NULL},
        {NULL, SLOTS_MAX_DAYS, NULL, NULL},
        {NULL, 0, "days", "too_small"},
        {NULL, SLOTS_MAX_DAYS + 1, "days", "too_large"},
        {"2026-02-30", 1, "from", "not_a_date"},
        {"9999-12-30", 1, NULL, NULL},
        {"9999-12-31", 1, "from", "too_late"},
        {"9999-12-30", 2, "from", "too_late"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(FaultList) faults = fault_list_new();
        const SlotsQuery query = {"clinic", NULL, rows[i].from, rows[i].n_days};
        assert_true(slots_check(&query, faults) == (rows[i].code == NULL));
        assert_int_equal(fault_list_length(faults), rows[i].code ? 1 : 0);
        if (!rows[i].code)
            continue;
        assert_string_equal(fault_list_get(faults, 0)->field, rows[i].field);
        assert_string_equal(fault_list_get(faults, 0)->code, rows[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_process_zone_does_not_matter),
        cmocka_unit_test(test_weekday_and_effective_dates),
        cmocka_unit_test(test_last_slot_fits_and_midnight),
        cmocka_unit_test(test_skipped_hour_has_no_slots),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_queries_are_refused_with_field_and_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
