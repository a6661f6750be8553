// SPDX-License-Identifier: Apache-2.0
#include "server/wiring_own.h"

#include "scheduling/record/record.h"
#include "server/wiring_view.h"

/* What signaling and the relay saw becomes rows. */

typedef struct {
    Wiring *wiring;
    char *visit_id;
} Note;

static void note_free(Note *note)
{
    g_free(note->visit_id);
    g_free(note);
}

static void on_noted(const GError *error, gpointer user_data)
{
    Note *note = user_data;
    Wiring *wiring = note->wiring;
    if (error) {
        wiring_log_failure(wiring, "record", error);
    } else if (note->visit_id) {
        const LiveVisit *live = g_hash_table_lookup(wiring->visits, note->visit_id);
        if (live)
            wiring_tell_day(wiring, live->practitioner_id, live->facility_id, live->pool_id,
                            note->visit_id);
    }
    note_free(note);
}

/* SHOWN: staff's lists show it, so that their watchers are told after the commit. */
static void note_event(Wiring *wiring, const RecordEvent *event, bool shown)
{
    Note *note = g_new0(Note, 1);
    note->wiring = wiring;
    note->visit_id = shown ? g_strdup(event->visit_id) : NULL;
    record_event(wiring->scheduling, event, on_noted, note);
}

static void write_presence(Wiring *wiring, const char *visit_id, const char *participant_id,
                           SignalingPresence presence, int64_t at_ms)
{
    static const RecordEventKind kinds[] = {
        [SIGNALING_PRESENCE_JOINED] = RECORD_EVENT_JOINED,
        [SIGNALING_PRESENCE_BACK] = RECORD_EVENT_BACK,
        [SIGNALING_PRESENCE_LOST] = RECORD_EVENT_LOST,
        [SIGNALING_PRESENCE_LEFT] = RECORD_EVENT_LEFT,
    };
    RecordEvent event = {
        .visit_id = visit_id,
        .participant_id = participant_id,
        .kind = kinds[presence],
        .at_ms = at_ms,
    };
    note_event(wiring, &event, true);
}

static void write_media(Wiring *wiring, const char *visit_id, const char *participant_id,
                        const WiringHostEvent *media)
{
    RecordEvent event = {
        .visit_id = visit_id,
        .participant_id = participant_id,
        .endpoint_id = media->endpoint_id,
        .kind = media->flowing ? RECORD_EVENT_MEDIA_STARTED : RECORD_EVENT_MEDIA_STOPPED,
        .at_ms = media->at_ms,
        .detail = media_kind_name(media->kind),
    };
    note_event(wiring, &event, false);
}

static bool has_connected(const LiveVisit *live, VisitRole role)
{
    GHashTableIter iter;
    gpointer participant_id;
    g_hash_table_iter_init(&iter, live->endpoints);
    while (g_hash_table_iter_next(&iter, NULL, &participant_id)) {
        int stored = GPOINTER_TO_INT(g_hash_table_lookup(live->roles, participant_id));
        if (stored == (int)role + 1)
            return true;
    }
    return false;
}

static void on_connected(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    Wiring *wiring = user_data;
    /* A device may connect before the doctor calls: then the visit is not yet `called`. */
    if (error && !g_error_matches(error, SCHEDULING_ERROR, SCHEDULING_ERROR_BAD_STATE))
        wiring_log_failure(wiring, "connect", error);
}

void wiring_connect_if_both(Wiring *wiring, const LiveVisit *live, const char *visit_id)
{
    if (has_connected(live, VISIT_ROLE_PATIENT) && has_connected(live, VISIT_ROLE_DOCTOR))
        visit_connect(wiring->scheduling, visit_id, on_connected, wiring);
}

static void write_endpoint(Wiring *wiring, const char *visit_id, const char *participant_id,
                           const WiringHostEvent *seen)
{
    static const RecordEventKind kinds[] = {
        [SIGNALING_ENDPOINT_CONNECTED] = RECORD_EVENT_ENDPOINT_CONNECTED,
        [SIGNALING_ENDPOINT_SILENT] = RECORD_EVENT_ENDPOINT_SILENT,
        [SIGNALING_ENDPOINT_FAILED] = RECORD_EVENT_ENDPOINT_FAILED,
        [SIGNALING_ENDPOINT_CLOSED] = RECORD_EVENT_ENDPOINT_CLOSED,
    };
    const char *endpoint_id = seen->endpoint_id;
    SignalingEndpointEvent event_kind = seen->endpoint;
    RecordEvent event = {
        .visit_id = visit_id,
        .participant_id = participant_id,
        .endpoint_id = endpoint_id,
        .kind = kinds[event_kind],
        .at_ms = seen->at_ms,
    };
    note_event(wiring, &event, false);
    LiveVisit *live = g_hash_table_lookup(wiring->visits, visit_id);
    if (!live)
        return;
    if (event_kind == SIGNALING_ENDPOINT_CONNECTED) {
        g_hash_table_replace(live->endpoints, g_strdup(endpoint_id), g_strdup(participant_id));
        wiring_connect_if_both(wiring, live, visit_id);
    } else { /* also of who is silent: with nobody there no call begins */
        g_hash_table_remove(live->endpoints, endpoint_id);
    }
}

