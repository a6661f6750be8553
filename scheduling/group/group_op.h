// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/group only: one operation on one group, as a job that answers with the group
 * as it is afterwards, and tells the listener of each visit that it changed. */
#pragma once
#include "scheduling/group/group_row.h"

typedef struct GroupOp GroupOp;
struct GroupOp {
    Scheduling *scheduling;
    ActorCopy actor;
    char *group_id;                            /* of a new one: set by apply */
    char *clinic_id, *practitioner_id, *title; /* of a new one */
    GroupDraft draft;                          /* without its strings */
    char *reason;
    bool is_open;
    bool (*apply)(GroupOp *op, DbTx *tx, GError **error);
    FaultList *faults;
    GPtrArray *boxes; /* ChangeBox */
    Group *group;
    GroupDone done;
    gpointer user_data;
};

/** Strings are copied; the rest is filled in before group_op_run(). */
GroupOp *group_op_new(Scheduling *scheduling, const char *group_id, const Actor *actor,
                      GroupDone done, gpointer user_data);
void group_op_run(GroupOp *op);
/** Sets FORBIDDEN; false. */
bool group_op_forbid(GError **error);
