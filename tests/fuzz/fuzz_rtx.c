// SPDX-License-Identifier: Apache-2.0
// RTX: what is unwrapped parses; what is wrapped unwraps to the same packet.
#include <glib.h>
#include <string.h>

#include "media/repair/rtx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_unwrap(const uint8_t *data, size_t size, const RtpHeader *header)
{
    g_autofree uint8_t *copy = g_memdup2(data, size);
    uint8_t *original = NULL;
    size_t original_size = 0;
    if (rtx_unwrap(copy, header, 0x01020304, 96, &original, &original_size) != RTX_OK) {
        g_assert(memcmp(copy, data, size) == 0);
        return;
    }
    g_assert(original == copy + 2 && original + original_size <= copy + size);
    RtpHeader unwrapped;
    g_assert(rtp_parse(original, original_size, &unwrapped) == RTP_OK);
    g_assert(unwrapped.ssrc == 0x01020304 && unwrapped.payload_type == 96);
    g_assert(unwrapped.payload_size == header->payload_size - 2);
    g_assert(unwrapped.timestamp == header->timestamp && unwrapped.marker == header->marker);
}

static void try_wrap(const uint8_t *data, size_t size, const RtpHeader *header)
{
    const RtxTarget target = {.ssrc = 7, .payload_type = 97, .sequence = 8};
    size_t capacity = size + 2;
    g_autofree uint8_t *wrapped = g_malloc(capacity);
    size_t wrapped_size = 0;
    g_assert(rtx_wrap(&target, data, size, wrapped, capacity, &wrapped_size) == RTX_OK);
    RtpHeader outer;
    g_assert(rtp_parse(wrapped, wrapped_size, &outer) == RTP_OK);
    uint8_t *original = NULL;
    size_t original_size = 0;
    RtxResult result =
        rtx_unwrap(wrapped, &outer, header->ssrc, header->payload_type, &original, &original_size);
    g_assert(result == (header->payload_size > 0 ? RTX_OK : RTX_EMPTY));
    if (result != RTX_OK)
        return;
    RtpHeader inner;
    g_assert(rtp_parse(original, original_size, &inner) == RTP_OK);
    g_assert(inner.sequence == header->sequence && inner.payload_size == header->payload_size);
    g_assert(memcmp(original + inner.payload_offset, data + header->payload_offset,
                    inner.payload_size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    RtpHeader header;
    if (rtp_parse(data, size, &header) != RTP_OK)
        return 0;
    try_unwrap(data, size, &header);
    try_wrap(data, size, &header);
    return 0;
}
