// SPDX-License-Identifier: Apache-2.0
/* Whose facilities, clinics and people an actor keeps: an administrator all, a coordinator its
 * facility's clinics and the people who work in them. Inside a job. */
#pragma once
#include "scheduling/scheduling.h"

/** FORBIDDEN unless the actor keeps anything; *RET_FACILITY_ID is the facility that it keeps alone
 * (borrowed from ACTOR), NULL for all. */
bool directory_access(const Actor *actor, const char **ret_facility_id, GError **error);

/** NOT_FOUND unless the practitioner is there and the actor keeps somebody who works in the
 * facility that it keeps. *RET_USER_ID (to be freed; NULL: none) is the account of the person. */
bool directory_access_practitioner(DbTx *tx, const Actor *actor, const char *practitioner_id,
                                   char **ret_user_id, GError **error);

/** *RET_WORKS: in FACILITY_ID, or in another one when ELSEWHERE. */
bool directory_works(DbTx *tx, const char *practitioner_id, const char *facility_id, bool elsewhere,
                     bool *ret_works, GError **error);
