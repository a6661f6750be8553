// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/series_private.h"

#include <string.h>

#include "scheduling/booking/own_visit.h"
#include "scheduling/booking/slot_wish.h"
#include "scheduling/booking/visit_source.h"
#include "scheduling/record/consent.h"
#include "scheduling/record/event.h"
#include "server/base/ids.h"

typedef struct SeriesOp SeriesOp;
struct SeriesOp {
    Scheduling *scheduling;
    char *visit_id, *key, *reason;
    SeriesDraft draft;
    ActorCopy actor;
    Series series;
    unsigned n_boxes;
    ChangeBox boxes[SERIES_MAX];
    SeriesDone done;
    gpointer user_data;
};

static void op_free(gpointer data)
{
    SeriesOp *op = data;
    g_free(op->visit_id);
    g_free(op->key);
    g_free(op->reason);
    series_clear(&op->series);
    actor_copy_clear(&op->actor);
    g_free(op);
}

static SeriesOp *op_new(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                        SeriesDone done, gpointer user_data)
{
    SeriesOp *op = g_new0(SeriesOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    series_init(&op->series);
    op->done = done;
    op->user_data = user_data;
    return op;
}

static void on_done(gpointer data, const GError *error)
{
    SeriesOp *op = data;
    for (unsigned i = 0; !error && i < op->n_boxes; i++)
        scheduling_notify(op->scheduling, &op->boxes[i]);
    op->done(&op->series, error, op->user_data);
}

/* Booking. */

static bool check_draft(SeriesOp *op, GError **error)
{
    const SeriesDraft *draft = &op->draft;
    FaultList *faults = op->series.faults;
    if (!op->key || strlen(op->key) < SERIES_KEY_MIN_BYTES)
        fault_list_add(faults, "Idempotency-Key", op->key ? "too_short" : "required", "8..128");
    if (!series_is_interval(draft->every_weeks))
        fault_list_add(faults, "every", "not_allowed", SERIES_INTERVALS);
    if (draft->n_starts < SERIES_MIN || draft->n_starts > SERIES_MAX)
        fault_list_add(faults, "starts", draft->n_starts < SERIES_MIN ? "too_few" : "too_many",
                       "2..12");
    for (unsigned i = 1; i < draft->n_starts && i < SERIES_MAX; i++) {
        if (draft->starts[i] > draft->starts[i - 1])
            continue;
        fault_list_add(faults, "starts", "not_allowed", "rising");
        break;
    }
    if (fault_list_length(faults) == 0)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "fields of the series are wrong");
    return false;
}

static char *request_hash(const SeriesOp *op)
{
    g_autoptr(GString) text = g_string_new(op->visit_id);
    g_string_append_printf(text, "\n%d", op->draft.every_weeks);
    for (unsigned i = 0; i < op->draft.n_starts; i++)
        g_string_append_printf(text, "\n%" G_GINT64_FORMAT, op->draft.starts[i]);
    return secret_box_index(op->scheduling->box, "series.request", text->str);
}

static bool answer_again(SeriesOp *op, DbTx *tx, const char *key_hash, const char *hash,
                         bool *ret_answered, GError **error)
{
    DbQuery *row = db_query(tx, "series_by_key");
    db_bind_text(row, 1, key_hash);
    DbStep step = db_step(row, error);
    *ret_answered = step == DB_ROW;
    if (step != DB_ROW)
        return step == DB_DONE;
    g_autofree char *id = db_column_dup(row, 0);
    bool is_same = secret_equal_text(db_column_text(row, 1), hash);
    db_reset(row);
    if (is_same)
        return series_load(tx, id, &op->series, error);
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH,
                        "the key came with another request");
    return false;
}

static bool write_event(const SeriesOp *op, DbTx *tx, const char *visit_id, const char *kind,
                        const char *detail, GError **error)
{
    EventRow event = {
        .visit_id = visit_id,
        .at_ms = clock_wall_ms(op->scheduling->clock),
        .kind = kind,
        .actor = actor_role_name(op->actor.actor.role),
        .detail = detail,
    };
    return event_append(tx, &event, error);
}

