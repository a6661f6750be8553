// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/media/pacer_bench.h"

Pacer pacer;

static uint16_t next_sequence;

unsigned push(const Frame *frame, int64_t now_us)
{
    unsigned n_taken = 0;
    for (unsigned i = 0; i < frame->n_packets; i++) {
        PacerEntry entry = {
            .kind = PACER_VIDEO,
            .slot = frame->slot,
            .timestamp = frame->timestamp,
            .sequence = next_sequence++,
            .wire_bytes = frame->wire_bytes > 0 ? frame->wire_bytes : 1000,
            .temporal_id = frame->temporal_id,
            .layer_sync = frame->layer_sync,
            .starts_key_frame = frame->key && i == 0,
        };
        n_taken += pacer_push(&pacer, &entry, now_us);
    }
    return n_taken;
}

bool push_rtx(uint8_t slot, uint16_t sequence, int64_t now_us)
{
    PacerEntry entry = {.kind = PACER_RTX, .slot = slot, .sequence = sequence, .wire_bytes = 1000};
    return pacer_push(&pacer, &entry, now_us);
}

size_t drain(int64_t from_us, int64_t until_us, unsigned *ret_n_by_kind)
{
    size_t n_bytes = 0;
    int64_t now_us = from_us;
    PacerEntry entry;
    for (;;) {
        while (pacer_next(&pacer, now_us, &entry)) {
            n_bytes += entry.wire_bytes;
            if (ret_n_by_kind != NULL)
                ret_n_by_kind[entry.kind]++;
            if (entry.kind == PACER_PADDING)
                pacer_on_padding(&pacer, entry.wire_bytes, now_us);
        }
        int64_t due_us = pacer_due_us(&pacer, now_us);
        if (due_us >= until_us)
            return n_bytes;
        assert_true(due_us > now_us);
        now_us = due_us;
    }
}
