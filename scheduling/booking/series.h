// SPDX-License-Identifier: Apache-2.0
/* Visits that come again: the same patient every one, two or four weeks, with the same doctor and
 * for the same service. The server proposes for each date what is nearest to the wished time, and
 * says why a date does not fit; what staff settle on is booked, or moved, in one transaction. Each
 * is a visit of its own, the patient hears of all of them at once. Threads: see scheduling.h. */
#pragma once
#include "scheduling/clinic/slots.h"
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

enum { SERIES_MIN = 2, SERIES_MAX = 12, SERIES_MAX_CHOICES = 6, SERIES_KEY_MIN_BYTES = 8 };

/** Why a date does not fit. */
typedef enum {
    SERIES_FITS,
    SERIES_TOO_FAR,     /**< further ahead than staff may book, by the facility's rule */
    SERIES_PERMIT_OVER, /**< the doctor's SIP has run out by then */
    SERIES_LEAVE,       /**< the doctor is away */
    SERIES_HOLIDAY,     /**< a holiday that is certain */
    SERIES_NO_HOURS,    /**< the doctor does not work on that day */
    SERIES_FULL,        /**< hours, and nothing free in them */
    SERIES_OWN_VISIT,   /**< free times, and at all of them the patient is in another visit */
} SeriesFit;
/** "fits" "too_far" "permit_over" "leave" "holiday" "no_hours" "full" "own_visit" */
const char *series_fit_name(SeriesFit fit);

typedef struct {
    char date[11];
    int64_t wanted_at_ms;
    SeriesFit fit;
    unsigned n_choices; /**< of that date when it fits, else of the days around it */
    SlotOffer choices[SERIES_MAX_CHOICES]; /**< the nearest to the wish first */
    char visit_id[HOURS_ID_BYTES];         /**< of a move: which visit comes there; else "" */
    int64_t from_ms;                       /**< likewise: its start as it is now */
} SeriesDate;

/** What is wished for; texts are borrowed. */
typedef struct {
    const char *first_date; /**< "YYYY-MM-DD", from tomorrow on */
    int minute;             /**< local minute of the day */
    int every_weeks;        /**< 1, 2 or 4 */
    int times;              /**< SERIES_MIN to SERIES_MAX */
    const char *until_date; /**< no date after it; NULL: none */
} SeriesWish;

typedef struct {
    GArray *dates;     /**< SeriesDate, by date */
    FaultList *faults; /**< with INVALID_FIELDS: `first`, `time`, `every`, `times`, `until` */
} SeriesPlan;
/** PLAN is always given. */
typedef void (*SeriesPlanDone)(const SeriesPlan *plan, const GError *error, gpointer user_data);
/** Doctor of the visit, desk of its facility. WISH is copied. No time is proposed at which the
 * patient has another visit; which one is not said. */
void series_plan(Scheduling *scheduling, const char *visit_id, const SeriesWish *wish,
                 const Actor *actor, SeriesPlanDone done, gpointer user_data);
/** The same for moving this visit and the later ones of its series, as far as they are still to
 * come and with the same doctor: the first of them comes to first_date, the others after it as they
 * do now, in whole intervals of the series. Of WISH only first_date and minute count. Their own
 * times count as free. No dates: there is nothing to be moved. */
void series_plan_move(Scheduling *scheduling, const char *visit_id, const SeriesWish *wish,
                      const Actor *actor, SeriesPlanDone done, gpointer user_data);

/** One of a series. */
typedef struct {
    char *id, *code, *number, *doctor;
    VisitState state;
    int64_t starts_at_ms;
} SeriesVisit;

typedef struct {
    char *id;             /**< NULL: the visit is of no series */
    GPtrArray *visits;    /**< SeriesVisit, by start */
    int64_t taken_at_ms;  /**< with SLOT_TAKEN, SLOT_NOT_OFFERED, OWN_BOOKING: which start */
    unsigned n_cancelled; /**< of a cancellation */
    unsigned n_moved;     /**< of a move */
    FaultList *faults;    /**< with INVALID_FIELDS: `starts`, `every`, `Idempotency-Key`, `moves` */
} Series;
/** SERIES is always given. */
typedef void (*SeriesDone)(const Series *series, const GError *error, gpointer user_data);

typedef struct {
    int every_weeks;
    unsigned n_starts;
    int64_t starts[SERIES_MAX]; /**< of slots or sessions, rising */
    const char *key;            /**< idempotency key */
} SeriesDraft;
/** Books all of them or none: doctor of the visit, desk of its facility. DRAFT is copied. The same
 * key with the same draft is answered again; with another one IDEMPOTENCY_MISMATCH. OWN_BOOKING
 * when the patient has another visit at one of the times. */
void series_book(Scheduling *scheduling, const char *visit_id, const SeriesDraft *draft,
                 const Actor *actor, SeriesDone done, gpointer user_data);
/** The series that the visit is of, or the first that was booked from it. */
void series_get(Scheduling *scheduling, const char *visit_id, const Actor *actor, SeriesDone done,
                gpointer user_data);
/** Cancels this visit and all later ones of its series that are still to come; the patient is told
 * once. BAD_STATE when the visit is none that can be cancelled. */
void series_cancel(Scheduling *scheduling, const char *visit_id, const char *reason,
                   const Actor *actor, SeriesDone done, gpointer user_data);

typedef struct {
    const char *visit_id;
    int64_t starts_at_ms; /**< of the slot or session that it comes to */
} SeriesMove;
/** Moves N_MOVES (1 to SERIES_MAX) of those that series_plan_move() names, all of them or none;
 * their starts rise. Each is moved as booking_move() does, the patient is told once. Who may: as of
 * series_book(), and of each visit. SLOT_NOT_OFFERED, SLOT_TAKEN, OWN_BOOKING; what was cancelled
 * or moved meanwhile: VISIT_CANCELLED, VISIT_ENDED, BAD_STATE. Asked for again what is so already
 * is fine. MOVES is copied. */
void series_move(Scheduling *scheduling, const char *visit_id, const SeriesMove *moves,
                 unsigned n_moves, const Actor *actor, SeriesDone done, gpointer user_data);
