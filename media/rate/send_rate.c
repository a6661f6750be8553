// SPDX-License-Identifier: Apache-2.0
#include "media/rate/send_rate.h"

#include "media/rate/send_rate_state.h"

/* Where nothing else is named: chosen by test_send_rate and tests/sim; tried as those of
 * rate_control.c. Free: VIEW_SPAN_US, VIEW_PACKETS, WANTED_AT_FIRST_BPS, TICK_MAX_US. Bounded from
 * above alone: RTT_FADING_US; from below alone: QUEUED_US. */
enum {
    MS = 1000,
    VIEW_SPAN_US = 500 * MS,
    VIEW_PACKETS = 5,
    /* Until the receiver has answered: speech, and one picture at most. */
    UNPROVED_MAX_BPS = 100 * 1000,
    WANTED_AT_FIRST_BPS = 2000 * 1000, /* a picture of 720 lines and speech */
    SILENCE_STEP_US = 500 * MS,
    RTT_FADING_US = 10 * 1000 * MS,
    QUEUED_US = 40 * MS, /* more than jitter as a rule */
    TICK_MAX_US = 200 * MS,
};
static const double SILENCE_FACTOR = 0.7; /* each SILENCE_STEP_US */

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
    silence_init(&rate->silence, now_us);
    slow_start_init(&rate->reports.start, now_us);
    return rate;
}

void send_rate_free(SendRate *rate)
{
    g_free(rate);
}

static uint32_t modelled_bps(const SendRate *rate)
{
    return (uint32_t)rate->control.estimate_bps;
}

void send_rate_on_sent(SendRate *rate, uint16_t transport_sequence, size_t wire_bytes,
                       SendKind kind, int64_t now_us)
{
    rate->bytes_sent += wire_bytes;
    byte_meter_add(&rate->sent, wire_bytes, now_us);
    uint32_t modelled_us = link_model_send(&rate->model, wire_bytes, modelled_bps(rate), now_us);
    silence_on_sent(&rate->silence, now_us);
    rate_reports_on_sent(&rate->reports, now_us);
    SentPacket *packet = sent_log_add(&rate->log, transport_sequence, wire_bytes, kind, now_us);
    if (!packet) {
        byte_meter_add(&rate->other, wire_bytes, now_us);
        return;
    }
    packet->modelled_us = modelled_us;
    packet->bytes_until = rate->bytes_sent;
    packet->probe = probe_on_sent(&rate->probe, wire_bytes, now_us);
}

void send_rate_on_unnumbered(SendRate *rate, size_t wire_bytes, int64_t now_us)
{
    rate_reports_on_sent(&rate->reports, now_us);
    send_rate_on_other(rate, wire_bytes, now_us);
}

void send_rate_on_other(SendRate *rate, size_t wire_bytes, int64_t now_us)
{
    rate->bytes_sent += wire_bytes;
    byte_meter_add(&rate->sent, wire_bytes, now_us);
    byte_meter_add(&rate->other, wire_bytes, now_us);
    link_model_send(&rate->model, wire_bytes, modelled_bps(rate), now_us);
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
    bool newest = !rate->clock.started || packet->sent_us >= rate->clock.sent_us;
    if (!receiver_clock_unwrap(&rate->clock, raw_us, packet->sent_us, &arrival_us)) {
        delay_trend_reset(&rate->trend);
        arrival_rate_reset(&rate->arrivals);
        probe_abandon(&rate->probe, now_us);
        rate->n_arrived = 0;
    }
    if (newest)
        rate->newest_bytes = packet->bytes_until;
    rate->n_arrived++;
    delay_trend_on_packet(&rate->trend, packet->sent_us, arrival_us, packet->modelled_us);
    arrival_rate_on_packet(&rate->arrivals, packet->sent_us, arrival_us, packet->wire_bytes);
    if (packet->probe)
        probe_on_arrived(&rate->probe, packet->probe, packet->wire_bytes, packet->sent_us,
                         arrival_us - packet->sent_us);
}

