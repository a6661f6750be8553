// SPDX-License-Identifier: Apache-2.0
/* A question, from the draft to its rows. */
#include "scheduling/consult/consult_row.h"

#include "scheduling/booking/visit_row.h"
#include "server/base/ids.h"

#include <string.h>

/* The draft, owned. */
typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *key, *from_facility_id, *clinic_id, *facility_id, *practitioner_id, *text, *visit_id;
    ConsultUrgency urgency;
    int64_t note_revision;
    char **shared, **attachment_ids;
    FaultList *faults;
    ConsultRow row;
    GPtrArray *concerned;
    ConsultDone done;
    gpointer user_data;
} AskOp;

static void ask_op_free(gpointer data)
{
    AskOp *op = data;
    char *texts[] = {op->key,         op->from_facility_id, op->clinic_id,
                     op->facility_id, op->practitioner_id,  op->visit_id};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    secret_text_free(op->text);
    g_strfreev(op->shared);
    g_strfreev(op->attachment_ids);
    actor_copy_clear(&op->actor);
    fault_list_free(op->faults);
    g_ptr_array_unref(op->concerned);
    g_free(op);
}

static bool refuse_field(AskOp *op, const char *field, const char *code, const char *allowed,
                         GError **error)
{
    fault_list_add(op->faults, field, code, allowed);
    return consult_refuse(SCHEDULING_ERROR_INVALID_FIELDS, "the question cannot be asked so",
                          error);
}

static ConsultPosting posting_of(const AskOp *op)
{
    return (ConsultPosting){
        .consult_id = op->row.id,
        .author_id = op->row.asker_id,
        .key = op->key,
        .kind = CONSULT_POST_QUESTION,
        .text = op->text,
        .attachment_ids = (const char *const *)op->attachment_ids,
    };
}

static bool check_draft(AskOp *op, GError **error)
{
    const ConsultPosting posting = posting_of(op);
    const char *targets[] = {op->clinic_id, op->facility_id, op->practitioner_id};
    unsigned n_targets = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(targets); i++)
        n_targets += targets[i] != NULL;
    if (n_targets != 1)
        fault_list_add(op->faults, "to", n_targets == 0 ? "required" : "too_many",
                       "one of clinic, facility, doctor");
    consult_posting_check(&posting, op->faults);
    for (char **name = op->shared; *name; name++) {
        if (!consult_part_is_known(*name) || !op->visit_id)
            fault_list_add(op->faults, "share", "not_allowed", NULL);
    }
    return fault_list_length(op->faults) == 0 ||
           consult_refuse(SCHEDULING_ERROR_INVALID_FIELDS, "the question cannot be asked so",
                          error);
}

/* ROW is of consult_by_key: asked of the same, as urgently, about the same visit? */
static bool is_same_target(const AskOp *op, DbQuery *row)
{
    return g_strcmp0(db_column_text(row, 3), consult_urgency_name(op->urgency)) == 0 &&
           g_strcmp0(db_column_text(row, 4), op->clinic_id) == 0 &&
           g_strcmp0(db_column_text(row, 5), op->practitioner_id) == 0 &&
           (!op->facility_id || g_strcmp0(db_column_text(row, 6), op->facility_id) == 0) &&
           g_strcmp0(db_column_text(row, 7), op->visit_id) == 0;
}

/* True with *ret_found when this question came before; it must say the same. */
static bool find_earlier(AskOp *op, DbTx *tx, bool *ret_found, GError **error)
{
    const ConsultPosting posting = posting_of(op);
    DbQuery *row = db_query(tx, "consult_by_key");
    db_bind_text(row, 1, op->row.asker_id);
    db_bind_text(row, 2, op->key);
    DbStep step = db_step(row, error);
    *ret_found = step == DB_ROW;
    if (step != DB_ROW)
        return step == DB_DONE;
    g_autofree char *hash = consult_posting_hash(op->scheduling, &posting);
    bool is_same = secret_equal_text(db_column_text(row, 2), hash) && is_same_target(op, row);
    scheduling_copy_column(row, 0, op->row.id, sizeof op->row.id);
    consult_state_parse(db_column_text(row, 1), &op->row.state);
    db_reset(row);
    return is_same || consult_refuse(SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH,
                                     "the key is of another question", error);
}

