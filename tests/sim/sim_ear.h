// SPDX-License-Identifier: Apache-2.0
/* What the receiver of a virtual call hears. Play-out as in libwebrtc's NetEq: speech that is not
 * there when its turn comes is concealed, a late packet is played late and makes the buffer longer,
 * a lost one is waited for as long as it would have lasted; then the buffer goes back to its aim,
 * 7 ms of speech at a time. The aim is what 95 of 100 packets need, at least one packet, at least
 * what the relay asks for (media/relay/lateness.h). Plain value, zeroed at first; sim_ear_tick()
 * each millisecond. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "tests/sim/sim_asker.h"
#include "tests/sim/sim_delay.h"

enum { SIM_SPEECH = 256 };

typedef struct {
    int64_t number; /* 0: none */
    int64_t spoken_us;
    uint16_t ms;
    bool here;
    bool gone; /* the relay never had it */
} SimUtterance;

typedef struct {
    SimUtterance speech[SIM_SPEECH];
    int64_t next; /* whose turn it is; 0: nothing came yet */
    int64_t newest;
    double left_ms;      /* of the packet that is played */
    double concealed_ms; /* of what lasts longer than a packet, the rest */
    double gap_ms;       /* since speech was last played */
    int64_t played_us;
    int64_t squeezed_us; /* when the speed was last changed */
    SimDelay delay;
    SimAsker asker;
    int64_t sampled_us; /* the page looks every two seconds */
    unsigned n_came, n_asked;
    int64_t page_us; /* what the page asks for; 0: nothing */
    int64_t page_until_us;
    int64_t came_us; /* when speech last came */
    /* To be taken and zeroed. */
    double sum_ms, sum_concealed_ms, longest_concealed_ms;
    double sum_buffer_ms;
    int64_t n_buffer;
    int64_t longest_gap_us; /* between two packets that came */
} SimEar;

/** Packet NUMBER (from 1) was sent; TOOK: the time from SPOKEN_US on belongs to it. */
void sim_ear_sent(SimEar *ear, int64_t number, unsigned ms, int64_t spoken_us);
/** It was lost on its way to the relay: no copy of it comes either. */
void sim_ear_gone(SimEar *ear, int64_t number);
/** It came, with copies of the DISTANCE before it. */
void sim_ear_arrived(SimEar *ear, int64_t number, unsigned distance, int64_t now_us);
/** Plays; numbers to ask for come in RET_NUMBERS. */
size_t sim_ear_tick(SimEar *ear, int64_t rtt_us, int64_t now_us, int64_t ret_numbers[SIM_ASKED]);
