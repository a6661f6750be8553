// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/sim_publisher.h"

#include "tests/sim/sim_publisher_state.h"

#include "media/rtp/rtcp_fb.h"

enum {
    MS = 1000,
    S = 1000 * MS,
    OVERHEAD = 64, /* IP, UDP, RTP, extensions, SRTP tag */
    IMAGE_OVERHEAD = 70,
    IMAGE_BYTES = 1130, /* libwebrtc's payload, of packets of 1200 bytes at most */
    PADDING_BYTES = 255 + OVERHEAD,
    AUDIO_CLOCK_MS = 48,
    AUDIO_CLOCK_FROM = 4294900000, /* wraps soon */
    VIDEO_CLOCK_MS = 90,
    /* The sender's own: reports each second, feedback on what it receives four times. */
    REPORT_US = 1 * S,
    REPORT_BYTES = 120,
    FEEDBACK_US = 250 * MS,
    FEEDBACK_BYTES = 72,
    PROBE_US = 15 * MS,   /* libwebrtc: kMinProbeDuration */
    PROBE_PACKETS = 5,    /* kMinProbePacketsSent */
    FIRST_PROBES = 2,     /* probe_controller.h: first and second exponential probe */
    PROBE_OLD_US = 5 * S, /* bitrate_prober.cc: no picture came for them in time */
    NACKED_AT_ONCE = 256,
    RTX_WINDOW_US = 500 * MS,  /* libwebrtc: kRetransmitWindowSizeMs, at most the target in it */
    STUCK_BYTES = 2000 * 1500, /* frames are left out */
    ENCODER_LEAST_BPS = 30 * 1000,
    LEFT_ALONE_OPUS_BPS = 32 * 1000, /* of a browser that nobody tells anything */
    LEFT_ALONE_BPS = 1500 * 1000,
    LEFT_ALONE_FPS = 25,
    DEAF_BPS = 800 * 1000,
};

/* pacing_controller.h: kDefaultPaceMultiplier; the first probes, times the start rate. */
static const double PACE = 2.5;
static const uint32_t FIRST_PROBE_FACTORS[FIRST_PROBES] = {3, 6};

SimPublisher *sim_publisher_new(const SimPublisherSetup *setup)
{
    SimPublisher *publisher = g_new0(SimPublisher, 1);
    publisher->setup = *setup;
    publisher->now_us = SIM_PUBLISHER_EPOCH_US;
    sim_link_init(&publisher->up, &setup->up, setup->seed * 3 + 1);
    sim_link_init(&publisher->down, &setup->down, setup->seed * 3 + 2);
    sim_gcc_init(&publisher->browser.gcc, publisher->now_us);
    publisher->browser.video.random = setup->seed * 3 + 3;
    publisher->browser.video.key_wanted = true;
    sim_publisher_guard_init(publisher);
    sim_publisher_repair_init(publisher);
    sim_tally_begin(&publisher->tally, 0);
    return publisher;
}

void sim_publisher_free(SimPublisher *publisher)
{
    if (!publisher)
        return;
    twcc_receiver_free(publisher->guard.twcc);
    sim_publisher_repair_clear(publisher);
    g_free(publisher);
}

int64_t sim_publisher_rtt_us(const SimPublisher *publisher)
{
    int64_t now_us = sim_publisher_now_us(publisher);
    return publisher->up.profile.delay_us + publisher->down.profile.delay_us +
           sim_link_queue_us(&publisher->up, now_us);
}

const Uplink *sim_publisher_uplink(const SimPublisher *publisher)
{
    return &publisher->guard.uplink;
}

bool sim_publisher_moves(const SimPublisher *publisher)
{
    const MediaHint *hint = &publisher->browser.known;
    return hint->video_bps > 0 && !hint->video_stills;
}

bool sim_publisher_asked_video(const SimPublisher *publisher)
{
    return publisher->guard.told.video_bps > 0;
}

bool sim_publisher_is_too_thin(const SimPublisher *publisher)
{
    return uplink_is_too_thin(&publisher->guard.uplink, publisher->now_us);
}

uint32_t sim_publisher_asked_bps(const SimPublisher *publisher)
{
    return hint_wire_bps(&publisher->guard.hint);
}

