// SPDX-License-Identifier: Apache-2.0
/* Whose telephone is a fixed line: no message reaches them, and the visit says so, whoever wrote
 * the number down; those of before are looked at once. */
#include "tests/unit/scheduling/fixture_sql.h"
#include "tests/unit/scheduling/mail.h"
#include "tests/unit/scheduling/planner.h"
#include "tests/unit/scheduling/tablet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/fixed_line.h"
#include "scheduling/booking/follow_up.h"
#include "scheduling/booking/move.h"
#include "scheduling/booking/visit_phone.h"
#include "scheduling/outbox/late.h"

#define FIXED "0435 821123"
#define MOBILE "0813 1111 2222"
/* Neither telephone nor fixed line; a mobile; a fixed line. */
#define SAYS_NONE "0 0"
#define SAYS_MOBILE "1 0"
#define SAYS_FIXED "1 1"

static void assert_line(Fixture *fixture, const char *visit_id, const char *expected)
{
    mail_assert_query(fixture, expected,
                      "SELECT has_phone || ' ' || COALESCE(is_fixed_line, '-') FROM visit WHERE id "
                      "= '%s'",
                      visit_id);
}

/* BookingDone of a Fixture: visit_id. */
static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    g_free(fixture->visit_id);
    fixture->visit_id = g_strdup(booking->visit_id);
}

typedef void (*Create)(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                       BookingDone done, gpointer user_data);

static void from_outside(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                         BookingDone done, gpointer user_data)
{
    (void)actor;
    booking_create(scheduling, request, done, user_data);
}

