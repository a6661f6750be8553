// SPDX-License-Identifier: Apache-2.0
/* The last packets of one outgoing stream, for retransmission. Video is stored in plaintext and
 * goes out again as RTX under a sequence number of its own; audio is stored as the ciphertext that
 * went out, because under GCM the same SSRC and sequence number must never be protected twice with
 * changed bytes (RFC 7714, section 8). All memory is taken by packet_cache_new(): the oldest
 * packets make place for new ones. One owner, its thread only. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct PacketCache PacketCache;

typedef struct {
    unsigned n_packets;          /* at most; 1-16384 */
    size_t n_bytes;              /* of all packets together */
    int64_t max_age_us;          /* older packets are not given out */
    unsigned max_resends;        /* of one packet */
    unsigned budget_bytes_per_s; /* of all retransmissions; packet_cache_set_budget() changes it */
} PacketCacheConfig;

typedef enum {
    PACKET_CACHE_OK = 0,
    PACKET_CACHE_MISSING, /* never stored, or made place for others */
    PACKET_CACHE_TOO_OLD,
    PACKET_CACHE_TOO_SOON,  /* sent again less than a round trip ago: that copy is on its way */
    PACKET_CACHE_TOO_OFTEN, /* max_resends reached */
    PACKET_CACHE_OVER_BUDGET,
} PacketCacheResult;

/** 512 packets, 192 KiB, 2 s: a second of 1.5 Mbit/s, and a repair over a satellite (600 ms RTT)
 * behind half a second in the pacer. */
extern const PacketCacheConfig PACKET_CACHE_VIDEO;
/** 64 packets, 16 KiB, 1 s. */
extern const PacketCacheConfig PACKET_CACHE_AUDIO;

PacketCache *packet_cache_new(const PacketCacheConfig *config);
void packet_cache_free(PacketCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PacketCache, packet_cache_free)

/** Copies a packet under SEQUENCE; false (and nothing stored) when it is there already or larger
 * than the cache. */
bool packet_cache_store(PacketCache *cache, uint16_t sequence, const uint8_t *data, size_t size,
                        int64_t now_us);

/** Gives the packet to be sent again and charges it to the budget. RTT_US 0: not known, 100 ms.
 * *ret_data stays good until the next packet_cache_store(). */
PacketCacheResult packet_cache_resend(PacketCache *cache, uint16_t sequence, int64_t now_us,
                                      int64_t rtt_us, const uint8_t **ret_data, size_t *ret_size);

/** The packet without limits or charge (padding probes); NULL when missing. */
const uint8_t *packet_cache_peek(const PacketCache *cache, uint16_t sequence, size_t *ret_size);

/** The same, to be changed in place (numbers that are given out when it leaves). */
uint8_t *packet_cache_edit(PacketCache *cache, uint16_t sequence, size_t *ret_size);

/** What retransmissions may take from now on. */
void packet_cache_set_budget(PacketCache *cache, unsigned bytes_per_s);

/** Forgets all packets; the memory stays. */
void packet_cache_reset(PacketCache *cache);

const char *packet_cache_result_name(PacketCacheResult result);
