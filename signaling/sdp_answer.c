// SPDX-License-Identifier: Apache-2.0
#include "signaling/sdp_answer.h"

#include <gst/sdp/gstsdpmessage.h>

#include <string.h>

enum { DISCARD_PORT = 9, COMPONENT_RTP = 1, MAX_PTIME_MS = 120 };

static void G_GNUC_PRINTF(3, 4) add(GstSDPMedia *media, const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *value = g_strdup_vprintf(format, args);
    va_end(args);
    gst_sdp_media_add_attribute(media, name, value);
}

static void add_flag(GstSDPMedia *media, const char *name)
{
    gst_sdp_media_add_attribute(media, name, NULL);
}

static void write_candidates(GstSDPMedia *media, const MediaDescription *answer)
{
    for (unsigned i = 0; i < answer->n_candidates; i++) {
        const MediaCandidate *candidate = &answer->candidates[i];
        add(media, "candidate", "%s %d %s %u %s %u typ host%s", candidate->foundation,
            COMPONENT_RTP, candidate->tcp ? "tcp" : "udp", candidate->priority, candidate->address,
            candidate->port, candidate->tcp ? " tcptype passive" : "");
    }
    add_flag(media, "end-of-candidates");
}

static void write_transport(GstSDPMedia *media, const MediaDescription *answer)
{
    static const char *const setups[] = {
        [MEDIA_SETUP_ACTPASS] = "actpass",
        [MEDIA_SETUP_ACTIVE] = "active",
        [MEDIA_SETUP_PASSIVE] = "passive",
    };
    GString *digest = g_string_new(NULL);
    for (unsigned i = 0; i < sizeof answer->fingerprint; i++)
        g_string_append_printf(digest, "%s%02X", i == 0 ? "" : ":", answer->fingerprint[i]);
    add(media, "ice-ufrag", "%s", answer->ice_ufrag);
    add(media, "ice-pwd", "%s", answer->ice_pwd);
    add(media, "fingerprint", "sha-256 %s", digest->str);
    add(media, "setup", "%s", setups[answer->setup]);
    g_string_free(digest, TRUE);
}

