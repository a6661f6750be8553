// SPDX-License-Identifier: Apache-2.0
#include "media/repair/early.h"

#include "media/repair/packet_cache.h"
#include "media/rtp/sequence.h"

/* Half a second of 2 Mbit/s: the first request for what is missing, and two round trips of 200 ms
 * until it is answered. */
static const PacketCacheConfig early_packets = {
    .n_packets = 256,
    .n_bytes = 128UL * 1024,
};

struct Early {
    PacketCache *packets;
    bool has_newest;
    uint16_t newest;
};

Early *early_new(void)
{
    Early *early = g_new0(Early, 1);
    early->packets = packet_cache_new(&early_packets);
    return early;
}

void early_free(Early *early)
{
    if (!early)
        return;
    packet_cache_free(early->packets);
    g_free(early);
}

void early_keep(Early *early, uint16_t sequence, const uint8_t *data, size_t size, int64_t now_us)
{
    if (!packet_cache_store(early->packets, sequence, data, size, now_us))
        return;
    if (!early->has_newest || sequence_newer(sequence, early->newest))
        early->newest = sequence;
    early->has_newest = true;
}

void early_forget(Early *early)
{
    if (early->has_newest)
        packet_cache_reset(early->packets);
    early->has_newest = false;
}

bool early_has_rest(const Early *early, const NackTracker *nack, uint16_t first)
{
    uint16_t at = (uint16_t)(first + 1);
    if (!early_reaches(early, at))
        return false;
    for (; early_reaches(early, at); at++) {
        size_t size;
        if (!early_get(early, at, &size) && !nack_tracker_is_missing(nack, at))
            return false;
    }
    return true;
}

bool early_reaches(const Early *early, uint16_t sequence)
{
    return early->has_newest && !sequence_newer(sequence, early->newest);
}

const uint8_t *early_get(const Early *early, uint16_t sequence, size_t *ret_size)
{
    return packet_cache_peek(early->packets, sequence, ret_size);
}
