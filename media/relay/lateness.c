// SPDX-License-Identifier: Apache-2.0
#include "media/relay/lateness.h"
#include "media/relay/downlink.h"
#include "media/relay/feedback.h"
#include "media/relay/room.h"
#include "media/relay/slot_audio.h"
#include "media/relay/worker.h"

enum {
    /* Beside the round trip: a burst of lost packets, as the gap shows at its end only. Of a sender
     * there are a request's way through the relay and the pacer of its browser too. */
    ASKED_MS = 60,
    ASKED_SENDER_MS = 75,
    COPY_MS = 20,
    REACH_MS = 160, /* audio_red_reach() */
    SECOND_SEND_MS = 40,
    STEP_MS = 20,
    HOLD_US = 10 * 1000 * 1000, /* each change stretches or squeezes speech */
    /* A lost picture shows when the next one comes, and its repair waits in the sender's pacer:
     * with so much beside a round trip most are back before the eye has missed them (a freeze is
     * 150 ms more than usual). Sound does not wait with them: lips
     * come a quarter of a second later than what they say, which a call bears better than a picture
     * that stands for twice that every eight seconds, but no more. So on longer paths there is no
     * waiting, on short ones nothing to wait for. */
    VIDEO_MS = 80,
    VIDEO_LEAST_RTT_MS = 80,
    VIDEO_MOST_RTT_MS = 240,
    VIDEO_STEP_MS = 40, /* the round trip breathes with the queue */
    VIDEO_HOLD_US = 60 * 1000 * 1000,
    VIDEO_SMOOTH_US = 15 * 1000 * 1000,
    VIDEO_HEARD_US = 4 * 1000 * 1000,
};

static const double LOSS_FROM = 0.01;
/* A picture that others need, every dozen seconds of a thin link. */
static const double VIDEO_LOSS_FROM = 0.0125;
/* A copy in the next packet is lost with its original where losses come in longer runs (tenths). */
static const double RUN_X10 = 15;

static const Source *sound_of(const Endpoint *sender)
{
    for (unsigned i = 0; i < sender->plan.n_sections; i++) {
        const Source *source = sender->sources[i];
        if (source && source->kind == MEDIA_KIND_AUDIO && source->n_layers > 0)
            return source;
    }
    return NULL;
}

bool lateness_is_asked_in_time(const Endpoint *sender)
{
    const Source *sound = sound_of(sender);
    return sound && sound->layers[0].nack && sender->rtt_us > 0 &&
           sender->rtt_us < FEEDBACK_SOUND_RTT_US;
}

/* What copies in later packets do for lost sound: each has to come before its own time is over. */
typedef struct {
    unsigned ms; /* 0: there are none */
    bool are_enough;
} Copies;

static Copies copies_of_sender(const Endpoint *sender)
{
    const UplinkGuard *guard = &sender->up;
    const MediaHint *hint = &guard->hint;
    /* More than is asked for comes for a moment where its packets' length changes. */
    unsigned reach_ms = MIN(uplink_red_reach_ms(&guard->red, sender->worker->now_us), REACH_MS);
    /* Opus's own redundancy: the next packet is the copy. */
    if (reach_ms == 0 && guard->own.fec_us != 0 && guard->has_fec)
        return (Copies){.ms = 2 * hint->ptime_ms + COPY_MS, .are_enough = true};
    bool is_far = hint->audio_reach > 0 && reach_ms >= hint->audio_reach * hint->ptime_ms;
    bool is_single = uplink_red_run_x10(&guard->red) < RUN_X10 && !uplink_red_is_twice(&guard->red);
    return (Copies){.ms = reach_ms > 0 ? reach_ms + hint->ptime_ms + COPY_MS : 0,
                    .are_enough = reach_ms > 0 && (is_single || is_far)};
}

/* The longest packets that anybody whom it hears was asked for. */
static unsigned sender_packet_ms(const Endpoint *receiver)
{
    unsigned ms = 0;
    for (unsigned i = 0; i < receiver->room->endpoints->len; i++) {
        const Endpoint *sender = g_ptr_array_index(receiver->room->endpoints, i);
        if (sender != receiver && endpoint_is_connected(sender))
            ms = MAX(ms, sender->up.hint.ptime_ms);
    }
    return ms;
}

