// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tests/unit/scheduling/words.h"

/* What one answer held. */
typedef struct {
    Fixture *fixture;
    int code;
    char *token, *visit_id, *number, *faults, *warnings;
    unsigned n_nearest;
    SlotOffer nearest[BOOKING_MAX_NEAREST];
    bool repeated;
} Answer;

static void on_answer(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->code = answer->fixture->error_code;
    answer->faults = words_faults(booking->faults);
    answer->warnings = words_faults(booking->warnings);
    answer->n_nearest = booking->n_nearest;
    memcpy(answer->nearest, booking->nearest, sizeof answer->nearest);
    if (error)
        return;
    answer->token = g_strdup(booking->token);
    answer->visit_id = g_strdup(booking->visit_id);
    answer->number = g_strdup(booking->number);
    answer->repeated = booking->repeated;
}

static void answer_clear(Answer *answer)
{
    g_free(answer->token);
    g_free(answer->visit_id);
    g_free(answer->number);
    g_free(answer->faults);
    g_free(answer->warnings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static void send(Fixture *fixture, BookingRequest *request, Answer *answer)
{
    answer->fixture = fixture;
    fixture->n_waiting++;
    booking_create(fixture->scheduling, request, on_answer, answer);
}

static void set(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

static void test_books(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    send(fixture, fixture_request(fixture, fixture_time(0, 11, 0)), &answer);
    fixture_wait(fixture);
    assert_int_equal(answer.code, -1);
    assert_int_equal(strlen(answer.token), 22);
    assert_string_equal(answer.number, "A-1");
    assert_string_equal(answer.warnings, "");
    assert_int_equal(fixture->changes->len, 1);
    assert_string_equal(g_ptr_array_index(fixture->changes, 0), "booked>booked");
    assert_int_equal(fixture_state(fixture, answer.visit_id), VISIT_STATE_BOOKED);
}

static void test_race_has_one_winner(void **state)
{
    Fixture *fixture = *state;
    static Answer answers[100];
    memset(answers, 0, sizeof answers);
    for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++)
        send(fixture, fixture_request(fixture, fixture_time(0, 11, 0)), &answers[i]);
    fixture_wait(fixture);
    unsigned n_won = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++) {
        if (answers[i].code == -1)
            n_won++;
        else
            assert_int_equal(answers[i].code, SCHEDULING_ERROR_SLOT_TAKEN);
        if (answers[i].code != -1) {
            assert_int_equal(answers[i].n_nearest, 3);
            assert_int_equal(ABS(answers[i].nearest[0].starts_at_ms - fixture_time(0, 11, 0)),
                             15 * MINUTE_MS);
        }
        answer_clear(&answers[i]);
    }
    assert_int_equal(n_won, 1);
    assert_int_equal(fixture->changes->len, 1);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 15)), -1);
    assert_string_equal(fixture->number, "A-2"); /* refusals leave no gap */
}

static void test_slot_is_checked_again(void **state)
{
    Fixture *fixture = *state;
    const int64_t not_offered[] = {
        fixture_time(0, 11, 7),  /* between two slots */
        fixture_time(0, 20, 0),  /* closed */
        fixture_time(0, 9, 0),   /* past */
        fixture_time(31, 10, 0), /* beyond the horizon */
        INT64_MAX,
        1,
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(not_offered); i++)
        assert_int_equal(fixture_book(fixture, not_offered[i]), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    /* Now: less than 15 minutes ahead. */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 0)), SCHEDULING_ERROR_TOO_SOON);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(30, 10, 0)), -1);
    /* Another clinic's doctor. */
    g_auto(Answer) answer = {0};
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 11, 0));
    set(&request->practitioner_id, fixture->seed.doctors[1].id);
    send(fixture, request, &answer);
    fixture_wait(fixture);
    assert_int_equal(answer.code, SCHEDULING_ERROR_NOT_FOUND);
}

static void test_cancelled_slot_is_free_again(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    assert_string_equal(fixture->number, "A-2");
}

static void test_faults_name_fields(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    BookingRequest *request = booking_request_new();
    request->nik = g_strdup("7571023002900001");
    request->lang = g_strdup("fr");
    request->clinic_id = g_strdup("x");
    send(fixture, request, &answer);
    fixture_wait(fixture);
    assert_int_equal(answer.code, SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults,
                        "clinic:not_an_id doctor:required starts_at_ms:required name:required "
                        "birth_date:required phone:required nik:nik_date lang:not_allowed ");
    assert_int_equal(fixture->changes->len, 0);
}

static void test_nik_only_warns(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 11, 0));
    set(&request->nik, "3171025708900001");
    set(&request->birth_date, "1991-01-01");
    send(fixture, request, &answer);
    fixture_wait(fixture);
    assert_int_equal(answer.code, -1);
    assert_string_equal(answer.warnings, "nik:province_differs nik:birth_date_differs ");
}

/* The areas of this province are known, those of others are not looked for. */
static void test_area_of_nik_only_warns(void **state)
{
    Fixture *fixture = *state;
    static const struct {
        const char *nik, *warnings;
    } rows[] = {
        {"7571025708900001", ""},
        {"7571995708900001", "nik:area_unknown "},
        {"7599025708900001", "nik:area_unknown "},
        {"3171995708900001", "nik:province_differs "},
    };
    for (int i = 0; i < (int)G_N_ELEMENTS(rows); i++) {
        g_auto(Answer) answer = {0};
        BookingRequest *request = fixture_request(fixture, fixture_time(0, 11, 15 * i));
        set(&request->nik, rows[i].nik);
        set(&request->birth_date, "1990-08-17");
        send(fixture, request, &answer);
        fixture_wait(fixture);
        assert_int_equal(answer.code, -1);
        assert_string_equal(answer.warnings, rows[i].warnings);
    }
}

