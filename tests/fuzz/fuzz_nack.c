// SPDX-License-Identifier: Apache-2.0
// The loss tracker, driven by four bytes a step: a sequence number, milliseconds, what to do.
#include <glib.h>

#include "media/repair/nack.h"
#include "media/rtp/bytes.h"
#include "media/rtp/sequence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void collect(NackTracker *tracker, int64_t now_us, int64_t rtt_us)
{
    uint16_t lost[64];
    size_t before = nack_tracker_n_missing(tracker);
    size_t n = nack_tracker_collect(tracker, now_us, rtt_us, lost, G_N_ELEMENTS(lost));
    g_assert(n <= G_N_ELEMENTS(lost) && n <= before);
    g_assert(nack_tracker_n_missing(tracker) <= before);
    for (size_t i = 1; i < n; i++)
        g_assert(sequence_newer(lost[i], lost[i - 1]));
    if (n < G_N_ELEMENTS(lost))
        g_assert(nack_tracker_next_us(tracker) > now_us);
}

static void step(NackTracker *tracker, const uint8_t *data, int64_t now_us, uint16_t *newest)
{
    uint16_t sequence = bytes_read_u16(data);
    switch (data[3] % 8) {
    case 0:
        collect(tracker, now_us, INT64_C(100) * sequence);
        break;
    case 1:
        nack_tracker_forget_before(tracker, sequence);
        break;
    case 2:
        nack_tracker_reset(tracker);
        break;
    case 3: /* any number */
        (void)nack_tracker_on_packet(tracker, sequence, now_us);
        *newest = sequence;
        break;
    default: /* near the last one */
        *newest = (uint16_t)(*newest + (int)(sequence % 64) - 8);
        (void)nack_tracker_on_packet(tracker, *newest, now_us);
        g_assert(nack_tracker_on_packet(tracker, *newest, now_us) == NACK_OLD);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const NackConfig *config = size % 2 ? &NACK_AUDIO : &NACK_VIDEO;
    g_autoptr(NackTracker) tracker = nack_tracker_new(config);
    int64_t now_us = 0;
    uint16_t newest = 0;
    for (size_t at = 0; at + 4 <= size; at += 4) {
        now_us += INT64_C(1000) * data[at + 2];
        step(tracker, data + at, now_us, &newest);
        g_assert(nack_tracker_n_missing(tracker) <= config->max_missing);
    }
    (void)nack_tracker_take_given_up(tracker);
    return 0;
}
