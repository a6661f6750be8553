// SPDX-License-Identifier: Apache-2.0
/* The rate of a stream over the last second. Plain value; one thread. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { METER_BUCKETS = 10, METER_BUCKET_US = 100 * 1000 };

typedef struct {
    int64_t newest; /* number of the bucket that is being filled */
    uint32_t bytes[METER_BUCKETS];
} Meter;

void meter_add(Meter *meter, size_t n_bytes, int64_t now_us);
/** Bits a second; 0 when nothing came for a second. */
uint32_t meter_bps(const Meter *meter, int64_t now_us);
