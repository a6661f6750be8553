// SPDX-License-Identifier: Apache-2.0
/* Who waits and is called by nobody: doctor and desk are shown it, then the coordinator. */
#include "tests/unit/scheduling/fixture_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/unanswered.h"
#include "scheduling/outbox/late.h"
#include "scheduling/policy/policy_edit.h"
#include "scheduling/report/daily.h"
#include "tests/unit/scheduling/sweeper.h"

static unsigned sweep(Fixture *fixture)
{
    return sweeper_unanswered(fixture, NULL);
}

/* Checked in before its time, which is 10.15 or later. */
static char *waiting(Fixture *fixture, int minute)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, minute)), -1);
    char *visit = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    return visit;
}

static void turn_to(Fixture *fixture, int hour, int minute)
{
    fixture_turn_to(fixture, fixture_time(0, hour, minute));
}

typedef struct {
    Fixture *fixture;
    bool is_unanswered;
} Seen;

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    Seen *seen = user_data;
    fixture_keep_error(seen->fixture, error);
    seen->is_unanswered = view->is_unanswered;
}

static bool is_shown(Fixture *fixture, const char *visit_id)
{
    Seen seen = {.fixture = fixture};
    fixture->n_waiting++;
    visit_get_view(fixture->scheduling, visit_id, on_view, &seen);
    fixture_wait(fixture);
    return seen.is_unanswered;
}

typedef struct {
    Fixture *fixture;
    GString *kinds;
} Kinds;

static void on_record(const Record *record, const GError *error, gpointer user_data)
{
    Kinds *kinds = user_data;
    fixture_keep_error(kinds->fixture, error);
    for (unsigned i = 0; record && i < record->lines->len; i++) {
        const RecordLine *line = record->lines->pdata[i];
        g_string_append_printf(kinds->kinds, "%s:%s ", line->kind, line->detail);
    }
}

/* "unanswered:10 " is in the visit's record so often. */
static unsigned count_events(Fixture *fixture, const char *visit_id, const char *event)
{
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    Kinds kinds = {fixture, g_string_new(" ")};
    fixture->n_waiting++;
    record_get(fixture->scheduling, visit_id, &doctor, on_record, &kinds);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    g_autofree char *text = g_string_free(kinds.kinds, FALSE);
    g_autofree char *wanted = g_strdup_printf(" %s ", event);
    unsigned n = 0;
    for (const char *at = strstr(text, wanted); at; at = strstr(at + 1, wanted))
        n++;
    return n;
}

typedef struct {
    Fixture *fixture;
    unsigned n;
    char number[16], doctor[64];
    const char *other_doctor_why;
    int64_t since_ms;
} List;

static void on_list(const GPtrArray *unanswered, const GError *error, gpointer user_data)
{
    List *list = user_data;
    fixture_keep_error(list->fixture, error);
    if (!unanswered || (list->n = unanswered->len) == 0)
        return;
    const Unanswered *first = unanswered->pdata[0];
    g_strlcpy(list->number, first->number, sizeof list->number);
    g_strlcpy(list->doctor, first->doctor, sizeof list->doctor);
    list->other_doctor_why = first->other_doctor_why;
    list->since_ms = first->since_ms;
}

static List list_as(Fixture *fixture, ActorRole role, const char *facility_id)
{
    List list = {.fixture = fixture};
    const Actor actor = {.role = role, .user_id = "user-9", .facility_id = facility_id};
    fixture->n_waiting++;
    unanswered_list(fixture->scheduling, &actor, on_list, &list);
    fixture_wait(fixture);
    return list;
}

