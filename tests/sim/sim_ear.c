// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_ear.h"

#include <glib.h>

enum {
    MS = 1000,
    PLAY_MS = 10, /* NetEq decides so often */
    SQUEEZE_APART_US = 60 * MS,
    SQUEEZE_MS = 7, /* a pitch period */
    HIGH_MS = 20,
    /* media/relay/lateness.c, near enough; call_watch.ts samples so often. */
    PAGE_RTT_US = 250 * MS,
    PAGE_EXTRA_US = 60 * MS,
    PAGE_STEP_US = 20 * MS,
    PAGE_HOLD_US = 10 * 1000 * MS,
    PAGE_SAMPLE_US = 2000 * MS,
    ASKED_BACK = 16, /* packets; older ones are never asked for */
};
static const double PAGE_LOSS = 0.01;
static const double AIM_SHARE = 0.95;

static SimUtterance *utterance(SimEar *ear, int64_t number)
{
    return &ear->speech[number % SIM_SPEECH];
}

static bool is_here(SimEar *ear, int64_t number)
{
    const SimUtterance *at = utterance(ear, number);
    return at->number == number && at->here && !at->gone;
}

void sim_ear_sent(SimEar *ear, int64_t number, unsigned ms, int64_t spoken_us)
{
    *utterance(ear, number) =
        (SimUtterance){.number = number, .spoken_us = spoken_us, .ms = (uint16_t)ms};
}

void sim_ear_gone(SimEar *ear, int64_t number)
{
    utterance(ear, number)->gone = true;
}

void sim_ear_arrived(SimEar *ear, int64_t number, unsigned distance, int64_t now_us)
{
    if (ear->came_us > 0)
        ear->longest_gap_us = MAX(ear->longest_gap_us, now_us - ear->came_us);
    ear->came_us = now_us;
    ear->n_came++;
    bool asked = sim_asker_arrived(&ear->asker, number);
    if (!asked && number > ear->newest)
        sim_delay_add(&ear->delay, now_us - utterance(ear, number)->spoken_us, now_us);
    ear->newest = MAX(ear->newest, number);
    if (ear->next == 0)
        ear->next = number;
    for (int64_t i = MAX(number - (int64_t)distance, 1); i <= number; i++)
        utterance(ear, i)->here = true;
}

static double buffered_ms(SimEar *ear)
{
    double ms = ear->left_ms;
    for (int64_t i = ear->next; i <= ear->newest; i++)
        ms += is_here(ear, i) ? utterance(ear, i)->ms : 0;
    return ms;
}

static double aim_ms(SimEar *ear)
{
    int64_t us = sim_delay_quantile_us(&ear->delay, AIM_SHARE);
    int64_t packet_us = utterance(ear, MAX(ear->newest, 1))->ms * (int64_t)MS;
    return (double)MAX(MAX(us, packet_us), ear->page_us) / MS;
}

/* Back to the aim: speech is squeezed or stretched. */
static void change_speed(SimEar *ear, int64_t now_us)
{
    double buffer_ms = buffered_ms(ear);
    double aim = aim_ms(ear);
    ear->sum_buffer_ms += buffer_ms;
    ear->n_buffer++;
    if (now_us - ear->squeezed_us < SQUEEZE_APART_US || ear->left_ms < PLAY_MS + SQUEEZE_MS)
        return;
    double low = MAX(aim * 3 / 4, aim - 85);
    if (buffer_ms >= MAX(aim, low + HIGH_MS))
        ear->left_ms -= SQUEEZE_MS;
    else if (buffer_ms < low)
        ear->left_ms += SQUEEZE_MS;
    else
        return;
    ear->squeezed_us = now_us;
}

static void skip_lost(SimEar *ear)
{
    while (ear->next < ear->newest && !is_here(ear, ear->next) &&
           ear->concealed_ms >= utterance(ear, ear->next)->ms) {
        ear->concealed_ms -= utterance(ear, ear->next)->ms;
        ear->next++;
    }
}

static void play(SimEar *ear, int64_t now_us)
{
    ear->sum_ms += PLAY_MS;
    change_speed(ear, now_us);
    if (ear->left_ms < PLAY_MS) {
        skip_lost(ear);
        if (is_here(ear, ear->next))
            ear->left_ms += utterance(ear, ear->next++)->ms;
    }
    if (ear->left_ms >= PLAY_MS) {
        ear->left_ms -= PLAY_MS;
        ear->concealed_ms = ear->gap_ms = 0;
        return;
    }
    ear->concealed_ms += PLAY_MS;
    ear->gap_ms += PLAY_MS;
    ear->sum_concealed_ms += PLAY_MS;
    ear->longest_concealed_ms = MAX(ear->longest_concealed_ms, ear->gap_ms);
}

/* The page holds sound back so that a repair comes in time (media/relay/lateness.h). */
static void sample(SimEar *ear, int64_t rtt_us, int64_t now_us)
{
    if (now_us - ear->sampled_us < PAGE_SAMPLE_US)
        return;
    ear->sampled_us = now_us;
    double asked = (double)ear->n_asked / MAX(ear->n_asked + ear->n_came, 1);
    ear->n_asked = ear->n_came = 0;
    int64_t wanted_us = (rtt_us + PAGE_EXTRA_US + PAGE_STEP_US - 1) / PAGE_STEP_US * PAGE_STEP_US;
    if (rtt_us >= PAGE_RTT_US) {
        ear->page_us = 0;
    } else if (asked > PAGE_LOSS) {
        ear->page_us = MAX(ear->page_us, wanted_us);
        ear->page_until_us = now_us + PAGE_HOLD_US;
    } else if (now_us >= ear->page_until_us) {
        ear->page_us = 0;
    }
}

/* NetEq asks for what would still come in time. */
static size_t ask(SimEar *ear, int64_t rtt_us, int64_t now_us, int64_t ret_numbers[SIM_ASKED])
{
    sim_asker_forget(&ear->asker, MAX(ear->next, ear->newest - ASKED_BACK));
    size_t n = sim_asker_due(&ear->asker, rtt_us, now_us, ret_numbers);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        double turn_ms = ear->left_ms;
        for (int64_t j = ear->next; j < ret_numbers[i]; j++)
            turn_ms += utterance(ear, j)->ms;
        ear->n_asked++;
        if (turn_ms * MS > (double)rtt_us)
            ret_numbers[kept++] = ret_numbers[i];
    }
    return kept;
}

size_t sim_ear_tick(SimEar *ear, int64_t rtt_us, int64_t now_us, int64_t ret_numbers[SIM_ASKED])
{
    if (ear->next == 0)
        return 0;
    if (now_us - ear->played_us >= PLAY_MS * MS) {
        ear->played_us = now_us;
        play(ear, now_us);
    }
    sample(ear, rtt_us, now_us);
    return ask(ear, rtt_us, now_us, ret_numbers);
}
