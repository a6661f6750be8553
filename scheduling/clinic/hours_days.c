// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_days.h"

#include <string.h>

#include "scheduling/clinic/hours_access.h"
#include "scheduling/clinic/hours_store.h"

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *practitioner_id;                 /* NULL: all of the facility */
    char from_date[SCHEDULING_DATE_BYTES]; /* empty: today */
    char until_date[SCHEDULING_DATE_BYTES];
    unsigned n_days;
    GPtrArray *clinics, *facilities; /* char: ids, each once */
    HoursDays answer;
    HoursDaysDone done;
    gpointer user_data;
} DaysOp;

static void day_free(gpointer data)
{
    HoursDaysDay *day = data;
    g_array_unref(day->rows);
    g_free(day);
}

static void days_op_free(gpointer data)
{
    DaysOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->practitioner_id);
    g_ptr_array_unref(op->clinics);
    g_ptr_array_unref(op->facilities);
    g_ptr_array_unref(op->answer.days);
    g_ptr_array_unref(op->answer.holidays);
    g_free(op);
}

static bool make_days(DaysOp *op, GError **error)
{
    if (op->from_date[0] == '\0')
        clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, op->from_date);
    if (op->n_days < 1 || op->n_days > HOURS_DAYS_MAX ||
        !clock_date_add(op->from_date, (int)op->n_days - 1, op->until_date)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "the days asked for are not allowed");
        return false;
    }
    for (unsigned i = 0; i < op->n_days; i++) {
        HoursDaysDay *day = g_new0(HoursDaysDay, 1);
        day->rows = g_array_new(FALSE, FALSE, sizeof(HoursDaysRow));
        (void)clock_date_add(op->from_date, (int)i, day->date);
        g_ptr_array_add(op->answer.days, day);
    }
    return true;
}

/* Whose days: the one asked for, the actor's own, or all of the actor's facility. */
static bool check_access(DaysOp *op, DbTx *tx, GError **error)
{
    const Actor *actor = &op->actor.actor;
    if (!op->practitioner_id && actor->role == ACTOR_DOCTOR)
        op->practitioner_id = scheduling_actor_practitioner(tx, actor, error);
    if (op->practitioner_id)
        return hours_access_check(tx, actor, op->practitioner_id, NULL, error);
    if (actor->role == ACTOR_DOCTOR)
        return false;
    if (hours_access_facility(actor))
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "all hours are those of one facility");
    return false;
}

static void add_once(GPtrArray *ids, const char *id)
{
    if (!g_ptr_array_find_with_equal_func(ids, id, g_str_equal, NULL))
        g_ptr_array_add(ids, g_strdup(id));
}

static bool load_clinics(DaysOp *op, DbTx *tx, GError **error)
{
    const char *facility_id = hours_access_facility(&op->actor.actor);
    DbQuery *rows =
        db_query(tx, op->practitioner_id ? "hours_doctor" : "hours_doctors_of_facility");
    db_bind_text(rows, 1, op->practitioner_id ? op->practitioner_id : facility_id);
    if (op->practitioner_id)
        db_bind_text(rows, 2, facility_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        add_once(op->clinics, db_column_text(rows, 2));
        add_once(op->facilities, db_column_text(rows, 4));
    }
    return step == DB_DONE;
}

static HoursDaysRow *ensure_row(HoursDaysDay *day, const char *practitioner_id)
{
    for (unsigned i = 0; i < day->rows->len; i++) {
        HoursDaysRow *row = &g_array_index(day->rows, HoursDaysRow, i);
        if (strcmp(row->practitioner_id, practitioner_id) == 0)
            return row;
    }
    HoursDaysRow row = {0};
    g_strlcpy(row.practitioner_id, practitioner_id, sizeof row.practitioner_id);
    g_array_append_val(day->rows, row);
    return &g_array_index(day->rows, HoursDaysRow, day->rows->len - 1);
}

static void add_hours(const HoursPlan *plan, const char *practitioner_id, HoursDaysDay *day)
{
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    hours_open(plan, practitioner_id, day->date, spans);
    if (spans->len == 0)
        return;
    hours_slots(plan, practitioner_id, day->date, slots);
    HoursDaysRow *row = ensure_row(day, practitioner_id);
    const TimeSpan hours = {g_array_index(spans, TimeSpan, 0).from_ms,
                            g_array_index(spans, TimeSpan, spans->len - 1).to_ms};
    bool is_first = row->hours.from_ms == 0;
    row->hours.from_ms = is_first ? hours.from_ms : MIN(row->hours.from_ms, hours.from_ms);
    row->hours.to_ms = MAX(row->hours.to_ms, hours.to_ms);
    row->n_places += slots->len;
}

/* The doctors of the plan that have hours in it. */
static GPtrArray *doctors_of(const HoursPlan *plan)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < plan->rules->len; i++)
        add_once(ids, g_array_index(plan->rules, HoursRule, i).practitioner_id);
    for (unsigned i = 0; i < plan->overrides->len; i++)
        add_once(ids, g_array_index(plan->overrides, HoursOverride, i).practitioner_id);
    return ids;
}

