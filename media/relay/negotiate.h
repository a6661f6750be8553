// SPDX-License-Identifier: Apache-2.0
/* Offer in, answer and plan out (RFC 8829, 5.3; RFC 9143 for the bundle). Main thread; no I/O. */
#pragma once
#include "media/relay/plan.h"

/** What the answer says of ourselves. */
typedef struct {
    const uint8_t *fingerprint; /**< SHA-256, 32 bytes */
    bool may_publish;
    bool may_receive;
    bool dtls_passive;
    bool simulcast;        /**< all layers of an offer with two or more, else one stream */
    bool want_audio_level; /**< RFC 6464, for the loudest speakers: bytes in every packet */
    unsigned start_kbps;   /**< for the client's video encoder; 0: not said */
    uint32_t opus_max_bps; /**< of Opus itself; 0: 32 kbit/s */
    bool opus_without_fec; /**< no in-band redundancy asked for */
    unsigned ptime_ms;     /**< asked for: 20, 40, 60 or 120; 0: not said */
} NegotiateLocal;

/** Answers OFFER. PREVIOUS is the plan in force, NULL for the first offer. The answer comes without
 * candidates: the caller knows the addresses. MEDIA_ERROR_BAD_OFFER says what cannot be answered.
 */
bool negotiate_answer(const MediaDescription *offer, const EndpointPlan *previous,
                      const NegotiateLocal *local, MediaDescription *ret_answer,
                      EndpointPlan *ret_plan, GError **error);
