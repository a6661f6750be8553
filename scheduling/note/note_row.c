// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/note_row.h"

#include <string.h>

void note_clear(Note *note)
{
    g_free(note->hash);
    note_content_free(note->content);
    *note = (Note){0};
}

void note_addendum_free(gpointer data)
{
    NoteAddendum *addendum = data;
    g_free(addendum->text);
    g_free(addendum->author);
    g_free(addendum);
}

static bool load_diagnoses(DbTx *tx, const char *visit_id, NoteContent *content, GError **error)
{
    DbQuery *rows = db_query(tx, "note_diagnoses");
    db_bind_text(rows, 1, visit_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        note_content_add_diagnosis(content, db_column_text(rows, 0), db_column_text(rows, 1));
    return step == DB_DONE;
}

bool note_row_load(DbTx *tx, const char *visit_id, Note *ret_note, GError **error)
{
    ret_note->content = note_content_new();
    DbQuery *row = db_query(tx, "note_get");
    db_bind_text(row, 1, visit_id);
    DbStep step = db_step(row, error);
    if (step != DB_ROW)
        return step == DB_DONE;
    ret_note->revision = db_column_int(row, 0);
    ret_note->saved_at_ms = db_column_int(row, 1);
    ret_note->hash = db_column_dup(row, 2);
    ret_note->kept_at_ms = db_column_int(row, 3);
    ret_note->signed_at_ms = scheduling_column_int0(row, 4);
    for (int i = 0; i < NOTE_N_TEXTS; i++) {
        g_free(ret_note->content->texts[i]);
        ret_note->content->texts[i] = db_column_dup(row, 5 + i);
    }
    for (int i = 0; i < VITAL_COUNT; i++)
        ret_note->content->vitals[i] = (int)scheduling_column_int0(row, 5 + NOTE_N_TEXTS + i);
    scheduling_copy_column(row, 5 + NOTE_N_TEXTS + VITAL_COUNT, ret_note->author_id,
                           sizeof ret_note->author_id);
    db_reset(row);
    return load_diagnoses(tx, visit_id, ret_note->content, error);
}

bool note_row_load_addenda(DbTx *tx, const char *visit_id, GPtrArray *addenda, GError **error)
{
    DbQuery *rows = db_query(tx, "note_addenda");
    db_bind_text(rows, 1, visit_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        NoteAddendum *addendum = g_new0(NoteAddendum, 1);
        addendum->added_at_ms = db_column_int(rows, 1);
        addendum->text = db_column_dup(rows, 2);
        addendum->author = db_column_dup(rows, 3);
        g_ptr_array_add(addenda, addendum);
    }
    return step == DB_DONE;
}

bool note_visit_load(DbTx *tx, const char *visit_id, const Actor *actor, VisitRow *ret_row,
                     GError **error)
{
    return visit_row_load(tx, visit_id, ret_row, error) &&
           visit_row_check_actor(tx, ret_row, actor, 1U << ACTOR_DOCTOR, error);
}

bool note_chart_refusal(const Scheduling *scheduling, DbTx *tx, const VisitRow *visit,
                        int *ret_code, GError **error)
{
    bool is_phoned = false;
    int64_t now_ms = clock_wall_ms(scheduling->clock);
    char today[SCHEDULING_DATE_BYTES];
    clock_local_date(now_ms, scheduling->zone, today);
    bool has_not_come = visit->state == VISIT_STATE_BOOKED || visit->state == VISIT_STATE_REQUESTED;
    if (visit->way == VISIT_WAY_PHONE && !visit_row_was_phoned(tx, visit, &is_phoned, error))
        return false;
    if (visit_state_row(visit->state)->is_cancelled)
        *ret_code = SCHEDULING_ERROR_VISIT_CANCELLED;
    else if (has_not_come && !is_phoned && strcmp(today, visit->local_date) < 0)
        *ret_code = SCHEDULING_ERROR_TOO_EARLY;
    else if (now_ms >= visit->ends_at_ms + (int64_t)NOTE_CHART_DAYS * 24 * 3600 * 1000)
        *ret_code = SCHEDULING_ERROR_VISIT_ENDED;
    else
        *ret_code = -1;
    return true;
}

bool note_row_allergies(const Scheduling *scheduling, DbTx *tx, const NoteAllergyAsk *ask,
                        char **ret_words, bool *ret_is_open, GError **error)
{
    int refusal;
    if (!note_chart_refusal(scheduling, tx, ask->visit, &refusal, error))
        return false;
    g_autoptr(GPtrArray) known = note_allergy_list_new();
    if (refusal == -1 && !note_allergy_load(tx, ask->patient_id, ask->visit->id, known, error))
        return false;
    *ret_is_open = refusal == -1;
    *ret_words = note_allergy_words(ask->own, known, scheduling->zone);
    return true;
}

bool note_row_keep(DbTx *tx, const char *visit_id, const Note *note, const char *content_text,
                   GError **error)
{
    DbQuery *query = db_query(tx, "note_keep");
    db_bind_text(query, 1, visit_id);
    db_bind_int(query, 2, note->revision);
    db_bind_text(query, 3, note->author_id);
    db_bind_int(query, 4, note->saved_at_ms);
    db_bind_text(query, 5, content_text);
    db_bind_text(query, 6, note->hash);
    return db_exec(query, error);
}
