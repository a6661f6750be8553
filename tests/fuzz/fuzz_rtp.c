// SPDX-License-Identifier: Apache-2.0
// RTP: whatever parses lies within its packet, its extensions too, and can be built anew.
#include <glib.h>
#include <string.h>

#include "media/rtp/demux.h"
#include "media/rtp/rtpext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t read_extensions(const uint8_t *data, const RtpHeader *header,
                              RtpExtension extensions[RTP_EXTENSIONS_MAX])
{
    RtpExtIter iter;
    RtpExtension extension;
    size_t n = 0;
    rtpext_iter_init(&iter, data, header);
    while (rtpext_iter_next(&iter, &extension)) {
        g_assert(extension.id > 0);
        g_assert(extension.data >= data + header->extension_offset);
        g_assert(extension.data + extension.size <=
                 data + header->extension_offset + header->extension_size);
        uint8_t level = 0;
        bool voice = false;
        uint16_t sequence = 0;
        char text[17];
        (void)rtpext_audio_level(&extension, &level, &voice);
        (void)rtpext_transport_sequence(&extension, &sequence);
        if (rtpext_text(&extension, text, sizeof text))
            g_assert(strlen(text) == extension.size);
        if (n < RTP_EXTENSIONS_MAX)
            extensions[n++] = extension;
    }
    return n;
}

static void rebuild(const uint8_t *data, size_t size, const RtpHeader *header)
{
    RtpExtension extensions[RTP_EXTENSIONS_MAX];
    RtpBuild build = {
        .marker = header->marker,
        .payload_type = header->payload_type,
        .sequence = header->sequence,
        .timestamp = header->timestamp,
        .ssrc = header->ssrc,
        .extensions = extensions,
        .n_extensions = read_extensions(data, header, extensions),
        .padding_size = header->padding_size,
    };
    /* One element in the two-byte form costs a byte more than in the one-byte form. */
    size_t capacity = size + (size_t)4 * RTP_EXTENSIONS_MAX;
    g_autofree uint8_t *built = g_malloc(capacity);
    size_t built_size = 0;
    g_assert(rtp_build(&build, data + header->payload_offset, header->payload_size, built, capacity,
                       &built_size) == RTP_OK);
    RtpHeader again;
    g_assert(rtp_parse(built, built_size, &again) == RTP_OK);
    g_assert(again.sequence == header->sequence && again.timestamp == header->timestamp &&
             again.ssrc == header->ssrc && again.marker == header->marker &&
             again.payload_type == header->payload_type);
    g_assert(again.payload_size == header->payload_size);
    g_assert(memcmp(built + again.payload_offset, data + header->payload_offset,
                    header->payload_size) == 0);
    RtpExtension found;
    for (size_t i = 0; i < build.n_extensions; i++)
        g_assert(rtpext_find(built, &again, extensions[i].id, &found));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)demux_classify(data, size);
    uint32_t ssrc = 0;
    RtpHeader header;
    RtpResult peeked = rtp_peek_ssrc(data, size, &ssrc);
    if (rtp_parse(data, size, &header) != RTP_OK)
        return 0;
    g_assert(peeked == RTP_OK && ssrc == header.ssrc);
    g_assert(header.payload_offset + header.payload_size + header.padding_size == size);
    g_assert(header.extension_offset + header.extension_size <= header.payload_offset);
    rebuild(data, size, &header);
    return 0;
}
