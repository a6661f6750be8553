// SPDX-License-Identifier: Apache-2.0
/* A doctor is in one clinic at a time, also in extra hours. */
#include "tests/unit/scheduling/editor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

static const char *const other_clinic = "01hzzzzzzzzzzzzzzzzzzzzzz3";

/* The doctor works in another clinic of the second facility, too. */
static bool other_clinic_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    const char *texts[] = {other_clinic, fixture->seed.facility_ids[1], "Poli Lain", "Z"};
    DbQuery *clinic = db_query(tx, "clinic_insert");
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(clinic, i + 1, texts[i]);
    db_bind_int(clinic, 5, 1);
    db_bind_int(clinic, 6, 0);
    db_bind_text(clinic, 7, NULL);
    DbQuery *member = db_query(tx, "demo_member_insert");
    db_bind_text(member, 1, other_clinic);
    db_bind_text(member, 2, fixture->seed.doctors[0].id);
    return db_exec(clinic, error) && db_exec(member, error);
}

/* Weekly hours on Wednesday, tomorrow, from 8 to 12 here; extra ones there. */
static void test_extra_hours_are_apart_from_other_clinics(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture_clear_rules(fixture);
    fixture_run(fixture, other_clinic_job, fixture);
    HoursEdit rule = editor_rule(fixture, WEDNESDAY, 8 * 60, 12 * 60);
    assert_int_equal(editor_edit(&editor, &rule, false), -1);
    HoursEdit extra = editor_override(fixture, FIXTURE_TOMORROW, true, 11 * 60, 13 * 60);
    g_strlcpy(extra.override.clinic_id, other_clinic, sizeof extra.override.clinic_id);
    editor_expect_fault(&editor, &extra, "from:elsewhere ");
    /* After them, and on another day; and over them in the same clinic. */
    extra.override.minutes.from = 12 * 60;
    assert_int_equal(editor_edit(&editor, &extra, false), -1);
    extra.override.minutes = (HoursMinutes){8 * 60, 9 * 60};
    g_strlcpy(extra.override.date, "2026-11-26", sizeof extra.override.date);
    assert_int_equal(editor_edit(&editor, &extra, false), -1);
    HoursEdit here = editor_override(fixture, FIXTURE_TOMORROW, true, 11 * 60, 12 * 60);
    assert_int_equal(editor_edit(&editor, &here, false), -1);
    /* Extra ones of two clinics neither. */
    here.override.minutes = (HoursMinutes){12 * 60 + 30, 14 * 60};
    editor_expect_fault(&editor, &here, "from:elsewhere ");
    /* Weekly ones over extra ones elsewhere: of this weekday, from then on. */
    HoursEdit later = editor_rule(fixture, WEDNESDAY, 12 * 60, 15 * 60);
    editor_expect_fault(&editor, &later, "from:elsewhere ");
    g_strlcpy(later.rule.valid_from, "2026-11-26", sizeof later.rule.valid_from);
    assert_int_equal(editor_edit(&editor, &later, false), -1);
    HoursEdit tuesday = editor_rule(fixture, TUESDAY, 12 * 60, 15 * 60);
    assert_int_equal(editor_edit(&editor, &tuesday, false), -1);
}

/* Who closes the hours here first is free to be there. */
static void test_extra_hours_where_others_are_closed(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture_clear_rules(fixture);
    fixture_run(fixture, other_clinic_job, fixture);
    HoursEdit rule = editor_rule(fixture, WEDNESDAY, 8 * 60, 12 * 60);
    assert_int_equal(editor_edit(&editor, &rule, false), -1);
    HoursEdit closed = editor_override(fixture, FIXTURE_TOMORROW, false, 11 * 60, 12 * 60);
    assert_int_equal(editor_edit(&editor, &closed, false), -1);
    HoursEdit extra = editor_override(fixture, FIXTURE_TOMORROW, true, 11 * 60, 13 * 60);
    g_strlcpy(extra.override.clinic_id, other_clinic, sizeof extra.override.clinic_id);
    assert_int_equal(editor_edit(&editor, &extra, false), -1);
    extra.override.minutes.from = 10 * 60;
    extra.override.minutes.to = 10 * 60 + 30;
    editor_expect_fault(&editor, &extra, "from:elsewhere ");
}

#define EDIT_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EDIT_TEST(test_extra_hours_are_apart_from_other_clinics),
        EDIT_TEST(test_extra_hours_where_others_are_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
