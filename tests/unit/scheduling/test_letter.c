// SPDX-License-Identifier: Apache-2.0
/* Letters of a visit: their numbers, who writes and reads them and when, under which permit, and
 * what stands on the paper. */
#include "tests/unit/scheduling/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/note/note.h"
#include "tests/unit/scheduling/converter.h"
#include "tests/unit/scheduling/fixture_sql.h"

static LetterRequest *referral_of(void)
{
    LetterRequest *request = writer_request(LETTER_REFERRAL);
    writer_set_text(&request->to_facility, "RSUD");
    writer_set_text(&request->reason, "Perlu foto dada");
    writer_set_text(&request->urgency, "routine");
    return request;
}

/* Of the letter's parts, "label|text" a line. */
static void assert_prints(const Letter *letter, const char *text)
{
    g_autoptr(GString) words = g_string_new(NULL);
    for (unsigned i = 0; i < letter->paper->parts->len; i++) {
        const LetterPart *part = letter->paper->parts->pdata[i];
        g_string_append_printf(words, "%s|%s\n", part->label, part->text);
    }
    if (!strstr(words->str, text))
        fail_msg("%s in\n%s", text, words->str);
}

/* Of each visit, and what this one's note says beside it. */
static void test_allergies_of_earlier_visits(void **state)
{
    Writer *writer = *state;
    writer_see(writer, fixture_time(0, 13, 0), 6);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
    assert_prints(writer->letter, "|Alergi: Amoksisilin (dicatat 24 November 2026)\n");
    writer_note_of(writer, "tidak ada", "Gigitan anjing", NULL);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
    assert_prints(writer->letter,
                  "|Alergi: Amoksisilin (dicatat 24 November 2026)\ntidak ada (kunjungan ini)\n");
    assert_int_equal(writer_issue(writer, referral_of()), -1);
    assert_prints(writer->letter,
                  "Alergi|\n|Amoksisilin (dicatat 24 November 2026)\ntidak ada (kunjungan ini)\n");
}

/* A line for allergies when nobody has asked, too; and an assessment in words is a diagnosis: the
 * list has no code for everything. */
static void test_a_referral_by_the_assessment(void **state)
{
    Writer *writer = *state;
    writer_see(writer, fixture_time(0, 11, 0), 6);
    writer_set_permit(writer, 0, "503/SIP/1", "2027-01-01");
    writer->fixture->scheduling->policy.sick_letters = true;
    assert_int_equal(writer_issue(writer, referral_of()), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "note no_diagnosis");
    writer_note_of(writer, "", "Gigitan anjing, perlu VAR", NULL);
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)), -1);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
    assert_prints(writer->letter, "|Alergi: belum dicatat. Tanyakan sebelum menyerahkan.\n");
    assert_int_equal(writer_issue(writer, referral_of()), -1);
    assert_prints(writer->letter, "Diagnosis|\n|Gigitan anjing, perlu VAR\n");
    assert_prints(writer->letter, "Alergi|\n|Belum pernah dicatat. Tanyakan kepada pasien.\n");
    clock_advance(writer->fixture->clock, (int64_t)(NOTE_CHART_DAYS + 1) * 24 * HOUR_MS);
    assert_int_equal(writer_issue(writer, referral_of()), -1);
    assert_prints(writer->letter, "Alergi|\n|Tidak dicatat pada kunjungan ini. Tanyakan kepada");
}

static void test_numbers_without_gaps(void **state)
{
    Writer *writer = *state;
    assert_int_equal(writer_issue(writer, writer_prescription("Parasetamol")), -1);
    assert_string_equal(writer->letter->number, "0001/RES/XI/2026");
    assert_string_equal(writer->letter->initials, "S. A.");
    assert_non_null(writer->letter->paper);
    /* What is refused takes no number. */
    assert_int_equal(writer_issue(writer, writer_prescription("Kodein")),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "items[0].name controlled_medicine");
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
    assert_string_equal(writer->letter->number, "0002/RES/XI/2026");
    /* Each year counts anew. */
    clock_advance(writer->fixture->clock, 30 * 24 * HOUR_MS);
    assert_int_equal(writer_issue(writer, referral_of()), -1);
    assert_string_equal(writer->letter->number, "0003/RJK/XII/2026");
    clock_advance(writer->fixture->clock, 9 * 24 * HOUR_MS);
    assert_int_equal(writer_issue(writer, referral_of()), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "sip permit_over");
    writer_set_permit(writer, 0, "503/SIP/2", "2028-01-01");
    assert_int_equal(writer_issue(writer, referral_of()), -1);
    assert_string_equal(writer->letter->number, "0001/RJK/I/2027");
}

