// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_call.h"

#include "media/rate/byte_meter.h"
#include "media/rate/pacer.h"
#include "media/rate/twcc_receiver.h"
#include "tests/sim/sim_plan.h"

enum {
    MS = 1000,
    FLIGHT = 2048, /* packets on the way; powers of two */
    MESSAGES = 64,
    PACKETS = 4096, /* of the picture, kept for repair */
    MESSAGE_BYTES = 1200,
    OVERHEAD = 64,               /* IP, UDP, RTP, extensions, tag */
    PAYLOAD = 1130,              /* of a video packet */
    RTCP_OVERHEAD = 44,          /* IP, UDP, SRTCP index and tag */
    EPOCH_US = 1000 * 1000 * MS, /* ours at the beginning of the call */
    TICK_US = 25 * MS,
    PLAN_US = 50 * MS,
    RTCP_US = 1000 * MS, /* sender report and STUN */
    RTCP_BYTES = 160,
    KEY_REQUEST_US = 1000 * MS, /* of a picture that stands still */
    REPAIR_TRIES = 6,
    QUEUE_BINS = 400, /* of 5 ms */
    QUEUE_BIN_US = 5 * MS,
    SETTLE_US = 3000 * MS, /* of speech, until no copy can come */
    NACKS = 256,
    NACK_BYTES = 60,
};

typedef struct {
    int64_t arrival_us;
    SendKind kind;
    uint16_t sequence;
    uint16_t wire_bytes;
    int64_t number; /* of speech, or the index of a video packet */
    unsigned distance;
} Flight;

typedef struct {
    int64_t arrival_us;
    size_t size;
    uint8_t data[MESSAGE_BYTES];
} Message;

typedef struct {
    int64_t arrival_us;
    uint16_t sequence;
} Nack;

typedef struct {
    int64_t frame;
    uint16_t sequence; /* transport number of the last sending */
    uint16_t wire_bytes;
    uint8_t tries;
    bool arrived;
} VideoPacket;

typedef struct {
    int64_t from_us;
    uint64_t bytes, arrived_bytes, padding_bytes, feedback_bytes;
    uint64_t link_bits;
    uint64_t n_packets, n_dropped;
    uint64_t target_sum, n_views;
    uint32_t target_low, target_high;
    uint32_t queue[QUEUE_BINS];
    int64_t n_pauses;
} Tally;

struct SimCall {
    SimSetup setup;
    int64_t now_us;
    SendRate *rate;
    Pacer *pacer;
    TwccReceiver *receiver;
    SimLink down, up;
    SimPlan plan;
    SimPlanner planner;
    ByteMeter video_meter;
    SimSpeechSource speech_source;
    SimVideoSource video_source;
    SimPicture picture;
    SimSpeech speech;
    int64_t spoken_us[SIM_SPEECH];
    int64_t settled;
    uint16_t next_sequence;
    int64_t packet_of[65536]; /* transport number -> video packet, 0: another kind */
    VideoPacket packets[PACKETS];
    int64_t n_packets;
    Flight flight[FLIGHT];
    unsigned flight_head, n_flight;
    Message messages[MESSAGES];
    unsigned message_head, n_messages;
    Nack nacks[NACKS];
    unsigned nack_head, n_nacks;
    uint16_t newest_received;
    int64_t next_tick_us, next_plan_us, next_rtcp_us, next_feedback_us;
    int64_t key_asked_us;
    double repair_bytes;     /* what repairs may take now */
    uint64_t received_bytes; /* since the last feedback */
    int64_t received_from_us;
    int64_t clock_us; /* the receiver's, ahead of ours */
    uint64_t random;
    Tally tally;
};

