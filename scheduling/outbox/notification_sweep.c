// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/notification_sweep.h"

#include "scheduling/booking/queue.h"
#include "scheduling/booking/queue_day.h"
#include "scheduling/outbox/late_row.h"
#include "scheduling/outbox/notification.h"

enum { MAX_LAPSED_AT_ONCE = 20 };

typedef struct {
    Scheduling *scheduling;
    LateNews news[MAX_LAPSED_AT_ONCE];
    SchedulingDone done;
    gpointer user_data;
} SweepOp;

static void sweep_op_free(gpointer data)
{
    SweepOp *op = data;
    for (unsigned i = 0; i < MAX_LAPSED_AT_ONCE; i++)
        late_news_clear(&op->news[i]);
    g_free(op);
}

/* Whoever this doctor calls next, as it looks now. */
static bool tell_next(SweepOp *op, DbTx *tx, const char *practitioner_id, const char *today,
                      GError **error)
{
    const QueueKey key = {.practitioner_id = practitioner_id, .local_date = today};
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    g_autoptr(GArray) turns = queue_load(op->scheduling, tx, &key, error);
    if (!turns)
        return false;
    if (turns->len == 0)
        return true;
    const Turn *turn = &g_array_index(turns, Turn, turn_next(turns));
    const NewNotification entry = {turn->id, NOTIFICATION_NEXT, turn->starts_at_ms, now_ms};
    return notification_add(tx, &entry, now_ms, error);
}

static bool tell_all_next(SweepOp *op, DbTx *tx, GError **error)
{
    QueueDays days;
    queue_days_now(op->scheduling, &days);
    g_autoptr(GPtrArray) doctors = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "next_doctors");
    db_bind_text(rows, 1, days.date);
    db_bind_text(rows, 2, days.before);
    if (!db_collect(rows, db_row_text, doctors, error))
        return false;
    for (unsigned i = 0; i < doctors->len; i++) {
        if (!tell_next(op, tx, doctors->pdata[i], days.date, error))
            return false;
    }
    return true;
}

typedef struct {
    char practitioner_id[SCHEDULING_ID_BYTES];
    char local_date[SCHEDULING_DATE_BYTES];
    int64_t said_at_ms;
} Lapsed;

static bool lapse_late(SweepOp *op, DbTx *tx, GError **error)
{
    static const Actor system = {.role = ACTOR_SYSTEM};
    Lapsed lapsed[MAX_LAPSED_AT_ONCE] = {0};
    unsigned n = 0;
    DbQuery *rows = db_query(tx, "late_lapsed");
    db_bind_int(rows, 1, clock_wall_ms(op->scheduling->clock));
    db_bind_int(rows, 2, MAX_LAPSED_AT_ONCE);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        Lapsed *one = &lapsed[n++];
        scheduling_copy_column(rows, 0, one->practitioner_id, sizeof one->practitioner_id);
        scheduling_copy_column(rows, 1, one->local_date, sizeof one->local_date);
        one->said_at_ms = db_column_int(rows, 2);
    }
    for (unsigned i = 0; step == DB_DONE && i < n; i++) {
        const LateWish wish = {lapsed[i].practitioner_id, lapsed[i].local_date, 0,
                               lapsed[i].said_at_ms, &system};
        if (!late_row_write(op->scheduling, tx, &wish, &op->news[i], error))
            return false;
    }
    return step == DB_DONE;
}

static bool sweep_job(DbTx *tx, gpointer data, GError **error)
{
    SweepOp *op = data;
    return tell_all_next(op, tx, error) && lapse_late(op, tx, error) &&
           late_row_tell_rest(op->scheduling, tx, error);
}

static void on_sweep_done(gpointer data, const GError *error)
{
    SweepOp *op = data;
    for (unsigned i = 0; !error && i < MAX_LAPSED_AT_ONCE; i++)
        late_notify(op->scheduling, &op->news[i]);
    op->done(error, op->user_data);
}

void notification_sweep(Scheduling *scheduling, SchedulingDone done, gpointer user_data)
{
    SweepOp *op = g_new0(SweepOp, 1);
    op->scheduling = scheduling;
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, sweep_job, on_sweep_done, op, sweep_op_free);
}
