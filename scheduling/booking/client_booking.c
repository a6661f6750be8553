// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/client_booking.h"

#include "scheduling/booking/slot_wish.h"
#include "scheduling/booking/visit_row.h"

bool client_booking_write(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                          const Actor *actor, GError **error)
{
    DbQuery *query = db_query(tx, "client_booking_insert");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, actor->user_id);
    db_bind_int(query, 3, clock_wall_ms(scheduling->clock));
    return db_exec(query, error);
}

bool client_booking_carry(DbTx *tx, const char *from_visit_id, const char *to_visit_id,
                          GError **error)
{
    DbQuery *query = db_query(tx, "client_booking_carry");
    db_bind_text(query, 1, from_visit_id);
    db_bind_text(query, 2, to_visit_id);
    return db_exec(query, error);
}

/* A visit comes of one at most, and later: this ends. */
bool client_booking_follow(DbTx *tx, char **visit_id, GError **error)
{
    for (;;) {
        DbQuery *query = db_query(tx, "client_booking_next");
        db_bind_text(query, 1, *visit_id);
        DbStep step = db_step(query, error);
        if (step != DB_ROW)
            return step == DB_DONE;
        char *next = db_column_dup(query, 0);
        db_reset(query);
        g_free(*visit_id);
        *visit_id = next;
    }
}

bool client_booking_is_of(DbTx *tx, const char *visit_id, const char *client, bool *ret_is,
                          GError **error)
{
    DbQuery *query = db_query(tx, "client_booking_is_of");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, client);
    DbStep step = db_step(query, error);
    *ret_is = step == DB_ROW;
    if (step == DB_ROW)
        db_reset(query);
    return step != DB_FAILED;
}

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    Booking booking;
    VisitState state;
    ClientBookingDone done;
    gpointer user_data;
} GetOp;

static void get_op_free(gpointer data)
{
    GetOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    booking_clear(&op->booking);
    g_free(op);
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    GetOp *op = data;
    const Actor *actor = &op->actor.actor;
    VisitRow row;
    if (!client_booking_follow(tx, &op->visit_id, error) ||
        !visit_row_load(tx, op->visit_id, &row, error) ||
        !visit_row_check_actor(tx, &row, actor, 1U << ACTOR_CLIENT, error))
        return false;
    op->state = row.state;
    return booking_fill(op->scheduling, tx, row.id, &op->booking, error) &&
           scheduling_audit(op->scheduling, tx, actor, "ticket.read", "visit", row.id, error);
}

static void on_get_done(gpointer data, const GError *error)
{
    GetOp *op = data;
    op->done(&op->booking, op->state, error, op->user_data);
}

void client_booking_get(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                        ClientBookingDone done, gpointer user_data)
{
    GetOp *op = g_new0(GetOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, get_job, on_get_done, op, get_op_free);
}
