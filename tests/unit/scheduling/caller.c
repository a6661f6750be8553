// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/caller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

const Actor caller_first = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
const Actor caller_second = {.role = ACTOR_DOCTOR, .user_id = "user-1"};

static bool second_doctor_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    DbQuery *doctor = db_query(tx, "demo_practitioner_insert");
    db_bind_text(doctor, 1, CALLER_SECOND_ID);
    db_bind_text(doctor, 2, "dr. Second");
    db_bind_text(doctor, 3, NULL);
    db_bind_int(doctor, 4, 0);
    DbQuery *member = db_query(tx, "demo_member_insert");
    db_bind_text(member, 1, fixture->clinic_id);
    db_bind_text(member, 2, CALLER_SECOND_ID);
    return db_exec(doctor, error) && db_exec(member, error) &&
           directory_link_user(tx, CALLER_SECOND_ID, "user-1", error);
}

int caller_set_up(void **state)
{
    int failed = fixture_set_up(state);
    if (!failed)
        fixture_run(*state, second_doctor_job, *state);
    return failed;
}

typedef struct {
    Fixture *fixture;
    char *visit_id, *doctor;
} Made;

static void on_made(const Booking *booking, const GError *error, gpointer user_data)
{
    Made *made = user_data;
    fixture_keep_error(made->fixture, error);
    if (error)
        return;
    made->visit_id = g_strdup(booking->visit_id);
    made->doctor = g_strdup(booking->doctor);
}

char *caller_walk_in(Fixture *fixture, const Actor *actor, const char *doctor_id)
{
    static unsigned n_people;
    Made made = {.fixture = fixture};
    BookingRequest *request = fixture_request(fixture, 0);
    g_free(request->practitioner_id);
    request->practitioner_id = g_strdup(doctor_id);
    g_free(request->phone);
    request->phone = g_strdup_printf("0812 0000 %04u", n_people++);
    g_clear_pointer(&request->nik, secret_text_free);
    fixture->n_waiting++;
    booking_create_walk_in(fixture->scheduling, request, actor, on_made, &made);
    fixture_wait(fixture);
    bool is_second = g_strcmp0(doctor_id, CALLER_SECOND_ID) == 0;
    const char *name = is_second ? "dr. Second" : "dr. Rahmat Hasan";
    if (made.visit_id)
        assert_string_equal(made.doctor, doctor_id ? name : "");
    g_free(made.doctor);
    return made.visit_id;
}

char *caller_waiting(Fixture *fixture, const char *doctor_id)
{
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    char *visit_id = caller_walk_in(fixture, &desk, doctor_id);
    assert_non_null(visit_id);
    assert_int_equal(fixture_check_in(fixture, visit_id), -1);
    clock_advance(fixture->clock, 1000);
    return visit_id;
}

char *caller_booked_for_any(Fixture *fixture)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 10, 30));
    Made made = {.fixture = fixture};
    request->any_doctor = true;
    g_free(request->name);
    request->name = g_strdup("Hasan Mohamad");
    g_clear_pointer(&request->nik, secret_text_free);
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_made, &made);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_string_equal(made.doctor, "");
    g_free(made.doctor);
    return made.visit_id;
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

QueueCall caller_call_next(Fixture *fixture, const Actor *actor)
{
    Next next = {.fixture = fixture};
    fixture->n_waiting++;
    queue_call_next(fixture->scheduling, actor, on_next, &next);
    fixture_wait(fixture);
    return next.call;
}

void caller_assert_calls(Fixture *fixture, const Actor *actor, const char *visit_id)
{
    QueueCall call = caller_call_next(fixture, actor);
    assert_int_equal(fixture->error_code, -1);
    assert_string_equal(call.visit_id, visit_id);
    assert_int_equal(fixture_state(fixture, visit_id), VISIT_STATE_CALLED);
}
