// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/rtcp_fb.h"

#include "media/rtp/bytes.h"
#include "media/rtp/sequence.h"

enum {
    COMMON_SIZE = 8, /* both SSRCs */
    NACK_ITEM_SIZE = 4,
    FIR_ENTRY_SIZE = 8,
    REMB_IDENTIFIER = 0x52454d42, /* "REMB" */
    REMB_FIXED_SIZE = 8,
    REMB_MANTISSA_BITS = 18,
};

RtcpResult rtcp_feedback_parse(const RtcpPacket *packet, RtcpFeedback *ret_feedback)
{
    if (packet->type != RTCP_RTPFB && packet->type != RTCP_PSFB)
        return RTCP_BAD_TYPE;
    if (packet->body_size < COMMON_SIZE)
        return RTCP_TOO_SHORT;
    *ret_feedback = (RtcpFeedback){
        .sender_ssrc = bytes_read_u32(packet->body),
        .media_ssrc = bytes_read_u32(packet->body + 4),
        .fci = packet->body + COMMON_SIZE,
        .fci_size = packet->body_size - COMMON_SIZE,
    };
    return RTCP_OK;
}

static RtcpResult parse_format(const RtcpPacket *packet, RtcpType type, uint8_t format,
                               RtcpFeedback *ret_feedback)
{
    if (packet->type != type || packet->count != format)
        return RTCP_BAD_TYPE;
    return rtcp_feedback_parse(packet, ret_feedback);
}

/*  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |            PID                |             BLP               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * Bit i of BLP, the lowest being 0, stands for PID + i + 1. */
static size_t expand_item(const uint8_t *item, uint16_t *sequences, size_t max)
{
    uint16_t pid = bytes_read_u16(item);
    uint16_t blp = bytes_read_u16(item + 2);
    size_t n = 0;
    if (n < max)
        sequences[n++] = pid;
    for (unsigned bit = 0; bit < 16 && n < max; bit++) {
        if (blp & (1U << bit))
            sequences[n++] = (uint16_t)(pid + bit + 1);
    }
    return n;
}

RtcpResult rtcp_nack_parse(const RtcpPacket *packet, uint32_t *ret_media_ssrc, uint16_t *sequences,
                           size_t max, size_t *ret_n)
{
    RtcpFeedback feedback;
    RtcpResult result = parse_format(packet, RTCP_RTPFB, RTCP_RTPFB_NACK, &feedback);
    if (result != RTCP_OK)
        return result;
    /* RFC 4585, section 6.2.1: at least one item. */
    if (feedback.fci_size < NACK_ITEM_SIZE || feedback.fci_size % NACK_ITEM_SIZE != 0)
        return RTCP_BAD_LENGTH;
    size_t n = 0;
    for (size_t at = 0; at < feedback.fci_size && n < max; at += NACK_ITEM_SIZE)
        n += expand_item(feedback.fci + at, sequences + n, max - n);
    *ret_media_ssrc = feedback.media_ssrc;
    *ret_n = n;
    return RTCP_OK;
}

RtcpResult rtcp_pli_parse(const RtcpPacket *packet, uint32_t *ret_media_ssrc)
{
    RtcpFeedback feedback;
    RtcpResult result = parse_format(packet, RTCP_PSFB, RTCP_PSFB_PLI, &feedback);
    if (result == RTCP_OK)
        *ret_media_ssrc = feedback.media_ssrc;
    return result;
}

/*  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                              SSRC                             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Seq nr.       |    Reserved                                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+ */
RtcpResult rtcp_fir_get(const RtcpPacket *packet, unsigned index, RtcpFirEntry *ret_entry)
{
    RtcpFeedback feedback;
    RtcpResult result = parse_format(packet, RTCP_PSFB, RTCP_PSFB_FIR, &feedback);
    if (result != RTCP_OK)
        return result;
    if (feedback.fci_size < FIR_ENTRY_SIZE || feedback.fci_size % FIR_ENTRY_SIZE != 0)
        return RTCP_BAD_LENGTH;
    if (index >= feedback.fci_size / FIR_ENTRY_SIZE)
        return RTCP_END;
    const uint8_t *p = feedback.fci + (size_t)index * FIR_ENTRY_SIZE;
    *ret_entry = (RtcpFirEntry){.ssrc = bytes_read_u32(p), .sequence = p[4]};
    return RTCP_OK;
}

