// SPDX-License-Identifier: Apache-2.0
#include "media/repair/keyframe.h"

void keyframe_gate_init(KeyframeGate *gate)
{
    *gate = (KeyframeGate){0};
}

static void note_sent(KeyframeGate *gate, int64_t now_us)
{
    gate->sent = true;
    gate->sent_us = now_us;
    gate->held = false;
}

bool keyframe_gate_request(KeyframeGate *gate, int64_t now_us)
{
    gate->wanted = true;
    if (gate->sent && now_us - gate->sent_us < KEYFRAME_MIN_INTERVAL_US) {
        gate->held = true;
        return false;
    }
    note_sent(gate, now_us);
    return true;
}

void keyframe_gate_on_key_frame(KeyframeGate *gate)
{
    gate->wanted = false;
    gate->held = false;
}

bool keyframe_gate_poll(KeyframeGate *gate, int64_t now_us)
{
    if (now_us < keyframe_gate_next_us(gate))
        return false;
    note_sent(gate, now_us);
    return true;
}

int64_t keyframe_gate_next_us(const KeyframeGate *gate)
{
    if (!gate->wanted)
        return INT64_MAX;
    return gate->sent_us + (gate->held ? KEYFRAME_MIN_INTERVAL_US : KEYFRAME_RETRY_US);
}
