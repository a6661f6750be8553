// SPDX-License-Identifier: Apache-2.0
/* What is not kept for good goes when it is over, in batches, with a trail; the rest stays. And the
 * log of jobs that it is written to. */
#include "tests/unit/scheduling/fixture.h"
#include "tests/unit/scheduling/fixture_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/hold.h"
#include "scheduling/job/job_run.h"
#include "scheduling/record/record.h"
#include "scheduling/retention/retention.h"

#define DAY_MS (24 * HOUR_MS)

static const RetentionTerms terms = {.days = {[RETENTION_SAMPLES] = 90,
                                              [RETENTION_LINKS] = 30,
                                              [RETENTION_RUNS] = 60,
                                              [RETENTION_EVENTS] = 90}};

static RetentionFound run(Fixture *fixture, bool is_dry)
{
    RetentionRun one = {.scheduling = fixture->scheduling, .terms = terms, .is_dry = is_dry};
    fixture_run(fixture, retention_job, &one);
    return one.found;
}

static void sample(Fixture *fixture, const char *visit_id, int64_t at_ms)
{
    g_autofree char *participant = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    const RecordSample one = {.visit_id = visit_id,
                              .participant_id = participant,
                              .endpoint_id = "e1",
                              .at_ms = at_ms,
                              .flows = {{.packets = 10, .bytes = 1000}}};
    fixture->n_waiting++;
    record_sample(fixture->scheduling, &one, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

static void test_samples_go_and_totals_stay(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(20, 10, 15)), -1);
    g_autofree char *later = g_strdup(fixture->visit_id);
    sample(fixture, later, fixture_time(20, 10, 16));
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    g_autofree char *first = g_strdup(fixture->visit_id);
    for (int i = 0; i < 3; i++)
        sample(fixture, first, fixture_time(0, 10, 16 + i));
    int64_t n_totals = fixture_sql_int(fixture, "SELECT COUNT(*) FROM media_total");
    assert_true(n_totals > 0);
    fixture_turn_to(fixture, fixture_time(90, 10, 30));
    assert_int_equal(run(fixture, false).n[RETENTION_SAMPLES], 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(run(fixture, true).n[RETENTION_SAMPLES], 3);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM media_sample"), 4);
    /* The other one was made before it, and is over twenty days later. */
    assert_int_equal(run(fixture, false).n[RETENTION_SAMPLES], 3);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM media_sample"), 1);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM media_total"), n_totals);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM visit"), 2);
    assert_int_equal(run(fixture, false).n[RETENTION_SAMPLES], 0);
}

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    (void)booking;
    fixture_keep_error(user_data, error);
}

/* A booking whose answer can be asked for again. */
static void book_with_key(Fixture *fixture)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 10, 15));
    request->idempotency_key = g_strdup("0123456789abcdef");
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

static void test_links_and_keys(void **state)
{
    Fixture *fixture = *state;
    book_with_key(fixture);
    int64_t n_links = fixture_sql_int(fixture, "SELECT COUNT(*) FROM join_token");
    int64_t last_ms = fixture_sql_int(fixture, "SELECT MAX(expires_at_ms) FROM join_token");
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM booking_key"), 1);
    clock_advance(fixture->clock, DAY_MS + 1);
    RetentionFound found = run(fixture, true);
    assert_int_equal(found.n[RETENTION_KEYS], 1);
    assert_int_equal(found.n[RETENTION_LINKS], 0);
    assert_int_equal(run(fixture, false).n[RETENTION_KEYS], 1);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM booking_key"), 0);
    fixture_turn_to(fixture, last_ms + 30 * DAY_MS);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM join_token"), n_links);
    clock_advance(fixture->clock, 1);
    assert_int_equal(run(fixture, false).n[RETENTION_LINKS], n_links);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM join_token"), 0);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM participant"), 2);
}

static void test_a_trail_of_each_run(void **state)
{
    Fixture *fixture = *state;
    book_with_key(fixture);
    (void)run(fixture, false); /* nothing is over */
    assert_int_equal(
        fixture_sql_int(fixture, "SELECT COUNT(*) FROM audit WHERE action LIKE 'retention%'"), 0);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM job_run"), 0);
    clock_advance(fixture->clock, 2 * DAY_MS);
    (void)run(fixture, true);
    assert_int_equal(
        fixture_sql_int(fixture, "SELECT COUNT(*) FROM audit WHERE action LIKE 'retention%'"), 0);
    (void)run(fixture, false);
    assert_int_equal(
        fixture_sql_int(fixture, "SELECT COUNT(*) FROM audit WHERE action = 'retention.delete' AND "
                                 "actor_kind = 'system' AND reason = 'booking_keys 1'"),
        1);
    assert_int_equal(
        fixture_sql_int(fixture, "SELECT n FROM job_run_count c JOIN job_run r ON r.id = c.run_id "
                                 "WHERE r.name = 'retention' AND c.kind = 'booking_keys'"),
        1);
}

