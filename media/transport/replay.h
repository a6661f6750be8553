// SPDX-License-Identifier: Apache-2.0
/* Packet indexes of one SRTP stream (RFC 3711, 3.3.1 and 3.3.2): guessing the rollover counter, and
 * refusing an index that was used before. Plain value; one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { REPLAY_WINDOW = 1024 };

typedef struct {
    bool is_started;
    uint64_t highest;
    uint64_t seen[REPLAY_WINDOW / 64]; /* by index modulo the window */
} Replay;

/** The 48-bit index that SEQUENCE most likely stands for; false when it lies before the start. */
bool replay_guess_index(const Replay *replay, uint16_t sequence, uint64_t *ret_index);
/** INDEX was not used before and does not lie behind the window. */
bool replay_is_fresh(const Replay *replay, uint64_t index);
/** Marks a fresh index as used. */
void replay_use(Replay *replay, uint64_t index);
