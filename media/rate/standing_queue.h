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
    bool was_cut;
} StandingQueue;

/** The estimate was cut for this queue. */
void standing_queue_on_cut(StandingQueue *standing, const RateInput *input, int64_t now_us);
/** The queue is as long as when the estimate was cut for it, and all that is sent arrives: to cut
 * again would not empty it. */
bool standing_queue_stays(const StandingQueue *standing, const RateInput *input);
/** True: the queue has stood still for seconds although all that was sent arrived; whatever it is,
 * it is not ours. */
bool standing_queue_is_foreign(StandingQueue *standing, const RateInput *input, int64_t now_us);
