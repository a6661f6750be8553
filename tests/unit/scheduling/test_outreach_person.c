// SPDX-License-Identifier: Apache-2.0
/* Outreach: whom a patient was taken for, first and then. */
#include "tests/unit/scheduling/changer.h"
#include "tests/unit/scheduling/converter.h"
#include "tests/unit/scheduling/tablet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_mistaken_person_leaves_nobody_behind(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    OutreachDraft *first = tablet_draft(1);
    first->consent = 1;
    assert_int_equal(tablet_take_one(&tablet, first), -1);
    OutreachDraft *newer = tablet_draft(1);
    tablet_set(&newer->name, "Pasien N02");
    tablet_set(&newer->phone, "0812 3456 7890");
    newer->revision = 2;
    assert_int_equal(tablet_take_one(&tablet, newer), -1);
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    g_autofree char *names = tablet_dump(db, "SELECT name FROM patient");
    assert_string_equal(names, "Pasien N02|");
    g_autofree char *consents = tablet_dump(db, "SELECT how FROM consent ORDER BY id");
    assert_string_equal(consents, "read_aloud|withdrawn|");
    /* Nobody is told by message what staff tell them at the post, then or later. */
    assert_int_equal(fixture_cancel(fixture, tablet.visit_id, ACTOR_DOCTOR), -1);
    g_autofree char *messages = tablet_dump(db, "SELECT kind FROM notification");
    assert_string_equal(messages, "");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Two of one name and birth date are a pair to be looked at; who was the other by mistake is not,
 * and goes. */
static void test_mistaken_person_of_a_pair_goes_too(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    OutreachDraft *second = tablet_draft(2);
    tablet_set(&second->name, "Pasien N01");
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    assert_int_equal(tablet_take_one(&tablet, second), -1);
    g_autofree char *pairs = tablet_ask(fixture, "SELECT state FROM patient_pair");
    assert_string_equal(pairs, "open|");
    OutreachDraft *newer = tablet_draft(2);
    newer->revision = 2;
    assert_int_equal(tablet_take_one(&tablet, newer), -1);
    g_autofree char *left = tablet_ask(fixture, "SELECT state FROM patient_pair");
    assert_string_equal(left, "");
    g_autofree char *names = tablet_ask(fixture, "SELECT name FROM patient ORDER BY name");
    assert_string_equal(names, "Pasien N01|Pasien N02|");
}

/* Patients without a telephone do not have the same one, whether it was never given or taken back.
 */
static void test_no_phone_is_nobodys(void **state)
{
    static const char distinct[] = "SELECT COUNT(DISTINCT phone_index) FROM visit";
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    assert_int_equal(tablet_take_range(&tablet, 1, 2), -1);
    g_autofree char *first = tablet_ask(fixture, distinct);
    assert_string_equal(first, "2|");
    /* Given and taken back, of both. */
    for (int64_t revision = 2; revision <= 3; revision++) {
        for (int64_t sequence = 1; sequence <= 2; sequence++) {
            OutreachDraft *draft = tablet_draft(sequence);
            draft->revision = revision;
            if (revision == 2)
                tablet_set(&draft->phone, "0812 3456 7890");
            assert_int_equal(tablet_take_one(&tablet, draft), -1);
        }
        g_autofree char *found = tablet_ask(fixture, distinct);
        assert_string_equal(found, revision == 2 ? "1|" : "2|");
    }
}

/* The desk may have merged them by now. */
static void test_newer_figures_leave_the_person(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    g_autofree char *before = tablet_ask(fixture, "SELECT id FROM patient");
    OutreachDraft *newer = tablet_draft(1);
    newer->vitals[VITAL_SYSTOLIC] = 140;
    tablet_set(&newer->phone, "0812 3456 7890");
    newer->revision = 2;
    assert_int_equal(tablet_take_one(&tablet, newer), -1);
    g_autofree char *after = tablet_ask(fixture, "SELECT id FROM patient");
    assert_string_equal(after, before);
}

static OutreachDraft *with_nik(int64_t sequence, const char *nik)
{
    OutreachDraft *draft = tablet_draft(sequence);
    g_clear_pointer(&draft->without_nik, g_free);
    tablet_set(&draft->nik, nik);
    tablet_set(&draft->birth_date, "1990-08-17");
    return draft;
}

/* Twice at one tablet, at two tablets, or by a correction: the second is given back with the number
 * of the first, and has a place once its NIK is another or the first one's visit is over. */
