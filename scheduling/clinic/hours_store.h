// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: the plan of a clinic as the database has it. Inside a job. */
#pragma once
#include "scheduling/clinic/hours.h"
#include "scheduling/scheduling_private.h"

typedef struct {
    const char *clinic_id;
    const char *practitioner_id; /**< NULL: all doctors of the clinic */
    const char *from_date;       /**< exceptions of these dates, both counted; all rules */
    const char *until_date;
} HoursQuery;

/** The plan that QUERY asks for, of active doctors; in the clinics' zone. */
HoursPlan *hours_plan_load(Scheduling *scheduling, DbTx *tx, const HoursQuery *query,
                           GError **error);

/** One rule with its breaks; NOT_FOUND. Whose doctor it is is left out. */
bool hours_rule_load(DbTx *tx, const char *id, HoursRule *ret_rule, GError **error);
/** Does the doctor practise in the clinic: is none of doctor, membership, clinic, facility
 * archived?
 */
bool hours_practises(DbTx *tx, const char *clinic_id, const char *practitioner_id, bool *ret_does,
                     GError **error);

/** What stands against SPAN, kept by a doctor in a clinic whether it is in the hours or not. */
bool hours_find_obstacle(Scheduling *scheduling, DbTx *tx, const char *clinic_id,
                         const char *practitioner_id, TimeSpan span, HoursObstacle *ret_obstacle,
                         GError **error);

/** Reads mode, slot_minutes, before_minutes, after_minutes, quota and extra_percent from six
 * columns. */
void hours_pattern_read(DbQuery *row, int column, HoursPattern *ret_pattern);
