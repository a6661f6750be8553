// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: what a NIK says against what its person says. */
#pragma once
#include "scheduling/booking/person.h"
#include "scheduling/scheduling_private.h"
#include "server/base/fault.h"

/** What the person said beside the NIK. */
typedef struct {
    const char *birth_date;
    char sex; /**< 'L' or 'P'; 0: was not asked */
} PersonStated;

/** Inside a job: adds to WARNINGS, at `nik`, what differs (`birth_date_differs`, `sex_differs`) and
 * what is unusual here: another province (`province_differs`), or a kecamatan of this one that is
 * not among the areas (`area_unknown`). Nothing of it is ever a fault: the area is where the NIK
 * was first registered, and neither it nor the dates are changed later (domain.md 3.1). */
bool person_nik_compare(const Scheduling *scheduling, DbTx *tx, const PersonNik *nik,
                        const PersonStated *stated, FaultList *warnings, GError **error);
