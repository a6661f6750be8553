// SPDX-License-Identifier: Apache-2.0
/* Sick letters: by which rules, of which visits, and what they say of how the patient was seen. */
#include "tests/unit/scheduling/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/came.h"
#include "tests/unit/scheduling/fixture_sql.h"

/* A sick letter is issued, says WORDS, and is taken back. */
static void assert_says(Writer *writer, const char *words)
{
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)), -1);
    g_autofree char *text = letter_paper_write(writer->letter->paper);
    g_autofree char *id = g_strdup(writer->letter->id);
    assert_non_null(strstr(text, words));
    assert_int_equal(writer_take_back(writer, id), -1);
}

static void test_sick_letters_are_off(void **state)
{
    Writer *writer = *state;
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "kind not_allowed");
    writer_list(writer, &writer_doctor);
    assert_int_equal(writer->sick_days, 0);
}

static void test_sick_letters_by_their_rules(void **state)
{
    Writer *writer = *state;
    writer->fixture->scheduling->policy.sick_letters = true;
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 4)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "days out_of_range");
    assert_int_equal(writer_issue(writer, writer_sick_letter("2026-11-23", 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "from in_past");
    LetterRequest *unchecked = writer_sick_letter(FIXTURE_TODAY, 1);
    unchecked->is_identity_checked = false;
    assert_int_equal(writer_issue(writer, unchecked), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "identity_checked required");
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 3)), -1);
    g_autofree char *id = g_strdup(writer->letter->id);
    assert_string_equal(writer->letter->number, "0001/SKT/XI/2026");
    assert_int_equal(writer_issue(writer, writer_sick_letter("2026-11-25", 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "visit one_sick_letter");
    assert_int_equal(writer_take_back(writer, id), -1);
    assert_int_equal(writer_issue(writer, writer_sick_letter("2026-11-26", 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "from after_next_day");
    assert_int_equal(writer_issue(writer, writer_sick_letter("2026-11-25", 1)), -1);
    /* Not even for days that no letter has. */
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "visit one_sick_letter");
    /* Another visit, four minutes long. */
    writer_see(writer, fixture_time(0, 13, 0), 4);
    writer_note(writer);
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "visit call_too_short");
    /* A third one, long enough. */
    writer_see(writer, fixture_time(0, 14, 0), 6);
    writer_note(writer);
    assert_int_equal(writer_issue(writer, writer_sick_letter("2026-11-25", 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "from letter_exists");
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)), -1);
}

/* The visit is one with staff beside the patient. */
static void make_assisted(Writer *writer)
{
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO service SELECT 's', clinic_id, 'Didampingi', 'assisted', 15, 0, 0, 0, 1, 0 "
        "FROM visit WHERE id = '%s';"
        "INSERT INTO visit_service (visit_id, service_id, name, mode, price_rupiah, before_ms, "
        "after_ms) VALUES ('%s', 's', 'Didampingi', 'assisted', 0, 0, 0)",
        writer->visit_id, writer->visit_id);
    assert_true(fixture_sql_run(writer->fixture, sql));
}

/* What a sick letter says of how the patient was seen: as the visit was held. */
static void test_a_sick_letter_says_how_it_was(void **state)
{
    Writer *writer = *state;
    static const struct {
        const char *way;
        const char *words;
    } rows[] = {
        {"NULL", "telah diperiksa melalui kunjungan video pada "},
        {"'phone'", "telah diperiksa melalui telepon pada "},
        {"'in_person'", "telah diperiksa secara langsung di Puskesmas Limboto pada "},
    };
    writer->fixture->scheduling->policy.sick_letters = true;
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *sql = g_strdup_printf("UPDATE visit SET way = %s", rows[i].way);
        assert_true(fixture_sql_run(writer->fixture, sql));
        assert_says(writer, rows[i].words);
    }
    /* Asked in the call to come, and came: what the doctor saw was the call. */
    g_autofree char *came = g_strdup_printf(
        "UPDATE visit SET way = NULL, state = 'converted_in_person'; INSERT INTO visit_came "
        "(visit_id, came) VALUES ('%s', 1)",
        writer->visit_id);
    assert_true(fixture_sql_run(writer->fixture, came));
    assert_says(writer, rows[0].words);
    assert_true(fixture_sql_run(writer->fixture, "UPDATE visit_course SET both_ms = 240000"));
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "visit call_too_short");
    assert_true(fixture_sql_run(writer->fixture, "UPDATE visit_course SET both_ms = 360000"));
    assert_true(fixture_sql_run(writer->fixture, "UPDATE visit SET state = 'done'"));
    make_assisted(writer);
    assert_says(writer, "melalui kunjungan video dengan didampingi petugas kesehatan pada ");
}

