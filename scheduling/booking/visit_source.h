// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: what a further visit of the same patient takes over from an earlier
 * one. Within one database job. */
#pragma once
#include "scheduling/booking/visit_new.h"

typedef struct {
    NewVisitSource person; /**< borrows from the texts below */
    char *patient_id, *phone_sealed, *phone_index, *lang, *code, *participant_id;
    char *service_id, *nik_index; /**< NULL: none */
    bool pool;
} VisitSource;
void visit_source_clear(VisitSource *source);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VisitSource, visit_source_clear)

/** NOT_FOUND when there is no such visit. */
bool visit_source_load(DbTx *tx, const char *visit_id, VisitSource *ret_source, GError **error);
