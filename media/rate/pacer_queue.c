// SPDX-License-Identifier: Apache-2.0
#include "media/rate/pacer_queue.h"

#include "media/rtp/sequence.h"

#include <glib.h>

enum {
    /* A frame leaves at 1.12 times what the link carries, a key frame at 1.5 (libwebrtc's 2.5 puts
     * a whole key frame into a thin link's queue, in front of sound and repairs; tests/sim,
     * "steady-150": p95 of that queue is 170 ms at 1.25, 105 at 1.12)... */
    FACTOR_PERCENT = 112,
    KEY_FACTOR_PERCENT = 150,
    LEAST_FACTOR_PERCENT = 107,
    /* ...but so that of a long backlog at most this much stands in the link's queue at the end. */
    LINK_QUEUE_US = 80 * 1000,
    TURN_AHEAD_MAX = 2 * PACER_PACKET_MAX, /* of what a slot has had it is remembered so much */
    KEY_DELAY_US = 100 * 1000, /* a key frame does not stand behind more than this of its slot */
    KEY_ROOM_US = 100 * 1000,  /* a queue with room for a key frame */
};

static int64_t duration_us(const Pacer *pacer, size_t n_bytes)
{
    return (int64_t)n_bytes * 8 * PACER_BIT / MAX(pacer->target_bps, 1);
}

int64_t pacer_queue_us(const Pacer *pacer)
{
    return duration_us(pacer, pacer->video_bytes + pacer->rtx_bytes);
}

/* The factor F at which a backlog of B leaves B * (1 - 1 / F) in the link's queue. B is the largest
 * since the queue was last empty. */
void pacer_queue_set_rate(Pacer *pacer)
{
    int64_t backlog_us = duration_us(pacer, pacer->peak_bytes);
    int64_t percent = pacer->peak_has_key ? KEY_FACTOR_PERCENT : FACTOR_PERCENT;
    if (backlog_us > LINK_QUEUE_US)
        percent = MIN(percent, 100 * backlog_us / (backlog_us - LINK_QUEUE_US));
    percent = MAX(percent, LEAST_FACTOR_PERCENT);
    pacer->rate_bps = (uint32_t)MIN(pacer->target_bps * percent / 100, UINT32_MAX);
}

PacerEntry *pacer_queue_at(Pacer *pacer, unsigned index)
{
    return &pacer->video[(pacer->video_head + index) % PACER_VIDEO_PACKETS];
}

static bool is_started(const Pacer *pacer, const PacerEntry *entry)
{
    const PacerSlot *slot = &pacer->slots[entry->slot];
    return slot->has_sent && slot->sent_timestamp == entry->timestamp;
}

bool pacer_queue_is_key(const Pacer *pacer, const PacerEntry *entry)
{
    const PacerSlot *slot = &pacer->slots[entry->slot];
    return entry->starts_key_frame || (slot->has_key && slot->key_timestamp == entry->timestamp);
}

static void note_backlog(Pacer *pacer, bool has_key)
{
    pacer->peak_bytes = MAX(pacer->peak_bytes, pacer->video_bytes + pacer->rtx_bytes);
    pacer->peak_has_key = pacer->peak_has_key || has_key;
    pacer_queue_set_rate(pacer);
}

/* The last packet of a key frame has left: what stands behind it is in no such haste. */
void pacer_queue_note_key_end(Pacer *pacer)
{
    for (unsigned i = 0; i < pacer->n_video; i++) {
        if (pacer_queue_is_key(pacer, pacer_queue_at(pacer, i)))
            return;
    }
    pacer->peak_has_key = false;
    pacer_queue_set_rate(pacer);
}

static void note_empty(Pacer *pacer)
{
    if (pacer->n_video > 0 || pacer->n_rtx > 0)
        return;
    pacer->peak_bytes = 0;
    pacer->peak_has_key = false;
    pacer_queue_set_rate(pacer);
}

/* How long a packet of ENTRY's slot will wait: others have their turns as often as it, no more. Key
 * frames stand in line: two that took turns would both come too late. */
static int64_t wait_us(const Pacer *pacer, const PacerEntry *entry)
{
    if (pacer_queue_is_key(pacer, entry))
        return pacer_queue_us(pacer);
    const PacerSlot *slot = &pacer->slots[entry->slot];
    int64_t turn = slot->turn + (int64_t)slot->video_bytes + entry->wire_bytes;
    int64_t n_bytes = (int64_t)(pacer->rtx_bytes + slot->video_bytes);
    for (unsigned i = 0; i < PACER_MAX_SLOTS && slot->video_bytes < pacer->video_bytes; i++) {
        const PacerSlot *other = &pacer->slots[i];
        if (other != slot)
            n_bytes += CLAMP(turn - other->turn, 0, (int64_t)other->video_bytes);
    }
    return duration_us(pacer, (size_t)n_bytes);
}

