// SPDX-License-Identifier: Apache-2.0
#include "media/relay/feedback.h"
#include "media/rate/report_interval.h"
#include "media/relay/transmit.h"
#include "media/relay/worker.h"
#include "media/rtp/rtcp_fb.h"

enum {
    /* With IPv6, UDP and SRTCP within the 1280 bytes that each path carries (RFC 8200, 5). */
    RTCP_BYTES_MAX = 1200,
    SENDER_FOR_US = 5 * 1000 * 1000, /* RFC 3550, 6.2: its interval, though ours is shorter */
    NACKS_AT_ONCE = 64,              /* 256 bytes of RFC 4585, 6.2.1 at most */
    RATE_WINDOW_US = 1000 * 1000,    /* eight packets of sound at least, of 120 ms */
    NACK_PART = 20,                  /* RFC 3550, 6.2: RTCP has 5 % of the rate */
    /* On `3g` RTCP took 59 of 200 kbit/s of another relay's uplink (tests/netlab); from here on an
     * answer in time is worth more than what asking costs, 15 ms as NACK_VIDEO.reorder_us. */
    WIDE_BPS = 150 * 1000,
    WIDE_NACK_US = 15 * 1000,
    NACK_WAIT_US = 500 * 1000, /* NACK_AUDIO.max_age_us: later it is of no use */
    FEC_LOSS_Q8 = 16,          /* 6 %: see tell_worst_loss() */
    FEC_SOON_LOSS_Q8 = 51,     /* until it is there; the most that libwebrtc hands to its encoder */
    FEC_WORTH_Q8 = 3,          /* a receiver's loss of 1 % */
};

/* Packets are written straight into the reserved buffer of the batch. */
static RtcpWriter begin(const Endpoint *endpoint)
{
    return (RtcpWriter){.data = udp_port_reserve(endpoint->worker->udp),
                        .capacity = RTCP_BYTES_MAX - TRANSMIT_RTCP_HEAD_BYTES};
}

static void send_pli(Layer *layer)
{
    const Source *source = layer->source;
    Endpoint *endpoint = source->endpoint;
    if (layer->ssrc == 0 || !transmit_is_possible(endpoint))
        return;
    const MediaCodec *codec = &endpoint->plan.sections[source->section].codec;
    RtcpWriter writer = begin(endpoint);
    RtcpResult result = RTCP_BAD_VALUE;
    if (codec->pli) {
        result = rtcp_write_pli(&writer, endpoint->rtcp.ssrc, layer->ssrc);
    } else if (codec->fir) {
        RtcpFirEntry entry = {layer->ssrc, layer->fir_sequence++};
        result = rtcp_write_fir(&writer, endpoint->rtcp.ssrc, &entry, 1);
    }
    if (result != RTCP_OK)
        return;
    transmit_rtcp(endpoint, &writer);
    endpoint->worker->stats.plis_sent++;
}

void feedback_request_key_frame(Layer *layer)
{
    if (layer->source->kind == MEDIA_KIND_VIDEO &&
        keyframe_gate_request(&layer->keyframe, layer->source->endpoint->worker->now_us))
        send_pli(layer);
}

static void write_nack(Layer *layer, RtcpWriter *writer)
{
    Endpoint *endpoint = layer->source->endpoint;
    uint16_t sequences[NACKS_AT_ONCE];
    size_t n = nack_tracker_collect(layer->nack, endpoint->worker->now_us, endpoint->rtt_us,
                                    sequences, NACKS_AT_ONCE);
    if (layer->source->kind == MEDIA_KIND_AUDIO && !lateness_is_worth_asking(endpoint))
        return;
    if (n > 0 && rtcp_write_nack(writer, endpoint->rtcp.ssrc, layer->ssrc, sequences, n) == RTCP_OK)
        endpoint->worker->stats.nacks_sent += n;
}

/* All in one packet, and the next one when this one's bytes are a twentieth of what the link
 * carries: on a thin one, asking in haste takes what the answer needs. */
