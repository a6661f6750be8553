// SPDX-License-Identifier: Apache-2.0
/* The doctor's note of a visit: subjective, objective, assessment, plan, allergies, vital signs and
 * diagnoses. It is saved while it is typed, each time as a further revision that names the one it
 * was made from; once signed it stays, and only addenda come. For the doctor of the visit alone.
 * Every call is an audit row. Threads: see scheduling.h. */
#pragma once
#include "scheduling/note/icd10.h"
#include "scheduling/note/vital.h"
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

typedef enum {
    NOTE_SUBJECTIVE,
    NOTE_OBJECTIVE,
    NOTE_ASSESSMENT,
    NOTE_PLAN,
    NOTE_ALLERGIES,
} NoteText;
enum {
    NOTE_N_TEXTS = NOTE_ALLERGIES + 1,
    NOTE_TEXT_CHARS = 4000,
    NOTE_ALLERGIES_CHARS = 300,
    NOTE_MAX_DIAGNOSES = 10,
    NOTE_ADDENDUM_CHARS = 2000,
    NOTE_MAX_ADDENDA = 50,
    NOTE_KEY_MIN_CHARS = 16,
    NOTE_KEY_MAX_CHARS = 64,
};
/** "subjective" ... */
const char *note_text_name(NoteText text);

typedef struct {
    char code[ICD10_CODE_BYTES];
    char *name; /**< what the list called it when it was chosen; of a request: NULL */
} NoteDiagnosis;

/** What a doctor writes. */
typedef struct {
    char *texts[NOTE_N_TEXTS]; /**< never NULL */
    int vitals[VITAL_COUNT];   /**< 0: not measured */
    GPtrArray *diagnoses;      /**< NoteDiagnosis; the first is the main one */
} NoteContent;
/** An empty one. */
NoteContent *note_content_new(void);
void note_content_free(NoteContent *content);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NoteContent, note_content_free)
void note_content_add_diagnosis(NoteContent *content, const char *code, const char *name);

typedef struct {
    int64_t revision;                  /**< 0: nothing was saved yet */
    int64_t saved_at_ms, signed_at_ms; /**< 0: not */
    int64_t kept_at_ms;                /**< when a whole text was last put aside */
    char author_id[27];                /**< a practitioner; empty with revision 0 */
    char *hash; /**< keyed, over visit, revision and content; NULL with revision 0 */
    NoteContent *content;
} Note;

typedef struct {
    char *text, *author;
    int64_t added_at_ms;
} NoteAddendum;

typedef struct {
    char *text;          /**< one line, never empty */
    int64_t noted_at_ms; /**< when the visit was in whose note it stands (the latest) */
} NoteAllergy;

typedef struct {
    char *name, *birth_date, *sex, *nik_masked; /**< the last two may be NULL */
    int age;
    GPtrArray *allergies; /**< NoteAllergy: what other visits noted, the newest first */
} NotePatient;

typedef struct {
    Note note;
    GPtrArray *addenda; /**< NoteAddendum */
    NotePatient patient;
    /** Another doctor who had the visit before and wrote what this note was made from; NULL:
     * nobody. */
    char *before_author;
    int64_t before_saved_at_ms;
} NoteView;

typedef void (*NoteViewDone)(const NoteView *view, const GError *error, gpointer user_data);
/** NOT_FOUND, FORBIDDEN. */
void note_get(Scheduling *scheduling, const char *visit_id, const Actor *actor, NoteViewDone done,
              gpointer user_data);

typedef struct {
    Note note;         /**< as it is now; with NOTE_STALE what somebody else saved */
    FaultList *faults; /**< with INVALID_FIELDS */
} NoteSaved;

typedef struct {
    int64_t base;         /**< the revision that it was made from; 0: none */
    NoteContent *content; /**< taken over */
    bool keeps_old;       /**< the text that it replaces is put aside, whatever its age */
} NoteDraft;

/** SAVED is always given. */
typedef void (*NoteSavedDone)(const NoteSaved *saved, const GError *error, gpointer user_data);
/** Saves DRAFT as the next revision. NOTE_STALE when there is another one than its base by now,
 * unless it says the same; NOTE_SIGNED; VISIT_CANCELLED; INVALID_FIELDS. */
void note_save(Scheduling *scheduling, const char *visit_id, const Actor *actor,
               const NoteDraft *draft, NoteSavedDone done, gpointer user_data);
/** Signs revision REVISION, for good, of a visit that has begun (else as visit_begun_check()
 * refuses) or whose call failed. NOTE_STALE, NOTE_SIGNED; INVALID_FIELDS when neither an
 * assessment nor a diagnosis says what it was. */
void note_sign(Scheduling *scheduling, const char *visit_id, const Actor *actor, int64_t revision,
               NoteSavedDone done, gpointer user_data);

/** An addition to a signed note (BAD_STATE before). The same KEY once more is the first one; with
 * another text IDEMPOTENCY_MISMATCH. */
typedef struct {
    const char *key; /**< made by the client */
    const char *text;
} NoteAddition;
void note_add(Scheduling *scheduling, const char *visit_id, const Actor *actor,
              const NoteAddition *addition, NoteSavedDone done, gpointer user_data);

typedef struct {
    char *visit_id, *facility, *clinic, *doctor;
    VisitState state;
    int64_t starts_at_ms;
    Note note; /**< revision 0: none was written */
    GPtrArray *addenda;
} NoteEarlier;

/** The patient's chart is open to the visit's doctor until so many days after the visit. */
enum { NOTE_MAX_EARLIER = 20, NOTE_CHART_DAYS = 30 };
/** ROWS holds NoteEarlier, the latest first: the same patient's visits before this one, whoever the
 * doctor was, in whatever facility. TOO_EARLY before the visit's day, unless the patient is there;
 * VISIT_ENDED later than NOTE_CHART_DAYS after its end; VISIT_CANCELLED. */
typedef void (*NoteEarlierDone)(GPtrArray *rows, const GError *error, gpointer user_data);
void note_list_earlier(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                       NoteEarlierDone done, gpointer user_data);
