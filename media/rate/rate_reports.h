// SPDX-License-Identifier: Apache-2.0
/* What a receiver without transport-wide feedback says of its link: REMB and the loss in its
 * receiver reports. A plain value, zeroed at first; one thread. */
#pragma once
#include <stdint.h>
#include "media/rate/rate_control.h"
#include "media/rate/slow_start.h"

/** When reports tell of packets, and when they do not although packets are sent. */
typedef struct {
    int64_t told_us;     /* last; 0: never */
    int64_t sent_us;     /* the first packet since then; 0: none */
    int64_t interval_us; /* of late, from that one to the report */
    bool was_long;       /* before the last one */
    int64_t outage_us;   /* the last one was over; 0: there was none */
} ReportSilence;

typedef struct {
    SlowStart start;
    uint64_t remb_bps;
    int64_t remb_us;
    ReportSilence silence;
    int64_t report_us; /* the last second that was judged */
    unsigned n_sent;   /* told of since then */
    unsigned n_lost;
    double loss;         /* 0-1, over about a hundred packets */
    double last;         /* of that second */
    double recent, mean; /* fading: over a few seconds, and ten */
    double usual;        /* lost whatever is sent */
    /* The cuts of one loss; 0: there is none. */
    double before_bps, before_sent_bps;
    double sum_before, sum_after; /* of loss: sent as before, and much less */
    unsigned n_before, n_less, n_after;
    unsigned n_calm; /* seconds without it */
} RateReports;

/** A packet leaves of which reports will tell. */
void rate_reports_on_sent(RateReports *reports, int64_t now_us);
void rate_reports_on_remb(RateReports *reports, uint64_t bitrate_bps, int64_t now_us);
/** The last REMB while it is fresh, else UINT64_MAX. */
uint64_t rate_reports_cap_bps(const RateReports *reports, int64_t now_us);

typedef struct {
    const SendReport *report;
    uint32_t link_bps; /* all that crosses the link now */
} RateReported;

/** Moves the estimate, up to CEILING_BPS: in large steps until the link was full once, then by the
 * loss of all that was told of in a second. */
void rate_reports_on_report(RateReports *reports, RateControl *control,
                            const RateReported *reported, uint32_t ceiling_bps, int64_t now_us);
