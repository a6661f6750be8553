// SPDX-License-Identifier: Apache-2.0
#include "media/relay/control.h"
#include "media/relay/slot_audio.h"
#include "media/relay/slot_video.h"
#include "media/relay/worker.h"
#include "media/rtp/rtcp_fb.h"

enum { NACKED_AT_ONCE = 256 };

static Slot *find_slot(Endpoint *endpoint, uint32_t ssrc)
{
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        if (endpoint->slots[i] && endpoint->slots[i]->ssrc == ssrc)
            return endpoint->slots[i];
    }
    return NULL;
}

static Layer *find_layer(Endpoint *endpoint, uint32_t ssrc)
{
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        Source *source = endpoint->sources[i];
        for (unsigned k = 0; source && k < source->n_layers; k++) {
            if (source->layers[k].ssrc == ssrc)
                return &source->layers[k];
        }
    }
    return NULL;
}

static void on_sender_report(Endpoint *endpoint, const RtcpPacket *packet)
{
    RtcpSenderInfo info;
    if (rtcp_sr_parse(packet, &info) != RTCP_OK)
        return;
    Layer *layer = find_layer(endpoint, info.ssrc);
    if (!layer)
        return;
    rtp_stats_on_sr(&layer->stats, info.ntp, endpoint->worker->now_us);
    if (!endpoint->rtcp.has_ntp_offset) {
        /* One distance for all streams of the client: what is in time there stays in time here. */
        endpoint->rtcp.has_ntp_offset = true;
        endpoint->rtcp.ntp_offset = worker_ntp(endpoint->worker) - info.ntp;
    }
    layer->clock = (SenderClock){true, info.ntp, info.rtp_timestamp};
}

/* What the blocks of one report say together. */
typedef struct {
    bool is_ours;
    unsigned n_sent;
    unsigned n_lost;
    int64_t rtt_us; /* 0: not known */
    int64_t asked_us;
} Told;

/* RFC 6298's smoothing; a measured value is at least 1 us, as 0 stands for "not known". */
static void note_round_trip(Endpoint *endpoint, int64_t rtt_us)
{
    uplink_on_round_trip(&endpoint->up.uplink, rtt_us, endpoint->worker->now_us);
    /* A queue comes over several reports and goes at once. */
    int64_t weight = rtt_us < endpoint->rtt_us ? 2 : 8;
    endpoint->rtt_us =
        endpoint->has_rtt ? MAX((endpoint->rtt_us * (weight - 1) + rtt_us) / weight, 1) : rtt_us;
    endpoint->has_rtt = true;
}

static void on_report_block(Endpoint *endpoint, const RtcpReportBlock *block, Told *told)
{
    Slot *slot = find_slot(endpoint, block->ssrc);
    if (!slot)
        return;
    slot->is_known = true;
    told->is_ours = true;
    endpoint->out[slot->kind].total.jitter_us = (uint32_t)MIN(
        (uint64_t)block->jitter * G_USEC_PER_SEC / slot->rewriter.clock_rate, UINT32_MAX);
    unsigned n_sent;
    unsigned n_lost;
    if (stream_loss_on_report(&slot->loss, block, &n_sent, &n_lost)) {
        told->n_sent += n_sent;
        told->n_lost += n_lost;
    }
    int64_t rtt_us;
    if (!rtp_rtt_us(block, worker_ntp(endpoint->worker), &rtt_us))
        return;
    told->rtt_us = told->rtt_us == 0 ? MAX(rtt_us, 1) : MIN(told->rtt_us, MAX(rtt_us, 1));
    told->asked_us = endpoint->worker->now_us - rtt_us -
                     (int64_t)block->delay_since_last_sr * G_USEC_PER_SEC / 65536;
    note_round_trip(endpoint, MAX(rtt_us, 1));
}

static void on_reports(Endpoint *endpoint, const RtcpPacket *packet)
{
    RtcpReportBlock block;
    Told told = {0};
    for (unsigned i = 0; rtcp_report_get(packet, i, &block) == RTCP_OK; i++)
        on_report_block(endpoint, &block, &told);
    if (told.is_ours)
        send_rate_on_report(endpoint->down.rate,
                            &(SendReport){told.n_sent, told.n_lost, told.rtt_us, told.asked_us},
                            endpoint->worker->now_us);
}

static void on_nack(Endpoint *endpoint, const RtcpPacket *packet)
{
    uint16_t sequences[NACKED_AT_ONCE];
    uint32_t ssrc;
    size_t n;
    if (rtcp_nack_parse(packet, &ssrc, sequences, NACKED_AT_ONCE, &n) != RTCP_OK)
        return;
    Slot *slot = find_slot(endpoint, ssrc);
    for (size_t i = 0; slot && i < n; i++) {
        if (slot->kind == MEDIA_KIND_AUDIO)
            slot_audio_repair(slot, sequences[i]);
        else
            slot_video_repair(slot, sequences[i]);
    }
}

static void on_transport_feedback(Endpoint *endpoint, const RtcpPacket *packet)
{
    Worker *worker = endpoint->worker;
    RtcpTwccInfo info;
    size_t n;
    if (rtcp_twcc_parse(packet, &info, worker->statuses, RTCP_TWCC_STATUSES_MAX, &n) == RTCP_OK)
        downlink_on_feedback(endpoint, worker->statuses, n);
    else
        worker->stats.dropped_malformed++;
}

static void want_key_frame(Endpoint *endpoint, uint32_t ssrc)
{
    Slot *slot = find_slot(endpoint, ssrc);
    if (slot)
        slot_video_want_key_frame(slot);
}

static void on_payload_feedback(Endpoint *endpoint, const RtcpPacket *packet)
{
    uint32_t ssrc;
    if (packet->count == RTCP_PSFB_PLI) {
        if (rtcp_pli_parse(packet, &ssrc) == RTCP_OK)
            want_key_frame(endpoint, ssrc);
    } else if (packet->count == RTCP_PSFB_FIR) {
        RtcpFirEntry entry;
        for (unsigned i = 0; rtcp_fir_get(packet, i, &entry) == RTCP_OK; i++)
            want_key_frame(endpoint, entry.ssrc);
    } else if (packet->count == RTCP_PSFB_APPLICATION) {
        RtcpRemb remb;
        if (rtcp_remb_parse(packet, &remb) == RTCP_OK)
            send_rate_on_remb(endpoint->down.rate, remb.bitrate_bps, endpoint->worker->now_us);
    }
}

void control_rtcp(Endpoint *endpoint, const uint8_t *data, size_t size)
{
    RtcpIter iter;
    RtcpPacket packet;
    RtcpResult result;
    rtcp_iter_init(&iter, data, size);
    while ((result = rtcp_iter_next(&iter, &packet)) == RTCP_OK) {
        switch (packet.type) {
        case RTCP_SR:
            on_sender_report(endpoint, &packet);
            on_reports(endpoint, &packet);
            break;
        case RTCP_RR:
            on_reports(endpoint, &packet);
            break;
        case RTCP_RTPFB:
            if (packet.count == RTCP_RTPFB_NACK)
                on_nack(endpoint, &packet);
            else if (packet.count == RTCP_RTPFB_TWCC)
                on_transport_feedback(endpoint, &packet);
            break;
        case RTCP_PSFB:
            on_payload_feedback(endpoint, &packet);
            break;
        default: /* SDES, BYE, XR, APP: a client's leaving is told by signaling and by silence */
            break;
        }
    }
    if (result != RTCP_END)
        endpoint->worker->stats.dropped_malformed++;
}
