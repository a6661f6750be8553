// SPDX-License-Identifier: Apache-2.0
/* Properties of the engine of hours over thousands of generated rule sets, held against an oracle
 * that asks of every single minute what the local clock shows and whether somebody works then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/hours.h"
#include "server/base/clock.h"

enum { N_ROUNDS = 2000, N_ZONES = 6, N_DAYS = 3 };
static const int64_t minute_ms = (int64_t)60 * 1000;

static const char *const zone_names[N_ZONES] = {"UTC",
                                                "Asia/Jakarta",
                                                "Asia/Makassar",
                                                "America/Sao_Paulo",
                                                "America/New_York",
                                                "Australia/Lord_Howe"};

/* First of three days each: days whose clocks change somewhere, leap days, common ones. */
static const char *const first_dates[] = {
    "2018-11-03", "2018-02-17", "2017-10-14", "2026-03-07", "2026-10-31", "2028-02-28",
    "2000-02-28", "2026-04-04", "2026-10-03", "2026-11-23", "2026-12-30", "2024-02-29",
};

typedef struct {
    HoursPlan *plan;
    char first_date[HOURS_DATE_BYTES];
    char dates[N_DAYS][HOURS_DATE_BYTES];
} Case;

static HoursMinutes random_minutes(GRand *rand, int low, int high)
{
    /* Often on the quarter, as people write them; at times at the very ends of the day. */
    int step = g_rand_boolean(rand) ? 15 : 1;
    int from = g_rand_int_range(rand, low, high);
    from -= (from - low) % step;
    int to = g_rand_int_range(rand, from + 1, high + 1);
    to = MIN(to + (step - 1) - (to - from - 1) % step, high);
    return (HoursMinutes){from, to};
}

static int random_percent(GRand *rand)
{
    return g_rand_boolean(rand) ? g_rand_int_range(rand, 1, HOURS_MAX_EXTRA_PERCENT + 1) : 0;
}

static HoursPattern random_pattern(GRand *rand)
{
    HoursPattern pattern = {.mode = HOURS_MODE_SLOTS};
    if (g_rand_int_range(rand, 0, 3) == 0) {
        pattern.mode = HOURS_MODE_SESSION;
        pattern.quota = g_rand_int_range(rand, 1, 41);
        pattern.extra_percent = random_percent(rand);
        return pattern;
    }
    pattern.slot_minutes = g_rand_int_range(rand, 5, 61);
    pattern.extra_percent = random_percent(rand);
    if (g_rand_boolean(rand)) {
        pattern.before_minutes = g_rand_int_range(rand, 0, 11);
        pattern.after_minutes = g_rand_int_range(rand, 0, 16);
    }
    return pattern;
}

static void add_random_rule(GRand *rand, Case *one)
{
    HoursRule rule = {.weekday = g_rand_int_range(rand, 1, 8)};
    g_strlcpy(rule.practitioner_id, g_rand_int_range(rand, 0, 4) == 0 ? "other" : "doctor",
              sizeof rule.practitioner_id);
    (void)g_snprintf(rule.id, sizeof rule.id, "%03u", one->plan->rules->len);
    rule.minutes = random_minutes(rand, 0, 1440);
    rule.pattern = random_pattern(rand);
    (void)clock_date_add(one->first_date, g_rand_int_range(rand, -3, 3), rule.valid_from);
    if (g_rand_boolean(rand))
        (void)clock_date_add(rule.valid_from, g_rand_int_range(rand, 0, 5), rule.valid_until);
    int n_breaks = g_rand_int_range(rand, 0, HOURS_MAX_BREAKS + 1);
    for (int i = 0; i < n_breaks && rule.minutes.to - rule.minutes.from > 2; i++)
        rule.breaks[rule.n_breaks++] = random_minutes(rand, rule.minutes.from, rule.minutes.to);
    g_array_append_val(one->plan->rules, rule);
}

