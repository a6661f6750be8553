// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: event rows within a job, and what a visit's course says of media. */
#pragma once
#include "scheduling/scheduling_private.h"

typedef struct {
    const char *visit_id;
    int64_t at_ms;
    const char *kind;
    const char *actor;
    const char *participant_id; /**< NULL: none */
    const char *endpoint_id;    /**< NULL: none */
    const char *detail;         /**< NULL: none */
} EventRow;
bool event_append(DbTx *tx, const EventRow *row, GError **error);

/** Computes both_start_ms, both_end_ms, both_ms and media_open of the visit's course anew from its
 * events. */
bool event_refresh_course(DbTx *tx, const char *visit_id, GError **error);