/* What is the same of all visits of the series. */
typedef struct {
    const VisitRow *row;
    VisitSource source;
    ServiceTerms service;
    char *id;
} Shared;

static void shared_clear(Shared *shared)
{
    visit_source_clear(&shared->source);
    g_free(shared->id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Shared, shared_clear)

static bool tie(SeriesOp *op, DbTx *tx, const Shared *shared, unsigned n, const char *visit_id,
                GError **error)
{
    DbQuery *query = db_query(tx, "series_add");
    db_bind_text(query, 1, shared->id);
    db_bind_int(query, 2, n + 1);
    db_bind_text(query, 3, visit_id);
    return db_exec(query, error) && contact_carry(tx, shared->row->id, visit_id, error) &&
           consent_carry(tx, shared->row->id, visit_id, error) &&
           write_event(op, tx, visit_id, "series_of", shared->source.code, error);
}

static bool book_one(SeriesOp *op, DbTx *tx, const Shared *shared, unsigned n, GError **error)
{
    Slot slot;
    CreatedVisit created;
    Booking refused = {0};
    OwnVisitCheck own = {0};
    const VisitRow *row = shared->row;
    const SlotWish wish = {
        row->clinic_id, row->practitioner_id, op->draft.starts[n], shared->source.service_id,
        true,           SLOT_BOOK_NO_HOLD};
    op->series.taken_at_ms = op->draft.starts[n];
    if (!slot_wish_find(op->scheduling, tx, &wish, &refused, &slot, error))
        return false;
    const NewVisit visit = {
        .mode = "slot",
        .clinic_id = row->clinic_id,
        .practitioner_id = row->practitioner_id,
        .starts_at_ms = slot.starts_at_ms,
        .ends_at_ms = slot.ends_at_ms,
        .place = slot.place,
        .session = slot.session,
        .before_ms = slot.before_ms,
        .after_ms = slot.after_ms,
        .service = shared->source.service_id ? &shared->service : NULL,
        .lang = shared->source.lang,
        .actor = &op->actor.actor,
        .source = &shared->source.person,
        .is_follow_up = true,
        .is_of_series = n > 0,
        .own = &own,
    };
    ChangeBox *box = &op->boxes[op->n_boxes++];
    return visit_create(op->scheduling, tx, &visit, &created, box, error) &&
           tie(op, tx, shared, n, created.id, error);
}

static bool write_series(SeriesOp *op, DbTx *tx, Shared *shared, const char *key_hash,
                         const char *hash, GError **error)
{
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    shared->id = id_new(now_ms);
    DbQuery *query = db_query(tx, "series_insert");
    db_bind_text(query, 1, shared->id);
    db_bind_text(query, 2, shared->row->id);
    db_bind_int(query, 3, op->draft.every_weeks);
    db_bind_text(query, 4, key_hash);
    db_bind_text(query, 5, hash);
    db_bind_int(query, 6, now_ms);
    g_autofree char *n = g_strdup_printf("%u", op->draft.n_starts);
    return db_exec(query, error) && write_event(op, tx, shared->row->id, "series", n, error) &&
           scheduling_audit(op->scheduling, tx, &op->actor.actor, "visit.series", "visit",
                            shared->row->id, error);
}

static bool book_all(SeriesOp *op, DbTx *tx, const VisitRow *row, const char *key_hash,
                     const char *hash, GError **error)
{
    g_auto(Shared) shared = {.row = row};
    if (row->state == VISIT_STATE_REQUESTED) {
        visit_row_refuse(row->state, error);
        return false;
    }
    /* The service as it is now, also when it is not offered any more. */
    if (!visit_source_load(tx, row->id, &shared.source, error) ||
        (shared.source.service_id &&
         !service_terms_load(tx, row->clinic_id, shared.source.service_id, false, &shared.service,
                             error)) ||
        !write_series(op, tx, &shared, key_hash, hash, error))
        return false;
    for (unsigned i = 0; i < op->draft.n_starts; i++) {
        if (!book_one(op, tx, &shared, i, error))
            return false;
    }
    op->series.taken_at_ms = 0;
    return series_load(tx, shared.id, &op->series, error);
}

static bool book_job(DbTx *tx, gpointer data, GError **error)
{
    SeriesOp *op = data;
    VisitRow row;
    bool answered;
    if (!series_load_visit(tx, op->visit_id, &op->actor.actor, &row, error) ||
        !check_draft(op, error))
        return false;
    g_autofree char *key_hash = secret_box_index(op->scheduling->box, "series.key", op->key);
    g_autofree char *hash = request_hash(op);
    return answer_again(op, tx, key_hash, hash, &answered, error) &&
           (answered || book_all(op, tx, &row, key_hash, hash, error));
}

void series_book(Scheduling *scheduling, const char *visit_id, const SeriesDraft *draft,
                 const Actor *actor, SeriesDone done, gpointer user_data)
{
    SeriesOp *op = op_new(scheduling, visit_id, actor, done, user_data);
    op->draft = *draft;
    op->key = g_strdup(draft->key);
    db_write(scheduling->db, book_job, on_done, op, op_free);
}

/* Looking at it. */

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    SeriesOp *op = data;
    VisitRow row;
    g_autofree char *series_id = NULL;
    if (!series_load_visit(tx, op->visit_id, &op->actor.actor, &row, error) ||
        !series_find(tx, row.id, &series_id, error))
        return false;
    return !series_id || series_load(tx, series_id, &op->series, error);
}

