// SPDX-License-Identifier: Apache-2.0
#include "media/relay/downlink.h"
#include "media/relay/downlink_plan.h"
#include "media/relay/endpoint.h"
#include "media/relay/slot_audio.h"
#include "media/relay/slot_video.h"
#include "media/relay/transmit.h"
#include "media/relay/worker.h"

enum {
    TICK_US = 20 * 1000,         /* a packet of sound */
    HEARD_FIRST_US = 250 * 1000, /* libwebrtc's longest interval of feedback */
    HEARD_SMOOTHING = 8,         /* as RFC 6298, 2.3 smooths round trips */
    /* media/rate/README.md, "A collapse": with pictures that wait for news, and the fall seen at
     * once, sound is back 3.1 and 1.7 s after it (from the patient, to the patient; tests/netlab,
     * `drop`), 4.5 and 4.1 without. The shortest wait is three of libwebrtc's shortest intervals.
     */
    NEWS_MARGIN_US = 50 * 1000,
    NEWS_LEAST_US = 150 * 1000,
    COLLAPSE_WAIT_US = 2000 * 1000, /* the same: as for a picture's step down */
    SILENCE_US = 1000 * 1000,       /* without feedback: the client's decoder has lost the thread */
    GONE_US = 1500 * 1000,          /* reports of who only listens come every second */
};

void downlink_init(Endpoint *endpoint, uint32_t start_bps)
{
    Downlink *down = &endpoint->down;
    int64_t now_us = endpoint->worker->now_us;
    SendRateView view;
    down->start_bps = start_bps;
    down->rate = send_rate_new(start_bps, now_us);
    send_rate_view(down->rate, &view);
    pacer_init(&down->pacer, view.target_bps, now_us);
    allocator_init(&down->allocator, now_us);
    down->audible = UINT32_MAX;
    down->heard_every_us = HEARD_FIRST_US;
    down->due_us = INT64_MAX;
}

void downlink_clear(Endpoint *endpoint)
{
    g_clear_pointer(&endpoint->down.rate, send_rate_free);
}

void downlink_start(Endpoint *endpoint)
{
    downlink_clear(endpoint);
    downlink_init(endpoint, endpoint->down.start_bps);
    downlink_update(endpoint);
}

static void send_padding(Endpoint *endpoint, size_t wire_bytes)
{
    size_t sent = 0;
    for (unsigned i = 0; i < endpoint->plan.n_sections && sent == 0; i++) {
        Slot *slot = endpoint->slots[i];
        if (slot && slot->kind == MEDIA_KIND_VIDEO)
            sent = transmit_padding(slot, wire_bytes);
    }
    pacer_on_padding(&endpoint->down.pacer, sent, endpoint->worker->now_us);
}

static void send_entry(Endpoint *endpoint, const PacerEntry *entry)
{
    Slot *slot = endpoint->slots[entry->slot];
    switch (entry->kind) {
    case PACER_VIDEO:
        slot_video_send(slot, entry->sequence);
        break;
    case PACER_RTX:
        slot_video_resend(slot, entry->sequence);
        break;
    case PACER_PADDING:
        send_padding(endpoint, entry->wire_bytes);
        break;
    }
}

/* Feedback that should have come has not: what is on the way stands in a queue, its or the
 * feedback's. Pictures wait for news; sound goes on. Not for longer than the second after which
 * nothing being heard has a meaning of its own (rate/silence.h). */
static bool is_waiting_for_news(const Endpoint *endpoint, int64_t now_us)
{
    const Downlink *down = &endpoint->down;
    /* What the client sends comes at less than half: news of what was sent since are to be seen. */
    int64_t collapsed_us = uplink_collapsed_us(&endpoint->up.uplink);
    if (collapsed_us != 0 && down->heard_us != 0 && down->heard_of_us < collapsed_us &&
        now_us - collapsed_us < COLLAPSE_WAIT_US)
        return true;
    int64_t quiet_us = down->untold_us != 0 ? now_us - down->untold_us : 0;
    int64_t usual_us = down->heard_every_us * 5 / 2 + NEWS_MARGIN_US;
    return down->heard_us != 0 && quiet_us > MAX(usual_us, (int64_t)NEWS_LEAST_US) &&
           quiet_us < SILENCE_US;
}

/* A client that gives feedback has not answered what it was sent, and sent nothing itself: it is
 * gone, or its way is. Pictures for nobody fill the queue in which its new connections stand when
 * it is back: 600 kbit/s went out to the old address in a handover to 100 kbit/s, beside its socket
 * (tests/netlab, `handover_slow`). Sound, reports and checks (endpoint_address.c) still ask. */
static bool is_gone(const Endpoint *endpoint, int64_t now_us)
{
    const Downlink *down = &endpoint->down;
    return down->heard_us != 0 && down->untold_us != 0 && now_us - down->untold_us > GONE_US &&
           now_us - endpoint->last_packet_us > GONE_US;
}

void downlink_note_numbered(Endpoint *endpoint)
{
    Downlink *down = &endpoint->down;
    down->last_sent_us = endpoint->worker->now_us;
    if (down->untold_us == 0)
        down->untold_us = down->last_sent_us;
}

