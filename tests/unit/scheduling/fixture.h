// SPDX-License-Identifier: Apache-2.0
/* A whole scheduling on a database in a temporary folder, with a clock that stands at Tuesday,
 * 24 November 2026, 10.00 WITA, and the demo clinic. */
#pragma once
#include "scheduling/booking/booking.h"
#include "scheduling/booking/day.h"
#include "scheduling/booking/token.h"
#include "scheduling/booking/visit.h"
#include "scheduling/clinic/demo.h"
#include "scheduling/clinic/directory.h"
#include "scheduling/record/record.h"
#include "scheduling/scheduling_private.h"

#define FIXTURE_TODAY "2026-11-24"
#define FIXTURE_TOMORROW "2026-11-25"
#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)

typedef struct {
    char *dir;
    Db *db;
    Clock *clock;
    SecretBox *box;
    Scheduling *scheduling;
    DemoSeed seed;
    char clinic_id[SCHEDULING_ID_BYTES]; /* the first doctor's */
    unsigned n_waiting;                  /* answers that are still to come */
    int error_code;                      /* of the last answer; -1: success */
    GPtrArray *changes;                  /* "from>state" as the listener heard them */
    /* of the last answers */
    char *token, *visit_id, *participant_id, *number, *code;
} Fixture;

/** cmocka set-up and tear-down; *state is a Fixture. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);
/** Iterates the main context until every answer has come. */
void fixture_wait(Fixture *fixture);
/** Time of HOUR.MINUTE local today plus DAYS. */
int64_t fixture_time(int days, int hour, int minute);
void fixture_turn_to(Fixture *fixture, int64_t at_ms);

/** A request of the first demo doctor at STARTS_AT_MS; to be passed on. */
BookingRequest *fixture_request(Fixture *fixture, int64_t starts_at_ms);
/** Books it and waits: code, visit_id, token ... are set; returns error_code. */
int fixture_book(Fixture *fixture, int64_t starts_at_ms);
/** Likewise REQUEST, which is taken over. */
int fixture_book_request(Fixture *fixture, BookingRequest *request);

/** Participant ids of the visit that was booked last; to be freed. */
char *fixture_participant(Fixture *fixture, const char *visit_id, VisitRole role);
/** What somebody does with a visit: visit_check_in, visit_call, queue_absent ... */
typedef void (*FixtureStep)(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                            VisitDone done, gpointer user_data);
/** Runs a command and waits: returns error_code. */
int fixture_step(Fixture *fixture, FixtureStep step, const char *visit_id, const Actor *actor);
/** Likewise, by the patient or the first doctor. */
int fixture_check_in(Fixture *fixture, const char *visit_id);
int fixture_call(Fixture *fixture, const char *visit_id);
int fixture_accept(Fixture *fixture, const char *visit_id);
int fixture_connect(Fixture *fixture, const char *visit_id);
int fixture_end(Fixture *fixture, const char *visit_id, VisitState outcome);
int fixture_cancel(Fixture *fixture, const char *visit_id, ActorRole role);
VisitState fixture_state(Fixture *fixture, const char *visit_id);
/** What today's list of ACTOR says of the visit, without its strings; all 0 when it does not. */
DayVisit fixture_listed(Fixture *fixture, const Actor *actor, const char *visit_id);
/** The page of ROLE comes, is lost, leaves: now. */
void fixture_presence(Fixture *fixture, const char *visit_id, VisitRole role, RecordEventKind kind);
/** Desk or coordinator of the demo clinic's nth facility. */
Actor fixture_staff(const Fixture *fixture, ActorRole role, unsigned facility);

/** Takes the rules of the first doctor's clinic away, for tests that set their own. */
void fixture_clear_rules(Fixture *fixture);

/** "ACTION: REASON; " of the audit rows whose actions begin so and that have a reason; to be freed.
 */
char *fixture_audit_reasons(Fixture *fixture, const char *prefix);

/** Runs a job on the database thread and waits; the job asserts for itself. */
void fixture_run(Fixture *fixture, DbJobFunc job, gpointer data);
/** SchedulingDone and VisitDone that count the answer and keep its code. */
void fixture_on_done(const GError *error, gpointer user_data);
void fixture_on_step(const VisitChange *change, const GError *error, gpointer user_data);
void fixture_keep_error(Fixture *fixture, const GError *error);