static void test_repeats_are_one_letter(void **state)
{
    Writer *writer = *state;
    LetterRequest *first = writer_prescription("Parasetamol");
    LetterRequest *again = writer_prescription("Parasetamol");
    LetterRequest *other = writer_prescription("Oralit");
    writer_set_text(&again->key, first->key);
    writer_set_text(&other->key, first->key);
    assert_int_equal(writer_issue(writer, first), -1);
    g_autofree char *id = g_strdup(writer->letter->id);
    assert_int_equal(writer_issue(writer, again), -1);
    assert_string_equal(writer->letter->id, id);
    assert_int_equal(writer_issue(writer, other), SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_null(writer->letter);
}

static void test_a_letter_stays(void **state)
{
    Writer *writer = *state;
    assert_int_equal(writer_issue(writer, writer_prescription("Parasetamol")), -1);
    g_autofree char *id = g_strdup(writer->letter->id);
    g_autofree char *code = g_strdup(writer->letter->code);
    assert_int_equal(writer_check(writer, code), SCHEDULING_ERROR_NOT_FOUND);
    writer_make(writer, id);
    writer_make(writer, id);
    assert_int_equal(writer_check(writer, code), -1);
    assert_true(writer->letter->is_sealed);
    assert_null(writer->letter->paper);
    assert_false(fixture_sql_run(writer->fixture, "UPDATE letter SET initials = 'X. Y.'"));
    assert_false(fixture_sql_run(writer->fixture, "UPDATE letter SET sha256 = 'x', seal = 'y'"));
    assert_false(fixture_sql_run(writer->fixture, "DELETE FROM letter"));
    assert_int_equal(writer_take_back(writer, id), -1);
    int64_t revoked_at_ms = writer->letter->revoked_at_ms;
    assert_true(revoked_at_ms > 0);
    clock_advance(writer->fixture->clock, HOUR_MS);
    assert_int_equal(writer_take_back(writer, id), -1);
    assert_int_equal(writer->letter->revoked_at_ms, revoked_at_ms);
    assert_false(fixture_sql_run(writer->fixture, "UPDATE letter SET revoked_at_ms = NULL"));
    /* Whoever takes the triggers away has no key for the seal. */
    assert_true(fixture_sql_run(writer->fixture,
                                "DROP TRIGGER letter_stays; UPDATE letter SET initials = 'X. Y.'"));
    assert_int_equal(writer_check(writer, code), -1);
    assert_false(writer->letter->is_sealed);
}

static void test_who_reads(void **state)
{
    Writer *writer = *state;
    assert_int_equal(writer_issue(writer, writer_prescription("Parasetamol")), -1);
    g_autofree char *id = g_strdup(writer->letter->id);
    g_autofree char *patient =
        fixture_participant(writer->fixture, writer->visit_id, VISIT_ROLE_PATIENT);
    const Actor own = {.role = ACTOR_PATIENT, .participant_id = patient};
    const Actor others[] = {
        {.role = ACTOR_PATIENT, .participant_id = "somebody"},
        {.role = ACTOR_DOCTOR, .user_id = "user-1"},
        fixture_staff(writer->fixture, ACTOR_DESK, 0),
        {.role = ACTOR_ADMIN, .user_id = "user-7"},
        {.role = ACTOR_OFFICE, .user_id = "user-8"},
    };
    assert_int_equal(writer_get(writer, id, &own), -1);
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
        assert_int_equal(writer_get(writer, id, &others[i]), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(writer_get(writer, "nothing", &writer_doctor), SCHEDULING_ERROR_NOT_FOUND);
}

static void test_before_the_visit(void **state)
{
    Writer *writer = *state;
    assert_int_equal(fixture_book(writer->fixture, fixture_time(0, 11, 0)), -1);
    writer_set_text(&writer->visit_id, writer->fixture->visit_id);
    assert_int_equal(writer_issue(writer, writer_prescription("Parasetamol")),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_cancel(writer->fixture, writer->visit_id, ACTOR_DOCTOR), -1);
    assert_int_equal(writer_issue(writer, writer_prescription("Parasetamol")),
                     SCHEDULING_ERROR_VISIT_CANCELLED);
}

/* Nobody has a letter of a visit that is still to come. */
static void test_not_before_they_have_talked(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    writer_convert(writer, fixture_time(0, 14, 0), VISIT_WAY_IN_PERSON);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")),
                     SCHEDULING_ERROR_BAD_STATE);
    writer_convert(writer, fixture_time(0, 14, 30), VISIT_WAY_PHONE);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(converter_show_phone(fixture, writer->visit_id, &writer_doctor), -1);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")),
                     -1); /* on the telephone */
    assert_string_equal(writer->letter->number, "0001/RES/XI/2026");
    assert_int_equal(fixture_end(fixture, writer->visit_id, VISIT_STATE_DONE), -1);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
    assert_string_equal(writer->letter->number, "0002/RES/XI/2026");
    fixture->scheduling->policy.sick_letters = true; /* which take a call */
    writer_note(writer);
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "visit call_too_short");
}

