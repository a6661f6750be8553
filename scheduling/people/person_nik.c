// SPDX-License-Identifier: Apache-2.0
/* The NIK of who had none when the visit was booked. It is written to the row with which it was
 * booked, whatever that was merged into: undoing the merge leaves it where it belongs. */
#include "scheduling/people/pair_private.h"

#include "scheduling/booking/person_compare.h"
#include "scheduling/booking/visit_row.h"

typedef struct {
    Scheduling *scheduling;
    char *visit_id, *nik; /* nik: as typed */
    ActorCopy actor;
    NikGiven given;
    NikDone done;
    gpointer user_data;
} NikOp;

static void nik_op_free(gpointer data)
{
    NikOp *op = data;
    g_free(op->visit_id);
    secret_text_free(op->nik);
    actor_copy_clear(&op->actor);
    fault_list_free(op->given.faults);
    fault_list_free(op->given.warnings);
    g_free(op);
}

typedef struct {
    char id[SCHEDULING_ID_BYTES];
    char birth_date[SCHEDULING_DATE_BYTES];
    char sex; /* 0: nobody said */
    bool has_nik;
} Whose;

static bool load_whose(DbTx *tx, const char *visit_id, Whose *ret_whose, GError **error)
{
    DbQuery *row = db_query(tx, "person_of_visit");
    db_bind_text(row, 1, visit_id);
    if (!scheduling_need_row(row, "patient", error))
        return false;
    scheduling_copy_column(row, 0, ret_whose->id, sizeof ret_whose->id);
    scheduling_copy_column(row, 1, ret_whose->birth_date, sizeof ret_whose->birth_date);
    ret_whose->has_nik = db_column_text(row, 2) != NULL;
    ret_whose->sex = db_column_is_null(row, 3) ? '\0' : db_column_text(row, 3)[0];
    db_reset(row);
    return true;
}

/* As with a booking, what the NIK says otherwise only warns. */
static bool read_nik(NikOp *op, DbTx *tx, const Whose *whose, PersonNik *ret_nik, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    const PersonStated stated = {whose->birth_date, whose->sex};
    const char *code = person_nik_parse(op->nik, whose->birth_date, today, ret_nik);
    if (code) {
        fault_list_add(op->given.faults, "nik", code, "16 digits");
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "the NIK is wrong");
        return false;
    }
    return person_nik_compare(op->scheduling, tx, ret_nik, &stated, op->given.warnings, error);
}

static bool set_nik(NikOp *op, DbTx *tx, const char *patient_id, const PersonNik *nik,
                    GError **error)
{
    const char sex[] = {nik->sex, '\0'};
    g_autofree char *sealed = secret_box_seal(op->scheduling->box, "patient.nik", nik->digits);
    g_autofree char *index = secret_box_index(op->scheduling->box, "patient.nik", nik->digits);
    DbQuery *query = db_query(tx, "person_set_nik");
    db_bind_text(query, 1, patient_id);
    db_bind_text(query, 2, sealed);
    db_bind_text(query, 3, index);
    db_bind_text(query, 4, sex);
    return db_exec(query, error);
}

static bool count_pairs(DbTx *tx, const char *patient_id, int64_t *ret_n, GError **error)
{
    DbQuery *row = db_query(tx, "pair_count_open");
    db_bind_text(row, 1, patient_id);
    if (!scheduling_need_row(row, "count", error))
        return false;
    *ret_n = db_column_int(row, 0);
    db_reset(row);
    return true;
}

static bool nik_job(DbTx *tx, gpointer data, GError **error)
{
    NikOp *op = data;
    const Actor *actor = &op->actor.actor;
    VisitRow visit;
    Whose whose;
    PersonNik nik;
    if (!visit_row_load(tx, op->visit_id, &visit, error) ||
        !visit_row_check_actor(tx, &visit, actor, 1U << ACTOR_DESK, error) ||
        !load_whose(tx, op->visit_id, &whose, error))
        return false;
    if (whose.has_nik) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE, "there is a NIK");
        return false;
    }
    bool ok = read_nik(op, tx, &whose, &nik, error) && set_nik(op, tx, whose.id, &nik, error);
    secret_wipe(&nik, sizeof nik);
    return ok &&
           scheduling_audit(op->scheduling, tx, actor, "patient.nik", "patient", whose.id, error) &&
           pair_find(op->scheduling, tx, whose.id, visit.facility_id, error) &&
           count_pairs(tx, whose.id, &op->given.n_pairs, error);
}

static void on_nik_done(gpointer data, const GError *error)
{
    NikOp *op = data;
    op->done(&op->given, error, op->user_data);
}

void person_give_nik(Scheduling *scheduling, const char *visit_id, const char *nik,
                     const Actor *actor, NikDone done, gpointer user_data)
{
    NikOp *op = g_new0(NikOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->nik = g_strdup(nik);
    actor_copy_init(&op->actor, actor);
    op->given.faults = fault_list_new();
    op->given.warnings = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, nik_job, on_nik_done, op, nik_op_free);
}
