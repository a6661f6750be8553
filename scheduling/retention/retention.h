// SPDX-License-Identifier: Apache-2.0
/* What is not kept for good, and how long it is: see README.md for what must stay. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

typedef enum {
    RETENTION_SAMPLES,  /**< media_sample: technical figures of calls, second by second */
    RETENTION_LINKS,    /**< join_token: links that have expired */
    RETENTION_KEYS,     /**< booking_key: answers to repeated bookings, with their sealed link */
    RETENTION_RUNS,     /**< job_run: the log of jobs itself */
    RETENTION_EVENTS,   /**< outbox: events for machines that nobody fetched */
    RETENTION_SESSIONS, /**< session: log-ins that have expired, by RetentionTerms.forget_sessions
                         */
} RetentionKind;
enum { RETENTION_N_KINDS = RETENTION_SESSIONS + 1 };
/** "media_samples" ... */
const char *retention_kind_name(RetentionKind kind);

/** Deletes in the caller's transaction what expired before UNTIL_MS, LIMIT rows at most; with
 * IS_DRY counts it and changes nothing. *RET_N: how many. */
typedef bool (*RetentionForget)(DbTx *tx, int64_t until_ms, int limit, bool is_dry, int64_t *ret_n,
                                GError **error);

/** How many days each is kept: samples after the visit's end, links after they expired, runs after
 * they ended, events after they were written. Keys and sessions go when they expire: 0. */
typedef struct {
    int days[RETENTION_N_KINDS];
    RetentionForget forget_sessions; /**< their table is another owner's; NULL: there is none */
} RetentionTerms;

typedef struct {
    int64_t n[RETENTION_N_KINDS]; /**< rows */
    bool more;                    /**< there may be more than was looked at */
} RetentionFound;

/** A DbJobFunc over this: deletes what is over, RETENTION_BATCH rows of each kind at most (of
 * samples those of RETENTION_VISITS visits), with one audit row and one row of the log of jobs; or
 * with IS_DRY counts it and changes nothing, up to RETENTION_DRY_ROWS a kind. */
typedef struct {
    Scheduling *scheduling;
    RetentionTerms terms;
    bool is_dry;
    RetentionFound found;
} RetentionRun;
enum { RETENTION_BATCH = 500, RETENTION_VISITS = 20, RETENTION_DRY_ROWS = 100000 };
bool retention_job(DbTx *tx, gpointer run, GError **error);

typedef void (*RetentionDone)(const RetentionFound *found, const GError *error, gpointer user_data);
/** One batch, to be repeated while there is more. FOUND is never NULL. */
void retention_delete(Scheduling *scheduling, const RetentionTerms *terms, RetentionDone done,
                      gpointer user_data);
