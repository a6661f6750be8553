// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_call.h"

#include "media/rate/byte_meter.h"
#include "media/rate/pacer.h"
#include "media/repair/packet_cache.h"
#include "tests/sim/sim_plan.h"
#include "tests/sim/sim_receiver.h"

enum {
    MS = 1000,
    FLIGHT = 2048, /* packets on the way; powers of two */
    SENT = 1024,
    PACKETS = 4096,                /* of the picture */
    OVERHEAD = 64,                 /* IP, UDP, RTP, extensions, tag */
    PAYLOAD = 1130,                /* of a video packet */
    PADDING_MOST = OVERHEAD + 255, /* media/relay/transmit.c */
    SPEECH_MOST = 1500,
    EPOCH_US = 1000 * 1000 * MS, /* ours at the beginning of the call */
    TICK_US = 25 * MS,
    PLAN_US = 50 * MS,
    RTCP_US = 1000 * MS, /* sender report and STUN */
    RTCP_BYTES = 160,
    /* libwebrtc asks for a key frame when it could decode nothing for 3 s. */
    STUCK_US = 3000 * MS,
    KEY_REQUEST_US = 1000 * MS,   /* between two */
    NACK_RTT_LIMIT_US = 250 * MS, /* media/relay/slot_audio.c */
    /* A browser left alone with a camera of 640x360. */
    LEFT_ALONE_VIDEO_BPS = 800 * 1000,
    LEFT_ALONE_FPS = 25,
    LEFT_ALONE_OPUS_BPS = 32 * 1000,
};

typedef struct {
    int64_t frame;
    int64_t number; /* RTP's, given when it leaves; 0: it has not */
    uint16_t wire_bytes;
    uint16_t n_holes; /* numbers before it that the publisher lost */
} VideoPacket;

/** Of speech, for repairs: its transport number stays, as the ciphertext does. */
typedef struct {
    uint16_t sequence;
    uint16_t wire_bytes;
    uint8_t copies;
} SpeechPacket;

/** Transport number -> RTP's. */
typedef struct {
    uint16_t sequence;
    int64_t number; /* 0: no packet of the picture */
} SentVideo;

struct SimCall {
    SimSetup setup;
    int64_t now_us;
    SendRate *rate;
    Pacer *pacer;
    PacketCache *video_cache, *speech_cache;
    SimLink down;
    SimReceiver receiver;
    SimPlan plan;
    SimPlanner planner;
    ByteMeter video_meter;
    SimSpeechSource speech_source;
    SimVideoSource video_source;
    SpeechPacket speech[SIM_SPEECH];
    uint16_t next_sequence;
    SentVideo sent[SENT];
    VideoPacket packets[PACKETS];
    int64_t n_packets;
    int64_t left[PACKETS]; /* RTP's number -> index */
    int64_t n_left;
    unsigned n_holes; /* since the last packet of the picture that came to the relay */
    uint32_t key_frame_bytes;
    bool has_moved; /* the picture, once */
    bool is_broken; /* the publisher lost a frame that others refer to */
    SimFlight flight[FLIGHT];
    unsigned flight_head, n_flight;
    int64_t next_tick_us, next_plan_us, next_rtcp_us;
    int64_t key_asked_us;
    int64_t rtt_us;
    uint64_t random, publisher_random;
    SimTally tally;
};

