// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_receiver.h"

#include <string.h>

enum {
    MS = 1000,
    RTCP_OVERHEAD = 44, /* IP, UDP, SRTCP index and tag */
    NACK_BYTES = 60,    /* RFC 4585, 6.2.1, one or two items */
    REPORT_BYTES = RTCP_OVERHEAD + 8 + 2 * 24,
    REPORT_US = 1000 * MS, /* libwebrtc's for pictures */
    SPEECH_CLOCK = 48000,
    PICTURE_CLOCK = 90000,
    LIED_APART = 20,
    LIED_AHEAD = 200,
};

void sim_receiver_init(SimReceiver *receiver, const SimLinkProfile *up, uint64_t seed)
{
    *receiver = (SimReceiver){.random = seed + 5, .clock_us = INT64_C(77) * 1000 * 1000 * MS};
    receiver->twcc = twcc_receiver_new();
    sim_link_init(&receiver->up, up, seed);
    sim_link_init(&receiver->reports_up, up, seed + 6);
    rtp_stats_init(&receiver->speech_stats, SPEECH_CLOCK);
    rtp_stats_init(&receiver->picture_stats, PICTURE_CLOCK);
}

void sim_receiver_clear(SimReceiver *receiver)
{
    twcc_receiver_free(receiver->twcc);
}

/* Notes FLIGHT for the feedback, or something else. */
static void note_arrival(SimReceiver *receiver, const SimFlight *flight, int64_t now_us)
{
    int64_t at_us = now_us + receiver->clock_us;
    uint16_t sequence = flight->sequence;
    switch (receiver->lie) {
    case SIM_LIE_ALL_CAME:
        at_us = flight->sent_us + receiver->clock_us;
        for (uint16_t i = (uint16_t)(receiver->newest_told + 1);
             (uint16_t)(sequence - i) < LIED_AHEAD && i != sequence; i++)
            twcc_receiver_on_packet(receiver->twcc, i, at_us);
        break;
    case SIM_LIE_NOTHING_CAME:
        if (sequence % LIED_APART != 0)
            return;
        break;
    case SIM_LIE_FUTURE:
        if (sequence % LIED_APART == 0)
            twcc_receiver_on_packet(receiver->twcc, (uint16_t)(sequence + LIED_AHEAD), at_us);
        break;
    case SIM_LIE_ANY_TIME:
        at_us += (int64_t)(sim_random(&receiver->random) * 1e6);
        break;
    case SIM_TRUTH:
    case SIM_LIE_JUMPS:
    case SIM_LIES:
        break;
    }
    receiver->newest_told = sequence;
    twcc_receiver_on_packet(receiver->twcc, sequence, at_us);
}

void sim_receiver_arrived(SimReceiver *receiver, const SimFlight *flight, int64_t now_us)
{
    note_arrival(receiver, flight, now_us);
    receiver->received_bytes += flight->wire_bytes;
    switch (flight->kind) {
    case SEND_AUDIO:
        rtp_stats_on_packet(&receiver->speech_stats, (uint16_t)flight->number, 0, now_us);
        sim_ear_arrived(&receiver->ear, flight->number, flight->copies, now_us);
        break;
    case SEND_VIDEO:
        rtp_stats_on_packet(&receiver->picture_stats, (uint16_t)flight->number, 0, now_us);
        G_GNUC_FALLTHROUGH;
    case SEND_RTX: {
        bool is_new = flight->number > receiver->picture_asker.newest;
        bool missing = sim_asker_arrived(&receiver->picture_asker, flight->number);
        if (is_new || missing)
            sim_picture_arrived(&receiver->picture, flight->frame, missing, now_us);
        break;
    }
    case SEND_PADDING:
        break;
    }
}

static SimMessage *message_at(SimReceiver *receiver, unsigned index)
{
    return &receiver->messages[(receiver->message_head + index) % SIM_MESSAGES];
}

/* A message goes out; it may be lost, or too many are on their way. */
static void post(SimReceiver *receiver, const SimMessage *message, size_t wire_bytes,
                 int64_t now_us)
{
    int64_t arrival_us = 0;
    bool is_report = message->kind == SIM_REPORT;
    if (!is_report)
        receiver->feedback_bytes += wire_bytes;
    if (sim_link_send(is_report ? &receiver->reports_up : &receiver->up, wire_bytes, now_us,
                      &arrival_us) != SIM_ARRIVES ||
        receiver->n_messages == SIM_MESSAGES)
        return;
    unsigned at = receiver->n_messages++;
    for (; at > 0 && message_at(receiver, at - 1)->arrival_us > arrival_us; at--)
        *message_at(receiver, at) = *message_at(receiver, at - 1);
    *message_at(receiver, at) = *message;
    message_at(receiver, at)->arrival_us = arrival_us;
}

