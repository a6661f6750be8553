// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/queue.h"

/* Books today at HOUR.MINUTE and returns the visit's id, to be freed. */
static char *book(Fixture *fixture, int hour, int minute)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, hour, minute)), -1);
    return g_strdup(fixture->visit_id);
}

static void expect_changes(Fixture *fixture, const char *expected)
{
    g_ptr_array_add(fixture->changes, NULL);
    g_autofree char *text = g_strjoinv(" ", (char **)fixture->changes->pdata);
    assert_string_equal(text, expected);
    g_ptr_array_remove_index(fixture->changes, fixture->changes->len - 1);
}

static void test_whole_visit(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = book(fixture, 10, 15);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_check_in(fixture, visit), -1); /* again is fine */
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    assert_int_equal(fixture_connect(fixture, visit), -1);
    assert_int_equal(fixture_connect(fixture, visit), -1);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), -1);
    expect_changes(fixture, "booked>booked booked>checked_in checked_in>called called>called "
                            "called>in_call in_call>done");
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), SCHEDULING_ERROR_VISIT_ENDED);
    assert_int_equal(fixture_check_in(fixture, visit), SCHEDULING_ERROR_VISIT_ENDED);
    assert_int_equal(fixture_call(fixture, visit), SCHEDULING_ERROR_VISIT_ENDED);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_DESK), SCHEDULING_ERROR_VISIT_ENDED);
}

static void on_early(const VisitChange *change, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    assert_int_equal(error->code, SCHEDULING_ERROR_TOO_EARLY);
    assert_int_equal(change->opens_at_ms, fixture_time(0, 10, 31));
    assert_int_equal(change->state, VISIT_STATE_BOOKED);
    fixture_keep_error(fixture, error);
}

static void test_window(void **state)
{
    Fixture *fixture = *state;
    clock_advance(fixture->clock, MINUTE_MS);
    g_autofree char *visit = book(fixture, 11, 0);
    g_autofree char *late = book(fixture, 11, 15);
    assert_int_equal(fixture_check_in(fixture, visit), SCHEDULING_ERROR_TOO_EARLY);
    clock_advance(fixture->clock, 28 * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, visit), SCHEDULING_ERROR_TOO_EARLY);
    clock_advance(fixture->clock, MINUTE_MS); /* 10.30 */
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    /* 11.15 to 11.30, open for an hour more. */
    clock_advance(fixture->clock, 2 * HOUR_MS + MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, late), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_state(fixture, late), VISIT_STATE_BOOKED);
}

static void test_too_early_says_when(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    g_autofree char *id = fixture_participant(fixture, fixture->visit_id, VISIT_ROLE_PATIENT);
    Actor actor = {.role = ACTOR_PATIENT, .participant_id = id};
    fixture->scheduling->policy.open_before_ms = 29 * MINUTE_MS;
    fixture->n_waiting++;
    visit_check_in(fixture->scheduling, fixture->visit_id, &actor, on_early, fixture);
    fixture_wait(fixture);
}

static void test_order_is_kept(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = book(fixture, 10, 15);
    assert_int_equal(fixture_call(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_accept(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_connect(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_BOOKED), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_connect(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_call(fixture, visit), -1);
    /* Nobody answered: not done. */
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_NO_SHOW_PATIENT),
                     SCHEDULING_ERROR_BAD_STATE); /* its time has not come */
    clock_advance(fixture->clock, 15 * MINUTE_MS);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_NO_SHOW_PATIENT), -1);
    assert_int_equal(fixture_connect(fixture, "01hzzzzzzzzzzzzzzzzzzzzzzz"),
                     SCHEDULING_ERROR_NOT_FOUND);
}