static SimPacket *ring_at(SimRing *ring, unsigned index)
{
    return &ring->packets[(ring->head + index) % SIM_RING];
}

/* In the order of their times. */
static void ring_put(SimRing *ring, const SimPacket *packet)
{
    g_assert(ring->n < SIM_RING);
    unsigned at = ring->n++;
    for (; at > 0 && ring_at(ring, at - 1)->at_us > packet->at_us; at--)
        *ring_at(ring, at) = *ring_at(ring, at - 1);
    *ring_at(ring, at) = *packet;
}

static SimPacket ring_take(SimRing *ring)
{
    SimPacket packet = *ring_at(ring, 0);
    ring->head = (ring->head + 1) % SIM_RING;
    ring->n--;
    return packet;
}

static SimDeafness deafness(const SimPublisher *publisher)
{
    const SimPublisherSetup *setup = &publisher->setup;
    bool is_over =
        setup->deaf_until_us > 0 && sim_publisher_now_us(publisher) >= setup->deaf_until_us;
    return is_over ? SIM_LISTENS : setup->deafness;
}

/* libwebrtc sends no more repairs than its target, over half a second. */
static bool may_repair(SimPublisher *publisher, size_t wire_bytes)
{
    SimBrowser *browser = &publisher->browser;
    double bps = sim_gcc_target_bps(&browser->gcc);
    browser->rtx_bits -= bps * (double)(publisher->now_us - browser->rtx_us) / S;
    browser->rtx_bits = MAX(browser->rtx_bits, 0);
    browser->rtx_us = publisher->now_us;
    if (browser->rtx_bits + 8.0 * (double)wire_bytes > bps * RTX_WINDOW_US / S)
        return false;
    browser->rtx_bits += 8.0 * (double)wire_bytes;
    return true;
}

/* libwebrtc's RtpPacketHistory: what is asked for once more within a round trip is on its way. */
static void repair(SimPublisher *publisher, MediaKind kind, uint16_t sequence)
{
    SimBrowser *browser = &publisher->browser;
    SimPacket *stored = &browser->stored[kind][sequence % SIM_STORED];
    int64_t now_us = sim_publisher_now_us(publisher);
    bool is_under_way =
        stored->is_pending || (stored->repaired_us != 0 &&
                               now_us - stored->repaired_us < sim_publisher_rtt_us(publisher));
    if (stored->sequence != sequence || stored->wire_bytes == 0 || is_under_way ||
        !may_repair(publisher, stored->wire_bytes))
        return;
    stored->is_pending = true;
    SimPacket packet = *stored;
    packet.kind = kind == MEDIA_KIND_VIDEO ? SIM_IMAGE_RTX : SIM_SOUND_AGAIN;
    packet.at_us = 0; /* before all others */
    ring_put(&browser->pacer, &packet);
}

static void store(SimBrowser *browser, const SimPacket *packet, int64_t now_us)
{
    bool is_sound = packet->kind == SIM_SOUND || packet->kind == SIM_SOUND_AGAIN;
    if (!is_sound && packet->kind != SIM_IMAGE && packet->kind != SIM_IMAGE_RTX)
        return;
    SimPacket *stored = &browser->stored[is_sound ? MEDIA_KIND_AUDIO : MEDIA_KIND_VIDEO]
                                        [packet->sequence % SIM_STORED];
    *stored = *packet;
    stored->is_pending = false;
    if (packet->kind == SIM_SOUND_AGAIN || packet->kind == SIM_IMAGE_RTX)
        stored->repaired_us = now_us;
}

/* PACKET goes into the link. */
static void transmit(SimPublisher *publisher, SimPacket packet)
{
    SimBrowser *browser = &publisher->browser;
    int64_t now_us = sim_publisher_now_us(publisher);
    packet.transport = browser->next_transport;
    if (packet.kind != SIM_RTCP) {
        browser->next_transport++;
        sim_gcc_on_sent(&browser->gcc, packet.transport, packet.wire_bytes, browser->n_probe > 0,
                        publisher->now_us);
    }
    store(browser, &packet, now_us);
    sim_tally_on_queue(&publisher->tally, sim_link_queue_us(&publisher->up, now_us));
    publisher->tally.bytes += packet.wire_bytes;
    int64_t arrival_us = 0;
    SimFate fate = sim_link_send(&publisher->up, packet.wire_bytes, now_us, &arrival_us);
    publisher->tally.n_dropped += fate == SIM_DROPPED;
    if (fate == SIM_LOST && arrival_us > 0)
        publisher->tally.arrived_bytes += packet.wire_bytes; /* the link carried it */
    if (fate != SIM_ARRIVES)
        return;
    packet.at_us = arrival_us;
    if (packet.rtt_us != 0)
        packet.rtt_us = arrival_us - now_us + publisher->down.profile.delay_us;
    ring_put(&publisher->flight, &packet);
}