/* SENT_MS: how long the packets are that come from whom it hears. */
static Copies copies_to_receiver(const Endpoint *receiver, unsigned sent_ms)
{
    const AudioChoice *choice = &receiver->down.plan.audio;
    bool is_short = receiver->down.allocator.audio.run_x10 < RUN_X10;
    /* What comes in packets longer than are merged for this receiver stays as long, and the copy is
     * in a packet of those (audio_out.c). */
    unsigned reach = choice->red_reach;
    unsigned packet_ms = MAX(choice->merge_ms, sent_ms);
    unsigned copy_ms = MAX(choice->red_distance * packet_ms, reach * choice->merge_ms);
    reach = MAX(reach, choice->red_distance);
    return (Copies){.ms = reach > 0 ? copy_ms + packet_ms + COPY_MS : 0,
                    .are_enough = reach > 0 && (is_short || choice->red_reach > 0)};
}

static unsigned asked_of_sender_ms(const Endpoint *sender)
{
    return (unsigned)(sender->rtt_us / 1000) + ASKED_SENDER_MS;
}

/* Answered only on a short path; the mean of a full queue lasts longer. */
static unsigned asked_by_receiver_ms(const Endpoint *receiver)
{
    return (unsigned)(MIN(receiver->rtt_us, FEEDBACK_SOUND_RTT_US) / 1000) + ASKED_MS;
}

bool lateness_is_worth_asking(const Endpoint *sender)
{
    Copies copies = copies_of_sender(sender);
    return sender->rtt_us < FEEDBACK_SOUND_RTT_US &&
           !(copies.are_enough && copies.ms < asked_of_sender_ms(sender));
}

bool lateness_is_worth_repairing(const Endpoint *receiver)
{
    Copies copies = copies_to_receiver(receiver, sender_packet_ms(receiver));
    return receiver->rtt_us < FEEDBACK_SOUND_RTT_US &&
           !(copies.are_enough && copies.ms < asked_by_receiver_ms(receiver));
}

static unsigned of_sender(const Endpoint *sender)
{
    if (sender->up.red.loss < LOSS_FROM)
        return 0;
    Copies copies = copies_of_sender(sender);
    return copies.are_enough || !lateness_is_asked_in_time(sender) ? copies.ms
                                                                   : asked_of_sender_ms(sender);
}

static unsigned of_receiver(const Endpoint *receiver, unsigned sent_ms)
{
    const AudioChoice *choice = &receiver->down.plan.audio;
    if (receiver->down.allocator.audio.loss < LOSS_FROM)
        return 0;
    Copies copies = copies_to_receiver(receiver, sent_ms);
    if (choice->nack && !copies.are_enough)
        return asked_by_receiver_ms(receiver);
    if (copies.ms > 0)
        return copies.ms;
    return choice->second_send ? SLOT_AUDIO_SECOND_SEND_MS + SECOND_SEND_MS : 0;
}

static unsigned held_ms(Lateness *lateness, unsigned ms, int64_t hold_us, int64_t now_us)
{
    if (ms >= lateness->ms)
        lateness->until_us = now_us + hold_us;
    if (ms > lateness->ms || now_us >= lateness->until_us)
        lateness->ms = ms;
    return lateness->ms;
}

static unsigned of_pair(const Endpoint *receiver, const Endpoint *sender)
{
    unsigned ms = MAX(of_receiver(receiver, sender->up.hint.ptime_ms), of_sender(sender));
    return (ms + STEP_MS / 2) / STEP_MS * STEP_MS;
}

/* Of one sender's sound. With another source, which may be another person's, it begins anew. */
static unsigned update_slot(Slot *slot)
{
    Endpoint *receiver = slot->endpoint;
    if (slot->lateness_of != slot->source->number)
        slot->lateness = (Lateness){0};
    slot->lateness_of = slot->source->number;
    return held_ms(&slot->lateness, of_pair(receiver, slot->source->endpoint), HOLD_US,
                   receiver->worker->now_us);
}

