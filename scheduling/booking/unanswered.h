// SPDX-License-Identifier: Apache-2.0
/* A patient waits, or is to be phoned, it is time, and nobody calls: doctor and desk are shown it,
 * then the coordinator. When that is so is said in README.md of this room. Threads: see
 * scheduling.h. */
#pragma once
#include "scheduling/booking/token.h"
#include "scheduling/scheduling.h"

enum { UNANSWERED_MAX_AT_ONCE = 100, UNANSWERED_MAX_LISTED = 100 };

/** N_CHANGED: visits that were told of, escalated or answered; UNANSWERED_MAX_AT_ONCE: there may
 * be more. 0 with ERROR. */
typedef void (*UnansweredDone)(unsigned n_changed, const GError *error, gpointer user_data);
/** One transaction, to be repeated every few seconds: what a kill interrupts is found again by the
 * next call, and what was done once is not done again. WITH_PAGES: ids of the doctors who have
 * their page open, and of the clinics of which one has, NULL-ended, copied; NULL: not known, all
 * may have. */
void unanswered_sweep(Scheduling *scheduling, const char *const *with_pages, UnansweredDone done,
                      gpointer user_data);

/** A patient who still waits, or was not phoned yet, though doctor and desk were shown it: nothing
 * that says who. */
typedef struct {
    char *visit_id, *number, *facility, *clinic;
    char *doctor;                 /**< "": any doctor of the clinic */
    VisitWay way;                 /**< VISIT_WAY_PHONE: is to be phoned */
    const char *other_doctor_why; /**< as DayVisit has it */
    int64_t since_ms, escalated_at_ms;
} Unanswered;

/** UNANSWERED: of Unanswered, the longest wait first, at most UNANSWERED_MAX_LISTED. */
typedef void (*UnansweredListDone)(const GPtrArray *unanswered, const GError *error,
                                   gpointer user_data);
/** Today's: a coordinator those of the facility, an administrator all; FORBIDDEN for others. */
void unanswered_list(Scheduling *scheduling, const Actor *actor, UnansweredListDone done,
                     gpointer user_data);

/* What a token of unanswered_watch() hears of: "unanswered:" and the facility's id, or "all". */
#define UNANSWERED_TOPIC "unanswered:"
#define UNANSWERED_ALL "all"
/** A token that hears that the list has changed, for who may read it; FORBIDDEN for others. */
void unanswered_watch(Scheduling *scheduling, const Actor *actor, TokenIssuedDone done,
                      gpointer user_data);
