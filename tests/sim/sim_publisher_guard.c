// SPDX-License-Identifier: Apache-2.0
/* The relay's side of a virtual sender: media/relay/uplink_guard.c and feedback.c without sockets.
 */
#include "tests/sim/sim_publisher_state.h"

enum {
    MS = 1000,
    S = 1000 * MS,
    GUARD_US = 50 * MS, /* media/relay/uplink_guard.c: TICK_US, TELL_INTERVAL_US, */
    TELL_US = 500 * MS,
    REMB_PERCENT = 5, /* and REMB_STEP_PERCENT */
    REMB_US = 1 * S,  /* media/rate/report_interval.h: of a client whose way down is wide */
    RTCP_OVERHEAD = 44,
    REMB_BYTES = 24 + RTCP_OVERHEAD,
    HINT_BYTES = 400,        /* TCP, TLS and JSON */
    HINT_MORE_US = 20 * MS,  /* through the page */
    ASKED_RTT_US = 250 * MS, /* media/relay/feedback.h: FEEDBACK_SOUND_RTT_US */
    WANTED_BPS = 1500 * 1000,
    WANTED_HEIGHT = 720,
    WANTED_FPS_TENTHS = 250,
};

void sim_publisher_post(SimPublisher *publisher, const SimLetter *letter, size_t wire_bytes)
{
    int64_t arrival_us = 0;
    int64_t now_us = sim_publisher_now_us(publisher);
    bool is_hint = letter->kind == SIM_LETTER_HINT;
    if (!is_hint)
        publisher->feedback_bytes += wire_bytes;
    SimFate fate = sim_link_send(&publisher->down, wire_bytes, now_us, &arrival_us);
    if (is_hint && fate != SIM_ARRIVES) /* TCP: a round trip later */
        arrival_us = now_us + 2 * sim_publisher_rtt_us(publisher);
    else if (fate != SIM_ARRIVES)
        return;
    g_assert(publisher->n_letters < SIM_LETTERS);
    unsigned at = (publisher->letter_head + publisher->n_letters++) % SIM_LETTERS;
    publisher->letters[at] = *letter;
    publisher->letters[at].at_us = arrival_us + (is_hint ? HINT_MORE_US : 0);
}

/* With one receiver; its Opus does what it is asked for. */
static void combine(SimPublisher *publisher)
{
    SimGuard *guard = &publisher->guard;
    uint32_t wanted_bps = publisher->setup.wanted_bps;
    const AllocatorWish wish = {
        .audio_bps = 32000,
        .ptime_ms = 20,
        .video_bps = wanted_bps > 0 ? wanted_bps : WANTED_BPS,
        .height = WANTED_HEIGHT,
        .fps_tenths = WANTED_FPS_TENTHS,
        .is_screen = publisher->setup.shows_screen,
    };
    int64_t rtt_us = sim_publisher_rtt_us(publisher);
    const UplinkHintInput input = {
        .wishes = &wish,
        .n = 1,
        .rtt_us = rtt_us,
        .is_asked_in_time = rtt_us < ASKED_RTT_US,
        .takes_red = true,
        .has_fec = true,
    };
    uplink_hint_combine(&guard->own, &guard->uplink, &guard->red, &input, publisher->now_us,
                        &guard->hint);
}

static bool moves(const MediaHint *hint)
{
    return hint->video_bps > 0 && !hint->video_stills;
}

static void tell(SimPublisher *publisher)
{
    SimGuard *guard = &publisher->guard;
    if (guard->has_told &&
        (publisher->now_us - guard->told_us < TELL_US || !hint_differs(&guard->told, &guard->hint)))
        return;
    publisher->tally.n_pauses += moves(&guard->told) && !moves(&guard->hint);
    publisher->tally.n_returns += moves(&guard->hint) && !moves(&guard->told);
    guard->has_told = true;
    guard->told = guard->hint;
    guard->told_us = publisher->now_us;
    sim_publisher_post(publisher, &(SimLetter){.kind = SIM_LETTER_HINT, .hint = guard->hint},
                       HINT_BYTES);
}

