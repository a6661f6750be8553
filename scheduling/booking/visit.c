// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit.h"

#include "scheduling/booking/visit_row.h"
#include "scheduling/record/event.h"

enum { REASON_MAX_CHARS = 200 };

typedef struct CommandOp CommandOp;
struct CommandOp {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    unsigned roles; /* who may, bits by ActorRole */
    bool (*apply)(CommandOp *op, DbTx *tx, VisitRow *row, GError **error);
    VisitState outcome; /* end */
    char *reason;       /* cancel */
    ChangeBox box;
    VisitDone done;
    gpointer user_data;
};

static void command_op_free(gpointer data)
{
    CommandOp *op = data;
    g_free(op->visit_id);
    g_free(op->reason);
    actor_copy_clear(&op->actor);
    g_free(op);
}

static CommandOp *command_op_new(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                                 VisitDone done, gpointer user_data)
{
    CommandOp *op = g_new0(CommandOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    return op;
}

static bool command_job(DbTx *tx, gpointer data, GError **error)
{
    CommandOp *op = data;
    VisitRow row;
    if (!visit_row_load(tx, op->visit_id, &row, error) ||
        !visit_row_check_actor(tx, &row, &op->actor.actor, op->roles, error))
        return false;
    visit_row_describe(op->scheduling, &row, op->actor.actor.role, &op->box);
    return op->apply(op, tx, &row, error);
}

static void on_command_done(gpointer data, const GError *error)
{
    CommandOp *op = data;
    if (error)
        op->box.has_changed = false;
    scheduling_notify(op->scheduling, &op->box);
    if (op->done)
        op->done(op->box.is_known ? &op->box.change : NULL, error, op->user_data);
}

static void command_run(CommandOp *op)
{
    db_write(op->scheduling->db, command_job, on_command_done, op, command_op_free);
}

static bool go_to(CommandOp *op, DbTx *tx, VisitRow *row, VisitState to, GError **error)
{
    VisitStep step = {.to = to, .actor = &op->actor.actor, .detail = op->reason};
    return visit_set_state(op->scheduling, tx, row, &step, &op->box, error);
}

static bool apply_check_in(CommandOp *op, DbTx *tx, VisitRow *row, GError **error)
{
    if (row->state == VISIT_STATE_CHECKED_IN || row->state == VISIT_STATE_CALLED ||
        row->state == VISIT_STATE_IN_CALL)
        return true;
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    if (row->state == VISIT_STATE_BOOKED && now_ms < op->box.change.opens_at_ms) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_EARLY,
                            "check-in is not open yet");
        return false;
    }
    if (row->state == VISIT_STATE_BOOKED &&
        now_ms > row->ends_at_ms + op->scheduling->policy.open_after_ms) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE,
                            "the visit's time is long over");
        return false;
    }
    return go_to(op, tx, row, VISIT_STATE_CHECKED_IN, error);
}

void visit_check_in(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                    VisitDone done, gpointer user_data)
{
    CommandOp *op = command_op_new(scheduling, visit_id, actor, done, user_data);
    op->roles = (1U << ACTOR_PATIENT) | (1U << ACTOR_DESK) | (1U << ACTOR_SYSTEM);
    op->apply = apply_check_in;
    command_run(op);
}

static bool apply_call(CommandOp *op, DbTx *tx, VisitRow *row, GError **error)
{
    return go_to(op, tx, row, VISIT_STATE_CALLED, error);
}

void visit_call(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                gpointer user_data)
{
    CommandOp *op = command_op_new(scheduling, visit_id, actor, done, user_data);
    op->roles = 1U << ACTOR_DOCTOR;
    op->apply = apply_call;
    command_run(op);
}

static bool apply_accept(CommandOp *op, DbTx *tx, VisitRow *row, GError **error)
{
    if (row->state == VISIT_STATE_IN_CALL)
        return true;
    if (row->state != VISIT_STATE_CALLED) {
        visit_row_refuse(row->state, error);
        return false;
    }
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    EventRow event = {
        .visit_id = row->id,
        .at_ms = now_ms,
        .kind = "accepted",
        .actor = actor_role_name(op->actor.actor.role),
        .participant_id = op->actor.actor.participant_id,
    };
    DbQuery *query = db_query(tx, "visit_course_accept");
    db_bind_text(query, 1, row->id);
    db_bind_int(query, 2, now_ms);
    return db_exec(query, error) && event_append(tx, &event, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "visit.accepted", "visit",
                            row->id, error);
}

void visit_accept(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                  gpointer user_data)
{
    CommandOp *op = command_op_new(scheduling, visit_id, actor, done, user_data);
    op->roles = 1U << ACTOR_PATIENT;
    op->apply = apply_accept;
    command_run(op);
}

static bool apply_connect(CommandOp *op, DbTx *tx, VisitRow *row, GError **error)
{
    return row->state == VISIT_STATE_IN_CALL || go_to(op, tx, row, VISIT_STATE_IN_CALL, error);
}

void visit_connect(Scheduling *scheduling, const char *visit_id, VisitDone done, gpointer user_data)
{
    Actor system = {.role = ACTOR_SYSTEM};
    CommandOp *op = command_op_new(scheduling, visit_id, &system, done, user_data);
    op->roles = 1U << ACTOR_SYSTEM;
    op->apply = apply_connect;
    command_run(op);
}

static bool is_outcome(VisitState state)
{
    return state == VISIT_STATE_DONE || state == VISIT_STATE_TECH_FAILED ||
           state == VISIT_STATE_CONVERTED_PHONE || state == VISIT_STATE_CONVERTED_IN_PERSON ||
           state == VISIT_STATE_NO_SHOW_PATIENT;
}

static bool apply_end(CommandOp *op, DbTx *tx, VisitRow *row, GError **error)
{
    /* A consultation that nobody answered is not done: it has another outcome. */
    bool unanswered = row->state == VISIT_STATE_CALLED && row->accepted_at_ms == 0;
    if (!is_outcome(op->outcome) || (op->outcome == VISIT_STATE_DONE && unanswered)) {
        visit_row_refuse(row->state, error);
        return false;
    }
    return go_to(op, tx, row, op->outcome, error);
}

void visit_end(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitState outcome,
               VisitDone done, gpointer user_data)
{
    CommandOp *op = command_op_new(scheduling, visit_id, actor, done, user_data);
    op->roles = (1U << ACTOR_DOCTOR) | (1U << ACTOR_SYSTEM);
    op->outcome = outcome;
    op->apply = apply_end;
    command_run(op);
}

static VisitState cancelled_state(const CommandOp *op, const VisitRow *row)
{
    switch (op->actor.actor.role) {
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
    case ACTOR_SYSTEM:
        return VISIT_STATE_CANCELLED_SYSTEM;
    }
    g_assert_not_reached();
}

static bool apply_cancel(CommandOp *op, DbTx *tx, VisitRow *row, GError **error)
{
    return go_to(op, tx, row, cancelled_state(op, row), error);
}

void visit_cancel(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                  const char *reason, VisitDone done, gpointer user_data)
{
    CommandOp *op = command_op_new(scheduling, visit_id, actor, done, user_data);
    op->roles =
        (1U << ACTOR_PATIENT) | (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK) | (1U << ACTOR_SYSTEM);
    if (reason && reason[0] != '\0') {
        g_autofree char *valid = g_utf8_make_valid(reason, -1);
        op->reason = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), REASON_MAX_CHARS));
    }
    op->apply = apply_cancel;
    command_run(op);
}
