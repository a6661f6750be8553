// SPDX-License-Identifier: Apache-2.0
/* The list as the desk keeps it. */
#include "scheduling/wait/wait_list.h"

#include <string.h>

#include "scheduling/booking/person.h"
#include "scheduling/wait/wait_news.h"
#include "scheduling/wait/wait_row.h"

typedef struct {
    Scheduling *scheduling;
    char *id; /* of the clinic or the entry */
    char *reason;
    bool is_removal;
    ActorCopy actor;
    WaitNews *news; /* of a change */
    GPtrArray *items;
    WaitMode mode;
    WaitItemsDone listed;
    SchedulingDone done;
    gpointer user_data;
} KeepOp;

static void item_free(gpointer data)
{
    WaitItem *item = data;
    char *texts[] = {item->id,     item->name,    item->birth_date,    item->phone_masked,
                     item->doctor, item->service, item->urgent_reason, item->offer_doctor};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(item);
}

static void keep_op_free(gpointer data)
{
    KeepOp *op = data;
    g_free(op->id);
    g_free(op->reason);
    actor_copy_clear(&op->actor);
    wait_news_free(op->news);
    if (op->items)
        g_ptr_array_unref(op->items);
    g_free(op);
}

static bool check_desk(const KeepOp *op, const char *facility_id, GError **error)
{
    const Actor *actor = &op->actor.actor;
    if (actor->role == ACTOR_DESK && g_strcmp0(actor->facility_id, facility_id) == 0)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "the list is of another facility");
    return false;
}

static bool add_item(KeepOp *op, DbTx *tx, const char *entry_id, GError **error)
{
    g_auto(WaitRow) row = {0};
    g_auto(WaitOffer) offer = {0};
    bool has_offer = false;
    if (!wait_row_load(tx, entry_id, &row, error) ||
        !wait_offer_load(tx, entry_id, &offer, &has_offer, error))
        return false;
    char *phone = secret_box_open(op->scheduling->box, "visit.phone", row.phone_sealed, error);
    if (!phone)
        return false;
    WaitItem *item = g_new0(WaitItem, 1);
    g_ptr_array_add(op->items, item);
    *item = (WaitItem){
        .id = g_steal_pointer(&row.id),
        .name = g_steal_pointer(&row.name),
        .birth_date = g_steal_pointer(&row.birth_date),
        .phone_masked = person_phone_mask(phone),
        .doctor = g_steal_pointer(&row.doctor),
        .service = g_steal_pointer(&row.service),
        .urgent_reason = g_steal_pointer(&row.urgent_reason),
        .requested_at_ms = row.requested_at_ms,
        .is_urgent = row.is_urgent,
        .n_unanswered = row.n_unanswered,
        .offer_turn_at_ms = offer.turn_at_ms,
        .offer_expires_at_ms = offer.expires_at_ms,
        .offer_doctor = g_steal_pointer(&offer.doctor),
    };
    secret_text_free(phone);
    memcpy(item->from_date, row.from_date, sizeof item->from_date);
    memcpy(item->until_date, row.until_date, sizeof item->until_date);
    return true;
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    KeepOp *op = data;
    DbQuery *clinic = db_query(tx, "wait_clinic");
    db_bind_text(clinic, 1, op->id);
    if (!scheduling_need_row(clinic, "clinic", error))
        return false;
    g_autofree char *facility_id = db_column_dup(clinic, 0);
    bool known = wait_mode_parse(db_column_text(clinic, 1), &op->mode);
    db_reset(clinic);
    if (!known) {
        g_set_error_literal(error, BASE_ERROR, BASE_ERROR_INVALID,
                            "the clinic's mode is not known");
        return false;
    }
    if (!check_desk(op, facility_id, error))
        return false;
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "wait_of_clinic");
    db_bind_text(rows, 1, op->id);
    db_bind_int(rows, 2, WAIT_MAX_PER_CLINIC);
    if (!db_collect(rows, db_row_text, ids, error))
        return false;
    for (unsigned i = 0; i < ids->len; i++) {
        if (!add_item(op, tx, ids->pdata[i], error))
            return false;
    }
    return scheduling_audit(op->scheduling, tx, &op->actor.actor, "wait.list", "clinic", op->id,
                            error);
}

static void on_list_done(gpointer data, const GError *error)
{
    KeepOp *op = data;
    op->listed(error ? NULL : op->items, op->mode, error, op->user_data);
}

static KeepOp *keep_op_new(Scheduling *scheduling, const char *id, const Actor *actor,
                           gpointer user_data)
{
    KeepOp *op = g_new0(KeepOp, 1);
    op->scheduling = scheduling;
    op->id = g_strdup(id);
    actor_copy_init(&op->actor, actor);
    op->user_data = user_data;
    return op;
}

void wait_list_get(Scheduling *scheduling, const char *clinic_id, const Actor *actor,
                   WaitItemsDone done, gpointer user_data)
{
    KeepOp *op = keep_op_new(scheduling, clinic_id, actor, user_data);
    op->items = g_ptr_array_new_with_free_func(item_free);
    op->listed = done;
    db_write(scheduling->db, list_job, on_list_done, op, keep_op_free);
}

static bool set_urgent(KeepOp *op, DbTx *tx, const WaitRow *row, GError **error)
{
    DbQuery *query = db_query(tx, "wait_priority");
    db_bind_text(query, 1, row->id);
    db_bind_int(query, 2, op->reason != NULL);
    db_bind_text(query, 3, op->reason);
    return db_exec(query, error) && wait_row_audit(op->scheduling, tx, &op->actor.actor,
                                                   op->reason ? "wait.urgent" : "wait.not_urgent",
                                                   row->id, op->reason, error);
}

static bool change_job(DbTx *tx, gpointer data, GError **error)
{
    KeepOp *op = data;
    g_auto(WaitRow) row = {0};
    if (!wait_row_load(tx, op->id, &row, error) || !check_desk(op, row.facility_id, error))
        return false;
    if (row.state != WAIT_STATE_WAITING) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE,
                            "the entry waits no more");
        return false;
    }
    bool is_done = op->is_removal ? wait_row_end(op->scheduling, tx, &row, WAIT_STATE_REMOVED,
                                                 &op->actor.actor, true, error)
                                  : set_urgent(op, tx, &row, error);
    wait_news_add(op->news, row.id);
    return is_done && wait_news_add_clinic(op->news, tx, row.clinic_id, error);
}

static void on_change_done(gpointer data, const GError *error)
{
    KeepOp *op = data;
    if (!error) {
        wait_news_tell(op->scheduling, op->news);
        scheduling_tell_free(op->scheduling);
    }
    op->done(error, op->user_data);
}

void wait_list_set_urgent(Scheduling *scheduling, const char *entry_id, const char *reason,
                          const Actor *actor, SchedulingDone done, gpointer user_data)
{
    KeepOp *op = keep_op_new(scheduling, entry_id, actor, user_data);
    op->reason = g_strdup(reason);
    op->news = wait_news_new();
    op->done = done;
    db_write(scheduling->db, change_job, on_change_done, op, keep_op_free);
}

void wait_list_remove(Scheduling *scheduling, const char *entry_id, const Actor *actor,
                      SchedulingDone done, gpointer user_data)
{
    KeepOp *op = keep_op_new(scheduling, entry_id, actor, user_data);
    op->is_removal = true;
    op->news = wait_news_new();
    op->done = done;
    db_write(scheduling->db, change_job, on_change_done, op, keep_op_free);
}