static void add_leaves(const HoursPlan *plan, HoursDaysDay *day)
{
    for (unsigned i = 0; i < plan->leaves->len; i++) {
        const HoursLeave *leave = &g_array_index(plan->leaves, HoursLeave, i);
        if (strcmp(leave->from_date, day->date) <= 0 && strcmp(day->date, leave->until_date) <= 0)
            ensure_row(day, leave->practitioner_id)->is_on_leave = true;
    }
}

static bool add_clinic(DaysOp *op, DbTx *tx, const char *clinic_id, GError **error)
{
    const HoursQuery query = {clinic_id, op->practitioner_id, op->from_date, op->until_date};
    g_autoptr(HoursPlan) plan = hours_plan_load(op->scheduling, tx, &query, error);
    if (!plan)
        return false;
    g_autoptr(GPtrArray) doctors = doctors_of(plan);
    for (unsigned i = 0; i < op->answer.days->len; i++) {
        HoursDaysDay *day = op->answer.days->pdata[i];
        for (unsigned j = 0; j < doctors->len; j++)
            add_hours(plan, doctors->pdata[j], day);
        add_leaves(plan, day);
    }
    return true;
}

static DbQuery *ask_held(const DaysOp *op, DbTx *tx, GError **error)
{
    const char *facility_id = hours_access_facility(&op->actor.actor);
    int64_t from_ms, to_ms;
    char end_date[SCHEDULING_DATE_BYTES];
    if (facility_id) {
        DbQuery *rows = db_query(tx, "hours_held_in_facility");
        db_bind_text(rows, 1, facility_id);
        db_bind_text(rows, 2, op->from_date);
        db_bind_text(rows, 3, op->until_date);
        db_bind_text(rows, 4, op->practitioner_id);
        return rows;
    }
    if (!clock_date_add(op->until_date, 1, end_date) ||
        !clock_date_start(op->from_date, op->scheduling->zone, &from_ms) ||
        !clock_date_start(end_date, op->scheduling->zone, &to_ms)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "the days asked for are not allowed");
        return NULL;
    }
    DbQuery *rows = db_query(tx, "hours_held_by_practitioner");
    db_bind_text(rows, 1, op->practitioner_id);
    db_bind_int(rows, 2, from_ms);
    db_bind_int(rows, 3, to_ms);
    return rows;
}

static bool add_held(DaysOp *op, DbTx *tx, GError **error)
{
    DbQuery *rows = ask_held(op, tx, error);
    if (!rows)
        return false;
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        for (unsigned i = 0; i < op->answer.days->len; i++) {
            HoursDaysDay *day = op->answer.days->pdata[i];
            if (strcmp(day->date, db_column_text(rows, 1)) != 0)
                continue;
            HoursDaysRow *row = ensure_row(day, db_column_text(rows, 0));
            row->n_held = (unsigned)db_column_int(rows, 2);
            row->n_extra = (unsigned)db_column_int(rows, 3);
        }
    }
    return step == DB_DONE;
}

/* Of each facility its own, and the province's once. */
static bool add_holidays(DaysOp *op, DbTx *tx, GError **error)
{
    for (unsigned i = 0; i < op->facilities->len; i++) {
        g_autoptr(GPtrArray) holidays = g_ptr_array_new_with_free_func(holiday_free);
        const HolidayQuery query = {op->from_date, op->until_date, op->facilities->pdata[i], false};
        if (!holiday_read(tx, &query, holidays, error))
            return false;
        for (unsigned j = holidays->len; j > 0; j--) {
            const Holiday *holiday = holidays->pdata[j - 1];
            if (i == 0 || holiday->facility_id)
                g_ptr_array_add(op->answer.holidays, g_ptr_array_steal_index(holidays, j - 1));
        }
    }
    return true;
}

static bool days_job(DbTx *tx, gpointer data, GError **error)
{
    DaysOp *op = data;
    if (!make_days(op, error) || !check_access(op, tx, error) || !load_clinics(op, tx, error))
        return false;
    for (unsigned i = 0; i < op->clinics->len; i++) {
        if (!add_clinic(op, tx, op->clinics->pdata[i], error))
            return false;
    }
    return add_held(op, tx, error) && add_holidays(op, tx, error);
}

static void on_days_done(gpointer data, const GError *error)
{
    DaysOp *op = data;
    op->done(error ? NULL : &op->answer, error, op->user_data);
}

void hours_days_get(Scheduling *scheduling, const Actor *actor, const HoursDaysQuery *query,
                    HoursDaysDone done, gpointer user_data)
{
    DaysOp *op = g_new0(DaysOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->practitioner_id = g_strdup(query->practitioner_id);
    g_strlcpy(op->from_date, query->from_date ? query->from_date : "", sizeof op->from_date);
    op->n_days = query->n_days;
    op->clinics = g_ptr_array_new_with_free_func(g_free);
    op->facilities = g_ptr_array_new_with_free_func(g_free);
    op->answer.days = g_ptr_array_new_with_free_func(day_free);
    op->answer.holidays = g_ptr_array_new_with_free_func(holiday_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, days_job, on_days_done, op, days_op_free);
}
