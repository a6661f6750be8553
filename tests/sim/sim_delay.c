// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_delay.h"

#include <glib.h>

/* libwebrtc's NetEq: the latest of each half second counts, older ones fade by 0.983. */
enum { SLICE_US = 500 * 1000 };
static const double FADING = 0.983;

static void end_slice(SimDelay *delay)
{
    unsigned bin = (unsigned)MIN(delay->most_us / SIM_DELAY_BIN_US, SIM_DELAY_BINS - 1);
    delay->total = delay->total * FADING + 1;
    for (unsigned i = 0; i < SIM_DELAY_BINS; i++)
        delay->weight[i] = delay->weight[i] * FADING + (i == bin);
    delay->most_us = 0;
}

void sim_delay_add(SimDelay *delay, int64_t took_us, int64_t now_us)
{
    int64_t slice = now_us / SLICE_US;
    if (delay->slice == 0) {
        for (unsigned i = 0; i < SIM_DELAY_SLICES; i++)
            delay->least_us[i] = took_us;
        delay->slice = slice;
    }
    if (slice != delay->slice) {
        end_slice(delay);
        delay->least_us[slice % SIM_DELAY_SLICES] = took_us;
        delay->slice = slice;
    }
    int64_t *least_us = &delay->least_us[slice % SIM_DELAY_SLICES];
    *least_us = MIN(*least_us, took_us);
    delay->most_us = MAX(delay->most_us, took_us - sim_delay_least_us(delay));
}

int64_t sim_delay_least_us(const SimDelay *delay)
{
    int64_t least_us = INT64_MAX;
    for (unsigned i = 0; i < SIM_DELAY_SLICES; i++)
        least_us = MIN(least_us, delay->least_us[i]);
    return least_us;
}

int64_t sim_delay_quantile_us(const SimDelay *delay, double share)
{
    double sum = 0;
    for (unsigned i = 0; i < SIM_DELAY_BINS; i++) {
        sum += delay->weight[i];
        if (sum >= share * delay->total)
            return (int64_t)(i + 1) * SIM_DELAY_BIN_US;
    }
    return (int64_t)SIM_DELAY_BINS * SIM_DELAY_BIN_US;
}
