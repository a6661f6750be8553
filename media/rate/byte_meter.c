// SPDX-License-Identifier: Apache-2.0
#include "media/rate/byte_meter.h"

#include <glib.h>

enum { PLACES = BYTE_METER_SLICES + 1 };

static void advance(ByteMeter *meter, int64_t now_us)
{
    int64_t slice = now_us / BYTE_METER_SLICE_US;
    if (!meter->started) {
        meter->started = true;
        meter->slice = meter->first_slice = slice;
    }
    for (int64_t i = MAX(meter->slice + 1, slice - BYTE_METER_SLICES); i <= slice; i++)
        meter->bytes[i % PLACES] = 0;
    meter->slice = MAX(meter->slice, slice);
}

void byte_meter_add(ByteMeter *meter, size_t n_bytes, int64_t now_us)
{
    advance(meter, now_us);
    meter->bytes[meter->slice % PLACES] += (uint32_t)MIN(n_bytes, UINT16_MAX);
}

uint32_t byte_meter_bps(ByteMeter *meter, int64_t now_us)
{
    advance(meter, now_us);
    int64_t n = MIN(meter->slice - meter->first_slice, BYTE_METER_SLICES);
    uint64_t sum = 0;
    for (int64_t i = 1; i <= n; i++)
        sum += meter->bytes[(meter->slice - i) % PLACES];
    return n == 0 ? 0 : (uint32_t)(sum * 8 * G_USEC_PER_SEC / (uint64_t)(n * BYTE_METER_SLICE_US));
}
