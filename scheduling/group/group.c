// SPDX-License-Identifier: Apache-2.0
#include "scheduling/group/group_op.h"

enum { DOCTOR_AND_DESK = (1U << ACTOR_DOCTOR) | (1U << ACTOR_DESK), REASON_MAX_CHARS = 200 };

static void group_op_free(gpointer data)
{
    GroupOp *op = data;
    char *texts[] = {op->group_id, op->clinic_id, op->practitioner_id, op->title, op->reason};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    actor_copy_clear(&op->actor);
    fault_list_free(op->faults);
    g_ptr_array_unref(op->boxes);
    group_free(op->group);
    g_free(op);
}

GroupOp *group_op_new(Scheduling *scheduling, const char *group_id, const Actor *actor,
                      GroupDone done, gpointer user_data)
{
    GroupOp *op = g_new0(GroupOp, 1);
    op->scheduling = scheduling;
    op->group_id = g_strdup(group_id);
    op->faults = fault_list_new();
    op->boxes = g_ptr_array_new_with_free_func(g_free);
    op->done = done;
    op->user_data = user_data;
    actor_copy_init(&op->actor, actor);
    return op;
}

bool group_op_forbid(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "the group is not this actor's");
    return false;
}

static bool group_job(DbTx *tx, gpointer data, GError **error)
{
    GroupOp *op = data;
    if (!op->apply(op, tx, error))
        return false;
    op->group = group_load(tx, op->group_id, true, error);
    return op->group && group_note_obstacle(op->scheduling, tx, op->group, error);
}

static void on_group_done(gpointer data, const GError *error)
{
    GroupOp *op = data;
    for (unsigned i = 0; !error && i < op->boxes->len; i++)
        scheduling_notify(op->scheduling, op->boxes->pdata[i]);
    op->done(error ? NULL : op->group, op->faults, error, op->user_data);
}

void group_op_run(GroupOp *op)
{
    db_write(op->scheduling->db, group_job, on_group_done, op, group_op_free);
}

/* The group, when the actor may have it and it is not over; to be freed. */
static Group *load_planned(GroupOp *op, DbTx *tx, unsigned roles, GError **error)
{
    g_autoptr(Group) group = group_load(tx, op->group_id, true, error);
    if (!group || !group_check_actor(tx, group, &op->actor.actor, roles, error))
        return NULL;
    if (group->state == GROUP_STATE_PLANNED)
        return g_steal_pointer(&group);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE, "the group is over");
    return NULL;
}

static bool audit(GroupOp *op, DbTx *tx, const char *action, GError **error)
{
    return scheduling_audit(op->scheduling, tx, &op->actor.actor, action, "group", op->group_id,
                            error);
}

static bool apply_set_open(GroupOp *op, DbTx *tx, GError **error)
{
    g_autoptr(Group) group = load_planned(op, tx, DOCTOR_AND_DESK, error);
    if (!group)
        return false;
    DbQuery *query = db_query(tx, "group_set_open");
    db_bind_text(query, 1, group->id);
    db_bind_int(query, 2, op->is_open);
    return db_exec(query, error) && audit(op, tx, "group.change", error);
}

void group_set_open(Scheduling *scheduling, const char *group_id, bool is_open, const Actor *actor,
                    GroupDone done, gpointer user_data)
{
    GroupOp *op = group_op_new(scheduling, group_id, actor, done, user_data);
    op->is_open = is_open;
    op->apply = apply_set_open;
    group_op_run(op);
}

static bool set_state(GroupOp *op, DbTx *tx, GroupState state, GError **error)
{
    DbQuery *query = db_query(tx, "group_set_state");
    db_bind_text(query, 1, op->group_id);
    db_bind_text(query, 2, group_state_name(state));
    return db_exec(query, error);
}

/* One of its visits into state TO. */
static bool step_visit(GroupOp *op, DbTx *tx, const GroupVisit *visit, VisitState to,
                       GError **error)
{
    VisitRow row;
    if (!visit_row_load(tx, visit->visit_id, &row, error))
        return false;
    ChangeBox *box = g_new0(ChangeBox, 1);
    g_ptr_array_add(op->boxes, box);
    const VisitStep step = {.to = to, .actor = &op->actor.actor, .detail = op->reason};
    return visit_set_state(op->scheduling, tx, &row, &step, box, error);
}

static bool apply_cancel(GroupOp *op, DbTx *tx, GError **error)
{
    g_autoptr(Group) group = load_planned(op, tx, DOCTOR_AND_DESK, error);
    if (!group)
        return false;
    for (unsigned i = 0; i < group->visits->len; i++) {
        const GroupVisit *visit = group->visits->pdata[i];
        bool has_begun = visit->state == VISIT_STATE_CALLED ||
                         visit->state == VISIT_STATE_IN_CALL || visit->state == VISIT_STATE_DONE;
        if (has_begun) {
            visit_row_refuse(visit->state, error);
            return false;
        }
    }
    for (unsigned i = 0; i < group->visits->len; i++) {
        const GroupVisit *visit = group->visits->pdata[i];
        if (!visit_state_row(visit->state)->is_final &&
            !step_visit(op, tx, visit, VISIT_STATE_CANCELLED_PROVIDER, error))
            return false;
    }
    return set_state(op, tx, GROUP_STATE_CANCELLED, error) && audit(op, tx, "group.cancel", error);
}

