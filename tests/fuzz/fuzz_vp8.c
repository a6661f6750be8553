// SPDX-License-Identifier: Apache-2.0
// VP8 descriptors: every offset lies within the payload, and a rewrite keeps the lengths.
#include <glib.h>
#include <string.h>

#include "media/rtp/vp8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Vp8Descriptor descriptor;
    if (vp8_descriptor_parse(data, size, &descriptor) != VP8_OK)
        return 0;
    g_assert(descriptor.size > 0 && descriptor.size < size && descriptor.size <= 6);
    uint16_t width = 0;
    uint16_t height = 0;
    if (vp8_key_frame_size(data, size, &descriptor, &width, &height) == VP8_OK)
        g_assert(width < 1 << 14 && height < 1 << 14);

    g_autofree uint8_t *copy = g_memdup2(data, size);
    vp8_descriptor_rewrite(copy, &descriptor, 0x5678, 0x9a);
    Vp8Descriptor again;
    g_assert(vp8_descriptor_parse(copy, size, &again) == VP8_OK);
    g_assert(again.size == descriptor.size);
    g_assert(again.picture_id_bits == descriptor.picture_id_bits);
    g_assert(again.temporal_id == descriptor.temporal_id);
    if (again.picture_id_bits > 0)
        g_assert(again.picture_id == (again.picture_id_bits == 15 ? 0x5678 : 0x78));
    if (again.has_tl0_index)
        g_assert(again.tl0_index == 0x9a);
    g_assert(memcmp(copy + again.size, data + again.size, size - again.size) == 0);
    return 0;
}
