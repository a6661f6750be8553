// SPDX-License-Identifier: Apache-2.0
/* What the relay tells, by endpoint id: passed on to the page and to wiring. */
#include "signaling/leg.h"
#include "signaling/lobby.h"
#include "signaling/session.h"

#include <string.h>

static Leg *find_leg(Signaling *signaling, const char *endpoint_id)
{
    return g_hash_table_lookup(signaling->legs, endpoint_id);
}

static NotifySource source_of(const Leg *leg)
{
    return (NotifySource){
        .visit_id = leg->visit_id,
        .participant_id = leg->participant_id,
        .endpoint_id = leg->endpoint_id,
    };
}

static void on_state(const char *endpoint_id, MediaEndpointState state, int64_t at_ms,
                     gpointer user_data)
{
    Signaling *signaling = user_data;
    Leg *leg = find_leg(signaling, endpoint_id);
    if (!leg || !leg->lobby)
        return;
    NotifySource source = source_of(leg);
    Lobby *lobby = leg->lobby;
    switch (state) {
    case MEDIA_ENDPOINT_NEW:
        break;
    case MEDIA_ENDPOINT_CHECKED:
        leg->is_checked = true;
        break;
    case MEDIA_ENDPOINT_CONNECTED:
        leg->is_checked = true;
        leg->is_connected = true;
        leg->is_silent = false;
        if (leg->is_carried)
            notify_endpoint(signaling->notify, &source, SIGNALING_ENDPOINT_CONNECTED, at_ms);
        break;
    case MEDIA_ENDPOINT_SILENT:
        leg->is_silent = true;
        if (leg->is_carried)
            notify_endpoint(signaling->notify, &source, SIGNALING_ENDPOINT_SILENT, at_ms);
        break;
    case MEDIA_ENDPOINT_FAILED:
        notify_endpoint(signaling->notify, &source, SIGNALING_ENDPOINT_FAILED, at_ms);
        leg_close(leg);
        break;
    }
    lobby_update(lobby);
    lobby_release(lobby);
    notify_flush(signaling->notify);
}

static void on_media(const char *endpoint_id, MediaKind kind, bool flowing, int64_t at_ms,
                     gpointer user_data)
{
    Signaling *signaling = user_data;
    const Leg *leg = find_leg(signaling, endpoint_id);
    if (!leg)
        return;
    NotifySource source = source_of(leg);
    notify_media(signaling->notify, &source, kind, flowing, at_ms);
    notify_flush(signaling->notify);
}

static void tell_streams(const Leg *leg)
{
    Session *session = leg->session;
    StreamView views[MEDIA_MAX_SECTIONS];
    unsigned n_views = 0;
    for (unsigned i = 0; i < leg->slots->len && n_views < MEDIA_MAX_SECTIONS; i++) {
        const LegSlot *slot = leg->slots->pdata[i];
        views[n_views++] = (StreamView){slot->mid, slot->participant_id};
    }
    session_send(session, message_write_streams(session_next_seq(session), views, n_views));
}

static void on_slot(const char *endpoint_id, const char *mid, const char *participant_id,
                    gpointer user_data)
{
    Leg *leg = find_leg(user_data, endpoint_id);
    if (!leg || !leg->lobby)
        return;
    for (unsigned i = 0; i < leg->slots->len; i++) {
        LegSlot *slot = leg->slots->pdata[i];
        if (strcmp(slot->mid, mid) != 0 || g_strcmp0(slot->participant_id, participant_id) == 0)
            continue;
        g_free(slot->participant_id);
        slot->participant_id = g_strdup(participant_id);
        if (leg->session)
            tell_streams(leg);
        return;
    }
}

static void tell_hint(const Leg *leg)
{
    Session *session = leg->session;
    session_send_latest(session, "hint", message_write_hint(session_next_seq(session), &leg->hint));
}

static void on_hint(const char *endpoint_id, const MediaHint *hint, gpointer user_data)
{
    Leg *leg = find_leg(user_data, endpoint_id);
    if (!leg)
        return;
    leg->hint = *hint;
    leg->has_hint = true;
    if (leg->session)
        tell_hint(leg);
}

static void tell_picture(const Leg *leg, const LegSlot *slot)
{
    Session *session = leg->session;
    g_autofree char *topic = g_strconcat("picture ", slot->mid, NULL);
    session_send_latest(session, topic,
                        message_write_picture(session_next_seq(session), slot->mid, slot->picture));
}

static void on_picture(const char *endpoint_id, const char *mid, MediaPicture picture,
                       gpointer user_data)
{
    const Leg *leg = find_leg(user_data, endpoint_id);
    if (!leg)
        return;
    for (unsigned i = 0; i < leg->slots->len; i++) {
        LegSlot *slot = leg->slots->pdata[i];
        if (strcmp(slot->mid, mid) != 0 || slot->picture == picture)
            continue;
        slot->picture = picture;
        if (leg->session)
            tell_picture(leg, slot);
        return;
    }
}

void leg_tell_state(const Leg *leg)
{
    tell_streams(leg);
    if (leg->has_hint)
        tell_hint(leg);
    for (unsigned i = 0; i < leg->slots->len; i++) {
        const LegSlot *slot = leg->slots->pdata[i];
        if (slot->picture != MEDIA_PICTURE_NONE)
            tell_picture(leg, slot);
    }
}

/* The page's next endpoint (a reload, a rebuilt connection) starts from what this one found. A
 * dead link says nothing about that. The final sample comes when the leg is out of its lobby. */
static void remember_link(Signaling *signaling, const Leg *leg, const MediaSample *sample)
{
    const Lobby *lobby = lobby_find(signaling, leg->visit_id);
    Member *member = lobby ? lobby_member(lobby, leg->participant_id) : NULL;
    if (!member || leg->kind != LEG_PAGE || leg->is_silent)
        return;
    if (sample->down_bps != 0)
        member->link_down_bps = sample->down_bps;
    if (sample->up_bps != 0)
        member->link_up_bps = sample->up_bps;
}

static void on_sample(const char *endpoint_id, const MediaSample *sample, gpointer user_data)
{
    Signaling *signaling = user_data;
    Leg *leg = find_leg(signaling, endpoint_id);
    if (!leg)
        return;
    NotifySource source = source_of(leg);
    remember_link(signaling, leg, sample);
    notify_sample(signaling->notify, &source, sample);
    if (sample->is_final && !leg->lobby)
        g_hash_table_remove(signaling->legs, leg->endpoint_id);
    notify_flush(signaling->notify);
}

const MediaObserver *signaling_media_observer(void)
{
    static const MediaObserver observer = {
        .on_endpoint_state = on_state,
        .on_endpoint_media = on_media,
        .on_endpoint_slot = on_slot,
        .on_endpoint_hint = on_hint,
        .on_endpoint_picture = on_picture,
        .on_endpoint_sample = on_sample,
    };
    return &observer;
}