/* Who sits before the doctor, at the facility. */
static void test_of_who_has_come(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    fixture->scheduling->policy.sick_letters = true;
    writer_convert(writer, fixture_time(0, 14, 0), VISIT_WAY_IN_PERSON);
    assert_int_equal(fixture_step(fixture, visit_check_in, writer->visit_id, &writer_doctor), -1);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_call(fixture, writer->visit_id), -1);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
    writer_note(writer);
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)), -1);
}

/* What rests on what the doctor saw is not written weeks later. */
static void test_not_long_after_the_visit(void **state)
{
    Writer *writer = *state;
    Fixture *fixture = writer->fixture;
    fixture->scheduling->policy.sick_letters = true;
    /* To the end of the third day; dated then, for the days since the visit. */
    fixture_turn_to(fixture, fixture_time(3, 23, 59));
    assert_int_equal(writer_issue(writer, writer_sick_letter("2026-11-27", 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "from after_next_day");
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)), -1);
    g_autofree char *id = g_strdup(writer->letter->id);
    assert_int_equal(writer_take_back(writer, id), -1);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(writer_issue(writer, writer_sick_letter(FIXTURE_TODAY, 1)),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "visit too_long_ago");
    fixture_turn_to(fixture, fixture_time(7, 23, 59));
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "visit too_long_ago");
    assert_int_equal(writer_issue(writer, referral_of()), -1);
}

/* VALID_UNTIL NULL: for life. */
static void set_str(Writer *writer, const char *number, const char *valid_until)
{
    g_autofree char *until = valid_until ? g_strdup_printf("'%s'", valid_until) : g_strdup("NULL");
    g_autofree char *sql = g_strdup_printf(
        "UPDATE practitioner SET str_number = '%s', str_valid_until = %s WHERE id = '%s'", number,
        until, writer->fixture->seed.doctors[0].id);
    assert_true(fixture_sql_run(writer->fixture, sql));
}

static LetterRequest *summary_of(Writer *writer)
{
    g_autofree char *sql =
        g_strdup_printf("UPDATE note SET signed_at_ms = 1 WHERE visit_id = '%s'", writer->visit_id);
    assert_true(fixture_sql_run(writer->fixture, sql));
    return writer_request(LETTER_SUMMARY);
}

/* The permit of the letter's facility counts, to the end of its last day, and no other. */
static void test_under_which_permit(void **state)
{
    Writer *writer = *state;
    writer_set_permit(writer, 0, "503/SIP/1", FIXTURE_TODAY);
    writer_set_permit(writer, 1, "503/SIP/ELSEWHERE", "2030-01-01");
    set_str(writer, "3111-STR", FIXTURE_TODAY);
    assert_string_equal(writer_list(writer, &writer_doctor),
                        "good 3111-STR 503/SIP/1 " FIXTURE_TODAY ", " FIXTURE_TODAY);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
    assert_string_equal(writer->letter->paper->sip, "503/SIP/1");
    assert_string_equal(writer->letter->paper->str, "3111-STR");
    writer_set_permit(writer, 0, "503/SIP/1", "2026-11-23");
    set_str(writer, "3111-STR", "2026-11-23");
    assert_string_equal(writer_list(writer, &writer_doctor),
                        "over (null) 503/SIP/1 2026-11-23, 2026-11-23");
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "sip permit_over");
    /* A summary is no letter that takes a permit, and shows none that is over. */
    assert_int_equal(writer_issue(writer, summary_of(writer)), -1);
    assert_string_equal(writer->letter->paper->sip, "");
    assert_string_equal(writer->letter->paper->str, "");
    assert_true(
        fixture_sql_run(writer->fixture, "DELETE FROM practice_permit WHERE number = '503/SIP/1'"));
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(writer->faults, "sip permit_missing");
    set_str(writer, "3111-STR", NULL); /* for life */
    assert_string_equal(writer_list(writer, &writer_doctor), "missing 3111-STR (null) (null)");
}

