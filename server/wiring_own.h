// SPDX-License-Identifier: Apache-2.0
/* What the wiring's files share; nobody else includes it. wiring.c has who comes in, what is asked
 * and whom a change is told; wiring_seen.c has what becomes rows of what signaling and the relay
 * saw. Main thread. */
#pragma once

#include "server/base/log.h"
#include "server/staff_watch.h"
#include "server/wiring.h"
#include "server/wiring_group.h"
#include "server/wiring_waiting.h"

/* What is known of a visit in which somebody is, so that news of the relay need no question to the
 * database. Made when the first participant comes in, gone with the visit's end. */
typedef struct {
    char *practitioner_id;
    char *facility_id;
    char *pool_id;         /* the clinic whose doctors share it; NULL: one doctor's */
    char *group_id;        /* the group visit that it is in; NULL: none */
    char *doctor_id;       /* in a group: its doctor's participant, who is the group's host */
    GHashTable *roles;     /* participant id -> VisitRole + 1 */
    GHashTable *endpoints; /* connected endpoint id -> participant id */
} LiveVisit;

typedef struct WiringHours WiringHours;

struct Wiring {
    Scheduling *scheduling;
    const Clock *clock;
    Signaling *signaling;
    StaffWatch *staff; /* owned */
    WiringWaiting *waiting;
    WiringHours *hours;
    WiringGroups *groups;
    GHashTable *visits; /* visit id -> LiveVisit */
    LogLimit log_limit;
};

/** At most a few times a minute. */
void wiring_log_failure(Wiring *wiring, const char *what, const GError *error);

/** Tells who watches the days in which the visit stands. POOL_ID: the clinic all of whose doctors
 * see it; NULL: its own doctor alone. */
void wiring_tell_day(Wiring *wiring, const char *practitioner_id, const char *facility_id,
                     const char *pool_id, const char *visit_id);

/** Once devices of the patient and of the doctor are connected, the visit is. */
void wiring_connect_if_both(Wiring *wiring, const LiveVisit *live, const char *visit_id);

/** LIVE, a visit of a group, has just become known: its host may be there already. */
void wiring_join_group(Wiring *wiring, const char *visit_id, const LiveVisit *live);

/* Hooks of signaling; USER_DATA is the Wiring. What a group's host does is written into each
 * patient's visit. */
void wiring_seen_presence(const char *visit_id, const char *participant_id,
                          SignalingPresence presence, int64_t at_ms, gpointer user_data);
void wiring_seen_link(const char *visit_id, const char *participant_id, gpointer user_data);
void wiring_seen_media(const char *visit_id, const char *participant_id, const char *endpoint_id,
                       MediaKind kind, bool flowing, int64_t at_ms, gpointer user_data);
void wiring_seen_endpoint(const char *visit_id, const char *participant_id, const char *endpoint_id,
                          SignalingEndpointEvent event_kind, int64_t at_ms, gpointer user_data);
void wiring_seen_sample(const char *visit_id, const char *participant_id, const char *endpoint_id,
                        const MediaSample *sample, gpointer user_data);
