// SPDX-License-Identifier: Apache-2.0
/* A slot is kept for some minutes (policy) while somebody fills in the form; then the clock lets it
 * go, and a job deletes its row. Threads: see scheduling.h. */
#pragma once
#include "scheduling/booking/booking.h"

enum { HOLD_MAX_PER_ADDRESS = 8 };

typedef struct {
    const char *clinic_id, *practitioner_id;
    int64_t starts_at_ms;   /**< of the slot, or of the session, whose first free place is kept */
    const char *address;    /**< who asks; at most HOLD_MAX_PER_ADDRESS at a time */
    const char *instead;    /**< token of an earlier hold that is let go; NULL: none */
    const char *service_id; /**< what is to be booked; NULL: none */
    const char *token;      /**< the caller's own, of id_token_new()'s form, so that it can be said
                               before the answer is there, or is lost; what it kept is let go;
                               NULL: one is made */
} HoldRequest;

typedef struct {
    char *token; /**< for BookingRequest.hold; never log it */
    int64_t expires_at_ms;
    const Booking *refusal; /**< with SLOT_TAKEN: the nearest; with INVALID_FIELDS: the faults */
} Hold;
/** HOLD is always given; with ERROR only refusal counts. */
typedef void (*HoldDone)(const Hold *hold, const GError *error, gpointer user_data);
/** SLOT_TAKEN, SLOT_NOT_OFFERED, NOT_FOUND, INVALID_FIELDS (`service`, `hold`) as booking;
 * TOO_MANY. REQUEST is copied. */
void hold_create(Scheduling *scheduling, const HoldRequest *request, HoldDone done,
                 gpointer user_data);
/** Lets a hold go; an unknown one is fine. */
void hold_release(Scheduling *scheduling, const char *token, SchedulingDone done,
                  gpointer user_data);

enum { HOLD_MAX_SWEPT = 500 };
/** N_DELETED: HOLD_MAX_SWEPT: there may be more. 0 with ERROR. */
typedef void (*HoldSwept)(unsigned n_deleted, const GError *error, gpointer user_data);
/** Deletes rows of holds that have expired. */
void hold_sweep(Scheduling *scheduling, HoldSwept done, gpointer user_data);

/** Inside a job: the hold, if TOKEN (may be NULL) is one, is no more, so that its slot can be
 * booked. *RET_HELD_AT_MS (may be NULL): when the slot or place starts that it has kept of
 * PRACTITIONER_ID until now; SLOT_BOOK_NO_HOLD: none. */
bool hold_take(Scheduling *scheduling, DbTx *tx, const char *token, const char *practitioner_id,
               int64_t *ret_held_at_ms, GError **error);

/** What is kept for somebody else than a form. */
typedef struct {
    const Slot *slot;
    bool has_service;     /**< its buffers are kept, too */
    const char *for_whom; /**< in place of an address */
    int64_t until_ms;
} HoldKeep;
/** Inside a job: keeps a slot that is free. *RET_HASH, to be freed: for the statement hold_delete.
 */
bool hold_keep(Scheduling *scheduling, DbTx *tx, const HoldKeep *keep, char **ret_hash,
               GError **error);
