// SPDX-License-Identifier: Apache-2.0
/* The wait list: how much of it one may have, how often somebody is told, and what else holds a
 * place or a person back. */
#include "tests/unit/scheduling/waiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/hold.h"
#include "scheduling/incident/incident.h"
#include "server/base/ids.h"

enum { KEPT = 8, FROM_ADDRESS = 20, OFFERS_A_DAY = 5 };

typedef struct {
    Fixture *fixture;
    char id[SCHEDULING_ID_BYTES];
} Service;

/* Half an hour long: two of the slots. */
static bool service_job(DbTx *tx, gpointer data, GError **error)
{
    Service *service = data;
    g_autofree char *id = id_new(clock_wall_ms(service->fixture->clock));
    g_strlcpy(service->id, id, sizeof service->id);
    DbQuery *query = db_query(tx, "service_insert");
    db_bind_text(query, 1, id);
    db_bind_text(query, 2, "Konseling");
    db_bind_text(query, 3, "video");
    db_bind_int(query, 4, 30);
    db_bind_int(query, 5, 0);
    db_bind_int(query, 6, 0);
    db_bind_int(query, 7, 25000);
    db_bind_int(query, 8, 1);
    db_bind_text(query, 9, service->fixture->clinic_id);
    db_bind_int(query, 10, 0);
    return db_exec(query, error);
}

static void on_held(const Hold *hold, const GError *error, gpointer user_data)
{
    (void)hold;
    fixture_keep_error(user_data, error);
}

