// SPDX-License-Identifier: Apache-2.0
/* The rules of province and facility: what holds, who sets it, that each is obeyed at once where it
 * is decided and touches no booking that is there. */
#include "tests/unit/scheduling/ruler.h"
#include "tests/unit/scheduling/fixture_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/hold.h"
#include "scheduling/booking/move.h"
#include "scheduling/clinic/slots.h"
#include "tests/unit/scheduling/sweeper.h"

static void test_facility_over_province_over_server(void **state)
{
    Ruler *ruler = *state;
    const char *facility = ruler_facility(ruler);
    assert_int_equal(ruler_get(ruler, &ruler_admin, NULL), -1);
    ruler_assert(ruler, POLICY_LATE, 10, 10, POLICY_FROM_SERVER);
    ruler_assert(ruler, POLICY_BOOKING_HORIZON, 30, 30, POLICY_FROM_SERVER);
    ruler_assert(ruler, POLICY_SICK_LETTERS, POLICY_SICK_OFF, POLICY_SICK_OFF, POLICY_FROM_SERVER);
    assert_int_equal(ruler_set(ruler, &ruler_admin, NULL, "late_minutes", "20"), -1);
    ruler_assert(ruler, POLICY_LATE, 20, 10, POLICY_FROM_PROVINCE);
    assert_int_equal(ruler_get(ruler, &ruler_admin, facility), -1);
    ruler_assert(ruler, POLICY_LATE, 20, 20, POLICY_FROM_PROVINCE);
    assert_int_equal(ruler_set(ruler, &ruler_admin, facility, "late_minutes", "0"), -1);
    ruler_assert(ruler, POLICY_LATE, 0, 20, POLICY_FROM_FACILITY);
    Actor other = ruler_coordinator(ruler->fixture, 1);
    assert_int_equal(ruler_get(ruler, &other, NULL), -1);
    ruler_assert(ruler, POLICY_LATE, 20, 20, POLICY_FROM_PROVINCE);
    assert_int_equal(ruler_set(ruler, &ruler_admin, NULL, "late_minutes", ""), -1);
    ruler_assert(ruler, POLICY_LATE, 10, 10, POLICY_FROM_SERVER);
    assert_int_equal(ruler_set(ruler, &ruler_admin, facility, "late_minutes", ""), -1);
    ruler_assert(ruler, POLICY_LATE, 10, 10, POLICY_FROM_SERVER);
}

