// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_audit.h"

#include <string.h>

#include "scheduling/clinic/hours_store.h"

static const char *const weekday_names[] = {"", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};

static void append_minutes(GString *text, HoursMinutes minutes)
{
    g_string_append_printf(text, "%02d:%02d-%02d:%02d", minutes.from / 60, minutes.from % 60,
                           minutes.to / 60, minutes.to % 60);
}

static void append_pattern(GString *text, const HoursPattern *pattern)
{
    if (pattern->mode == HOURS_MODE_SESSION)
        g_string_append_printf(text, ", quota %d", pattern->quota);
    else
        g_string_append_printf(text, ", slots %d", pattern->slot_minutes);
    if (pattern->mode == HOURS_MODE_SLOTS && pattern->before_minutes + pattern->after_minutes > 0)
        g_string_append_printf(text, " (%d before, %d after)", pattern->before_minutes,
                               pattern->after_minutes);
    if (pattern->extra_percent > 0)
        g_string_append_printf(text, ", extra %d%%", pattern->extra_percent);
}

static char *rule_text(const HoursRule *rule, unsigned weekdays)
{
    GString *text = g_string_new(NULL);
    for (unsigned day = 1; day <= 7; day++) {
        if (weekdays & (1U << day))
            g_string_append_printf(text, "%s%s", text->len > 0 ? "," : "", weekday_names[day]);
    }
    g_string_append_c(text, ' ');
    append_minutes(text, rule->minutes);
    for (unsigned i = 0; i < rule->n_breaks; i++) {
        g_string_append(text, i == 0 ? " without " : " and ");
        append_minutes(text, rule->breaks[i]);
    }
    append_pattern(text, &rule->pattern);
    g_string_append_printf(text, ", from %s", rule->valid_from);
    if (rule->valid_until[0])
        g_string_append_printf(text, " until %s", rule->valid_until);
    g_string_append_printf(text, ", clinic %s", rule->clinic_id);
    return g_string_free(text, FALSE);
}

static char *override_text(const HoursOverride *override)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s %s ", override->date, override->is_extra ? "extra" : "closed");
    append_minutes(text, override->minutes);
    if (override->is_extra)
        append_pattern(text, &override->pattern);
    g_string_append_printf(text, ", clinic %s", override->clinic_id);
    return g_string_free(text, FALSE);
}

static char *leave_text(const HoursLeave *leave)
{
    return g_strdup_printf("leave %s..%s", leave->from_date, leave->until_date);
}

static char *rule_before(DbTx *tx, const char *id, GError **error)
{
    HoursRule rule;
    return hours_rule_load(tx, id, &rule, error) ? rule_text(&rule, 1U << rule.weekday) : NULL;
}

static char *override_before(DbTx *tx, const char *id, GError **error)
{
    HoursOverride override = {0};
    DbQuery *row = db_query(tx, "hours_override_get");
    db_bind_text(row, 1, id);
    if (!scheduling_need_row(row, "hours", error))
        return NULL;
    scheduling_copy_column(row, 0, override.date, sizeof override.date);
    override.is_extra = strcmp(db_column_text(row, 1), "extra") == 0;
    override.minutes = (HoursMinutes){(int)db_column_int(row, 2), (int)db_column_int(row, 3)};
    if (override.is_extra)
        hours_pattern_read(row, 4, &override.pattern);
    scheduling_copy_column(row, 10, override.clinic_id, sizeof override.clinic_id);
    db_reset(row);
    return override_text(&override);
}

static char *leave_before(DbTx *tx, const char *id, GError **error)
{
    HoursLeave leave = {0};
    DbQuery *row = db_query(tx, "hours_leave_get");
    db_bind_text(row, 1, id);
    if (!scheduling_need_row(row, "hours", error))
        return NULL;
    scheduling_copy_column(row, 0, leave.from_date, sizeof leave.from_date);
    scheduling_copy_column(row, 1, leave.until_date, sizeof leave.until_date);
    db_reset(row);
    return leave_text(&leave);
}

char *hours_audit_before(DbTx *tx, const HoursEdit *edit, GError **error)
{
    switch (edit->kind) {
    case HOURS_EDIT_RULE_CHANGE:
    case HOURS_EDIT_RULE_REMOVE:
        return rule_before(tx, edit->id, error);
    case HOURS_EDIT_OVERRIDE_REMOVE:
        return override_before(tx, edit->id, error);
    case HOURS_EDIT_LEAVE_REMOVE:
        return leave_before(tx, edit->id, error);
    case HOURS_EDIT_RULE_ADD:
    case HOURS_EDIT_OVERRIDE_ADD:
    case HOURS_EDIT_LEAVE_ADD:
        return g_strdup("-");
    }
    g_assert_not_reached();
}

char *hours_audit_after(const HoursEdit *edit, const char *earlier_until)
{
    if (*earlier_until) {
        g_autofree char *rule = rule_text(&edit->rule, edit->weekdays);
        return g_strdup_printf("as it was until %s, then %s", earlier_until, rule);
    }
    switch (edit->kind) {
    case HOURS_EDIT_RULE_ADD:
    case HOURS_EDIT_RULE_CHANGE:
        return rule_text(&edit->rule, edit->weekdays);
    case HOURS_EDIT_OVERRIDE_ADD:
        return override_text(&edit->override);
    case HOURS_EDIT_LEAVE_ADD:
        return leave_text(&edit->leave);
    case HOURS_EDIT_RULE_REMOVE:
    case HOURS_EDIT_OVERRIDE_REMOVE:
    case HOURS_EDIT_LEAVE_REMOVE:
        return g_strdup("-");
    }
    g_assert_not_reached();
}