static void add_random_exceptions(GRand *rand, Case *one)
{
    for (int i = g_rand_int_range(rand, 0, 4); i > 0; i--) {
        HoursOverride override = {.is_extra = g_rand_boolean(rand),
                                  .minutes = random_minutes(rand, 0, 1440),
                                  .pattern = random_pattern(rand)};
        g_strlcpy(override.practitioner_id, "doctor", sizeof override.practitioner_id);
        g_strlcpy(override.date, one->dates[g_rand_int_range(rand, 0, N_DAYS)],
                  sizeof override.date);
        g_array_append_val(one->plan->overrides, override);
    }
    if (g_rand_int_range(rand, 0, 4) == 0) {
        HoursLeave leave = {0};
        g_strlcpy(leave.practitioner_id, "doctor", sizeof leave.practitioner_id);
        int from = g_rand_int_range(rand, 0, N_DAYS);
        g_strlcpy(leave.from_date, one->dates[from], sizeof leave.from_date);
        g_strlcpy(leave.until_date, one->dates[g_rand_int_range(rand, from, N_DAYS)],
                  sizeof leave.until_date);
        g_array_append_val(one->plan->leaves, leave);
    }
    if (g_rand_int_range(rand, 0, 4) == 0) {
        HoursPermit permit = {0};
        g_strlcpy(permit.practitioner_id, g_rand_boolean(rand) ? "doctor" : "other",
                  sizeof permit.practitioner_id);
        (void)clock_date_add(one->first_date, g_rand_int_range(rand, -1, N_DAYS),
                             permit.valid_until);
        g_array_append_val(one->plan->permits, permit);
    }
    if (g_rand_int_range(rand, 0, 4) == 0) {
        HoursHoliday holiday = {.is_certain = g_rand_boolean(rand)};
        g_strlcpy(holiday.date, one->dates[g_rand_int_range(rand, 0, N_DAYS)], sizeof holiday.date);
        g_array_append_val(one->plan->holidays, holiday);
    }
}

static void make_case(GRand *rand, GTimeZone *zone, Case *ret_case)
{
    Case one = {.plan = hours_plan_new(zone)};
    const char *first = first_dates[g_rand_int_range(rand, 0, G_N_ELEMENTS(first_dates))];
    g_strlcpy(one.first_date, first, sizeof one.first_date);
    for (int i = 0; i < N_DAYS; i++)
        assert_true(clock_date_add(first, i, one.dates[i]));
    for (int i = g_rand_int_range(rand, 1, 9); i > 0; i--)
        add_random_rule(rand, &one);
    add_random_exceptions(rand, &one);
    *ret_case = one;
}

/* The oracle. */

static bool in_minutes(HoursMinutes minutes, int minute)
{
    return minutes.from <= minute && minute < minutes.to;
}

static bool rule_works(const HoursRule *rule, const char *date, int weekday, int minute)
{
    if (strcmp(rule->practitioner_id, "doctor") != 0 || rule->weekday != weekday ||
        strcmp(date, rule->valid_from) < 0 ||
        (rule->valid_until[0] && strcmp(date, rule->valid_until) > 0) ||
        !in_minutes(rule->minutes, minute))
        return false;
    for (unsigned i = 0; i < rule->n_breaks; i++) {
        if (in_minutes(rule->breaks[i], minute))
            return false;
    }
    return true;
}

static bool is_closed(const HoursPlan *plan, const char *date, int minute)
{
    for (unsigned i = 0; i < plan->overrides->len; i++) {
        const HoursOverride *one = &g_array_index(plan->overrides, HoursOverride, i);
        if (!one->is_extra && strcmp(one->date, date) == 0 && in_minutes(one->minutes, minute))
            return true;
    }
    for (unsigned i = 0; i < plan->leaves->len; i++) {
        const HoursLeave *one = &g_array_index(plan->leaves, HoursLeave, i);
        if (strcmp(one->from_date, date) <= 0 && strcmp(date, one->until_date) <= 0)
            return true;
    }
    for (unsigned i = 0; i < plan->permits->len; i++) {
        const HoursPermit *one = &g_array_index(plan->permits, HoursPermit, i);
        if (strcmp(one->practitioner_id, "doctor") == 0 && strcmp(date, one->valid_until) > 0)
            return true;
    }
    return false;
}