static void test_who_sets_what(void **state)
{
    Ruler *ruler = *state;
    Actor own = ruler_coordinator(ruler->fixture, 0);
    const char *others = ruler->fixture->seed.facility_ids[1];
    assert_int_equal(ruler_set(ruler, &own, NULL, "hold_minutes", "9"), -1); /* its own, not all */
    ruler_assert(ruler, POLICY_HOLD, 9, 5, POLICY_FROM_FACILITY);
    assert_int_equal(ruler_set(ruler, &own, others, "hold_minutes", "9"),
                     SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(ruler_get(ruler, &own, others), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(ruler_get(ruler, &ruler_admin, "01hzzzzzzzzzzzzzzzzzzzzzzz"),
                     SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(ruler_get(ruler, &ruler_admin, NULL), -1);
    ruler_assert(ruler, POLICY_HOLD, 5, 5, POLICY_FROM_SERVER);
    const ActorRole roles[] = {ACTOR_DOCTOR, ACTOR_DESK, ACTOR_OFFICE, ACTOR_PATIENT};
    for (unsigned i = 0; i < G_N_ELEMENTS(roles); i++) {
        Actor actor = {.role = roles[i], .user_id = "x", .facility_id = ruler_facility(ruler)};
        assert_int_equal(ruler_set(ruler, &actor, NULL, "hold_minutes", "9"),
                         SCHEDULING_ERROR_FORBIDDEN);
        assert_int_equal(ruler_get(ruler, &actor, NULL), SCHEDULING_ERROR_FORBIDDEN);
    }
}

static void test_what_is_allowed(void **state)
{
    Ruler *ruler = *state;
    static const char *const bad[] = {"booking_horizon_days",
                                      "1",
                                      "late_minutes",
                                      "121",
                                      "no_show_minutes",
                                      "lima",
                                      "sick_letters",
                                      "ya",
                                      "remind_day_before",
                                      "0",
                                      "quiet_from_hour",
                                      "24",
                                      "hold_minutes",
                                      "-1",
                                      "recording",
                                      "on",
                                      NULL};
    assert_int_equal(ruler_set_all(ruler, &ruler_admin, NULL, bad),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(
        ruler->faults, "booking_horizon_days out_of_range 2..90; late_minutes out_of_range 0..120; "
                       "no_show_minutes out_of_range 5..240; sick_letters not_allowed "
                       "off|assisted|on; remind_day_before not_allowed off|on; quiet_from_hour "
                       "out_of_range 0..23; hold_minutes out_of_range 2..30; recording unknown -");
    /* All or none. */
    static const char *const half[] = {"late_minutes", "30", "hold_minutes", "99", NULL};
    assert_int_equal(ruler_set_all(ruler, &ruler_admin, NULL, half),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_int_equal(ruler_get(ruler, &ruler_admin, NULL), -1);
    ruler_assert(ruler, POLICY_LATE, 10, 10, POLICY_FROM_SERVER);
    /* What each rule may be keeps the others possible. */
    assert_true(policy_row(POLICY_BOOKING_LEAD)->max * policy_row(POLICY_BOOKING_LEAD)->unit_ms <
                policy_row(POLICY_BOOKING_HORIZON)->min *
                    policy_row(POLICY_BOOKING_HORIZON)->unit_ms);
}

static void test_each_change_is_in_the_trail(void **state)
{
    Ruler *ruler = *state;
    Actor own = ruler_coordinator(ruler->fixture, 0);
    static const char *const two[] = {"late_minutes", "20", "sick_letters", "assisted", NULL};
    assert_int_equal(ruler_set_all(ruler, &ruler_admin, NULL, two), -1);
    assert_int_equal(ruler_set(ruler, &own, NULL, "late_minutes", "5"), -1);
    assert_int_equal(ruler_set(ruler, &own, NULL, "late_minutes", "5"), -1); /* is so */
    assert_int_equal(ruler_set(ruler, &own, NULL, "late_minutes", ""), -1);
    assert_int_equal(ruler_set(ruler, &own, NULL, "hold_minutes", ""), -1); /* is so */
    g_autofree char *expected = g_strdup_printf("a admin province late_minutes 10 > 20; "
                                                "a admin province sick_letters off > assisted; "
                                                "c coordinator %s late_minutes 20 > 5; "
                                                "c coordinator %s late_minutes 5 > 20 (inherited)",
                                                ruler_facility(ruler), ruler_facility(ruler));
    g_autofree char *found = fixture_sql_text(
        ruler->fixture, "SELECT group_concat(actor_id || ' ' || actor_role || ' ' || object_id || "
                        "' ' || reason, '; ') FROM (SELECT * FROM audit WHERE action = "
                        "'policy.change' ORDER BY id)");
    assert_string_equal(found, expected);
}

static void on_slots(const SlotsList *list, const GError *error, gpointer user_data)
{
    GPtrArray *days = list ? list->days : NULL;
    Ruler *ruler = user_data;
    fixture_keep_error(ruler->fixture, error);
    unsigned n = 0;
    for (unsigned i = 0; days && i < days->len; i++)
        n += ((SlotDay *)g_ptr_array_index(days, i))->offers->len;
    ruler->items[0].value = n;
    if (list)
        g_strlcpy(ruler->last_date, list->last_date, sizeof ruler->last_date);
}

static unsigned count_offers(Ruler *ruler, const char *from_date, unsigned n_days)
{
    const SlotsQuery query = {ruler->fixture->clinic_id,
                              ruler->fixture->seed.doctors[0].id,
                              from_date,
                              n_days,
                              NULL,
                              false};
    ruler->fixture->n_waiting++;
    slots_list(ruler->fixture->scheduling, &query, on_slots, ruler);
    fixture_wait(ruler->fixture);
    assert_int_equal(ruler->fixture->error_code, -1);
    return (unsigned)ruler->items[0].value;
}

/* It is 10.00: what begins within the lead, or after the horizon, is neither offered nor booked. */
static void test_booking_window(void **state)
{
    Ruler *ruler = *state;
    Fixture *fixture = ruler->fixture;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    g_autofree char *before = g_strdup(fixture->visit_id);
    assert_true(count_offers(ruler, "2026-11-30", 1) > 0);
    unsigned n_today = count_offers(ruler, FIXTURE_TODAY, 1);
    static const char *const pairs[] = {"booking_lead_minutes", "60", "booking_horizon_days", "2",
                                        NULL};
    assert_int_equal(ruler_set_all(ruler, &ruler_admin, ruler_facility(ruler), pairs), -1);
    assert_int_equal(count_offers(ruler, "2026-11-30", 1), 0);
    assert_int_equal(count_offers(ruler, FIXTURE_TODAY, 1), n_today - 2); /* 10.30 and 10.45 */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 45)), SCHEDULING_ERROR_TOO_SOON);
    assert_int_equal(fixture_book(fixture, fixture_time(6, 10, 0)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    assert_int_equal(fixture_state(fixture, before), VISIT_STATE_BOOKED);
    /* Longer than the file's: as far as a rule may go. */
    assert_int_equal(
        ruler_set(ruler, &ruler_admin, ruler_facility(ruler), "booking_horizon_days", "60"), -1);
    assert_true(count_offers(ruler, "2027-01-18", 1) > 0);
    assert_string_equal(ruler->last_date, "2027-01-23");
    assert_int_equal(fixture_book(fixture, fixture_time(55, 10, 0)), -1);
}

static void test_check_in_opens_and_closes(void **state)
{
    Ruler *ruler = *state;
    Fixture *fixture = ruler->fixture;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_check_in(fixture, visit), SCHEDULING_ERROR_TOO_EARLY);
    static const char *const pairs[] = {"open_before_minutes", "60", "open_after_minutes", "10",
                                        NULL};
    assert_int_equal(ruler_set_all(ruler, &ruler_admin, NULL, pairs), -1);
    clock_advance(fixture->clock, 86 * MINUTE_MS); /* it ended at 11.15, and closed at 11.25 */
    assert_int_equal(fixture_check_in(fixture, visit), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(
        ruler_set(ruler, &ruler_admin, ruler_facility(ruler), "open_after_minutes", "11"), -1);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
}

static void test_check_in_opens_earlier(void **state)
{
    Ruler *ruler = *state;
    Fixture *fixture = ruler->fixture;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    assert_int_equal(
        ruler_set(ruler, &ruler_admin, ruler_facility(ruler), "open_before_minutes", "60"), -1);
    assert_int_equal(fixture_check_in(fixture, fixture->visit_id), -1);
}

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    (void)booking;
    fixture_keep_error(user_data, error);
}

static int move_as_patient(Fixture *fixture, const char *visit_id, int64_t starts_at_ms)
{
    g_autofree char *id = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    const Actor actor = {.role = ACTOR_PATIENT, .participant_id = id};
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = starts_at_ms};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, &actor, on_moved, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_held(const Hold *hold, const GError *error, gpointer user_data)
{
    Ruler *ruler = user_data;
    ruler->items[0].value = hold->expires_at_ms;
    fixture_keep_error(ruler->fixture, error);
}

static void test_hold(void **state)
{
    Ruler *ruler = *state;
    Fixture *fixture = ruler->fixture;
    const HoldRequest request = {.clinic_id = fixture->clinic_id,
                                 .practitioner_id = fixture->seed.doctors[0].id,
                                 .starts_at_ms = fixture_time(0, 11, 0)};
    assert_int_equal(ruler_set(ruler, &ruler_admin, ruler_facility(ruler), "hold_minutes", "12"),
                     -1);
    fixture->n_waiting++;
    hold_create(fixture->scheduling, &request, on_held, ruler);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(ruler->items[0].value, clock_wall_ms(fixture->clock) + 12 * MINUTE_MS);
}

/* Until an hour before, unless somebody sets it otherwise. */
static void test_shipped_until(void **state)
{
    (void)state;
    SchedulingPolicy policy;
    scheduling_policy_init(&policy);
    assert_int_equal(policy.move_until_ms, HOUR_MS);
    assert_int_equal(policy.cancel_until_ms, HOUR_MS);
}

static void test_move_and_cancel_until(void **state)
{
    Ruler *ruler = *state;
    Fixture *fixture = ruler->fixture;
    static const char *const strict[] = {"move_until_minutes", "120", "cancel_until_minutes", "120",
                                         NULL};
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 30)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    assert_int_equal(ruler_set_all(ruler, &ruler_admin, ruler_facility(ruler), strict), -1);
    assert_int_equal(move_as_patient(fixture, visit, fixture_time(0, 13, 0)),
                     SCHEDULING_ERROR_TOO_LATE);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_PATIENT), SCHEDULING_ERROR_TOO_LATE);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    static const char *const loose[] = {"move_until_minutes", "30", "cancel_until_minutes", "90",
                                        NULL};
    assert_int_equal(ruler_set_all(ruler, &ruler_admin, ruler_facility(ruler), loose), -1);
    assert_int_equal(move_as_patient(fixture, visit, fixture_time(0, 13, 0)), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_RESCHEDULED);
    /* Who waits may leave whatever the rule; the desk may always cancel. */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), -1);
    g_autofree char *waits = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_check_in(fixture, waits), -1);
    assert_int_equal(fixture_cancel(fixture, waits, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 45)), -1);
    g_autofree char *soon = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_cancel(fixture, soon, ACTOR_PATIENT), SCHEDULING_ERROR_TOO_LATE);
    assert_int_equal(fixture_cancel(fixture, soon, ACTOR_DESK), -1);
    /* At the limit to the minute. */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 30)), -1);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
}