static bool check_room(AskOp *op, DbTx *tx, GError **error)
{
    DbQuery *count = db_query(tx, "consult_count_running");
    db_bind_text(count, 1, op->row.asker_id);
    if (!scheduling_need_row(count, "count", error))
        return false;
    bool has_room = db_column_int(count, 0) < CONSULT_MAX_RUNNING;
    db_reset(count);
    return has_room || consult_refuse(SCHEDULING_ERROR_TOO_MANY, "enough questions run", error);
}

/* *RET_FOUND: NAME of ID gave a facility, which is that of the question. */
static bool find_facility(DbTx *tx, const char *name, const char *id, char *ret_facility_id,
                          bool *ret_found, GError **error)
{
    DbQuery *row = db_query(tx, name);
    db_bind_text(row, 1, id);
    DbStep step = db_step(row, error);
    *ret_found = step == DB_ROW;
    if (step == DB_ROW)
        scheduling_copy_column(row, 0, ret_facility_id, SCHEDULING_ID_BYTES);
    db_reset(row);
    return step != DB_FAILED;
}

static bool resolve_target(AskOp *op, DbTx *tx, GError **error)
{
    ConsultRow *row = &op->row;
    bool found = false;
    const char *query = op->clinic_id     ? "consult_clinic"
                        : op->facility_id ? "consult_facility"
                                          : "consult_facilities_of";
    const char *id = op->clinic_id     ? op->clinic_id
                     : op->facility_id ? op->facility_id
                                       : op->practitioner_id;
    if (!find_facility(tx, query, id, row->to_facility_id, &found, error))
        return false;
    if (!found)
        return refuse_field(op, "to", "not_found", NULL, error);
    if (op->clinic_id)
        g_strlcpy(row->to_clinic_id, id, sizeof row->to_clinic_id);
    else if (op->practitioner_id)
        g_strlcpy(row->to_practitioner_id, id, sizeof row->to_practitioner_id);
    /* The asker is concerned, too. */
    if (!consult_concern(tx, row, true, op->concerned, error))
        return false;
    return op->concerned->len > 1 || refuse_field(op, "to", "nobody_answers", NULL, error);
}

/* The facility that asks: the visit's, or the one that is named, or the only one. */
static bool resolve_origin(AskOp *op, DbTx *tx, GError **error)
{
    unsigned n = 0;
    bool is_own = false;
    char only[SCHEDULING_ID_BYTES] = "";
    DbQuery *rows = db_query(tx, "consult_facilities_of");
    db_bind_text(rows, 1, op->row.asker_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        n++;
        scheduling_copy_column(rows, 0, only, sizeof only);
        is_own = is_own || g_strcmp0(only, op->from_facility_id) == 0;
    }
    if (step == DB_FAILED)
        return false;
    if (op->visit_id) {
        VisitRow visit;
        if (!visit_row_load(tx, op->visit_id, &visit, error))
            return false;
        g_strlcpy(op->row.from_facility_id, visit.facility_id, sizeof op->row.from_facility_id);
        return true;
    }
    if (op->from_facility_id && !is_own)
        return refuse_field(op, "from", "not_found", NULL, error);
    if (!op->from_facility_id && n != 1)
        return refuse_field(op, "from", "required", NULL, error);
    g_strlcpy(op->row.from_facility_id, op->from_facility_id ? op->from_facility_id : only,
              sizeof op->row.from_facility_id);
    return true;
}

static bool insert_row(AskOp *op, DbTx *tx, GError **error)
{
    ConsultRow *row = &op->row;
    row->asked_at_ms = clock_wall_ms(op->scheduling->clock);
    row->due_at_ms = row->asked_at_ms + consult_wished_ms(op->urgency);
    g_autofree char *id = id_new(row->asked_at_ms);
    g_strlcpy(row->id, id, sizeof row->id);
    DbQuery *query = db_query(tx, "consult_insert");
    const char *texts[] = {
        row->id,
        row->asker_id,
        op->key,
        row->from_facility_id,
        op->visit_id,
        row->to_facility_id,
        *row->to_clinic_id ? row->to_clinic_id : NULL,
        *row->to_practitioner_id ? row->to_practitioner_id : NULL,
        consult_urgency_name(op->urgency),
    };
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, i + 1, texts[i]);
    db_bind_int(query, 10, row->asked_at_ms);
    db_bind_int(query, 11, row->due_at_ms);
    return db_exec(query, error);
}