/* What its encoders are asked for: by the hint, or by nobody. */
static SimPlan plan_of(const SimPublisher *publisher)
{
    const SimBrowser *browser = &publisher->browser;
    const MediaHint *hint = &browser->known;
    if (deafness(publisher) != SIM_LISTENS)
        return (SimPlan){.packet_ms = 20,
                         .opus_bps = LEFT_ALONE_OPUS_BPS,
                         .fps = LEFT_ALONE_FPS,
                         .video_bps = deafness(publisher) == SIM_DEAF ? DEAF_BPS : LEFT_ALONE_BPS};
    return (SimPlan){.packet_ms = hint->ptime_ms,
                     .opus_bps = hint->audio_bps,
                     .distance = hint->audio_reach > 0 ? 2
                                 : hint->audio_red     ? 1
                                                       : 0,
                     .video_bps = hint->video_bps,
                     .fps = hint->video_fps_tenths / 10.0,
                     .stills = hint->video_stills};
}

static void speak(SimPublisher *publisher, const SimPlan *plan)
{
    SimBrowser *browser = &publisher->browser;
    size_t bytes = 0;
    if (!sim_speech_source_next(&browser->speech, plan, publisher->now_us, &bytes))
        return;
    sim_ear_sent(&publisher->guard.ear, browser->speech.number, plan->packet_ms,
                 sim_publisher_now_us(publisher));
    /* A packet ends with what the microphone gave last, whatever its length. */
    int64_t samples = sim_publisher_now_us(publisher) / MS * AUDIO_CLOCK_MS;
    transmit(publisher, (SimPacket){.kind = SIM_SOUND,
                                    .number = browser->speech.number,
                                    .copies = (uint8_t)plan->distance,
                                    .wire_bytes = (uint16_t)(bytes + OVERHEAD),
                                    .sequence = browser->next_sound++,
                                    .timestamp = (uint32_t)(AUDIO_CLOCK_FROM + samples)});
}

static void begin_probe(SimBrowser *browser, uint32_t bps)
{
    browser->probe_bps = bps;
    uint64_t n = (uint64_t)bps * PROBE_US / 8 / S / PADDING_BYTES;
    browser->n_probe = (unsigned)MAX(n, (uint64_t)PROBE_PACKETS);
}

/* A frame goes into the pacer's queue. PLAN's bitrate is cut to what the estimate leaves: no less
 * than an encoder makes at least, as libwebrtc does not stop it. */
static void film(SimPublisher *publisher, SimPlan plan)
{
    SimBrowser *browser = &publisher->browser;
    double sound_bps = plan.packet_ms > 0 ? plan.opus_bps * (1 + plan.distance) +
                                                8.0 * OVERHEAD * 1000 / plan.packet_ms
                                          : 0;
    double room_bps =
        sim_gcc_target_bps(&browser->gcc) - sound_bps - 8.0 * IMAGE_OVERHEAD * plan.fps;
    if (deafness(publisher) != SIM_DEAF)
        plan.video_bps =
            (uint32_t)CLAMP(room_bps, MIN(plan.video_bps, ENCODER_LEAST_BPS), plan.video_bps);
    if (plan.video_bps == 0)
        browser->video.key_wanted = true;
    SimVideoFrame frame;
    if (!sim_video_source_next(&browser->video, &plan, publisher->now_us, &frame) ||
        browser->pacer.n > SIM_RING / 2)
        return;
    publisher->n_frames++;
    browser->image_timestamp = (uint32_t)(publisher->now_us / MS * VIDEO_CLOCK_MS);
    for (size_t left = frame.bytes; left > 0;) {
        size_t bytes = MIN(left, (size_t)IMAGE_BYTES);
        left -= bytes;
        ring_put(&browser->pacer, &(SimPacket){.kind = SIM_IMAGE,
                                               .wire_bytes = (uint16_t)(bytes + IMAGE_OVERHEAD),
                                               .sequence = browser->next_image++,
                                               .timestamp = browser->image_timestamp,
                                               .is_key = frame.key && left + bytes == frame.bytes,
                                               .at_us = sim_publisher_now_us(publisher)});
    }
    bool is_first = !browser->has_filmed;
    browser->has_filmed = true;
    if (!is_first || sim_publisher_now_us(publisher) > PROBE_OLD_US)
        return;
    begin_probe(browser, FIRST_PROBE_FACTORS[0] * SIM_GCC_START_BPS);
    browser->n_first_probes = 1;
}

