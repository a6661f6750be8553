// SPDX-License-Identifier: Apache-2.0
/* The wait list's rules: how a clinic offers what becomes free, how long an offer holds, and when
 * none is made. Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "scheduling/outbox/notification_kind.h"

enum {
    WAIT_OFFER_MINUTES = 15,     /**< one by one: then it is the next one's */
    WAIT_OPEN_MINUTES = 120,     /**< all at once: nobody waits behind it */
    WAIT_MAX_UNANSWERED = 3,     /**< who lets so many pass one after the other is off the list */
    WAIT_MAX_PER_CLINIC = 200,   /**< entries that wait */
    WAIT_MAX_PER_PHONE = 4,      /**< of one clinic: a family's */
    WAIT_MAX_PER_ADDRESS = 20,   /**< made in 24 hours, in all clinics: a village has one address */
    WAIT_MAX_OFFERS_PER_DAY = 5, /**< to an entry in 24 hours: each is a message or two */
    WAIT_KEEP_DAYS = 30,         /**< an entry that is over, with all of it */
};

typedef enum {
    WAIT_MODE_ONE_BY_ONE,  /**< the place is kept for the one who is asked */
    WAIT_MODE_ALL_AT_ONCE, /**< nobody has it until somebody takes it */
} WaitMode;
/** "one_by_one" "all_at_once" */
const char *wait_mode_name(WaitMode mode);
bool wait_mode_parse(const char *name, WaitMode *ret_mode);

typedef enum {
    WAIT_STATE_WAITING,
    WAIT_STATE_BOOKED,
    WAIT_STATE_LEFT,    /**< by the patient */
    WAIT_STATE_REMOVED, /**< by the desk */
    /** Its last day is over, too many offers passed without an answer, or what it waits for is
     * archived. */
    WAIT_STATE_LAPSED,
} WaitState;
/** "waiting" "booked" "left" "removed" "lapsed" */
const char *wait_state_name(WaitState state);
bool wait_state_parse(const char *name, WaitState *ret_state);

/** How long an offer that is made at NOW_MS holds; 0: none is made now, because it is in quiet
 * hours or would still run when they begin. An offer of ALL_AT_ONCE ends with them. */
int64_t wait_offer_end(WaitMode mode, const NotificationQuiet *quiet, int64_t now_ms);
/** The first moment at which a place may begin for an offer that ends at EXPIRES_AT_MS, so that it
 * can still be booked in the last second of it. */
int64_t wait_first_start(int64_t expires_at_ms, int64_t booking_lead_ms);
