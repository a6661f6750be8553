// SPDX-License-Identifier: Apache-2.0
/* The two kinds of media stream that an endpoint has: a Source comes in from its client, a Slot
 * goes out to it. A slot carries at most one source, of another participant. Both are owned by
 * their endpoint; the links between them are cut by whoever is freed first. Inside media/relay
 * only; the worker's thread. */
#pragma once
#include "media/rate/rtp_stats.h"
#include "media/relay/plan.h"
#include "media/repair/keyframe.h"
#include "media/repair/nack.h"
#include "media/repair/packet_cache.h"
#include "media/repair/rewrite.h"
#include "server/base/limit.h"

typedef struct Endpoint Endpoint;
typedef struct Slot Slot;

/** The sender's clock, from its last sender report (RFC 3550, 6.4.1). */
typedef struct {
    bool known;
    uint64_t ntp;
    uint32_t timestamp;
} SenderClock;

typedef struct {
    Endpoint *endpoint;
    unsigned section;
    MediaKind kind;
    uint32_t clock_rate;
    uint32_t number; /**< unique on the worker; a new one each time the stream starts anew */
    uint32_t ssrc;   /**< 0: not known yet */
    uint8_t payload_type;
    int16_t rtx_payload_type;
    RtpStats stats;
    NackTracker *nack; /**< NULL: not negotiated */
    KeyframeGate keyframe;
    uint8_t fir_sequence; /**< RFC 5104, 4.3.1.1: one more with each request */
    SenderClock clock;
    unsigned n_receivers;
    Slot *receivers[LIMIT_ROOM_ENDPOINTS];
} Source;

struct Slot {
    Endpoint *endpoint;
    unsigned section;
    MediaKind kind;
    uint32_t ssrc;
    uint32_t rtx_ssrc;
    uint8_t payload_type;
    int16_t rtx_payload_type;
    /** The client receives at present. A slot is never freed before its endpoint: a new one under
     * the same SSRC could use a sequence number, under GCM a nonce, a second time. */
    bool is_enabled;
    Source *source;             /**< NULL: empty */
    char *reported_participant; /**< as last told to the main thread */
    uint32_t current; /**< the source number that is being forwarded; 0: waits for a start */
    RtpRewriter rewriter;
    Vp8Rewriter vp8;
    PacketCache *cache;     /**< NULL: no nack negotiated */
    bool caches_ciphertext; /**< audio, and video without RTX: the stored bytes go out again */
    uint16_t rtx_sequence;
    bool is_known; /**< the client reported on the SSRC: MID is not needed any more */
    uint32_t n_packets;
    uint32_t n_octets;
    uint32_t last_timestamp;
    int64_t last_sent_us;
    uint64_t lost; /**< as last reported by the client */
};

Source *source_new(Endpoint *endpoint, unsigned section, const SectionPlan *plan, uint32_t number);
void source_free(Source *source);
/** Payload types and feedback of a later negotiation. */
void source_apply_plan(Source *source, const SectionPlan *plan);
/** The stream starts anew under SSRC: another track, another encoder. */
void source_restart(Source *source, uint32_t ssrc, uint32_t number);

Slot *slot_new(Endpoint *endpoint, unsigned section, const SectionPlan *plan);
void slot_free(Slot *slot);
void slot_apply_plan(Slot *slot, const SectionPlan *plan);
/** False when the source has no room for another receiver. */
bool slot_attach(Slot *slot, Source *source) G_GNUC_WARN_UNUSED_RESULT;
void slot_detach(Slot *slot);
