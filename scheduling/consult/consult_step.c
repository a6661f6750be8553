// SPDX-License-Identifier: Apache-2.0
/* What becomes of a question: taken, given back, asked back, answered, closed, withdrawn. */
#include "scheduling/consult/consult_row.h"

#include "scheduling/clinic/directory_access.h"

typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *consult_id;
    bool is_writing;
    ConsultStep step;
    /* of a writing: */
    ConsultPostKind kind;
    char *key, *text, *recommendation;
    bool refer;
    char **attachment_ids;

    ConsultRow row;
    ConsultRelation relation;
    char *practitioner_id; /* NULL: who keeps the facility */
    FaultList *faults;
    GPtrArray *concerned;
    ConsultDone done;
    gpointer user_data;
} StepOp;

static void step_op_free(gpointer data)
{
    StepOp *op = data;
    actor_copy_clear(&op->actor);
    g_free(op->consult_id);
    g_free(op->key);
    secret_text_free(op->text);
    secret_text_free(op->recommendation);
    g_strfreev(op->attachment_ids);
    g_free(op->practitioner_id);
    fault_list_free(op->faults);
    g_ptr_array_unref(op->concerned);
    g_free(op);
}

static bool refuse_state(GError **error)
{
    return consult_refuse(SCHEDULING_ERROR_BAD_STATE, "the question is past that", error);
}

/* Who keeps the facility that was asked may let go what somebody took: nothing else, and without
 * seeing it. */
static bool allow_keeper(StepOp *op, GError **error)
{
    const char *facility_id = NULL;
    if (!directory_access(&op->actor.actor, &facility_id, error))
        return false;
    if (facility_id && !g_str_equal(facility_id, op->row.to_facility_id))
        return consult_refuse_unknown(error);
    bool may = !op->is_writing && op->step == CONSULT_STEP_GIVE_BACK;
    return may || consult_refuse(SCHEDULING_ERROR_FORBIDDEN, "not of who keeps a facility", error);
}

static bool load(StepOp *op, DbTx *tx, GError **error)
{
    const Actor *actor = &op->actor.actor;
    if (!consult_row_load(tx, op->consult_id, &op->row, error))
        return false;
    if (actor->role != ACTOR_DOCTOR)
        return allow_keeper(op, error);
    op->practitioner_id = consult_row_allow(tx, &op->row, actor, &op->relation, error);
    return op->practitioner_id != NULL;
}

static bool audit(StepOp *op, DbTx *tx, const char *action, GError **error)
{
    return scheduling_audit(op->scheduling, tx, &op->actor.actor, action, "consult", op->row.id,
                            error);
}

/* Binds id and time to the statement NAME and runs it. */
static bool change(StepOp *op, DbTx *tx, const char *name, int64_t now_ms, GError **error)
{
    DbQuery *query = db_query(tx, name);
    db_bind_text(query, 1, op->row.id);
    db_bind_int(query, 2, now_ms);
    return db_exec(query, error);
}

static bool set_state(StepOp *op, DbTx *tx, ConsultState state, int64_t now_ms, GError **error)
{
    DbQuery *query = db_query(tx, "consult_set_state");
    db_bind_text(query, 1, op->row.id);
    db_bind_text(query, 2, consult_state_name(state));
    db_bind_int(query, 3, now_ms);
    op->row.state = state;
    return db_exec(query, error);
}

static bool note_step(StepOp *op, DbTx *tx, const char *step, int64_t now_ms, GError **error)
{
    return consult_row_add_step(tx, op->row.id, step, now_ms, op->practitioner_id, error);
}

static bool take(StepOp *op, DbTx *tx, int64_t now_ms, GError **error)
{
    if (op->relation == CONSULT_EXPERT)
        return op->row.state == CONSULT_TAKEN || refuse_state(error);
    if (op->relation != CONSULT_ANSWERER)
        return consult_refuse(SCHEDULING_ERROR_FORBIDDEN, "the own question", error);
    DbQuery *query = db_query(tx, "consult_take");
    db_bind_text(query, 1, op->row.id);
    db_bind_text(query, 2, op->practitioner_id);
    db_bind_int(query, 3, now_ms);
    if (!db_exec(query, error))
        return false;
    if (db_changes(tx) != 1)
        return refuse_state(error);
    op->row.state = CONSULT_TAKEN;
    g_strlcpy(op->row.expert_id, op->practitioner_id, sizeof op->row.expert_id);
    return note_step(op, tx, "taken", now_ms, error) && audit(op, tx, "consult.take", error) &&
           consult_outbox(tx, op->row.id, "consult.taken", now_ms, error);
}

