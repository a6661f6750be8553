// SPDX-License-Identifier: Apache-2.0
#include "media/relay/uplink_guard.h"
#include "media/relay/feedback.h"
#include "media/relay/room.h"
#include "media/relay/transmit.h"
#include "media/relay/worker.h"
#include "media/repair/red.h"
#include "media/rtp/opus_packet.h"

enum {
    TICK_US = 50 * 1000,
    TELL_INTERVAL_US = 500 * 1000, /* a hint costs the client a set-up of its encoder */
    REMB_STEP_PERCENT = 5,
    MOST_LOSS_Q8 = 51,            /* 20 %: beyond it two copies in a row are lost too often */
    HOPELESS_LOSS_Q8 = 128,       /* half: the packet with the redundancy is gone as well */
    SPEECH_SMOOTHING = 16,        /* packets */
    FEC_SMOOTHING = 50,           /* packets */
    STEADY_US = 1200 * 1000,      /* without a gap: what came in a second is what was sent */
    SCREEN_LEAST_BPS = 45 * 1000, /* to move */
};

static const double fec_share_seen = 0.6;
static const double fec_share_kept = 0.3;

void uplink_guard_init(Endpoint *endpoint, uint32_t start_bps)
{
    endpoint->up.start_bps = start_bps;
    uplink_init(&endpoint->up.uplink, start_bps, endpoint->worker->now_us);
}

static void note_speech(Layer *layer, const OpusPacket *opus, size_t payload_size)
{
    if (opus->silent || opus->n_samples == 0)
        return;
    int64_t bps = (int64_t)payload_size * 8 * OPUSPKT_CLOCK_RATE / opus->n_samples;
    int64_t old_bps = layer->speech_bps;
    layer->speech_bps =
        (uint32_t)(old_bps == 0 ? bps : old_bps + (bps - old_bps) / SPEECH_SMOOTHING);
}

/* Not of pauses: unvoiced and quiet frames have no redundancy (libopus leaves it out). */
static void note_fec(UplinkGuard *guard, const uint8_t *data, size_t size, const OpusPacket *opus)
{
    if (!opuspkt_has_voice(data, size, opus))
        return;
    double has_fec = opuspkt_has_fec(data, size, opus) ? 1 : 0;
    guard->fec_share += (has_fec - guard->fec_share) / FEC_SMOOTHING;
    guard->has_fec = guard->fec_share >= (guard->has_fec ? fec_share_kept : fec_share_seen);
}

void uplink_guard_on_packet(Layer *layer, const uint8_t *packet, size_t size,
                            const RtpHeader *header)
{
    Endpoint *endpoint = layer->source->endpoint;
    UplinkGuard *guard = &endpoint->up;
    int64_t now_us = endpoint->worker->now_us;
    size_t wire_bytes = transmit_wire_bytes(endpoint, size + TRANSMIT_TAG_BYTES);
    if (layer->source->kind == MEDIA_KIND_VIDEO) {
        meter_add(&guard->video, wire_bytes, now_us);
        if (header->ssrc == layer->ssrc)
            send_clock_note(&layer->send_clock, header->timestamp, now_us);
        if (header->ssrc == layer->ssrc)
            uplink_on_video(&guard->uplink, header->timestamp, wire_bytes, now_us);
        else
            uplink_on_rtx(&guard->uplink, wire_bytes, now_us);
        return;
    }
    meter_add(&guard->audio, wire_bytes, now_us);
    OpusPacket opus;
    RedBlock primary = {.data = packet + header->payload_offset, .size = header->payload_size};
    uint32_t end = header->timestamp;
    bool is_red = header->payload_type == layer->source->codec.red_payload_type;
    if (header->ssrc == layer->ssrc)
        uplink_red_on_packet(&guard->red, header->sequence);
    if ((!is_red || red_primary(primary.data, primary.size, &primary) == RED_OK) &&
        opuspkt_parse(primary.data, primary.size, &opus) == OPUSPKT_OK) {
        end += opus.n_samples;
        note_speech(layer, &opus, primary.size);
        note_fec(guard, primary.data, primary.size, &opus);
    }
    uplink_on_audio(&guard->uplink, end, wire_bytes, now_us);
}

