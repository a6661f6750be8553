// SPDX-License-Identifier: Apache-2.0
#include "media/relay/meter.h"

#include <string.h>

static unsigned place(int64_t bucket)
{
    return (unsigned)(bucket % METER_BUCKETS);
}

void meter_add(Meter *meter, size_t n_bytes, int64_t now_us)
{
    int64_t bucket = now_us / METER_BUCKET_US;
    if (bucket - meter->newest >= METER_BUCKETS) {
        memset(meter->bytes, 0, sizeof meter->bytes);
        meter->newest = bucket;
    }
    while (meter->newest < bucket)
        meter->bytes[place(++meter->newest)] = 0;
    meter->bytes[place(bucket)] += (uint32_t)n_bytes;
}

uint32_t meter_bps(const Meter *meter, int64_t now_us)
{
    int64_t bucket = now_us / METER_BUCKET_US;
    uint64_t n_bytes = 0;
    /* The bucket that is being filled stands for the oldest one's missing part. */
    for (int64_t i = bucket - METER_BUCKETS + 1; i <= bucket; i++) {
        if (i >= 0 && i <= meter->newest && i > meter->newest - METER_BUCKETS)
            n_bytes += meter->bytes[place(i)];
    }
    return (uint32_t)(n_bytes * 8 * 1000000 / ((uint64_t)METER_BUCKETS * METER_BUCKET_US));
}
