// SPDX-License-Identifier: Apache-2.0
#include "media/rtp/vp9.h"

#include "media/rtp/bytes.h"

enum { MAX_REFERENCES = 3 };

/* Where the parser stands. */
typedef struct {
    const uint8_t *data;
    size_t size;
    size_t at;
} Cursor;

static bool has(const Cursor *cursor, size_t n)
{
    return cursor->size - cursor->at >= n;
}

static Vp9Result parse_picture_id(Cursor *cursor, Vp9Descriptor *descriptor)
{
    if (!has(cursor, 1))
        return VP9_TOO_SHORT;
    const uint8_t *p = cursor->data + cursor->at;
    descriptor->picture_id_bits = p[0] & 0x80 ? 15 : 7;
    if (descriptor->picture_id_bits == 15 && !has(cursor, 2))
        return VP9_TOO_SHORT;
    descriptor->picture_id =
        descriptor->picture_id_bits == 15 ? bytes_read_u16(p) & 0x7fff : p[0] & 0x7f;
    cursor->at += descriptor->picture_id_bits == 15 ? 2 : 1;
    return VP9_OK;
}

static Vp9Result parse_layers(Cursor *cursor, Vp9Descriptor *descriptor)
{
    descriptor->has_tl0_index = !descriptor->flexible;
    if (!has(cursor, descriptor->has_tl0_index ? 2 : 1))
        return VP9_TOO_SHORT;
    uint8_t layers = cursor->data[cursor->at++];
    descriptor->has_layers = true;
    descriptor->temporal_id = layers >> 5;
    descriptor->switching_up = layers & 0x10;
    descriptor->spatial_id = layers >> 1 & 0x07;
    descriptor->inter_layer = layers & 0x01;
    if (descriptor->has_tl0_index)
        descriptor->tl0_index = cursor->data[cursor->at++];
    return VP9_OK;
}

static Vp9Result parse_references(Cursor *cursor)
{
    for (unsigned n = 0; n < MAX_REFERENCES; n++) {
        if (!has(cursor, 1))
            return VP9_TOO_SHORT;
        if (!(cursor->data[cursor->at++] & 0x01))
            return VP9_OK;
    }
    return VP9_BAD_REFERENCES;
}

/*      | N_S |Y|G|-|-|-|
 *  Y:  | WIDTH (16), HEIGHT (16) | N_S + 1 times
 *  G:  |      N_G      |
 *      |  T  |U| R |-|-|  N_G times, each with
 *      |    P_DIFF     |  R times */
static Vp9Result parse_structure(Cursor *cursor, Vp9Descriptor *descriptor)
{
    if (!has(cursor, 1))
        return VP9_TOO_SHORT;
    uint8_t flags = cursor->data[cursor->at++];
    descriptor->has_structure = true;
    descriptor->n_spatial = (uint8_t)((flags >> 5) + 1);
    if (flags & 0x10) { /* Y */
        size_t n_bytes = (size_t)descriptor->n_spatial * 4;
        if (!has(cursor, n_bytes))
            return VP9_TOO_SHORT;
        cursor->at += n_bytes;
        descriptor->width = bytes_read_u16(cursor->data + cursor->at - 4);
        descriptor->height = bytes_read_u16(cursor->data + cursor->at - 2);
    }
    if (!(flags & 0x08)) /* G */
        return VP9_OK;
    if (!has(cursor, 1))
        return VP9_TOO_SHORT;
    for (unsigned n = cursor->data[cursor->at++]; n > 0; n--) {
        if (!has(cursor, 1))
            return VP9_TOO_SHORT;
        size_t n_references = cursor->data[cursor->at++] >> 2 & 0x03;
        if (!has(cursor, n_references))
            return VP9_TOO_SHORT;
        cursor->at += n_references;
    }
    return VP9_OK;
}

Vp9Result vp9_descriptor_parse(const uint8_t *payload, size_t size, Vp9Descriptor *ret_descriptor)
{
    if (size < 1)
        return VP9_TOO_SHORT;
    uint8_t flags = payload[0];
    Cursor cursor = {payload, size, 1};
    Vp9Descriptor descriptor = {
        .inter_predicted = flags & 0x40,
        .flexible = flags & 0x10,
        .starts_layer_frame = flags & 0x08,
        .ends_layer_frame = flags & 0x04,
        .not_referred_to = flags & 0x01,
    };
    Vp9Result result = VP9_OK;
    if (flags & 0x80) /* I */
        result = parse_picture_id(&cursor, &descriptor);
    if (result == VP9_OK && flags & 0x20) /* L */
        result = parse_layers(&cursor, &descriptor);
    if (result == VP9_OK && descriptor.inter_predicted && descriptor.flexible)
        result = parse_references(&cursor);
    if (result == VP9_OK && flags & 0x02) /* V */
        result = parse_structure(&cursor, &descriptor);
    if (result == VP9_OK && !has(&cursor, 1))
        result = VP9_TOO_SHORT;
    if (result != VP9_OK)
        return result;
    descriptor.size = cursor.at;
    *ret_descriptor = descriptor;
    return VP9_OK;
}

bool vp9_starts_frame(const Vp9Descriptor *descriptor)
{
    return descriptor->starts_layer_frame && descriptor->spatial_id == 0;
}

bool vp9_starts_key_frame(const uint8_t *payload, size_t size, const Vp9Descriptor *descriptor)
{
    if (!vp9_starts_frame(descriptor) || descriptor->inter_predicted || descriptor->size >= size)
        return false;
    /* | frame_marker = 2 (2) | profile low, high | (0 with profile 3) | show_existing | type | */
    uint8_t header = payload[descriptor->size];
    bool is_profile_3 = (header & 0x30) == 0x30;
    uint8_t flags = is_profile_3 ? header >> 1 : header >> 2;
    return header >> 6 == 2 && !(flags & 0x02) && !(flags & 0x01);
}

const char *vp9_result_name(Vp9Result result)
{
    switch (result) {
    case VP9_OK:
        return "ok";
    case VP9_TOO_SHORT:
        return "too short";
    case VP9_BAD_REFERENCES:
        return "too many references";
    }
    return "unknown";
}
