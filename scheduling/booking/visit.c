// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit.h"

#include <string.h>

#include "scheduling/booking/queue.h"
#include "scheduling/booking/visit_command.h"
#include "scheduling/clinic/duty_row.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/outbox/late_row.h"
#include "scheduling/policy/policy.h"
#include "scheduling/record/event.h"

static const int64_t minute_ms = (int64_t)60 * 1000;

/* Who is to come is there when staff say so, at whatever hour of the day; who is phoned waits for
 * nothing. */
static bool check_arrival(const VisitCommand *command, const VisitRow *row, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    const Scheduling *scheduling = command->scheduling;
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    ActorRole role = command->actor.actor.role;
    bool is_in_person = row->way == VISIT_WAY_IN_PERSON;
    bool is_staff = role == ACTOR_DESK || role == ACTOR_DOCTOR;
    bool is_theirs = is_in_person ? is_staff : row->way == VISIT_WAY_VIDEO && !is_staff;
    if (!is_theirs) {
        visit_row_refuse(row->state, error);
        return false;
    }
    clock_local_date(now_ms, scheduling->zone, today);
    bool is_early = is_in_person ? strcmp(today, row->local_date) < 0
                                 : now_ms < command->box.change.opens_at_ms;
    if (is_early)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_EARLY,
                            "check-in is not open yet");
    return !is_early;
}

static bool apply_check_in(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    if (row->state == VISIT_STATE_CHECKED_IN || row->state == VISIT_STATE_CALLED ||
        row->state == VISIT_STATE_IN_CALL)
        return true;
    int64_t now_ms = clock_wall_ms(command->scheduling->clock);
    if (row->state == VISIT_STATE_BOOKED && !check_arrival(command, row, error))
        return false;
    Policy policy;
    LateRow late;
    if (!policy_load(command->scheduling, tx, row->facility_id, &policy, error) ||
        !late_of_visit(tx, row, &late, error))
        return false;
    int64_t closes_ms =
        MAX(row->ends_at_ms + late.minutes * minute_ms + policy_ms(&policy, POLICY_OPEN_AFTER),
            late.until_ms);
    if (row->state == VISIT_STATE_BOOKED && now_ms > closes_ms) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE,
                            "the visit's time is long over");
        return false;
    }
    return visit_command_go(command, tx, row, VISIT_STATE_CHECKED_IN, error) &&
           queue_note_arrival(command->scheduling, tx, row, now_ms, error);
}

void visit_check_in(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                    VisitDone done, gpointer user_data)
{
    VisitCommand *command = visit_command_new(scheduling, visit_id, actor, done, user_data);
    command->roles =
        (1U << ACTOR_PATIENT) | (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK) | (1U << ACTOR_SYSTEM);
    command->apply = apply_check_in;
    visit_command_run(command);
}

/* By the doctor's page, or by the socket of the visit's own doctor: a socket does not say who of
 * several doctors it is. */
static char *calling_doctor(DbTx *tx, const Actor *actor, const VisitRow *row, GError **error)
{
    if (actor->participant_id && visit_row_is_unclaimed(row)) {
        visit_row_refuse(row->state, error);
        return NULL;
    }
    return actor->participant_id ? g_strdup(row->practitioner_id)
                                 : scheduling_actor_practitioner(tx, actor, error);
}

/* One at a time, by whatever way it is called; a group's host lets in all of them. */
static bool check_free(const VisitCommand *command, DbTx *tx, const VisitRow *row,
                       const char *doctor_id, GError **error)
{
    const QueueKey key = {.practitioner_id = doctor_id, .local_date = row->local_date};
    char busy_with[SCHEDULING_ID_BYTES];
    return row->is_in_group ||
           queue_check_free(command->scheduling, tx, &key, row->id, busy_with, error);
}

/* No visit begins without one; one that was called before its last day was over goes on. */
static bool check_permit(const VisitCommand *command, DbTx *tx, const VisitRow *row,
                         const char *doctor_id, GError **error)
{
    bool is_begun = row->state == VISIT_STATE_CALLED || row->state == VISIT_STATE_IN_CALL;
    return is_begun ||
           duty_check_permit(command->scheduling, tx, row->facility_id, doctor_id, error);
}

