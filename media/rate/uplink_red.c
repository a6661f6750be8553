// SPDX-License-Identifier: Apache-2.0
#include "media/rate/uplink_red.h"

#include <glib.h>

enum {
    SMOOTH_US = 4 * 1000 * 1000,
    CLEAN_US = 15 * 1000 * 1000,
};

/* One lost packet of 60 ms spoils its second (over 5 % concealed): at 0.3 % loss every twentieth.
 */
static const double from_on_long_path = 0.003;
static const double from_with_repairs = 0.02;

bool uplink_red_update(UplinkRed *red, double loss, int64_t rtt_us, bool is_asked_in_time,
                       int64_t now_us)
{
    if (rtt_us <= 0)
        return false;
    bool is_long = !is_asked_in_time;
    if (!red->has_begun) {
        *red = (UplinkRed){.has_begun = true, .is_on = is_long, .updated_us = now_us};
        return red->is_on; /* on a long path until it has shown that it loses nothing */
    }
    double elapsed_us = (double)CLAMP(now_us - red->updated_us, 0, SMOOTH_US);
    red->updated_us = now_us;
    red->loss += (loss - red->loss) * elapsed_us / SMOOTH_US;
    double from = is_long ? from_on_long_path : from_with_repairs;
    if (red->loss > from) {
        red->is_on = true;
        red->clean_us = 0;
    } else if (red->loss > from / 2) {
        red->clean_us = 0;
    } else if (red->clean_us == 0) {
        red->clean_us = now_us;
    } else if (now_us - red->clean_us >= CLEAN_US) {
        red->is_on = false;
    }
    return red->is_on;
}
