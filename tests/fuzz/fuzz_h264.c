// SPDX-License-Identifier: Apache-2.0
// H.264 payloads: the marks agree with each other and with the first bytes.
#include <glib.h>

#include "media/rtp/h264.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    H264Packet packet;
    if (h264_packet_parse(data, size, &packet) != H264_OK)
        return 0;
    g_assert(size >= 2 && packet.packet_type == (data[0] & 0x1f));
    g_assert(packet.nal_type > 0 && packet.nal_type <= 23);
    if (packet.is_later_fragment) {
        g_assert(packet.packet_type == H264_NAL_FU_A);
        g_assert(!packet.has_sps && !packet.has_pps && !packet.has_idr);
        g_assert(!h264_starts_frame(&packet) && !h264_starts_key_frame(&packet));
    }
    if (h264_starts_key_frame(&packet))
        g_assert(packet.has_sps || packet.has_idr);
    if (packet.packet_type != H264_NAL_STAP_A)
        g_assert(packet.has_sps + packet.has_pps + packet.has_idr <= 1);
    return 0;
}