static void test_events_that_nobody_fetched(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    int64_t n_events = fixture_sql_int(fixture, "SELECT COUNT(*) FROM outbox");
    int64_t last_ms = fixture_sql_int(fixture, "SELECT MAX(created_at_ms) FROM outbox");
    assert_true(n_events > 0);
    fixture_turn_to(fixture, last_ms - 1 + 90 * DAY_MS);
    assert_true(run(fixture, false).n[RETENTION_EVENTS] < n_events);
    assert_true(fixture_sql_int(fixture, "SELECT COUNT(*) FROM outbox") > 0);
    clock_advance(fixture->clock, 2);
    int64_t n_left = fixture_sql_int(fixture, "SELECT COUNT(*) FROM outbox");
    assert_int_equal(run(fixture, true).n[RETENTION_EVENTS], n_left);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM outbox"), n_left);
    assert_int_equal(run(fixture, false).n[RETENTION_EVENTS], n_left);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM outbox"), 0);
    assert_int_equal(
        fixture_sql_int(fixture, "SELECT SUM(n) FROM job_run_count WHERE kind = 'events'"),
        n_events);
    assert_int_equal(run(fixture, false).n[RETENTION_EVENTS], 0);
}

/* Stands for the table of log-ins: so many are over. */
static int64_t n_sessions;

static bool forget_some(DbTx *tx, int64_t until_ms, int limit, bool is_dry, int64_t *ret_n,
                        GError **error)
{
    (void)tx;
    (void)until_ms;
    (void)error;
    *ret_n = MIN(n_sessions, limit);
    n_sessions -= is_dry ? 0 : *ret_n;
    return true;
}

static void test_sessions_by_their_owner(void **state)
{
    Fixture *fixture = *state;
    RetentionRun one = {.scheduling = fixture->scheduling, .terms = terms};
    one.terms.forget_sessions = forget_some;
    n_sessions = RETENTION_BATCH + 1;
    fixture_run(fixture, retention_job, &one);
    assert_int_equal(one.found.n[RETENTION_SESSIONS], RETENTION_BATCH);
    assert_true(one.found.more);
    fixture_run(fixture, retention_job, &one);
    assert_int_equal(one.found.n[RETENTION_SESSIONS], 1);
    assert_false(one.found.more);
    assert_int_equal(fixture_sql_int(fixture,
                                     "SELECT COUNT(*) FROM audit WHERE action = 'retention.delete' "
                                     "AND reason = 'sessions 1'"),
                     1);
}

static bool many_tokens_job(DbTx *tx, gpointer data, GError **error)
{
    (void)error;
    Fixture *fixture = data;
    for (int i = 0; i < RETENTION_BATCH + 5; i++) {
        g_autofree char *token =
            token_create(fixture->scheduling, tx, fixture->visit_id, fixture->participant_id,
                         clock_wall_ms(fixture->clock) + 1000, NULL);
        assert_non_null(token);
    }
    return true;
}

static void test_in_batches(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    g_free(fixture->participant_id);
    fixture->participant_id = fixture_participant(fixture, fixture->visit_id, VISIT_ROLE_PATIENT);
    fixture_run(fixture, many_tokens_job, fixture);
    int64_t n_links = fixture_sql_int(fixture, "SELECT COUNT(*) FROM join_token");
    clock_advance(fixture->clock, 40 * DAY_MS);
    RetentionFound found = run(fixture, true);
    assert_int_equal(found.n[RETENTION_LINKS], n_links);
    assert_false(found.more);
    found = run(fixture, false);
    assert_int_equal(found.n[RETENTION_LINKS], RETENTION_BATCH);
    assert_true(found.more);
    found = run(fixture, false);
    assert_int_equal(found.n[RETENTION_LINKS], n_links - RETENTION_BATCH);
    assert_false(found.more);
}

/* Holds: the row of one that expired goes, the other's stays. */

static void on_held(const Hold *hold, const GError *error, gpointer user_data)
{
    (void)hold;
    fixture_keep_error(user_data, error);
}

