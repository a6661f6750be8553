// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_receiver.h"

#include <string.h>

enum {
    MS = 1000,
    RTCP_OVERHEAD = 44, /* IP, UDP, SRTCP index and tag */
    NACK_BYTES = 60,    /* RFC 4585, 6.2.1, one or two items */
};

void sim_receiver_init(SimReceiver *receiver, const SimLinkProfile *up, uint64_t seed)
{
    *receiver = (SimReceiver){.random = seed + 5, .clock_us = INT64_C(77) * 1000 * 1000 * MS};
    receiver->twcc = twcc_receiver_new();
    sim_link_init(&receiver->up, up, seed);
}

void sim_receiver_clear(SimReceiver *receiver)
{
    twcc_receiver_free(receiver->twcc);
}

void sim_receiver_arrived(SimReceiver *receiver, const SimFlight *flight, int64_t now_us)
{
    twcc_receiver_on_packet(receiver->twcc, flight->sequence, now_us + receiver->clock_us);
    receiver->received_bytes += flight->wire_bytes;
    switch (flight->kind) {
    case SEND_AUDIO:
        sim_ear_arrived(&receiver->ear, flight->number, flight->copies, now_us);
        break;
    case SEND_VIDEO:
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

/* A message goes out; false: it is lost, or too many are on their way. */
static bool post(SimReceiver *receiver, const SimMessage *message, size_t wire_bytes,
                 int64_t now_us)
{
    int64_t arrival_us = 0;
    receiver->feedback_bytes += wire_bytes;
    if (sim_link_send(&receiver->up, wire_bytes, now_us, &arrival_us) != SIM_ARRIVES ||
        receiver->n_messages == SIM_MESSAGES)
        return false;
    SimMessage *place =
        &receiver->messages[(receiver->message_head + receiver->n_messages++) % SIM_MESSAGES];
    *place = *message;
    place->arrival_us = arrival_us;
    return true;
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
    if (receiver->random_jumps && sim_random(&receiver->random) < 0.02)
        receiver->clock_us += (int64_t)((sim_random(&receiver->random) - 0.5) * 60e6);
    SimMessage message = {.kind = SIM_FEEDBACK};
    RtcpWriter writer = {.data = message.data, .capacity = SIM_MESSAGE_BYTES};
    while (twcc_receiver_write(receiver->twcc, 1, 2, &writer) == RTCP_OK)
        continue;
    message.size = writer.size;
    post(receiver, &message, writer.size + RTCP_OVERHEAD, now_us);
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
