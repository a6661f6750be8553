// SPDX-License-Identifier: Apache-2.0
/* Arithmetic on 16-bit sequence numbers and 32-bit timestamps that wrap around (RFC 1982). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/** A minus B in -32768..32767: positive when A is the newer. */
static inline int sequence_diff(uint16_t a, uint16_t b)
{
    return (int16_t)(uint16_t)(a - b);
}

static inline bool sequence_newer(uint16_t a, uint16_t b)
{
    return sequence_diff(a, b) > 0;
}

/** A minus B for timestamps: positive when A is the later. */
static inline int32_t timestamp_diff(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b);
}

/** The 64-bit number with the low bits SEQUENCE that is nearest to REFERENCE. A reference that
 * starts at 2^16 or above keeps the answer from being negative. */
static inline int64_t sequence_extend(uint16_t sequence, int64_t reference)
{
    return reference + sequence_diff(sequence, (uint16_t)reference);
}
