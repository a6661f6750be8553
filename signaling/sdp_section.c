// SPDX-License-Identifier: Apache-2.0
#include "signaling/sdp_section.h"

#include "signaling/sdp_codec.h"
#include "signaling/sdp_number.h"

#include <string.h>

enum { EXTENSION_ID_MAX = 14 }; /* RFC 8285, 4.2: one-byte header */

typedef struct {
    const char *uri;
    size_t offset;
} KnownExtension;

static const KnownExtension known_extensions[] = {
    {"urn:ietf:params:rtp-hdrext:sdes:mid", offsetof(MediaExtensions, mid)},
    {"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", offsetof(MediaExtensions, rid)},
    {"urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
     offsetof(MediaExtensions, repaired_rid)},
    {"urn:ietf:params:rtp-hdrext:ssrc-audio-level", offsetof(MediaExtensions, audio_level)},
    {"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
     offsetof(MediaExtensions, transport_cc)},
    {"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
     offsetof(MediaExtensions, abs_send_time)},
};

static const char *read_extensions(const GstSDPMedia *media, MediaExtensions *extensions)
{
    const char *value;
    for (unsigned i = 0; (value = gst_sdp_media_get_attribute_val_n(media, "extmap", i)); i++) {
        uint64_t id;
        const char *rest;
        /* RFC 8285, 6: 4096 and above are place holders for an answerer to choose from. */
        if (!sdp_number_read(value, 4351, &id, &rest) || id == 0)
            return "a=extmap";
        if (rest[0] == '/') { /* direction */
            rest = strchr(rest, ' ');
            if (!rest)
                return "a=extmap";
            rest++;
        }
        g_autofree char *uri = g_strndup(rest, strcspn(rest, " "));
        for (unsigned k = 0; k < G_N_ELEMENTS(known_extensions); k++) {
            if (id > EXTENSION_ID_MAX || strcmp(uri, known_extensions[k].uri) != 0)
                continue;
            ((uint8_t *)extensions)[known_extensions[k].offset] = (uint8_t)id;
        }
    }
    return NULL;
}

static bool direction_of(const GstSDPMedia *media, const GstSDPMessage *message,
                         MediaDirection *ret_direction)
{
    static const struct {
        const char *name;
        MediaDirection direction;
    } names[] = {
        {"sendrecv", MEDIA_DIRECTION_SENDRECV},
        {"sendonly", MEDIA_DIRECTION_SENDONLY},
        {"recvonly", MEDIA_DIRECTION_RECVONLY},
        {"inactive", MEDIA_DIRECTION_INACTIVE},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        bool has = media ? gst_sdp_media_get_attribute_val(media, names[i].name) != NULL
                         : gst_sdp_message_get_attribute_val(message, names[i].name) != NULL;
        if (has) {
            *ret_direction = names[i].direction;
            return true;
        }
    }
    return false;
}

/* RFC 8866, 6.7: the m-line's own, the session's, or sendrecv. */
static MediaDirection read_direction(const GstSDPMessage *message, const GstSDPMedia *media)
{
    MediaDirection direction = MEDIA_DIRECTION_SENDRECV;
    if (!direction_of(media, message, &direction))
        direction_of(NULL, message, &direction);
    return direction;
}

static void copy_msid(MediaSection *section, const char *value)
{
    const char *blank = strchr(value, ' ');
    size_t length = blank ? (size_t)(blank - value) : strlen(value);
    g_strlcpy(section->stream_id, value, MIN(sizeof section->stream_id, length + 1));
    if (blank)
        g_strlcpy(section->track_id, blank + 1, sizeof section->track_id);
}

/* RFC 5576, 4.2: "FID <primary> <retransmission>"; only the first pair counts. */
static const char *read_fid(const GstSDPMedia *media, MediaSection *section)
{
    const char *value;
    for (unsigned i = 0; (value = gst_sdp_media_get_attribute_val_n(media, "ssrc-group", i)); i++) {
        uint64_t primary, rtx;
        const char *rest;
        if (!g_str_has_prefix(value, "FID "))
            continue;
        if (!sdp_number_read(value + 4, UINT32_MAX, &primary, &rest) ||
            !sdp_number_read(rest, UINT32_MAX, &rtx, NULL) || primary == rtx)
            return "a=ssrc-group";
        section->ssrc = (uint32_t)primary;
        section->rtx_ssrc = (uint32_t)rtx;
        return NULL;
    }
    return NULL;
}

