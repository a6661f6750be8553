// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_check.h"

#include <string.h>

#include "scheduling/scheduling_private.h"

static bool check_minutes(HoursMinutes minutes, const char *field, FaultList *faults)
{
    if (minutes.from >= 0 && minutes.from < minutes.to && minutes.to <= LOCAL_TIME_MINUTES_PER_DAY)
        return true;
    fault_list_add(faults, field, "too_early", NULL);
    return false;
}

static bool check_date(const char *date, const char *field, FaultList *faults)
{
    if (scheduling_date_is_valid(date))
        return true;
    fault_list_add(faults, field, date[0] == '\0' ? "required" : "not_a_date", "YYYY-MM-DD");
    return false;
}

static void check_slots(const HoursPattern *pattern, HoursMinutes minutes, FaultList *faults)
{
    if (pattern->slot_minutes == 0) {
        fault_list_add(faults, "pattern.slot_minutes", "required", NULL);
        return;
    }
    int most = minutes.to - minutes.from;
    if (pattern->slot_minutes < HOURS_MIN_TURN_MINUTES)
        fault_list_add(faults, "pattern.slot_minutes", "too_small", "5..240");
    else if (pattern->slot_minutes > most)
        fault_list_add(faults, "pattern.slot_minutes", "too_large", NULL);
}

static void check_session(const HoursPattern *pattern, HoursMinutes minutes,
                          const HoursRule *breaks_of, FaultList *faults)
{
    if (pattern->quota == 0) {
        fault_list_add(faults, "pattern.quota", "required", NULL);
        return;
    }
    int turn = hours_place_minutes(minutes, breaks_of ? breaks_of->breaks : NULL,
                                   breaks_of ? breaks_of->n_breaks : 0, pattern->quota);
    if (turn < HOURS_MIN_TURN_MINUTES)
        fault_list_add(faults, "pattern.quota", "too_large", NULL);
}

/* BREAKS_OF: the rule whose breaks count; NULL: none. */
static void check_pattern(const HoursPattern *pattern, HoursMinutes minutes,
                          const HoursRule *breaks_of, FaultList *faults)
{
    if (pattern->extra_percent < 0 || pattern->extra_percent > HOURS_MAX_EXTRA_PERCENT) {
        const char *code = pattern->extra_percent < 0 ? "too_small" : "too_large";
        fault_list_add(faults, "pattern.extra_percent", code, "0..50");
    }
    switch (pattern->mode) {
    case HOURS_MODE_SLOTS:
        check_slots(pattern, minutes, faults);
        break;
    case HOURS_MODE_SESSION:
        check_session(pattern, minutes, breaks_of, faults);
        break;
    }
}

static void check_breaks(const HoursRule *rule, FaultList *faults)
{
    for (unsigned i = 0; i < rule->n_breaks; i++) {
        const HoursMinutes *one = &rule->breaks[i];
        g_autofree char *from = g_strdup_printf("breaks[%u].from", i);
        g_autofree char *to = g_strdup_printf("breaks[%u].to", i);
        if (!check_minutes(*one, to, faults))
            continue;
        if (one->from < rule->minutes.from || one->from >= rule->minutes.to)
            fault_list_add(faults, from, "outside_hours", NULL);
        else if (one->to > rule->minutes.to)
            fault_list_add(faults, to, "outside_hours", NULL);
        for (unsigned j = 0; j < i; j++) {
            if (one->from < rule->breaks[j].to && rule->breaks[j].from < one->to) {
                fault_list_add(faults, from, "overlaps", NULL);
                break;
            }
        }
    }
}

static void check_rule(const HoursEdit *edit, FaultList *faults)
{
    const HoursRule *rule = &edit->rule;
    if (edit->weekdays == 0)
        fault_list_add(faults, "weekdays", "required", NULL);
    if (edit->kind == HOURS_EDIT_RULE_CHANGE && (edit->weekdays & (edit->weekdays - 1)) != 0)
        fault_list_add(faults, "weekdays", "too_many", "1..1");
    bool dates = check_date(rule->valid_from, "valid_from", faults);
    if (dates && rule->valid_until[0] != '\0' &&
        check_date(rule->valid_until, "valid_until", faults) &&
        strcmp(rule->valid_until, rule->valid_from) < 0)
        fault_list_add(faults, "valid_until", "too_early", NULL);
    if (!check_minutes(rule->minutes, "to", faults))
        return;
    unsigned before = fault_list_length(faults);
    check_breaks(rule, faults);
    if (fault_list_length(faults) == before)
        check_pattern(&rule->pattern, rule->minutes, rule, faults);
}

static void check_override(const HoursOverride *override, const char *today, FaultList *faults)
{
    if (check_date(override->date, "date", faults) && strcmp(override->date, today) < 0)
        fault_list_add(faults, "date", "in_past", NULL);
    if (check_minutes(override->minutes, "to", faults) && override->is_extra)
        check_pattern(&override->pattern, override->minutes, NULL, faults);
}

static void check_leave(const HoursLeave *leave, const char *today, FaultList *faults)
{
    if (!check_date(leave->from_date, "from", faults) ||
        !check_date(leave->until_date, "until", faults))
        return;
    if (strcmp(leave->until_date, leave->from_date) < 0)
        fault_list_add(faults, "until", "too_early", NULL);
    else if (strcmp(leave->until_date, today) < 0)
        fault_list_add(faults, "until", "in_past", NULL);
}

void hours_check(const HoursEdit *edit, const char *today, FaultList *faults)
{
    switch (edit->kind) {
    case HOURS_EDIT_RULE_ADD:
    case HOURS_EDIT_RULE_CHANGE:
        check_rule(edit, faults);
        break;
    case HOURS_EDIT_OVERRIDE_ADD:
        check_override(&edit->override, today, faults);
        break;
    case HOURS_EDIT_LEAVE_ADD:
        check_leave(&edit->leave, today, faults);
        break;
    case HOURS_EDIT_RULE_REMOVE:
    case HOURS_EDIT_OVERRIDE_REMOVE:
    case HOURS_EDIT_LEAVE_REMOVE:
        break;
    }
}
