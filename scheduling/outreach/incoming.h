// SPDX-License-Identifier: Apache-2.0
/* One entry of a tablet on its way in: it becomes a visit, or replaces what was said of the one
 * that it is already. For outreach_take.c alone; on the database thread. */
#pragma once
#include "scheduling/outreach/outreach_row.h"

/* What a tablet sent at once, and what becomes of it. */
typedef struct {
    Scheduling *scheduling;
    ActorCopy actor;
    char *session_id, *device_id;
    GPtrArray *drafts, *taken;
    FaultList *faults;
    OutreachSession session;
    char today[SCHEDULING_DATE_BYTES];
    char doctor_id[SCHEDULING_ID_BYTES];
    GPtrArray *boxes; /* ChangeBox, in the order of what happened */
    OutreachTakenDone done;
    gpointer user_data;
} IncomingBatch;

typedef struct {
    IncomingBatch *batch;
    DbTx *tx;
    const OutreachDraft *draft;
    OutreachFields fields;
    OutreachTaken *taken;
    char *hash;
} Incoming;

void incoming_clear(Incoming *incoming);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Incoming, incoming_clear)

/** What is new: a visit that waits; its id is in taken. False: the database failed. */
bool incoming_create(Incoming *incoming, GError **error);
/** What is there, as taken names it, and was changed since; a fault where it was called already.
 * False: the database failed. */
bool incoming_revise(Incoming *incoming, GError **error);
/** Asked of what is new alone: what was taken once stays taken, whatever is in effect by now. True
 * with a fault when the text cannot be the one that was read. */
bool incoming_check_consent(Incoming *incoming, GError **error);
