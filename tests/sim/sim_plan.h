// SPDX-License-Identifier: Apache-2.0
/* From the view of a link to what its virtual sender does, through the real allocator. */
#pragma once
#include "media/rate/allocator.h"
#include "media/rate/send_rate.h"
#include "tests/sim/sim_sender.h"

typedef struct {
    Allocator allocator;
    bool has_red;
    bool has_opus_nack;
} SimPlanner;

void sim_planner_init(SimPlanner *planner, bool has_red, bool has_opus_nack, int64_t now_us);
/** VIDEO_BPS: what the picture has come with of late; HAS_PICTURE: there is one. */
void sim_planner_update(SimPlanner *planner, const SendRateView *view, bool has_picture,
                        uint32_t video_bps, uint32_t opus_bps, int64_t now_us, SimPlan *ret_plan);
