// SPDX-License-Identifier: Apache-2.0
/* Opening a group: what is checked of it. */
#include "scheduling/group/group_op.h"

#include <string.h>

#include "scheduling/booking/person.h"
#include "scheduling/clinic/hours_store.h"
#include "scheduling/policy/policy.h"
#include "server/base/ids.h"

static const int64_t longest_visit_ms = (int64_t)24 * 60 * 60 * 1000;

/* Whose time it is, and in which facility. */
static bool find_doctor(GroupOp *op, DbTx *tx, char **ret_facility_id, GError **error)
{
    const Actor *actor = &op->actor.actor;
    if (actor->role == ACTOR_DOCTOR) {
        g_autofree char *own = scheduling_actor_practitioner(tx, actor, error);
        if (!own)
            return false;
        if (op->practitioner_id && strcmp(own, op->practitioner_id) != 0)
            return group_op_forbid(error);
        g_free(op->practitioner_id);
        op->practitioner_id = g_steal_pointer(&own);
    }
    DbQuery *row = db_query(tx, "group_doctor");
    db_bind_text(row, 1, op->clinic_id);
    db_bind_text(row, 2, op->practitioner_id);
    DbStep step = db_step(row, error);
    if (step == DB_FAILED)
        return false;
    if (step == DB_DONE) {
        fault_list_add(op->faults, op->practitioner_id ? "clinic" : "doctor",
                       op->practitioner_id ? "not_found" : "required", NULL);
        return true;
    }
    *ret_facility_id = db_column_dup(row, 0);
    db_reset(row);
    bool is_theirs =
        actor->role == ACTOR_DOCTOR ||
        (actor->role == ACTOR_DESK && g_strcmp0(actor->facility_id, *ret_facility_id) == 0);
    return is_theirs || group_op_forbid(error);
}

/* Nothing stands against it: in hours or not, nobody opens it on a day of leave. */
static bool check_obstacle(GroupOp *op, DbTx *tx, GError **error)
{
    HoursObstacle obstacle = HOURS_OBSTACLE_NONE;
    const int64_t from_ms = op->draft.starts_at_ms;
    const TimeSpan span = {from_ms, from_ms + op->draft.minutes * (int64_t)60000};
    if (!hours_find_obstacle(op->scheduling, tx, op->clinic_id, op->practitioner_id, span,
                             &obstacle, error))
        return false;
    if (obstacle != HOURS_OBSTACLE_NONE)
        fault_list_add(op->faults, "starts_at_ms", hours_obstacle_name(obstacle), NULL);
    return true;
}

/* Nothing else may hold the doctor's time, nor what must be free around something else. */
static bool check_free(GroupOp *op, DbTx *tx, GError **error)
{
    int64_t from_ms = op->draft.starts_at_ms;
    int64_t to_ms = from_ms + op->draft.minutes * (int64_t)60000;
    bool overlaps = false;
    DbQuery *rows = db_query(tx, "slot_claims");
    db_bind_text(rows, 1, op->practitioner_id);
    db_bind_int(rows, 2, from_ms - longest_visit_ms);
    db_bind_int(rows, 3, to_ms + longest_visit_ms);
    db_bind_int(rows, 4, clock_wall_ms(op->scheduling->clock));
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        int64_t begins_ms = db_column_int(rows, 0) - db_column_int(rows, 2);
        int64_t ends_ms = db_column_int(rows, 1) + db_column_int(rows, 3);
        overlaps = overlaps || (begins_ms < to_ms && ends_ms > from_ms);
    }
    if (overlaps)
        fault_list_add(op->faults, "starts_at_ms", "time_held", NULL);
    return step == DB_DONE;
}

static bool check_number(GroupOp *op, DbTx *tx, GError **error)
{
    DbQuery *count = db_query(tx, "group_count");
    db_bind_text(count, 1, op->practitioner_id);
    db_bind_int(count, 2, clock_wall_ms(op->scheduling->clock));
    if (!scheduling_need_row(count, "count", error))
        return false;
    int64_t n = db_column_int(count, 0);
    db_reset(count);
    if (n < GROUP_MAX_PLANNED)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_MANY, "groups of the doctor");
    return false;
}

static void check_range(GroupOp *op, const char *field, int value, int min, int max)
{
    g_autofree char *allowed = g_strdup_printf("%d..%d", min, max);
    if (value < min || value > max)
        fault_list_add(op->faults, field, value < min ? "too_small" : "too_large", allowed);
}

static bool check_fields(GroupOp *op, DbTx *tx, GError **error)
{
    Policy policy;
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    char *title = NULL;
    const char *code = person_name_normalise(op->title, &title);
    if (code)
        fault_list_add(op->faults, "title", code, "1..80");
    g_free(op->title);
    op->title = title;
    check_range(op, "minutes", op->draft.minutes, GROUP_MIN_MINUTES, GROUP_MAX_MINUTES);
    check_range(op, "places", op->draft.places, GROUP_MIN_PLACES, GROUP_MAX_PLACES);
    if (!policy_load_clinic(op->scheduling, tx, op->clinic_id, &policy, error))
        return false;
    if (op->draft.starts_at_ms <= now_ms)
        fault_list_add(op->faults, "starts_at_ms", "in_past", NULL);
    else if (op->draft.starts_at_ms > now_ms + policy_ms(&policy, POLICY_BOOKING_HORIZON))
        fault_list_add(op->faults, "starts_at_ms", "too_late", NULL);
    return true;
}

static bool insert(GroupOp *op, DbTx *tx, const char *facility_id, GError **error)
{
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    op->group_id = id_new(now_ms);
    const char *texts[] = {op->group_id, op->clinic_id, facility_id, op->practitioner_id,
                           op->title};
    DbQuery *query = db_query(tx, "group_insert");
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, i + 1, texts[i]);
    db_bind_int(query, 6, op->draft.starts_at_ms);
    db_bind_int(query, 7, op->draft.starts_at_ms + op->draft.minutes * (int64_t)60000);
    db_bind_int(query, 8, op->draft.places);
    db_bind_int(query, 9, op->draft.is_open);
    db_bind_int(query, 10, now_ms);
    return db_exec(query, error) && scheduling_audit(op->scheduling, tx, &op->actor.actor,
                                                     "group.open", "group", op->group_id, error);
}

static bool refuse_faults(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "fields of the group are wrong");
    return false;
}

static bool apply_open(GroupOp *op, DbTx *tx, GError **error)
{
    g_autofree char *facility_id = NULL;
    if (!find_doctor(op, tx, &facility_id, error))
        return false;
    /* Nothing below has a meaning without a doctor and a clinic. */
    if (!facility_id)
        return refuse_faults(error);
    if (!check_fields(op, tx, error))
        return false;
    if (fault_list_length(op->faults) == 0 &&
        (!check_obstacle(op, tx, error) || !check_free(op, tx, error)))
        return false;
    if (fault_list_length(op->faults) > 0)
        return refuse_faults(error);
    return check_number(op, tx, error) && insert(op, tx, facility_id, error);
}

void group_open(Scheduling *scheduling, const GroupDraft *draft, const Actor *actor, GroupDone done,
                gpointer user_data)
{
    GroupOp *op = group_op_new(scheduling, NULL, actor, done, user_data);
    op->draft = *draft;
    op->clinic_id = g_strdup(draft->clinic_id);
    op->practitioner_id = g_strdup(draft->practitioner_id);
    op->title = g_strdup(draft->title);
    op->apply = apply_open;
    group_op_run(op);
}
