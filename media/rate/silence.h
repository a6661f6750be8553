// SPDX-License-Identifier: Apache-2.0
/* How long a receiver has not been heard although it was sent to. A plain value; one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int64_t heard_us;       /* when anything was told of the link */
    int64_t feedback_us;    /* when transport-wide feedback came; 0: never */
    int64_t first_after_us; /* first packet sent after heard_us; 0: none */
    bool reported;          /* by receiver reports or REMB, in place of feedback */
} Silence;

void silence_init(Silence *silence, int64_t now_us);
void silence_on_sent(Silence *silence, int64_t now_us);
void silence_on_feedback(Silence *silence, int64_t now_us);
void silence_on_report(Silence *silence, int64_t now_us);

/** Transport-wide feedback comes, so that reports and REMB do not decide. */
bool silence_has_feedback(const Silence *silence, int64_t now_us);
/** Time without an answer to what was sent, beyond RTT_US for the first packet and beyond what a
 * receiver that only reports takes its time for. */
int64_t silence_us(const Silence *silence, int64_t rtt_us, int64_t now_us);
