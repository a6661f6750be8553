// SPDX-License-Identifier: Apache-2.0
/* Merging, keeping apart, undoing. Jobs of the one writing thread: of two at once, the second finds
 * what the first has decided. */
#include "scheduling/people/pair_private.h"

typedef struct {
    Scheduling *scheduling;
    char *pair_id, *keep, *reason;
    PairStep step;
    ActorCopy actor;
    FaultList *faults;
    PairDecided done;
    gpointer user_data;
} DecideOp;

static void decide_op_free(gpointer data)
{
    DecideOp *op = data;
    g_free(op->pair_id);
    g_free(op->keep);
    g_free(op->reason);
    actor_copy_clear(&op->actor);
    fault_list_free(op->faults);
    g_free(op);
}

static bool refuse(SchedulingError code, const char *why, GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, code, why);
    return false;
}

/* The pair's state, the event, and an audit row for each of the two. */
static bool write_down(DecideOp *op, DbTx *tx, const PairRow *row, PairState state,
                       const char *kind, const char *kept_id, const char *merged_id, GError **error)
{
    static const char *const actions[] = {[PAIR_MERGE] = "patient.merge",
                                          [PAIR_KEEP_APART] = "patient.keep_apart",
                                          [PAIR_UNDO] = "patient.undo"};
    const Actor *actor = &op->actor.actor;
    const char *action = actions[op->step];
    DbQuery *set = db_query(tx, "pair_set_state");
    db_bind_text(set, 1, op->pair_id);
    db_bind_text(set, 2, pair_state_name(state));
    if (!db_exec(set, error))
        return false;
    DbQuery *event = db_query(tx, "pair_event_insert");
    const char *texts[] = {op->pair_id, kind,       kept_id,
                           merged_id,   op->reason, actor->user_id ? actor->user_id : ""};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(event, i + 1, texts[i]);
    db_bind_int(event, 7, clock_wall_ms(op->scheduling->clock));
    return db_exec(event, error) &&
           scheduling_audit(op->scheduling, tx, actor, action, "patient", row->first_id, error) &&
           scheduling_audit(op->scheduling, tx, actor, action, "patient", row->second_id, error);
}

static bool set_merged_into(DbTx *tx, const char *patient_id, const char *into, GError **error)
{
    DbQuery *query = db_query(tx, "person_set_merged");
    db_bind_text(query, 1, patient_id);
    db_bind_text(query, 2, into);
    return db_exec(query, error);
}

static bool check_niks(DbTx *tx, const PairRow *row, GError **error)
{
    DbQuery *query = db_query(tx, "person_niks");
    db_bind_text(query, 1, row->first_person);
    db_bind_text(query, 2, row->second_person);
    if (!scheduling_need_row(query, "count", error))
        return false;
    int64_t n = db_column_int(query, 0);
    db_reset(query);
    return n <= 1 || refuse(SCHEDULING_ERROR_TWO_PEOPLE, "two NIKs are two people", error);
}

/* What is printed and shown is the kept one's: it must have the NIK when one of them has. */
static bool check_kept(DecideOp *op, DbTx *tx, const char *merged, const char *kept, GError **error)
{
    DbQuery *query = db_query(tx, "person_loses_nik");
    db_bind_text(query, 1, merged);
    db_bind_text(query, 2, kept);
    DbStep step = db_step(query, error);
    db_reset(query);
    if (step != DB_ROW)
        return step == DB_DONE;
    fault_list_add(op->faults, "keep", "not_allowed", "the one with a NIK");
    g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                        "the one with a NIK is kept");
    return false;
}

