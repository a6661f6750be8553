// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_apart.h"

#include <string.h>

#include "scheduling/clinic/hours_store.h"

/* A date and minutes in a clinic, as words for who reads the fault. */
typedef struct {
    char *clinic_id, *clinic, *facility;
    char date[SCHEDULING_DATE_BYTES];
    HoursMinutes minutes;
} Elsewhere;

static void elsewhere_free(gpointer data)
{
    Elsewhere *one = data;
    g_free(one->clinic_id);
    g_free(one->clinic);
    g_free(one->facility);
    g_free(one);
}

static gpointer read_elsewhere(DbQuery *row)
{
    Elsewhere *one = g_new0(Elsewhere, 1);
    one->clinic_id = db_column_dup(row, 0);
    one->clinic = db_column_dup(row, 1);
    one->facility = db_column_dup(row, 2);
    scheduling_copy_column(row, 3, one->date, sizeof one->date);
    one->minutes =
        (HoursMinutes){(int)scheduling_column_int0(row, 4), (int)scheduling_column_int0(row, 5)};
    return one;
}

/* What the doctor's open hours in a clinic on DATE and MINUTES have in common; *RET_COMMON is empty
 * (from 0 to 0) when that is nothing. */
static bool find_common(Scheduling *scheduling, DbTx *tx, const HoursQuery *query,
                        HoursMinutes minutes, HoursMinutes *ret_common, GError **error)
{
    const int ends[] = {minutes.from, minutes.to};
    TimeSpan span;
    *ret_common = (HoursMinutes){0};
    g_autoptr(HoursPlan) plan = hours_plan_load(scheduling, tx, query, error);
    if (!plan)
        return false;
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    hours_open(plan, query->practitioner_id, query->from_date, open);
    if (!local_time_span(scheduling->zone, query->from_date, ends, LOCAL_TIME_INNER, &span))
        return true;
    for (unsigned i = 0; i < open->len; i++) {
        const TimeSpan *one = &g_array_index(open, TimeSpan, i);
        if (one->from_ms < span.to_ms && span.from_ms < one->to_ms) {
            int64_t to_ms = MIN(one->to_ms, span.to_ms);
            *ret_common =
                (HoursMinutes){local_time_minute(scheduling->zone, MAX(one->from_ms, span.from_ms)),
                               local_time_minute(scheduling->zone, to_ms - 60000) + 1};
            return true;
        }
    }
    return true;
}

static bool refuse(const Elsewhere *there, const char *date, HoursMinutes minutes,
                   FaultList *faults, GError **error)
{
    g_autofree char *what = g_strdup_printf("%s %02d.%02d-%02d.%02d, %s, %s", date,
                                            minutes.from / 60, minutes.from % 60, minutes.to / 60,
                                            minutes.to % 60, there->clinic, there->facility);
    fault_list_add(faults, "from", "elsewhere", what);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "the doctor is elsewhere at that time");
    return false;
}

/* New extra hours against all that is open in the doctor's other clinics. */
static bool check_extra(Scheduling *scheduling, DbTx *tx, const char *practitioner_id,
                        const HoursOverride *extra, FaultList *faults, GError **error)
{
    g_autoptr(GPtrArray) clinics = g_ptr_array_new_with_free_func(elsewhere_free);
    DbQuery *rows = db_query(tx, "hours_other_clinics");
    db_bind_text(rows, 1, practitioner_id);
    db_bind_text(rows, 2, extra->clinic_id);
    if (!db_collect(rows, read_elsewhere, clinics, error))
        return false;
    for (unsigned i = 0; i < clinics->len; i++) {
        const Elsewhere *there = g_ptr_array_index(clinics, i);
        const HoursQuery query = {there->clinic_id, practitioner_id, extra->date, extra->date};
        HoursMinutes common;
        if (!find_common(scheduling, tx, &query, extra->minutes, &common, error))
            return false;
        if (common.to > 0)
            return refuse(there, extra->date, common, faults, error);
    }
    return true;
}

/* New weekly hours against one stretch of extra hours elsewhere: where both are open that day. */
static bool check_one(Scheduling *scheduling, DbTx *tx, const char *practitioner_id,
                      const HoursRule *rule, const Elsewhere *there, FaultList *faults,
                      GError **error)
{
    const HoursQuery own = {rule->clinic_id, practitioner_id, there->date, there->date};
    const HoursQuery other = {there->clinic_id, practitioner_id, there->date, there->date};
    const HoursMinutes both = {MAX(rule->minutes.from, there->minutes.from),
                               MIN(rule->minutes.to, there->minutes.to)};
    HoursMinutes common = {0};
    if (both.from >= both.to)
        return true;
    if (!find_common(scheduling, tx, &own, both, &common, error))
        return false;
    if (common.to > 0 && !find_common(scheduling, tx, &other, common, &common, error))
        return false;
    return common.to == 0 || refuse(there, there->date, common, faults, error);
}

static int weekday_of(const char *date)
{
    GDate day;
    g_date_clear(&day, 1);
    g_date_set_dmy(&day, (GDateDay)g_ascii_strtoull(date + 8, NULL, 10),
                   (GDateMonth)g_ascii_strtoull(date + 5, NULL, 10),
                   (GDateYear)g_ascii_strtoull(date, NULL, 10));
    return (int)g_date_get_weekday(&day);
}

static bool check_rule(Scheduling *scheduling, DbTx *tx, const char *practitioner_id,
                       const HoursEdit *edit, FaultList *faults, GError **error)
{
    const HoursRule *rule = &edit->rule;
    char today[SCHEDULING_DATE_BYTES];
    g_autoptr(GPtrArray) extras = g_ptr_array_new_with_free_func(elsewhere_free);
    clock_local_date(clock_wall_ms(scheduling->clock), scheduling->zone, today);
    DbQuery *rows = db_query(tx, "hours_extras_elsewhere");
    db_bind_text(rows, 1, practitioner_id);
    db_bind_text(rows, 2, rule->clinic_id);
    db_bind_text(rows, 3, strcmp(rule->valid_from, today) > 0 ? rule->valid_from : today);
    db_bind_text(rows, 4, rule->valid_until[0] ? rule->valid_until : "9999-12-31");
    if (!db_collect(rows, read_elsewhere, extras, error))
        return false;
    for (unsigned i = 0; i < extras->len; i++) {
        const Elsewhere *there = g_ptr_array_index(extras, i);
        bool is_on = edit->weekdays & (1U << weekday_of(there->date));
        if (is_on && !check_one(scheduling, tx, practitioner_id, rule, there, faults, error))
            return false;
    }
    return true;
}

bool hours_apart_check(Scheduling *scheduling, DbTx *tx, const char *practitioner_id,
                       const HoursEdit *edit, FaultList *faults, GError **error)
{
    if (edit->kind == HOURS_EDIT_OVERRIDE_ADD && edit->override.is_extra)
        return check_extra(scheduling, tx, practitioner_id, &edit->override, faults, error);
    if (edit->kind == HOURS_EDIT_RULE_ADD || edit->kind == HOURS_EDIT_RULE_CHANGE)
        return check_rule(scheduling, tx, practitioner_id, edit, faults, error);
    return true;
}
