// SPDX-License-Identifier: Apache-2.0
#include "media/rate/receiver_clock.h"

#include <glib.h>

enum { JUMP_US = 10 * 1000 * 1000 }; /* no queue is that long */
/* draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1: reference time has 24 bits of 64 ms. */
static const int64_t MODULO_US = (INT64_C(1) << 24) * 64 * 1000;

bool receiver_clock_unwrap(ReceiverClock *clock, int64_t raw_us, int64_t sent_us,
                           int64_t *ret_arrival_us)
{
    int64_t step_us = clock->started ? (raw_us - clock->raw_us) % MODULO_US : 0;
    if (step_us > MODULO_US / 2)
        step_us -= MODULO_US;
    else if (step_us < -MODULO_US / 2)
        step_us += MODULO_US;
    int64_t arrival_us = clock->arrival_us + step_us;
    bool jumped = clock->started && ABS(step_us - (sent_us - clock->sent_us)) > JUMP_US;
    if (!clock->started || sent_us >= clock->sent_us)
        *clock = (ReceiverClock){true, raw_us, arrival_us, sent_us};
    *ret_arrival_us = arrival_us;
    return !jumped;
}
