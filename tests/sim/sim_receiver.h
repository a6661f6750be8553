// SPDX-License-Identifier: Apache-2.0
/* The browser at the far end of a virtual call: transport-wide feedback, NACKs and a report each
 * second over its way back, ear and eye. A plain value but for the feedback's memory. It may be a
 * liar. */
#pragma once
#include "media/rate/rtp_stats.h"
#include "media/rate/send_rate.h"
#include "media/rate/twcc_receiver.h"
#include "tests/sim/sim_ear.h"
#include "tests/sim/sim_link.h"
#include "tests/sim/sim_picture.h"
#include "tests/sim/sim_rtt.h"

enum { SIM_MESSAGES = 64, SIM_MESSAGE_BYTES = 1200 };

/** A packet on its way. */
typedef struct {
    int64_t sent_us;
    int64_t arrival_us;
    SendKind kind;
    uint16_t sequence; /* transport-wide */
    uint16_t wire_bytes;
    int64_t number;  /* RTP's, of speech or of the picture's own packets; 0: padding */
    int64_t frame;   /* of a picture */
    unsigned copies; /* of speech before it */
} SimFlight;

typedef enum { SIM_FEEDBACK, SIM_NACK_SPEECH, SIM_NACK_PICTURE, SIM_REPORT } SimMessageKind;

/** What its feedback claims. */
typedef enum {
    SIM_TRUTH,
    SIM_LIE_ALL_CAME,     /* nothing is lost, and nothing ever waits */
    SIM_LIE_NOTHING_CAME, /* of twenty packets one */
    SIM_LIE_FUTURE,       /* what was never sent has come too */
    SIM_LIE_ANY_TIME,     /* up to a second later than it did */
    SIM_LIE_JUMPS,        /* by a clock that jumps by up to half a minute */
    SIM_LIES
} SimLie;

typedef struct {
    int64_t arrival_us;
    SimMessageKind kind;
    size_t size;               /* bytes, numbers or blocks */
    int64_t asked_us, trip_us; /* a report: the last sender report that came, 0: none */
    int64_t told_us;
    union {
        RtcpReportBlock blocks[2];
        uint8_t data[SIM_MESSAGE_BYTES];
        int64_t numbers[SIM_ASKED];
    };
} SimMessage;

typedef struct {
    TwccReceiver *twcc;
    SimLink up;
    SimLink reports_up; /* the same way: a report is no part of what `feedback_bytes` counts */
    SimEar ear;
    SimPicture picture;
    SimAsker picture_asker;
    SimRtt rtt;
    bool no_feedback;
    bool no_reports;
    int64_t report_us; /* RFC 3550, 6.3.1: between half and one and a half of it; 0: 1 s */
    SimLie lie;
    bool asks_speech; /* Opus with NACK */
    RtpStats speech_stats, picture_stats;
    int64_t asked_us, trip_us; /* the last sender report that came: when it left, its way */
    int64_t coming_us;         /* when the next one comes; 0: none is on its way */
    int64_t coming_asked_us;
    uint16_t newest_told; /* by a liar */
    SimMessage messages[SIM_MESSAGES];
    unsigned message_head, n_messages;
    int64_t next_feedback_us, next_report_us;
    uint64_t received_bytes; /* since the last feedback */
    int64_t received_from_us;
    int64_t clock_us; /* ahead of ours */
    uint64_t random;
    uint64_t feedback_bytes; /* to be taken and zeroed */
} SimReceiver;

void sim_receiver_init(SimReceiver *receiver, const SimLinkProfile *up, uint64_t seed);
void sim_receiver_clear(SimReceiver *receiver);
void sim_receiver_arrived(SimReceiver *receiver, const SimFlight *flight, int64_t now_us);
/** A sender report that left at SENT_US comes at ARRIVAL_US. */
void sim_receiver_asked(SimReceiver *receiver, int64_t sent_us, int64_t arrival_us);
/** Plays, shows, asks and tells; RTT_US: as a report would show it now. */
void sim_receiver_tick(SimReceiver *receiver, int64_t rtt_us, int64_t now_us);
/** What has arrived at our end by NOW_US; NULL: nothing (more). Good until the next tick. */
const SimMessage *sim_receiver_told(SimReceiver *receiver, int64_t now_us);
