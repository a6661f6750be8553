// SPDX-License-Identifier: Apache-2.0
// VP9 descriptors: the data lie within the payload, and a key frame is one by all marks.
#include <glib.h>

#include "media/rtp/vp9.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Vp9Descriptor descriptor;
    if (vp9_descriptor_parse(data, size, &descriptor) != VP9_OK)
        return 0;
    g_assert(descriptor.size > 0 && descriptor.size < size);
    g_assert(descriptor.temporal_id < 8 && descriptor.spatial_id < 8 && descriptor.n_spatial <= 8);
    g_assert(descriptor.has_layers || (!descriptor.has_tl0_index && descriptor.spatial_id == 0));
    g_assert(descriptor.picture_id < 1 << descriptor.picture_id_bits);
    if (vp9_starts_key_frame(data, size, &descriptor))
        g_assert(vp9_starts_frame(&descriptor) && !descriptor.inter_predicted &&
                 data[descriptor.size] >> 6 == 2);
    /* Nothing behind the first byte of the frame counts. */
    Vp9Descriptor again;
    g_assert(vp9_descriptor_parse(data, descriptor.size + 1, &again) == VP9_OK);
    g_assert(again.size == descriptor.size);
    g_assert(vp9_descriptor_parse(data, descriptor.size, &again) == VP9_TOO_SHORT);
    return 0;
}