static bool is_holiday(const HoursPlan *plan, const char *date)
{
    for (unsigned i = 0; i < plan->holidays->len; i++) {
        const HoursHoliday *one = &g_array_index(plan->holidays, HoursHoliday, i);
        if (one->is_certain && strcmp(one->date, date) == 0)
            return true;
    }
    return false;
}

static bool works_at(const HoursPlan *plan, const char *date, int weekday, int minute)
{
    if (is_closed(plan, date, minute))
        return false;
    for (unsigned i = 0; i < plan->overrides->len; i++) {
        const HoursOverride *one = &g_array_index(plan->overrides, HoursOverride, i);
        if (one->is_extra && strcmp(one->date, date) == 0 && in_minutes(one->minutes, minute))
            return true;
    }
    if (is_holiday(plan, date))
        return false;
    for (unsigned i = 0; i < plan->rules->len; i++) {
        if (rule_works(&g_array_index(plan->rules, HoursRule, i), date, weekday, minute))
            return true;
    }
    return false;
}

/* Of each minute around a day: which minute of that day the local clock shows, -1 when it shows
 * another day's. By GDateTime, which the engine does not use. */
enum { AROUND = 120, N_MINUTES = 1440 + 2 * AROUND };
typedef struct {
    int64_t from_ms;
    int weekday;
    int shown[N_MINUTES];
} ClockDay;

static ClockDay *make_clock_day(GTimeZone *zone, const char *date)
{
    ClockDay *day = g_new0(ClockDay, 1);
    assert_true(clock_date_start(date, zone, &day->from_ms));
    day->from_ms -= AROUND * minute_ms;
    for (int i = 0; i < N_MINUTES; i++) {
        g_autoptr(GDateTime) utc =
            g_date_time_new_from_unix_utc((day->from_ms + i * minute_ms) / 1000);
        g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
        g_autofree char *shown = g_date_time_format(local, "%Y-%m-%d");
        bool is_day = strcmp(shown, date) == 0;
        day->shown[i] =
            is_day ? g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local) : -1;
        if (is_day)
            day->weekday = g_date_time_get_day_of_week(local);
    }
    return day;
}

static const ClockDay *clock_day(GTimeZone *zone, const char *date)
{
    static GHashTable *known;
    if (!known)
        known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autofree char *key = g_strjoin(" ", g_time_zone_get_identifier(zone), date, NULL);
    ClockDay *day = g_hash_table_lookup(known, key);
    if (!day) {
        day = make_clock_day(zone, date);
        g_hash_table_insert(known, g_steal_pointer(&key), day);
    }
    return day;
}

static bool works_then(const HoursPlan *plan, const char *date, int64_t wall_ms)
{
    const ClockDay *day = clock_day(plan->zone, date);
    int64_t i = (wall_ms - day->from_ms) / minute_ms;
    return i >= 0 && i < N_MINUTES && day->shown[i] >= 0 &&
           works_at(plan, date, day->weekday, day->shown[i]);
}

static bool has_24_hours(GTimeZone *zone, const char *date)
{
    char next[HOURS_DATE_BYTES];
    int64_t from_ms, to_ms;
    assert_true(clock_date_add(date, 1, next) && clock_date_start(date, zone, &from_ms) &&
                clock_date_start(next, zone, &to_ms));
    return to_ms - from_ms == 1440 * minute_ms;
}

/* Open time is what the oracle says; where the clock shows an hour twice it may be less. */
static void check_open(const HoursPlan *plan, const char *date)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    hours_open(plan, "doctor", date, spans);
    for (unsigned i = 1; i < spans->len; i++)
        assert_true(g_array_index(spans, TimeSpan, i).from_ms >
                    g_array_index(spans, TimeSpan, i - 1).to_ms);
    bool must_equal = has_24_hours(plan->zone, date);
    for (int i = 0; i < N_MINUTES; i++) {
        int64_t at_ms = clock_day(plan->zone, date)->from_ms + i * minute_ms;
        bool is_open = time_spans_hold(spans, at_ms, at_ms + minute_ms);
        bool works = works_then(plan, date, at_ms);
        if (is_open ? !works : works && must_equal)
            fail_msg("%s minute %d: open %d, works %d", date, i, is_open, works);
    }
}

