// SPDX-License-Identifier: Apache-2.0
/* What the link to one receiver carries: reads its transport-wide feedback (delay trend, standing
 * queue, loss of what we sent), else its REMB and receiver reports, and keeps one target, in bits a
 * second of the wire. All memory is taken by send_rate_new(). One owner, its thread only. Times are
 * microseconds of one monotonic clock. "Wire bytes" are IP + UDP + SRTP: 28 bytes more than the
 * packet with IPv4, 48 with IPv6. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "media/rtp/rtcp_twcc.h"

enum {
    SEND_RATE_FLOOR_BPS = 10 * 1000, /* speech at 6 kbit/s in packets of 120 ms still fits */
    SEND_RATE_CAP_BPS = 10 * 1000 * 1000,
    SEND_RATE_START_BPS = 70 * 1000, /* nothing is known: in the middle of 60-80 */
};

/** What a packet is for. Padding fills probes; its loss is nobody's loss. */
typedef enum { SEND_AUDIO, SEND_VIDEO, SEND_RTX, SEND_PADDING } SendKind;

typedef struct SendRate SendRate;

/** START_BPS: what was remembered of this receiver, 0 for SEND_RATE_START_BPS. */
SendRate *send_rate_new(uint32_t start_bps, int64_t now_us);
void send_rate_free(SendRate *rate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SendRate, send_rate_free)

/** Notes a packet that leaves with TRANSPORT_SEQUENCE. Numbers are given in the order of sending; a
 * repeated one (the same ciphertext once more) is taken for cost only. */
void send_rate_on_sent(SendRate *rate, uint16_t transport_sequence, size_t wire_bytes,
                       SendKind kind, int64_t now_us);
/** The same without a number, to a receiver that did not negotiate transport-wide feedback. */
void send_rate_on_unnumbered(SendRate *rate, size_t wire_bytes, int64_t now_us);
/** Notes bytes of which no receiver tells: RTCP, STUN. */
void send_rate_on_other(SendRate *rate, size_t wire_bytes, int64_t now_us);

/** Takes one feedback message as rtcp_twcc_parse() reads it. Nothing in it is trusted: numbers
 * never sent, arrivals that go back and claims of all at once are left out. The round trip of the
 * newest packet that it is the first to tell of, the receiver's wait included; 0: it tells of none.
 */
int64_t send_rate_on_feedback(SendRate *rate, const RtcpTwccStatus *statuses, size_t n,
                              int64_t now_us);
/** The receiver's own estimate: a cap for 5 s after each, and the target of a receiver that sends
 * no transport-wide feedback. */
void send_rate_on_remb(SendRate *rate, uint64_t bitrate_bps, int64_t now_us);
/** What a report of the receiver says of our streams. */
typedef struct {
    unsigned n_sent;  /* packets of ours that it is the first to tell of (stream_loss.h) */
    unsigned n_lost;  /* of them */
    int64_t rtt_us;   /* of a sender report of ours; 0 or less: not known */
    int64_t asked_us; /* when that one left */
} SendReport;
/** Decides only while no transport-wide feedback comes. */
void send_rate_on_report(SendRate *rate, const SendReport *report, int64_t now_us);

/** What there would be to send at most (all layers wanted): the target is not probed above 1.2 of
 * it, nor with 0. 2 Mbit/s until it is called. */
void send_rate_set_wanted(SendRate *rate, uint32_t bps);

/** Whether probes can be filled up: a receiver that takes no RTX gets no padding. True until it is
 * called. */
void send_rate_set_padding(SendRate *rate, bool is_possible);

/** Every 20-50 ms: silence, recovery and growth that need no feedback. */
void send_rate_tick(SendRate *rate, int64_t now_us);

typedef struct {
    uint32_t target_bps; /* SEND_RATE_FLOOR_BPS..SEND_RATE_CAP_BPS */
    uint32_t acked_bps;  /* arrived over the last half second or so; 0: nothing known */
    /* Of what we sent but padding, 256ths, over about 2 s; of 100 packets by reports alone. */
    uint8_t loss_q8;
    unsigned loss_run_x10; /* mean length of a run of lost packets, tenths; 0: not known */
    int64_t rtt_us;        /* 0: not known */
    int64_t queue_us;      /* one-way delay above the least of the last 2 minutes */
    bool overused;         /* the queue grows or stands: nothing may be added */
    bool has_feedback;     /* transport-wide feedback has come */
    bool blackout;         /* nothing has been heard for 2 s although we send: hold video back */
    bool is_lost;          /* ... for 6 s: sound as thin as the target, too */
} SendRateView;
void send_rate_view(const SendRate *rate, SendRateView *ret_view);

/** What the link was last taken to carry, whatever has not been heard since. */
uint32_t send_rate_estimate_bps(const SendRate *rate);

/** A probe: send N_BYTES in all (what there is, then padding) at RATE_BPS from now on. */
typedef struct {
    unsigned id;
    uint32_t rate_bps;
    size_t n_bytes;
} SendProbe;

/** True: carry *RET_PROBE out now. The packets of send_rate_on_sent() belong to it until N_BYTES
 * are out or a second has passed. It judges itself by the feedback on them. */
bool send_rate_probe(SendRate *rate, int64_t now_us, SendProbe *ret_probe);

/** How many probes were carried out to the end, and how many found the rate they tried. */
void send_rate_probe_counts(const SendRate *rate, unsigned *ret_n_done, unsigned *ret_n_good);