static const char *read_ssrcs(const GstSDPMedia *media, MediaSection *section)
{
    const char *fault = read_fid(media, section);
    if (fault)
        return fault;
    const char *value;
    for (unsigned i = 0; (value = gst_sdp_media_get_attribute_val_n(media, "ssrc", i)); i++) {
        uint64_t ssrc;
        const char *rest;
        if (!sdp_number_read(value, UINT32_MAX, &ssrc, &rest))
            return "a=ssrc";
        if (section->ssrc == 0)
            section->ssrc = (uint32_t)ssrc;
        if (section->ssrc != ssrc)
            continue;
        if (g_str_has_prefix(rest, "cname:"))
            g_strlcpy(section->cname, rest + strlen("cname:"), sizeof section->cname);
        else if (g_str_has_prefix(rest, "msid:"))
            copy_msid(section, rest + strlen("msid:"));
    }
    const char *msid = gst_sdp_media_get_attribute_val(media, "msid");
    if (msid)
        copy_msid(section, msid);
    return NULL;
}

/* RFC 8853, 5.1: "recv x send h;~l": the list after "send", owned by the caller; NULL: none. */
static char *simulcast_list(const GstSDPMedia *media)
{
    const char *simulcast = gst_sdp_media_get_attribute_val(media, "simulcast");
    if (!simulcast)
        return NULL;
    enum { MAX_PARTS = 4 }; /* two directions with a list each */
    g_auto(GStrv) parts = g_strsplit(simulcast, " ", MAX_PARTS + 1);
    for (unsigned i = 0; parts[i] && parts[i + 1] && i < MAX_PARTS; i += 2)
        if (strcmp(parts[i], "send") == 0)
            return g_strdup(parts[i + 1]);
    return NULL;
}

static bool has_rid(const MediaRid *rids, unsigned n_rids, const char *rid)
{
    for (unsigned i = 0; i < n_rids; i++)
        if (strcmp(rids[i].rid, rid) == 0)
            return true;
    return false;
}

static bool is_rid(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length >= sizeof((MediaRid *)NULL)->rid)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalnum(text[i]) && text[i] != '-' && text[i] != '_')
            return false;
    return true;
}

/* RFC 8851, 10: "<rid> send [restrictions]". */
static const char *read_declared_rids(const GstSDPMedia *media, MediaRid *rids, unsigned *ret_n)
{
    const char *value;
    unsigned n = 0;
    for (unsigned i = 0; (value = gst_sdp_media_get_attribute_val_n(media, "rid", i)); i++) {
        g_auto(GStrv) parts = g_strsplit(value, " ", 3);
        if (!parts[0] || !parts[1] || !is_rid(parts[0]))
            return "a=rid";
        if (strcmp(parts[1], "send") != 0)
            continue;
        if (has_rid(rids, n, parts[0]))
            return "a=rid twice";
        if (n == MEDIA_MAX_RIDS)
            return "number of a=rid";
        g_strlcpy(rids[n++].rid, parts[0], sizeof rids[0].rid);
    }
    *ret_n = n;
    return NULL;
}

/* The layers stand in a=simulcast, in its order (RFC 8853, 5.2); of alternatives ("h,x") the first
 * counts, and a name that no a=rid declares does not. */
static const char *read_rids(const GstSDPMedia *media, MediaSection *section)
{
    enum { MAX_STREAMS = 16 };
    MediaRid declared[MEDIA_MAX_RIDS] = {0};
    unsigned n_declared;
    const char *fault = read_declared_rids(media, declared, &n_declared);
    if (fault)
        return fault;
    g_autofree char *list = simulcast_list(media);
    if (!list)
        return NULL;
    g_auto(GStrv) streams = g_strsplit(list, ";", MAX_STREAMS + 1);
    for (unsigned i = 0; streams[i] && i < MAX_STREAMS; i++) {
        bool is_paused = streams[i][0] == '~';
        char *name = streams[i] + is_paused;
        name[strcspn(name, ",")] = '\0';
        if (!has_rid(declared, n_declared, name) || has_rid(section->rids, section->n_rids, name))
            continue;
        MediaRid *rid = &section->rids[section->n_rids++];
        g_strlcpy(rid->rid, name, sizeof rid->rid);
        rid->active = !is_paused;
    }
    return NULL;
}

