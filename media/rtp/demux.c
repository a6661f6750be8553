// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/demux.h"

#include "media/rtp/rtp.h"

enum {
    STUN_HEADER_SIZE = 20, /* RFC 8489, section 5 */
    DTLS_HEADER_SIZE = 13, /* RFC 6347, section 4.1 */
    /* Version, type, length, one SSRC: the header that SRTCP leaves readable (RFC 3711, 3.4). */
    RTCP_SMALLEST_SIZE = 8,
};

static DemuxKind classify_rtp(const uint8_t *data, size_t size)
{
    /* RFC 5761, section 4: payload types 64-95 are kept free for RTCP, whose packet types are
     * 192-223 with the marker bit counted in. */
    if (size >= 2 && data[1] >= 192 && data[1] <= 223)
        return size >= RTCP_SMALLEST_SIZE ? DEMUX_RTCP : DEMUX_IGNORED;
    return size >= RTP_HEADER_SIZE ? DEMUX_RTP : DEMUX_IGNORED;
}

DemuxKind demux_classify(const uint8_t *data, size_t size)
{
    if (size == 0)
        return DEMUX_IGNORED;
    uint8_t first = data[0];
    if (first <= 3)
        return size >= STUN_HEADER_SIZE ? DEMUX_STUN : DEMUX_IGNORED;
    if (first >= 20 && first <= 63)
        return size >= DTLS_HEADER_SIZE ? DEMUX_DTLS : DEMUX_IGNORED;
    if (first >= 128 && first <= 191)
        return classify_rtp(data, size);
    return DEMUX_IGNORED;
}

const char *demux_kind_name(DemuxKind kind)
{
    switch (kind) {
    case DEMUX_IGNORED:
        return "ignored";
    case DEMUX_STUN:
        return "stun";
    case DEMUX_DTLS:
        return "dtls";
    case DEMUX_RTP:
        return "rtp";
    case DEMUX_RTCP:
        return "rtcp";
    }
    return "unknown";
}
