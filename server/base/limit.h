// SPDX-License-Identifier: Apache-2.0
/* Limits on everything that a stranger controls: the constants, a token bucket, and a bounded table
 * of buckets by key (an address, an account). Not thread-safe: one owner. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    LIMIT_HTTP_BODY_BYTES = 64 * 1024,
    LIMIT_HTTP_HEADER_BYTES = 8 * 1024,
    LIMIT_HTTP_CONNECTIONS = 4096,
    LIMIT_HTTP_CONNECTIONS_PER_ADDRESS = 256, /* a village behind one carrier NAT */
    LIMIT_JSON_DEPTH = 16,
    LIMIT_WS_MESSAGE_BYTES = 64 * 1024,
    LIMIT_WS_MESSAGES_PER_SECOND = 20,
    LIMIT_WS_MESSAGES_BURST = 60,
    LIMIT_WS_SEND_QUEUE_BYTES = 512 * 1024,
    LIMIT_SDP_BYTES = 32 * 1024,
    LIMIT_SDP_MEDIA = 16,
    LIMIT_SDP_ATTRIBUTES = 512,
    LIMIT_ROOM_PARTICIPANTS = 8,
    LIMIT_ROOM_ENDPOINTS = 16,
    LIMIT_PARTICIPANT_DEVICES = 3, /* WHIP and WHEP endpoints beside the page */
    LIMIT_NAME_CHARS = 80,
};

/** A token bucket: RATE_PER_S tokens a second, at most BURST saved. */
typedef struct {
    double tokens;
    int64_t updated_us;
} RateLimit;

/** Takes one token; false when none is left. A zeroed bucket is full. */
bool rate_limit_take(RateLimit *limit, int64_t now_us, double rate_per_s, double burst);

typedef struct LimitTable LimitTable;
/** Buckets by key, at most MAX_KEYS: when full, the bucket untouched for longest makes place. */
LimitTable *limit_table_new(unsigned max_keys, double rate_per_s, double burst);
void limit_table_free(LimitTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LimitTable, limit_table_free)
/** Takes one token of KEY's bucket. *ret_retry_after_s (may be NULL) says when to try again. */
bool limit_table_take(LimitTable *table, const char *key, int64_t now_us,
                      unsigned *ret_retry_after_s);
/** Gives KEY a full bucket again (a right password after wrong ones). */
void limit_table_reset(LimitTable *table, const char *key);
