// SPDX-License-Identifier: Apache-2.0
/* What a block after an incident does and does not: bookings are asked about, nobody is refused. */
#include "tests/unit/scheduling/reporter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/move.h"
#include "scheduling/group/group.h"
#include "tests/unit/scheduling/sweeper.h"

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Reporter *reporter = user_data;
    fixture_keep_error(reporter->fixture, error);
    if (error)
        return;
    reporter->needs_confirmation = booking->needs_confirmation;
    g_strlcpy(reporter->visit_id, booking->visit_id, sizeof reporter->visit_id);
}

static int book(Fixture *fixture, int64_t starts_at_ms, const char *phone, Reporter *reporter)
{
    BookingRequest *request = fixture_request(fixture, starts_at_ms);
    if (phone) {
        g_free(request->phone);
        request->phone = g_strdup(phone);
        g_clear_pointer(&request->nik, secret_text_free);
    }
    reporter_clear(reporter);
    reporter->fixture = fixture;
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, reporter);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int answer_request(Fixture *fixture, const char *visit_id, bool confirmed,
                          const Actor *actor)
{
    fixture->n_waiting++;
    incident_answer_request(fixture->scheduling, visit_id, confirmed, actor, fixture_on_step,
                            fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* The patient of 10.15 is blocked for so many days. */
static void block(Fixture *fixture, unsigned days, char ret_incident[SCHEDULING_ID_BYTES])
{
    g_auto(Reporter) reporter = {0};
    g_autofree char *visit = reporter_booked(fixture, 10, 15);
    IncidentReport what = reporter_insult("0123456789abcdef");
    what.block_days = days;
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(reporter_report(fixture, visit, &what, &reporter_doctor, &reporter), -1);
    g_strlcpy(ret_incident, reporter.id, SCHEDULING_ID_BYTES);
}

static void on_walk_in(const Booking *booking, const GError *error, gpointer user_data)
{
    on_booked(booking, error, user_data);
}

static void test_a_block_asks_and_never_refuses(void **state)
{
    Fixture *fixture = *state;
    char incident[SCHEDULING_ID_BYTES];
    g_auto(Reporter) reporter = {0};
    const Actor own = reporter_coordinator(fixture, 0), other = reporter_coordinator(fixture, 1);
    const Actor own_desk = fixture_staff(fixture, ACTOR_DESK, 0);
    block(fixture, 30, incident);
    assert_int_equal(book(fixture, fixture_time(0, 14, 0), "0813 9999 0000", &reporter), -1);
    assert_false(reporter.needs_confirmation); /* somebody else */
    assert_int_equal(book(fixture, fixture_time(0, 15, 0), NULL, &reporter), -1);
    assert_true(reporter.needs_confirmation);
    g_autofree char *visit = g_strdup(reporter.visit_id);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_REQUESTED);
    g_autofree char *told =
        g_strdup_printf("SELECT COUNT(*) FROM notification WHERE visit_id = '%s'", visit);
    assert_int_equal(reporter_count(fixture, told), 0);
    /* The slot is theirs meanwhile. */
    assert_int_equal(book(fixture, fixture_time(0, 15, 0), "0813 9999 0000", &reporter),
                     SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(reporter_list(fixture, &other, &reporter), -1);
    assert_int_equal(reporter.n_requests, 0);
    assert_int_equal(reporter_list(fixture, &own, &reporter), -1);
    assert_int_equal(reporter.n_requests, 1);
    assert_string_equal(reporter.visit_id, visit);
    assert_int_equal(answer_request(fixture, visit, true, &other), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(answer_request(fixture, visit, true, &own_desk), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(answer_request(fixture, visit, true, &own), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    assert_true(reporter_count(fixture, told) > 0);
    assert_int_equal(answer_request(fixture, visit, true, &own), -1); /* once more */
    assert_int_equal(answer_request(fixture, visit, false, &own), SCHEDULING_ERROR_BAD_STATE);
    /* Who stands at the desk is not asked about. */
    BookingRequest *request = fixture_request(fixture, 0);
    fixture->n_waiting++;
    booking_create_walk_in(fixture->scheduling, request, &own_desk, on_walk_in, &reporter);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_false(reporter.needs_confirmation);
    request = fixture_request(fixture, fixture_time(1, 11, 0));
    reporter.needs_confirmation = true;
    fixture->n_waiting++;
    booking_create_at_desk(fixture->scheduling, request, &own_desk, on_booked, &reporter);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_false(reporter.needs_confirmation);
    assert_int_equal(fixture_state(fixture, reporter.visit_id), VISIT_STATE_BOOKED);
}

static void test_a_block_ends(void **state)
{
    Fixture *fixture = *state;
    char incident[SCHEDULING_ID_BYTES];
    g_auto(Reporter) reporter = {0};
    const Actor own = reporter_coordinator(fixture, 0);
    block(fixture, 2, incident);
    assert_int_equal(book(fixture, fixture_time(0, 14, 0), NULL, &reporter), -1);
    assert_true(reporter.needs_confirmation);
    assert_int_equal(answer_request(fixture, reporter.visit_id, false, &own), -1);
    assert_int_equal(fixture_state(fixture, reporter.visit_id), VISIT_STATE_CANCELLED_PROVIDER);
    assert_int_equal(reporter_look(fixture, incident, &own, &reporter), -1);
    assert_int_equal(reporter.blocked_until_ms, fixture_time(2, 10, 0));
    assert_int_equal(reporter_step(fixture, incident, INCIDENT_STEP_LIFTED, NULL, &own, &reporter),
                     -1);
    assert_int_equal(reporter.blocked_until_ms, 0);
    assert_int_equal(book(fixture, fixture_time(0, 14, 0), NULL, &reporter), -1);
    assert_false(reporter.needs_confirmation);
}

static void test_a_block_ends_by_time(void **state)
{
    Fixture *fixture = *state;
    char incident[SCHEDULING_ID_BYTES];
    g_auto(Reporter) reporter = {0};
    block(fixture, 2, incident);
    clock_advance(fixture->clock, 48 * HOUR_MS - 1);
    assert_int_equal(book(fixture, fixture_time(3, 14, 0), NULL, &reporter), -1);
    assert_true(reporter.needs_confirmation);
    clock_advance(fixture->clock, 1);
    assert_int_equal(book(fixture, fixture_time(3, 15, 0), NULL, &reporter), -1);
    assert_false(reporter.needs_confirmation);
}

static void sweep(Fixture *fixture)
{
    assert_int_equal(sweeper_no_show(fixture), 0); /* nobody is absent who was not let in */
}

/* Nobody answers: after two hours it is booked, and earlier when its check-in opens. */
static void test_no_answer_is_a_yes(void **state)
{
    Fixture *fixture = *state;
    char incident[SCHEDULING_ID_BYTES];
    g_auto(Reporter) soon = {0};
    g_auto(Reporter) later = {0};
    block(fixture, 30, incident);
    assert_int_equal(book(fixture, fixture_time(0, 10, 45), NULL, &soon), -1);
    assert_int_equal(book(fixture, fixture_time(0, 14, 0), NULL, &later), -1);
    assert_int_equal(fixture_check_in(fixture, soon.visit_id), SCHEDULING_ERROR_BAD_STATE);
    clock_advance(fixture->clock, 15 * MINUTE_MS - 1);
    sweep(fixture);
    assert_int_equal(fixture_state(fixture, soon.visit_id), VISIT_STATE_REQUESTED);
    clock_advance(fixture->clock, 1);
    sweep(fixture);
    assert_int_equal(fixture_state(fixture, soon.visit_id), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_check_in(fixture, soon.visit_id), -1);
    clock_advance(fixture->clock, 105 * MINUTE_MS - 1);
    sweep(fixture);
    assert_int_equal(fixture_state(fixture, later.visit_id), VISIT_STATE_REQUESTED);
    clock_advance(fixture->clock, 1);
    sweep(fixture);
    assert_int_equal(fixture_state(fixture, later.visit_id), VISIT_STATE_BOOKED);
}

/* What is asked for later than its check-in opens is answered at once; nobody looked for so long
 * (the program stood) that the time is over: it is nobody's absence. */
static void test_a_request_for_now_is_a_yes_at_once(void **state)
{
    Fixture *fixture = *state;
    char incident[SCHEDULING_ID_BYTES];
    g_auto(Reporter) soon = {0};
    g_auto(Reporter) over = {0};
    block(fixture, 30, incident);
    assert_int_equal(book(fixture, fixture_time(0, 10, 30), NULL, &soon), -1);
    assert_true(soon.needs_confirmation);
    sweep(fixture);
    assert_int_equal(fixture_state(fixture, soon.visit_id), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_check_in(fixture, soon.visit_id), -1);
    assert_int_equal(book(fixture, fixture_time(0, 11, 0), NULL, &over), -1);
    clock_advance(fixture->clock, 3 * HOUR_MS);
    sweep(fixture);
    assert_int_equal(fixture_state(fixture, over.visit_id), VISIT_STATE_CANCELLED_SYSTEM);
}

/* Booked for then, and missed. */
static void miss(Fixture *fixture, int64_t starts_at_ms, const char *phone)
{
    g_auto(Reporter) reporter = {0};
    assert_int_equal(book(fixture, starts_at_ms, phone, &reporter), -1);
    assert_false(reporter.needs_confirmation);
    fixture_turn_to(fixture, starts_at_ms);
    assert_int_equal(fixture_end(fixture, reporter.visit_id, VISIT_STATE_NO_SHOW_PATIENT), -1);
}

static bool needs(Fixture *fixture, int64_t starts_at_ms, const char *phone)
{
    g_auto(Reporter) reporter = {0};
    assert_int_equal(book(fixture, starts_at_ms, phone, &reporter), -1);
    return reporter.needs_confirmation;
}

#define PHONE_A "0813 9999 0001"
#define PHONE_B "0813 9999 0002"

static void test_two_missed_in_ninety_days(void **state)
{
    Fixture *fixture = *state;
    g_auto(Reporter) reporter = {0};
    miss(fixture, fixture_time(0, 14, 0), PHONE_A);
    miss(fixture, fixture_time(0, 15, 0), PHONE_A); /* on the same day */
    fixture_turn_to(fixture, fixture_time(10, 10, 0));
    miss(fixture, fixture_time(10, 12, 0), PHONE_A);
    assert_true(needs(fixture, fixture_time(10, 13, 0), PHONE_A));
    assert_false(needs(fixture, fixture_time(10, 14, 0), PHONE_B));
    /* What staff give is not asked about: an additional place, or the regular one that is there. */
    BookingRequest *request = fixture_request(fixture, fixture_time(10, 15, 0));
    g_free(request->phone);
    request->phone = g_strdup(PHONE_A);
    g_clear_pointer(&request->nik, secret_text_free);
    const Actor own_desk = fixture_staff(fixture, ACTOR_DESK, 0);
    reporter = (Reporter){.fixture = fixture, .needs_confirmation = true};
    fixture->n_waiting++;
    booking_create_extra(fixture->scheduling, request, &own_desk, on_booked, &reporter);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_false(reporter.needs_confirmation);
    assert_int_equal(fixture_state(fixture, reporter.visit_id), VISIT_STATE_BOOKED);
    /* The coordinator is told why, and answers. */
    const Actor own = reporter_coordinator(fixture, 0);
    assert_int_equal(reporter_list(fixture, &own, &reporter), -1);
    assert_int_equal(reporter.n_requests, 1);
    assert_int_equal(reporter_count(fixture, "SELECT COUNT(*) FROM visit_event WHERE kind = "
                                             "'requested' AND detail = 'missed'"),
                     1);
    assert_int_equal(answer_request(fixture, reporter.visit_id, true, &own), -1);
    /* The first of them is over after ninety days. */
    fixture_turn_to(fixture, fixture_time(90, 15, 0) - 1);
    assert_true(needs(fixture, fixture_time(91, 9, 0), PHONE_A));
    clock_advance(fixture->clock, 1);
    assert_false(needs(fixture, fixture_time(91, 10, 0), PHONE_A));
}

static void on_again(const Booking *booking, const GError *error, gpointer user_data)
{
    on_booked(booking, error, user_data);
}

/* Missed on two days: the link of one of them is no way round the question. */
static void test_a_missed_visits_link_is_asked_about(void **state)
{
    Fixture *fixture = *state;
    g_auto(Reporter) again = {.fixture = fixture};
    g_auto(Reporter) first = {0}, second = {0};
    assert_int_equal(book(fixture, fixture_time(0, 14, 0), PHONE_A, &first), -1);
    assert_int_equal(book(fixture, fixture_time(1, 14, 0), PHONE_A, &second), -1);
    fixture_turn_to(fixture, fixture_time(0, 14, 0));
    assert_int_equal(fixture_end(fixture, first.visit_id, VISIT_STATE_NO_SHOW_PATIENT), -1);
    fixture_turn_to(fixture, fixture_time(1, 14, 0));
    assert_int_equal(fixture_end(fixture, second.visit_id, VISIT_STATE_NO_SHOW_PATIENT), -1);
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(2, 9, 0)};
    for (int i = 0; i < 2; i++) {
        g_autofree char *visit = g_strdup(i ? again.visit_id : first.visit_id);
        g_autofree char *whose = fixture_participant(fixture, visit, VISIT_ROLE_PATIENT);
        const Actor patient = {.role = ACTOR_PATIENT, .participant_id = whose};
        fixture->n_waiting++;
        booking_move(fixture->scheduling, visit, &wish, &patient, on_again, &again);
        fixture_wait(fixture);
        assert_int_equal(fixture->error_code, -1); /* said again it is the same */
        assert_true(again.needs_confirmation);
        assert_int_equal(fixture_state(fixture, again.visit_id), VISIT_STATE_REQUESTED);
    }
    /* A number of now is asked about, and had at once. */
    g_autofree char *other = fixture_participant(fixture, second.visit_id, VISIT_ROLE_PATIENT);
    const Actor now = {.role = ACTOR_PATIENT, .participant_id = other};
    fixture->n_waiting++;
    booking_take_number(fixture->scheduling, second.visit_id, &now, on_again, &again);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(fixture_state(fixture, again.visit_id), VISIT_STATE_REQUESTED);
    sweep(fixture);
    assert_int_equal(fixture_state(fixture, again.visit_id), VISIT_STATE_BOOKED);
}

static bool never_ask_job(DbTx *tx, gpointer data, GError **error)
{
    (void)data;
    (void)error;
    DbQuery *query = db_query(tx, "policy_set");
    db_bind_null(query, 1);
    db_bind_text(query, 2, "missed_confirm_days");
    db_bind_int(query, 3, 0);
    db_bind_int(query, 4, 0);
    assert_true(db_exec(query, NULL));
    return true;
}

static void test_a_province_may_never_ask(void **state)
{
    Fixture *fixture = *state;
    fixture_run(fixture, never_ask_job, NULL);
    miss(fixture, fixture_time(0, 14, 0), PHONE_A);
    fixture_turn_to(fixture, fixture_time(1, 10, 0));
    miss(fixture, fixture_time(1, 14, 0), PHONE_A);
    assert_false(needs(fixture, fixture_time(1, 15, 0), PHONE_A));
}

/* The same card with another telephone. */
static void test_a_block_knows_the_nik(void **state)
{
    Fixture *fixture = *state;
    char incident[SCHEDULING_ID_BYTES];
    g_auto(Reporter) reporter = {.fixture = fixture};
    block(fixture, 30, incident);
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 14, 0));
    g_free(request->phone);
    request->phone = g_strdup("0813 9999 0000");
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, &reporter);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_true(reporter.needs_confirmation);
}

static void on_group(const Group *group, const FaultList *faults, const GError *error,
                     gpointer user_data)
{
    (void)faults;
    Reporter *reporter = user_data;
    fixture_keep_error(reporter->fixture, error);
    g_strlcpy(reporter->id, group ? group->id : "", sizeof reporter->id);
}

/* Whom staff book into their group is not asked about; who books a place in it alone is. */
static void test_staff_book_the_blocked_into_a_group(void **state)
{
    Fixture *fixture = *state;
    char incident[SCHEDULING_ID_BYTES];
    g_auto(Reporter) reporter = {.fixture = fixture};
    const GroupDraft draft = {.clinic_id = fixture->clinic_id,
                              .title = "Kelas ibu hamil",
                              .starts_at_ms = fixture_time(0, 14, 0),
                              .minutes = 60,
                              .places = 3,
                              .is_open = true};
    block(fixture, 30, incident);
    fixture->n_waiting++;
    group_open(fixture->scheduling, &draft, &reporter_doctor, on_group, &reporter);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    for (unsigned by_staff = 0; by_staff < 2; by_staff++) {
        BookingRequest *request = fixture_request(fixture, 0);
        request->group_id = g_strdup(reporter.id);
        g_free(request->name);
        request->name = g_strdup(by_staff ? "Rina" : "Wati");
        fixture->n_waiting++;
        if (by_staff)
            booking_create_at_desk(fixture->scheduling, request, &reporter_doctor, on_booked,
                                   &reporter);
        else
            booking_create(fixture->scheduling, request, on_booked, &reporter);
        fixture_wait(fixture);
        assert_int_equal(fixture->error_code, -1);
        assert_int_equal(reporter.needs_confirmation, !by_staff);
        assert_int_equal(fixture_cancel(fixture, reporter.visit_id, ACTOR_PATIENT), -1);
    }
}

#define BLOCK_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BLOCK_TEST(test_a_block_asks_and_never_refuses),
        BLOCK_TEST(test_a_block_ends),
        BLOCK_TEST(test_a_block_ends_by_time),
        BLOCK_TEST(test_no_answer_is_a_yes),
        BLOCK_TEST(test_a_request_for_now_is_a_yes_at_once),
        BLOCK_TEST(test_a_missed_visits_link_is_asked_about),
        BLOCK_TEST(test_two_missed_in_ninety_days),
        BLOCK_TEST(test_a_province_may_never_ask),
        BLOCK_TEST(test_a_block_knows_the_nik),
        BLOCK_TEST(test_staff_book_the_blocked_into_a_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
