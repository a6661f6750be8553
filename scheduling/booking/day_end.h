// SPDX-License-Identifier: Apache-2.0
/* What becomes of those who still wait, were called and not reached, or were left in a call, when
 * their doctor's day is over. Threads: see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"

enum { DAY_END_MAX_AT_ONCE = 100 };

/** What is known when a visit is judged. Times that are not known are 0. */
typedef struct {
    VisitState state;
    VisitWay way;
    bool was_phoned;      /**< of one by telephone */
    bool is_outreach;     /**< taken down by a team at a post: no page of the patient's own */
    bool has_accepted;    /**< the patient took the call */
    int64_t both_ms;      /**< so long the media of both flowed */
    int64_t starts_at_ms; /**< of OUTREACH: when it was sent */
    int64_t left_at_ms;   /**< the patient's page closed then; 0: it is open, or never was */
    int64_t worked_at_ms; /**< the doctor, in a pool any of the clinic, was last at work that day */
    int64_t hours_end_ms; /**< their hours of that day end then */
    int64_t booked_end_ms; /**< the last of those who are not done with ends then */
    int64_t ends_at_ms;    /**< of the visit itself */
    int64_t latest_ms;     /**< three in the morning of the next local day */
    int64_t after_ms;      /**< the rule day_end_minutes */
    int64_t late_ms;       /**< its doctor said to be so late */
    int64_t late_until_ms; /**< and that counts until then */
} DayEndFacts;

/** When the day is over for the visit: `after_ms` after the last of hours, of what is booked and of
 * the doctor's work, but at latest_ms; half an hour after the doctor's work and `after_ms` after
 * its own end in any case. What was to be is later by what the doctor said to be late. Of OUTREACH
 * latest_ms: a post sends when it has a network. Pure. */
int64_t day_end_due_ms(const DayEndFacts *facts);
/** What it becomes then. From a call: `done` when both could be heard for a minute, else
 * `tech_failed`, as when the patient had taken the call and it never came about. Who had closed the
 * page before the doctor last was at work: `left_without_being_seen`. Who was sent by a post when
 * the hours were over: `cancelled_system`. Everybody else: `no_show_doctor`. Pure. */
VisitState day_end_outcome(const DayEndFacts *facts);

typedef struct {
    unsigned n_no_doctor, n_left, n_failed, n_done, n_cancelled; /**< visits by outcome */
    bool more;                                                   /**< there may be more */
} DayEnded;
/** ENDED is never NULL; with ERROR it counts what was done before. */
typedef void (*DayEndDone)(const DayEnded *ended, const GError *error, gpointer user_data);

/** Ends the visits whose day is over, each in a transaction of its own that judges it again: what a
 * kill interrupts is found by the next call, what was ended by none. Patients are told with a link
 * to another time, but not those of a post. */
void day_end_sweep(Scheduling *scheduling, DayEndDone done, gpointer user_data);
