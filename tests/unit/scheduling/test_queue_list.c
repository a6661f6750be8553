// SPDX-License-Identifier: Apache-2.0
/* The queue as it is shown: on whose list of the day each stands, at which place, after how long a
 * wait. */
#include "tests/unit/scheduling/caller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/scheduling/converter.h"

typedef struct {
    Fixture *fixture;
    const char *visit_id;
    unsigned n, place;
    bool any_doctor;
} Seen;

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Seen *seen = user_data;
    seen->n = day ? day->visits->len : 0;
    for (unsigned i = 0; i < seen->n; i++) {
        const DayVisit *visit = day->visits->pdata[i];
        if (strcmp(visit->id, seen->visit_id) != 0)
            continue;
        seen->place = visit->place;
        seen->any_doctor = visit->any_doctor;
    }
    fixture_keep_error(seen->fixture, error);
}

static Seen day_of(Fixture *fixture, const Actor *actor, const char *visit_id)
{
    Seen seen = {.fixture = fixture, .visit_id = visit_id};
    fixture->n_waiting++;
    day_list(fixture->scheduling, actor, FIXTURE_TODAY, on_day, &seen);
    fixture_wait(fixture);
    return seen;
}

static void test_whose_list_it_is_on(void **state)
{
    Fixture *fixture = *state;
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *named = caller_waiting(fixture, fixture->seed.doctors[0].id);
    g_autofree char *any = caller_waiting(fixture, NULL);
    Seen seen = day_of(fixture, &caller_first, any);
    assert_int_equal(seen.n, 2);
    assert_int_equal(seen.place, 2);
    seen = day_of(fixture, &caller_second, any);
    assert_int_equal(seen.n, 1);
    assert_int_equal(seen.place, 1);
    assert_true(seen.any_doctor);
    assert_int_equal(day_of(fixture, &loket, any).place, 2);
    caller_assert_calls(fixture, &caller_second, any);
    assert_int_equal(day_of(fixture, &caller_first, any).n, 1);
    seen = day_of(fixture, &caller_second, any);
    assert_int_equal(seen.n, 1);
    assert_false(seen.any_doctor);
}

/* Who of several doctors says so is the one who phones. */
static void test_phoned_by_who_said_so(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *a = caller_waiting(fixture, NULL);
    g_autofree char *b = caller_waiting(fixture, NULL);
    assert_int_equal(converter_convert(fixture, a, &caller_first, VISIT_WAY_PHONE), -1);
    assert_int_equal(converter_convert(fixture, b, &caller_second, VISIT_WAY_PHONE), -1);
    assert_int_equal(day_of(fixture, &caller_first, a).n, 1);
    assert_int_equal(day_of(fixture, &caller_second, b).n, 1);
    assert_int_equal(converter_convert(fixture, a, &caller_second, VISIT_WAY_PHONE),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(converter_convert(fixture, b, &caller_first, VISIT_WAY_PHONE),
                     SCHEDULING_ERROR_FORBIDDEN);
}

/* Ottehr 2613: a queue is that of one local day. */
static void on_ahead(GPtrArray *views, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    for (unsigned i = 0; views && i < views->len; i++) {
        const VisitView *view = views->pdata[i];
        assert_string_equal(view->local_date, FIXTURE_TOMORROW);
        assert_int_equal(view->ahead, i);
    }
    assert_int_equal(views ? views->len : 0, 2);
    fixture_keep_error(fixture, error);
}

/* Who waits since yesterday is called by nobody, and ahead of nobody (Ottehr 2613). */
static void test_queue_is_of_the_day(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *today = caller_waiting(fixture, NULL);
    clock_advance(fixture->clock, 24 * HOUR_MS);
    g_autofree char *tomorrow = caller_waiting(fixture, NULL);
    g_autofree char *next = caller_waiting(fixture, NULL);
    const VisitChange change = {
        .practitioner_id = fixture->seed.doctors[0].id,
        .clinic_id = fixture->clinic_id,
        .local_date = FIXTURE_TOMORROW,
    };
    fixture->n_waiting++;
    visit_list_waiting(fixture->scheduling, &change, on_ahead, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    caller_assert_calls(fixture, &caller_first, tomorrow);
    caller_assert_calls(fixture, &caller_second, next);
    assert_int_equal(fixture_step(fixture, queue_absent, tomorrow, &caller_first), -1);
    assert_string_equal(caller_call_next(fixture, &caller_first).visit_id, "");
}

typedef struct {
    Fixture *fixture;
    GString *text; /* of each view: number, those ahead, the wait */
} Places;

static void on_places(GPtrArray *views, const GError *error, gpointer user_data)
{
    Places *places = user_data;
    for (unsigned i = 0; views && i < views->len; i++) {
        const VisitView *view = views->pdata[i];
        g_string_append_printf(places->text, "%s %u %u-%u; ", view->number, view->ahead,
                               view->wait_min_minutes, view->wait_max_minutes);
    }
    fixture_keep_error(places->fixture, error);
}

/* Three queues in one answer, each with its own places, and read anew for the next one. */
static void test_places_of_all_who_wait(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *called = caller_waiting(fixture, NULL);
    g_autofree char *other = caller_waiting(fixture, CALLER_SECOND_ID);
    g_autofree char *named = caller_waiting(fixture, fixture->seed.doctors[0].id);
    g_autofree char *any = caller_waiting(fixture, NULL);
    const VisitChange change = {
        .practitioner_id = fixture->seed.doctors[0].id,
        .clinic_id = fixture->clinic_id,
        .local_date = FIXTURE_TODAY,
    };
    caller_assert_calls(fixture, &caller_first, called);
    Places places = {fixture, g_string_new(NULL)};
    fixture->n_waiting++;
    visit_list_waiting(fixture->scheduling, &change, on_places, &places);
    fixture_wait(fixture);
    assert_string_equal(places.text->str, "A-2 0 0-5; A-3 1 5-25; A-4 2 20-70; ");
    assert_int_equal(fixture_step(fixture, queue_absent, called, &caller_first), -1);
    g_string_truncate(places.text, 0);
    fixture->n_waiting++;
    visit_list_waiting(fixture->scheduling, &change, on_places, &places);
    fixture_wait(fixture);
    assert_string_equal(places.text->str, "A-2 0 0-5; A-3 0 0-5; A-4 2 15-45; ");
    g_string_free(places.text, TRUE);
}

#define QUEUE_TEST(name) cmocka_unit_test_setup_teardown(name, caller_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(test_whose_list_it_is_on),
        QUEUE_TEST(test_phoned_by_who_said_so),
        QUEUE_TEST(test_queue_is_of_the_day),
        QUEUE_TEST(test_places_of_all_who_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
