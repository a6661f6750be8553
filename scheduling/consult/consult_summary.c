// SPDX-License-Identifier: Apache-2.0
/* What of a visit's patient can be told, and what of it the asker chose. */
#include "scheduling/consult/consult_row.h"

#include "scheduling/booking/person.h"
#include "scheduling/booking/visit_reason.h"
#include "scheduling/note/note_row.h"

#include <string.h>

static const char vitals_name[] = "vitals";
static const char *const note_parts[NOTE_N_TEXTS] = {
    "note.subjective", "note.objective", "note.assessment", "note.plan", "note.allergies",
};
static const char *const other_parts[] = {"name", "age", "sex", "reason", "diagnosis", vitals_name};

static void shared_free(gpointer data)
{
    ConsultShared *shared = data;
    g_free(shared->part);
    secret_text_free(shared->text);
    g_free(shared);
}

GPtrArray *consult_shared_list_new(void)
{
    return g_ptr_array_new_with_free_func(shared_free);
}

void consult_shared_add(GPtrArray *list, const char *part, char *text_taken)
{
    ConsultShared *shared = g_new0(ConsultShared, 1);
    shared->part = g_strdup(part);
    shared->text = text_taken;
    g_ptr_array_add(list, shared);
}

static bool is_vital(const char *part)
{
    for (unsigned i = 0; i < VITAL_COUNT; i++) {
        if (g_str_equal(part, vital_row((Vital)i)->name))
            return true;
    }
    return false;
}

bool consult_part_is_in(const char *part, const char *const *names)
{
    return g_strv_contains(names, part) || (is_vital(part) && g_strv_contains(names, vitals_name));
}

bool consult_part_is_known(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(other_parts); i++) {
        if (g_str_equal(name, other_parts[i]))
            return true;
    }
    for (unsigned i = 0; i < NOTE_N_TEXTS; i++) {
        if (g_str_equal(name, note_parts[i]))
            return true;
    }
    return false;
}

void consult_summary_clear(ConsultSummary *summary)
{
    g_clear_pointer(&summary->shared, g_ptr_array_unref);
}

static bool add_person(DbTx *tx, const char *visit_id, GPtrArray *list, char **ret_patient_id,
                       GError **error)
{
    DbQuery *row = db_query(tx, "note_patient");
    db_bind_text(row, 1, visit_id);
    if (!scheduling_need_row(row, "patient", error))
        return false;
    *ret_patient_id = db_column_dup(row, 0);
    consult_shared_add(list, "name", db_column_dup(row, 1));
    int age = person_age(db_column_text(row, 2), db_column_text(row, 5));
    consult_shared_add(list, "age", g_strdup_printf("%d", age));
    if (!db_column_is_null(row, 3))
        consult_shared_add(list, "sex", db_column_dup(row, 3));
    db_reset(row);
    return true;
}

/* In the words of who booked. */
static bool add_reason(DbTx *tx, const char *visit_id, GPtrArray *list, GError **error)
{
    char *reason = NULL;
    if (!visit_reason_load(tx, visit_id, &reason, error))
        return false;
    if (reason)
        consult_shared_add(list, "reason", reason);
    return true;
}

/* As a team at a post wrote it down, with what it measured where the doctor has measured nothing.
 */
static bool add_outreach(DbTx *tx, const char *visit_id, GPtrArray *list, int vitals[VITAL_COUNT],
                         GError **error)
{
    DbQuery *row = db_query(tx, "outreach_of_visit");
    db_bind_text(row, 1, visit_id);
    DbStep step = db_step(row, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    consult_shared_add(list, "reason", db_column_dup(row, 3));
    for (int i = 0; i < VITAL_COUNT; i++) {
        if (vitals[i] == 0)
            vitals[i] = (int)scheduling_column_int0(row, 11 + i);
    }
    db_reset(row);
    return true;
}

/* ALLERGIES stands for what the note says of them: with what was known before; may be NULL. */
static void add_note(const NoteContent *content, const int vitals[VITAL_COUNT],
                     const char *allergies, GPtrArray *list)
{
    for (unsigned i = 0; i < VITAL_COUNT; i++) {
        if (vitals[i] > 0)
            consult_shared_add(list, vital_row((Vital)i)->name, g_strdup_printf("%d", vitals[i]));
    }
    for (unsigned i = 0; i < NOTE_N_TEXTS; i++) {
        const char *text = i == NOTE_ALLERGIES ? allergies : content->texts[i];
        if (text && *text)
            consult_shared_add(list, note_parts[i], g_strdup(text));
    }
    for (unsigned i = 0; i < content->diagnoses->len; i++) {
        const NoteDiagnosis *diagnosis = content->diagnoses->pdata[i];
        consult_shared_add(list, "diagnosis",
                           g_strconcat(diagnosis->code, " ", diagnosis->name, NULL));
    }
}

static bool add_chart(const Scheduling *scheduling, DbTx *tx, const VisitRow *visit,
                      const char *patient_id, ConsultSummary *ret_summary, GError **error)
{
    Note note = {0};
    int vitals[VITAL_COUNT];
    g_autofree char *allergies = NULL;
    bool is_open;
    bool ok = note_row_load(tx, visit->id, &note, error);
    if (ok) {
        memcpy(vitals, note.content->vitals, sizeof vitals);
        const char *own = note.content->texts[NOTE_ALLERGIES];
        ok = note_row_allergies(scheduling, tx, &(NoteAllergyAsk){visit, patient_id, own},
                                &allergies, &is_open, error) &&
             add_outreach(tx, visit->id, ret_summary->shared, vitals, error);
    }
    if (ok) {
        add_note(note.content, vitals, allergies, ret_summary->shared);
        ret_summary->note_revision = note.revision;
    }
    note_clear(&note);
    return ok;
}

bool consult_summary_load(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                          const Actor *actor, ConsultSummary *ret_summary, GError **error)
{
    VisitRow visit;
    g_autofree char *patient_id = NULL;
    return note_visit_load(tx, visit_id, actor, &visit, error) &&
           add_person(tx, visit_id, ret_summary->shared, &patient_id, error) &&
           add_reason(tx, visit_id, ret_summary->shared, error) &&
           add_chart(scheduling, tx, &visit, patient_id, ret_summary, error) &&
           scheduling_audit(scheduling, tx, actor, "consult.summary", "visit", visit_id, error);
}

typedef struct {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    ConsultSummary summary;
    ConsultSummaryDone done;
    gpointer user_data;
} SummaryOp;

static void summary_op_free(gpointer data)
{
    SummaryOp *op = data;
    g_free(op->visit_id);
    actor_copy_clear(&op->actor);
    consult_summary_clear(&op->summary);
    g_free(op);
}

static bool summary_job(DbTx *tx, gpointer data, GError **error)
{
    SummaryOp *op = data;
    return consult_summary_load(op->scheduling, tx, op->visit_id, &op->actor.actor, &op->summary,
                                error);
}

static void on_summary_done(gpointer data, const GError *error)
{
    SummaryOp *op = data;
    op->done(error ? NULL : &op->summary, error, op->user_data);
}

void consult_summary(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                     ConsultSummaryDone done, gpointer user_data)
{
    SummaryOp *op = g_new0(SummaryOp, 1);
    op->scheduling = scheduling;
    op->visit_id = g_strdup(visit_id);
    actor_copy_init(&op->actor, actor);
    op->summary.shared = consult_shared_list_new();
    op->done = done;
    op->user_data = user_data;
    db_write(scheduling->db, summary_job, on_summary_done, op, summary_op_free);
}
