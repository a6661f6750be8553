// SPDX-License-Identifier: Apache-2.0
#include "media/rate/pacer.h"

#include "media/rate/pacer_queue.h"

#include <glib.h>

enum {
    BURST_US = 5 * 1000,         /* what may be saved up */
    PAID_BACK_US = 120 * 1000,   /* of what a probe sent beyond the target, at most */
    RTX_AHEAD_US = 80 * 1000,    /* a repair is waited for already: so much debt does not hold it */
    AGAIN_ROOM_US = 60 * 1000,   /* with less than this queued it goes a second time, ... */
    AGAIN_AFTER_US = 40 * 1000,  /* not in the same run of losses, ... */
    AGAIN_LIMIT_US = 150 * 1000, /* and before the receiver has asked again itself */
    DEBT_US = 500 * 1000,        /* sound may run ahead by this much, more is forgotten */
    ELAPSED_MAX_US = 10 * 1000 * 1000, /* pays off any debt */
    PROBE_LIMIT_US = 1000 * 1000,      /* as send_rate_probe() has it */
    PROBE_PACKETS = 5,                 /* a probe is at least so many */
    PADDING_MIN = 80,
    PADDING_MAX = 1200,
};

void pacer_init(Pacer *pacer, uint32_t target_bps, int64_t now_us)
{
    *pacer = (Pacer){.target_bps = target_bps, .updated_us = now_us};
    pacer_queue_set_rate(pacer);
    for (unsigned i = 0; i < PACER_MAX_SLOTS; i++)
        pacer->slots[i].max_temporal_id = PACER_ALL_LAYERS;
}

static uint32_t rate_now(const Pacer *pacer)
{
    return MAX(MAX(pacer->rate_bps, pacer->probe_bps), 1);
}

/* Pays off the debt for the time that has passed. */
static void advance(Pacer *pacer, int64_t now_us)
{
    int64_t elapsed_us = CLAMP(now_us - pacer->updated_us, 0, ELAPSED_MAX_US);
    int64_t rate = rate_now(pacer);
    int64_t most = MAX(DEBT_US * rate, PACER_PACKET_MAX * 8 * PACER_BIT);
    pacer->debt = CLAMP(pacer->debt - elapsed_us * rate, -BURST_US * rate, most);
    pacer->updated_us = MAX(now_us, pacer->updated_us);
}

/* What a probe sent beyond the target stands in the link's queue, in front of sound and repairs:
 * pictures wait until it has left, though not longer than for a frame. */
static void end_probe(Pacer *pacer)
{
    int64_t elapsed_us = MAX(pacer->updated_us - pacer->probe_from_us, 0);
    int64_t beyond = (int64_t)pacer->probe_spent * 8 * PACER_BIT - elapsed_us * pacer->target_bps;
    beyond = MIN(beyond, (int64_t)PAID_BACK_US * pacer->target_bps);
    pacer->probe_bps = 0;
    pacer->debt = MAX(pacer->debt, beyond);
}

static void spend(Pacer *pacer, size_t wire_bytes)
{
    pacer->debt += (int64_t)wire_bytes * 8 * PACER_BIT;
    if (pacer->probe_bps == 0)
        return;
    pacer->probe_bytes -= (int64_t)wire_bytes;
    pacer->probe_spent += wire_bytes;
    if (pacer->probe_bytes <= 0)
        end_probe(pacer);
}

void pacer_set_target(Pacer *pacer, uint32_t target_bps, int64_t now_us)
{
    advance(pacer, now_us);
    pacer->target_bps = target_bps;
    pacer_queue_set_rate(pacer);
}

bool pacer_push(Pacer *pacer, const PacerEntry *entry, int64_t now_us)
{
    g_assert(entry->slot < PACER_MAX_SLOTS && entry->wire_bytes > 0 &&
             entry->kind != PACER_PADDING);
    advance(pacer, now_us);
    return entry->kind == PACER_RTX ? pacer_queue_push_rtx(pacer, entry, now_us)
                                    : pacer_queue_push_video(pacer, entry, now_us);
}

/* A repair that has left is worth a second copy where little else wants to leave: one that is lost
 * as well stops the picture for a round trip more (tests/sim, "loss-150"). */
static void plan_again(Pacer *pacer, const PacerEntry *entry, int64_t now_us)
{
    if (pacer->n_again == PACER_AGAIN_PACKETS)
        return;
    PacerEntry *place = &pacer->again[pacer->n_again++];
    *place = *entry;
    place->queued_us = now_us;
}

