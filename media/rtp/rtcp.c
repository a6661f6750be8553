// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/rtcp.h"

#include <string.h>

#include "media/rtp/bytes.h"

enum {
    HEADER_SIZE = 4,
    SENDER_INFO_SIZE = 24, /* with the sender's SSRC */
    REPORT_BLOCK_SIZE = 24,
    SDES_CNAME = 1,
};

void rtcp_iter_init(RtcpIter *iter, const uint8_t *data, size_t size)
{
    *iter = (RtcpIter){.data = data, .size = size};
}

/*  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|  count  |      PT       |             length            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * length: 32-bit words less one, header and padding counted in (RFC 3550, section 6.4.1). */
static RtcpResult read_packet(RtcpIter *iter, RtcpPacket *ret_packet)
{
    const uint8_t *data = iter->data + iter->offset;
    size_t left = iter->size - iter->offset;
    if (left < HEADER_SIZE)
        return RTCP_TOO_SHORT;
    if (data[0] >> 6 != 2)
        return RTCP_BAD_VERSION;
    size_t size = 4 * ((size_t)bytes_read_u16(data + 2) + 1);
    if (size > left)
        return RTCP_BAD_LENGTH;

    RtcpPacket packet = {
        .type = data[1],
        .count = data[0] & 0x1f,
        .body = data + HEADER_SIZE,
        .body_size = size - HEADER_SIZE,
    };
    if (data[0] & 0x20) {
        /* RFC 3550, section 6.4.1 wants padding on the last packet alone and in multiples of four.
         * Browsers pad every transport-wide feedback of a compound, by one to three octets. */
        uint8_t padding = data[size - 1];
        if (packet.body_size == 0 || padding == 0 || padding > packet.body_size)
            return RTCP_BAD_PADDING;
        packet.body_size -= padding;
    }
    iter->offset += size;
    *ret_packet = packet;
    return RTCP_OK;
}

RtcpResult rtcp_iter_next(RtcpIter *iter, RtcpPacket *ret_packet)
{
    if (iter->offset >= iter->size)
        return RTCP_END;
    RtcpResult result = read_packet(iter, ret_packet);
    if (result != RTCP_OK)
        iter->offset = iter->size;
    return result;
}

RtcpResult rtcp_sender_ssrc(const RtcpPacket *packet, uint32_t *ret_ssrc)
{
    switch (packet->type) {
    case RTCP_SR:
    case RTCP_RR:
    case RTCP_RTPFB:
    case RTCP_PSFB:
    case RTCP_XR:
        break;
    default:
        return RTCP_BAD_TYPE;
    }
    if (packet->body_size < 4)
        return RTCP_TOO_SHORT;
    *ret_ssrc = bytes_read_u32(packet->body);
    return RTCP_OK;
}

RtcpResult rtcp_sr_parse(const RtcpPacket *packet, RtcpSenderInfo *ret_info)
{
    if (packet->type != RTCP_SR)
        return RTCP_BAD_TYPE;
    if (packet->body_size < SENDER_INFO_SIZE)
        return RTCP_TOO_SHORT;
    if (packet->body_size - SENDER_INFO_SIZE < (size_t)packet->count * REPORT_BLOCK_SIZE)
        return RTCP_BAD_COUNT;
    const uint8_t *body = packet->body;
    *ret_info = (RtcpSenderInfo){
        .ssrc = bytes_read_u32(body),
        .ntp = bytes_read_u64(body + 4),
        .rtp_timestamp = bytes_read_u32(body + 12),
        .n_packets = bytes_read_u32(body + 16),
        .n_octets = bytes_read_u32(body + 20),
    };
    return RTCP_OK;
}

/* Sign extension of the 24 bits of "cumulative number of packets lost". */
static int32_t read_i24(const uint8_t *p)
{
    int32_t value = (int32_t)bytes_read_u24(p);
    return value & 0x800000 ? value - 0x1000000 : value;
}

