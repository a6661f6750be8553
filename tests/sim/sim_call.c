// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_call.h"

#include "tests/sim/sim_call_state.h"

enum {
    MS = 1000,
    TICK_US = 25 * MS,
    PLAN_US = 50 * MS,
    RTCP_US = 1000 * MS, /* sender report and STUN */
    RTCP_BYTES = 160,
    NACK_RTT_LIMIT_US = 250 * MS, /* media/relay/slot_audio.c */
};

SimCall *sim_call_new(const SimSetup *setup)
{
    SimCall *call = g_new0(SimCall, 1);
    call->setup = *setup;
    call->now_us = SIM_EPOCH_US;
    call->random = setup->seed + 77;
    call->publisher_random = setup->seed + 78;
    call->rate = send_rate_new(setup->start_bps, call->now_us);
    send_rate_set_padding(call->rate, !setup->takes_no_padding);
    call->pacer = g_new0(Pacer, 1);
    pacer_init(call->pacer, SEND_RATE_START_BPS, call->now_us);
    call->video_cache = packet_cache_new(&PACKET_CACHE_VIDEO);
    call->speech_cache = packet_cache_new(&PACKET_CACHE_AUDIO);
    sim_link_init(&call->down, &setup->down, setup->seed * 3 + 1);
    sim_receiver_init(&call->receiver, &setup->up, setup->seed * 3 + 2);
    call->receiver.no_feedback = setup->no_feedback || setup->no_numbers;
    call->receiver.no_reports = setup->no_reports;
    call->receiver.report_us = setup->report_us;
    call->receiver.lie = setup->lie;
    call->receiver.asks_speech = !setup->no_opus_nack;
    call->video_source.random = setup->seed * 3 + 3;
    call->video_source.key_wanted = true;
    if (call->setup.wanted_bps == 0)
        call->setup.wanted_bps = 1500 * 1000;
    if (call->setup.picture_from_us == 0)
        call->setup.picture_from_us = 1000 * MS;
    call->next_sequence = 1;
    sim_planner_init(&call->planner, !setup->no_red, !setup->no_opus_nack, call->now_us);
    sim_tally_begin(&call->tally, 0);
    return call;
}

void sim_call_free(SimCall *call)
{
    if (!call)
        return;
    send_rate_free(call->rate);
    g_free(call->pacer);
    packet_cache_free(call->video_cache);
    packet_cache_free(call->speech_cache);
    sim_receiver_clear(&call->receiver);
    g_free(call);
}

int64_t sim_call_now_us(const SimCall *call)
{
    return call->now_us - SIM_EPOCH_US;
}

static void receive(SimCall *call)
{
    while (call->n_flight > 0 &&
           call->flight[call->flight_head].arrival_us <= sim_call_now_us(call)) {
        const SimFlight *flight = &call->flight[call->flight_head];
        call->tally.arrived_bytes += flight->wire_bytes;
        sim_receiver_arrived(&call->receiver, flight, sim_call_now_us(call));
        call->flight_head = (call->flight_head + 1) % SIM_FLIGHTS;
        call->n_flight--;
    }
}

/* As media/relay/slot_video.c. */
static void repair_video(SimCall *call, int64_t number)
{
    int64_t index = call->left[number % SIM_PACKETS];
    const uint8_t *data;
    size_t size;
    if (index == 0) /* a hole: we never had it */
        return;
    if (packet_cache_resend(call->video_cache, (uint16_t)number, call->now_us, call->rtt_us, &data,
                            &size) != PACKET_CACHE_OK)
        return;
    PacerEntry entry = {
        .kind = PACER_RTX,
        .sequence = (uint16_t)(index % SIM_PACKETS),
        .wire_bytes = (uint16_t)size,
    };
    pacer_push(call->pacer, &entry, call->now_us);
}

/* As media/relay/slot_audio.c. */
static void repair_speech(SimCall *call, int64_t number)
{
    const uint8_t *data;
    size_t size;
    if (call->rtt_us < NACK_RTT_LIMIT_US &&
        packet_cache_resend(call->speech_cache, (uint16_t)number, call->now_us, call->rtt_us, &data,
                            &size) == PACKET_CACHE_OK)
        sim_call_transmit_speech(call, number);
}

/* What a report shows now. */
static int64_t report_rtt_us(const SimCall *call)
{
    const SimSetup *setup = &call->setup;
    return setup->down.delay_us + setup->up.delay_us +
           (setup->down.jitter_us + setup->up.jitter_us) / 2 +
           sim_link_queue_us(&call->down, sim_call_now_us(call));
}

