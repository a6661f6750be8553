// SPDX-License-Identifier: Apache-2.0
#include "media/rate/send_rate.h"

#include "media/rate/arrival_rate.h"
#include "media/rate/byte_meter.h"
#include "media/rate/delay_trend.h"
#include "media/rate/link_model.h"
#include "media/rate/loss_window.h"
#include "media/rate/probe.h"
#include "media/rate/rate_control.h"
#include "media/rate/rate_reports.h"
#include "media/rate/sent_log.h"
#include "media/rate/standing_queue.h"

enum {
    MS = 1000,
    ARRIVAL_SPAN_US = 300 * MS, /* four packets of 1200 bytes at 100 kbit/s */
    ARRIVAL_PACKETS = 5,
    ARRIVAL_LOSSY_SPAN_US = 800 * MS, /* over a few bursts of loss */
    VIEW_SPAN_US = 500 * MS,
    /* Until the receiver has answered: speech, and one picture at most. */
    UNPROVED_MAX_BPS = 100 * 1000,
    WANTED_AT_FIRST_BPS = 2000 * 1000, /* a picture of 720 lines and speech */
    WANTED_MORE_PERCENT = 120,
    /* The feedback interval is at most 250 ms; four of them lost are a silence. */
    SILENCE_US = 1000 * MS,
    BLACKOUT_US = 2000 * MS,
    SILENCE_STEP_US = 500 * MS,
    RTT_UNKNOWN_US = 500 * MS,
    RTT_FADING_US = 10 * 1000 * MS,
    TRY_AGAIN_US = 2000 * MS, /* after a deep cut: libwebrtc probes 0.85 of the old within 5 s */
    QUEUED_US = 40 * MS,      /* more than jitter as a rule */
    TRAIN_PACKETS = 5,        /* of speech, before the first probe */
    TICK_MAX_US = 200 * MS,
    CLOCK_JUMP_US = 10 * 1000 * MS,
    FEEDBACK_GONE_US = 5 * 1000 * MS, /* then reports and REMB decide again */
    /* RFC 3550, 6.2 and 6.3.5: a report comes every 5 s, at most half as much later. */
    REPORT_SILENCE_US = 7500 * MS,
};
static const int64_t ARRIVAL_MODULO_US = (INT64_C(1) << 24) * 64 * MS;
static const double LOSSY = 0.05;
static const double SILENCE_FACTOR = 0.7; /* each SILENCE_STEP_US */
static const double DEEP_CUT = 0.66;      /* libwebrtc */
static const double TRY_AGAIN = 0.85;

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
    ByteMeter sent;
    ByteMeter other;
    uint64_t bytes_sent;
    uint32_t wanted_bps;
    int64_t tick_us;
    struct {
        bool started;
        bool reported; /* by receiver reports or REMB */
        int64_t newest_raw_us;
        int64_t newest_us;  /* unwrapped */
        int64_t told_us;    /* when the last message of any kind came */
        int64_t message_us; /* transport-wide feedback */
        int64_t newest_sent_us;
        uint64_t newest_bytes;  /* SentPacket.bytes_until of that packet */
        int64_t first_after_us; /* first packet sent after it; 0: none */
        int64_t lost_from_us;   /* losses of packets sent before are an outage's */
        unsigned n_arrived;
    } feedback;
    int64_t rtt_us; /* least of late; 0: not known */
    int64_t rtt_from_us;
    bool overused;
};

SendRate *send_rate_new(uint32_t start_bps, int64_t now_us)
{
    SendRate *rate = g_new0(SendRate, 1);
    uint32_t start = start_bps == 0 ? SEND_RATE_START_BPS : start_bps;
    rate_control_init(&rate->control, MIN(start, UNPROVED_MAX_BPS));
    if (start > UNPROVED_MAX_BPS)
        probe_aim(&rate->probe, MIN(start, SEND_RATE_CAP_BPS), now_us);
    delay_trend_init(&rate->trend);
    rate->wanted_bps = WANTED_AT_FIRST_BPS;
    rate->tick_us = now_us;
    rate->feedback.told_us = now_us;
    return rate;
}

void send_rate_free(SendRate *rate)
{
    g_free(rate);
}

static bool is_told(const SendRate *rate, int64_t now_us)
{
    return rate->feedback.started && now_us - rate->feedback.message_us < FEEDBACK_GONE_US;
}

