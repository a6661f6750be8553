// SPDX-License-Identifier: Apache-2.0
/* How sound is carried at a rate: Opus bitrate, packet time, redundancy. Headers cost more than
 * speech itself on a thin link: 12 kbit/s of Opus are 38 on the wire in packets of 20 ms and 20.5
 * in packets of 60 ms. Plain values, pure; one thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "media/rate/patience.h"

enum {
    /* IPv4 20, UDP 8, RTP 12, the transport-wide number 8, GCM tag 16. */
    AUDIO_PACKET_OVERHEAD = 64,
};

typedef struct {
    uint32_t opus_bps;     /* wished of a sender */
    unsigned merge_ms;     /* 20, 40, 60 or 120 */
    bool fec;              /* Opus's own: where packets are short and no RED is sent */
    unsigned red_distance; /* 0-2 */
    unsigned red_reach;    /* of the farthest copy, in packets; 0: those just before */
    bool second_send;      /* each packet once more a little later, as RED is not taken */
    bool nack;             /* worth asking for: a repair comes in time */
} AudioChoice;

typedef struct {
    uint32_t target_bps;
    uint8_t loss_q8;
    unsigned loss_run_x10;
    int64_t rtt_us;
    int64_t queue_us;
    bool overused;
    bool is_starting; /* no waiting for steps up */
    bool is_frozen;   /* nothing is heard of the link: the step stays */
    unsigned packet_overhead;
    unsigned n_streams;
    uint32_t opus_bps; /* of all streams as they come in; 0: not known */
    bool has_red;
    bool has_nack;
} AudioLadderInput;

typedef struct {
    Patience patience;
    unsigned redundancy; /* 0-2, as called for by loss */
    double loss;         /* 0-1, over some seconds */
    double run_x10;      /* of lost packets in a row */
    bool knows_path;     /* its round trip */
    int64_t updated_us;
    int64_t clean_us; /* since when less redundancy would do; 0: not */
} AudioLadder;

void audio_ladder_init(AudioLadder *ladder, int64_t now_us);

/** How many packets of PACKET_MS the farthest copy should lie behind where losses come in runs of
 * LOSS_RUN_X10 tenths of packets; 0: the next ones do. */
unsigned audio_red_reach(unsigned loss_run_x10, unsigned packet_ms);

/** The choice for now; *RET_BPS: what it takes on the wire, all streams together. */
void audio_ladder_update(AudioLadder *ladder, const AudioLadderInput *input, int64_t now_us,
                         AudioChoice *ret_choice, uint32_t *ret_bps);

/** How a sender's own link of BPS should carry its stream. PACKET_MS: what it was told before, 0:
 * nothing; it stays while the link is within a seventh of where that belongs. */
void audio_ladder_at(uint32_t bps, unsigned packet_ms, AudioChoice *ret_choice);

/** What a stream of OPUS_BPS takes on the wire. COPIES: earlier packets within each (RED). */
uint32_t audio_wire_bps(uint32_t opus_bps, unsigned packet_ms, unsigned copies,
                        unsigned packet_overhead);