/* SLOT had nothing queued: it comes in beside the one that has had least, or somewhat behind if it
 * has just had its turn; what it did not take before is gone. Without that memory small packets, of
 * which one is there again as soon as the last has left, would stand in front of another slot's
 * large one for ever. */
static void come_in(Pacer *pacer, PacerSlot *slot)
{
    int64_t least = INT64_MAX;
    for (unsigned i = 0; i < PACER_MAX_SLOTS && pacer->video_bytes > 0; i++) {
        if (pacer->slots[i].video_bytes > 0)
            least = MIN(least, pacer->slots[i].turn);
    }
    if (least != INT64_MAX)
        slot->turn = CLAMP(slot->turn, least, least + TURN_AHEAD_MAX);
}

static void take_out(Pacer *pacer, const PacerEntry *entry)
{
    pacer->video_bytes -= entry->wire_bytes;
    pacer->slots[entry->slot].video_bytes -= entry->wire_bytes;
}

/* What drop_frames() takes out of the queue. */
typedef struct {
    unsigned slot;
    unsigned n_before; /* of the first so many entries */
    uint8_t min_temporal_id;
    bool with_started;
    const PacerEntry *spared; /* its frame stays; may be NULL */
} DropRule;

static void drop_frames(Pacer *pacer, const DropRule *rule)
{
    bool has_last = false;
    uint32_t last = 0;
    for (unsigned i = 0; i < rule->n_before; i++) {
        PacerEntry *entry = pacer_queue_at(pacer, i);
        if (entry->wire_bytes == 0 || entry->slot != rule->slot ||
            entry->temporal_id < rule->min_temporal_id ||
            (!rule->with_started && is_started(pacer, entry)) ||
            (rule->spared != NULL && rule->spared->timestamp == entry->timestamp))
            continue;
        if (!has_last || entry->timestamp != last)
            pacer->n_dropped_frames++;
        has_last = true;
        last = entry->timestamp;
        take_out(pacer, entry);
        entry->wire_bytes = 0;
    }
}

/* Cuts the slot's picture off: its frames go, up to the newest key frame if one is queued behind
 * the head and none of it has left; else nothing is taken before the next. */
static void cut_off(Pacer *pacer, unsigned slot, bool with_started)
{
    unsigned n_before = pacer->n_video;
    bool has_key = false;
    for (unsigned i = pacer->n_video; i > 1 && !has_key; i--) {
        const PacerEntry *entry = pacer_queue_at(pacer, i - 1);
        if (entry->wire_bytes != 0 && entry->slot == slot && entry->starts_key_frame &&
            !is_started(pacer, entry)) {
            n_before = i - 1;
            has_key = true;
        }
    }
    drop_frames(pacer,
                &(DropRule){.slot = slot, .n_before = n_before, .with_started = with_started});
    if (!has_key)
        pacer->awaiting |= UINT32_C(1) << slot;
}

static void drop_layers(Pacer *pacer, unsigned slot, uint8_t min_temporal_id)
{
    drop_frames(
        pacer,
        &(DropRule){.slot = slot, .n_before = pacer->n_video, .min_temporal_id = min_temporal_id});
    PacerSlot *s = &pacer->slots[slot];
    s->max_temporal_id = MIN(s->max_temporal_id, (uint8_t)(min_temporal_id - 1));
}

/* The frame of ENTRY is refused, all its packets. */
static bool leave_out(Pacer *pacer, const PacerEntry *entry)
{
    PacerSlot *slot = &pacer->slots[entry->slot];
    if (!slot->has_left_out || slot->left_out_timestamp != entry->timestamp)
        pacer->n_dropped_frames++;
    slot->has_left_out = true;
    slot->left_out_timestamp = entry->timestamp;
    return false;
}

static bool admit_key_frame(Pacer *pacer, const PacerEntry *entry)
{
    PacerSlot *slot = &pacer->slots[entry->slot];
    if (wait_us(pacer, entry) > KEY_DELAY_US)
        drop_frames(pacer,
                    &(DropRule){.slot = entry->slot, .n_before = pacer->n_video, .spared = entry});
    if (wait_us(pacer, entry) > PACER_STARTED_LIMIT_US) {
        pacer->awaiting |= UINT32_C(1) << entry->slot;
        return leave_out(pacer, entry);
    }
    pacer->awaiting &= ~(UINT32_C(1) << entry->slot);
    slot->has_key = true;
    slot->key_timestamp = entry->timestamp;
    slot->max_temporal_id = PACER_ALL_LAYERS;
    slot->has_left_out = false;
    return true;
}