static uint32_t modelled_bps(const SendRate *rate)
{
    return (uint32_t)rate->control.estimate_bps;
}

static int64_t rtt_or_guess_us(const SendRate *rate)
{
    return rate->rtt_us > 0 ? rate->rtt_us : RTT_UNKNOWN_US;
}

void send_rate_on_sent(SendRate *rate, uint16_t transport_sequence, size_t wire_bytes,
                       SendKind kind, int64_t now_us)
{
    rate->bytes_sent += wire_bytes;
    byte_meter_add(&rate->sent, wire_bytes, now_us);
    uint32_t modelled_us = link_model_send(&rate->model, wire_bytes, modelled_bps(rate), now_us);
    if (rate->feedback.first_after_us == 0)
        rate->feedback.first_after_us = now_us;
    SentPacket *packet = sent_log_add(&rate->log, transport_sequence, wire_bytes, kind, now_us);
    if (!packet) {
        byte_meter_add(&rate->other, wire_bytes, now_us);
        return;
    }
    packet->modelled_us = modelled_us;
    packet->bytes_until = rate->bytes_sent;
    packet->probe = probe_on_sent(&rate->probe, wire_bytes, now_us);
}

void send_rate_on_other(SendRate *rate, size_t wire_bytes, int64_t now_us)
{
    rate->bytes_sent += wire_bytes;
    byte_meter_add(&rate->sent, wire_bytes, now_us);
    byte_meter_add(&rate->other, wire_bytes, now_us);
    link_model_send(&rate->model, wire_bytes, modelled_bps(rate), now_us);
}

/* Time without an answer although something was sent that could have been answered, beyond what
 * a receiver that only reports takes its time for. */
static int64_t silence_us(const SendRate *rate, int64_t now_us)
{
    bool reports = rate->feedback.reported && !is_told(rate, now_us);
    int64_t usual_us = reports ? REPORT_SILENCE_US - SILENCE_US : 0;
    if (rate->feedback.first_after_us == 0)
        return 0;
    int64_t since_us =
        MAX(rate->feedback.told_us, rate->feedback.first_after_us + rtt_or_guess_us(rate));
    return MAX(now_us - since_us - usual_us, 0);
}

static uint32_t ceiling_bps(const SendRate *rate)
{
    uint64_t most = (uint64_t)rate->wanted_bps * WANTED_MORE_PERCENT / 100;
    most = MIN(most, rate_reports_cap_bps(&rate->reports, rate->tick_us));
    return (uint32_t)CLAMP(most, SEND_RATE_FLOOR_BPS, SEND_RATE_CAP_BPS);
}

static RateInput measure(SendRate *rate, int64_t now_us, unsigned *ret_n_lossy)
{
    bool lossy = loss_window_share(&rate->loss, NULL) > LOSSY;
    ArrivalRates rates = arrival_rate_get(
        &rate->arrivals, lossy ? ARRIVAL_LOSSY_SPAN_US : ARRIVAL_SPAN_US, ARRIVAL_PACKETS);
    return (RateInput){
        .arrived_bps = rates.arrived_bps,
        .all_arrives = rates.arrived_bps / 9 >= rates.sent_bps / 10,
        .sent_bps = byte_meter_bps(&rate->sent, now_us),
        .other_bps = byte_meter_bps(&rate->other, now_us),
        .ceiling_bps = ceiling_bps(rate),
        .queue_us = delay_trend_queue_us(&rate->trend),
        .loss = loss_window_share(&rate->loss, ret_n_lossy),
        .usual_loss = loss_window_usual(&rate->loss),
        .loss_risen = loss_window_risen(&rate->loss),
    };
}

static ProbeNeed probe_need(SendRate *rate, int64_t now_us)
{
    return (ProbeNeed){
        .estimate_bps = (uint32_t)rate->control.estimate_bps,
        .ceiling_bps = ceiling_bps(rate),
        .capacity_bps = (uint32_t)rate->control.capacity_bps,
        .sent_bps = byte_meter_bps(&rate->sent, now_us),
        .rtt_us = rtt_or_guess_us(rate),
        .quiet = rate->feedback.n_arrived >= TRAIN_PACKETS && !rate->overused &&
                 rate->control.queue_us < rate_control_free_queue_us(&rate->control) &&
                 rate->control.trial == LOSS_TRIAL_NONE && silence_us(rate, now_us) < SILENCE_US,
    };
}

