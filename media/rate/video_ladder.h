// SPDX-License-Identifier: Apache-2.0
/* The steps of a picture: what it shows at which rate, and the order in which several pictures get
 * and lose them. Pure; any thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VIDEO_STEP_OFF = 0,
    VIDEO_STEP_STILLS = 1,
    VIDEO_STEP_SLOW = 2, /* the first that moves */
    VIDEO_STEPS = 12,
};

typedef struct {
    uint32_t need_bps; /* of the wire, to be worth it */
    uint32_t most_bps; /* more does not help this step */
    unsigned height;
    unsigned fps_tenths;
} VideoStep;

/** STEP below VIDEO_STEPS. */
const VideoStep *video_step(bool is_screen, unsigned step);

/** What is asked for, of one picture. */
typedef struct {
    bool has_source;
    bool is_screen;
    uint32_t most_bps; /* of the wire, that its sender can use at most; 0: no limit known */
} VideoClaim;

/** What the N pictures in CLAIMS need at STEPS, together: none more than its sender can use. */
uint64_t video_ladder_need(const VideoClaim *claims, size_t n, const unsigned *steps);

/** Raises STEPS by what BPS allows beyond what they need already, in order of priority: a still for
 * everyone first, then a slow moving picture for each, then the first up to 360 lines, the others,
 * then the first to the top. Nothing is raised when they need more than BPS, and none beyond the
 * first step that needs what its sender can use. */
void video_ladder_raise(const VideoClaim *claims, size_t n, uint32_t bps, unsigned *steps);

/** How often a rate is enough for a still; STILL_BYTES 0: not known. */
unsigned video_still_fps_tenths(uint32_t wire_bps, size_t still_bytes);

/** The encoder's share of a wire rate: less the headers of its packets. */
uint32_t video_payload_bps(uint32_t wire_bps, unsigned fps_tenths);
/** The other way round. */
uint32_t video_wire_bps(uint32_t payload_bps, unsigned fps_tenths);
