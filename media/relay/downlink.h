// SPDX-License-Identifier: Apache-2.0
/* The link towards one client: what it carries (rate/send_rate.h), how that is shared among sound
 * and pictures (rate/allocator.h), and who may leave now (rate/pacer.h). Embedded in its endpoint.
 * Inside media/relay only; the worker's thread. */
#pragma once
#include "media/rate/allocator.h"
#include "media/rate/pacer.h"
#include "media/rate/send_rate.h"
#include "media/rtp/audio_level.h"
#include "media/rtp/rtcp_twcc.h"

typedef struct Endpoint Endpoint;

enum { DOWNLINK_SENT = 512 }; /* a power of two; a second of 3 Mbit/s of pictures */

/** A packet of a picture, by the transport number it left under. */
typedef struct {
    uint16_t sequence;
    uint16_t key; /* in its slot's cache */
    uint8_t section;
    bool is_used;
} DownlinkSent;

typedef struct {
    SendRate *rate;
    Pacer pacer;
    Allocator allocator;
    AllocatorPlan plan;
    unsigned n_sections;
    unsigned sections[ALLOCATOR_MAX_VIDEO]; /* of the plan's pictures */
    uint32_t start_bps;
    int64_t next_tick_us;
    int64_t next_update_us;
    Loudest loudest;    /* of the sections that carry sound */
    uint32_t audible;   /* sections whose sound goes out: bit by section */
    uint32_t sound_bps; /* each of them may take as much at most */
    int64_t heard_us;   /* last feedback; 0: none yet */
    int64_t untold_us;  /* since when something is on the way that none has told of; 0: nothing */
    int64_t last_sent_us;
    int64_t heard_every_us; /* the usual time between two */
    int64_t heard_of_us;    /* when the newest packet was sent that feedback tells of */
    int64_t due_us;         /* when downlink_run() is wanted; INT64_MAX: when something comes */
    DownlinkSent sent[DOWNLINK_SENT];
} Downlink;

/** START_BPS: what the link carried before; 0: not known. */
void downlink_init(Endpoint *endpoint, uint32_t start_bps);
void downlink_clear(Endpoint *endpoint);
/** The client is connected: everything begins now. */
void downlink_start(Endpoint *endpoint);

/** Queues a packet of a picture and sends what may leave. */
void downlink_queue(Endpoint *endpoint, const PacerEntry *entry);
/** KEY of the slot in SECTION has just left, the last packet that did. */
void downlink_note_sent(Endpoint *endpoint, unsigned section, uint16_t key);
/** A packet with a transport number leaves. */
void downlink_note_numbered(Endpoint *endpoint);
/** Sends what may leave now: paced packets, sound whose time has come. */
void downlink_run(Endpoint *endpoint);
/** downlink_run() is wanted at AT_US, or earlier. */
void downlink_wake(Endpoint *endpoint, int64_t at_us);
/** With every tick of the endpoint. */
void downlink_tick(Endpoint *endpoint);

/** The client's transport-wide feedback. */
void downlink_on_feedback(Endpoint *endpoint, const RtcpTwccStatus *statuses, size_t n);
/** What it would like SENDER's client to do. False: it receives nothing of it. */
bool downlink_wish(const Endpoint *endpoint, const Endpoint *sender, AllocatorWish *ret_wish);
/** The client was away or elsewhere: its pictures go on with key frames, at once. */
void downlink_refresh(Endpoint *endpoint);
/** Share of packets to the client that are lost, 256ths. */
uint8_t downlink_loss_q8(const Endpoint *endpoint);
/** What the link was seen to carry, to be remembered; 0: not known. */
uint32_t downlink_seen_bps(const Endpoint *endpoint);
