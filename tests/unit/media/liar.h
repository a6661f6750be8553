// SPDX-License-Identifier: Apache-2.0
/* A receiver that listens, and is honest or lies in its feedback: for the test of such. */
#pragma once
#include "media/rate/twcc_receiver.h"
#include "tests/support/relay_fixture.h"

enum { LIAR_LATE_MAX = 64, LIAR_N_LIES = 16 };

typedef struct Lie Lie;

typedef struct {
    int64_t due_us;
    size_t size;
    uint8_t data[256];
} LateMessage;

typedef struct {
    const Lie *lie;
    char id[16];
    MediaPeer *peer;
    uint32_t audio; /* SSRCs of its slots */
    uint32_t video;
    unsigned n_seen; /* packets of its log */
    bool has_sequence;
    uint16_t first, last; /* transport numbers that came since it lied last */
    uint16_t newest[2];   /* RTP's, of sound and picture */
    unsigned n_lies;
    int64_t next_us;
    TwccReceiver *twcc;
    unsigned n_late;
    LateMessage late[LIAR_LATE_MAX];
} Liar;

struct Lie {
    const char *name;
    void (*tell)(Liar *liar, int64_t now_us); /* NULL: says nothing */
    bool has_honest_feedback;                 /* beside it */
    bool has_no_transport_cc;
    bool is_deaf;
    bool has_no_picture; /* it gets none any more */
    unsigned least_bps, most_bps;
};

extern const Lie liar_lies[LIAR_N_LIES];

/** Takes in what has come, and from time to time says something of it. */
void liar_tell(Liar *liar, bool is_lying, int64_t now_us);
