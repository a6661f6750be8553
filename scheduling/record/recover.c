// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/fixed_line.h"
#include "scheduling/job/heartbeat.h"
#include "scheduling/people/pair_private.h"
#include "scheduling/record/event.h"

typedef struct {
    Scheduling *scheduling;
    SchedulingDone done;
    gpointer user_data;
} RecoverOp;

/* Visits in which, as far as the rows say, somebody is connected or media flows. */
static GPtrArray *load_open_visits(DbTx *tx, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "recover_visits");
    return db_collect(rows, db_row_text, ids, error) ? g_steal_pointer(&ids) : NULL;
}

static bool last_known_time(DbTx *tx, const char *visit_id, int64_t *ret_at_ms, GError **error)
{
    DbQuery *query = db_query(tx, "recover_last_time");
    db_bind_text(query, 1, visit_id);
    if (!scheduling_need_row(query, "visit", error))
        return false;
    *ret_at_ms = scheduling_column_int0(query, 0);
    db_reset(query);
    return true;
}

/* The server was killed: what ran is taken to have run until the last sample or event. */
static bool close_visit(DbTx *tx, const char *visit_id, GError **error)
{
    int64_t at_ms;
    if (!last_known_time(tx, visit_id, &at_ms, error))
        return false;
    EventRow row = {
        .visit_id = visit_id,
        .at_ms = at_ms,
        .kind = "interrupted",
        .actor = actor_role_name(ACTOR_SYSTEM),
    };
    DbQuery *query = db_query(tx, "recover_participants");
    db_bind_text(query, 1, visit_id);
    db_bind_int(query, 2, at_ms);
    return event_append(tx, &row, error) && db_exec(query, error) &&
           event_refresh_course(tx, visit_id, error);
}

static bool recover_job(DbTx *tx, gpointer data, GError **error)
{
    RecoverOp *op = data;
    g_autoptr(GPtrArray) ids = load_open_visits(tx, error);
    if (!ids)
        return false;
    for (unsigned i = 0; i < ids->len; i++) {
        if (!close_visit(tx, g_ptr_array_index(ids, i), error))
            return false;
    }
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    DbQuery *keys = db_query(tx, "booking_key_expire");
    db_bind_int(keys, 1, now_ms);
    return db_exec(keys, error) && heartbeat_begin(tx, now_ms, error) &&
           person_fill_indexes(op->scheduling, tx, error);
}

static void on_recover_done(gpointer data, const GError *error)
{
    RecoverOp *op = data;
    if (!error)
        fixed_line_fill(op->scheduling, op->done, op->user_data);
    else if (op->done)
        op->done(error, op->user_data);
}

void scheduling_recover(Scheduling *scheduling, SchedulingDone done, gpointer user_data)
{
    RecoverOp *op = g_new0(RecoverOp, 1);
    op->scheduling = scheduling;
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, recover_job, on_recover_done, op, g_free);
}
