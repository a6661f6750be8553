// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/series_private.h"

#include <string.h>

#include "scheduling/booking/move_private.h"
#include "scheduling/booking/own_visit.h"
#include "scheduling/booking/slot_wish.h"

/* One of those that are to be moved. */
typedef struct {
    char *visit_id;
    int64_t to_ms;
    bool is_there; /* already, or still */
    char now_id[SCHEDULING_ID_BYTES];
    VisitRow row;
    VisitSource source;
    ChangeBox before, after;
} Step;

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    unsigned n_steps;
    Step steps[SERIES_MAX];
    unsigned n_asked;                    /* also those above the limit */
    char told_with[SCHEDULING_ID_BYTES]; /* the first of the new ones; "": none is made yet */
    Series series;
    SeriesDone done;
    gpointer user_data;
} MoveOp;

static void move_op_free(gpointer data)
{
    MoveOp *op = data;
    for (unsigned i = 0; i < op->n_steps; i++) {
        g_free(op->steps[i].visit_id);
        visit_source_clear(&op->steps[i].source);
    }
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    series_clear(&op->series);
    g_free(op);
}

static bool refuse_fields(GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "what is to be moved is wrong");
    return false;
}

static bool check_moves(MoveOp *op, GError **error)
{
    FaultList *faults = op->series.faults;
    if (op->n_asked < 1 || op->n_asked > SERIES_MAX) {
        fault_list_add(faults, "moves", op->n_asked < 1 ? "too_few" : "too_many", "1..12");
        return refuse_fields(error);
    }
    for (unsigned i = 1; i < op->n_steps; i++) {
        if (op->steps[i].to_ms > op->steps[i - 1].to_ms)
            continue;
        fault_list_add(faults, "moves", "not_allowed", "rising");
        return refuse_fields(error);
    }
    return true;
}

/* Where the visit is by now: a request that comes again finds it where it wants it. */
static bool look_where(MoveOp *op, DbTx *tx, Step *step, GError **error)
{
    VisitState state;
    if (!series_load_visit(tx, step->visit_id, &op->actor.actor, &step->row, error))
        return false;
    DbQuery *now = db_query(tx, "move_where");
    db_bind_text(now, 1, step->visit_id);
    if (!scheduling_need_row(now, "visit", error))
        return false;
    scheduling_copy_column(now, 0, step->now_id, sizeof step->now_id);
    step->is_there = db_column_int(now, 1) == step->to_ms &&
                     visit_state_parse(db_column_text(now, 2), &state) &&
                     state == VISIT_STATE_BOOKED;
    db_reset(now);
    return true;
}

static bool is_movable(const GArray *movable, const char *visit_id)
{
    for (unsigned i = 0; i < movable->len; i++) {
        if (strcmp(g_array_index(movable, SeriesMovable, i).visit_id, visit_id) == 0)
            return true;
    }
    return false;
}

/* Each is one of MOVABLE, and once; else why not. */
static bool check_step(MoveOp *op, const GArray *movable, unsigned n, GError **error)
{
    const Step *step = &op->steps[n];
    bool is_twice = false;
    for (unsigned i = 0; i < n; i++)
        is_twice = is_twice || strcmp(op->steps[i].visit_id, step->visit_id) == 0;
    if (!is_twice && (step->is_there || is_movable(movable, step->visit_id)))
        return true;
    if (is_twice || step->row.state == VISIT_STATE_BOOKED) {
        fault_list_add(op->series.faults, "moves", "not_allowed",
                       is_twice ? "each once" : "this and later ones of the series");
        return refuse_fields(error);
    }
    visit_row_refuse(step->row.state, error);
    return false;
}

static bool end_one(MoveOp *op, DbTx *tx, Step *step, GError **error)
{
    const VisitStep to = {.to = VISIT_STATE_RESCHEDULED, .actor = &op->actor.actor};
    return visit_source_load(tx, step->row.id, &step->source, error) &&
           visit_set_state(op->scheduling, tx, &step->row, &to, &step->before, error);
}

static bool find_place(MoveOp *op, DbTx *tx, const Step *step, Slot *ret_slot, GError **error)
{
    Booking refused = {0};
    const VisitRow *row = &step->row;
    const SlotWish wish = {row->clinic_id, row->practitioner_id,
                           step->to_ms,    step->source.service_id,
                           true,           SLOT_BOOK_NO_HOLD};
    op->series.taken_at_ms = step->to_ms;
    return slot_wish_find(op->scheduling, tx, &wish, &refused, ret_slot, error);
}