static void test_patients_see_no_permit(void **state)
{
    Writer *writer = *state;
    g_autofree char *patient =
        fixture_participant(writer->fixture, writer->visit_id, VISIT_ROLE_PATIENT);
    const Actor own = {.role = ACTOR_PATIENT, .participant_id = patient};
    assert_string_equal(writer_list(writer, &own), "none");
}

/* The value of the first field with this label; NULL: none. */
static const char *field_of(const Writer *writer, const char *label)
{
    const GPtrArray *parts = writer->letter->paper->parts;
    for (unsigned i = 0; i < parts->len; i++) {
        const LetterPart *part = parts->pdata[i];
        if (part->kind == LETTER_PART_FIELD && strcmp(part->label, label) == 0)
            return part->text;
    }
    return NULL;
}

/* A dose for a baby is not one for a year. */
static void test_small_children_have_months_and_days(void **state)
{
    static const struct {
        const char *born, *words;
    } cases[] = {
        {"2026-11-24", "0 hari"},   {"2026-10-25", "30 hari"}, {"2026-10-24", "1 bulan"},
        {"2024-11-25", "23 bulan"}, {"2024-11-24", "2 tahun"}, {"2016-11-25", "9 tahun"},
    };
    Writer *writer = *state;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *sql =
            g_strdup_printf("UPDATE patient SET birth_date = '%s'", cases[i].born);
        assert_true(fixture_sql_run(writer->fixture, sql));
        assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
        assert_non_null(strstr(field_of(writer, "Tanggal lahir"), cases[i].words));
    }
}

/* Beside the patient, and a mother's NIK only while the child has none. */
static void test_who_came_along_stands_beside(void **state)
{
    Writer *writer = *state;
    writer_set_permit(writer, 0, "503/SIP/1", FIXTURE_TODAY);
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
    assert_null(field_of(writer, "Pendamping"));
    g_autofree char *contact = g_strdup_printf(
        "INSERT INTO visit_contact VALUES ('%s', 'Rina Hasan', 'parent')", writer->visit_id);
    assert_true(fixture_sql_run(writer->fixture, contact));
    /* As if it were the child's own, sealed the same way. */
    assert_true(
        fixture_sql_run(writer->fixture, "UPDATE patient SET mother_nik_sealed = nik_sealed"));
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
    assert_string_equal(field_of(writer, "Nama"), "Siti Aminah");
    assert_string_equal(field_of(writer, "Pendamping"), "Rina Hasan (orang tua)");
    assert_string_equal(field_of(writer, "NIK"), "7571025708900001");
    assert_null(field_of(writer, "NIK ibu"));
    assert_true(
        fixture_sql_run(writer->fixture, "UPDATE patient SET nik_sealed = NULL, nik_index = NULL"));
    assert_int_equal(writer_issue(writer, writer_prescription("Oralit")), -1);
    assert_null(field_of(writer, "NIK"));
    assert_string_equal(field_of(writer, "NIK ibu"), "7571025708900001");
}

#define LETTER_TEST(name)                                                                          \
    cmocka_unit_test_setup_teardown(name, writer_set_up_seen, writer_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LETTER_TEST(test_numbers_without_gaps),
        LETTER_TEST(test_repeats_are_one_letter),
        LETTER_TEST(test_allergies_of_earlier_visits),
        cmocka_unit_test_setup_teardown(test_a_referral_by_the_assessment, writer_set_up,
                                        writer_tear_down),
        LETTER_TEST(test_a_letter_stays),
        LETTER_TEST(test_who_reads),
        cmocka_unit_test_setup_teardown(test_before_the_visit, writer_set_up, writer_tear_down),
        LETTER_TEST(test_not_before_they_have_talked),
        LETTER_TEST(test_of_who_has_come),
        LETTER_TEST(test_not_long_after_the_visit),
        LETTER_TEST(test_under_which_permit),
        LETTER_TEST(test_patients_see_no_permit),
        LETTER_TEST(test_small_children_have_months_and_days),
        LETTER_TEST(test_who_came_along_stands_beside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
