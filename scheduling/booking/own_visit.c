// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/own_visit.h"

#include "scheduling/record/event.h"

static bool is_staff(const Actor *actor)
{
    return actor->role == ACTOR_DESK || actor->role == ACTOR_DOCTOR ||
           actor->role == ACTOR_COORDINATOR;
}

/* An officer has the person and the card before them, staff have the patient. Whoever books from
 * outside has shown no more than a NIK that others may know, so the phone has to be the same, too:
 * a NIK alone neither tells where its bearer is seen nor keeps the bearer from booking. */
static bool is_known(const Actor *actor)
{
    return is_staff(actor) || actor->role == ACTOR_OFFICER;
}

static DbQuery *ask(DbTx *tx, const OwnVisitQuery *query, int64_t now_ms)
{
    DbQuery *rows = db_query(tx, "own_visit_at");
    db_bind_text(rows, 1, query->patient_id);
    db_bind_text(rows, 2, query->phone_index);
    db_bind_int(rows, 3, query->starts_at_ms);
    db_bind_int(rows, 4, query->ends_at_ms);
    db_bind_int(rows, 5, now_ms);
    db_bind_int(rows, 7, !query->has_phone);
    return rows;
}

static bool find(Scheduling *scheduling, DbTx *tx, const OwnVisitQuery *query, const Actor *actor,
                 OwnVisitCheck *check, GError **error)
{
    DbQuery *row = ask(tx, query, clock_wall_ms(scheduling->clock));
    db_bind_int(row, 6, !is_known(actor));
    DbStep step = db_step(row, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    check->is_found = true;
    /* A coordinator sees no patient. */
    bool may_know = is_staff(actor) && actor->role != ACTOR_COORDINATOR;
    check->is_told = may_know && g_strcmp0(db_column_text(row, 1), query->facility_id) == 0;
    scheduling_copy_column(row, 0, check->visit_id, sizeof check->visit_id);
    check->starts_at_ms = db_column_int(row, 2);
    scheduling_copy_column(row, 3, check->number, sizeof check->number);
    scheduling_copy_column(row, 4, check->clinic, sizeof check->clinic);
    db_reset(row);
    return true;
}

bool own_visit_check(Scheduling *scheduling, DbTx *tx, const OwnVisitQuery *query,
                     const Actor *actor, OwnVisitCheck *check, GError **error)
{
    if (!find(scheduling, tx, query, actor, check, error))
        return false;
    if (!check->is_found || (check->reason && is_staff(actor)))
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_OWN_BOOKING,
                        "the person has a visit at that time");
    return false;
}

bool own_visit_note(Scheduling *scheduling, DbTx *tx, const char *visit_id, const Actor *actor,
                    const OwnVisitCheck *check, GError **error)
{
    if (!check->is_found)
        return true;
    const EventRow event = {
        .visit_id = visit_id,
        .at_ms = clock_wall_ms(scheduling->clock),
        .kind = "overlaps",
        .actor = actor_role_name(actor->role),
        .participant_id = actor->participant_id,
        .detail = check->reason,
    };
    const AuditedChange change = {"booking.overlap", "visit", visit_id, check->reason};
    return event_append(tx, &event, error) &&
           scheduling_audit_change(scheduling, tx, actor, &change, error);
}

bool own_visit_list(DbTx *tx, const OwnVisitQuery *query, GArray *ret_visits, GError **error)
{
    DbQuery *rows = ask(tx, query, 0);
    db_bind_int(rows, 6, false);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        OwnVisit visit = {.starts_at_ms = db_column_int(rows, 2),
                          .ends_at_ms = db_column_int(rows, 5)};
        scheduling_copy_column(rows, 0, visit.visit_id, sizeof visit.visit_id);
        g_array_append_val(ret_visits, visit);
    }
    return step == DB_DONE;
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    OwnVisitCheck check;
    GError *refusal;
    BookingDone done;
    gpointer user_data;
} RefuseOp;

static void refuse_op_free(gpointer data)
{
    RefuseOp *op = data;
    actor_copy_clear(&op->actor);
    g_error_free(op->refusal);
    g_free(op);
}

static bool refuse_job(DbTx *tx, gpointer data, GError **error)
{
    RefuseOp *op = data;
    return scheduling_audit(op->scheduling, tx, &op->actor.actor, "booking.overlap_seen", "visit",
                            op->check.visit_id, error);
}

static void on_refused(gpointer data, const GError *error)
{
    RefuseOp *op = data;
    const Booking booking = {
        .own_starts_at_ms = op->check.starts_at_ms,
        .own_number = op->check.number,
        .own_clinic = op->check.clinic,
    };
    op->done(&booking, error ? error : op->refusal, op->user_data);
}

void own_visit_refuse(Scheduling *scheduling, const Actor *actor, const OwnVisitCheck *check,
                      const GError *error, BookingDone done, gpointer user_data)
{
    if (!check->is_told) {
        const Booking nothing = {0};
        done(&nothing, error, user_data);
        return;
    }
    RefuseOp *op = g_new0(RefuseOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->check = *check;
    op->check.reason = NULL; /* is the caller's */
    op->refusal = g_error_copy(error);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, refuse_job, on_refused, op, refuse_op_free);
}
