// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/walk_in.h"

#include "scheduling/clinic/duty_row.h"

enum { WALK_IN_MINUTES = 15 };

static bool refuse(FaultList *faults, const char *field, const char *code, GError **error)
{
    fault_list_add(faults, field, code, NULL);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "no patient is given to that doctor today");
    return false;
}

/* In whose name a visit waits that any doctor of the clinic may call: one who works today, in an
 * emergency one who may. */
static bool find_any(const WalkInWish *wish, const GArray *doctors, FaultList *faults,
                     const DutyDoctor **ret_doctor, GError **error)
{
    const DutyDoctor *may = NULL;
    for (unsigned i = 0; i < doctors->len; i++) {
        const DutyDoctor *doctor = &g_array_index(doctors, DutyDoctor, i);
        if (doctor->works) {
            *ret_doctor = doctor;
            return true;
        }
        if (!may && !duty_fault_is_final(doctor->fault))
            may = doctor;
    }
    if (!may)
        return refuse(faults, "clinic", "nobody_may", error);
    if (!wish->is_urgent)
        return refuse(faults, "clinic", "nobody_works", error);
    *ret_doctor = may;
    return true;
}

static bool find_doctor(Scheduling *scheduling, DbTx *tx, const WalkInWish *wish,
                        char ret_id[SCHEDULING_ID_BYTES], FaultList *faults, GError **error)
{
    const DutyQuery query = {.clinic_id = wish->clinic_id,
                             .facility_id = wish->facility_id,
                             .practitioner_id = wish->practitioner_id};
    g_autoptr(GArray) doctors = g_array_new(FALSE, FALSE, sizeof(DutyDoctor));
    if (!duty_load(scheduling, tx, &query, doctors, error))
        return false;
    if (doctors->len == 0) {
        bool is_archived = false;
        if (!duty_is_archived(tx, wish->clinic_id, wish->facility_id, &is_archived, error))
            return false;
        if (is_archived)
            return refuse(faults, "clinic", "archived", error);
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND,
                            "no such doctor in this facility's clinic");
        return false;
    }
    const DutyDoctor *doctor = &g_array_index(doctors, DutyDoctor, 0);
    if (!wish->practitioner_id) {
        if (!find_any(wish, doctors, faults, &doctor, error))
            return false;
    } else if (duty_fault_is_final(doctor->fault) ||
               (doctor->fault != DUTY_FIT && !wish->is_urgent)) {
        return refuse(faults, "doctor", duty_fault_name(doctor->fault), error);
    }
    g_strlcpy(ret_id, doctor->practitioner_id, SCHEDULING_ID_BYTES);
    return true;
}

/* What a post has taken down has happened: it is kept, and whoever may calls. */
static bool find_at_post(DbTx *tx, const WalkInWish *wish, char ret_id[SCHEDULING_ID_BYTES],
                         FaultList *faults, GError **error)
{
    DbQuery *query = db_query(tx, "walk_in_any_doctor");
    db_bind_text(query, 1, wish->clinic_id);
    db_bind_text(query, 2, wish->facility_id);
    DbStep step = db_step(query, error);
    if (step == DB_DONE)
        return refuse(faults, "outreach", "no_doctor", error);
    if (step != DB_ROW)
        return false;
    scheduling_copy_column(query, 0, ret_id, SCHEDULING_ID_BYTES);
    db_reset(query);
    return true;
}

bool walk_in_place(Scheduling *scheduling, DbTx *tx, const WalkInWish *wish,
                   char doctor_id[SCHEDULING_ID_BYTES], NewVisit *visit, FaultList *faults,
                   GError **error)
{
    bool is_found = wish->is_at_post ? find_at_post(tx, wish, doctor_id, faults, error)
                                     : find_doctor(scheduling, tx, wish, doctor_id, faults, error);
    if (!is_found)
        return false;
    visit->practitioner_id = doctor_id;
    visit->pool = !wish->practitioner_id;
    visit->is_walk_in = true;
    visit->starts_at_ms = clock_wall_ms(scheduling->clock);
    visit->ends_at_ms =
        visit->starts_at_ms +
        (visit->service ? visit->service->duration_ms : (int64_t)WALK_IN_MINUTES * 60 * 1000);
    return true;
}