static void pace(SimPublisher *publisher)
{
    SimBrowser *browser = &publisher->browser;
    int64_t now_us = sim_publisher_now_us(publisher);
    while (now_us >= browser->next_paced_us && (browser->pacer.n > 0 || browser->n_probe > 0)) {
        SimPacket packet = browser->pacer.n > 0
                               ? ring_take(&browser->pacer)
                               : (SimPacket){.kind = SIM_PADDING, .wire_bytes = PADDING_BYTES};
        double bps = browser->n_probe > 0              ? browser->probe_bps
                     : deafness(publisher) == SIM_DEAF ? PACE * DEAF_BPS
                                                       : PACE * sim_gcc_target_bps(&browser->gcc);
        transmit(publisher, packet);
        browser->next_paced_us =
            MAX(browser->next_paced_us, now_us - MS) + (int64_t)(8.0 * packet.wire_bytes * S / bps);
        if (browser->n_probe > 0 && --browser->n_probe == 0 && browser->n_first_probes > 0 &&
            browser->n_first_probes < FIRST_PROBES)
            begin_probe(browser,
                        FIRST_PROBE_FACTORS[browser->n_first_probes++] * SIM_GCC_START_BPS);
    }
}

static void report(SimPublisher *publisher)
{
    SimBrowser *browser = &publisher->browser;
    if (publisher->now_us >= browser->next_report_us) {
        browser->next_report_us = publisher->now_us + REPORT_US;
        transmit(publisher, (SimPacket){.kind = SIM_RTCP, .wire_bytes = REPORT_BYTES, .rtt_us = 1});
    }
    if (publisher->now_us >= browser->next_feedback_us) {
        browser->next_feedback_us = publisher->now_us + FEEDBACK_US;
        transmit(publisher, (SimPacket){.kind = SIM_RTCP, .wire_bytes = FEEDBACK_BYTES});
    }
}

static void read_feedback(SimPublisher *publisher, const SimLetter *letter)
{
    static RtcpTwccStatus statuses[RTCP_TWCC_STATUSES_MAX];
    RtcpIter iter;
    RtcpPacket packet;
    rtcp_iter_init(&iter, letter->data, letter->size);
    while (rtcp_iter_next(&iter, &packet) == RTCP_OK) {
        RtcpTwccInfo info;
        size_t n = 0;
        RtcpResult result = rtcp_twcc_parse(&packet, &info, statuses, RTCP_TWCC_STATUSES_MAX, &n);
        g_assert(result == RTCP_OK);
        sim_gcc_on_feedback(&publisher->browser.gcc, statuses, n, sim_publisher_rtt_us(publisher),
                            publisher->now_us);
    }
}

static void read_nacks(SimPublisher *publisher, const SimLetter *letter)
{
    RtcpIter iter;
    RtcpPacket packet;
    rtcp_iter_init(&iter, letter->data, letter->size);
    while (rtcp_iter_next(&iter, &packet) == RTCP_OK) {
        uint16_t sequences[NACKED_AT_ONCE];
        uint32_t ssrc = 0;
        size_t n = 0;
        g_assert(rtcp_nack_parse(&packet, &ssrc, sequences, NACKED_AT_ONCE, &n) == RTCP_OK);
        for (size_t i = 0; i < n; i++)
            repair(publisher, ssrc == SIM_IMAGE_SSRC ? MEDIA_KIND_VIDEO : MEDIA_KIND_AUDIO,
                   sequences[i]);
    }
}

