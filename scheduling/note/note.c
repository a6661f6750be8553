// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/note.h"

#include <string.h>

#include "scheduling/booking/person.h"
#include "scheduling/note/note_row.h"

/* A text is put aside at least so often while it changes. */
static const int64_t keep_every_ms = (int64_t)60 * 1000;
/* And whenever a save takes away more than this, in bytes: a slip that cuts a paragraph. */
enum { KEEP_LOST_BYTES = 40 };

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    NoteView view;
    NoteViewDone done;
    gpointer user_data;
} GetOp;

static void get_op_free(gpointer data)
{
    GetOp *op = data;
    NotePatient *patient = &op->view.patient;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    note_clear(&op->view.note);
    g_ptr_array_unref(op->view.addenda);
    g_free(patient->name);
    g_free(patient->birth_date);
    g_free(patient->sex);
    g_free(patient->nik_masked);
    g_ptr_array_unref(patient->allergies);
    g_free(op->view.before_author);
    g_free(op);
}

static bool read_nik(const Scheduling *scheduling, DbQuery *row, NotePatient *patient,
                     GError **error)
{
    if (db_column_is_null(row, 4))
        return true;
    char *nik = secret_box_open(scheduling->box, "patient.nik", db_column_text(row, 4), error);
    if (!nik)
        return false;
    patient->nik_masked = person_nik_mask(nik);
    secret_text_free(nik);
    return true;
}

static bool load_patient(GetOp *op, DbTx *tx, const VisitRow *visit, GError **error)
{
    NotePatient *patient = &op->view.patient;
    DbQuery *row = db_query(tx, "note_patient");
    db_bind_text(row, 1, op->visit_id);
    if (!scheduling_need_row(row, "patient", error))
        return false;
    g_autofree char *patient_id = db_column_dup(row, 0);
    patient->name = db_column_dup(row, 1);
    patient->birth_date = db_column_dup(row, 2);
    patient->sex = db_column_dup(row, 3);
    patient->age = person_age(patient->birth_date, db_column_text(row, 5));
    bool opened = read_nik(op->scheduling, row, patient, error);
    db_reset(row);
    int refusal;
    if (!note_chart_refusal(op->scheduling, tx, visit, &refusal, error))
        return false;
    return opened && (refusal != -1 ||
                      note_allergy_load(tx, patient_id, op->visit_id, patient->allergies, error));
}

/* A visit of the pool goes back to the queue with what was written of it. */
static bool load_before(GetOp *op, DbTx *tx, const VisitRow *visit, GError **error)
{
    DbQuery *row = db_query(tx, "note_by_another");
    db_bind_text(row, 1, op->visit_id);
    db_bind_text(row, 2, visit->practitioner_id);
    DbStep step = db_step(row, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    op->view.before_author = db_column_dup(row, 0);
    op->view.before_saved_at_ms = db_column_int(row, 1);
    db_reset(row);
    return true;
}

static bool get_job(DbTx *tx, gpointer data, GError **error)
{
    GetOp *op = data;
    const Actor *actor = &op->actor.actor;
    VisitRow row;
    return note_visit_load(tx, op->visit_id, actor, &row, error) &&
           note_row_load(tx, row.id, &op->view.note, error) &&
           note_row_load_addenda(tx, row.id, op->view.addenda, error) &&
           load_patient(op, tx, &row, error) && load_before(op, tx, &row, error) &&
           scheduling_audit(op->scheduling, tx, actor, "note.read", "visit", row.id, error);
}

static void on_get_done(gpointer data, const GError *error)
{
    GetOp *op = data;
    op->done(error ? NULL : &op->view, error, op->user_data);
}

void note_get(Scheduling *scheduling, const char *visit_id, const Actor *actor, NoteViewDone done,
              gpointer user_data)
{
    GetOp *op = g_new0(GetOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->view.addenda = g_ptr_array_new_with_free_func(note_addendum_free);
    op->view.patient.allergies = note_allergy_list_new();
    op->done = done;
    op->user_data = user_data;
    /* A write: reading is an audit row of the same transaction. */
    db_write(scheduling->db, get_job, on_get_done, op, get_op_free);
}

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    int64_t base;
    bool keeps_old;
    NoteContent *content;
    NoteSaved saved;
    NoteSavedDone done;
    gpointer user_data;
} SaveOp;

static void save_op_free(gpointer data)
{
    SaveOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    note_content_free(op->content);
    note_clear(&op->saved.note);
    fault_list_free(op->saved.faults);
    g_free(op);
}

static bool refuse(SchedulingError code, const char *why, GError **error)
{
    g_set_error_literal(error, SCHEDULING_ERROR, code, why);
    return false;
}

/* Gives each diagnosis its name; one that the list does not have is a fault. */
static bool name_diagnoses(SaveOp *op, DbTx *tx, GError **error)
{
    for (unsigned i = 0; i < op->content->diagnoses->len; i++) {
        NoteDiagnosis *diagnosis = op->content->diagnoses->pdata[i];
        g_autoptr(GError) missing = NULL;
        diagnosis->name = icd10_name(tx, diagnosis->code, &missing);
        if (diagnosis->name)
            continue;
        if (!g_error_matches(missing, SCHEDULING_ERROR, SCHEDULING_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&missing));
            return false;
        }
        g_autofree char *field = g_strdup_printf("diagnoses[%u]", i);
        fault_list_add(op->saved.faults, field, "not_found", NULL);
    }
    return fault_list_length(op->saved.faults) == 0 ||
           refuse(SCHEDULING_ERROR_INVALID_FIELDS, "the note is not possible", error);
}

