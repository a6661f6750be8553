// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: a group within one database job. */
#pragma once
#include "scheduling/booking/visit_new.h"
#include "scheduling/group/group.h"

/** The group with or without its visits; NOT_FOUND, or the engine's error. */
Group *group_load(DbTx *tx, const char *group_id, bool with_visits, GError **error);
/** Writes into a planned one what stands against its time. */
bool group_note_obstacle(Scheduling *scheduling, DbTx *tx, Group *group, GError **error);
/** FORBIDDEN unless the actor is its doctor, or the desk of its facility where ROLES has it. */
bool group_check_actor(DbTx *tx, const Group *group, const Actor *actor, unsigned roles,
                       GError **error);

typedef struct {
    const char *group_id;
    const char *shown_as; /**< "number" or "first_name"; NULL: "number" */
    int64_t starts_at_ms; /**< when it is thought to start; 0: not said */
    /** Its doctor, or desk of its facility: also where not anybody may book, and until its end.
     * NULL: anybody. */
    const Actor *staff;
} GroupWish;
/** The first free place: fills doctor, times and place of VISIT, whose clinic is the group's or
 * NULL, and which borrows from *RET_GROUP, to be freed after the booking. FORBIDDEN;
 * SLOT_NOT_OFFERED; TOO_SOON; SLOT_TAKEN when none is free; INVALID_FIELDS with a fault `name`
 * (`in_group`) when the person has one, `starts_at_ms` (`group_time`) when it starts otherwise. */
bool group_place_find(Scheduling *scheduling, DbTx *tx, const GroupWish *wish, NewVisit *visit,
                      FaultList *faults, Group **ret_group, GError **error);
