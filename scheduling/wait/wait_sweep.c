// SPDX-License-Identifier: Apache-2.0
#include "scheduling/wait/wait_sweep.h"

#include "scheduling/wait/wait_offer.h"

static const int64_t day_ms = (int64_t)24 * 60 * 60 * 1000;

typedef struct {
    Scheduling *scheduling;
    bool has_work;
    WaitNews *news; /* of the one that writes */
    WaitSwept swept;
    WaitSweepDone done;
    gpointer user_data;
} SweepOp;

static void sweep_op_free(gpointer data)
{
    SweepOp *op = data;
    wait_news_free(op->news);
    g_free(op);
}

static bool end_one(WaitWork *work, const WaitRow *row, GError **error)
{
    static const Actor system = {.role = ACTOR_SYSTEM};
    wait_news_add(work->news, row->id);
    return wait_row_end(work->scheduling, work->tx, row, WAIT_STATE_LAPSED, &system, true, error) &&
           wait_news_add_clinic(work->news, work->tx, row->clinic_id, error);
}

/* Who let an offer pass keeps the place on the list, but not for ever. */
static bool expire_one(WaitWork *work, const char *entry_id, GError **error)
{
    static const Actor system = {.role = ACTOR_SYSTEM};
    g_auto(WaitRow) row = {0};
    g_auto(WaitOffer) offer = {0};
    bool found = false;
    if (!wait_row_load(work->tx, entry_id, &row, error) ||
        !wait_offer_load(work->tx, entry_id, &offer, &found, error))
        return false;
    if (!found)
        return true;
    wait_news_add(work->news, entry_id);
    if (!wait_offer_close(work->scheduling, work->tx, &offer, "expired", error) ||
        !wait_row_audit(work->scheduling, work->tx, &system, "wait.expired", entry_id, NULL, error))
        return false;
    /* Of what everybody was told nobody need say no. */
    if (!offer.hold_hash)
        return true;
    DbQuery *count = db_query(work->tx, "wait_unanswered");
    db_bind_text(count, 1, entry_id);
    if (!db_exec(count, error))
        return false;
    return row.n_unanswered + 1 < WAIT_MAX_UNANSWERED || end_one(work, &row, error);
}

static bool expire(WaitWork *work, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(work->tx, "wait_offers_expired");
    db_bind_int(rows, 1, clock_wall_ms(work->scheduling->clock));
    db_bind_int(rows, 2, WAIT_MAX_AT_ONCE);
    if (!db_collect(rows, db_row_text, ids, error))
        return false;
    work->n_ended += ids->len;
    for (unsigned i = 0; !work->dry && i < ids->len; i++) {
        if (!expire_one(work, ids->pdata[i], error))
            return false;
    }
    return true;
}

/* ROWS: ids of entries; each ends, and its patient is told. */
static bool end_all(WaitWork *work, DbQuery *rows, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    if (!db_collect(rows, db_row_text, ids, error))
        return false;
    work->n_ended += ids->len;
    for (unsigned i = 0; !work->dry && i < ids->len; i++) {
        g_auto(WaitRow) row = {0};
        if (!wait_row_load(work->tx, ids->pdata[i], &row, error) || !end_one(work, &row, error))
            return false;
    }
    return true;
}

static bool lapse(WaitWork *work, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(clock_wall_ms(work->scheduling->clock), work->scheduling->zone, today);
    DbQuery *rows = db_query(work->tx, "wait_lapsed");
    db_bind_text(rows, 1, today);
    db_bind_int(rows, 2, WAIT_MAX_AT_ONCE);
    return end_all(work, rows, error);
}

/* What is archived offers nothing, and nobody there tells those who wait. */
static bool end_closed(WaitWork *work, const char *clinic_id, GError **error)
{
    DbQuery *rows = db_query(work->tx, "wait_closed");
    db_bind_text(rows, 1, clinic_id);
    db_bind_int(rows, 2, WAIT_MAX_AT_ONCE);
    return end_all(work, rows, error);
}

