// SPDX-License-Identifier: Apache-2.0
/* Group visits: what may be opened, who gets a place, what the group's end makes of each visit. */
#include "tests/unit/scheduling/teacher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/follow_up.h"
#include "scheduling/booking/move.h"
#include "scheduling/booking/queue_step.h"
#include "scheduling/clinic/slots.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
static const Actor stranger = {.role = ACTOR_DOCTOR, .user_id = "user-9"};

static void cancel(Scheduling *scheduling, const char *group_id, const Actor *actor, GroupDone done,
                   gpointer user_data)
{
    group_cancel(scheduling, group_id, "banjir", actor, done, user_data);
}

static void test_what_may_be_opened(void **state)
{
    g_auto(Teacher) answer = {.fixture = *state};
    GroupDraft draft = teacher_class(6, false);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.field, "places");
    draft = teacher_class(2, false);
    draft.minutes = 10;
    assert_int_equal(teacher_open(&answer, &draft, &doctor), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.field, "minutes");
    draft = teacher_class(2, false);
    draft.starts_at_ms = fixture_time(0, 9, 0);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.code, "in_past");
    draft = teacher_class(2, false);
    draft.title = "  ";
    assert_int_equal(teacher_open(&answer, &draft, &doctor), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.field, "title");
    draft = teacher_class(2, false);
    assert_int_equal(teacher_open(&answer, &draft, &stranger), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    assert_int_equal(answer.state, GROUP_STATE_PLANNED);
    /* The time is the group's now. */
    draft.starts_at_ms = fixture_time(0, 11, 45);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.code, "time_held");
}

static void on_slots(const SlotsList *list, const GError *error, gpointer user_data)
{
    Teacher *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->has_offer = false;
    const SlotDay *day = list->days->pdata[0];
    for (unsigned i = 0; i < day->offers->len; i++) {
        const SlotOffer *offer = &g_array_index(day->offers, SlotOffer, i);
        answer->has_offer = answer->has_offer || offer->starts_at_ms == fixture_time(0, 11, 15);
    }
}

static bool is_offered(Teacher *answer)
{
    Fixture *fixture = answer->fixture;
    const SlotsQuery query = {
        fixture->clinic_id, fixture->seed.doctors[0].id, FIXTURE_TODAY, 1, NULL, false};
    fixture->n_waiting++;
    slots_list(fixture->scheduling, &query, on_slots, answer);
    fixture_wait(fixture);
    return answer->has_offer;
}

static void test_it_holds_the_doctors_time(void **state)
{
    g_auto(Teacher) answer = {.fixture = *state};
    GroupDraft draft = teacher_class(2, false);
    assert_true(is_offered(&answer));
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    assert_false(is_offered(&answer));
    assert_int_equal(fixture_book(*state, fixture_time(0, 11, 15)), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(teacher_run(&answer, cancel, &doctor), -1);
    assert_int_equal(answer.state, GROUP_STATE_CANCELLED);
    assert_true(is_offered(&answer));
    /* And not over what is booked already. */
    assert_int_equal(fixture_book(*state, fixture_time(0, 11, 15)), -1);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.code, "time_held");
}

