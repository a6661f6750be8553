// SPDX-License-Identifier: Apache-2.0
#include "media/rate/loss_window.h"

#include <glib.h>
#include <math.h>

enum {
    RISE_PACKETS_MIN = 20,
    ACCEPTED_WEIGHT = 100, /* packets that a share known by trial counts for */
};
/* What is usual is remembered for 10 s: e^(-0.25 s / 10 s) a slice. */
static const double FADING = 0.9753;
/* A rise is 5 points and three standard deviations: at 10 % in bursts of 4, 100 packets in 2 s,
 * that is 34 %, which tests/sim ("lossy") sees less than once in an hour. */
static const double RISE_POINTS = 0.05;
static const double RISE_DEVIATIONS = 3;
static const double SHARE_LEAST = 0.01; /* of which the deviation is taken */

static void age(LossWindow *window, const LossSlice *out)
{
    window->old_n = window->old_n * FADING + out->n;
    window->old_lost = window->old_lost * FADING + out->lost;
    window->old_runs = window->old_runs * FADING + out->runs;
}

void loss_window_advance(LossWindow *window, int64_t now_us)
{
    int64_t slice = now_us / LOSS_WINDOW_SLICE_US;
    if (!window->started) {
        window->started = true;
        window->slice = slice;
    }
    for (unsigned i = 0; i < LOSS_WINDOW_SLICES && window->slice < slice; i++) {
        LossSlice *next = &window->slices[++window->slice % LOSS_WINDOW_SLICES];
        age(window, next);
        *next = (LossSlice){0};
    }
    window->slice = MAX(window->slice, slice);
}

static LossSlice *newest(LossWindow *window)
{
    return &window->slices[window->slice % LOSS_WINDOW_SLICES];
}

void loss_window_on_packet(LossWindow *window, bool lost, int64_t now_us)
{
    loss_window_advance(window, now_us);
    LossSlice *slice = newest(window);
    slice->n++;
    slice->lost += lost;
    if (lost && !window->last_lost)
        slice->runs++;
    window->last_lost = lost;
}

void loss_window_on_late(LossWindow *window)
{
    for (unsigned i = 0; i < LOSS_WINDOW_SLICES; i++) {
        LossSlice *slice =
            &window->slices[(window->slice + LOSS_WINDOW_SLICES - i) % LOSS_WINDOW_SLICES];
        if (slice->lost > 0) {
            slice->lost--;
            slice->runs = MIN(slice->runs, slice->lost);
            return;
        }
    }
}

double loss_window_share(const LossWindow *window, unsigned *ret_n)
{
    unsigned n = 0, lost = 0;
    for (unsigned i = 0; i < LOSS_WINDOW_SLICES; i++) {
        n += window->slices[i].n;
        lost += window->slices[i].lost;
    }
    if (ret_n)
        *ret_n = n;
    return n == 0 ? 0 : (double)lost / n;
}

double loss_window_usual(const LossWindow *window)
{
    return window->old_n < 1 ? 0 : window->old_lost / window->old_n;
}

double loss_window_run(const LossWindow *window)
{
    double lost = window->old_lost, runs = window->old_runs;
    for (unsigned i = 0; i < LOSS_WINDOW_SLICES; i++) {
        lost += window->slices[i].lost;
        runs += window->slices[i].runs;
    }
    return runs < 0.5 ? 0 : lost / runs;
}

bool loss_window_risen(const LossWindow *window)
{
    unsigned n = 0;
    double share = loss_window_share(window, &n);
    if (n < RISE_PACKETS_MIN)
        return false;
    double usual = loss_window_usual(window);
    double of = CLAMP(usual, SHARE_LEAST, 0.5);
    /* Packets lost in runs of r on average are worth n / (2 r - 1) independent ones. */
    double run = MAX(loss_window_run(window), 1);
    double deviation = sqrt(of * (1 - of) * (2 * run - 1) / n);
    return share > usual + RISE_POINTS + RISE_DEVIATIONS * deviation;
}

void loss_window_restart(LossWindow *window)
{
    for (unsigned i = 0; i < LOSS_WINDOW_SLICES; i++)
        window->slices[i] = (LossSlice){0};
    window->last_lost = false;
}

void loss_window_accept(LossWindow *window, double share)
{
    double run = MAX(loss_window_run(window), 1);
    window->old_n = ACCEPTED_WEIGHT;
    window->old_lost = ACCEPTED_WEIGHT * CLAMP(share, 0, 1);
    window->old_runs = window->old_lost / run;
}
