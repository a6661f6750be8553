// SPDX-License-Identifier: Apache-2.0
/* The door of scheduling: clinics, slots, bookings, visits and their one state table, queue, join
 * tokens, records, reports. Knows the data engine and nothing of sockets, HTTP or JSON.
 *
 * Threads: every function is called on the main thread and returns at once; the work is one job of
 * the data engine, and the done callback comes on the main context after its COMMIT. A result
 * handed to a done callback is valid during that callback; on an error it is NULL unless its header
 * says otherwise. Functions that take a DbTx run inside the caller's job, on a database thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "scheduling/booking/visit_state.h"
#include "server/base/clock.h"
#include "server/base/db/db.h"
#include "server/base/secret.h"

#define SCHEDULING_ERROR (scheduling_error_quark())
GQuark scheduling_error_quark(void);

typedef enum {
    SCHEDULING_ERROR_INVALID_FIELDS,   /**< a FaultList says which */
    SCHEDULING_ERROR_SLOT_TAKEN,       /**< somebody else has it; nearest free slots are given */
    SCHEDULING_ERROR_SLOT_NOT_OFFERED, /**< no hours then, or outside the booking window */
    SCHEDULING_ERROR_NOT_FOUND,        /**< no such visit, clinic, doctor */
    SCHEDULING_ERROR_FORBIDDEN,        /**< not this actor's visit */
    SCHEDULING_ERROR_BAD_STATE,        /**< the state table has no such edge */
    SCHEDULING_ERROR_LINK_INVALID,     /**< unknown or revoked token */
    SCHEDULING_ERROR_LINK_EXPIRED,     /**< token past its time */
    SCHEDULING_ERROR_TOO_EARLY,        /**< before opens_at_ms */
    SCHEDULING_ERROR_VISIT_CANCELLED,  /**< the visit was cancelled */
    SCHEDULING_ERROR_VISIT_ENDED,      /**< the visit is over */
    SCHEDULING_ERROR_CHANGED,          /**< it is not what the actor opened any more */
    SCHEDULING_ERROR_BOOKINGS_HIT,     /**< a change of hours leaves bookings without them */
    SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH, /**< the same key came with another request */
    SCHEDULING_ERROR_NOTE_STALE,           /**< the note was saved from elsewhere meanwhile */
    SCHEDULING_ERROR_NOTE_SIGNED,          /**< a signed note takes addenda only */
    SCHEDULING_ERROR_TOO_LATE,             /**< too near the start */
    SCHEDULING_ERROR_TOO_MANY,             /**< of what a stranger may have at a time */
    SCHEDULING_ERROR_DOCTOR_BUSY,     /**< the doctor has called somebody who is not done with */
    SCHEDULING_ERROR_ALREADY_WAITING, /**< the person is on the wait list */
    SCHEDULING_ERROR_LIST_FULL,       /**< no room on the wait list, for that phone or address */
    SCHEDULING_ERROR_OFFER_OVER,      /**< an offer of the wait list that holds no more */
    SCHEDULING_ERROR_OWN_BOOKING,     /**< the person has a visit at that time */
    SCHEDULING_ERROR_NOT_TODAY,       /**< only on the visit's own day */
    SCHEDULING_ERROR_DOCTOR_TAKEN,    /**< the doctor has somebody else at the visit's time */
    SCHEDULING_ERROR_NOT_MET,         /**< the doctor has not talked with the patient yet */
    SCHEDULING_ERROR_NO_PHONE,        /**< no telephone number of the patient is known */
    SCHEDULING_ERROR_LINK_OVER,       /**< the visit ended too long ago for a new link */
    SCHEDULING_ERROR_BOOKINGS_FULL,   /**< enough was booked from outside for the telephone */
    SCHEDULING_ERROR_ADDRESS_FULL,    /**< enough was booked today from the address */
    SCHEDULING_ERROR_MOVED_OFTEN,     /**< the patient has moved the visit often enough today */
    SCHEDULING_ERROR_PAIR_DECIDED,    /**< two patients: decided, perhaps by way of a third one */
    SCHEDULING_ERROR_TWO_PEOPLE,      /**< two patients have NIKs that differ */
    SCHEDULING_ERROR_TOO_SOON,        /**< hours are then, at shorter notice than is wanted */
    SCHEDULING_ERROR_PERMIT_OVER,     /**< the doctor's permit for the facility has run out */
    SCHEDULING_ERROR_LETTER_REVOKED,  /**< its patient does not get it any more */
} SchedulingError;