SimCall *sim_call_new(const SimSetup *setup)
{
    SimCall *call = g_new0(SimCall, 1);
    call->setup = *setup;
    call->now_us = EPOCH_US;
    call->random = setup->seed + 77;
    call->rate = send_rate_new(setup->start_bps, call->now_us);
    call->pacer = g_new0(Pacer, 1);
    pacer_init(call->pacer, SEND_RATE_START_BPS, call->now_us);
    call->receiver = twcc_receiver_new();
    sim_link_init(&call->down, &setup->down, setup->seed * 3 + 1);
    sim_link_init(&call->up, &setup->up, setup->seed * 3 + 2);
    call->video_source.random = setup->seed * 3 + 3;
    call->video_source.key_wanted = true;
    call->clock_us = INT64_C(77) * EPOCH_US;
    if (call->setup.wanted_bps == 0)
        call->setup.wanted_bps = 1500 * 1000;
    if (call->setup.picture_from_us == 0)
        call->setup.picture_from_us = 1000 * MS;
    call->next_sequence = 1;
    sim_planner_init(&call->planner, !setup->no_red, call->now_us);
    call->tally.target_low = UINT32_MAX;
    return call;
}

void sim_call_free(SimCall *call)
{
    if (!call)
        return;
    send_rate_free(call->rate);
    g_free(call->pacer);
    twcc_receiver_free(call->receiver);
    g_free(call);
}

/* Links and sources count from the beginning of the call. */
static int64_t since_start(const SimCall *call)
{
    return call->now_us - EPOCH_US;
}

static void transmit(SimCall *call, SendKind kind, size_t wire_bytes, int64_t number,
                     unsigned distance)
{
    uint16_t sequence = call->next_sequence++;
    call->packet_of[sequence] = kind == SEND_VIDEO || kind == SEND_RTX ? number : 0;
    send_rate_on_sent(call->rate, sequence, wire_bytes, kind, call->now_us);
    int64_t queue_us = sim_link_queue_us(&call->down, since_start(call));
    call->tally.queue[MIN(queue_us / QUEUE_BIN_US, QUEUE_BINS - 1)]++;
    call->tally.bytes += wire_bytes;
    call->tally.n_packets++;
    if (kind == SEND_PADDING)
        call->tally.padding_bytes += wire_bytes;
    int64_t arrival_us = 0;
    SimFate fate = sim_link_send(&call->down, wire_bytes, since_start(call), &arrival_us);
    call->tally.n_dropped += fate == SIM_DROPPED;
    if (fate == SIM_DROPPED || (fate == SIM_LOST && arrival_us == 0))
        return;
    if (fate == SIM_LOST) {
        call->tally.arrived_bytes += wire_bytes; /* the link carried it */
        return;
    }
    g_assert(call->n_flight < FLIGHT);
    call->flight[(call->flight_head + call->n_flight++) % FLIGHT] = (Flight){
        .arrival_us = arrival_us + EPOCH_US,
        .kind = kind,
        .sequence = sequence,
        .wire_bytes = (uint16_t)wire_bytes,
        .number = number,
        .distance = distance,
    };
}

/* The receiver asks at once for what a gap shows as lost. */
static void ask_again(SimCall *call, uint16_t from, uint16_t until)
{
    int64_t arrival_us = 0;
    if (sim_link_send(&call->up, NACK_BYTES, since_start(call), &arrival_us) != SIM_ARRIVES)
        return;
    call->tally.feedback_bytes += NACK_BYTES;
    for (uint16_t sequence = from; sequence != until && call->n_nacks < NACKS; sequence++)
        call->nacks[(call->nack_head + call->n_nacks++) % NACKS] =
            (Nack){arrival_us + EPOCH_US, sequence};
}

static void note_gap(SimCall *call, uint16_t sequence)
{
    uint16_t next = (uint16_t)(call->newest_received + 1);
    if (sequence != next && call->newest_received != 0)
        ask_again(call, next, sequence);
    call->newest_received = sequence;
}

static void arrive(SimCall *call, const Flight *flight)
{
    note_gap(call, flight->sequence);
    twcc_receiver_on_packet(call->receiver, flight->sequence, call->now_us + call->clock_us);
    call->received_bytes += flight->wire_bytes;
    call->tally.arrived_bytes += flight->wire_bytes;
    if (flight->kind == SEND_AUDIO) {
        sim_speech_arrived(&call->speech, flight->number, flight->distance, call->now_us);
        return;
    }
    if (flight->kind == SEND_PADDING)
        return;
    VideoPacket *packet = &call->packets[flight->number % PACKETS];
    if (!packet->arrived)
        sim_picture_arrived(&call->picture, packet->frame, call->now_us);
    packet->arrived = true;
}

