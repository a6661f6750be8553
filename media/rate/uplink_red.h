// SPDX-License-Identifier: Apache-2.0
/* What a sender should do for its sound whose packets are lost on the way to us, where asking for
 * them again takes too long or is not enough: put each into the next one too (RFC 2198), or let its
 * Opus do so at a lower bitrate. Plain value; time is an argument; one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool has_begun;            /* the path's length is known */
    bool is_on;                /* something has to be done */
    bool is_fec;               /* Opus's own redundancy is enough for it, and cheap */
    bool is_twice;             /* a single copy is lost with its packet too often */
    int64_t less_us;           /* since when it would not be; 0: it is */
    int64_t begun_us;          /* has_begun */
    int64_t fec_not_before_us; /* it was asked for in vain */
    double loss;               /* 0-1, over some seconds */
    int64_t updated_us;
    int64_t clean_us; /* since when it would not be needed; 0: it is */
    bool has_sequence;
    uint16_t sequence;  /* of the newest packet of sound */
    double run_x10;     /* lost packets in a row, tenths: of the last ten runs or so */
    double far_run_x10; /* the same; a longer mean is believed at once, forgotten over 20 s */
    unsigned reach_ms;  /* how much later the farthest copy came lately */
    int64_t reach_us;   /* when */
} UplinkRed;

/** A packet of sound came by itself. */
void uplink_red_on_packet(UplinkRed *red, uint16_t sequence);
/** The sound comes from another stream: its numbers start anew. */
void uplink_red_restart(UplinkRed *red);
/** In a packet of sound there was a copy of one REACH_MS of sound before it, pauses not counted. */
void uplink_red_on_copy(UplinkRed *red, unsigned reach_ms, int64_t now_us);
/** The farthest copy of the last second or two. */
unsigned uplink_red_reach_ms(const UplinkRed *red, int64_t now_us);

/** How many lost packets in a row copies should reach over, tenths: a mean about a limit would ask
 * for another distance each second, and until copies come from there none is far enough. */
unsigned uplink_red_run_x10(const UplinkRed *red);

typedef struct {
    double loss;           /* 0-1: part of the client's packets that were lost lately */
    int64_t rtt_us;        /* 0: not known yet */
    bool is_asked_in_time; /* lost sound is asked for again and comes in time */
    bool is_fec_missing;   /* Opus's own redundancy was asked for and did not come */
    uint32_t cap_bps;      /* uplink_cap_bps(); of a wide link a copy is a small part */
    uint32_t known_bps;    /* uplink_known_bps() */
} UplinkRedInput;

/** Every 50-100 ms. True: copies, unless uplink_red_is_fec_enough() and the sender's Opus can do
 * it.
 */
bool uplink_red_update(UplinkRed *red, const UplinkRedInput *input, int64_t now_us);
/** As of the last update: one copy is not enough of a protection, two are. */
bool uplink_red_is_twice(const UplinkRed *red);
/** As of the last update: what is lost may come back out of the packet behind it. */
bool uplink_red_is_fec_enough(const UplinkRed *red);
