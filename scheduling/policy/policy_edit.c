// SPDX-License-Identifier: Apache-2.0
#include "scheduling/policy/policy_edit.h"

#include <string.h>

#include "scheduling/clinic/directory_access.h"
#include "scheduling/policy/policy.h"
#include "server/base/revision.h"

const char *policy_source_name(PolicySource source)
{
    switch (source) {
    case POLICY_FROM_SERVER:
        return "server";
    case POLICY_FROM_PROVINCE:
        return "province";
    case POLICY_FROM_FACILITY:
        return "facility";
    }
    g_assert_not_reached();
}

void policy_change_free(gpointer data)
{
    PolicyChange *change = data;
    g_free(change->rule);
    g_free(change->value);
    g_free(change->revision);
    g_free(change);
}

char *policy_item_revision(PolicyRule rule, const PolicyItem *item)
{
    Revision *revision = revision_new();
    revision_add(revision, policy_row(rule)->name);
    revision_add(revision, policy_source_name(item->source));
    revision_add_int(revision, item->value);
    return revision_end(revision);
}

bool policy_scope(const Actor *actor, const char *asked, const char **ret_facility_id,
                  GError **error)
{
    const char *own = NULL;
    if (!directory_access(actor, &own, error))
        return false;
    if (own && asked && strcmp(own, asked) != 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND,
                            "no such facility");
        return false;
    }
    *ret_facility_id = own ? own : asked;
    return true;
}

void policy_view_clear(PolicyView *view)
{
    g_free(view->facility_id);
    g_free(view->facility);
}

static bool load_facility(DbTx *tx, const char *facility_id, PolicyView *view, GError **error)
{
    if (!facility_id)
        return true;
    DbQuery *row = db_query(tx, "facility_name");
    db_bind_text(row, 1, facility_id);
    if (!scheduling_need_row(row, "facility", error))
        return false;
    view->facility_id = g_strdup(facility_id);
    view->facility = db_column_dup(row, 0);
    db_reset(row);
    return true;
}

/* A row of what is looked at. */
static void set_own(PolicyItem *item, DbQuery *row, PolicySource source)
{
    item->value = db_column_int(row, 1);
    item->source = source;
    item->changed_at_ms = db_column_int(row, 3);
}

/* A row of the province under a facility. */
static void set_inherited(PolicyItem *item, DbQuery *row)
{
    item->inherited = db_column_int(row, 1);
    if (item->source == POLICY_FROM_FACILITY)
        return;
    item->value = item->inherited;
    item->source = POLICY_FROM_PROVINCE;
}

bool policy_view_load(const Scheduling *scheduling, DbTx *tx, const char *facility_id,
                      PolicyView *ret_view, GError **error)
{
    Policy base;
    *ret_view = (PolicyView){0};
    policy_base(scheduling, &base);
    for (int i = 0; i < POLICY_N_RULES; i++)
        ret_view->items[i] = (PolicyItem){.value = base.values[i], .inherited = base.values[i]};
    if (!load_facility(tx, facility_id, ret_view, error))
        return false;
    DbQuery *rows = db_query(tx, "policy_of_facility");
    db_bind_text(rows, 1, facility_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        PolicyRule rule;
        if (!policy_rule_parse(db_column_text(rows, 0), &rule))
            continue;
        PolicyItem *item = &ret_view->items[rule];
        bool is_province = db_column_int(rows, 2) != 0;
        if (is_province && facility_id)
            set_inherited(item, rows);
        else
            set_own(item, rows, is_province ? POLICY_FROM_PROVINCE : POLICY_FROM_FACILITY);
    }
    return step == DB_DONE;
}

static bool write_row(Scheduling *scheduling, DbTx *tx, const PolicyPut *put, GError **error)
{
    DbQuery *query = db_query(tx, put->value ? "policy_set" : "policy_clear");
    db_bind_text(query, 1, put->facility_id);
    db_bind_text(query, 2, policy_row(put->rule)->name);
    if (put->value) {
        db_bind_int(query, 3, *put->value);
        db_bind_int(query, 4, clock_wall_ms(scheduling->clock));
    }
    return db_exec(query, error);
}

bool policy_put(Scheduling *scheduling, DbTx *tx, const Actor *actor, const PolicyPut *put,
                bool *ret_changed, GError **error)
{
    PolicyView view;
    if (!policy_view_load(scheduling, tx, put->facility_id, &view, error)) {
        policy_view_clear(&view);
        return false;
    }
    const PolicyItem item = view.items[put->rule];
    policy_view_clear(&view);
    bool is_set = item.changed_at_ms > 0;
    *ret_changed = put->value ? *put->value != item.value : is_set;
    if (!*ret_changed)
        return true;
    g_autofree char *from = policy_value_text(put->rule, item.value);
    g_autofree char *to = policy_value_text(put->rule, put->value ? *put->value : item.inherited);
    g_autofree char *reason = g_strdup_printf("%s %s > %s%s", policy_row(put->rule)->name, from, to,
                                              put->value ? "" : " (inherited)");
    const AuditedChange change = {"policy.change", "policy",
                                  put->facility_id ? put->facility_id : "province", reason};
    return write_row(scheduling, tx, put, error) &&
           scheduling_audit_change(scheduling, tx, actor, &change, error);
}

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *facility_id;  /* as asked */
    GPtrArray *changes; /* NULL: it is only read */
    FaultList *faults;
    PolicyView view;
    PolicyViewDone got;
    PolicyEditDone done;
    gpointer user_data;
} PolicyOp;

