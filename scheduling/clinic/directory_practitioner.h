// SPDX-License-Identifier: Apache-2.0
/* Inside of directory_edit alone: the rows of one practitioner. Inside a job. */
#pragma once
#include "scheduling/clinic/directory_edit.h"

/** What directory_apply() is doing. */
typedef struct {
    Scheduling *scheduling;
    DbTx *tx;
    const Actor *actor;
    const char *facility_id; /* that the actor keeps alone; NULL: all */
    const DirectoryDraft *draft;
    DirectoryEdited *edited;
} DirectoryPut;

/** INVALID_FIELDS with a fault more; false. */
bool directory_put_fault(DirectoryPut *put, const char *field, const char *code, GError **error);

/** Holds a practitioner against the database: access, clinics, what a coordinator may change. */
bool directory_practitioner_check(DirectoryPut *put, GError **error);
/** Writes it; edited->id is set. */
bool directory_practitioner_write(DirectoryPut *put, GError **error);