/* A frame that is not a key frame, at its first packet. */
static bool admit_frame(Pacer *pacer, const PacerEntry *entry)
{
    PacerSlot *slot = &pacer->slots[entry->slot];
    if (entry->temporal_id > slot->max_temporal_id) {
        if (!entry->layer_sync)
            return leave_out(pacer, entry);
        slot->max_temporal_id = entry->temporal_id;
    }
    if (entry->temporal_id > 0) {
        if (wait_us(pacer, entry) <= PACER_LAYER_LIMIT_US)
            return true;
        slot->max_temporal_id = (uint8_t)(entry->temporal_id - 1);
        return leave_out(pacer, entry);
    }
    if (wait_us(pacer, entry) > PACER_QUEUE_LIMIT_US)
        drop_layers(pacer, entry->slot, 1);
    if (wait_us(pacer, entry) <= PACER_QUEUE_LIMIT_US)
        return true;
    pacer->awaiting |= UINT32_C(1) << entry->slot;
    return leave_out(pacer, entry);
}

static bool admit_video(Pacer *pacer, const PacerEntry *entry)
{
    PacerSlot *slot = &pacer->slots[entry->slot];
    bool awaits = pacer->awaiting & UINT32_C(1) << entry->slot;
    if (entry->starts_key_frame &&
        (awaits || !slot->has_key || entry->timestamp != slot->key_timestamp))
        return admit_key_frame(pacer, entry);
    if (awaits || (slot->has_left_out && slot->left_out_timestamp == entry->timestamp))
        return leave_out(pacer, entry);
    if (!slot->has_newest || timestamp_diff(entry->timestamp, slot->newest_timestamp) > 0)
        return pacer_queue_is_key(pacer, entry) || admit_frame(pacer, entry);
    /* More of the newest frame, or a late packet that was repaired on its way here. */
    return entry->timestamp == slot->newest_timestamp ||
           wait_us(pacer, entry) <= PACER_QUEUE_LIMIT_US;
}

/* No place for a packet of a frame: the rest of it is worth nothing. */
static bool refuse_full(Pacer *pacer, const PacerEntry *entry)
{
    if (entry->temporal_id > 0)
        drop_layers(pacer, entry->slot, entry->temporal_id);
    else
        cut_off(pacer, entry->slot, true);
    return leave_out(pacer, entry);
}

/* The place behind FROM where each other slot has had as many bytes as this one will have. */
static unsigned place_in_turn(Pacer *pacer, const PacerEntry *entry, unsigned from)
{
    const PacerSlot *slot = &pacer->slots[entry->slot];
    int64_t turn = slot->turn + (int64_t)slot->video_bytes + entry->wire_bytes;
    int64_t before[PACER_MAX_SLOTS] = {0};
    for (unsigned i = 0; i < pacer->n_video; i++) {
        const PacerEntry *at = pacer_queue_at(pacer, i);
        before[at->slot] += at->wire_bytes;
        if (i >= from && pacer->slots[at->slot].turn + before[at->slot] > turn)
            return i;
    }
    return pacer->n_video;
}

/* Makes a place for ENTRY in front of those packets of its slot that come after it: one that was
 * repaired on its way here leaves in its turn, as what is overtaken counts as dropped. */
static PacerEntry *insert(Pacer *pacer, const PacerEntry *entry)
{
    unsigned place = pacer->n_video;
    unsigned from = 0;
    bool is_newest = true;
    for (unsigned i = pacer->n_video; i-- > 0 && from == 0;) {
        const PacerEntry *at = pacer_queue_at(pacer, i);
        if (at->slot != entry->slot || at->wire_bytes == 0)
            continue;
        if (sequence_newer(at->sequence, entry->sequence)) {
            place = i;
            is_newest = false;
        } else {
            from = i + 1;
        }
    }
    bool takes_turns = is_newest && !pacer_queue_is_key(pacer, entry);
    if (takes_turns && pacer->slots[entry->slot].video_bytes < pacer->video_bytes)
        place = place_in_turn(pacer, entry, from);
    for (unsigned i = pacer->n_video++; i > place; i--)
        *pacer_queue_at(pacer, i) = *pacer_queue_at(pacer, i - 1);
    return pacer_queue_at(pacer, place);
}

bool pacer_queue_push_video(Pacer *pacer, const PacerEntry *entry, int64_t now_us)
{
    PacerSlot *slot = &pacer->slots[entry->slot];
    if (slot->video_bytes == 0)
        come_in(pacer, slot);
    if (!admit_video(pacer, entry))
        return false;
    if (pacer->n_video == PACER_VIDEO_PACKETS)
        return refuse_full(pacer, entry);
    PacerEntry *place = insert(pacer, entry);
    *place = *entry;
    place->queued_us = now_us;
    pacer->video_bytes += entry->wire_bytes;
    slot->video_bytes += entry->wire_bytes;
    if (!slot->has_newest || timestamp_diff(entry->timestamp, slot->newest_timestamp) > 0) {
        slot->has_newest = true;
        slot->newest_timestamp = entry->timestamp;
    }
    note_backlog(pacer, pacer_queue_is_key(pacer, entry));
    return true;
}

