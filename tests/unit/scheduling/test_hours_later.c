// SPDX-License-Identifier: Apache-2.0
/* Weekly hours that are changed: from a later day on, and meanwhile by somebody else. */
#include "tests/unit/scheduling/editor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

/* Order numbers on Wednesdays, 8 to 12; *RET_RULE is what the database has then. */
static HoursEdit session_rule(Editor *editor, HoursRule *ret_rule)
{
    fixture_clear_rules(editor->fixture);
    HoursEdit rule = editor_rule(editor->fixture, WEDNESDAY, 8 * 60, 12 * 60);
    rule.rule.pattern = (HoursPattern){.mode = HOURS_MODE_SESSION, .quota = 24};
    assert_int_equal(editor_edit(editor, &rule, false), -1);
    assert_string_equal(editor->earlier_until, "");
    rule.kind = HOURS_EDIT_RULE_CHANGE;
    g_strlcpy(rule.id, editor->id, sizeof rule.id);
    *ret_rule = rule.rule;
    ret_rule->weekday = 3;
    memcpy(ret_rule->id, rule.id, sizeof ret_rule->id);
    return rule;
}

static void test_a_later_begin_leaves_the_weeks_before(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    HoursRule rule;
    HoursEdit changed = session_rule(&editor, &rule);
    assert_int_equal(fixture_book(fixture, fixture_time(8, 8, 0)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(15, 8, 0)), -1);
    changed.rule.minutes.from = 9 * 60;
    changed.rule.pattern.quota = 18;
    g_strlcpy(changed.rule.valid_from, "2026-12-07", sizeof changed.rule.valid_from);
    /* Only who is booked from then on has no place. */
    assert_int_equal(editor_edit(&editor, &changed, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(editor.hits, "A-1 ");
    assert_int_equal(editor_edit(&editor, &changed, true), -1);
    assert_string_equal(editor.earlier_until, "2026-12-06");
    assert_string_not_equal(editor.id, changed.id);
    assert_int_equal(fixture_book(fixture, fixture_time(8, 8, 0)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(15, 8, 0)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(15, 9, 0)), -1);
    /* Each holds its own time against others. */
    HoursEdit other = editor_rule(fixture, WEDNESDAY, 8 * 60, 9 * 60);
    editor_expect_fault(&editor, &other, "from:overlaps ");
    g_strlcpy(other.rule.valid_from, "2026-12-07", sizeof other.rule.valid_from);
    assert_int_equal(editor_edit(&editor, &other, false), -1);
}

static void test_what_ended_before_the_later_begin_stays(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    HoursRule rule;
    HoursEdit changed = session_rule(&editor, &rule);
    g_strlcpy(changed.rule.valid_until, "2026-12-03", sizeof changed.rule.valid_until);
    assert_int_equal(editor_edit(&editor, &changed, false), -1);
    changed.rule.minutes.from = 9 * 60;
    changed.rule.pattern.quota = 18;
    changed.rule.valid_until[0] = '\0';
    g_strlcpy(changed.rule.valid_from, "2026-12-07", sizeof changed.rule.valid_from);
    assert_int_equal(editor_edit(&editor, &changed, false), -1);
    assert_string_equal(editor.earlier_until, "2026-12-03");
    assert_int_equal(fixture_book(fixture, fixture_time(8, 8, 0)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(15, 9, 0)), -1);
}

/* Another begin and nothing else: the hours begin later. And outright, when that is asked for. */
static void test_a_later_begin_alone_and_outright(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    HoursRule rule;
    HoursEdit changed = session_rule(&editor, &rule);
    changed.rule.pattern.slot_minutes = 20; /* a session has none */
    g_strlcpy(changed.rule.valid_from, "2026-12-07", sizeof changed.rule.valid_from);
    assert_int_equal(editor_edit(&editor, &changed, false), -1);
    assert_string_equal(editor.earlier_until, "");
    assert_int_equal(fixture_book(fixture, fixture_time(8, 8, 0)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(15, 8, 0)), -1);
    g_strlcpy(changed.rule.valid_from, "2026-12-14", sizeof changed.rule.valid_from);
    changed.rule.pattern.quota = 20;
    changed.drops_earlier = true;
    assert_int_equal(editor_edit(&editor, &changed, true), -1);
    assert_string_equal(editor.earlier_until, "");
    assert_int_equal(fixture_book(fixture, fixture_time(15, 8, 0)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(22, 8, 0)), -1);
}

static void test_hours_that_somebody_else_changed(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    HoursRule rule;
    HoursEdit mine = session_rule(&editor, &rule);
    g_autofree char *opened = hours_rule_revision(&rule);
    HoursEdit theirs = mine;
    theirs.rule.n_breaks = 1;
    theirs.rule.breaks[0] = (HoursMinutes){600, 630};
    g_strlcpy(theirs.revision, opened, sizeof theirs.revision);
    assert_int_equal(editor_edit(&editor, &theirs, false), -1);
    mine.rule.minutes.to = 13 * 60;
    g_strlcpy(mine.revision, opened, sizeof mine.revision);
    assert_int_equal(editor_edit(&editor, &mine, false), SCHEDULING_ERROR_CHANGED);
    rule.n_breaks = 1;
    rule.breaks[0] = theirs.rule.breaks[0];
    g_autofree char *now = hours_rule_revision(&rule);
    g_strlcpy(mine.revision, now, sizeof mine.revision);
    assert_int_equal(editor_edit(&editor, &mine, false), -1);
    mine.revision[0] = '\0'; /* who names none is not asked */
    assert_int_equal(editor_edit(&editor, &mine, false), -1);
    HoursEdit gone = editor_removal(HOURS_EDIT_RULE_REMOVE, rule.id);
    g_strlcpy(gone.revision, opened, sizeof gone.revision);
    assert_int_equal(editor_edit(&editor, &gone, false), SCHEDULING_ERROR_CHANGED);
    g_strlcpy(gone.revision, now, sizeof gone.revision);
    assert_int_equal(editor_edit(&editor, &gone, false), SCHEDULING_ERROR_CHANGED);
    gone.revision[0] = '\0';
    assert_int_equal(editor_edit(&editor, &gone, false), -1);
}

#define EDIT_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EDIT_TEST(test_a_later_begin_leaves_the_weeks_before),
        EDIT_TEST(test_what_ended_before_the_later_begin_stays),
        EDIT_TEST(test_a_later_begin_alone_and_outright),
        EDIT_TEST(test_hours_that_somebody_else_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
