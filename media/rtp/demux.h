// SPDX-License-Identifier: Apache-2.0
/* What a datagram on the media port is, told from its first bytes. Pure; any thread. */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef enum {
    DEMUX_IGNORED = 0, /* too short, or a range that nothing here speaks */
    DEMUX_STUN,
    DEMUX_DTLS,
    DEMUX_RTP,
    DEMUX_RTCP,
} DemuxKind;

/** Sorts by the first byte (RFC 7983, section 7; RFC 9443 leaves these ranges as they are): 0-3
 * STUN, 20-63 DTLS, 128-191 RTP or RTCP; ZRTP (16-19), TURN channels (64-79) and the rest are
 * ignored. RTCP is told from RTP by the second byte, 192-223 (RFC 5761, section 4). Sizes below the
 * smallest packet of the kind are ignored. */
DemuxKind demux_classify(const uint8_t *data, size_t size);

const char *demux_kind_name(DemuxKind kind);
