// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_call_state.h"

enum {
    MS = 1000,
    OVERHEAD = 64,                 /* IP, UDP, RTP, extensions, tag */
    PAYLOAD = 1130,                /* of a video packet */
    PADDING_MOST = OVERHEAD + 255, /* media/relay/transmit.c */
    SPEECH_MOST = 1500,
    /* libwebrtc asks for a key frame when it could decode nothing for 3 s. */
    STUCK_US = 3000 * MS,
    KEY_REQUEST_US = 1000 * MS, /* between two */
    /* A browser left alone with a camera of 640x360. */
    LEFT_ALONE_VIDEO_BPS = 800 * 1000,
    LEFT_ALONE_FPS = 25,
};

static SimFlight *flight_at(SimCall *call, unsigned index)
{
    return &call->flight[(call->flight_head + index) % SIM_FLIGHTS];
}

/* In the order of arrival. */
static void fly(SimCall *call, const SimFlight *packet)
{
    g_assert(call->n_flight < SIM_FLIGHTS);
    unsigned at = call->n_flight++;
    for (; at > 0 && flight_at(call, at - 1)->arrival_us > packet->arrival_us; at--)
        *flight_at(call, at) = *flight_at(call, at - 1);
    *flight_at(call, at) = *packet;
}

/* As media/relay/transmit.c. */
static void note_sent(SimCall *call, const SimFlight *packet)
{
    if (packet->kind == SEND_AUDIO || packet->kind == SEND_VIDEO)
        stream_loss_on_sent(&call->losses[packet->kind == SEND_VIDEO], (uint16_t)packet->number);
    if (call->setup.no_numbers)
        send_rate_on_unnumbered(call->rate, packet->wire_bytes, call->now_us);
    else
        send_rate_on_sent(call->rate, packet->sequence, packet->wire_bytes, packet->kind,
                          call->now_us);
}

/* What becomes of padding beyond the link. */
static SimFate pad(SimCall *call, SimFate fate, int64_t *arrival_us)
{
    const SimSetup *setup = &call->setup;
    if (fate != SIM_ARRIVES || sim_call_now_us(call) < setup->padding_from_us)
        return fate;
    *arrival_us += setup->padding_late_us;
    return sim_random(&call->random) < setup->padding_loss ? SIM_LOST : SIM_ARRIVES;
}

/* PACKET goes into the link, under its transport number. */
static void transmit(SimCall *call, SimFlight packet)
{
    note_sent(call, &packet);
    packet.sent_us = sim_call_now_us(call);
    sim_tally_on_queue(&call->tally, sim_link_queue_us(&call->down, sim_call_now_us(call)));
    call->tally.bytes += packet.wire_bytes;
    int64_t arrival_us = 0;
    SimFate fate =
        sim_link_send(&call->down, packet.wire_bytes, sim_call_now_us(call), &arrival_us);
    if (packet.kind == SEND_PADDING) {
        call->tally.padding_bytes += packet.wire_bytes;
        fate = pad(call, fate, &arrival_us);
    }
    call->tally.n_dropped += fate == SIM_DROPPED;
    if (fate == SIM_DROPPED || (fate == SIM_LOST && arrival_us == 0))
        return;
    if (fate == SIM_LOST) {
        call->tally.arrived_bytes += packet.wire_bytes; /* the link carried it */
        return;
    }
    packet.arrival_us = arrival_us;
    fly(call, &packet);
}

void sim_call_transmit_speech(SimCall *call, int64_t number)
{
    const SimSpeechPacket *packet = &call->speech[number % SIM_SPEECH];
    transmit(call, (SimFlight){.kind = SEND_AUDIO,
                               .sequence = packet->sequence,
                               .wire_bytes = packet->wire_bytes,
                               .number = number,
                               .copies = packet->copies});
    pacer_charge(call->pacer, packet->wire_bytes, call->now_us);
}

static void transmit_video(SimCall *call, SendKind kind, int64_t index, size_t wire_bytes)
{
    const SimVideoPacket *packet = &call->packets[index % SIM_PACKETS];
    call->sent[call->next_sequence % SIM_SENT] =
        (SimSentVideo){call->next_sequence, packet->number};
    transmit(call, (SimFlight){.kind = kind,
                               .sequence = call->next_sequence++,
                               .wire_bytes = (uint16_t)wire_bytes,
                               .number = packet->number,
                               .frame = packet->frame});
}

/* What is stored for repairs: the sizes matter. */
static const uint8_t nothing[SPEECH_MOST];

void sim_call_speak(SimCall *call)
{
    size_t bytes = 0;
    SimPlan plan = call->plan;
    if (call->setup.ignores_hints)
        plan.opus_bps = SIM_LEFT_ALONE_OPUS_BPS;
    if (!sim_speech_source_next(&call->speech_source, &plan, call->now_us, &bytes))
        return;
    int64_t number = call->speech_source.number;
    call->speech[number % SIM_SPEECH] = (SimSpeechPacket){
        .wire_bytes = (uint16_t)(bytes + OVERHEAD),
        .copies = (uint8_t)call->plan.distance,
    };
    sim_ear_sent(&call->receiver.ear, number, call->plan.packet_ms, sim_call_now_us(call));
    if (sim_random(&call->publisher_random) < call->setup.publisher_loss) {
        sim_ear_gone(&call->receiver.ear, number); /* the hole stays (media/repair/audio_out.c) */
        return;
    }
    packet_cache_store(call->speech_cache, (uint16_t)number, nothing, bytes + OVERHEAD,
                       call->now_us);
    call->speech[number % SIM_SPEECH].sequence = call->next_sequence++;
    sim_call_transmit_speech(call, number);
}

