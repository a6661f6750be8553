// SPDX-License-Identifier: Apache-2.0
// RED: blocks lie within the packet and fill it; what is parsed is written to the same bytes again.
#include <glib.h>
#include <string.h>

#include "media/repair/red.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    RedPacket packet;
    RedBlock primary;
    RedResult result = red_parse(data, size, &packet);
    g_assert(red_primary(data, size, &primary) == result);
    if (result != RED_OK)
        return 0;
    g_assert(packet.n_blocks >= 1 && packet.n_blocks <= RED_BLOCKS_MAX);
    const uint8_t *at = data + (packet.n_blocks - 1) * (size_t)RED_HEADER_BYTES + 1;
    for (unsigned i = 0; i < packet.n_blocks; i++) {
        g_assert(packet.blocks[i].data == at);
        at += packet.blocks[i].size;
    }
    g_assert(at == data + size && primary.size > 0);
    g_assert(primary.data == packet.blocks[packet.n_blocks - 1].data);

    g_autofree uint8_t *again = g_malloc(size);
    size_t again_size = 0;
    g_assert(red_write(packet.blocks, packet.n_blocks, again, size - 1, &again_size) ==
             RED_NO_SPACE);
    g_assert(red_write(packet.blocks, packet.n_blocks, again, size, &again_size) == RED_OK);
    g_assert(again_size == size && memcmp(again, data, size) == 0);
    return 0;
}
