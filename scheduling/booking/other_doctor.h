// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only, within one database job: visits that are still to be seen, and that
 * the doctor whose they are will not see, nor any of the clinic's where any would do. Who sees
 * patients: clinic/duty.h, README.md. */
#pragma once
#include "scheduling/clinic/duty_row.h"

typedef struct OtherDoctor OtherDoctor;
OtherDoctor *other_doctor_new(Scheduling *scheduling, DbTx *tx);
void other_doctor_free(OtherDoctor *other);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OtherDoctor, other_doctor_free)

/** One that nobody has called yet. */
typedef struct {
    const char *clinic_id, *facility_id;
    const char *practitioner_id; /**< NULL: any doctor of the clinic may call */
    const char *date;            /**< on which it is to be seen */
    bool is_urgent;              /**< who is on leave may be asked, too */
    bool is_at_post; /**< a nurse is with the patient: taken down whatever the clinic's hours are */
} OtherDoctorVisit;

/** *RET_WHY: why VISIT needs another doctor, static: the name of a DutyFault, or "nobody_works" or
 * "nobody_may" as of a walk-in; NULL: it does not. A clinic is read once for all its visits. */
bool other_doctor_find(OtherDoctor *other, const OtherDoctorVisit *visit, const char **ret_why,
                       GError **error);
/** What the patient is told. *RET_IS: a change of hours has left the visit without a place
 * (hours_kept.h), or its patient waits and another doctor is needed. A day, too, is judged once. */
bool other_doctor_is_unplaced(OtherDoctor *other, const char *visit_id, bool *ret_is,
                              GError **error);