static void tick_nacks(Endpoint *endpoint)
{
    int64_t now_us = endpoint->worker->now_us;
    if (now_us < endpoint->rtcp.next_nack_us)
        return;
    RtcpWriter writer = begin(endpoint);
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        Source *source = endpoint->sources[i];
        for (unsigned k = 0; source && k < source->n_layers; k++) {
            if (source->layers[k].nack && source->layers[k].ssrc != 0)
                write_nack(&source->layers[k], &writer);
        }
    }
    if (writer.size == 0)
        return;
    transmit_rtcp(endpoint, &writer);
    uint64_t bits = transmit_wire_bytes(endpoint, writer.size + TRANSMIT_RTCP_TRAILER_BYTES) * 8;
    uint64_t bps = MAX(endpoint->down.pacer.target_bps / NACK_PART, 1);
    uint64_t wait_us = MIN(bits * G_USEC_PER_SEC / bps, (uint64_t)NACK_WAIT_US);
    if (endpoint->down.pacer.target_bps >= WIDE_BPS) /* sound cannot wait, and there is room */
        wait_us = MIN(wait_us, (uint64_t)WIDE_NACK_US);
    endpoint->rtcp.next_nack_us = now_us + (int64_t)wait_us;
}

static void tick_layer(Layer *layer)
{
    const Source *source = layer->source;
    if (layer->nack && nack_tracker_take_given_up(layer->nack) > 0 && source->n_receivers > 0)
        feedback_request_key_frame(layer);
    if (source->kind == MEDIA_KIND_VIDEO &&
        keyframe_gate_poll(&layer->keyframe, source->endpoint->worker->now_us))
        send_pli(layer);
}

