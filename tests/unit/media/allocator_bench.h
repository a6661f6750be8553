// SPDX-License-Identifier: Apache-2.0
/* One receiver of the allocator's tests: its link, its clock and what was planned for it last. */
#pragma once
#include "media/rate/allocator.h"

static const int64_t MS = 1000;
static const int64_t S = 1000 * 1000;

typedef struct {
    Allocator allocator;
    AllocatorInput input;
    AllocatorPlan plan;
    int64_t now_us;
    unsigned n_video_moves; /* changes of the first picture's step */
    unsigned n_audio_moves;
} Bench;

extern Bench bench;

/** Two people on TARGET_BPS with 100 ms of round trip; the receiver takes RED and NACKs. */
void set_up(uint32_t target_bps);
/** A plan, then US pass. */
void step_on(int64_t us);
/** A plan each 100 ms. */
void run(int64_t us);
const AllocatorVideoPlan *picture(unsigned index);
/** Set aside for sound and pictures. */
uint32_t spent_bps(void);