/* At the facility nobody was seen of whom nobody said that they came. */
static void test_in_person_takes_who_has_come(void **state)
{
    Writer *writer = *state;
    writer->fixture->scheduling->policy.sick_letters = true;
    writer_convert(writer, fixture_time(0, 14, 0), VISIT_WAY_IN_PERSON);
    assert_int_equal(fixture_end(writer->fixture, writer->visit_id, VISIT_STATE_DONE), -1);
    writer_note(writer);
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "visit not_arrived");
    /* What the fault asks for can be said after the end. */
    writer->fixture->n_waiting++;
    visit_say_came(writer->fixture->scheduling, writer->visit_id, &writer_doctor, true,
                   fixture_on_step, writer->fixture);
    fixture_wait(writer->fixture);
    assert_int_equal(writer->fixture->error_code, -1);
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)), -1);
}

static void set_rule(Writer *writer, const char *rule, int value)
{
    g_autofree char *sql = g_strdup_printf("INSERT OR REPLACE INTO policy (scope, rule, value, "
                                           "facility_id, changed_at_ms) "
                                           "VALUES ('%s', '%s', %d, '%s', 1)",
                                           writer->fixture->seed.facility_ids[0], rule, value,
                                           writer->fixture->seed.facility_ids[0]);
    assert_true(fixture_sql_run(writer->fixture, sql));
}

/* By the rule of the visit's facility, whatever the configuration file says. */
static void test_sick_letters_of_assisted_visits(void **state)
{
    Writer *writer = *state;
    writer->fixture->scheduling->policy.sick_letters = true;
    writer_list(writer, &writer_doctor);
    assert_int_equal(writer->sick_days, 3);
    set_rule(writer, "sick_letters", 1);
    set_rule(writer, "sick_letter_days", 2);
    writer_list(writer, &writer_doctor);
    assert_int_equal(writer->sick_days, 0);
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "kind not_allowed");
    make_assisted(writer);
    writer_list(writer, &writer_doctor);
    assert_int_equal(writer->sick_days, 2);
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 3)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "days out_of_range");
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 2)), -1);
    set_rule(writer, "sick_letters", 0);
    assert_int_equal(writer_issue(writer, writer_sick_letter("2026-11-27", 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "kind not_allowed");
}

/* A team that took the patient down at a post is staff beside the patient, whatever the service. */
static void test_sick_letters_of_a_teams_visit(void **state)
{
    Writer *writer = *state;
    set_rule(writer, "sick_letters", 1);
    writer_list(writer, &writer_doctor);
    assert_int_equal(writer->sick_days, 0);
    g_autofree char *team = g_strdup_printf(
        "INSERT INTO outreach_session SELECT 'o', facility_id, clinic_id, '75.01.10', 'Dulamayo', "
        "local_date, 'nurse', 1, NULL FROM visit WHERE id = '%s';"
        "INSERT INTO outreach_entry (id, session_id, device_id, sequence, revision, hash, "
        "visit_id, "
        "reason, identity, taken_by, registered_at_ms, received_at_ms) "
        "VALUES ('e', 'o', 'd', 1, 1, 'h', '%s', 'Batuk', 'ktp', 'nurse', 1, 1)",
        writer->visit_id, writer->visit_id);
    assert_true(fixture_sql_run(writer->fixture, team));
    writer_list(writer, &writer_doctor);
    assert_int_equal(writer->sick_days, 3);
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)), -1);
    assert_string_equal(writer->letter->number, "0001/SKT/XI/2026");
}

#define LETTER_TEST(name)                                                                          \
    cmocka_unit_test_setup_teardown(name, writer_set_up_seen, writer_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LETTER_TEST(test_sick_letters_are_off),
        LETTER_TEST(test_sick_letters_by_their_rules),
        LETTER_TEST(test_a_sick_letter_says_how_it_was),
        LETTER_TEST(test_in_person_takes_who_has_come),
        LETTER_TEST(test_sick_letters_of_assisted_visits),
        LETTER_TEST(test_sick_letters_of_a_teams_visit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
