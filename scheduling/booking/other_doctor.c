// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/other_doctor.h"

#include <string.h>

#include "scheduling/clinic/hours_kept.h"

struct OtherDoctor {
    Scheduling *scheduling;
    DbTx *tx;
    GHashTable *clinics; /* "clinic date" -> GArray of DutyDoctor */
    GHashTable *days;    /* of hours_kept_is_unplaced_in() */
};

static void doctors_unref(gpointer doctors)
{
    g_array_unref(doctors);
}

OtherDoctor *other_doctor_new(Scheduling *scheduling, DbTx *tx)
{
    OtherDoctor *other = g_new0(OtherDoctor, 1);
    other->scheduling = scheduling;
    other->tx = tx;
    other->clinics = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, doctors_unref);
    other->days = hours_kept_days_new();
    return other;
}

void other_doctor_free(OtherDoctor *other)
{
    if (!other)
        return;
    g_hash_table_unref(other->clinics);
    g_hash_table_unref(other->days);
    g_free(other);
}

static const GArray *doctors_of(OtherDoctor *other, const OtherDoctorVisit *visit, GError **error)
{
    g_autofree char *key = g_strjoin(" ", visit->clinic_id, visit->date, NULL);
    GArray *known = g_hash_table_lookup(other->clinics, key);
    if (known)
        return known;
    const DutyQuery query = {
        .clinic_id = visit->clinic_id, .facility_id = visit->facility_id, .date = visit->date};
    g_autoptr(GArray) doctors = g_array_new(FALSE, FALSE, sizeof(DutyDoctor));
    if (!duty_load(other->scheduling, other->tx, &query, doctors, error))
        return NULL;
    known = g_steal_pointer(&doctors);
    g_hash_table_insert(other->clinics, g_steal_pointer(&key), known);
    return known;
}

static bool may_see(const OtherDoctorVisit *visit, DutyFault fault)
{
    return visit->is_urgent ? !duty_fault_is_final(fault) : fault == DUTY_FIT;
}

static const char *why_of_one(const OtherDoctorVisit *visit, const GArray *doctors)
{
    for (unsigned i = 0; i < doctors->len; i++) {
        const DutyDoctor *doctor = &g_array_index(doctors, DutyDoctor, i);
        if (strcmp(doctor->practitioner_id, visit->practitioner_id) == 0)
            return may_see(visit, doctor->fault) ? NULL : duty_fault_name(doctor->fault);
    }
    return duty_fault_name(DUTY_ARCHIVED);
}

/* As one is given to whoever is free (walk_in.c). */
static const char *why_of_any(const OtherDoctorVisit *visit, const GArray *doctors)
{
    bool may_any = false;
    for (unsigned i = 0; i < doctors->len; i++) {
        const DutyDoctor *doctor = &g_array_index(doctors, DutyDoctor, i);
        bool needs_hours = !visit->is_urgent && !visit->is_at_post;
        if (needs_hours ? doctor->works : may_see(visit, doctor->fault))
            return NULL;
        may_any = may_any || !duty_fault_is_final(doctor->fault);
    }
    return may_any ? "nobody_works" : "nobody_may";
}

bool other_doctor_find(OtherDoctor *other, const OtherDoctorVisit *visit, const char **ret_why,
                       GError **error)
{
    const GArray *doctors = doctors_of(other, visit, error);
    if (!doctors)
        return false;
    *ret_why = visit->practitioner_id ? why_of_one(visit, doctors) : why_of_any(visit, doctors);
    return true;
}

/* *RET_IS: the visit waits, and needs another doctor. */
static bool waits_in_vain(OtherDoctor *other, const char *visit_id, bool *ret_is, GError **error)
{
    const char *why = NULL;
    DbQuery *row = db_query(other->tx, "other_doctor_waiting");
    db_bind_text(row, 1, visit_id);
    DbStep step = db_step(row, error);
    bool ok = step != DB_FAILED;
    if (step == DB_ROW) {
        const OtherDoctorVisit visit = {
            .clinic_id = db_column_text(row, 0),
            .facility_id = db_column_text(row, 1),
            .practitioner_id = db_column_text(row, 2),
            .date = db_column_text(row, 3),
            .is_urgent = db_column_int(row, 4) != 0,
            .is_at_post = db_column_int(row, 5) != 0,
        };
        ok = other_doctor_find(other, &visit, &why, error);
    }
    db_reset(row);
    *ret_is = why != NULL;
    return ok;
}

bool other_doctor_is_unplaced(OtherDoctor *other, const char *visit_id, bool *ret_is,
                              GError **error)
{
    bool is = false;
    if (!hours_kept_is_unplaced_in(other->scheduling, other->tx, other->days, visit_id, &is,
                                   error) ||
        (!is && !waits_in_vain(other, visit_id, &is, error)))
        return false;
    *ret_is = is;
    return true;
}
