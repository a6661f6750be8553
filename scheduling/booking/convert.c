// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/convert.h"

#include "scheduling/booking/queue.h"
#include "scheduling/booking/unanswered_row.h"
#include "scheduling/booking/visit_command.h"
#include "scheduling/outbox/notification.h"
#include "scheduling/record/event.h"
#include "server/base/outbox.h"

/* No claim that begins earlier reaches into the visit. */
static const int64_t longest_visit_ms = (int64_t)24 * 60 * 60 * 1000;

/* Who is called or in a call ends so with visit_end(): the doctor talks with the patient. A group
 * meets by video, or does not. */
static bool check_state(const VisitRow *row, GError **error)
{
    bool is_open = row->state == VISIT_STATE_BOOKED || row->state == VISIT_STATE_CHECKED_IN;
    if (is_open && !row->is_in_group)
        return true;
    if (is_open)
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE,
                            "a group is by video");
    else
        visit_row_refuse(row->state, error);
    return false;
}

/* Posts and staff take down patients who have no telephone. */
static bool check_phone(const VisitCommand *command, const VisitRow *row, GError **error)
{
    return command->way != VISIT_WAY_PHONE || visit_row_need_phone(row, error);
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
    command->frees = true; /* the other doctor's time */
    return practitioner_id && take_slot(command->scheduling, tx, row, practitioner_id, error) &&
           queue_claim(command->scheduling, tx, row, practitioner_id, error);
}

/* Who waits does so for what it was: it is to come again, or to be phoned. */
static bool stop_waiting(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    const VisitStep step = {
        .to = VISIT_STATE_BOOKED,
        .actor = &command->actor.actor,
        .detail = "waits_no_more",
        .is_quiet = true,
        .is_inward = true,
    };
    if (row->state != VISIT_STATE_CHECKED_IN)
        return true;
    DbQuery *unwait = db_query(tx, "visit_course_unwait");
    db_bind_text(unwait, 1, row->id);
    return queue_set_delayed(tx, row->id, false, error) &&
           visit_set_state(command->scheduling, tx, row, &step, &command->box, error) &&
           db_exec(unwait, error);
}

static bool write_way(const VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    VisitWay to = command->way;
    DbQuery *query = db_query(tx, "visit_set_way");
    db_bind_text(query, 1, row->id);
    db_bind_text(query, 2, to == VISIT_WAY_VIDEO ? NULL : visit_way_name(to));
    row->way = to;
    row->pool = row->pool && to == VISIT_WAY_VIDEO;
    return db_exec(query, error);
}

static bool write_event(const VisitCommand *command, DbTx *tx, const VisitRow *row, GError **error)
{
    const Actor *actor = &command->actor.actor;
    g_autofree char *kind = g_strconcat("converted_", visit_way_name(row->way), NULL);
    const EventRow event = {
        .visit_id = row->id,
        .at_ms = clock_wall_ms(command->scheduling->clock),
        .kind = kind,
        .actor = actor_role_name(actor->role),
        .participant_id = actor->participant_id,
        .detail = command->reason,
    };
    const AuditedChange change = {"visit.convert", "visit", row->id, command->reason};
    return event_append(tx, &event, error) &&
           scheduling_audit_change(command->scheduling, tx, actor, &change, error);
}

/* Each change of the way by itself: it may go to and fro. */
static bool tell_outside(const VisitCommand *command, DbTx *tx, const VisitRow *row, GError **error)
{
    int64_t now_ms = clock_wall_ms(command->scheduling->clock);
    const char *way = visit_way_name(row->way);
    g_autofree char *payload = g_strdup_printf("{\"visit\":\"%s\",\"state\":\"%s\",\"way\":\"%s\"}",
                                               row->id, visit_state_name(row->state), way);
    g_autofree char *key =
        g_strdup_printf("visit.converted:%s:%s:%" G_GINT64_FORMAT, row->id, way, now_ms);
    const OutboxEntry entry = {
        .kind = "visit.converted",
        .subject_id = row->id,
        .payload = payload,
        .due_at_ms = now_ms,
        .dedup_key = key,
    };
    return outbox_append(tx, &entry, now_ms, error);
}

static bool apply_convert(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    if (!check_state(row, error))
        return false;
    if (row->way == command->way)
        return true; /* a request that comes again */
    if (!check_phone(command, row, error) ||
        (command->way != VISIT_WAY_VIDEO && !claim_for_doctor(command, tx, row, error)))
        return false;
    if (!stop_waiting(command, tx, row, error) || !write_way(command, tx, row, error) ||
        !write_event(command, tx, row, error) || !tell_outside(command, tx, row, error) ||
        !notification_on_way(command->scheduling, tx, row, error))
        return false;
    /* Those who saw it in their pool hear that it is there no more. */
    const VisitChange before = command->box.change;
    bool was_unphoned = false;
    if (!unanswered_end(tx, row->id, clock_wall_ms(command->scheduling->clock), &was_unphoned,
                        error) ||
        !visit_row_describe(command->scheduling, tx, row, command->actor.actor.role, &command->box,
                            error))
        return false;
    command->box.change.from = before.from;
    command->box.change.pool = before.pool;
    command->box.change.is_unanswered_news = before.is_unanswered_news || was_unphoned;
    command->box.has_changed = true;
    return true;
}

void visit_convert(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitWay to,
                   const char *reason, VisitDone done, gpointer user_data)
{
    VisitCommand *command = visit_command_new(scheduling, visit_id, actor, done, user_data);
    command->roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK) | (1U << ACTOR_COORDINATOR);
    command->way = to;
    command->apply = apply_convert;
    visit_command_set_reason(command, reason);
    visit_command_run(command);
}