/* The queue at this moment: the newest packet that arrived left the link at its sending time plus
 * its own wait, and all sent after it has left or waits. */
static int64_t queue_now_us(const SendRate *rate, int64_t now_us)
{
    double after = (double)(rate->bytes_sent - rate->feedback.newest_bytes) * 8 * G_USEC_PER_SEC /
                   rate->control.estimate_bps;
    int64_t since_us = now_us - rate->feedback.newest_sent_us;
    return MAX(delay_trend_newest_us(&rate->trend) + (int64_t)after - since_us, 0);
}

/* The estimate is another: only packets sent from now on can tell whether it is right. */
static void judge_anew(SendRate *rate, int64_t queue_us, int64_t now_us)
{
    delay_trend_restart(&rate->trend, now_us);
    link_model_set(&rate->model, queue_us, modelled_bps(rate), now_us);
}

static void cut(SendRate *rate, const RateInput *input, int64_t now_us)
{
    double before = rate->control.estimate_bps;
    rate_control_cut(&rate->control, input);
    judge_anew(rate, queue_now_us(rate, now_us), now_us);
    probe_abandon(&rate->probe, now_us + TRY_AGAIN_US);
    if (rate->control.estimate_bps < DEEP_CUT * before)
        probe_aim(&rate->probe, (uint32_t)(TRY_AGAIN * before), now_us + TRY_AGAIN_US);
}

static void judge_probe(SendRate *rate, int64_t now_us)
{
    uint32_t found_bps = 0;
    ProbeNeed need = probe_need(rate, now_us);
    double usual_loss = loss_window_usual(&rate->loss);
    ProbeResult result = probe_judge(&rate->probe, &need, usual_loss, now_us, &found_bps);
    if (result == PROBE_GOOD || result == PROBE_LIMIT)
        rate_control_found(&rate->control, MIN(found_bps, ceiling_bps(rate)),
                           result == PROBE_LIMIT);
}

static void judge_loss(SendRate *rate, const RateInput *input, unsigned n, int64_t now_us)
{
    switch (rate_control_on_loss(&rate->control, input, n, now_us)) {
    case LOSS_STEADY:
        return;
    case LOSS_CUT:
        judge_anew(rate, queue_now_us(rate, now_us), now_us);
        probe_abandon(&rate->probe, now_us + TRY_AGAIN_US);
        loss_window_restart(&rate->loss);
        return;
    case LOSS_CAUSED:
        loss_window_accept(&rate->loss, input->loss);
        return;
    case LOSS_USUAL:
        loss_window_accept(&rate->loss, input->loss);
        judge_anew(rate, queue_now_us(rate, now_us), now_us);
        return;
    }
}

/* One message is read: what does all that is known say now. */
static void judge(SendRate *rate, int64_t now_us)
{
    unsigned n_lossy = 0;
    RateInput input = measure(rate, now_us, &n_lossy);
    rate->control.queue_us = input.queue_us;
    rate->overused = delay_trend_overused(&rate->trend);
    if (!rate->overused && loss_window_overflows(&rate->loss)) {
        rate->overused = true;
        loss_window_restart(&rate->loss); /* the rest of it is in there already */
    }
    if (rate->overused) {
        cut(rate, &input, now_us);
        return;
    }
    if (standing_queue_is_foreign(&rate->standing, &input, rate->control.estimate_bps, now_us)) {
        delay_trend_rebase(&rate->trend);
        rate->control.queue_us = 0;
    }
    judge_loss(rate, &input, n_lossy, now_us);
    judge_probe(rate, now_us);
}

/* The receiver's clock, unwrapped. False: it jumped, so nothing before can be compared. */
static bool unwrap(SendRate *rate, int64_t raw_us, int64_t sent_us, int64_t *ret_arrival_us)
{
    if (!rate->feedback.started) {
        *ret_arrival_us = raw_us;
        return true;
    }
    int64_t step_us = (raw_us - rate->feedback.newest_raw_us) % ARRIVAL_MODULO_US;
    if (step_us > ARRIVAL_MODULO_US / 2)
        step_us -= ARRIVAL_MODULO_US;
    else if (step_us < -ARRIVAL_MODULO_US / 2)
        step_us += ARRIVAL_MODULO_US;
    *ret_arrival_us = rate->feedback.newest_us + step_us;
    int64_t sent_step_us = sent_us - rate->feedback.newest_sent_us;
    return ABS(step_us - sent_step_us) < CLOCK_JUMP_US;
}

