// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/hold.h"

#include "scheduling/booking/slot_wish.h"
#include "scheduling/policy/policy.h"
#include "server/base/ids.h"

typedef struct {
    Scheduling *scheduling;
    HoldRequest request;
    char *clinic_id, *practitioner_id, *service_id, *address, *token; /* token: to be let go */
    char *own; /* the hold's, by who asks; NULL: none */
    Booking refusal;
    Hold hold;
    HoldDone done;
    SchedulingDone released;
    gpointer user_data;
} HoldOp;

static void hold_op_free(gpointer data)
{
    HoldOp *op = data;
    g_free(op->clinic_id);
    g_free(op->practitioner_id);
    g_free(op->service_id);
    g_free(op->address);
    secret_text_free(op->token);
    secret_text_free(op->own);
    secret_text_free(op->hold.token);
    booking_clear(&op->refusal);
    g_free(op);
}

static bool find_held(Scheduling *scheduling, DbTx *tx, const char *hash,
                      const char *practitioner_id, int64_t *ret_held_at_ms, GError **error)
{
    DbQuery *row = db_query(tx, "hold_starts_at");
    db_bind_text(row, 1, hash);
    db_bind_text(row, 2, practitioner_id);
    db_bind_int(row, 3, clock_wall_ms(scheduling->clock));
    DbStep step = db_step(row, error);
    if (step == DB_ROW)
        *ret_held_at_ms = db_column_int(row, 0);
    db_reset(row);
    return step != DB_FAILED;
}

bool hold_take(Scheduling *scheduling, DbTx *tx, const char *token, const char *practitioner_id,
               int64_t *ret_held_at_ms, GError **error)
{
    if (ret_held_at_ms)
        *ret_held_at_ms = SLOT_BOOK_NO_HOLD;
    if (!token || !id_token_is_valid(token))
        return true;
    g_autofree char *hash = secret_box_index(scheduling->box, "slot.hold", token);
    if (ret_held_at_ms && !find_held(scheduling, tx, hash, practitioner_id, ret_held_at_ms, error))
        return false;
    DbQuery *query = db_query(tx, "hold_delete");
    db_bind_text(query, 1, hash);
    return db_exec(query, error);
}

static bool check_number(DbTx *tx, const char *address_index, int64_t now_ms, GError **error)
{
    DbQuery *count = db_query(tx, "hold_count");
    db_bind_text(count, 1, address_index);
    db_bind_int(count, 2, now_ms);
    if (!scheduling_need_row(count, "count", error))
        return false;
    int64_t n = db_column_int(count, 0);
    db_reset(count);
    if (n < HOLD_MAX_PER_ADDRESS)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_TOO_MANY,
                        "the address keeps too many slots");
    return false;
}

/* TOKEN opens it; its hash is what is stored. */
static bool insert(Scheduling *scheduling, DbTx *tx, const HoldKeep *keep, const char *whose,
                   const char *token, char **ret_hash, GError **error)
{
    const Slot *slot = keep->slot;
    g_autofree char *hash = secret_box_index(scheduling->box, "slot.hold", token);
    DbQuery *query = db_query(tx, "hold_insert");
    db_bind_text(query, 1, hash);
    db_bind_text(query, 2, slot->practitioner_id);
    db_bind_int(query, 3, slot->starts_at_ms);
    db_bind_int(query, 4, slot->ends_at_ms);
    db_bind_text(query, 5, whose);
    db_bind_int(query, 6, keep->until_ms);
    db_bind_int(query, 7, keep->has_service ? slot->before_ms : 0);
    db_bind_int(query, 8, keep->has_service ? slot->after_ms : 0);
    *ret_hash = g_steal_pointer(&hash);
    return db_exec(query, error);
}

bool hold_keep(Scheduling *scheduling, DbTx *tx, const HoldKeep *keep, char **ret_hash,
               GError **error)
{
    char *token = id_token_new();
    g_autofree char *hash = NULL;
    g_autofree char *whose = secret_box_index(scheduling->box, "slot.hold.for", keep->for_whom);
    bool ok = insert(scheduling, tx, keep, whose, token, &hash, error);
    secret_text_free(token);
    if (ok)
        *ret_hash = g_steal_pointer(&hash);
    return ok;
}

static bool insert_hold(HoldOp *op, DbTx *tx, const Slot *slot, const char *address_index,
                        int64_t now_ms, GError **error)
{
    Policy policy;
    if (!policy_load_clinic(op->scheduling, tx, op->clinic_id, &policy, error))
        return false;
    g_autofree char *hash = NULL;
    op->hold.expires_at_ms = now_ms + policy_ms(&policy, POLICY_HOLD);
    const HoldKeep keep = {slot, op->service_id != NULL, NULL, op->hold.expires_at_ms};
    op->hold.token = op->own ? g_strdup(op->own) : id_token_new();
    return insert(op->scheduling, tx, &keep, address_index, op->hold.token, &hash, error);
}

