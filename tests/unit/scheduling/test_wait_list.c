// SPDX-License-Identifier: Apache-2.0
/* The wait list: who may be on it, how an entry ends, what is told. */
#include "tests/unit/scheduling/waiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/record/consent.h"

static void test_unanswered_and_old(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    waiter_join(fixture, &one, "Ani", "081234567891");
    waiter_open_slots(fixture, 4);
    for (int i = 0; i < WAIT_MAX_UNANSWERED; i++) {
        assert_int_equal(waiter_sweep(fixture, NULL), 1);
        assert_int_equal(waiter_look(&one), -1);
        assert_int_equal(one.state, WAIT_STATE_WAITING);
        clock_advance(fixture->clock, 15 * MINUTE_MS);
    }
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    assert_int_equal(waiter_look(&one), -1);
    assert_int_equal(one.state, WAIT_STATE_LAPSED);
    g_autofree char *told = waiter_messages(fixture);
    assert_non_null(strstr(told, "wait_ended: Daftar tunggu "));
    clock_advance(fixture->clock, 30 * 24 * HOUR_MS);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    assert_int_equal(waiter_look(&one), -1);
    clock_advance(fixture->clock, 1);
    unsigned n_ended = 0;
    (void)waiter_sweep(fixture, &n_ended);
    assert_true(n_ended > 0);
    assert_int_equal(waiter_look(&one), SCHEDULING_ERROR_LINK_INVALID);
}

static bool replace_text_job(DbTx *tx, gpointer data, GError **error)
{
    Fixture *fixture = data;
    DbQuery *query = db_query(tx, "consent_text_insert");
    db_bind_text(query, 1, "Dua");
    db_bind_text(query, 2, "Two");
    db_bind_int(query, 3, clock_wall_ms(fixture->clock));
    db_bind_text(query, 4, NULL);
    db_bind_text(query, 5, "");
    return db_exec(query, error);
}

static void on_state(const ConsentState *consent, const GError *error, gpointer user_data)
{
    Waiter *waiter = user_data;
    fixture_keep_error(waiter->fixture, error);
    g_autofree char *text =
        g_strdup_printf("%s given:%d outdated:%d", consent->how ? consent->how : "-",
                        consent->is_given, consent->is_outdated);
    waiter_keep_text(&waiter->faults, text);
}

