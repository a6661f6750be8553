// SPDX-License-Identifier: Apache-2.0
#include "media/rate/delay_trend.h"

#include <glib.h>

enum {
    MS = 1000,
    /* draft-ietf-rmcat-gcc-02, 5.2: packets sent within 5 ms are one group. */
    GROUP_US = 5 * MS,
    /* The base lives 2 minutes: quartz clocks drift apart by 100 ppm, 12 ms, in that time. */
    BASE_SLICE_US = 10 * 1000 * MS,
    /* Samples count for a second at most: 8 groups at packets of 120 ms. */
    WINDOW_US = 1000 * MS,
    QUEUE_WINDOW_US = 300 * MS,
    QUEUE_SAMPLES_MIN = 2,
    /* The test for overuse is k * (least excess of the last k * 50 ms) > 180 ms + 9 * noise. 90 ms
     * for 50 ms: a collapse of the rate is seen in its third packet. 15 ms for 600 ms: 2 % too much
     * within a second. Time is counted, not groups: jitter of a link that keeps the order lasts
     * over several packets (tests/sim, "jitter"). */
    EXCESS_SUM_US = 180 * MS,
    EXCESS_STEP_US = 50 * MS,
    EXCESS_STEPS_MIN = 2,
    EXCESS_STEPS_MAX = 12,
    NOISE_MAX_US = 60 * MS, /* more is a queue, not jitter */
    /* Emptying: a fifth of a second a second, what a cut to 0.85 gives. */
    EMPTYING_Q1000 = -100,
    SLOPE_SAMPLES_MIN = 4,
};
static const double NOISE_SUM = 9;
/* Noise follows in about 40 groups: 2 s of speech at 60 ms. */
static const double NOISE_GAIN = 0.025;

void delay_trend_init(DelayTrend *trend)
{
    *trend = (DelayTrend){.since_us = INT64_MIN, .newest_us = INT64_MIN};
}

void delay_trend_reset(DelayTrend *trend)
{
    delay_trend_init(trend);
}

void delay_trend_restart(DelayTrend *trend, int64_t since_us)
{
    trend->since_us = since_us;
}

static unsigned kept(const DelayTrend *trend)
{
    return MIN(trend->n, DELAY_TREND_SAMPLES);
}

/* BACK 0 is the newest. */
static const DelaySample *sample(const DelayTrend *trend, unsigned back)
{
    return &trend->samples[(trend->n - 1 - back) % DELAY_TREND_SAMPLES];
}

static int64_t base(const DelayTrend *trend)
{
    int64_t least = INT64_MAX;
    for (unsigned i = 0; i < DELAY_TREND_BASE_SLICES; i++)
        least = MIN(least, trend->base_us[i]);
    return least;
}

static int64_t excess_us(const DelaySample *of, int64_t base_us)
{
    return of->delay_us - base_us - of->modelled_us;
}

static void note_base(DelayTrend *trend, int64_t sent_us, int64_t delay_us)
{
    if (!trend->has_base) {
        trend->has_base = true;
        trend->base_from_us = sent_us;
        for (unsigned i = 0; i < DELAY_TREND_BASE_SLICES; i++)
            trend->base_us[i] = delay_us;
        return;
    }
    for (unsigned turns = 0; sent_us - trend->base_from_us >= BASE_SLICE_US; turns++) {
        trend->base_from_us += BASE_SLICE_US;
        if (turns >= DELAY_TREND_BASE_SLICES) { /* a long silence: every slice is new */
            trend->base_from_us = sent_us;
            break;
        }
        for (unsigned i = DELAY_TREND_BASE_SLICES - 1; i > 0; i--)
            trend->base_us[i] = trend->base_us[i - 1];
        trend->base_us[0] = delay_us;
    }
    trend->base_us[0] = MIN(trend->base_us[0], delay_us);
}

