// SPDX-License-Identifier: Apache-2.0
#include "scheduling/wait/wait_answer.h"

#include <string.h>

#include "scheduling/wait/wait_offer.h"

/* Seeing. */

typedef struct {
    Scheduling *scheduling;
    char *token;
    WaitRow row;
    WaitOffer offer;
    char *last;
    WaitView view;
    WaitViewDone done;
    gpointer user_data;
} ViewOp;

static void view_op_free(gpointer data)
{
    ViewOp *op = data;
    secret_text_free(op->token);
    wait_row_clear(&op->row);
    wait_offer_clear(&op->offer);
    g_free(op->last);
    g_free(op);
}

static bool load_ahead(ViewOp *op, DbTx *tx, GError **error)
{
    DbQuery *ahead = db_query(tx, "wait_ahead");
    db_bind_text(ahead, 1, op->row.clinic_id);
    db_bind_int(ahead, 2, op->row.is_urgent);
    db_bind_int(ahead, 3, op->row.requested_at_ms);
    db_bind_text(ahead, 4, op->row.id);
    if (!scheduling_need_row(ahead, "count", error))
        return false;
    op->view.n_ahead = (unsigned)db_column_int(ahead, 0);
    db_reset(ahead);
    return true;
}

static bool load_last(ViewOp *op, DbTx *tx, GError **error)
{
    DbQuery *last = db_query(tx, "wait_offer_last");
    db_bind_text(last, 1, op->row.id);
    DbStep step = db_step(last, error);
    if (step == DB_ROW) {
        op->last = db_column_dup(last, 0);
        op->view.last_turn_at_ms = db_column_int(last, 1);
    }
    db_reset(last);
    return step != DB_FAILED;
}

static void fill_view(ViewOp *op, bool has_offer)
{
    const WaitRow *row = &op->row;
    WaitView *view = &op->view;
    view->id = row->id;
    view->state = row->state;
    view->clinic = row->clinic;
    view->facility = row->facility;
    view->phone = row->facility_phone;
    view->doctor = row->doctor;
    view->service = row->service;
    view->from_date = row->from_date;
    view->until_date = row->until_date;
    view->is_urgent = row->is_urgent;
    view->now_ms = clock_wall_ms(op->scheduling->clock);
    view->last_offer = op->last;
    /* One whose time is over is none, whether the sweep has been there or not. */
    if (has_offer && op->offer.expires_at_ms > view->now_ms) {
        view->offer.id = op->offer.id;
        view->offer.doctor = op->offer.doctor;
        view->offer.turn_at_ms = op->offer.turn_at_ms;
        view->offer.expires_at_ms = op->offer.expires_at_ms;
        view->offer.is_kept = op->offer.hold_hash != NULL;
    } else if (has_offer) {
        view->last_offer = "expired";
        view->last_turn_at_ms = op->offer.turn_at_ms;
    }
}

static bool view_job(DbTx *tx, gpointer data, GError **error)
{
    ViewOp *op = data;
    bool has_offer = false;
    if (!wait_row_by_token(op->scheduling, tx, op->token, &op->row, error) ||
        !wait_offer_load(tx, op->row.id, &op->offer, &has_offer, error) ||
        !load_ahead(op, tx, error) || !load_last(op, tx, error))
        return false;
    fill_view(op, has_offer);
    return true;
}

static void on_view_done(gpointer data, const GError *error)
{
    ViewOp *op = data;
    op->done(error ? NULL : &op->view, error, op->user_data);
}

void wait_answer_view(Scheduling *scheduling, const char *token, WaitViewDone done,
                      gpointer user_data)
{
    ViewOp *op = g_new0(ViewOp, 1);
    op->scheduling = scheduling;
    op->token = g_strdup(token);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, view_job, on_view_done, op, view_op_free);
}

/* Answering. */

typedef enum { ANSWER_DECLINE, ANSWER_LEAVE } AnswerKind;

typedef struct {
    Scheduling *scheduling;
    AnswerKind kind;
    char *token, *offer_id;
    ActorCopy actor;
    WaitNews *news;
    SchedulingDone done;
    gpointer user_data;
} AnswerOp;

