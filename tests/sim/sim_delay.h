// SPDX-License-Identifier: Apache-2.0
/* How late packets come, as a receiver's buffer sees it: a share of them within the last seconds
 * comes within sim_delay_quantile_us() of the quickest. Plain value, zeroed at first. */
#pragma once
#include <stdint.h>

enum { SIM_DELAY_BINS = 100, SIM_DELAY_BIN_US = 20 * 1000, SIM_DELAY_SLICES = 4 };

typedef struct {
    double weight[SIM_DELAY_BINS];
    double total;
    int64_t least_us[SIM_DELAY_SLICES]; /* quickest, in half seconds: the last 2 s count */
    int64_t most_us;                    /* of the present half second, over the quickest */
    int64_t slice;
} SimDelay;

void sim_delay_add(SimDelay *delay, int64_t took_us, int64_t now_us);
/** The quickest of the last 2 s. */
int64_t sim_delay_least_us(const SimDelay *delay);
/** What SHARE of them needed beyond it. */
int64_t sim_delay_quantile_us(const SimDelay *delay, double share);