static void policy_op_free(gpointer data)
{
    PolicyOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->facility_id);
    if (op->changes)
        g_ptr_array_unref(op->changes);
    fault_list_free(op->faults);
    policy_view_clear(&op->view);
    g_free(op);
}

static PolicyOp *policy_op_new(Scheduling *scheduling, const Actor *actor, const char *facility_id,
                               gpointer user_data)
{
    PolicyOp *op = g_new0(PolicyOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->facility_id = g_strdup(facility_id);
    op->faults = fault_list_new();
    op->user_data = user_data;
    return op;
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    PolicyOp *op = data;
    const char *facility_id = NULL;
    return policy_scope(&op->actor.actor, op->facility_id, &facility_id, error) &&
           policy_view_load(op->scheduling, tx, facility_id, &op->view, error);
}

static void on_got(gpointer data, const GError *error)
{
    PolicyOp *op = data;
    op->got(error ? NULL : &op->view, error, op->user_data);
}

void policy_get(Scheduling *scheduling, const Actor *actor, const char *facility_id,
                PolicyViewDone done, gpointer user_data)
{
    PolicyOp *op = policy_op_new(scheduling, actor, facility_id, user_data);
    op->got = done;
    db_read(scheduling->db, get_job, on_got, op, policy_op_free);
}

/* Adds faults instead of applying what is wrong. */
static bool apply_change(PolicyOp *op, DbTx *tx, const char *facility_id, const PolicyChange *wish,
                         GError **error)
{
    PolicyPut put = {.facility_id = facility_id};
    int64_t value = 0;
    bool changed;
    if (!policy_rule_parse(wish->rule, &put.rule)) {
        fault_list_add(op->faults, wish->rule, "unknown", NULL);
        return true;
    }
    if (wish->value) {
        if (!policy_value_parse(put.rule, wish->value, wish->rule, &value, op->faults))
            return true;
        put.value = &value;
    }
    return policy_put(op->scheduling, tx, &op->actor.actor, &put, &changed, error);
}

/* None of the rules was set by somebody else since the actor saw it. */
static bool check_revisions(const PolicyOp *op, DbTx *tx, const char *facility_id, GError **error)
{
    PolicyView view;
    bool ok = policy_view_load(op->scheduling, tx, facility_id, &view, error);
    for (unsigned i = 0; ok && i < op->changes->len; i++) {
        const PolicyChange *wish = op->changes->pdata[i];
        PolicyRule rule;
        ok = !policy_rule_parse(wish->rule, &rule) ||
             revision_holds(wish->revision, policy_item_revision(rule, &view.items[rule]));
        if (!ok)
            g_set_error(error, SCHEDULING_ERROR, SCHEDULING_ERROR_CHANGED,
                        "the rule %s was changed meanwhile", policy_row(rule)->name);
    }
    policy_view_clear(&view);
    return ok;
}

static bool edit_job(DbTx *tx, gpointer data, GError **error)
{
    PolicyOp *op = data;
    const char *facility_id = NULL;
    if (!policy_scope(&op->actor.actor, op->facility_id, &facility_id, error))
        return false;
    if (!check_revisions(op, tx, facility_id, error))
        return false;
    for (unsigned i = 0; i < op->changes->len; i++) {
        if (!apply_change(op, tx, facility_id, op->changes->pdata[i], error))
            return false;
    }
    if (fault_list_length(op->faults) > 0) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "the rules are not possible");
        return false;
    }
    return policy_view_load(op->scheduling, tx, facility_id, &op->view, error);
}

static void on_edited(gpointer data, const GError *error)
{
    PolicyOp *op = data;
    if (!error)
        scheduling_tell_free(op->scheduling);
    op->done(error ? NULL : &op->view, op->faults, error, op->user_data);
}

void policy_edit(Scheduling *scheduling, const Actor *actor, const char *facility_id,
                 GPtrArray *changes, PolicyEditDone done, gpointer user_data)
{
    PolicyOp *op = policy_op_new(scheduling, actor, facility_id, user_data);
    op->changes = changes;
    op->done = done;
    db_write(scheduling->db, edit_job, on_edited, op, policy_op_free);
}
