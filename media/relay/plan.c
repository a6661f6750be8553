// SPDX-License-Identifier: Apache-2.0
#include "media/relay/plan.h"

#include <string.h>

bool plan_can_carry(const MediaCodec *source, const MediaCodec *slot)
{
    if (source->name != slot->name)
        return false;
    if (source->name != MEDIA_CODEC_H264)
        return true;
    MediaH264Profile sent = media_h264_profile(source->h264_profile_level);
    MediaH264Profile taken = media_h264_profile(slot->h264_profile_level);
    return taken != MEDIA_H264_OTHER && (sent == taken || sent == MEDIA_H264_CONSTRAINED_BASELINE);
}

int plan_layer(const SectionPlan *plan, const uint8_t *rid, size_t size)
{
    for (unsigned i = 0; i < plan->n_layers; i++)
        if (strlen(plan->layers[i].rid) == size && memcmp(plan->layers[i].rid, rid, size) == 0)
            return (int)i;
    return -1;
}
