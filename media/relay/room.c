// SPDX-License-Identifier: Apache-2.0
#include "media/relay/room.h"
#include "media/relay/slot_video.h"
#include "media/relay/worker.h"

#include <string.h>

Room *room_new(const char *id)
{
    Room *room = g_new0(Room, 1);
    room->id = g_strdup(id);
    room->endpoints = g_ptr_array_new();
    return room;
}

void room_free(Room *room)
{
    if (!room)
        return;
    g_ptr_array_free(room->endpoints, TRUE);
    g_free(room->id);
    g_free(room);
}

void room_add(Room *room, Endpoint *endpoint)
{
    endpoint->room = room;
    g_ptr_array_add(room->endpoints, endpoint);
}

void room_remove(Room *room, Endpoint *endpoint)
{
    endpoint->room = NULL;
    g_ptr_array_remove(room->endpoints, endpoint);
}

/* A source that may be carried to another participant's endpoint. */
static bool is_for(const Source *source, const Endpoint *receiver)
{
    const Endpoint *sender = source->endpoint;
    bool is_heard = source->kind != MEDIA_KIND_AUDIO || !sender->is_muted;
    return sender->state != MEDIA_ENDPOINT_FAILED && !sender->is_on_hold && !receiver->is_on_hold &&
           is_heard && sender->circle == receiver->circle &&
           strcmp(sender->participant_id, receiver->participant_id) != 0;
}

static bool has_source(const Endpoint *receiver, const Source *source)
{
    for (unsigned i = 0; i < MEDIA_MAX_SECTIONS; i++) {
        if (receiver->slots[i] && receiver->slots[i]->source == source)
            return true;
    }
    return false;
}

static void drop_unfit(Endpoint *receiver)
{
    for (unsigned i = 0; i < MEDIA_MAX_SECTIONS; i++) {
        Slot *slot = receiver->slots[i];
        if (slot && slot->source &&
            (!slot->is_enabled || !is_for(slot->source, receiver) ||
             !plan_can_carry(&slot->source->codec, &slot->codec)))
            slot_detach(slot);
    }
}

/* An empty slot of the kind; else, for a source whose client is there, one whose client is silent
 * (a reload before the old connection is given up). */
static Slot *place_for(const Endpoint *receiver, const Source *source)
{
    Slot *replaceable = NULL;
    for (unsigned i = 0; i < MEDIA_MAX_SECTIONS; i++) {
        Slot *slot = receiver->slots[i];
        if (!slot || !slot->is_enabled || slot->kind != source->kind ||
            !plan_can_carry(&source->codec, &slot->codec))
            continue;
        if (!slot->source)
            return slot;
        if (!replaceable && slot->source->endpoint->state == MEDIA_ENDPOINT_SILENT)
            replaceable = slot;
    }
    return source->endpoint->state == MEDIA_ENDPOINT_CONNECTED ? replaceable : NULL;
}

static void offer_source(Endpoint *receiver, Source *source)
{
    if (!is_for(source, receiver) || has_source(receiver, source))
        return;
    Slot *slot = place_for(receiver, source);
    if (!slot)
        return;
    slot_detach(slot);
    if (slot_attach(slot, source))
        slot_video_want_key_frame(slot);
}

static void fill(Room *room, Endpoint *receiver)
{
    for (unsigned i = 0; i < room->endpoints->len; i++) {
        const Endpoint *sender = g_ptr_array_index(room->endpoints, i);
        for (unsigned k = 0; k < MEDIA_MAX_SECTIONS; k++) {
            if (sender->sources[k])
                offer_source(receiver, sender->sources[k]);
        }
    }
}

static void report(Endpoint *receiver)
{
    for (unsigned i = 0; i < MEDIA_MAX_SECTIONS; i++) {
        Slot *slot = receiver->slots[i];
        if (!slot)
            continue;
        const char *participant = slot->source ? slot->source->endpoint->participant_id : NULL;
        if (g_strcmp0(participant, slot->reported_participant) == 0)
            continue;
        g_free(slot->reported_participant);
        slot->reported_participant = g_strdup(participant);
        WorkerEvent *event =
            worker_event_new(WORKER_EVENT_SLOT, receiver->id, worker_wall_ms(receiver->worker));
        event->mid = g_strdup(receiver->plan.sections[i].mid);
        event->participant_id = g_strdup(participant);
        worker_emit(receiver->worker, event);
    }
}

void room_assign(Room *room)
{
    for (unsigned i = 0; i < room->endpoints->len; i++)
        drop_unfit(g_ptr_array_index(room->endpoints, i));
    for (unsigned i = 0; i < room->endpoints->len; i++) {
        Endpoint *receiver = g_ptr_array_index(room->endpoints, i);
        if (receiver->state != MEDIA_ENDPOINT_FAILED)
            fill(room, receiver);
    }
    for (unsigned i = 0; i < room->endpoints->len; i++)
        report(g_ptr_array_index(room->endpoints, i));
}
