// SPDX-License-Identifier: Apache-2.0
/* Additional places: who may give them, when there are some, where they stand in the queue, who
 * moves them, what the report counts. */
#include "tests/unit/scheduling/giver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/move.h"
#include "scheduling/booking/queue.h"
#include "scheduling/report/daily.h"

static void test_beside_a_slot_that_is_taken(void **state)
{
    Fixture *fixture = *state;
    giver_assert_offers(fixture, "");
    g_auto(Given) regular = giver_give(fixture, giver_slot_time(1));
    assert_int_equal(regular.code, -1);
    assert_false(regular.is_extra);
    giver_assert_offers(fixture, "11.15:2 ");
    assert_int_equal(fixture_book(fixture, giver_slot_time(4)), -1);
    giver_assert_offers(fixture, "11.15:2 12.00:2 ");
    assert_int_equal(fixture_book(fixture, giver_slot_time(4)), SCHEDULING_ERROR_SLOT_TAKEN);
    g_auto(Given) extra = giver_give(fixture, giver_slot_time(4));
    assert_int_equal(extra.code, -1);
    assert_true(extra.is_extra);
    assert_true(extra.has_token);
    assert_int_equal(extra.starts_at_ms, giver_slot_time(4));
    giver_assert_offers(fixture, "11.15:1 ");
    /* One additional beside a slot, two in these hours. */
    assert_int_equal(giver_give(fixture, giver_slot_time(4)).code, SCHEDULING_ERROR_SLOT_TAKEN);
    g_auto(Given) second = giver_give(fixture, giver_slot_time(1));
    assert_true(second.is_extra);
    assert_int_equal(fixture_book(fixture, giver_slot_time(6)), -1);
    assert_int_equal(giver_give(fixture, giver_slot_time(6)).code, SCHEDULING_ERROR_SLOT_TAKEN);
    giver_assert_offers(fixture, "");
}

static void test_what_is_given_back(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, giver_slot_time(2)), -1);
    g_autofree char *regular = g_strdup(fixture->visit_id);
    g_auto(Given) extra = giver_give(fixture, giver_slot_time(2));
    assert_true(extra.is_extra);
    /* The regular place is free again for anybody; the additional visit keeps it from nobody. */
    assert_int_equal(fixture_cancel(fixture, regular, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_book(fixture, giver_slot_time(2)), -1);
    assert_int_equal(giver_give(fixture, giver_slot_time(2)).code, SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(fixture_cancel(fixture, extra.visit_id, ACTOR_PATIENT), -1);
    giver_assert_offers(fixture, "11.30:2 ");
    assert_int_equal(fixture_book(fixture, giver_slot_time(2)), SCHEDULING_ERROR_SLOT_TAKEN);
    g_auto(Given) again = giver_give(fixture, giver_slot_time(2));
    assert_true(again.is_extra);
}

static void test_above_a_quota(void **state)
{
    Fixture *fixture = *state;
    int64_t session = fixture_time(0, 14, 0);
    for (int i = 1; i < QUOTA; i++)
        assert_int_equal(fixture_book(fixture, session), -1);
    giver_assert_offers(fixture, "");
    g_auto(Given) last = giver_give(fixture, session);
    assert_false(last.is_extra);
    assert_int_equal(last.place, QUOTA);
    giver_assert_offers(fixture, "14.00:2 ");
    assert_int_equal(fixture_book(fixture, session), SCHEDULING_ERROR_SLOT_TAKEN);
    /* Numbers go on; the last two turns, of ten minutes, are shared. */
    g_auto(Given) first = giver_give(fixture, session);
    g_auto(Given) second = giver_give(fixture, session);
    assert_true(first.is_extra && second.is_extra);
    assert_int_equal(first.place, QUOTA + 1);
    assert_int_equal(second.place, QUOTA + 2);
    assert_int_equal(first.starts_at_ms, fixture_time(0, 15, 40));
    assert_int_equal(second.starts_at_ms, fixture_time(0, 15, 50));
    assert_int_equal(giver_give(fixture, session).code, SCHEDULING_ERROR_SLOT_TAKEN);
    /* A regular place that comes free is taken first, also by staff. */
    assert_int_equal(fixture_cancel(fixture, last.visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_cancel(fixture, first.visit_id, ACTOR_PATIENT), -1);
    g_auto(Given) freed = giver_give(fixture, session);
    assert_false(freed.is_extra);
    assert_int_equal(freed.place, QUOTA);
    g_auto(Given) again = giver_give(fixture, session);
    assert_int_equal(again.place, QUOTA + 1);
}

static void test_who_may(void **state)
{
    Fixture *fixture = *state;
    const char *const own = fixture->seed.facility_ids[0];
    const char *const other = fixture->seed.facility_ids[1];
    const struct {
        Actor actor;
        int code;
    } rows[] = {
        {{.role = ACTOR_PATIENT}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_OFFICER, .user_id = "o"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_OFFICE, .user_id = "o"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_ADMIN, .user_id = "o"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_SYSTEM}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_DESK, .user_id = "o", .facility_id = other}, SCHEDULING_ERROR_NOT_FOUND},
        {{.role = ACTOR_COORDINATOR, .user_id = "o", .facility_id = other},
         SCHEDULING_ERROR_NOT_FOUND},
        {{.role = ACTOR_DOCTOR, .user_id = "nobody"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_COORDINATOR, .user_id = "o", .facility_id = own}, -1},
        {giver_doctor, -1},
    };
    assert_int_equal(fixture_book(fixture, giver_slot_time(0)), -1);
    assert_int_equal(fixture_book(fixture, giver_slot_time(1)), -1);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(Given) given = {0};
        g_autofree char *offers = giver_offers(fixture, &rows[i].actor);
        assert_int_equal(fixture->error_code, rows[i].code);
        assert_true(rows[i].code == -1 || *offers == '\0');
        giver_send(fixture, &rows[i].actor, giver_slot_time(rows[i].actor.role == ACTOR_DOCTOR),
                   &given);
        fixture_wait(fixture);
        assert_int_equal(given.code, rows[i].code);
        if (rows[i].code != -1)
            continue;
        assert_true(given.is_extra);
        /* Who sees no patient gets no patient's link. */
        assert_int_equal(given.has_token, rows[i].actor.role == ACTOR_DOCTOR);
    }
}

