// SPDX-License-Identifier: Apache-2.0
// The first bytes of Opus packets: durations stay within 120 ms, the redundancy's flag within the
// packet.
#include <glib.h>

#include "media/rtp/opus_packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OpusPacket packet;
    if (opuspkt_parse(data, size, &packet) != OPUSPKT_OK)
        return 0;
    g_assert(packet.n_frames >= 1 && packet.n_frames <= 48);
    g_assert(packet.n_samples == packet.n_frames * packet.frame_samples);
    g_assert(packet.n_samples <= OPUSPKT_SAMPLES_MAX);
    g_assert(packet.silent == (size <= 2));
    bool has_fec = opuspkt_has_fec(data, size, &packet);
    g_assert(!has_fec || (packet.config < 16 && packet.code < 3));
    return 0;
}
