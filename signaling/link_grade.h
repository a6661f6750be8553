// SPDX-License-Identifier: Apache-2.0
/* How good a page's link is while its person waits, from the round trips that it measures by its
 * pings: one every four seconds, so that two bad ones in a row make it weak, and four good ones
 * good again. The same words and bounds as the page has for a call. Pure; any thread. */
#pragma once
#include "signaling/signaling.h"

enum { LINK_GRADE_WEAK_RTT_MS = 500, LINK_GRADE_N_DOWN = 2, LINK_GRADE_N_UP = 4 };

/** Begins as zeros. */
typedef struct {
    SignalingLink link;
    unsigned n_against; /**< in a row that say otherwise */
} LinkGrade;

/** Takes one round trip, not 0: the first one decides at once. True when the link is another one
 * now. */
bool link_grade_note(LinkGrade *grade, uint32_t rtt_ms);