/* The visit that comes after it, at its new time. */
static bool follow_one(MoveOp *op, DbTx *tx, Step *step, GError **error)
{
    Slot slot;
    ServiceTerms service;
    CreatedVisit created;
    OwnVisitCheck own = {0};
    const VisitRow *row = &step->row;
    const VisitSource *source = &step->source;
    bool is_first = op->told_with[0] == '\0';
    if (!find_place(op, tx, step, &slot, error) ||
        (source->service_id &&
         !service_terms_load(tx, row->clinic_id, source->service_id, false, &service, error)))
        return false;
    const NewVisit visit = {
        .mode = "slot",
        .clinic_id = row->clinic_id,
        .practitioner_id = row->practitioner_id,
        .pool = source->pool,
        .starts_at_ms = slot.starts_at_ms,
        .ends_at_ms = slot.ends_at_ms,
        .place = slot.place,
        .session = slot.session,
        .before_ms = slot.before_ms,
        .after_ms = slot.after_ms,
        .service = source->service_id ? &service : NULL,
        .lang = source->lang,
        .actor = &op->actor.actor,
        .source = &source->person,
        .is_of_series = !is_first,
        .own = &own,
    };
    if (!visit_create(op->scheduling, tx, &visit, &created, &step->after, error))
        return false;
    if (is_first)
        g_strlcpy(op->told_with, created.id, sizeof op->told_with);
    g_strlcpy(step->now_id, created.id, sizeof step->now_id);
    const MoveTie tie = {row, source, &created, &op->actor.actor, op->told_with};
    return move_tie(op->scheduling, tx, &tie, error);
}

/* First all are ended, so that one may come where another one was. */
static bool move_all(MoveOp *op, DbTx *tx, GError **error)
{
    for (unsigned i = 0; i < op->n_steps; i++) {
        if (!op->steps[i].is_there && !end_one(op, tx, &op->steps[i], error))
            return false;
    }
    for (unsigned i = 0; i < op->n_steps; i++) {
        if (op->steps[i].is_there)
            continue;
        if (!follow_one(op, tx, &op->steps[i], error))
            return false;
        op->series.n_moved++;
    }
    op->series.taken_at_ms = 0;
    return op->series.n_moved == 0 ||
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "visit.series_move", "visit",
                            op->visit_id, error);
}

static bool move_job(DbTx *tx, gpointer data, GError **error)
{
    MoveOp *op = data;
    VisitRow row;
    g_autofree char *series_id = NULL;
    if (!series_load_visit(tx, op->visit_id, &op->actor.actor, &row, error) ||
        !check_moves(op, error))
        return false;
    g_autoptr(GArray) movable = series_load_movable(tx, &row, error);
    if (!movable)
        return false;
    for (unsigned i = 0; i < op->n_steps; i++) {
        if (!look_where(op, tx, &op->steps[i], error) || !check_step(op, movable, i, error))
            return false;
    }
    if (!move_all(op, tx, error) || !series_find(tx, op->steps[0].now_id, &series_id, error))
        return false;
    return !series_id || series_load(tx, series_id, &op->series, error);
}

static void on_moved(gpointer data, const GError *error)
{
    MoveOp *op = data;
    for (unsigned i = 0; !error && i < op->n_steps; i++) {
        scheduling_notify(op->scheduling, &op->steps[i].before);
        scheduling_notify(op->scheduling, &op->steps[i].after);
    }
    op->done(&op->series, error, op->user_data);
}

void series_move(Scheduling *scheduling, const char *visit_id, const SeriesMove *moves,
                 unsigned n_moves, const Actor *actor, SeriesDone done, gpointer user_data)
{
    MoveOp *op = g_new0(MoveOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    op->n_asked = n_moves;
    op->n_steps = MIN(n_moves, SERIES_MAX);
    for (unsigned i = 0; i < op->n_steps; i++) {
        op->steps[i].visit_id = g_strdup(moves[i].visit_id);
        op->steps[i].to_ms = moves[i].starts_at_ms;
    }
    actor_copy_init(&op->actor, actor);
    series_init(&op->series);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, move_job, on_moved, op, move_op_free);
}
