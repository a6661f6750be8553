// SPDX-License-Identifier: Apache-2.0
/* The outbox: what must be told to the outside (SMS, mail, webhook) is a row written in the same
 * transaction as the change itself; a driver sends it later and marks it. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/base/db/db.h"

typedef struct {
    const char *kind;       /**< "appointment.booked" "visit.called" ... (domain.md, section 4) */
    const char *subject_id; /**< visit id */
    const char *payload;    /**< JSON text with ids only: thin, no patient data */
    int64_t due_at_ms;      /**< not before; the time of writing for "at once" */
    const char *dedup_key;  /**< unique: a second append with the same key is silently the first */
} OutboxEntry;

bool outbox_append(DbTx *tx, const OutboxEntry *entry, int64_t now_ms, GError **error);