static void test_same_nik_at_one_post_has_one_place(void **state)
{
    static const char *const other_nik = "7571025708900002";
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    assert_int_equal(tablet_take_one(&tablet, with_nik(1, TABLET_GOOD_NIK)), -1);
    assert_int_equal(tablet.n_taken, 1);
    g_autofree char *first_visit = g_strdup(tablet.visit_id);
    assert_int_equal(tablet_take_one(&tablet, with_nik(1, TABLET_GOOD_NIK)), -1);
    assert_int_equal(tablet.n_taken, 1); /* sent again: as before */
    assert_int_equal(tablet_take_one(&tablet, with_nik(2, TABLET_GOOD_NIK)), -1);
    assert_string_equal(tablet.faults->str, "nik:already_here ");
    GPtrArray *others = tablet_drafts();
    g_ptr_array_add(others, with_nik(3, TABLET_GOOD_NIK));
    const Actor actor = tablet_nurse(fixture);
    assert_int_equal(
        tablet_take_as(&tablet, &actor, "0d9b2c1e-5a55-4c1d-9d3e-0f6a7b8c9d02", others), -1);
    assert_string_equal(tablet.faults->str, "nik:already_here ");
    assert_int_equal(tablet_take_one(&tablet, with_nik(2, other_nik)), -1);
    assert_int_equal(tablet.n_taken, 1);
    OutreachDraft *newer = with_nik(2, TABLET_GOOD_NIK);
    newer->revision = 2;
    assert_int_equal(tablet_take_one(&tablet, newer), -1);
    assert_string_equal(tablet.faults->str, "nik:already_here_too ");
    g_autofree char *visits = tablet_ask(fixture, "SELECT COUNT(*) FROM visit");
    assert_string_equal(visits, "2|");
    assert_int_equal(fixture_cancel(fixture, first_visit, ACTOR_DOCTOR), -1);
    assert_int_equal(tablet_take_one(&tablet, with_nik(4, TABLET_GOOD_NIK)), -1);
    assert_int_equal(tablet.n_taken, 1);
}

static int revise(Tablet *tablet, int64_t revision, const char *phone)
{
    OutreachDraft *draft = tablet_draft(1);
    draft->revision = revision;
    draft->vitals[VITAL_SYSTOLIC] = 130 + (int)revision;
    tablet_set(&draft->phone, phone);
    int code = tablet_take_one(tablet, draft);
    assert_int_equal(tablet->n_taken, 1);
    return code;
}

/* What the visit has, read as who phones does. */
static void assert_phone(Fixture *fixture, const char *visit_id, const char *expected)
{
    g_autofree char *index = secret_box_index(fixture->box, "visit.phone", expected);
    g_autofree char *sql = g_strdup_printf(
        "SELECT has_phone, phone_index = '%s' FROM visit WHERE id = '%s'", index, visit_id);
    g_autofree char *found = tablet_ask(fixture, sql);
    assert_string_equal(found, *expected ? "1|1|" : "0|0|");
}

/* The tablet knows nothing of what was put right at the desk: it sent the old number with the
 * next figure. */
static void test_a_number_put_right_elsewhere_stays(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    g_auto(Changer) changer = {.fixture = fixture};
    tablet_open(&tablet, fixture);
    const Actor nurse = tablet_nurse(fixture);
    assert_int_equal(revise(&tablet, 1, "0812 3456 7890"), -1);
    g_autofree char *visit = g_strdup(tablet.visit_id);
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &nurse), -1);
    assert_int_equal(revise(&tablet, 2, "+62 812 3456 7890"), -1);
    assert_phone(fixture, visit, CHANGER_RIGHT_E164);
    changer_assert_trail(fixture, visit, "1 1");
    /* What the tablet says anew counts, and is in the record. */
    assert_int_equal(revise(&tablet, 3, "0812 0000 1111"), -1);
    assert_phone(fixture, visit, "+6281200001111");
    changer_assert_trail(fixture, visit, "2 2");
    assert_int_equal(revise(&tablet, 4, NULL), -1);
    assert_phone(fixture, visit, "");
    changer_assert_trail(fixture, visit, "3 3");
    assert_int_equal(changer_change(&changer, visit, CHANGER_RIGHT, &nurse), -1);
    assert_int_equal(revise(&tablet, 5, NULL), -1);
    assert_phone(fixture, visit, CHANGER_RIGHT_E164);
    assert_int_equal(revise(&tablet, 6, CHANGER_RIGHT), -1); /* so it is */
    changer_assert_trail(fixture, visit, "4 4");
}

/* Its doctor is to phone. */
static void test_whom_the_doctor_is_to_phone_keeps_a_number(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    assert_int_equal(revise(&tablet, 1, "0812 3456 7890"), -1);
    g_autofree char *visit = g_strdup(tablet.visit_id);
    const Actor nurse = tablet_nurse(fixture);
    assert_int_equal(converter_convert(fixture, visit, &nurse, VISIT_WAY_PHONE), -1);
    assert_int_equal(revise(&tablet, 2, NULL), -1);
    assert_phone(fixture, visit, "+6281234567890");
    changer_assert_trail(fixture, visit, "0 0");
    assert_int_equal(revise(&tablet, 3, "0812 0000 1111"), -1);
    assert_phone(fixture, visit, "+6281200001111");
}

#define OUTREACH_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTREACH_TEST(test_mistaken_person_leaves_nobody_behind),
        OUTREACH_TEST(test_mistaken_person_of_a_pair_goes_too),
        OUTREACH_TEST(test_no_phone_is_nobodys),
        OUTREACH_TEST(test_newer_figures_leave_the_person),
        OUTREACH_TEST(test_same_nik_at_one_post_has_one_place),
        OUTREACH_TEST(test_a_number_put_right_elsewhere_stays),
        OUTREACH_TEST(test_whom_the_doctor_is_to_phone_keeps_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