/* What has not come yet was neither missed nor did it fail. */
static void test_ends_badly_not_before_its_time(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(3, 9, 0)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    int64_t opens_ms = fixture_time(3, 8, 30);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_NO_SHOW_PATIENT),
                     SCHEDULING_ERROR_BAD_STATE);
    fixture_turn_to(fixture, opens_ms - 1);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_TECH_FAILED),
                     SCHEDULING_ERROR_TOO_EARLY);
    clock_advance(fixture->clock, 1);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_TECH_FAILED), -1);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_TECH_FAILED),
                     SCHEDULING_ERROR_VISIT_ENDED);
    /* Who has answered the call is there. */
    assert_int_equal(fixture_book(fixture, fixture_time(3, 9, 15)), -1);
    clock_advance(fixture->clock, HOUR_MS);
    assert_int_equal(fixture_check_in(fixture, fixture->visit_id), -1);
    assert_int_equal(fixture_call(fixture, fixture->visit_id), -1);
    assert_int_equal(fixture_accept(fixture, fixture->visit_id), -1);
    assert_int_equal(fixture_end(fixture, fixture->visit_id, VISIT_STATE_NO_SHOW_PATIENT),
                     SCHEDULING_ERROR_BAD_STATE);
}

static void test_cancel_by_each(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *booked = book(fixture, 10, 15);
    g_autofree char *waiting = book(fixture, 10, 30);
    g_autofree char *by_desk = book(fixture, 10, 45);
    g_autofree char *by_doctor = book(fixture, 11, 0);
    g_autofree char *in_call = book(fixture, 11, 15);
    clock_advance(fixture->clock, HOUR_MS);
    assert_int_equal(fixture_cancel(fixture, booked, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_state(fixture, booked), VISIT_STATE_CANCELLED_PATIENT);
    assert_int_equal(fixture_check_in(fixture, booked), SCHEDULING_ERROR_VISIT_CANCELLED);
    assert_int_equal(fixture_check_in(fixture, waiting), -1);
    assert_int_equal(fixture_cancel(fixture, waiting, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_state(fixture, waiting), VISIT_STATE_LEFT_WITHOUT_BEING_SEEN);
    assert_int_equal(fixture_cancel(fixture, by_desk, ACTOR_DESK), -1);
    assert_int_equal(fixture_state(fixture, by_desk), VISIT_STATE_CANCELLED_PROVIDER);
    assert_int_equal(fixture_cancel(fixture, by_doctor, ACTOR_DOCTOR), -1);
    assert_int_equal(fixture_state(fixture, by_doctor), VISIT_STATE_CANCELLED_PROVIDER);
    fixture_check_in(fixture, in_call);
    fixture_call(fixture, in_call);
    fixture_connect(fixture, in_call);
    assert_int_equal(fixture_cancel(fixture, in_call, ACTOR_PATIENT), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_state(fixture, in_call), VISIT_STATE_IN_CALL);
}

static void keep(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    fixture_keep_error(user_data, error);
}

static int call_as(Fixture *fixture, const char *visit, const Actor *actor)
{
    fixture->n_waiting++;
    visit_call(fixture->scheduling, visit, actor, keep, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_strangers_are_refused(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = book(fixture, 10, 15);
    g_autofree char *other = book(fixture, 10, 30);
    g_autofree char *patient = fixture_participant(fixture, visit, VISIT_ROLE_PATIENT);
    g_autofree char *other_patient = fixture_participant(fixture, other, VISIT_ROLE_PATIENT);
    g_autofree char *doctor = fixture_participant(fixture, visit, VISIT_ROLE_DOCTOR);
    g_autofree char *other_doctor = fixture_participant(fixture, other, VISIT_ROLE_DOCTOR);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    const Actor refused[] = {
        {.role = ACTOR_PATIENT, .participant_id = patient},
        {.role = ACTOR_DOCTOR, .user_id = "user-1"},
        {.role = ACTOR_DOCTOR, .participant_id = other_doctor},
        {.role = ACTOR_DOCTOR, .participant_id = patient},
        {.role = ACTOR_DOCTOR},
        {.role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]},
        {.role = ACTOR_OFFICE, .user_id = "o"},
        {.role = ACTOR_ADMIN, .user_id = "a"},
        {.role = ACTOR_SYSTEM},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(refused); i++)
        assert_int_equal(call_as(fixture, visit, &refused[i]), SCHEDULING_ERROR_FORBIDDEN);
    Actor by_token = {.role = ACTOR_DOCTOR, .participant_id = doctor};
    assert_int_equal(call_as(fixture, visit, &by_token), -1);
    Actor wrong = {.role = ACTOR_PATIENT, .participant_id = other_patient};
    fixture->n_waiting++;
    visit_accept(fixture->scheduling, visit, &wrong, keep, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    Actor desk = {.role = ACTOR_DESK, .facility_id = fixture->seed.facility_ids[1]};
    fixture->n_waiting++;
    visit_cancel(fixture->scheduling, visit, &desk, NULL, keep, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
}

typedef struct {
    Fixture *fixture;
    bool waits;
    unsigned ahead, min, max;
    uint64_t revision;
} Place;

static void on_place(const VisitView *view, const GError *error, gpointer user_data)
{
    Place *place = user_data;
    fixture_keep_error(place->fixture, error);
    place->waits = view->waits;
    place->revision = view->revision;
    place->ahead = view->ahead;
    place->min = view->wait_min_minutes;
    place->max = view->wait_max_minutes;
}

static Place place_of(Fixture *fixture, const char *visit)
{
    Place place = {.fixture = fixture};
    fixture->n_waiting++;
    visit_get_view(fixture->scheduling, visit, on_place, &place);
    fixture_wait(fixture);
    return place;
}

static void test_queue_place(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *first = book(fixture, 10, 15);
    g_autofree char *second = book(fixture, 10, 30);
    g_autofree char *third = book(fixture, 10, 45);
    /* Tomorrow's visits are not ahead of anybody today. */
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 0)), -1);
    clock_advance(fixture->clock, 15 * MINUTE_MS);
    assert_false(place_of(fixture, third).waits);
    fixture_check_in(fixture, third);
    assert_int_equal(place_of(fixture, third).ahead, 0); /* the others have not come */
    fixture_check_in(fixture, second);
    fixture_check_in(fixture, first);
    assert_int_equal(place_of(fixture, first).ahead, 0);
    assert_int_equal(place_of(fixture, second).ahead, 1);
    Place last = place_of(fixture, third);
    assert_int_equal(last.ahead, 2);
    /* Two slots of 15 minutes, give or take half. */
    assert_int_equal(last.min, 15);
    assert_int_equal(last.max, 45);
    fixture_call(fixture, third); /* out of turn: ahead of both now */
    assert_false(place_of(fixture, third).waits);
    assert_int_equal(place_of(fixture, first).ahead, 1);
    assert_int_equal(place_of(fixture, second).ahead, 2);
    fixture_connect(fixture, third);
    assert_int_equal(place_of(fixture, first).ahead, 0);
    clock_advance(fixture->clock, 4 * MINUTE_MS);
    fixture_end(fixture, third, VISIT_STATE_DONE);
    Place after = place_of(fixture, second); /* one of today says nothing yet: a slot ahead */
    assert_int_equal(after.ahead, 1);
    assert_int_equal(after.min, 5);
    assert_int_equal(after.max, 25);
}

static void test_revision_rises_with_others_too(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = book(fixture, 10, 15);
    g_autofree char *other = book(fixture, 10, 30);
    uint64_t first = place_of(fixture, visit).revision;
    assert_true(place_of(fixture, visit).revision == first);
    fixture_check_in(fixture, other);
    uint64_t second = place_of(fixture, visit).revision;
    assert_true(second > first);
    fixture_check_in(fixture, visit);
    assert_true(place_of(fixture, visit).revision > second);
}

static void test_wait_range(void **state)
{
    (void)state;
    static const struct {
        int64_t expected_s, until_min;
        unsigned min, max;
    } rows[] = {
        {0, 0, 0, 5},      {450, 0, 0, 15}, {900, 0, 5, 25},     {1800, 0, 15, 45},
        {1500, 0, 10, 40}, {0, 28, 0, 30},  {2400, -60, 20, 60},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        QueuePlace place;
        queue_wait_range(rows[i].expected_s * 1000, rows[i].until_min * MINUTE_MS, &place);
        if (place.wait_min_minutes != rows[i].min || place.wait_max_minutes != rows[i].max)
            fail_msg("row %u: %u to %u", i, place.wait_min_minutes, place.wait_max_minutes);
    }
}

static void on_waiting(GPtrArray *views, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    assert_int_equal(views->len, 2);
    const VisitView *first = g_ptr_array_index(views, 0);
    const VisitView *second = g_ptr_array_index(views, 1);
    assert_int_equal(first->ahead, 0);
    assert_int_equal(second->ahead, 1);
    assert_string_equal(first->patient_initials, "S. A.");
    assert_string_equal(first->doctor, "dr. Rahmat Hasan");
    assert_string_equal(first->facility, "Puskesmas Limboto");
    fixture_keep_error(fixture, error);
}

static void test_waiting_views(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *first = book(fixture, 10, 15);
    g_autofree char *second = book(fixture, 10, 30);
    g_autofree char *booked_only = book(fixture, 10, 45);
    fixture_check_in(fixture, second);
    fixture_check_in(fixture, first);
    fixture->n_waiting++;
    const VisitChange change = {
        .practitioner_id = fixture->seed.doctors[0].id,
        .clinic_id = fixture->clinic_id,
        .local_date = FIXTURE_TODAY,
    };
    visit_list_waiting(fixture->scheduling, &change, on_waiting, fixture);
    fixture_wait(fixture);
}

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    if (error)
        return;
    assert_string_equal(day->date, FIXTURE_TODAY);
    assert_int_equal(day->visits->len, 2);
    const DayVisit *first = g_ptr_array_index(day->visits, 0);
    const DayVisit *second = g_ptr_array_index(day->visits, 1);
    assert_string_equal(first->number, "A-2"); /* booked later, starts earlier */
    assert_string_equal(first->patient, "Siti Aminah");
    assert_int_equal(first->age, 36);
    assert_string_equal(first->sex, "P");
    assert_int_equal(first->waiting_minutes, 7);
    assert_int_equal(first->state, VISIT_STATE_CHECKED_IN);
    assert_int_equal(second->waiting_minutes, 0);
    assert_int_equal(second->checked_in_at_ms, 0);
    assert_false(first->present);
}

static int day_as(Fixture *fixture, const Actor *actor, const char *date)
{
    fixture->n_waiting++;
    day_list(fixture->scheduling, actor, date, on_day, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_day_list(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *later = book(fixture, 10, 45);
    g_autofree char *sooner = book(fixture, 10, 15);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 0)), -1);
    fixture_check_in(fixture, sooner);
    clock_advance(fixture->clock, 7 * MINUTE_MS + 30000);
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]};
    const Actor office = {.role = ACTOR_OFFICE, .user_id = "o"};
    const Actor stranger = {.role = ACTOR_DOCTOR, .user_id = "user-7"};
    assert_int_equal(day_as(fixture, &doctor, NULL), -1);
    assert_int_equal(day_as(fixture, &desk, FIXTURE_TODAY), -1);
    assert_int_equal(day_as(fixture, &office, NULL), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(day_as(fixture, &stranger, NULL), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(day_as(fixture, &doctor, "2026-13-01"), SCHEDULING_ERROR_INVALID_FIELDS);
}

int main(void)
{
#define VISIT_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        VISIT_TEST(test_whole_visit),
        VISIT_TEST(test_window),
        VISIT_TEST(test_too_early_says_when),
        VISIT_TEST(test_order_is_kept),
        VISIT_TEST(test_ends_badly_not_before_its_time),
        VISIT_TEST(test_cancel_by_each),
        VISIT_TEST(test_strangers_are_refused),
        VISIT_TEST(test_queue_place),
        VISIT_TEST(test_waiting_views),
        VISIT_TEST(test_day_list),
        cmocka_unit_test(test_wait_range),
        VISIT_TEST(test_revision_rises_with_others_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
