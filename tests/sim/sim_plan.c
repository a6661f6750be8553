// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_plan.h"

#include <glib.h>

enum { KEY_FRAME_BYTES = 2600 }; /* sim_sender.c; taken for the least */

void sim_planner_init(SimPlanner *planner, bool has_red, bool has_opus_nack, int64_t now_us)
{
    allocator_init(&planner->allocator, now_us);
    planner->has_red = has_red;
    planner->has_opus_nack = has_opus_nack;
}

void sim_planner_update(SimPlanner *planner, const SendRateView *view, const SimSent *sent,
                        int64_t now_us, SimPlan *ret_plan)
{
    bool has_picture = sent->has_picture;
    AllocatorInput input = {
        .target_bps = view->target_bps,
        .loss_q8 = view->loss_q8,
        .loss_run_x10 = view->loss_run_x10,
        .rtt_us = view->rtt_us,
        .queue_us = view->queue_us,
        .overused = view->overused,
        .has_feedback = view->has_feedback,
        .blackout = view->blackout,
        .n_audio = 1,
        .opus_bps = sent->opus_bps,
        .has_red = planner->has_red,
        .has_opus_nack = planner->has_opus_nack,
        .n_video = has_picture ? 1 : 0,
        .video[0] =
            {
                .has_source = has_picture,
                .source_id = 1,
                .key_frame_bytes = MAX(sent->key_frame_bytes, KEY_FRAME_BYTES),
                .n_layers = 1,
                .layers[0] = {.bitrate_bps = sent->video_bps,
                              .n_temporal = 2,
                              .temporal_q8 = {154, 102}},
            },
    };
    AllocatorPlan plan;
    allocator_update(&planner->allocator, &input, now_us, &plan);
    const AllocatorVideoPlan *video = &plan.video[0];
    bool shows = has_picture && video->mode != ALLOCATOR_OFF && !plan.is_held;
    *ret_plan = (SimPlan){
        .packet_ms = plan.audio.merge_ms,
        .opus_bps = plan.audio.opus_bps,
        .distance = plan.audio.red_distance,
        .video_bps = shows ? video->wish.video_bps : 0,
        .fps = shows ? video->wish.fps_tenths / 10.0 : 0,
        .step = has_picture ? planner->allocator.slots[0].patience.step : VIDEO_STEP_OFF,
        .max_temporal_id = video->max_temporal_id,
        .stills = shows && video->mode == ALLOCATOR_STILLS,
        .wanted_bps = plan.wanted_bps,
        .repair_bps = plan.rtx_bps,
        .held = plan.is_held,
    };
    if (ret_plan->stills)
        ret_plan->fps = 1e6 / (double)video->still_interval_us;
    if (ret_plan->fps <= 0)
        ret_plan->video_bps = 0;
}
