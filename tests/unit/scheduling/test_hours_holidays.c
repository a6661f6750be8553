// SPDX-License-Identifier: Apache-2.0
/* Holidays as staff enter and change them: who may, which bookings are hit, and what is offered
 * then. */
#include "tests/unit/scheduling/editor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/clinic/holiday.h"

static void on_holiday(const HolidayEdited *edited, const GError *error, gpointer user_data)
{
    Editor *editor = user_data;
    fixture_keep_error(editor->fixture, error);
    editor_keep(editor, edited->faults, edited->hits);
    editor->id = error ? NULL : g_strdup(edited->id);
}

static int add_holiday(Editor *editor, const Actor *actor, const HolidayNew *holiday, bool keep)
{
    Fixture *fixture = editor->fixture;
    fixture->n_waiting++;
    holiday_add(fixture->scheduling, actor, holiday, keep, on_holiday, editor);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_holidays(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "a"};
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]};
    const Actor other = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[1]};
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    HolidayNew unsure = {.date = FIXTURE_TOMORROW, .name = "Hari raya"};
    HolidayNew sure = {.date = FIXTURE_TOMORROW, .name = "Hari raya", .is_certain = true};
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), -1);
    assert_int_equal(add_holiday(&editor, &doctor, &sure, true), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(add_holiday(&editor, &admin, &unsure, false), -1);
    assert_int_equal(add_holiday(&editor, &admin, &sure, true), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(editor.faults, "date:taken ");
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 15)), -1);
    /* Another facility's day is not ours. */
    assert_int_equal(add_holiday(&editor, &other, &sure, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 30)), -1);
    HolidayNew province = {.date = "2026-11-26", .name = "x", .is_certain = true};
    province.facility_id = fixture->seed.facility_ids[1];
    assert_int_equal(add_holiday(&editor, &desk, &province, false), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(add_holiday(&editor, &desk, &sure, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(editor.hits, "A-1 A-2 A-3 ");
    assert_int_equal(add_holiday(&editor, &desk, &sure, true), -1);
    g_autofree char *id = g_strdup(editor.id);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 45)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    /* Extra hours open it. */
    HoursEdit extra = editor_override(fixture, FIXTURE_TOMORROW, true, 10 * 60, 11 * 60);
    assert_int_equal(editor_edit(&editor, &extra, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 10, 0)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 11, 0)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    fixture->n_waiting++;
    holiday_remove(fixture->scheduling, &other, id, NULL, on_holiday, &editor);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    fixture->n_waiting++;
    holiday_remove(fixture->scheduling, &desk, id, NULL, on_holiday, &editor);
    fixture_wait(fixture);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 11, 0)), -1);
}

static int change_holiday(Editor *editor, const Actor *actor, const HolidayNew *holiday, bool keep)
{
    Fixture *fixture = editor->fixture;
    fixture->n_waiting++;
    holiday_change(fixture->scheduling, actor, holiday, keep, on_holiday, editor);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* "belum pasti" becomes "pasti" where it stands, and closes then. */
static void test_holidays_are_changed(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "a"};
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]};
    const HolidayNew unsure = {.date = FIXTURE_TOMORROW, .name = "Hari raya"};
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), -1);
    assert_int_equal(add_holiday(&editor, &admin, &unsure, false), -1);
    g_autofree char *id = g_strdup(editor.id);
    HolidayNew wanted = {.id = id, .name = "Hari raya", .is_certain = true};
    assert_int_equal(change_holiday(&editor, &desk, &wanted, true), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(change_holiday(&editor, &admin, &wanted, false),
                     SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(editor.hits, "A-1 ");
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 15)), -1); /* nothing has changed */
    assert_int_equal(change_holiday(&editor, &admin, &wanted, true), -1);
    assert_string_equal(editor.id, id);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 30)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    wanted.name = "Idul Adha"; /* hits nobody again */
    assert_int_equal(change_holiday(&editor, &admin, &wanted, false), -1);
    assert_int_equal(change_holiday(&editor, &admin, &wanted, false), -1); /* as it is */
    wanted.is_certain = false;
    assert_int_equal(change_holiday(&editor, &admin, &wanted, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 30)), -1);
    wanted.id = "01hzzzzzzzzzzzzzzzzzzzzzzz";
    assert_int_equal(change_holiday(&editor, &admin, &wanted, false), SCHEDULING_ERROR_NOT_FOUND);
    fixture->n_waiting++;
    holiday_remove(fixture->scheduling, &admin, id, NULL, on_holiday, &editor);
    fixture_wait(fixture);
    const HolidayNew own = {.date = FIXTURE_TOMORROW, .name = "Akreditasi"};
    assert_int_equal(add_holiday(&editor, &desk, &own, false), -1);
    g_autofree char *own_id = g_strdup(editor.id);
    wanted = (HolidayNew){.id = own_id, .name = "Akreditasi", .is_certain = true};
    assert_int_equal(change_holiday(&editor, &desk, &wanted, true), -1);
    g_autofree char *reasons = fixture_audit_reasons(fixture, "holiday.");
    g_autofree char *expected =
        g_strdup_printf("holiday.add: 2026-11-25 province: name - > Hari raya; certain - > no; "
                        "holiday.change: 2026-11-25 province: certain no > yes; "
                        "holiday.change: 2026-11-25 province: name Hari raya > Idul Adha; "
                        "holiday.change: 2026-11-25 province: certain yes > no; "
                        "holiday.remove: 2026-11-25 province: name Idul Adha > -; certain no > -; "
                        "holiday.add: 2026-11-25 %s: name - > Akreditasi; certain - > no; "
                        "holiday.change: 2026-11-25 %s: certain no > yes; ",
                        desk.facility_id, desk.facility_id);
    assert_string_equal(reasons, expected);
}

#define EDIT_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EDIT_TEST(test_holidays),
        EDIT_TEST(test_holidays_are_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