static void write_extensions(GstSDPMedia *media, const MediaExtensions *extensions)
{
    const struct {
        uint8_t id;
        const char *uri;
    } all[] = {
        {extensions->audio_level, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"},
        {extensions->abs_send_time, "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"},
        {extensions->transport_cc,
         "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"},
        {extensions->mid, "urn:ietf:params:rtp-hdrext:sdes:mid"},
        {extensions->rid, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"},
        {extensions->repaired_rid, "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i].id != 0)
            add(media, "extmap", "%u %s", all[i].id, all[i].uri);
}

static void write_feedback(GstSDPMedia *media, const MediaCodec *codec)
{
    unsigned pt = codec->payload_type;
    if (codec->remb)
        add(media, "rtcp-fb", "%u goog-remb", pt);
    if (codec->transport_cc)
        add(media, "rtcp-fb", "%u transport-cc", pt);
    if (codec->fir)
        add(media, "rtcp-fb", "%u ccm fir", pt);
    if (codec->nack)
        add(media, "rtcp-fb", "%u nack", pt);
    if (codec->pli)
        add(media, "rtcp-fb", "%u nack pli", pt);
}

static void write_parameters(GstSDPMedia *media, const MediaSection *section)
{
    GString *text = g_string_new(NULL);
    switch (section->codec.name) {
    case MEDIA_CODEC_OPUS:
        g_string_append(text, section->opus_fmtp);
        break;
    case MEDIA_CODEC_VP8:
        break;
    case MEDIA_CODEC_H264: /* RFC 6184, 8.1 */
        g_string_append_printf(
            text, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=%06x",
            section->codec.h264_profile_level);
        break;
    case MEDIA_CODEC_VP9:
        g_string_append(text, "profile-id=0");
        break;
    }
    /* libwebrtc's own parameter; without it its first estimate is 300 kbit/s. */
    if (section->start_kbps != 0)
        g_string_append_printf(text, "%sx-google-start-bitrate=%u", text->len ? ";" : "",
                               section->start_kbps);
    if (text->len)
        add(media, "fmtp", "%u %s", section->codec.payload_type, text->str);
    g_string_free(text, TRUE);
}

static void write_codec(GstSDPMedia *media, const MediaSection *section)
{
    const MediaCodec *codec = &section->codec;
    unsigned pt = codec->payload_type;
    bool is_audio = section->kind == MEDIA_KIND_AUDIO;
    add(media, "rtpmap", "%u %s/%s", pt, media_codec_name(codec->name),
        is_audio ? "48000/2" : "90000");
    write_feedback(media, codec);
    write_parameters(media, section);
    if (codec->red_payload_type >= 0) {
        add(media, "rtpmap", "%d red/48000/2", codec->red_payload_type);
        add(media, "fmtp", "%d %u/%u", codec->red_payload_type, pt, pt);
    }
    if (codec->rtx_payload_type >= 0) {
        add(media, "rtpmap", "%d rtx/90000", codec->rtx_payload_type);
        add(media, "fmtp", "%d apt=%u", codec->rtx_payload_type, pt);
    }
    /* Chromium follows ptime only beside a maxptime. */
    if (section->ptime_ms != 0) {
        add(media, "ptime", "%u", section->ptime_ms);
        add(media, "maxptime", "%d", MAX_PTIME_MS);
    }
}

/* What the server sends: SSRCs that stay the same whosever media they carry. */
static void write_ssrcs(GstSDPMedia *media, const MediaSection *section)
{
    if (section->ssrc == 0 || !(section->direction & MEDIA_DIRECTION_SENDONLY))
        return;
    if (section->stream_id[0] != '\0')
        add(media, "msid", "%s %s", section->stream_id, section->track_id);
    const uint32_t ssrcs[] = {section->ssrc, section->rtx_ssrc};
    if (section->rtx_ssrc != 0)
        add(media, "ssrc-group", "FID %u %u", section->ssrc, section->rtx_ssrc);
    for (unsigned i = 0; i < G_N_ELEMENTS(ssrcs); i++) {
        if (ssrcs[i] == 0)
            continue;
        add(media, "ssrc", "%u cname:%s", ssrcs[i], section->cname);
        if (section->stream_id[0] != '\0')
            add(media, "ssrc", "%u msid:%s %s", ssrcs[i], section->stream_id, section->track_id);
    }
}

/* RFC 8853: the answerer receives what the offerer sends. */
static void write_rids(GstSDPMedia *media, const MediaSection *section)
{
    if (section->n_rids == 0)
        return;
    GString *list = g_string_new("recv ");
    for (unsigned i = 0; i < section->n_rids; i++) {
        const MediaRid *rid = &section->rids[i];
        add(media, "rid", "%s recv", rid->rid);
        g_string_append_printf(list, "%s%s%s", i == 0 ? "" : ";", rid->active ? "" : "~", rid->rid);
    }
    add(media, "simulcast", "%s", list->str);
    g_string_free(list, TRUE);
}

static void write_accepted(GstSDPMedia *media, const MediaDescription *answer,
                           const MediaSection *section)
{
    static const char *const directions[] = {
        [MEDIA_DIRECTION_INACTIVE] = "inactive",
        [MEDIA_DIRECTION_SENDONLY] = "sendonly",
        [MEDIA_DIRECTION_RECVONLY] = "recvonly",
        [MEDIA_DIRECTION_SENDRECV] = "sendrecv",
    };
    /* The first is what the client sends: plain Opus, though it may receive RED. */
    const int formats[] = {section->codec.payload_type, section->codec.red_payload_type,
                           section->codec.rtx_payload_type};
    gst_sdp_media_set_port_info(media, DISCARD_PORT, 1);
    gst_sdp_media_set_proto(media, "UDP/TLS/RTP/SAVPF");
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autofree char *format = g_strdup_printf("%d", formats[i]);
        if (formats[i] >= 0)
            gst_sdp_media_add_format(media, format);
    }
    gst_sdp_media_add_connection(media, "IN", "IP4", "0.0.0.0", 0, 0);
    add(media, "mid", "%s", section->mid);
    write_transport(media, answer);
    add_flag(media, directions[section->direction]);
    add_flag(media, "rtcp-mux");
    if (section->reduced_rtcp)
        add_flag(media, "rtcp-rsize");
    write_extensions(media, &section->extensions);
    write_codec(media, section);
    write_rids(media, section);
    write_ssrcs(media, section);
}

static void write_rejected(GstSDPMedia *media, const MediaSection *section)
{
    bool is_application = strcmp(section->proto_kind, "application") == 0;
    gst_sdp_media_set_port_info(media, 0, 1);
    gst_sdp_media_set_proto(media, is_application ? "UDP/DTLS/SCTP" : "UDP/TLS/RTP/SAVPF");
    gst_sdp_media_add_format(media, is_application ? "webrtc-datachannel" : "0");
    gst_sdp_media_add_connection(media, "IN", "IP4", "0.0.0.0", 0, 0);
    if (section->mid[0] != '\0')
        add(media, "mid", "%s", section->mid);
    add_flag(media, "inactive");
}

static const char *section_name(const MediaSection *section)
{
    if (section->rejected && section->proto_kind[0] != '\0')
        return section->proto_kind;
    return section->kind == MEDIA_KIND_AUDIO ? "audio" : "video";
}

static void write_session(GstSDPMessage *message, const MediaDescription *answer,
                          uint64_t session_id, unsigned version)
{
    g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, session_id);
    g_autofree char *version_text = g_strdup_printf("%u", version);
    gst_sdp_message_set_version(message, "0");
    gst_sdp_message_set_origin(message, "-", id, version_text, "IN", "IP4", "0.0.0.0");
    gst_sdp_message_set_session_name(message, "-");
    gst_sdp_message_add_time(message, "0", "0", NULL);
    if (answer->ice_lite)
        gst_sdp_message_add_attribute(message, "ice-lite", NULL);
    GString *group = g_string_new("BUNDLE");
    for (unsigned i = 0; i < answer->n_sections; i++)
        if (!answer->sections[i].rejected)
            g_string_append_printf(group, " %s", answer->sections[i].mid);
    gst_sdp_message_add_attribute(message, "group", group->str);
    gst_sdp_message_add_attribute(message, "msid-semantic", " WMS *");
    g_string_free(group, TRUE);
}

char *sdp_answer_write(const MediaDescription *answer, uint64_t session_id, unsigned version)
{
    GstSDPMessage *message = NULL;
    bool has_candidates = false;
    gst_sdp_message_new(&message);
    write_session(message, answer, session_id, version);
    for (unsigned i = 0; i < answer->n_sections; i++) {
        const MediaSection *section = &answer->sections[i];
        GstSDPMedia *media = NULL;
        gst_sdp_media_new(&media);
        gst_sdp_media_set_media(media, section_name(section));
        if (section->rejected) {
            write_rejected(media, section);
        } else {
            write_accepted(media, answer, section);
            /* RFC 8843, 7.1.1: candidates stand in the tagged m-line alone. */
            if (!has_candidates)
                write_candidates(media, answer);
            has_candidates = true;
        }
        gst_sdp_message_add_media(message, media); /* takes the content */
        gst_sdp_media_free(media);
    }
    char *text = gst_sdp_message_as_text(message);
    gst_sdp_message_free(message);
    return text;
}
