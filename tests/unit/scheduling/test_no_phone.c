// SPDX-License-Identifier: Apache-2.0
/* Who has no telephone at all: staff say so, nothing is sent to anybody, and whatever follows from
 * the visit knows it, too. */
#include "tests/unit/scheduling/converter.h"
#include "tests/unit/scheduling/mail.h"
#include "tests/unit/scheduling/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/move.h"
#include "scheduling/clinic/hours_edit.h"
#include "scheduling/clinic/hours_kept.h"
#include "scheduling/outbox/late.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

typedef struct {
    Fixture *fixture;
    char *faults, *warnings, *visit_id;
    unsigned n;
} Answer;

static void answer_clear(Answer *answer)
{
    g_clear_pointer(&answer->faults, g_free);
    g_clear_pointer(&answer->warnings, g_free);
    g_clear_pointer(&answer->visit_id, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer_clear(answer);
    answer->faults = words_faults(booking->faults);
    answer->warnings = error ? NULL : words_faults(booking->warnings);
    answer->visit_id = g_strdup(booking->visit_id);
}

/* Of PHONE, and of none; both may be said. */
static BookingRequest *request_of(Fixture *fixture, int64_t starts_at_ms, const char *phone,
                                  bool no_phone)
{
    BookingRequest *request = fixture_request(fixture, starts_at_ms);
    g_free(request->phone);
    request->phone = g_strdup(phone);
    request->no_phone = no_phone;
    return request;
}

typedef void (*Create)(Scheduling *scheduling, BookingRequest *request, const Actor *actor,
                       BookingDone done, gpointer user_data);

static int book(Answer *answer, Create create, BookingRequest *request, const Actor *actor)
{
    answer->fixture->n_waiting++;
    create(answer->fixture->scheduling, request, actor, on_booked, answer);
    fixture_wait(answer->fixture);
    return answer->fixture->error_code;
}

/* The visit's id; to be freed. */
static char *booked_at_desk(Answer *answer, int days, int hour)
{
    const Actor desk = fixture_staff(answer->fixture, ACTOR_DESK, 0);
    BookingRequest *request = request_of(answer->fixture, fixture_time(days, hour, 0), NULL, true);
    assert_int_equal(book(answer, booking_create_at_desk, request, &desk), -1);
    return g_strdup(answer->visit_id);
}

static void assert_untold(Fixture *fixture, const char *visit_id)
{
    mail_assert_query(fixture, "0 0",
                      "SELECT has_phone || ' ' || (SELECT COUNT(*) FROM notification WHERE "
                      "visit_id = visit.id) FROM visit WHERE id = '%s'",
                      visit_id);
}

static void test_staff_say_so_and_are_told_to_tell(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    const Actor officer = {.role = ACTOR_OFFICER, .user_id = "o"};
    Actor coordinator = desk;
    coordinator.role = ACTOR_COORDINATOR;
    const struct {
        Create create;
        const Actor *actor;
        int hour;
    } rows[] = {{booking_create_at_desk, &desk, 9},
                {booking_create_at_desk, &coordinator, 10},
                {booking_create_at_counter, &officer, 11},
                {booking_create_extra, &desk, 13},
                {booking_create_walk_in, &desk, 0}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        BookingRequest *request = request_of(fixture, fixture_time(1, rows[i].hour, 0), NULL, true);
        assert_int_equal(book(&answer, rows[i].create, request, rows[i].actor), -1);
        assert_string_equal(answer.warnings, "phone:no_phone ");
        assert_untold(fixture, answer.visit_id);
    }
    const DayVisit listed = fixture_listed(fixture, &desk, answer.visit_id);
    assert_true(listed.has_no_phone);
    BookingRequest *other = request_of(fixture, fixture_time(0, 14, 0), "0812 3456 7890", false);
    assert_int_equal(book(&answer, booking_create_at_desk, other, &desk), -1);
    assert_string_equal(answer.warnings, "");
    assert_false(fixture_listed(fixture, &desk, answer.visit_id).has_no_phone);
}

static void test_it_is_said_and_not_left_out(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    const int64_t at_ms = fixture_time(1, 9, 0);
    const struct {
        const char *phone;
        bool no_phone;
        const char *faults;
    } rows[] = {{NULL, false, "phone:required "},
                {"", false, "phone:required "},
                {"0812 3456 7890", true, "phone:phone_said "}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        BookingRequest *request = request_of(fixture, at_ms, rows[i].phone, rows[i].no_phone);
        assert_int_equal(book(&answer, booking_create_at_desk, request, &desk),
                         SCHEDULING_ERROR_INVALID_FIELDS);
        assert_string_equal(answer.faults, rows[i].faults);
    }
}

static void test_from_outside_a_number_is_needed(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    const Actor client = {.role = ACTOR_CLIENT, .user_id = "c"};
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request_of(fixture, fixture_time(1, 9, 0), NULL, true),
                   on_booked, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults, "phone:required ");
    BookingRequest *request = request_of(fixture, fixture_time(1, 9, 0), NULL, true);
    assert_int_equal(book(&answer, booking_create_by_client, request, &client),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults, "phone:required ");
}

