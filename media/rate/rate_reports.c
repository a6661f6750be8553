// SPDX-License-Identifier: Apache-2.0
#include "media/rate/rate_reports.h"

#include <glib.h>
#include "media/rate/send_rate.h"

enum {
    MS = 1000,
    REMB_FRESH_US = 5000 * MS, /* it is sent at least every second */
    STEP_US = 1000 * MS,       /* draft-ietf-rmcat-gcc-02, 6: one step a report interval */
    CALM = 8,                  /* seconds: one loss is over */
    LAG = 2,                   /* seconds: what is reported was sent before */
    AFTER_MIN = 4,             /* seconds at much less: what is lost now is known */
    PACKETS_MIN = 10,          /* one lost of fewer is more than LOSS_HIGH */
    SMOOTH_PACKETS = 100,
    /* Nothing is told for so long beyond the usual, and then of losses: they were the outage's. */
    OUTAGE_US = 4000 * MS,
    /* A picture that was held back meanwhile is told of so much later than sound. */
    AFTER_OUTAGE_US = 2000 * MS,
    INTERVAL_REPORTS = 8,
    FIRST_INTERVAL_US = 10 * 1000 * MS, /* more than RFC 3550, 6.2 has between two of a call's */
};
/* draft-ietf-rmcat-gcc-02, 6: below 2 % up by 5 %, above 10 % down by half of the loss. */
static const double LOSS_LOW = 0.02;
static const double LOSS_HIGH = 0.10;
static const double UP = 1.05;
static const double RECENT_GAIN = 0.4;
static const double MEAN_GAIN = 0.1;
static const double FADING = 0.998; /* of what is usual, in a second: it is to be proved again */
static const double SENT_AS_BEFORE = 0.85;
static const double SENT_MUCH_LESS = 0.65;
/* Nobody's link or publisher loses so much of its own. */
static const double USUAL_MOST = 0.4;
static const double OUTAGE_LOSS = 0.1; /* else the reports themselves were lost */

void rate_reports_on_sent(RateReports *reports, int64_t now_us)
{
    if (reports->silence.sent_us == 0)
        reports->silence.sent_us = now_us;
}

void rate_reports_on_remb(RateReports *reports, uint64_t bitrate_bps, int64_t now_us)
{
    reports->remb_bps = MAX(bitrate_bps, 1);
    reports->remb_us = now_us;
}

uint64_t rate_reports_cap_bps(const RateReports *reports, int64_t now_us)
{
    bool fresh = reports->remb_bps > 0 && now_us - reports->remb_us < REMB_FRESH_US;
    return fresh ? reports->remb_bps : UINT64_MAX;
}

static void forget_cuts(RateReports *reports)
{
    reports->before_bps = 0;
    reports->sum_before = reports->sum_after = 0;
    reports->n_before = reports->n_less = reports->n_after = reports->n_calm = 0;
}

/* A queue of ours that overflows loses less when less is sent, until all of it gets through. True:
 * what is lost now is nearer to what was lost before: the link's own. */
static bool is_not_ours(const RateReports *reports, double sent_bps, bool is_least)
{
    if (reports->n_after < AFTER_MIN)
        return false;
    double after = reports->sum_after / reports->n_after;
    if (is_least || reports->n_before == 0)
        return is_least && after < USUAL_MOST;
    double before = reports->sum_before / reports->n_before;
    double carried_bps = reports->before_sent_bps * (1 - before);
    double ours = MAX(1 - carried_bps / MAX(sent_bps, 1), 0);
    return after < USUAL_MOST && after > (before + ours) / 2;
}

static void note_cuts(RateReports *reports, RateControl *control, double loss, double sent_bps)
{
    bool is_high = loss > reports->usual + LOSS_HIGH;
    reports->n_calm = is_high ? 0 : reports->n_calm + 1;
    if (reports->before_bps == 0 && is_high) {
        reports->before_bps = control->estimate_bps;
        reports->before_sent_bps = sent_bps;
    }
    if (reports->before_bps == 0)
        return;
    bool is_least = control->estimate_bps <= SEND_RATE_FLOOR_BPS; /* there is no less to send */
    if (is_least || sent_bps < SENT_MUCH_LESS * reports->before_sent_bps) {
        if (++reports->n_less > LAG) {
            reports->sum_after += loss;
            reports->n_after++;
        }
    } else if (sent_bps > SENT_AS_BEFORE * reports->before_sent_bps) {
        reports->sum_before += loss;
        reports->n_before++;
    }
    if (is_not_ours(reports, sent_bps, is_least)) {
        reports->usual = reports->mean = reports->sum_after / reports->n_after;
        control->estimate_bps = MAX(control->estimate_bps, reports->before_bps);
        forget_cuts(reports);
    } else if (reports->n_calm >= CALM) {
        forget_cuts(reports);
    }
}

