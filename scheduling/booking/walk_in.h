// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: where somebody without an appointment goes. Within one database job.
 */
#pragma once
#include "scheduling/booking/visit_new.h"
#include "server/base/fault.h"

typedef struct {
    const char *clinic_id;
    const char *facility_id;     /**< the desk's */
    const char *practitioner_id; /**< NULL: whichever doctor of the clinic is free */
    bool is_urgent;              /**< an emergency: also of who is on leave, or has no hours */
    bool is_at_post;             /**< was taken down at a post, and is kept whoever works */
} WalkInWish;

/** Makes VISIT one that begins now and holds no slot, of the doctor that WISH asks for, else of
 * the clinic's pool. DOCTOR_ID is room for an id that VISIT then points to. NOT_FOUND when there is
 * no such doctor or nobody is in the clinic; INVALID_FIELDS with FAULTS ("doctor", of a pool
 * "clinic") when no patient is given to this doctor today (clinic/duty.h), and ("outreach") when
 * the clinic of a post has no doctor left. */
bool walk_in_place(Scheduling *scheduling, DbTx *tx, const WalkInWish *wish,
                   char doctor_id[SCHEDULING_ID_BYTES], NewVisit *visit, FaultList *faults,
                   GError **error);
