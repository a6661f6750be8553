// SPDX-License-Identifier: Apache-2.0
/* How fast packets arrive, from the edges of the packets themselves: at 10 packets a second a count
 * by slices is wrong by a packet, which may be a third of it. A plain value, zeroed at first; one
 * thread. */
#pragma once
#include <stdint.h>

enum { ARRIVAL_RATE_PACKETS = 128 }; /* a power of two */

typedef struct {
    struct {
        int64_t sent_us;
        int64_t arrival_us;
        uint32_t bytes;
    } packets[ARRIVAL_RATE_PACKETS];
    unsigned n; /* ever noted */
} ArrivalRate;

typedef struct {
    uint32_t arrived_bps;
    uint32_t sent_bps; /* the same packets at our side; UINT32_MAX: all at once */
} ArrivalRates;

/** Packets in the order of arrival; an arrival that goes back counts as of the newest. */
void arrival_rate_on_packet(ArrivalRate *rate, int64_t sent_us, int64_t arrival_us, uint32_t bytes);
/** Over the last packets that span at least SPAN_US and are MIN_PACKETS; all there is when that is
 * less, but never over less than SPAN_US: many packets told as arrived in one instant are no rate.
 * Zeros while there are not two packets. */
ArrivalRates arrival_rate_get(const ArrivalRate *rate, int64_t span_us, unsigned min_packets);
void arrival_rate_reset(ArrivalRate *rate);