/* A second is over, in which LOSS of what was sent was lost. True: some loss is known to be usual.
 */
static bool note_second(RateReports *reports, double loss)
{
    reports->last = loss;
    reports->recent += RECENT_GAIN * (reports->last - reports->recent);
    reports->mean += MEAN_GAIN * (reports->last - reports->mean);
    reports->usual = MIN(reports->usual * FADING, reports->mean + 2 * LOSS_LOW);
    if (reports->usual < LOSS_LOW / 2)
        reports->usual = 0;
    return reports->usual > 0;
}

static void judge_loss(RateReports *reports, RateControl *control, const RateReported *reported,
                       uint32_t ceiling_bps, int64_t now_us)
{
    reports->n_sent += reported->report->n_sent;
    reports->n_lost += reported->report->n_lost;
    if (reports->n_sent < PACKETS_MIN ||
        (reports->report_us != 0 && now_us - reports->report_us < STEP_US))
        return;
    double share = (double)reports->n_lost / reports->n_sent;
    double weight = MIN(reports->n_sent, SMOOTH_PACKETS) / (double)SMOOTH_PACKETS;
    reports->loss += (share - reports->loss) * weight;
    reports->report_us = now_us;
    reports->n_sent = reports->n_lost = 0;
    bool has_usual = note_second(reports, share);
    /* A report of speech alone is ten packets: what is beyond the usual shows in several only. */
    double loss = has_usual ? reports->recent : reports->last;
    note_cuts(reports, control, loss, reported->link_bps);
    double beyond = loss - reports->usual;
    double bps = control->estimate_bps;
    if (has_usual ? reports->mean - reports->usual < LOSS_LOW && beyond < LOSS_HIGH
                  : beyond < LOSS_LOW) {
        if (!reports->start.has_queue)
            bps = MAX(bps, MIN(bps * UP, ceiling_bps));
    } else if (beyond > LOSS_HIGH) {
        bps *= 1 - beyond / 2;
    }
    control->estimate_bps = CLAMP(bps, SEND_RATE_FLOOR_BPS, SEND_RATE_CAP_BPS);
}

/* Notes that packets are told of. True: nothing was told for long of what was on its way, before
 * this report or before the last: the first after an outage may tell of what came before it. While
 * nothing was sent there was nothing to tell. */
static bool is_after_silence(ReportSilence *silence, int64_t now_us)
{
    bool has_begun = silence->told_us != 0 && silence->sent_us != 0;
    int64_t since_us = has_begun ? now_us - silence->sent_us : 0;
    bool is_long = silence->interval_us > 0 && since_us > silence->interval_us + OUTAGE_US;
    bool was_long = silence->was_long;
    silence->told_us = now_us;
    silence->sent_us = 0;
    silence->was_long = is_long;
    if (silence->interval_us == 0)
        silence->interval_us = MIN(since_us, (int64_t)FIRST_INTERVAL_US);
    else if (!is_long)
        silence->interval_us += (since_us - silence->interval_us) / INTERVAL_REPORTS;
    return is_long || was_long;
}

/* True: what was lost was lost in an outage and says nothing of the rate. */
static bool is_of_outage(RateReports *reports, RateControl *control, const SendReport *report,
                         int64_t now_us)
{
    ReportSilence *silence = &reports->silence;
    if (report->n_sent == 0)
        return false;
    bool ends = is_after_silence(silence, now_us);
    bool was_soon = silence->outage_us != 0 && now_us - silence->outage_us < AFTER_OUTAGE_US;
    if (report->n_lost <= OUTAGE_LOSS * report->n_sent || (!ends && !was_soon))
        return false;
    if (was_soon)
        return true;
    silence->was_long = false;
    silence->outage_us = now_us;
    reports->n_sent = reports->n_lost = 0;
    reports->report_us = now_us;
    forget_cuts(reports);
    slow_start_resume(&reports->start, control, report, now_us);
    return true;
}

void rate_reports_on_report(RateReports *reports, RateControl *control,
                            const RateReported *reported, uint32_t ceiling_bps, int64_t now_us)
{
    if (is_of_outage(reports, control, reported->report, now_us))
        return;
    slow_start_on_report(&reports->start, control, reported->report, reported->link_bps,
                         ceiling_bps, now_us);
    judge_loss(reports, control, reported, ceiling_bps, now_us);
}
