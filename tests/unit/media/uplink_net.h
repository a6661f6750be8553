// SPDX-License-Identifier: Apache-2.0
/* What tests of the uplink's guard share: a sender, its link and the guard behind it. */
#pragma once
#include "media/rate/uplink.h"

static const int64_t MS = 1000;
static const int64_t S = 1000 * 1000;

enum { IN_FLIGHT = 4096, REPORTS = 4096 };

typedef struct {
    MediaKind kind;
    uint32_t timestamp;
    unsigned wire_bytes;
    uint64_t index; /* of all that were sent */
    int64_t arrives_us;
} Packet;

/* A sender that takes all it may, the link, and the guard behind it. The worst sender there is: a
 * browser's own control grows slower. */
typedef struct {
    Uplink uplink;
    int64_t now_us;
    uint32_t link_bps;
    int64_t one_way_us;
    int64_t queue_limit_us;
    int64_t jitter_us;
    double loss;
    unsigned loss_run; /* packets lost in a row */
    uint32_t audio_bps;
    unsigned ptime_ms;
    bool has_audio;
    int64_t held_us,
        held_until_us; /* the sender's processor is busy; then at four times the pace */
    int64_t late_us;   /* its sound waits for that before it is sent */
    int64_t report_us; /* between two of its reports; 0: none */
    int64_t down_us;   /* of each round trip: the queue of the other direction */
    bool is_out;       /* the link carries nothing */
    uint32_t most_bps; /* that the sender's encoder makes */
    int64_t still_us;  /* between two single pictures; 0: it makes moving ones */
    unsigned still_bytes;
    uint32_t known_cap_bps[2048]; /* the cap by millisecond, on its way to the sender */

    uint32_t seed;
    unsigned n_to_lose;
    int64_t busy_until_us;
    int64_t next_audio_us, next_frame_us, next_packet_us;
    uint32_t audio_timestamp, video_timestamp;
    unsigned frame_bytes; /* still to be sent */
    bool key_is_due;
    uint64_t n_sent, n_expected, n_received;
    uint64_t sent_bytes;
    unsigned head, n;
    Packet packets[IN_FLIGHT];
    int64_t reports_us[REPORTS]; /* the round trip that ends at each millisecond; 0: none */
    int64_t worst_queue_us;
    unsigned n_opened;
    bool was_open;
} Net;

extern Net net;

/** Sound of 16 kbit/s in packets of 60 ms, and all the picture that may be. */
void set_up(uint32_t link_bps, int64_t one_way_us);
/** Even in 0..1, the same each time. */
double noise(void);
void run(int64_t us);
/** Runs until video may be sent; how long that took. */
int64_t run_until_open(int64_t limit_us);