static bool check_own(HoldOp *op, GError **error)
{
    if (!op->own || id_token_is_valid(op->own))
        return true;
    fault_list_add(op->refusal.faults, "hold", "not_allowed", "22 of A-Z a-z 0-9");
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "the hold's token has another form");
    return false;
}

static bool check_service(HoldOp *op, DbTx *tx, GError **error)
{
    ServiceTerms terms;
    return !op->service_id ||
           slot_wish_service(tx, op->clinic_id, op->service_id, &terms, op->refusal.faults, error);
}

static bool hold_job(DbTx *tx, gpointer data, GError **error)
{
    HoldOp *op = data;
    Slot slot;
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    g_autofree char *address_index =
        secret_box_index(op->scheduling->box, "slot.hold.address", op->address);
    DbQuery *old = db_query(tx, "hold_expire");
    db_bind_int(old, 1, now_ms);
    const SlotWish wish = {
        op->clinic_id, op->practitioner_id, op->request.starts_at_ms, op->service_id,
        false,         SLOT_BOOK_NO_HOLD};
    return check_own(op, error) && check_service(op, tx, error) && db_exec(old, error) &&
           hold_take(op->scheduling, tx, op->token, NULL, NULL, error) &&
           hold_take(op->scheduling, tx, op->own, NULL, NULL, error) &&
           check_number(tx, address_index, now_ms, error) &&
           slot_wish_find(op->scheduling, tx, &wish, &op->refusal, &slot, error) &&
           insert_hold(op, tx, &slot, address_index, now_ms, error);
}

static void on_held(gpointer data, const GError *error)
{
    HoldOp *op = data;
    op->hold.refusal = &op->refusal;
    op->done(&op->hold, error, op->user_data);
}

void hold_create(Scheduling *scheduling, const HoldRequest *request, HoldDone done,
                 gpointer user_data)
{
    HoldOp *op = g_new0(HoldOp, 1);
    op->scheduling = scheduling;
    op->request = *request;
    op->clinic_id = g_strdup(request->clinic_id);
    op->practitioner_id = g_strdup(request->practitioner_id);
    op->service_id = g_strdup(request->service_id);
    op->refusal.faults = fault_list_new();
    op->address = g_strdup(request->address ? request->address : "");
    op->token = g_strdup(request->instead);
    op->own = g_strdup(request->token);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, hold_job, on_held, op, hold_op_free);
}

static bool release_job(DbTx *tx, gpointer data, GError **error)
{
    HoldOp *op = data;
    return hold_take(op->scheduling, tx, op->token, NULL, NULL, error);
}

static void on_released(gpointer data, const GError *error)
{
    HoldOp *op = data;
    if (!error)
        scheduling_tell_free(op->scheduling);
    op->released(error, op->user_data);
}

void hold_release(Scheduling *scheduling, const char *token, SchedulingDone done,
                  gpointer user_data)
{
    HoldOp *op = g_new0(HoldOp, 1);
    op->scheduling = scheduling;
    op->token = g_strdup(token);
    op->released = done;
    op->user_data = user_data;
    db_write(scheduling->db, release_job, on_released, op, hold_op_free);
}

typedef struct {
    Scheduling *scheduling;
    unsigned n_deleted;
    HoldSwept done;
    gpointer user_data;
} SweepOp;

static bool sweep_job(DbTx *tx, gpointer data, GError **error)
{
    SweepOp *op = data;
    DbQuery *query = db_query(tx, "hold_sweep");
    db_bind_int(query, 1, clock_wall_ms(op->scheduling->clock));
    db_bind_int(query, 2, HOLD_MAX_SWEPT);
    if (!db_exec(query, error))
        return false;
    op->n_deleted = (unsigned)db_changes(tx);
    return true;
}

static void on_swept(gpointer data, const GError *error)
{
    SweepOp *op = data;
    if (!error && op->n_deleted > 0)
        scheduling_tell_free(op->scheduling);
    op->done(error ? 0 : op->n_deleted, error, op->user_data);
}

void hold_sweep(Scheduling *scheduling, HoldSwept done, gpointer user_data)
{
    SweepOp *op = g_new0(SweepOp, 1);
    op->scheduling = scheduling;
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, sweep_job, on_swept, op, g_free);
}