static void on_lost(SendRate *rate, SentPacket *packet, int64_t now_us)
{
    if (packet->fate != SENT_UNKNOWN)
        return;
    packet->fate = SENT_LOST;
    if (packet->probe)
        probe_on_lost(&rate->probe, packet->probe, packet->kind == SEND_PADDING);
    if (packet->kind != SEND_PADDING && packet->sent_us >= rate->losses_from_us)
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

int64_t send_rate_on_feedback(SendRate *rate, const RtcpTwccStatus *statuses, size_t n,
                              int64_t now_us)
{
    int64_t newest_us = 0;
    for (size_t i = 0; i < n; i++) {
        SentPacket *packet =
            statuses[i].received ? sent_log_find(&rate->log, statuses[i].sequence) : NULL;
        if (!packet || packet->fate == SENT_ARRIVED || packet->repeated)
            continue;
        newest_us = MAX(newest_us, packet->sent_us);
    }
    int64_t silent_us = send_rate_silence_us(rate, now_us);
    if (newest_us > 0 && rate->clock.started && silent_us > SILENCE_US)
        send_rate_end_silence(rate, silent_us, now_us);
    for (size_t i = 0; i < n; i++) {
        SentPacket *packet = sent_log_find(&rate->log, statuses[i].sequence);
        if (packet && statuses[i].received)
            on_arrived(rate, packet, statuses[i].arrival_us, now_us);
        else if (packet)
            on_lost(rate, packet, now_us);
    }
    if (newest_us == 0)
        return 0; /* nothing new came: no sign of life */
    delay_trend_end(&rate->trend);
    silence_on_feedback(&rate->silence, now_us);
    if (!rate->has_no_padding)
        slow_start_end(&rate->reports.start);
    note_rtt(rate, now_us - newest_us, now_us);
    send_rate_judge(rate, now_us);
    return now_us - newest_us;
}

void send_rate_on_remb(SendRate *rate, uint64_t bitrate_bps, int64_t now_us)
{
    rate_reports_on_remb(&rate->reports, bitrate_bps, now_us);
    if (silence_has_feedback(&rate->silence, now_us))
        return;
    silence_on_report(&rate->silence, now_us);
    rate->control.estimate_bps = (double)CLAMP(bitrate_bps, SEND_RATE_FLOOR_BPS, SEND_RATE_CAP_BPS);
}

void send_rate_on_report(SendRate *rate, const SendReport *report, int64_t now_us)
{
    note_rtt(rate, report->rtt_us, now_us);
    if (silence_has_feedback(&rate->silence, now_us))
        return;
    silence_on_report(&rate->silence, now_us);
    RateReported reported = {report, byte_meter_bps(&rate->sent, now_us)};
    rate_reports_on_report(&rate->reports, &rate->control, &reported, send_rate_ceiling_bps(rate),
                           now_us);
}

void send_rate_set_wanted(SendRate *rate, uint32_t bps)
{
    rate->wanted_bps = bps;
}

void send_rate_set_padding(SendRate *rate, bool is_possible)
{
    rate->has_no_padding = !is_possible;
}

/* What there is to send tries the link in place of padding. */
static void step_unpadded(SendRate *rate, const RateInput *input, int64_t now_us)
{
    ProbeNeed need = send_rate_probe_need(rate, now_us);
    SlowStartSeen seen = {rate->clock.sent_us, input->sent_bps};
    if (rate->has_no_padding && need.quiet)
        slow_start_on_feedback(&rate->reports.start, &rate->control, &seen, input->ceiling_bps,
                               now_us);
}

void send_rate_tick(SendRate *rate, int64_t now_us)
{
    int64_t dt_us = CLAMP(now_us - rate->tick_us, 0, TICK_MAX_US);
    rate->tick_us = now_us;
    loss_window_advance(&rate->loss, now_us);
    if (!silence_has_feedback(&rate->silence, now_us) ||
        send_rate_silence_us(rate, now_us) > SILENCE_US)
        return;
    send_rate_judge_probe(rate, now_us);
    RateInput input = send_rate_measure(rate, now_us, NULL);
    step_unpadded(rate, &input, now_us);
    if (!rate->overused && rate->n_arrived >= TRAIN_PACKETS)
        rate_control_grow(&rate->control, &input, dt_us);
}

void send_rate_view(const SendRate *rate, SendRateView *ret_view)
{
    int64_t now_us = rate->tick_us;
    int64_t silent_us = send_rate_silence_us(rate, now_us);
    double target = rate_control_target(&rate->control);
    for (int64_t over_us = silent_us - SILENCE_US; over_us > 0 && target > SEND_RATE_FLOOR_BPS;
         over_us -= SILENCE_STEP_US)
        target *= SILENCE_FACTOR;
    target = MIN(target, (double)rate_reports_cap_bps(&rate->reports, now_us));
    ArrivalRates rates = arrival_rate_get(&rate->arrivals, VIEW_SPAN_US, VIEW_PACKETS);
    bool has_feedback = rate->clock.started;
    double loss = has_feedback ? loss_window_share(&rate->loss, NULL) : rate->reports.loss;
    double run = loss_window_run(&rate->loss); /* reports do not tell */
    *ret_view = (SendRateView){
        .target_bps = (uint32_t)CLAMP(target, SEND_RATE_FLOOR_BPS, SEND_RATE_CAP_BPS),
        .acked_bps = rates.arrived_bps,
        .loss_q8 = (uint8_t)MIN(256 * loss, 255),
        .loss_run_x10 = (unsigned)(10 * run + 0.5),
        .rtt_us = rate->rtt_us,
        .queue_us = rate->control.queue_us,
        .overused = rate->overused ||
                    rate->control.queue_us > 2 * rate_control_free_queue_us(&rate->control),
        .has_feedback = has_feedback,
        .blackout = silent_us > BLACKOUT_US,
        .is_lost = silent_us > LOST_US,
    };
}

uint32_t send_rate_estimate_bps(const SendRate *rate)
{
    return modelled_bps(rate);
}

bool send_rate_probe(SendRate *rate, int64_t now_us, SendProbe *ret_probe)
{
    ProbeNeed need = send_rate_probe_need(rate, now_us);
    return silence_has_feedback(&rate->silence, now_us) &&
           probe_start(&rate->probe, &need, now_us, ret_probe);
}

void send_rate_probe_counts(const SendRate *rate, unsigned *ret_n_done, unsigned *ret_n_good)
{
    *ret_n_done = rate->probe.n_done;
    *ret_n_good = rate->probe.n_good;
}
