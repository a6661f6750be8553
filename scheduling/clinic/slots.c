// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/slots.h"

#include <string.h>

#include "scheduling/clinic/slot_book.h"
#include "scheduling/scheduling_private.h"

enum { MINUTES_PER_DAY = 24 * 60 };

/* Wall time of local MINUTE of the day; false when the zone skips it (summer time begins). */
static bool local_to_wall(GTimeZone *zone, const GDate *day, int minute, int64_t *ret_wall_ms)
{
    GDate date = *day;
    if (minute == MINUTES_PER_DAY) {
        g_date_add_days(&date, 1);
        minute = 0;
    }
    g_autoptr(GDateTime) local =
        g_date_time_new(zone, g_date_get_year(&date), (int)g_date_get_month(&date),
                        g_date_get_day(&date), minute / 60, minute % 60, 0);
    if (!local || g_date_time_get_hour(local) != minute / 60 ||
        g_date_time_get_minute(local) != minute % 60)
        return false;
    *ret_wall_ms = g_date_time_to_unix(local) * 1000;
    return true;
}

static bool rule_covers(const HourRule *rule, const char *date, int weekday)
{
    return rule->weekday == weekday && strcmp(rule->effective_from, date) <= 0 &&
           (rule->effective_to[0] == '\0' || strcmp(date, rule->effective_to) <= 0);
}

static gint slot_compare(gconstpointer a, gconstpointer b)
{
    const Slot *left = a;
    const Slot *right = b;
    if (left->starts_at_ms != right->starts_at_ms)
        return left->starts_at_ms < right->starts_at_ms ? -1 : 1;
    return strcmp(left->practitioner_id, right->practitioner_id);
}

static void add_rule_slots(const HourRule *rule, GTimeZone *zone, const GDate *day, GArray *slots)
{
    int64_t length_ms = (int64_t)rule->slot_minutes * 60 * 1000;
    for (int minute = rule->from_minute; minute + rule->slot_minutes <= rule->to_minute;
         minute += rule->slot_minutes) {
        Slot slot = {0};
        if (!local_to_wall(zone, day, minute, &slot.starts_at_ms))
            continue;
        slot.ends_at_ms = slot.starts_at_ms + length_ms;
        g_strlcpy(slot.practitioner_id, rule->practitioner_id, sizeof slot.practitioner_id);
        g_array_append_val(slots, slot);
    }
}

bool slots_compute(const HourRule *rules, unsigned n_rules, GTimeZone *zone, const char *date,
                   GArray *slots)
{
    if (!scheduling_date_is_valid(date))
        return false;
    GDate day;
    g_date_clear(&day, 1);
    g_date_set_dmy(&day, (GDateDay)g_ascii_strtoull(date + 8, NULL, 10),
                   (GDateMonth)g_ascii_strtoull(date + 5, NULL, 10),
                   (GDateYear)g_ascii_strtoull(date, NULL, 10));
    int weekday = (int)g_date_get_weekday(&day);
    for (unsigned i = 0; i < n_rules; i++) {
        if (rules[i].slot_minutes > 0 && rule_covers(&rules[i], date, weekday))
            add_rule_slots(&rules[i], zone, &day, slots);
    }
    g_array_sort(slots, slot_compare);
    return true;
}

bool slots_check(const SlotsQuery *query, FaultList *faults)
{
    char end[SCHEDULING_DATE_BYTES];
    if (query->n_days < 1 || query->n_days > SLOTS_MAX_DAYS) {
        g_autofree char *allowed = g_strdup_printf("1..%d", SLOTS_MAX_DAYS);
        fault_list_add(faults, "days", query->n_days < 1 ? "too_small" : "too_large", allowed);
        return false;
    }
    if (!query->from_date)
        return true;
    if (!scheduling_date_is_valid(query->from_date)) {
        fault_list_add(faults, "from", "not_a_date", "YYYY-MM-DD");
        return false;
    }
    if (!clock_date_add(query->from_date, (int)query->n_days, end)) {
        fault_list_add(faults, "from", "too_late", NULL);
        return false;
    }
    return true;
}

typedef struct {
    Scheduling *scheduling;
    char *clinic_id, *practitioner_id, *from_date;
    unsigned n_days;
    GPtrArray *days;
    SlotsDone done;
    gpointer user_data;
} ListOp;

static void slot_day_free(gpointer data)
{
    SlotDay *day = data;
    g_array_unref(day->slots);
    g_free(day);
}

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    g_free(op->clinic_id);
    g_free(op->practitioner_id);
    g_free(op->from_date);
    g_ptr_array_unref(op->days);
    g_free(op);
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    char date[SCHEDULING_DATE_BYTES];
    g_autoptr(FaultList) faults = fault_list_new();
    const SlotsQuery asked = {op->clinic_id, op->practitioner_id, op->from_date, op->n_days};
    if (!slots_check(&asked, faults)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "the days asked for are not allowed");
        return false;
    }
    if (op->from_date)
        g_strlcpy(date, op->from_date, sizeof date);
    else
        clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, date);
    SlotsQuery query = {op->clinic_id, op->practitioner_id, date, op->n_days};
    g_autoptr(SlotBook) book = slot_book_load(op->scheduling, tx, &query, error);
    if (!book)
        return false;
    for (unsigned i = 0; i < op->n_days; i++) {
        SlotDay *day = g_new0(SlotDay, 1);
        g_strlcpy(day->date, date, sizeof day->date);
        day->slots = g_array_new(FALSE, FALSE, sizeof(Slot));
        g_ptr_array_add(op->days, day);
        slot_book_free_slots(book, date, day->slots);
        if (!clock_date_add(day->date, 1, date))
            break;
    }
    return true;
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->days, error, op->user_data);
}

void slots_list(Scheduling *scheduling, const SlotsQuery *query, SlotsDone done, gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    op->clinic_id = g_strdup(query->clinic_id);
    op->practitioner_id = g_strdup(query->practitioner_id);
    op->from_date = g_strdup(query->from_date);
    op->n_days = query->n_days;
    op->days = g_ptr_array_new_with_free_func(slot_day_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}
