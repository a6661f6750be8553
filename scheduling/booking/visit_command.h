// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: a command on one visit as a database job, as visit.h's transitions
 * and queue_step.h's are. A command loads the visit, holds the actor against it, applies itself,
 * and tells the listener and the caller after the commit. */
#pragma once
#include "scheduling/booking/visit_row.h"

typedef struct VisitCommand VisitCommand;
struct VisitCommand {
    Scheduling *scheduling;
    char *visit_id;
    ActorCopy actor;
    unsigned roles; /**< who may, bits by ActorRole */
    bool (*apply)(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error);
    VisitState outcome; /**< for apply */
    VisitWay way;       /**< for apply */
    bool came;          /**< for apply */
    char *reason;       /**< for apply: stands in the event row; may be NULL */
    bool frees;         /**< by apply: a place may be free for who waits for one */
    ChangeBox box;
    VisitDone done;
    gpointer user_data;
};

/** The caller sets roles and apply; visit_command_run() takes it. */
VisitCommand *visit_command_new(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                                VisitDone done, gpointer user_data);
void visit_command_run(VisitCommand *command);

/** Keeps REASON (may be NULL) for the event row: valid UTF-8, at most 200 characters. */
void visit_command_set_reason(VisitCommand *command, const char *reason);

/** For apply: ROW goes to TO. */
bool visit_command_go(VisitCommand *command, DbTx *tx, VisitRow *row, VisitState to,
                      GError **error);

/** Is the patient one who may be said not to have come? BAD_STATE before the visit's time has come
 * (due_from_ms), of who waits with the page open, and of who has answered the call. */
bool visit_command_check_absent(const VisitCommand *command, DbTx *tx, const VisitRow *row,
                                GError **error);
/** Whoever says that the patient did not come: of a visit that had no place at its time, and to
 * which nobody came, it is the clinic's absence. */
bool visit_command_go_absent(VisitCommand *command, DbTx *tx, VisitRow *row, GError **error);
