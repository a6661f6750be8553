// SPDX-License-Identifier: Apache-2.0
// A stream's loss under reports as a stranger may write them, between packets in and out of order:
// never more is told of than has left, nor more lost than is told of.
#include <glib.h>

#include "media/rate/stream_loss.h"
#include "media/rtp/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each number leaves once, as the relay has it: late ones fill holes. */
static uint64_t send_some(StreamLoss *loss, uint16_t *next, uint8_t how_many, uint8_t hole)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < how_many; i++, (*next)++) {
        if (hole != 0 && i % hole == 0)
            continue;
        stream_loss_on_sent(loss, *next);
        n++;
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    StreamLoss loss = {0};
    uint16_t next = 65400;
    uint64_t n_left = 0;
    uint64_t n_told = 0;
    for (; size >= 8; data += 8, size -= 8) {
        n_left += send_some(&loss, &next, data[0], data[1] % 8);
        if (data[1] & 0x80)
            next = (uint16_t)(next + (data[2] << 4)); /* a publisher that begins anew */
        RtcpReportBlock block = {
            .highest_sequence = (data[2] & 1 ? next - data[3] : bytes_read_u16(data + 3)) & 0xffff,
            .cumulative_lost = (int32_t)bytes_read_u24(data + 5) - 0x800000,
        };
        unsigned n_sent = 0;
        unsigned n_lost = 0;
        if (stream_loss_on_report(&loss, &block, &n_sent, &n_lost))
            g_assert(n_sent > 0);
        g_assert(n_lost <= n_sent && n_sent <= STREAM_LOSS_NUMBERS);
        n_told += n_sent;
        g_assert(n_told <= n_left && loss.n_sent <= n_left);
    }
    return 0;
}
