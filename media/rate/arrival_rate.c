// SPDX-License-Identifier: Apache-2.0
#include "media/rate/arrival_rate.h"

#include <glib.h>

void arrival_rate_on_packet(ArrivalRate *rate, int64_t sent_us, int64_t arrival_us, uint32_t bytes)
{
    if (rate->n > 0)
        arrival_us =
            MAX(arrival_us, rate->packets[(rate->n - 1) % ARRIVAL_RATE_PACKETS].arrival_us);
    unsigned at = rate->n++ % ARRIVAL_RATE_PACKETS;
    rate->packets[at].sent_us = sent_us;
    rate->packets[at].arrival_us = arrival_us;
    rate->packets[at].bytes = bytes;
}

static uint32_t bps(uint64_t bytes, int64_t span_us)
{
    return (uint32_t)MIN(bytes * 8 * G_USEC_PER_SEC / (uint64_t)span_us, UINT32_MAX);
}

ArrivalRates arrival_rate_get(const ArrivalRate *rate, int64_t span_us, unsigned min_packets)
{
    unsigned kept = MIN(rate->n, ARRIVAL_RATE_PACKETS);
    if (kept < 2)
        return (ArrivalRates){0};
    unsigned newest = (rate->n - 1) % ARRIVAL_RATE_PACKETS;
    uint64_t bytes = 0;
    int64_t arrived_us = 0;
    int64_t sent_us = 0;
    for (unsigned back = 1; back < kept; back++) {
        unsigned later = (rate->n - back) % ARRIVAL_RATE_PACKETS;
        unsigned at = (rate->n - 1 - back) % ARRIVAL_RATE_PACKETS;
        bytes += rate->packets[later].bytes;
        arrived_us = rate->packets[newest].arrival_us - rate->packets[at].arrival_us;
        sent_us = rate->packets[newest].sent_us - rate->packets[at].sent_us;
        if (arrived_us >= span_us && back + 1 >= min_packets)
            break;
    }
    return (ArrivalRates){
        .arrived_bps = bps(bytes, MAX(arrived_us, span_us)),
        .sent_bps = sent_us > 0 ? bps(bytes, sent_us) : UINT32_MAX,
    };
}

void arrival_rate_reset(ArrivalRate *rate)
{
    rate->n = 0;
}
