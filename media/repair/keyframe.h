// SPDX-License-Identifier: Apache-2.0
/* Merges the key-frame requests of all receivers of one source and limits what goes to its
 * publisher: a key frame is a large part of a second on a thin uplink. A FIR is treated as a PLI:
 * a repeated one is merged like any other request, so its sequence number need not be kept. Plain
 * value, embedded in its source; one thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
    KEYFRAME_MIN_INTERVAL_US = 500 * 1000, /* between requests to the publisher */
    KEYFRAME_RETRY_US = 1000 * 1000,       /* while none has come */
};

typedef struct {
    bool wanted;     /* somebody waits for a key frame */
    bool held;       /* a request came since the last one sent, too soon after it */
    bool sent;       /* sent_us is valid */
    int64_t sent_us; /* of the last request to the publisher */
} KeyframeGate;

void keyframe_gate_init(KeyframeGate *gate);

/** A receiver wants a key frame; true: send a PLI to the publisher now. */
bool keyframe_gate_request(KeyframeGate *gate, int64_t now_us);

/** A key frame came from the publisher: all who waited have it. */
void keyframe_gate_on_key_frame(KeyframeGate *gate);

/** True: send a PLI now (one held back by the limit, or a retry). */
bool keyframe_gate_poll(KeyframeGate *gate, int64_t now_us);

/** When keyframe_gate_poll() has something to do next; INT64_MAX for never. */
int64_t keyframe_gate_next_us(const KeyframeGate *gate);