static void hold_with_service(Fixture *fixture, int64_t starts_at_ms)
{
    Service service = {.fixture = fixture};
    fixture_run(fixture, service_job, &service);
    const HoldRequest hold = {
        fixture->clinic_id, fixture->seed.doctors[0].id, starts_at_ms, "a", NULL, service.id, NULL};
    fixture->n_waiting++;
    hold_create(fixture->scheduling, &hold, on_held, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* The form is for half an hour from 9.00 on, what was offered begins at 9.15. */
static void test_overlapping_form_is_not_the_end(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    unsigned n_ended = 0;
    fixture_run(fixture, waiter_all_at_once_job, fixture);
    waiter_open_slots(fixture, 2);
    assert_int_equal(fixture_book(fixture, waiter_nine()), -1);
    waiter_join(fixture, &one, "Budi", "081234567892");
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&one, true);
    assert_int_equal(one.turn_at_ms, waiter_nine() + 15 * MINUTE_MS);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    hold_with_service(fixture, waiter_nine());
    assert_int_equal(waiter_accept(&one, one.offer), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(waiter_sweep(fixture, &n_ended), 0);
    assert_int_equal(n_ended, 0);
    waiter_assert_offered(&one, true);
    clock_advance(fixture->clock, 5 * MINUTE_MS);
    assert_int_equal(waiter_accept(&one, one.offer), -1);
}

static unsigned n_lines(const char *text, const char *begin)
{
    unsigned n = 0;
    for (const char *at = text; (at = strstr(at, begin)); at++)
        n++;
    return n;
}

/* Somebody books and cancels, again and again: each time it is free and gone again. */
static void test_so_many_offers_a_day(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    fixture_run(fixture, waiter_all_at_once_job, fixture);
    waiter_open_slots(fixture, 1);
    waiter_join(fixture, &one, "Budi", "081234567892");
    GString *told = g_string_new(NULL);
    for (int i = 0; i < OFFERS_A_DAY + 3; i++) {
        assert_int_equal(waiter_sweep(fixture, NULL), i < OFFERS_A_DAY ? 1 : 0);
        g_autofree char *open = waiter_messages(fixture);
        assert_int_equal(fixture_book(fixture, waiter_nine()), -1);
        assert_int_equal(waiter_sweep(fixture, NULL), 0);
        g_autofree char *gone = waiter_messages(fixture);
        assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
        g_string_append(told, open);
        g_string_append(told, gone);
        clock_advance(fixture->clock, MINUTE_MS);
    }
    assert_int_equal(n_lines(told->str, "wait_open: "), OFFERS_A_DAY);
    assert_int_equal(n_lines(told->str, "wait_gone: "), OFFERS_A_DAY);
    g_string_free(told, TRUE);
    /* The first one was made eight minutes ago. */
    clock_advance(fixture->clock, 24 * HOUR_MS - 8 * MINUTE_MS - 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    clock_advance(fixture->clock, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
}

/* Whom no more is offered today holds up nobody. */
static void test_who_refused_often_is_passed_over(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) first = {0};
    g_auto(Waiter) second = {0};
    waiter_join(fixture, &first, "Ani", "081234567891");
    clock_advance(fixture->clock, 1);
    waiter_open_slots(fixture, OFFERS_A_DAY + 1);
    for (int i = 0; i < OFFERS_A_DAY; i++) {
        assert_int_equal(waiter_sweep(fixture, NULL), 1);
        waiter_assert_offered(&first, true);
        assert_int_equal(waiter_decline(&first), -1);
    }
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    waiter_join(fixture, &second, "Budi", "081234567892");
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&first, false);
    assert_int_equal(first.state, WAIT_STATE_WAITING);
    waiter_assert_offered(&second, true);
}

static void let_pass(Fixture *fixture, Waiter *waiter)
{
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(waiter, true);
    clock_advance(fixture->clock, 15 * MINUTE_MS);
}

/* Who says no has read it: only what is not answered at all, one after the other, ends the wait. */
static void test_a_refusal_is_an_answer(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    waiter_join(fixture, &one, "Ani", "081234567891");
    waiter_open_slots(fixture, 8);
    let_pass(fixture, &one);
    let_pass(fixture, &one);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&one, true);
    assert_int_equal(waiter_decline(&one), -1);
    let_pass(fixture, &one);
    let_pass(fixture, &one);
    assert_int_equal(waiter_sweep(fixture, NULL), 0); /* the fifth of the day has passed */
    assert_int_equal(waiter_look(&one), -1);
    assert_int_equal(one.state, WAIT_STATE_WAITING);
    clock_advance(fixture->clock, 24 * HOUR_MS);
    let_pass(fixture, &one);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    assert_int_equal(waiter_look(&one), -1);
    assert_int_equal(one.state, WAIT_STATE_LAPSED);
}

/* Eight of a clinic's places are kept, the ninth is for who books. */
static void test_so_many_places_are_kept(void **state)
{
    Fixture *fixture = *state;
    enum { N = KEPT + 2 };
    g_autofree Waiter *waiters = g_new0(Waiter, N);
    waiter_open_slots(fixture, N);
    for (unsigned i = 0; i < N; i++) {
        g_autofree char *phone = g_strdup_printf("0812345678%02u", i);
        waiter_join(fixture, &waiters[i], "Ani", phone);
        clock_advance(fixture->clock, 1);
    }
    assert_int_equal(waiter_sweep(fixture, NULL), KEPT);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    waiter_assert_offered(&waiters[KEPT - 1], true);
    waiter_assert_offered(&waiters[KEPT], false);
    assert_int_equal(fixture_book(fixture, waiter_nine() + (KEPT - 1) * 15 * MINUTE_MS),
                     SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(fixture_book(fixture, waiter_nine() + KEPT * 15 * MINUTE_MS), -1);
    /* One leaves, and one more is kept. */
    assert_int_equal(waiter_leave(&waiters[0]), -1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&waiters[KEPT], true);
    waiter_assert_offered(&waiters[KEPT + 1], false);
    for (unsigned i = 0; i < N; i++)
        waiter_clear(&waiters[i]);
}

/* An acceptance whose answer was lost is answered again for a quarter of an hour, no more. */
static void test_repeated_for_a_quarter_of_an_hour(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    waiter_join(fixture, &one, "Ani", "081234567891");
    waiter_open_slots(fixture, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&one, true);
    assert_int_equal(waiter_accept(&one, one.offer), -1);
    g_autofree char *visit_id = g_strdup(one.visit_id);
    clock_advance(fixture->clock, 15 * MINUTE_MS);
    assert_int_equal(waiter_accept(&one, one.offer), -1);
    assert_string_equal(one.visit_id, visit_id);
    clock_advance(fixture->clock, 1);
    assert_int_equal(waiter_accept(&one, one.offer), SCHEDULING_ERROR_OFFER_OVER);
}

static int join_from(Fixture *fixture, unsigned n, const char *address, ActorRole role)
{
    g_auto(Waiter) one = {0};
    g_autofree char *phone = g_strdup_printf("0812345678%02u", n);
    const Actor actor = {.role = role,
                         .user_id = role == ACTOR_DESK ? "user-9" : NULL,
                         .facility_id = role == ACTOR_DESK ? fixture->seed.facility_ids[0] : NULL,
                         .address = address};
    return waiter_join_as(fixture, &one, waiter_person(fixture, "Ani", phone), &actor);
}

static void test_so_many_an_address(void **state)
{
    Fixture *fixture = *state;
    unsigned n = 0;
    while (n < FROM_ADDRESS)
        assert_int_equal(join_from(fixture, n++, "192.0.2.7", ACTOR_PATIENT), -1);
    assert_int_equal(join_from(fixture, n, "192.0.2.7", ACTOR_PATIENT), SCHEDULING_ERROR_LIST_FULL);
    assert_int_equal(join_from(fixture, n++, "192.0.2.8", ACTOR_PATIENT), -1);
    assert_int_equal(join_from(fixture, n++, "192.0.2.7", ACTOR_DESK), -1);
    clock_advance(fixture->clock, 24 * HOUR_MS - 1);
    assert_int_equal(join_from(fixture, n, "192.0.2.7", ACTOR_PATIENT), SCHEDULING_ERROR_LIST_FULL);
    clock_advance(fixture->clock, 1);
    assert_int_equal(join_from(fixture, n, "192.0.2.7", ACTOR_PATIENT), -1);
}

static void on_reported(const IncidentReported *reported, const GError *error, gpointer user_data)
{
    (void)reported;
    fixture_keep_error(user_data, error);
}

static void block_the_booked(Fixture *fixture)
{
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    const IncidentReport what = {.key = "0123456789abcdef",
                                 .kind = INCIDENT_KIND_ABUSE,
                                 .text = "Memaki dokter berulang kali.",
                                 .block_days = 30};
    fixture->n_waiting++;
    incident_report(fixture->scheduling, fixture->visit_id, &what, &doctor, on_reported, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* Whom the facility has blocked waits like everybody, and what was taken is asked about. */
static void test_a_block_asks_here_too(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) blocked = {0};
    g_auto(Waiter) other = {0};
    waiter_open_slots(fixture, 3);
    assert_int_equal(fixture_book(fixture, waiter_nine()), -1); /* of 0812 3456 7890 */
    block_the_booked(fixture);
    waiter_join(fixture, &blocked, "Siti Aminah", "0812 3456 7890");
    clock_advance(fixture->clock, 1);
    waiter_join(fixture, &other, "Budi", "081234567892");
    assert_int_equal(waiter_sweep(fixture, NULL), 2);
    waiter_assert_offered(&blocked, true);
    waiter_assert_offered(&other, true);
    assert_int_equal(waiter_accept(&blocked, blocked.offer), -1);
    assert_int_equal(waiter_accept(&other, other.offer), -1);
    assert_int_equal(fixture_state(fixture, blocked.visit_id), VISIT_STATE_REQUESTED);
    assert_int_equal(fixture_state(fixture, other.visit_id), VISIT_STATE_BOOKED);
    assert_int_equal(waiter_look(&blocked), -1);
    assert_int_equal(blocked.state, WAIT_STATE_BOOKED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WAITERS(test_overlapping_form_is_not_the_end),
        WITH_WAITERS(test_so_many_offers_a_day),
        WITH_WAITERS(test_who_refused_often_is_passed_over),
        WITH_WAITERS(test_a_refusal_is_an_answer),
        WITH_WAITERS(test_so_many_places_are_kept),
        WITH_WAITERS(test_repeated_for_a_quarter_of_an_hour),
        WITH_WAITERS(test_so_many_an_address),
        WITH_WAITERS(test_a_block_asks_here_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
