// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_rtt.h"

#include <glib.h>
#include <math.h>

enum {
    SAMPLE_US = 1000 * 1000,
    SAMPLES_MOST = 35,
};
static const double DRIFT_DEVIATIONS = 3.5;

void sim_rtt_note(SimRtt *rtt, int64_t rtt_us, int64_t now_us)
{
    if (now_us < rtt->next_us)
        return;
    rtt->next_us = now_us + SAMPLE_US;
    rtt->recent_us[rtt->n++ % SIM_RTT_RECENT] = rtt_us;
    double weight = 1.0 / MIN(rtt->n, SAMPLES_MOST);
    rtt->mean_us += ((double)rtt_us - rtt->mean_us) * weight;
    double off = (double)rtt_us - rtt->mean_us;
    rtt->variance += (off * off - rtt->variance) * weight;
    rtt->greatest_us = MAX(rtt->greatest_us, rtt_us);
    bool drifts = (double)rtt->greatest_us - rtt->mean_us > DRIFT_DEVIATIONS * sqrt(rtt->variance);
    rtt->n_over = drifts ? rtt->n_over + 1 : 0;
    if (rtt->n_over < SIM_RTT_RECENT)
        return;
    rtt->n_over = 0;
    rtt->greatest_us = 0;
    for (unsigned i = 0; i < SIM_RTT_RECENT; i++)
        rtt->greatest_us = MAX(rtt->greatest_us, rtt->recent_us[i]);
}

int64_t sim_rtt_now_us(const SimRtt *rtt)
{
    if (rtt->n == 0)
        return 0;
    int64_t last_us = rtt->recent_us[(rtt->n - 1) % SIM_RTT_RECENT];
    return MAX(last_us, rtt->n > 1 ? rtt->recent_us[(rtt->n - 2) % SIM_RTT_RECENT] : 0);
}