static void receive(SimCall *call)
{
    while (call->n_flight > 0 && call->flight[call->flight_head].arrival_us <= call->now_us) {
        arrive(call, &call->flight[call->flight_head]);
        call->flight_head = (call->flight_head + 1) % FLIGHT;
        call->n_flight--;
    }
}

static void send_feedback(SimCall *call)
{
    if (call->setup.no_feedback || call->now_us < call->next_feedback_us ||
        !twcc_receiver_pending(call->receiver))
        return;
    int64_t span_us = MAX(call->now_us - call->received_from_us, 1);
    uint64_t rate_bps = call->received_bytes * 8 * G_USEC_PER_SEC / (uint64_t)span_us;
    call->received_bytes = 0;
    call->received_from_us = call->now_us;
    call->next_feedback_us = call->now_us + twcc_interval_us(rate_bps);
    if (call->setup.random_jumps && sim_random(&call->random) < 0.02)
        call->clock_us += (int64_t)((sim_random(&call->random) - 0.5) * 60e6);
    Message message = {0};
    RtcpWriter writer = {.data = message.data, .capacity = MESSAGE_BYTES};
    while (twcc_receiver_write(call->receiver, 1, 2, &writer) == RTCP_OK)
        continue;
    message.size = writer.size;
    call->tally.feedback_bytes += writer.size + RTCP_OVERHEAD;
    int64_t arrival_us = 0;
    SimFate fate =
        sim_link_send(&call->up, writer.size + RTCP_OVERHEAD, since_start(call), &arrival_us);
    message.arrival_us = arrival_us + EPOCH_US;
    if (fate == SIM_ARRIVES && call->n_messages < MESSAGES)
        call->messages[(call->message_head + call->n_messages++) % MESSAGES] = message;
}

/* A lost packet of the picture goes out again while its frame is of use. */
static void repair(SimCall *call, uint16_t sequence)
{
    int64_t index = call->packet_of[sequence];
    VideoPacket *packet = &call->packets[index % PACKETS];
    if (index == 0 || call->n_packets - index >= PACKETS || packet->sequence != sequence ||
        packet->tries >= REPAIR_TRIES || call->repair_bytes < packet->wire_bytes)
        return;
    call->repair_bytes -= packet->wire_bytes;
    packet->tries++;
    packet->sequence = 0; /* not for the same loss again */
    PacerEntry entry = {
        .kind = PACER_RTX,
        .sequence = (uint16_t)(index % PACKETS),
        .timestamp = (uint32_t)packet->frame,
        .wire_bytes = packet->wire_bytes,
    };
    pacer_push(call->pacer, &entry, call->now_us);
}

static void read_message(SimCall *call, const Message *message)
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
            if (!statuses[i].received)
                repair(call, statuses[i].sequence);
        }
    }
}

static void receive_nacks(SimCall *call)
{
    while (call->n_nacks > 0 && call->nacks[call->nack_head].arrival_us <= call->now_us) {
        repair(call, call->nacks[call->nack_head].sequence);
        call->nack_head = (call->nack_head + 1) % NACKS;
        call->n_nacks--;
    }
}

static void receive_feedback(SimCall *call)
{
    receive_nacks(call);
    while (call->n_messages > 0 && call->messages[call->message_head].arrival_us <= call->now_us) {
        read_message(call, &call->messages[call->message_head]);
        call->message_head = (call->message_head + 1) % MESSAGES;
        call->n_messages--;
    }
}

static uint32_t measured_video_bps(SimCall *call)
{
    return byte_meter_bps(&call->video_meter, call->now_us);
}

