// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/vp8.h"

#include "media/rtp/bytes.h"

/* The optional part, from the byte with I, L, T and K on. */
static Vp8Result parse_optional(const uint8_t *payload, size_t size, Vp8Descriptor *descriptor)
{
    size_t at = 1;
    if (size <= at)
        return VP8_TOO_SHORT;
    uint8_t flags = payload[at++];
    if (flags & 0x80) { /* I */
        if (size <= at)
            return VP8_TOO_SHORT;
        descriptor->picture_id_offset = at;
        descriptor->picture_id_bits = payload[at] & 0x80 ? 15 : 7;
        if (descriptor->picture_id_bits == 15 && size - at < 2)
            return VP8_TOO_SHORT;
        descriptor->picture_id = descriptor->picture_id_bits == 15
                                     ? bytes_read_u16(payload + at) & 0x7fff
                                     : payload[at] & 0x7f;
        at += descriptor->picture_id_bits == 15 ? 2 : 1;
    }
    if (flags & 0x40) { /* L */
        if (size <= at)
            return VP8_TOO_SHORT;
        descriptor->has_tl0_index = true;
        descriptor->tl0_index_offset = at;
        descriptor->tl0_index = payload[at++];
    }
    if (flags & 0x30) { /* T or K: one byte for both */
        if (size <= at)
            return VP8_TOO_SHORT;
        descriptor->has_temporal_id = flags & 0x20;
        descriptor->has_key_index = flags & 0x10;
        if (descriptor->has_temporal_id) {
            descriptor->temporal_id = payload[at] >> 6;
            descriptor->layer_sync = payload[at] & 0x20;
        }
        if (descriptor->has_key_index)
            descriptor->key_index = payload[at] & 0x1f;
        at++;
    }
    descriptor->size = at;
    return VP8_OK;
}

Vp8Result vp8_descriptor_parse(const uint8_t *payload, size_t size, Vp8Descriptor *ret_descriptor)
{
    if (size < 1)
        return VP8_TOO_SHORT;
    Vp8Descriptor descriptor = {
        .non_reference = payload[0] & 0x20,
        .starts_partition = payload[0] & 0x10,
        .partition = payload[0] & 0x07,
        .size = 1,
    };
    if (payload[0] & 0x80) { /* X */
        Vp8Result result = parse_optional(payload, size, &descriptor);
        if (result != VP8_OK)
            return result;
    }
    if (descriptor.size >= size)
        return VP8_TOO_SHORT;
    *ret_descriptor = descriptor;
    return VP8_OK;
}

bool vp8_starts_frame(const Vp8Descriptor *descriptor)
{
    return descriptor->starts_partition && descriptor->partition == 0;
}

bool vp8_starts_key_frame(const uint8_t *payload, size_t size, const Vp8Descriptor *descriptor)
{
    /* RFC 7741, section 4.3: the lowest bit of the first byte is the inverse key frame flag. */
    return vp8_starts_frame(descriptor) && descriptor->size < size &&
           !(payload[descriptor->size] & 0x01);
}

/*  0                   1                   2                   3
 * |Size0|H| VER |P|     Size1     |     Size2     |     0x9d      |
 * |     0x01      |     0x2a      | width (14), scale (2)         | little-endian
 * | height (14), scale (2)        | */
Vp8Result vp8_key_frame_size(const uint8_t *payload, size_t size, const Vp8Descriptor *descriptor,
                             uint16_t *ret_width, uint16_t *ret_height)
{
    if (!vp8_starts_key_frame(payload, size, descriptor))
        return VP8_NOT_KEY_FRAME;
    if (size - descriptor->size < 10)
        return VP8_TOO_SHORT;
    const uint8_t *p = payload + descriptor->size;
    if (p[3] != 0x9d || p[4] != 0x01 || p[5] != 0x2a)
        return VP8_BAD_START_CODE;
    *ret_width = (uint16_t)((p[6] | (p[7] << 8)) & 0x3fff);
    *ret_height = (uint16_t)((p[8] | (p[9] << 8)) & 0x3fff);
    return VP8_OK;
}

void vp8_descriptor_rewrite(uint8_t *payload, const Vp8Descriptor *descriptor, uint16_t picture_id,
                            uint8_t tl0_index)
{
    if (descriptor->picture_id_bits == 15)
        bytes_write_u16(payload + descriptor->picture_id_offset, (uint16_t)(picture_id | 0x8000));
    else if (descriptor->picture_id_bits == 7)
        payload[descriptor->picture_id_offset] = picture_id & 0x7f;
    if (descriptor->has_tl0_index)
        payload[descriptor->tl0_index_offset] = tl0_index;
}

const char *vp8_result_name(Vp8Result result)
{
    switch (result) {
    case VP8_OK:
        return "ok";
    case VP8_TOO_SHORT:
        return "too short";
    case VP8_NOT_KEY_FRAME:
        return "not a key frame";
    case VP8_BAD_START_CODE:
        return "bad start code";
    }
    return "unknown";
}
