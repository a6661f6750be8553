// SPDX-License-Identifier: Apache-2.0
#include "media/relay/picture.h"
#include "media/rtp/h264.h"
#include "media/rtp/vp9.h"

static bool look_vp8(const uint8_t *payload, size_t size, Picture *picture)
{
    if (vp8_descriptor_parse(payload, size, &picture->vp8) != VP8_OK)
        return false;
    picture->is_vp8 = true;
    picture->starts_key_frame = vp8_starts_key_frame(payload, size, &picture->vp8);
    if (picture->vp8.has_temporal_id && picture->vp8.picture_id_bits > 0) {
        picture->temporal_id = picture->vp8.temporal_id;
        picture->layer_sync = picture->vp8.layer_sync;
    }
    return true;
}

static bool look_vp9(const uint8_t *payload, size_t size, Picture *picture)
{
    Vp9Descriptor vp9;
    if (vp9_descriptor_parse(payload, size, &vp9) != VP9_OK)
        return false;
    picture->starts_key_frame = vp9_starts_key_frame(payload, size, &vp9);
    return true;
}

static bool look_h264(const uint8_t *payload, size_t size, Picture *picture)
{
    H264Packet h264;
    if (h264_packet_parse(payload, size, &h264) != H264_OK)
        return false;
    picture->starts_key_frame = h264_starts_key_frame(&h264);
    return true;
}

bool picture_look(MediaCodecName codec, const uint8_t *payload, size_t size, Picture *ret_picture)
{
    *ret_picture = (Picture){0};
    switch (codec) {
    case MEDIA_CODEC_VP8:
        return look_vp8(payload, size, ret_picture);
    case MEDIA_CODEC_VP9:
        return look_vp9(payload, size, ret_picture);
    case MEDIA_CODEC_H264:
        return look_h264(payload, size, ret_picture);
    case MEDIA_CODEC_OPUS:
        break;
    }
    return false;
}
