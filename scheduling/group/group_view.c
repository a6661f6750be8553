// SPDX-License-Identifier: Apache-2.0
#include "scheduling/group/group_row.h"

#include <string.h>

#include "scheduling/booking/person.h"
#include "scheduling/policy/policy.h"

enum { MAX_LISTED = 100 };
static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;

const char *group_state_name(GroupState state)
{
    switch (state) {
    case GROUP_STATE_PLANNED:
        return "planned";
    case GROUP_STATE_ENDED:
        return "ended";
    case GROUP_STATE_CANCELLED:
        return "cancelled";
    }
    g_assert_not_reached();
}

static GroupState state_of(const char *name)
{
    for (int i = GROUP_STATE_PLANNED; i < GROUP_STATE_CANCELLED; i++) {
        if (g_strcmp0(group_state_name((GroupState)i), name) == 0)
            return (GroupState)i;
    }
    return GROUP_STATE_CANCELLED;
}

static void visit_free(gpointer data)
{
    GroupVisit *visit = data;
    char *texts[] = {visit->visit_id, visit->patient_id, visit->doctor_id, visit->code,
                     visit->number,   visit->patient,    visit->shown_name};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(visit);
}

void group_free(Group *group)
{
    if (!group)
        return;
    char *texts[] = {group->id,       group->title,       group->clinic_id,       group->clinic,
                     group->facility, group->facility_id, group->practitioner_id, group->doctor,
                     group->phone};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_unref(group->visits);
    g_free(group);
}

static bool load_visits(DbTx *tx, Group *group, GError **error)
{
    DbQuery *rows = db_query(tx, "group_visits");
    db_bind_text(rows, 1, group->id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        GroupVisit *visit = g_new0(GroupVisit, 1);
        g_ptr_array_add(group->visits, visit);
        visit->visit_id = db_column_dup(rows, 0);
        visit_state_parse(db_column_text(rows, 1), &visit->state);
        visit->number = db_column_dup(rows, 2);
        visit->code = db_column_dup(rows, 3);
        visit->place = (int)db_column_int(rows, 4);
        visit->patient = db_column_dup(rows, 6);
        if (g_strcmp0(db_column_text(rows, 5), "first_name") == 0)
            visit->shown_name = person_first_name(visit->patient);
        visit->patient_id = db_column_dup(rows, 7);
        visit->doctor_id = db_column_dup(rows, 8);
        visit->has_accepted = !db_column_is_null(rows, 9);
        visit->has_no_phone = db_column_int(rows, 10) == 0;
        visit->has_fixed_line = scheduling_column_int0(rows, 11) != 0;
    }
    return step == DB_DONE;
}

Group *group_load(DbTx *tx, const char *group_id, bool with_visits, GError **error)
{
    DbQuery *row = db_query(tx, "group_row");
    db_bind_text(row, 1, group_id);
    if (!scheduling_need_row(row, "group", error))
        return NULL;
    g_autoptr(Group) group = g_new0(Group, 1);
    group->visits = g_ptr_array_new_with_free_func(visit_free);
    char **texts[] = {
        &group->id,          &group->title,    &group->clinic_id,       &group->clinic,
        &group->facility_id, &group->facility, &group->practitioner_id, &group->doctor,
        &group->phone};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        *texts[i] = db_column_dup(row, i);
    group->starts_at_ms = db_column_int(row, 9);
    group->ends_at_ms = db_column_int(row, 10);
    group->places = (int)db_column_int(row, 11);
    group->is_open = db_column_int(row, 12) != 0;
    group->state = state_of(db_column_text(row, 13));
    group->n_taken = (int)db_column_int(row, 14);
    db_reset(row);
    if (with_visits && !load_visits(tx, group, error))
        return NULL;
    return g_steal_pointer(&group);
}

