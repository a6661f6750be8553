// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_store.h"

#include <string.h>

void hours_pattern_read(DbQuery *row, int column, HoursPattern *ret_pattern)
{
    *ret_pattern = (HoursPattern){
        .slot_minutes = (int)scheduling_column_int0(row, column + 1),
        .before_minutes = (int)scheduling_column_int0(row, column + 2),
        .after_minutes = (int)scheduling_column_int0(row, column + 3),
        .quota = (int)scheduling_column_int0(row, column + 4),
        .extra_percent = (int)scheduling_column_int0(row, column + 5),
    };
    (void)hours_mode_parse(db_column_text(row, column), &ret_pattern->mode);
}

static void read_rule(const HoursQuery *query, DbQuery *row, GArray *rules)
{
    HoursRule rule = {
        .weekday = (int)db_column_int(row, 2),
        .minutes = {(int)db_column_int(row, 3), (int)db_column_int(row, 4)},
    };
    scheduling_copy_column(row, 0, rule.id, sizeof rule.id);
    g_strlcpy(rule.clinic_id, query->clinic_id, sizeof rule.clinic_id);
    scheduling_copy_column(row, 1, rule.practitioner_id, sizeof rule.practitioner_id);
    hours_pattern_read(row, 5, &rule.pattern);
    scheduling_copy_column(row, 11, rule.valid_from, sizeof rule.valid_from);
    scheduling_copy_column(row, 12, rule.valid_until, sizeof rule.valid_until);
    g_array_append_val(rules, rule);
}

static bool load_rules(DbTx *tx, const HoursQuery *query, GArray *rules, GError **error)
{
    DbQuery *rows = db_query(tx, "hours_plan_rules");
    db_bind_text(rows, 1, query->clinic_id);
    db_bind_text(rows, 2, query->practitioner_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        HoursRule *last = rules->len ? &g_array_index(rules, HoursRule, rules->len - 1) : NULL;
        if (!last || strcmp(last->id, db_column_text(rows, 0)) != 0) {
            read_rule(query, rows, rules);
            last = &g_array_index(rules, HoursRule, rules->len - 1);
        }
        if (!db_column_is_null(rows, 13) && last->n_breaks < HOURS_MAX_BREAKS)
            last->breaks[last->n_breaks++] =
                (HoursMinutes){(int)db_column_int(rows, 13), (int)db_column_int(rows, 14)};
    }
    return step == DB_DONE;
}

/* It comes once for each break. */
bool hours_rule_load(DbTx *tx, const char *id, HoursRule *ret_rule, GError **error)
{
    HoursRule rule = {0};
    DbQuery *rows = db_query(tx, "hours_rule_get");
    db_bind_text(rows, 1, id);
    if (!scheduling_need_row(rows, "hours", error))
        return false;
    g_strlcpy(rule.id, id, sizeof rule.id);
    rule.weekday = (int)db_column_int(rows, 0);
    rule.minutes = (HoursMinutes){(int)db_column_int(rows, 1), (int)db_column_int(rows, 2)};
    hours_pattern_read(rows, 3, &rule.pattern);
    scheduling_copy_column(rows, 9, rule.valid_from, sizeof rule.valid_from);
    scheduling_copy_column(rows, 10, rule.valid_until, sizeof rule.valid_until);
    scheduling_copy_column(rows, 11, rule.clinic_id, sizeof rule.clinic_id);
    DbStep step = DB_ROW;
    while (step == DB_ROW) {
        if (!db_column_is_null(rows, 12) && rule.n_breaks < HOURS_MAX_BREAKS)
            rule.breaks[rule.n_breaks++] =
                (HoursMinutes){(int)db_column_int(rows, 12), (int)db_column_int(rows, 13)};
        step = db_step(rows, error);
    }
    if (step == DB_DONE)
        *ret_rule = rule;
    return step == DB_DONE;
}

static bool load_overrides(DbTx *tx, const HoursQuery *query, GArray *overrides, GError **error)
{
    DbQuery *rows = db_query(tx, "hours_plan_overrides");
    db_bind_text(rows, 1, query->clinic_id);
    db_bind_text(rows, 2, query->practitioner_id);
    db_bind_text(rows, 3, query->from_date);
    db_bind_text(rows, 4, query->until_date);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        HoursOverride override = {
            .is_extra = strcmp(db_column_text(rows, 3), "extra") == 0,
            .minutes = {(int)db_column_int(rows, 4), (int)db_column_int(rows, 5)},
        };
        scheduling_copy_column(rows, 0, override.id, sizeof override.id);
        g_strlcpy(override.clinic_id, query->clinic_id, sizeof override.clinic_id);
        scheduling_copy_column(rows, 1, override.practitioner_id, sizeof override.practitioner_id);
        scheduling_copy_column(rows, 2, override.date, sizeof override.date);
        hours_pattern_read(rows, 6, &override.pattern);
        g_array_append_val(overrides, override);
    }
    return step == DB_DONE;
}

