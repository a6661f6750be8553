// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/netlab/link_packet.h"

#include <glib.h>

/* What happened to the packets of one direction, and its JSON. One thread. */

typedef enum {
    LINK_FATE_DELIVERED,
    LINK_FATE_DROPPED, /* the queue was full */
    LINK_FATE_LOST,    /* on the line */
    LINK_FATE_BLOCKED, /* by the NAT */
    LINK_N_FATES,
} LinkFate;

typedef struct LinkCounts LinkCounts;

LinkCounts *link_counts_new(void);
void link_counts_free(LinkCounts *counts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LinkCounts, link_counts_free)

/** Begins anew, the seconds since link_counts_start() excepted. */
void link_counts_mark(LinkCounts *counts);

/** From here on bytes are also counted by the second. */
void link_counts_start(LinkCounts *counts, int64_t now_ns);

/** A packet came to the link. */
void link_counts_offered(LinkCounts *counts, LinkClass class_index, size_t size, int64_t now_ns);

/** ... and its end. `queued_ns`: from its coming to its last bit on the line. */
void link_counts_fate(LinkCounts *counts, LinkClass class_index, LinkFate fate, size_t size,
                      int64_t queued_ns, int64_t now_ns);

/** {"rtp": {...}, ..., "seconds": [[offered, delivered], ...]} appended to `text`. Times in ms. */
void link_counts_append_json(const LinkCounts *counts, GString *text);