/* Numbers of those who wait for the doctor, in order. */
typedef struct {
    Fixture *fixture;
    GString *ids;
} Waiting;

static bool waiting_job(DbTx *tx, gpointer data, GError **error)
{
    Waiting *waiting = data;
    const QueueKey key = {.practitioner_id = waiting->fixture->seed.doctors[0].id,
                          .local_date = FIXTURE_TODAY};
    g_autoptr(GArray) turns = queue_load(waiting->fixture->scheduling, tx, &key, error);
    for (unsigned i = 0; turns && i < turns->len; i++)
        g_string_append_printf(waiting->ids, "%s ", g_array_index(turns, Turn, i).id);
    return turns != NULL;
}

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    assert_non_null(view);
    assert_true(view->is_extra);
    assert_int_equal(view->ahead, 1);
    assert_true(view->wait_max_minutes >= 15);
}

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    fixture_keep_error(user_data, error);
    assert_int_equal(day->visits->len, 2);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(((DayVisit *)day->visits->pdata[i])->is_extra, i == 1);
}

static void test_comes_after_who_has_the_time(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, giver_slot_time(0)), -1);
    g_autofree char *regular = g_strdup(fixture->visit_id);
    g_auto(Given) extra = giver_give(fixture, giver_slot_time(0));
    clock_advance(fixture->clock, 40 * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, extra.visit_id), -1);
    clock_advance(fixture->clock, 5 * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, regular), -1);
    clock_advance(fixture->clock, 16 * MINUTE_MS);
    Waiting waiting = {fixture, g_string_new(NULL)};
    fixture_run(fixture, waiting_job, &waiting);
    g_autofree char *ids = g_string_free(waiting.ids, FALSE);
    g_autofree char *expected = g_strdup_printf("%s %s ", regular, extra.visit_id);
    assert_string_equal(ids, expected);
    fixture->n_waiting += 2;
    visit_get_view(fixture->scheduling, extra.visit_id, on_view, fixture);
    day_list(fixture->scheduling, &giver_doctor, NULL, on_day, fixture);
    fixture_wait(fixture);
}

static int move_to(Fixture *fixture, const char *visit_id, const Actor *actor, int64_t starts_at_ms,
                   Given *given)
{
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = starts_at_ms,
                           .may_be_extra = true,
                           .overlap_reason =
                               actor->role == ACTOR_PATIENT ? NULL : "the same person"};
    given->fixture = fixture;
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, actor, giver_on_given, given);
    fixture_wait(fixture);
    return given->code;
}

static void test_moved_by_staff_alone(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, giver_slot_time(3)), -1);
    assert_int_equal(fixture_book(fixture, giver_slot_time(6)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    g_autofree char *participant = fixture_participant(fixture, visit, VISIT_ROLE_PATIENT);
    g_auto(Given) by_patient = {0};
    const Actor patient = {.role = ACTOR_PATIENT, .participant_id = participant};
    assert_int_equal(move_to(fixture, visit, &patient, giver_slot_time(3), &by_patient),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    g_auto(Given) by_desk = {0};
    const Actor staff = fixture_staff(fixture, ACTOR_DESK, 0);
    assert_int_equal(move_to(fixture, visit, &staff, giver_slot_time(3), &by_desk), -1);
    assert_true(by_desk.is_extra);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_RESCHEDULED);
}

static void on_daily(const Daily *daily, const GError *error, gpointer user_data)
{
    fixture_keep_error(user_data, error);
    assert_int_equal(daily->totals.booked, 3);
    assert_int_equal(daily->totals.extra, 1);
    assert_int_equal(((DailyRow *)daily->rows->pdata[0])->extra, 1);
}

static void test_counted_in_the_report(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, giver_slot_time(0)), -1);
    assert_int_equal(fixture_book(fixture, giver_slot_time(1)), -1);
    giver_give_one(fixture, giver_slot_time(0));
    fixture->n_waiting++;
    daily_report(fixture->scheduling, FIXTURE_TODAY, FIXTURE_TODAY, on_daily, fixture);
    fixture_wait(fixture);
}

#define EXTRA_TEST(name) cmocka_unit_test_setup_teardown(name, giver_set_up, giver_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXTRA_TEST(test_beside_a_slot_that_is_taken),
        EXTRA_TEST(test_what_is_given_back),
        EXTRA_TEST(test_above_a_quota),
        EXTRA_TEST(test_who_may),
        EXTRA_TEST(test_comes_after_who_has_the_time),
        EXTRA_TEST(test_moved_by_staff_alone),
        EXTRA_TEST(test_counted_in_the_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