/* PHONE NULL: none, and it is said. */
static void book(Fixture *fixture, Create create, const Actor *actor, int64_t at_ms,
                 const char *phone)
{
    BookingRequest *request = fixture_request(fixture, at_ms);
    g_free(request->phone);
    request->phone = g_strdup(phone);
    request->no_phone = phone == NULL;
    fixture->n_waiting++;
    create(fixture->scheduling, request, actor, on_booked, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* The visit's id; to be freed. */
static char *booked(Fixture *fixture, int days, int hour, const char *phone)
{
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    book(fixture, booking_create_at_desk, &desk, fixture_time(days, hour, 0), phone);
    return g_strdup(fixture->visit_id);
}

static void test_whoever_books_it_is_said(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    const Actor officer = {.role = ACTOR_OFFICER, .user_id = "o"};
    const Actor client = {.role = ACTOR_CLIENT, .user_id = "c"};
    const struct {
        Create create;
        const Actor *actor;
        int hour;
        bool may_lack;
    } ways[] = {{from_outside, NULL, 9, false},
                {booking_create_by_client, &client, 10, false},
                {booking_create_at_counter, &officer, 11, true},
                {booking_create_at_desk, &desk, 14, true},
                {booking_create_extra, &desk, 13, true},
                {booking_create_walk_in, &desk, 0, true}};
    const struct {
        const char *phone, *says;
    } lines[] = {{FIXED, SAYS_FIXED}, {MOBILE, SAYS_MOBILE}, {NULL, SAYS_NONE}};
    for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++) {
        for (unsigned k = 0; k < G_N_ELEMENTS(lines); k++) {
            if (!lines[k].phone && !ways[i].may_lack)
                continue;
            clock_advance(fixture->clock, 15 * MINUTE_MS); /* those who walk in, one by one */
            book(fixture, ways[i].create, ways[i].actor, fixture_time(1 + (int)k, ways[i].hour, 0),
                 lines[k].phone);
            assert_line(fixture, fixture->visit_id, lines[k].says);
        }
    }
}

static void test_the_lists_of_staff_say_it(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *fixed = booked(fixture, 0, 11, FIXED);
    g_autofree char *mobile = booked(fixture, 0, 13, MOBILE);
    g_autofree char *none = booked(fixture, 0, 14, NULL);
    for (const Actor *who = &desk; who; who = who == &desk ? &planner_doctor : NULL) {
        const DayVisit listed = fixture_listed(fixture, who, fixed);
        assert_true(listed.has_fixed_line && !listed.has_no_phone);
        assert_false(fixture_listed(fixture, who, mobile).has_fixed_line);
        assert_false(fixture_listed(fixture, who, none).has_fixed_line);
    }
    /* Not looked at yet. */
    planner_sql(fixture, "UPDATE visit SET is_fixed_line = NULL");
    assert_false(fixture_listed(fixture, &desk, fixed).has_fixed_line);
}

/* Moved, followed, repeated; also of one that nobody has looked at. */
static void test_what_follows_has_the_same_line(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = booked(fixture, 1, 9, FIXED);
    for (int hour = 10; hour <= 11; hour++) {
        const MoveWish move = {.practitioner_id = fixture->seed.doctors[0].id,
                               .starts_at_ms = fixture_time(1, hour, 0)};
        g_autofree char *from = g_strdup(fixture->visit_id);
        fixture->n_waiting++;
        booking_move(fixture->scheduling, from, &move, &desk, on_booked, fixture);
        fixture_wait(fixture);
        assert_int_equal(fixture->error_code, -1);
        assert_string_not_equal(fixture->visit_id, from);
        assert_line(fixture, fixture->visit_id, SAYS_FIXED);
        planner_sql(fixture, "UPDATE visit SET is_fixed_line = NULL");
    }
    g_autofree char *called = booked(fixture, 0, 11, FIXED);
    fixture_turn_to(fixture, fixture_time(0, 11, 0));
    assert_int_equal(fixture_check_in(fixture, called), -1);
    assert_int_equal(fixture_call(fixture, called), -1);
    const FollowUpWish wish = {.starts_at_ms = fixture_time(2, 9, 0)};
    fixture->n_waiting++;
    follow_up_book(fixture->scheduling, called, &wish, &planner_doctor, on_booked, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_line(fixture, fixture->visit_id, SAYS_FIXED);
    g_auto(Answer) planned = {0};
    g_auto(Answer) answer = {0};
    assert_int_equal(planner_plan(fixture, called, &planner_wish, &planner_doctor, &planned), -1);
    SeriesDraft draft = planner_draft(&planned, "series-key-1");
    assert_int_equal(planner_book(fixture, called, &draft, &desk, &answer), -1);
    assert_int_equal(answer.n_visits, N_DATES);
    for (int i = 0; i < N_DATES; i++)
        assert_line(fixture, answer.visits[i], SAYS_FIXED);
}

static void on_changed(const VisitPhoneChanged *changed, const GError *error, gpointer user_data)
{
    (void)changed;
    fixture_keep_error(user_data, error);
}

static void test_another_number_says_it_anew(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = booked(fixture, 1, 9, MOBILE);
    const struct {
        const char *phone, *says;
    } steps[] = {
        {FIXED, SAYS_FIXED}, {NULL, SAYS_NONE}, {FIXED, SAYS_FIXED}, {MOBILE, SAYS_MOBILE}};
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        const VisitPhone phone = {.text = steps[i].phone, .no_phone = steps[i].phone == NULL};
        fixture->n_waiting++;
        visit_phone_change(fixture->scheduling, visit, &phone, &desk, on_changed, fixture);
        fixture_wait(fixture);
        assert_int_equal(fixture->error_code, -1);
        assert_line(fixture, visit, steps[i].says);
    }
}

static void test_at_a_post_it_is_said_first_and_then(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    const struct {
        const char *phone, *says;
    } steps[] = {{FIXED, SAYS_FIXED}, {MOBILE, SAYS_MOBILE}, {"", SAYS_NONE}, {FIXED, SAYS_FIXED}};
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        OutreachDraft *draft = tablet_draft(1);
        tablet_set(&draft->phone, steps[i].phone);
        draft->revision = i + 1;
        assert_int_equal(tablet_take_one(&tablet, draft), -1);
        assert_line(fixture, tablet.visit_id, steps[i].says);
    }
}

static void on_late(const LateSaid *said, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    assert_int_equal(said->n_told, 1);
}

/* The row is written, and dropped when it is due: as of any message to a fixed line. */
static void test_a_late_doctor_has_not_told_them(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *fixed = booked(fixture, 0, 11, FIXED);
    g_autofree char *mobile = mail_booked(fixture, 0, 10, 45);
    fixture->n_waiting++;
    late_say(fixture->scheduling, NULL, 30, &planner_doctor, on_late, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM notification WHERE kind = 'late' AND visit_id = '%s'",
                      fixed);
}

