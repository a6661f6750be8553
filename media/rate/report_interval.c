// SPDX-License-Identifier: Apache-2.0
#include "media/rate/report_interval.h"

#include <glib.h>

/* Two streams' reports with names and REMB are 230 bytes with headers: 3 % of 60 kbit/s each
 * second, beside which feedback has 3.6 (tests/netlab, "steady60": 7.3 % of RTCP to the patient).
 * RFC 3550 would have six seconds there. */
enum {
    USUAL_US = REPORT_INTERVAL_USUAL_US,
    THIN_US = 2500 * 1000,
    THIN_BPS = 100 * 1000,
    FIRST_US = 10 * 1000 * 1000,
};

int64_t report_interval_us(uint32_t target_bps, int64_t flowing_us)
{
    return target_bps < THIN_BPS && flowing_us >= FIRST_US ? THIN_US : USUAL_US;
}
