// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/media/allocator_bench.h"

#include <string.h>

Bench bench;

void set_up(uint32_t target_bps)
{
    memset(&bench, 0, sizeof bench);
    bench.now_us = 1000 * S;
    bench.input = (AllocatorInput){.target_bps = target_bps,
                                   .has_feedback = true,
                                   .rtt_us = 100 * MS,
                                   .n_audio = 1,
                                   .has_red = true,
                                   .has_opus_nack = true,
                                   .n_video = 1};
    bench.input.video[0] = (AllocatorVideoInput){.has_source = true, .source_id = 1};
    allocator_init(&bench.allocator, bench.now_us);
}

void step_on(int64_t us)
{
    unsigned video = bench.allocator.slots[0].patience.step;
    unsigned audio = bench.allocator.audio.patience.step;
    allocator_update(&bench.allocator, &bench.input, bench.now_us, &bench.plan);
    bench.n_video_moves += bench.allocator.slots[0].patience.step != video;
    bench.n_audio_moves += bench.allocator.audio.patience.step != audio;
    bench.now_us += us;
}

void run(int64_t us)
{
    for (int64_t end_us = bench.now_us + us; bench.now_us < end_us;)
        step_on(100 * MS);
}

const AllocatorVideoPlan *picture(unsigned index)
{
    return &bench.plan.video[index];
}

uint32_t spent_bps(void)
{
    uint32_t bps = bench.plan.audio_bps;
    for (unsigned i = 0; i < bench.plan.n_video; i++)
        bps += bench.plan.video[i].budget_bps;
    return bps;
}