static bool apply_call(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    g_autofree char *doctor_id = calling_doctor(tx, &command->actor.actor, row, error);
    return doctor_id && check_permit(command, tx, row, doctor_id, error) &&
           check_free(command, tx, row, doctor_id, error) &&
           queue_note_call(command->scheduling, tx, row, doctor_id, NULL, error) &&
           visit_command_go(command, tx, row, VISIT_STATE_CALLED, error);
}

void visit_call(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                gpointer user_data)
{
    VisitCommand *command = visit_command_new(scheduling, visit_id, actor, done, user_data);
    command->roles = 1U << ACTOR_DOCTOR;
    command->apply = apply_call;
    visit_command_run(command);
}

static bool apply_accept(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    if (row->state == VISIT_STATE_IN_CALL)
        return true;
    if (row->state != VISIT_STATE_CALLED) {
        visit_row_refuse(row->state, error);
        return false;
    }
    int64_t now_ms = clock_wall_ms(command->scheduling->clock);
    EventRow event = {
        .visit_id = row->id,
        .at_ms = now_ms,
        .kind = "accepted",
        .actor = actor_role_name(command->actor.actor.role),
        .participant_id = command->actor.actor.participant_id,
    };
    DbQuery *query = db_query(tx, "visit_course_accept");
    db_bind_text(query, 1, row->id);
    db_bind_int(query, 2, now_ms);
    return db_exec(query, error) && event_append(tx, &event, error) &&
           scheduling_audit(command->scheduling, tx, &command->actor.actor, "visit.accepted",
                            "visit", row->id, error);
}

void visit_accept(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                  gpointer user_data)
{
    VisitCommand *command = visit_command_new(scheduling, visit_id, actor, done, user_data);
    command->roles = 1U << ACTOR_PATIENT;
    command->apply = apply_accept;
    visit_command_run(command);
}

static bool apply_connect(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    return row->state == VISIT_STATE_IN_CALL ||
           visit_command_go(command, tx, row, VISIT_STATE_IN_CALL, error);
}

void visit_connect(Scheduling *scheduling, const char *visit_id, VisitDone done, gpointer user_data)
{
    Actor system = {.role = ACTOR_SYSTEM};
    VisitCommand *command = visit_command_new(scheduling, visit_id, &system, done, user_data);
    command->roles = 1U << ACTOR_SYSTEM;
    command->apply = apply_connect;
    visit_command_run(command);
}

static bool is_outcome(VisitState state)
{
    return state == VISIT_STATE_DONE || state == VISIT_STATE_TECH_FAILED ||
           state == VISIT_STATE_CONVERTED_PHONE || state == VISIT_STATE_CONVERTED_IN_PERSON ||
           state == VISIT_STATE_NO_SHOW_PATIENT;
}

/* One that is meant to go on by telephone or at the facility is done when it was so; without a
 * video call it is not in_call before. */
static bool check_held(const VisitCommand *command, DbTx *tx, const VisitRow *row, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    bool is_met = true;
    if (command->outcome != VISIT_STATE_DONE || row->state == VISIT_STATE_IN_CALL)
        return true;
    bool is_by_video = row->way == VISIT_WAY_VIDEO;
    /* A consultation that nobody answered is not done: it has another outcome. */
    bool is_unanswered = row->state == VISIT_STATE_CALLED && row->accepted_at_ms == 0;
    if (visit_state_row(row->state)->is_final || row->state == VISIT_STATE_REQUESTED ||
        (is_by_video && (row->state != VISIT_STATE_CALLED || is_unanswered))) {
        visit_row_refuse(row->state, error);
        return false;
    }
    clock_local_date(clock_wall_ms(command->scheduling->clock), command->scheduling->zone, today);
    if (!is_by_video && strcmp(today, row->local_date) < 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_TODAY,
                            "the visit is of a later day");
        return false;
    }
    if (row->way == VISIT_WAY_PHONE && !visit_row_was_phoned(tx, row, &is_met, error))
        return false;
    if (!is_met)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_MET,
                            "the doctor has not asked for the telephone number");
    return is_met;
}

/* What has not come yet was neither missed nor did it fail. */
static bool check_time(const VisitCommand *command, DbTx *tx, const VisitRow *row, GError **error)
{
    if (command->actor.actor.role == ACTOR_SYSTEM)
        return true;
    if (command->outcome == VISIT_STATE_NO_SHOW_PATIENT)
        return visit_command_check_absent(command, tx, row, error);
    bool is_early = command->outcome == VISIT_STATE_TECH_FAILED &&
                    !visit_state_row(row->state)->is_final &&
                    clock_wall_ms(command->scheduling->clock) < command->box.change.opens_at_ms;
    if (is_early)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_EARLY,
                            "check-in is not open yet");
    return !is_early;
}