void series_get(Scheduling *scheduling, const char *visit_id, const Actor *actor, SeriesDone done,
                gpointer user_data)
{
    db_read(scheduling->db, get_job, on_done, op_new(scheduling, visit_id, actor, done, user_data),
            op_free);
}

/* Cancelling this one and what comes after it. */

static GPtrArray *load_later(DbTx *tx, const char *visit_id, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "series_later");
    db_bind_text(rows, 1, visit_id);
    return db_collect(rows, db_row_text, ids, error) ? g_steal_pointer(&ids) : NULL;
}

static bool cancel_one(SeriesOp *op, DbTx *tx, const char *visit_id, bool is_first, GError **error)
{
    VisitRow row;
    const VisitStep step = {
        .to = VISIT_STATE_CANCELLED_PROVIDER,
        .actor = &op->actor.actor,
        .detail = op->reason,
        .is_quiet = !is_first,
    };
    DbQuery *query = db_query(tx, "series_ended_with");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, op->visit_id);
    ChangeBox *box = &op->boxes[op->n_boxes++];
    return db_exec(query, error) && visit_row_load(tx, visit_id, &row, error) &&
           visit_set_state(op->scheduling, tx, &row, &step, box, error);
}

static bool cancel_job(DbTx *tx, gpointer data, GError **error)
{
    SeriesOp *op = data;
    VisitRow row;
    if (!series_load_visit(tx, op->visit_id, &op->actor.actor, &row, error))
        return false;
    g_autoptr(GPtrArray) ids = load_later(tx, row.id, error);
    if (!ids)
        return false;
    /* Of those the first is the visit itself, when it can be cancelled and is of a series. */
    if (ids->len == 0 || strcmp(ids->pdata[0], row.id) != 0) {
        visit_row_refuse(row.state, error);
        return false;
    }
    for (unsigned i = 0; i < ids->len && i < SERIES_MAX; i++) {
        if (!cancel_one(op, tx, ids->pdata[i], i == 0, error))
            return false;
    }
    op->series.n_cancelled = ids->len;
    return true;
}

void series_cancel(Scheduling *scheduling, const char *visit_id, const char *reason,
                   const Actor *actor, SeriesDone done, gpointer user_data)
{
    SeriesOp *op = op_new(scheduling, visit_id, actor, done, user_data);
    op->reason = g_strdup(reason);
    db_write(scheduling->db, cancel_job, on_done, op, op_free);
}