/*  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Unique identifier 'R' 'E' 'M' 'B'                            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Num SSRC     | BR Exp    |  BR Mantissa                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   SSRC feedback                                               | */
RtcpResult rtcp_remb_parse(const RtcpPacket *packet, RtcpRemb *ret_remb)
{
    RtcpFeedback feedback;
    RtcpResult result = parse_format(packet, RTCP_PSFB, RTCP_PSFB_APPLICATION, &feedback);
    if (result != RTCP_OK)
        return result;
    const uint8_t *p = feedback.fci;
    if (feedback.fci_size < REMB_FIXED_SIZE)
        return RTCP_TOO_SHORT;
    if (bytes_read_u32(p) != REMB_IDENTIFIER)
        return RTCP_BAD_TYPE;
    if (feedback.fci_size - REMB_FIXED_SIZE < (size_t)p[4] * 4)
        return RTCP_BAD_COUNT;
    unsigned exponent = p[5] >> 2;
    uint64_t mantissa = bytes_read_u24(p + 5) & ((1U << REMB_MANTISSA_BITS) - 1);
    bool overflows =
        mantissa != 0 && exponent > 64 - REMB_MANTISSA_BITS && mantissa >> (64 - exponent) != 0;
    *ret_remb = (RtcpRemb){
        .sender_ssrc = feedback.sender_ssrc,
        .bitrate_bps = overflows ? UINT64_MAX : mantissa << exponent,
        .n_ssrcs = p[4],
        .ssrcs = p + REMB_FIXED_SIZE,
    };
    return RTCP_OK;
}

static uint8_t *reserve(RtcpWriter *writer, RtcpType type, uint8_t format, uint32_t sender_ssrc,
                        size_t fci_size)
{
    uint8_t *p = rtcp_writer_reserve(writer, type, format, COMMON_SIZE + fci_size);
    if (!p)
        return NULL;
    bytes_write_u32(p, sender_ssrc);
    bytes_write_u32(p + 4, 0);
    return p + COMMON_SIZE;
}

/* Packs SEQUENCES into items; writes them when P is given, and counts them. */
static size_t pack_items(const uint16_t *sequences, size_t n, uint8_t *p)
{
    size_t n_items = 0;
    for (size_t i = 0; i < n;) {
        uint16_t pid = sequences[i++];
        uint16_t blp = 0;
        while (i < n) {
            int ahead = sequence_diff(sequences[i], pid);
            if (ahead < 0 || ahead > 16)
                break;
            if (ahead > 0)
                blp |= (uint16_t)(1U << (ahead - 1));
            i++;
        }
        if (p) {
            bytes_write_u16(p + n_items * NACK_ITEM_SIZE, pid);
            bytes_write_u16(p + n_items * NACK_ITEM_SIZE + 2, blp);
        }
        n_items++;
    }
    return n_items;
}

RtcpResult rtcp_write_nack(RtcpWriter *writer, uint32_t sender_ssrc, uint32_t media_ssrc,
                           const uint16_t *sequences, size_t n)
{
    if (n == 0)
        return RTCP_BAD_COUNT;
    size_t n_items = pack_items(sequences, n, NULL);
    uint8_t *p =
        reserve(writer, RTCP_RTPFB, RTCP_RTPFB_NACK, sender_ssrc, n_items * NACK_ITEM_SIZE);
    if (!p)
        return RTCP_NO_SPACE;
    bytes_write_u32(p - 4, media_ssrc);
    (void)pack_items(sequences, n, p);
    return RTCP_OK;
}

RtcpResult rtcp_write_pli(RtcpWriter *writer, uint32_t sender_ssrc, uint32_t media_ssrc)
{
    uint8_t *p = reserve(writer, RTCP_PSFB, RTCP_PSFB_PLI, sender_ssrc, 0);
    if (!p)
        return RTCP_NO_SPACE;
    bytes_write_u32(p - 4, media_ssrc);
    return RTCP_OK;
}

RtcpResult rtcp_write_fir(RtcpWriter *writer, uint32_t sender_ssrc, const RtcpFirEntry *entries,
                          size_t n)
{
    if (n == 0)
        return RTCP_BAD_COUNT;
    /* RFC 5104, section 4.3.1.2: the SSRC of media source is 0, the entries name the streams. */
    uint8_t *p = reserve(writer, RTCP_PSFB, RTCP_PSFB_FIR, sender_ssrc, n * FIR_ENTRY_SIZE);
    if (!p)
        return RTCP_NO_SPACE;
    for (size_t i = 0; i < n; i++, p += FIR_ENTRY_SIZE) {
        bytes_write_u32(p, entries[i].ssrc);
        bytes_write_u32(p + 4, (uint32_t)entries[i].sequence << 24);
    }
    return RTCP_OK;
}

RtcpResult rtcp_write_remb(RtcpWriter *writer, uint32_t sender_ssrc, uint64_t bitrate_bps,
                           const uint32_t *ssrcs, size_t n)
{
    if (n > RTCP_REMB_SSRCS_MAX)
        return RTCP_BAD_COUNT;
    uint8_t *p =
        reserve(writer, RTCP_PSFB, RTCP_PSFB_APPLICATION, sender_ssrc, REMB_FIXED_SIZE + n * 4);
    if (!p)
        return RTCP_NO_SPACE;
    unsigned exponent = 0;
    while (bitrate_bps >> exponent >= 1U << REMB_MANTISSA_BITS)
        exponent++;
    bytes_write_u32(p, REMB_IDENTIFIER);
    p[4] = (uint8_t)n;
    bytes_write_u24(p + 5, (exponent << REMB_MANTISSA_BITS) | (uint32_t)(bitrate_bps >> exponent));
    for (size_t i = 0; i < n; i++)
        bytes_write_u32(p + REMB_FIXED_SIZE + i * 4, ssrcs[i]);
    return RTCP_OK;
}