/* It ends for the doctor to phone, who needs a number; what may not end so anyway says why. */
static bool check_phone(const VisitCommand *command, const VisitRow *row, GError **error)
{
    return command->outcome != VISIT_STATE_CONVERTED_PHONE ||
           !visit_state_may_follow(row->state, command->outcome) ||
           visit_row_need_phone(row, error);
}

static bool apply_end(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    if (!is_outcome(command->outcome)) {
        visit_row_refuse(row->state, error);
        return false;
    }
    if (!check_held(command, tx, row, error) || !check_time(command, tx, row, error) ||
        !check_phone(command, row, error))
        return false;
    return command->outcome == VISIT_STATE_NO_SHOW_PATIENT
               ? visit_command_go_absent(command, tx, row, error)
               : visit_command_go(command, tx, row, command->outcome, error);
}

void visit_end(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitState outcome,
               VisitDone done, gpointer user_data)
{
    VisitCommand *command = visit_command_new(scheduling, visit_id, actor, done, user_data);
    command->roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_SYSTEM);
    command->outcome = outcome;
    command->apply = apply_end;
    visit_command_run(command);
}

static VisitState cancelled_state(const VisitCommand *command, const VisitRow *row)
{
    switch (command->actor.actor.role) {
    case ACTOR_CLIENT:
    case ACTOR_PATIENT:
        return row->state == VISIT_STATE_CHECKED_IN || row->state == VISIT_STATE_CALLED
                   ? VISIT_STATE_LEFT_WITHOUT_BEING_SEEN
                   : VISIT_STATE_CANCELLED_PATIENT;
    case ACTOR_DOCTOR:
    case ACTOR_DESK:
        return VISIT_STATE_CANCELLED_PROVIDER;
    case ACTOR_OFFICE:
    case ACTOR_ADMIN:
    case ACTOR_COORDINATOR:
    case ACTOR_OFFICER:
    case ACTOR_SYSTEM:
        return VISIT_STATE_CANCELLED_SYSTEM;
    }
    g_assert_not_reached();
}

/* Who waits may leave at any time; another system sends nobody away who is there. */
static bool check_cancel(const VisitCommand *command, DbTx *tx, const VisitRow *row, GError **error)
{
    Policy policy;
    ActorRole role = command->actor.actor.role;
    bool is_to_come = row->state == VISIT_STATE_REQUESTED || row->state == VISIT_STATE_BOOKED;
    if (role == ACTOR_CLIENT && !is_to_come) {
        visit_row_refuse(row->state, error);
        return false;
    }
    if ((role != ACTOR_PATIENT && role != ACTOR_CLIENT) || row->state != VISIT_STATE_BOOKED)
        return true;
    if (!policy_load(command->scheduling, tx, row->facility_id, &policy, error))
        return false;
    int64_t until_ms = policy_ms(&policy, POLICY_CANCEL_UNTIL);
    if (until_ms == 0 || row->starts_at_ms - clock_wall_ms(command->scheduling->clock) >= until_ms)
        return true;
    /* Whom nobody can see leaves at any time, as with a move. */
    bool is_unplaced = false;
    if (!hours_kept_is_unplaced(command->scheduling, tx, row->id, &is_unplaced, error))
        return false;
    if (!is_unplaced)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_LATE,
                            "the visit is too near to be cancelled by its patient");
    return is_unplaced;
}

static bool apply_cancel(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    if (!check_cancel(command, tx, row, error))
        return false;
    return visit_command_go(command, tx, row, cancelled_state(command, row), error);
}

void visit_cancel(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                  const char *reason, VisitDone done, gpointer user_data)
{
    VisitCommand *command = visit_command_new(scheduling, visit_id, actor, done, user_data);
    command->roles = (1U << ACTOR_PATIENT) | (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK) |
                     (1U << ACTOR_CLIENT) | (1U << ACTOR_SYSTEM);
    visit_command_set_reason(command, reason);
    command->apply = apply_cancel;
    visit_command_run(command);
}
