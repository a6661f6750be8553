// SPDX-License-Identifier: Apache-2.0
#include "media/rate/stream_loss.h"

#include <string.h>

#include "media/rtp/sequence.h"

enum { START = 1 << 20 }; /* keeps extended numbers positive */

static uint64_t *word_of(StreamLoss *loss, int64_t number)
{
    return &loss->left[number % STREAM_LOSS_NUMBERS / 64];
}

static uint64_t bit_of(int64_t number)
{
    return UINT64_C(1) << (number % 64);
}

/* Forgets what was in the places of the numbers from the highest to NUMBER. */
static void clear_until(StreamLoss *loss, int64_t number)
{
    if (number - loss->highest >= STREAM_LOSS_NUMBERS) {
        memset(loss->left, 0, sizeof loss->left);
        return;
    }
    for (int64_t i = loss->highest + 1; i <= number; i++)
        *word_of(loss, i) &= ~bit_of(i);
}

void stream_loss_on_sent(StreamLoss *loss, uint16_t sequence)
{
    int64_t number = loss->has_sent ? sequence_extend(sequence, loss->highest) : START + sequence;
    if (!loss->has_sent) {
        loss->has_sent = true;
        loss->first = loss->highest = number;
    } else if (number > loss->highest) {
        clear_until(loss, number);
        loss->highest = number;
    } else if (number <= loss->highest - STREAM_LOSS_NUMBERS || number < loss->first) {
        return;
    }
    *word_of(loss, number) |= bit_of(number);
    loss->n_sent++;
}

static uint64_t n_left_after(StreamLoss *loss, int64_t number)
{
    uint64_t n = 0;
    for (int64_t i = number + 1; i <= loss->highest;) {
        bool is_whole_word = i % 64 == 0 && loss->highest - i >= 63;
        uint64_t bits = is_whole_word ? UINT64_MAX : bit_of(i);
        n += (unsigned)__builtin_popcountll(*word_of(loss, i) & bits);
        i += is_whole_word ? 64 : 1;
    }
    return n;
}

bool stream_loss_on_report(StreamLoss *loss, const RtcpReportBlock *block, unsigned *ret_n_sent,
                           unsigned *ret_n_lost)
{
    int64_t number = sequence_extend((uint16_t)block->highest_sequence, loss->highest);
    if (!loss->has_sent || number > loss->highest || number < loss->first ||
        number <= loss->highest - STREAM_LOSS_NUMBERS || number <= loss->reported)
        return false;
    /* In all, not since the last report: a hole that was filled late was no loss before and is no
     * gain now. */
    uint64_t n_sent = loss->n_sent - n_left_after(loss, number);
    int64_t n_holes = number - loss->first + 1 - (int64_t)n_sent;
    int64_t lost = block->cumulative_lost - n_holes;
    int64_t n_new = (int64_t)(n_sent - loss->reported_sent);
    *ret_n_sent = (unsigned)CLAMP(n_new, 0, STREAM_LOSS_NUMBERS);
    *ret_n_lost = (unsigned)CLAMP(lost - loss->lost, 0, (int64_t)*ret_n_sent);
    loss->reported = number;
    loss->reported_sent = n_sent;
    loss->lost = lost;
    return *ret_n_sent > 0;
}

uint64_t stream_loss_total(const StreamLoss *loss)
{
    return (uint64_t)MAX(loss->lost, 0);
}
