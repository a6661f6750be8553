// SPDX-License-Identifier: Apache-2.0
/* What was negotiated with one peer: made on the main thread by negotiate.h, copied to the worker
 * that carries it out. Plain values and questions about them; any thread. */
#pragma once
#include "media/media.h"
#include <stddef.h>

enum {
    PLAN_UFRAG_BYTES = 9, /**< ours: 8 characters, 47 bits; RFC 8839, 5.4 wants 24 */
    PLAN_PWD_BYTES = 23,  /**< ours: 22 characters, 131 bits */
    PLAN_CNAME_BYTES = 24,
};

/** One m-line, seen from the server. */
typedef struct {
    char mid[17];
    MediaKind kind;
    bool is_source; /**< the client sends */
    bool is_slot;   /**< the server sends */
    MediaCodec codec;
    MediaExtensions extensions;
    uint32_t source_ssrc; /**< as announced; 0: to be learned from MID */
    uint32_t source_rtx_ssrc;
    uint32_t slot_ssrc; /**< never changes */
    uint32_t slot_rtx_ssrc;
    char cname[PLAN_CNAME_BYTES];
    /** Simulcast: each layer is a stream of its own whose SSRC is learned from its RID (RFC 8852);
     * 0: one stream, found by SSRC or MID. */
    unsigned n_layers;
    MediaRid layers[MEDIA_MAX_RIDS]; /**< the highest first; `active` as the client offered it */
} SectionPlan;

typedef struct {
    char local_ufrag[PLAN_UFRAG_BYTES];
    char local_pwd[PLAN_PWD_BYTES];
    char remote_ufrag[257];
    char remote_pwd[257];
    uint8_t fingerprint[32];
    bool dtls_active;   /**< the server is the DTLS client */
    bool dtls_gcm_only; /**< as the DTLS client */
    /** RFC 5506. Agreed on for one m-line it is for all: Firefox offers it for pictures alone. */
    bool reduced_rtcp;
    unsigned n_sections;
    SectionPlan sections[MEDIA_MAX_SECTIONS];
} EndpointPlan;

/** A slot with codec SLOT can carry a source with codec SOURCE: the same codec, and for H.264 a
 * profile that SLOT's decoder takes (RFC 6184, 8.1). Levels are not compared: the answer holds
 * every sender to 3.1 at most, which is 1280x720 at 30 pictures a second. */
bool plan_can_carry(const MediaCodec *source, const MediaCodec *slot);

/** Index in PLAN->layers of the layer that a packet's RID (SIZE bytes, no NUL) names; -1: none. */
int plan_layer(const SectionPlan *plan, const uint8_t *rid, size_t size);
