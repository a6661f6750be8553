// SPDX-License-Identifier: Apache-2.0
/* A doctor's licence to practise (SIP), under which letters are signed. The doctor gives it; each
 * change is an audit row. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

enum { LICENCE_SIP_MIN_CHARS = 5, LICENCE_SIP_MAX_CHARS = 60 };

typedef struct {
    char *sip, *valid_until; /**< NULL: none given */
} Licence;
void licence_clear(Licence *licence);

/** LICENCE is always given; with an error only FAULTS counts. */
typedef void (*LicenceDone)(const Licence *licence, const FaultList *faults, const GError *error,
                            gpointer user_data);
/** The actor's own; FORBIDDEN for who is no doctor. */
void licence_get(Scheduling *scheduling, const Actor *actor, LicenceDone done, gpointer user_data);
/** INVALID_FIELDS for one that is over. */
void licence_set(Scheduling *scheduling, const Actor *actor, const char *sip,
                 const char *valid_until, LicenceDone done, gpointer user_data);
/** Inside a job. */
bool licence_load(DbTx *tx, const char *practitioner_id, Licence *ret_licence, GError **error);
