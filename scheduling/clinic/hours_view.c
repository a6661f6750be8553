// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/hours_view.h"

#include <string.h>

#include "scheduling/clinic/hours_access.h"
#include "scheduling/clinic/hours_store.h"

static void service_free(gpointer data)
{
    HoursService *service = data;
    g_free(service->name);
    g_free(service);
}

static void clinic_free(gpointer data)
{
    HoursClinic *clinic = data;
    g_free(clinic->id);
    g_free(clinic->name);
    g_free(clinic->facility_id);
    g_free(clinic->facility);
    g_free(clinic->permit_until);
    g_ptr_array_unref(clinic->services);
    g_free(clinic);
}

static void doctor_free(gpointer data)
{
    HoursDoctor *doctor = data;
    if (!doctor)
        return;
    g_free(doctor->id);
    g_free(doctor->name);
    g_free(doctor->str_until);
    g_ptr_array_unref(doctor->clinics);
    g_free(doctor);
}

/* Rows of one doctor after the other, one for each clinic. */
static bool read_doctors(DbQuery *rows, GPtrArray *doctors, GError **error)
{
    HoursDoctor *doctor = NULL;
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (!doctor || strcmp(doctor->id, db_column_text(rows, 0)) != 0) {
            doctor = g_new0(HoursDoctor, 1);
            doctor->id = db_column_dup(rows, 0);
            doctor->name = db_column_dup(rows, 1);
            doctor->str_until = db_column_dup(rows, 7);
            doctor->clinics = g_ptr_array_new_with_free_func(clinic_free);
            g_ptr_array_add(doctors, doctor);
        }
        HoursClinic *clinic = g_new0(HoursClinic, 1);
        clinic->id = db_column_dup(rows, 2);
        clinic->name = db_column_dup(rows, 3);
        clinic->facility_id = db_column_dup(rows, 4);
        clinic->facility = db_column_dup(rows, 5);
        clinic->permit_until = db_column_dup(rows, 6);
        clinic->services = g_ptr_array_new_with_free_func(service_free);
        g_ptr_array_add(doctor->clinics, clinic);
    }
    return step == DB_DONE;
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    GPtrArray *doctors;
    HoursDoctorsDone done;
    gpointer user_data;
} DoctorsOp;

static void doctors_op_free(gpointer data)
{
    DoctorsOp *op = data;
    actor_copy_clear(&op->actor);
    g_ptr_array_unref(op->doctors);
    g_free(op);
}

static bool doctors_job(DbTx *tx, gpointer data, GError **error)
{
    DoctorsOp *op = data;
    const Actor *actor = &op->actor.actor;
    if (actor->role == ACTOR_ADMIN)
        return read_doctors(db_query(tx, "hours_doctors"), op->doctors, error);
    if (hours_access_facility(actor)) {
        DbQuery *rows = db_query(tx, "hours_doctors_of_facility");
        db_bind_text(rows, 1, actor->facility_id);
        return read_doctors(rows, op->doctors, error);
    }
    g_autofree char *own = scheduling_actor_practitioner(tx, actor, error);
    if (!own)
        return false;
    DbQuery *rows = db_query(tx, "hours_doctor");
    db_bind_text(rows, 1, own);
    return read_doctors(rows, op->doctors, error);
}

static void on_doctors_done(gpointer data, const GError *error)
{
    DoctorsOp *op = data;
    op->done(error ? NULL : op->doctors, error, op->user_data);
}

void hours_view_doctors(Scheduling *scheduling, const Actor *actor, HoursDoctorsDone done,
                        gpointer user_data)
{
    DoctorsOp *op = g_new0(DoctorsOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->doctors = g_ptr_array_new_with_free_func(doctor_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, doctors_job, on_doctors_done, op, doctors_op_free);
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *practitioner_id;
    char from_date[SCHEDULING_DATE_BYTES]; /* empty: today */
    char until_date[SCHEDULING_DATE_BYTES];
    unsigned n_days;
    HoursView view;
    HoursViewDone done;
    gpointer user_data;
} ViewOp;

static void override_row_free(gpointer data)
{
    HoursOverrideRow *row = data;
    g_free(row->note);
    g_free(row);
}

static void leave_row_free(gpointer data)
{
    HoursLeaveRow *row = data;
    g_free(row->id);
    g_free(row->from_date);
    g_free(row->until_date);
    g_free(row->note);
    g_free(row);
}

static void day_free(gpointer data)
{
    HoursDay *day = data;
    g_array_unref(day->open);
    g_free(day);
}

static void view_op_free(gpointer data)
{
    ViewOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->practitioner_id);
    doctor_free(op->view.doctor);
    g_array_unref(op->view.rules);
    g_ptr_array_unref(op->view.overrides);
    g_ptr_array_unref(op->view.leaves);
    g_ptr_array_unref(op->view.holidays);
    g_ptr_array_unref(op->view.days);
    g_free(op);
}

