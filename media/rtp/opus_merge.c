// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/opus_merge.h"

#include <opus/opus.h>

#include "media/rtp/opus_packet.h"

enum {
    FRAMES_MAX = 48,               /* RFC 6716, section 3.2.5: of 2.5 ms in 120 ms */
    REPACKETIZER_BYTES_MAX = 2048, /* 504 in libopus 1.3; 2,000 where it keeps paddings too */
    TOC_WITHOUT_CODE = 0xfc,
    CODE = 0x03,
    CODE_3_PADDING = 0x40,
};

bool opusmerge_can_take(const uint8_t *data, size_t size)
{
    opus_int16 sizes[FRAMES_MAX];
    if (size == 0 || size > G_MAXINT16 ||
        opus_packet_parse(data, (opus_int32)size, NULL, NULL, sizes, NULL) <= 0)
        return false;
    return (data[0] & CODE) != CODE || (data[1] & CODE_3_PADDING) == 0;
}

/* What libopus would refuse without saying why. */
static OpusMergeResult check_parts(const OpusMergePart *parts, size_t n_parts)
{
    if (n_parts == 0 || n_parts > OPUSMERGE_PARTS_MAX)
        return OPUSMERGE_NO_PARTS;
    unsigned n_samples = 0;
    for (size_t i = 0; i < n_parts; i++) {
        OpusPacket packet;
        if (opuspkt_parse(parts[i].data, parts[i].size, &packet) != OPUSPKT_OK ||
            !opusmerge_can_take(parts[i].data, parts[i].size))
            return OPUSMERGE_BAD_PART;
        if (((packet.toc ^ parts[0].data[0]) & TOC_WITHOUT_CODE) != 0)
            return OPUSMERGE_MISMATCHED;
        n_samples += packet.n_samples;
    }
    return n_samples > OPUSPKT_SAMPLES_MAX ? OPUSMERGE_TOO_LONG : OPUSMERGE_OK;
}

OpusMergeResult opusmerge_write(const OpusMergePart *parts, size_t n_parts, uint8_t *out,
                                size_t capacity, size_t *ret_size)
{
    OpusMergeResult result = check_parts(parts, n_parts);
    if (result != OPUSMERGE_OK)
        return result;

    union {
        void *alignment;
        uint8_t bytes[REPACKETIZER_BYTES_MAX];
    } memory;
    g_assert((size_t)opus_repacketizer_get_size() <= sizeof memory);
    OpusRepacketizer *repacketizer =
        opus_repacketizer_init((OpusRepacketizer *)(void *)memory.bytes);
    for (size_t i = 0; i < n_parts; i++) {
        if (opus_repacketizer_cat(repacketizer, parts[i].data, (opus_int32)parts[i].size) !=
            OPUS_OK)
            return OPUSMERGE_BAD_PART;
    }
    opus_int32 limit = capacity > G_MAXINT16 ? G_MAXINT16 : (opus_int32)capacity;
    opus_int32 size = opus_repacketizer_out(repacketizer, out, limit);
    if (size <= 0)
        return OPUSMERGE_NO_SPACE;
    *ret_size = (size_t)size;
    return OPUSMERGE_OK;
}

const char *opusmerge_result_name(OpusMergeResult result)
{
    switch (result) {
    case OPUSMERGE_OK:
        return "ok";
    case OPUSMERGE_NO_PARTS:
        return "no parts";
    case OPUSMERGE_BAD_PART:
        return "bad part";
    case OPUSMERGE_MISMATCHED:
        return "mismatched";
    case OPUSMERGE_TOO_LONG:
        return "too long";
    case OPUSMERGE_NO_SPACE:
        return "no space";
    }
    return "unknown";
}
