// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: blocks, and incidents as a job reads them. */
#pragma once
#include "scheduling/incident/incident.h"
#include "scheduling/scheduling_private.h"

typedef struct {
    const char *clinic_id;
    const char *phone_index, *nik_index; /**< as visits and patients have them; NULL: none */
} BlockQuery;
/** *RET_IS: the facility of the clinic confirms bookings of this telephone or NIK itself. */
bool incident_is_blocked(Scheduling *scheduling, DbTx *tx, const BlockQuery *query, bool *ret_is,
                         GError **error);

/** The incident with its steps; to be freed. NOT_FOUND unless the actor may see it. */
Incident *incident_load(Scheduling *scheduling, DbTx *tx, const char *incident_id,
                        const Actor *actor, GError **error);
/** Of the present row of incident_get or incident_list_*: without text and steps. */
Incident *incident_from_row(const Scheduling *scheduling, DbQuery *row);
bool incident_load_steps(Scheduling *scheduling, DbTx *tx, Incident *incident, GError **error);