/* The newest packet that arrived waited in a queue. */
static bool is_queued(const SendRate *rate)
{
    return delay_trend_newest_us(&rate->trend) > QUEUED_US;
}

static void on_arrived(SendRate *rate, SentPacket *packet, int64_t raw_us, int64_t now_us)
{
    if (packet->fate == SENT_ARRIVED)
        return;
    bool late = packet->fate == SENT_LOST;
    packet->fate = SENT_ARRIVED;
    if (late && packet->repeated)
        return; /* the copy arrived: the first one stays lost */
    if (packet->kind != SEND_PADDING) {
        if (late)
            loss_window_on_late(&rate->loss);
        else
            loss_window_on_packet(&rate->loss, false, is_queued(rate), now_us);
    }
    if (packet->repeated)
        return;
    int64_t arrival_us = 0;
    if (!unwrap(rate, raw_us, packet->sent_us, &arrival_us)) {
        delay_trend_reset(&rate->trend);
        arrival_rate_reset(&rate->arrivals);
        probe_abandon(&rate->probe, now_us);
        rate->feedback.n_arrived = 0;
    }
    if (!rate->feedback.started || packet->sent_us >= rate->feedback.newest_sent_us) {
        rate->feedback.newest_raw_us = raw_us;
        rate->feedback.newest_us = arrival_us;
        rate->feedback.newest_sent_us = packet->sent_us;
        rate->feedback.newest_bytes = packet->bytes_until;
    }
    rate->feedback.started = true;
    rate->feedback.n_arrived++;
    delay_trend_on_packet(&rate->trend, packet->sent_us, arrival_us, packet->modelled_us);
    arrival_rate_on_packet(&rate->arrivals, packet->sent_us, arrival_us, packet->wire_bytes);
    if (packet->probe)
        probe_on_arrived(&rate->probe, packet->probe, packet->sent_us,
                         arrival_us - packet->sent_us);
}

static void on_lost(SendRate *rate, SentPacket *packet, int64_t now_us)
{
    if (packet->fate != SENT_UNKNOWN)
        return;
    packet->fate = SENT_LOST;
    if (packet->probe)
        probe_on_lost(&rate->probe, packet->probe);
    if (packet->kind != SEND_PADDING && packet->sent_us >= rate->feedback.lost_from_us)
        loss_window_on_packet(&rate->loss, true, is_queued(rate), now_us);
}

static void note_rtt(SendRate *rate, int64_t rtt_us, int64_t now_us)
{
    if (rtt_us <= 0)
        return;
    if (rate->rtt_us == 0 || rtt_us <= rate->rtt_us || now_us - rate->rtt_from_us > RTT_FADING_US) {
        rate->rtt_us = rtt_us;
        rate->rtt_from_us = now_us;
    }
}

/* The first answer after a silence: what was lost in it says nothing of the rate. */
static void end_silence(SendRate *rate, int64_t silent_us, int64_t first_arrived_sent_us,
                        int64_t now_us)
{
    rate->feedback.lost_from_us = first_arrived_sent_us;
    if (silent_us < BLACKOUT_US)
        return;
    double before = rate->control.estimate_bps;
    rate_control_resume(&rate->control);
    loss_window_restart(&rate->loss);
    judge_anew(rate, 0, first_arrived_sent_us);
    probe_abandon(&rate->probe, now_us);
    probe_aim(&rate->probe, (uint32_t)(TRY_AGAIN * before), now_us);
}

void send_rate_on_feedback(SendRate *rate, const RtcpTwccStatus *statuses, size_t n, int64_t now_us)
{
    int64_t first_us = 0, newest_us = 0;
    for (size_t i = 0; i < n; i++) {
        SentPacket *packet =
            statuses[i].received ? sent_log_find(&rate->log, statuses[i].sequence) : NULL;
        if (!packet || packet->fate == SENT_ARRIVED || packet->repeated)
            continue;
        first_us = first_us == 0 ? packet->sent_us : first_us;
        newest_us = MAX(newest_us, packet->sent_us);
    }
    if (newest_us == 0)
        return; /* nothing new came: no sign of life */
    int64_t silent_us = silence_us(rate, now_us);
    if (rate->feedback.started && silent_us > SILENCE_US)
        end_silence(rate, silent_us, first_us, now_us);
    for (size_t i = 0; i < n; i++) {
        SentPacket *packet = sent_log_find(&rate->log, statuses[i].sequence);
        if (packet && statuses[i].received)
            on_arrived(rate, packet, statuses[i].arrival_us, now_us);
        else if (packet)
            on_lost(rate, packet, now_us);
    }
    delay_trend_end(&rate->trend);
    rate->feedback.told_us = now_us;
    rate->feedback.message_us = now_us;
    rate->feedback.first_after_us = 0;
    note_rtt(rate, now_us - newest_us, now_us);
    judge(rate, now_us);
}

