// SPDX-License-Identifier: Apache-2.0
/* The audit trail: rows that are only ever inserted, each carrying the hash of the one before it,
 * so that a changed or removed row shows. Every read or change of a patient's data is one. Inside
 * any transaction: the chain's head is read in the same one. No clinical text, no
 * patient's name. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/base/db/db.h"

typedef struct {
    int64_t at_ms;
    const char *actor_kind;  /**< "user" "token" "system" "cli" */
    const char *actor_id;    /**< user id, token id; NULL for the system */
    const char *actor_role;  /**< "doctor" "desk" ... */
    const char *action;      /**< "visit.read" "visit.call" "booking.create" ... */
    const char *object_kind; /**< "visit" "patient" "user" */
    const char *object_id;
    const char *address; /**< remote address; may be NULL */
    const char *result;  /**< "ok" "refused" */
    const char *reason;  /**< a code, staff's own words, or what was changed; may be NULL */
} AuditEntry;

/** Appends one row in the caller's transaction. */
bool audit_append(DbTx *tx, const AuditEntry *entry, GError **error);

/** Walks the chain; *ret_n_rows are the rows seen. False with BASE_ERROR_INVALID names the first
 * row that does not fit. */
bool audit_verify(DbTx *tx, int64_t *ret_n_rows, GError **error);
