// SPDX-License-Identifier: Apache-2.0
/* What a receiver without transport-wide feedback says of its link: REMB and the loss in its
 * receiver reports. A plain value, zeroed at first; one thread. */
#pragma once
#include <stdint.h>
#include "media/rate/rate_control.h"

typedef struct {
    uint64_t remb_bps;
    int64_t remb_us;
    int64_t report_us; /* the last one that moved the estimate */
    unsigned n_sent;   /* told of since then */
    unsigned n_lost;
    double loss; /* 0-1, over about a hundred packets */
} RateReports;

void rate_reports_on_remb(RateReports *reports, uint64_t bitrate_bps, int64_t now_us);
/** The last REMB while it is fresh, else UINT64_MAX. */
uint64_t rate_reports_cap_bps(const RateReports *reports, int64_t now_us);
/** Of N_SENT packets that a report is the first to tell of, on whatever stream, N_LOST were lost:
 * moves the estimate, up to CEILING_BPS, by the loss of all that was told of since it was moved. */
void rate_reports_on_loss(RateReports *reports, RateControl *control, unsigned n_sent,
                          unsigned n_lost, uint32_t ceiling_bps, int64_t now_us);
