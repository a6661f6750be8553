// SPDX-License-Identifier: Apache-2.0
/* The receiver's clock as feedback tells it: unwrapped, and found out when it jumps. A plain value,
 * zeroed at first; one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool started;
    int64_t raw_us; /* of the newest packet, as told */
    int64_t arrival_us;
    int64_t sent_us;
} ReceiverClock;

/** Arrival of a packet that left at SENT_US and is told to have come at RAW_US (modulo 2^24 * 64
 * ms), as a number that only differences of mean something. False: the clock jumped since the
 * newest packet, nothing before can be compared. */
bool receiver_clock_unwrap(ReceiverClock *clock, int64_t raw_us, int64_t sent_us,
                           int64_t *ret_arrival_us);
