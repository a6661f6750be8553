// SPDX-License-Identifier: Apache-2.0
/* The congestion control of a sending browser, as far as a relay meets it: libwebrtc's start at 300
 * kbit/s, delay trend, increase and decrease, loss, probes, and the REMB that caps all of it. Its
 * figures are those of libwebrtc (modules/congestion_controller/goog_cc) and, where that has grown
 * beyond it, draft-ietf-rmcat-gcc-02. Plain value, zeroed by sim_gcc_init(). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "media/rtp/rtcp_twcc.h"

enum { SIM_GCC_SENT = 4096, SIM_GCC_TREND = 20, SIM_GCC_START_BPS = 300 * 1000 };

typedef enum { SIM_GCC_NORMAL, SIM_GCC_OVERUSE, SIM_GCC_UNDERUSE } SimGccUse;

/** Packets that left within 5 ms. */
typedef struct {
    bool has_packet;
    int64_t first_sent_us, last_sent_us, last_arrival_us;
} SimGccGroup;

typedef struct {
    double x_ms[SIM_GCC_TREND], y_ms[SIM_GCC_TREND];
    unsigned n; /* ever */
    double accumulated_ms, smoothed_ms, last_trend;
    double threshold_ms;
    double over_ms; /* time over the threshold; below 0: not yet */
    unsigned n_over;
    int64_t threshold_us; /* last changed */
} SimGccTrend;

typedef struct {
    struct {
        uint16_t sequence;
        uint16_t bytes; /* 0: told of, or never sent */
        int64_t sent_us;
        bool is_probe;
    } sent[SIM_GCC_SENT];
    SimGccGroup before, now;
    SimGccTrend trend;
    SimGccUse use;
    double delay_bps, loss_bps, remb_bps;
    double capacity_bps; /* smoothed, of the link when it was full; 0: not known */
    bool may_grow;       /* a hold came after the last decrease */
    int64_t changed_us, loss_changed_us;
    int64_t acked_from_us; /* arrival */
    uint64_t acked_bytes;
    double acked_bps;
    unsigned n_told, n_lost; /* since loss_changed_us */
    int64_t probe_first_us, probe_last_us, probe_first_sent_us, probe_last_sent_us;
    unsigned n_probe;
    uint64_t probe_bytes;
    int64_t next_probe_us;
    double used_bps; /* what leaves, smoothed */
    int64_t used_us;
} SimGcc;

void sim_gcc_init(SimGcc *gcc, int64_t now_us);
void sim_gcc_on_sent(SimGcc *gcc, uint16_t sequence, size_t bytes, bool is_probe, int64_t now_us);
void sim_gcc_on_feedback(SimGcc *gcc, const RtcpTwccStatus *statuses, size_t n, int64_t rtt_us,
                         int64_t now_us);
void sim_gcc_on_remb(SimGcc *gcc, uint32_t bps);
uint32_t sim_gcc_target_bps(const SimGcc *gcc);
/** A train of packets is due at *RET_BPS, for 15 ms and of five packets at least: less is sent than
 * could be, and MOST_BPS is what its encoders may make. */
bool sim_gcc_probe(SimGcc *gcc, uint32_t most_bps, int64_t now_us, uint32_t *ret_bps);
