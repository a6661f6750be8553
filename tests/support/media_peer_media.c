// SPDX-License-Identifier: Apache-2.0
/* RTP and RTCP of the test peer. */
#include "media/rtp/bytes.h"
#include "media/rtp/rtcp_fb.h"
#include "media/rtp/rtcp_twcc.h"
#include "media/rtp/rtpext.h"
#include "tests/support/media_peer_private.h"

#include <string.h>

uint32_t media_peer_ssrc(const MediaPeer *peer, unsigned section)
{
    return peer->ssrcs[section];
}

void media_peer_set_ssrc(MediaPeer *peer, unsigned section, uint32_t ssrc)
{
    peer->ssrcs[section] = ssrc;
}

size_t media_peer_protect(MediaPeer *peer, const MediaPeerSend *send, uint8_t *data)
{
    char mid[4];
    uint8_t transport[2];
    bool is_video = send->section % 2 == MEDIA_PEER_VIDEO;
    g_snprintf(mid, sizeof mid, "%u", send->section);
    bool has_rid = is_video && peer->options.n_rids > 0 && !send->is_rtx;
    RtpExtension extensions[4] = {
        {MEDIA_PEER_MID_ID, (uint8_t)strlen(mid), (const uint8_t *)mid},
        {MEDIA_PEER_TWCC_ID, 2, transport},
    };
    RtpBuild build = {
        .marker = send->marker,
        .payload_type = send->is_red   ? MEDIA_PEER_RED_PT
                        : !is_video    ? MEDIA_PEER_AUDIO_PT
                        : send->is_rtx ? MEDIA_PEER_RTX_PT
                                       : MEDIA_PEER_VIDEO_PT,
        .sequence = send->sequence,
        .timestamp = send->timestamp,
        .ssrc = send->is_rtx ? peer->rtx_ssrcs[send->section] : peer->ssrcs[send->section],
        .extensions = extensions,
        .n_extensions = send->no_extensions             ? 0
                        : peer->options.no_transport_cc ? 1
                                                        : 2,
    };
    if (build.n_extensions == 2)
        bytes_write_u16(transport, peer->transport_sequence++);
    if (has_rid) {
        const char *rid = send->layer == 0 ? "h" : "l";
        extensions[build.n_extensions++] =
            (RtpExtension){MEDIA_PEER_RID_ID, 1, (const uint8_t *)rid};
        build.ssrc += 2 * send->layer;
    }
    const MediaSection *answered = &peer->answer.sections[send->section];
    if (!is_video && answered->extensions.audio_level != 0 && !send->no_extensions)
        extensions[build.n_extensions++] = (RtpExtension){MEDIA_PEER_LEVEL_ID, 1, &send->level};
    size_t size;
    g_assert(rtp_build(&build, send->payload, send->n_payload, data, 1500, &size) == RTP_OK);
    g_assert(crypt_protect_rtp(peer->crypt, data, &size) == CRYPT_OK);
    return size;
}

void media_peer_send(MediaPeer *peer, const MediaPeerSend *send)
{
    uint8_t data[2048];
    size_t size = media_peer_protect(peer, send, data);
    media_peer_send_raw(peer, data, size);
}

void media_peer_send_rtcp(MediaPeer *peer, const uint8_t *data, size_t size)
{
    uint8_t packet[2048];
    g_assert(size <= 1500);
    memcpy(packet, data, size);
    g_assert(crypt_protect_rtcp(peer->crypt, packet, &size) == CRYPT_OK);
    media_peer_send_raw(peer, packet, size);
}

void media_peer_take_rtp(MediaPeer *peer, const uint8_t *data, size_t size)
{
    RtpHeader header;
    if (rtp_parse(data, size, &header) != RTP_OK || peer->log.n_packets == MEDIA_PEER_MAX_RECEIVED)
        return;
    MediaPeerPacket *packet = &peer->log.packets[peer->log.n_packets++];
    memset(packet, 0, sizeof *packet);
    packet->header = header;
    RtpExtension extension;
    packet->has_transport_sequence =
        rtpext_find(data, &header, MEDIA_PEER_TWCC_ID, &extension) &&
        rtpext_transport_sequence(&extension, &packet->transport_sequence);
    packet->at_us = media_peer_now_us(peer);
    packet->size = size;
    unsigned one_in = peer->options.loses_one_in;
    if (packet->has_transport_sequence &&
        (one_in == 0 || packet->transport_sequence % one_in != one_in - 1))
        twcc_receiver_on_packet(peer->twcc, packet->transport_sequence, media_peer_now_us(peer));
    packet->n_payload = header.payload_size;
    memcpy(packet->payload, data + header.payload_offset,
           MIN(header.payload_size, (size_t)MEDIA_PEER_KEPT_PAYLOAD));
}