void lateness_update(Endpoint *endpoint, MediaHint *hint)
{
    unsigned ms = 0;
    unsigned n_senders = 0;
    for (unsigned i = 0; i < endpoint->room->endpoints->len; i++) {
        const Endpoint *sender = g_ptr_array_index(endpoint->room->endpoints, i);
        if (sender == endpoint || !endpoint_is_connected(sender))
            continue;
        ms = MAX(ms, of_pair(endpoint, sender));
        n_senders++;
    }
    hint->jitter_ms = held_ms(&endpoint->up.lateness, ms, HOLD_US, endpoint->worker->now_us);
    hint->n_holds = 0;
    for (unsigned i = 0; i < endpoint->plan.n_sections; i++) {
        Slot *slot = endpoint->slots[i];
        if (!slot || slot->kind != MEDIA_KIND_AUDIO || !slot->source)
            continue;
        unsigned slot_ms = update_slot(slot);
        /* Of one alone nothing need be said twice. */
        if (n_senders < 2 || slot_ms == hint->jitter_ms)
            continue;
        MediaHold *hold = &hint->holds[hint->n_holds++];
        hold->ms = slot_ms;
        g_strlcpy(hold->mid, endpoint->plan.sections[i].mid, sizeof hold->mid);
    }
}

/* A picture's repair over the link of RTT_US that loses LOST. In the first seconds two lost packets
 * of a few dozen are chance yet. */
static unsigned of_picture(const LossMean *lost, int64_t rtt_us)
{
    double rest = 1 - (double)lost->heard_us / VIDEO_SMOOTH_US;
    unsigned rtt_ms = (unsigned)(rtt_us / 1000);
    if (lost->heard_us < VIDEO_HEARD_US || lost->share < VIDEO_LOSS_FROM * (1 + rest) ||
        rtt_ms < VIDEO_LEAST_RTT_MS || rtt_ms > VIDEO_MOST_RTT_MS)
        return 0;
    return rtt_ms + VIDEO_MS;
}

static void loss_mean_add(LossMean *mean, double share, int64_t elapsed_us)
{
    mean->heard_us = MIN(mean->heard_us + elapsed_us, VIDEO_SMOOTH_US);
    if (mean->heard_us > 0)
        mean->share += (share - mean->share) * (double)elapsed_us / (double)mean->heard_us;
}

static void note_loss(Endpoint *endpoint)
{
    VideoLateness *lateness = &endpoint->up.video_lateness;
    int64_t now_us = endpoint->worker->now_us;
    if (lateness->updated_us != 0) {
        int64_t elapsed_us = CLAMP(now_us - lateness->updated_us, 0, VIDEO_SMOOTH_US);
        loss_mean_add(&lateness->sent, endpoint->up.uplink.loss.now, elapsed_us);
        loss_mean_add(&lateness->received, downlink_loss_q8(endpoint) / 256.0, elapsed_us);
    }
    lateness->updated_us = now_us;
}

unsigned lateness_update_video(Endpoint *endpoint)
{
    note_loss(endpoint);
    unsigned ms = 0;
    unsigned n_senders = 0;
    for (unsigned i = 0; i < endpoint->room->endpoints->len; i++) {
        const Endpoint *sender = g_ptr_array_index(endpoint->room->endpoints, i);
        if (sender == endpoint || !endpoint_is_connected(sender))
            continue;
        if (sender->up.hint.video_bps > 0 && !sender->up.hint.video_stills)
            ms = MAX(of_picture(&sender->up.video_lateness.sent, sender->rtt_us),
                     of_picture(&endpoint->up.video_lateness.received, endpoint->rtt_us));
        n_senders++;
    }
    if (n_senders > 1)
        ms = 0;
    ms = (ms + VIDEO_STEP_MS / 2) / VIDEO_STEP_MS * VIDEO_STEP_MS;
    return held_ms(&endpoint->up.video_lateness.held, ms, VIDEO_HOLD_US, endpoint->worker->now_us);
}
