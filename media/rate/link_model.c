// SPDX-License-Identifier: Apache-2.0
#include "media/rate/link_model.h"

#include <glib.h>

enum { BACKLOG_MOST_US = 250 * 1000 }; /* a key frame at 1.5 of the rate leaves less */

static double bytes_in(int64_t time_us, uint32_t rate_bps)
{
    return (double)time_us * rate_bps / 8 / G_USEC_PER_SEC;
}

uint32_t link_model_send(LinkModel *model, size_t wire_bytes, uint32_t rate_bps, int64_t now_us)
{
    model->backlog_bytes -= bytes_in(MAX(now_us - model->at_us, 0), rate_bps);
    model->backlog_bytes = MAX(model->backlog_bytes, 0) + (double)wire_bytes;
    double most = bytes_in(model->most_us, rate_bps);
    if (model->backlog_bytes > MAX(most, (double)wire_bytes))
        model->backlog_bytes = MAX(most, (double)wire_bytes);
    if (model->backlog_bytes < bytes_in(BACKLOG_MOST_US, rate_bps))
        model->most_us = BACKLOG_MOST_US;
    model->at_us = MAX(now_us, model->at_us);
    return (uint32_t)MIN(model->backlog_bytes * 8 * G_USEC_PER_SEC / rate_bps, UINT32_MAX);
}

void link_model_set(LinkModel *model, int64_t delay_us, uint32_t rate_bps, int64_t now_us)
{
    model->backlog_bytes = MAX(bytes_in(delay_us, rate_bps), 0);
    model->most_us = MAX(delay_us, BACKLOG_MOST_US);
    model->at_us = now_us;
}
