// SPDX-License-Identifier: Apache-2.0
/* The engine of hours by example: what wins over what, days whose clocks change, sessions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scheduling/clinic/hours.h"

#define TUESDAY "2026-11-24"
static const int64_t minute_ms = (int64_t)60 * 1000;

static const HoursPattern quarters = {.mode = HOURS_MODE_SLOTS, .slot_minutes = 15};

static HoursPlan *new_plan(const char *zone_name)
{
    GTimeZone *zone = g_time_zone_new_identifier(zone_name);
    assert_non_null(zone);
    return hours_plan_new(zone);
}

static void free_plan(HoursPlan *plan)
{
    g_time_zone_unref(plan->zone);
    hours_plan_free(plan);
}

static HoursRule *add_rule(HoursPlan *plan, int weekday, int from, int to, HoursPattern pattern)
{
    HoursRule rule = {.weekday = weekday, .minutes = {from, to}, .pattern = pattern};
    g_strlcpy(rule.practitioner_id, "doctor", sizeof rule.practitioner_id);
    g_strlcpy(rule.valid_from, "2010-01-01", sizeof rule.valid_from);
    (void)g_snprintf(rule.id, sizeof rule.id, "rule%u", plan->rules->len);
    g_array_append_val(plan->rules, rule);
    return &g_array_index(plan->rules, HoursRule, plan->rules->len - 1);
}

static void add_override(HoursPlan *plan, const char *date, bool is_extra, int from, int to)
{
    HoursOverride override = {.is_extra = is_extra, .minutes = {from, to}, .pattern = quarters};
    g_strlcpy(override.practitioner_id, "doctor", sizeof override.practitioner_id);
    g_strlcpy(override.date, date, sizeof override.date);
    g_array_append_val(plan->overrides, override);
}

static void add_leave(HoursPlan *plan, const char *from, const char *until)
{
    HoursLeave leave = {0};
    g_strlcpy(leave.practitioner_id, "doctor", sizeof leave.practitioner_id);
    g_strlcpy(leave.from_date, from, sizeof leave.from_date);
    g_strlcpy(leave.until_date, until, sizeof leave.until_date);
    g_array_append_val(plan->leaves, leave);
}

static void add_permit(HoursPlan *plan, const char *practitioner_id, const char *until)
{
    HoursPermit permit = {0};
    g_strlcpy(permit.practitioner_id, practitioner_id, sizeof permit.practitioner_id);
    g_strlcpy(permit.valid_until, until, sizeof permit.valid_until);
    g_array_append_val(plan->permits, permit);
}

static void add_holiday(HoursPlan *plan, const char *date, bool is_certain)
{
    HoursHoliday holiday = {.is_certain = is_certain};
    g_strlcpy(holiday.date, date, sizeof holiday.date);
    g_array_append_val(plan->holidays, holiday);
}

/* "08.00 08.15 ..." in the plan's zone; of places "1:08.00 2:08.20". */
static char *slots_text(const HoursPlan *plan, const char *date)
{
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    hours_slots(plan, "doctor", date, slots);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < slots->len; i++) {
        const Slot *slot = &g_array_index(slots, Slot, i);
        int minute = local_time_minute(plan->zone, slot->starts_at_ms);
        g_string_append(text, i > 0 ? " " : "");
        if (slot->place > 0)
            g_string_append_printf(text, "%d:", slot->place);
        g_string_append_printf(text, "%02d.%02d", minute / 60, minute % 60);
    }
    return g_string_free(text, FALSE);
}

static char *open_text(const HoursPlan *plan, const char *date)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    hours_open(plan, "doctor", date, spans);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < spans->len; i++) {
        const TimeSpan *span = &g_array_index(spans, TimeSpan, i);
        int from = local_time_minute(plan->zone, span->from_ms);
        g_string_append_printf(text, "%s%02d.%02d+%d", i > 0 ? " " : "", from / 60, from % 60,
                               (int)((span->to_ms - span->from_ms) / minute_ms));
    }
    return g_string_free(text, FALSE);
}

static void expect_slots(const HoursPlan *plan, const char *date, const char *expected)
{
    g_autofree char *text = slots_text(plan, date);
    assert_string_equal(text, expected);
}

static void expect_open(const HoursPlan *plan, const char *date, const char *expected)
{
    g_autofree char *text = open_text(plan, date);
    assert_string_equal(text, expected);
}

