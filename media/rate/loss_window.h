// SPDX-License-Identifier: Apache-2.0
/* Loss of what we sent to one receiver, padding left out: over 2 s, its runs, and what is usual on
 * this link whatever we send: that of packets that met no queue. A plain value, zeroed at first;
 * one thread. Only our own transport numbers count, so what a publisher lost on its way to us is
 * not in it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { LOSS_WINDOW_SLICES = 8, LOSS_WINDOW_SLICE_US = 250 * 1000 };

typedef struct {
    uint16_t n;
    uint16_t lost;
    uint16_t runs;
    uint16_t n_queued; /* of n: met a queue */
    uint16_t lost_queued;
} LossSlice;

typedef struct {
    bool started;
    bool last_lost;
    int64_t slice; /* the newest one's number */
    LossSlice slices[LOSS_WINDOW_SLICES];
    /* What left the window, fading: packets that met no queue, the lost ones of them; all lost ones
     * and their runs. */
    double free_n;
    double free_lost;
    double old_lost;
    double old_runs;
} LossWindow;

/** A packet's fate, in the order of sending. QUEUED: those around it met a queue. */
void loss_window_on_packet(LossWindow *window, bool lost, bool queued, int64_t now_us);
/** One that was told as lost has come after all. */
void loss_window_on_late(LossWindow *window);
/** Time passes. */
void loss_window_advance(LossWindow *window, int64_t now_us);

/** Share over about 2 s, and how many packets that is. */
double loss_window_share(const LossWindow *window, unsigned *ret_n);
/** Share that has been usual before those 2 s. */
double loss_window_usual(const LossWindow *window);
/** Mean number of packets lost in a row, over about 10 s; 0: none. */
double loss_window_run(const LossWindow *window);
/** More is lost than usual, and neither bursts nor chance explain it. */
bool loss_window_risen(const LossWindow *window);
/** The same for less of it when it is packets in a queue that get lost: a shallow one overflows
 * before it is noticed as delay. */
bool loss_window_overflows(const LossWindow *window);

/** Forgets the last 2 s (an outage, or an estimate that is no more). */
void loss_window_restart(LossWindow *window);
/** SHARE is what is usual here. */
void loss_window_accept(LossWindow *window, double share);
