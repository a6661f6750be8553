// SPDX-License-Identifier: Apache-2.0
/* A visit: what is shown of it, and every transition. Each transition is one database job: it
 * checks who asks and the state table, writes visit, event, audit and outbox rows; after the commit
 * the listener hears of it. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

/** CHANGE is given on errors too when the visit exists (its state now, opens_at_ms); else NULL. */
typedef void (*VisitDone)(const VisitChange *change, const GError *error, gpointer user_data);

/** The patient of a visit by video, desk and doctor of who was asked to come: booked -> checked_in.
 * TOO_EARLY before the window, of who was asked to come before the day; again when already there is
 * fine. */
void visit_check_in(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                    VisitDone done, gpointer user_data);
/** Doctor: checked_in -> called, or called again. One that any doctor of the clinic may call
 * becomes the caller's. DOCTOR_BUSY while the doctor has called, or talks with, somebody else of
 * that day, but for those of a group. PERMIT_OVER when the doctor's permit for the facility has run
 * out, of one that was not called yet. */
void visit_call(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                gpointer user_data);
/** Patient: answers the call; the state stays `called`, the time is kept. */
void visit_accept(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitDone done,
                  gpointer user_data);
/** Patient and doctor both have a connected endpoint: called -> in_call. Fine when already there.
 */
void visit_connect(Scheduling *scheduling, const char *visit_id, VisitDone done,
                   gpointer user_data);
/** Doctor: OUTCOME is done, tech_failed, converted_phone, converted_in_person or no_show_patient;
 * another is BAD_STATE, and so are the converted ones before the call: see convert.h. */
void visit_end(Scheduling *scheduling, const char *visit_id, const Actor *actor, VisitState outcome,
               VisitDone done, gpointer user_data);
/** Patient: booked -> cancelled_patient, waiting or called -> left_without_being_seen. Doctor,
 * desk: cancelled_provider. Another system, of what it has booked: as its patient, while it is to
 * come. REASON (may be NULL) goes into the event, at most 200 characters. */
void visit_cancel(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                  const char *reason, VisitDone done, gpointer user_data);

typedef enum { VISIT_ROLE_PATIENT, VISIT_ROLE_DOCTOR, VISIT_ROLE_GUEST } VisitRole;
const char *visit_role_name(VisitRole role);
bool visit_role_parse(const char *name, VisitRole *ret_role);

/** What a guest is there as. A visit has at most one of each. */
typedef enum { VISIT_GUEST_INTERPRETER, VISIT_GUEST_FAMILY, VISIT_GUEST_EXPERT } VisitGuest;
/** "interpreter" "family" "expert" */
const char *visit_guest_name(VisitGuest guest);
bool visit_guest_parse(const char *name, VisitGuest *ret_guest);

typedef struct {
    char *id;
    VisitRole role;
    char *name;       /**< full name; "" of a guest */
    VisitGuest guest; /**< of a guest */
} VisitParticipant;

/** What pages and the signaling protocol show of one visit. */
typedef struct {
    char *id, *code, *number; /**< number: "A-12" */
    /** Rises with every change of any visit and of hours, so that of two views, which may come out
     * of order, the newer one is known: also when only the place in the queue has changed. */
    uint64_t revision;
    VisitState state;
    VisitWay way; /**< as it is meant to be held */
    int64_t starts_at_ms, ends_at_ms, opens_at_ms;
    int64_t moves_until_ms;   /**< while booked: its patient may move it until then */
    int64_t cancels_until_ms; /**< and cancel it; 0: at any time */
    bool is_unplaced; /**< a change of hours has left it without a place, or it waits and needs
                           another doctor; its patient may move it at any time. Not on a ticket */
    int place;        /**< order number in its session; 0: it has a slot */
    int64_t session_starts_at_ms, session_ends_at_ms;
    char *facility, *clinic;
    char *phone, *address;            /**< the facility's; address may be "" */
    char *doctor;                     /**< "" while any_doctor */
    bool any_doctor;                  /**< whichever doctor of the clinic is free will call */
    bool is_walk_in;                  /**< came without an appointment */
    bool is_extra;                    /**< has an additional place, beside a regular one */
    char *patient, *patient_initials; /**< "S. A." */
    char *lang;                       /**< "id" or "en", as booked */
    int64_t ended_at_ms;              /**< 0: not ended */
    char *ended_by;                   /**< actor's role; NULL: not ended */
    bool waits;                       /**< checked_in; then the three below count */
    unsigned ahead, wait_min_minutes, wait_max_minutes;
    unsigned late_minutes; /**< while booked or waiting: so late its doctor said to be; 0: not */
    bool is_unanswered;    /**< waits too long: doctor and desk are shown it */
    bool asks_consent;     /**< not over, and the text of now is neither agreed to nor refused */
    char *practitioner_id, *facility_id, *clinic_id, *local_date;
    char *service_id, *service, *service_mode; /**< as booked; NULL: none was chosen */
    char *group_id, *group_title;              /**< of the group visit that it is in; NULL: none */
    int group_place;                           /**< 1 to the group's places; 0: none */
    char *group_name;        /**< as what the others see its patient; NULL: by the place */
    GPtrArray *participants; /**< VisitParticipant; none in lists of views */
    GArray *following;       /**< int64_t, starts of what comes after it in its series; likewise */
} VisitView;
void visit_view_free(VisitView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VisitView, visit_view_free)

typedef void (*VisitViewDone)(const VisitView *view, const GError *error, gpointer user_data);
void visit_get_view(Scheduling *scheduling, const char *visit_id, VisitViewDone done,
                    gpointer user_data);
typedef void (*VisitViewsDone)(GPtrArray *views, const GError *error, gpointer user_data);
/** Views of all that wait for the doctor or in the clinic of CHANGE on its day: their place may
 * have changed. */
void visit_list_waiting(Scheduling *scheduling, const VisitChange *change, VisitViewsDone done,
                        gpointer user_data);
/** Views of those of VISIT_IDS (NULL-ended) that there are. */
void visit_list_views(Scheduling *scheduling, const char *const *visit_ids, VisitViewsDone done,
                      gpointer user_data);

/** Inside a job: NOT_FOUND when there is no such visit. */
VisitView *visit_view_load(Scheduling *scheduling, DbTx *tx, const char *visit_id, GError **error);
/** As visit_view_load() without the participants: what a ticket says. */
VisitView *visit_view_load_ticket(Scheduling *scheduling, DbTx *tx, const char *visit_id,
                                  GError **error);
