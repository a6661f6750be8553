// SPDX-License-Identifier: Apache-2.0
/* RTP packets (RFC 3550, section 5.1): parse, change in place, build anew. Pure: bytes in, struct
 * out; no allocation; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RTP_VERSION = 2,
    RTP_HEADER_SIZE = 12,
    RTP_EXTENSIONS_MAX = 16, /* elements that rtp_build() takes */
};

typedef enum {
    RTP_OK = 0,
    RTP_TOO_SHORT,
    RTP_BAD_VERSION,
    RTP_BAD_EXTENSION,
    RTP_BAD_PADDING,
    RTP_BAD_ARGUMENT, /* rtp_build(): a field out of its range */
    RTP_NO_SPACE,
} RtpResult;

/*  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                           timestamp                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           synchronization source (SSRC) identifier            |
 * +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
 * |            contributing source (CSRC) identifiers             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+ */
typedef struct {
    bool marker;
    uint8_t payload_type;
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
    uint8_t n_csrc;
    bool has_extension;
    uint16_t extension_profile; /* "defined by profile": 0xBEDE, 0x1000 or another */
    size_t extension_offset;    /* of the first byte after the extension's own header */
    size_t extension_size;
    size_t payload_offset;
    size_t payload_size; /* without padding; 0 in a padding-only packet */
    uint8_t padding_size;
} RtpHeader;

/** One header extension: ID 1-14 (one-byte form) or 1-255, SIZE bytes of value. */
typedef struct {
    uint8_t id;
    uint8_t size;
    const uint8_t *data;
} RtpExtension;

/** What rtp_build() puts into a packet. */
typedef struct {
    bool marker;
    uint8_t payload_type; /* 0-127 */
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
    const RtpExtension *extensions; /* at most RTP_EXTENSIONS_MAX; may be NULL when there is none */
    size_t n_extensions;
    const uint8_t *prefix; /* goes before the payload (the OSN of RTX); not in the output buffer */
    size_t prefix_size;
    uint8_t padding_size; /* 0: none, else appended with the P bit set */
} RtpBuild;

/** Parses a whole, decrypted packet. *ret_header is written only on RTP_OK, and then every offset
 * and size lies within SIZE. */
RtpResult rtp_parse(const uint8_t *data, size_t size,
                    RtpHeader *ret_header) G_GNUC_WARN_UNUSED_RESULT;

/** Reads the SSRC of a packet that may still be encrypted (its padding says nothing yet). */
RtpResult rtp_peek_ssrc(const uint8_t *data, size_t size,
                        uint32_t *ret_ssrc) G_GNUC_WARN_UNUSED_RESULT;

/** Writes header, extension block, prefix, PAYLOAD and padding. The one-byte form of extensions is
 * used when every element fits it, else the two-byte form (RFC 8285). PAYLOAD may lie inside DATA
 * (the packet is then rebuilt in place); extensions and prefix may not. CSRCs are never written. */
RtpResult rtp_build(const RtpBuild *build, const uint8_t *payload, size_t payload_size,
                    uint8_t *data, size_t capacity, size_t *ret_size) G_GNUC_WARN_UNUSED_RESULT;

/* Changes in place of a packet that rtp_parse() has accepted. */
void rtp_set_marker(uint8_t *data, bool marker);
void rtp_set_payload_type(uint8_t *data, uint8_t payload_type);
void rtp_set_sequence(uint8_t *data, uint16_t sequence);
void rtp_set_timestamp(uint8_t *data, uint32_t timestamp);
void rtp_set_ssrc(uint8_t *data, uint32_t ssrc);

const char *rtp_result_name(RtpResult result);