/** What holds where neither province nor facility have set another rule (policy/). */
typedef struct {
    const char *zone;          /**< IANA name of the clinics' zone; copied */
    const char *province_code; /**< first two digits of a local NIK; copied */
    int64_t open_before_ms;    /**< check-in opens so long before the start */
    int64_t open_after_ms;     /**< and closes so long after the end */
    int64_t late_after_ms;     /**< who checks in so long after the start lets another go first */
    int64_t no_show_after_ms;  /**< who was called twice is given up so long after the start */
    int64_t move_until_ms;     /**< a patient may move a visit until so long before its start */
    int64_t cancel_until_ms;   /**< and cancel it; 0: at any time */
    int64_t hold_ms;           /**< a slot is kept so long while the form is filled in */
    int64_t
        unanswered_after_ms; /**< who waits and is called by nobody for so long is shown loudly */
    int64_t unanswered_alone_ms; /**< likewise while the doctor has no page open */
    int64_t booking_lead_ms;
    int64_t booking_horizon_ms;
    int64_t link_after_ms;    /**< a patient's link lives so long after the end */
    int64_t staff_token_ms;   /**< life of a doctor's join token and of a day token */
    int64_t idempotency_ms;   /**< how long a booking's answer can be asked for again */
    bool sick_letters;        /**< whether doctors may certify sickness after a call */
    int sick_letter_days;     /**< for so many days at most */
    int bookings_per_phone;   /**< to come, from outside; 0: any number */
    int bookings_per_address; /**< on a day, from outside; 0: any number */
    int quiet_from_hour;      /**< from then on, over midnight until the other, no patient is */
    int quiet_until_hour;     /**< reminded of the next day's visit */
} SchedulingPolicy;

/** Asia/Makassar, 75, 30 min, 60 min, 10 min, 15 min, 60 min, at any time, 5 min, 10 min, 3 min,
 * 15 min, 30 d, 24 h, 12 h, 24 h, no sick letters, 3 days, 6 and 40 bookings,
 * quiet from 21 to 6. */
void scheduling_policy_init(SchedulingPolicy *policy);

/** Who asks. Strings are copied. A doctor is known by user_id (session) or participant_id (join
 * token), a patient by participant_id, desk staff by user_id and facility_id. */
typedef enum {
    ACTOR_PATIENT,
    ACTOR_DOCTOR,
    ACTOR_DESK,
    ACTOR_OFFICE,
    ACTOR_ADMIN,
    ACTOR_COORDINATOR, /**< keeps its facility's clinics, people and hours; sees no patient */
    ACTOR_OFFICER, /**< books at a kecamatan's counter; sees the tickets of it and nothing else */
    ACTOR_CLIENT,  /**< another system, by user_id "system:NAME": books, and cancels its own */
    ACTOR_SYSTEM,
} ActorRole;
const char *actor_role_name(ActorRole role);

typedef struct {
    ActorRole role;
    const char *user_id;
    const char *participant_id;
    const char *facility_id;
    const char *address; /**< remote address for the audit row; may be NULL */
    const char
        *bound_to; /**< staff tokens issued to the actor live as long as this does; NULL: free */
} Actor;

/** What happened to a visit. */
typedef struct {
    const char *visit_id;
    const char *practitioner_id;
    const char *clinic_id;
    const char *facility_id;
    const char *local_date;
    VisitState
        from; /**< equal to `state` when nothing but a detail changed (booked, called again) */
    VisitState state;
    ActorRole by;
    int64_t at_ms;
    int64_t opens_at_ms;     /**< when check-in opens */
    bool pool;               /**< any doctor of the clinic may call it, or might have */
    bool is_new;             /**< has just been made: nobody has its link yet */
    bool is_unanswered_news; /**< it came among those whom nobody calls, or is no more of them */
    bool is_nurse_news;      /**< a nurse came to the patient, or has left */
    const char *post_id;     /**< the outreach session at which it was taken down; NULL: none */
} VisitChange;

/** Called on the main context after each commit that changed a visit, in the order of the commits
 * and before the done callback of the function that changed it. */
typedef void (*SchedulingListener)(const VisitChange *change, gpointer user_data);

typedef struct Scheduling Scheduling;

/** The Db, Clock and SecretBox must outlive it. BASE_ERROR_INVALID for an unknown zone. */
Scheduling *scheduling_new(Db *db, Clock *clock, SecretBox *box, const SchedulingPolicy *policy,
                           GError **error);
/** Only after db_stop(): jobs point into it. */
void scheduling_free(Scheduling *scheduling);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scheduling, scheduling_free)
void scheduling_set_listener(Scheduling *scheduling, SchedulingListener listener,
                             gpointer user_data);

/** Inside a job: *RET_HOLDS says whether BOUND_TO of an Actor (a session's id) still holds. */
typedef bool (*SchedulingBindingCheck)(DbTx *tx, const char *bound_to, int64_t now_ms,
                                       bool *ret_holds, GError **error);
/** Right after scheduling_new(). Without it no bound token lets anybody in. */
void scheduling_set_binding_check(Scheduling *scheduling, SchedulingBindingCheck check);

typedef void (*SchedulingDone)(const GError *error, gpointer user_data);
/** Once after db_start(): closes what a killed server left open (presence, running media) at the
 * last time that is known from samples and events, and removes expired idempotency keys. */
void scheduling_recover(Scheduling *scheduling, SchedulingDone done, gpointer user_data);

/** Migrations and statements, for db_open(). Call on the main thread. */
const DbOwner *scheduling_db_owner(void);
GTimeZone *scheduling_zone(const Scheduling *scheduling);
