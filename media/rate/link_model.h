// SPDX-License-Identifier: Apache-2.0
/* A queue of which we know all: what our packets would wait on a link that carries exactly the
 * estimate. A real link at least as fast never delays them more, whatever bursts, key frames and
 * mixed sizes we send; delay beyond the model's is proof that the estimate is too high. A plain
 * value, zeroed at first; one thread. */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct {
    double backlog_bytes;
    int64_t most_us; /* it grows no further: whoever sends more than the estimate all the time is
                      * to be told by the link itself */
    int64_t at_us;
} LinkModel;

/** Puts a packet into the queue of a link of RATE_BPS (not 0); returns its delay in microseconds,
 * its own time on the link included. */
uint32_t link_model_send(LinkModel *model, size_t wire_bytes, uint32_t rate_bps, int64_t now_us);
/** The queue is now DELAY_US long: the model starts from what was measured. */
void link_model_set(LinkModel *model, int64_t delay_us, uint32_t rate_bps, int64_t now_us);
