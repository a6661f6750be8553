// SPDX-License-Identifier: Apache-2.0
/* What a patient agrees to before a visit by video: a text in versions, and append-only rows of who
 * agreed to which, how and when. Of a visit's rows the newest counts. Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/visit.h"
#include "server/base/fault.h"

typedef struct {
    int64_t version;
    char *text_id, *text_en; /**< a paragraph a line */
} ConsentText;
/** The text that is in effect (consent_text.h writes them). */
typedef void (*ConsentTextDone)(const ConsentText *text, const GError *error, gpointer user_data);
void consent_get_text(Scheduling *scheduling, ConsentTextDone done, gpointer user_data);

typedef enum {
    CONSENT_ACCEPTED,   /**< the patient read it */
    CONSENT_READ_ALOUD, /**< staff read it to the patient, who agreed */
    CONSENT_WITHDRAWN,
} ConsentHow;
/** "accepted" "read_aloud" "withdrawn" */
const char *consent_how_name(ConsentHow how);
bool consent_how_parse(const char *name, ConsentHow *ret_how);

typedef enum {
    CONSENT_GIVER_PATIENT,
    CONSENT_GIVER_CONTACT, /**< who came with the patient: a child's parent or guardian */
    /** Of who is under age the contact, when there is one; else the patient. */
    CONSENT_GIVER_BY_AGE,
} ConsentGiver;

typedef struct {
    int64_t version; /**< of the text that was read */
    /** What was in effect at some time since then can be agreed to, for what was said before it
     * came here; 0: the text of now alone. Who agreed to one that is replaced is asked again. */
    int64_t since_ms;
    ConsentHow how;
    const char *lang; /**< in which it was read, "id" or "en"; NULL: that of the booking */
    ConsentGiver giver;
    /** Who is with a patient of whom nobody was named yet, as contact_check() takes them; NULL:
     * nobody new. Of staff alone, with what was read aloud. */
    const char *contact_name, *contact_relation;
} ConsentGiven;

/** Then a patient agrees no more by the link; taking it back is always possible. */
enum { CONSENT_MAX_OF_PATIENT = 20 };

/** FAULTS (`version`; `by`: nobody came with the patient, or the patient is under age and somebody
 * did; `contact_name`, `contact_relation`) with INVALID_FIELDS. */
typedef void (*ConsentDone)(const FaultList *faults, const GError *error, gpointer user_data);
/** Doctor of the visit, desk of its facility: what was read aloud, or taken back; its patient,
 * until the visit is over: accepted, or taken back; the same once more changes nothing. What is
 * taken back is what was said last, whatever the version of GIVEN. Who is named with the patient
 * by it is the visit's contact from then on. An event, an audit row; the
 * day's watchers hear of it. VISIT_CANCELLED, VISIT_ENDED, TOO_MANY for a patient. GIVEN is copied.
 */
void consent_give(Scheduling *scheduling, const char *visit_id, const ConsentGiven *given,
                  const Actor *actor, ConsentDone done, gpointer user_data);

/** IS_GIVEN: the newest row counts. HOW: NULL when nothing was ever agreed to. */
typedef struct {
    const char *how;
    int64_t at_ms;
    bool is_given;
    bool is_outdated; /**< given to a text that another has replaced: so it is given no more */
} ConsentState;
typedef void (*ConsentStateDone)(const ConsentState *state, const GError *error,
                                 gpointer user_data);
/** What the visit's patient has agreed to; for the patient itself, so that it is no audit row. */
void consent_get_state(Scheduling *scheduling, const char *visit_id, ConsentStateDone done,
                       gpointer user_data);

/** Inside a job: the only one that can be agreed to now. */
bool consent_newest_version(Scheduling *scheduling, DbTx *tx, int64_t *ret_version, GError **error);
/** Inside a job: INVALID_FIELDS with a fault FIELD (`outdated`, with the version of now) when
 * VERSION was in effect at no time since SINCE_MS (0: is not now). */
bool consent_check(const Scheduling *scheduling, DbTx *tx, int64_t version, int64_t since_ms,
                   const char *field, FaultList *faults, GError **error);
/** Inside a job: the row, its event and its audit row. INVALID_FIELDS with a fault FIELD as
 * consent_check(), which is asked of nobody who takes it back. */
bool consent_write(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                   const ConsentGiven *given, const Actor *actor, const char *field,
                   FaultList *faults, GError **error);
/** Inside a job: what was agreed to for one visit holds for the one that it was moved to. */
bool consent_carry(DbTx *tx, const char *from_visit_id, const char *to_visit_id, GError **error);
