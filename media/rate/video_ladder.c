// SPDX-License-Identifier: Apache-2.0
#include "media/rate/video_ladder.h"

#include <glib.h>

/* Of a camera, by what libvpx makes of a face at each size (real time, cpu-used 8): 320x180 has
 * 29.9 dB at 5 fps from 25 kbit/s and 30.6 dB at 12.5 fps from 50; 640x360 33.5 dB at 12.5 fps from
 * 105 and 36.1 dB at 25 fps from 300. So size comes before quantization: browsers left alone send
 * 640x360 at 25 fps in 105 kbit/s, which looks better than 320x180 at 15 (SSIM 0.95 and 0.93 in
 * tests/netlab, "3g"); under that key frames of the larger sizes take too long. The first that
 * moves is what 60 kbit/s leave beside sound and reports: at 25000 such a link stood at single
 * pictures, which fill two thirds of it and so never showed that there was more (tests/netlab,
 * "steady60"). */
static const VideoStep camera_steps[VIDEO_STEPS] = {
    {0, 0, 0, 0},
    {5000, 24000, 135, 3}, /* a still of 3 kB in five seconds */
    {21000, 120000, 135, 60},
    {45000, 250000, 180, 80},
    {75000, 350000, 180, 120},
    {110000, 450000, 270, 200},
    {150000, 550000, 360, 200},
    {200000, 650000, 360, 250},
    {290000, 800000, 360, 250},
    {400000, 1000000, 360, 250},
    {700000, 1600000, 720, 250},
    {1200000, 2500000, 720, 300},
};

/* Of a screen: text must be legible, movement may wait. */
static const VideoStep screen_steps[VIDEO_STEPS] = {
    {0, 0, 0, 0},
    {8000, 40000, 360, 2},
    {40000, 160000, 720, 10},
    {80000, 300000, 720, 30},
    {150000, 600000, 720, 50},
    {300000, 1000000, 1080, 50},
    {600000, 2000000, 1080, 100},
    {1000000, 2500000, 1080, 150},
};
static const unsigned n_screen_steps = 8;

enum {
    SHARED_HEIGHT = 360, /* up to here the first picture goes before the others get better */
    PACKET_HEADERS = 70, /* IP, UDP, RTP with extensions, VP8 descriptor, tag */
    PACKET_PAYLOAD = 1130,
    STILL_BYTES = 3000,  /* a key frame of 240x135, until one was seen */
    STILL_FPS_LEAST = 2, /* tenths */
    STILL_FPS_MOST = 10,
};

static unsigned n_steps(bool is_screen)
{
    return is_screen ? n_screen_steps : VIDEO_STEPS;
}

const VideoStep *video_step(bool is_screen, unsigned step)
{
    g_assert(step < VIDEO_STEPS);
    return is_screen ? &screen_steps[step] : &camera_steps[step];
}

static uint32_t need_of(const VideoClaim *claim, unsigned step)
{
    uint32_t need_bps = video_step(claim->is_screen, step)->need_bps;
    return claim->most_bps > 0 ? MIN(need_bps, claim->most_bps) : need_bps;
}

/* Raises one picture's step to MOST at the highest, as *BPS allows. */
static void raise_step(const VideoClaim *claim, unsigned most, uint64_t *bps, unsigned *step)
{
    if (!claim->has_source)
        return;
    while (*step < most && *step + 1 < n_steps(claim->is_screen)) {
        uint32_t more = need_of(claim, *step + 1) - need_of(claim, *step);
        if (more > *bps || more == 0)
            return;
        *bps -= more;
        (*step)++;
    }
}

static unsigned shared_step(bool is_screen)
{
    unsigned step = VIDEO_STEP_SLOW;
    while (step + 1 < n_steps(is_screen) &&
           video_step(is_screen, step + 1)->height <= SHARED_HEIGHT)
        step++;
    return step;
}

uint64_t video_ladder_need(const VideoClaim *claims, size_t n, const unsigned *steps)
{
    uint64_t need = 0;
    for (size_t i = 0; i < n; i++)
        need += claims[i].has_source ? need_of(&claims[i], steps[i]) : 0;
    return need;
}

void video_ladder_raise(const VideoClaim *claims, size_t n, uint32_t bps, unsigned *steps)
{
    uint64_t need = video_ladder_need(claims, n, steps);
    if (need > bps)
        return;
    uint64_t left = bps - need;
    for (size_t i = 0; i < n; i++)
        raise_step(&claims[i], VIDEO_STEP_STILLS, &left, &steps[i]);
    for (size_t i = 0; i < n; i++)
        raise_step(&claims[i], VIDEO_STEP_SLOW, &left, &steps[i]);
    for (size_t i = 0; i < n; i++)
        raise_step(&claims[i], shared_step(claims[i].is_screen), &left, &steps[i]);
    for (size_t i = 0; i < n; i++)
        raise_step(&claims[i], VIDEO_STEPS - 1, &left, &steps[i]);
}

unsigned video_still_fps_tenths(uint32_t wire_bps, size_t still_bytes)
{
    uint64_t bits = (still_bytes > 0 ? still_bytes : STILL_BYTES) * 8;
    return (unsigned)CLAMP((uint64_t)wire_bps * 10 / bits, STILL_FPS_LEAST, STILL_FPS_MOST);
}

uint32_t video_payload_bps(uint32_t wire_bps, unsigned fps_tenths)
{
    uint64_t n_packets_x10 =
        MAX(fps_tenths, (uint64_t)wire_bps * 10 / (8 * (PACKET_HEADERS + PACKET_PAYLOAD)));
    uint64_t headers = n_packets_x10 * PACKET_HEADERS * 8 / 10;
    return headers < wire_bps ? (uint32_t)(wire_bps - headers) : 0;
}

uint32_t video_wire_bps(uint32_t payload_bps, unsigned fps_tenths)
{
    uint64_t n_packets_x10 = MAX(fps_tenths, (uint64_t)payload_bps * 10 / (8 * PACKET_PAYLOAD));
    return (uint32_t)MIN(payload_bps + n_packets_x10 * PACKET_HEADERS * 8 / 10, UINT32_MAX);
}