static void test_weekdays_and_effective_period(void **state)
{
    (void)state;
    HoursPlan *plan = new_plan("Asia/Makassar");
    HoursRule *rule = add_rule(plan, 2, 9 * 60, 10 * 60, quarters);
    g_strlcpy(rule->valid_from, TUESDAY, sizeof rule->valid_from);
    g_strlcpy(rule->valid_until, "2026-12-01", sizeof rule->valid_until);
    static const struct {
        const char *date, *open;
    } rows[] = {
        {"2026-11-17", ""},         {"2026-11-23", ""}, {TUESDAY, "09.00+60"}, {"2026-11-25", ""},
        {"2026-12-01", "09.00+60"}, {"2026-12-08", ""}, {"2026-02-30", ""},    {"tomorrow", ""}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        expect_open(plan, rows[i].date, rows[i].open);
    free_plan(plan);
}

/* Cal 24253: 20 minutes and 5 of buffer start every 25 minutes. */
static void test_buffers_and_breaks(void **state)
{
    (void)state;
    HoursPlan *plan = new_plan("Asia/Makassar");
    HoursPattern pattern = {.mode = HOURS_MODE_SLOTS, .slot_minutes = 20, .after_minutes = 5};
    HoursRule *rule = add_rule(plan, 2, 8 * 60, 12 * 60, pattern);
    rule->breaks[rule->n_breaks++] = (HoursMinutes){10 * 60, 10 * 60 + 30};
    expect_slots(plan, TUESDAY, "08.00 08.25 08.50 09.15 09.40 10.30 10.55 11.20");
    expect_open(plan, TUESDAY, "08.00+120 10.30+90");
    rule->pattern.before_minutes = 40;
    /* 09.05 and 10.10 are 65 minutes apart from start to start; the break is not long enough. */
    expect_slots(plan, TUESDAY, "08.00 09.05 10.30 11.35");
    free_plan(plan);
}

static void test_what_wins(void **state)
{
    (void)state;
    HoursPlan *plan = new_plan("Asia/Makassar");
    add_rule(plan, 2, 8 * 60, 10 * 60, quarters);
    expect_open(plan, TUESDAY, "08.00+120");
    add_holiday(plan, TUESDAY, false);
    expect_open(plan, TUESDAY, "08.00+120");
    add_holiday(plan, TUESDAY, true);
    expect_open(plan, TUESDAY, "");
    add_override(plan, TUESDAY, true, 9 * 60, 11 * 60);
    expect_open(plan, TUESDAY, "09.00+120");
    add_override(plan, TUESDAY, false, 10 * 60, 10 * 60 + 20);
    expect_open(plan, TUESDAY, "09.00+60 10.20+40");
    /* The grid of 15 minutes stays as it was. */
    expect_slots(plan, TUESDAY, "09.00 09.15 09.30 09.45 10.30 10.45");
    add_leave(plan, "2026-11-20", TUESDAY);
    expect_open(plan, TUESDAY, "");
    expect_open(plan, "2026-12-01", "08.00+120");
    free_plan(plan);
}

/* The last day counts; weekly and extra hours are closed after it, another's permit closes none. */
static void test_a_permit_that_ran_out_closes_all(void **state)
{
    (void)state;
    HoursPlan *plan = new_plan("Asia/Makassar");
    add_rule(plan, 2, 8 * 60, 10 * 60, quarters);
    add_override(plan, "2026-12-01", true, 13 * 60, 14 * 60);
    add_permit(plan, "other", "2026-01-01");
    expect_open(plan, "2026-12-01", "08.00+120 13.00+60");
    add_permit(plan, "doctor", TUESDAY);
    expect_open(plan, TUESDAY, "08.00+120");
    expect_slots(plan, TUESDAY, "08.00 08.15 08.30 08.45 09.00 09.15 09.30 09.45");
    expect_open(plan, "2026-12-01", "");
    expect_slots(plan, "2026-12-01", "");
    free_plan(plan);
}

static void test_extra_hours_overlap_weekly_ones(void **state)
{
    (void)state;
    HoursPlan *plan = new_plan("Asia/Makassar");
    add_rule(plan, 2, 8 * 60, 9 * 60, quarters);
    add_override(plan, TUESDAY, true, 8 * 60 + 40, 9 * 60 + 40);
    expect_open(plan, TUESDAY, "08.00+100");
    expect_slots(plan, TUESDAY, "08.00 08.15 08.30 08.45 09.10 09.25");
    free_plan(plan);
}

static void test_session_has_order_numbers(void **state)
{
    (void)state;
    HoursPlan *plan = new_plan("Asia/Makassar");
    HoursPattern pattern = {.mode = HOURS_MODE_SESSION, .quota = 6};
    HoursRule *rule = add_rule(plan, 2, 8 * 60, 10 * 60, pattern);
    expect_slots(plan, TUESDAY, "1:08.00 2:08.20 3:08.40 4:09.00 5:09.20 6:09.40");
    rule->breaks[rule->n_breaks++] = (HoursMinutes){9 * 60, 9 * 60 + 30};
    expect_slots(plan, TUESDAY, "1:08.00 2:08.15 3:08.30 4:08.45 5:09.30 6:09.45");
    /* What closes takes places away and renumbers none. */
    add_override(plan, TUESDAY, false, 8 * 60 + 20, 9 * 60);
    expect_slots(plan, TUESDAY, "1:08.00 5:09.30 6:09.45");
    free_plan(plan);
}

static void test_place_minutes(void **state)
{
    (void)state;
    const HoursMinutes morning = {8 * 60, 12 * 60};
    const HoursMinutes halves[] = {{9 * 60 + 40, 10 * 60 + 20}};
    assert_int_equal(hours_place_minutes(morning, NULL, 0, 30), 8);
    assert_int_equal(hours_place_minutes(morning, NULL, 0, 25), 9);
    /* 100 + 100 minutes: seven places of 28 would be three in each half. */
    assert_int_equal(hours_place_minutes(morning, halves, 1, 7), 25);
    assert_int_equal(hours_place_minutes(morning, NULL, 0, 241), 0);
    assert_int_equal(hours_place_minutes(morning, NULL, 0, 0), 0);
}

/* Easy!Appointments 1168, 961, 826: the process's own zone must not matter. */
static void test_process_zone_does_not_matter(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Asia/Jakarta", "Asia/Makassar",
                                        "America/Sao_Paulo"};
    for (unsigned i = 0; i < G_N_ELEMENTS(zones); i++) {
        g_setenv("TZ", zones[i], TRUE);
        tzset();
        HoursPlan *plan = new_plan("Asia/Makassar");
        add_rule(plan, 2, 9 * 60, 12 * 60, quarters);
        g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
        hours_slots(plan, "doctor", TUESDAY, slots);
        assert_int_equal(slots->len, 12);
        /* 09.00 WITA is 01.00 UTC. */
        assert_int_equal(g_array_index(slots, Slot, 0).starts_at_ms, INT64_C(1795482000000));
        free_plan(plan);
    }
    g_unsetenv("TZ");
    tzset();
}

