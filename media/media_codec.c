// SPDX-License-Identifier: Apache-2.0
/* Codecs: their names, and which H.264 the relay carries. Pure; any thread. */
#include "media/media.h"

const char *media_codec_name(MediaCodecName name)
{
    switch (name) {
    case MEDIA_CODEC_OPUS:
        return "opus";
    case MEDIA_CODEC_VP8:
        return "VP8";
    case MEDIA_CODEC_H264:
        return "H264";
    case MEDIA_CODEC_VP9:
        return "VP9";
    }
    g_assert_not_reached();
}

/*  profile-level-id: | profile_idc (8) | profile_iop: constraint_set0-5, 00 (8) | level_idc (8) |
 */
MediaH264Profile media_h264_profile(uint32_t profile_level)
{
    uint8_t profile = (uint8_t)(profile_level >> 16);
    uint8_t iop = (uint8_t)(profile_level >> 8);
    if (iop & 0x0f)
        return MEDIA_H264_OTHER;
    switch (profile) {
    case 0x42: /* x1xx0000, x0xx0000 */
        return iop & 0x40 ? MEDIA_H264_CONSTRAINED_BASELINE : MEDIA_H264_BASELINE;
    case 0x4d: /* 1xxx0000; others are main */
        return iop & 0x80 ? MEDIA_H264_CONSTRAINED_BASELINE : MEDIA_H264_OTHER;
    case 0x58: /* 11xx0000, 10xx0000; others are extended */
        if (!(iop & 0x80))
            return MEDIA_H264_OTHER;
        return iop & 0x40 ? MEDIA_H264_CONSTRAINED_BASELINE : MEDIA_H264_BASELINE;
    default:
        return MEDIA_H264_OTHER;
    }
}