static bool choose_dates(ViewOp *op, GError **error)
{
    if (op->from_date[0] == '\0')
        clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, op->from_date);
    if (op->n_days >= 1 && op->n_days <= HOURS_VIEW_MAX_DAYS &&
        clock_date_add(op->from_date, (int)op->n_days - 1, op->until_date))
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "the days asked for are not allowed");
    return false;
}

static bool load_services(DbTx *tx, HoursClinic *clinic, GError **error)
{
    DbQuery *rows = db_query(tx, "services_of_clinic");
    db_bind_text(rows, 1, clinic->id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        HoursService *service = g_new0(HoursService, 1);
        service->name = db_column_dup(rows, 0);
        service->duration_minutes = (int)db_column_int(rows, 1);
        service->before_minutes = (int)db_column_int(rows, 2);
        service->after_minutes = (int)db_column_int(rows, 3);
        g_ptr_array_add(clinic->services, service);
    }
    return step == DB_DONE;
}

static bool load_doctor(ViewOp *op, DbTx *tx, GError **error)
{
    g_autoptr(GPtrArray) doctors = g_ptr_array_new_with_free_func(doctor_free);
    DbQuery *rows = db_query(tx, "hours_doctor");
    db_bind_text(rows, 1, op->practitioner_id);
    db_bind_text(rows, 2, hours_access_facility(&op->actor.actor));
    if (!read_doctors(rows, doctors, error))
        return false;
    if (doctors->len == 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND,
                            "the doctor works in no clinic");
        return false;
    }
    op->view.doctor = g_ptr_array_steal_index(doctors, 0);
    for (unsigned i = 0; i < op->view.doctor->clinics->len; i++) {
        if (!load_services(tx, g_ptr_array_index(op->view.doctor->clinics, i), error))
            return false;
    }
    return true;
}

static bool has_clinic(const ViewOp *op, const char *clinic_id)
{
    for (unsigned i = 0; i < op->view.doctor->clinics->len; i++) {
        const HoursClinic *clinic = op->view.doctor->clinics->pdata[i];
        if (strcmp(clinic->id, clinic_id) == 0)
            return true;
    }
    return false;
}

static bool load_overrides(ViewOp *op, DbTx *tx, const char *from_date, GError **error)
{
    DbQuery *rows = db_query(tx, "hours_overrides_from");
    db_bind_text(rows, 1, op->practitioner_id);
    db_bind_text(rows, 2, from_date);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (!has_clinic(op, db_column_text(rows, 1)))
            continue;
        HoursOverrideRow *row = g_new0(HoursOverrideRow, 1);
        g_ptr_array_add(op->view.overrides, row);
        HoursOverride *override = &row->override;
        scheduling_copy_column(rows, 0, override->id, sizeof override->id);
        scheduling_copy_column(rows, 1, override->clinic_id, sizeof override->clinic_id);
        scheduling_copy_column(rows, 2, override->date, sizeof override->date);
        override->is_extra = strcmp(db_column_text(rows, 3), "extra") == 0;
        override->minutes =
            (HoursMinutes){(int)db_column_int(rows, 4), (int)db_column_int(rows, 5)};
        hours_pattern_read(rows, 6, &override->pattern);
        row->note = db_column_dup(rows, 12);
    }
    return step == DB_DONE;
}

static bool load_leaves(ViewOp *op, DbTx *tx, const char *from_date, GError **error)
{
    DbQuery *rows = db_query(tx, "hours_leaves_from");
    db_bind_text(rows, 1, op->practitioner_id);
    db_bind_text(rows, 2, from_date);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        HoursLeaveRow *row = g_new0(HoursLeaveRow, 1);
        row->id = db_column_dup(rows, 0);
        row->from_date = db_column_dup(rows, 1);
        row->until_date = db_column_dup(rows, 2);
        row->note = db_column_dup(rows, 3);
        g_ptr_array_add(op->view.leaves, row);
    }
    return step == DB_DONE;
}

static gint open_compare(gconstpointer a, gconstpointer b)
{
    const HoursOpen *left = a;
    const HoursOpen *right = b;
    return left->span.from_ms < right->span.from_ms ? -1 : left->span.from_ms > right->span.from_ms;
}

static void open_clinic(ViewOp *op, const HoursPlan *plan, const char *clinic_id)
{
    for (unsigned i = 0; i < op->view.days->len; i++) {
        HoursDay *day = op->view.days->pdata[i];
        g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
        hours_open(plan, op->practitioner_id, day->date, spans);
        for (unsigned j = 0; j < spans->len; j++) {
            const HoursOpen open = {clinic_id, g_array_index(spans, TimeSpan, j)};
            g_array_append_val(day->open, open);
        }
        g_array_sort(day->open, open_compare);
    }
}

