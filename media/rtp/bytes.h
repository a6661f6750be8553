// SPDX-License-Identifier: Apache-2.0
/* Big-endian reads and writes for the packet parsers. Nothing here checks a size: the caller has
 * done so. Any thread. */
#pragma once
#include <stdint.h>

static inline uint16_t bytes_read_u16(const uint8_t *p)
{
    return (uint16_t)((p[0] << 8) | p[1]);
}

static inline uint32_t bytes_read_u24(const uint8_t *p)
{
    return ((uint32_t)p[0] << 16) | ((uint32_t)p[1] << 8) | p[2];
}

static inline uint32_t bytes_read_u32(const uint8_t *p)
{
    return ((uint32_t)p[0] << 24) | bytes_read_u24(p + 1);
}

static inline uint64_t bytes_read_u64(const uint8_t *p)
{
    return ((uint64_t)bytes_read_u32(p) << 32) | bytes_read_u32(p + 4);
}

static inline void bytes_write_u16(uint8_t *p, uint16_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static inline void bytes_write_u24(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 16);
    p[1] = (uint8_t)(value >> 8);
    p[2] = (uint8_t)value;
}

static inline void bytes_write_u32(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 24);
    bytes_write_u24(p + 1, value);
}

static inline void bytes_write_u64(uint8_t *p, uint64_t value)
{
    bytes_write_u32(p, (uint32_t)(value >> 32));
    bytes_write_u32(p + 4, (uint32_t)value);
}