static bool is_of(const HoursPattern *pattern, const Slot *slot)
{
    return pattern->mode == HOURS_MODE_SLOTS &&
           pattern->slot_minutes * minute_ms == slot->ends_at_ms - slot->starts_at_ms &&
           pattern->before_minutes * minute_ms == slot->before_ms &&
           pattern->after_minutes * minute_ms == slot->after_ms;
}

/* Are length and buffers of SLOT, which is in no session, those of hours that are there at its
 * begin? */
static bool has_its_buffers(const HoursPlan *plan, const char *date, const Slot *slot)
{
    const ClockDay *day = clock_day(plan->zone, date);
    int minute = day->shown[(slot->starts_at_ms - day->from_ms) / minute_ms];
    for (unsigned i = 0; i < plan->overrides->len; i++) {
        const HoursOverride *one = &g_array_index(plan->overrides, HoursOverride, i);
        if (one->is_extra && strcmp(one->date, date) == 0 && in_minutes(one->minutes, minute) &&
            is_of(&one->pattern, slot))
            return true;
    }
    for (unsigned i = 0; i < plan->rules->len; i++) {
        const HoursRule *rule = &g_array_index(plan->rules, HoursRule, i);
        if (rule_works(rule, date, day->weekday, minute) && is_of(&rule->pattern, slot))
            return true;
    }
    return false;
}

/* Slots lie where the doctor works, are apart, keep the buffers of their hours, do not exceed
 * quotas. */
static void check_slots(const HoursPlan *plan, const char *date, const GArray *slots)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    hours_open(plan, "doctor", date, spans);
    for (unsigned i = 0; i < slots->len; i++) {
        const Slot *slot = &g_array_index(slots, Slot, i);
        assert_string_equal(slot->practitioner_id, "doctor");
        for (int64_t at_ms = slot->starts_at_ms; at_ms < slot->ends_at_ms; at_ms += minute_ms)
            assert_true(works_then(plan, date, at_ms));
        assert_true(time_spans_hold(spans, slot->starts_at_ms, slot->ends_at_ms));
        if (i > 0) {
            const Slot *before = &g_array_index(slots, Slot, i - 1);
            assert_true(slot->starts_at_ms >=
                        before->ends_at_ms + before->after_ms + slot->before_ms);
        }
        if (slot->place == 0) {
            assert_true(has_its_buffers(plan, date, slot));
            continue;
        }
        assert_in_range(slot->place, 1, slot->quota);
        assert_true(slot->session.from_ms <= slot->starts_at_ms &&
                    slot->ends_at_ms <= slot->session.to_ms);
    }
}

static bool same_session(const Slot *a, const Slot *b)
{
    return a->place > 0 && b->place > 0 && a->session.from_ms == b->session.from_ms &&
           a->session.to_ms == b->session.to_ms && a->quota == b->quota &&
           a->ends_at_ms - a->starts_at_ms == b->ends_at_ms - b->starts_at_ms;
}

static bool same_stretch(const Slot *a, const Slot *b)
{
    return a->session.from_ms == b->session.from_ms && a->session.to_ms == b->session.to_ms &&
           a->quota == b->quota && a->n_extra == b->n_extra;
}

/* Additional places are at the time of regular ones, at most one beside each; of a session never
 * more than its share, with numbers after the quota that no two have. Of slots any can take one,
 * and their share is of those that are there. */
static void check_extra(const GArray *slots)
{
    for (unsigned i = 0; i < slots->len; i++) {
        const Slot *slot = &g_array_index(slots, Slot, i);
        int n_taking = 0, n_same = 0;
        assert_false(slot->is_extra);
        assert_in_range(slot->n_extra, 0, MAX(slot->quota, (int)slots->len) / 2);
        assert_true(slot->n_extra > 0 || !slot->takes_extra);
        for (unsigned j = 0; j < slots->len; j++) {
            const Slot *other = &g_array_index(slots, Slot, j);
            if (!same_stretch(slot, other) || (slot->place > 0) != (other->place > 0))
                continue;
            n_same++;
            n_taking += other->takes_extra;
        }
        if (slot->place == 0) {
            assert_int_equal(slot->takes_extra, slot->n_extra > 0);
            assert_true(2 * slot->n_extra <= n_same);
            continue;
        }
        const Slot extra = hours_extra_place(slot);
        assert_true(extra.is_extra && extra.starts_at_ms == slot->starts_at_ms);
        if (slot->takes_extra)
            assert_in_range(extra.place, slot->quota + 1, slot->quota + slot->n_extra);
        assert_true(n_taking <= slot->n_extra);
    }
}