bool pacer_queue_push_rtx(Pacer *pacer, const PacerEntry *entry, int64_t now_us)
{
    if (pacer->n_rtx == PACER_RTX_PACKETS)
        return false;
    PacerEntry *place = &pacer->rtx[(pacer->rtx_head + pacer->n_rtx++) % PACER_RTX_PACKETS];
    *place = *entry;
    place->queued_us = now_us;
    pacer->rtx_bytes += entry->wire_bytes;
    note_backlog(pacer, false);
    return true;
}

void pacer_queue_pop_video(Pacer *pacer)
{
    take_out(pacer, pacer_queue_at(pacer, 0));
    pacer->video_head = (pacer->video_head + 1) % PACER_VIDEO_PACKETS;
    pacer->n_video--;
    note_empty(pacer);
}

void pacer_queue_pop_rtx(Pacer *pacer)
{
    pacer->rtx_bytes -= pacer->rtx[pacer->rtx_head].wire_bytes;
    pacer->rtx_head = (pacer->rtx_head + 1) % PACER_RTX_PACKETS;
    pacer->n_rtx--;
    note_empty(pacer);
}

static int64_t limit_us(const Pacer *pacer, const PacerEntry *entry)
{
    if (pacer_queue_is_key(pacer, entry))
        return PACER_KEY_LIMIT_US;
    if (is_started(pacer, entry))
        return PACER_STARTED_LIMIT_US;
    return entry->temporal_id > 0 ? PACER_LAYER_LIMIT_US : PACER_QUEUE_LIMIT_US;
}

/* Drops what has waited too long, until a packet that may leave stands at the head. */
void pacer_queue_expire(Pacer *pacer, int64_t now_us)
{
    while (pacer->n_rtx > 0 &&
           now_us - pacer->rtx[pacer->rtx_head].queued_us > PACER_QUEUE_LIMIT_US)
        pacer_queue_pop_rtx(pacer);
    while (pacer->n_video > 0) {
        const PacerEntry *head = pacer_queue_at(pacer, 0);
        if (head->wire_bytes != 0) {
            if (now_us - head->queued_us <= limit_us(pacer, head))
                return;
            if (head->temporal_id > 0 && !is_started(pacer, head))
                drop_layers(pacer, head->slot, head->temporal_id);
            else
                cut_off(pacer, head->slot, true);
        }
        pacer_queue_pop_video(pacer);
    }
}

/* What a key frame of SLOT would wait for: key frames in line, what is left of its own picture.
 * Others' frames take turns with it. */
static int64_t wait_for_room_us(Pacer *pacer, unsigned slot)
{
    size_t n_bytes = pacer->rtx_bytes;
    for (unsigned i = 0; i < pacer->n_video; i++) {
        const PacerEntry *entry = pacer_queue_at(pacer, i);
        if (entry->slot == slot || pacer_queue_is_key(pacer, entry))
            n_bytes += entry->wire_bytes;
    }
    return duration_us(pacer, n_bytes);
}

uint32_t pacer_key_frames_wanted(Pacer *pacer)
{
    uint32_t wanted = 0;
    for (unsigned slot = 0; slot < PACER_MAX_SLOTS && pacer->awaiting >> slot != 0; slot++) {
        uint32_t bit = UINT32_C(1) << slot;
        if (pacer->awaiting & bit && wait_for_room_us(pacer, slot) <= KEY_ROOM_US)
            wanted |= bit;
    }
    return wanted;
}

void pacer_flush_slot(Pacer *pacer, unsigned slot)
{
    g_assert(slot < PACER_MAX_SLOTS);
    drop_frames(pacer, &(DropRule){.slot = slot, .n_before = pacer->n_video, .with_started = true});
    unsigned n = pacer->n_rtx;
    for (unsigned i = 0; i < n; i++) {
        PacerEntry entry = pacer->rtx[pacer->rtx_head];
        pacer_queue_pop_rtx(pacer);
        if (entry.slot != slot)
            pacer_queue_push_rtx(pacer, &entry, entry.queued_us);
    }
    n = 0;
    for (unsigned i = 0; i < pacer->n_again; i++) {
        if (pacer->again[i].slot != slot)
            pacer->again[n++] = pacer->again[i];
    }
    pacer->n_again = n;
    pacer->slots[slot] = (PacerSlot){.max_temporal_id = PACER_ALL_LAYERS};
    pacer->awaiting &= ~(UINT32_C(1) << slot);
}
