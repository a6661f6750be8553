// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: where somebody without an appointment goes. Within one database job.
 */
#pragma once
#include "scheduling/booking/visit_new.h"

typedef struct {
    const char *clinic_id;
    const char *facility_id;     /**< the desk's */
    const char *practitioner_id; /**< NULL: whichever doctor of the clinic is free */
} WalkInWish;

/** Makes VISIT one that begins now and holds no slot, of the doctor that WISH asks for, else of
 * the clinic's pool. DOCTOR_ID is room for an id that VISIT then points to. NOT_FOUND when nobody
 * works there. */
bool walk_in_place(Scheduling *scheduling, DbTx *tx, const WalkInWish *wish,
                   char doctor_id[SCHEDULING_ID_BYTES], NewVisit *visit, GError **error);