static const char *read_mid(const GstSDPMedia *media, MediaSection *section)
{
    const char *mid = gst_sdp_media_get_attribute_val(media, "mid");
    if (!mid)
        return NULL;
    size_t length = strlen(mid);
    if (length == 0 || length >= sizeof section->mid)
        return "a=mid";
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalnum(mid[i]) && !strchr("!#$%&'*+-.^_`{|}~", mid[i]))
            return "a=mid";
    g_strlcpy(section->mid, mid, sizeof section->mid);
    return NULL;
}

static const char *read_ptime(const GstSDPMedia *media, MediaSection *section)
{
    const char *value = gst_sdp_media_get_attribute_val(media, "ptime");
    uint64_t ptime_ms;
    if (!value)
        return NULL;
    if (!sdp_number_read(value, 1000, &ptime_ms, NULL))
        return "a=ptime";
    section->ptime_ms = (unsigned)ptime_ms;
    return NULL;
}

static bool is_carried(const GstSDPMedia *media)
{
    const char *name = gst_sdp_media_get_media(media);
    const char *proto = gst_sdp_media_get_proto(media);
    if (strcmp(name, "audio") != 0 && strcmp(name, "video") != 0)
        return false;
    if (strcmp(proto, "UDP/TLS/RTP/SAVPF") != 0 && strcmp(proto, "TCP/DTLS/RTP/SAVPF") != 0)
        return false;
    /* RFC 8843, 6: port 0 with bundle-only is not a rejected m-line. */
    return gst_sdp_media_get_port(media) != 0 ||
           gst_sdp_media_get_attribute_val(media, "bundle-only") != NULL;
}

static const char *read_carried(const GstSDPMessage *message, const GstSDPMedia *media,
                                MediaSection *section)
{
    const char *fault = sdp_codec_read(media, section);
    if (fault || section->rejected)
        return fault;
    if (!gst_sdp_media_get_attribute_val(media, "rtcp-mux"))
        return "a=rtcp-mux";
    section->reduced_rtcp = gst_sdp_media_get_attribute_val(media, "rtcp-rsize") != NULL;
    section->direction = read_direction(message, media);
    if ((fault = read_extensions(media, &section->extensions)) ||
        (fault = read_ssrcs(media, section)) || (fault = read_rids(media, section)))
        return fault;
    return read_ptime(media, section);
}

/* GstSDP fills the missing parts of an m-line with empty text. */
static bool is_cut_short(const GstSDPMedia *media)
{
    const char *const parts[] = {
        gst_sdp_media_get_media(media),
        gst_sdp_media_get_proto(media),
        gst_sdp_media_formats_len(media) > 0 ? gst_sdp_media_get_format(media, 0) : NULL,
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++)
        if (!parts[i] || parts[i][0] == '\0')
            return true;
    return false;
}

const char *sdp_section_read(const GstSDPMessage *message, const GstSDPMedia *media,
                             MediaSection *section)
{
    const char *name = gst_sdp_media_get_media(media);
    if (is_cut_short(media))
        return "m=";
    const char *fault = read_mid(media, section);
    if (fault)
        return fault;
    section->kind = strcmp(name, "audio") == 0 ? MEDIA_KIND_AUDIO : MEDIA_KIND_VIDEO;
    section->codec.rtx_payload_type = -1;
    g_strlcpy(section->proto_kind, name, sizeof section->proto_kind);
    if (strlen(name) >= sizeof section->proto_kind)
        return "m=";
    if (!is_carried(media)) {
        section->rejected = true;
        return NULL;
    }
    return read_carried(message, media, section);
}
