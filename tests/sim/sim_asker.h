// SPDX-License-Identifier: Apache-2.0
/* How a browser asks for missing packets of one stream (NACK): at once when a later one shows the
 * gap, then again each round trip, ten times (libwebrtc's NackRequester, which looks every 20 ms).
 * Plain value, zeroed at first. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_ASKED = 64 };

typedef struct {
    int64_t number;
    int64_t asked_us; /* 0: not yet */
    unsigned n_asked;
} SimMissing;

typedef struct {
    int64_t newest;
    int64_t looked_us;
    unsigned n_missing;
    SimMissing missing[SIM_ASKED];
} SimAsker;

/** Packet NUMBER (from 1) came. True: it was missing. */
bool sim_asker_arrived(SimAsker *asker, int64_t number);
/** Nothing before NUMBER is of use any more. */
void sim_asker_forget(SimAsker *asker, int64_t number);
/** Numbers to ask for now; at most SIM_ASKED. */
size_t sim_asker_due(SimAsker *asker, int64_t rtt_us, int64_t now_us,
                     int64_t ret_numbers[SIM_ASKED]);
