// SPDX-License-Identifier: Apache-2.0
/* That there is a letter, as patients are told of it: when, once, and not before its file is there.
 */
#include "tests/unit/scheduling/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/scheduling/changer.h"
#include "tests/unit/scheduling/converter.h"
#include "tests/unit/scheduling/mail.h"

static int set_up(void **state)
{
    if (writer_set_up(state) != 0)
        return -1;
    writer_set_permit(*state, 0, "503/SIP/1", "2027-01-01");
    return 0;
}

/* Its number, and no file yet. */
static void write_letter(Writer *writer, const char *medicine)
{
    assert_int_equal(writer_issue(writer, writer_prescription(medicine)), -1);
}

static void issue(Writer *writer, const char *medicine)
{
    write_letter(writer, medicine);
    writer_make(writer, writer->letter->id);
}

static void see(Writer *writer)
{
    writer_see(writer, fixture_time(0, 11, 0), 6);
    mail_deliver(writer->fixture);
}

/* In the call the page shows it; after the end nobody looks there. */
static void test_the_patient_is_told_after_the_end(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    see(writer);
    clock_advance(fixture->clock, 26 * HOUR_MS);
    issue(writer, "Oralit");
    issue(writer, "Parasetamol");
    assert_int_equal(mail_deliver(fixture), 0);
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1); /* of both */
    const Delivery *said = deliveries->pdata[0];
    assert_int_equal(said->kind, NOTIFICATION_LETTER);
    assert_non_null(strstr(said->text, "https://localhost/v/"));
    assert_null(strstr(said->text, "Parasetamol"));
    mail_report(fixture, deliveries, NULL);
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM join_token WHERE visit_id = '%s' AND expires_at_ms - "
                      "created_at_ms = 2592000000",
                      writer->visit_id);
    issue(writer, "Oralit");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
}

static void test_nothing_is_said_of_letters_in_the_call(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    writer_call(writer, fixture_time(0, 10, 15));
    issue(writer, "Oralit");
    mail_assert_query(fixture, "0", "SELECT COUNT(*) FROM notification WHERE kind = 'letter'");
}

static void assert_is_told(Writer *writer)
{
    Fixture *fixture = writer->fixture;
    mail_deliver(fixture);
    issue(writer, "Oralit");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    const Delivery *said = deliveries->pdata[0];
    assert_int_equal(said->kind, NOTIFICATION_LETTER);
    assert_string_equal(said->visit_id, writer->visit_id);
    mail_report(fixture, deliveries, NULL);
}

/* Without a call there is no page that shows it, while it goes on as well. */
static void test_told_of_a_letter_without_video(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    writer_convert(writer, fixture_time(0, 14, 0), VISIT_WAY_PHONE);
    assert_int_equal(converter_show_phone(fixture, writer->visit_id, &writer_doctor), -1);
    assert_is_told(writer);
    writer_convert(writer, fixture_time(0, 14, 30), VISIT_WAY_IN_PERSON);
    assert_int_equal(fixture_step(fixture, visit_check_in, writer->visit_id, &writer_doctor), -1);
    assert_int_equal(fixture_call(fixture, writer->visit_id), -1);
    assert_is_told(writer);
}

/* A full disk: what cannot be opened is not told of, and nothing that was told before is taken for
 * it. */
static void test_told_when_there_is_a_file(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    see(writer);
    issue(writer, "Oralit");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
    write_letter(writer, "Parasetamol");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 0);
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 0);
    writer_make(writer, writer->letter->id);
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
    /* One of two can be opened; the one that cannot is taken back. */
    write_letter(writer, "Parasetamol");
    issue(writer, "Oralit");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
    write_letter(writer, "Oralit");
    assert_int_equal(writer_take_back(writer, writer->letter->id), -1);
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
}

static void take_back(Writer *writer, const char *letter_id)
{
    g_autofree char *id = g_strdup(letter_id);
    assert_int_equal(writer_take_back(writer, id), -1);
}

/* Who could have opened it hears that it holds no more, at night as well: the medicine may be
 * there. */
static void test_told_that_a_letter_is_revoked(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    see(writer);
    issue(writer, "Oralit");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
    clock_advance(fixture->clock, 12 * HOUR_MS); /* 23.20 */
    take_back(writer, writer->letter->id);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    const Delivery *said = deliveries->pdata[0];
    assert_int_equal(said->kind, NOTIFICATION_LETTER_REVOKED);
    assert_non_null(strstr(said->text, "dicabut"));
    assert_non_null(strstr(said->text, "https://localhost/v/"));
    assert_null(strstr(said->text, "Oralit"));
    assert_null(strstr(said->text, "salah tulis"));
    mail_report(fixture, deliveries, NULL);
    mail_assert_query(fixture, "2",
                      "SELECT COUNT(*) FROM join_token WHERE visit_id = '%s' AND expires_at_ms - "
                      "created_at_ms = 2592000000",
                      writer->visit_id);
    take_back(writer, writer->letter->id);
    assert_int_equal(mail_deliver(fixture), 0); /* it was already */
}

