// SPDX-License-Identifier: Apache-2.0
/* Looking at pairs. */
#include "scheduling/people/pair_private.h"

#include "scheduling/booking/person.h"

#include <string.h>

static const char *const certainty_names[] = {
    [PAIR_SAME_NIK] = "nik", [PAIR_SAME_PHONE] = "phone", [PAIR_SAME_NAME] = "name"};
static const char *const state_names[] = {[PAIR_STATE_OPEN] = "open",
                                          [PAIR_STATE_MERGED] = "merged",
                                          [PAIR_STATE_DIFFERENT] = "different"};

const char *pair_certainty_name(PairCertainty certainty)
{
    return certainty_names[certainty];
}

const char *pair_state_name(PairState state)
{
    return state_names[state];
}

bool pair_state_parse(const char *name, PairState *ret_state)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(state_names); i++) {
        if (strcmp(state_names[i], name) == 0) {
            *ret_state = (PairState)i;
            return true;
        }
    }
    return false;
}

bool pair_check_actor(const Actor *actor, GError **error)
{
    if (actor->role == ACTOR_DESK && actor->facility_id)
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_FORBIDDEN,
                        "only a desk compares patients");
    return false;
}

static PairCertainty read_certainty(DbQuery *row, int nik_column)
{
    if (scheduling_column_int0(row, nik_column) != 0)
        return PAIR_SAME_NIK;
    return db_column_int(row, nik_column + 1) != 0 ? PAIR_SAME_PHONE : PAIR_SAME_NAME;
}

bool pair_row_load(DbTx *tx, const char *pair_id, const Actor *actor, PairRow *ret_row,
                   GError **error)
{
    DbQuery *row = db_query(tx, "pair_get");
    db_bind_text(row, 1, pair_id);
    db_bind_text(row, 2, actor->facility_id);
    if (!scheduling_need_row(row, "pair", error))
        return false;
    scheduling_copy_column(row, 0, ret_row->first_id, SCHEDULING_ID_BYTES);
    scheduling_copy_column(row, 1, ret_row->second_id, SCHEDULING_ID_BYTES);
    bool is_known = pair_state_parse(db_column_text(row, 2), &ret_row->state);
    ret_row->found_at_ms = db_column_int(row, 3);
    scheduling_copy_column(row, 4, ret_row->first_person, SCHEDULING_ID_BYTES);
    scheduling_copy_column(row, 5, ret_row->second_person, SCHEDULING_ID_BYTES);
    ret_row->certainty = read_certainty(row, 6);
    int64_t n_here = db_column_int(row, 8) + db_column_int(row, 9);
    db_reset(row);
    if (is_known && n_here >= (ret_row->certainty == PAIR_SAME_NIK ? 1 : 2))
        return true;
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND, "no such pair");
    return false;
}

/* The list. */

typedef struct {
    Scheduling *scheduling;
    PairState state;
    char *before_id;
    ActorCopy actor;
    GPtrArray *pairs;
    bool has_more;
    PairListDone done;
    gpointer user_data;
} ListOp;

static void entry_free(gpointer data)
{
    PairEntry *entry = data;
    g_free(entry->id);
    for (unsigned i = 0; i < G_N_ELEMENTS(entry->initials); i++) {
        g_free(entry->initials[i]);
        g_free(entry->birth_date[i]);
    }
    g_free(entry);
}

static void list_op_free(gpointer data)
{
    ListOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->before_id);
    g_clear_pointer(&op->pairs, g_ptr_array_unref);
    g_free(op);
}

static bool list_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    if (!pair_check_actor(&op->actor.actor, error))
        return false;
    DbQuery *rows = db_query(tx, "pair_list");
    db_bind_text(rows, 1, op->actor.facility_id);
    db_bind_text(rows, 2, pair_state_name(op->state));
    db_bind_int(rows, 3, PAIR_MAX_LISTED + 1);
    db_bind_text(rows, 4, op->before_id ? op->before_id : "~"); /* behind every id */
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (op->pairs->len == PAIR_MAX_LISTED) {
            op->has_more = true;
            continue;
        }
        PairEntry *entry = g_new0(PairEntry, 1);
        g_ptr_array_add(op->pairs, entry);
        entry->id = db_column_dup(rows, 0);
        entry->found_at_ms = db_column_int(rows, 1);
        for (int i = 0; i < 2; i++) {
            entry->initials[i] = person_initials(db_column_text(rows, 2 + 2 * i));
            entry->birth_date[i] = db_column_dup(rows, 3 + 2 * i);
        }
        entry->certainty = read_certainty(rows, 6);
    }
    return step == DB_DONE;
}

static bool list_audit_job(DbTx *tx, gpointer data, GError **error)
{
    ListOp *op = data;
    return scheduling_audit(op->scheduling, tx, &op->actor.actor, "patient.pairs", "facility",
                            op->actor.facility_id, error);
}

static void on_list_done(gpointer data, const GError *error)
{
    ListOp *op = data;
    op->done(error ? NULL : op->pairs, op->has_more, error, op->user_data);
}

