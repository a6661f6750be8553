// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: those who wait, as the database has them, in the order of turn.h; the
 * place of a visit among them, and the wait that may be promised: always a range, never a
 * second-exact figure. */
#pragma once
#include "scheduling/booking/turn.h"
#include "scheduling/booking/visit_row.h"

/** One queue of a local day, around midnight of two (queue_day.h). A doctor's: those who wait for
 * this doctor by name, and all for whom any doctor of the doctor's clinics will do. Without a
 * doctor a clinic's: all who wait there. */
typedef struct {
    const char *practitioner_id; /**< NULL: the clinic's */
    const char *clinic_id;
    const char *local_date;
} QueueKey;

/** The queue in which ROW's place is counted. */
QueueKey queue_key(const VisitRow *row);

/** In order; an array of Turn to be freed with g_array_unref(). */
GArray *queue_load(Scheduling *scheduling, DbTx *tx, const QueueKey *key, GError **error);

typedef struct {
    unsigned
        ahead; /**< those who wait before it and, unless doctors share the queue, called ones */
    unsigned wait_min_minutes, wait_max_minutes;
} QueuePlace;

/** The queues of one job, each read when the first place in it is asked for and not again: whoever
 * asks for the places of all who wait reads their queue once, not once for each of them. */
typedef struct QueueBook QueueBook;
QueueBook *queue_book_new(void);
void queue_book_free(QueueBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QueueBook, queue_book_free)

/** For a visit that is checked_in. */
bool queue_place(Scheduling *scheduling, DbTx *tx, const VisitRow *row, QueueBook *book,
                 QueuePlace *ret_place, GError **error);

/** Pure: EXPECTED_MS of others' consultations, give or take half, rounded outwards to 5 minutes;
 * the upper end reaches the start if that is still UNTIL_START_MS away. Sets the wait alone. */
void queue_wait_range(int64_t expected_ms, int64_t until_start_ms, QueuePlace *ret_place);

/** The visit came into the queue at NOW_MS: who is late lets another go first. */
bool queue_note_arrival(Scheduling *scheduling, DbTx *tx, const VisitRow *row, int64_t now_ms,
                        GError **error);

/** IS_DELAYED: it lets one other go first. */
bool queue_set_delayed(DbTx *tx, const char *visit_id, bool is_delayed, GError **error);

/** Before all that are no emergency, for REASON, which event and audit keep; NULL: it is none any
 * more. For a visit that nobody has called yet. */
bool queue_write_urgent(Scheduling *scheduling, DbTx *tx, const char *visit_id, const Actor *actor,
                        const char *reason, GError **error);

/** DOCTOR_BUSY when the doctor of KEY has called, or talks with, somebody of that day other than
 * EXCEPT_ID (NULL: anybody): its id in RET_VISIT_ID. */
bool queue_check_free(const Scheduling *scheduling, DbTx *tx, const QueueKey *key,
                      const char *except_id, char ret_visit_id[SCHEDULING_ID_BYTES],
                      GError **error);

/** Before ROW is called by PRACTITIONER_ID: a visit of the pool becomes this doctor's, and those
 * whom the call passes over have let somebody go first. TURNS: the doctor's queue of that day where
 * the caller has read it; NULL otherwise. */
bool queue_note_call(Scheduling *scheduling, DbTx *tx, VisitRow *row, const char *practitioner_id,
                     const GArray *turns, GError **error);

/** A visit of the pool becomes PRACTITIONER_ID's, and ROW says so. */
bool queue_claim(Scheduling *scheduling, DbTx *tx, VisitRow *row, const char *practitioner_id,
                 GError **error);
