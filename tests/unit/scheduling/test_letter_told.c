// SPDX-License-Identifier: Apache-2.0
/* That there is a letter, as patients are told of it: when, once, and not before its file is there.
 */
#include "scheduling/letter/letter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/convert.h"
#include "scheduling/booking/follow_up.h"
#include "tests/unit/scheduling/fixture_sql.h"
#include "tests/unit/scheduling/mail.h"

typedef struct {
    Fixture *fixture;
    char *visit_id;
    char letter_id[SCHEDULING_ID_BYTES]; /* of the last one */
} Desk;

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static void set_text(char **place, const char *text)
{
    g_free(*place);
    *place = g_strdup(text);
}

static void on_letter(Letter *letter, const FaultList *faults, const GError *error,
                      gpointer user_data)
{
    Desk *desk = user_data;
    (void)faults;
    fixture_keep_error(desk->fixture, error);
    g_strlcpy(desk->letter_id, letter ? letter->id : "", sizeof desk->letter_id);
    letter_free(letter);
}

/* Its number, and no file yet. */
static void write_letter(Desk *desk, const char *medicine)
{
    Fixture *fixture = desk->fixture;
    g_autofree char *key = g_strdup_printf("key-of-a-letter-%" G_GINT64_FORMAT "-%s",
                                           clock_wall_ms(fixture->clock), medicine);
    LetterRequest *request = letter_request_new(LETTER_PRESCRIPTION, key);
    LetterItem *item = letter_request_add_item(request);
    item->name = g_strdup(medicine);
    item->strength = g_strdup("500 mg");
    item->form = g_strdup("tablet");
    item->signa = g_strdup("3 x sehari 1 tablet");
    item->quantity = 10;
    fixture->n_waiting++;
    letter_issue(fixture->scheduling, desk->visit_id, &doctor, request, on_letter, desk);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

static void make(Desk *desk)
{
    const LetterFile file = {desk->letter_id, "0123456789abcdef", 16};
    desk->fixture->n_waiting++;
    letter_made(desk->fixture->scheduling, &file, fixture_on_done, desk->fixture);
    fixture_wait(desk->fixture);
    assert_int_equal(desk->fixture->error_code, -1);
}

static void issue(Desk *desk, const char *medicine)
{
    write_letter(desk, medicine);
    make(desk);
}

static void take_back(Desk *desk)
{
    g_autofree char *id = g_strdup(desk->letter_id);
    desk->fixture->n_waiting++;
    letter_revoke(desk->fixture->scheduling, id, &doctor, "salah tulis", on_letter, desk);
    fixture_wait(desk->fixture);
    assert_int_equal(desk->fixture->error_code, -1);
}

static void call(Desk *desk, int64_t starts_at_ms)
{
    Fixture *fixture = desk->fixture;
    assert_int_equal(fixture_book(fixture, starts_at_ms), -1);
    set_text(&desk->visit_id, fixture->visit_id);
    clock_advance(fixture->clock, starts_at_ms - clock_wall_ms(fixture->clock));
    assert_int_equal(fixture_check_in(fixture, desk->visit_id), -1);
    assert_int_equal(fixture_call(fixture, desk->visit_id), -1);
    assert_int_equal(fixture_accept(fixture, desk->visit_id), -1);
    assert_int_equal(fixture_connect(fixture, desk->visit_id), -1);
}

static void see(Desk *desk)
{
    call(desk, fixture_time(0, 11, 0));
    assert_int_equal(fixture_end(desk->fixture, desk->visit_id, VISIT_STATE_DONE), -1);
    mail_deliver(desk->fixture);
}

static int set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    Desk *desk = g_new0(Desk, 1);
    desk->fixture = *state;
    *state = desk;
    g_autofree char *permit = g_strdup_printf(
        "INSERT INTO practice_permit (facility_id, practitioner_id, number, valid_until)"
        " VALUES ('%s', '%s', '503/SIP/1', '2027-01-01')",
        desk->fixture->seed.facility_ids[0], desk->fixture->seed.doctors[0].id);
    assert_true(fixture_sql_run(desk->fixture, permit));
    return 0;
}

