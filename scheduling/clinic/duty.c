// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/duty.h"

#include "scheduling/clinic/duty_row.h"
#include "scheduling/clinic/hours_store.h"

const char *duty_fault_name(DutyFault fault)
{
    static const char *const names[] = {"fit", "doctor_archived", "doctor_permit_over",
                                        "doctor_disabled", "doctor_on_leave"};
    g_assert(fault < G_N_ELEMENTS(names));
    return names[fault];
}

bool duty_fault_is_final(DutyFault fault)
{
    return fault != DUTY_FIT && fault != DUTY_ON_LEAVE;
}

static void read_today(const Scheduling *scheduling, char ret_date[SCHEDULING_DATE_BYTES])
{
    clock_local_date(clock_wall_ms(scheduling->clock), scheduling->zone, ret_date);
}

static DutyFault read_fault(DbQuery *row)
{
    if (db_column_int(row, 1) == 0)
        return DUTY_ARCHIVED;
    if (db_column_int(row, 3) != 0)
        return DUTY_PERMIT_OVER;
    if (db_column_int(row, 2) != 0)
        return DUTY_DISABLED;
    return db_column_int(row, 4) != 0 ? DUTY_ON_LEAVE : DUTY_FIT;
}

static bool load_doctors(DbTx *tx, const DutyQuery *query, const char *date, GArray *doctors,
                         GError **error)
{
    DbQuery *rows = db_query(tx, "duty_of_clinic");
    db_bind_text(rows, 1, query->clinic_id);
    db_bind_text(rows, 2, query->facility_id);
    db_bind_text(rows, 3, query->practitioner_id);
    db_bind_text(rows, 4, date);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        DutyDoctor doctor = {.fault = read_fault(rows), .is_listed = db_column_int(rows, 5) != 0};
        scheduling_copy_column(rows, 0, doctor.practitioner_id, sizeof doctor.practitioner_id);
        g_array_append_val(doctors, doctor);
    }
    return step == DB_DONE;
}

bool duty_load(Scheduling *scheduling, DbTx *tx, const DutyQuery *query, GArray *doctors,
               GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    read_today(scheduling, today);
    const char *date = query->date ? query->date : today;
    if (!load_doctors(tx, query, date, doctors, error))
        return false;
    const HoursQuery hours = {query->clinic_id, query->practitioner_id, date, date};
    g_autoptr(HoursPlan) plan = hours_plan_load(scheduling, tx, &hours, error);
    if (!plan)
        return false;
    for (unsigned i = 0; i < doctors->len; i++) {
        DutyDoctor *doctor = &g_array_index(doctors, DutyDoctor, i);
        g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(TimeSpan));
        hours_open(plan, doctor->practitioner_id, date, spans);
        doctor->works = doctor->fault == DUTY_FIT && (doctor->is_listed || spans->len > 0);
    }
    return true;
}

bool duty_is_archived(DbTx *tx, const char *clinic_id, const char *facility_id, bool *ret_archived,
                      GError **error)
{
    DbQuery *row = db_query(tx, "clinic_is_archived");
    db_bind_text(row, 1, clinic_id);
    db_bind_text(row, 2, facility_id);
    DbStep step = db_step(row, error);
    *ret_archived = step == DB_ROW;
    db_reset(row);
    return step != DB_FAILED;
}

bool duty_is_permit_over(const Scheduling *scheduling, DbTx *tx, const char *facility_id,
                         const char *practitioner_id, bool *ret_over, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    read_today(scheduling, today);
    DbQuery *row = db_query(tx, "duty_permit_over");
    db_bind_text(row, 1, practitioner_id);
    db_bind_text(row, 2, facility_id);
    db_bind_text(row, 3, today);
    DbStep step = db_step(row, error);
    *ret_over = step == DB_ROW;
    db_reset(row);
    return step != DB_FAILED;
}

void duty_refuse_permit(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_PERMIT_OVER,
                        "the doctor's permit for the facility has run out");
}

bool duty_check_permit(const Scheduling *scheduling, DbTx *tx, const char *facility_id,
                       const char *practitioner_id, GError **error)
{
    bool is_over = false;
    if (!duty_is_permit_over(scheduling, tx, facility_id, practitioner_id, &is_over, error))
        return false;
    if (is_over)
        duty_refuse_permit(error);
    return !is_over;
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    GPtrArray *clinics;
    DutyDone done;
    gpointer user_data;
} ListOp;

static void clinic_free(gpointer data)
{
    DutyClinic *clinic = data;
    g_array_unref(clinic->doctors);
    g_free(clinic);
}

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    actor_copy_clear(&op->actor);
    g_ptr_array_unref(op->clinics);
    g_free(op);
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    const char *facility_id = op->actor.actor.facility_id;
    if (op->actor.actor.role != ACTOR_DESK || !facility_id) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                            "only a desk gives patients to doctors");
        return false;
    }
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "duty_clinics");
    db_bind_text(rows, 1, facility_id);
    if (!db_collect(rows, db_row_text, ids, error))
        return false;
    for (unsigned i = 0; i < ids->len; i++) {
        const DutyQuery query = {.clinic_id = ids->pdata[i], .facility_id = facility_id};
        DutyClinic *clinic = g_new0(DutyClinic, 1);
        clinic->doctors = g_array_new(FALSE, FALSE, sizeof(DutyDoctor));
        g_strlcpy(clinic->clinic_id, ids->pdata[i], sizeof clinic->clinic_id);
        g_ptr_array_add(op->clinics, clinic);
        if (!duty_load(op->scheduling, tx, &query, clinic->doctors, error))
            return false;
    }
    return true;
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->clinics, error, op->user_data);
}

void duty_list(Scheduling *scheduling, const Actor *actor, DutyDone done, gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->clinics = g_ptr_array_new_with_free_func(clinic_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_list_done, op, list_op_free);
}
