// SPDX-License-Identifier: Apache-2.0
#include "signaling/sdp_offer.h"

#include "server/base/limit.h"
#include "signaling/sdp_section.h"
#include "signaling/signaling.h"

#include <gst/sdp/gstsdpmessage.h>

#include <string.h>

enum { MAX_LINE_BYTES = 2048 };

static bool refuse(GError **error, const char *what)
{
    g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_BAD_OFFER, what);
    return false;
}

/* RFC 8866, 5: lines of <type>=<value>, no NUL. GstSDP is lenient about all of it. */
static bool check_lines(const char *text, size_t size, GError **error)
{
    if (size == 0 || size > LIMIT_SDP_BYTES)
        return refuse(error, "size");
    if (memchr(text, '\0', size))
        return refuse(error, "NUL byte");
    if (!g_utf8_validate(text, (gssize)size, NULL))
        return refuse(error, "encoding");

    unsigned n_media = 0;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end ? (size_t)(end - text) - at : size - at;
        const char *line = text + at;
        at += length + 1;
        if (length > 0 && line[length - 1] == '\r')
            length--;
        if (length == 0 && at >= size)
            break;
        if (length > MAX_LINE_BYTES)
            return refuse(error, "line too long");
        if (length < 2 || line[1] != '=' || !g_ascii_islower(line[0]))
            return refuse(error, "line without type");
        if (line[0] == 'm')
            n_media++;
    }
    if (size < 4 || memcmp(text, "v=0", 3) != 0)
        return refuse(error, "v=");
    if (n_media == 0 || n_media > MEDIA_MAX_SECTIONS)
        return refuse(error, "number of m= lines");
    return true;
}

static bool check_counts(const GstSDPMessage *message, GError **error)
{
    if (gst_sdp_message_attributes_len(message) > LIMIT_SDP_ATTRIBUTES)
        return refuse(error, "number of a= lines");
    if (gst_sdp_message_medias_len(message) > MEDIA_MAX_SECTIONS)
        return refuse(error, "number of m= lines");
    for (unsigned i = 0; i < gst_sdp_message_medias_len(message); i++) {
        const GstSDPMedia *media = gst_sdp_message_get_media(message, i);
        if (gst_sdp_media_attributes_len(media) > LIMIT_SDP_ATTRIBUTES)
            return refuse(error, "number of a= lines");
    }
    return true;
}

/* RFC 8843, 7.2: the mids of the first BUNDLE group. NULL when there is none. */
static char **bundle_mids(const GstSDPMessage *message)
{
    for (unsigned i = 0;; i++) {
        const char *group = gst_sdp_message_get_attribute_val_n(message, "group", i);
        if (!group)
            return NULL;
        if (g_str_has_prefix(group, "BUNDLE "))
            return g_strsplit(group + strlen("BUNDLE "), " ", MEDIA_MAX_SECTIONS + 1);
    }
}

static bool check_mids(const MediaDescription *offer, GError **error)
{
    for (unsigned i = 0; i < offer->n_sections; i++) {
        const MediaSection *section = &offer->sections[i];
        if (section->mid[0] == '\0' && !section->rejected)
            return refuse(error, "a=mid missing");
        for (unsigned k = 0; section->mid[0] != '\0' && k < i; k++)
            if (strcmp(offer->sections[k].mid, section->mid) == 0)
                return refuse(error, "a=mid twice");
    }
    return true;
}

/* Everything runs over one transport, so an m-line outside the group cannot be carried. */
static bool apply_bundle(const GstSDPMessage *message, MediaDescription *offer, GError **error)
{
    g_auto(GStrv) mids = bundle_mids(message);
    if (!mids)
        return refuse(error, "a=group:BUNDLE missing");
    for (unsigned i = 0; mids[i]; i++) {
        bool known = mids[i][0] == '\0';
        for (unsigned k = 0; k < offer->n_sections; k++)
            known = known || strcmp(offer->sections[k].mid, mids[i]) == 0;
        if (!known)
            return refuse(error, "a=group:BUNDLE names an unknown mid");
    }
    for (unsigned i = 0; i < offer->n_sections; i++) {
        MediaSection *section = &offer->sections[i];
        if (section->rejected || g_strv_contains((const char *const *)mids, section->mid))
            continue;
        section->rejected = true;
        section->direction = MEDIA_DIRECTION_INACTIVE;
    }
    return true;
}

static bool is_ice_text(const char *text, size_t min, size_t max)
{
    if (!text)
        return false;
    size_t length = strlen(text);
    if (length < min || length > max)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalnum(text[i]) && text[i] != '+' && text[i] != '/')
            return false;
    return true;
}

