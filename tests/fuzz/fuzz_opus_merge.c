// SPDX-License-Identifier: Apache-2.0
// Merging of Opus packets: the input is a chain of parts, each with two bytes of length before it.
// A merged packet has the duration of its parts, is whole, and is little longer than they are.
#include <glib.h>

#include "media/rtp/bytes.h"
#include "media/rtp/opus_merge.h"
#include "media/rtp/opus_packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT_BYTES = 32768 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OpusMergePart parts[OPUSMERGE_PARTS_MAX + 1] = {{0}};
    size_t n = 0;
    size_t n_bytes = 0;
    for (size_t at = 0; n < G_N_ELEMENTS(parts) && size - at >= 2;) {
        size_t part_size = MIN(bytes_read_u16(data + at), size - at - 2);
        parts[n++] = (OpusMergePart){data + at + 2, part_size};
        n_bytes += part_size;
        at += 2 + part_size;
    }
    static uint8_t out[OUT_BYTES];
    size_t out_size = 0;
    OpusMergeResult result = opusmerge_write(parts, n, out, sizeof out, &out_size);
    g_assert(result != OPUSMERGE_NO_SPACE || n_bytes + OPUSMERGE_OVERHEAD_MAX > sizeof out);
    if (result != OPUSMERGE_OK)
        return 0;
    unsigned n_samples = 0;
    OpusPacket packet;
    for (size_t i = 0; i < n; i++) {
        g_assert(opusmerge_can_take(parts[i].data, parts[i].size));
        g_assert(opuspkt_parse(parts[i].data, parts[i].size, &packet) == OPUSPKT_OK);
        n_samples += packet.n_samples;
    }
    g_assert(opusmerge_can_take(out, out_size));
    g_assert(opuspkt_parse(out, out_size, &packet) == OPUSPKT_OK);
    g_assert(packet.n_samples == n_samples && n_samples <= OPUSPKT_SAMPLES_MAX);
    g_assert(out_size <= n_bytes + OPUSMERGE_OVERHEAD_MAX);
    size_t short_size = 0;
    g_assert(opusmerge_write(parts, n, out, out_size - 1, &short_size) == OPUSMERGE_NO_SPACE);
    return 0;
}
