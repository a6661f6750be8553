// SPDX-License-Identifier: Apache-2.0
/* What was noted of a patient's allergies, in whichever visit: all of it. "None" of today hides
 * nothing of before; whoever treats or dispenses sees both, with their dates. Inside of scheduling/
 * only. */
#pragma once
#include "scheduling/note/note.h"
#include "scheduling/scheduling_private.h"

/** Of NoteAllergy. */
GPtrArray *note_allergy_list_new(void);
/** Appends each line of TEXT that LIST does not say yet, whatever its case and blanks. Pure. */
void note_allergy_add(GPtrArray *list, const char *text, int64_t noted_at_ms);
/** Appends what other visits of the patient's person than VISIT_ID noted, the newest first. */
bool note_allergy_load(DbTx *tx, const char *patient_id, const char *visit_id, GPtrArray *list,
                       GError **error);
/** OWN, what the visit's note says (may be empty), then what is KNOWN besides, a line for each
 * day: "Penisilin; udang (dicatat 24 November 2026)". NULL when both say nothing. Pure; to be
 * freed. */
char *note_allergy_words(const char *own, const GPtrArray *known, GTimeZone *zone);
