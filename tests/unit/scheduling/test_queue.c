// SPDX-License-Identifier: Apache-2.0
/* The queue on the database: who is called, by which of two doctors of a clinic, and what is done
 * with those who were called or wait. */
#include "tests/unit/scheduling/reporter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/convert.h"
#include "scheduling/booking/queue_step.h"
#include "scheduling/record/record.h"

static const char *const second_doctor = "01hzzzzzzzzzzzzzzzzzzzzzz2";

/* A second doctor of the first one's clinic, who logs in as user-1. */
static bool second_doctor_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    DbQuery *doctor = db_query(tx, "demo_practitioner_insert");
    db_bind_text(doctor, 1, second_doctor);
    db_bind_text(doctor, 2, "dr. Second");
    db_bind_text(doctor, 3, NULL);
    db_bind_int(doctor, 4, 0);
    DbQuery *member = db_query(tx, "demo_member_insert");
    db_bind_text(member, 1, fixture->clinic_id);
    db_bind_text(member, 2, second_doctor);
    return db_exec(doctor, error) && db_exec(member, error) &&
           directory_link_user(tx, second_doctor, "user-1", error);
}

static int set_up(void **state)
{
    int failed = fixture_set_up(state);
    if (failed)
        return failed;
    fixture_run(*state, second_doctor_job, *state);
    return 0;
}

#define TOMORROW "2026-11-25"
static const Actor first = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
static const Actor second = {.role = ACTOR_DOCTOR, .user_id = "user-1"};

static Actor desk(const Fixture *fixture)
{
    return (Actor){
        .role = ACTOR_DESK, .user_id = "user-9", .facility_id = fixture->seed.facility_ids[0]};
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

/* Somebody without an appointment; DOCTOR_ID NULL: for any doctor. NULL on an error. */
static char *walk_in(Fixture *fixture, const char *doctor_id)
{
    Made made = {.fixture = fixture};
    BookingRequest *request = fixture_request(fixture, 0);
    static unsigned n_people; /* each is somebody else */
    g_free(request->practitioner_id);
    request->practitioner_id = g_strdup(doctor_id);
    g_free(request->phone);
    request->phone = g_strdup_printf("0812 0000 %04u", n_people++);
    g_clear_pointer(&request->nik, secret_text_free);
    Actor actor = desk(fixture);
    fixture->n_waiting++;
    booking_create_walk_in(fixture->scheduling, request, &actor, on_made, &made);
    fixture_wait(fixture);
    const char *name = g_strcmp0(doctor_id, second_doctor) == 0 ? "dr. Second" : "dr. Rahmat Hasan";
    if (made.visit_id)
        assert_string_equal(made.doctor, doctor_id ? name : "");
    g_free(made.doctor);
    return made.visit_id;
}

static char *waiting_walk_in(Fixture *fixture, const char *doctor_id)
{
    char *visit_id = walk_in(fixture, doctor_id);
    assert_non_null(visit_id);
    assert_int_equal(fixture_check_in(fixture, visit_id), -1);
    clock_advance(fixture->clock, 1000);
    return visit_id;
}

static char *booked(Fixture *fixture, int hour, int minute)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, hour, minute)), -1);
    return g_strdup(fixture->visit_id);
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

static QueueCall call_next(Fixture *fixture, const Actor *actor)
{
    Next next = {.fixture = fixture};
    fixture->n_waiting++;
    queue_call_next(fixture->scheduling, actor, on_next, &next);
    fixture_wait(fixture);
    return next.call;
}

static void on_step(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    fixture_keep_error(user_data, error);
}

typedef void (*Step)(Scheduling *, const char *, const Actor *, VisitDone, gpointer);