static void test_told_then_escalated_once(void **state)
{
    Fixture *fixture = *state;
    const char *facility = fixture->seed.facility_ids[0];
    g_autofree char *visit = waiting(fixture, 15);
    g_autofree char *number = g_strdup(fixture->number);
    clock_advance(fixture->clock, 25 * MINUTE_MS - 1);
    assert_int_equal(sweep(fixture), 0); /* 10 min after its time, not after check-in */
    assert_false(is_shown(fixture, visit));
    clock_advance(fixture->clock, 1);
    assert_int_equal(sweep(fixture), 1);
    assert_true(is_shown(fixture, visit));
    assert_string_equal(fixture->changes->pdata[fixture->changes->len - 1],
                        "checked_in>checked_in");
    assert_int_equal(sweep(fixture), 0); /* once */
    assert_int_equal(list_as(fixture, ACTOR_COORDINATOR, facility).n, 0);
    clock_advance(fixture->clock, 10 * MINUTE_MS - 1);
    assert_int_equal(sweep(fixture), 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(sweep(fixture), 1);
    List list = list_as(fixture, ACTOR_COORDINATOR, facility);
    assert_int_equal(list.n, 1);
    assert_string_equal(list.number, number);
    assert_string_equal(list.doctor, "dr. Rahmat Hasan");
    assert_int_equal(list.since_ms, fixture_time(0, 10, 15));
    clock_advance(fixture->clock, HOUR_MS);
    assert_int_equal(sweep(fixture), 0);
    assert_int_equal(count_events(fixture, visit, "unanswered:10"), 1);
    assert_int_equal(count_events(fixture, visit, "escalated:20"), 1);
}

static void test_who_sees_the_list(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = waiting(fixture, 15);
    turn_to(fixture, 10, 25);
    sweep(fixture);
    turn_to(fixture, 10, 35);
    sweep(fixture);
    assert_int_equal(list_as(fixture, ACTOR_ADMIN, NULL).n, 1);
    assert_int_equal(list_as(fixture, ACTOR_COORDINATOR, fixture->seed.facility_ids[1]).n, 0);
    list_as(fixture, ACTOR_COORDINATOR, NULL);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    list_as(fixture, ACTOR_OFFICE, NULL);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
}

/* The coordinator reads that it is of no use to wait for the doctor, nor for any of the clinic's.
 */
static void test_the_list_says_who_needs_another_doctor(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = waiting(fixture, 15);
    turn_to(fixture, 10, 25);
    sweep(fixture);
    turn_to(fixture, 10, 35);
    sweep(fixture);
    assert_null(list_as(fixture, ACTOR_ADMIN, NULL).other_doctor_why);
    g_autofree char *leave = g_strdup_printf(
        "INSERT INTO hours_leave (id, practitioner_id, from_date, until_date, note) "
        "VALUES ('leave', '%s', '" FIXTURE_TODAY "', '" FIXTURE_TODAY "', '')",
        fixture->seed.doctors[0].id);
    assert_true(fixture_sql_run(fixture, leave));
    assert_string_equal(list_as(fixture, ACTOR_ADMIN, NULL).other_doctor_why, "doctor_on_leave");
    assert_true(fixture_sql_run(fixture, "UPDATE visit SET pool = 1"));
    assert_string_equal(list_as(fixture, ACTOR_ADMIN, NULL).other_doctor_why, "nobody_works");
}

static void test_sooner_without_a_page(void **state)
{
    Fixture *fixture = *state;
    const char *const nobody[] = {"somebody-else", NULL};
    const char *const doctor[] = {"somebody-else", fixture->seed.doctors[0].id, NULL};
    g_autofree char *visit = waiting(fixture, 15);
    turn_to(fixture, 10, 18);
    assert_int_equal(sweeper_unanswered(fixture, doctor), 0);
    assert_int_equal(sweep(fixture), 0); /* not known */
    assert_int_equal(sweeper_unanswered(fixture, nobody), 1);
    turn_to(fixture, 10, 21);
    assert_int_equal(sweeper_unanswered(fixture, doctor), 0);
    assert_int_equal(sweeper_unanswered(fixture, nobody), 1);
    assert_int_equal(count_events(fixture, visit, "unanswered:3"), 1);
    assert_int_equal(count_events(fixture, visit, "escalated:6"), 1);
}

static void test_call_answers(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = waiting(fixture, 15);
    turn_to(fixture, 10, 25);
    assert_int_equal(sweep(fixture), 1);
    turn_to(fixture, 10, 35);
    assert_int_equal(sweep(fixture), 1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_false(is_shown(fixture, visit));
    assert_int_equal(list_as(fixture, ACTOR_ADMIN, NULL).n, 0);
    turn_to(fixture, 11, 30);
    assert_int_equal(sweep(fixture), 0);
}

/* A doctor who is in a call with somebody else is not away. */
static void test_work_with_another_is_no_silence(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *first = waiting(fixture, 15);
    g_autofree char *second = waiting(fixture, 30);
    turn_to(fixture, 10, 25);
    assert_int_equal(sweep(fixture), 1); /* the first */
    turn_to(fixture, 10, 31);
    assert_int_equal(fixture_call(fixture, first), -1);
    turn_to(fixture, 10, 40);
    assert_int_equal(sweep(fixture), 0); /* it rings, nine minutes */
    turn_to(fixture, 10, 41);
    assert_int_equal(sweep(fixture), 1); /* and ten: nobody is at work */
    assert_true(is_shown(fixture, second));
    assert_int_equal(fixture_call(fixture, first), -1);
    turn_to(fixture, 10, 42);
    assert_int_equal(sweep(fixture), 1); /* settled */
    assert_false(is_shown(fixture, second));
    assert_int_equal(fixture_end(fixture, first, VISIT_STATE_TECH_FAILED), -1);
    turn_to(fixture, 10, 51);
    assert_int_equal(sweep(fixture), 0);
    turn_to(fixture, 10, 52);
    assert_int_equal(sweep(fixture), 1); /* told of once more */
    assert_int_equal(count_events(fixture, second, "unanswered:10"), 2);
    assert_int_equal(count_events(fixture, second, "answered:"), 1);
}

/* An hour's call holds nobody else's clock up for longer than it lasts; one that its doctor has
 * left does not at all. */
static void test_a_call_counts_while_its_doctor_is_in_it(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *first = waiting(fixture, 15);
    g_autofree char *second = waiting(fixture, 30);
    assert_int_equal(fixture_call(fixture, first), -1);
    fixture_presence(fixture, first, VISIT_ROLE_DOCTOR, RECORD_EVENT_JOINED);
    assert_int_equal(fixture_connect(fixture, first), -1);
    turn_to(fixture, 11, 0);
    assert_int_equal(sweep(fixture), 0);
    fixture_presence(fixture, first, VISIT_ROLE_DOCTOR, RECORD_EVENT_LOST);
    turn_to(fixture, 11, 9);
    assert_int_equal(sweep(fixture), 0);
    turn_to(fixture, 11, 10);
    assert_int_equal(sweep(fixture), 1);
    assert_true(is_shown(fixture, second));
}

typedef struct {
    Fixture *fixture;
    unsigned facility;
    PolicyRule rule;
    int64_t minutes;
} Rule;

static bool rule_job(DbTx *tx, gpointer data, GError **error)
{
    static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-1"};
    const Rule *rule = data;
    bool changed;
    const PolicyPut put = {rule->fixture->seed.facility_ids[rule->facility], rule->rule,
                           &rule->minutes};
    return policy_put(rule->fixture->scheduling, tx, &admin, &put, &changed, error);
}

/* What another facility has set does not count here. */
static void test_each_facility_says_how_long(void **state)
{
    Fixture *fixture = *state;
    const char *const nobody[] = {NULL};
    Rule rules[] = {{fixture, 0, POLICY_UNANSWERED, 20},
                    {fixture, 0, POLICY_ALONE, 5},
                    {fixture, 1, POLICY_UNANSWERED, 1},
                    {fixture, 1, POLICY_ALONE, 1}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rules); i++)
        fixture_run(fixture, rule_job, &rules[i]);
    g_autofree char *visit = waiting(fixture, 15);
    turn_to(fixture, 10, 19);
    assert_int_equal(sweeper_unanswered(fixture, nobody), 0);
    turn_to(fixture, 10, 34);
    assert_int_equal(sweep(fixture), 0);
    turn_to(fixture, 10, 35);
    assert_int_equal(sweep(fixture), 1);
    turn_to(fixture, 10, 40);
    assert_int_equal(sweep(fixture), 0);
    assert_int_equal(sweeper_unanswered(fixture, nobody), 1);
    assert_int_equal(count_events(fixture, visit, "escalated:25"), 1);
}

static void on_said(const LateSaid *said, const GError *error, gpointer user_data)
{
    (void)said;
    fixture_keep_error(user_data, error);
}

/* The doctor, by twenty minutes. */
static void say_late(Fixture *fixture)
{
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    fixture->n_waiting++;
    late_say(fixture->scheduling, NULL, 20, &doctor, on_said, fixture);
    fixture_wait(fixture);
}

static void test_late_is_waited_for(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = waiting(fixture, 15);
    turn_to(fixture, 10, 25);
    assert_int_equal(sweep(fixture), 1);
    say_late(fixture);
    assert_int_equal(sweep(fixture), 1); /* settled: somebody has said when */
    assert_false(is_shown(fixture, visit));
    turn_to(fixture, 10, 54);
    assert_int_equal(sweep(fixture), 0);
    turn_to(fixture, 10, 55);
    assert_int_equal(sweep(fixture), 1);
}

/* Any doctor of the clinic may call, and there is one: the lateness is this visit's. With another
 * one it is nobody's. */
static void test_late_is_waited_for_in_a_pool_of_one(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = waiting(fixture, 15);
    assert_true(fixture_sql_run(fixture, "UPDATE visit SET pool = 1"));
    turn_to(fixture, 10, 20);
    say_late(fixture);
    turn_to(fixture, 10, 49);
    assert_int_equal(sweep(fixture), 0);
    g_autofree char *another = g_strdup_printf(
        "INSERT INTO clinic_member (clinic_id, practitioner_id) VALUES ('%s', '%s')",
        fixture->clinic_id, fixture->seed.doctors[1].id);
    assert_true(fixture_sql_run(fixture, another));
    assert_int_equal(sweep(fixture), 1);
}

static void test_who_left_waits_no_more(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = waiting(fixture, 15);
    turn_to(fixture, 10, 30);
    assert_int_equal(sweep(fixture), 1);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_PATIENT), -1);
    turn_to(fixture, 11, 0);
    assert_int_equal(sweep(fixture), 0); /* left: nobody waits */
    assert_int_equal(list_as(fixture, ACTOR_ADMIN, NULL).n, 0);
}

