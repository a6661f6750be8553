// SPDX-License-Identifier: Apache-2.0
/* To whom somebody without an appointment is given, and who calls nobody: a doctor whose permit has
 * run out, who is on leave, archived or may not log in, and a clinic in which nobody works. */
#include "tests/unit/scheduling/fixture_sql.h"
#include "tests/unit/scheduling/reporter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/move.h"
#include "scheduling/booking/queue_step.h"
#include "scheduling/clinic/duty.h"

#define YESTERDAY "2026-11-23"
static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static void run_sql(Fixture *fixture, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void run_sql(Fixture *fixture, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    g_autofree char *sql = g_strdup_vprintf(format, words);
    va_end(words);
    assert_true(fixture_sql_run(fixture, sql));
}

static void set_permit(Fixture *fixture, const char *valid_until)
{
    run_sql(fixture,
            "INSERT INTO practice_permit (facility_id, practitioner_id, number, valid_until) "
            "VALUES ('%s', '%s', 'S1', '%s') "
            "ON CONFLICT DO UPDATE SET valid_until = excluded.valid_until",
            fixture->seed.facility_ids[0], fixture->seed.doctors[0].id, valid_until);
}

static void take_leave(Fixture *fixture)
{
    run_sql(fixture,
            "INSERT INTO hours_leave (id, practitioner_id, from_date, until_date, note) "
            "VALUES ('leave', '%s', '" FIXTURE_TODAY "', '" FIXTURE_TODAY "', '')",
            fixture->seed.doctors[0].id);
}

typedef struct {
    Fixture *fixture;
    char *visit_id;
    GString *faults; /* "field code; " */
} Answer;

static void on_booking(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    for (unsigned i = 0; error && i < fault_list_length(booking->faults); i++) {
        const Fault *fault = fault_list_get(booking->faults, i);
        g_string_append_printf(answer->faults, "%s %s; ", fault->field, fault->code);
    }
    answer->visit_id = error ? NULL : g_strdup(booking->visit_id);
}

static char *new_walk_in(Fixture *fixture, bool is_named, const char *urgent_reason,
                         GString *faults)
{
    static unsigned n_people; /* each is somebody else */
    Answer answer = {.fixture = fixture, .faults = faults};
    BookingRequest *request = fixture_request(fixture, 0);
    if (!is_named)
        g_clear_pointer(&request->practitioner_id, g_free);
    g_free(request->phone);
    request->phone = g_strdup_printf("0812 0000 %04u", n_people++);
    g_clear_pointer(&request->nik, secret_text_free);
    request->urgent_reason = g_strdup(urgent_reason);
    const Actor actor = {
        .role = ACTOR_DESK, .user_id = "user-9", .facility_id = fixture->seed.facility_ids[0]};
    fixture->n_waiting++;
    booking_create_walk_in(fixture->scheduling, request, &actor, on_booking, &answer);
    fixture_wait(fixture);
    return answer.visit_id;
}

static char *accepted(Fixture *fixture, bool is_named, const char *urgent_reason)
{
    g_autoptr(GString) faults = g_string_new(NULL);
    char *visit_id = new_walk_in(fixture, is_named, urgent_reason, faults);
    assert_string_equal(faults->str, "");
    assert_non_null(visit_id);
    assert_int_equal(fixture_check_in(fixture, visit_id), -1);
    clock_advance(fixture->clock, 1000);
    return visit_id;
}

static void assert_refused(Fixture *fixture, bool is_named, const char *urgent_reason,
                           const char *faults)
{
    g_autoptr(GString) said = g_string_new(NULL);
    assert_null(new_walk_in(fixture, is_named, urgent_reason, said));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(said->str, faults);
}

/* The last day of a permit is one on which it holds. */
static void test_walk_in_to_a_permit_that_is_over(void **state)
{
    Fixture *fixture = *state;
    set_permit(fixture, FIXTURE_TODAY);
    g_autofree char *visit = accepted(fixture, true, NULL);
    set_permit(fixture, YESTERDAY);
    assert_refused(fixture, true, NULL, "doctor doctor_permit_over; ");
    assert_refused(fixture, true, "sesak napas", "doctor doctor_permit_over; ");
    assert_refused(fixture, false, NULL, "clinic nobody_may; ");
    assert_refused(fixture, false, "sesak napas", "clinic nobody_may; ");
}

static void test_walk_in_to_who_is_on_leave(void **state)
{
    Fixture *fixture = *state;
    take_leave(fixture);
    assert_refused(fixture, true, NULL, "doctor doctor_on_leave; ");
    assert_refused(fixture, false, NULL, "clinic nobody_works; ");
    g_autofree char *urgent = accepted(fixture, true, "sesak napas");
    g_autofree char *reason = fixture_audit_reasons(fixture, "queue.urgent");
    assert_string_equal(reason, "queue.urgent: sesak napas; ");
    g_autofree char *event =
        fixture_sql_text(fixture, "SELECT detail FROM visit_event WHERE kind = 'urgent'");
    assert_string_equal(event, "sesak napas");
    g_autofree char *other = accepted(fixture, false, "kejang");
}

static void test_walk_in_to_who_is_archived(void **state)
{
    Fixture *fixture = *state;
    run_sql(fixture, "UPDATE practitioner SET is_active = 0 WHERE id = '%s'",
            fixture->seed.doctors[0].id);
    assert_refused(fixture, true, NULL, "doctor doctor_archived; ");
    assert_refused(fixture, true, "sesak napas", "doctor doctor_archived; ");
}

/* A facility that is closed has no clinics, whatever their own rows say. */
static void test_walk_in_to_a_closed_place(void **state)
{
    Fixture *fixture = *state;
    static const char *const closes[] = {"facility", "clinic"};
    for (unsigned i = 0; i < G_N_ELEMENTS(closes); i++) {
        const char *id = i == 0 ? fixture->seed.facility_ids[0] : fixture->clinic_id;
        run_sql(fixture, "UPDATE %s SET is_active = 0 WHERE id = '%s'", closes[i], id);
        assert_refused(fixture, true, NULL, "clinic archived; ");
        assert_refused(fixture, true, "sesak napas", "clinic archived; ");
        assert_refused(fixture, false, NULL, "clinic archived; ");
        run_sql(fixture, "UPDATE %s SET is_active = 1 WHERE id = '%s'", closes[i], id);
    }
    g_autofree char *visit = accepted(fixture, true, NULL);
}

static void test_walk_in_to_a_disabled_account(void **state)
{
    Fixture *fixture = *state;
    fixture_account(fixture, "user-0", true);
    assert_refused(fixture, true, NULL, "doctor doctor_disabled; ");
    assert_refused(fixture, true, "sesak napas", "doctor doctor_disabled; ");
}

/* Hours that are over count: the desk sees whether the doctor is still there. Without any who is on
 * the day's list is there. */
static void test_walk_in_where_nobody_works_today(void **state)
{
    Fixture *fixture = *state;
    clock_advance(fixture->clock, 13 * HOUR_MS);
    g_autofree char *late = accepted(fixture, false, NULL);
    fixture_clear_rules(fixture);
    assert_refused(fixture, false, NULL, "clinic nobody_works; ");
    g_autofree char *urgent = accepted(fixture, false, "sesak napas");
    g_autofree char *named = accepted(fixture, true, NULL);
    g_autofree char *pool = accepted(fixture, false, NULL);
}

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    for (unsigned i = 0; day && i < day->visits->len; i++) {
        const DayVisit *visit = day->visits->pdata[i];
        g_string_append_printf(answer->faults, "%s %u %s; ", visit->number, visit->place,
                               visit->other_doctor_why ? visit->other_doctor_why : "-");
    }
    fixture_keep_error(answer->fixture, error);
}

