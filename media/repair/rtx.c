// SPDX-License-Identifier: Apache-2.0
#include "media/repair/rtx.h"

#include <string.h>

#include "media/rtp/bytes.h"

enum { OSN_SIZE = 2 };

/* RFC 4588, section 4:
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         RTP Header                            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |            OSN                |                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               |
 * |                  Original RTP Packet Payload                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+ */
RtxResult rtx_wrap(const RtxTarget *target, const uint8_t *packet, size_t packet_size,
                   uint8_t *data, size_t capacity, size_t *ret_size)
{
    RtpHeader header;
    if (rtp_parse(packet, packet_size, &header) != RTP_OK)
        return RTX_BAD_PACKET;
    uint8_t osn[OSN_SIZE];
    bytes_write_u16(osn, header.sequence);
    RtpBuild build = {
        .marker = header.marker,
        .payload_type = target->payload_type,
        .sequence = target->sequence,
        .timestamp = header.timestamp,
        .ssrc = target->ssrc,
        .extensions = target->extensions,
        .n_extensions = target->n_extensions,
        .prefix = osn,
        .prefix_size = OSN_SIZE,
    };
    switch (rtp_build(&build, packet + header.payload_offset, header.payload_size, data, capacity,
                      ret_size)) {
    case RTP_OK:
        return RTX_OK;
    case RTP_NO_SPACE:
        return RTX_NO_SPACE;
    case RTP_TOO_SHORT:
    case RTP_BAD_VERSION:
    case RTP_BAD_EXTENSION:
    case RTP_BAD_PADDING:
    case RTP_BAD_ARGUMENT:
        break;
    }
    return RTX_BAD_PACKET;
}

RtxResult rtx_unwrap(uint8_t *packet, const RtpHeader *header, uint32_t media_ssrc,
                     uint8_t media_payload_type, uint8_t **ret_packet, size_t *ret_size)
{
    if (header->payload_size == 0 || header->payload_size == OSN_SIZE)
        return RTX_EMPTY;
    if (header->payload_size < OSN_SIZE)
        return RTX_TOO_SHORT;
    uint16_t osn = bytes_read_u16(packet + header->payload_offset);
    uint8_t *original = packet + OSN_SIZE;
    memmove(original, packet, header->payload_offset);
    original[0] &= 0xdf; /* the padding is cut off */
    rtp_set_payload_type(original, media_payload_type);
    rtp_set_sequence(original, osn);
    rtp_set_ssrc(original, media_ssrc);
    *ret_packet = original;
    *ret_size = header->payload_offset + header->payload_size - OSN_SIZE;
    return RTX_OK;
}

const char *rtx_result_name(RtxResult result)
{
    switch (result) {
    case RTX_OK:
        return "ok";
    case RTX_EMPTY:
        return "empty";
    case RTX_TOO_SHORT:
        return "too short";
    case RTX_BAD_PACKET:
        return "bad packet";
    case RTX_NO_SPACE:
        return "no space";
    }
    return "unknown";
}
