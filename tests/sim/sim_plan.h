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
/** What comes from the sender. */
typedef struct {
    bool has_picture;
    uint32_t video_bps; /* of late */
    uint32_t opus_bps;
    uint32_t key_frame_bytes; /* the last one; 0: none came */
} SimSent;

void sim_planner_update(SimPlanner *planner, const SendRateView *view, const SimSent *sent,
                        int64_t now_us, SimPlan *ret_plan);