static void test_places_are_given_once(void **state)
{
    g_auto(Teacher) answer = {.fixture = *state};
    GroupDraft draft = teacher_class(2, true);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    assert_int_equal(teacher_book(&answer, "Ny. Siti Aminah", "first_name"), -1);
    assert_non_null(answer.token);
    char first[SCHEDULING_ID_BYTES];
    g_strlcpy(first, answer.visit_id, sizeof first);
    assert_int_equal(teacher_book(&answer, "Ny. Siti Aminah", NULL),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.code, "in_group");
    assert_int_equal(teacher_book(&answer, "Rina", NULL), -1);
    assert_int_equal(teacher_book(&answer, "Wati", NULL), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(teacher_run(&answer, group_get, &doctor), -1);
    assert_int_equal(answer.n_visits, 2);
    assert_string_equal(answer.shown, "Siti");
    /* A place that was cancelled is free again, for one. */
    assert_int_equal(fixture_cancel(*state, first, ACTOR_PATIENT), -1);
    assert_int_equal(teacher_book(&answer, "Wati", NULL), -1);
    assert_int_equal(teacher_book(&answer, "Yuni", NULL), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(teacher_run(&answer, group_get, &stranger), SCHEDULING_ERROR_FORBIDDEN);
}

/* The group's time is the visit's: who asks for another one is told. */
static void test_another_time_is_no_place(void **state)
{
    Fixture *fixture = *state;
    g_auto(Teacher) answer = {.fixture = fixture};
    GroupDraft draft = teacher_class(2, true);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    answer.starts_at_ms += HOUR_MS;
    assert_int_equal(teacher_book(&answer, "Rina", NULL), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.field, "starts_at_ms");
    assert_string_equal(answer.code, "group_time");
    assert_int_equal(teacher_book_by(&answer, "Rina", &doctor), SCHEDULING_ERROR_INVALID_FIELDS);
    answer.starts_at_ms = draft.starts_at_ms;
    assert_int_equal(teacher_book(&answer, "Rina", NULL), -1);
}

static void set_open(Scheduling *scheduling, const char *group_id, const Actor *actor,
                     GroupDone done, gpointer user_data)
{
    group_set_open(scheduling, group_id, true, actor, done, user_data);
}

static void test_only_staff_book_what_is_closed(void **state)
{
    Fixture *fixture = *state;
    g_auto(Teacher) answer = {.fixture = fixture};
    GroupDraft draft = teacher_class(3, false);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    assert_int_equal(teacher_n_open(&answer), 0);
    assert_int_equal(teacher_book(&answer, "Siti", NULL), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(teacher_book_by(&answer, "Siti", &stranger), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(teacher_book_by(&answer, "Siti", &doctor), -1);
    assert_int_equal(teacher_run(&answer, set_open, &doctor), -1);
    assert_int_equal(teacher_n_open(&answer), 1);
    assert_int_equal(teacher_book(&answer, "Rina", NULL), -1);
    /* Too late for anybody, but not for who stands at the desk. */
    clock_advance(fixture->clock, 50 * MINUTE_MS);
    assert_int_equal(teacher_n_open(&answer), 0);
    assert_int_equal(teacher_book(&answer, "Wati", NULL), SCHEDULING_ERROR_TOO_SOON);
    clock_advance(fixture->clock, 20 * MINUTE_MS);
    assert_int_equal(teacher_book(&answer, "Wati", NULL), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(teacher_book_by(&answer, "Wati", &doctor), -1);
    assert_int_equal(teacher_n_open(&answer), 0);
}

static void on_next(const QueueCall *called, const GError *error, gpointer user_data)
{
    Teacher *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_strlcpy(answer->visit_id, called->visit_id, sizeof answer->visit_id);
}

static void test_who_waits_for_it_stands_in_no_queue(void **state)
{
    Fixture *fixture = *state;
    g_auto(Teacher) answer = {.fixture = fixture};
    GroupDraft draft = teacher_class(2, true);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    assert_int_equal(teacher_book(&answer, "Siti", NULL), -1);
    clock_advance(fixture->clock, 40 * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, answer.visit_id), -1);
    fixture->n_waiting++;
    queue_call_next(fixture->scheduling, &doctor, on_next, &answer);
    fixture_wait(fixture);
    assert_string_equal(answer.visit_id, "");
}

static void test_its_end_ends_each_visit_as_it_stands(void **state)
{
    Fixture *fixture = *state;
    g_auto(Teacher) answer = {.fixture = fixture};
    GroupDraft draft = teacher_class(4, true);
    const char *names[] = {"Siti", "Rina", "Wati", "Yuni"};
    char visits[4][SCHEDULING_ID_BYTES];
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(teacher_book(&answer, names[i], NULL), -1);
        g_strlcpy(visits[i], answer.visit_id, sizeof visits[i]);
    }
    clock_advance(fixture->clock, 40 * MINUTE_MS);
    for (int i = 0; i < 3; i++)
        assert_int_equal(fixture_check_in(fixture, visits[i]), -1);
    assert_int_equal(teacher_run(&answer, group_end, &doctor), SCHEDULING_ERROR_BAD_STATE);
    clock_advance(fixture->clock, 25 * MINUTE_MS);
    for (int i = 0; i < 2; i++)
        assert_int_equal(fixture_call(fixture, visits[i]), -1);
    assert_int_equal(fixture_accept(fixture, visits[0]), -1);
    assert_int_equal(fixture_connect(fixture, visits[0]), -1);
    assert_int_equal(teacher_run(&answer, cancel, &doctor), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(teacher_run(&answer, group_end, &stranger), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(teacher_run(&answer, group_end, &doctor), -1);
    assert_int_equal(answer.state, GROUP_STATE_ENDED);
    assert_int_equal(fixture_state(fixture, visits[0]), VISIT_STATE_DONE);
    assert_int_equal(fixture_state(fixture, visits[1]),
                     VISIT_STATE_NO_SHOW_PATIENT); /* no answer */
    assert_int_equal(fixture_state(fixture, visits[2]),
                     VISIT_STATE_CANCELLED_PROVIDER); /* unseen */
    assert_int_equal(fixture_state(fixture, visits[3]), VISIT_STATE_NO_SHOW_PATIENT);
    assert_int_equal(teacher_run(&answer, group_end, &doctor), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(teacher_book_by(&answer, "Tuti", &doctor), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
}

static void test_a_patient_moves_out_and_is_booked_in_after_a_visit(void **state)
{
    Fixture *fixture = *state;
    g_auto(Teacher) answer = {.fixture = fixture};
    GroupDraft draft = teacher_class(2, true);
    draft.starts_at_ms = fixture_time(1, 11, 0);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    assert_int_equal(teacher_book(&answer, "Siti", NULL), -1);
    g_autofree char *patient = fixture_participant(fixture, answer.visit_id, VISIT_ROLE_PATIENT);
    const Actor own = {.role = ACTOR_PATIENT, .participant_id = patient};
    const MoveWish there = {.practitioner_id = fixture->seed.doctors[0].id,
                            .starts_at_ms = fixture_time(1, 9, 0)};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, answer.visit_id, &there, &own, teacher_on_booked, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(teacher_run(&answer, group_get, &doctor), -1);
    assert_int_equal(answer.n_visits, 0);

    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    g_autofree char *before = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_check_in(fixture, before), -1);
    assert_int_equal(fixture_call(fixture, before), -1);
    const FollowUpWish then = {.starts_at_ms = draft.starts_at_ms, .group_id = answer.group_id};
    for (int i = 0; i < 2; i++) { /* asked again it is the same one */
        fixture->n_waiting++;
        follow_up_book(fixture->scheduling, before, &then, &doctor, teacher_on_booked, &answer);
        fixture_wait(fixture);
        assert_int_equal(fixture->error_code, -1);
    }
    assert_int_equal(teacher_run(&answer, group_get, &doctor), -1);
    assert_int_equal(answer.n_visits, 1);
}

static void on_token(const IssuedToken *issued, const GError *error, gpointer user_data)
{
    (void)issued;
    fixture_keep_error(user_data, error);
}

static void test_its_doctor_is_no_participant_and_guests_stay_out(void **state)
{
    Fixture *fixture = *state;
    g_auto(Teacher) answer = {.fixture = fixture};
    GroupDraft draft = teacher_class(2, true);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    assert_int_equal(teacher_book(&answer, "Siti", NULL), -1);
    fixture->n_waiting++;
    token_issue_doctor(fixture->scheduling, answer.visit_id, &doctor, on_token, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_BAD_STATE);
    fixture->n_waiting++;
    token_invite_guest(fixture->scheduling, answer.visit_id, VISIT_GUEST_FAMILY, &doctor, on_token,
                       fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_BAD_STATE);
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_what_may_be_opened),
        T(test_it_holds_the_doctors_time),
        T(test_places_are_given_once),
        T(test_another_time_is_no_place),
        T(test_only_staff_book_what_is_closed),
        T(test_who_waits_for_it_stands_in_no_queue),
        T(test_its_end_ends_each_visit_as_it_stands),
        T(test_a_patient_moves_out_and_is_booked_in_after_a_visit),
        T(test_its_doctor_is_no_participant_and_guests_stay_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