/* Agreed on the day on which the entry was made; by the acceptance the text is another one. */
static void test_agreed_before_the_text_was_replaced(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    BookingRequest *who = waiter_person(fixture, "Ani", "081234567891");
    who->consent = 9;
    assert_int_equal(waiter_join_with(fixture, &one, who, SUNDAY, SUNDAY),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(one.faults, "consent:outdated ");
    who = waiter_person(fixture, "Ani", "081234567891");
    who->consent = 1;
    assert_int_equal(waiter_join_with(fixture, &one, who, SUNDAY, SUNDAY), -1);
    clock_advance(fixture->clock, HOUR_MS);
    fixture_run(fixture, replace_text_job, fixture);
    clock_advance(fixture->clock, HOUR_MS);
    waiter_open_slots(fixture, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    waiter_assert_offered(&one, true);
    assert_int_equal(waiter_accept(&one, one.offer), -1);
    /* It is written down as it was said, and the person is asked again. */
    fixture->n_waiting++;
    consent_get_state(fixture->scheduling, one.visit_id, on_state, &one);
    fixture_wait(fixture);
    assert_string_equal(one.faults, "accepted given:0 outdated:1");
}

static void test_its_last_day(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    waiter_join(fixture, &one, "Ani", "081234567891");
    clock_advance(fixture->clock, fixture_time(SUNDAY_DAYS + 1, 0, 0) - fixture_time(0, 10, 0) - 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    assert_int_equal(waiter_look(&one), -1);
    assert_int_equal(one.state, WAIT_STATE_WAITING);
    clock_advance(fixture->clock, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 0);
    assert_int_equal(waiter_look(&one), -1);
    assert_int_equal(one.state, WAIT_STATE_LAPSED);
    g_autofree char *at_night = waiter_messages(fixture);
    assert_string_equal(at_night, "");
    clock_advance(fixture->clock, 6 * HOUR_MS);
    g_autofree char *told = waiter_messages(fixture);
    assert_non_null(strstr(told, "wait_ended: "));
}

static void test_once_and_limits(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    const char *phone = "081234567891";
    BookingRequest *who = waiter_person(fixture, "Ani", phone);
    who->idempotency_key = g_strdup("key-1");
    assert_int_equal(waiter_join_with(fixture, &one, who, NULL, NULL), -1);
    g_autofree char *id = g_strdup(one.id);
    who = waiter_person(fixture, "Ani", phone);
    who->idempotency_key = g_strdup("key-1");
    assert_int_equal(waiter_join_with(fixture, &one, who, NULL, NULL), -1);
    assert_string_equal(one.id, id);
    assert_int_equal(waiter_look(&one), -1);
    who = waiter_person(fixture, "Budi", phone);
    who->idempotency_key = g_strdup("key-1");
    assert_int_equal(waiter_join_with(fixture, &one, who, NULL, NULL),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(waiter_join_with(fixture, &one,
                                      waiter_person(fixture, "ANI", "+62 812-3456-7891"), NULL,
                                      NULL),
                     SCHEDULING_ERROR_ALREADY_WAITING);
    for (char i = 'B'; i < 'B' + WAIT_MAX_PER_PHONE - 1; i++) {
        const char name[] = {i, '\0'};
        g_auto(Waiter) more = {0};
        assert_int_equal(
            waiter_join_with(fixture, &more, waiter_person(fixture, name, phone), NULL, NULL), -1);
    }
    assert_int_equal(
        waiter_join_with(fixture, &one, waiter_person(fixture, "Zul", phone), NULL, NULL),
        SCHEDULING_ERROR_LIST_FULL);
}

static int ask_again(Fixture *fixture, Waiter *waiter, const char *from, const char *until,
                     const char *doctor)
{
    BookingRequest *who = waiter_person(fixture, "Ani", "081234567891");
    who->idempotency_key = g_strdup("key-1");
    g_free(who->practitioner_id);
    who->practitioner_id = g_strdup(doctor);
    return waiter_join_with(fixture, waiter, who, from, until);
}

/* One key is one request: other days are another one, and not answered as if they were noted. */
static void test_a_key_is_of_its_days(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    const char *doctor = fixture->seed.doctors[0].id;
    const int mismatch = SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH;
    assert_int_equal(ask_again(fixture, &one, NULL, SUNDAY, doctor), -1);
    g_autofree char *id = g_strdup(one.id);
    assert_int_equal(ask_again(fixture, &one, NULL, "2026-11-30", doctor), mismatch);
    assert_int_equal(ask_again(fixture, &one, NULL, NULL, doctor), mismatch);
    assert_int_equal(ask_again(fixture, &one, "2026-11-25", SUNDAY, doctor), mismatch);
    assert_int_equal(ask_again(fixture, &one, NULL, SUNDAY, NULL), mismatch);
    /* Who did not say from when sends the same again on the next day. */
    clock_advance(fixture->clock, 20 * HOUR_MS);
    assert_int_equal(ask_again(fixture, &one, NULL, SUNDAY, doctor), -1);
    assert_string_equal(one.id, id);
    assert_int_equal(ask_again(fixture, &one, "2026-11-25", SUNDAY, doctor), mismatch);
}

static void test_faults(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    BookingRequest *who = waiter_person(fixture, "", "0435 881234");
    assert_int_equal(waiter_join_with(fixture, &one, who, "2026-11-23", "2027-03-01"),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(one.faults, "name:required phone:not_mobile from:in_past until:too_late ");
    who = waiter_person(fixture, "Ani", "081234567891");
    assert_int_equal(waiter_join_with(fixture, &one, who, SUNDAY, "2026-11-28"),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(one.faults, "until:too_early ");
    who = waiter_person(fixture, "Ani", "081234567891");
    g_free(who->practitioner_id);
    who->practitioner_id = g_strdup(fixture->seed.doctors[1].id);
    assert_int_equal(waiter_join_with(fixture, &one, who, NULL, NULL),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(one.faults, "doctor:not_found ");
}

static void test_messages(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    waiter_join(fixture, &one, "Ani", "081234567891");
    g_autofree char *listed = waiter_messages(fixture);
    assert_true(g_str_has_prefix(listed, "wait_listed: Daftar tunggu "));
    waiter_open_slots(fixture, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    g_autofree char *offered = waiter_messages(fixture);
    static const char offer[] = "wait_offer: Ada tempat Min 29/11 09.00 WITA, disimpan untuk Anda "
                                "sampai 10.15 WITA. Jawab: https://localhost/tunggu/";
    assert_true(g_str_has_prefix(offered, offer));
    waiter_keep_text(&one.token, g_strchomp(offered + strlen(offer)));
    waiter_assert_offered(&one, true);
    g_autofree char *again = waiter_messages(fixture);
    assert_string_equal(again, "");
}

/* Too late to be of use: the driver was away for as long as the offer held. */
static void test_no_message_of_what_is_over(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    waiter_join(fixture, &one, "Ani", "081234567891");
    waiter_open_slots(fixture, 1);
    assert_int_equal(waiter_sweep(fixture, NULL), 1);
    clock_advance(fixture->clock, 15 * MINUTE_MS);
    g_autofree char *told = waiter_messages(fixture);
    assert_non_null(strstr(told, "wait_listed: "));
    assert_null(strstr(told, "wait_offer: "));
}

static void test_no_message_to_who_has_left(void **state)
{
    Fixture *fixture = *state;
    g_auto(Waiter) one = {0};
    waiter_join(fixture, &one, "Ani", "081234567891");
    assert_int_equal(waiter_leave(&one), -1);
    g_autofree char *told = waiter_messages(fixture);
    assert_string_equal(told, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WAITERS(test_unanswered_and_old),
        WITH_WAITERS(test_agreed_before_the_text_was_replaced),
        WITH_WAITERS(test_its_last_day),
        WITH_WAITERS(test_once_and_limits),
        WITH_WAITERS(test_a_key_is_of_its_days),
        WITH_WAITERS(test_faults),
        WITH_WAITERS(test_messages),
        WITH_WAITERS(test_no_message_of_what_is_over),
        WITH_WAITERS(test_no_message_to_who_has_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
