// SPDX-License-Identifier: Apache-2.0
#include "media/rate/standing_queue.h"

#include <glib.h>

enum {
    MS = 1000,
    /* Less is jitter. 120 ms, what rate_control_target() leaves alone on a thin link, are too many:
     * a path longer by 30 to 100 ms was cut for again and again (tests/sim: 90 of 2000 kbit/s until
     * the base had passed, two minutes later). */
    LEAST_US = 20 * MS,
    /* The drain empties 120 ms and more within a second, of a link of the estimate's rate. */
    PATIENCE_US = 4000 * MS,
    SAME_PERCENT = 25,
    LOSS_PERCENT = 5, /* a full queue does not grow either, but it drops */
};

static bool is_still(const StandingQueue *standing, const RateInput *input)
{
    return ABS(input->queue_us - standing->queue_us) * 100 <= standing->queue_us * SAME_PERCENT;
}

/* It neither grows nor drops. */
static bool is_passed(const RateInput *input)
{
    return input->all_arrives && (input->loss - input->usual_loss) * 100 <= LOSS_PERCENT;
}

void standing_queue_on_cut(StandingQueue *standing, const RateInput *input, int64_t now_us)
{
    *standing = (StandingQueue){
        .standing = true,
        .from_us = now_us,
        .queue_us = MAX(input->queue_us, 1),
        .was_cut = true,
    };
}

bool standing_queue_stays(const StandingQueue *standing, const RateInput *input)
{
    return standing->standing && standing->was_cut && is_still(standing, input) && is_passed(input);
}

bool standing_queue_is_foreign(StandingQueue *standing, const RateInput *input, int64_t now_us)
{
    if (input->queue_us < LEAST_US || !is_passed(input)) {
        standing->standing = false;
        return false;
    }
    if (!standing->standing || !is_still(standing, input)) {
        *standing =
            (StandingQueue){.standing = true, .from_us = now_us, .queue_us = input->queue_us};
        return false;
    }
    if (now_us - standing->from_us < PATIENCE_US)
        return false;
    standing->standing = false;
    return true;
}