static void want_key_frame(SimCall *call)
{
    const SimPicture *picture = &call->receiver.picture;
    bool stuck = picture->expected && sim_call_now_us(call) - picture->shown_us > STUCK_US;
    bool still_due = call->setup.ignores_hints && call->plan.stills &&
                     (double)(call->now_us - call->key_asked_us) > 1e6 / call->plan.fps;
    if (((stuck || pacer_key_frames_wanted(call->pacer) || call->is_broken) &&
         call->now_us - call->key_asked_us > KEY_REQUEST_US) ||
        still_due) {
        call->key_asked_us = call->now_us;
        call->is_broken = false;
        call->video_source.key_wanted = true;
    }
}

/* The publisher loses packet by packet: a hole in the picture's numbers (media/relay/slot_video.c
 * closes only those that we drop), and a key frame is asked for in place of a repair. */
static bool is_lost_before(SimCall *call, const SimVideoFrame *frame)
{
    if (sim_random(&call->publisher_random) >= call->setup.publisher_loss)
        return false;
    call->n_holes++;
    call->is_broken = call->is_broken || frame->temporal_id == 0;
    return true;
}

/* True: the pacer took all of it. */
static bool queue_frame(SimCall *call, const SimVideoFrame *frame, unsigned n)
{
    unsigned pushed = 0;
    for (unsigned i = 0; i < n; i++) {
        if (is_lost_before(call, frame))
            continue;
        size_t bytes = frame->bytes / n + OVERHEAD;
        int64_t index = ++call->n_packets;
        call->packets[index % SIM_PACKETS] = (SimVideoPacket){
            .frame = call->video_source.number,
            .wire_bytes = (uint16_t)bytes,
            .n_holes = (uint16_t)call->n_holes,
        };
        call->n_holes = 0;
        PacerEntry entry = {
            .kind = PACER_VIDEO,
            .timestamp = (uint32_t)call->video_source.number,
            .sequence = (uint16_t)(index % SIM_PACKETS),
            .wire_bytes = (uint16_t)bytes,
            .temporal_id = frame->temporal_id,
            .layer_sync = frame->temporal_id > 0,
            .starts_key_frame = frame->key && i == 0,
        };
        pushed += pacer_push(call->pacer, &entry, call->now_us);
    }
    return pushed == n;
}

/* What the encoder is told, or does by itself. */
static SimPlan encoder_plan(const SimCall *call)
{
    SimPlan plan = call->plan;
    if (!call->setup.ignores_hints)
        return plan;
    plan.stills = false;
    plan.fps = LEFT_ALONE_FPS;
    plan.video_bps = sim_call_now_us(call) < call->setup.picture_from_us ? 0 : LEFT_ALONE_VIDEO_BPS;
    return plan;
}

/* As media/relay/slot_video.c. */
static bool is_let_through(const SimCall *call, const SimVideoFrame *frame)
{
    const SimPlan *plan = &call->plan;
    return plan->video_bps > 0 && (!plan->stills || frame->key) &&
           frame->temporal_id <= plan->max_temporal_id;
}

void sim_call_film(SimCall *call)
{
    SimVideoFrame frame;
    want_key_frame(call);
    SimPlan plan = encoder_plan(call);
    if (!sim_video_source_next(&call->video_source, &plan, call->now_us, &frame))
        return;
    byte_meter_add(&call->video_meter, frame.bytes, call->now_us);
    if (frame.key)
        call->key_frame_bytes = (uint32_t)frame.bytes;
    unsigned n = (unsigned)((frame.bytes + PAYLOAD - 1) / PAYLOAD);
    SimFrame sent = {
        .number = call->video_source.number,
        .key = frame.key,
        .sent = is_let_through(call, &frame) && queue_frame(call, &frame, n),
        .temporal_id = frame.temporal_id,
        .n_packets = (uint16_t)n,
        .bytes = (uint32_t)frame.bytes,
        .taken_us = sim_call_now_us(call),
    };
    sim_picture_sent(&call->receiver.picture, &sent);
}

void sim_call_pace(SimCall *call)
{
    PacerEntry entry;
    while (pacer_next(call->pacer, call->now_us, &entry)) {
        if (entry.kind == PACER_PADDING && call->setup.takes_no_padding) {
            pacer_on_padding(call->pacer, 0, call->now_us);
            continue;
        }
        if (entry.kind == PACER_PADDING) {
            entry.wire_bytes = MIN(entry.wire_bytes, PADDING_MOST);
            transmit(call, (SimFlight){.kind = SEND_PADDING,
                                       .sequence = call->next_sequence++,
                                       .wire_bytes = entry.wire_bytes});
            pacer_on_padding(call->pacer, entry.wire_bytes, call->now_us);
            continue;
        }
        /* The ring's index of the newest packet with this place. */
        int64_t index = call->n_packets - (call->n_packets - entry.sequence) % SIM_PACKETS;
        SimVideoPacket *packet = &call->packets[index % SIM_PACKETS];
        if (entry.kind == PACER_VIDEO) {
            for (unsigned i = 0; i < packet->n_holes; i++)
                call->left[++call->n_left % SIM_PACKETS] = 0;
            packet->number = ++call->n_left;
            call->left[packet->number % SIM_PACKETS] = index;
            packet_cache_store(call->video_cache, (uint16_t)packet->number, nothing,
                               packet->wire_bytes, call->now_us);
        }
        transmit_video(call, entry.kind == PACER_RTX ? SEND_RTX : SEND_VIDEO, index,
                       entry.wire_bytes);
    }
}