static bool parse_sha256(const char *value, uint8_t ret_digest[32])
{
    enum { N_BYTES = 32 };
    if (g_ascii_strncasecmp(value, "sha-256 ", 8) != 0)
        return false;
    const char *hex = value + 8;
    if (strlen(hex) != N_BYTES * 3 - 1)
        return false;
    for (size_t i = 0; i < N_BYTES; i++) {
        int high = g_ascii_xdigit_value(hex[3 * i]);
        int low = g_ascii_xdigit_value(hex[3 * i + 1]);
        if (high < 0 || low < 0 || (i + 1 < N_BYTES && hex[3 * i + 2] != ':'))
            return false;
        ret_digest[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool find_fingerprint(const GstSDPMessage *message, const GstSDPMedia *media,
                             uint8_t ret_digest[32])
{
    const char *value;
    for (unsigned i = 0; (value = gst_sdp_media_get_attribute_val_n(media, "fingerprint", i)); i++)
        if (parse_sha256(value, ret_digest))
            return true;
    for (unsigned i = 0; (value = gst_sdp_message_get_attribute_val_n(message, "fingerprint", i));
         i++)
        if (parse_sha256(value, ret_digest))
            return true;
    return false;
}

static bool parse_setup(const char *text, MediaSetup *ret_setup)
{
    static const char *const names[] = {
        [MEDIA_SETUP_ACTPASS] = "actpass",
        [MEDIA_SETUP_ACTIVE] = "active",
        [MEDIA_SETUP_PASSIVE] = "passive",
    };
    for (unsigned i = 0; text && i < G_N_ELEMENTS(names); i++) {
        if (g_ascii_strcasecmp(text, names[i]) == 0) {
            *ret_setup = (MediaSetup)i;
            return true;
        }
    }
    return false;
}

/* RFC 8843, 7.1.3: the first m-line of the bundle that is carried brings the transport; one that
 * says nothing of its own (bundle-only) leaves it to the next, all of them to the session. */
static const GstSDPMedia *transport_media(const GstSDPMessage *message,
                                          const MediaDescription *offer)
{
    const GstSDPMedia *first = NULL;
    for (unsigned i = 0; i < offer->n_sections; i++) {
        const GstSDPMedia *media = gst_sdp_message_get_media(message, i);
        if (offer->sections[i].rejected)
            continue;
        if (gst_sdp_media_get_attribute_val(media, "ice-ufrag"))
            return media;
        if (!first)
            first = media;
    }
    return first;
}

static const char *attribute(const GstSDPMessage *message, const GstSDPMedia *media,
                             const char *name)
{
    const char *value = gst_sdp_media_get_attribute_val(media, name);
    return value ? value : gst_sdp_message_get_attribute_val(message, name);
}

static bool read_transport(const GstSDPMessage *message, MediaDescription *offer, GError **error)
{
    const GstSDPMedia *media = transport_media(message, offer);
    if (!media)
        return refuse(error, "no m= line that can be carried");
    const char *ufrag = attribute(message, media, "ice-ufrag");
    const char *pwd = attribute(message, media, "ice-pwd");
    /* RFC 8839, 5.4. */
    if (!is_ice_text(ufrag, 4, 256))
        return refuse(error, "a=ice-ufrag");
    if (!is_ice_text(pwd, 22, 256))
        return refuse(error, "a=ice-pwd");
    if (!find_fingerprint(message, media, offer->fingerprint))
        return refuse(error, "a=fingerprint");
    if (!parse_setup(attribute(message, media, "setup"), &offer->setup))
        return refuse(error, "a=setup");
    g_strlcpy(offer->ice_ufrag, ufrag, sizeof offer->ice_ufrag);
    g_strlcpy(offer->ice_pwd, pwd, sizeof offer->ice_pwd);
    offer->ice_lite = gst_sdp_message_get_attribute_val(message, "ice-lite") != NULL;
    return true;
}

static bool read_message(const GstSDPMessage *message, MediaDescription *offer, GError **error)
{
    if (!check_counts(message, error))
        return false;
    offer->n_sections = gst_sdp_message_medias_len(message);
    if (offer->n_sections == 0)
        return refuse(error, "number of m= lines");
    for (unsigned i = 0; i < offer->n_sections; i++) {
        const char *fault =
            sdp_section_read(message, gst_sdp_message_get_media(message, i), &offer->sections[i]);
        if (fault)
            return refuse(error, fault);
    }
    return check_mids(offer, error) && apply_bundle(message, offer, error) &&
           read_transport(message, offer, error);
}

bool sdp_offer_parse(const char *text, size_t size, MediaDescription *ret_offer, GError **error)
{
    if (!check_lines(text, size, error))
        return false;

    GstSDPMessage *message = NULL;
    if (gst_sdp_message_new(&message) != GST_SDP_OK)
        return refuse(error, "SDP");
    g_autofree MediaDescription *offer = g_new0(MediaDescription, 1);
    bool done = false;
    if (gst_sdp_message_parse_buffer((const guint8 *)text, (guint)size, message) == GST_SDP_OK)
        done = read_message(message, offer, error);
    else
        refuse(error, "SDP");
    gst_sdp_message_free(message);
    if (done)
        *ret_offer = *offer;
    return done;
}