static int step(Fixture *fixture, Step run, const char *visit_id, const Actor *actor)
{
    fixture->n_waiting++;
    run(fixture->scheduling, visit_id, actor, on_step, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int make_urgent(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    fixture->n_waiting++;
    queue_set_urgent(fixture->scheduling, visit_id, actor, "sesak napas", on_step, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void assert_calls(Fixture *fixture, const Actor *actor, const char *visit_id)
{
    QueueCall call = call_next(fixture, actor);
    assert_int_equal(fixture->error_code, -1);
    assert_string_equal(call.visit_id, visit_id);
    assert_int_equal(fixture_state(fixture, visit_id), VISIT_STATE_CALLED);
}

static void test_each_doctor_gets_another(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *named = waiting_walk_in(fixture, fixture->seed.doctors[0].id);
    g_autofree char *any = waiting_walk_in(fixture, NULL);
    g_autofree char *later = waiting_walk_in(fixture, NULL);
    assert_calls(fixture, &second, any); /* the one by name is not for this doctor */
    assert_calls(fixture, &first, named);
    QueueCall busy = call_next(fixture, &first);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_DOCTOR_BUSY);
    assert_string_equal(busy.visit_id, named);
    assert_int_equal(fixture_state(fixture, later), VISIT_STATE_CHECKED_IN);
    /* What a doctor has called is no other doctor's any more. */
    assert_int_equal(step(fixture, queue_skip, any, &first), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(step(fixture, queue_absent, any, &second), -1);
    assert_calls(fixture, &second, later);
    assert_int_equal(step(fixture, queue_absent, later, &second), -1);
    QueueCall none = call_next(fixture, &second);
    assert_int_equal(fixture->error_code, -1);
    assert_string_equal(none.visit_id, "");
}

static void test_one_of_a_pool_is_called_by_id(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *any = waiting_walk_in(fixture, NULL);
    g_autofree char *named = waiting_walk_in(fixture, fixture->seed.doctors[0].id);
    assert_int_equal(step(fixture, visit_call, named, &second), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(step(fixture, visit_call, any, &second), -1);
    assert_int_equal(step(fixture, visit_call, any, &first), SCHEDULING_ERROR_FORBIDDEN);
}

/* Whichever way they are called, a doctor's are one after the other. */
static void test_called_by_id_one_at_a_time(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *a = waiting_walk_in(fixture, NULL);
    g_autofree char *b = waiting_walk_in(fixture, NULL);
    assert_int_equal(step(fixture, visit_call, a, &first), -1);
    assert_int_equal(step(fixture, visit_call, b, &first), SCHEDULING_ERROR_DOCTOR_BUSY);
    assert_int_equal(fixture_state(fixture, b), VISIT_STATE_CHECKED_IN);
    assert_int_equal(step(fixture, visit_call, a, &first), -1);
    assert_int_equal(step(fixture, visit_call, b, &second), -1);
    assert_int_equal(step(fixture, queue_absent, a, &first), -1);
    g_autofree char *c = waiting_walk_in(fixture, NULL);
    assert_int_equal(step(fixture, visit_call, c, &first), -1);
}

typedef struct {
    Fixture *fixture;
    char *token;
} Issued;

static void on_issued(const IssuedToken *issued, const GError *error, gpointer user_data)
{
    Issued *answer = user_data;
    answer->token = issued ? g_strdup(issued->token) : NULL;
    fixture_keep_error(answer->fixture, error);
}

/* The doctor's join token; NULL on an error. */
static char *join_token(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    Issued answer = {.fixture = fixture};
    fixture->n_waiting++;
    token_issue_doctor(fixture->scheduling, visit_id, actor, on_issued, &answer);
    fixture_wait(fixture);
    return answer.token;
}

static void on_grant(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    (void)grant;
    fixture_keep_error(user_data, error);
}

/* Whose a visit of a pool is, is known by the call: not by a token, nor by a socket. */
static void test_tokens_of_a_pool(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = waiting_walk_in(fixture, NULL);
    assert_null(join_token(fixture, visit, &first));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_BAD_STATE);
    g_autofree char *participant = fixture_participant(fixture, visit, VISIT_ROLE_DOCTOR);
    const Actor socket = {.role = ACTOR_DOCTOR, .participant_id = participant};
    assert_int_equal(step(fixture, visit_call, visit, &socket), SCHEDULING_ERROR_BAD_STATE);
    assert_calls(fixture, &first, visit);
    g_autofree char *token = join_token(fixture, visit, &first);
    assert_non_null(token);
    assert_int_equal(step(fixture, queue_return, visit, &first), -1);
    assert_calls(fixture, &second, visit);
    fixture->n_waiting++;
    token_authorize(fixture->scheduling, token, on_grant, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_LINK_INVALID);
}

static void test_skipped_lets_one_go_first(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *a = waiting_walk_in(fixture, NULL);
    g_autofree char *b = waiting_walk_in(fixture, NULL);
    g_autofree char *c = waiting_walk_in(fixture, NULL);
    assert_calls(fixture, &first, a);
    assert_int_equal(step(fixture, queue_skip, a, &first), -1);
    assert_calls(fixture, &first, b);
    assert_int_equal(step(fixture, queue_return, b, &first), -1);
    assert_calls(fixture, &first, a); /* one has gone first; b is at its place again, behind a */
    assert_int_equal(step(fixture, queue_skip, a, &first), -1);
    assert_calls(fixture, &second, b);
    assert_calls(fixture, &first, a);
    assert_int_equal(step(fixture, queue_skip, c, &first), SCHEDULING_ERROR_BAD_STATE);
}

static void test_late_lets_one_go_first(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *late = booked(fixture, 10, 15);
    g_autofree char *timely = booked(fixture, 10, 30);
    clock_advance(fixture->clock, 26 * MINUTE_MS);
    assert_int_equal(fixture_check_in(fixture, timely), -1);
    assert_int_equal(fixture_check_in(fixture, late), -1);
    assert_calls(fixture, &first, timely);
    assert_int_equal(step(fixture, queue_absent, timely, &first), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(step(fixture, queue_return, timely, &first), -1);
    assert_calls(fixture, &first, late);
}

static void test_urgent_goes_first(void **state)
{
    Fixture *fixture = *state;
    Actor loket = desk(fixture);
    Actor other = {.role = ACTOR_DESK, .user_id = "user-8", .facility_id = "elsewhere"};
    g_autofree char *a = waiting_walk_in(fixture, NULL);
    g_autofree char *b = waiting_walk_in(fixture, NULL);
    assert_int_equal(make_urgent(fixture, b, &other), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(make_urgent(fixture, b, &loket), -1);
    assert_int_equal(reporter_count(fixture, "SELECT COUNT(*) FROM audit WHERE action = "
                                             "'queue.urgent' AND actor_role = 'desk' AND "
                                             "reason = 'sesak napas'"),
                     1);
    assert_int_equal(step(fixture, queue_clear_urgent, b, &second), -1);
    assert_calls(fixture, &first, a);
    assert_int_equal(step(fixture, queue_return, a, &first), -1);
    assert_int_equal(make_urgent(fixture, b, &second), -1);
    assert_calls(fixture, &first, b);
    assert_int_equal(make_urgent(fixture, b, &first), SCHEDULING_ERROR_BAD_STATE);
}

/* Said again, say by the doctor after the desk, it keeps its place before a later one. */
static void test_an_emergency_said_twice_keeps_its_place(void **state)
{
    Fixture *fixture = *state;
    Actor loket = desk(fixture);
    g_autofree char *a = waiting_walk_in(fixture, NULL);
    g_autofree char *b = waiting_walk_in(fixture, NULL);
    assert_int_equal(make_urgent(fixture, b, &loket), -1);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(make_urgent(fixture, a, &loket), -1);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(make_urgent(fixture, b, &second), -1);
    assert_calls(fixture, &first, b);
    assert_int_equal(step(fixture, queue_return, b, &first), -1);
    /* None any more, and one again: since now. */
    assert_int_equal(step(fixture, queue_clear_urgent, b, &second), -1);
    assert_int_equal(make_urgent(fixture, b, &second), -1);
    assert_calls(fixture, &first, a);
}

static void test_absent_not_before_the_time(void **state)
{
    Fixture *fixture = *state;
    Actor loket = desk(fixture);
    g_autofree char *visit = booked(fixture, 10, 15);
    assert_int_equal(step(fixture, queue_absent, visit, &loket), SCHEDULING_ERROR_BAD_STATE);
    clock_advance(fixture->clock, 15 * MINUTE_MS);
    assert_int_equal(step(fixture, queue_absent, visit, &loket), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_NO_SHOW_PATIENT);
}

static void note_presence(Fixture *fixture, const char *visit_id, RecordEventKind kind)
{
    g_autofree char *patient = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    const RecordEvent event = {.visit_id = visit_id,
                               .participant_id = patient,
                               .kind = kind,
                               .at_ms = clock_wall_ms(fixture->clock)};
    fixture->n_waiting++;
    record_event(fixture->scheduling, &event, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* Who waits with the page open is there, whatever the desk believes; who was called and does not
 * answer may be away from it. */
static void test_who_is_there_is_not_absent(void **state)
{
    Fixture *fixture = *state;
    Actor loket = desk(fixture);
    g_autofree char *a = waiting_walk_in(fixture, NULL);
    g_autofree char *b = waiting_walk_in(fixture, NULL);
    note_presence(fixture, a, RECORD_EVENT_JOINED);
    note_presence(fixture, b, RECORD_EVENT_JOINED);
    assert_int_equal(step(fixture, queue_absent, a, &loket), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_state(fixture, a), VISIT_STATE_CHECKED_IN);
    note_presence(fixture, a, RECORD_EVENT_LEFT);
    assert_int_equal(step(fixture, queue_absent, a, &loket), -1);
    assert_calls(fixture, &first, b);
    assert_int_equal(step(fixture, queue_absent, b, &loket), -1);
}

static void test_who_answered_is_not_absent(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *visit = waiting_walk_in(fixture, NULL);
    assert_calls(fixture, &first, visit);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    assert_int_equal(step(fixture, queue_absent, visit, &first), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(step(fixture, queue_return, visit, &first), -1);
    assert_calls(fixture, &first, visit);
    /* The answer to the earlier call is none to this one. */
    assert_int_equal(step(fixture, queue_absent, visit, &first), -1);
}

static void test_who_takes_down_walk_ins(void **state)
{
    Fixture *fixture = *state;
    Actor elsewhere = {
        .role = ACTOR_DESK, .user_id = "user-8", .facility_id = fixture->seed.facility_ids[1]};
    const Actor *refused[] = {&elsewhere, &first};
    const int codes[] = {SCHEDULING_ERROR_NOT_FOUND, SCHEDULING_ERROR_FORBIDDEN};
    for (unsigned i = 0; i < G_N_ELEMENTS(refused); i++) {
        Made made = {.fixture = fixture};
        fixture->n_waiting++;
        booking_create_walk_in(fixture->scheduling, fixture_request(fixture, 0), refused[i],
                               on_made, &made);
        fixture_wait(fixture);
        assert_int_equal(fixture->error_code, codes[i]);
    }
    assert_null(walk_in(fixture, "01hzzzzzzzzzzzzzzzzzzzzzz3"));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_NOT_FOUND);
}

/* A walk-in takes no slot away from those who book, nor does its time end what the hours offer. */
static void test_walk_in_holds_no_slot(void **state)
{
    Fixture *fixture = *state;
    clock_advance(fixture->clock, 14 * MINUTE_MS);
    g_autofree char *first_visit = walk_in(fixture, fixture->seed.doctors[0].id);
    g_autofree char *second_visit = walk_in(fixture, fixture->seed.doctors[0].id);
    assert_non_null(first_visit);
    assert_non_null(second_visit);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), -1);
}

/* Two doctors take over what was booked with the other at one time: a slot is its first holder's.
 */
static void test_taking_over_leaves_the_slot(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *any = waiting_walk_in(fixture, NULL);
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 10, 30));
    Made made = {.fixture = fixture};
    request->any_doctor = true;
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_made, &made);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_string_equal(made.doctor, "");
    g_free(made.doctor);
    g_autofree char *pooled = made.visit_id;
    assert_int_equal(fixture_check_in(fixture, pooled), -1);
    assert_calls(fixture, &second, any);
    assert_int_equal(step(fixture, queue_absent, any, &second), -1);
    assert_calls(fixture, &second, pooled);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), SCHEDULING_ERROR_SLOT_TAKEN);
}

typedef struct {
    Fixture *fixture;
    const char *visit_id;
    unsigned n, place;
    bool any_doctor;
} Seen;

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Seen *seen = user_data;
    seen->n = day ? day->visits->len : 0;
    for (unsigned i = 0; i < seen->n; i++) {
        const DayVisit *visit = day->visits->pdata[i];
        if (strcmp(visit->id, seen->visit_id) != 0)
            continue;
        seen->place = visit->place;
        seen->any_doctor = visit->any_doctor;
    }
    fixture_keep_error(seen->fixture, error);
}