/* Names and numbers of who waits no more are not kept. */
static bool forget(WaitWork *work, GError **error)
{
    static const Actor system = {.role = ACTOR_SYSTEM};
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(work->tx, "wait_old");
    db_bind_int(rows, 1, clock_wall_ms(work->scheduling->clock) - WAIT_KEEP_DAYS * day_ms);
    db_bind_int(rows, 2, WAIT_MAX_AT_ONCE);
    if (!db_collect(rows, db_row_text, ids, error))
        return false;
    work->n_ended += ids->len;
    for (unsigned i = 0; !work->dry && i < ids->len; i++) {
        DbQuery *query = db_query(work->tx, "wait_delete");
        db_bind_text(query, 1, ids->pdata[i]);
        if (!db_exec(query, error) || !wait_row_audit(work->scheduling, work->tx, &system,
                                                      "wait.deleted", ids->pdata[i], NULL, error))
            return false;
    }
    return true;
}

/* The clinic after CLINIC_ID for which somebody waits; NULL with *RET_OK when there is none. */
static char *next_clinic(WaitWork *work, const char *clinic_id, bool *ret_ok, GError **error)
{
    DbQuery *row = db_query(work->tx, "wait_next_clinic");
    db_bind_text(row, 1, clinic_id);
    DbStep step = db_step(row, error);
    char *next = step == DB_ROW ? db_column_dup(row, 0) : NULL;
    db_reset(row);
    *ret_ok = step != DB_FAILED;
    return next;
}

static bool is_enough(const WaitWork *work)
{
    unsigned n = work->n_offered + work->n_ended;
    return work->dry ? n > 0 : n >= WAIT_MAX_AT_ONCE;
}

static bool work_off(WaitWork *work, GError **error)
{
    if (!expire(work, error) || !lapse(work, error) || !forget(work, error))
        return false;
    g_autofree char *clinic_id = g_strdup("");
    while (!is_enough(work)) {
        bool ok = false;
        char *next = next_clinic(work, clinic_id, &ok, error);
        if (!next)
            return ok;
        g_free(clinic_id);
        clinic_id = next;
        if (!end_closed(work, clinic_id, error) ||
            !wait_offer_check_clinic(work, clinic_id, error) ||
            !wait_offer_clinic(work, clinic_id, error))
            return false;
    }
    return true;
}

static bool look_job(DbTx *tx, gpointer data, GError **error)
{
    SweepOp *op = data;
    WaitWork work = {.scheduling = op->scheduling, .tx = tx, .dry = true};
    bool ok = work_off(&work, error);
    op->has_work = is_enough(&work);
    return ok;
}

static bool sweep_job(DbTx *tx, gpointer data, GError **error)
{
    SweepOp *op = data;
    WaitWork work = {.scheduling = op->scheduling, .tx = tx, .news = op->news};
    bool ok = work_off(&work, error);
    op->swept = (WaitSwept){work.n_offered, work.n_ended, is_enough(&work)};
    return ok;
}

static void on_swept(gpointer data, const GError *error)
{
    SweepOp *op = data;
    if (!error)
        wait_news_tell(op->scheduling, op->news);
    op->done(&op->swept, error, op->user_data);
}

static void on_looked(gpointer data, const GError *error)
{
    SweepOp *op = data;
    if (error || !op->has_work) {
        op->done(&op->swept, error, op->user_data);
        return;
    }
    SweepOp *next = g_memdup2(op, sizeof *op);
    next->news = wait_news_new();
    db_write(op->scheduling->db, sweep_job, on_swept, next, sweep_op_free);
}

void wait_sweep(Scheduling *scheduling, WaitSweepDone done, gpointer user_data)
{
    SweepOp *op = g_new0(SweepOp, 1);
    op->scheduling = scheduling;
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, look_job, on_looked, op, sweep_op_free);
}

void wait_sweep_set_listener(Scheduling *scheduling, WaitFreeListener listener, gpointer user_data)
{
    scheduling->free_listener = listener;
    scheduling->free_listener_data = user_data;
}
