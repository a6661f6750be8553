// SPDX-License-Identifier: Apache-2.0
/* What patients are told outside of the pages: the kinds of messages, when each is due, and when it
 * has become moot. Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "scheduling/booking/visit_state.h"

typedef enum {
    NOTIFICATION_BOOKED,
    NOTIFICATION_MOVED,
    NOTIFICATION_CANCELLED,
    NOTIFICATION_MISSED, /**< the patient did not come, or was not seen */
    NOTIFICATION_DAY_BEFORE,
    NOTIFICATION_HOUR_BEFORE,
    NOTIFICATION_SOON,                /**< ten minutes before */
    NOTIFICATION_NEXT,                /**< whose turn comes after the one who is in the call */
    NOTIFICATION_LATE,                /**< the doctor is late, or not any more */
    NOTIFICATION_HOURS_CHANGED,       /**< hours were changed and leave the visit without a place */
    NOTIFICATION_STANDS,              /**< it has a place again after all */
    NOTIFICATION_CONVERTED_PHONE,     /**< the doctor phones instead */
    NOTIFICATION_CONVERTED_IN_PERSON, /**< the patient is asked to come instead */
    NOTIFICATION_CONVERTED_VIDEO,     /**< by video again */
    NOTIFICATION_LETTER,              /**< a letter was issued after the end */
    NOTIFICATION_LETTER_REVOKED,      /**< one that the patient could open holds no more */
    /* Of the wait list (scheduling/wait): of no visit. */
    NOTIFICATION_WAIT_LISTED, /**< on the list */
    NOTIFICATION_WAIT_OFFER,  /**< a place is kept for who is told */
    NOTIFICATION_WAIT_OPEN,   /**< a place is whoever's is first */
    NOTIFICATION_WAIT_GONE,   /**< what was offered is somebody else's */
    NOTIFICATION_WAIT_ENDED,  /**< off the list */
} NotificationKind;
enum { NOTIFICATION_N_KINDS = NOTIFICATION_WAIT_ENDED + 1 };
const char *notification_kind_name(NotificationKind kind);
bool notification_kind_parse(const char *name, NotificationKind *ret_kind);

/** When the reminder KIND (DAY_BEFORE, HOUR_BEFORE, SOON) of a visit that starts at STARTS_AT_MS is
 * due; 0: none is to be made, because the visit was booked at NOW_MS, shortly before or later. */
int64_t notification_due(NotificationKind kind, int64_t starts_at_ms, int64_t now_ms);

/** So long before the visit's start the reminder KIND is due. */
int64_t notification_lead(NotificationKind kind);

/** Hours of the day in which no reminder of the day before is sent, nor what nobody can do anything
 * about before the morning. */
typedef struct {
    GTimeZone *zone;
    int from_hour, until_hour; /**< 21 and 6: over midnight; equal: none */
} NotificationQuiet;
/** AT_MS, or the end of the quiet hours that it lies in. Only of DAY_BEFORE, MISSED, LETTER,
 * WAIT_GONE and WAIT_ENDED, else AT_MS. */
int64_t notification_quiet_end(const NotificationQuiet *quiet, NotificationKind kind,
                               int64_t at_ms);

/** What is so when a message is to be sent. */
typedef struct {
    NotificationKind kind;
    int64_t occurrence, created_at_ms;
    VisitState state;
    VisitWay way;
    int64_t starts_at_ms, ends_at_ms;
    bool is_followed;        /**< another visit has come after it */
    int64_t late_said_at_ms; /**< when the doctor last said how late; 0: not */
    int64_t late_ms;         /**< of HOUR_BEFORE and SOON: how late the doctor is to be; 0: not */
    bool is_late_told;       /**< the patient was told of it, or is being told */
    int64_t held_until_ms;   /**< of SOON: it waits, or waited, so long for a late doctor; 0: not */
    bool has_letter;         /**< one of the visit that holds */
    int64_t hit_at_ms;       /**< when hours were changed so that it has no place; 0: it has one */
    int64_t hit_told_at_ms;  /**< when the patient was told so; 0: not */
    bool hit_waits;          /**< the message that says so is to be sent */
} NotificationFacts;
/** Why it need not be sent at NOW_MS any more, a stable word ("visit_cancelled" "visit_moved"
 * "visit_over" "already_joined" "already_called" "already_rebooked" "superseded" "not_by_video"
 * "no_place" "late_told" "too_late"); NULL: it is to be sent. One that says when and where of a
 * visit without a place is sent too, in other words (notification_asks_for_other()). */
const char *notification_moot(const NotificationFacts *facts, int64_t now_ms);
/** Of a visit that has no place the message says so, and how to choose another time, instead. */
bool notification_asks_for_other(const NotificationFacts *facts);
/** When the visit begins by what the patient was told: that much later with a late doctor. */
int64_t notification_expected(const NotificationFacts *facts);
/** When SOON is due at the earliest with a late doctor; 0: nobody is late. */
int64_t notification_late_due(const NotificationFacts *facts);
/** Of what is no reminder: made at CREATED_AT_MS, it is too old to be sent at NOW_MS. */
bool notification_is_stale(NotificationKind kind, int64_t created_at_ms, int64_t now_ms);
/** So long after it was made what is no reminder is too old. */
int64_t notification_stale_ms(NotificationKind kind);