void media_peer_report_arrivals(MediaPeer *peer)
{
    int64_t now_us = media_peer_now_us(peer);
    if (now_us < peer->next_twcc_us || !twcc_receiver_pending(peer->twcc))
        return;
    peer->next_twcc_us = now_us + TWCC_INTERVAL_MIN_US;
    uint8_t data[1200];
    RtcpWriter writer = {.data = data, .capacity = sizeof data};
    while (twcc_receiver_write(peer->twcc, 77, 78, &writer) == RTCP_OK)
        continue;
    media_peer_send_rtcp(peer, data, writer.size);
}

static void take_reports(MediaPeer *peer, const RtcpPacket *packet)
{
    MediaPeerControl *control = &peer->log.control;
    RtcpReportBlock block;
    for (unsigned i = 0; rtcp_report_get(packet, i, &block) == RTCP_OK; i++) {
        control->n_report_blocks++;
        for (unsigned k = 0; k < G_N_ELEMENTS(control->fraction_lost); k++) {
            if (block.ssrc != peer->ssrcs[k])
                continue;
            control->fraction_lost[k] = block.fraction_lost;
            control->cumulative_lost[k] = block.cumulative_lost;
        }
    }
}

static void take_payload_feedback(MediaPeerControl *control, const RtcpPacket *packet)
{
    RtcpRemb remb;
    control->n_plis += packet->count == RTCP_PSFB_PLI;
    if (packet->count != RTCP_PSFB_APPLICATION || rtcp_remb_parse(packet, &remb) != RTCP_OK)
        return;
    control->n_rembs++;
    control->last_remb_bps = remb.bitrate_bps;
}

static void take_feedback(MediaPeerControl *control, const RtcpPacket *packet)
{
    if (packet->count == RTCP_RTPFB_NACK) {
        size_t n;
        control->n_nacks++;
        if (rtcp_nack_parse(packet, &control->nack_ssrc, control->nacked + control->n_nacked,
                            G_N_ELEMENTS(control->nacked) - control->n_nacked, &n) == RTCP_OK)
            control->n_nacked += (unsigned)n;
    } else if (packet->count == RTCP_RTPFB_TWCC) {
        static RtcpTwccStatus statuses[RTCP_TWCC_STATUSES_MAX];
        RtcpTwccInfo info;
        size_t n;
        if (rtcp_twcc_parse(packet, &info, statuses, RTCP_TWCC_STATUSES_MAX, &n) != RTCP_OK)
            return;
        control->n_twcc++;
        for (size_t i = 0; i < n; i++)
            control->n_twcc_received += statuses[i].received;
    }
}

void media_peer_take_rtcp(MediaPeer *peer, const uint8_t *data, size_t size)
{
    MediaPeerControl *control = &peer->log.control;
    RtcpIter iter;
    RtcpPacket packet;
    RtcpSenderInfo info;
    bool has_report = false;
    control->n_reduced += size >= 2 && data[1] != RTCP_SR && data[1] != RTCP_RR;
    rtcp_iter_init(&iter, data, size);
    while (rtcp_iter_next(&iter, &packet) == RTCP_OK) {
        unsigned n_twcc = control->n_twcc;
        has_report = has_report || packet.type == RTCP_SR || packet.type == RTCP_RR;
        switch (packet.type) {
        case RTCP_SR:
            if (rtcp_sr_parse(&packet, &info) == RTCP_OK) {
                control->n_sender_reports++;
                control->last_sr_ssrc = info.ssrc;
                control->last_sr_ntp = info.ntp;
                control->last_sr_timestamp = info.rtp_timestamp;
            }
            take_reports(peer, &packet);
            break;
        case RTCP_RR:
            take_reports(peer, &packet);
            break;
        case RTCP_RTPFB:
            take_feedback(control, &packet);
            if (has_report)
                control->n_twcc_beside_reports += control->n_twcc - n_twcc;
            break;
        case RTCP_PSFB:
            take_payload_feedback(control, &packet);
            break;
        case RTCP_BYE:
            control->n_byes++;
            break;
        default:
            break;
        }
    }
}
