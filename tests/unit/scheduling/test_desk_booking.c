// SPDX-License-Identifier: Apache-2.0
/* Bookings by a facility's desk: who is written down as having made them, how the consent was
 * given, and whose clinics they are of. Of a person with another visit: test_own_visit.c; of who is
 * blocked: test_block.c. */
#include "tests/unit/scheduling/fixture.h"
#include "tests/unit/scheduling/fixture_sql.h"

#include "server/base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tests/unit/scheduling/words.h"

enum { N_RACERS = 50 };

typedef struct {
    Fixture *fixture;
    int code;
    bool has_token, repeated;
    char *visit_id, *faults;
} Answer;

static void answer_clear(Answer *answer)
{
    g_clear_pointer(&answer->visit_id, g_free);
    g_clear_pointer(&answer->faults, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->code = answer->fixture->error_code;
    g_free(answer->faults);
    answer->faults = words_faults(booking->faults);
    if (error)
        return;
    answer->has_token = booking->token != NULL;
    answer->repeated = booking->repeated;
    g_free(answer->visit_id);
    answer->visit_id = g_strdup(booking->visit_id);
}

static int book(Fixture *fixture, BookingRequest *request, const Actor *actor, Answer *answer)
{
    answer->fixture = fixture;
    fixture->n_waiting++;
    booking_create_at_desk(fixture->scheduling, request, actor, on_booked, answer);
    fixture_wait(fixture);
    return answer->code;
}

/* Asks the database library itself: a text. */
static char *ask(const Fixture *fixture, const char *format, const char *what)
{
    g_autofree char *sql = g_strdup_printf("%s'%s'", format, what);
    return fixture_sql_text(fixture, sql);
}

static void assert_asked(const Fixture *fixture, const char *expected, const char *format,
                         const char *what)
{
    g_autofree char *text = ask(fixture, format, what);
    assert_string_equal(text, expected);
}

static void test_staff_have_made_it(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    BookingRequest *request = fixture_request(fixture, fixture_time(2, 11, 0));
    g_autofree char *version =
        ask(fixture, "SELECT MAX(version) FROM consent_text WHERE '' = ", "");
    request->consent = g_ascii_strtoll(version, NULL, 10);
    assert_int_equal(book(fixture, request, &desk, &answer), -1);
    assert_true(answer.has_token);
    assert_int_equal(fixture_state(fixture, answer.visit_id), VISIT_STATE_BOOKED);
    assert_asked(fixture, "desk user-9",
                 "SELECT actor_role || ' ' || actor_id FROM audit WHERE action = 'booking.create' "
                 "AND object_id = ",
                 answer.visit_id);
    assert_asked(
        fixture, "desk",
        "SELECT actor FROM visit_event WHERE kind = 'booked' AND visit_id = ", answer.visit_id);
    assert_asked(fixture, "read_aloud desk user-9",
                 "SELECT how || ' ' || by_role || ' ' || by_user FROM consent WHERE visit_id = ",
                 answer.visit_id);
    assert_asked(
        fixture, "1",
        "SELECT COUNT(*) FROM notification WHERE kind = 'booked' AND visit_id = ", answer.visit_id);
}

static void test_who_may_and_where(void **state)
{
    Fixture *fixture = *state;
    const struct {
        Actor actor;
        int code;
    } rows[] = {
        {{.role = ACTOR_PATIENT}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_DOCTOR, .user_id = "user-0"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_OFFICER, .user_id = "o"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_OFFICE, .user_id = "o"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_ADMIN, .user_id = "o"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_SYSTEM}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_DESK, .user_id = "o"}, SCHEDULING_ERROR_FORBIDDEN},
        {fixture_staff(fixture, ACTOR_DESK, 1), SCHEDULING_ERROR_NOT_FOUND},
        {fixture_staff(fixture, ACTOR_COORDINATOR, 1), SCHEDULING_ERROR_NOT_FOUND},
        {fixture_staff(fixture, ACTOR_COORDINATOR, 0), -1},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(Answer) answer = {0};
        BookingRequest *request = fixture_request(fixture, fixture_time(0, 11, 0));
        assert_int_equal(book(fixture, request, &rows[i].actor, &answer), rows[i].code);
        /* Who sees no patient gets no patient's link. */
        assert_false(answer.has_token);
    }
    g_auto(Answer) answer = {0};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 12, 0));
    g_clear_pointer(&request->clinic_id, g_free);
    assert_int_equal(book(fixture, request, &desk, &answer), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults, "clinic:required ");
    /* In the booking window, and only where there is room. */
    request = fixture_request(fixture, fixture_time(0, 10, 0));
    assert_int_equal(book(fixture, request, &desk, &answer), SCHEDULING_ERROR_TOO_SOON);
    request = fixture_request(fixture, fixture_time(0, 9, 45));
    assert_int_equal(book(fixture, request, &desk, &answer), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    request = fixture_request(fixture, fixture_time(0, 11, 0));
    assert_int_equal(book(fixture, request, &desk, &answer), SCHEDULING_ERROR_SLOT_TAKEN);
}

static void test_a_retry_is_the_same_booking(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) first = {0};
    g_auto(Answer) again = {0};
    g_auto(Answer) outside = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    BookingRequest *requests[3];
    for (int i = 0; i < 3; i++) {
        requests[i] = fixture_request(fixture, fixture_time(0, 11, 0));
        requests[i]->idempotency_key = g_strdup("key-1");
    }
    assert_int_equal(book(fixture, requests[0], &desk, &first), -1);
    assert_int_equal(book(fixture, requests[1], &desk, &again), -1);
    assert_false(first.repeated);
    assert_true(again.repeated && again.has_token);
    assert_string_equal(first.visit_id, again.visit_id);
    /* What a desk has booked is not handed out by the page for patients. */
    fixture->n_waiting++;
    booking_create(fixture->scheduling, requests[2], on_booked, &outside);
    fixture_wait(fixture);
    assert_int_equal(outside.code, SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(fixture->changes->len, 1);
}

/* Half of them by the desk, half by the patients themselves. */
static void test_a_desk_races_with_patients(void **state)
{
    Fixture *fixture = *state;
    static Answer answers[N_RACERS];
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    unsigned n_won = 0;
    memset(answers, 0, sizeof answers);
    for (unsigned i = 0; i < N_RACERS; i++) {
        BookingRequest *request = fixture_request(fixture, fixture_time(0, 11, 0));
        g_clear_pointer(&request->nik, secret_text_free);
        g_free(request->phone);
        request->phone = g_strdup_printf("0812 0000 %04u", i);
        answers[i].fixture = fixture;
        fixture->n_waiting++;
        if (i % 2 == 0)
            booking_create_at_desk(fixture->scheduling, request, &desk, on_booked, &answers[i]);
        else
            booking_create(fixture->scheduling, request, on_booked, &answers[i]);
    }
    fixture_wait(fixture);
    for (unsigned i = 0; i < N_RACERS; i++) {
        n_won += answers[i].code == -1 ? 1 : 0;
        assert_true(answers[i].code == -1 || answers[i].code == SCHEDULING_ERROR_SLOT_TAKEN);
        answer_clear(&answers[i]);
    }
    assert_int_equal(n_won, 1);
    assert_int_equal(fixture->changes->len, 1);
}

#define DESK_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_staff_have_made_it),
        DESK_TEST(test_who_may_and_where),
        DESK_TEST(test_a_retry_is_the_same_booking),
        DESK_TEST(test_a_desk_races_with_patients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
