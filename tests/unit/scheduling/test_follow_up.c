// SPDX-License-Identifier: Apache-2.0
/* What comes after a visit, by its doctor: once, at a free time of the doctor's, for the same
 * patient. */
#include "tests/unit/scheduling/fixture.h"
#include "tests/unit/scheduling/fixture_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/follow_up.h"
#include "scheduling/booking/move.h"
#include "tests/unit/scheduling/converter.h"

typedef struct {
    Fixture *fixture;
    char visit_id[SCHEDULING_ID_BYTES];
    bool has_token;
    unsigned n_nearest;
    char *field, *code;
    char *phone;
} Answer;

static void answer_clear(Answer *answer)
{
    g_free(answer->field);
    g_free(answer->code);
    g_free(answer->phone);
    *answer = (Answer){.fixture = answer->fixture};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n_nearest = booking->n_nearest;
    if (booking->faults && fault_list_length(booking->faults) > 0) {
        answer->field = g_strdup(fault_list_get(booking->faults, 0)->field);
        answer->code = g_strdup(fault_list_get(booking->faults, 0)->code);
    }
    if (error)
        return;
    g_strlcpy(answer->visit_id, booking->visit_id, sizeof answer->visit_id);
    answer->has_token = booking->token != NULL;
}

static int follow(Fixture *fixture, const char *visit_id, int64_t starts_at_ms, const Actor *actor,
                  Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    const FollowUpWish wish = {.starts_at_ms = starts_at_ms};
    follow_up_book(fixture->scheduling, visit_id, &wish, actor, on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static char *text_of(Fixture *fixture, const char *format, const char *visit_id)
{
    g_autofree char *sql = g_strdup_printf("%s'%s'", format, visit_id);
    return fixture_sql_text(fixture, sql);
}

static char *talking(Fixture *fixture)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 10, 15));
    Answer answer = {.fixture = fixture};
    request->consent = 1;
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(fixture_check_in(fixture, answer.visit_id), -1);
    assert_int_equal(fixture_call(fixture, answer.visit_id), -1);
    assert_int_equal(fixture_accept(fixture, answer.visit_id), -1);
    assert_int_equal(fixture_connect(fixture, answer.visit_id), -1);
    return g_strdup(answer.visit_id);
}

#define PATIENT_OF "SELECT patient_id FROM visit WHERE id = "
#define CONSENTS_OF "SELECT COUNT(*) FROM consent WHERE visit_id = "
#define TIES_OF "SELECT from_visit_id FROM visit_follow_up WHERE to_visit_id = "
#define EVENTS_OF "SELECT COUNT(*) FROM visit_event WHERE kind LIKE 'follow_up%' AND visit_id = "

static void test_same_patient_and_told(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    g_autofree char *visit = talking(fixture);
    int64_t then = fixture_time(14, 10, 0);
    assert_int_equal(follow(fixture, visit, then, &doctor, &answer), -1);
    assert_false(answer.has_token); /* it is the patient's, and comes by the message */
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_IN_CALL);
    assert_int_equal(fixture_state(fixture, answer.visit_id), VISIT_STATE_BOOKED);
    g_autofree char *before = text_of(fixture, PATIENT_OF, visit);
    g_autofree char *after = text_of(fixture, PATIENT_OF, answer.visit_id);
    assert_string_equal(before, after);
    g_autofree char *consents = text_of(fixture, CONSENTS_OF, answer.visit_id);
    assert_string_equal(consents, "1");
    g_autofree char *tied = text_of(fixture, TIES_OF, answer.visit_id);
    assert_string_equal(tied, visit);
    g_autofree char *told = text_of(
        fixture,
        "SELECT COUNT(*) FROM notification WHERE kind = 'booked' AND visit_id = ", answer.visit_id);
    assert_string_equal(told, "1"); /* not as moved: the old visit is as it was */
    g_autofree char *old_events = text_of(fixture, EVENTS_OF, visit);
    g_autofree char *new_events = text_of(fixture, EVENTS_OF, answer.visit_id);
    assert_string_equal(old_events, "1");
    assert_string_equal(new_events, "1");
    /* The old link still opens the old visit. */
    g_autofree char *links =
        text_of(fixture, "SELECT COUNT(*) FROM join_token WHERE visit_id = ", answer.visit_id);
    assert_string_equal(links, "0");
}

static void test_once(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    g_autofree char *visit = talking(fixture);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 10, 0), &doctor, &answer), -1);
    g_autofree char *first = g_strdup(answer.visit_id);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 10, 0), &doctor, &answer), -1);
    assert_string_equal(answer.visit_id, first);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 11, 0), &doctor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.field, "starts_at_ms");
    assert_string_equal(answer.code, "follow_up_exists");
    assert_int_equal(fixture_cancel(fixture, first, ACTOR_DESK), -1);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 11, 0), &doctor, &answer), -1);
    assert_string_not_equal(answer.visit_id, first);
}

