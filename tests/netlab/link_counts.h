// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/netlab/link_packet.h"
#include "tests/netlab/link_queue.h"

#include <glib.h>

/* What happened to the packets of one direction, and its JSON. One thread. */

typedef enum {
    LINK_FATE_DELIVERED,
    LINK_FATE_DROPPED, /* the queue was full */
    LINK_FATE_LOST,    /* on the line */
    LINK_FATE_BLOCKED, /* by the NAT */
    LINK_N_FATES,
} LinkFate;

/* Half an hour of what two people send each other over a fast link. */
enum { LINK_COUNTS_N_LISTED = 500 * 1000 };

typedef struct LinkCounts LinkCounts;

LinkCounts *link_counts_new(void);
void link_counts_free(LinkCounts *counts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LinkCounts, link_counts_free)

/** Begins anew, seconds and list since link_counts_start() excepted. */
void link_counts_mark(LinkCounts *counts);

/** From here on bytes are also counted by the second, and packets listed. */
void link_counts_start(LinkCounts *counts, int64_t now_ns);

/** A packet came to the link. */
void link_counts_offered(LinkCounts *counts, LinkClass class_index, size_t size, int64_t now_ns);

/** ... and its end, by its class, size, arrived_ns and, where it was in the queue, left_ns. */
void link_counts_fate(LinkCounts *counts, const LinkPacket *packet, LinkFate fate, int64_t now_ns);

/**
 * {"rtp": {...}, ..., "seconds": [[offered, delivered], ...], "packets": [[ms, class, fate, bytes,
 * queued], ...]} appended to `text`. Times in ms; `ms` from link_counts_start() to its coming,
 * `queued` from then to its last bit on the line, 0 where it was not in the queue. In the order of
 * their ends; what is above LINK_COUNTS_N_LISTED is not listed, and counted all the same.
 */
void link_counts_append_json(const LinkCounts *counts, GString *text);