static Seen day_of(Fixture *fixture, const Actor *actor, const char *visit_id)
{
    Seen seen = {.fixture = fixture, .visit_id = visit_id};
    fixture->n_waiting++;
    day_list(fixture->scheduling, actor, FIXTURE_TODAY, on_day, &seen);
    fixture_wait(fixture);
    return seen;
}

static void test_whose_list_it_is_on(void **state)
{
    Fixture *fixture = *state;
    Actor loket = desk(fixture);
    g_autofree char *named = waiting_walk_in(fixture, fixture->seed.doctors[0].id);
    g_autofree char *any = waiting_walk_in(fixture, NULL);
    Seen seen = day_of(fixture, &first, any);
    assert_int_equal(seen.n, 2);
    assert_int_equal(seen.place, 2);
    seen = day_of(fixture, &second, any);
    assert_int_equal(seen.n, 1);
    assert_int_equal(seen.place, 1);
    assert_true(seen.any_doctor);
    assert_int_equal(day_of(fixture, &loket, any).place, 2);
    assert_calls(fixture, &second, any);
    assert_int_equal(day_of(fixture, &first, any).n, 1);
    seen = day_of(fixture, &second, any);
    assert_int_equal(seen.n, 1);
    assert_false(seen.any_doctor);
}

static int convert(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    fixture->n_waiting++;
    visit_convert(fixture->scheduling, visit_id, actor, VISIT_WAY_PHONE, "video macet", on_step,
                  fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* Who of several doctors says so is the one who phones. */
static void test_phoned_by_who_said_so(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *a = waiting_walk_in(fixture, NULL);
    g_autofree char *b = waiting_walk_in(fixture, NULL);
    assert_int_equal(convert(fixture, a, &first), -1);
    assert_int_equal(convert(fixture, b, &second), -1);
    assert_int_equal(day_of(fixture, &first, a).n, 1);
    assert_int_equal(day_of(fixture, &second, b).n, 1);
    assert_int_equal(convert(fixture, a, &second), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(convert(fixture, b, &first), SCHEDULING_ERROR_FORBIDDEN);
}

/* Ottehr 2613: a queue is that of one local day. */
static void on_ahead(GPtrArray *views, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    for (unsigned i = 0; views && i < views->len; i++) {
        const VisitView *view = views->pdata[i];
        assert_string_equal(view->local_date, TOMORROW);
        assert_int_equal(view->ahead, i);
    }
    assert_int_equal(views ? views->len : 0, 2);
    fixture_keep_error(fixture, error);
}

/* Who waits since yesterday is called by nobody, and ahead of nobody (Ottehr 2613). */
static void test_queue_is_of_the_day(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *today = waiting_walk_in(fixture, NULL);
    clock_advance(fixture->clock, 24 * HOUR_MS);
    g_autofree char *tomorrow = waiting_walk_in(fixture, NULL);
    g_autofree char *next = waiting_walk_in(fixture, NULL);
    const VisitChange change = {
        .practitioner_id = fixture->seed.doctors[0].id,
        .clinic_id = fixture->clinic_id,
        .local_date = TOMORROW,
    };
    fixture->n_waiting++;
    visit_list_waiting(fixture->scheduling, &change, on_ahead, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_calls(fixture, &first, tomorrow);
    assert_calls(fixture, &second, next);
    assert_int_equal(step(fixture, queue_absent, tomorrow, &first), -1);
    assert_string_equal(call_next(fixture, &first).visit_id, "");
}

typedef struct {
    Fixture *fixture;
    GString *text; /* of each view: number, those ahead, the wait */
} Places;

static void on_places(GPtrArray *views, const GError *error, gpointer user_data)
{
    Places *places = user_data;
    for (unsigned i = 0; views && i < views->len; i++) {
        const VisitView *view = views->pdata[i];
        g_string_append_printf(places->text, "%s %u %u-%u; ", view->number, view->ahead,
                               view->wait_min_minutes, view->wait_max_minutes);
    }
    fixture_keep_error(places->fixture, error);
}

/* Three queues in one answer, each with its own places, and read anew for the next one. */
static void test_places_of_all_who_wait(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *called = waiting_walk_in(fixture, NULL);
    g_autofree char *other = waiting_walk_in(fixture, second_doctor);
    g_autofree char *named = waiting_walk_in(fixture, fixture->seed.doctors[0].id);
    g_autofree char *any = waiting_walk_in(fixture, NULL);
    const VisitChange change = {
        .practitioner_id = fixture->seed.doctors[0].id,
        .clinic_id = fixture->clinic_id,
        .local_date = FIXTURE_TODAY,
    };
    assert_calls(fixture, &first, called);
    Places places = {fixture, g_string_new(NULL)};
    fixture->n_waiting++;
    visit_list_waiting(fixture->scheduling, &change, on_places, &places);
    fixture_wait(fixture);
    assert_string_equal(places.text->str, "A-2 0 0-5; A-3 1 5-25; A-4 2 20-70; ");
    assert_int_equal(step(fixture, queue_absent, called, &first), -1);
    g_string_truncate(places.text, 0);
    fixture->n_waiting++;
    visit_list_waiting(fixture->scheduling, &change, on_places, &places);
    fixture_wait(fixture);
    assert_string_equal(places.text->str, "A-2 0 0-5; A-3 0 0-5; A-4 2 15-45; ");
    g_string_free(places.text, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_doctor_gets_another, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_one_of_a_pool_is_called_by_id, set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_called_by_id_one_at_a_time, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_is_there_is_not_absent, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_tokens_of_a_pool, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_skipped_lets_one_go_first, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_late_lets_one_go_first, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_urgent_goes_first, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_an_emergency_said_twice_keeps_its_place, set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_absent_not_before_the_time, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_answered_is_not_absent, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_takes_down_walk_ins, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_walk_in_holds_no_slot, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_taking_over_leaves_the_slot, set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_whose_list_it_is_on, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_phoned_by_who_said_so, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_queue_is_of_the_day, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_places_of_all_who_wait, set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
