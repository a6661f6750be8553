// SPDX-License-Identifier: Apache-2.0
/* Finds the packets that are missing from one incoming stream and says which to ask for, and when
 * (RFC 4585, section 6.2.1). The first request waits a moment for reordered packets, further ones a
 * round trip each. Time comes in as arguments. All memory is taken by nack_tracker_new(). One
 * owner, its thread only. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct NackTracker NackTracker;

typedef struct {
    int64_t reorder_us;    /* first request after this */
    int64_t again_us;      /* once more so soon, as requests are lost too; 0: not, nor of a sender
                              that is seen to answer both, but for one packet in eight */
    int64_t min_retry_us;  /* and then every round trip, but not more often than this */
    int64_t max_age_us;    /* a packet missing for longer is given up */
    unsigned max_requests; /* of one packet */
    unsigned max_missing;  /* at a time, at most 1000: more than that is a new start */
} NackConfig;

typedef enum {
    NACK_NEW = 0,   /* newer than all before */
    NACK_RECOVERED, /* was missing; take it */
    NACK_OLD,       /* a duplicate, or given up before */
    NACK_RESTARTED, /* a jump too large to be loss: what was missing is forgotten; a picture needs a
                       key frame */
} NackResult;

extern const NackConfig NACK_VIDEO;
extern const NackConfig NACK_AUDIO;

NackTracker *nack_tracker_new(const NackConfig *config);
void nack_tracker_free(NackTracker *tracker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NackTracker, nack_tracker_free)

/** Takes note of a packet, whether it came by itself or out of an RTX packet. */
NackResult nack_tracker_on_packet(NackTracker *tracker, uint16_t sequence, int64_t now_us);

/** Takes the sequence numbers to ask for now, ascending, at most MAX: each then counts as asked
 * for at NOW_US. RTT_US 0: not known, 100 ms. */
size_t nack_tracker_collect(NackTracker *tracker, int64_t now_us, int64_t rtt_us,
                            uint16_t *sequences, size_t max);

/** When nack_tracker_collect() has something to do next; INT64_MAX when nothing is missing. */
int64_t nack_tracker_next_us(const NackTracker *tracker);

/** Packets given up (too old, asked for too often, too many) since the last call: a picture needs
 * a key frame. */
unsigned nack_tracker_take_given_up(NackTracker *tracker);

/** A key frame starts at SEQUENCE: what is missing before it is not wanted any more. */
void nack_tracker_forget_before(NackTracker *tracker, uint16_t sequence);

size_t nack_tracker_n_missing(const NackTracker *tracker);
/** SEQUENCE has not come and is not given up. */
bool nack_tracker_is_missing(const NackTracker *tracker, uint16_t sequence);

/** As new: the source was replaced. */
void nack_tracker_reset(NackTracker *tracker);

const char *nack_result_name(NackResult result);