static void cap(SimPublisher *publisher)
{
    SimGuard *guard = &publisher->guard;
    uint32_t bps = guard->hint.video_bps > 0 ? guard->own.wire_bps : uplink_cap_bps(&guard->uplink);
    uint64_t step = (uint64_t)guard->remb_bps * REMB_PERCENT / 100;
    bool is_near = bps <= guard->remb_bps + step && bps + step >= guard->remb_bps;
    if (is_near && publisher->now_us < guard->next_remb_us)
        return;
    if (!is_near)
        guard->remb_bps = bps;
    guard->next_remb_us = publisher->now_us + REMB_US;
    sim_publisher_post(
        publisher, &(SimLetter){.kind = SIM_LETTER_REMB, .remb_bps = guard->remb_bps}, REMB_BYTES);
}

static void send_feedback(SimPublisher *publisher)
{
    SimGuard *guard = &publisher->guard;
    if (publisher->now_us < guard->next_twcc_us || !twcc_receiver_pending(guard->twcc))
        return;
    int64_t span_us = MAX(publisher->now_us - guard->received_from_us, 1);
    uint64_t rate_bps = guard->received_bytes * 8 * G_USEC_PER_SEC / (uint64_t)span_us;
    guard->received_bytes = 0;
    guard->received_from_us = publisher->now_us;
    guard->next_twcc_us = publisher->now_us + twcc_interval_us(rate_bps);
    SimLetter letter = {.kind = SIM_LETTER_FEEDBACK};
    RtcpWriter writer = {.data = letter.data, .capacity = SIM_LETTER_BYTES};
    while (twcc_receiver_write(guard->twcc, 1, 2, &writer) == RTCP_OK)
        continue;
    letter.size = writer.size;
    sim_publisher_post(publisher, &letter, writer.size + RTCP_OVERHEAD);
}

void sim_publisher_guard_init(SimPublisher *publisher)
{
    SimGuard *guard = &publisher->guard;
    guard->twcc = twcc_receiver_new();
    rtp_stats_init(&guard->stats[MEDIA_KIND_AUDIO], 48000);
    rtp_stats_init(&guard->stats[MEDIA_KIND_VIDEO], 90000);
    uplink_init(&guard->uplink, publisher->setup.start_bps, publisher->now_us);
    combine(publisher);
    guard->has_told = true; /* with the answer, before anything is sent */
    guard->told = publisher->browser.known = guard->hint;
    guard->told_us = publisher->now_us;
}

void sim_publisher_guard_receive(SimPublisher *publisher, const SimPacket *packet)
{
    SimGuard *guard = &publisher->guard;
    int64_t now_us = publisher->now_us;
    guard->received_bytes += packet->wire_bytes;
    if (packet->kind == SIM_RTCP) {
        if (packet->rtt_us > 0)
            uplink_on_round_trip(&guard->uplink, packet->rtt_us, now_us);
        return;
    }
    twcc_receiver_on_packet(guard->twcc, packet->transport, now_us);
    if (packet->kind == SIM_SOUND || packet->kind == SIM_SOUND_AGAIN) {
        rtp_stats_on_packet(&guard->stats[MEDIA_KIND_AUDIO], packet->sequence, packet->timestamp,
                            now_us);
        uplink_red_on_packet(&guard->red, packet->sequence);
        uplink_on_audio(&guard->uplink, packet->timestamp, packet->wire_bytes, now_us);
    } else if (packet->kind == SIM_IMAGE) {
        rtp_stats_on_packet(&guard->stats[MEDIA_KIND_VIDEO], packet->sequence, packet->timestamp,
                            now_us);
        uplink_on_video(&guard->uplink, packet->timestamp, packet->wire_bytes, now_us);
    } else {
        uplink_on_rtx(&guard->uplink, packet->wire_bytes, now_us);
    }
}

void sim_publisher_guard_tick(SimPublisher *publisher)
{
    SimGuard *guard = &publisher->guard;
    send_feedback(publisher);
    if (publisher->now_us < guard->next_us)
        return;
    guard->next_us = publisher->now_us + GUARD_US;
    uint64_t lost = 0, expected = 0;
    for (unsigned kind = 0; kind < MEDIA_N_KINDS; kind++) {
        lost += rtp_stats_lost(&guard->stats[kind]);
        expected += rtp_stats_lost(&guard->stats[kind]) + rtp_stats_received(&guard->stats[kind]);
    }
    int64_t cut_us = guard->uplink.cut_us;
    uplink_tick(&guard->uplink, expected, lost, sim_publisher_rtt_us(publisher), publisher->now_us);
    publisher->n_cuts += guard->uplink.cut_us != cut_us;
    combine(publisher);
    tell(publisher);
    cap(publisher);
    sim_tally_on_target(&publisher->tally, uplink_cap_bps(&guard->uplink));
}
