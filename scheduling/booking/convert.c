// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/convert.h"

#include "scheduling/booking/queue.h"
#include "scheduling/booking/visit_command.h"

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

/* Whose it is then must be known: this doctor phones the patient. */
static bool claim_for_doctor(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    const Actor *actor = &command->actor.actor;
    if (actor->role != ACTOR_DOCTOR || !visit_row_is_unclaimed(row))
        return true;
    g_autofree char *practitioner_id = scheduling_actor_practitioner(tx, actor, error);
    return practitioner_id && queue_claim(command->scheduling, tx, row, practitioner_id, error);
}

static bool apply_convert(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    const AuditedChange change = {"visit.convert", "visit", row->id, command->reason};
    return check_states(command, row, error) && claim_for_doctor(command, tx, row, error) &&
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
