// SPDX-License-Identifier: Apache-2.0
/* Places in a session with a quota: the demo clinic's second doctor, 20.00 to 22.00, twelve places
 * of ten minutes. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/day.h"
#include "scheduling/booking/queue.h"
#include "scheduling/booking/queue_step.h"
#include "scheduling/booking/walk_in.h"
#include "tests/unit/scheduling/sweeper.h"

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
    return step == DB_DONE && directory_link_user(tx, fixture->seed.doctors[1].id, "user-1", error);
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
    const char *first, *second; /* visit ids */
    GString *text;
} Order;

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
static bool order_job(DbTx *tx, gpointer data, GError **error)
{
    Order *op = data;
    const QueueKey key = {op->fixture->seed.doctors[1].id, op->fixture->clinic_id, FIXTURE_TODAY};
    g_autoptr(GArray) turns = queue_load(op->fixture->scheduling, tx, &key, error);
    assert_non_null(turns);
    for (unsigned i = 0; i < turns->len; i++) {
        const char *id = g_array_index(turns, Turn, i).id;
        g_string_append_c(op->text, g_str_equal(id, op->first)    ? '1'
                                    : g_str_equal(id, op->second) ? '2'
                                                                  : 'w');
    }
    return true;
}

static void on_walk_in(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    if (!error)
        answer->visit_id = g_strdup(booking->visit_id);
}

/* Who sits there with the second number is not overtaken by who comes without one. */
static void test_a_walk_in_overtakes_no_order_number(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) first = {0};
    g_auto(Answer) second = {0};
    g_auto(Answer) walk_in = {.fixture = fixture};
    send(fixture, NULL, &first);
    fixture_wait(fixture);
    send(fixture, NULL, &second);
    fixture_wait(fixture);
    fixture_turn_to(fixture, fixture_time(0, 19, 55));
    assert_int_equal(fixture_check_in(fixture, first.visit_id), -1);
    assert_int_equal(fixture_check_in(fixture, second.visit_id), -1);
    clock_advance(fixture->clock, 6 * MINUTE_MS);
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]};
    BookingRequest *request = fixture_request(fixture, 0);
    g_free(request->practitioner_id);
    request->practitioner_id = g_strdup(fixture->seed.doctors[1].id);
    g_free(request->name); /* somebody else */
    request->name = g_strdup("Yanti Pakaya");
    g_clear_pointer(&request->nik, secret_text_free);
    fixture->n_waiting++;
    booking_create_walk_in(fixture->scheduling, request, &desk, on_walk_in, &walk_in);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(fixture_check_in(fixture, walk_in.visit_id), -1);
    Order order = {fixture, first.visit_id, second.visit_id, g_string_new(NULL)};
    fixture_run(fixture, order_job, &order);
    assert_string_equal(order.text->str, "12w");
    g_string_free(order.text, TRUE);
}

/* The third of three, who are called in order: 20.20 by the estimate. It is 20.06 and they wait. */
static char *waiting_third(Fixture *fixture)
{
    g_auto(Answer) third = {0};
    assert_int_equal(book_place(fixture), 1);
    assert_int_equal(book_place(fixture), 2);
    send(fixture, NULL, &third);
    fixture_wait(fixture);
    assert_int_equal(third.starts_at_ms, fixture_time(0, 20, 20));
    fixture_turn_to(fixture, fixture_time(0, 20, 6));
    assert_int_equal(fixture_check_in(fixture, third.visit_id), -1);
    return g_steal_pointer(&third.visit_id);
}

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->place = (int)view->wait_max_minutes;
}

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    for (unsigned i = 0; i < day->visits->len; i++) {
        const DayVisit *visit = day->visits->pdata[i];
        if (g_str_equal(visit->id, answer->visit_id))
            answer->starts_at_ms = visit->due_from_ms;
    }
}

/* Nobody else is there, so that they are called at once. */
static void test_an_order_number_is_due_from_the_sessions_begin(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) third = {.fixture = fixture, .visit_id = waiting_third(fixture)};
    fixture->n_waiting++;
    visit_get_view(fixture->scheduling, third.visit_id, on_view, &third);
    fixture_wait(fixture);
    assert_int_equal(third.place, 5);
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]};
    fixture->n_waiting++;
    day_list(fixture->scheduling, &desk, NULL, on_day, &third);
    fixture_wait(fixture);
    assert_int_equal(third.starts_at_ms, fixture_time(0, 20, 0));
    fixture->n_waiting++;
    queue_absent(fixture->scheduling, third.visit_id, &desk, fixture_on_step, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(fixture_state(fixture, third.visit_id), VISIT_STATE_NO_SHOW_PATIENT);
}

/* Called twice after the session has begun: given up 15 min after its begin, as others are. */
static void test_an_order_number_that_does_not_answer_is_given_up(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) third = {.fixture = fixture, .visit_id = waiting_third(fixture)};
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-1"};
    for (unsigned i = 0; i < 2; i++) {
        fixture->n_waiting++;
        visit_call(fixture->scheduling, third.visit_id, &doctor, fixture_on_step, fixture);
        fixture_wait(fixture);
        assert_int_equal(fixture->error_code, -1);
    }
    for (unsigned i = 0; i < 2; i++) {
        fixture_turn_to(fixture, fixture_time(0, 20, 15) + i);
        assert_int_equal(sweeper_no_show(fixture), i);
    }
    assert_int_equal(fixture_state(fixture, third.visit_id), VISIT_STATE_NO_SHOW_PATIENT);
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
        SESSION_TEST(test_a_walk_in_overtakes_no_order_number),
        SESSION_TEST(test_an_order_number_is_due_from_the_sessions_begin),
        SESSION_TEST(test_an_order_number_that_does_not_answer_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
