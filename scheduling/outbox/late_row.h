// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: how late a doctor is, within one database job. */
#pragma once
#include "scheduling/booking/visit_row.h"
#include "scheduling/outbox/late.h"

typedef struct {
    unsigned minutes;   /**< 0: not late */
    int64_t said_at_ms; /**< 0: nothing was said on that day */
    int64_t until_ms;   /**< what was said is forgotten then; nobody is given up before */
} LateRow;
bool late_row_load(DbTx *tx, const char *practitioner_id, const char *local_date, LateRow *ret_row,
                   GError **error);

/** May any doctor of the clinic call ROW, and is there another than its own? */
bool late_has_other_doctor(DbTx *tx, const VisitRow *row, bool *ret_has, GError **error);

/** What the doctor of ROW said: {0} when that is not known to be this visit's doctor, or when it
 * neither waits nor is to come. */
bool late_of_visit(DbTx *tx, const VisitRow *row, LateRow *ret_late, GError **error);
/** The same, of the minutes alone. */
bool late_minutes_of_visit(DbTx *tx, const VisitRow *row, unsigned *ret_minutes, GError **error);

/** Was the patient of the visit told how late the doctor is, by the number that there is now, or is
 * a message on its way? */
bool late_is_told(DbTx *tx, const char *visit_id, bool *ret_is, GError **error);

/** Appends to DOCTORS (LateDoctor) who is late on the day: the practitioner OWNER_ID, or those of
 * the facility OWNER_ID. */
bool late_list(DbTx *tx, bool is_practitioner, const char *owner_id, const char *local_date,
               GArray *doctors, GError **error);

/** What is told after the commit; embedded, zeroed first. */
typedef struct {
    char practitioner_id[SCHEDULING_ID_BYTES];
    GPtrArray *facility_ids, *visit_ids; /**< NULL-ended when filled; NULL: nothing is told */
    unsigned n_told;                     /**< patients to whom a message goes out */
} LateNews;
void late_news_clear(LateNews *news);

typedef struct {
    const char *practitioner_id;
    const char *local_date;
    unsigned minutes;
    int64_t last_said_at_ms; /**< of the row before; 0: there is none */
    const Actor *actor;
} LateWish;
/** Writes what is said, event rows of those who wait or are soon to come, an audit row, and, unless
 * it is the system that says it, messages; then what waited for the late doctor is judged anew. */
bool late_row_write(Scheduling *scheduling, DbTx *tx, const LateWish *wish, LateNews *ret_news,
                    GError **error);
/** Tells who is late for them to those whom what was said last has not reached: bookings that came
 * after it, and those whose time was far away then. */
bool late_row_tell_rest(Scheduling *scheduling, DbTx *tx, GError **error);
/** The number of ROW was changed just now: whoever has the new one is told, unless a message waits.
 */
bool late_row_tell_anew(Scheduling *scheduling, DbTx *tx, const VisitRow *row, GError **error);
/** Main thread, after the commit. */
void late_notify(Scheduling *scheduling, const LateNews *news);