/* In one visit of the host's group. */
static void write_host(Wiring *wiring, const char *visit_id, const LiveVisit *live,
                       const WiringHostEvent *event)
{
    if (!event->endpoint_id)
        write_presence(wiring, visit_id, live->doctor_id, event->presence, event->at_ms);
    else if (event->is_media)
        write_media(wiring, visit_id, live->doctor_id, event);
    else
        write_endpoint(wiring, visit_id, live->doctor_id, event);
}

/* True when VISIT_ID is a group's: what its host did is written into each patient's visit. */
static bool tell_group(Wiring *wiring, const char *visit_id, const WiringHostEvent *event)
{
    GHashTableIter iter;
    gpointer id, value;
    if (!wiring_groups_has(wiring->groups, visit_id))
        return false;
    wiring_groups_note(wiring->groups, visit_id, event);
    g_hash_table_iter_init(&iter, wiring->visits);
    while (g_hash_table_iter_next(&iter, &id, &value)) {
        const LiveVisit *live = value;
        if (g_strcmp0(live->group_id, visit_id) == 0)
            write_host(wiring, id, live, event);
    }
    return true;
}

typedef struct {
    Wiring *wiring;
    const char *visit_id;
    const LiveVisit *live;
} Joining;

static void on_replayed(const WiringHostEvent *event, gpointer user_data)
{
    const Joining *joining = user_data;
    write_host(joining->wiring, joining->visit_id, joining->live, event);
}

/* The host may be there already. */
void wiring_join_group(Wiring *wiring, const char *visit_id, const LiveVisit *live)
{
    Joining joining = {wiring, visit_id, live};
    wiring_groups_replay(wiring->groups, live->group_id, on_replayed, &joining);
}

void wiring_seen_presence(const char *visit_id, const char *participant_id,
                          SignalingPresence presence, int64_t at_ms, gpointer user_data)
{
    const WiringHostEvent event = {.presence = presence, .at_ms = at_ms};
    if (!tell_group(user_data, visit_id, &event))
        write_presence(user_data, visit_id, participant_id, presence, at_ms);
}

/* Staff's lists show how good the link of a patient is. */
void wiring_seen_link(const char *visit_id, const char *participant_id, gpointer user_data)
{
    Wiring *wiring = user_data;
    const LiveVisit *live = g_hash_table_lookup(wiring->visits, visit_id);
    if (!live)
        return;
    int stored = GPOINTER_TO_INT(g_hash_table_lookup(live->roles, participant_id));
    if (stored == (int)VISIT_ROLE_PATIENT + 1)
        wiring_tell_day(wiring, live->practitioner_id, live->facility_id, live->pool_id, visit_id);
}

void wiring_seen_media(const char *visit_id, const char *participant_id, const char *endpoint_id,
                       MediaKind kind, bool flowing, int64_t at_ms, gpointer user_data)
{
    const WiringHostEvent event = {.endpoint_id = endpoint_id,
                                   .is_media = true,
                                   .kind = kind,
                                   .flowing = flowing,
                                   .at_ms = at_ms};
    if (!tell_group(user_data, visit_id, &event))
        write_media(user_data, visit_id, participant_id, &event);
}

void wiring_seen_endpoint(const char *visit_id, const char *participant_id, const char *endpoint_id,
                          SignalingEndpointEvent event_kind, int64_t at_ms, gpointer user_data)
{
    const WiringHostEvent event = {
        .endpoint_id = endpoint_id, .endpoint = event_kind, .at_ms = at_ms};
    if (!tell_group(user_data, visit_id, &event))
        write_endpoint(user_data, visit_id, participant_id, &event);
}

void wiring_seen_sample(const char *visit_id, const char *participant_id, const char *endpoint_id,
                        const MediaSample *sample, gpointer user_data)
{
    Wiring *wiring = user_data;
    /* A host's link is no single patient's; each one's own is in the own visit. */
    if (wiring_groups_has(wiring->groups, visit_id))
        return;
    RecordSample row = {
        .visit_id = visit_id,
        .participant_id = participant_id,
        .endpoint_id = endpoint_id,
    };
    wiring_view_sample(sample, &row);
    Note *note = g_new0(Note, 1);
    note->wiring = wiring;
    record_sample(wiring->scheduling, &row, on_noted, note);
}