static void close_group(DelayTrend *trend)
{
    if (!trend->in_group)
        return;
    trend->in_group = false;
    note_base(trend, trend->group.sent_us, trend->group.delay_us);
    trend->samples[trend->n++ % DELAY_TREND_SAMPLES] = trend->group;
    int64_t excess = MAX(excess_us(&trend->group, base(trend)), 0);
    int64_t step = MIN(ABS(excess - trend->last_excess_us), 2 * NOISE_MAX_US);
    trend->noise_us += NOISE_GAIN * ((double)step - trend->noise_us);
    trend->last_excess_us = excess;
}

void delay_trend_on_packet(DelayTrend *trend, int64_t sent_us, int64_t arrival_us,
                           int64_t modelled_us)
{
    if (sent_us < trend->newest_us)
        return;
    trend->newest_us = sent_us;
    if (trend->in_group && sent_us - trend->group_from_us > GROUP_US)
        close_group(trend);
    if (!trend->in_group) {
        trend->in_group = true;
        trend->group_from_us = sent_us;
    }
    trend->group = (DelaySample){sent_us, arrival_us, arrival_us - sent_us, modelled_us};
}

void delay_trend_end(DelayTrend *trend)
{
    close_group(trend);
}

int delay_trend_slope_q1000(const DelayTrend *trend)
{
    double n = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
    for (unsigned i = 0; i < kept(trend); i++) {
        const DelaySample *at = sample(trend, i);
        double x = (double)(at->sent_us - sample(trend, 0)->sent_us);
        if (x < -(double)WINDOW_US)
            break;
        double y = (double)(at->delay_us - sample(trend, 0)->delay_us);
        n++;
        sum_x += x;
        sum_y += y;
        sum_xx += x * x;
        sum_xy += x * y;
    }
    double spread = n * sum_xx - sum_x * sum_x;
    if (n < SLOPE_SAMPLES_MIN || spread <= 0)
        return 0;
    return (int)CLAMP(1000 * (n * sum_xy - sum_x * sum_y) / spread, -100000, 100000);
}

bool delay_trend_overused(const DelayTrend *trend)
{
    if (!trend->has_base)
        return false;
    double limit = EXCESS_SUM_US + NOISE_SUM * MIN(trend->noise_us, NOISE_MAX_US);
    int64_t base_us = base(trend);
    int64_t least = INT64_MAX;
    bool over = false;
    for (unsigned i = 0; i < kept(trend); i++) {
        const DelaySample *at = sample(trend, i);
        int64_t span_us = sample(trend, 0)->arrival_us - at->arrival_us;
        if (at->sent_us < trend->since_us || span_us > WINDOW_US)
            break;
        least = MIN(least, excess_us(at, base_us));
        int64_t steps = MIN(1 + span_us / EXCESS_STEP_US, EXCESS_STEPS_MAX);
        if (steps >= EXCESS_STEPS_MIN && (double)(least * steps) > limit)
            over = true;
    }
    return over && delay_trend_slope_q1000(trend) > EMPTYING_Q1000;
}

int64_t delay_trend_queue_us(const DelayTrend *trend)
{
    int64_t least = INT64_MAX;
    for (unsigned i = 0; i < kept(trend); i++) {
        const DelaySample *at = sample(trend, i);
        if (i >= QUEUE_SAMPLES_MIN &&
            sample(trend, 0)->arrival_us - at->arrival_us > QUEUE_WINDOW_US)
            break;
        least = MIN(least, at->delay_us);
    }
    return least == INT64_MAX ? 0 : MAX(least - base(trend), 0);
}

int64_t delay_trend_newest_us(const DelayTrend *trend)
{
    const DelaySample *at = trend->in_group ? &trend->group
                            : trend->n > 0  ? sample(trend, 0)
                                            : NULL;
    return at && trend->has_base ? at->delay_us - base(trend) : 0;
}

void delay_trend_rebase(DelayTrend *trend)
{
    int64_t least = delay_trend_queue_us(trend) + base(trend);
    for (unsigned i = 0; trend->has_base && i < DELAY_TREND_BASE_SLICES; i++)
        trend->base_us[i] = least;
}