/* Rows of before. */

enum { N_COPIES = 2 * FIXED_LINE_AT_ONCE + 50 };

/* So many of a visit of before. */
static void copy_unknown(Fixture *fixture, const char *visit_id)
{
    g_autofree char *sql = g_strdup_printf(
        "CREATE TEMP TABLE copy AS SELECT * FROM visit WHERE id = '%s';"
        "UPDATE copy SET slot_of = NULL, is_fixed_line = NULL;"
        "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < %d) SELECT i FROM n;"
        "CREATE TEMP TRIGGER one AFTER DELETE ON n BEGIN"
        " UPDATE copy SET id = printf('v%%04d', OLD.i), code = 'c' || OLD.i, number = 100 + OLD.i;"
        " INSERT INTO visit SELECT * FROM copy; END;"
        "DELETE FROM n;",
        visit_id, (int)N_COPIES);
    planner_sql(fixture, sql);
}

static int fill(Fixture *fixture)
{
    fixture->n_waiting++;
    fixed_line_fill(fixture->scheduling, fixture_on_done, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int n_known(Fixture *fixture)
{
    return planner_count(fixture, "SELECT COUNT(*) FROM visit WHERE is_fixed_line IS NOT NULL");
}

static void test_those_of_before_are_looked_at_at_the_start(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *fixed = booked(fixture, 1, 9, FIXED);
    g_autofree char *mobile = booked(fixture, 1, 10, MOBILE);
    g_autofree char *none = booked(fixture, 1, 11, NULL);
    g_autofree char *over = booked(fixture, 1, 13, FIXED);
    g_autofree char *torn = booked(fixture, 1, 14, FIXED);
    assert_int_equal(fixture_cancel(fixture, over, ACTOR_DESK), -1);
    g_autofree char *sql =
        g_strdup_printf("UPDATE visit SET is_fixed_line = NULL;"
                        "UPDATE visit SET phone_sealed = 'torn' WHERE id = '%s';",
                        torn);
    planner_sql(fixture, sql);
    for (int i = 0; i < 2; i++) {
        fixture->n_waiting++;
        scheduling_recover(fixture->scheduling, fixture_on_done, fixture);
        fixture_wait(fixture);
        assert_int_equal(fixture->error_code, -1);
        assert_line(fixture, fixed, SAYS_FIXED);
        assert_line(fixture, mobile, SAYS_MOBILE);
        assert_line(fixture, none, SAYS_NONE);
        assert_line(fixture, over, "1 -");
        assert_line(fixture, torn, "1 -"); /* and nobody is kept from starting */
    }
}

/* Whatever was looked at before it stopped stays, the rest comes with the next start, and then
 * there is nothing to write any more. */
static void test_who_is_stopped_goes_on_from_there(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = booked(fixture, 1, 9, FIXED);
    copy_unknown(fixture, visit);
    assert_int_equal(n_known(fixture), 1);
    planner_sql(fixture, "CREATE TRIGGER stop BEFORE UPDATE OF is_fixed_line ON visit "
                         "WHEN NEW.id = 'v0300' BEGIN SELECT RAISE(ABORT, 'stopped'); END");
    assert_int_not_equal(fill(fixture), -1);
    assert_int_equal(n_known(fixture), 1 + FIXED_LINE_AT_ONCE);
    planner_sql(fixture, "DROP TRIGGER stop");
    assert_int_equal(fill(fixture), -1);
    assert_int_equal(n_known(fixture), 1 + N_COPIES);
    assert_int_equal(planner_count(fixture, "SELECT SUM(is_fixed_line) FROM visit"), 1 + N_COPIES);
    planner_sql(fixture, "CREATE TRIGGER never BEFORE UPDATE ON visit "
                         "BEGIN SELECT RAISE(ABORT, 'again'); END");
    assert_int_equal(fill(fixture), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_whoever_books_it_is_said),
        TEST(test_the_lists_of_staff_say_it),
        TEST(test_what_follows_has_the_same_line),
        TEST(test_another_number_says_it_anew),
        TEST(test_at_a_post_it_is_said_first_and_then),
        TEST(test_a_late_doctor_has_not_told_them),
        TEST(test_those_of_before_are_looked_at_at_the_start),
        TEST(test_who_is_stopped_goes_on_from_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
