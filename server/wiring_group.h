// SPDX-License-Identifier: Apache-2.0
/* The host of a group visit: who may be it, and what signaling and the relay saw of it, told of
 * each patient's visit. Main thread. */
#pragma once
#include "scheduling/scheduling.h"
#include "server/staff_watch.h"
#include "signaling/signaling.h"

typedef struct WiringGroups WiringGroups;

/** Something that the doctor's side of VISIT_ID did. */
typedef struct {
    const char *endpoint_id; /**< NULL: its presence */
    SignalingPresence presence;
    SignalingEndpointEvent endpoint;
    bool is_media;
    MediaKind kind;
    bool flowing;
    int64_t at_ms;
} WiringHostEvent;

WiringGroups *wiring_groups_new(Scheduling *scheduling, const Clock *clock, StaffWatch *staff);
void wiring_groups_free(WiringGroups *groups);
void wiring_groups_set_signaling(WiringGroups *groups, Signaling *signaling);

/** Answers REQUEST later when TOKEN is a host's ("grup:GROUP:DAY-TOKEN"); false: it is not. */
bool wiring_groups_authorize(WiringGroups *groups, SignalingRequest request, const char *token);
/** True when GROUP_ID is a group's whose host has been there. */
bool wiring_groups_has(const WiringGroups *groups, const char *group_id);
/** Keeps what the host is doing, for visits that come later. */
void wiring_groups_note(WiringGroups *groups, const char *group_id, const WiringHostEvent *event);
/** Calls TELL with what the host is doing now, as events. */
typedef void (*WiringHostFunc)(const WiringHostEvent *event, gpointer user_data);
void wiring_groups_replay(const WiringGroups *groups, const char *group_id, WiringHostFunc tell,
                          gpointer user_data);
/** The group is over. */
void wiring_groups_over(WiringGroups *groups, const char *group_id);