static bool give_back(StepOp *op, DbTx *tx, int64_t now_ms, GError **error)
{
    bool is_keeper = !op->practitioner_id;
    if (!is_keeper && op->relation == CONSULT_ANSWERER)
        return true; /* nobody has it */
    if (is_keeper && op->row.state == CONSULT_OPEN)
        return true;
    if (!is_keeper && op->relation != CONSULT_EXPERT)
        return consult_refuse(SCHEDULING_ERROR_FORBIDDEN, "of the expert", error);
    if (op->row.state != CONSULT_TAKEN && op->row.state != CONSULT_ASKED_BACK)
        return refuse_state(error);
    op->row.state = CONSULT_OPEN;
    return change(op, tx, "consult_open_again", now_ms, error) &&
           note_step(op, tx, is_keeper ? "released" : "given_back", now_ms, error) &&
           audit(op, tx, is_keeper ? "consult.release" : "consult.give_back", error);
}

static bool finish(StepOp *op, DbTx *tx, int64_t now_ms, GError **error)
{
    bool closes = op->step == CONSULT_STEP_CLOSE;
    ConsultState state = closes ? CONSULT_CLOSED : CONSULT_WITHDRAWN;
    if (op->relation != CONSULT_ASKER)
        return consult_refuse(SCHEDULING_ERROR_FORBIDDEN, "of the asker", error);
    if (op->row.state == state)
        return true;
    bool is_before = op->row.state == CONSULT_OPEN || op->row.state == CONSULT_TAKEN ||
                     op->row.state == CONSULT_ASKED_BACK;
    /* Asked again after an answer it can be closed, too: the first answer is there. */
    bool has_answer = op->row.first_answer_at_ms > 0;
    bool may = closes ? op->row.state == CONSULT_ANSWERED || (is_before && has_answer)
                      : is_before && !has_answer;
    if (!may)
        return refuse_state(error);
    return set_state(op, tx, state, now_ms, error) &&
           note_step(op, tx, consult_state_name(state), now_ms, error) &&
           audit(op, tx, closes ? "consult.close" : "consult.withdraw", error);
}

static bool do_step(StepOp *op, DbTx *tx, int64_t now_ms, GError **error)
{
    switch (op->step) {
    case CONSULT_STEP_TAKE:
        return take(op, tx, now_ms, error);
    case CONSULT_STEP_GIVE_BACK:
        return give_back(op, tx, now_ms, error);
    case CONSULT_STEP_CLOSE:
    case CONSULT_STEP_WITHDRAW:
        return finish(op, tx, now_ms, error);
    }
    g_assert_not_reached();
}

/* Writing. */

static bool may_write(const StepOp *op)
{
    const ConsultState state = op->row.state;
    bool is_asker = op->relation == CONSULT_ASKER, is_expert = op->relation == CONSULT_EXPERT;
    bool is_taken = state == CONSULT_TAKEN || state == CONSULT_ASKED_BACK;
    switch (op->kind) {
    case CONSULT_POST_QUESTION:
        return is_asker && state == CONSULT_ANSWERED;
    case CONSULT_POST_ADDITION:
        return is_asker && (is_taken || state == CONSULT_OPEN);
    case CONSULT_POST_ASK_BACK:
        return is_expert && state == CONSULT_TAKEN;
    case CONSULT_POST_ANSWER:
        /* A further one corrects the one before. */
        return is_expert && (is_taken || state == CONSULT_ANSWERED);
    }
    g_assert_not_reached();
}

/* True with *ret_found when this writing came before; it must say the same. */
static bool find_earlier(StepOp *op, DbTx *tx, const ConsultPosting *posting, bool *ret_found,
                         GError **error)
{
    DbQuery *row = db_query(tx, "consult_post_by_key");
    db_bind_text(row, 1, posting->consult_id);
    db_bind_text(row, 2, posting->key);
    DbStep step = db_step(row, error);
    *ret_found = step == DB_ROW;
    if (step != DB_ROW)
        return step == DB_DONE;
    g_autofree char *hash = consult_posting_hash(op->scheduling, posting);
    bool is_same = secret_equal_text(db_column_text(row, 0), hash);
    db_reset(row);
    return is_same || consult_refuse(SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH,
                                     "the key is of another writing", error);
}

static bool check_room(StepOp *op, DbTx *tx, GError **error)
{
    DbQuery *count = db_query(tx, "consult_post_count");
    db_bind_text(count, 1, op->row.id);
    if (!scheduling_need_row(count, "count", error))
        return false;
    bool has_room = db_column_int(count, 0) < CONSULT_MAX_POSTS;
    db_reset(count);
    return has_room || consult_refuse(SCHEDULING_ERROR_TOO_MANY, "enough was written", error);
}

/* The clock of the question runs anew for its expert. */
static bool wish_again(StepOp *op, DbTx *tx, int64_t now_ms, GError **error)
{
    DbQuery *query = db_query(tx, "consult_wish");
    db_bind_text(query, 1, op->row.id);
    db_bind_int(query, 2, now_ms);
    db_bind_int(query, 3, now_ms + consult_wished_ms(op->row.urgency));
    op->row.state = CONSULT_TAKEN;
    return db_exec(query, error);
}