static bool load_leaves(DbTx *tx, const HoursQuery *query, GArray *leaves, GError **error)
{
    DbQuery *rows = db_query(tx, "hours_plan_leaves");
    db_bind_text(rows, 1, query->clinic_id);
    db_bind_text(rows, 2, query->practitioner_id);
    db_bind_text(rows, 3, query->from_date);
    db_bind_text(rows, 4, query->until_date);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        HoursLeave leave = {0};
        scheduling_copy_column(rows, 0, leave.practitioner_id, sizeof leave.practitioner_id);
        scheduling_copy_column(rows, 1, leave.from_date, sizeof leave.from_date);
        scheduling_copy_column(rows, 2, leave.until_date, sizeof leave.until_date);
        g_array_append_val(leaves, leave);
    }
    return step == DB_DONE;
}

static bool load_permits(DbTx *tx, const HoursQuery *query, GArray *permits, GError **error)
{
    DbQuery *rows = db_query(tx, "hours_plan_permits");
    db_bind_text(rows, 1, query->clinic_id);
    db_bind_text(rows, 2, query->practitioner_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        HoursPermit permit = {0};
        scheduling_copy_column(rows, 0, permit.practitioner_id, sizeof permit.practitioner_id);
        scheduling_copy_column(rows, 1, permit.valid_until, sizeof permit.valid_until);
        g_array_append_val(permits, permit);
    }
    return step == DB_DONE;
}

static bool load_holidays(DbTx *tx, const HoursQuery *query, GArray *holidays, GError **error)
{
    DbQuery *rows = db_query(tx, "hours_plan_holidays");
    db_bind_text(rows, 1, query->clinic_id);
    db_bind_text(rows, 2, query->from_date);
    db_bind_text(rows, 3, query->until_date);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        HoursHoliday holiday = {.is_certain = db_column_int(rows, 1) != 0};
        scheduling_copy_column(rows, 0, holiday.date, sizeof holiday.date);
        g_array_append_val(holidays, holiday);
    }
    return step == DB_DONE;
}

HoursPlan *hours_plan_load(Scheduling *scheduling, DbTx *tx, const HoursQuery *query,
                           GError **error)
{
    g_autoptr(HoursPlan) plan = hours_plan_new(scheduling->zone);
    if (!load_rules(tx, query, plan->rules, error) ||
        !load_overrides(tx, query, plan->overrides, error) ||
        !load_leaves(tx, query, plan->leaves, error) ||
        !load_permits(tx, query, plan->permits, error) ||
        !load_holidays(tx, query, plan->holidays, error))
        return NULL;
    return g_steal_pointer(&plan);
}

bool hours_practises(DbTx *tx, const char *clinic_id, const char *practitioner_id, bool *ret_does,
                     GError **error)
{
    DbQuery *row = db_query(tx, "hours_practises");
    db_bind_text(row, 1, clinic_id);
    db_bind_text(row, 2, practitioner_id);
    DbStep step = db_step(row, error);
    db_reset(row);
    *ret_does = step == DB_ROW;
    return step != DB_FAILED;
}

bool hours_find_obstacle(Scheduling *scheduling, DbTx *tx, const char *clinic_id,
                         const char *practitioner_id, TimeSpan span, HoursObstacle *ret_obstacle,
                         GError **error)
{
    char date[SCHEDULING_DATE_BYTES];
    bool practises = false;
    clock_local_date(span.from_ms, scheduling->zone, date);
    if (!hours_practises(tx, clinic_id, practitioner_id, &practises, error))
        return false;
    const HoursQuery query = {clinic_id, practitioner_id, date, date};
    g_autoptr(HoursPlan) plan = hours_plan_load(scheduling, tx, &query, error);
    if (!plan)
        return false;
    *ret_obstacle =
        practises ? hours_obstacle(plan, practitioner_id, date, span) : HOURS_OBSTACLE_ARCHIVED;
    return true;
}
