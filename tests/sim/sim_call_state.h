// SPDX-License-Identifier: Apache-2.0
/* What sim_call.c (control: time, feedback, plans, figures) and sim_call_media.c (speech and
 * picture from their sources into the link) share. */
#pragma once
#include "media/rate/stream_loss.h"
#include "media/rate/byte_meter.h"
#include "media/rate/pacer.h"
#include "media/repair/packet_cache.h"
#include "tests/sim/sim_call.h"
#include "tests/sim/sim_plan.h"

enum {
    SIM_FLIGHTS = 2048, /* packets on the way; powers of two */
    SIM_SENT = 1024,
    SIM_PACKETS = 4096,                  /* of the picture */
    SIM_EPOCH_US = 1000 * 1000 * 1000,   /* ours at the beginning of the call */
    SIM_LEFT_ALONE_OPUS_BPS = 32 * 1000, /* of a browser that nobody tells anything */
};

typedef struct {
    int64_t frame;
    int64_t number; /* RTP's, given when it leaves; 0: it has not */
    uint16_t wire_bytes;
    uint16_t n_holes; /* numbers before it that the publisher lost */
} SimVideoPacket;

/** Of speech, for repairs: its transport number stays, as the ciphertext does. */
typedef struct {
    uint16_t sequence;
    uint16_t wire_bytes;
    uint8_t copies;
} SimSpeechPacket;

/** Transport number -> RTP's. */
typedef struct {
    uint16_t sequence;
    int64_t number; /* 0: no packet of the picture */
} SimSentVideo;

struct SimCall {
    SimSetup setup;
    int64_t now_us;
    SendRate *rate;
    StreamLoss losses[2]; /* of speech and picture, by their reports */
    Pacer *pacer;
    PacketCache *video_cache, *speech_cache;
    SimLink down;
    SimReceiver receiver;
    SimPlan plan;
    SimPlanner planner;
    ByteMeter video_meter;
    SimSpeechSource speech_source;
    SimVideoSource video_source;
    SimSpeechPacket speech[SIM_SPEECH];
    uint16_t next_sequence;
    SimSentVideo sent[SIM_SENT];
    SimVideoPacket packets[SIM_PACKETS];
    int64_t n_packets;
    int64_t left[SIM_PACKETS]; /* RTP's number -> index */
    int64_t n_left;
    unsigned n_holes; /* since the last packet of the picture that came to the relay */
    uint32_t key_frame_bytes;
    bool has_moved; /* the picture, once */
    bool is_broken; /* the publisher lost a frame that others refer to */
    SimFlight flight[SIM_FLIGHTS];
    unsigned flight_head, n_flight;
    int64_t next_tick_us, next_plan_us, next_rtcp_us;
    int64_t key_asked_us;
    int64_t rtt_us;
    uint64_t random, publisher_random;
    SimTally tally;
};

void sim_call_transmit_speech(SimCall *call, int64_t number);
void sim_call_speak(SimCall *call);
void sim_call_film(SimCall *call);
void sim_call_pace(SimCall *call);
