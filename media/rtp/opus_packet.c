// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/opus_packet.h"

/* RFC 6716, section 3.1, table 2: configurations 0-11 are SILK (10, 20, 40, 60 ms), 12-15 hybrid
 * (10, 20 ms), 16-31 CELT (2.5, 5, 10, 20 ms). */
static uint16_t frame_samples(uint8_t config)
{
    static const uint16_t silk[] = {480, 960, 1920, 2880};
    static const uint16_t hybrid[] = {480, 960};
    static const uint16_t celt[] = {120, 240, 480, 960};
    if (config < 12)
        return silk[config % 4];
    if (config < 16)
        return hybrid[config % 2];
    return celt[config % 4];
}

/* Code 3: |v|p|     M     | after the TOC (RFC 6716, section 3.2.5). Checks as far as the count of
 * frames goes; the lengths inside are the decoder's. */
static OpusPacketResult parse_code_3(const uint8_t *data, size_t size, OpusPacket *packet)
{
    if (size < 2)
        return OPUSPKT_BAD_SIZE; /* R6: at least two bytes */
    packet->n_frames = data[1] & 0x3f;
    return OPUSPKT_OK;
}

OpusPacketResult opuspkt_parse(const uint8_t *data, size_t size, OpusPacket *ret_packet)
{
    if (size == 0)
        return OPUSPKT_EMPTY; /* R1 */
    OpusPacket packet = {
        .toc = data[0],
        .config = data[0] >> 3,
        .stereo = data[0] & 0x04,
        .code = data[0] & 0x03,
    };
    packet.frame_samples = frame_samples(packet.config);
    switch (packet.code) {
    case 0:
        packet.n_frames = 1;
        break;
    case 1:
        packet.n_frames = 2;
        if (size % 2 == 0)
            return OPUSPKT_BAD_SIZE; /* R3: two frames of one size */
        break;
    case 2:
        packet.n_frames = 2;
        if (size < 2)
            return OPUSPKT_BAD_SIZE; /* R4: a length is needed */
        break;
    default: {
        OpusPacketResult result = parse_code_3(data, size, &packet);
        if (result != OPUSPKT_OK)
            return result;
        break;
    }
    }
    unsigned n_samples = (unsigned)packet.n_frames * packet.frame_samples;
    if (n_samples == 0 || n_samples > OPUSPKT_SAMPLES_MAX)
        return OPUSPKT_BAD_FRAME_COUNT; /* R5 */
    packet.n_samples = (uint16_t)n_samples;
    /* An encoder in DTX sends a TOC alone, or with one byte (RFC 6716, section 2.1.9). */
    packet.silent = size <= 2;
    *ret_packet = packet;
    return OPUSPKT_OK;
}

/* Where the first frame begins (RFC 6716, section 3.2.1: lengths from 252 on take two bytes). */
static size_t first_frame_at(const uint8_t *data, const OpusPacket *packet)
{
    if (packet->code < 2)
        return 1;
    return data[1] < 252 ? 2 : 3;
}

enum { CELT_FROM = 16, SILK_FRAME_SAMPLES = 960 };

/* The first byte of the first frame, where a SILK layer's flags are; false: there is none. */
static bool first_byte(const uint8_t *data, size_t size, const OpusPacket *packet,
                       uint8_t *ret_byte)
{
    if (packet->config >= CELT_FROM || packet->code > 2 || packet->silent)
        return false;
    size_t at = first_frame_at(data, packet);
    if (at >= size)
        return false;
    *ret_byte = data[at];
    return true;
}

bool opuspkt_has_fec(const uint8_t *data, size_t size, const OpusPacket *packet)
{
    uint8_t byte;
    if (!first_byte(data, size, packet, &byte))
        return false;
    /* The range coder's first symbols are of one bit each: one VAD flag per SILK frame, then this
     * one; for a second channel the same again. */
    unsigned n_flags = MAX(packet->frame_samples / SILK_FRAME_SAMPLES, 1) + 1;
    bool mid = byte & (0x100U >> n_flags);
    bool side = packet->stereo && (byte & (0x100U >> (2 * n_flags)));
    return mid || side;
}

bool opuspkt_has_voice(const uint8_t *data, size_t size, const OpusPacket *packet)
{
    uint8_t byte;
    if (packet->config >= CELT_FROM)
        return !packet->silent;
    return first_byte(data, size, packet, &byte) && (byte & 0x80);
}

const char *opuspkt_result_name(OpusPacketResult result)
{
    switch (result) {
    case OPUSPKT_OK:
        return "ok";
    case OPUSPKT_EMPTY:
        return "empty";
    case OPUSPKT_BAD_FRAME_COUNT:
        return "bad frame count";
    case OPUSPKT_BAD_SIZE:
        return "bad size";
    }
    return "unknown";
}