void uplink_guard_retire(const Layer *layer)
{
    UplinkGuard *guard = &layer->source->endpoint->up;
    uint64_t lost = rtp_stats_lost(&layer->stats);
    guard->lost_before += lost;
    guard->expected_before += lost + rtp_stats_received(&layer->stats);
    if (layer->source->kind == MEDIA_KIND_AUDIO) {
        uplink_restart_audio(&guard->uplink);
        uplink_red_restart(&guard->red);
    }
}

static bool takes_red(const Endpoint *endpoint)
{
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const Source *source = endpoint->sources[i];
        if (source && source->kind == MEDIA_KIND_AUDIO && source->codec.red_payload_type >= 0)
            return true;
    }
    return false;
}

static void tick_uplink(Endpoint *endpoint)
{
    UplinkGuard *guard = &endpoint->up;
    uint64_t expected = guard->expected_before;
    uint64_t lost = guard->lost_before;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const Source *source = endpoint->sources[i];
        for (unsigned k = 0; source && k < source->n_layers; k++) {
            uint64_t layer_lost = rtp_stats_lost(&source->layers[k].stats);
            lost += layer_lost;
            expected += layer_lost + rtp_stats_received(&source->layers[k].stats);
        }
    }
    int64_t now_us = endpoint->worker->now_us;
    uplink_tick(&guard->uplink, expected, lost, endpoint->rtt_us, now_us);
}

/* What RECEIVER's loss counts for its senders, all of whose receivers pay for it with half of the
 * sound's bandwidth: not more than is made up for by what a sender can do, and nothing where that
 * is in vain, or a lie. */
static uint8_t told_loss_q8(const Endpoint *receiver)
{
    uint8_t loss_q8 = downlink_loss_q8(receiver);
    return loss_q8 >= HOPELESS_LOSS_Q8 ? 0 : MIN(loss_q8, (uint8_t)MOST_LOSS_Q8);
}

/* How long the sender's pictures wait in its browser: what stands in the link's queue comes on top.
 */
static int64_t send_lag_us(const Endpoint *endpoint)
{
    int64_t now_us = endpoint->worker->now_us;
    int64_t lag_us = 0;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        const Source *source = endpoint->sources[i];
        for (unsigned k = 0; source && k < source->n_layers; k++)
            lag_us = MAX(lag_us, send_clock_lag_us(&source->layers[k].send_clock, now_us));
    }
    return MAX(lag_us - uplink_queue_us(&endpoint->up.uplink, now_us), 0);
}

/* The most that pictures are to take, as those before wait there; 0: no limit. */
static uint32_t limit_waiting(Endpoint *endpoint, bool is_screen)
{
    UplinkGuard *guard = &endpoint->up;
    int64_t now_us = endpoint->worker->now_us;
    bool is_steady = now_us - guard->uplink.hiccup_us > STEADY_US &&
                     now_us - guard->uplink.stalled_us > STEADY_US;
    uint32_t most_bps = send_lag_limit(&guard->send_lag, send_lag_us(endpoint),
                                       meter_bps(&guard->video, now_us), is_steady, now_us);
    return most_bps > 0 && is_screen ? MAX(most_bps, (uint32_t)SCREEN_LEAST_BPS) : most_bps;
}

static void restart_send_lag(Endpoint *endpoint)
{
    endpoint->up.send_lag = (SendLag){0};
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        Source *source = endpoint->sources[i];
        for (unsigned k = 0; source && k < source->n_layers; k++)
            source->layers[k].send_clock = (SendClock){0};
    }
}

