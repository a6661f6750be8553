// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/rtp.h"

#include <string.h>

#include "media/rtp/bytes.h"
#include "media/rtp/rtpext.h"

enum { EXTENSION_HEADER_SIZE = 4, FLAG_PADDING = 0x20, FLAG_EXTENSION = 0x10, FLAG_MARKER = 0x80 };

static void parse_fixed(const uint8_t *data, RtpHeader *header)
{
    *header = (RtpHeader){
        .marker = data[1] & FLAG_MARKER,
        .payload_type = data[1] & 0x7f,
        .sequence = bytes_read_u16(data + 2),
        .timestamp = bytes_read_u32(data + 4),
        .ssrc = bytes_read_u32(data + 8),
        .n_csrc = data[0] & 0x0f,
        .has_extension = data[0] & FLAG_EXTENSION,
    };
}

RtpResult rtp_parse(const uint8_t *data, size_t size, RtpHeader *ret_header)
{
    if (size < RTP_HEADER_SIZE)
        return RTP_TOO_SHORT;
    if (data[0] >> 6 != RTP_VERSION)
        return RTP_BAD_VERSION;

    RtpHeader header;
    parse_fixed(data, &header);
    size_t offset = RTP_HEADER_SIZE + 4U * header.n_csrc;
    if (size < offset)
        return RTP_TOO_SHORT;

    if (header.has_extension) {
        /* RFC 3550, section 5.3.1: profile, then the length in words without this header. */
        if (size - offset < EXTENSION_HEADER_SIZE)
            return RTP_BAD_EXTENSION;
        header.extension_profile = bytes_read_u16(data + offset);
        header.extension_size = (size_t)4 * bytes_read_u16(data + offset + 2);
        offset += EXTENSION_HEADER_SIZE;
        if (size - offset < header.extension_size)
            return RTP_BAD_EXTENSION;
        header.extension_offset = offset;
        offset += header.extension_size;
    }

    header.payload_offset = offset;
    header.payload_size = size - offset;
    if (data[0] & FLAG_PADDING) {
        /* RFC 3550, section 5.1: the last octet counts the padding, itself included. */
        if (header.payload_size == 0)
            return RTP_BAD_PADDING;
        header.padding_size = data[size - 1];
        if (header.padding_size == 0 || header.padding_size > header.payload_size)
            return RTP_BAD_PADDING;
        header.payload_size -= header.padding_size;
    }
    *ret_header = header;
    return RTP_OK;
}

RtpResult rtp_peek_ssrc(const uint8_t *data, size_t size, uint32_t *ret_ssrc)
{
    if (size < RTP_HEADER_SIZE)
        return RTP_TOO_SHORT;
    if (data[0] >> 6 != RTP_VERSION)
        return RTP_BAD_VERSION;
    *ret_ssrc = bytes_read_u32(data + 8);
    return RTP_OK;
}

static void write_fixed(const RtpBuild *build, uint8_t *data)
{
    data[0] = RTP_VERSION << 6;
    if (build->padding_size > 0)
        data[0] |= FLAG_PADDING;
    if (build->n_extensions > 0)
        data[0] |= FLAG_EXTENSION;
    data[1] = (uint8_t)(build->payload_type | (build->marker ? FLAG_MARKER : 0));
    bytes_write_u16(data + 2, build->sequence);
    bytes_write_u32(data + 4, build->timestamp);
    bytes_write_u32(data + 8, build->ssrc);
}

RtpResult rtp_build(const RtpBuild *build, const uint8_t *payload, size_t payload_size,
                    uint8_t *data, size_t capacity, size_t *ret_size)
{
    if (build->payload_type > 0x7f)
        return RTP_BAD_ARGUMENT;
    size_t block_size = 0;
    RtpResult result = rtpext_block_size(build->extensions, build->n_extensions, &block_size);
    if (result != RTP_OK)
        return result;

    size_t head = RTP_HEADER_SIZE + block_size;
    if (capacity < head || capacity - head < build->prefix_size)
        return RTP_NO_SPACE;
    size_t at = head + build->prefix_size;
    if (capacity - at < payload_size || capacity - at - payload_size < build->padding_size)
        return RTP_NO_SPACE;

    /* The payload moves first: it may lie where the header is about to be written. */
    if (payload_size > 0)
        memmove(data + at, payload, payload_size);
    write_fixed(build, data);
    size_t written = 0;
    result = rtpext_write_block(build->extensions, build->n_extensions, data + RTP_HEADER_SIZE,
                                block_size, &written);
    if (result != RTP_OK)
        return result;
    if (build->prefix_size > 0)
        memcpy(data + head, build->prefix, build->prefix_size);

    size_t end = at + payload_size;
    if (build->padding_size > 0) {
        memset(data + end, 0, build->padding_size);
        end += build->padding_size;
        data[end - 1] = build->padding_size;
    }
    *ret_size = end;
    return RTP_OK;
}

void rtp_set_marker(uint8_t *data, bool marker)
{
    data[1] = (uint8_t)((data[1] & 0x7f) | (marker ? FLAG_MARKER : 0));
}

void rtp_set_payload_type(uint8_t *data, uint8_t payload_type)
{
    data[1] = (uint8_t)((data[1] & FLAG_MARKER) | (payload_type & 0x7f));
}

void rtp_set_sequence(uint8_t *data, uint16_t sequence)
{
    bytes_write_u16(data + 2, sequence);
}

void rtp_set_timestamp(uint8_t *data, uint32_t timestamp)
{
    bytes_write_u32(data + 4, timestamp);
}

void rtp_set_ssrc(uint8_t *data, uint32_t ssrc)
{
    bytes_write_u32(data + 8, ssrc);
}

const char *rtp_result_name(RtpResult result)
{
    switch (result) {
    case RTP_OK:
        return "ok";
    case RTP_TOO_SHORT:
        return "too short";
    case RTP_BAD_VERSION:
        return "bad version";
    case RTP_BAD_EXTENSION:
        return "bad extension";
    case RTP_BAD_PADDING:
        return "bad padding";
    case RTP_BAD_ARGUMENT:
        return "bad argument";
    case RTP_NO_SPACE:
        return "no space";
    }
    return "unknown";
}