bool group_check_actor(DbTx *tx, const Group *group, const Actor *actor, unsigned roles,
                       GError **error)
{
    if (roles & (1U << actor->role)) {
        if (actor->role == ACTOR_DESK && actor->facility_id &&
            strcmp(actor->facility_id, group->facility_id) == 0)
            return true;
        if (actor->role == ACTOR_DOCTOR) {
            g_autofree char *own = scheduling_actor_practitioner(tx, actor, error);
            if (!own)
                return false;
            if (strcmp(own, group->practitioner_id) == 0)
                return true;
        }
    }
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "the group is not this actor's");
    return false;
}

/* Lists. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *clinic_id;
    GPtrArray *ids, *groups;
    GroupsDone done;
    gpointer user_data;
} ListOp;

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->clinic_id);
    g_ptr_array_unref(op->ids);
    g_ptr_array_unref(op->groups);
    g_free(op);
}

static ListOp *list_op_new(Scheduling *scheduling, GroupsDone done, gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    op->ids = g_ptr_array_new_with_free_func(g_free);
    op->groups = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
    op->done = done;
    op->user_data = user_data;
    return op;
}

static bool load_groups(ListOp *op, DbTx *tx, bool with_visits, GError **error)
{
    for (unsigned i = 0; i < op->ids->len; i++) {
        g_autoptr(Group) group = group_load(tx, op->ids->pdata[i], with_visits, error);
        if (!group || !group_note_obstacle(op->scheduling, tx, group, error))
            return false;
        bool takes = group->n_taken < group->places && group->obstacle == HOURS_OBSTACLE_NONE;
        if (with_visits || takes)
            g_ptr_array_add(op->groups, g_steal_pointer(&group));
    }
    return true;
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    const Actor *actor = &op->actor.actor;
    bool is_desk = actor->role == ACTOR_DESK && actor->facility_id;
    g_autofree char *owner_id =
        is_desk ? g_strdup(actor->facility_id) : scheduling_actor_practitioner(tx, actor, error);
    if (!owner_id)
        return false;
    DbQuery *rows = db_query(tx, is_desk ? "group_of_facility" : "group_of_practitioner");
    db_bind_text(rows, 1, owner_id);
    db_bind_int(rows, 2, clock_wall_ms(op->scheduling->clock) - day_ms);
    db_bind_int(rows, 3, MAX_LISTED);
    return db_collect(rows, db_row_text, op->ids, error) && load_groups(op, tx, true, error) &&
           scheduling_audit(op->scheduling, tx, actor, "group.list",
                            is_desk ? "facility" : "practitioner", owner_id, error);
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->groups, error, op->user_data);
}

void group_list(Scheduling *scheduling, const Actor *actor, GroupsDone done, gpointer user_data)
{
    ListOp *op = list_op_new(scheduling, done, user_data);
    actor_copy_init(&op->actor, actor);
    /* A write: reading patients' names is an audit row of the same transaction. */
    db_write(scheduling->db, list_job, on_list_done, op, list_op_free);
}

static bool open_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    Policy policy;
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    if (!policy_load_clinic(op->scheduling, tx, op->clinic_id, &policy, error))
        return false;
    DbQuery *rows = db_query(tx, "group_of_clinic");
    db_bind_text(rows, 1, op->clinic_id);
    db_bind_int(rows, 2, now_ms + policy_ms(&policy, POLICY_BOOKING_LEAD));
    db_bind_int(rows, 3, now_ms + policy_ms(&policy, POLICY_BOOKING_HORIZON));
    db_bind_int(rows, 4, MAX_LISTED);
    return db_collect(rows, db_row_text, op->ids, error) && load_groups(op, tx, false, error);
}

void group_list_open(Scheduling *scheduling, const char *clinic_id, GroupsDone done,
                     gpointer user_data)
{
    ListOp *op = list_op_new(scheduling, done, user_data);
    op->clinic_id = g_strdup(clinic_id);
    db_read(scheduling->db, open_job, on_list_done, op, list_op_free);
}
