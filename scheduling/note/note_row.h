// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: a note within one database job. */
#pragma once
#include "scheduling/booking/visit_row.h"
#include "scheduling/note/allergy.h"
#include "scheduling/note/note.h"

void note_clear(Note *note);
void note_addendum_free(gpointer addendum);
/** Reads the note of a visit; revision 0 when there is none. RET_NOTE is zeroed before. */
bool note_row_load(DbTx *tx, const char *visit_id, Note *ret_note, GError **error);
bool note_row_load_addenda(DbTx *tx, const char *visit_id, GPtrArray *addenda, GError **error);

/** Puts the whole text of a revision aside, for good. */
bool note_row_keep(DbTx *tx, const char *visit_id, const Note *note, const char *content_text,
                   GError **error);

/** What is known of the patient from other visits belongs to the treatment: from the visit's day
 * (or check-in, or its doctor's asking for the telephone number) until NOTE_CHART_DAYS after its
 * end. *RET_CODE -1: open; else TOO_EARLY, VISIT_ENDED, VISIT_CANCELLED. */
bool note_chart_refusal(const Scheduling *scheduling, DbTx *tx, const VisitRow *visit,
                        int *ret_code, GError **error);
typedef struct {
    const VisitRow *visit;
    const char *patient_id;
    const char *own; /**< what the visit's note says; may be empty */
} NoteAllergyAsk;
/** note_allergy_words() of OWN and of what the chart tells, as long as it is open. */
bool note_row_allergies(const Scheduling *scheduling, DbTx *tx, const NoteAllergyAsk *ask,
                        char **ret_words, bool *ret_is_open, GError **error);
/** Loads the visit and checks that the actor is its doctor. */
bool note_visit_load(DbTx *tx, const char *visit_id, const Actor *actor, VisitRow *ret_row,
                     GError **error);

/** One text that says all of CONTENT: what hashes are made of and kept revisions hold. */
char *note_content_text(const NoteContent *content);
/** Faults of lengths and values, as fields of the request. */
void note_content_check(const NoteContent *content, FaultList *faults);
/** The keyed hash of a revision. */
char *note_hash(const Scheduling *scheduling, const char *visit_id, int64_t revision,
                const char *content_text);