static void answer_op_free(gpointer data)
{
    AnswerOp *op = data;
    secret_text_free(op->token);
    g_free(op->offer_id);
    actor_copy_clear(&op->actor);
    wait_news_free(op->news);
    g_free(op);
}

bool wait_answer_offer(Scheduling *scheduling, DbTx *tx, const WaitRow *row, const char *offer_id,
                       WaitOffer *ret_offer, GError **error)
{
    bool found = false;
    if (!wait_offer_load(tx, row->id, ret_offer, &found, error))
        return false;
    if (found && g_strcmp0(ret_offer->id, offer_id) == 0 &&
        ret_offer->expires_at_ms > clock_wall_ms(scheduling->clock))
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_OFFER_OVER,
                        "the offer holds no more");
    return false;
}

static bool decline(AnswerOp *op, DbTx *tx, const WaitRow *row, GError **error)
{
    g_auto(WaitOffer) offer = {0};
    DbQuery *answered = db_query(tx, "wait_answered");
    db_bind_text(answered, 1, row->id);
    wait_news_add(op->news, row->id);
    return wait_answer_offer(op->scheduling, tx, row, op->offer_id, &offer, error) &&
           wait_offer_close(op->scheduling, tx, &offer, "declined", error) &&
           db_exec(answered, error) &&
           wait_row_audit(op->scheduling, tx, &op->actor.actor, "wait.decline", row->id, NULL,
                          error);
}

static bool leave(AnswerOp *op, DbTx *tx, const WaitRow *row, GError **error)
{
    if (row->state == WAIT_STATE_WAITING) {
        wait_news_add(op->news, row->id);
        return wait_row_end(op->scheduling, tx, row, WAIT_STATE_LEFT, &op->actor.actor, false,
                            error) &&
               wait_news_add_clinic(op->news, tx, row->clinic_id, error);
    }
    if (row->state != WAIT_STATE_BOOKED)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE,
                        "the entry has become a visit");
    return false;
}

static bool answer_job(DbTx *tx, gpointer data, GError **error)
{
    AnswerOp *op = data;
    g_auto(WaitRow) row = {0};
    if (!wait_row_by_token(op->scheduling, tx, op->token, &row, error))
        return false;
    switch (op->kind) {
    case ANSWER_DECLINE:
        return decline(op, tx, &row, error);
    case ANSWER_LEAVE:
        return leave(op, tx, &row, error);
    }
    g_assert_not_reached();
}

static void on_answer_done(gpointer data, const GError *error)
{
    AnswerOp *op = data;
    if (!error) {
        wait_news_tell(op->scheduling, op->news);
        scheduling_tell_free(op->scheduling);
    }
    op->done(error, op->user_data);
}

static AnswerOp *answer_op_new(Scheduling *scheduling, AnswerKind kind, const char *token,
                               const char *address, SchedulingDone done, gpointer user_data)
{
    AnswerOp *op = g_new0(AnswerOp, 1);
    const Actor actor = {.role = ACTOR_PATIENT, .address = address};
    op->scheduling = scheduling;
    op->kind = kind;
    op->news = wait_news_new();
    op->token = g_strdup(token);
    actor_copy_init(&op->actor, &actor);
    op->done = done;
    op->user_data = user_data;
    return op;
}

void wait_answer_decline(Scheduling *scheduling, const char *token, const char *offer_id,
                         const char *address, SchedulingDone done, gpointer user_data)
{
    AnswerOp *op = answer_op_new(scheduling, ANSWER_DECLINE, token, address, done, user_data);
    op->offer_id = g_strdup(offer_id);
    db_write(scheduling->db, answer_job, on_answer_done, op, answer_op_free);
}

void wait_answer_leave(Scheduling *scheduling, const char *token, const char *address,
                       SchedulingDone done, gpointer user_data)
{
    AnswerOp *op = answer_op_new(scheduling, ANSWER_LEAVE, token, address, done, user_data);
    db_write(scheduling->db, answer_job, on_answer_done, op, answer_op_free);
}