RtcpResult rtcp_report_get(const RtcpPacket *packet, unsigned index, RtcpReportBlock *ret_block)
{
    if (packet->type != RTCP_SR && packet->type != RTCP_RR)
        return RTCP_BAD_TYPE;
    size_t start = packet->type == RTCP_SR ? SENDER_INFO_SIZE : 4;
    if (packet->body_size < start)
        return RTCP_TOO_SHORT;
    if (packet->body_size - start < (size_t)packet->count * REPORT_BLOCK_SIZE)
        return RTCP_BAD_COUNT;
    if (index >= packet->count)
        return RTCP_END;
    const uint8_t *p = packet->body + start + (size_t)index * REPORT_BLOCK_SIZE;
    *ret_block = (RtcpReportBlock){
        .ssrc = bytes_read_u32(p),
        .fraction_lost = p[4],
        .cumulative_lost = read_i24(p + 5),
        .highest_sequence = bytes_read_u32(p + 8),
        .jitter = bytes_read_u32(p + 12),
        .last_sr = bytes_read_u32(p + 16),
        .delay_since_last_sr = bytes_read_u32(p + 20),
    };
    return RTCP_OK;
}

/* One SDES chunk (RFC 3550, section 6.5): SSRC, items of type, length, text; a null octet ends the
 * list and further ones fill the word. Moves *offset behind the chunk. */
static RtcpResult read_chunk(const RtcpPacket *packet, size_t *offset, RtcpCname *ret_cname)
{
    const uint8_t *body = packet->body;
    size_t size = packet->body_size;
    size_t at = *offset;
    if (size - at < 4)
        return RTCP_TOO_SHORT;
    RtcpCname cname = {.ssrc = bytes_read_u32(body + at)};
    at += 4;
    while (at < size && body[at] != 0) {
        if (size - at < 2 || size - at - 2 < body[at + 1])
            return RTCP_TOO_SHORT;
        if (body[at] == SDES_CNAME && !cname.text) {
            cname.text = (const char *)body + at + 2;
            cname.size = body[at + 1];
        }
        at += 2U + body[at + 1];
    }
    if (at >= size)
        return RTCP_TOO_SHORT; /* no null octet */
    at = (at + 4) & ~(size_t)3;
    if (at > size)
        return RTCP_TOO_SHORT;
    *offset = at;
    *ret_cname = cname;
    return RTCP_OK;
}

RtcpResult rtcp_sdes_get(const RtcpPacket *packet, unsigned index, RtcpCname *ret_cname)
{
    if (packet->type != RTCP_SDES)
        return RTCP_BAD_TYPE;
    if (index >= packet->count)
        return RTCP_END;
    size_t offset = 0;
    RtcpCname cname = {0};
    for (unsigned i = 0; i <= index; i++) {
        RtcpResult result = read_chunk(packet, &offset, &cname);
        if (result != RTCP_OK)
            return result;
    }
    *ret_cname = cname;
    return RTCP_OK;
}

RtcpResult rtcp_bye_parse(const RtcpPacket *packet, RtcpBye *ret_bye)
{
    if (packet->type != RTCP_BYE)
        return RTCP_BAD_TYPE;
    size_t n = packet->count;
    if (packet->body_size < n * 4)
        return RTCP_BAD_COUNT;
    if (packet->body_size > n * 4) { /* RFC 3550, section 6.6: length and text of the reason */
        size_t left = packet->body_size - n * 4 - 1;
        if (packet->body[n * 4] > left)
            return RTCP_BAD_LENGTH;
    }
    *ret_bye = (RtcpBye){.n_ssrcs = n};
    for (size_t i = 0; i < n; i++)
        ret_bye->ssrcs[i] = bytes_read_u32(packet->body + i * 4);
    return RTCP_OK;
}

const char *rtcp_result_name(RtcpResult result)
{
    switch (result) {
    case RTCP_OK:
        return "ok";
    case RTCP_END:
        return "end";
    case RTCP_TOO_SHORT:
        return "too short";
    case RTCP_BAD_VERSION:
        return "bad version";
    case RTCP_BAD_LENGTH:
        return "bad length";
    case RTCP_BAD_PADDING:
        return "bad padding";
    case RTCP_BAD_COUNT:
        return "bad count";
    case RTCP_BAD_TYPE:
        return "bad type";
    case RTCP_BAD_VALUE:
        return "bad value";
    case RTCP_NO_SPACE:
        return "no space";
    }
    return "unknown";
}
