// SPDX-License-Identifier: Apache-2.0
/* Group visits: one doctor and some patients at one time ("Kelas ibu hamil"). A group holds its
 * doctor's time; each place is a visit of its own, with token, consent, note and record, made,
 * moved and ended by the same code as every visit. Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/booking.h"
#include "scheduling/clinic/hours.h"

enum {
    GROUP_MIN_PLACES = 2,
    GROUP_MAX_PLACES = 5, /**< with the doctor six: what is good to look at, and a room carries */
    GROUP_MIN_MINUTES = 15,
    GROUP_MAX_MINUTES = 180,
    GROUP_MAX_PLANNED = 100, /**< of one doctor, still to come */
    GROUP_TITLE_CHARS = 80,
};

typedef enum { GROUP_STATE_PLANNED, GROUP_STATE_ENDED, GROUP_STATE_CANCELLED } GroupState;
/** "planned" "ended" "cancelled" */
const char *group_state_name(GroupState state);

typedef struct {
    const char *clinic_id, *practitioner_id; /**< practitioner NULL: the doctor who opens it */
    const char *title;
    int64_t starts_at_ms;
    int minutes, places;
    bool is_open; /**< anybody may book a place; else staff alone */
} GroupDraft;

/** One place that is taken. */
typedef struct {
    char *visit_id, *patient_id, *doctor_id; /**< the two: participants of the visit */
    char *code, *number;                     /**< "A-12" */
    char *patient;                           /**< full name: for staff */
    char *shown_name;                        /**< for the others; NULL: the place's number */
    int place;
    VisitState state;
    bool has_accepted;
    bool has_no_phone;   /**< no message reaches the patient, nor can they be phoned */
    bool has_fixed_line; /**< no message reaches the patient: to be phoned */
} GroupVisit;

typedef struct {
    char *id, *title;
    char *clinic_id, *clinic, *facility_id, *facility, *practitioner_id, *doctor;
    char *phone; /**< the facility's */
    int64_t starts_at_ms, ends_at_ms;
    int places, n_taken;
    bool is_open;
    GroupState state;
    HoursObstacle obstacle; /**< of the time of one that is planned; then it takes nobody */
    GPtrArray *visits;      /**< GroupVisit by place; none in group_list_open()'s */
} Group;
void group_free(Group *group);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Group, group_free)

/** FAULTS with INVALID_FIELDS. */
typedef void (*GroupDone)(const Group *group, const FaultList *faults, const GError *error,
                          gpointer user_data);
typedef void (*GroupsDone)(GPtrArray *groups, const GError *error, gpointer user_data);

/** Opens one: the doctor for the own time, a desk for a doctor of its facility. The time need not
 * lie in open hours, but nothing else may hold it, nor stand against it: INVALID_FIELDS with
 * `starts_at_ms` `time_held`, or an obstacle's name. */
void group_open(Scheduling *scheduling, const GroupDraft *draft, const Actor *actor, GroupDone done,
                gpointer user_data);
/** May anybody book, or staff alone. BAD_STATE when it is over. */
void group_set_open(Scheduling *scheduling, const char *group_id, bool is_open, const Actor *actor,
                    GroupDone done, gpointer user_data);
/** Cancels it with all its visits; their patients are told. BAD_STATE once somebody was called. */
void group_cancel(Scheduling *scheduling, const char *group_id, const char *reason,
                  const Actor *actor, GroupDone done, gpointer user_data);
/** Its doctor ends it for all: who answered the call is done, who did not come or not answer was
 * not there, who still waited was not seen (cancelled_provider). BAD_STATE before its start, unless
 * somebody is in the call. */
void group_end(Scheduling *scheduling, const char *group_id, const Actor *actor, GroupDone done,
               gpointer user_data);

/** Those of the doctor, or of the desk's facility, that are not over for longer than a day. */
void group_list(Scheduling *scheduling, const Actor *actor, GroupsDone done, gpointer user_data);
/** One, for its doctor or its facility's desk. */
void group_get(Scheduling *scheduling, const char *group_id, const Actor *actor, GroupDone done,
               gpointer user_data);
/** Those of a clinic in which anybody may book a place now, one is free, and nothing stands against
 * their time. */
void group_list_open(Scheduling *scheduling, const char *clinic_id, GroupsDone done,
                     gpointer user_data);
/** For the program itself: whoever asks was checked. */
void group_find(Scheduling *scheduling, const char *group_id, GroupDone done, gpointer user_data);
