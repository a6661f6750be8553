// SPDX-License-Identifier: Apache-2.0
// A pacer between senders that do what they like: what is queued is counted right, a slot's packets
// leave in their order and each once, whatever is due leaves by itself in the end.
#include <glib.h>

#include "media/rate/pacer.h"
#include "media/rtp/sequence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SLOTS = 4, END_US = 60 * 1000 * 1000 };

typedef struct {
    Pacer pacer;
    uint16_t next[SLOTS];
    uint32_t timestamp[SLOTS];
    bool has_left[SLOTS];
    uint16_t left[SLOTS];
} Line;

static void check(const Pacer *pacer)
{
    size_t n_bytes = 0;
    size_t of_slot[PACER_MAX_SLOTS] = {0};
    for (unsigned i = 0; i < pacer->n_video; i++) {
        const PacerEntry *entry = &pacer->video[(pacer->video_head + i) % PACER_VIDEO_PACKETS];
        n_bytes += entry->wire_bytes;
        of_slot[entry->slot] += entry->wire_bytes;
    }
    g_assert(n_bytes == pacer->video_bytes);
    for (unsigned i = 0; i < PACER_MAX_SLOTS; i++)
        g_assert(of_slot[i] == pacer->slots[i].video_bytes);
    g_assert(pacer_queue_us(pacer) >= 0);
}

static void take(Line *line, int64_t now_us)
{
    PacerEntry entry;
    while (pacer_next(&line->pacer, now_us, &entry)) {
        if (entry.kind == PACER_PADDING)
            pacer_on_padding(&line->pacer, entry.wire_bytes, now_us);
        if (entry.kind != PACER_VIDEO)
            continue;
        g_assert(!line->has_left[entry.slot] ||
                 sequence_newer(entry.sequence, line->left[entry.slot]));
        line->has_left[entry.slot] = true;
        line->left[entry.slot] = entry.sequence;
    }
}

static void push_frame(Line *line, const uint8_t *data, int64_t now_us)
{
    uint8_t slot = data[0] % SLOTS;
    unsigned n = 1 + data[1] % 40;
    line->timestamp[slot] += 3000;
    for (unsigned i = 0; i < n; i++) {
        PacerEntry entry = {
            .kind = data[0] & 0x80 ? PACER_RTX : PACER_VIDEO,
            .slot = slot,
            .timestamp = line->timestamp[slot],
            .sequence = line->next[slot]++,
            .wire_bytes = (uint16_t)(40 + data[2] * 5),
            .temporal_id = data[0] & 0x40 ? 0 : data[0] >> 4 & 3,
            .layer_sync = data[0] & 0x08,
            .starts_key_frame = data[0] & 0x04 && i == 0,
        };
        (void)pacer_push(&line->pacer, &entry, now_us);
        if (data[1] & 0x80)
            take(line, now_us);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Line line;
    int64_t now_us = 0;
    line = (Line){0};
    pacer_init(&line.pacer, 100 * 1000, now_us);
    for (; size >= 4; data += 4, size -= 4) {
        now_us += data[3] * INT64_C(500);
        switch (data[1] % 16) {
        case 0:
            pacer_set_target(&line.pacer, 10 * 1000 + data[2] * 8000u, now_us);
            break;
        case 1:
            pacer_charge(&line.pacer, data[2] * 6u, now_us);
            break;
        case 2:
            pacer_start_probe(&line.pacer, data[2] * 8000u, data[0] * 40u, now_us);
            break;
        case 3:
            pacer_flush_slot(&line.pacer, data[0] % SLOTS);
            break;
        default:
            push_frame(&line, data, now_us);
        }
        take(&line, now_us);
        check(&line.pacer);
        g_assert((pacer_key_frames_wanted(&line.pacer) & ~line.pacer.awaiting) == 0);
    }
    for (int64_t end_us = now_us + END_US; pacer_due_us(&line.pacer, now_us) != INT64_MAX;) {
        now_us = MAX(pacer_due_us(&line.pacer, now_us), now_us + 1);
        g_assert(now_us < end_us);
        take(&line, now_us);
    }
    check(&line.pacer);
    g_assert(line.pacer.video_bytes == 0);
    return 0;
}
