// SPDX-License-Identifier: Apache-2.0
#include "media/relay/feedback.h"
#include "media/relay/worker.h"
#include "media/rtp/rtcp_fb.h"

enum {
    RTCP_BYTES_MAX = 1200,
    REPORT_INTERVAL_US = 1000 * 1000,
    SENDER_FOR_US = 5 * 1000 * 1000,
    NACKS_AT_ONCE = 64,
    RATE_WINDOW_US = 1000 * 1000,
};

static bool can_send(const Endpoint *endpoint)
{
    return endpoint->keys.crypt && endpoint->path.selected && endpoint_is_connected(endpoint);
}

/* Packets are written straight into the reserved buffer of the batch. */
static RtcpWriter begin(const Endpoint *endpoint)
{
    return (RtcpWriter){.data = udp_port_reserve(endpoint->worker->udp),
                        .capacity = RTCP_BYTES_MAX};
}

static void send_rtcp(Endpoint *endpoint, const RtcpWriter *writer)
{
    size_t size = writer->size;
    if (size > 0 && crypt_protect_rtcp(endpoint->keys.crypt, writer->data, &size) == CRYPT_OK)
        udp_port_commit(endpoint->worker->udp, size, &endpoint->path.selected->address);
}

static void send_pli(Source *source)
{
    Endpoint *endpoint = source->endpoint;
    if (source->ssrc == 0 || !can_send(endpoint))
        return;
    const MediaCodec *codec = &endpoint->plan.sections[source->section].codec;
    RtcpWriter writer = begin(endpoint);
    RtcpResult result = RTCP_BAD_VALUE;
    if (codec->pli) {
        result = rtcp_write_pli(&writer, endpoint->rtcp.ssrc, source->ssrc);
    } else if (codec->fir) {
        RtcpFirEntry entry = {source->ssrc, source->fir_sequence++};
        result = rtcp_write_fir(&writer, endpoint->rtcp.ssrc, &entry, 1);
    }
    if (result != RTCP_OK)
        return;
    send_rtcp(endpoint, &writer);
    endpoint->worker->stats.plis_sent++;
}

void feedback_request_key_frame(Source *source)
{
    if (source->kind == MEDIA_KIND_VIDEO &&
        keyframe_gate_request(&source->keyframe, source->endpoint->worker->now_us))
        send_pli(source);
}

static void tick_source(Source *source)
{
    Endpoint *endpoint = source->endpoint;
    int64_t now_us = endpoint->worker->now_us;
    if (source->nack && source->ssrc != 0) {
        uint16_t sequences[NACKS_AT_ONCE];
        size_t n =
            nack_tracker_collect(source->nack, now_us, endpoint->rtt_us, sequences, NACKS_AT_ONCE);
        RtcpWriter writer = begin(endpoint);
        if (n > 0 &&
            rtcp_write_nack(&writer, endpoint->rtcp.ssrc, source->ssrc, sequences, n) == RTCP_OK) {
            send_rtcp(endpoint, &writer);
            endpoint->worker->stats.nacks_sent += n;
        }
        if (nack_tracker_take_given_up(source->nack) > 0 && source->n_receivers > 0)
            feedback_request_key_frame(source);
    }
    if (source->kind == MEDIA_KIND_VIDEO && keyframe_gate_poll(&source->keyframe, now_us))
        send_pli(source);
}

static void send_transport_feedback(Endpoint *endpoint)
{
    RtcpWriter writer = begin(endpoint);
    for (;;) {
        RtcpResult result = twcc_receiver_write(endpoint->rtcp.twcc, endpoint->rtcp.ssrc,
                                                endpoint->rtcp.twcc_media_ssrc, &writer);
        if (result == RTCP_OK)
            continue;
        send_rtcp(endpoint, &writer);
        if (result != RTCP_NO_SPACE || writer.size == 0)
            return;
        writer = begin(endpoint);
    }
}

static void tick_transport_feedback(Endpoint *endpoint)
{
    int64_t now_us = endpoint->worker->now_us;
    int64_t window_us = now_us - endpoint->rtcp.rate_from_us;
    if (window_us >= RATE_WINDOW_US) {
        endpoint->rtcp.rate_bps =
            endpoint->rtcp.rate_bytes * 8 * G_USEC_PER_SEC / (uint64_t)MAX(window_us, 1);
        endpoint->rtcp.rate_bytes = 0;
        endpoint->rtcp.rate_from_us = now_us;
    }
    if (now_us < endpoint->rtcp.next_twcc_us || !twcc_receiver_pending(endpoint->rtcp.twcc))
        return;
    send_transport_feedback(endpoint);
    endpoint->rtcp.next_twcc_us = now_us + twcc_interval_us(endpoint->rtcp.rate_bps);
}

