// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: the place of a waiting visit in its doctor's queue of the local day,
 * and the wait that may be promised: always a range, never a second-exact figure. */
#pragma once
#include "scheduling/scheduling_private.h"

typedef struct {
    const char *visit_id;
    const char *practitioner_id;
    const char *local_date;
    int64_t starts_at_ms, ends_at_ms, checked_in_at_ms;
} QueueKey;

typedef struct {
    unsigned ahead; /**< called ones and those who wait with an earlier time */
    unsigned wait_min_minutes, wait_max_minutes;
} QueuePlace;

/** For a visit that is checked_in. */
bool queue_place(Scheduling *scheduling, DbTx *tx, const QueueKey *key, QueuePlace *ret_place,
                 GError **error);

/** Pure: AHEAD visits (and half of one when somebody is IN_CALL) of MEDIAN_MS each, give or take
 * half, rounded outwards to 5 minutes; the upper end reaches the start if that is still
 * UNTIL_START_MS away. */
void queue_wait_range(unsigned ahead, bool in_call, int64_t median_ms, int64_t until_start_ms,
                      QueuePlace *ret_place);
