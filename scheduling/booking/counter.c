// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/counter.h"

#include "scheduling/booking/slot_wish.h"
#include "scheduling/booking/token_private.h"
#include "scheduling/booking/visit_row.h"

static bool check_officer(const Actor *actor, GError **error)
{
    if (actor->role == ACTOR_OFFICER && actor->user_id)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "only an officer books at a counter");
    return false;
}

static void today_of(const Scheduling *scheduling, char ret_date[SCHEDULING_DATE_BYTES])
{
    clock_local_date(clock_wall_ms(scheduling->clock), scheduling->zone, ret_date);
}

/* Still to come, or going on. */
static bool is_to_come(VisitState state)
{
    const VisitStateRow *row = visit_state_row(state);
    return !row->is_final && !row->is_cancelled;
}

bool counter_forget(Scheduling *scheduling, DbTx *tx, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    today_of(scheduling, today);
    DbQuery *forget = db_query(tx, "counter_forget_links");
    db_bind_text(forget, 1, today);
    return db_exec(forget, error);
}

bool counter_write(Scheduling *scheduling, DbTx *tx, const char *visit_id, const char *token,
                   const Actor *actor, GError **error)
{
    if (!check_officer(actor, error) || !counter_forget(scheduling, tx, error))
        return false;
    char today[SCHEDULING_DATE_BYTES];
    today_of(scheduling, today);
    g_autofree char *sealed = secret_box_seal(scheduling->box, "counter.token", token);
    DbQuery *query = db_query(tx, "counter_insert");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, actor->user_id);
    db_bind_text(query, 3, today);
    db_bind_text(query, 4, sealed);
    db_bind_int(query, 5, clock_wall_ms(scheduling->clock));
    return db_exec(query, error);
}

/* The list. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    GPtrArray *bookings;
    CounterListDone done;
    gpointer user_data;
} ListOp;

static void counter_booking_free(gpointer data)
{
    CounterBooking *row = data;
    char *texts[] = {row->visit_id, row->number, row->code,  row->patient,
                     row->facility, row->clinic, row->doctor};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(row);
}

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    actor_copy_clear(&op->actor);
    g_ptr_array_unref(op->bookings);
    g_free(op);
}

static void read_booking(DbQuery *rows, GPtrArray *bookings)
{
    CounterBooking *row = g_new0(CounterBooking, 1);
    VisitState state;
    row->visit_id = db_column_dup(rows, 0);
    row->number = db_column_dup(rows, 1);
    row->code = db_column_dup(rows, 2);
    row->patient = db_column_dup(rows, 3);
    row->facility = db_column_dup(rows, 4);
    row->clinic = db_column_dup(rows, 5);
    row->doctor = db_column_int(rows, 9) != 0 ? NULL : db_column_dup(rows, 6);
    row->starts_at_ms = db_column_int(rows, 7);
    row->is_booked = visit_state_parse(db_column_text(rows, 8), &state) && is_to_come(state);
    g_ptr_array_add(bookings, row);
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    char today[SCHEDULING_DATE_BYTES];
    if (!check_officer(&op->actor.actor, error))
        return false;
    today_of(op->scheduling, today);
    DbQuery *rows = db_query(tx, "counter_list");
    db_bind_text(rows, 1, op->actor.user_id);
    db_bind_text(rows, 2, today);
    db_bind_int(rows, 3, COUNTER_MAX_LISTED);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        read_booking(rows, op->bookings);
    return step == DB_DONE && scheduling_audit(op->scheduling, tx, &op->actor.actor, "counter.list",
                                               "user", op->actor.user_id, error);
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->bookings, error, op->user_data);
}

void counter_list(Scheduling *scheduling, const Actor *actor, CounterListDone done,
                  gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->bookings = g_ptr_array_new_with_free_func(counter_booking_free);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, list_job, on_list_done, op, list_op_free);
}

/* One ticket. */

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    CounterTicket ticket;
    CounterTicketDone done;
    gpointer user_data;
} TicketOp;

static void ticket_op_free(gpointer data)
{
    TicketOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    booking_clear(&op->ticket.booking);
    g_free(op->ticket.patient);
    g_free(op);
}

/* The row as the officer has it: *RET_SEALED may be NULL. */
static bool load_own(TicketOp *op, DbTx *tx, char **ret_sealed, GError **error)
{
    char today[SCHEDULING_DATE_BYTES];
    VisitState state;
    today_of(op->scheduling, today);
    DbQuery *row = db_query(tx, "counter_get");
    db_bind_text(row, 1, op->visit_id);
    db_bind_text(row, 2, op->actor.user_id);
    db_bind_text(row, 3, today);
    if (!scheduling_need_row(row, "booking of today", error))
        return false;
    op->ticket.patient = db_column_dup(row, 1);
    bool is_known = visit_state_parse(db_column_text(row, 2), &state);
    *ret_sealed = db_column_dup(row, 0);
    db_reset(row);
    if (is_known && is_to_come(state))
        return true;
    visit_row_refuse(is_known ? state : VISIT_STATE_CANCELLED_SYSTEM, error);
    return false;
}

/* Opens the link, and leaves it out when the facility has made another one meanwhile. */
static bool open_link(TicketOp *op, DbTx *tx, const char *sealed, GError **error)
{
    if (!sealed)
        return true;
    char *token = secret_box_open(op->scheduling->box, "counter.token", sealed, error);
    if (!token)
        return false;
    g_autofree char *hash = token_hash(op->scheduling, token);
    DbQuery *query = db_query(tx, "counter_link_holds");
    db_bind_text(query, 1, hash);
    db_bind_text(query, 2, op->visit_id);
    db_bind_int(query, 3, clock_wall_ms(op->scheduling->clock));
    DbStep step = db_step(query, error);
    if (step == DB_ROW) {
        db_reset(query);
        op->ticket.booking.token = token;
        return true;
    }
    secret_text_free(token);
    return step == DB_DONE;
}

static bool ticket_job(DbTx *tx, gpointer data, GError **error)
{
    TicketOp *op = data;
    g_autofree char *sealed = NULL;
    return check_officer(&op->actor.actor, error) && load_own(op, tx, &sealed, error) &&
           open_link(op, tx, sealed, error) &&
           booking_fill(op->scheduling, tx, op->visit_id, &op->ticket.booking, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "ticket.read", "visit",
                            op->visit_id, error);
}

static void on_ticket_done(gpointer data, const GError *error)
{
    TicketOp *op = data;
    op->done(error ? NULL : &op->ticket, error, op->user_data);
}

void counter_ticket(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                    CounterTicketDone done, gpointer user_data)
{
    TicketOp *op = g_new0(TicketOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, ticket_job, on_ticket_done, op, ticket_op_free);
}