SimCall *sim_call_new(const SimSetup *setup)
{
    SimCall *call = g_new0(SimCall, 1);
    call->setup = *setup;
    call->now_us = EPOCH_US;
    call->random = setup->seed + 77;
    call->publisher_random = setup->seed + 78;
    call->rate = send_rate_new(setup->start_bps, call->now_us);
    call->pacer = g_new0(Pacer, 1);
    pacer_init(call->pacer, SEND_RATE_START_BPS, call->now_us);
    call->video_cache = packet_cache_new(&PACKET_CACHE_VIDEO);
    call->speech_cache = packet_cache_new(&PACKET_CACHE_AUDIO);
    sim_link_init(&call->down, &setup->down, setup->seed * 3 + 1);
    sim_receiver_init(&call->receiver, &setup->up, setup->seed * 3 + 2);
    call->receiver.no_feedback = setup->no_feedback || setup->no_numbers;
    call->receiver.no_reports = setup->no_reports;
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

/* Links and sources count from the beginning of the call. */
static int64_t since_start(const SimCall *call)
{
    return call->now_us - EPOCH_US;
}

static SimFlight *flight_at(SimCall *call, unsigned index)
{
    return &call->flight[(call->flight_head + index) % FLIGHT];
}

/* In the order of arrival. */
static void fly(SimCall *call, const SimFlight *packet)
{
    g_assert(call->n_flight < FLIGHT);
    unsigned at = call->n_flight++;
    for (; at > 0 && flight_at(call, at - 1)->arrival_us > packet->arrival_us; at--)
        *flight_at(call, at) = *flight_at(call, at - 1);
    *flight_at(call, at) = *packet;
}

/* As media/relay/transmit.c. */
static void note_sent(SimCall *call, const SimFlight *packet)
{
    if (call->setup.no_numbers)
        send_rate_on_other(call->rate, packet->wire_bytes, call->now_us);
    else
        send_rate_on_sent(call->rate, packet->sequence, packet->wire_bytes, packet->kind,
                          call->now_us);
}

/* What becomes of padding beyond the link. */
static SimFate pad(SimCall *call, SimFate fate, int64_t *arrival_us)
{
    const SimSetup *setup = &call->setup;
    if (fate != SIM_ARRIVES || since_start(call) < setup->padding_from_us)
        return fate;
    *arrival_us += setup->padding_late_us;
    return sim_random(&call->random) < setup->padding_loss ? SIM_LOST : SIM_ARRIVES;
}

/* PACKET goes into the link, under its transport number. */
static void transmit(SimCall *call, SimFlight packet)
{
    note_sent(call, &packet);
    packet.sent_us = since_start(call);
    sim_tally_on_queue(&call->tally, sim_link_queue_us(&call->down, since_start(call)));
    call->tally.bytes += packet.wire_bytes;
    int64_t arrival_us = 0;
    SimFate fate = sim_link_send(&call->down, packet.wire_bytes, since_start(call), &arrival_us);
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

static void transmit_speech(SimCall *call, int64_t number)
{
    const SpeechPacket *packet = &call->speech[number % SIM_SPEECH];
    transmit(call, (SimFlight){.kind = SEND_AUDIO,
                               .sequence = packet->sequence,
                               .wire_bytes = packet->wire_bytes,
                               .number = number,
                               .copies = packet->copies});
    pacer_charge(call->pacer, packet->wire_bytes, call->now_us);
}

static void transmit_video(SimCall *call, SendKind kind, int64_t index, size_t wire_bytes)
{
    const VideoPacket *packet = &call->packets[index % PACKETS];
    call->sent[call->next_sequence % SENT] = (SentVideo){call->next_sequence, packet->number};
    transmit(call, (SimFlight){.kind = kind,
                               .sequence = call->next_sequence++,
                               .wire_bytes = (uint16_t)wire_bytes,
                               .number = packet->number,
                               .frame = packet->frame});
}

static void receive(SimCall *call)
{
    while (call->n_flight > 0 && call->flight[call->flight_head].arrival_us <= since_start(call)) {
        const SimFlight *flight = &call->flight[call->flight_head];
        call->tally.arrived_bytes += flight->wire_bytes;
        sim_receiver_arrived(&call->receiver, flight, since_start(call));
        call->flight_head = (call->flight_head + 1) % FLIGHT;
        call->n_flight--;
    }
}

/* As media/relay/slot_video.c. */
static void repair_video(SimCall *call, int64_t number)
{
    int64_t index = call->left[number % PACKETS];
    const uint8_t *data;
    size_t size;
    if (index == 0) /* a hole: we never had it */
        return;
    if (packet_cache_resend(call->video_cache, (uint16_t)number, call->now_us, call->rtt_us, &data,
                            &size) != PACKET_CACHE_OK)
        return;
    PacerEntry entry = {
        .kind = PACER_RTX,
        .sequence = (uint16_t)(index % PACKETS),
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
        transmit_speech(call, number);
}

/* What a report shows now. */
static int64_t report_rtt_us(const SimCall *call)
{
    const SimSetup *setup = &call->setup;
    return setup->down.delay_us + setup->up.delay_us +
           (setup->down.jitter_us + setup->up.jitter_us) / 2 +
           sim_link_queue_us(&call->down, since_start(call));
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
            const SentVideo *sent = &call->sent[statuses[i].sequence % SENT];
            if (!statuses[i].received && sent->number != 0 &&
                sent->sequence == statuses[i].sequence)
                repair_video(call, sent->number);
        }
    }
}

/* As media/relay/control.c. */
static void read_report(SimCall *call, const SimMessage *message)
{
    for (size_t i = 0; i < message->size; i++)
        send_rate_on_report(call->rate, message->blocks[i].fraction_lost, report_rtt_us(call),
                            call->now_us);
}

static void listen(SimCall *call)
{
    const SimMessage *message;
    while ((message = sim_receiver_told(&call->receiver, since_start(call)))) {
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
    sim_picture_expect(&call->receiver.picture, moves, since_start(call));
}

static void make_plan(SimCall *call)
{
    SendRateView view;
    send_rate_view(call->rate, &view);
    SimPlan before = call->plan;
    SimSent sent = {
        .has_picture = !call->setup.no_picture && since_start(call) >= call->setup.picture_from_us,
        .video_bps = measured_video_bps(call),
        .opus_bps = call->setup.ignores_hints ? LEFT_ALONE_OPUS_BPS : before.opus_bps,
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
        if (sim_link_send(&call->down, RTCP_BYTES, since_start(call), &arrival_us) == SIM_ARRIVES)
            call->tally.arrived_bytes += RTCP_BYTES;
    }
    SendProbe probe;
    if (send_rate_probe(call->rate, call->now_us, &probe))
        pacer_start_probe(call->pacer, probe.rate_bps, probe.n_bytes, call->now_us);
}

/* What is stored for repairs: the sizes matter. */
static const uint8_t nothing[SPEECH_MOST];

static void speak(SimCall *call)
{
    size_t bytes = 0;
    SimPlan plan = call->plan;
    if (call->setup.ignores_hints)
        plan.opus_bps = LEFT_ALONE_OPUS_BPS;
    if (!sim_speech_source_next(&call->speech_source, &plan, call->now_us, &bytes))
        return;
    int64_t number = call->speech_source.number;
    call->speech[number % SIM_SPEECH] = (SpeechPacket){
        .wire_bytes = (uint16_t)(bytes + OVERHEAD),
        .copies = (uint8_t)call->plan.distance,
    };
    sim_ear_sent(&call->receiver.ear, number, call->plan.packet_ms, since_start(call));
    if (sim_random(&call->publisher_random) < call->setup.publisher_loss) {
        sim_ear_gone(&call->receiver.ear, number); /* the hole stays (media/repair/audio_out.c) */
        return;
    }
    packet_cache_store(call->speech_cache, (uint16_t)number, nothing, bytes + OVERHEAD,
                       call->now_us);
    call->speech[number % SIM_SPEECH].sequence = call->next_sequence++;
    transmit_speech(call, number);
}

static void want_key_frame(SimCall *call)
{
    const SimPicture *picture = &call->receiver.picture;
    bool stuck = picture->expected && since_start(call) - picture->shown_us > STUCK_US;
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
        call->packets[index % PACKETS] = (VideoPacket){
            .frame = call->video_source.number,
            .wire_bytes = (uint16_t)bytes,
            .n_holes = (uint16_t)call->n_holes,
        };
        call->n_holes = 0;
        PacerEntry entry = {
            .kind = PACER_VIDEO,
            .timestamp = (uint32_t)call->video_source.number,
            .sequence = (uint16_t)(index % PACKETS),
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
    plan.video_bps = since_start(call) < call->setup.picture_from_us ? 0 : LEFT_ALONE_VIDEO_BPS;
    return plan;
}

/* As media/relay/slot_video.c. */
static bool is_let_through(const SimCall *call, const SimVideoFrame *frame)
{
    const SimPlan *plan = &call->plan;
    return plan->video_bps > 0 && (!plan->stills || frame->key) &&
           frame->temporal_id <= plan->max_temporal_id;
}

static void film(SimCall *call)
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
        .taken_us = since_start(call),
    };
    sim_picture_sent(&call->receiver.picture, &sent);
}

static void pace(SimCall *call)
{
    PacerEntry entry;
    while (pacer_next(call->pacer, call->now_us, &entry)) {
        if (entry.kind == PACER_PADDING) {
            entry.wire_bytes = MIN(entry.wire_bytes, PADDING_MOST);
            transmit(call, (SimFlight){.kind = SEND_PADDING,
                                       .sequence = call->next_sequence++,
                                       .wire_bytes = entry.wire_bytes});
            pacer_on_padding(call->pacer, entry.wire_bytes, call->now_us);
            continue;
        }
        /* The ring's index of the newest packet with this place. */
        int64_t index = call->n_packets - (call->n_packets - entry.sequence) % PACKETS;
        VideoPacket *packet = &call->packets[index % PACKETS];
        if (entry.kind == PACER_VIDEO) {
            for (unsigned i = 0; i < packet->n_holes; i++)
                call->left[++call->n_left % PACKETS] = 0;
            packet->number = ++call->n_left;
            call->left[packet->number % PACKETS] = index;
            packet_cache_store(call->video_cache, (uint16_t)packet->number, nothing,
                               packet->wire_bytes, call->now_us);
        }
        transmit_video(call, entry.kind == PACER_RTX ? SEND_RTX : SEND_VIDEO, index,
                       entry.wire_bytes);
    }
}

void sim_call_run(SimCall *call, int64_t until_us)
{
    while (since_start(call) < until_us) {
        call->now_us += MS;
        if (call->setup.lie != SIM_TRUTH && since_start(call) == call->setup.lie_until_us)
            call->receiver.lie = SIM_TRUTH;
        call->tally.link_bits += sim_link_rate_bps(&call->down, since_start(call)) / 1000;
        receive(call);
        sim_receiver_tick(&call->receiver, report_rtt_us(call), since_start(call));
        listen(call);
        tick(call);
        speak(call);
        film(call);
        pace(call);
    }
}

void sim_call_measure(SimCall *call, SimFigures *ret_figures)
{
    const SimTally *tally = &call->tally;
    SimReceiver *receiver = &call->receiver;
    SimEar *ear = &receiver->ear;
    SimPicture *picture = &receiver->picture;
    double seconds = (double)(since_start(call) - tally->from_us) / 1e6;
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
    sim_tally_begin(&call->tally, since_start(call));
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

int64_t sim_call_now_us(const SimCall *call)
{
    return since_start(call);
}

unsigned sim_call_step(const SimCall *call)
{
    return call->plan.step;
}

uint32_t sim_call_link_bps(const SimCall *call)
{
    return sim_link_rate_bps(&call->down, since_start(call));
}

int64_t sim_call_heard_us(const SimCall *call)
{
    return call->receiver.ear.came_us;
}

int64_t sim_call_seen_us(const SimCall *call)
{
    return call->receiver.picture.shown_us;
}
