// SPDX-License-Identifier: Apache-2.0
/* Bytes a second over the last second, in slices of 100 ms. A plain value, zeroed at first; one
 * thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BYTE_METER_SLICES = 10, BYTE_METER_SLICE_US = 100 * 1000 };

typedef struct {
    bool started;
    int64_t slice; /* the newest one's number */
    int64_t first_slice;
    uint32_t bytes[BYTE_METER_SLICES + 1]; /* the newest is not yet full */
} ByteMeter;

void byte_meter_add(ByteMeter *meter, size_t n_bytes, int64_t now_us);
/** Over the full slices of the last second; before a second has passed, over what there is. */
uint32_t byte_meter_bps(ByteMeter *meter, int64_t now_us);
