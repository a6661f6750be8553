// SPDX-License-Identifier: Apache-2.0
/* Changing a doctor's hours: weekly rules, dated exceptions, leave. One transaction that checks who
 * asks and what is asked, finds the bookings that the change would leave without hours, and writes
 * the rows and their audit. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/hours.h"
#include "scheduling/clinic/hours_hit.h"
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

typedef enum {
    HOURS_EDIT_RULE_ADD, /**< one rule for each weekday */
    HOURS_EDIT_RULE_CHANGE,
    HOURS_EDIT_RULE_REMOVE,
    HOURS_EDIT_OVERRIDE_ADD,
    HOURS_EDIT_OVERRIDE_REMOVE,
    HOURS_EDIT_LEAVE_ADD,
    HOURS_EDIT_LEAVE_REMOVE,
} HoursEditKind;
/** "rule.add" ...: the audit row's action without its "hours.". */
const char *hours_edit_kind_name(HoursEditKind kind);

enum { HOURS_NOTE_BYTES = 512, HOURS_REVISION_BYTES = 41 };

/** What is wanted; only the members of its kind count. A plain value. */
typedef struct {
    HoursEditKind kind;
    char id[HOURS_ID_BYTES]; /**< of what is changed or removed */
    unsigned weekdays;       /**< of a rule: bit 1 Monday to bit 7 Sunday */
    HoursRule rule;
    HoursOverride override;
    HoursLeave leave;
    char note[HOURS_NOTE_BYTES]; /**< of an exception or leave */
    HoursKeep keeps_bookings;    /**< what becomes of those that it leaves without a place */
    bool drops_earlier; /**< of a rule that is changed: the hours before valid_from go, too */
    char revision[HOURS_REVISION_BYTES]; /**< of the rule that is changed or removed;
                                              empty: whichever it is */
} HoursEdit;

typedef struct {
    GPtrArray *ids;                       /**< char: of the rows that were made */
    FaultList *faults;                    /**< with INVALID_FIELDS */
    GPtrArray *hits;                      /**< HoursHit, with BOOKINGS_HIT; kept ones on success */
    char earlier_until[HOURS_DATE_BYTES]; /**< the last day of the hours as they were, which stay
                                               before a change that begins later; else empty */
} HoursEdited;

/** EDITED is always given; with ERROR only faults and hits count. */
typedef void (*HoursEditDone)(const HoursEdited *edited, const GError *error, gpointer user_data);
/** EDIT is copied. A rule that is changed from a later day on than its own first one stays as it
 * is until the day before, and the change is another rule, unless nothing but the dates differ:
 * then, and with drops_earlier, it is replaced. CHANGED when it is not of the revision that is
 * given; BOOKINGS_HIT when bookings would be left without a place and are not to be kept.
 * NOT_FOUND, FORBIDDEN; INVALID_FIELDS. */
void hours_edit(Scheduling *scheduling, const Actor *actor, const char *practitioner_id,
                const HoursEdit *edit, HoursEditDone done, gpointer user_data);