static bool insert_shared(AskOp *op, DbTx *tx, const ConsultSummary *summary, GError **error)
{
    int position = 0;
    for (unsigned i = 0; i < summary->shared->len; i++) {
        const ConsultShared *shared = summary->shared->pdata[i];
        if (!consult_part_is_in(shared->part, (const char *const *)op->shared))
            continue;
        g_autofree char *sealed =
            secret_box_seal(op->scheduling->box, "consult.shared", shared->text);
        DbQuery *query = db_query(tx, "consult_shared_insert");
        db_bind_text(query, 1, op->row.id);
        db_bind_int(query, 2, ++position);
        db_bind_text(query, 3, shared->part);
        db_bind_text(query, 4, sealed);
        if (!db_exec(query, error))
            return false;
    }
    return true;
}

/* What the asker has seen and confirmed is what is told: not what was written since. */
static bool share(AskOp *op, DbTx *tx, GError **error)
{
    if (!op->visit_id)
        return true;
    ConsultSummary summary = {.shared = consult_shared_list_new()};
    bool ok =
        consult_summary_load(op->scheduling, tx, op->visit_id, &op->actor.actor, &summary, error);
    if (ok && *op->shared && summary.note_revision != op->note_revision)
        ok = consult_refuse(SCHEDULING_ERROR_NOTE_STALE, "the note has changed since", error);
    ok = ok && insert_shared(op, tx, &summary, error);
    consult_summary_clear(&summary);
    return ok;
}

static bool ask_job(DbTx *tx, gpointer data, GError **error)
{
    AskOp *op = data;
    const Actor *actor = &op->actor.actor;
    bool is_there = false;
    g_autofree char *asker_id = scheduling_actor_practitioner(tx, actor, error);
    if (!asker_id)
        return false;
    g_strlcpy(op->row.asker_id, asker_id, sizeof op->row.asker_id);
    if (!check_draft(op, error) || !find_earlier(op, tx, &is_there, error))
        return false;
    if (is_there)
        return true;
    if (!check_room(op, tx, error) || !resolve_target(op, tx, error) ||
        !resolve_origin(op, tx, error) || !insert_row(op, tx, error) || !share(op, tx, error))
        return false;
    const ConsultPosting posting = posting_of(op);
    return consult_posting_insert(op->scheduling, tx, &posting, op->faults, error) &&
           consult_outbox(tx, op->row.id, "consult.asked", op->row.asked_at_ms, error) &&
           scheduling_audit(op->scheduling, tx, actor, "consult.ask", "consult", op->row.id, error);
}

static void on_ask_done(gpointer data, const GError *error)
{
    AskOp *op = data;
    if (!error)
        consult_tell(op->scheduling, op->concerned);
    op->done(error ? NULL : op->row.id, op->row.state, op->faults, error, op->user_data);
}

void consult_ask(Scheduling *scheduling, const Actor *actor, const ConsultDraft *draft,
                 ConsultDone done, gpointer user_data)
{
    AskOp *op = g_new0(AskOp, 1);
    op->scheduling = scheduling;
    actor_copy_init(&op->actor, actor);
    op->key = g_strdup(draft->key);
    op->from_facility_id = g_strdup(draft->from_facility_id);
    op->clinic_id = g_strdup(draft->clinic_id);
    op->facility_id = g_strdup(draft->facility_id);
    op->practitioner_id = g_strdup(draft->practitioner_id);
    op->text = g_strdup(draft->text);
    op->visit_id = g_strdup(draft->visit_id);
    op->urgency = draft->urgency;
    op->note_revision = draft->note_revision;
    op->shared = g_strdupv((char **)draft->shared);
    op->attachment_ids = g_strdupv((char **)draft->attachment_ids);
    op->faults = fault_list_new();
    op->concerned = consult_concerned_new();
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, ask_job, on_ask_done, op, ask_op_free);
}
