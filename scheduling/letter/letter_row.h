// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: a letter within one database job, and what it is composed of. */
#pragma once
#include "scheduling/booking/visit_row.h"
#include "scheduling/letter/letter.h"
#include "scheduling/letter/letter_permit.h"
#include "scheduling/note/note_row.h"

/** Reads a letter; with WITH_PAPER what is printed, too. NULL with NOT_FOUND or the engine's error.
 * Without it one whose paper cannot be read is there all the same, and not sealed. */
Letter *letter_row_load(const Scheduling *scheduling, DbTx *tx, const char *id, bool with_paper,
                        GError **error);
/** The keyed hash of a row and of the file that was made of it. */
char *letter_row_seal(const Scheduling *scheduling, const Letter *letter, const char *sha256);

/** What a letter may say of its visit. */
typedef struct {
    VisitRow visit;
    Note note;
    GPtrArray *addenda;
    char *allergy_words; /**< as note_allergy_words(), of other visits while the chart is open */
    bool is_chart_open;
    LetterPermit permit;
    char *facility, *address, *phone, *clinic, *doctor;
    char *patient_id, *patient, *birth_date, *sex,
        *nik;                              /**< the last two may be NULL; nik is whole */
    char *mother_nik;                      /**< of who has no NIK, whole; NULL: not known */
    char *contact_name, *contact_relation; /**< who came with the patient; NULL: nobody */
    int64_t both_ms, starts_at_ms;
    bool has_come;    /**< was said to be there, on the page or at the facility, before or after */
    bool is_assisted; /**< a health worker was with the patient */
    char today[SCHEDULING_DATE_BYTES];
} LetterFacts;
void letter_facts_clear(LetterFacts *facts);
/** The actor must be the doctor of the visit. */
bool letter_facts_load(const Scheduling *scheduling, DbTx *tx, const char *visit_id,
                       const Actor *actor, LetterFacts *ret_facts, GError **error);

/** For how many days sickness may be certified after the visit, by the policy of its facility: 0
 * where it may not, or for assisted visits alone and this is none. */
bool letter_sick_days(const Scheduling *scheduling, DbTx *tx, const VisitRow *visit, int *ret_days,
                      GError **error);

/** What REQUEST prints; pure. */
LetterPaper *letter_compose(const LetterFacts *facts, const LetterRequest *request,
                            const char *number);
/** "sick" letters' last day. */
void letter_last_day(const LetterRequest *request, char ret_date[SCHEDULING_DATE_BYTES]);