static void test_idempotency(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) first = {0};
    g_auto(Answer) again = {0};
    g_auto(Answer) other = {0};
    g_auto(Answer) later = {0};
    BookingRequest *requests[4];
    for (int i = 0; i < 4; i++) {
        requests[i] = fixture_request(fixture, fixture_time(0, 11, 0));
        requests[i]->idempotency_key = g_strdup("key-1");
    }
    set(&requests[2]->name, "Orang Lain");
    send(fixture, requests[0], &first);
    send(fixture, requests[1], &again); /* both wait at once */
    send(fixture, requests[2], &other);
    fixture_wait(fixture);
    assert_int_equal(first.code, -1);
    assert_int_equal(again.code, -1);
    assert_false(first.repeated);
    assert_true(again.repeated);
    assert_string_equal(first.visit_id, again.visit_id);
    assert_string_equal(first.token, again.token);
    assert_string_equal(first.number, again.number);
    assert_int_equal(other.code, SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(fixture->changes->len, 1);
    clock_advance(fixture->clock, 25 * HOUR_MS); /* the key is forgotten; so is the slot */
    send(fixture, requests[3], &later);
    fixture_wait(fixture);
    assert_int_equal(later.code, SCHEDULING_ERROR_SLOT_NOT_OFFERED);
}

typedef struct {
    Fixture *fixture;
    unsigned n;
} CountOp;

static bool count_patients_job(DbTx *tx, gpointer data, GError **error)
{
    CountOp *op = data;
    g_autofree char *index = secret_box_index(op->fixture->box, "patient.nik", "7571025708900001");
    DbQuery *rows = db_query(tx, "patient_by_nik");
    db_bind_text(rows, 1, index);
    db_bind_text(rows, 2, "1990-08-17");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        op->n++;
    return step == DB_DONE;
}

static void test_same_person_is_one_patient(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 15)), -1);
    g_auto(Answer) other = {0};
    BookingRequest *request = fixture_request(fixture, fixture_time(0, 11, 30));
    set(&request->name, "Orang Lain"); /* knows the NIK, is not taken for the person */
    send(fixture, request, &other);
    fixture_wait(fixture);
    assert_int_equal(other.code, -1);
    CountOp count = {fixture, 0};
    fixture_run(fixture, count_patients_job, &count);
    assert_int_equal(count.n, 2);
}

/* Days as they were answered: "date:n ". */
static void on_slots(const SlotsList *list, const GError *error, gpointer user_data)
{
    GPtrArray *days = list ? list->days : NULL;
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->code = answer->fixture->error_code;
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; days && i < days->len; i++) {
        const SlotDay *day = g_ptr_array_index(days, i);
        g_string_append_printf(text, "%s:%u ", day->date, day->offers->len);
    }
    answer->faults = g_string_free(text, FALSE);
}

static char *list_slots(Fixture *fixture, const SlotsQuery *query, int *ret_code)
{
    g_auto(Answer) answer = {.fixture = fixture};
    fixture->n_waiting++;
    slots_list(fixture->scheduling, query, on_slots, &answer);
    fixture_wait(fixture);
    *ret_code = answer.code;
    return g_steal_pointer(&answer.faults);
}

static void test_free_slots(void **state)
{
    Fixture *fixture = *state;
    int code;
    SlotsQuery query = {fixture->clinic_id, NULL, NULL, 2, NULL, false};
    /* 08.00 to 20.00 in quarters; from 10.15 on today. */
    g_autofree char *all = list_slots(fixture, &query, &code);
    assert_string_equal(all, "2026-11-24:39 2026-11-25:48 ");
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    g_autofree char *fewer = list_slots(fixture, &query, &code);
    assert_string_equal(fewer, "2026-11-24:38 2026-11-25:48 ");
    SlotsQuery late = {
        fixture->clinic_id, fixture->seed.doctors[0].id, "2026-12-24", 2, NULL, false};
    g_autofree char *horizon = list_slots(fixture, &late, &code);
    assert_string_equal(horizon, "2026-12-24:9 2026-12-25:0 "); /* 08.00 to 10.00 */
    SlotsQuery wrong[] = {{"01hzzzzzzzzzzzzzzzzzzzzzzz", NULL, NULL, 1, NULL, false},
                          {fixture->clinic_id, fixture->seed.doctors[1].id, NULL, 1, NULL, false},
                          {fixture->clinic_id, NULL, "2026-02-30", 1, NULL, false},
                          {fixture->clinic_id, NULL, NULL, 32, NULL, false}};
    static const int codes[] = {SCHEDULING_ERROR_NOT_FOUND, SCHEDULING_ERROR_NOT_FOUND,
                                SCHEDULING_ERROR_INVALID_FIELDS, SCHEDULING_ERROR_INVALID_FIELDS};
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *none = list_slots(fixture, &wrong[i], &code);
        assert_int_equal(code, codes[i]);
    }
}

int main(void)
{
#define BOOKING_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        BOOKING_TEST(test_books),
        BOOKING_TEST(test_race_has_one_winner),
        BOOKING_TEST(test_slot_is_checked_again),
        BOOKING_TEST(test_cancelled_slot_is_free_again),
        BOOKING_TEST(test_faults_name_fields),
        BOOKING_TEST(test_nik_only_warns),
        BOOKING_TEST(test_area_of_nik_only_warns),
        BOOKING_TEST(test_idempotency),
        BOOKING_TEST(test_same_person_is_one_patient),
        BOOKING_TEST(test_free_slots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
