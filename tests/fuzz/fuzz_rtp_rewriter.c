// SPDX-License-Identifier: Apache-2.0
// The rewriter, driven by four bytes a step: no outgoing sequence number may be given out twice
// within half a lap of the last one, whatever loss, reordering, skips and switches come.
#include <glib.h>

#include "media/repair/rewrite.h"
#include "media/rtp/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* When each number was given out, as the count of outgoing numbers passed by then. */
typedef struct {
    int64_t spent[65536];
    int64_t highest;
} Ledger;

static void note(Ledger *ledger, uint16_t sequence)
{
    int64_t extended = ledger->highest + (int16_t)(uint16_t)(sequence - (uint16_t)ledger->highest);
    g_assert(ledger->spent[sequence] != extended);
    ledger->spent[sequence] = extended;
    ledger->highest = MAX(ledger->highest, extended);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Ledger ledger;
    for (size_t i = 0; i < 65536; i++)
        ledger.spent[i] = -1;
    RtpRewriter rewriter;
    rtp_rewriter_init(&rewriter, 90000, 65000, 1);
    ledger.highest = 65536 + 65000;
    int64_t now_us = 0;
    uint32_t source = 0;
    RtpHeader header = {0};
    for (size_t at = 0; at + 4 <= size; at += 4) {
        uint16_t value = bytes_read_u16(data + at);
        now_us += INT64_C(1000) * data[at + 2];
        header.timestamp += data[at + 2] * 90U;
        bool any = data[at + 3] & 0x80;
        header.sequence = any ? value : (uint16_t)(header.sequence + (int)(value % 64) - 16);
        switch (data[at + 3] % 8) {
        case 0:
            header.timestamp = value * 65537U;
            rtp_rewriter_start(&rewriter, ++source, &header, now_us);
            break;
        case 1:
        case 2:
            rtp_rewriter_skip(&rewriter, source, &header);
            break;
        default:
            break;
        }
        uint16_t sequence = 0;
        uint32_t timestamp = 0;
        if (rtp_rewriter_map(&rewriter, source, &header, now_us, &sequence, &timestamp) ==
            REWRITE_OK)
            note(&ledger, sequence);
        g_assert(rtp_rewriter_map(&rewriter, source, &header, now_us, &sequence, &timestamp) !=
                 REWRITE_OK);
        g_assert(rtp_rewriter_map(&rewriter, source + 1, &header, now_us, &sequence, &timestamp) ==
                 REWRITE_OTHER_SOURCE);
    }
    return 0;
}
