// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: the rules that hold for a facility, read within the job that decides
 * by them: the facility's own value, else the province's, else that of the SchedulingPolicy (the
 * configuration file). */
#pragma once
#include "scheduling/policy/policy_rule.h"
#include "scheduling/scheduling_private.h"

typedef struct {
    int64_t values[POLICY_N_RULES]; /**< in the unit of each rule */
} Policy;

/** A rule that is a length of time. */
int64_t policy_ms(const Policy *policy, PolicyRule rule);

/** As the SchedulingPolicy has it: what is below all rows. */
void policy_base(const Scheduling *scheduling, Policy *ret_policy);
bool policy_load(const Scheduling *scheduling, DbTx *tx, const char *facility_id,
                 Policy *ret_policy, GError **error);
/** Of the facility of a clinic. */
bool policy_load_clinic(const Scheduling *scheduling, DbTx *tx, const char *clinic_id,
                        Policy *ret_policy, GError **error);

/** The last one that was read in a job that goes through many rows; zeroed first. */
typedef struct {
    char facility_id[SCHEDULING_ID_BYTES];
    Policy policy;
} PolicyMemo;
/** NULL with ERROR; borrowed from MEMO until the next call. */
const Policy *policy_of(PolicyMemo *memo, const Scheduling *scheduling, DbTx *tx,
                        const char *facility_id, GError **error);
