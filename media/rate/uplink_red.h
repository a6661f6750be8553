// SPDX-License-Identifier: Apache-2.0
/* Whether a sender should put each packet of sound into the next one too (RFC 2198): its packets
 * are lost on the way to us, and asking for them again takes too long or is not enough. Plain
 * value; time is an argument; one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool has_begun; /* the path's length is known */
    bool is_on;     /* something has to be done */
    bool is_fec;    /* Opus's own redundancy is enough, and cheap */
    double loss;    /* 0-1, over some seconds */
    int64_t updated_us;
    int64_t clean_us; /* since when it would not be needed; 0: it is */
    bool has_sequence;
    uint16_t sequence; /* of the newest packet of sound */
    double run_x10;    /* lost packets in a row, tenths; long runs are forgotten slowly */
    unsigned reach_ms; /* how much later the farthest copy came lately */
    int64_t reach_us;  /* when */
} UplinkRed;

/** A packet of sound came by itself. */
void uplink_red_on_packet(UplinkRed *red, uint16_t sequence);
/** The sound comes from another stream: its numbers start anew. */
void uplink_red_restart(UplinkRed *red);
/** In a packet of sound there was a copy of one REACH_MS of sound before it, pauses not counted. */
void uplink_red_on_copy(UplinkRed *red, unsigned reach_ms, int64_t now_us);
/** The farthest copy of the last second or two. */
unsigned uplink_red_reach_ms(const UplinkRed *red, int64_t now_us);

/** What is lost comes back out of the packet behind it (Opus's in-band FEC) and needs no copy. As
 * of the last update. */
bool uplink_red_is_fec_enough(const UplinkRed *red);

/** LOSS: part of the client's packets that were lost lately, 0-1. RTT_US 0: not known yet.
 * IS_ASKED_IN_TIME: lost sound is asked for again and comes in time. LINK_BPS: what the link
 * carries; of a wide one a copy is a small part. Call it every 50-100 ms. True: copies. */
bool uplink_red_update(UplinkRed *red, double loss, int64_t rtt_us, bool is_asked_in_time,
                       uint32_t link_bps, int64_t now_us);
