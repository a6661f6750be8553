// SPDX-License-Identifier: Apache-2.0
/* What sim_publisher.c (the browser), and sim_publisher_guard.c (the relay) share. */
#pragma once
#include "media/rate/rtp_stats.h"
#include "media/rate/twcc_receiver.h"
#include "media/rate/uplink_red.h"
#include "media/repair/keyframe.h"
#include "media/repair/nack.h"
#include "tests/sim/sim_ear.h"
#include "media/rate/uplink_hint.h"
#include "tests/sim/sim_gcc.h"
#include "tests/sim/sim_publisher.h"
#include "tests/sim/sim_sender.h"

enum {
    SIM_PUBLISHER_EPOCH_US = 1000 * 1000 * 1000, /* ours at the beginning of the call */
    SIM_RING = 4096,
    SIM_LETTERS = 256,
    SIM_LETTER_BYTES = 1200,
    SIM_STORED = 2048, /* for repairs; a power of two */
    SIM_SOUND_SSRC = 1,
    SIM_IMAGE_SSRC = 2,
};

typedef enum {
    SIM_SOUND,
    SIM_SOUND_AGAIN,
    SIM_IMAGE,
    SIM_IMAGE_RTX,
    SIM_PADDING,
    SIM_RTCP,
} SimPacketKind;

typedef struct {
    SimPacketKind kind;
    uint16_t wire_bytes;
    uint16_t sequence;   /* RTP's */
    uint32_t timestamp;  /* of sound: of its end */
    int64_t number;      /* of sound: from 1 */
    uint8_t copies;      /* of sound: of so many packets before it */
    bool is_key;         /* of a picture: it begins a key frame */
    bool is_pending;     /* it waits to be sent again */
    int64_t repaired_us; /* last sent again; 0: never */
    uint16_t transport;
    int64_t rtt_us; /* that ends with this report; 0: none does */
    int64_t at_us;  /* arrives */
} SimPacket;

typedef struct {
    SimPacket packets[SIM_RING];
    unsigned head, n;
} SimRing;

typedef enum {
    SIM_LETTER_FEEDBACK,
    SIM_LETTER_REMB,
    SIM_LETTER_HINT,
    SIM_LETTER_NACKS,
    SIM_LETTER_KEY_FRAME,
} SimLetterKind;

/** From the relay. */
typedef struct {
    SimLetterKind kind;
    int64_t at_us;
    uint32_t remb_bps;
    MediaHint hint;
    size_t size;
    uint8_t data[SIM_LETTER_BYTES];
} SimLetter;

typedef struct {
    SimGcc gcc;
    SimSpeechSource speech;
    SimVideoSource video;
    MediaHint known; /* the last hint that came */
    uint16_t next_transport, next_sound, next_image;
    uint32_t image_timestamp;
    SimRing pacer;
    SimPacket stored[MEDIA_N_KINDS][SIM_STORED]; /* by their numbers, for repairs */
    double rtx_bits;                             /* of the last half second */
    int64_t rtx_us;
    int64_t next_paced_us, next_report_us, next_feedback_us;
    uint32_t probe_bps;
    unsigned n_probe;        /* packets still to come of it */
    unsigned n_first_probes; /* done */
    bool has_filmed;
} SimBrowser;

typedef struct {
    Uplink uplink;
    UplinkRed red;
    UplinkHint own;
    RtpStats stats[MEDIA_N_KINDS];
    TwccReceiver *twcc;
    NackTracker *nacks[MEDIA_N_KINDS];
    KeyframeGate keyframe;
    int64_t next_nack_us;
    SimEar ear; /* of who hears it, on a link that loses nothing */
    MediaHint hint, told;
    bool has_told;
    uint32_t remb_bps;
    int64_t next_us, told_us, next_remb_us, next_twcc_us;
    uint64_t received_bytes;
    int64_t received_from_us;
} SimGuard;

struct SimPublisher {
    SimPublisherSetup setup;
    int64_t now_us;
    SimLink up, down;
    SimBrowser browser;
    SimGuard guard;
    SimRing flight;
    SimLetter letters[SIM_LETTERS];
    unsigned letter_head, n_letters;
    SimTally tally;
    uint64_t feedback_bytes;
    unsigned n_frames, n_cuts;
};

static inline int64_t sim_publisher_now_us(const SimPublisher *publisher)
{
    return publisher->now_us - SIM_PUBLISHER_EPOCH_US;
}

/** The round trip of a report now. */
int64_t sim_publisher_rtt_us(const SimPublisher *publisher);
/** The relay posts LETTER. */
void sim_publisher_post(SimPublisher *publisher, const SimLetter *letter, size_t wire_bytes);
/** What the relay asks for again, and what is heard of it (sim_publisher_repair.c). */
void sim_publisher_repair_init(SimPublisher *publisher);
void sim_publisher_repair_clear(SimPublisher *publisher);
void sim_publisher_repair_receive(SimPublisher *publisher, const SimPacket *packet);
void sim_publisher_repair_tick(SimPublisher *publisher);
void sim_publisher_guard_init(SimPublisher *publisher);
void sim_publisher_guard_receive(SimPublisher *publisher, const SimPacket *packet);
void sim_publisher_guard_tick(SimPublisher *publisher);
