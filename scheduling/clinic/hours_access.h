// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: whose hours an actor may see and change. A doctor the own ones,
 * desk and coordinator those of their facility's clinics, an administrator all. Inside a job. */
#pragma once
#include "scheduling/scheduling_private.h"

/** FORBIDDEN, or NOT_FOUND, unless the actor may change the hours of this doctor: in CLINIC_ID, or
 * in any clinic when that is NULL. */
bool hours_access_check(DbTx *tx, const Actor *actor, const char *practitioner_id,
                        const char *clinic_id, GError **error);

/** The facility whose clinics alone the actor sees; NULL: all. */
const char *hours_access_facility(const Actor *actor);
