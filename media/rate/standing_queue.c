// SPDX-License-Identifier: Apache-2.0
#include "media/rate/standing_queue.h"

#include <glib.h>

enum {
    MS = 1000,
    /* Less is not acted upon by rate_control_target() on thin links. */
    LEAST_US = 120 * MS,
    /* By then a cut of 8 % has emptied 320 ms. */
    PATIENCE_US = 4000 * MS,
    SAME_PERCENT = 25,
    OBEYED_PERCENT = 110, /* speech may be more than the estimate: then the queue is ours */
    LOSS_PERCENT = 5,     /* a full queue does not grow either, but it drops */
};

bool standing_queue_is_foreign(StandingQueue *standing, const RateInput *input, double estimate_bps,
                               int64_t now_us)
{
    int64_t queue_us = input->queue_us;
    bool obeyed = input->sent_bps * 100.0 <= estimate_bps * OBEYED_PERCENT;
    bool dropped = (input->loss - input->usual_loss) * 100 > LOSS_PERCENT;
    if (queue_us < LEAST_US || !obeyed || dropped || !input->all_arrives) {
        standing->standing = false;
        return false;
    }
    bool same = ABS(queue_us - standing->queue_us) * 100 <= standing->queue_us * SAME_PERCENT;
    if (!standing->standing || !same) {
        *standing = (StandingQueue){.standing = true, .from_us = now_us, .queue_us = queue_us};
        return false;
    }
    if (now_us - standing->from_us < PATIENCE_US)
        return false;
    standing->standing = false;
    return true;
}
