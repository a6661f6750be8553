// SPDX-License-Identifier: Apache-2.0
/* Who is to be phoned, and it is time, and nobody has: doctor and desk are shown it, then the
 * coordinator, as of who waits and is called by nobody. */
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/unanswered.h"
#include "scheduling/outbox/late.h"
#include "tests/unit/scheduling/converter.h"
#include "tests/unit/scheduling/sweeper.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static void turn_to(Fixture *fixture, int hour, int minute)
{
    fixture_turn_to(fixture, fixture_time(0, hour, minute));
}

static void convert(Fixture *fixture, const char *visit_id, VisitWay to)
{
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    assert_int_equal(converter_convert(fixture, visit_id, &loket, to), -1);
}

/* At 10.MINUTE today. */
static char *to_phone(Fixture *fixture, int minute)
{
    char *visit = mail_booked(fixture, 0, 10, minute);
    convert(fixture, visit, VISIT_WAY_PHONE);
    return visit;
}

static int64_t since(Fixture *fixture, const Actor *actor, const char *visit_id)
{
    return fixture_listed(fixture, actor, visit_id).unanswered_since_ms;
}

typedef struct {
    Fixture *fixture;
    unsigned n;
    VisitWay way;
} List;

static void on_list(const GPtrArray *unanswered, const GError *error, gpointer user_data)
{
    List *list = user_data;
    fixture_keep_error(list->fixture, error);
    list->n = unanswered ? unanswered->len : 0;
    if (list->n > 0)
        list->way = ((const Unanswered *)unanswered->pdata[0])->way;
}

static List escalated(Fixture *fixture)
{
    List list = {.fixture = fixture};
    const Actor coordinator = fixture_staff(fixture, ACTOR_COORDINATOR, 0);
    fixture->n_waiting++;
    unanswered_list(fixture->scheduling, &coordinator, on_list, &list);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return list;
}

static void assert_events(Fixture *fixture, const char *visit_id, const char *expected)
{
    mail_assert_query(fixture, expected,
                      "SELECT group_concat(kind || ':' || COALESCE(detail, ''), ' ') FROM (SELECT "
                      "* FROM visit_event WHERE visit_id = '%s' AND kind IN ('unanswered', "
                      "'escalated', 'answered') ORDER BY id)",
                      visit_id);
}

static void assert_last_change(const Fixture *fixture, const char *expected)
{
    assert_string_equal(fixture->changes->pdata[fixture->changes->len - 1], expected);
}

static void test_told_then_escalated_until_phoned(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = to_phone(fixture, 15);
    clock_advance(fixture->clock, 25 * MINUTE_MS - 1);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 1);
    assert_last_change(fixture, "booked>booked");
    assert_int_equal(since(fixture, &doctor, visit), fixture_time(0, 10, 15));
    assert_int_equal(since(fixture, &loket, visit), fixture_time(0, 10, 15));
    assert_int_equal(sweeper_unanswered(fixture, NULL), 0); /* once */
    assert_int_equal(escalated(fixture).n, 0);
    turn_to(fixture, 10, 35);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 1);
    assert_int_equal(escalated(fixture).n, 1);
    assert_int_equal(escalated(fixture).way, VISIT_WAY_PHONE);
    assert_int_equal(converter_show_phone(fixture, visit, &loket),
                     -1); /* it is the doctor who phones */
    assert_int_equal(escalated(fixture).n, 1);
    unsigned n_changes = fixture->changes->len;
    assert_int_equal(converter_show_phone(fixture, visit, &doctor), -1);
    assert_int_equal(fixture->changes->len, n_changes + 1); /* lists hear of it */
    assert_int_equal(escalated(fixture).n, 0);
    assert_int_equal(since(fixture, &loket, visit), 0);
    turn_to(fixture, 11, 30);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 0);
    assert_events(fixture, visit, "unanswered:10 escalated:20");
}

/* Who stands in no queue is not reached by one that moves. */
static void test_a_queue_that_moves_phones_nobody(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = to_phone(fixture, 15);
    g_autofree char *other = mail_booked(fixture, 0, 10, 30);
    assert_int_equal(fixture_check_in(fixture, other), -1);
    turn_to(fixture, 10, 24);
    assert_int_equal(fixture_call(fixture, other), -1);
    turn_to(fixture, 10, 25);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 1);
    assert_events(fixture, visit, "unanswered:10");
}

/* Not later than said: it counts from when it was. */
static void test_said_after_its_time(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    turn_to(fixture, 10, 20);
    convert(fixture, visit, VISIT_WAY_PHONE);
    turn_to(fixture, 10, 29);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 0);
    turn_to(fixture, 10, 30);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 1);
}

/* What ends it, whatever becomes of the visit. */
static void test_no_longer_to_be_phoned(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *back = to_phone(fixture, 15);
    g_autofree char *cancelled = to_phone(fixture, 30);
    turn_to(fixture, 10, 50);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 2);
    turn_to(fixture, 11, 0);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 2);
    assert_int_equal(escalated(fixture).n, 2);
    convert(fixture, back, VISIT_WAY_IN_PERSON);
    assert_int_equal(escalated(fixture).n, 1);
    assert_int_equal(fixture_cancel(fixture, cancelled, ACTOR_DESK), -1);
    assert_int_equal(escalated(fixture).n, 0);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 0);
    mail_assert_query(fixture, "0",
                      "SELECT COUNT(*) FROM unanswered WHERE answered_at_ms IS NULL AND visit_id "
                      "<> '%s'",
                      "");
}

static void on_said(const LateSaid *said, const GError *error, gpointer user_data)
{
    (void)said;
    fixture_keep_error(user_data, error);
}

static void test_late_is_waited_for(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = to_phone(fixture, 15);
    turn_to(fixture, 10, 25);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 1);
    fixture->n_waiting++;
    late_say(fixture->scheduling, NULL, 20, &doctor, on_said, fixture);
    fixture_wait(fixture);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 1); /* somebody has said when */
    assert_int_equal(since(fixture, &doctor, visit), 0);
    turn_to(fixture, 10, 54);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 0);
    turn_to(fixture, 10, 55);
    assert_int_equal(sweeper_unanswered(fixture, NULL), 1);
    assert_events(fixture, visit, "unanswered:10 answered: unanswered:10");
}

#define WITH_FIXTURE(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(test_told_then_escalated_until_phoned),
        WITH_FIXTURE(test_a_queue_that_moves_phones_nobody),
        WITH_FIXTURE(test_said_after_its_time),
        WITH_FIXTURE(test_no_longer_to_be_phoned),
        WITH_FIXTURE(test_late_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
