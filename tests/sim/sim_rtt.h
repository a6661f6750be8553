// SPDX-License-Identifier: Apache-2.0
/* The round trip as a browser's receiving side knows it: a report a second, the greater of the last
 * two for NACKs (libwebrtc's CallStats), and for the picture's buffer the greatest of the usual
 * ones (its RttFilter: mean and deviation over 35, beyond 3.5 deviations it is forgotten after
 * five). Plain value, zeroed at first. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { SIM_RTT_RECENT = 5 };

typedef struct {
    int64_t next_us;
    int64_t recent_us[SIM_RTT_RECENT];
    unsigned n;
    unsigned n_over; /* samples since the greatest is unusual */
    double mean_us, variance;
    int64_t greatest_us;
} SimRtt;

/** At any time; takes a sample each second. */
void sim_rtt_note(SimRtt *rtt, int64_t rtt_us, int64_t now_us);
/** Of the last two samples. */
int64_t sim_rtt_now_us(const SimRtt *rtt);
