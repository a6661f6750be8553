// SPDX-License-Identifier: Apache-2.0
/* Bookings at an officer's counter: whose they are, for how long, and what stays of the link. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/counter.h"

typedef struct {
    Fixture *fixture;
    char *visit_id, *token;
    unsigned n_listed;
    bool is_booked; /* the first of the list */
    char *patient, *link;
} Answer;

static void answer_clear(Answer *answer)
{
    char *texts[] = {answer->visit_id, answer->token, answer->patient, answer->link};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    *answer = (Answer){.fixture = answer->fixture};
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static const Actor officer = {.role = ACTOR_OFFICER, .user_id = "officer-1"};
static const Actor other = {.role = ACTOR_OFFICER, .user_id = "officer-2"};

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (error)
        return;
    answer->visit_id = g_strdup(booking->visit_id);
    answer->token = g_strdup(booking->token);
}

static int book(Fixture *fixture, int days, int hour, const Actor *actor, Answer *answer)
{
    answer->fixture = fixture;
    fixture->n_waiting++;
    booking_create_at_counter(fixture->scheduling,
                              fixture_request(fixture, fixture_time(days, hour, 0)), actor,
                              on_booked, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_list(GPtrArray *bookings, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n_listed = bookings ? bookings->len : 0;
    if (answer->n_listed > 0)
        answer->is_booked = ((const CounterBooking *)bookings->pdata[0])->is_booked;
}

static unsigned list(Fixture *fixture, const Actor *actor, Answer *answer)
{
    fixture->n_waiting++;
    counter_list(fixture->scheduling, actor, on_list, answer);
    fixture_wait(fixture);
    return answer->n_listed;
}

static void on_ticket(const CounterTicket *ticket, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_clear_pointer(&answer->patient, g_free);
    g_clear_pointer(&answer->link, g_free);
    if (error)
        return;
    answer->patient = g_strdup(ticket->patient);
    answer->link = g_strdup(ticket->booking.token);
}

static int ticket(Fixture *fixture, const char *visit_id, const Actor *actor, Answer *answer)
{
    fixture->n_waiting++;
    counter_ticket(fixture->scheduling, visit_id, actor, on_ticket, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void a_ticket_is_its_officer_s_and_of_its_day(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    assert_int_equal(book(fixture, 0, 13, &officer, &answer), -1);
    g_autofree char *visit = g_strdup(answer.visit_id);
    assert_int_equal(list(fixture, &officer, &answer), 1);
    assert_true(answer.is_booked);
    assert_int_equal(ticket(fixture, visit, &officer, &answer), -1);
    assert_string_equal(answer.link, answer.token);
    assert_string_equal(answer.patient, "Siti Aminah");
    assert_int_equal(list(fixture, &other, &answer), 0);
    assert_int_equal(ticket(fixture, visit, &other, &answer), SCHEDULING_ERROR_NOT_FOUND);
    /* What nobody booked at a counter is nobody's here. */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 14, 0)), -1);
    assert_int_equal(ticket(fixture, fixture->visit_id, &officer, &answer),
                     SCHEDULING_ERROR_NOT_FOUND);
    clock_advance(fixture->clock, 24 * HOUR_MS);
    assert_int_equal(list(fixture, &officer, &answer), 0);
    assert_int_equal(ticket(fixture, visit, &officer, &answer), SCHEDULING_ERROR_NOT_FOUND);
}

static void who_is_no_officer_books_nothing_here(void **state)
{
    Fixture *fixture = *state;
    const Actor others[] = {
        {.role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]},
        {.role = ACTOR_ADMIN, .user_id = "a"},
        {.role = ACTOR_OFFICER},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        g_auto(Answer) answer = {.fixture = fixture};
        assert_int_equal(book(fixture, 0, 13, &others[i], &answer), SCHEDULING_ERROR_FORBIDDEN);
        list(fixture, &others[i], &answer);
        assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    }
    /* The slot of what was refused is free. */
    g_auto(Answer) answer = {.fixture = fixture};
    assert_int_equal(book(fixture, 0, 13, &officer, &answer), -1);
}

static bool count_links(DbTx *tx, gpointer data, GError **error)
{
    (void)error;
    DbQuery *query = db_query(tx, "counter_get");
    const char *const *names = data;
    for (int i = 0; i < 3; i++)
        db_bind_text(query, i + 1, names[i]);
    assert_int_equal(db_step(query, error), DB_ROW);
    assert_null(db_column_text(query, 0));
    db_reset(query);
    return true;
}

static void links_are_forgotten_with_the_next_day_s_first_booking(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    g_auto(Answer) next = {.fixture = fixture};
    assert_int_equal(book(fixture, 2, 13, &officer, &answer), -1);
    clock_advance(fixture->clock, 24 * HOUR_MS);
    assert_int_equal(book(fixture, 2, 14, &other, &next), -1);
    const char *names[] = {answer.visit_id, officer.user_id, FIXTURE_TODAY};
    fixture_run(fixture, count_links, names);
    assert_int_equal(ticket(fixture, next.visit_id, &other, &next), -1);
    assert_non_null(next.link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
        TEST(a_ticket_is_its_officer_s_and_of_its_day),
        TEST(who_is_no_officer_books_nothing_here),
        TEST(links_are_forgotten_with_the_next_day_s_first_booking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
