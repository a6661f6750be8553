// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "media/rtp/bytes.h"
#include "media/rtp/rtcp.h"

enum { HEADER_SIZE = 4, REPORT_BLOCK_SIZE = 24, SDES_CNAME = 1 };

uint8_t *rtcp_writer_reserve(RtcpWriter *writer, RtcpType type, uint8_t count, size_t body_size)
{
    size_t size = HEADER_SIZE + body_size;
    if (writer->size > writer->capacity || writer->capacity - writer->size < size ||
        size / 4 > 0x10000)
        return NULL;
    uint8_t *p = writer->data + writer->size;
    p[0] = (uint8_t)(0x80 | (count & 0x1f));
    p[1] = (uint8_t)type;
    bytes_write_u16(p + 2, (uint16_t)(size / 4 - 1));
    writer->size += size;
    return p + HEADER_SIZE;
}

static void write_block(uint8_t *p, const RtcpReportBlock *block)
{
    /* RFC 3550, section 6.4.1: the count of lost packets is clamped, not wrapped. */
    int32_t lost = CLAMP(block->cumulative_lost, -0x800000, 0x7fffff);
    bytes_write_u32(p, block->ssrc);
    p[4] = block->fraction_lost;
    bytes_write_u24(p + 5, (uint32_t)lost & 0xffffff);
    bytes_write_u32(p + 8, block->highest_sequence);
    bytes_write_u32(p + 12, block->jitter);
    bytes_write_u32(p + 16, block->last_sr);
    bytes_write_u32(p + 20, block->delay_since_last_sr);
}

static void write_blocks(uint8_t *p, const RtcpReportBlock *blocks, size_t n_blocks)
{
    for (size_t i = 0; i < n_blocks; i++)
        write_block(p + i * REPORT_BLOCK_SIZE, &blocks[i]);
}

RtcpResult rtcp_write_sr(RtcpWriter *writer, const RtcpSenderInfo *info,
                         const RtcpReportBlock *blocks, size_t n_blocks)
{
    if (n_blocks > RTCP_REPORT_BLOCKS_MAX)
        return RTCP_BAD_COUNT;
    uint8_t *p =
        rtcp_writer_reserve(writer, RTCP_SR, (uint8_t)n_blocks, 24 + n_blocks * REPORT_BLOCK_SIZE);
    if (!p)
        return RTCP_NO_SPACE;
    bytes_write_u32(p, info->ssrc);
    bytes_write_u64(p + 4, info->ntp);
    bytes_write_u32(p + 12, info->rtp_timestamp);
    bytes_write_u32(p + 16, info->n_packets);
    bytes_write_u32(p + 20, info->n_octets);
    write_blocks(p + 24, blocks, n_blocks);
    return RTCP_OK;
}

RtcpResult rtcp_write_rr(RtcpWriter *writer, uint32_t ssrc, const RtcpReportBlock *blocks,
                         size_t n_blocks)
{
    if (n_blocks > RTCP_REPORT_BLOCKS_MAX)
        return RTCP_BAD_COUNT;
    uint8_t *p =
        rtcp_writer_reserve(writer, RTCP_RR, (uint8_t)n_blocks, 4 + n_blocks * REPORT_BLOCK_SIZE);
    if (!p)
        return RTCP_NO_SPACE;
    bytes_write_u32(p, ssrc);
    write_blocks(p + 4, blocks, n_blocks);
    return RTCP_OK;
}

RtcpResult rtcp_write_sdes(RtcpWriter *writer, uint32_t ssrc, const char *cname)
{
    size_t n = strlen(cname);
    if (n == 0 || n > RTCP_CNAME_MAX)
        return RTCP_BAD_VALUE;
    /* SSRC, type, length, text, at least one null octet. */
    size_t body_size = (4 + 2 + n + 1 + 3) & ~(size_t)3;
    uint8_t *p = rtcp_writer_reserve(writer, RTCP_SDES, 1, body_size);
    if (!p)
        return RTCP_NO_SPACE;
    memset(p, 0, body_size);
    bytes_write_u32(p, ssrc);
    p[4] = SDES_CNAME;
    p[5] = (uint8_t)n;
    for (size_t i = 0; i < n; i++)
        p[6 + i] = (uint8_t)cname[i];
    return RTCP_OK;
}

RtcpResult rtcp_write_bye(RtcpWriter *writer, const uint32_t *ssrcs, size_t n_ssrcs)
{
    if (n_ssrcs > RTCP_REPORT_BLOCKS_MAX)
        return RTCP_BAD_COUNT;
    uint8_t *p = rtcp_writer_reserve(writer, RTCP_BYE, (uint8_t)n_ssrcs, n_ssrcs * 4);
    if (!p)
        return RTCP_NO_SPACE;
    for (size_t i = 0; i < n_ssrcs; i++)
        bytes_write_u32(p + i * 4, ssrcs[i]);
    return RTCP_OK;
}
