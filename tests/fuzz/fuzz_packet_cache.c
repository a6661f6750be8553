// SPDX-License-Identifier: Apache-2.0
// The packet cache, driven by four bytes a step. What comes out is what went in last under that
// number.
#include <glib.h>
#include <string.h>

#include "media/repair/packet_cache.h"
#include "media/rtp/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const uint8_t *packet, size_t size, uint16_t sequence)
{
    for (size_t i = 0; i < size; i++)
        g_assert(packet[i] == (uint8_t)(sequence + size));
}

static void store(PacketCache *cache, uint16_t sequence, size_t size, int64_t now_us)
{
    uint8_t packet[1024];
    memset(packet, (uint8_t)(sequence + size), size);
    if (!packet_cache_store(cache, sequence, packet, size, now_us))
        return;
    size_t found_size = 0;
    const uint8_t *found = packet_cache_peek(cache, sequence, &found_size);
    g_assert(found && found_size == size);
    check(found, found_size, sequence);
}

static void step(PacketCache *cache, const uint8_t *data, int64_t now_us)
{
    uint16_t sequence = bytes_read_u16(data);
    unsigned n = data[2] * 4U;
    const uint8_t *found = NULL;
    size_t found_size = 0;
    switch (data[3] % 4) {
    case 0:
        if (packet_cache_resend(cache, sequence, now_us, INT64_C(1000) * n, &found, &found_size) ==
            PACKET_CACHE_OK)
            check(found, found_size, sequence);
        break;
    case 1:
        if (n == 0)
            packet_cache_reset(cache);
        packet_cache_set_budget(cache, n * 100);
        break;
    default:
        store(cache, sequence, n, now_us);
        break;
    }
    uint16_t other = (uint16_t)(sequence - 1);
    found = packet_cache_peek(cache, other, &found_size);
    if (found)
        check(found, found_size, other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    const PacketCacheConfig config = {
        .n_packets = 1U + data[0] % 40,
        .n_bytes = 1U + data[1] * 8U,
        .max_age_us = 1000000,
        .max_resends = 2,
        .budget_bytes_per_s = data[2] * 100U,
    };
    g_autoptr(PacketCache) cache = packet_cache_new(&config);
    int64_t now_us = 0;
    for (size_t at = 3; at + 4 <= size; at += 4) {
        now_us += INT64_C(100) * data[at + 3];
        step(cache, data + at, now_us);
    }
    return 0;
}