/* Sao Paulo, 4 November 2018: 00.00 to 00.59 did not exist. New York, 8 March 2026: 02.00. */
static void test_skipped_hour(void **state)
{
    (void)state;
    HoursPlan *paulo = new_plan("America/Sao_Paulo");
    HoursPattern halves = {.mode = HOURS_MODE_SLOTS, .slot_minutes = 30};
    add_rule(paulo, 7, 0, 3 * 60, halves);
    expect_open(paulo, "2018-11-04", "01.00+120");
    expect_slots(paulo, "2018-11-04", "01.00 01.30 02.00 02.30");
    expect_open(paulo, "2018-11-11", "00.00+180");
    free_plan(paulo);
    HoursPlan *york = new_plan("America/New_York");
    HoursPattern forties = {.mode = HOURS_MODE_SLOTS, .slot_minutes = 40};
    add_rule(york, 7, 60 + 30, 4 * 60, forties);
    /* 01.30 + 40 minutes is 03.10: nothing overlaps, nothing starts in the hour that is not. */
    expect_slots(york, "2026-03-08", "01.30 03.10");
    add_rule(york, 7, 2 * 60, 3 * 60, forties);
    expect_open(york, "2026-03-08", "01.30+90");
    free_plan(york);
}

/* New York, 1 November 2026: 01.00 to 01.59 comes twice. */
static void test_repeated_hour(void **state)
{
    (void)state;
    static const struct {
        int from, to;
        const char *open;
    } rows[] = {
        {0, 3 * 60, "00.00+240"}, {60, 2 * 60, "01.00+60"},      {60 + 15, 60 + 45, "01.15+30"},
        {0, 60 + 30, "00.00+90"}, {60 + 30, 3 * 60, "01.30+90"}, {2 * 60, 3 * 60, "02.00+60"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        HoursPlan *plan = new_plan("America/New_York");
        add_rule(plan, 7, rows[i].from, rows[i].to, quarters);
        expect_open(plan, "2026-11-01", rows[i].open);
        free_plan(plan);
    }
    HoursPlan *plan = new_plan("America/New_York");
    add_rule(plan, 7, 0, 3 * 60, quarters);
    /* Closed hours close the hour both times. */
    add_override(plan, "2026-11-01", false, 60, 90);
    expect_open(plan, "2026-11-01", "00.00+60 01.30+90");
    add_leave(plan, "2026-11-01", "2026-11-01");
    expect_open(plan, "2026-11-01", "");
    free_plan(plan);
}

static void test_leap_day(void **state)
{
    (void)state;
    HoursPlan *plan = new_plan("Asia/Makassar");
    for (int weekday = 1; weekday <= 7; weekday++)
        add_rule(plan, weekday, 23 * 60 + 30, 24 * 60, quarters);
    expect_slots(plan, "2028-02-29", "23.30 23.45");
    expect_slots(plan, "2026-02-29", "");
    add_leave(plan, "2028-02-29", "2028-02-29");
    expect_slots(plan, "2028-02-28", "23.30 23.45");
    expect_slots(plan, "2028-02-29", "");
    expect_slots(plan, "2028-03-01", "23.30 23.45");
    free_plan(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weekdays_and_effective_period),
        cmocka_unit_test(test_buffers_and_breaks),
        cmocka_unit_test(test_what_wins),
        cmocka_unit_test(test_a_permit_that_ran_out_closes_all),
        cmocka_unit_test(test_extra_hours_overlap_weekly_ones),
        cmocka_unit_test(test_session_has_order_numbers),
        cmocka_unit_test(test_place_minutes),
        cmocka_unit_test(test_process_zone_does_not_matter),
        cmocka_unit_test(test_skipped_hour),
        cmocka_unit_test(test_repeated_hour),
        cmocka_unit_test(test_leap_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
