// SPDX-License-Identifier: Apache-2.0
#include "signaling/sdp_section.h"

#include <string.h>

enum {
    PT_MAX = 127,
    PT_FIRST_DYNAMIC = 35, /* RFC 8829 clients use 35-63 and 96-127 */
    PT_MUX_FIRST = 64,     /* RFC 5761, 4: with rtcp-mux 64 to 95 would be taken for RTCP */
    PT_MUX_LAST = 95,
    EXTENSION_ID_MAX = 14, /* RFC 8285, 4.2: one-byte header */
};

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

/* A number at the start of TEXT, up to MAX, ended by a blank, '/' or the end. */
static bool read_number(const char *text, uint64_t max, uint64_t *ret_number, const char **ret_rest)
{
    if (!g_ascii_isdigit(text[0]))
        return false;
    uint64_t number = 0;
    while (g_ascii_isdigit(*text)) {
        number = number * 10 + (uint64_t)(*text++ - '0');
        if (number > max)
            return false;
    }
    if (*text != '\0' && *text != ' ' && *text != '/')
        return false;
    *ret_number = number;
    if (ret_rest)
        *ret_rest = *text == ' ' ? text + 1 : text;
    return true;
}

/* The N-th attribute NAME of payload type PT ("96 VP8/90000"): what follows the number. "*" (RFC
 * 4585, 4.2) stands for every payload type. */
static const char *payload_attribute(const GstSDPMedia *media, const char *name, unsigned pt,
                                     unsigned *n)
{
    const char *value;
    while ((value = gst_sdp_media_get_attribute_val_n(media, name, (*n)++))) {
        uint64_t number;
        const char *rest;
        if (value[0] == '*' && value[1] == ' ')
            return value + 2;
        if (read_number(value, PT_MAX, &number, &rest) && number == pt)
            return rest;
    }
    return NULL;
}

static const char *payload_rtpmap(const GstSDPMedia *media, unsigned pt)
{
    unsigned n = 0;
    return payload_attribute(media, "rtpmap", pt, &n);
}

static bool payload_is_apt(const GstSDPMedia *media, unsigned pt, unsigned primary)
{
    unsigned n = 0;
    const char *parameters;
    while ((parameters = payload_attribute(media, "fmtp", pt, &n))) {
        g_auto(GStrv) parts = g_strsplit(parameters, ";", 16);
        for (unsigned i = 0; parts[i]; i++) {
            uint64_t number;
            const char *part = g_strstrip(parts[i]);
            if (g_str_has_prefix(part, "apt=") && read_number(part + 4, PT_MAX, &number, NULL) &&
                number == primary)
                return true;
        }
    }
    return false;
}

static void read_feedback(const GstSDPMedia *media, MediaCodec *codec)
{
    unsigned n = 0;
    const char *what;
    while ((what = payload_attribute(media, "rtcp-fb", codec->payload_type, &n))) {
        codec->nack |= strcmp(what, "nack") == 0;
        codec->pli |= strcmp(what, "nack pli") == 0;
        codec->fir |= strcmp(what, "ccm fir") == 0;
        codec->transport_cc |= strcmp(what, "transport-cc") == 0;
        codec->remb |= strcmp(what, "goog-remb") == 0;
    }
}

/* RFC 4588, 8.1: the retransmission format of PRIMARY among the m-line's formats, or -1. */
static int16_t find_rtx(const GstSDPMedia *media, unsigned primary)
{
    for (unsigned i = 0; i < gst_sdp_media_formats_len(media); i++) {
        uint64_t pt;
        if (!read_number(gst_sdp_media_get_format(media, i), PT_MAX, &pt, NULL))
            continue;
        const char *rtpmap = payload_rtpmap(media, (unsigned)pt);
        if (rtpmap && g_ascii_strncasecmp(rtpmap, "rtx/", 4) == 0 &&
            payload_is_apt(media, (unsigned)pt, primary))
            return (int16_t)pt;
    }
    return -1;
}

/* The first format that the relay carries. Returns NULL with section->rejected when there is none.
 */
static const char *read_codec(const GstSDPMedia *media, MediaSection *section)
{
    const char *wanted = section->kind == MEDIA_KIND_AUDIO ? "opus/48000/2" : "VP8/90000";
    bool found = false;
    for (unsigned i = 0; i < gst_sdp_media_formats_len(media); i++) {
        uint64_t pt;
        if (!read_number(gst_sdp_media_get_format(media, i), PT_MAX, &pt, NULL))
            return "m= payload type";
        const char *rtpmap = payload_rtpmap(media, (unsigned)pt);
        if (!rtpmap && pt >= PT_FIRST_DYNAMIC)
            return "a=rtpmap missing";
        if (found || !rtpmap || g_ascii_strcasecmp(rtpmap, wanted) != 0)
            continue;
        if (pt >= PT_MUX_FIRST && pt <= PT_MUX_LAST)
            return "m= payload type";
        found = true;
        section->codec.payload_type = (uint8_t)pt;
    }
    if (!found) {
        section->rejected = true;
        return NULL;
    }
    section->codec.rtx_payload_type = find_rtx(media, section->codec.payload_type);
    read_feedback(media, &section->codec);
    return NULL;
}

static const char *read_extensions(const GstSDPMedia *media, MediaExtensions *extensions)
{
    const char *value;
    for (unsigned i = 0; (value = gst_sdp_media_get_attribute_val_n(media, "extmap", i)); i++) {
        uint64_t id;
        const char *rest;
        /* RFC 8285, 6: 4096 and above are place holders for an answerer to choose from. */
        if (!read_number(value, 4351, &id, &rest) || id == 0)
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
        if (!read_number(value + 4, UINT32_MAX, &primary, &rest) ||
            !read_number(rest, UINT32_MAX, &rtx, NULL) || primary == rtx)
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
        if (!read_number(value, UINT32_MAX, &ssrc, &rest))
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

/* RFC 8853, 5.2: "send h;~l"; alternatives after a comma are not used by browsers. */
static bool rid_is_paused(const GstSDPMedia *media, const char *rid)
{
    const char *simulcast = gst_sdp_media_get_attribute_val(media, "simulcast");
    if (!simulcast)
        return false;
    g_auto(GStrv) parts = g_strsplit_set(simulcast, " ;,", 16);
    for (unsigned i = 0; parts[i]; i++)
        if (parts[i][0] == '~' && strcmp(parts[i] + 1, rid) == 0)
            return true;
    return false;
}

/* RFC 8851, 10: "<rid> send [restrictions]". */
static const char *read_rids(const GstSDPMedia *media, MediaSection *section)
{
    const char *value;
    for (unsigned i = 0; (value = gst_sdp_media_get_attribute_val_n(media, "rid", i)); i++) {
        g_auto(GStrv) parts = g_strsplit(value, " ", 3);
        if (!parts[0] || !parts[1] || parts[0][0] == '\0' ||
            strlen(parts[0]) >= sizeof section->rids[0].rid)
            return "a=rid";
        if (strcmp(parts[1], "send") != 0)
            continue;
        if (section->n_rids == MEDIA_MAX_RIDS)
            return "number of a=rid";
        MediaRid *rid = &section->rids[section->n_rids++];
        g_strlcpy(rid->rid, parts[0], sizeof rid->rid);
        rid->active = !rid_is_paused(media, rid->rid);
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
    if (!read_number(value, 1000, &ptime_ms, NULL))
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
    const char *fault = read_codec(media, section);
    if (fault || section->rejected)
        return fault;
    if (!gst_sdp_media_get_attribute_val(media, "rtcp-mux"))
        return "a=rtcp-mux";
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