static void run_pacer(Endpoint *endpoint)
{
    Downlink *down = &endpoint->down;
    int64_t now_us = endpoint->worker->now_us;
    PacerEntry entry;
    if (is_waiting_for_news(endpoint, now_us) || is_gone(endpoint, now_us))
        return; /* the next tick looks again */
    while (pacer_next(&down->pacer, now_us, &entry))
        send_entry(endpoint, &entry);
    downlink_wake(endpoint, pacer_due_us(&down->pacer, now_us));
}

void downlink_wake(Endpoint *endpoint, int64_t at_us)
{
    endpoint->down.due_us = MIN(endpoint->down.due_us, at_us);
    endpoint->worker->next_scan_us = MIN(endpoint->worker->next_scan_us, at_us);
}

void downlink_queue(Endpoint *endpoint, const PacerEntry *entry)
{
    if (pacer_push(&endpoint->down.pacer, entry, endpoint->worker->now_us))
        run_pacer(endpoint);
}

void downlink_note_sent(Endpoint *endpoint, unsigned section, uint16_t key)
{
    uint16_t sequence = (uint16_t)(endpoint->rtcp.transport_sequence - 1);
    endpoint->down.sent[sequence % DOWNLINK_SENT] = (DownlinkSent){
        .sequence = sequence, .key = key, .section = (uint8_t)section, .is_used = true};
}

/* Pictures' packets that the client has not got go out again before it asks: feedback tells of the
 * packet after the gap sooner than the picture's own next one does, and a NACK may be lost. */
static void repair(Endpoint *endpoint, const RtcpTwccStatus *statuses, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const DownlinkSent *sent = &endpoint->down.sent[statuses[i].sequence % DOWNLINK_SENT];
        Slot *slot = sent->is_used ? endpoint->slots[sent->section] : NULL;
        if (!statuses[i].received && slot && sent->sequence == statuses[i].sequence)
            slot_video_repair_key(slot, sent->key);
    }
}

void downlink_run(Endpoint *endpoint)
{
    endpoint->down.due_us = INT64_MAX;
    if (!transmit_is_possible(endpoint))
        return;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        Slot *slot = endpoint->slots[i];
        if (slot && slot->audio)
            slot_audio_tick(slot);
    }
    run_pacer(endpoint);
}

static void want_key_frames(Endpoint *endpoint)
{
    uint32_t wanted = pacer_key_frames_wanted(&endpoint->down.pacer);
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        Slot *slot = endpoint->slots[i];
        if (slot && slot->kind == MEDIA_KIND_VIDEO && (wanted & 1U << i))
            slot_video_want_key_frame(slot);
    }
}

void downlink_tick(Endpoint *endpoint)
{
    Downlink *down = &endpoint->down;
    int64_t now_us = endpoint->worker->now_us;
    if (now_us < down->next_tick_us || !transmit_is_possible(endpoint))
        return;
    down->next_tick_us = now_us + TICK_US;
    send_rate_tick(down->rate, now_us);
    if (now_us >= down->next_update_us)
        downlink_update(endpoint);
    SendProbe probe;
    if (send_rate_probe(down->rate, now_us, &probe))
        pacer_start_probe(&down->pacer, probe.rate_bps, probe.n_bytes, now_us);
    want_key_frames(endpoint);
    downlink_run(endpoint);
}

void downlink_on_feedback(Endpoint *endpoint, const RtcpTwccStatus *statuses, size_t n)
{
    Downlink *down = &endpoint->down;
    int64_t now_us = endpoint->worker->now_us;
    bool was_silent = down->heard_us != 0 && now_us - down->heard_us > SILENCE_US;
    int64_t every_us = now_us - down->heard_us;
    if (down->heard_us != 0 && every_us < SILENCE_US)
        down->heard_every_us += (every_us - down->heard_every_us) / HEARD_SMOOTHING;
    down->heard_us = now_us;
    int64_t rtt_us = send_rate_on_feedback(down->rate, statuses, n, now_us);
    if (rtt_us > 0)
        down->heard_of_us = MAX(down->heard_of_us, now_us - rtt_us);
    down->untold_us = down->last_sent_us > down->heard_of_us ? now_us : 0;
    uplink_on_round_trip(&endpoint->up.uplink, rtt_us, now_us);
    downlink_update(endpoint);
    if (was_silent)
        downlink_refresh(endpoint);
    else
        repair(endpoint, statuses, n);
}

void downlink_refresh(Endpoint *endpoint)
{
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        if (endpoint->slots[i])
            slot_video_want_key_frame(endpoint->slots[i]);
    }
}

uint8_t downlink_loss_q8(const Endpoint *endpoint)
{
    SendRateView view;
    send_rate_view(endpoint->down.rate, &view);
    return view.loss_q8;
}

uint32_t downlink_seen_bps(const Endpoint *endpoint)
{
    SendRateView view;
    send_rate_view(endpoint->down.rate, &view);
    return view.has_feedback ? view.target_bps : 0;
}
