// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: messages as rows, made in the transaction of what causes them. */
#pragma once
#include "scheduling/booking/visit_row.h"
#include "scheduling/outbox/notification_kind.h"

typedef struct {
    const char *visit_id;
    NotificationKind kind;
    int64_t occurrence; /**< together with the two above: never twice */
    int64_t due_at_ms;
} NewNotification;
/** One that is there already stays as it is. */
bool notification_add(DbTx *tx, const NewNotification *entry, int64_t now_ms, GError **error);
/** Does one of KIND wait that nobody has claimed? It goes to the number that is there by then. */
bool notification_waits(DbTx *tx, const char *visit_id, NotificationKind kind, int64_t now_ms,
                        bool *ret_waits, GError **error);

/** The visit ROW has just been booked, or is where another one was moved to: that is said, and its
 * reminders are made. */
bool notification_on_booked(Scheduling *scheduling, DbTx *tx, const VisitRow *row, bool is_moved,
                            GError **error);
/** The reminders alone: that it was booked is said with another visit. */
bool notification_remind(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error);
/** How ROW is to be held was changed just now. */
bool notification_on_way(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error);
/** A letter of ROW was issued: said when the visit is over or not by video, once of those that are
 * issued within two minutes; in the call the page says so. */
bool notification_on_letter(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error);
/** One of ROW that can be opened was revoked: said at once, also at night, except in a call by
 * video, where the patient has seen none yet. */
bool notification_on_letter_revoked(Scheduling *scheduling, DbTx *tx, const VisitRow *row,
                                    GError **error);
/** The number of ROW was changed just now: what is so is said to the new one, unless that still
 * waits. That is what was booked, with its reminders and how late the doctor is; how it goes on out
 * of a call, as long as it did not have to be said earlier; that there are letters, or that one was
 * revoked. Without a telephone what waits is no more. IS_SAID_WITH: that it is booked is said with
 * another visit of its series. *RET_TOLD: a message is on its way. */
bool notification_on_phone(Scheduling *scheduling, DbTx *tx, const VisitRow *row, bool is_said_with,
                           bool *ret_told, GError **error);
/** ROW has just come into its state. */
bool notification_on_state(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error);
