// SPDX-License-Identifier: Apache-2.0
/* What send_rate.c (the door, feedback in) and send_rate_judge.c (what it means) share. */
#pragma once
#include "media/rate/arrival_rate.h"
#include "media/rate/byte_meter.h"
#include "media/rate/delay_trend.h"
#include "media/rate/link_model.h"
#include "media/rate/loss_window.h"
#include "media/rate/probe.h"
#include "media/rate/rate_control.h"
#include "media/rate/rate_reports.h"
#include "media/rate/receiver_clock.h"
#include "media/rate/send_rate.h"
#include "media/rate/sent_log.h"
#include "media/rate/silence.h"
#include "media/rate/standing_queue.h"

enum {
    /* The feedback interval is at most 250 ms; four of them lost are a silence. */
    SILENCE_US = 1000 * 1000,
    BLACKOUT_US = 2000 * 1000,
    LOST_US = 6000 * 1000, /* an outage of four seconds goes on as before */
    TRAIN_PACKETS = 5,     /* of speech, before anything is tried */
};

struct SendRate {
    SentLog log;
    LinkModel model;
    DelayTrend trend;
    StandingQueue standing;
    ArrivalRate arrivals;
    LossWindow loss;
    Probe probe;
    RateControl control;
    RateReports reports;
    ReceiverClock clock;
    Silence silence;
    ByteMeter sent;
    ByteMeter other;
    uint64_t bytes_sent;
    uint64_t newest_bytes;  /* SentPacket.bytes_until of the newest packet that arrived */
    int64_t losses_from_us; /* packets sent before were lost in an outage */
    unsigned n_arrived;     /* since the beginning, or since the receiver's clock jumped */
    uint32_t wanted_bps;
    int64_t tick_us;
    int64_t rtt_us; /* least of late; 0: not known */
    int64_t rtt_from_us;
    bool overused;
    bool has_no_padding;
};

/** One message is read: what does all that is known say now. */
void send_rate_judge(SendRate *rate, int64_t now_us);
/** The probe under way may be over. */
void send_rate_judge_probe(SendRate *rate, int64_t now_us);
/** The first answer after SILENT_US. */
void send_rate_end_silence(SendRate *rate, int64_t silent_us, int64_t now_us);
RateInput send_rate_measure(SendRate *rate, int64_t now_us, unsigned *ret_n_lossy);
ProbeNeed send_rate_probe_need(SendRate *rate, int64_t now_us);
/** There is no use for more. */
uint32_t send_rate_ceiling_bps(const SendRate *rate);
int64_t send_rate_silence_us(const SendRate *rate, int64_t now_us);
