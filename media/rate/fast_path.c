// SPDX-License-Identifier: Apache-2.0
#include "media/rate/fast_path.h"

#include <glib.h>

/* Chosen by tests/netlab, "good" and "4g" (first picture), and test_sim_near: on near links of 30
 * to 200 kbit/s the first three seconds have a tenth of the link more, and the queue drops no more.
 */
enum {
    FAST_TRIP_US = 120 * 1000,
    FAST_QUEUE_US = 20 * 1000, /* of jitter */
    PROOF_TRIPS = 4,
    PROOF_LEAST_US = 100 * 1000, /* five packets */
};

int64_t fast_path_proof_us(int64_t rtt_us, int64_t queue_us, int64_t usual_us)
{
    if (rtt_us <= 0 || rtt_us > FAST_TRIP_US || queue_us > FAST_QUEUE_US)
        return usual_us;
    return MIN(MAX(rtt_us * PROOF_TRIPS, (int64_t)PROOF_LEAST_US), usual_us);
}