static void assert_day(Fixture *fixture, const Actor *actor, const char *text)
{
    Answer answer = {.fixture = fixture, .faults = g_string_new(NULL)};
    fixture->n_waiting++;
    day_list(fixture->scheduling, actor, NULL, on_day, &answer);
    fixture_wait(fixture);
    assert_string_equal(answer.faults->str, text);
    g_string_free(answer.faults, TRUE);
}

/* Of the clinic's doctors one is on leave, or may not log in: who waits by name, in an emergency,
 * for any, at a post. */
static void test_who_needs_another_doctor(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "user-9", .facility_id = fixture->seed.facility_ids[0]};
    g_autofree char *named = accepted(fixture, true, NULL);
    g_autofree char *urgent = accepted(fixture, true, "sesak napas");
    g_autofree char *any = accepted(fixture, false, NULL);
    g_autofree char *any_urgent = accepted(fixture, false, "kejang");
    assert_day(fixture, &desk, "A-1 3 -; A-2 1 -; A-3 4 -; A-4 2 -; ");
    take_leave(fixture);
    const char *away = "A-1 3 doctor_on_leave; A-2 1 -; A-3 4 nobody_works; A-4 2 -; ";
    assert_day(fixture, &desk, away);
    assert_day(fixture, &doctor, away);
    run_sql(fixture, "DELETE FROM hours_leave");
    fixture_account(fixture, "user-0", true);
    assert_day(
        fixture, &desk,
        "A-1 3 doctor_disabled; A-2 1 doctor_disabled; A-3 4 nobody_may; A-4 2 nobody_may; ");
}

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_string_append(answer->faults, view && view->is_unplaced ? "unplaced; " : "placed; ");
}

