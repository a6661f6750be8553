// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/h264.h"

#include "media/rtp/bytes.h"

enum {
    F_BIT = 0x80,
    NRI_MASK = 0x60,
    TYPE_MASK = 0x1f,
    FU_START = 0x80,
    FU_END = 0x40,
    NAL_LAST_SINGLE = 23, /* RFC 6184, table 1 */
};

/* BODY is what follows the unit's header byte: at least one byte of the slice header, whose first
 * field is first_mb_in_slice as ue(v): a leading 1 means 0 (ITU-T H.264, 7.3.3 and 9.1). */
static void note_unit(H264Packet *packet, uint8_t header, const uint8_t *body, size_t n_body)
{
    bool is_first = n_body > 0 && body[0] & 0x80;
    packet->is_referred_to |= (header & NRI_MASK) != 0;
    switch (header & TYPE_MASK) {
    case H264_NAL_IDR:
        packet->has_idr = true;
        packet->starts_first_slice |= is_first;
        break;
    case H264_NAL_SLICE:
    case 2: /* the first partition of a slice; not in baseline, but told the same way */
        packet->starts_first_slice |= is_first;
        break;
    case H264_NAL_SPS:
        packet->has_sps = true;
        break;
    case H264_NAL_PPS:
        packet->has_pps = true;
        break;
    default:
        break;
    }
}

/* | STAP-A header | size (16) | unit | size (16) | unit | ... */
static H264Result parse_aggregate(const uint8_t *payload, size_t size, H264Packet *packet)
{
    size_t at = 1;
    do {
        if (size - at < 2)
            return H264_TOO_SHORT;
        size_t n = bytes_read_u16(payload + at);
        at += 2;
        if (n == 0 || n > size - at)
            return H264_TOO_SHORT;
        uint8_t type = payload[at] & TYPE_MASK;
        if (payload[at] & F_BIT)
            return H264_BAD_BITS;
        if (type == 0 || type > NAL_LAST_SINGLE) /* RFC 6184, 5.7: no packet within a packet */
            return H264_BAD_TYPE;
        if (packet->nal_type == 0)
            packet->nal_type = type;
        note_unit(packet, payload[at], payload + at + 1, n - 1);
        at += n;
    } while (at < size);
    return H264_OK;
}

static H264Result parse_fragment(const uint8_t *payload, size_t size, H264Packet *packet)
{
    if (size < 3)
        return H264_TOO_SHORT;
    uint8_t fu = payload[1];
    packet->nal_type = fu & TYPE_MASK;
    packet->is_later_fragment = !(fu & FU_START);
    packet->is_referred_to = (payload[0] & NRI_MASK) != 0;
    if (packet->nal_type == 0 || packet->nal_type > NAL_LAST_SINGLE)
        return H264_BAD_TYPE;
    if (fu & FU_START && fu & FU_END) /* RFC 6184, 5.8: it would fit into one packet */
        return H264_BAD_BITS;
    if (fu & FU_START) {
        uint8_t header = (uint8_t)((payload[0] & NRI_MASK) | packet->nal_type);
        note_unit(packet, header, payload + 2, size - 2);
    }
    return H264_OK;
}

H264Result h264_packet_parse(const uint8_t *payload, size_t size, H264Packet *ret_packet)
{
    if (size < 2)
        return H264_TOO_SHORT;
    if (payload[0] & F_BIT)
        return H264_BAD_BITS;
    H264Packet packet = {.packet_type = payload[0] & TYPE_MASK};
    H264Result result = H264_OK;
    if (packet.packet_type == H264_NAL_STAP_A) {
        result = parse_aggregate(payload, size, &packet);
    } else if (packet.packet_type == H264_NAL_FU_A) {
        result = parse_fragment(payload, size, &packet);
    } else if (packet.packet_type == 0 || packet.packet_type > NAL_LAST_SINGLE) {
        result = H264_BAD_TYPE;
    } else {
        packet.nal_type = packet.packet_type;
        note_unit(&packet, payload[0], payload + 1, size - 1);
    }
    if (result == H264_OK)
        *ret_packet = packet;
    return result;
}

bool h264_starts_frame(const H264Packet *packet)
{
    if (packet->is_later_fragment)
        return false;
    return (packet->nal_type >= H264_NAL_SEI && packet->nal_type <= H264_NAL_DELIMITER) ||
           packet->starts_first_slice;
}

bool h264_starts_key_frame(const H264Packet *packet)
{
    return packet->has_sps || (packet->has_idr && packet->starts_first_slice);
}

const char *h264_result_name(H264Result result)
{
    switch (result) {
    case H264_OK:
        return "ok";
    case H264_TOO_SHORT:
        return "too short";
    case H264_BAD_TYPE:
        return "bad type";
    case H264_BAD_BITS:
        return "bad bits";
    }
    return "unknown";
}
