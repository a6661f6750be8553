// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/ only: how long the consultations of a queue take, and who serves it, as
 * today and the last 30 days have them. Within one database job; what is marked so is pure. */
#pragma once
#include "scheduling/booking/queue.h"

enum {
    QUEUE_PACE_MIN_TODAY = 3,  /**< fewer of today say nothing yet */
    QUEUE_PACE_MIN_MONTH = 5,  /**< fewer of the last 30 days neither */
    QUEUE_PACE_MAX_MONTH = 60, /**< the newest of them */
    QUEUE_PACE_MONTH_DAYS = 30,
    QUEUE_PACE_GONE_MINUTES = 15, /**< without a patient after the hours: gone home */
};

/** One finished consultation. */
typedef struct {
    int64_t duration_ms;
    char service_id[SCHEDULING_ID_BYTES]; /**< empty: none */
} QueueTook;

typedef struct {
    int64_t today_ms; /**< median of today's; -1: fewer than QUEUE_PACE_MIN_TODAY */
    GArray *month;    /**< QueueTook of the last 30 days, today's among them; NULL: not needed */
} QueuePace;
void queue_pace_clear(QueuePace *pace);

/** Reads the consultations of KEY's doctor or clinic. RET_PACE is to be cleared. */
bool queue_pace_load(DbTx *tx, const QueueKey *key, QueuePace *ret_pace, GError **error);
/** How long one for SERVICE_ID (NULL or empty: none) will take: the median of today; else of the
 * last 30 days' for that service, else of all of those; else SLOT_MS, what it was booked for.
 * Pure. */
int64_t queue_pace_ms(const QueuePace *pace, const char *service_id, int64_t slot_ms);

/** Who of a queue has been called, and by how many doctors it is served. */
typedef struct {
    unsigned n_called, n_talking;
    int64_t called_slot_ms, talking_slot_ms; /**< booked for all of them together */
    unsigned n_doctors; /**< who have called somebody today and have not gone home */
} QueueServed;
bool queue_served_load(Scheduling *scheduling, DbTx *tx, const QueueKey *key,
                       QueueServed *ret_served, GError **error);
