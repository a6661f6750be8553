// SPDX-License-Identifier: Apache-2.0
/* The retransmission payload format (RFC 4588, section 4): the original sequence number (OSN)
 * stands before the payload, the rest has an SSRC, payload type and sequence of its own. Pure; any
 * thread. */
#pragma once
#include "media/rtp/rtp.h"

typedef enum {
    RTX_OK = 0,
    RTX_EMPTY, /* a padding probe: no payload at all, or an OSN with nothing behind it */
    RTX_TOO_SHORT,
    RTX_BAD_PACKET,
    RTX_NO_SPACE,
} RtxResult;

/** How the retransmission goes out. */
typedef struct {
    uint32_t ssrc;
    uint8_t payload_type;
    uint16_t sequence;              /* the RTX stream's own next number */
    const RtpExtension *extensions; /* the packet's own new ones, not those of the original */
    size_t n_extensions;
} RtxTarget;

/** Wraps the plaintext PACKET into an RTX packet in DATA, which must not overlap it. The timestamp
 * and marker are the original's (RFC 4588, section 4). */
RtxResult rtx_wrap(const RtxTarget *target, const uint8_t *packet, size_t packet_size,
                   uint8_t *data, size_t capacity, size_t *ret_size) G_GNUC_WARN_UNUSED_RESULT;

/** Turns a decrypted RTX packet in place into the original: it then starts two bytes later and has
 * MEDIA_SSRC, MEDIA_PAYLOAD_TYPE and the OSN; padding is cut off, header extensions stay. HEADER is
 * that of rtp_parse() on PACKET. On another result PACKET is unchanged. */
RtxResult rtx_unwrap(uint8_t *packet, const RtpHeader *header, uint32_t media_ssrc,
                     uint8_t media_payload_type, uint8_t **ret_packet,
                     size_t *ret_size) G_GNUC_WARN_UNUSED_RESULT;

const char *rtx_result_name(RtxResult result);