static gint rule_compare(gconstpointer a, gconstpointer b)
{
    const HoursRule *left = a;
    const HoursRule *right = b;
    if (left->weekday != right->weekday)
        return left->weekday - right->weekday;
    if (left->minutes.from != right->minutes.from)
        return left->minutes.from - right->minutes.from;
    return strcmp(left->valid_from, right->valid_from);
}

/* Rules and open hours of every clinic of the doctor that the actor sees, and its holidays. */
static bool load_clinics(ViewOp *op, DbTx *tx, GError **error)
{
    const char *facility_id = NULL;
    for (unsigned i = 0; i < op->view.doctor->clinics->len; i++) {
        const HoursClinic *clinic = op->view.doctor->clinics->pdata[i];
        const HoursQuery query = {clinic->id, op->practitioner_id, op->from_date, op->until_date};
        g_autoptr(HoursPlan) plan = hours_plan_load(op->scheduling, tx, &query, error);
        if (!plan)
            return false;
        if (plan->rules->len > 0)
            g_array_append_vals(op->view.rules, plan->rules->data, plan->rules->len);
        open_clinic(op, plan, clinic->id);
        /* The clinics come by facility: each facility's holidays once. */
        if (g_strcmp0(facility_id, clinic->facility_id) == 0)
            continue;
        bool is_first = facility_id == NULL;
        facility_id = clinic->facility_id;
        g_autoptr(GPtrArray) holidays = g_ptr_array_new_with_free_func(holiday_free);
        const HolidayQuery wanted = {op->from_date, op->until_date, facility_id, false};
        if (!holiday_read(tx, &wanted, holidays, error))
            return false;
        for (unsigned j = holidays->len; j > 0; j--) {
            const Holiday *holiday = holidays->pdata[j - 1];
            if (is_first || holiday->facility_id)
                g_ptr_array_add(op->view.holidays, g_ptr_array_steal_index(holidays, j - 1));
        }
    }
    g_array_sort(op->view.rules, rule_compare);
    return true;
}

static bool count_visits(ViewOp *op, DbTx *tx, GError **error)
{
    DbQuery *rows = db_query(tx, "hours_visits_by_day");
    db_bind_text(rows, 1, op->practitioner_id);
    db_bind_text(rows, 2, op->from_date);
    db_bind_text(rows, 3, op->until_date);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        for (unsigned i = 0; i < op->view.days->len; i++) {
            HoursDay *day = op->view.days->pdata[i];
            if (strcmp(day->date, db_column_text(rows, 0)) == 0)
                day->n_visits = (unsigned)db_column_int(rows, 1);
        }
    }
    return step == DB_DONE;
}

static void make_days(ViewOp *op)
{
    for (unsigned i = 0; i < op->n_days; i++) {
        HoursDay *day = g_new0(HoursDay, 1);
        day->open = g_array_new(FALSE, FALSE, sizeof(HoursOpen));
        (void)clock_date_add(op->from_date, (int)i, day->date);
        g_ptr_array_add(op->view.days, day);
    }
}

static bool view_job(DbTx *tx, gpointer data, GError **error)
{
    ViewOp *op = data;
    if (!choose_dates(op, error) ||
        !hours_access_check(tx, &op->actor.actor, op->practitioner_id, NULL, error) ||
        !load_doctor(op, tx, error))
        return false;
    char since[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, since);
    if (strcmp(op->from_date, since) < 0)
        memcpy(since, op->from_date, sizeof since);
    make_days(op);
    return load_clinics(op, tx, error) && load_overrides(op, tx, since, error) &&
           load_leaves(op, tx, since, error) && count_visits(op, tx, error);
}

static void on_view_done(gpointer data, const GError *error)
{
    ViewOp *op = data;
    op->done(error ? NULL : &op->view, error, op->user_data);
}

void hours_view_get(Scheduling *scheduling, const Actor *actor, const HoursViewQuery *query,
                    HoursViewDone done, gpointer user_data)
{
    ViewOp *op = g_new0(ViewOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->practitioner_id = g_strdup(query->practitioner_id);
    g_strlcpy(op->from_date, query->from_date ? query->from_date : "", sizeof op->from_date);
    op->n_days = query->n_days;
    op->view = (HoursView){
        .rules = g_array_new(FALSE, FALSE, sizeof(HoursRule)),
        .overrides = g_ptr_array_new_with_free_func(override_row_free),
        .leaves = g_ptr_array_new_with_free_func(leave_row_free),
        .holidays = g_ptr_array_new_with_free_func(holiday_free),
        .days = g_ptr_array_new_with_free_func(day_free),
    };
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, view_job, on_view_done, op, view_op_free);
}