/* Where it is now is where it was moved to. */
static void test_a_moved_one_is_still_one(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    g_autofree char *visit = talking(fixture);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 10, 0), &doctor, &answer), -1);
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(7, 9, 0)};
    g_autofree char *first = g_strdup(answer.visit_id);
    fixture->n_waiting++;
    booking_move(fixture->scheduling, first, &wish, &doctor, on_booked, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 10, 0), &doctor, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.code, "follow_up_exists");
}

static void test_whose_and_when(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    const Actor others[] = {
        {.role = ACTOR_DOCTOR, .user_id = "user-1"},
        fixture_staff(fixture, ACTOR_DESK, 0),
        {.role = ACTOR_ADMIN, .user_id = "admin"},
    };
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), -1);
    g_autofree char *coming = g_strdup(fixture->visit_id);
    assert_int_equal(follow(fixture, coming, fixture_time(7, 10, 0), &doctor, &answer),
                     SCHEDULING_ERROR_BAD_STATE);
    g_autofree char *visit = talking(fixture);
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
        assert_int_equal(follow(fixture, visit, fixture_time(7, 10, 0), &others[i], &answer),
                         SCHEDULING_ERROR_FORBIDDEN);
    /* Beyond what can be booked, and outside of the hours. */
    assert_int_equal(follow(fixture, visit, fixture_time(31, 10, 0), &doctor, &answer),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 3, 1), &doctor, &answer),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    /* Somebody else has it. */
    assert_int_equal(fixture_book(fixture, fixture_time(7, 10, 0)), -1);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 10, 0), &doctor, &answer),
                     SCHEDULING_ERROR_SLOT_TAKEN);
    assert_true(answer.n_nearest > 0);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_CONVERTED_IN_PERSON), -1);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 10, 30), &doctor, &answer), -1);
}

static void on_phone(const char *e164, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->phone = g_strdup(e164);
}

static int phone(Fixture *fixture, const char *visit_id, const Actor *actor, Answer *answer)
{
    answer_clear(answer);
    answer->fixture = fixture;
    fixture->n_waiting++;
    follow_up_show_phone(fixture->scheduling, visit_id, actor, on_phone, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_who_sees_the_number(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    const Actor other = {.role = ACTOR_DOCTOR, .user_id = "user-1"};
    const Actor coordinator = {
        .role = ACTOR_COORDINATOR, .user_id = "c", .facility_id = fixture->seed.facility_ids[0]};
    g_autofree char *visit = talking(fixture);
    assert_int_equal(phone(fixture, visit, &other, &answer), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(phone(fixture, visit, &coordinator, &answer), SCHEDULING_ERROR_FORBIDDEN);
    assert_null(answer.phone);
    assert_int_equal(phone(fixture, visit, &doctor, &answer), -1);
    assert_true(g_str_has_prefix(answer.phone, "+62"));
    g_autofree char *events = text_of(
        fixture,
        "SELECT COUNT(*) FROM visit_event WHERE kind = 'phone_shown' AND visit_id = ", visit);
    g_autofree char *audits = text_of(
        fixture, "SELECT COUNT(*) FROM audit WHERE action = 'visit.phone' AND object_id = ", visit);
    assert_string_equal(events, "1");
    assert_string_equal(audits, "1");
}

/* That somebody will be phoned, or comes, is no visit yet. */
static void test_not_before_they_have_talked(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 14, 0)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    assert_int_equal(converter_convert(fixture, visit, &doctor, VISIT_WAY_PHONE), -1);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 10, 0), &doctor, &answer),
                     SCHEDULING_ERROR_NOT_MET);
    assert_int_equal(phone(fixture, visit, &loket, &answer), -1);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 10, 0), &doctor, &answer),
                     SCHEDULING_ERROR_NOT_MET);
    assert_int_equal(phone(fixture, visit, &doctor, &answer), -1);
    assert_int_equal(follow(fixture, visit, fixture_time(7, 10, 0), &doctor, &answer), -1);
}

#define FOLLOW_UP_TEST(test)                                                                       \
    cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLLOW_UP_TEST(test_same_patient_and_told),
        FOLLOW_UP_TEST(test_once),
        FOLLOW_UP_TEST(test_a_moved_one_is_still_one),
        FOLLOW_UP_TEST(test_whose_and_when),
        FOLLOW_UP_TEST(test_who_sees_the_number),
        FOLLOW_UP_TEST(test_not_before_they_have_talked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
