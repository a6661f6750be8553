// SPDX-License-Identifier: Apache-2.0
/* Adding and changing facilities, clinics and practitioners. Nothing is removed: what is not used
 * any more is archived and can be taken back. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/directory_draft.h"
#include "scheduling/clinic/hours_hit.h"
#include "scheduling/scheduling.h"

typedef struct {
    char *id;          /**< of the row */
    FaultList *faults; /**< with INVALID_FIELDS */
    GPtrArray *hits;   /**< HoursHit, with BOOKINGS_HIT; kept ones on success */
} DirectoryEdited;
void directory_edited_init(DirectoryEdited *edited);
void directory_edited_clear(DirectoryEdited *edited);

/** EDITED is always given; with ERROR only faults and hits count. */
typedef void (*DirectoryEditDone)(const DirectoryEdited *edited, const GError *error,
                                  gpointer user_data);
/** Adds DRAFT (taken), or changes the row of its id into it. An administrator may do all; a
 * coordinator adds and changes its facility's clinics and the people who work there: their places
 * and permits of other facilities stay as they are, and of who works elsewhere too nothing but
 * those of its own. FORBIDDEN, NOT_FOUND; CHANGED when the row is not of the draft's revision;
 * BOOKINGS_HIT unless KEEP when bookings would be left
 * without hours. */
void directory_edit(Scheduling *scheduling, const Actor *actor, DirectoryDraft *draft,
                    HoursKeep keep, DirectoryEditDone done, gpointer user_data);

/** The same inside a job; the job is to be rolled back when it fails. */
bool directory_apply(Scheduling *scheduling, DbTx *tx, const Actor *actor,
                     const DirectoryDraft *draft, HoursKeep keep, DirectoryEdited *edited,
                     GError **error);