static void pop_again(Pacer *pacer)
{
    pacer->n_again--;
    for (unsigned i = 0; i < pacer->n_again; i++)
        pacer->again[i] = pacer->again[i + 1];
}

static bool next_again(Pacer *pacer, int64_t now_us, PacerEntry *ret_entry)
{
    while (pacer->n_again > 0 && now_us - pacer->again[0].queued_us > AGAIN_LIMIT_US)
        pop_again(pacer);
    if (pacer->n_again == 0 || now_us - pacer->again[0].queued_us < AGAIN_AFTER_US ||
        pacer_queue_us(pacer) >= AGAIN_ROOM_US)
        return false;
    *ret_entry = pacer->again[0];
    pop_again(pacer);
    return true;
}

static bool next_padding(Pacer *pacer, int64_t now_us, PacerEntry *ret_entry)
{
    if (pacer->probe_bps == 0)
        return false;
    *ret_entry = (PacerEntry){
        .kind = PACER_PADDING,
        .queued_us = now_us,
        .wire_bytes = (uint16_t)CLAMP(pacer->probe_bytes, PADDING_MIN, (int64_t)pacer->probe_chunk),
    };
    return true;
}

static int64_t debt_allowed(const Pacer *pacer)
{
    return pacer->n_rtx > 0 ? RTX_AHEAD_US * (int64_t)rate_now(pacer) : 0;
}

bool pacer_next(Pacer *pacer, int64_t now_us, PacerEntry *ret_entry)
{
    advance(pacer, now_us);
    if (pacer->probe_bps != 0 && now_us >= pacer->probe_end_us)
        end_probe(pacer);
    pacer_queue_expire(pacer, now_us);
    if (pacer->debt > debt_allowed(pacer))
        return false;
    if (pacer->n_rtx > 0) {
        *ret_entry = pacer->rtx[pacer->rtx_head];
        pacer_queue_pop_rtx(pacer);
        plan_again(pacer, ret_entry, now_us);
    } else if (!next_again(pacer, now_us, ret_entry)) {
        if (pacer->n_video == 0)
            return next_padding(pacer, now_us, ret_entry);
        *ret_entry = *pacer_queue_at(pacer, 0);
        PacerSlot *slot = &pacer->slots[ret_entry->slot];
        slot->has_sent = true;
        slot->sent_timestamp = ret_entry->timestamp;
        slot->turn += ret_entry->wire_bytes;
        pacer_queue_pop_video(pacer);
        if (pacer->peak_has_key && pacer_queue_is_key(pacer, ret_entry))
            pacer_queue_note_key_end(pacer);
    }
    spend(pacer, ret_entry->wire_bytes);
    return true;
}

void pacer_on_padding(Pacer *pacer, size_t wire_bytes, int64_t now_us)
{
    advance(pacer, now_us);
    if (wire_bytes == 0)
        end_probe(pacer);
    else
        spend(pacer, wire_bytes);
}

void pacer_charge(Pacer *pacer, size_t wire_bytes, int64_t now_us)
{
    advance(pacer, now_us);
    spend(pacer, wire_bytes);
}

int64_t pacer_due_us(const Pacer *pacer, int64_t now_us)
{
    bool is_busy = pacer->n_video > 0 || pacer->n_rtx > 0 || pacer->probe_bps != 0;
    if (!is_busy && pacer->n_again == 0)
        return INT64_MAX;
    int64_t rate = rate_now(pacer);
    int64_t ahead = debt_allowed(pacer);
    int64_t due_us = MIN(now_us, pacer->updated_us);
    if (pacer->debt > ahead)
        due_us = pacer->updated_us + (pacer->debt - ahead + rate - 1) / rate;
    return is_busy ? due_us : MAX(due_us, pacer->again[0].queued_us + AGAIN_AFTER_US);
}

void pacer_start_probe(Pacer *pacer, uint32_t rate_bps, size_t n_bytes, int64_t now_us)
{
    advance(pacer, now_us);
    pacer->probe_bps = n_bytes > 0 ? rate_bps : 0;
    pacer->probe_bytes = (int64_t)n_bytes;
    pacer->probe_spent = 0;
    pacer->probe_from_us = now_us;
    pacer->probe_chunk = (uint16_t)CLAMP(n_bytes / PROBE_PACKETS, PADDING_MIN, PADDING_MAX);
    pacer->probe_end_us = now_us + PROBE_LIMIT_US;
    pacer->debt = MIN(pacer->debt, 0);
}

bool pacer_is_probing(const Pacer *pacer)
{
    return pacer->probe_bps != 0;
}