static void send_transport_feedback(Endpoint *endpoint)
{
    RtcpWriter writer = begin(endpoint);
    for (;;) {
        RtcpResult result = twcc_receiver_write(endpoint->rtcp.twcc, endpoint->rtcp.ssrc,
                                                endpoint->rtcp.twcc_media_ssrc, &writer);
        if (result == RTCP_OK)
            continue;
        transmit_rtcp(endpoint, &writer);
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

/* Feedback that is soon due comes with a report, which has IP, UDP and SRTCP already: on a thin
 * link they are half of it. */
static void add_transport_feedback(Endpoint *endpoint, RtcpWriter *writer)
{
    int64_t now_us = endpoint->worker->now_us;
    int64_t interval_us = twcc_interval_us(endpoint->rtcp.rate_bps);
    if (writer->size == 0 || endpoint->rtcp.next_twcc_us - now_us > interval_us / 2 ||
        !twcc_receiver_pending(endpoint->rtcp.twcc))
        return;
    if (twcc_receiver_write(endpoint->rtcp.twcc, endpoint->rtcp.ssrc,
                            endpoint->rtcp.twcc_media_ssrc, writer) == RTCP_OK)
        endpoint->rtcp.next_twcc_us = now_us + interval_us;
}

/* A sender's Opus turns its redundancy on by the loss that it is told of its sound: the worst among
 * its receivers counts as well as its own. The cumulative number stays that of its own link, which
 * browsers take for congestion. At 24 kbit/s libopus adds none for less than 6 % (decide_fec() of
 * its encoder), so where it is what is counted on that much is told. */
static void tell_worst_loss(const Source *source, RtcpReportBlock *block)
{
    const UplinkGuard *guard = &source->endpoint->up;
    if (source->kind != MEDIA_KIND_AUDIO)
        return;
    block->fraction_lost = MAX(block->fraction_lost, guard->worst_loss_q8);
    bool is_worth = guard->hint.audio_fec && guard->worst_loss_q8 >= FEC_WORTH_Q8;
    unsigned least = guard->own.fec_us != 0 && !guard->has_fec ? FEC_SOON_LOSS_Q8
                     : guard->own.fec_us != 0 || is_worth      ? FEC_LOSS_Q8
                                                               : 0;
    block->fraction_lost = (uint8_t)MAX(block->fraction_lost, least);
}

static size_t collect_blocks(Endpoint *endpoint, RtcpReportBlock blocks[RTCP_REPORT_BLOCKS_MAX])
{
    size_t n = 0;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        Source *source = endpoint->sources[i];
        for (unsigned k = 0; source && k < source->n_layers && n < RTCP_REPORT_BLOCKS_MAX; k++) {
            Layer *layer = &source->layers[k];
            if (layer->ssrc == 0 ||
                !rtp_stats_report(&layer->stats, layer->ssrc, endpoint->worker->now_us, &blocks[n]))
                continue;
            tell_worst_loss(source, &blocks[n++]);
        }
    }
    return n;
}

/* The outgoing RTP timestamp of the present moment: by the source's own sender report, so that
 * sound and picture of one client stay in time with each other, else by the last packet. */
static uint32_t timestamp_now(const Slot *slot)
{
    const Worker *worker = slot->endpoint->worker;
    const Layer *layer = slot_current_layer(slot);
    if (layer && layer->clock.known) {
        uint64_t at = layer->clock.ntp + layer->source->endpoint->rtcp.ntp_offset;
        int64_t since = (int64_t)(worker_ntp(worker) - at); /* 32.32 seconds */
        int64_t ticks = (int64_t)(((__int128)since * layer->source->clock_rate) >> 32);
        return rtp_rewriter_timestamp(&slot->rewriter, layer->clock.timestamp + (uint32_t)ticks);
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

/* Of the youngest stream to the client; 0: there is none. */
static int64_t flowing_us(const Endpoint *endpoint)
{
    int64_t least_us = INT64_MAX;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const Slot *slot = endpoint->slots[i];
        if (is_reported(slot))
            least_us = MIN(least_us, endpoint->worker->now_us - slot->begun_us);
    }
    return least_us == INT64_MAX ? 0 : least_us;
}

static void report_soon(Endpoint *endpoint)
{
    endpoint->rtcp.next_report_us =
        MIN(endpoint->rtcp.next_report_us, endpoint->worker->now_us + REPORT_INTERVAL_USUAL_US);
}

void feedback_before_packet(Slot *slot)
{
    if (is_reported(slot))
        return;
    slot->begun_us = slot->endpoint->worker->now_us;
    report_soon(slot->endpoint);
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

/* The streams that it names: pictures, or sound while no picture has come. */
static size_t collect_ssrcs(const Endpoint *endpoint, MediaKind kind,
                            uint32_t ssrcs[RTCP_REPORT_BLOCKS_MAX])
{
    size_t n = 0;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const Source *source = endpoint->sources[i];
        if (!source || source->kind != kind)
            continue;
        for (unsigned k = 0; k < source->n_layers && n < RTCP_REPORT_BLOCKS_MAX; k++) {
            if (source->layers[k].ssrc != 0)
                ssrcs[n++] = source->layers[k].ssrc;
        }
    }
    return n;
}

static bool write_cap(const Endpoint *endpoint, uint32_t bps, RtcpWriter *writer)
{
    uint32_t ssrcs[RTCP_REPORT_BLOCKS_MAX];
    bool has_remb = false;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++)
        has_remb = has_remb || (endpoint->sources[i] && endpoint->sources[i]->codec.remb);
    size_t n = collect_ssrcs(endpoint, MEDIA_KIND_VIDEO, ssrcs);
    if (n == 0)
        n = collect_ssrcs(endpoint, MEDIA_KIND_AUDIO, ssrcs);
    return has_remb && n > 0 &&
           rtcp_write_remb(writer, endpoint->rtcp.ssrc, bps, ssrcs, n) == RTCP_OK;
}

bool feedback_cap(Endpoint *endpoint, uint32_t bps)
{
    RtcpWriter writer = begin(endpoint);
    if (!write_cap(endpoint, bps, &writer))
        return false;
    transmit_rtcp(endpoint, &writer);
    report_soon(endpoint); /* with the same, should this one get lost */
    return true;
}

static void tick_reports(Endpoint *endpoint)
{
    int64_t now_us = endpoint->worker->now_us;
    if (now_us < endpoint->rtcp.next_report_us)
        return;
    endpoint->rtcp.next_report_us =
        now_us + report_interval_us(endpoint->down.pacer.target_bps, flowing_us(endpoint));
    RtcpReportBlock blocks[RTCP_REPORT_BLOCKS_MAX];
    size_t n_blocks = collect_blocks(endpoint, blocks);
    RtcpWriter writer = begin(endpoint);
    write_sender_reports(endpoint, &writer, blocks, n_blocks);
    if (endpoint->up.remb_bps > 0)
        (void)write_cap(endpoint, endpoint->up.remb_bps, &writer);
    add_transport_feedback(endpoint, &writer);
    transmit_rtcp(endpoint, &writer);
}

void feedback_tick(Endpoint *endpoint)
{
    if (!transmit_is_possible(endpoint))
        return;
    tick_nacks(endpoint);
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        Source *source = endpoint->sources[i];
        for (unsigned k = 0; source && k < source->n_layers; k++)
            tick_layer(&source->layers[k]);
    }
    tick_reports(endpoint);
    tick_transport_feedback(endpoint);
}

void feedback_bye(Endpoint *endpoint)
{
    if (!transmit_is_possible(endpoint))
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
        transmit_rtcp(endpoint, &writer);
}
