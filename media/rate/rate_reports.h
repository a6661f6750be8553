// SPDX-License-Identifier: Apache-2.0
/* What a receiver without transport-wide feedback says of its link: REMB and the loss in its
 * receiver reports. A plain value, zeroed at first; one thread. */
#pragma once
#include <stdint.h>
#include "media/rate/rate_control.h"

typedef struct {
    uint64_t remb_bps;
    int64_t remb_us;
    int64_t report_us;   /* the last second that was judged */
    double worst;        /* of the blocks since then */
    double last;         /* the worst of that second */
    double recent, mean; /* fading: over a few seconds, and ten */
    double usual;        /* lost whatever is sent */
    /* The cuts of one loss; 0: there is none. */
    double before_bps, before_sent_bps;
    double sum_before, sum_after; /* of loss: sent as before, and much less */
    unsigned n_before, n_less, n_after;
    unsigned n_calm; /* seconds without it */
} RateReports;

void rate_reports_on_remb(RateReports *reports, uint64_t bitrate_bps, int64_t now_us);
/** The last REMB while it is fresh, else UINT64_MAX. */
uint64_t rate_reports_cap_bps(const RateReports *reports, int64_t now_us);
/** Moves the estimate by the loss of a report block, up to CEILING_BPS; the worst block of a second
 * counts. SENT_BPS: all that crosses the link. */
void rate_reports_on_loss(RateReports *reports, RateControl *control, uint8_t fraction_lost,
                          uint32_t sent_bps, uint32_t ceiling_bps, int64_t now_us);
