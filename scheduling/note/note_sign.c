// SPDX-License-Identifier: Apache-2.0
/* What ends a note, and what comes after it. */
#include "scheduling/booking/visit_begun.h"
#include "scheduling/note/note_row.h"
#include "server/base/ids.h"

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    int64_t revision;
    char *key, *text; /* of an addition */
    NoteSaved saved;
    NoteSavedDone done;
    gpointer user_data;
} SignOp;

static void sign_op_free(gpointer data)
{
    SignOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    g_free(op->key);
    g_free(op->text);
    note_clear(&op->saved.note);
    fault_list_free(op->saved.faults);
    g_free(op);
}

static SignOp *sign_op_new(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                           NoteSavedDone done, gpointer user_data)
{
    SignOp *op = g_new0(SignOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->saved.faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    return op;
}

static void on_sign_done(gpointer data, const GError *error)
{
    SignOp *op = data;
    op->done(&op->saved, error, op->user_data);
}

static bool refuse(SchedulingError code, const char *why, GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, code, why);
    return false;
}

/* True for a text with anything but white space. */
static bool says_something(const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        if (!g_unichar_isspace(g_utf8_get_char(text)))
            return true;
    }
    return false;
}

static bool may_sign(SignOp *op, GError **error)
{
    const Note *note = &op->saved.note;
    if (note->signed_at_ms > 0)
        return refuse(SCHEDULING_ERROR_NOTE_SIGNED, "the note is signed", error);
    if (note->revision != op->revision)
        return refuse(SCHEDULING_ERROR_NOTE_STALE, "another revision was saved meanwhile", error);
    if (!says_something(note->content->texts[NOTE_ASSESSMENT]) &&
        note->content->diagnoses->len == 0) {
        fault_list_add(op->saved.faults, "assessment", "required", NULL);
        return refuse(SCHEDULING_ERROR_INVALID_FIELDS, "the note does not say what it was", error);
    }
    return true;
}

/* Signed is what was: as for letters, and after a call that failed on the way. */
static bool check_held(DbTx *tx, const VisitRow *row, GError **error)
{
    bool is_met = false;
    if (row->state == VISIT_STATE_TECH_FAILED && !visit_row_was_met(tx, row, &is_met, error))
        return false;
    return is_met || visit_begun_check(tx, row, error);
}

static bool sign_job(DbTx *tx, gpointer data, GError **error)
{
    SignOp *op = data;
    const Actor *actor = &op->actor.actor;
    Note *note = &op->saved.note;
    VisitRow row;
    if (!note_visit_load(tx, op->visit_id, actor, &row, error) ||
        !note_row_load(tx, row.id, note, error) || !check_held(tx, &row, error) ||
        !may_sign(op, error))
        return false;
    g_autofree char *text = note_content_text(note->content);
    if (!note_row_keep(tx, row.id, note, text, error))
        return false;
    note->signed_at_ms = clock_wall_ms(op->scheduling->clock);
    DbQuery *query = db_query(tx, "note_sign");
    db_bind_text(query, 1, row.id);
    db_bind_int(query, 2, note->signed_at_ms);
    return db_exec(query, error) &&
           scheduling_audit(op->scheduling, tx, actor, "note.sign", "visit", row.id, error);
}

void note_sign(Scheduling *scheduling, const char *visit_id, const Actor *actor, int64_t revision,
               NoteSavedDone done, gpointer user_data)
{
    SignOp *op = sign_op_new(scheduling, visit_id, actor, done, user_data);
    op->revision = revision;
    db_write(scheduling->db, sign_job, on_sign_done, op, sign_op_free);
}

/* Is an addition with this key there? Then it must say the same. */
static bool find_addition(SignOp *op, DbTx *tx, bool *ret_found, GError **error)
{
    DbQuery *query = db_query(tx, "note_addendum_by_key");
    db_bind_text(query, 1, op->visit_id);
    db_bind_text(query, 2, op->key);
    DbStep step = db_step(query, error);
    *ret_found = step == DB_ROW;
    bool is_same = step == DB_ROW && g_str_equal(db_column_text(query, 0), op->text);
    db_reset(query);
    if (step == DB_ROW && !is_same)
        return refuse(SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH, "the key is of another text", error);
    return step != DB_FAILED;
}

static bool count_additions(SignOp *op, DbTx *tx, GError **error)
{
    g_autoptr(GPtrArray) addenda = g_ptr_array_new_with_free_func(note_addendum_free);
    if (!note_row_load_addenda(tx, op->visit_id, addenda, error))
        return false;
    if (addenda->len < NOTE_MAX_ADDENDA)
        return true;
    fault_list_add(op->saved.faults, "text", "too_many", "0..50");
    return refuse(SCHEDULING_ERROR_INVALID_FIELDS, "too many addenda", error);
}

static bool insert_addition(SignOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    g_autofree char *id = id_new(now_ms);
    g_autofree char *signed_text = g_strdup_printf("%s %s\n%s", row->id, id, op->text);
    g_autofree char *hash = secret_box_index(op->scheduling->box, "note.addendum", signed_text);
    DbQuery *query = db_query(tx, "note_addendum_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, row->id);
    db_bind_text(query, 3, op->key);
    db_bind_text(query, 4, row->practitioner_id);
    db_bind_int(query, 5, now_ms);
    db_bind_text(query, 6, op->text);
    db_bind_text(query, 7, hash);
    return db_exec(query, error);
}

static bool add_job(DbTx *tx, gpointer data, GError **error)
{
    SignOp *op = data;
    const Actor *actor = &op->actor.actor;
    VisitRow row;
    bool found;
    if (!note_visit_load(tx, op->visit_id, actor, &row, error) ||
        !note_row_load(tx, row.id, &op->saved.note, error))
        return false;
    if (op->saved.note.signed_at_ms == 0)
        return refuse(SCHEDULING_ERROR_BAD_STATE, "the note is not signed yet", error);
    if (!says_something(op->text) || g_utf8_strlen(op->text, -1) > NOTE_ADDENDUM_CHARS) {
        fault_list_add(op->saved.faults, "text", says_something(op->text) ? "too_long" : "required",
                       "1..2000");
        return refuse(SCHEDULING_ERROR_INVALID_FIELDS, "the addendum is not possible", error);
    }
    if (!find_addition(op, tx, &found, error))
        return false;
    if (!found && (!count_additions(op, tx, error) || !insert_addition(op, tx, &row, error)))
        return false;
    return scheduling_audit(op->scheduling, tx, actor, "note.add", "visit", row.id, error);
}

void note_add(Scheduling *scheduling, const char *visit_id, const Actor *actor,
              const NoteAddition *addition, NoteSavedDone done, gpointer user_data)
{
    SignOp *op = sign_op_new(scheduling, visit_id, actor, done, user_data);
    op->key = g_strdup(addition->key);
    op->text = g_strdup(addition->text);
    db_write(scheduling->db, add_job, on_sign_done, op, sign_op_free);
}
