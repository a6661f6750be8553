// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/queue_step.h"

#include "scheduling/booking/queue.h"
#include "scheduling/booking/visit_command.h"
#include "scheduling/clinic/duty_row.h"

enum { DOCTOR = 1U << ACTOR_DOCTOR, DOCTOR_AND_DESK = DOCTOR | (1U << ACTOR_DESK) };

/* Calling the next one. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    QueueCall call;
    ChangeBox box;
    QueueCallDone done;
    gpointer user_data;
} CallOp;

static void call_op_free(gpointer data)
{
    CallOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op);
}

static bool call_visit(CallOp *op, DbTx *tx, const GArray *turns, const char *practitioner_id,
                       GError **error)
{
    const char *visit_id = g_array_index(turns, Turn, turn_next(turns)).id;
    VisitRow row;
    VisitStep step = {.to = VISIT_STATE_CALLED, .actor = &op->actor.actor};
    if (!visit_row_load(tx, visit_id, &row, error) ||
        !queue_note_call(op->scheduling, tx, &row, practitioner_id, turns, error) ||
        !visit_set_state(op->scheduling, tx, &row, &step, &op->box, error))
        return false;
    DbQuery *number = db_query(tx, "queue_number");
    db_bind_text(number, 1, visit_id);
    if (!scheduling_need_row(number, "visit", error))
        return false;
    scheduling_copy_column(number, 0, op->call.number, sizeof op->call.number);
    db_reset(number);
    g_strlcpy(op->call.visit_id, visit_id, sizeof op->call.visit_id);
    return true;
}

/* Those of a facility in which the doctor's permit has run out stay in the queue, for another
 * doctor: PERMIT_OVER when there are no others. */
static bool keep_permitted(const CallOp *op, DbTx *tx, const char *practitioner_id, GArray *turns,
                           GError **error)
{
    VisitRow row;
    bool is_over = false;
    unsigned n = turns->len;
    if (!duty_is_permit_over(op->scheduling, tx, NULL, practitioner_id, &is_over, error))
        return false;
    if (!is_over)
        return true;
    for (unsigned i = n; i > 0; i--) {
        if (!visit_row_load(tx, g_array_index(turns, Turn, i - 1).id, &row, error) ||
            !duty_is_permit_over(op->scheduling, tx, row.facility_id, practitioner_id, &is_over,
                                 error))
            return false;
        if (is_over)
            g_array_remove_index(turns, i - 1);
    }
    if (n > 0 && turns->len == 0)
        duty_refuse_permit(error);
    return n == 0 || turns->len > 0;
}

static bool call_job(DbTx *tx, gpointer data, GError **error)
{
    CallOp *op = data;
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    g_autofree char *practitioner_id = scheduling_actor_practitioner(tx, &op->actor.actor, error);
    QueueKey key = {.practitioner_id = practitioner_id, .local_date = today};
    if (!practitioner_id ||
        !queue_check_free(op->scheduling, tx, &key, NULL, op->call.visit_id, error))
        return false;
    g_autoptr(GArray) turns = queue_load(op->scheduling, tx, &key, error);
    if (!turns || !keep_permitted(op, tx, practitioner_id, turns, error))
        return false;
    if (turns->len == 0)
        return true;
    op->call.n_waiting = turns->len - 1;
    return call_visit(op, tx, turns, practitioner_id, error);
}

static void on_call_done(gpointer data, const GError *error)
{
    CallOp *op = data;
    if (error)
        op->box.has_changed = false;
    if (error && !g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_DOCTOR_BUSY))
        op->call = (QueueCall){0};
    scheduling_notify(op->scheduling, &op->box);
    op->done(&op->call, error, op->user_data);
}

void queue_call_next(Scheduling *scheduling, const Actor *actor, QueueCallDone done,
                     gpointer user_data)
{
    CallOp *op = g_new0(CallOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, call_job, on_call_done, op, call_op_free);
}

/* Steps of one visit. */

typedef bool (*Apply)(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error);

/* Who called it took it: what is undone is the call, and an answer to it. */
static bool go_back(VisitCommand *command, DbTx *tx, VisitRow *row, bool is_delayed, GError **error)
{
    if (row->state != VISIT_STATE_CALLED) {
        visit_row_refuse(row->state, error);
        return false;
    }
    DbQuery *query = db_query(tx, "queue_unaccept");
    db_bind_text(query, 1, row->id);
    return db_exec(query, error) && queue_set_delayed(tx, row->id, is_delayed, error) &&
           visit_command_go(command, tx, row, VISIT_STATE_CHECKED_IN, error) &&
           scheduling_audit(command->scheduling, tx, &command->actor.actor,
                            is_delayed ? "queue.skip" : "queue.return", "visit", row->id, error);
}

static bool apply_skip(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    return go_back(command, tx, row, true, error);
}

static bool apply_return(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    return go_back(command, tx, row, false, error);
}

static bool apply_absent(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    return visit_command_check_absent(command, tx, row, error) &&
           visit_command_go_absent(command, tx, row, error);
}

static bool set_urgent(VisitCommand *command, DbTx *tx, const VisitRow *row, const char *reason,
                       GError **error)
{
    if (row->state != VISIT_STATE_BOOKED && row->state != VISIT_STATE_CHECKED_IN) {
        visit_row_refuse(row->state, error);
        return false;
    }
    command->box.has_changed = true;
    return queue_write_urgent(command->scheduling, tx, row->id, &command->actor.actor, reason,
                              error);
}

static bool apply_urgent(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    return set_urgent(command, tx, row, command->reason ? command->reason : "", error);
}

static bool apply_not_urgent(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error)
{
    return set_urgent(command, tx, row, NULL, error);
}

static void run(VisitCommand *command, unsigned roles, const char *reason, Apply apply)
{
    command->roles = roles;
    command->apply = apply;
    visit_command_set_reason(command, reason);
    visit_command_run(command);
}

void queue_skip(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                gpointer user_data)
{
    run(visit_command_new(scheduling, visit_id, actor, done, user_data), DOCTOR, "skipped",
        apply_skip);
}

void queue_return(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                  gpointer user_data)
{
    run(visit_command_new(scheduling, visit_id, actor, done, user_data), DOCTOR, "returned",
        apply_return);
}

void queue_absent(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                  gpointer user_data)
{
    run(visit_command_new(scheduling, visit_id, actor, done, user_data), DOCTOR_AND_DESK, NULL,
        apply_absent);
}

void queue_set_urgent(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                      const char *reason, VisitDone done, gpointer user_data)
{
    run(visit_command_new(scheduling, visit_id, actor, done, user_data), DOCTOR_AND_DESK, reason,
        apply_urgent);
}

void queue_clear_urgent(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                        VisitDone done, gpointer user_data)
{
    run(visit_command_new(scheduling, visit_id, actor, done, user_data), DOCTOR_AND_DESK, NULL,
        apply_not_urgent);
}