static void make_plan(SimCall *call)
{
    SendRateView view;
    send_rate_view(call->rate, &view);
    bool picture = !call->setup.no_picture && since_start(call) >= call->setup.picture_from_us;
    bool moved = call->plan.video_bps > 0 && !call->plan.stills;
    sim_planner_update(&call->planner, &view, picture, measured_video_bps(call),
                       call->plan.opus_bps, call->now_us, &call->plan);
    call->plan.video_bps = MIN(call->plan.video_bps, call->setup.wanted_bps);
    bool moves = call->plan.video_bps > 0 && !call->plan.stills;
    if (moved && !moves && !view.blackout)
        call->tally.n_pauses++;
    if (moves && !moved) {
        call->video_source.key_wanted = true;
        call->video_source.next_us = call->now_us;
    }
    sim_picture_expect(&call->picture, moves, call->now_us);
    pacer_set_target(call->pacer, view.target_bps, call->now_us);
    send_rate_set_wanted(call->rate, MIN(call->plan.wanted_bps, call->setup.wanted_bps + 60000));
    call->tally.target_sum += view.target_bps;
    call->tally.n_views++;
    call->tally.target_low = MIN(call->tally.target_low, view.target_bps);
    call->tally.target_high = MAX(call->tally.target_high, view.target_bps);
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
        send_rate_on_other(call->rate, RTCP_BYTES, call->now_us);
        pacer_charge(call->pacer, RTCP_BYTES, call->now_us);
        int64_t arrival_us = 0;
        call->tally.bytes += RTCP_BYTES;
        if (sim_link_send(&call->down, RTCP_BYTES, since_start(call), &arrival_us) == SIM_ARRIVES)
            call->tally.arrived_bytes += RTCP_BYTES;
    }
    SendProbe probe;
    if (send_rate_probe(call->rate, call->now_us, &probe))
        pacer_start_probe(call->pacer, probe.rate_bps, probe.n_bytes, call->now_us);
}

static void speak(SimCall *call)
{
    size_t bytes = 0;
    if (!sim_speech_source_next(&call->speech_source, &call->plan, call->now_us, &bytes))
        return;
    int64_t number = call->speech_source.number;
    call->spoken_us[number % SIM_SPEECH] = call->now_us;
    while (call->settled < number &&
           call->now_us - call->spoken_us[(call->settled + 1) % SIM_SPEECH] > SETTLE_US)
        sim_speech_settle(&call->speech, ++call->settled);
    transmit(call, SEND_AUDIO, bytes + OVERHEAD, number, call->plan.distance);
    pacer_charge(call->pacer, bytes + OVERHEAD, call->now_us);
}

static void film(SimCall *call)
{
    SimVideoFrame frame;
    bool stuck = call->picture.expected && call->now_us - call->picture.shown_us > KEY_REQUEST_US;
    if ((stuck || pacer_key_frames_wanted(call->pacer)) &&
        call->now_us - call->key_asked_us > KEY_REQUEST_US) {
        call->key_asked_us = call->now_us;
        call->video_source.key_wanted = true;
    }
    if (!sim_video_source_next(&call->video_source, &call->plan, call->now_us, &frame))
        return;
    if (sim_random(&call->random) < call->setup.publisher_loss)
        return; /* never got to the relay, and has no number of ours */
    byte_meter_add(&call->video_meter, frame.bytes, call->now_us);
    unsigned n = (unsigned)((frame.bytes + PAYLOAD - 1) / PAYLOAD);
    unsigned pushed = 0;
    for (unsigned i = 0; i < n; i++) {
        size_t bytes = frame.bytes / n + OVERHEAD;
        int64_t index = ++call->n_packets;
        call->packets[index % PACKETS] = (VideoPacket){
            .frame = call->video_source.number,
            .wire_bytes = (uint16_t)bytes,
        };
        PacerEntry entry = {
            .kind = PACER_VIDEO,
            .timestamp = (uint32_t)call->video_source.number,
            .sequence = (uint16_t)(index % PACKETS),
            .wire_bytes = (uint16_t)bytes,
            .starts_key_frame = frame.key && i == 0,
        };
        pushed += pacer_push(call->pacer, &entry, call->now_us);
    }
    if (pushed == n)
        sim_picture_sent(&call->picture, call->video_source.number, frame.key, n, frame.interval_us,
                         call->now_us);
}