/* Reminders, a doctor who is late, cancelled: nothing is written down that could be sent. */
static void test_nothing_is_sent_whatever_comes_of_it(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *visit = booked_at_desk(&answer, 1, 9);
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(1, 14, 0)};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit, &wish, &desk, on_booked, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    g_autofree char *moved = g_strdup(answer.visit_id);
    assert_string_not_equal(moved, visit);
    assert_untold(fixture, moved);
    fixture_turn_to(fixture, fixture_time(1, 13, 0));
    assert_int_equal(mail_deliver(fixture), 0);
    mail_sweep(fixture);
    assert_int_equal(fixture_cancel(fixture, moved, ACTOR_DESK), -1);
    assert_int_equal(mail_deliver(fixture), 0);
    assert_untold(fixture, moved);
}

static void on_late(const LateSaid *said, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n = said ? said->n_told : 0;
}

static void test_a_late_doctor_tells_those_who_can_be_told(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    g_autofree char *visit = booked_at_desk(&answer, 0, 11);
    g_autofree char *other = mail_booked(fixture, 0, 10, 45);
    fixture->n_waiting++;
    late_say(fixture->scheduling, NULL, 30, &doctor, on_late, &answer);
    fixture_wait(fixture);
    assert_int_equal(answer.n, 1);
    assert_untold(fixture, visit);
}

static void test_nobody_phones_them(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    g_autofree char *visit = booked_at_desk(&answer, 0, 11);
    assert_int_equal(converter_convert(fixture, visit, &doctor, VISIT_WAY_PHONE),
                     SCHEDULING_ERROR_NO_PHONE);
    assert_int_equal(converter_show_phone(fixture, visit, &doctor), SCHEDULING_ERROR_NO_PHONE);
    assert_int_equal(converter_convert(fixture, visit, &doctor, VISIT_WAY_IN_PERSON), -1);
    assert_untold(fixture, visit);
}

/* Nothing could follow: nobody has a number to phone, so no note is signed and no letter issued. */
static void test_no_visit_ends_as_gone_on_by_telephone(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    g_autofree char *visit = booked_at_desk(&answer, 0, 11);
    fixture_turn_to(fixture, fixture_time(0, 11, 0));
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_CONVERTED_PHONE),
                     SCHEDULING_ERROR_NO_PHONE);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_CALLED);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_CONVERTED_IN_PERSON), -1);
    /* What is over is over, whatever it is said to be. */
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_CONVERTED_PHONE),
                     SCHEDULING_ERROR_VISIT_ENDED);
}

static void on_edited(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n = 100 * hours_hits_told(edited->hits) + 10 * hours_hits_not_reachable(edited->hits) +
                hours_hits_no_phone(edited->hits);
}

static void on_kept(const GPtrArray *kept, bool has_more, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    assert_false(has_more);
    assert_int_equal(kept->len, 1);
    const HoursKept *one = kept->pdata[0];
    assert_true(one->has_no_phone);
    assert_null(one->message);
}

static void test_without_a_place_they_are_listed_and_not_written_to(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    g_autofree char *visit = booked_at_desk(&answer, 1, 9);
    HoursEdit leave = {.kind = HOURS_EDIT_LEAVE_ADD, .keeps_bookings = HOURS_KEEP_MESSAGE};
    g_strlcpy(leave.leave.from_date, FIXTURE_TOMORROW, sizeof leave.leave.from_date);
    g_strlcpy(leave.leave.until_date, FIXTURE_TOMORROW, sizeof leave.leave.until_date);
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, &doctor, fixture->seed.doctors[0].id, &leave, on_edited,
               &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(answer.n, 1); /* none told, none to be phoned, one without a telephone */
    assert_untold(fixture, visit);
    mail_assert_query(fixture, "hours.booking_kept",
                      "SELECT action FROM audit WHERE object_id = '%s' AND action GLOB "
                      "'hours.booking_*'",
                      visit);
    fixture->n_waiting++;
    hours_kept_list(fixture->scheduling, &doctor, on_kept, &answer);
    fixture_wait(fixture);
    fixture->n_waiting++;
    hours_kept_message(fixture->scheduling, &doctor, visit, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_NO_PHONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_staff_say_so_and_are_told_to_tell),
        TEST(test_it_is_said_and_not_left_out),
        TEST(test_from_outside_a_number_is_needed),
        TEST(test_nothing_is_sent_whatever_comes_of_it),
        TEST(test_a_late_doctor_tells_those_who_can_be_told),
        TEST(test_nobody_phones_them),
        TEST(test_no_visit_ends_as_gone_on_by_telephone),
        TEST(test_without_a_place_they_are_listed_and_not_written_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
