// SPDX-License-Identifier: Apache-2.0
/* The rules that a province and its facilities set for themselves: their names, what each may be,
 * and how it is written. Pure; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include "server/base/fault.h"

typedef enum {
    POLICY_BOOKING_LEAD,       /**< slots are offered from so long ahead on */
    POLICY_BOOKING_HORIZON,    /**< and until so far ahead */
    POLICY_STAFF_HORIZON,      /**< staff book repeated visits until so far ahead */
    POLICY_MOVE_UNTIL,         /**< a patient may move a visit until so long before its start */
    POLICY_CANCEL_UNTIL,       /**< and cancel it; 0: at any time */
    POLICY_HOLD,               /**< a slot is kept so long while the form is filled in */
    POLICY_OPEN_BEFORE,        /**< check-in opens so long before the start */
    POLICY_OPEN_AFTER,         /**< and closes so long after the end */
    POLICY_LATE,               /**< who checks in so long after the start lets another go first */
    POLICY_NO_SHOW,            /**< who was called twice is given up so long after the start */
    POLICY_UNANSWERED,         /**< who waits and is called by nobody for so long is shown loudly */
    POLICY_ALONE,              /**< likewise while the doctor has no page open */
    POLICY_DAY_END,            /**< who waits is given up so long after the doctor's day is over */
    POLICY_SICK_LETTERS,       /**< POLICY_SICK_OFF ... */
    POLICY_SICK_DAYS,          /**< a sick letter is for so many days at most */
    POLICY_BOOKINGS_PER_PHONE, /**< so many to come from outside; 0: any number */
    POLICY_BOOKINGS_PER_ADDRESS, /**< so many on a day from outside; 0: any number */
    POLICY_MISSED_DAYS,          /**< who missed visits on so many days is asked about; 0: nobody */
    POLICY_REMIND_DAY,           /**< whether patients are reminded a day before */
    POLICY_REMIND_HOUR,          /**< an hour before */
    POLICY_REMIND_SOON,          /**< ten minutes before */
    POLICY_QUIET_FROM,           /**< hour of the day from which on, */
    POLICY_QUIET_UNTIL, /**< until this one, nobody is reminded of the next day; equal: never */
} PolicyRule;
enum { POLICY_N_RULES = POLICY_QUIET_UNTIL + 1 };

enum { POLICY_SICK_OFF, POLICY_SICK_ASSISTED, POLICY_SICK_ON };

typedef enum {
    POLICY_KIND_NUMBER, /**< min to max, of the unit that the name ends with */
    POLICY_KIND_SWITCH, /**< "off" or "on" */
    POLICY_KIND_CHOICE, /**< one of choices */
} PolicyKind;

typedef struct {
    const char *name; /**< "booking_lead_minutes" */
    PolicyKind kind;
    int64_t min, max;
    int64_t unit_ms;     /**< of a length of time; 0: no such */
    const char *choices; /**< "off|on"; NULL: a number */
} PolicyRow;
const PolicyRow *policy_row(PolicyRule rule);
/** "number" ... */
const char *policy_kind_name(PolicyKind kind);
bool policy_rule_parse(const char *name, PolicyRule *ret_rule);

/** What VALUE is written as: "15", "on"; to be freed. */
char *policy_value_text(PolicyRule rule, int64_t value);
/** Reads TEXT; false with a fault at the field FIELD that says what is allowed. */
bool policy_value_parse(PolicyRule rule, const char *text, const char *field, int64_t *ret_value,
                        FaultList *faults);
