// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/outreach only: sessions and who may see them, within a job; drafts brought
 * into one form. */
#pragma once
#include "scheduling/booking/booking_check.h"
#include "scheduling/booking/visit_row.h"
#include "scheduling/outreach/outreach.h"

void outreach_session_clear(OutreachSession *session);

/** Fills SESSION as the actor sees it. NOT_FOUND; FORBIDDEN unless the actor is desk staff of its
 * facility and, with OF_TEAM, of its team. */
bool outreach_session_load(DbTx *tx, const char *session_id, const Actor *actor, bool of_team,
                           OutreachSession *ret_session, GError **error);

/** The visit, for its doctor or for desk staff of the team that took it down; else FORBIDDEN. */
bool outreach_visit_allow(DbTx *tx, const char *visit_id, const char *session_id,
                          const Actor *actor, GError **error);

/** True when TEXT is a UUID in lower case. */
bool outreach_uuid_is_valid(const char *text);

/** A draft in normal form. */
typedef struct {
    BookingFields person; /**< phone "": none was given */
    bool has_mother;
    PersonNik mother;
    char *reason;
    char *address; /**< "": none */
} OutreachFields;
void outreach_fields_clear(OutreachFields *fields);

/** Everything about DRAFT that can be said without the database. Pure. CLINIC_ID is the session's;
 * TODAY is "2026-11-24". True when there is no fault. */
bool outreach_check(const OutreachDraft *draft, const char *clinic_id, const char *today,
                    OutreachFields *ret_fields, FaultList *faults, FaultList *warnings);

/** Keyed hash over all that DRAFT says but for its revision; the caller owns it. */
char *outreach_draft_hash(const SecretBox *box, const OutreachDraft *draft);

/** Main thread, after a commit: tells the OutreachListener. */
void outreach_tell(Scheduling *scheduling, const char *session_id);
