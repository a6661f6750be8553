// SPDX-License-Identifier: Apache-2.0
/* A virtual call from one sender: a browser with its own congestion control, its encoders and its
 * pacer, over a virtual link to the relay's real guard (media/rate/uplink, uplink_red, hint,
 * twcc_receiver) and repairs (media/repair/nack, keyframe), whose hints, REMB, feedback and
 * requests go back to it. A millisecond a step. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "media/rate/uplink.h"
#include "tests/sim/sim_link.h"
#include "tests/sim/sim_tally.h"

typedef struct SimPublisher SimPublisher;

/** What a sender does not do. */
typedef enum {
    SIM_LISTENS,
    SIM_NO_HINTS, /* REMB and feedback alone: a client that is no page of ours */
    SIM_DEAF,     /* 800 kbit/s of picture, whatever comes */
} SimDeafness;

typedef struct {
    SimLinkProfile up;
    SimLinkProfile down; /* of feedback, REMB and hints */
    uint32_t start_bps;  /* remembered, 0: none */
    uint32_t wanted_bps; /* of its picture, by who receives it; 0: 1.5 Mbit/s */
    bool shows_screen;
    SimDeafness deafness; /* until deaf_until_us; 0: for ever */
    int64_t deaf_until_us;
    uint64_t seed;
} SimPublisherSetup;

/** Of the time since the last sim_publisher_measure(). */
typedef struct {
    double seconds;
    uint64_t sent_bytes; /* offered to the link, all of it */
    uint32_t sent_bps;
    SimSpread cap;    /* the guard's */
    double use;       /* of what the link could carry, arrived */
    double own_loss;  /* dropped by its queue, of all packets */
    double concealed; /* of what is heard of it */
    int64_t queue_p50_us, queue_p95_us;
    double fps;        /* that left */
    int64_t n_pauses;  /* the picture was asked to stop, or to become stills */
    int64_t n_returns; /* and to move again */
    unsigned n_cuts;   /* the guard took the link for full */
    double feedback;   /* of the relay, of what the link could carry */
} SimPublisherFigures;

SimPublisher *sim_publisher_new(const SimPublisherSetup *setup);
void sim_publisher_free(SimPublisher *publisher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimPublisher, sim_publisher_free)
/** Runs until UNTIL_US of virtual time; links count from the beginning of the call. */
void sim_publisher_run(SimPublisher *publisher, int64_t until_us);
void sim_publisher_measure(SimPublisher *publisher, SimPublisherFigures *ret_figures);
const Uplink *sim_publisher_uplink(const SimPublisher *publisher);
/** The picture that it was asked for, as far as it knows: one that moves; */
bool sim_publisher_moves(const SimPublisher *publisher);
/** one at all, when it was last told. */
bool sim_publisher_asked_video(const SimPublisher *publisher);
/** What its receivers are told of it now. */
bool sim_publisher_is_too_thin(const SimPublisher *publisher);
/** What it is asked for, all of it on the wire. */
uint32_t sim_publisher_asked_bps(const SimPublisher *publisher);