/* Puts the text that is about to go aside, when a minute has passed, much of it goes or somebody
 * else wrote it. */
static bool keep_old(SaveOp *op, DbTx *tx, const char *old_text, const char *new_text,
                     const char *author_id, int64_t now_ms, GError **error)
{
    Note *note = &op->saved.note;
    bool is_due = op->keeps_old || !g_str_equal(note->author_id, author_id) ||
                  now_ms - note->kept_at_ms >= keep_every_ms ||
                  strlen(old_text) > strlen(new_text) + KEEP_LOST_BYTES;
    if (note->revision == 0 || !is_due)
        return true;
    note->kept_at_ms = now_ms;
    return note_row_keep(tx, op->visit_id, note, old_text, error);
}

static bool write_note(SaveOp *op, DbTx *tx, GError **error)
{
    const Note *note = &op->saved.note;
    DbQuery *query = db_query(tx, "note_set");
    db_bind_text(query, 1, op->visit_id);
    db_bind_int(query, 2, note->revision);
    db_bind_text(query, 3, note->author_id);
    db_bind_int(query, 4, note->saved_at_ms);
    db_bind_text(query, 5, note->hash);
    db_bind_int(query, 6, note->kept_at_ms);
    for (int i = 0; i < NOTE_N_TEXTS; i++)
        db_bind_text(query, 7 + i, op->content->texts[i]);
    for (int i = 0; i < VITAL_COUNT; i++) {
        if (op->content->vitals[i] > 0)
            db_bind_int(query, 7 + NOTE_N_TEXTS + i, op->content->vitals[i]);
    }
    if (!db_exec(query, error))
        return false;
    DbQuery *clear = db_query(tx, "note_diagnoses_clear");
    db_bind_text(clear, 1, op->visit_id);
    if (!db_exec(clear, error))
        return false;
    for (unsigned i = 0; i < op->content->diagnoses->len; i++) {
        const NoteDiagnosis *diagnosis = op->content->diagnoses->pdata[i];
        DbQuery *insert = db_query(tx, "note_diagnosis_insert");
        db_bind_text(insert, 1, op->visit_id);
        db_bind_int(insert, 2, i + 1);
        db_bind_text(insert, 3, diagnosis->code);
        db_bind_text(insert, 4, diagnosis->name);
        if (!db_exec(insert, error))
            return false;
    }
    return true;
}

static bool replace_note(SaveOp *op, DbTx *tx, const VisitRow *row, GError **error)
{
    Note *note = &op->saved.note;
    int64_t now_ms = clock_wall_ms(op->scheduling->clock);
    g_autofree char *old_text = note_content_text(note->content);
    g_autofree char *new_text = note_content_text(op->content);
    /* A save whose answer was lost comes again: it is there already. */
    if (note->revision > 0 && g_str_equal(old_text, new_text))
        return true;
    if (op->base != note->revision)
        return refuse(SCHEDULING_ERROR_NOTE_STALE, "another revision was saved meanwhile", error);
    if (!keep_old(op, tx, old_text, new_text, row->practitioner_id, now_ms, error))
        return false;
    if (note->revision == 0)
        note->kept_at_ms = now_ms;
    note->revision++;
    note->saved_at_ms = now_ms;
    g_strlcpy(note->author_id, row->practitioner_id, sizeof note->author_id);
    g_free(note->hash);
    note->hash = note_hash(op->scheduling, op->visit_id, note->revision, new_text);
    if (!write_note(op, tx, error))
        return false;
    note_content_free(note->content);
    note->content = g_steal_pointer(&op->content);
    return true;
}

static bool save_job(DbTx *tx, gpointer data, GError **error)
{
    SaveOp *op = data;
    const Actor *actor = &op->actor.actor;
    VisitRow row;
    if (!note_visit_load(tx, op->visit_id, actor, &row, error))
        return false;
    if (visit_state_row(row.state)->is_cancelled) {
        visit_row_refuse(row.state, error);
        return false;
    }
    if (fault_list_length(op->saved.faults) > 0)
        return refuse(SCHEDULING_ERROR_INVALID_FIELDS, "the note is not possible", error);
    if (!name_diagnoses(op, tx, error) || !note_row_load(tx, row.id, &op->saved.note, error))
        return false;
    if (op->saved.note.signed_at_ms > 0)
        return refuse(SCHEDULING_ERROR_NOTE_SIGNED, "the note is signed", error);
    return replace_note(op, tx, &row, error) &&
           scheduling_audit(op->scheduling, tx, actor, "note.save", "visit", row.id, error);
}

static void on_save_done(gpointer data, const GError *error)
{
    SaveOp *op = data;
    op->done(&op->saved, error, op->user_data);
}

void note_save(Scheduling *scheduling, const char *visit_id, const Actor *actor,
               const NoteDraft *draft, NoteSavedDone done, gpointer user_data)
{
    SaveOp *op = g_new0(SaveOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->base = draft->base;
    op->keeps_old = draft->keeps_old;
    op->content = draft->content;
    op->saved.faults = fault_list_new();
    op->done = done;
    op->user_data = user_data;
    note_content_check(op->content, op->saved.faults);
    db_write(scheduling->db, save_job, on_save_done, op, save_op_free);
}
