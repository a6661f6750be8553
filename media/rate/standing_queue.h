// SPDX-License-Identifier: Apache-2.0
/* Tells a queue of ours from a path that has become longer or a queue that others fill: ours
 * empties when we send less. A plain value, zeroed at first; one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "media/rate/rate_control.h"

typedef struct {
    bool standing;
    int64_t from_us;
    int64_t queue_us; /* at that time */
} StandingQueue;

/** True: the queue has stood still for seconds although we sent less than the link took; whatever
 * it is, it is not ours. */
bool standing_queue_is_foreign(StandingQueue *standing, const RateInput *input, double estimate_bps,
                               int64_t now_us);
