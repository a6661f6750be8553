// SPDX-License-Identifier: Apache-2.0
/* To whom of a clinic's doctors a patient can be given today, and why not to the others. The rules
 * and their reasons: README.md of booking/. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

enum { DUTY_ID_BYTES = 27 };

/** Why no patient is given to a doctor, what lasts longest first. */
typedef enum {
    DUTY_FIT,
    DUTY_ARCHIVED,    /**< or does not work in the clinic any more */
    DUTY_PERMIT_OVER, /**< the permit (SIP) of the clinic's facility has run out */
    DUTY_DISABLED,    /**< the account, so that nobody can log in */
    DUTY_ON_LEAVE,
} DutyFault;
/** "fit" "doctor_archived" "doctor_permit_over" "doctor_disabled" "doctor_on_leave": also the code
 * of the fault at a field. */
const char *duty_fault_name(DutyFault fault);
/** One doctor of a clinic today. */
typedef struct {
    char practitioner_id[DUTY_ID_BYTES];
    DutyFault fault;
    bool is_listed; /**< has called somebody, or somebody is booked with this doctor, of today */
    bool works;     /**< is fit, and has hours of today in the clinic or is listed */
} DutyDoctor;

typedef struct {
    char clinic_id[DUTY_ID_BYTES];
    GArray *doctors; /**< DutyDoctor */
} DutyClinic;
typedef void (*DutyDone)(const GPtrArray *clinics, const GError *error, gpointer user_data);
/** A desk: of the clinics of its facility (DutyClinic). FORBIDDEN for others. */
void duty_list(Scheduling *scheduling, const Actor *actor, DutyDone done, gpointer user_data);