/* A session alone on its day gives all its places when nothing of the day is missing. */
static void check_order_numbers(const GArray *slots)
{
    for (unsigned i = 0; i < slots->len; i++) {
        for (unsigned j = i + 1; j < slots->len; j++) {
            const Slot *a = &g_array_index(slots, Slot, i);
            const Slot *b = &g_array_index(slots, Slot, j);
            if (same_session(a, b))
                assert_true(a->place < b->place);
        }
    }
}

static void test_slots_lie_in_the_hours(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(20261128);
    unsigned n_slots = 0, n_places = 0, n_extra = 0;
    for (unsigned round = 0; round < N_ROUNDS; round++) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zone_names[round % N_ZONES]);
        assert_non_null(zone);
        Case one;
        make_case(rand, zone, &one);
        for (int i = 0; i < N_DAYS; i++) {
            g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
            hours_slots(one.plan, "doctor", one.dates[i], slots);
            if (round % 2 == 0)
                check_open(one.plan, one.dates[i]);
            check_slots(one.plan, one.dates[i], slots);
            check_order_numbers(slots);
            check_extra(slots);
            n_slots += slots->len;
            for (unsigned j = 0; j < slots->len; j++)
                n_places += g_array_index(slots, Slot, j).place > 0;
            for (unsigned j = 0; j < slots->len; j++)
                n_extra += g_array_index(slots, Slot, j).takes_extra;
        }
        hours_plan_free(one.plan);
    }
    /* The generator makes something to look at. */
    assert_true(n_slots > 10 * N_ROUNDS);
    assert_true(n_places > N_ROUNDS);
    assert_true(n_extra > N_ROUNDS);
}

static char *local_text(const HoursPlan *plan, const char *date)
{
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    hours_all_slots(plan, date, slots);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < slots->len; i++) {
        const Slot *slot = &g_array_index(slots, Slot, i);
        g_string_append_printf(text, "%s %d+%d #%d/%d+%d%c\n", slot->practitioner_id,
                               local_time_minute(plan->zone, slot->starts_at_ms),
                               (int)((slot->ends_at_ms - slot->starts_at_ms) / minute_ms),
                               slot->place, slot->quota, slot->n_extra,
                               slot->takes_extra ? '*' : ' ');
    }
    return g_string_free(text, FALSE);
}

static void shuffle(GRand *rand, GArray *rules)
{
    for (unsigned i = rules->len; i > 1; i--) {
        unsigned j = (unsigned)g_rand_int_range(rand, 0, (gint32)i);
        HoursRule *a = &g_array_index(rules, HoursRule, i - 1);
        HoursRule *b = &g_array_index(rules, HoursRule, j);
        HoursRule kept = *a;
        *a = *b;
        *b = kept;
    }
}

/* The same local result in each zone whose clock runs through that day, and again from the same
 * rules in another order. */
static void test_same_in_each_zone_and_each_order(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(7571);
    unsigned n_compared = 0;
    for (unsigned round = 0; round < N_ROUNDS; round++) {
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zone_names[round % N_ZONES]);
        Case one;
        make_case(rand, utc, &one);
        for (int i = 0; i < N_DAYS; i++) {
            one.plan->zone = utc;
            g_autofree char *expected = local_text(one.plan, one.dates[i]);
            shuffle(rand, one.plan->rules);
            one.plan->zone = zone;
            g_autofree char *text = local_text(one.plan, one.dates[i]);
            if (!has_24_hours(zone, one.dates[i]))
                continue;
            assert_string_equal(text, expected);
            n_compared++;
        }
        hours_plan_free(one.plan);
    }
    assert_true(n_compared > 2 * N_ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slots_lie_in_the_hours),
        cmocka_unit_test(test_same_in_each_zone_and_each_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