static void read_feedback(SimCall *call, const SimMessage *message)
{
    static RtcpTwccStatus statuses[RTCP_TWCC_STATUSES_MAX];
    RtcpIter iter;
    RtcpPacket packet;
    rtcp_iter_init(&iter, message->data, message->size);
    while (rtcp_iter_next(&iter, &packet) == RTCP_OK) {
        RtcpTwccInfo info;
        size_t n = 0;
        RtcpResult result = rtcp_twcc_parse(&packet, &info, statuses, RTCP_TWCC_STATUSES_MAX, &n);
        g_assert(result == RTCP_OK);
        send_rate_on_feedback(call->rate, statuses, n, call->now_us);
        for (size_t i = 0; i < n; i++) {
            const SimSentVideo *sent = &call->sent[statuses[i].sequence % SIM_SENT];
            if (!statuses[i].received && sent->number != 0 &&
                sent->sequence == statuses[i].sequence)
                repair_video(call, sent->number);
        }
    }
}

/* As media/relay/control.c. */
static void read_report(SimCall *call, const SimMessage *message)
{
    SendReport report = {.rtt_us = report_rtt_us(call), .asked_us = call->now_us};
    if (call->setup.no_numbers) /* it decides there */
        report.rtt_us = 0;
    if (call->setup.no_numbers && message->trip_us > 0) {
        report.asked_us = SIM_EPOCH_US + message->asked_us;
        report.rtt_us = message->trip_us + message->arrival_us - message->told_us;
    }
    for (size_t i = 0; i < message->size; i++) {
        const RtcpReportBlock *block = &message->blocks[i];
        unsigned n_sent = 0;
        unsigned n_lost = 0;
        if (stream_loss_on_report(&call->losses[block->ssrc - 1], block, &n_sent, &n_lost)) {
            report.n_sent += n_sent;
            report.n_lost += n_lost;
        }
    }
    send_rate_on_report(call->rate, &report, call->now_us);
}

static void listen(SimCall *call)
{
    const SimMessage *message;
    while ((message = sim_receiver_told(&call->receiver, sim_call_now_us(call)))) {
        if (message->kind == SIM_FEEDBACK)
            read_feedback(call, message);
        else if (message->kind == SIM_REPORT)
            read_report(call, message);
        if (message->kind == SIM_FEEDBACK || message->kind == SIM_REPORT)
            continue;
        for (size_t i = 0; i < message->size; i++) {
            if (message->kind == SIM_NACK_SPEECH)
                repair_speech(call, message->numbers[i]);
            else
                repair_video(call, message->numbers[i]);
        }
    }
}

static uint32_t measured_video_bps(SimCall *call)
{
    return byte_meter_bps(&call->video_meter, call->now_us);
}

/* The picture stops, moves again, or changes its step. */
static void note_moves(SimCall *call, const SimPlan *before, bool blackout)
{
    bool moved = before->video_bps > 0 && !before->stills;
    bool moves = call->plan.video_bps > 0 && !call->plan.stills;
    call->tally.n_pauses += moved && !moves && !blackout;
    call->tally.n_returns += moves && !moved && call->has_moved;
    call->tally.n_steps += call->plan.step != before->step;
    call->has_moved = call->has_moved || moves;
    if (moves && !moved) {
        call->video_source.key_wanted = true;
        call->video_source.next_us = call->now_us;
    }
    sim_picture_expect(&call->receiver.picture, moves, sim_call_now_us(call));
}

static void make_plan(SimCall *call)
{
    SendRateView view;
    send_rate_view(call->rate, &view);
    SimPlan before = call->plan;
    SimSent sent = {
        .has_picture =
            !call->setup.no_picture && sim_call_now_us(call) >= call->setup.picture_from_us,
        .video_bps = measured_video_bps(call),
        .opus_bps = call->setup.ignores_hints ? SIM_LEFT_ALONE_OPUS_BPS : before.opus_bps,
        .key_frame_bytes = call->key_frame_bytes,
    };
    sim_planner_update(&call->planner, &view, &sent, call->now_us, &call->plan);
    call->plan.video_bps = MIN(call->plan.video_bps, call->setup.wanted_bps);
    note_moves(call, &before, view.blackout);
    packet_cache_set_budget(call->video_cache, call->plan.repair_bps / 8);
    pacer_set_target(call->pacer, view.target_bps, call->now_us);
    send_rate_set_wanted(call->rate, MIN(call->plan.wanted_bps, call->setup.wanted_bps + 60000));
    sim_tally_on_target(&call->tally, view.target_bps);
}

/* As media/relay/control.c. */
static void note_rtt(SimCall *call)
{
    int64_t rtt_us = report_rtt_us(call);
    call->rtt_us = call->rtt_us == 0 ? rtt_us : (call->rtt_us * 7 + rtt_us) / 8;
}