static size_t collect_blocks(Endpoint *endpoint, RtcpReportBlock blocks[MEDIA_MAX_SECTIONS])
{
    size_t n = 0;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        Source *source = endpoint->sources[i];
        if (source && source->ssrc != 0 &&
            rtp_stats_report(&source->stats, source->ssrc, endpoint->worker->now_us, &blocks[n]))
            n++;
    }
    return n;
}

/* The outgoing RTP timestamp of the present moment: by the source's own sender report, so that
 * sound and picture of one client stay in time with each other, else by the last packet. */
static uint32_t timestamp_now(const Slot *slot)
{
    const Worker *worker = slot->endpoint->worker;
    const Source *source = slot->source;
    if (source && source->clock.known && slot->current == source->number) {
        uint64_t at = source->clock.ntp + source->endpoint->rtcp.ntp_offset;
        int64_t since = (int64_t)(worker_ntp(worker) - at); /* 32.32 seconds */
        int64_t ticks = (int64_t)(((__int128)since * source->clock_rate) >> 32);
        return rtp_rewriter_timestamp(&slot->rewriter, source->clock.timestamp + (uint32_t)ticks);
    }
    int64_t since_us = worker->now_us - slot->last_sent_us;
    return slot->last_timestamp + (uint32_t)(since_us * slot->rewriter.clock_rate / G_USEC_PER_SEC);
}

/* RFC 3550, 6.4: who has sent nothing lately is no sender. */
static bool is_reported(const Slot *slot)
{
    return slot && slot->n_packets > 0 &&
           slot->endpoint->worker->now_us - slot->last_sent_us < SENDER_FOR_US;
}

static void write_sender_reports(Endpoint *endpoint, RtcpWriter *writer,
                                 const RtcpReportBlock *blocks, size_t n_blocks)
{
    uint64_t ntp = worker_ntp(endpoint->worker);
    bool any = false;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const Slot *slot = endpoint->slots[i];
        if (!is_reported(slot))
            continue;
        RtcpSenderInfo info = {
            .ssrc = slot->ssrc,
            .ntp = ntp,
            .rtp_timestamp = timestamp_now(slot),
            .n_packets = slot->n_packets,
            .n_octets = slot->n_octets,
        };
        size_t before = writer->size;
        if (rtcp_write_sr(writer, &info, blocks, any ? 0 : n_blocks) != RTCP_OK ||
            rtcp_write_sdes(writer, slot->ssrc, endpoint->plan.sections[i].cname) != RTCP_OK) {
            writer->size = before;
            return;
        }
        any = true;
    }
    if (!any && rtcp_write_rr(writer, endpoint->rtcp.ssrc, blocks, n_blocks) == RTCP_OK &&
        rtcp_write_sdes(writer, endpoint->rtcp.ssrc, "huyula") != RTCP_OK)
        writer->size = 0;
}

static void tick_reports(Endpoint *endpoint)
{
    int64_t now_us = endpoint->worker->now_us;
    if (now_us < endpoint->rtcp.next_report_us)
        return;
    endpoint->rtcp.next_report_us = now_us + REPORT_INTERVAL_US;
    RtcpReportBlock blocks[MEDIA_MAX_SECTIONS];
    size_t n_blocks = collect_blocks(endpoint, blocks);
    RtcpWriter writer = begin(endpoint);
    write_sender_reports(endpoint, &writer, blocks, n_blocks);
    send_rtcp(endpoint, &writer);
}

void feedback_tick(Endpoint *endpoint)
{
    if (!can_send(endpoint))
        return;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        if (endpoint->sources[i])
            tick_source(endpoint->sources[i]);
    }
    tick_transport_feedback(endpoint);
    tick_reports(endpoint);
}

void feedback_bye(Endpoint *endpoint)
{
    if (!can_send(endpoint))
        return;
    uint32_t ssrcs[MEDIA_MAX_SECTIONS + 1];
    size_t n = 0;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        if (endpoint->slots[i])
            ssrcs[n++] = endpoint->slots[i]->ssrc;
    }
    ssrcs[n++] = endpoint->rtcp.ssrc;
    RtcpWriter writer = begin(endpoint);
    if (rtcp_write_rr(&writer, endpoint->rtcp.ssrc, NULL, 0) == RTCP_OK &&
        rtcp_write_bye(&writer, ssrcs, n) == RTCP_OK)
        send_rtcp(endpoint, &writer);
}
