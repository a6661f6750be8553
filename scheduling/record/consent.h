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
/** The newest text. */
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
    int64_t version; /**< of the text that was read: only the newest can be agreed to */
    ConsentHow how;
    ConsentGiver giver;
} ConsentGiven;

/** FAULTS (`version`; `by`: nobody came with the patient, or the patient is under age and somebody
 * did) with INVALID_FIELDS. */
typedef void (*ConsentDone)(const FaultList *faults, const GError *error, gpointer user_data);
/** Doctor of the visit, desk of its facility: what was read aloud, or taken back. An event, an
 * audit row; the day's watchers hear of it. GIVEN is copied. */
void consent_give(Scheduling *scheduling, const char *visit_id, const ConsentGiven *given,
                  const Actor *actor, ConsentDone done, gpointer user_data);

/** Inside a job: the only one that can be agreed to now. */
bool consent_newest_version(DbTx *tx, int64_t *ret_version, GError **error);
/** Inside a job: the row, its event and its audit row. INVALID_FIELDS with a fault FIELD when the
 * version is not the newest. */
bool consent_write(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                   const ConsentGiven *given, const Actor *actor, const char *field,
                   FaultList *faults, GError **error);
/** Inside a job: what was agreed to for one visit holds for the one that it was moved to. */
bool consent_carry(DbTx *tx, const char *from_visit_id, const char *to_visit_id, GError **error);
