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
} RateReports;

void rate_reports_on_remb(RateReports *reports, uint64_t bitrate_bps, int64_t now_us);
/** The last REMB while it is fresh, else UINT64_MAX. */
uint64_t rate_reports_cap_bps(const RateReports *reports, int64_t now_us);
/** Moves the estimate by the loss of a report, up to CEILING_BPS. */
void rate_reports_on_loss(RateReports *reports, RateControl *control, uint8_t fraction_lost,
                          uint32_t ceiling_bps, int64_t now_us);
