// SPDX-License-Identifier: Apache-2.0
/* What tests of the pacer share: frames that are pushed, and all that leaves by its own clock. */
#pragma once
#include "media/rate/pacer.h"

static const int64_t MS = 1000;

/** Each test begins with pacer_init(). */
extern Pacer pacer;

typedef struct {
    uint8_t slot;
    uint32_t timestamp;
    uint8_t temporal_id;
    bool layer_sync;
    bool key;
    unsigned n_packets;
    uint16_t wire_bytes; /* of each; 0: 1000 */
} Frame;

/** Pushes a frame's packets, numbered on and on; how many were taken. */
unsigned push(const Frame *frame, int64_t now_us);
bool push_rtx(uint8_t slot, uint16_t sequence, int64_t now_us);
/** Sends all that may leave until UNTIL_US, at the times that the pacer names, padding as asked.
 * Bytes; adds to RET_N_BY_KIND (by PacerKind; may be NULL). */
size_t drain(int64_t from_us, int64_t until_us, unsigned *ret_n_by_kind);