static void tell(SimReceiver *receiver, int64_t now_us)
{
    if (receiver->no_feedback || now_us < receiver->next_feedback_us ||
        !twcc_receiver_pending(receiver->twcc))
        return;
    int64_t span_us = MAX(now_us - receiver->received_from_us, 1);
    uint64_t rate_bps = receiver->received_bytes * 8 * G_USEC_PER_SEC / (uint64_t)span_us;
    receiver->received_bytes = 0;
    receiver->received_from_us = now_us;
    receiver->next_feedback_us = now_us + twcc_interval_us(rate_bps);
    if (receiver->lie == SIM_LIE_JUMPS && sim_random(&receiver->random) < 0.02)
        receiver->clock_us += (int64_t)((sim_random(&receiver->random) - 0.5) * 60e6);
    SimMessage message = {.kind = SIM_FEEDBACK};
    RtcpWriter writer = {.data = message.data, .capacity = SIM_MESSAGE_BYTES};
    while (twcc_receiver_write(receiver->twcc, 1, 2, &writer) == RTCP_OK)
        continue;
    message.size = writer.size;
    post(receiver, &message, writer.size + RTCP_OVERHEAD, now_us);
}

void sim_receiver_asked(SimReceiver *receiver, int64_t sent_us, int64_t arrival_us)
{
    receiver->coming_us = arrival_us;
    receiver->coming_asked_us = sent_us;
}

static void hear_sender_report(SimReceiver *receiver, int64_t now_us)
{
    if (receiver->coming_us == 0 || now_us < receiver->coming_us)
        return;
    receiver->asked_us = receiver->coming_asked_us;
    receiver->trip_us = receiver->coming_us - receiver->coming_asked_us;
    receiver->coming_us = 0;
}

static void report(SimReceiver *receiver, int64_t now_us)
{
    if (receiver->no_reports || now_us < receiver->next_report_us)
        return;
    receiver->next_report_us = now_us + REPORT_US;
    if (receiver->report_us > 0)
        receiver->next_report_us =
            now_us + (int64_t)((0.5 + sim_random(&receiver->random)) * (double)receiver->report_us);
    SimMessage message = {.kind = SIM_REPORT, .asked_us = receiver->asked_us};
    message.trip_us = receiver->trip_us;
    message.told_us = now_us;
    if (rtp_stats_report(&receiver->speech_stats, 1, now_us, &message.blocks[0]))
        message.size++;
    if (rtp_stats_report(&receiver->picture_stats, 2, now_us, &message.blocks[message.size]))
        message.size++;
    if (message.size > 0)
        post(receiver, &message, REPORT_BYTES, now_us);
}

void sim_receiver_tick(SimReceiver *receiver, int64_t rtt_us, int64_t now_us)
{
    sim_rtt_note(&receiver->rtt, rtt_us, now_us);
    rtt_us = sim_rtt_now_us(&receiver->rtt);
    SimMessage message = {.kind = SIM_NACK_SPEECH};
    message.size = sim_ear_tick(&receiver->ear, rtt_us, now_us, message.numbers);
    if (message.size > 0 && receiver->asks_speech)
        post(receiver, &message, NACK_BYTES, now_us);
    sim_picture_tick(&receiver->picture, receiver->rtt.greatest_us, now_us);
    message.kind = SIM_NACK_PICTURE;
    message.size = sim_asker_due(&receiver->picture_asker, rtt_us, now_us, message.numbers);
    if (message.size > 0)
        post(receiver, &message, NACK_BYTES, now_us);
    tell(receiver, now_us);
    hear_sender_report(receiver, now_us);
    report(receiver, now_us);
}

const SimMessage *sim_receiver_told(SimReceiver *receiver, int64_t now_us)
{
    const SimMessage *head = &receiver->messages[receiver->message_head];
    if (receiver->n_messages == 0 || head->arrival_us > now_us)
        return NULL;
    receiver->message_head = (receiver->message_head + 1) % SIM_MESSAGES;
    receiver->n_messages--;
    return head;
}
