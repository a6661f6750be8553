// SPDX-License-Identifier: Apache-2.0
#include "media/repair/red.h"

#include <stdbool.h>
#include <string.h>

#include "media/rtp/bytes.h"

enum {
    MORE_BLOCKS = 0x80, /* F: another block header follows */
    PAYLOAD_TYPE = 0x7f,
    LENGTH_BITS = 10,
};

RedResult red_parse(const uint8_t *data, size_t size, RedPacket *ret_packet)
{
    RedPacket packet = {.n_blocks = 0};
    size_t at = 0;
    size_t n_redundant_bytes = 0;
    while (at < size && data[at] & MORE_BLOCKS) {
        if (size - at < RED_HEADER_BYTES)
            return RED_TOO_SHORT;
        if (packet.n_blocks == RED_BLOCKS_MAX - 1)
            return RED_TOO_MANY_BLOCKS;
        uint32_t rest = bytes_read_u24(data + at + 1);
        packet.blocks[packet.n_blocks++] = (RedBlock){
            .payload_type = data[at] & PAYLOAD_TYPE,
            .timestamp_offset = (uint16_t)(rest >> LENGTH_BITS),
            .size = rest & RED_BLOCK_BYTES_MAX,
        };
        n_redundant_bytes += rest & RED_BLOCK_BYTES_MAX;
        at += RED_HEADER_BYTES;
    }
    if (at == size)
        return RED_TOO_SHORT;
    uint8_t primary_type = data[at] & PAYLOAD_TYPE;
    at++;
    if (n_redundant_bytes >= size - at)
        return RED_BAD_LENGTH;
    for (unsigned i = 0; i < packet.n_blocks; i++) {
        packet.blocks[i].data = data + at;
        at += packet.blocks[i].size;
    }
    packet.blocks[packet.n_blocks++] =
        (RedBlock){.payload_type = primary_type, .data = data + at, .size = size - at};
    *ret_packet = packet;
    return RED_OK;
}

RedResult red_primary(const uint8_t *data, size_t size, RedBlock *ret_primary)
{
    RedPacket packet;
    RedResult result = red_parse(data, size, &packet);
    if (result == RED_OK)
        *ret_primary = packet.blocks[packet.n_blocks - 1];
    return result;
}

static RedResult check_blocks(const RedBlock *blocks, size_t n_blocks, size_t *ret_size)
{
    if (n_blocks == 0 || n_blocks > RED_BLOCKS_MAX)
        return RED_BAD_ARGUMENT;
    size_t size = 0;
    for (size_t i = 0; i < n_blocks; i++) {
        const RedBlock *block = &blocks[i];
        bool is_primary = i == n_blocks - 1;
        if (block->payload_type > PAYLOAD_TYPE)
            return RED_BAD_ARGUMENT;
        if (is_primary
                ? block->size == 0 || block->timestamp_offset != 0
                : block->size > RED_BLOCK_BYTES_MAX || block->timestamp_offset > RED_OFFSET_MAX)
            return RED_BAD_ARGUMENT;
        size += block->size + (is_primary ? 1 : RED_HEADER_BYTES);
    }
    *ret_size = size;
    return RED_OK;
}

RedResult red_write(const RedBlock *blocks, size_t n_blocks, uint8_t *out, size_t capacity,
                    size_t *ret_size)
{
    size_t size = 0;
    RedResult result = check_blocks(blocks, n_blocks, &size);
    if (result != RED_OK)
        return result;
    if (size > capacity)
        return RED_NO_SPACE;
    uint8_t *at = out;
    for (size_t i = 0; i + 1 < n_blocks; i++) {
        *at = MORE_BLOCKS | blocks[i].payload_type;
        bytes_write_u24(at + 1, (uint32_t)blocks[i].timestamp_offset << LENGTH_BITS |
                                    (uint32_t)blocks[i].size);
        at += RED_HEADER_BYTES;
    }
    *at++ = blocks[n_blocks - 1].payload_type;
    for (size_t i = 0; i < n_blocks; i++) {
        if (blocks[i].size > 0)
            memcpy(at, blocks[i].data, blocks[i].size);
        at += blocks[i].size;
    }
    *ret_size = size;
    return RED_OK;
}

const char *red_result_name(RedResult result)
{
    switch (result) {
    case RED_OK:
        return "ok";
    case RED_TOO_SHORT:
        return "too short";
    case RED_BAD_LENGTH:
        return "bad length";
    case RED_TOO_MANY_BLOCKS:
        return "too many blocks";
    case RED_BAD_ARGUMENT:
        return "bad argument";
    case RED_NO_SPACE:
        return "no space";
    }
    return "unknown";
}