/* Nobody sees it before it is written down that they did. */
static void on_list_read(gpointer data, const GError *error)
{
    ListOp *op = data;
    if (error) {
        on_list_done(data, error);
        return;
    }
    ListOp *next = g_memdup2(op, sizeof *op);
    op->actor = (ActorCopy){0};
    op->before_id = NULL;
    op->pairs = NULL;
    db_write(next->scheduling->db, list_audit_job, on_list_done, next, list_op_free);
}

void pair_list(Scheduling *scheduling, PairState state, const char *before_id, const Actor *actor,
               PairListDone done, gpointer user_data)
{
    ListOp *op = g_new0(ListOp, 1);
    op->scheduling = scheduling;
    op->state = state;
    op->before_id = g_strdup(before_id);
    actor_copy_init(&op->actor, actor);
    op->pairs = g_ptr_array_new_with_free_func(entry_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, list_job, on_list_read, op, list_op_free);
}

/* One pair, side by side. */

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    Pair pair;
    PairDone done;
    gpointer user_data;
} GetOp;

static void event_free(gpointer data)
{
    PairEvent *event = data;
    g_free(event->kind);
    g_free(event->kept_id);
    g_free(event->merged_id);
    g_free(event->reason);
    g_free(event);
}

static void side_clear(PairSide *side)
{
    char *texts[] = {side->patient_id, side->name,         side->birth_date,  side->sex,
                     side->nik_masked, side->phone_masked, side->first_visit, side->last_visit};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}

static void get_op_free(gpointer data)
{
    GetOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->pair.id);
    side_clear(&op->pair.sides[0]);
    side_clear(&op->pair.sides[1]);
    g_ptr_array_unref(op->pair.events);
    g_free(op);
}

/* A sealed value opened and masked; NULL stays NULL. */
static bool open_masked(const Scheduling *scheduling, DbQuery *row, int column, const char *purpose,
                        char *(*mask)(const char *), char **ret_masked, GError **error)
{
    const char *sealed = db_column_text(row, column);
    if (!sealed)
        return true;
    char *plain = secret_box_open(scheduling->box, purpose, sealed, error);
    if (!plain)
        return false;
    *ret_masked = mask(plain);
    secret_text_free(plain);
    return true;
}

static bool load_side(const Scheduling *scheduling, DbTx *tx, const char *patient_id,
                      PairSide *side, GError **error)
{
    DbQuery *row = db_query(tx, "pair_side");
    db_bind_text(row, 1, patient_id);
    if (!scheduling_need_row(row, "patient", error))
        return false;
    side->patient_id = g_strdup(patient_id);
    side->name = db_column_dup(row, 0);
    side->birth_date = db_column_dup(row, 1);
    side->sex = db_column_dup(row, 2);
    side->n_visits = db_column_int(row, 5);
    side->first_visit = db_column_dup(row, 6);
    side->last_visit = db_column_dup(row, 7);
    side->n_rows = db_column_int(row, 9);
    bool ok =
        open_masked(scheduling, row, 3, "patient.nik", person_nik_mask, &side->nik_masked, error) &&
        open_masked(scheduling, row, 8, "visit.phone", person_phone_mask, &side->phone_masked,
                    error);
    db_reset(row);
    return ok;
}

static bool load_events(DbTx *tx, Pair *pair, GError **error)
{
    DbQuery *rows = db_query(tx, "pair_events");
    db_bind_text(rows, 1, pair->id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        PairEvent *event = g_new0(PairEvent, 1);
        g_ptr_array_add(pair->events, event);
        event->kind = db_column_dup(rows, 0);
        event->kept_id = db_column_dup(rows, 1);
        event->merged_id = db_column_dup(rows, 2);
        event->reason = db_column_dup(rows, 3);
        event->at_ms = db_column_int(rows, 4);
    }
    return step == DB_DONE;
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    GetOp *op = data;
    const Actor *actor = &op->actor.actor;
    Pair *pair = &op->pair;
    PairRow row;
    if (!pair_check_actor(actor, error) || !pair_row_load(tx, pair->id, actor, &row, error))
        return false;
    const char *ids[] = {row.first_id, row.second_id};
    pair->state = row.state;
    pair->certainty = row.certainty;
    pair->found_at_ms = row.found_at_ms;
    for (unsigned i = 0; i < G_N_ELEMENTS(ids); i++) {
        if (!load_side(op->scheduling, tx, ids[i], &pair->sides[i], error) ||
            !scheduling_audit(op->scheduling, tx, actor, "patient.compare", "patient", ids[i],
                              error))
            return false;
    }
    return load_events(tx, pair, error);
}

static void on_get_done(gpointer data, const GError *error)
{
    GetOp *op = data;
    op->done(error ? NULL : &op->pair, error, op->user_data);
}

void pair_get(Scheduling *scheduling, const char *pair_id, const Actor *actor, PairDone done,
              gpointer user_data)
{
    GetOp *op = g_new0(GetOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->pair.id = g_strdup(pair_id);
    op->pair.events = g_ptr_array_new_with_free_func(event_free);
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, get_job, on_get_done, op, get_op_free);
}
