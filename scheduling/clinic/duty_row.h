// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: duty.h within one database job. */
#pragma once
#include "scheduling/clinic/duty.h"
#include "scheduling/scheduling_private.h"

/** Not even in an emergency. */
bool duty_fault_is_final(DutyFault fault);

typedef struct {
    const char *clinic_id, *facility_id;
    const char *practitioner_id; /**< NULL: all of the clinic */
    const char *date;            /**< NULL: today */
} DutyQuery;

/** Appends to DOCTORS (DutyDoctor), by id, those of QUERY: none when the clinic is not there. */
bool duty_load(Scheduling *scheduling, DbTx *tx, const DutyQuery *query, GArray *doctors,
               GError **error);

/** The clinic of FACILITY_ID (NULL: any) or its facility is archived; of one that is not there
 * false. */
bool duty_is_archived(DbTx *tx, const char *clinic_id, const char *facility_id, bool *ret_archived,
                      GError **error);

/** *RET_OVER: has the permit that the doctor has on record for the facility (NULL: for any) run
 * out?
 */
bool duty_is_permit_over(const Scheduling *scheduling, DbTx *tx, const char *facility_id,
                         const char *practitioner_id, bool *ret_over, GError **error);
/** Sets PERMIT_OVER. */
void duty_refuse_permit(GError **error);
/** PERMIT_OVER when it has. */
bool duty_check_permit(const Scheduling *scheduling, DbTx *tx, const char *facility_id,
                       const char *practitioner_id, GError **error);
