// SPDX-License-Identifier: Apache-2.0
#include "media/rate/rate_reports.h"

#include <glib.h>
#include "media/rate/send_rate.h"

enum {
    MS = 1000,
    REMB_FRESH_US = 5000 * MS, /* it is sent at least every second */
    STEP_US = 1000 * MS,       /* draft-ietf-rmcat-gcc-02, 6: one step a report interval */
    PACKETS_MIN = 10,          /* one lost of fewer is more than LOSS_HIGH */
    SMOOTH_PACKETS = 100,
};
/* draft-ietf-rmcat-gcc-02, 6: below 2 % up by 5 %, above 10 % down by half of the loss. */
static const double LOSS_LOW = 0.02;
static const double LOSS_HIGH = 0.10;
static const double UP = 1.05;

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

void rate_reports_on_loss(RateReports *reports, RateControl *control, unsigned n_sent,
                          unsigned n_lost, uint32_t ceiling_bps, int64_t now_us)
{
    reports->n_sent += n_sent;
    reports->n_lost += n_lost;
    if (reports->n_sent < PACKETS_MIN ||
        (reports->report_us != 0 && now_us - reports->report_us < STEP_US))
        return;
    double loss = (double)reports->n_lost / reports->n_sent;
    double weight = MIN(reports->n_sent, SMOOTH_PACKETS) / (double)SMOOTH_PACKETS;
    reports->loss += (loss - reports->loss) * weight;
    reports->report_us = now_us;
    reports->n_sent = reports->n_lost = 0;
    double bps = control->estimate_bps;
    if (loss < LOSS_LOW)
        bps = MAX(bps, MIN(bps * UP, ceiling_bps));
    else if (loss > LOSS_HIGH)
        bps *= 1 - loss / 2;
    control->estimate_bps = CLAMP(bps, SEND_RATE_FLOOR_BPS, SEND_RATE_CAP_BPS);
}
