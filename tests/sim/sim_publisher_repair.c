// SPDX-License-Identifier: Apache-2.0
/* What the relay asks a virtual sender for again (tick_nacks() and tick_layer() of
 * media/relay/feedback.c, with the real trackers), and what somebody hears of it behind the relay.
 */
#include "tests/sim/sim_publisher_state.h"

#include "media/rtp/rtcp_fb.h"

enum {
    MS = 1000,
    RTCP_OVERHEAD = 44,
    NACKS_AT_ONCE = 64, /* media/relay/feedback.c, and what follows */
    NACK_PART = 20,
    DOWN_BPS = 100 * 1000, /* sim_uplinks.c */
    NACK_WAIT_US = 500 * MS,
    SOUND_RTT_US = 250 * MS, /* media/relay/feedback.h: FEEDBACK_SOUND_RTT_US */
    COPY_MS = 20,            /* media/relay/lateness.c, and what follows */
    ASKED_SENDER_MS = 75,
};

static const double RUN_X10 = 15;

void sim_publisher_repair_init(SimPublisher *publisher)
{
    SimGuard *guard = &publisher->guard;
    guard->nacks[MEDIA_KIND_AUDIO] = nack_tracker_new(&NACK_AUDIO);
    guard->nacks[MEDIA_KIND_VIDEO] = nack_tracker_new(&NACK_VIDEO);
    keyframe_gate_init(&guard->keyframe);
}

void sim_publisher_repair_clear(SimPublisher *publisher)
{
    for (unsigned kind = 0; kind < MEDIA_N_KINDS; kind++)
        nack_tracker_free(publisher->guard.nacks[kind]);
}

/* Copies come in time (lateness_is_worth_asking()), or nothing does. */
static bool is_worth_asking(SimPublisher *publisher)
{
    const SimGuard *guard = &publisher->guard;
    int64_t rtt_us = sim_publisher_rtt_us(publisher);
    unsigned reach_ms = uplink_red_reach_ms(&guard->red, publisher->now_us);
    unsigned packet_ms = guard->told.ptime_ms;
    bool is_far = guard->told.audio_reach > 0 && reach_ms >= guard->told.audio_reach * packet_ms;
    bool is_single = guard->red.run_x10 < RUN_X10 && !uplink_red_is_twice(&guard->red);
    bool are_enough = reach_ms > 0 && (is_single || is_far);
    return rtt_us < SOUND_RTT_US &&
           !(are_enough && reach_ms + packet_ms + COPY_MS < rtt_us / MS + ASKED_SENDER_MS);
}

static void ask_for_key_frame(SimPublisher *publisher)
{
    SimLetter letter = {.kind = SIM_LETTER_KEY_FRAME};
    RtcpWriter writer = {.data = letter.data, .capacity = SIM_LETTER_BYTES};
    g_assert(rtcp_write_pli(&writer, 1, SIM_IMAGE_SSRC) == RTCP_OK);
    sim_publisher_post(publisher, &letter, writer.size + RTCP_OVERHEAD);
}

static void want_key_frame(SimPublisher *publisher)
{
    if (keyframe_gate_request(&publisher->guard.keyframe, publisher->now_us))
        ask_for_key_frame(publisher);
}

static void hear(SimPublisher *publisher, const SimPacket *packet)
{
    SimGuard *guard = &publisher->guard;
    sim_ear_arrived(&guard->ear, packet->number, packet->copies, sim_publisher_now_us(publisher));
    if (packet->copies > 0)
        uplink_red_on_copy(&guard->red, packet->copies * guard->told.ptime_ms, publisher->now_us);
}

void sim_publisher_repair_receive(SimPublisher *publisher, const SimPacket *packet)
{
    SimGuard *guard = &publisher->guard;
    bool is_sound = packet->kind == SIM_SOUND || packet->kind == SIM_SOUND_AGAIN;
    if (!is_sound && packet->kind != SIM_IMAGE && packet->kind != SIM_IMAGE_RTX)
        return;
    NackTracker *nack = guard->nacks[is_sound ? MEDIA_KIND_AUDIO : MEDIA_KIND_VIDEO];
    NackResult result = nack_tracker_on_packet(nack, packet->sequence, publisher->now_us);
    if (is_sound) {
        hear(publisher, packet);
        return;
    }
    if (packet->is_key)
        keyframe_gate_on_key_frame(&guard->keyframe);
    if (packet->is_key && result == NACK_NEW)
        nack_tracker_forget_before(nack, packet->sequence);
    else if (result == NACK_RESTARTED && !packet->is_key)
        want_key_frame(publisher);
}

static void ask_again(SimPublisher *publisher)
{
    SimGuard *guard = &publisher->guard;
    if (publisher->now_us < guard->next_nack_us)
        return;
    SimLetter letter = {.kind = SIM_LETTER_NACKS};
    RtcpWriter writer = {.data = letter.data, .capacity = SIM_LETTER_BYTES};
    for (unsigned kind = 0; kind < MEDIA_N_KINDS; kind++) {
        bool is_sound = kind == MEDIA_KIND_AUDIO;
        uint16_t sequences[NACKS_AT_ONCE];
        size_t n = nack_tracker_collect(guard->nacks[kind], publisher->now_us,
                                        sim_publisher_rtt_us(publisher), sequences, NACKS_AT_ONCE);
        if (n == 0 || (is_sound && !is_worth_asking(publisher)))
            continue;
        g_assert(rtcp_write_nack(&writer, 1, is_sound ? SIM_SOUND_SSRC : SIM_IMAGE_SSRC, sequences,
                                 n) == RTCP_OK);
    }
    letter.size = writer.size;
    if (letter.size == 0)
        return;
    size_t wire_bytes = letter.size + RTCP_OVERHEAD;
    sim_publisher_post(publisher, &letter, wire_bytes);
    int64_t wait_us = (int64_t)(wire_bytes * 8 * G_USEC_PER_SEC / (DOWN_BPS / NACK_PART));
    guard->next_nack_us = publisher->now_us + MIN(wait_us, NACK_WAIT_US);
}

void sim_publisher_repair_tick(SimPublisher *publisher)
{
    SimGuard *guard = &publisher->guard;
    ask_again(publisher);
    if (nack_tracker_take_given_up(guard->nacks[MEDIA_KIND_VIDEO]) > 0)
        want_key_frame(publisher);
    if (keyframe_gate_poll(&guard->keyframe, publisher->now_us))
        ask_for_key_frame(publisher);
    /* What it would ask for is asked for already; that it misses some makes it wait. */
    int64_t numbers[SIM_ASKED];
    sim_ear_tick(&guard->ear, sim_publisher_rtt_us(publisher), sim_publisher_now_us(publisher),
                 numbers);
}