static bool checks_in_late(Fixture *fixture, int hour, int minute, int late_minutes)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, hour, minute)), -1);
    fixture_turn_to(fixture, fixture_time(0, hour, minute) + late_minutes * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, fixture->visit_id), -1);
    g_autofree char *sql =
        g_strdup_printf("SELECT COALESCE((SELECT is_delayed FROM visit_queue WHERE visit_id = "
                        "'%s'), 0)",
                        fixture->visit_id);
    g_autofree char *is_delayed = fixture_sql_text(fixture, sql);
    return strcmp(is_delayed, "1") == 0;
}

static void test_late(void **state)
{
    Ruler *ruler = *state;
    assert_int_equal(ruler_set(ruler, &ruler_admin, ruler_facility(ruler), "late_minutes", "20"),
                     -1);
    assert_false(checks_in_late(ruler->fixture, 10, 30, 15));
    assert_true(checks_in_late(ruler->fixture, 11, 30, 21));
    assert_int_equal(ruler_set(ruler, &ruler_admin, ruler_facility(ruler), "late_minutes", "5"),
                     -1);
    assert_true(checks_in_late(ruler->fixture, 13, 0, 6));
}

static void test_who_never_came(void **state)
{
    Ruler *ruler = *state;
    Fixture *fixture = ruler->fixture;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    assert_int_equal(ruler_set(ruler, &ruler_admin, NULL, "open_after_minutes", "20"), -1);
    clock_advance(fixture->clock, 45 * MINUTE_MS); /* it ended at 10.30 */
    assert_int_equal(sweeper_no_show(fixture), 0);
    assert_int_equal(
        ruler_set(ruler, &ruler_admin, ruler_facility(ruler), "open_after_minutes", "14"), -1);
    assert_int_equal(sweeper_no_show(fixture), 1);
}

