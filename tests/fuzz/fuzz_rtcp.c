// SPDX-License-Identifier: Apache-2.0
// RTCP: every parser on every packet of a compound; what was read is written and read again.
#include <glib.h>

#include "media/rtp/bytes.h"
#include "media/rtp/rtcp_fb.h"
#include "media/rtp/rtcp_twcc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static RtcpPacket read_back(const RtcpWriter *writer)
{
    RtcpIter iter;
    RtcpPacket packet = {0};
    rtcp_iter_init(&iter, writer->data, writer->size);
    g_assert(rtcp_iter_next(&iter, &packet) == RTCP_OK);
    return packet;
}

static bool same_block(const RtcpReportBlock *a, const RtcpReportBlock *b)
{
    return a->ssrc == b->ssrc && a->fraction_lost == b->fraction_lost &&
           a->cumulative_lost == b->cumulative_lost && a->highest_sequence == b->highest_sequence &&
           a->jitter == b->jitter && a->last_sr == b->last_sr &&
           a->delay_since_last_sr == b->delay_since_last_sr;
}

static void try_reports(const RtcpPacket *packet)
{
    RtcpSenderInfo info;
    RtcpReportBlock blocks[RTCP_REPORT_BLOCKS_MAX];
    unsigned n = 0;
    while (n < RTCP_REPORT_BLOCKS_MAX && rtcp_report_get(packet, n, &blocks[n]) == RTCP_OK)
        n++;
    uint8_t data[1024];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    if (rtcp_sr_parse(packet, &info) == RTCP_OK)
        g_assert(rtcp_write_sr(&writer, &info, blocks, n) == RTCP_OK);
    else
        g_assert(rtcp_write_rr(&writer, 1, blocks, n) == RTCP_OK);
    RtcpPacket again = read_back(&writer);
    for (unsigned i = 0; i < n; i++) {
        RtcpReportBlock block;
        g_assert(rtcp_report_get(&again, i, &block) == RTCP_OK);
        g_assert(same_block(&block, &blocks[i]));
    }
}

static void try_sdes_and_bye(const RtcpPacket *packet)
{
    RtcpCname cname;
    for (unsigned i = 0; rtcp_sdes_get(packet, i, &cname) == RTCP_OK; i++) {
        if (!cname.text)
            continue;
        const uint8_t *text = (const uint8_t *)cname.text;
        g_assert(text >= packet->body && text + cname.size <= packet->body + packet->body_size);
    }
    RtcpBye bye;
    if (rtcp_bye_parse(packet, &bye) == RTCP_OK)
        g_assert(bye.n_ssrcs <= RTCP_REPORT_BLOCKS_MAX);
}

static void try_feedback(const RtcpPacket *packet)
{
    uint32_t ssrc = 0;
    uint16_t sequences[512];
    size_t n = 0;
    if (rtcp_sender_ssrc(packet, &ssrc) == RTCP_OK)
        g_assert(ssrc == bytes_read_u32(packet->body));
    if (rtcp_pli_parse(packet, &ssrc) == RTCP_OK)
        g_assert(ssrc == bytes_read_u32(packet->body + 4));
    if (rtcp_nack_parse(packet, &ssrc, sequences, G_N_ELEMENTS(sequences), &n) == RTCP_OK)
        g_assert(n > 0 && n <= G_N_ELEMENTS(sequences));
    RtcpFirEntry entry;
    for (unsigned i = 0; rtcp_fir_get(packet, i, &entry) == RTCP_OK; i++)
        g_assert(i < packet->body_size);
    RtcpRemb remb;
    if (rtcp_remb_parse(packet, &remb) != RTCP_OK)
        return;
    uint32_t ssrcs[RTCP_REMB_SSRCS_MAX];
    for (unsigned i = 0; i < remb.n_ssrcs; i++)
        ssrcs[i] = bytes_read_u32(remb.ssrcs + (size_t)4 * i);
    uint8_t data[1100];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    g_assert(rtcp_write_remb(&writer, 1, remb.bitrate_bps, ssrcs, remb.n_ssrcs) == RTCP_OK);
    RtcpPacket again = read_back(&writer);
    RtcpRemb read;
    g_assert(rtcp_remb_parse(&again, &read) == RTCP_OK);
    g_assert(read.n_ssrcs == remb.n_ssrcs);
    g_assert(read.bitrate_bps == remb.bitrate_bps || remb.bitrate_bps == UINT64_MAX);
}

static void try_twcc(const RtcpPacket *packet)
{
    static RtcpTwccStatus statuses[RTCP_TWCC_STATUSES_MAX];
    static RtcpTwccStatus again[RTCP_TWCC_STATUSES_MAX];
    RtcpTwccInfo info;
    size_t n = 0;
    if (rtcp_twcc_parse(packet, &info, statuses, RTCP_TWCC_STATUSES_MAX, &n) != RTCP_OK)
        return;
    g_assert(n > 0 && n <= RTCP_TWCC_STATUSES_MAX);
    uint8_t data[4096];
    size_t n_written = 0;
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    if (rtcp_write_twcc(&writer, &info, statuses, n, &n_written) != RTCP_OK)
        return; /* nothing was received */
    RtcpPacket written = read_back(&writer);
    size_t n_again = 0;
    g_assert(rtcp_twcc_parse(&written, &info, again, RTCP_TWCC_STATUSES_MAX, &n_again) == RTCP_OK);
    g_assert(n_again == n_written && n_written <= n);
    int64_t lap_us = INT64_C(64000) << 24; /* the reference time's 24 bits */
    for (size_t i = 0; i < n_again; i++) {
        g_assert(again[i].sequence == statuses[i].sequence);
        g_assert(again[i].received == statuses[i].received);
        g_assert((again[i].arrival_us - statuses[i].arrival_us) % lap_us == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    RtcpIter iter;
    RtcpPacket packet;
    rtcp_iter_init(&iter, data, size);
    while (rtcp_iter_next(&iter, &packet) == RTCP_OK) {
        g_assert(packet.body >= data && packet.body + packet.body_size <= data + size);
        try_reports(&packet);
        try_sdes_and_bye(&packet);
        try_feedback(&packet);
        try_twcc(&packet);
    }
    return 0;
}