static int tear_down(void **state)
{
    Desk *desk = *state;
    void *fixture = desk->fixture;
    g_free(desk->visit_id);
    g_free(desk);
    return fixture_tear_down(&fixture);
}

static void on_step(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    fixture_keep_error(user_data, error);
}

static void on_phone(const char *phone, const GError *error, gpointer user_data)
{
    (void)phone;
    fixture_keep_error(user_data, error);
}

/* A visit that is to be held without video, before anybody was called. */
static void convert(Desk *desk, int64_t starts_at_ms, VisitWay to)
{
    Fixture *fixture = desk->fixture;
    assert_int_equal(fixture_book(fixture, starts_at_ms), -1);
    set_text(&desk->visit_id, fixture->visit_id);
    fixture->n_waiting++;
    visit_convert(fixture->scheduling, desk->visit_id, &doctor, to, "sinyal lemah", on_step,
                  fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* In the call the page shows it; after the end nobody looks there. */
static void test_the_patient_is_told_after_the_end(void **state)
{
    Desk *desk = *state;
    Fixture *fixture = desk->fixture;
    see(desk);
    clock_advance(fixture->clock, 26 * HOUR_MS);
    issue(desk, "Oralit");
    issue(desk, "Parasetamol");
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
                      desk->visit_id);
    issue(desk, "Oralit");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
}

static void test_nothing_is_said_of_letters_in_the_call(void **state)
{
    Desk *desk = *state;
    Fixture *fixture = desk->fixture;
    call(desk, fixture_time(0, 10, 15));
    issue(desk, "Oralit");
    mail_assert_query(fixture, "0", "SELECT COUNT(*) FROM notification WHERE kind = 'letter'");
}

static void assert_is_told(Desk *desk)
{
    Fixture *fixture = desk->fixture;
    mail_deliver(fixture);
    issue(desk, "Oralit");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    const Delivery *said = deliveries->pdata[0];
    assert_int_equal(said->kind, NOTIFICATION_LETTER);
    assert_string_equal(said->visit_id, desk->visit_id);
    mail_report(fixture, deliveries, NULL);
}

/* Without a call there is no page that shows it, while it goes on as well. */
static void test_told_of_a_letter_without_video(void **state)
{
    Desk *desk = *state;
    Fixture *fixture = desk->fixture;
    convert(desk, fixture_time(0, 14, 0), VISIT_WAY_PHONE);
    fixture->n_waiting++;
    follow_up_show_phone(fixture->scheduling, desk->visit_id, &doctor, on_phone, fixture);
    fixture_wait(fixture);
    assert_is_told(desk);
    convert(desk, fixture_time(0, 14, 30), VISIT_WAY_IN_PERSON);
    fixture->n_waiting++;
    visit_check_in(fixture->scheduling, desk->visit_id, &doctor, on_step, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture_call(fixture, desk->visit_id), -1);
    assert_is_told(desk);
}

/* A full disk: what cannot be opened is not told of, and nothing that was told before is taken for
 * it. */
static void test_told_when_there_is_a_file(void **state)
{
    Desk *desk = *state;
    Fixture *fixture = desk->fixture;
    see(desk);
    issue(desk, "Oralit");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
    write_letter(desk, "Parasetamol");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 0);
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 0);
    make(desk);
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
    /* One of two can be opened; the one that cannot is taken back. */
    write_letter(desk, "Parasetamol");
    issue(desk, "Oralit");
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
    write_letter(desk, "Oralit");
    take_back(desk);
    clock_advance(fixture->clock, 2 * MINUTE_MS);
    assert_int_equal(mail_deliver(fixture), 1);
}

#define TOLD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOLD_TEST(test_the_patient_is_told_after_the_end),
        TOLD_TEST(test_nothing_is_said_of_letters_in_the_call),
        TOLD_TEST(test_told_of_a_letter_without_video),
        TOLD_TEST(test_told_when_there_is_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
