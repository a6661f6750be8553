// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_picture.h"

#include <glib.h>
#include <math.h>

enum {
    MS = 1000,
    FREEZE_US = 150 * MS,
    REPAIRS_FORGOTTEN_US = 60 * 1000 * MS, /* libwebrtc's JitterEstimator: three NACKs in 60 s */
    RENDER_US = 10 * MS,
    JITTER_EXTRA_US = 10 * MS,  /* libwebrtc: the operating system's */
    JITTER_OFFSET_US = 30 * MS, /* JitterEstimator: deviations times 2.33, less so much */
    FRAMES_MOST = 400,
};
static const double JITTER_DEVIATIONS = 2.33;
static const double MOST_FADING = 0.9999;
static const double SIZE_GAIN = 0.03;
static const double SLOPE_FADING = 0.98;
static const double DELAY_SPEED = 0.1; /* libwebrtc's VCMTiming: 100 ms a second */

static SimFrame *frame_at(SimPicture *picture, int64_t number)
{
    return &picture->frames[number % SIM_FRAMES];
}

void sim_picture_sent(SimPicture *picture, const SimFrame *frame)
{
    *frame_at(picture, frame->number) = *frame;
    picture->newest = frame->number;
}

static bool is_complete(const SimFrame *frame)
{
    return frame->sent && frame->n_arrived >= frame->n_packets;
}

static double deviation(double variance)
{
    return sqrt(MAX(variance, 0));
}

static void note_size(SimJitter *jitter, double bytes)
{
    jitter->most_bytes = MAX(MOST_FADING * jitter->most_bytes, bytes);
    if (jitter->n == 0)
        jitter->mean_bytes = bytes;
    if (bytes < jitter->mean_bytes + 2 * deviation(jitter->bytes_variance) || jitter->n < 5)
        jitter->mean_bytes += SIZE_GAIN * (bytes - jitter->mean_bytes);
    double off = bytes - jitter->mean_bytes;
    jitter->bytes_variance += SIZE_GAIN * (off * off - jitter->bytes_variance);
}

/* libwebrtc's JitterEstimator in short: how much of a frame's delay is its size, and the noise that
 * this leaves. */
static void note_delay(SimJitter *jitter, double took_us, double bytes)
{
    note_size(jitter, bytes);
    if (jitter->n++ == 0)
        jitter->mean_us = took_us;
    else {
        double later_us = took_us - jitter->took_us;
        double larger = bytes - jitter->bytes;
        jitter->sum_xx = SLOPE_FADING * jitter->sum_xx + larger * larger;
        jitter->sum_xy = SLOPE_FADING * jitter->sum_xy + larger * later_us;
        jitter->slope = MAX(jitter->sum_xy / MAX(jitter->sum_xx, 1), 0);
        double noise = later_us - jitter->slope * larger;
        jitter->variance += (noise * noise - jitter->variance) / MIN(jitter->n, FRAMES_MOST);
    }
    jitter->mean_us += (took_us - jitter->mean_us) / MIN(jitter->n, 60);
    jitter->took_us = took_us;
    jitter->bytes = bytes;
}

static int64_t jitter_us(const SimJitter *jitter)
{
    double noise_us = JITTER_DEVIATIONS * deviation(jitter->variance) - JITTER_OFFSET_US;
    double size_us = jitter->slope * (jitter->most_bytes - jitter->mean_bytes);
    return (int64_t)(size_us + MAX(noise_us, 1 * MS)) + JITTER_EXTRA_US;
}

void sim_picture_arrived(SimPicture *picture, int64_t number, bool repaired, int64_t now_us)
{
    SimFrame *frame = frame_at(picture, number);
    if (frame->number != number)
        return;
    frame->n_arrived++;
    frame->repaired = frame->repaired || repaired;
    if (!is_complete(frame))
        return;
    if (frame->repaired)
        picture->repaired_us[picture->n_repaired++ % SIM_REPAIRS] = now_us;
    else
        note_delay(&picture->jitter, (double)(now_us - frame->taken_us), frame->bytes);
}

static int64_t mean_gap_us(const SimPicture *picture)
{
    unsigned n = MIN(picture->n_gaps, SIM_FRAME_GAPS);
    int64_t sum = 0;
    for (unsigned i = 0; i < n; i++)
        sum += picture->gaps_us[i];
    return n == 0 ? 0 : sum / n;
}

static void show(SimPicture *picture, int64_t number, int64_t now_us)
{
    picture->next = number + 1;
    picture->n_shown++;
    if (picture->shown_us > 0 && picture->expected) {
        int64_t gap_us = now_us - picture->shown_us;
        int64_t mean_us = mean_gap_us(picture);
        picture->longest_us = MAX(picture->longest_us, gap_us);
        if (mean_us > 0 && gap_us > MAX(3 * mean_us, mean_us + FREEZE_US))
            picture->n_freezes++;
        picture->gaps_us[picture->n_gaps++ % SIM_FRAME_GAPS] = gap_us;
    }
    picture->shown_us = now_us;
}

/* The first frame that can be decoded; 0: none. */
static int64_t decodable(SimPicture *picture)
{
    bool follows = picture->next != 0;
    int64_t from = MAX(picture->next, picture->newest - SIM_FRAMES + 1);
    for (int64_t i = MAX(from, 1); i <= picture->newest; i++) {
        const SimFrame *frame = frame_at(picture, i);
        if (is_complete(frame) && (frame->key || follows))
            return i;
        if (frame->temporal_id == 0)
            follows = false;
    }
    return 0;
}

static void move_delay(SimPicture *picture, int64_t rtt_us, int64_t now_us)
{
    int64_t third_us = picture->repaired_us[picture->n_repaired % SIM_REPAIRS];
    bool repairs = picture->n_repaired >= SIM_REPAIRS && now_us - third_us < REPAIRS_FORGOTTEN_US;
    int64_t aim_us = (int64_t)picture->jitter.mean_us + jitter_us(&picture->jitter) + RENDER_US +
                     (repairs ? rtt_us : 0);
    int64_t most_us = (int64_t)(DELAY_SPEED * (double)(now_us - picture->moved_us));
    if (picture->delay_us == 0)
        picture->delay_us = aim_us;
    picture->delay_us += CLAMP(aim_us - picture->delay_us, -most_us, most_us);
    picture->moved_us = now_us;
}

void sim_picture_tick(SimPicture *picture, int64_t rtt_us, int64_t now_us)
{
    int64_t number = decodable(picture);
    if (number == 0)
        return;
    const SimFrame *frame = frame_at(picture, number);
    if (now_us < frame->taken_us + picture->delay_us)
        return;
    show(picture, number, now_us);
    move_delay(picture, rtt_us, now_us);
}

void sim_picture_expect(SimPicture *picture, bool expected, int64_t now_us)
{
    if (expected && !picture->expected) {
        picture->shown_us = now_us;
        picture->n_gaps = 0;
    }
    picture->expected = expected;
}