void group_cancel(Scheduling *scheduling, const char *group_id, const char *reason,
                  const Actor *actor, GroupDone done, gpointer user_data)
{
    GroupOp *op = group_op_new(scheduling, group_id, actor, done, user_data);
    if (reason && *reason) {
        g_autofree char *valid = g_utf8_make_valid(reason, -1);
        op->reason = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), REASON_MAX_CHARS));
    }
    op->apply = apply_cancel;
    group_op_run(op);
}

/* What becomes of a visit when its group ends; false: it is over already. */
static bool outcome_of(const GroupVisit *visit, VisitState *ret_state)
{
    switch (visit->state) {
    case VISIT_STATE_IN_CALL:
        *ret_state = VISIT_STATE_DONE;
        return true;
    case VISIT_STATE_CALLED:
        *ret_state = visit->has_accepted ? VISIT_STATE_TECH_FAILED : VISIT_STATE_NO_SHOW_PATIENT;
        return true;
    case VISIT_STATE_CHECKED_IN:
    case VISIT_STATE_REQUESTED:
        *ret_state = VISIT_STATE_CANCELLED_PROVIDER;
        return true;
    case VISIT_STATE_BOOKED:
        *ret_state = VISIT_STATE_NO_SHOW_PATIENT;
        return true;
    case VISIT_STATE_DONE:
    case VISIT_STATE_CANCELLED_PATIENT:
    case VISIT_STATE_CANCELLED_PROVIDER:
    case VISIT_STATE_CANCELLED_SYSTEM:
    case VISIT_STATE_NO_SHOW_PATIENT:
    case VISIT_STATE_NO_SHOW_DOCTOR:
    case VISIT_STATE_LEFT_WITHOUT_BEING_SEEN:
    case VISIT_STATE_TECH_FAILED:
    case VISIT_STATE_CONVERTED_PHONE:
    case VISIT_STATE_CONVERTED_IN_PERSON:
    case VISIT_STATE_RESCHEDULED:
        return false;
    }
    g_assert_not_reached();
}

static bool apply_end(GroupOp *op, DbTx *tx, GError **error)
{
    g_autoptr(Group) group = load_planned(op, tx, 1U << ACTOR_DOCTOR, error);
    if (!group)
        return false;
    if (clock_wall_ms(op->scheduling->clock) < group->starts_at_ms) {
        bool someone_came = false;
        for (unsigned i = 0; i < group->visits->len; i++) {
            const GroupVisit *visit = group->visits->pdata[i];
            someone_came = someone_came || visit->state == VISIT_STATE_IN_CALL;
        }
        /* Before its time nobody has missed it. */
        if (!someone_came) {
            g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE,
                                "the group has not begun");
            return false;
        }
    }
    for (unsigned i = 0; i < group->visits->len; i++) {
        const GroupVisit *visit = group->visits->pdata[i];
        VisitState to;
        if (outcome_of(visit, &to) && !step_visit(op, tx, visit, to, error))
            return false;
    }
    return set_state(op, tx, GROUP_STATE_ENDED, error) && audit(op, tx, "group.end", error);
}

void group_end(Scheduling *scheduling, const char *group_id, const Actor *actor, GroupDone done,
               gpointer user_data)
{
    GroupOp *op = group_op_new(scheduling, group_id, actor, done, user_data);
    op->apply = apply_end;
    group_op_run(op);
}

static bool apply_get(GroupOp *op, DbTx *tx, GError **error)
{
    g_autoptr(Group) group = group_load(tx, op->group_id, false, error);
    return group && group_check_actor(tx, group, &op->actor.actor, DOCTOR_AND_DESK, error) &&
           audit(op, tx, "group.read", error);
}

void group_get(Scheduling *scheduling, const char *group_id, const Actor *actor, GroupDone done,
               gpointer user_data)
{
    GroupOp *op = group_op_new(scheduling, group_id, actor, done, user_data);
    op->apply = apply_get;
    group_op_run(op);
}

static bool apply_nothing(GroupOp *op, DbTx *tx, GError **error)
{
    (void)op;
    (void)tx;
    (void)error;
    return true;
}

void group_find(Scheduling *scheduling, const char *group_id, GroupDone done, gpointer user_data)
{
    const Actor system = {.role = ACTOR_SYSTEM};
    GroupOp *op = group_op_new(scheduling, group_id, &system, done, user_data);
    op->apply = apply_nothing;
    db_read(scheduling->db, group_job, on_group_done, op, group_op_free);
}