/* What the patient's page is told of each. */
static void assert_told(Fixture *fixture, char *const visits[], unsigned n_visits, const char *text)
{
    Answer answer = {.fixture = fixture, .faults = g_string_new(NULL)};
    for (unsigned i = 0; i < n_visits; i++) {
        fixture->n_waiting++;
        visit_get_view(fixture->scheduling, visits[i], on_view, &answer);
        fixture_wait(fixture);
    }
    assert_string_equal(answer.faults->str, text);
    g_string_free(answer.faults, TRUE);
}

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    (void)booking;
    fixture_keep_error(user_data, error);
}

static int move_by_link(Fixture *fixture, const char *visit_id)
{
    g_autofree char *patient = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    const Actor own = {.role = ACTOR_PATIENT, .participant_id = patient};
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(1, 9, 0)};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, &own, on_moved, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* Who waits in vain is told so, and may choose another time; who has been called is seen. */
static void test_the_patient_is_told(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *named = accepted(fixture, true, NULL);
    g_autofree char *urgent = accepted(fixture, true, "sesak napas");
    g_autofree char *any = accepted(fixture, false, NULL);
    char *const visits[] = {named, urgent, any};
    assert_told(fixture, visits, 3, "placed; placed; placed; ");
    assert_int_equal(move_by_link(fixture, any), SCHEDULING_ERROR_BAD_STATE);
    take_leave(fixture);
    assert_told(fixture, visits, 3, "unplaced; placed; unplaced; ");
    run_sql(fixture, "DELETE FROM hours_leave");
    assert_int_equal(fixture_call(fixture, named), -1);
    fixture_account(fixture, "user-0", true);
    assert_told(fixture, visits, 3, "placed; unplaced; unplaced; ");
    take_leave(fixture);
    fixture_account(fixture, "user-0", false);
    assert_int_equal(move_by_link(fixture, any), -1);
    assert_told(fixture, &visits[2], 1, "placed; ");
}

/* Who has called somebody today is there, with hours or without; a post needs none. */
static void test_hours_that_are_gone(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "user-9", .facility_id = fixture->seed.facility_ids[0]};
    g_autofree char *named = accepted(fixture, true, NULL);
    g_autofree char *any = accepted(fixture, false, NULL);
    fixture_clear_rules(fixture);
    assert_day(fixture, &desk, "A-1 1 -; A-2 2 -; "); /* A-1 is the doctor's */
    assert_int_equal(fixture_call(fixture, named), -1);
    assert_day(fixture, &desk, "A-1 0 -; A-2 1 -; ");
    run_sql(fixture, "UPDATE visit SET state = 'no_show_patient' WHERE id = '%s'", named);
    assert_day(fixture, &desk, "A-1 0 -; A-2 1 nobody_works; ");
    run_sql(fixture,
            "INSERT INTO service SELECT 's', clinic_id, 'Pos', 'assisted', 15, 0, 0, 0, 1, 0 "
            "FROM visit WHERE id = '%s'",
            any);
    run_sql(fixture,
            "INSERT INTO visit_service (visit_id, service_id, name, mode, price_rupiah, before_ms, "
            "after_ms) VALUES ('%s', 's', 'Pos', 'assisted', 0, 0, 0)",
            any);
    assert_day(fixture, &desk, "A-1 0 -; A-2 1 -; ");
}

/* Leave that begins at midnight is not that of the night before. */
static void test_leave_after_midnight(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "user-9", .facility_id = fixture->seed.facility_ids[0]};
    fixture_turn_to(fixture, fixture_time(0, 23, 0));
    g_autofree char *any = accepted(fixture, false, NULL);
    g_autofree char *named = accepted(fixture, true, NULL);
    run_sql(fixture,
            "INSERT INTO hours_leave (id, practitioner_id, from_date, until_date, note) "
            "VALUES ('leave', '%s', '2026-11-25', '2026-11-25', '')",
            fixture->seed.doctors[0].id);
    fixture_turn_to(fixture, fixture_time(1, 0, 30));
    assert_day(fixture, &desk, "A-1 1 -; A-2 2 -; ");
}