static void on_told_otherwise(SendRate *rate, int64_t now_us)
{
    rate->feedback.reported = true;
    rate->feedback.told_us = now_us;
    rate->feedback.first_after_us = 0;
}

void send_rate_on_remb(SendRate *rate, uint64_t bitrate_bps, int64_t now_us)
{
    rate_reports_on_remb(&rate->reports, bitrate_bps, now_us);
    if (is_told(rate, now_us))
        return;
    on_told_otherwise(rate, now_us);
    rate->control.estimate_bps = (double)CLAMP(bitrate_bps, SEND_RATE_FLOOR_BPS, SEND_RATE_CAP_BPS);
}

void send_rate_on_report(SendRate *rate, uint8_t fraction_lost, int64_t rtt_us, int64_t now_us)
{
    note_rtt(rate, rtt_us, now_us);
    if (is_told(rate, now_us))
        return;
    on_told_otherwise(rate, now_us);
    rate_reports_on_loss(&rate->reports, &rate->control, fraction_lost, ceiling_bps(rate), now_us);
}

void send_rate_set_wanted(SendRate *rate, uint32_t bps)
{
    rate->wanted_bps = bps;
}

void send_rate_tick(SendRate *rate, int64_t now_us)
{
    int64_t dt_us = CLAMP(now_us - rate->tick_us, 0, TICK_MAX_US);
    rate->tick_us = now_us;
    loss_window_advance(&rate->loss, now_us);
    if (!is_told(rate, now_us) || silence_us(rate, now_us) > SILENCE_US)
        return;
    judge_probe(rate, now_us);
    RateInput input = measure(rate, now_us, NULL);
    if (!rate->overused && rate->feedback.n_arrived >= TRAIN_PACKETS)
        rate_control_grow(&rate->control, &input, dt_us);
}

void send_rate_view(const SendRate *rate, SendRateView *ret_view)
{
    int64_t now_us = rate->tick_us;
    int64_t silent_us = silence_us(rate, now_us);
    double target = rate_control_target(&rate->control);
    for (int64_t over_us = silent_us - SILENCE_US; over_us > 0 && target > SEND_RATE_FLOOR_BPS;
         over_us -= SILENCE_STEP_US)
        target *= SILENCE_FACTOR;
    target = MIN(target, (double)ceiling_bps(rate));
    ArrivalRates rates = arrival_rate_get(&rate->arrivals, VIEW_SPAN_US, ARRIVAL_PACKETS);
    double run = loss_window_run(&rate->loss);
    *ret_view = (SendRateView){
        .target_bps = (uint32_t)CLAMP(target, SEND_RATE_FLOOR_BPS, SEND_RATE_CAP_BPS),
        .acked_bps = rates.arrived_bps,
        .loss_q8 = (uint8_t)MIN(256 * loss_window_share(&rate->loss, NULL), 255),
        .loss_run_x10 = (unsigned)(10 * run + 0.5),
        .rtt_us = rate->rtt_us,
        .queue_us = rate->control.queue_us,
        .overused = rate->overused ||
                    rate->control.queue_us > 2 * rate_control_free_queue_us(&rate->control),
        .has_feedback = rate->feedback.started,
        .blackout = silent_us > BLACKOUT_US,
    };
}

bool send_rate_probe(SendRate *rate, int64_t now_us, SendProbe *ret_probe)
{
    ProbeNeed need = probe_need(rate, now_us);
    return is_told(rate, now_us) && probe_start(&rate->probe, &need, now_us, ret_probe);
}

void send_rate_probe_counts(const SendRate *rate, unsigned *ret_n_done, unsigned *ret_n_good)
{
    *ret_n_done = rate->probe.n_done;
    *ret_n_good = rate->probe.n_good;
}
