// SPDX-License-Identifier: Apache-2.0
#include "media/rate/send_rate_state.h"

enum {
    MS = 1000,
    ARRIVAL_SPAN_US = 300 * MS,       /* four packets of 1200 bytes at 100 kbit/s */
    ARRIVAL_LOSSY_SPAN_US = 800 * MS, /* over a few bursts of loss */
    ARRIVAL_PACKETS = 5,
    WANTED_MORE_PERCENT = 120,
    RTT_UNKNOWN_US = 500 * MS,
    TRY_AGAIN_US = 1500 * MS, /* after a deep cut: libwebrtc probes 0.85 of the old within 5 s */
};
static const double LOSSY = 0.05;
static const double DEEP_CUT = 0.66; /* libwebrtc */
static const double TRY_AGAIN = 0.85;

static int64_t rtt_or_guess_us(const SendRate *rate)
{
    return rate->rtt_us > 0 ? rate->rtt_us : RTT_UNKNOWN_US;
}

int64_t send_rate_silence_us(const SendRate *rate, int64_t now_us)
{
    return silence_us(&rate->silence, rtt_or_guess_us(rate), now_us);
}

uint32_t send_rate_ceiling_bps(const SendRate *rate)
{
    uint64_t most = (uint64_t)rate->wanted_bps * WANTED_MORE_PERCENT / 100;
    most = MIN(most, rate_reports_cap_bps(&rate->reports, rate->tick_us));
    return (uint32_t)CLAMP(most, SEND_RATE_FLOOR_BPS, SEND_RATE_CAP_BPS);
}

RateInput send_rate_measure(SendRate *rate, int64_t now_us, unsigned *ret_n_lossy)
{
    bool lossy = loss_window_share(&rate->loss, NULL) > LOSSY;
    ArrivalRates rates = arrival_rate_get(
        &rate->arrivals, lossy ? ARRIVAL_LOSSY_SPAN_US : ARRIVAL_SPAN_US, ARRIVAL_PACKETS);
    return (RateInput){
        .arrived_bps = rates.arrived_bps,
        .all_arrives = rates.arrived_bps / 9 >= rates.sent_bps / 10,
        .sent_bps = byte_meter_bps(&rate->sent, now_us),
        .other_bps = byte_meter_bps(&rate->other, now_us),
        .ceiling_bps = send_rate_ceiling_bps(rate),
        .queue_us = delay_trend_queue_us(&rate->trend),
        .newest_us = delay_trend_newest_us(&rate->trend),
        .loss = loss_window_share(&rate->loss, ret_n_lossy),
        .usual_loss = loss_window_usual(&rate->loss),
        .loss_risen = loss_window_risen(&rate->loss),
    };
}

ProbeNeed send_rate_probe_need(SendRate *rate, int64_t now_us)
{
    return (ProbeNeed){
        .estimate_bps = (uint32_t)rate->control.estimate_bps,
        .ceiling_bps = send_rate_ceiling_bps(rate),
        .capacity_bps = (uint32_t)rate->control.capacity_bps,
        .sent_bps = byte_meter_bps(&rate->sent, now_us),
        .rtt_us = rtt_or_guess_us(rate),
        .quiet = rate->n_arrived >= TRAIN_PACKETS && !rate->overused &&
                 rate->control.queue_us < rate_control_free_queue_us(&rate->control) &&
                 rate->control.trial == LOSS_TRIAL_NONE &&
                 send_rate_silence_us(rate, now_us) < SILENCE_US,
    };
}

/* The queue at this moment: the newest packet that arrived left the link at its sending time plus
 * its own wait, and all sent after it has left or waits. */
static int64_t queue_now_us(const SendRate *rate, int64_t now_us)
{
    double after = (double)(rate->bytes_sent - rate->newest_bytes) * 8 * G_USEC_PER_SEC /
                   rate->control.estimate_bps;
    int64_t since_us = now_us - rate->clock.sent_us;
    return MAX(delay_trend_newest_us(&rate->trend) + (int64_t)after - since_us, 0);
}

/* The estimate is another: only packets sent from now on can tell whether it is right. */
static void judge_anew(SendRate *rate, int64_t queue_us, int64_t now_us)
{
    delay_trend_restart(&rate->trend, now_us);
    link_model_set(&rate->model, queue_us, (uint32_t)rate->control.estimate_bps, now_us);
}

static void cut(SendRate *rate, const RateInput *input, int64_t now_us)
{
    double before = rate->control.estimate_bps;
    slow_start_end(&rate->reports.start);
    rate_control_cut(&rate->control, input);
    judge_anew(rate, queue_now_us(rate, now_us), now_us);
    probe_abandon(&rate->probe, now_us + TRY_AGAIN_US);
    if (rate->control.estimate_bps < DEEP_CUT * before)
        probe_aim(&rate->probe, (uint32_t)(TRY_AGAIN * before), now_us + TRY_AGAIN_US);
}

void send_rate_judge_probe(SendRate *rate, int64_t now_us)
{
    uint32_t found_bps = 0;
    ProbeNeed need = send_rate_probe_need(rate, now_us);
    double usual_loss = loss_window_usual(&rate->loss);
    ProbeResult result = probe_judge(&rate->probe, &need, usual_loss, now_us, &found_bps);
    if (result == PROBE_GOOD || result == PROBE_LIMIT)
        rate_control_found(&rate->control, MIN(found_bps, send_rate_ceiling_bps(rate)),
                           result == PROBE_LIMIT);
}

static void judge_loss(SendRate *rate, const RateInput *input, unsigned n, int64_t now_us)
{
    switch (rate_control_on_loss(&rate->control, input, n, now_us)) {
    case LOSS_STEADY:
        return;
    case LOSS_CUT:
        slow_start_end(&rate->reports.start);
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

void send_rate_judge(SendRate *rate, int64_t now_us)
{
    unsigned n_lossy = 0;
    RateInput input = send_rate_measure(rate, now_us, &n_lossy);
    rate->control.queue_us = input.queue_us;
    rate->overused = delay_trend_overused(&rate->trend);
    if (!rate->overused && loss_window_overflows(&rate->loss)) {
        rate->overused = true;
        loss_window_restart(&rate->loss); /* the rest of it is in there already */
    }
    if (rate->overused && !standing_queue_stays(&rate->standing, &input)) {
        cut(rate, &input, now_us);
        standing_queue_on_cut(&rate->standing, &input, now_us);
        return;
    }
    if (standing_queue_is_foreign(&rate->standing, &input, now_us)) {
        delay_trend_rebase(&rate->trend);
        rate->control.queue_us = 0;
    }
    judge_loss(rate, &input, n_lossy, now_us);
    send_rate_judge_probe(rate, now_us);
}

void send_rate_end_silence(SendRate *rate, int64_t silent_us, int64_t now_us)
{
    rate->losses_from_us = now_us;
    if (silent_us < BLACKOUT_US)
        return;
    double before = rate->control.estimate_bps;
    rate_control_resume(&rate->control);
    loss_window_restart(&rate->loss);
    judge_anew(rate, 0, now_us);
    probe_abandon(&rate->probe, now_us);
    probe_aim(&rate->probe, (uint32_t)(TRY_AGAIN * before), now_us);
}
