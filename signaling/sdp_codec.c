// SPDX-License-Identifier: Apache-2.0
#include "signaling/sdp_codec.h"

#include "signaling/sdp_number.h"

#include <string.h>

enum {
    PT_MAX = 127,
    PT_FIRST_DYNAMIC = 35, /* RFC 8829 clients use 35-63 and 96-127 */
    PT_MUX_FIRST = 64,     /* RFC 5761, 4: with rtcp-mux 64 to 95 would be taken for RTCP */
    PT_MUX_LAST = 95,
    MAX_PARAMETERS = 32,      /* of one fmtp; what comes after is not read */
    H264_DEFAULT = 0x42000a,  /* RFC 6184, 8.1: baseline, level 1 */
    MAX_RED_GENERATIONS = 32, /* more than any packet could hold */
};

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
        if (sdp_number_read(value, PT_MAX, &number, &rest) && number == pt)
            return rest;
    }
    return NULL;
}

static const char *payload_rtpmap(const GstSDPMedia *media, unsigned pt)
{
    unsigned n = 0;
    return payload_attribute(media, "rtpmap", pt, &n);
}

/* The value of parameter NAME of payload type PT, owned by the caller; NULL: not given. */
static char *payload_parameter(const GstSDPMedia *media, unsigned pt, const char *name)
{
    unsigned n = 0;
    size_t length = strlen(name);
    const char *parameters;
    while ((parameters = payload_attribute(media, "fmtp", pt, &n))) {
        g_auto(GStrv) parts = g_strsplit(parameters, ";", MAX_PARAMETERS + 1);
        for (unsigned i = 0; parts[i] && i < MAX_PARAMETERS; i++) {
            const char *part = g_strstrip(parts[i]);
            if (g_ascii_strncasecmp(part, name, length) == 0 && part[length] == '=')
                return g_strdup(part + length + 1);
        }
    }
    return NULL;
}

static bool payload_parameter_is(const GstSDPMedia *media, unsigned pt, const char *name,
                                 const char *wanted)
{
    g_autofree char *value = payload_parameter(media, pt, name);
    return value && strcmp(value, wanted) == 0;
}

/* RFC 6184, 8.1; 0: not to be understood. */
static uint32_t h264_profile_level(const GstSDPMedia *media, unsigned pt)
{
    enum { N_DIGITS = 6 };
    g_autofree char *value = payload_parameter(media, pt, "profile-level-id");
    if (!value)
        return H264_DEFAULT;
    uint32_t number = 0;
    if (strlen(value) != N_DIGITS)
        return 0;
    for (unsigned i = 0; i < N_DIGITS; i++) {
        int digit = g_ascii_xdigit_value(value[i]);
        if (digit < 0)
            return 0;
        number = number << 4 | (uint32_t)digit;
    }
    return number;
}

/* RFC 6184, 8.1: without packetization-mode it is 0, which knows no fragments. */
static bool read_h264(const GstSDPMedia *media, unsigned pt, MediaCodec *codec, unsigned *ret_rank)
{
    if (!payload_parameter_is(media, pt, "packetization-mode", "1"))
        return false;
    codec->h264_profile_level = h264_profile_level(media, pt);
    switch (media_h264_profile(codec->h264_profile_level)) {
    case MEDIA_H264_CONSTRAINED_BASELINE:
        *ret_rank = 1;
        return true;
    case MEDIA_H264_BASELINE:
        *ret_rank = 2;
        return true;
    case MEDIA_H264_OTHER:
        return false;
    }
    return false;
}

/* RFC 9628, 6.1: without profile-id it is 0. */
static bool is_vp9_profile_0(const GstSDPMedia *media, unsigned pt)
{
    g_autofree char *profile = payload_parameter(media, pt, "profile-id");
    return !profile || strcmp(profile, "0") == 0;
}

