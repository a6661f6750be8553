// SPDX-License-Identifier: Apache-2.0
/* What is done about an incident, and about bookings of who is blocked. */
#include "scheduling/booking/visit_row.h"
#include "scheduling/clinic/directory_access.h"
#include "scheduling/incident/incident_row.h"

#include <string.h>

static const char *const step_names[] = {"looked_at", "closed", "lifted"};

const char *incident_step_name(IncidentStep step)
{
    return step_names[step];
}

bool incident_step_parse(const char *name, IncidentStep *ret_step)
{
    for (unsigned i = 0; name && i < G_N_ELEMENTS(step_names); i++) {
        if (strcmp(step_names[i], name) != 0)
            continue;
        *ret_step = (IncidentStep)i;
        return true;
    }
    return false;
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *incident_id;
    bool only_reads;
    IncidentStep step;
    char *note;
    Incident *incident;
    IncidentDone done;
    gpointer user_data;
} StepOp;

static void step_op_free(gpointer data)
{
    StepOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->incident_id);
    secret_text_free(op->note);
    incident_free(op->incident);
    g_free(op);
}

static bool reload(StepOp *op, DbTx *tx, GError **error)
{
    incident_free(op->incident);
    op->incident = incident_load(op->scheduling, tx, op->incident_id, &op->actor.actor, error);
    return op->incident != NULL;
}

static bool has_step(const Incident *incident, IncidentStep step)
{
    for (unsigned i = 0; i < incident->lines->len; i++) {
        const IncidentLine *line = incident->lines->pdata[i];
        if (line->step == step)
            return true;
    }
    return false;
}

static bool lift(StepOp *op, DbTx *tx, GError **error)
{
    if (op->incident->blocked_until_ms == 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE,
                            "the incident blocks nothing");
        return false;
    }
    DbQuery *query = db_query(tx, "incident_unblock");
    db_bind_text(query, 1, op->incident_id);
    db_bind_int(query, 2, clock_wall_ms(op->scheduling->clock));
    return db_exec(query, error);
}

static bool write_step(StepOp *op, DbTx *tx, GError **error)
{
    const Actor *actor = &op->actor.actor;
    g_autofree char *sealed =
        op->note ? secret_box_seal(op->scheduling->box, "incident.note", op->note) : NULL;
    g_autofree char *action = g_strconcat("incident.", incident_step_name(op->step), NULL);
    DbQuery *query = db_query(tx, "incident_step_insert");
    db_bind_text(query, 1, op->incident_id);
    db_bind_text(query, 2, incident_step_name(op->step));
    db_bind_int(query, 3, clock_wall_ms(op->scheduling->clock));
    db_bind_text(query, 4, actor_role_name(actor->role));
    db_bind_text(query, 5, actor->user_id);
    db_bind_text(query, 6, sealed);
    return db_exec(query, error) &&
           scheduling_audit(op->scheduling, tx, actor, action, "incident", op->incident_id, error);
}

static bool step_job(DbTx *tx, gpointer data, GError **error)
{
    StepOp *op = data;
    if (!reload(op, tx, error))
        return false;
    if (op->only_reads)
        return scheduling_audit(op->scheduling, tx, &op->actor.actor, "incident.read", "incident",
                                op->incident_id, error);
    if (has_step(op->incident, op->step))
        return true;
    return (op->step != INCIDENT_STEP_LIFTED || lift(op, tx, error)) && write_step(op, tx, error) &&
           reload(op, tx, error);
}

static void on_step_done(gpointer data, const GError *error)
{
    StepOp *op = data;
    op->done(error ? NULL : op->incident, error, op->user_data);
}

static StepOp *step_op_new(Scheduling *scheduling, const char *incident_id, const Actor *actor,
                           IncidentDone done, gpointer user_data)
{
    StepOp *op = g_new0(StepOp, 1);
    op->scheduling = scheduling;
    op->incident_id = g_strdup(incident_id);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    return op;
}

void incident_get(Scheduling *scheduling, const char *incident_id, const Actor *actor,
                  IncidentDone done, gpointer user_data)
{
    StepOp *op = step_op_new(scheduling, incident_id, actor, done, user_data);
    op->only_reads = true;
    db_write(scheduling->db, step_job, on_step_done, op, step_op_free);
}

void incident_add_step(Scheduling *scheduling, const char *incident_id, IncidentStep step,
                       const char *note, const Actor *actor, IncidentDone done, gpointer user_data)
{
    StepOp *op = step_op_new(scheduling, incident_id, actor, done, user_data);
    op->step = step;
    op->note = g_strdup(note);
    db_write(scheduling->db, step_job, on_step_done, op, step_op_free);
}

/* Bookings of who is blocked. */

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    bool confirmed;
    ChangeBox box;
    VisitDone done;
    gpointer user_data;
} AnswerOp;

static void answer_op_free(gpointer data)
{
    AnswerOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    g_free(op);
}

static bool answer_job(DbTx *tx, gpointer data, GError **error)
{
    AnswerOp *op = data;
    const char *facility_id = NULL;
    VisitRow row;
    if (!directory_access(&op->actor.actor, &facility_id, error) ||
        !visit_row_load(tx, op->visit_id, &row, error))
        return false;
    if (facility_id && !g_str_equal(facility_id, row.facility_id)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND, "no such visit");
        return false;
    }
    if (!visit_row_describe(op->scheduling, tx, &row, op->actor.actor.role, &op->box, error))
        return false;
    if (op->confirmed && row.state == VISIT_STATE_BOOKED)
        return true;
    if (row.state != VISIT_STATE_REQUESTED) {
        visit_row_refuse(row.state, error);
        return false;
    }
    VisitStep step = {
        .to = op->confirmed ? VISIT_STATE_BOOKED : VISIT_STATE_CANCELLED_PROVIDER,
        .actor = &op->actor.actor,
    };
    return visit_set_state(op->scheduling, tx, &row, &step, &op->box, error);
}

static void on_answer_done(gpointer data, const GError *error)
{
    AnswerOp *op = data;
    if (error)
        op->box.has_changed = false;
    scheduling_notify(op->scheduling, &op->box);
    op->done(op->box.is_known ? &op->box.change : NULL, error, op->user_data);
}

void incident_answer_request(Scheduling *scheduling, const char *visit_id, bool confirmed,
                             const Actor *actor, VisitDone done, gpointer user_data)
{
    AnswerOp *op = g_new0(AnswerOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->confirmed = confirmed;
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, answer_job, on_answer_done, op, answer_op_free);
}
