// SPDX-License-Identifier: Apache-2.0
#include "media/repair/packet_cache.h"

#include <string.h>

enum {
    RTT_UNKNOWN_US = 100 * 1000,
    BUDGET_BURST_MIN_BYTES = 3000, /* two full packets, so that a small budget is not none */
};

const PacketCacheConfig PACKET_CACHE_VIDEO = {
    .n_packets = 512,
    .n_bytes = 192UL * 1024,
    .max_age_us = INT64_C(2000) * 1000,
    .max_resends = 5,
    .budget_bytes_per_s = 32 * 1024,
};

const PacketCacheConfig PACKET_CACHE_AUDIO = {
    .n_packets = 64,
    .n_bytes = 16UL * 1024,
    .max_age_us = INT64_C(1000) * 1000,
    .max_resends = 3,
    .budget_bytes_per_s = 8 * 1024,
};

typedef struct {
    size_t offset; /* in the byte ring; a packet never wraps around */
    size_t size;
    int64_t stored_us;
    int64_t resent_us;
    unsigned n_resends;
    uint16_t sequence;
    bool live;
} Entry;

/* Two rings in the order of storing: entries and their bytes. The index finds an entry by the low
 * bits of its sequence number; when two live packets share them, the older cannot be found. */
struct PacketCache {
    PacketCacheConfig config;
    Entry *entries;
    unsigned oldest; /* entry number */
    unsigned n_live;
    uint8_t *bytes;
    size_t write_at;
    uint32_t *index;
    uint32_t index_mask;
    double budget; /* bytes that may go out now */
    int64_t budget_us;
    bool budget_started;
};

PacketCache *packet_cache_new(const PacketCacheConfig *config)
{
    g_assert(config->n_packets > 0 && config->n_packets <= 16384 && config->n_bytes > 0);
    PacketCache *cache = g_new0(PacketCache, 1);
    cache->config = *config;
    cache->entries = g_new0(Entry, config->n_packets);
    cache->bytes = g_malloc(config->n_bytes);
    uint32_t n_index = 2;
    while (n_index < 2 * config->n_packets)
        n_index *= 2;
    cache->index = g_new0(uint32_t, n_index);
    cache->index_mask = n_index - 1;
    return cache;
}

void packet_cache_free(PacketCache *cache)
{
    if (!cache)
        return;
    g_free(cache->entries);
    g_free(cache->bytes);
    g_free(cache->index);
    g_free(cache);
}

static void evict_oldest(PacketCache *cache)
{
    cache->entries[cache->oldest].live = false;
    cache->oldest = (cache->oldest + 1) % cache->config.n_packets;
    cache->n_live--;
}

/* Makes SIZE bytes free in one piece and says where. SIZE is at most the ring's. */
static size_t reserve_bytes(PacketCache *cache, size_t size)
{
    while (cache->n_live > 0) {
        size_t oldest_at = cache->entries[cache->oldest].offset;
        if (cache->write_at > oldest_at) { /* live bytes in one piece: room behind and before */
            if (cache->config.n_bytes - cache->write_at >= size)
                return cache->write_at;
            if (oldest_at >= size)
                return 0;
        } else if (oldest_at - cache->write_at >= size) {
            return cache->write_at;
        }
        evict_oldest(cache);
    }
    return 0;
}

static Entry *find(const PacketCache *cache, uint16_t sequence)
{
    Entry *entry = &cache->entries[cache->index[sequence & cache->index_mask]];
    return entry->live && entry->sequence == sequence ? entry : NULL;
}

bool packet_cache_store(PacketCache *cache, uint16_t sequence, const uint8_t *data, size_t size,
                        int64_t now_us)
{
    if (size == 0 || size > cache->config.n_bytes || find(cache, sequence))
        return false;
    if (cache->n_live == cache->config.n_packets)
        evict_oldest(cache);
    size_t offset = reserve_bytes(cache, size);
    unsigned number = (cache->oldest + cache->n_live) % cache->config.n_packets;
    cache->entries[number] = (Entry){
        .offset = offset,
        .size = size,
        .stored_us = now_us,
        .sequence = sequence,
        .live = true,
    };
    memcpy(cache->bytes + offset, data, size);
    cache->index[sequence & cache->index_mask] = number;
    cache->write_at = offset + size;
    cache->n_live++;
    return true;
}

static double budget_burst(const PacketCache *cache)
{
    return MAX(cache->config.budget_bytes_per_s / 2.0, (double)BUDGET_BURST_MIN_BYTES);
}

static bool take_budget(PacketCache *cache, size_t size, int64_t now_us)
{
    double burst = budget_burst(cache);
    if (!cache->budget_started) {
        cache->budget_started = true;
        cache->budget = burst;
        cache->budget_us = now_us;
    }
    if (now_us > cache->budget_us) {
        double elapsed_s = (double)(now_us - cache->budget_us) / 1e6;
        cache->budget = MIN(burst, cache->budget + elapsed_s * cache->config.budget_bytes_per_s);
        cache->budget_us = now_us;
    }
    if (cache->budget < (double)size)
        return false;
    cache->budget -= (double)size;
    return true;
}

PacketCacheResult packet_cache_resend(PacketCache *cache, uint16_t sequence, int64_t now_us,
                                      int64_t rtt_us, const uint8_t **ret_data, size_t *ret_size)
{
    Entry *entry = find(cache, sequence);
    if (!entry)
        return PACKET_CACHE_MISSING;
    if (now_us - entry->stored_us > cache->config.max_age_us)
        return PACKET_CACHE_TOO_OLD;
    if (entry->n_resends >= cache->config.max_resends)
        return PACKET_CACHE_TOO_OFTEN;
    int64_t interval_us = rtt_us > 0 ? rtt_us : RTT_UNKNOWN_US;
    if (entry->n_resends > 0 && now_us - entry->resent_us < interval_us)
        return PACKET_CACHE_TOO_SOON;
    if (!take_budget(cache, entry->size, now_us))
        return PACKET_CACHE_OVER_BUDGET;
    entry->n_resends++;
    entry->resent_us = now_us;
    *ret_data = cache->bytes + entry->offset;
    *ret_size = entry->size;
    return PACKET_CACHE_OK;
}

const uint8_t *packet_cache_peek(const PacketCache *cache, uint16_t sequence, size_t *ret_size)
{
    const Entry *entry = find(cache, sequence);
    if (!entry)
        return NULL;
    *ret_size = entry->size;
    return cache->bytes + entry->offset;
}

uint8_t *packet_cache_edit(PacketCache *cache, uint16_t sequence, size_t *ret_size)
{
    const Entry *entry = find(cache, sequence);
    if (!entry)
        return NULL;
    *ret_size = entry->size;
    return cache->bytes + entry->offset;
}

void packet_cache_set_budget(PacketCache *cache, unsigned bytes_per_s)
{
    cache->config.budget_bytes_per_s = bytes_per_s;
}

void packet_cache_reset(PacketCache *cache)
{
    while (cache->n_live > 0)
        evict_oldest(cache);
    cache->write_at = 0;
}

const char *packet_cache_result_name(PacketCacheResult result)
{
    switch (result) {
    case PACKET_CACHE_OK:
        return "ok";
    case PACKET_CACHE_MISSING:
        return "missing";
    case PACKET_CACHE_TOO_OLD:
        return "too old";
    case PACKET_CACHE_TOO_SOON:
        return "too soon";
    case PACKET_CACHE_TOO_OFTEN:
        return "too often";
    case PACKET_CACHE_OVER_BUDGET:
        return "over budget";
    }
    return "unknown";
}
