// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/convert.h"

#include <string.h>

#include "scheduling/booking/queue.h"
#include "scheduling/booking/visit_command.h"

/* No claim that begins earlier reaches into the visit. */
static const int64_t longest_visit_ms = (int64_t)24 * 60 * 60 * 1000;

/* Who is called or in a call ends so with visit_end(): the doctor talks with the patient. */
static bool check_states(const VisitCommand *command, const VisitRow *row, GError **error)
{
    VisitState to = command->outcome;
    bool is_known = to == VISIT_STATE_CONVERTED_PHONE || to == VISIT_STATE_CONVERTED_IN_PERSON;
    if (is_known && (row->state == VISIT_STATE_BOOKED || row->state == VISIT_STATE_CHECKED_IN))
        return true;
    visit_row_refuse(row->state, error);
    return false;
}

/* It ends the visit for its patient, who can neither move nor cancel it any more: of another day it
 * is too early to say. */
static bool check_day(const VisitCommand *command, const VisitRow *row, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    const Scheduling *scheduling = command->scheduling;
    clock_local_date(clock_wall_ms(scheduling->clock), scheduling->zone, today);
    if (strcmp(row->local_date, today) <= 0)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_TODAY,
                        "the visit is of a later day");
    return false;
}

/* Has the doctor nothing else at ROW's time, neither a visit nor a group nor what is kept? */
static bool check_claims(const Scheduling *scheduling, DbTx *tx, const VisitRow *row,
                         const char *practitioner_id, GError **error)
{
    DbQuery *claims = db_query(tx, "slot_claims");
    db_bind_text(claims, 1, practitioner_id);
    db_bind_int(claims, 2, row->starts_at_ms - longest_visit_ms);
    db_bind_int(claims, 3, row->ends_at_ms);
    db_bind_int(claims, 4, clock_wall_ms(scheduling->clock));
    bool is_free = true;
    DbStep step;
    while ((step = db_step(claims, error)) == DB_ROW)
        is_free = is_free && db_column_int(claims, 1) <= row->starts_at_ms;
    if (step == DB_DONE && !is_free)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_DOCTOR_TAKEN,
                            "the doctor has another appointment at that time");
    return step == DB_DONE && is_free;
}

/* A time that is still to come is held in the calendar of who phones or sees the patient then; the
 * other doctor's is free. What has begun is done now, as a call is. */
static bool take_slot(const Scheduling *scheduling, DbTx *tx, const VisitRow *row,
                      const char *practitioner_id, GError **error)
{
    if (row->starts_at_ms <= clock_wall_ms(scheduling->clock))
        return true;
    DbQuery *query = db_query(tx, "queue_slot_of");
    db_bind_text(query, 1, row->id);
    if (!scheduling_need_row(query, "visit", error))
        return false;
    bool stays =
        db_column_is_null(query, 0) || g_str_equal(db_column_text(query, 0), practitioner_id);
    db_reset(query);
    if (stays)
        return true;
    if (!check_claims(scheduling, tx, row, practitioner_id, error))
        return false;
    DbQuery *take = db_query(tx, "queue_take_slot");
    db_bind_text(take, 1, row->id);
    db_bind_text(take, 2, practitioner_id);
    return db_exec(take, error);
}

/* Whose it is then must be known: this doctor phones the patient. */
static bool claim_for_doctor(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    const Actor *actor = &command->actor.actor;
    if (actor->role != ACTOR_DOCTOR || !visit_row_is_unclaimed(row))
        return true;
    g_autofree char *practitioner_id = scheduling_actor_practitioner(tx, actor, error);
    return practitioner_id && take_slot(command->scheduling, tx, row, practitioner_id, error) &&
           queue_claim(command->scheduling, tx, row, practitioner_id, error);
}

static bool apply_convert(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    const AuditedChange change = {"visit.convert", "visit", row->id, command->reason};
    return check_states(command, row, error) && check_day(command, row, error) &&
           claim_for_doctor(command, tx, row, error) &&
           visit_command_go(command, tx, row, command->outcome, error) &&
           scheduling_audit_change(command->scheduling, tx, &command->actor.actor, &change, error);
}

void visit_convert(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitState to,
                   const char *reason, VisitDone done, gpointer user_data)
{
    VisitCommand *command = visit_command_new(scheduling, visit_id, actor, done, user_data);
    command->roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK);
    command->outcome = to;
    command->apply = apply_convert;
    visit_command_set_reason(command, reason);
    visit_command_run(command);
}
