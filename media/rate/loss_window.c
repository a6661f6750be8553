// SPDX-License-Identifier: Apache-2.0
#include "media/rate/loss_window.h"

#include <glib.h>
#include <math.h>

/* Where nothing else is named: chosen by tests/sim and test_rate_units; tried as those of
 * rate_control.c. Free: FREE_PACKETS_MIN, ACCEPTED_WEIGHT, RISE_LEAST. Bounded from above alone:
 * OVERFLOW_LOST_MIN, RISE_POINTS, RISE_DEVIATIONS. */
enum {
    RISE_PACKETS_MIN = 20,
    FREE_PACKETS_MIN = 10,
    OVERFLOW_LOST_MIN = 3,
    ACCEPTED_WEIGHT = 100, /* packets that a share known by trial counts for */
};
/* What is usual is remembered for 10 s: e^(-0.25 s / 10 s) a slice. */
static const double FADING = 0.9753;
/* A rise is 10 points and three standard deviations: at 10 % in bursts of 4, 100 packets in 2 s,
 * that is 44 %; of a link never seen to lose, 27 %. */
static const double RISE_POINTS = 0.10;
static const double RISE_DEVIATIONS = 3;
static const double RISE_LEAST = 0.05; /* loss of which the deviation is taken */
/* Of packets in a queue: at a queue of 100 ms and no other loss 5 % are enough. */
static const double OVERFLOW_POINTS = 0.02;
static const double OVERFLOW_DEVIATIONS = 3;
static const double OVERFLOW_SHARE = 0.8;
static const double OVERFLOW_LEAST = 0.01;

static void age(LossWindow *window, const LossSlice *out)
{
    window->free_n = window->free_n * FADING + (out->n - out->n_queued);
    window->free_lost = window->free_lost * FADING + (out->lost - out->lost_queued);
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

void loss_window_on_packet(LossWindow *window, bool lost, bool queued, int64_t now_us)
{
    loss_window_advance(window, now_us);
    LossSlice *slice = newest(window);
    slice->n++;
    slice->lost += lost;
    slice->n_queued += queued;
    if (lost && queued)
        slice->lost_queued++;
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
            slice->lost_queued = MIN(slice->lost_queued, slice->lost);
            slice->n_queued = MIN(slice->n_queued, slice->n);
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
    return window->free_n < FREE_PACKETS_MIN ? 0 : window->free_lost / window->free_n;
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

/* More than usual by POINTS and DEVIATIONS, taken of at least LEAST. */
static bool is_beyond(const LossWindow *window, double points, double deviations, double least)
{
    unsigned n = 0;
    double share = loss_window_share(window, &n);
    if (n < RISE_PACKETS_MIN)
        return false;
    double usual = loss_window_usual(window);
    double of = CLAMP(usual, least, 0.5);
    /* Packets lost in runs of r on average are worth n / (2 r - 1) independent ones. */
    double run = MAX(loss_window_run(window), 1);
    double deviation = sqrt(of * (1 - of) * (2 * run - 1) / n);
    return share > usual + points + deviations * deviation;
}

bool loss_window_risen(const LossWindow *window)
{
    return is_beyond(window, RISE_POINTS, RISE_DEVIATIONS, RISE_LEAST);
}

bool loss_window_overflows(const LossWindow *window)
{
    unsigned lost = 0, queued = 0;
    for (unsigned i = 0; i < LOSS_WINDOW_SLICES; i++) {
        lost += window->slices[i].lost;
        queued += window->slices[i].lost_queued;
    }
    return lost >= OVERFLOW_LOST_MIN && queued >= OVERFLOW_SHARE * lost &&
           is_beyond(window, OVERFLOW_POINTS, OVERFLOW_DEVIATIONS, OVERFLOW_LEAST);
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
    window->free_n = ACCEPTED_WEIGHT;
    window->free_lost = ACCEPTED_WEIGHT * CLAMP(share, 0, 1);
    window->old_lost = window->free_lost;
    window->old_runs = window->old_lost / run;
}
