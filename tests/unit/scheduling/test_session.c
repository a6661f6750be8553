// SPDX-License-Identifier: Apache-2.0
/* Places in a session with a quota: the demo clinic's second doctor, 20.00 to 22.00, twelve places
 * of ten minutes. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { QUOTA = 12 };

typedef struct {
    Fixture *fixture;
    int code, place;
    char *visit_id;
    int64_t starts_at_ms;
    unsigned n_nearest;
    SlotOffer nearest;
} Answer;

static void on_answer(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->code = answer->fixture->error_code;
    answer->n_nearest = booking->n_nearest;
    answer->nearest = booking->nearest[0];
    if (error)
        return;
    answer->place = booking->place;
    answer->visit_id = g_strdup(booking->visit_id);
    answer->starts_at_ms = booking->starts_at_ms;
    assert_int_equal(booking->session_starts_at_ms, fixture_time(0, 20, 0));
    assert_int_equal(booking->session_ends_at_ms, fixture_time(0, 22, 0));
}

static void answer_clear(Answer *answer)
{
    g_free(answer->visit_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

/* The second doctor's clinic instead of the first one's. */
static bool clinic_job(DbTx *tx, gpointer data, GError **error)
{
    Fixture *fixture = data;
    DbQuery *rows = db_query(tx, "demo_doctors");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (g_str_equal(db_column_text(rows, 0), fixture->seed.doctors[1].id))
            scheduling_copy_column(rows, 3, fixture->clinic_id, sizeof fixture->clinic_id);
    }
    return step == DB_DONE;
}

static int set_up(void **state)
{
    int failed = fixture_set_up(state);
    if (failed)
        return failed;
    fixture_run(*state, clinic_job, *state);
    return 0;
}

static void send(Fixture *fixture, const char *key, Answer *answer)
{
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 20, 0));
    g_free(request->practitioner_id);
    request->practitioner_id = g_strdup(fixture->seed.doctors[1].id);
    request->idempotency_key = g_strdup(key);
    answer->fixture = fixture;
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_answer, answer);
}

static int book_place(Fixture *fixture)
{
    g_auto(Answer) answer = {0};
    send(fixture, NULL, &answer);
    fixture_wait(fixture);
    return answer.code == -1 ? answer.place : 0;
}

typedef struct {
    Fixture *fixture;
    SlotOffer session;
} OfferOp;

static void on_offers(const SlotsList *list, const GError *error, gpointer user_data)
{
    GPtrArray *days = list ? list->days : NULL;
    OfferOp *op = user_data;
    fixture_keep_error(op->fixture, error);
    const SlotDay *day = g_ptr_array_index(days, 0);
    for (unsigned i = 0; i < day->offers->len; i++) {
        const SlotOffer *offer = &g_array_index(day->offers, SlotOffer, i);
        if (offer->quota > 0)
            op->session = *offer;
    }
}

static SlotOffer offered(Fixture *fixture)
{
    OfferOp op = {.fixture = fixture};
    SlotsQuery query = {fixture->clinic_id, NULL, NULL, 1, NULL, false};
    fixture->n_waiting++;
    slots_list(fixture->scheduling, &query, on_offers, &op);
    fixture_wait(fixture);
    return op.session;
}

static void test_places_in_order_until_full(void **state)
{
    Fixture *fixture = *state;
    SlotOffer before = offered(fixture);
    assert_int_equal(before.starts_at_ms, fixture_time(0, 20, 0));
    assert_int_equal(before.ends_at_ms, fixture_time(0, 22, 0));
    assert_int_equal(before.quota, QUOTA);
    assert_int_equal(before.n_left, QUOTA);
    for (int place = 1; place <= QUOTA; place++)
        assert_int_equal(book_place(fixture), place);
    assert_int_equal(offered(fixture).quota, 0);
    g_auto(Answer) late = {0};
    send(fixture, NULL, &late);
    fixture_wait(fixture);
    assert_int_equal(late.code, SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(late.n_nearest, BOOKING_MAX_NEAREST);
    assert_int_equal(late.nearest.starts_at_ms, fixture_time(0, 19, 45));
}

static void test_last_place_has_one_winner(void **state)
{
    Fixture *fixture = *state;
    static Answer answers[100];
    for (int place = 1; place < QUOTA; place++)
        assert_int_equal(book_place(fixture), place);
    unsigned n_won = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++)
        send(fixture, NULL, &answers[i]);
    fixture_wait(fixture);
    for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++) {
        if (answers[i].code == -1)
            n_won++;
        else
            assert_int_equal(answers[i].code, SCHEDULING_ERROR_SLOT_TAKEN);
        answer_clear(&answers[i]);
    }
    assert_int_equal(n_won, 1);
}

static void test_cancelled_place_is_given_again(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) second = {0};
    assert_int_equal(book_place(fixture), 1);
    send(fixture, NULL, &second);
    fixture_wait(fixture);
    assert_int_equal(second.place, 2);
    assert_int_equal(second.starts_at_ms, fixture_time(0, 20, 10));
    assert_int_equal(book_place(fixture), 3);
    assert_int_equal(fixture_cancel(fixture, second.visit_id, ACTOR_PATIENT), -1);
    SlotOffer session = offered(fixture);
    assert_int_equal(session.n_left, QUOTA - 2);
    assert_int_equal(session.turn_at_ms, fixture_time(0, 20, 10));
    assert_int_equal(book_place(fixture), 2);
    assert_int_equal(book_place(fixture), 4);
}

static void test_session_that_has_begun_has_its_later_places(void **state)
{
    Fixture *fixture = *state;
    clock_advance(fixture->clock, fixture_time(0, 21, 0) - fixture_time(0, 10, 0));
    SlotOffer session = offered(fixture);
    assert_int_equal(session.n_left, 4); /* from 21.15 on: 21.20 to 21.50 */
    assert_int_equal(book_place(fixture), 9);
    clock_advance(fixture->clock, HOUR_MS);
    assert_int_equal(offered(fixture).quota, 0);
    assert_int_equal(book_place(fixture), 0);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_SLOT_NOT_OFFERED);
}

static void test_repeated_request_keeps_its_place(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) first = {0};
    g_auto(Answer) again = {0};
    send(fixture, "one-key", &first);
    send(fixture, "one-key", &again);
    fixture_wait(fixture);
    assert_int_equal(first.place, 1);
    assert_int_equal(again.place, 1);
    assert_string_equal(first.visit_id, again.visit_id);
    assert_int_equal(book_place(fixture), 2);
}

int main(void)
{
#define SESSION_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        SESSION_TEST(test_places_in_order_until_full),
        SESSION_TEST(test_last_place_has_one_winner),
        SESSION_TEST(test_cancelled_place_is_given_again),
        SESSION_TEST(test_session_that_has_begun_has_its_later_places),
        SESSION_TEST(test_repeated_request_keeps_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