/* Whether the relay carries payload type PT; a lower rank is preferred. */
static bool read_format(const GstSDPMedia *media, MediaKind kind, unsigned pt, const char *rtpmap,
                        MediaCodec *ret_codec, unsigned *ret_rank)
{
    *ret_codec =
        (MediaCodec){.payload_type = (uint8_t)pt, .rtx_payload_type = -1, .red_payload_type = -1};
    if (kind == MEDIA_KIND_AUDIO) {
        ret_codec->name = MEDIA_CODEC_OPUS;
        *ret_rank = 0;
        return g_ascii_strcasecmp(rtpmap, "opus/48000/2") == 0;
    }
    if (g_ascii_strcasecmp(rtpmap, "VP8/90000") == 0) {
        ret_codec->name = MEDIA_CODEC_VP8;
        *ret_rank = 0;
        return true;
    }
    if (g_ascii_strcasecmp(rtpmap, "H264/90000") == 0) {
        ret_codec->name = MEDIA_CODEC_H264;
        return read_h264(media, pt, ret_codec, ret_rank);
    }
    if (g_ascii_strcasecmp(rtpmap, "VP9/90000") == 0) {
        ret_codec->name = MEDIA_CODEC_VP9;
        *ret_rank = 3;
        return is_vp9_profile_0(media, pt);
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

/* RFC 4588, 8.1. */
static bool is_rtx_of(const GstSDPMedia *media, unsigned pt, const char *rtpmap, unsigned primary)
{
    uint64_t number;
    g_autofree char *apt = payload_parameter(media, pt, "apt");
    return g_ascii_strcasecmp(rtpmap, "rtx/90000") == 0 && apt &&
           sdp_number_read(apt, PT_MAX, &number, NULL) && number == primary;
}

/* RFC 2198, 5: "111/111" lists the format of each generation; the relay sends nothing but Opus. */
static bool is_red_of(const GstSDPMedia *media, unsigned pt, const char *rtpmap, unsigned primary)
{
    unsigned n = 0;
    const char *parameters = payload_attribute(media, "fmtp", pt, &n);
    if (g_ascii_strcasecmp(rtpmap, "red/48000/2") != 0 || !parameters)
        return false;
    g_auto(GStrv) formats = g_strsplit(parameters, "/", MAX_RED_GENERATIONS);
    for (unsigned i = 0; formats[i]; i++) {
        uint64_t number;
        const char *rest;
        if (!sdp_number_read(g_strstrip(formats[i]), PT_MAX, &number, &rest) || number != primary ||
            *rest != '\0')
            return false;
    }
    return formats[0] != NULL;
}

static bool is_mux_safe(uint64_t pt)
{
    return pt < PT_MUX_FIRST || pt > PT_MUX_LAST;
}

/* The formats that go with the chosen one; the first of each. */
static void read_companions(const GstSDPMedia *media, MediaKind kind, MediaCodec *codec)
{
    for (unsigned i = 0; i < gst_sdp_media_formats_len(media); i++) {
        uint64_t number;
        if (!sdp_number_read(gst_sdp_media_get_format(media, i), PT_MAX, &number, NULL) ||
            number == codec->payload_type || !is_mux_safe(number))
            continue;
        unsigned pt = (unsigned)number;
        const char *rtpmap = payload_rtpmap(media, pt);
        if (!rtpmap)
            continue;
        if (kind == MEDIA_KIND_AUDIO && codec->red_payload_type < 0 &&
            is_red_of(media, pt, rtpmap, codec->payload_type))
            codec->red_payload_type = (int16_t)pt;
        if (kind == MEDIA_KIND_VIDEO && codec->rtx_payload_type < 0 &&
            is_rtx_of(media, pt, rtpmap, codec->payload_type))
            codec->rtx_payload_type = (int16_t)pt;
    }
}

/* RFC 8866, 6.6: one meaning for each payload type. */
static const char *check_rtpmaps(const GstSDPMedia *media)
{
    bool seen[PT_MAX + 1] = {false};
    const char *value;
    for (unsigned i = 0; (value = gst_sdp_media_get_attribute_val_n(media, "rtpmap", i)); i++) {
        uint64_t pt;
        if (!sdp_number_read(value, PT_MAX, &pt, NULL))
            return "a=rtpmap";
        if (seen[pt])
            return "a=rtpmap twice";
        seen[pt] = true;
    }
    return NULL;
}

const char *sdp_codec_read(const GstSDPMedia *media, MediaSection *section)
{
    bool seen[PT_MAX + 1] = {false};
    bool found = false;
    unsigned best = 0;
    const char *fault = check_rtpmaps(media);
    if (fault)
        return fault;
    for (unsigned i = 0; i < gst_sdp_media_formats_len(media); i++) {
        uint64_t pt;
        if (!sdp_number_read(gst_sdp_media_get_format(media, i), PT_MAX, &pt, NULL))
            return "m= payload type";
        if (seen[pt])
            return "m= payload type twice";
        seen[pt] = true;
        const char *rtpmap = payload_rtpmap(media, (unsigned)pt);
        if (!rtpmap && pt >= PT_FIRST_DYNAMIC)
            return "a=rtpmap missing";
        MediaCodec codec;
        unsigned rank;
        if (!rtpmap || !read_format(media, section->kind, (unsigned)pt, rtpmap, &codec, &rank))
            continue;
        if (!is_mux_safe(pt))
            return "m= payload type";
        if (!found || rank < best) {
            section->codec = codec;
            best = rank;
        }
        found = true;
    }
    if (!found) {
        section->rejected = true;
        return NULL;
    }
    read_companions(media, section->kind, &section->codec);
    read_feedback(media, &section->codec);
    return NULL;
}
