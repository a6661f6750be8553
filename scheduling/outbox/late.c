// SPDX-License-Identifier: Apache-2.0
#include "scheduling/outbox/late.h"

#include "scheduling/outbox/late_row.h"

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *practitioner_id; /* NULL: the actor's own */
    LateSaid said;
    LateNews news;
    LateDone done;
    gpointer user_data;
} LateOp;

static void late_op_free(gpointer data)
{
    LateOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->practitioner_id);
    late_news_clear(&op->news);
    g_free(op);
}

void late_set_listener(Scheduling *scheduling, LateListener listener, gpointer user_data)
{
    scheduling->late_listener = listener;
    scheduling->late_listener_data = user_data;
}

static bool works_in(DbTx *tx, const char *facility_id, const char *practitioner_id, GError **error)
{
    DbQuery *query = db_query(tx, "late_doctor_of_facility");
    db_bind_text(query, 1, facility_id);
    db_bind_text(query, 2, practitioner_id);
    if (!scheduling_need_row(query, "doctor", error))
        return false;
    db_reset(query);
    return true;
}

/* Of whom the actor may speak. */
static bool find_doctor(LateOp *op, DbTx *tx, GError **error)
{
    const Actor *actor = &op->actor.actor;
    if (actor->role == ACTOR_DESK && actor->facility_id && op->practitioner_id)
        return works_in(tx, actor->facility_id, op->practitioner_id, error);
    g_autofree char *own = scheduling_actor_practitioner(tx, actor, error);
    if (!own)
        return false;
    if (op->practitioner_id && !g_str_equal(own, op->practitioner_id)) {
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND,
                            "another doctor's queue");
        return false;
    }
    g_free(op->practitioner_id);
    op->practitioner_id = g_steal_pointer(&own);
    return true;
}

static bool late_job(DbTx *tx, gpointer data, GError **error)
{
    LateOp *op = data;
    char today[SCHEDULING_DATE_BYTES];
    LateRow last;
    clock_local_date(clock_wall_ms(op->scheduling->clock), op->scheduling->zone, today);
    if (!find_doctor(op, tx, error) || !late_row_load(tx, op->practitioner_id, today, &last, error))
        return false;
    g_strlcpy(op->said.practitioner_id, op->practitioner_id, sizeof op->said.practitioner_id);
    if (last.minutes == op->said.minutes)
        return true;
    const LateWish wish = {op->practitioner_id, today, op->said.minutes, last.said_at_ms,
                           &op->actor.actor};
    return late_row_write(op->scheduling, tx, &wish, &op->news, error);
}

static void on_late_done(gpointer data, const GError *error)
{
    LateOp *op = data;
    op->said.n_told = op->news.n_told;
    if (!error)
        late_notify(op->scheduling, &op->news);
    op->done(error ? NULL : &op->said, error, op->user_data);
}

void late_say(Scheduling *scheduling, const char *practitioner_id, unsigned minutes,
              const Actor *actor, LateDone done, gpointer user_data)
{
    LateOp *op = g_new0(LateOp, 1);
    op->scheduling = scheduling;
    op->practitioner_id = g_strdup(practitioner_id);
    op->said.minutes = MIN(minutes, LATE_MAX_MINUTES);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, late_job, on_late_done, op, late_op_free);
}
