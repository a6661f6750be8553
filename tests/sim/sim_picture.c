// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_picture.h"

#include <glib.h>

void sim_picture_sent(SimPicture *picture, int64_t number, bool key, unsigned n_packets,
                      int64_t interval_us, int64_t now_us)
{
    picture->frames[number % SIM_FRAMES] = (SimFrame){
        .number = number,
        .key = key,
        .n_packets = (uint16_t)n_packets,
        .interval_us = interval_us,
        .taken_us = now_us,
    };
    picture->newest = number;
}

static void note_gap(SimPicture *picture, int64_t interval_us, int64_t now_us)
{
    if (picture->shown_us > 0 && picture->expected) {
        int64_t gap_us = now_us - picture->shown_us;
        picture->longest_us = MAX(picture->longest_us, gap_us);
        if (gap_us > MAX(3 * interval_us, interval_us + 150 * 1000))
            picture->n_freezes++;
    }
    picture->shown_us = now_us;
}

static void show(SimPicture *picture, SimFrame *frame, int64_t now_us)
{
    frame->shown = true;
    picture->n_shown++;
    /* Shown in time when it is there in time. A late one makes the buffer longer, which then
     * shrinks slowly, as a browser's does that has seen repairs (libwebrtc adds the round trip). */
    int64_t took_us = now_us - frame->taken_us;
    picture->delay_us = MAX(took_us, picture->delay_us - (picture->delay_us - took_us) / 500);
    note_gap(picture, frame->interval_us, MAX(now_us, frame->taken_us + picture->delay_us));
    picture->next = frame->number + 1;
}

void sim_picture_arrived(SimPicture *picture, int64_t number, int64_t now_us)
{
    SimFrame *frame = &picture->frames[number % SIM_FRAMES];
    if (frame->number != number)
        return;
    frame->n_arrived++;
    if (frame->n_arrived < frame->n_packets || frame->shown)
        return;
    if (frame->key && number > picture->next)
        picture->next = number;
    for (;;) {
        SimFrame *next = &picture->frames[picture->next % SIM_FRAMES];
        if (picture->next == 0 || next->number != picture->next || next->shown ||
            next->n_arrived < next->n_packets)
            return;
        show(picture, next, now_us);
    }
}

void sim_picture_expect(SimPicture *picture, bool expected, int64_t now_us)
{
    if (expected && !picture->expected)
        picture->shown_us = now_us;
    picture->expected = expected;
}

static void play(SimSpeech *speech, int64_t number, int64_t now_us)
{
    int64_t *at = &speech->arrived_us[number % SIM_SPEECH];
    if (*at == 0)
        *at = now_us;
}

void sim_speech_arrived(SimSpeech *speech, int64_t number, unsigned distance, int64_t now_us)
{
    if (speech->at_us > 0)
        speech->longest_gap_us = MAX(speech->longest_gap_us, now_us - speech->at_us);
    speech->at_us = now_us;
    for (int64_t i = MAX(number - (int64_t)distance, 1); i <= number; i++)
        play(speech, i, now_us);
}

void sim_speech_settle(SimSpeech *speech, int64_t number)
{
    int64_t *at = &speech->arrived_us[number % SIM_SPEECH];
    speech->n_packets++;
    speech->n_lost += *at == 0;
    *at = 0;
}