typedef struct {
    Fixture *fixture;
    unsigned unanswered, escalated;
} Counts;

static void on_daily(const Daily *daily, const GError *error, gpointer user_data)
{
    Counts *counts = user_data;
    fixture_keep_error(counts->fixture, error);
    counts->unanswered = daily->totals.unanswered;
    counts->escalated = daily->totals.escalated;
}

static void test_report_counts_visits(void **state)
{
    Fixture *fixture = *state;
    Counts counts = {.fixture = fixture};
    g_autofree char *first = waiting(fixture, 15);
    turn_to(fixture, 10, 25);
    sweep(fixture);
    turn_to(fixture, 10, 26);
    g_autofree char *second = waiting(fixture, 45);
    turn_to(fixture, 10, 35);
    assert_int_equal(sweep(fixture), 1); /* the first one: escalated */
    assert_int_equal(fixture_call(fixture, first), -1);
    assert_int_equal(fixture_end(fixture, first, VISIT_STATE_NO_SHOW_PATIENT), -1);
    turn_to(fixture, 10, 55);
    assert_int_equal(sweep(fixture), 1); /* the second one: told of */
    fixture->n_waiting++;
    daily_report(fixture->scheduling, FIXTURE_TODAY, FIXTURE_TODAY, on_daily, &counts);
    fixture_wait(fixture);
    assert_int_equal(counts.unanswered, 2);
    assert_int_equal(counts.escalated, 1);
}

#define WITH_FIXTURE(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(test_told_then_escalated_once),
        WITH_FIXTURE(test_who_sees_the_list),
        WITH_FIXTURE(test_the_list_says_who_needs_another_doctor),
        WITH_FIXTURE(test_sooner_without_a_page),
        WITH_FIXTURE(test_each_facility_says_how_long),
        WITH_FIXTURE(test_call_answers),
        WITH_FIXTURE(test_work_with_another_is_no_silence),
        WITH_FIXTURE(test_a_call_counts_while_its_doctor_is_in_it),
        WITH_FIXTURE(test_late_is_waited_for),
        WITH_FIXTURE(test_late_is_waited_for_in_a_pool_of_one),
        WITH_FIXTURE(test_who_left_waits_no_more),
        WITH_FIXTURE(test_report_counts_visits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
