// SPDX-License-Identifier: Apache-2.0
/* Redundant audio data, audio/red (RFC 2198): earlier payloads ride along in front of the newest.
 * Pure: bytes in, struct out; no allocation; any thread.
 *
 * A publisher's RED is taken apart by red_parse(): the last block is the packet itself. A block
 * before it whose distance is d packets is that packet again: forward it with the sequence number
 * less d and the timestamp less its offset, oldest first; what had come already is refused by
 * rtp_rewriter_map() as a duplicate. */
#pragma once
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RED_BLOCKS_MAX = 8,         /**< in one packet, the primary included; more is refused */
    RED_BLOCK_BYTES_MAX = 1023, /**< of a redundant block: 10 bits */
    RED_OFFSET_MAX = 16383,     /**< 14 bits of timestamp: 341 ms at 48 kHz */
    RED_HEADER_BYTES = 4,       /**< of a redundant block; 1 for the primary */
};

typedef enum {
    RED_OK = 0,
    RED_TOO_SHORT,  /**< ends within the block headers */
    RED_BAD_LENGTH, /**< the lengths leave no primary, or run beyond the packet */
    RED_TOO_MANY_BLOCKS,
    RED_BAD_ARGUMENT, /**< red_write(): a field out of its range */
    RED_NO_SPACE,
} RedResult;

/*  0                   1                    2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3  4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |1|   block PT  |  timestamp offset         |   block length    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0|   block PT  |   (the primary: no offset, no length)
 * +-+-+-+-+-+-+-+-+ */
typedef struct {
    uint8_t payload_type;
    uint16_t timestamp_offset; /**< before the packet's timestamp; 0 for the primary */
    const uint8_t *data;       /**< into the packet */
    size_t size;               /**< a redundant block may be empty, the primary may not */
} RedBlock;

typedef struct {
    unsigned n_blocks;               /**< at least 1 */
    RedBlock blocks[RED_BLOCKS_MAX]; /**< as in the packet; the primary is the last */
} RedPacket;

RedResult red_parse(const uint8_t *data, size_t size,
                    RedPacket *ret_packet) G_GNUC_WARN_UNUSED_RESULT;

/** The primary alone, for a receiver without RED. */
RedResult red_primary(const uint8_t *data, size_t size,
                      RedBlock *ret_primary) G_GNUC_WARN_UNUSED_RESULT;

/** Writes N_BLOCKS, the primary last; their data must not overlap OUT. */
RedResult red_write(const RedBlock *blocks, size_t n_blocks, uint8_t *out, size_t capacity,
                    size_t *ret_size) G_GNUC_WARN_UNUSED_RESULT;

const char *red_result_name(RedResult result);