static void hold(Fixture *fixture, int hour)
{
    char clinic[SCHEDULING_ID_BYTES];
    g_strlcpy(clinic, fixture->clinic_id, sizeof clinic);
    const HoldRequest request = {.clinic_id = clinic,
                                 .practitioner_id = fixture->seed.doctors[0].id,
                                 .starts_at_ms = fixture_time(0, hour, 0),
                                 .address = "127.0.0.1"};
    fixture->n_waiting++;
    hold_create(fixture->scheduling, &request, on_held, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

typedef struct {
    Fixture *fixture;
    unsigned n;
} Swept;

static void on_hold_swept(unsigned n_deleted, const GError *error, gpointer user_data)
{
    Swept *swept = user_data;
    swept->n = n_deleted;
    fixture_keep_error(swept->fixture, error);
}

static unsigned sweep_holds(Fixture *fixture)
{
    Swept swept = {.fixture = fixture};
    fixture->n_waiting++;
    hold_sweep(fixture->scheduling, on_hold_swept, &swept);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return swept.n;
}

static void test_holds_are_let_go(void **state)
{
    Fixture *fixture = *state;
    hold(fixture, 14);
    clock_advance(fixture->clock, MINUTE_MS);
    hold(fixture, 15);
    clock_advance(fixture->clock, 4 * MINUTE_MS - 1);
    assert_int_equal(sweep_holds(fixture), 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(sweep_holds(fixture), 1);
    assert_int_equal(fixture_sql_int(fixture, "SELECT COUNT(*) FROM slot_hold"), 1);
    assert_int_equal(sweep_holds(fixture), 0);
}

/* The log of jobs. */

static void note(Fixture *fixture, const char *name, int64_t n, const char *failure)
{
    const JobCount counts[] = {{"visits", n}, {"nothing", 0}};
    const JobRun one = {name, clock_wall_ms(fixture->clock), counts, 2, failure};
    fixture->n_waiting++;
    job_run_note(fixture->scheduling, &one, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

typedef struct {
    Fixture *fixture;
    GString *said;
} Listing;

static void on_log(const JobLog *log, const GError *error, gpointer user_data)
{
    Listing *listing = user_data;
    fixture_keep_error(listing->fixture, error);
    for (unsigned i = 0; log && i < log->rows->len; i++) {
        const JobLogRow *row = log->rows->pdata[i];
        g_string_append_printf(listing->said, "%s*%u", row->name, row->n_runs);
        for (unsigned j = 0; j < row->counts->len; j++)
            g_string_append_printf(listing->said, " %s=%d", (char *)row->kinds->pdata[j],
                                   (int)g_array_index(row->counts, int64_t, j));
        g_string_append_printf(listing->said, "%s%s; ", row->failure ? " " : "",
                               row->failure ? row->failure : "");
    }
}

static int list(Fixture *fixture, ActorRole role, const char *name, GString *said)
{
    const Actor actor = {.role = role, .user_id = "u"};
    Listing listing = {fixture, said};
    g_string_truncate(said, 0);
    fixture->n_waiting++;
    job_log_list(fixture->scheduling, name, 0, &actor, on_log, &listing);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_runs_of_ten_minutes_are_one_row(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GString) said = g_string_new(NULL);
    note(fixture, "no_show", 0, NULL); /* did nothing */
    note(fixture, "no_show", 2, NULL);
    clock_advance(fixture->clock, 10 * MINUTE_MS - 1);
    note(fixture, "no_show", 3, NULL);
    note(fixture, "holds", 1, NULL);
    clock_advance(fixture->clock, 1);
    note(fixture, "no_show", 4, NULL);
    note(fixture, "no_show", 0, "disk full");
    note(fixture, "no_show", 0, "disk full");
    note(fixture, "no_show", 5, NULL);
    assert_int_equal(list(fixture, ACTOR_ADMIN, NULL, said), -1);
    assert_string_equal(said->str, "no_show*1 visits=5; no_show*2 disk full; no_show*1 visits=4; "
                                   "holds*1 visits=1; no_show*2 visits=5; ");
    assert_int_equal(list(fixture, ACTOR_ADMIN, "holds", said), -1);
    assert_string_equal(said->str, "holds*1 visits=1; ");
    const ActorRole others[] = {ACTOR_PATIENT, ACTOR_DOCTOR,      ACTOR_DESK,
                                ACTOR_OFFICE,  ACTOR_COORDINATOR, ACTOR_OFFICER};
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
        assert_int_equal(list(fixture, others[i], NULL, said), SCHEDULING_ERROR_FORBIDDEN);
    clock_advance(fixture->clock, 60 * DAY_MS);
    assert_int_equal(run(fixture, false).n[RETENTION_RUNS], 2); /* the others ended later */
    clock_advance(fixture->clock, 1);
    assert_int_equal(run(fixture, false).n[RETENTION_RUNS], 3);
    assert_int_equal(list(fixture, ACTOR_ADMIN, NULL, said), -1);
    assert_string_equal(said->str, "retention*2 job_runs=5; ");
}

#define RETENTION_TEST(test)                                                                       \
    cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RETENTION_TEST(test_samples_go_and_totals_stay),
        RETENTION_TEST(test_links_and_keys),
        RETENTION_TEST(test_a_trail_of_each_run),
        RETENTION_TEST(test_events_that_nobody_fetched),
        RETENTION_TEST(test_sessions_by_their_owner),
        RETENTION_TEST(test_in_batches),
        RETENTION_TEST(test_holds_are_let_go),
        RETENTION_TEST(test_runs_of_ten_minutes_are_one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