static void pace(SimCall *call)
{
    PacerEntry entry;
    while (pacer_next(call->pacer, call->now_us, &entry)) {
        if (entry.kind == PACER_PADDING) {
            transmit(call, SEND_PADDING, entry.wire_bytes, 0, 0);
            pacer_on_padding(call->pacer, entry.wire_bytes, call->now_us);
            continue;
        }
        /* The ring's index of the newest packet with this place. */
        int64_t index = call->n_packets - (call->n_packets - entry.sequence) % PACKETS;
        call->packets[index % PACKETS].sequence = call->next_sequence;
        transmit(call, entry.kind == PACER_RTX ? SEND_RTX : SEND_VIDEO, entry.wire_bytes, index, 0);
    }
}

void sim_call_run(SimCall *call, int64_t until_us)
{
    while (since_start(call) < until_us) {
        call->now_us += MS;
        call->repair_bytes = MIN(call->repair_bytes + call->plan.repair_bps / 8e3,
                                 MAX(call->plan.repair_bps / 8.0, 2400));
        call->tally.link_bits += sim_link_rate_bps(&call->down, since_start(call)) / 1000;
        receive(call);
        send_feedback(call);
        receive_feedback(call);
        tick(call);
        speak(call);
        film(call);
        pace(call);
    }
}

static int64_t queue_share(const Tally *tally, double share)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < QUEUE_BINS; i++) {
        sum += tally->queue[i];
        if ((double)sum >= share * (double)tally->n_packets)
            return (int64_t)i * QUEUE_BIN_US;
    }
    return INT64_MAX;
}

void sim_call_measure(SimCall *call, SimFigures *ret_figures)
{
    const Tally *tally = &call->tally;
    double seconds = (double)(since_start(call) - tally->from_us) / 1e6;
    *ret_figures = (SimFigures){
        .seconds = seconds,
        .sent_bps = (uint32_t)((double)tally->bytes * 8 / seconds),
        .target_bps = (uint32_t)(tally->target_sum / MAX(tally->n_views, 1)),
        .target_low_bps = tally->target_low,
        .target_high_bps = tally->target_high,
        .use = (double)tally->arrived_bytes * 8 / (double)MAX(tally->link_bits, 1),
        .own_loss = (double)tally->n_dropped / (double)MAX(tally->n_packets, 1),
        .concealed = (double)call->speech.n_lost / (double)MAX(call->speech.n_packets, 1),
        .gap_us = call->speech.longest_gap_us,
        .queue_p50_us = queue_share(tally, 0.5),
        .queue_p95_us = queue_share(tally, 0.95),
        .fps = (double)call->picture.n_shown / seconds,
        .n_freezes = call->picture.n_freezes,
        .longest_freeze_us = call->picture.longest_us,
        .n_pauses = tally->n_pauses,
        .padding = (double)tally->padding_bytes / (double)MAX(tally->bytes, 1),
        .feedback = (double)tally->feedback_bytes * 8 / (double)MAX(tally->link_bits, 1),
    };
    call->tally = (Tally){.from_us = since_start(call), .target_low = UINT32_MAX};
    call->speech.n_lost = call->speech.n_packets = 0;
    call->speech.longest_gap_us = 0;
    call->picture.n_shown = call->picture.n_freezes = 0;
    call->picture.longest_us = 0;
}

const SendRate *sim_call_rate(const SimCall *call)
{
    return call->rate;
}

int64_t sim_call_now_us(const SimCall *call)
{
    return since_start(call);
}

uint32_t sim_call_link_bps(const SimCall *call)
{
    return sim_link_rate_bps(&call->down, since_start(call));
}

int64_t sim_call_heard_us(const SimCall *call)
{
    return call->speech.at_us - EPOCH_US;
}

int64_t sim_call_seen_us(const SimCall *call)
{
    return call->picture.shown_us - EPOCH_US;
}