/* One without a file, and one of a call that goes on: nobody has seen them. */
static void test_not_told_of_what_nobody_could_open(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    writer_call(writer, fixture_time(0, 10, 15));
    mail_deliver(fixture);
    issue(writer, "Oralit");
    take_back(writer, writer->letter->id);
    assert_int_equal(mail_deliver(fixture), 0);
    assert_int_equal(fixture_end(fixture, writer->visit_id, VISIT_STATE_DONE), -1);
    write_letter(writer, "Oralit");
    take_back(writer, writer->letter->id);
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_query(fixture, "0",
                      "SELECT COUNT(*) FROM notification WHERE kind = 'letter_revoked'");
}

/* A stranger got what is the patient's: after the visit, too, the number can be put right, and
 * what there is to open, or was and is no more, is said to the patient. */
static void test_said_to_a_number_that_is_put_right(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    g_auto(Changer) changer = {.fixture = fixture};
    see(writer);
    issue(writer, "Oralit");
    g_autofree char *first = g_strdup(writer->letter->id);
    issue(writer, "Parasetamol");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    changer_assert_sent(fixture, "letter", "+6281234567890");
    assert_int_equal(changer_change(&changer, writer->visit_id, CHANGER_RIGHT, &writer_doctor), -1);
    assert_true(changer.is_told);
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM join_token WHERE visit_id = '%s' AND revoked_at_ms IS "
                      "NULL AND expires_at_ms - created_at_ms = 2592000000",
                      writer->visit_id);
    changer_assert_sent(fixture, "letter", CHANGER_RIGHT_E164);
    /* What still waits goes there, and is not said twice. */
    clock_advance(fixture->clock, MINUTE_MS);
    issue(writer, "Ibuprofen");
    assert_int_equal(changer_change(&changer, writer->visit_id, "0812 3456 7890", &writer_doctor),
                     -1);
    assert_true(changer.is_told);
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    changer_assert_sent(fixture, "letter", "+6281234567890");
    take_back(writer, first);
    changer_assert_sent(fixture, "letter_revoked", "+6281234567890");
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(changer_change(&changer, writer->visit_id, CHANGER_RIGHT, &writer_doctor), -1);
    changer_assert_sent(fixture, "letter letter_revoked", CHANGER_RIGHT_E164);
    /* Nobody takes what was revoked a week ago. */
    clock_advance(fixture->clock, 7 * 24 * HOUR_MS);
    assert_int_equal(changer_change(&changer, writer->visit_id, "0812 3456 7890", &writer_doctor),
                     -1);
    changer_assert_sent(fixture, "letter", "+6281234567890");
}

/* Nor is it said that one was revoked that only the doctor saw. */
static void test_nothing_to_say_of_what_the_call_took_back(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    g_auto(Changer) changer = {.fixture = fixture};
    writer_call(writer, fixture_time(0, 10, 15));
    mail_deliver(fixture);
    issue(writer, "Oralit");
    take_back(writer, writer->letter->id);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(fixture_end(fixture, writer->visit_id, VISIT_STATE_DONE), -1);
    assert_int_equal(changer_change(&changer, writer->visit_id, CHANGER_RIGHT, &writer_doctor), -1);
    assert_false(changer.is_told);
    changer_assert_sent(fixture, "", "");
}

/* The doctor still reads what was issued. */
static void test_the_patient_does_not_get_what_is_revoked(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    see(writer);
    issue(writer, "Oralit");
    g_autofree char *id = g_strdup(writer->letter->id);
    g_autofree char *own = fixture_participant(fixture, writer->visit_id, VISIT_ROLE_PATIENT);
    const Actor patient = {.role = ACTOR_PATIENT, .participant_id = own};
    assert_int_equal(writer_get(writer, id, &patient), -1);
    take_back(writer, id);
    assert_int_equal(writer->letter->revoke_kind, LETTER_REVOKED_MISTAKE);
    assert_int_equal(writer_get(writer, id, &patient), SCHEDULING_ERROR_LETTER_REVOKED);
    assert_int_equal(writer_get(writer, id, &writer_doctor), -1);
    assert_int_equal(writer->letter->revoke_kind, LETTER_REVOKED_MISTAKE);
}

#define TOLD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, writer_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOLD_TEST(test_the_patient_is_told_after_the_end),
        TOLD_TEST(test_nothing_is_said_of_letters_in_the_call),
        TOLD_TEST(test_told_of_a_letter_without_video),
        TOLD_TEST(test_told_when_there_is_a_file),
        TOLD_TEST(test_told_that_a_letter_is_revoked),
        TOLD_TEST(test_not_told_of_what_nobody_could_open),
        TOLD_TEST(test_said_to_a_number_that_is_put_right),
        TOLD_TEST(test_nothing_to_say_of_what_the_call_took_back),
        TOLD_TEST(test_the_patient_does_not_get_what_is_revoked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