static bool merge(DecideOp *op, DbTx *tx, const PairRow *row, GError **error)
{
    bool keeps_first = g_strcmp0(op->keep, row->first_id) == 0;
    if (!keeps_first && g_strcmp0(op->keep, row->second_id) != 0) {
        fault_list_add(op->faults, "keep", "not_allowed", NULL);
        g_set_error_literal(error, SCHEDULING_ERROR, SCHEDULING_ERROR_INVALID_FIELDS,
                            "keep is none of the two");
        return false;
    }
    if (row->state != PAIR_STATE_OPEN || g_str_equal(row->first_person, row->second_person))
        return refuse(SCHEDULING_ERROR_PAIR_DECIDED, "the pair is decided", error);
    if (!check_niks(tx, row, error))
        return false;
    const char *kept = keeps_first ? row->first_person : row->second_person;
    const char *merged = keeps_first ? row->second_person : row->first_person;
    if (!check_kept(op, tx, merged, kept, error))
        return false;
    DbQuery *query = db_query(tx, "person_merge");
    db_bind_text(query, 1, merged);
    db_bind_text(query, 2, kept);
    return db_exec(query, error) && set_merged_into(tx, merged, kept, error) &&
           write_down(op, tx, row, PAIR_STATE_MERGED, "merged", kept, merged, error);
}

static bool keep_apart(DecideOp *op, DbTx *tx, const PairRow *row, GError **error)
{
    if (row->state != PAIR_STATE_OPEN)
        return refuse(SCHEDULING_ERROR_PAIR_DECIDED, "the pair is decided", error);
    return write_down(op, tx, row, PAIR_STATE_DIFFERENT, "different", NULL, NULL, error);
}

static bool split(DecideOp *op, DbTx *tx, const PairRow *row, GError **error)
{
    char kept[SCHEDULING_ID_BYTES], merged[SCHEDULING_ID_BYTES];
    DbQuery *last = db_query(tx, "pair_last_merge");
    db_bind_text(last, 1, op->pair_id);
    if (!scheduling_need_row(last, "merge", error))
        return false;
    scheduling_copy_column(last, 0, kept, sizeof kept);
    scheduling_copy_column(last, 1, merged, sizeof merged);
    db_reset(last);
    DbQuery *query = db_query(tx, "person_split");
    db_bind_text(query, 1, merged);
    return set_merged_into(tx, merged, NULL, error) && db_exec(query, error) &&
           write_down(op, tx, row, PAIR_STATE_OPEN, "undone", kept, merged, error);
}

static bool undo(DecideOp *op, DbTx *tx, const PairRow *row, GError **error)
{
    switch (row->state) {
    case PAIR_STATE_OPEN:
        return refuse(SCHEDULING_ERROR_PAIR_DECIDED, "nothing was decided", error);
    case PAIR_STATE_MERGED:
        return split(op, tx, row, error);
    case PAIR_STATE_DIFFERENT:
        return write_down(op, tx, row, PAIR_STATE_OPEN, "undone", NULL, NULL, error);
    }
    g_assert_not_reached();
}

static bool decide_job(DbTx *tx, gpointer data, GError **error)
{
    DecideOp *op = data;
    const Actor *actor = &op->actor.actor;
    PairRow row;
    if (!pair_check_actor(actor, error) || !pair_row_load(tx, op->pair_id, actor, &row, error))
        return false;
    switch (op->step) {
    case PAIR_MERGE:
        return merge(op, tx, &row, error);
    case PAIR_KEEP_APART:
        return keep_apart(op, tx, &row, error);
    case PAIR_UNDO:
        return undo(op, tx, &row, error);
    }
    g_assert_not_reached();
}

static void on_decided(gpointer data, const GError *error)
{
    DecideOp *op = data;
    op->done(op->faults, error, op->user_data);
}

void pair_decide(Scheduling *scheduling, const char *pair_id, const PairDecision *decision,
                 const Actor *actor, PairDecided done, gpointer user_data)
{
    DecideOp *op = g_new0(DecideOp, 1);
    op->scheduling = scheduling;
    op->pair_id = g_strdup(pair_id);
    op->step = decision->step;
    op->keep = g_strdup(decision->keep);
    op->reason = g_strdup(decision->reason);
    actor_copy_init(&op->actor, actor);
    op->faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, decide_job, on_decided, op, decide_op_free);
}