static void take(SimPublisher *publisher, const SimLetter *letter)
{
    SimBrowser *browser = &publisher->browser;
    switch (letter->kind) {
    case SIM_LETTER_FEEDBACK:
        read_feedback(publisher, letter);
        break;
    case SIM_LETTER_REMB:
        sim_gcc_on_remb(&browser->gcc, letter->remb_bps);
        break;
    case SIM_LETTER_HINT:
        browser->known = letter->hint;
        break;
    case SIM_LETTER_NACKS:
        read_nacks(publisher, letter);
        break;
    case SIM_LETTER_KEY_FRAME:
        browser->video.key_wanted = true;
        break;
    }
}

static void listen(SimPublisher *publisher)
{
    for (unsigned n = publisher->n_letters; n > 0; n--) {
        SimLetter *letter = &publisher->letters[publisher->letter_head];
        if (letter->at_us > sim_publisher_now_us(publisher))
            return;
        publisher->letter_head = (publisher->letter_head + 1) % SIM_LETTERS;
        publisher->n_letters--;
        take(publisher, letter);
    }
}

static void step(SimPublisher *publisher)
{
    int64_t now_us = sim_publisher_now_us(publisher);
    publisher->tally.link_bits += sim_link_rate_bps(&publisher->up, now_us) / 1000;
    while (publisher->flight.n > 0 && ring_at(&publisher->flight, 0)->at_us <= now_us) {
        SimPacket packet = ring_take(&publisher->flight);
        publisher->tally.arrived_bytes += packet.wire_bytes;
        sim_publisher_guard_receive(publisher, &packet);
        sim_publisher_repair_receive(publisher, &packet);
    }
    sim_publisher_guard_tick(publisher);
    sim_publisher_repair_tick(publisher);
    listen(publisher);
    SimPlan plan = plan_of(publisher);
    speak(publisher, &plan);
    film(publisher, plan);
    uint32_t probe_bps = 0;
    if (publisher->browser.n_probe == 0 && plan.video_bps > 0 &&
        sim_gcc_probe(&publisher->browser.gcc, plan.video_bps + plan.opus_bps, publisher->now_us,
                      &probe_bps))
        begin_probe(&publisher->browser, probe_bps);
    pace(publisher);
    report(publisher);
}

void sim_publisher_run(SimPublisher *publisher, int64_t until_us)
{
    while (sim_publisher_now_us(publisher) < until_us) {
        publisher->now_us += MS;
        step(publisher);
    }
}

void sim_publisher_measure(SimPublisher *publisher, SimPublisherFigures *ret_figures)
{
    const SimTally *tally = &publisher->tally;
    double seconds = (double)MAX(sim_publisher_now_us(publisher) - tally->from_us, 1) / S;
    double link_bits = (double)MAX(tally->link_bits, 1);
    *ret_figures = (SimPublisherFigures){
        .seconds = seconds,
        .sent_bytes = tally->bytes,
        .sent_bps = (uint32_t)(8.0 * (double)tally->bytes / seconds),
        .cap = sim_tally_spread(tally),
        .use = 8.0 * (double)tally->arrived_bytes / link_bits,
        .own_loss = (double)tally->n_dropped / (double)MAX(tally->n_packets, 1),
        .queue_p50_us = sim_tally_queue_us(tally, 0.5),
        .queue_p95_us = sim_tally_queue_us(tally, 0.95),
        .concealed = publisher->guard.ear.sum_concealed_ms / MAX(publisher->guard.ear.sum_ms, 1),
        .fps = publisher->n_frames / seconds,
        .n_pauses = tally->n_pauses,
        .n_returns = tally->n_returns,
        .n_cuts = publisher->n_cuts,
        .feedback = 8.0 * (double)publisher->feedback_bytes / link_bits,
    };
    sim_tally_begin(&publisher->tally, sim_publisher_now_us(publisher));
    publisher->feedback_bytes = 0;
    publisher->guard.ear.sum_ms = publisher->guard.ear.sum_concealed_ms = 0;
    publisher->n_frames = publisher->n_cuts = 0;
}
