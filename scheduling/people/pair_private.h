// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: pairs within a database job. */
#pragma once
#include "scheduling/people/pair.h"
#include "scheduling/scheduling_private.h"

/** Keyed hash of a name, in its form for comparing, and a birth date; to be freed. */
char *person_match_index(const Scheduling *scheduling, const char *name, const char *birth_date);
/** Fills the hashes that rows of before have not got, and finds their pairs. */
bool person_fill_indexes(Scheduling *scheduling, DbTx *tx, GError **error);
/** Writes down who may be the same person as this row, which has a visit in FACILITY_ID. */
bool pair_find(Scheduling *scheduling, DbTx *tx, const char *patient_id, const char *facility_id,
               GError **error);

typedef struct {
    char first_id[SCHEDULING_ID_BYTES], second_id[SCHEDULING_ID_BYTES];
    char first_person[SCHEDULING_ID_BYTES], second_person[SCHEDULING_ID_BYTES];
    PairState state;
    PairCertainty certainty;
    int64_t found_at_ms;
} PairRow;
/** NOT_FOUND also when the actor may not look at it. */
bool pair_row_load(DbTx *tx, const char *pair_id, const Actor *actor, PairRow *ret_row,
                   GError **error);
/** FORBIDDEN unless a desk with a facility. */
bool pair_check_actor(const Actor *actor, GError **error);
