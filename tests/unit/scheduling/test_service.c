// SPDX-License-Identifier: Apache-2.0
/* What is booked for a service takes as long as the service, and keeps its buffers. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/hold.h"
#include "scheduling/booking/move.h"
#include "server/base/ids.h"

/* The demo's hours are 8.00 to 20.00, in slots of a quarter of an hour; it is 10.00. */
typedef struct {
    const char *name, *mode;
    int minutes, before, after;
    bool is_archived, is_foreign;
    char id[SCHEDULING_ID_BYTES];
} Service;

typedef struct {
    Fixture *fixture;
    Service *service;
    const char *clinic_id;
} AddJob;

static bool add_job(DbTx *tx, gpointer data, GError **error)
{
    AddJob *add = data;
    Service *service = add->service;
    g_autofree char *id = id_new(clock_wall_ms(add->fixture->clock));
    g_strlcpy(service->id, id, sizeof service->id);
    DbQuery *query = db_query(tx, "service_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, service->name);
    db_bind_text(query, 3, service->mode);
    db_bind_int(query, 4, service->minutes);
    db_bind_int(query, 5, service->before);
    db_bind_int(query, 6, service->after);
    db_bind_int(query, 7, 25000);
    db_bind_int(query, 8, !service->is_archived);
    db_bind_text(query, 9, add->clinic_id);
    db_bind_int(query, 10, 0);
    return db_exec(query, error);
}

/* The clinic of another doctor. */
static void on_directory(GPtrArray *facilities, const GError *error, gpointer user_data)
{
    AddJob *add = user_data;
    assert_null(error);
    for (unsigned f = 0; f < facilities->len && !add->clinic_id; f++) {
        const DirectoryFacility *facility = facilities->pdata[f];
        for (unsigned c = 0; c < facility->clinics->len && !add->clinic_id; c++) {
            const DirectoryClinic *clinic = facility->clinics->pdata[c];
            if (!g_str_equal(clinic->id, add->fixture->clinic_id))
                add->clinic_id = g_strdup(clinic->id);
        }
    }
    fixture_keep_error(add->fixture, error);
}

static const char *add(Fixture *fixture, Service *service)
{
    AddJob job = {fixture, service, NULL};
    g_autofree char *foreign_id = NULL;
    if (service->is_foreign) {
        fixture->n_waiting++;
        directory_list(fixture->scheduling, on_directory, &job);
        fixture_wait(fixture);
        foreign_id = (char *)job.clinic_id;
    } else {
        job.clinic_id = fixture->clinic_id;
    }
    fixture_run(fixture, add_job, &job);
    return service->id;
}

typedef struct {
    Fixture *fixture;
    char visit_id[SCHEDULING_ID_BYTES];
    int64_t starts_at_ms, ends_at_ms;
    char *service, *field;
    unsigned n_nearest;
} Answer;

static void answer_clear(Answer *answer)
{
    g_free(answer->service);
    g_free(answer->field);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n_nearest = booking->n_nearest;
    if (error && booking->faults && fault_list_length(booking->faults) > 0)
        answer->field = g_strdup(fault_list_get(booking->faults, 0)->field);
    if (error)
        return;
    g_strlcpy(answer->visit_id, booking->visit_id, sizeof answer->visit_id);
    answer->starts_at_ms = booking->starts_at_ms;
    answer->ends_at_ms = booking->ends_at_ms;
    answer->service = g_strdup(booking->service);
}

static int book(Fixture *fixture, const char *service_id, int64_t starts_at_ms, Answer *answer)
{
    BookingRequest *request = fixture_request(fixture, starts_at_ms);
    request->service_id = g_strdup(service_id);
    *answer = (Answer){.fixture = fixture};
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* Books and forgets. */
static int try(Fixture *fixture, const char *service_id, int hour, int minute)
{
    g_auto(Answer) answer = {0};
    return book(fixture, service_id, fixture_time(0, hour, minute), &answer);
}

static void test_a_visit_is_as_long_as_its_service(void **state)
{
    Fixture *fixture = *state;
    Service longer = {.name = "Konseling", .mode = "video", .minutes = 40};
    Service shorter = {.name = "Hasil laboratorium", .mode = "video", .minutes = 10};
    g_auto(Answer) answer = {0};
    add(fixture, &longer);
    add(fixture, &shorter);
    assert_int_equal(book(fixture, longer.id, fixture_time(0, 14, 0), &answer), -1);
    assert_int_equal(answer.ends_at_ms, fixture_time(0, 14, 40));
    assert_string_equal(answer.service, "Konseling");
    assert_int_equal(try(fixture, NULL, 14, 15), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(try(fixture, shorter.id, 14, 30), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(try(fixture, longer.id, 13, 30), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(try(fixture, NULL, 13, 45), -1);
    assert_int_equal(try(fixture, NULL, 14, 45), -1);
    /* Not past the end of the hours, nor at an odd time. */
    assert_int_equal(try(fixture, longer.id, 19, 30), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(try(fixture, longer.id, 19, 10), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(try(fixture, longer.id, 19, 15), -1);
    g_auto(Answer) brief = {0};
    assert_int_equal(book(fixture, shorter.id, fixture_time(0, 16, 0), &brief), -1);
    assert_int_equal(brief.ends_at_ms, fixture_time(0, 16, 10));
}

static void test_buffers_of_the_service_are_kept(void **state)
{
    Fixture *fixture = *state;
    Service service = {
        .name = "Luka", .mode = "assisted", .minutes = 15, .before = 10, .after = 20};
    add(fixture, &service);
    assert_int_equal(try(fixture, service.id, 14, 0), -1);
    /* By others too, whatever they book for. */
    assert_int_equal(try(fixture, NULL, 14, 15), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(try(fixture, NULL, 14, 30), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(try(fixture, NULL, 14, 45), -1);
    assert_int_equal(try(fixture, NULL, 13, 45), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(try(fixture, NULL, 13, 30), -1);
    assert_int_equal(try(fixture, service.id, 15, 0), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(try(fixture, service.id, 15, 15), -1);
}

static void test_a_service_that_is_not_offered(void **state)
{
    Fixture *fixture = *state;
    Service services[] = {
        {.name = "Lama", .mode = "video", .minutes = 15, .is_archived = true},
        {.name = "Antar dokter", .mode = "doctor_to_doctor", .minutes = 15},
        {.name = "Lain", .mode = "video", .minutes = 15, .is_foreign = true},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(services); i++) {
        g_auto(Answer) answer = {0};
        add(fixture, &services[i]);
        assert_int_equal(book(fixture, services[i].id, fixture_time(0, 14, 0), &answer),
                         SCHEDULING_ERROR_INVALID_FIELDS);
        assert_string_equal(answer.field, "service");
    }
    g_auto(Answer) odd = {0};
    assert_int_equal(book(fixture, "x", fixture_time(0, 14, 0), &odd),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(odd.field, "service");
}

static void on_held(const Hold *hold, const GError *error, gpointer user_data)
{
    (void)hold;
    fixture_keep_error(user_data, error);
}

static void test_a_hold_keeps_all_of_it(void **state)
{
    Fixture *fixture = *state;
    Service service = {.name = "Konseling", .mode = "video", .minutes = 40, .after = 10};
    add(fixture, &service);
    const HoldRequest request = {
        .clinic_id = fixture->clinic_id,
        .practitioner_id = fixture->seed.doctors[0].id,
        .starts_at_ms = fixture_time(0, 14, 0),
        .address = "a",
        .service_id = service.id,
    };
    fixture->n_waiting++;
    hold_create(fixture->scheduling, &request, on_held, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(try(fixture, NULL, 14, 30), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(try(fixture, NULL, 14, 45), SCHEDULING_ERROR_SLOT_TAKEN); /* until 14.50 */
    assert_int_equal(try(fixture, NULL, 15, 0), -1);
}

static void test_a_moved_visit_keeps_its_service(void **state)
{
    Fixture *fixture = *state;
    Service service = {.name = "Konseling", .mode = "video", .minutes = 40};
    g_auto(Answer) first = {0};
    g_auto(Answer) moved = {.fixture = fixture};
    add(fixture, &service);
    assert_int_equal(book(fixture, service.id, fixture_time(0, 14, 0), &first), -1);
    assert_int_equal(try(fixture, NULL, 17, 30), -1);
    g_autofree char *patient = fixture_participant(fixture, first.visit_id, VISIT_ROLE_PATIENT);
    const Actor actor = {.role = ACTOR_PATIENT, .participant_id = patient};
    MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                     .starts_at_ms = fixture_time(0, 17, 0)};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, first.visit_id, &wish, &actor, on_booked, &moved);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_SLOT_TAKEN);
    wish.starts_at_ms = fixture_time(0, 16, 45);
    fixture->n_waiting++;
    booking_move(fixture->scheduling, first.visit_id, &wish, &actor, on_booked, &moved);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(moved.ends_at_ms, fixture_time(0, 17, 25));
    assert_string_equal(moved.service, "Konseling");
}

/* Everything is booked that is offered, for one service after the other: what is booked never
 * meets, and keeps what both want free between them. */
typedef struct {
    Fixture *fixture;
    int64_t starts_at_ms; /* of the first offer; 0: none */
} Offers;

static void on_slots(const SlotsList *list, const GError *error, gpointer user_data)
{
    GPtrArray *days = list ? list->days : NULL;
    Offers *offers = user_data;
    fixture_keep_error(offers->fixture, error);
    const SlotDay *day = days->pdata[0];
    offers->starts_at_ms =
        day->offers->len > 0
            ? g_array_index(day->offers, SlotOffer, day->offers->len / 3).starts_at_ms
            : 0;
}

static int64_t ask(Fixture *fixture, const char *service_id)
{
    Offers offers = {.fixture = fixture};
    const SlotsQuery query = {
        fixture->clinic_id, fixture->seed.doctors[0].id, FIXTURE_TODAY, 1, service_id, false};
    fixture->n_waiting++;
    slots_list(fixture->scheduling, &query, on_slots, &offers);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return offers.starts_at_ms;
}

typedef struct {
    int64_t from_ms, to_ms;
    const Service *service;
} Booked;

static int by_start(gconstpointer a, gconstpointer b)
{
    const Booked *left = a;
    const Booked *right = b;
    return left->from_ms < right->from_ms ? -1 : left->from_ms > right->from_ms;
}

static void test_whatever_is_offered_fits(void **state)
{
    Fixture *fixture = *state;
    Service services[] = {
        {.name = "A", .mode = "video", .minutes = 40, .before = 5, .after = 10},
        {.name = "B", .mode = "assisted", .minutes = 10, .after = 25},
        {.name = "C", .mode = "video", .minutes = 55, .before = 20},
        {.name = "D", .mode = "video", .minutes = 15},
    };
    g_autoptr(GArray) booked = g_array_new(FALSE, FALSE, sizeof(Booked));
    for (unsigned i = 0; i < G_N_ELEMENTS(services); i++)
        add(fixture, &services[i]);
    for (unsigned i = 0, n_none = 0; n_none < G_N_ELEMENTS(services); i++) {
        const Service *service = &services[i % G_N_ELEMENTS(services)];
        int64_t starts_at_ms = ask(fixture, service->id);
        n_none = starts_at_ms == 0 ? n_none + 1 : 0;
        if (starts_at_ms == 0)
            continue;
        g_auto(Answer) answer = {0};
        assert_int_equal(book(fixture, service->id, starts_at_ms, &answer), -1);
        assert_int_equal(answer.ends_at_ms - answer.starts_at_ms, service->minutes * MINUTE_MS);
        Booked one = {answer.starts_at_ms, answer.ends_at_ms, service};
        g_array_append_val(booked, one);
    }
    assert_in_range(booked->len, 12, 40);
    g_array_sort(booked, by_start);
    for (unsigned i = 1; i < booked->len; i++) {
        const Booked *left = &g_array_index(booked, Booked, i - 1);
        const Booked *right = &g_array_index(booked, Booked, i);
        int64_t gap_ms = MAX(left->service->after, right->service->before) * MINUTE_MS;
        assert_true(right->from_ms - left->to_ms >= gap_ms);
    }
    assert_true(g_array_index(booked, Booked, booked->len - 1).to_ms <= fixture_time(0, 20, 0));
}

#define SERVICE_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(test_a_visit_is_as_long_as_its_service),
        SERVICE_TEST(test_buffers_of_the_service_are_kept),
        SERVICE_TEST(test_a_service_that_is_not_offered),
        SERVICE_TEST(test_a_hold_keeps_all_of_it),
        SERVICE_TEST(test_a_moved_visit_keeps_its_service),
        SERVICE_TEST(test_whatever_is_offered_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