/* What the receivers can take and the own link carries, as one hint. */
static void combine(Endpoint *endpoint)
{
    UplinkGuard *guard = &endpoint->up;
    AllocatorWish wishes[LIMIT_ROOM_ENDPOINTS];
    size_t n = 0;
    guard->worst_loss_q8 = 0;
    for (unsigned i = 0; i < endpoint->room->endpoints->len; i++) {
        const Endpoint *receiver = g_ptr_array_index(endpoint->room->endpoints, i);
        if (!transmit_is_possible(receiver) || n == G_N_ELEMENTS(wishes) ||
            !downlink_wish(receiver, endpoint, &wishes[n]))
            continue;
        n++;
        guard->worst_loss_q8 = MAX(guard->worst_loss_q8, told_loss_q8(receiver));
    }
    int64_t now_us = endpoint->worker->now_us;
    const UplinkHintInput input = {
        .wishes = wishes,
        .n = n,
        .rtt_us = endpoint->rtt_us,
        .is_asked_in_time = lateness_is_asked_in_time(endpoint),
        .takes_red = takes_red(endpoint),
        .has_fec = guard->has_fec,
        .came_bps = meter_bps(&guard->video, now_us),
        .most_video_bps = limit_waiting(endpoint, hint_is_screen(wishes, n)),
    };
    uplink_hint_combine(&guard->own, &guard->uplink, &guard->red, &input, now_us, &guard->hint);
    lateness_update(endpoint, &guard->hint);
    guard->hint.jitter_video_ms = lateness_update_video(endpoint);
}

static void tell(Endpoint *endpoint)
{
    UplinkGuard *guard = &endpoint->up;
    Worker *worker = endpoint->worker;
    if (guard->has_told && (worker->now_us - guard->told_us < TELL_INTERVAL_US ||
                            !hint_differs(&guard->told, &guard->hint)))
        return;
    guard->has_told = true;
    guard->told = guard->hint;
    guard->was_asked_reach = guard->was_asked_reach || guard->hint.audio_reach > 0;
    guard->told_us = worker->now_us;
    WorkerEvent *event = worker_event_new(WORKER_EVENT_HINT, endpoint->id, worker_wall_ms(worker));
    event->value.hint = guard->hint;
    worker_emit(worker, event);
}

/* Without a picture there is nothing for the browser's estimate to be capped for; a low cap would
 * only be what it has to climb from later. */
static uint32_t remb_of(const UplinkGuard *guard)
{
    return guard->hint.video_bps > 0 ? guard->own.wire_bps : uplink_cap_bps(&guard->uplink);
}

static void cap(Endpoint *endpoint)
{
    UplinkGuard *guard = &endpoint->up;
    uint32_t bps = remb_of(guard);
    uint64_t step = (uint64_t)guard->remb_bps * REMB_STEP_PERCENT / 100;
    bool is_near = bps <= guard->remb_bps + step && bps + step >= guard->remb_bps;
    if (!is_near && feedback_cap(endpoint, bps))
        guard->remb_bps = bps;
}

void uplink_guard_start(Endpoint *endpoint)
{
    uplink_guard_init(endpoint, endpoint->up.start_bps);
    combine(endpoint);
    tell(endpoint);
}

void uplink_guard_restart(Endpoint *endpoint, uint32_t start_bps)
{
    UplinkGuard *guard = &endpoint->up;
    guard->start_bps = start_bps;
    guard->red = (UplinkRed){0};
    guard->video_lateness = (VideoLateness){0};
    restart_send_lag(endpoint);
    guard->has_told = false; /* at once */
    uplink_guard_start(endpoint);
    /* What was on its way to the old address is no loss of this link. */
    guard->uplink.stalled_us = endpoint->worker->now_us;
}

void uplink_guard_tick(Endpoint *endpoint)
{
    UplinkGuard *guard = &endpoint->up;
    int64_t now_us = endpoint->worker->now_us;
    if (now_us < guard->next_tick_us || !transmit_is_possible(endpoint))
        return;
    guard->next_tick_us = now_us + TICK_US;
    tick_uplink(endpoint);
    combine(endpoint);
    tell(endpoint);
    cap(endpoint);
}