static bool follow_writing(StepOp *op, DbTx *tx, int64_t now_ms, GError **error)
{
    switch (op->kind) {
    case CONSULT_POST_QUESTION:
        return wish_again(op, tx, now_ms, error) &&
               consult_outbox(tx, op->row.id, "consult.asked", now_ms, error);
    case CONSULT_POST_ADDITION:
        return op->row.state == CONSULT_ASKED_BACK
                   ? wish_again(op, tx, now_ms, error)
                   : set_state(op, tx, op->row.state, now_ms, error);
    case CONSULT_POST_ASK_BACK:
        return set_state(op, tx, CONSULT_ASKED_BACK, now_ms, error) &&
               consult_outbox(tx, op->row.id, "consult.asked_back", now_ms, error);
    case CONSULT_POST_ANSWER:
        op->row.state = CONSULT_ANSWERED;
        return change(op, tx, "consult_answered", now_ms, error) &&
               consult_outbox(tx, op->row.id, "consult.answered", now_ms, error);
    }
    g_assert_not_reached();
}

static bool do_writing(StepOp *op, DbTx *tx, int64_t now_ms, GError **error)
{
    const ConsultPosting posting = {
        .consult_id = op->row.id,
        .author_id = op->practitioner_id,
        .key = op->key,
        .kind = op->kind,
        .text = op->text,
        .recommendation = op->recommendation,
        .refer = op->refer,
        .attachment_ids = (const char *const *)op->attachment_ids,
    };
    bool is_there = false;
    consult_posting_check(&posting, op->faults);
    if (fault_list_length(op->faults) > 0)
        return consult_refuse(SCHEDULING_ERROR_INVALID_FIELDS, "nothing to write", error);
    if (!find_earlier(op, tx, &posting, &is_there, error))
        return false;
    if (is_there)
        return true;
    if (!may_write(op))
        return refuse_state(error);
    g_autofree char *action = g_strconcat("consult.", consult_post_kind_name(op->kind), NULL);
    return check_room(op, tx, error) &&
           consult_posting_insert(op->scheduling, tx, &posting, op->faults, error) &&
           follow_writing(op, tx, now_ms, error) && audit(op, tx, action, error);
}

static bool step_job(DbTx *tx, gpointer data, GError **error)
{
    StepOp *op = data;
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    if (!load(op, tx, error))
        return false;
    const ConsultState before = op->row.state;
    /* Whoever had it is told that it is theirs no more. */
    if (!consult_concern(tx, &op->row, false, op->concerned, error))
        return false;
    bool ok = op->is_writing ? do_writing(op, tx, now_ms, error) : do_step(op, tx, now_ms, error);
    if (!ok)
        return false;
    bool all = before == CONSULT_OPEN || op->row.state == CONSULT_OPEN;
    return consult_concern(tx, &op->row, all, op->concerned, error);
}

static void on_step_done(gpointer data, const GError *error)
{
    StepOp *op = data;
    if (!error)
        consult_tell(op->scheduling, op->concerned);
    op->done(error ? NULL : op->row.id, op->row.state, op->faults, error, op->user_data);
}

static StepOp *step_op_new(Scheduling *scheduling, const char *consult_id, const Actor *actor,
                           ConsultDone done, gpointer user_data)
{
    StepOp *op = g_new0(StepOp, 1);
    op->scheduling = scheduling;
    op->consult_id = g_strdup(consult_id);
    actor_copy_init(&op->actor, actor);
    op->faults = fault_list_new();
    op->concerned = consult_concerned_new();
    op->done = done;
    op->user_data = user_data;
    return op;
}

void consult_step(Scheduling *scheduling, const char *consult_id, ConsultStep step,
                  const Actor *actor, ConsultDone done, gpointer user_data)
{
    StepOp *op = step_op_new(scheduling, consult_id, actor, done, user_data);
    op->step = step;
    db_write(scheduling->db, step_job, on_step_done, op, step_op_free);
}

void consult_write(Scheduling *scheduling, const char *consult_id, const ConsultWriting *writing,
                   const Actor *actor, ConsultDone done, gpointer user_data)
{
    StepOp *op = step_op_new(scheduling, consult_id, actor, done, user_data);
    op->is_writing = true;
    op->kind = writing->kind;
    op->key = g_strdup(writing->key);
    op->text = g_strdup(writing->text);
    op->recommendation = g_strdup(writing->recommendation);
    op->refer = writing->refer;
    op->attachment_ids = g_strdupv((char **)writing->attachment_ids);
    db_write(scheduling->db, step_job, on_step_done, op, step_op_free);
}