typedef struct {
    Fixture *fixture;
    QueueCall call;
} Next;

static void on_next(const QueueCall *call, const GError *error, gpointer user_data)
{
    Next *next = user_data;
    next->call = *call;
    fixture_keep_error(next->fixture, error);
}

static QueueCall call_next(Fixture *fixture)
{
    Next next = {.fixture = fixture};
    fixture->n_waiting++;
    queue_call_next(fixture->scheduling, &doctor, on_next, &next);
    fixture_wait(fixture);
    return next.call;
}

/* Nobody is lost by it: they stay in the queue, and both lists say what they need. */
static void test_nobody_is_called_without_a_permit(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "user-9", .facility_id = fixture->seed.facility_ids[0]};
    g_autofree char *called = accepted(fixture, true, NULL);
    g_autofree char *named = accepted(fixture, true, NULL);
    g_autofree char *any = accepted(fixture, false, NULL);
    assert_string_equal(call_next(fixture).visit_id, called);
    set_permit(fixture, YESTERDAY);
    /* Who was called is seen to the end. */
    assert_int_equal(fixture_call(fixture, called), -1);
    assert_int_equal(fixture_accept(fixture, called), -1);
    assert_int_equal(fixture_connect(fixture, called), -1);
    assert_int_equal(fixture_end(fixture, called, VISIT_STATE_DONE), -1);
    assert_string_equal(call_next(fixture).visit_id, "");
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_PERMIT_OVER);
    assert_int_equal(fixture_call(fixture, named), SCHEDULING_ERROR_PERMIT_OVER);
    assert_int_equal(fixture_call(fixture, any), SCHEDULING_ERROR_PERMIT_OVER);
    assert_int_equal(fixture_state(fixture, named), VISIT_STATE_CHECKED_IN);
    assert_day(fixture, &desk, "A-1 0 -; A-2 1 doctor_permit_over; A-3 2 nobody_may; ");
    assert_day(fixture, &doctor, "A-1 0 -; A-2 1 doctor_permit_over; A-3 2 nobody_may; ");
    set_permit(fixture, FIXTURE_TODAY);
    assert_string_equal(call_next(fixture).visit_id, named);
}

static void on_duty(const GPtrArray *clinics, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    for (unsigned i = 0; clinics && i < clinics->len; i++) {
        const DutyClinic *clinic = clinics->pdata[i];
        for (unsigned j = 0; j < clinic->doctors->len; j++) {
            const DutyDoctor *one = &g_array_index(clinic->doctors, DutyDoctor, j);
            if (g_str_equal(one->practitioner_id, answer->fixture->seed.doctors[0].id))
                g_string_append_printf(answer->faults, "%s %d; ", duty_fault_name(one->fault),
                                       one->works);
        }
    }
    fixture_keep_error(answer->fixture, error);
}

static void ask_duty(Answer *answer, const Actor *actor)
{
    g_string_truncate(answer->faults, 0);
    answer->fixture->n_waiting++;
    duty_list(answer->fixture->scheduling, actor, on_duty, answer);
    fixture_wait(answer->fixture);
}

static void test_the_desk_reads_who_is_there(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "user-9", .facility_id = fixture->seed.facility_ids[0]};
    Answer answer = {.fixture = fixture, .faults = g_string_new(NULL)};
    ask_duty(&answer, &desk);
    assert_string_equal(answer.faults->str, "fit 1; ");
    take_leave(fixture);
    ask_duty(&answer, &desk);
    assert_string_equal(answer.faults->str, "doctor_on_leave 0; ");
    run_sql(fixture, "UPDATE facility SET is_active = 0 WHERE id = '%s'", desk.facility_id);
    ask_duty(&answer, &desk);
    assert_string_equal(answer.faults->str, "");
    ask_duty(&answer, &doctor);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    g_string_free(answer.faults, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_walk_in_to_a_permit_that_is_over, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_walk_in_to_who_is_on_leave, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_walk_in_to_who_is_archived, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_walk_in_to_a_closed_place, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_walk_in_to_a_disabled_account, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_walk_in_where_nobody_works_today, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_nobody_is_called_without_a_permit, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_needs_another_doctor, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_the_patient_is_told, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_hours_that_are_gone, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_leave_after_midnight, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_the_desk_reads_who_is_there, fixture_set_up,
                                        fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
