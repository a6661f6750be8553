// SPDX-License-Identifier: Apache-2.0
/* What one client may send: its own link (rate/uplink.h) and what the receivers can take
 * (rate/hint.h), told to its page as a hint and to its browser as REMB. Embedded in its endpoint.
 * Nothing is enforced: who does not listen is thinned by the receivers' own plans. Inside
 * media/relay only; the worker's thread. */
#pragma once
#include "media/rate/uplink.h"
#include "media/rate/uplink_hint.h"
#include "media/rate/uplink_red.h"
#include "media/rate/send_lag.h"
#include "media/relay/lateness.h"
#include "media/relay/meter.h"
#include "media/relay/stream.h"
#include "media/rtp/rtp.h"

typedef struct {
    Uplink uplink;
    UplinkRed red;
    uint32_t start_bps;
    Meter audio; /* of the wire */
    Meter video;
    uint64_t expected_before; /* of streams that are gone */
    uint64_t lost_before;
    UplinkHint own;
    MediaHint hint;
    bool has_told;
    MediaHint told;
    bool was_asked_reach; /* once: its copies may lie anywhere, also while they no longer should */
    int64_t told_us;
    double fec_share; /* of its packets of speech, lately: those that carry the one before */
    bool has_fec;     /* most of them do */
    Lateness lateness;
    VideoLateness video_lateness;
    SendLag send_lag;
    int64_t next_tick_us;
    uint32_t remb_bps;     /* last told; repeated with each report */
    uint8_t worst_loss_q8; /* of its receivers */
} UplinkGuard;

/** START_BPS: what the link carried before; 0: not known. */
void uplink_guard_init(Endpoint *endpoint, uint32_t start_bps);
/** The client is connected: tells it to begin with sound alone. */
void uplink_guard_start(Endpoint *endpoint);
/** It has moved to another network, of which nothing is known: the same again. START_BPS as of
 * uplink_init(). */
void uplink_guard_restart(Endpoint *endpoint, uint32_t start_bps);
/** A packet of LAYER came; SIZE is that of the plaintext. */
void uplink_guard_on_packet(Layer *layer, const uint8_t *packet, size_t size,
                            const RtpHeader *header);
/** The layer's stream ends or starts anew. */
void uplink_guard_retire(const Layer *layer);
/** With every tick of the endpoint. */
void uplink_guard_tick(Endpoint *endpoint);
