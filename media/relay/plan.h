// SPDX-License-Identifier: Apache-2.0
/* What was negotiated with one peer: made on the main thread by negotiate.h, copied to the worker
 * that carries it out. Plain values. */
#pragma once
#include "media/media.h"

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
    char rid[17]; /**< the one layer that is forwarded; empty: no layers */
} SectionPlan;

typedef struct {
    char local_ufrag[PLAN_UFRAG_BYTES];
    char local_pwd[PLAN_PWD_BYTES];
    char remote_ufrag[257];
    char remote_pwd[257];
    uint8_t fingerprint[32];
    bool dtls_active;   /**< the server is the DTLS client */
    bool dtls_gcm_only; /**< as the DTLS client */
    unsigned n_sections;
    SectionPlan sections[MEDIA_MAX_SECTIONS];
} EndpointPlan;