static void test_who_does_not_answer(void **state)
{
    Ruler *ruler = *state;
    Fixture *fixture = ruler->fixture;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(ruler_set(ruler, &ruler_admin, NULL, "no_show_minutes", "60"), -1);
    clock_advance(fixture->clock, 20 * MINUTE_MS);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    clock_advance(fixture->clock, 20 * MINUTE_MS); /* 25 min after the start */
    assert_int_equal(sweeper_no_show(fixture), 0);
    assert_int_equal(ruler_set(ruler, &ruler_admin, ruler_facility(ruler), "no_show_minutes", "24"),
                     -1);
    assert_int_equal(sweeper_no_show(fixture), 1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_PATIENT);
}

#define POLICY_TEST(name) cmocka_unit_test_setup_teardown(name, ruler_set_up, ruler_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        POLICY_TEST(test_facility_over_province_over_server),
        POLICY_TEST(test_who_sets_what),
        POLICY_TEST(test_what_is_allowed),
        POLICY_TEST(test_each_change_is_in_the_trail),
        POLICY_TEST(test_booking_window),
        POLICY_TEST(test_check_in_opens_and_closes),
        POLICY_TEST(test_check_in_opens_earlier),
        POLICY_TEST(test_hold),
        cmocka_unit_test(test_shipped_until),
        POLICY_TEST(test_move_and_cancel_until),
        POLICY_TEST(test_late),
        POLICY_TEST(test_who_never_came),
        POLICY_TEST(test_who_does_not_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
