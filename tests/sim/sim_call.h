// SPDX-License-Identifier: Apache-2.0
/* A virtual call towards one receiver: speech and a picture that follow the real controllers over a
 * virtual link, real transport-wide feedback over a virtual way back. A millisecond a step. */
#pragma once
#include <glib.h>
#include <stdint.h>
#include "media/rate/send_rate.h"
#include "tests/sim/sim_link.h"
#include "tests/sim/sim_receiver.h"
#include "tests/sim/sim_tally.h"

typedef struct SimCall SimCall;

typedef struct {
    SimLinkProfile down;
    SimLinkProfile up;       /* of feedback */
    uint32_t start_bps;      /* remembered, 0: none */
    uint32_t wanted_bps;     /* of the picture at most; 0: 1.5 Mbit/s */
    int64_t picture_from_us; /* no picture before; 0: 1 s */
    double publisher_loss;   /* of packets on their way to the relay, which leave holes */
    bool ignores_hints;      /* the sender: 800 kbit/s of picture, 32 of speech, whatever comes */
    bool no_picture;
    bool no_red;
    bool no_opus_nack;
    bool no_feedback;
    bool no_reports;
    bool no_numbers; /* no transport-wide feedback negotiated: reports alone */
    bool takes_no_padding;
    int64_t report_us; /* between two of its reports, half of it more or less; 0: 1 s, exactly */
    SimLie lie;
    int64_t lie_until_us;    /* 0: for ever */
    double padding_loss;     /* of padding alone */
    int64_t padding_late_us; /* the same */
    int64_t padding_from_us; /* from here on */
    uint64_t seed;
} SimSetup;

/** Of the time since the last sim_call_measure(). */
typedef struct {
    double seconds;
    uint32_t sent_bps;   /* offered to the link, all of it */
    uint32_t target_bps; /* mean */
    SimSpread target;
    double use;                         /* of what the link could carry, arrived */
    double own_loss;                    /* dropped by its queue, of all packets */
    double concealed;                   /* of what is played */
    int64_t gap_us;                     /* longest time of nothing but concealment */
    int64_t apart_us;                   /* longest between two packets of speech */
    int64_t buffer_us;                  /* mean, of speech */
    int64_t queue_p50_us, queue_p95_us; /* as each packet met it */
    double fps;
    int64_t n_freezes, longest_freeze_us;
    int64_t n_pauses;  /* the picture stopped, or went over to stills */
    int64_t n_returns; /* it moved again */
    int64_t n_steps;   /* up or down the ladder, these included */
    double padding;    /* share of the bytes sent */
    double feedback;   /* of what the link could carry, as much again the other way */
} SimFigures;

SimCall *sim_call_new(const SimSetup *setup);
void sim_call_free(SimCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimCall, sim_call_free)
/** Runs until UNTIL_US of virtual time. */
void sim_call_run(SimCall *call, int64_t until_us);
void sim_call_measure(SimCall *call, SimFigures *ret_figures);
const SendRate *sim_call_rate(const SimCall *call);
/** Links and sources count from the beginning of the call. */
int64_t sim_call_now_us(const SimCall *call);
/** The picture's step (media/rate/video_ladder.h). */
unsigned sim_call_step(const SimCall *call);
/** What the link carries at this moment. */
uint32_t sim_call_link_bps(const SimCall *call);
/** When speech last came, when a picture was last shown. */
int64_t sim_call_heard_us(const SimCall *call);
int64_t sim_call_seen_us(const SimCall *call);