static void tick(SimCall *call)
{
    if (call->now_us >= call->next_tick_us) {
        call->next_tick_us = call->now_us + TICK_US;
        send_rate_tick(call->rate, call->now_us);
    }
    if (call->now_us >= call->next_plan_us) {
        call->next_plan_us = call->now_us + PLAN_US;
        make_plan(call);
    }
    if (call->now_us >= call->next_rtcp_us) {
        call->next_rtcp_us = call->now_us + RTCP_US;
        note_rtt(call);
        send_rate_on_other(call->rate, RTCP_BYTES, call->now_us);
        pacer_charge(call->pacer, RTCP_BYTES, call->now_us);
        int64_t arrival_us = 0;
        call->tally.bytes += RTCP_BYTES;
        if (sim_link_send(&call->down, RTCP_BYTES, sim_call_now_us(call), &arrival_us) ==
            SIM_ARRIVES) {
            call->tally.arrived_bytes += RTCP_BYTES;
            sim_receiver_asked(&call->receiver, sim_call_now_us(call), arrival_us);
        }
    }
    SendProbe probe;
    if (send_rate_probe(call->rate, call->now_us, &probe))
        pacer_start_probe(call->pacer, probe.rate_bps, probe.n_bytes, call->now_us);
}

void sim_call_run(SimCall *call, int64_t until_us)
{
    while (sim_call_now_us(call) < until_us) {
        call->now_us += MS;
        if (call->setup.lie != SIM_TRUTH && sim_call_now_us(call) == call->setup.lie_until_us)
            call->receiver.lie = SIM_TRUTH;
        call->tally.link_bits += sim_link_rate_bps(&call->down, sim_call_now_us(call)) / 1000;
        receive(call);
        sim_receiver_tick(&call->receiver, report_rtt_us(call), sim_call_now_us(call));
        listen(call);
        tick(call);
        sim_call_speak(call);
        sim_call_film(call);
        sim_call_pace(call);
    }
}

void sim_call_measure(SimCall *call, SimFigures *ret_figures)
{
    const SimTally *tally = &call->tally;
    SimReceiver *receiver = &call->receiver;
    SimEar *ear = &receiver->ear;
    SimPicture *picture = &receiver->picture;
    double seconds = (double)(sim_call_now_us(call) - tally->from_us) / 1e6;
    *ret_figures = (SimFigures){
        .seconds = seconds,
        .sent_bps = (uint32_t)((double)tally->bytes * 8 / seconds),
        .target_bps = (uint32_t)(tally->target_sum / MAX(tally->n_views, 1)),
        .target = sim_tally_spread(tally),
        .use = (double)tally->arrived_bytes * 8 / (double)MAX(tally->link_bits, 1),
        .own_loss = (double)tally->n_dropped / (double)MAX(tally->n_packets, 1),
        .concealed = ear->sum_concealed_ms / MAX(ear->sum_ms, 1),
        .gap_us = (int64_t)(ear->longest_concealed_ms * MS),
        .apart_us = ear->longest_gap_us,
        .buffer_us = (int64_t)(ear->sum_buffer_ms * MS / (double)MAX(ear->n_buffer, 1)),
        .queue_p50_us = sim_tally_queue_us(tally, 0.5),
        .queue_p95_us = sim_tally_queue_us(tally, 0.95),
        .fps = (double)picture->n_shown / seconds,
        .n_freezes = picture->n_freezes,
        .longest_freeze_us = picture->longest_us,
        .n_pauses = tally->n_pauses,
        .n_returns = tally->n_returns,
        .n_steps = tally->n_steps,
        .padding = (double)tally->padding_bytes / (double)MAX(tally->bytes, 1),
        .feedback = (double)receiver->feedback_bytes * 8 / (double)MAX(tally->link_bits, 1),
    };
    sim_tally_begin(&call->tally, sim_call_now_us(call));
    ear->sum_ms = ear->sum_concealed_ms = ear->longest_concealed_ms = ear->sum_buffer_ms = 0;
    ear->longest_gap_us = ear->n_buffer = 0;
    picture->n_shown = picture->n_freezes = 0;
    picture->longest_us = 0;
    receiver->feedback_bytes = 0;
}

const SendRate *sim_call_rate(const SimCall *call)
{
    return call->rate;
}

unsigned sim_call_step(const SimCall *call)
{
    return call->plan.step;
}

uint32_t sim_call_link_bps(const SimCall *call)
{
    return sim_link_rate_bps(&call->down, sim_call_now_us(call));
}

int64_t sim_call_heard_us(const SimCall *call)
{
    return call->receiver.ear.came_us;
}

int64_t sim_call_seen_us(const SimCall *call)
{
    return call->receiver.picture.shown_us;
}
