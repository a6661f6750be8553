// SPDX-License-Identifier: Apache-2.0
/* One who waits for a place, and what is done to and by them: for the tests of the wait list. On
 * Sunday alone a test opens hours; the demo's own are taken away from all doctors. */
#pragma once
#include "tests/unit/scheduling/fixture.h"

#include "scheduling/wait/wait_answer.h"
#include "scheduling/wait/wait_list.h"

#define SUNDAY "2026-11-29"
enum { SUNDAY_DAYS = 5 };

typedef struct {
    Fixture *fixture;
    char *id, *token, *faults;
    /* of the last look */
    WaitState state;
    char *offer, *last;
    int64_t turn_at_ms, expires_at_ms;
    bool is_kept;
    unsigned n_ahead;
    char *visit_id; /* of the last acceptance */
} Waiter;

typedef struct {
    Fixture *fixture;
    unsigned doctor;
    char id[SCHEDULING_ID_BYTES];
} ClinicOf;

/** cmocka set-up: fixture_set_up() without the demo's hours. */
int waiter_set_up(void **state);
void waiter_clear(Waiter *waiter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Waiter, waiter_clear)
void waiter_keep_text(char **text, const char *value);
/** To be passed on. */
BookingRequest *waiter_person(Fixture *fixture, const char *name, const char *phone);
/** Returns the error code; faults are kept as "field:code ". */
int waiter_join_with(Fixture *fixture, Waiter *waiter, BookingRequest *who, const char *from,
                     const char *until);
/** As above, by ACTOR, from today to the last day. */
int waiter_join_as(Fixture *fixture, Waiter *waiter, BookingRequest *who, const Actor *actor);
/** On the list for Sunday, of the first doctor. */
void waiter_join(Fixture *fixture, Waiter *waiter, const char *name, const char *phone);
/** A DbJobFunc of a ClinicOf: id is set. */
bool waiter_clinic_job(DbTx *tx, gpointer data, GError **error);
/** Hours of a doctor on Sunday from 9.00 on, in slots of a quarter of an hour, or closed ones. */
void waiter_open_hours(Fixture *fixture, unsigned doctor, unsigned n_slots, bool is_extra);
void waiter_open_slots(Fixture *fixture, unsigned n_slots);
int64_t waiter_nine(void);
/** How many offers were made; *ret_ended: how many ended. */
unsigned waiter_sweep(Fixture *fixture, unsigned *ret_ended);
/** What the link shows is kept in the struct; returns the error code. */
int waiter_look(Waiter *waiter);
void waiter_assert_offered(Waiter *waiter, bool is_offered);
/** A BookingDone of a Waiter: the visit is kept. */
void waiter_on_accepted(const Booking *booking, const GError *error, gpointer user_data);
int waiter_accept(Waiter *waiter, const char *offer);
int waiter_decline(Waiter *waiter);
int waiter_leave(Waiter *waiter);
int waiter_set_urgent(Waiter *waiter, unsigned facility, const char *reason);
/** A DbJobFunc of a Fixture: the clinic offers to all at once. */
bool waiter_all_at_once_job(DbTx *tx, gpointer data, GError **error);
/** The texts of all that is due, "kind: text" a line, sent; to be freed. */
char *waiter_messages(Fixture *fixture);
#define WITH_WAITERS(test) cmocka_unit_test_setup_teardown(test, waiter_set_up, fixture_tear_down)
