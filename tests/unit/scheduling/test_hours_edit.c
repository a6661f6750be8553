// SPDX-License-Identifier: Apache-2.0
/* Hours as staff change them: who may, what is refused, which bookings are hit; and that what is
 * offered and booked follows at once. */
#include "tests/unit/scheduling/editor.h"
#include "tests/unit/scheduling/fixture_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/hours_view.h"

static HoursEdit leave_edit(const char *from, const char *until)
{
    HoursEdit wanted = {.kind = HOURS_EDIT_LEAVE_ADD, .note = "cuti"};
    g_strlcpy(wanted.leave.from_date, from, sizeof wanted.leave.from_date);
    g_strlcpy(wanted.leave.until_date, until, sizeof wanted.leave.until_date);
    return wanted;
}

static bool other_doctor_job(DbTx *tx, gpointer data, GError **error)
{
    Fixture *fixture = data;
    return directory_link_user(tx, fixture->seed.doctors[1].id, "user-1", error);
}

static void test_who_may(void **state)
{
    Fixture *fixture = *state;
    fixture_run(fixture, other_doctor_job, fixture);
    g_auto(Editor) editor = {.fixture = fixture};
    const struct {
        Actor actor;
        int code;
    } rows[] = {
        {{.role = ACTOR_DOCTOR, .user_id = "user-0"}, -1},
        {{.role = ACTOR_DOCTOR, .user_id = "user-1"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_DOCTOR, .user_id = "user-9"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]}, -1},
        {{.role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[1]},
         SCHEDULING_ERROR_NOT_FOUND},
        {{.role = ACTOR_DESK, .user_id = "d"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_COORDINATOR, .user_id = "c", .facility_id = fixture->seed.facility_ids[0]},
         -1},
        {{.role = ACTOR_COORDINATOR, .user_id = "c", .facility_id = fixture->seed.facility_ids[1]},
         SCHEDULING_ERROR_NOT_FOUND},
        {{.role = ACTOR_COORDINATOR, .user_id = "c"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_ADMIN, .user_id = "a"}, -1},
        {{.role = ACTOR_OFFICE, .user_id = "o"}, SCHEDULING_ERROR_FORBIDDEN},
        {{.role = ACTOR_PATIENT, .participant_id = "p"}, SCHEDULING_ERROR_FORBIDDEN},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        HoursEdit leave = leave_edit("2027-01-01", "2027-01-02");
        assert_int_equal(editor_edit_as(&editor, &rows[i].actor, &leave, false), rows[i].code);
        HoursEdit closed = editor_override(fixture, FIXTURE_TOMORROW, false, 0, 60);
        assert_int_equal(editor_edit_as(&editor, &rows[i].actor, &closed, false), rows[i].code);
    }
    /* Another doctor's row is not reached by way of one's own hours. */
    HoursEdit closed = editor_override(fixture, FIXTURE_TOMORROW, false, 0, 60);
    assert_int_equal(editor_edit(&editor, &closed, false), -1);
    HoursEdit gone = editor_removal(HOURS_EDIT_OVERRIDE_REMOVE, editor.id);
    fixture->n_waiting++;
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "a"};
    hours_edit(fixture->scheduling, &admin, fixture->seed.doctors[1].id, &gone, editor_on_edited,
               &editor);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(editor_edit(&editor, &gone, false), -1);
    assert_int_equal(editor_edit(&editor, &gone, false), SCHEDULING_ERROR_NOT_FOUND);
}

static bool permit_job(DbTx *tx, gpointer data, GError **error)
{
    Fixture *fixture = data;
    DbQuery *query = db_query(tx, "permit_insert");
    db_bind_text(query, 1, fixture->seed.facility_ids[0]);
    db_bind_text(query, 2, fixture->seed.doctors[0].id);
    db_bind_text(query, 3, "SIP-1");
    db_bind_text(query, 4, FIXTURE_TOMORROW);
    return db_exec(query, error);
}

/* What closes, and hours of before, may be changed after the permit's end; new ones may not begin.
 */
static void test_no_new_hours_after_the_permit(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture_clear_rules(fixture);
    fixture_run(fixture, permit_job, fixture);
    HoursEdit rule = editor_rule(fixture, TUESDAY, 480, 720);
    g_strlcpy(rule.rule.valid_from, "2026-11-26", sizeof rule.rule.valid_from);
    editor_expect_fault(&editor, &rule, "valid_from:permit_expired ");
    g_strlcpy(rule.rule.valid_from, FIXTURE_TOMORROW, sizeof rule.rule.valid_from);
    assert_int_equal(editor_edit(&editor, &rule, false), -1);
    HoursEdit extra = editor_override(fixture, "2026-11-26", true, 480, 720);
    editor_expect_fault(&editor, &extra, "date:permit_expired ");
    HoursEdit closed = editor_override(fixture, "2026-11-26", false, 480, 720);
    assert_int_equal(editor_edit(&editor, &closed, false), -1);
}

/* A closed facility's clinics are closed, whatever their own rows say. */
static void test_no_new_hours_in_a_closed_place(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture_clear_rules(fixture);
    HoursEdit rule = editor_rule(fixture, TUESDAY, 480, 720);
    HoursEdit extra = editor_override(fixture, "2026-11-26", true, 480, 720);
    assert_true(fixture_sql_run(fixture, "UPDATE facility SET is_active = 0"));
    editor_expect_fault(&editor, &rule, "clinic:archived ");
    editor_expect_fault(&editor, &extra, "clinic:archived ");
    assert_true(fixture_sql_run(fixture, "UPDATE facility SET is_active = 1"));
    assert_true(fixture_sql_run(fixture, "UPDATE clinic SET is_active = 0"));
    editor_expect_fault(&editor, &rule, "clinic:archived ");
    assert_true(fixture_sql_run(fixture, "UPDATE clinic SET is_active = 1"));
    assert_int_equal(editor_edit(&editor, &rule, false), -1);
}

/* Not by dating them back, either: what counts is what they open from today on. */
static void test_no_hours_dated_back_over_the_permit(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture_clear_rules(fixture);
    fixture_run(fixture, permit_job, fixture);
    HoursEdit rule = editor_rule(fixture, TUESDAY, 480, 720);
    g_strlcpy(rule.rule.valid_from, "2026-11-01", sizeof rule.rule.valid_from);
    assert_int_equal(editor_edit(&editor, &rule, false), -1); /* the permit holds today */
    HoursEdit changed = rule;
    changed.kind = HOURS_EDIT_RULE_CHANGE;
    g_strlcpy(changed.id, editor.id, sizeof changed.id);
    clock_advance(fixture->clock, 48 * HOUR_MS); /* it has run out */
    HoursEdit other = editor_rule(fixture, WEDNESDAY, 480, 720);
    g_strlcpy(other.rule.valid_from, "2026-11-01", sizeof other.rule.valid_from);
    editor_expect_fault(&editor, &other, "valid_from:permit_expired ");
    editor_expect_fault(&editor, &changed, "valid_from:permit_expired ");
    /* Ended before today it opens nothing. */
    g_strlcpy(changed.rule.valid_until, FIXTURE_TOMORROW, sizeof changed.rule.valid_until);
    assert_int_equal(editor_edit(&editor, &changed, false), -1);
}

static void test_faults_name_fields(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture_clear_rules(fixture);
    HoursEdit rule = editor_rule(fixture, TUESDAY, 480, 480);
    editor_expect_fault(&editor, &rule, "to:too_early ");
    rule.rule.minutes.to = 490;
    editor_expect_fault(&editor, &rule, "pattern.slot_minutes:too_large ");
    rule.rule.minutes.to = 720;
    rule.weekdays = 0;
    editor_expect_fault(&editor, &rule, "weekdays:required ");
    rule.weekdays = TUESDAY;
    rule.rule.n_breaks = 2;
    rule.rule.breaks[0] = (HoursMinutes){470, 500};
    rule.rule.breaks[1] = (HoursMinutes){490, 800};
    editor_expect_fault(
        &editor, &rule,
        "breaks[0].from:outside_hours breaks[1].to:outside_hours breaks[1].from:overlaps ");
    rule.rule.n_breaks = 0;
    g_strlcpy(rule.rule.valid_until, "2026-11-23", sizeof rule.rule.valid_until);
    editor_expect_fault(&editor, &rule, "valid_until:too_early ");
    rule.rule.valid_until[0] = '\0';
    rule.rule.pattern = (HoursPattern){.mode = HOURS_MODE_SESSION};
    editor_expect_fault(&editor, &rule, "pattern.quota:required ");
    rule.rule.pattern.quota = 49; /* 240 minutes: less than five each */
    editor_expect_fault(&editor, &rule, "pattern.quota:too_large ");
    rule.rule.pattern.quota = 48;
    assert_int_equal(editor_edit(&editor, &rule, false), -1);
    editor_expect_fault(&editor, &rule, "from:overlaps ");
    g_strlcpy(rule.rule.clinic_id, "01hzzzzzzzzzzzzzzzzzzzzzzz", sizeof rule.rule.clinic_id);
    editor_expect_fault(&editor, &rule, "clinic:not_found ");
    HoursEdit past = editor_override(fixture, "2026-11-23", false, 0, 60);
    editor_expect_fault(&editor, &past, "date:in_past ");
    HoursEdit leave = leave_edit(FIXTURE_TOMORROW, FIXTURE_TODAY);
    editor_expect_fault(&editor, &leave, "until:too_early ");
}

static void test_rules_change_what_is_offered(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture_clear_rules(fixture);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    HoursEdit rule = editor_rule(fixture, TUESDAY | WEDNESDAY, 8 * 60, 12 * 60);
    rule.rule.pattern.after_minutes = 5;
    assert_int_equal(editor_edit(&editor, &rule, false), -1);
    /* Cal 14868: a start inside the buffer is refused by the server. */
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 20)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 25)), -1);
    /* On another grid: the visit at 08.25 holds 08.20 and, with its buffer, 08.45. */
    HoursEdit changed = editor_rule(fixture, TUESDAY, 8 * 60, 13 * 60);
    changed.kind = HOURS_EDIT_RULE_CHANGE;
    g_strlcpy(changed.id, editor.id, sizeof changed.id);
    assert_int_equal(editor_edit(&editor, &changed, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 12, 40)), -1);
}

/* A buffer counts against visits of an older grid, too: 09.00 to 09.15 is one. */
static void test_buffer_counts_against_older_visits(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), -1);
    fixture_clear_rules(fixture);
    HoursEdit after = editor_rule(fixture, WEDNESDAY, 7 * 60 + 50, 8 * 60 + 55);
    after.rule.pattern =
        (HoursPattern){.mode = HOURS_MODE_SLOTS, .slot_minutes = 15, .after_minutes = 10};
    assert_int_equal(editor_edit(&editor, &after, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 15)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 40)), SCHEDULING_ERROR_SLOT_TAKEN);
    HoursEdit before = editor_rule(fixture, WEDNESDAY, 9 * 60 + 20, 12 * 60);
    before.rule.pattern =
        (HoursPattern){.mode = HOURS_MODE_SLOTS, .slot_minutes = 15, .before_minutes = 10};
    assert_int_equal(editor_edit(&editor, &before, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 20)), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 45)), -1);
}

static void test_hit_bookings_are_listed_or_kept(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), -1);
    g_autofree char *kept = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 11, 0)), -1);
    HoursEdit closed = editor_override(fixture, FIXTURE_TOMORROW, false, 8 * 60, 10 * 60);
    assert_int_equal(editor_edit(&editor, &closed, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(editor.hits, "A-1 ");
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 0)), -1); /* nothing has changed */
    assert_int_equal(editor_edit(&editor, &closed, true), -1);
    assert_string_equal(editor.hits, "A-3 A-1 ");
    assert_int_equal(fixture_state(fixture, kept), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 15)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 10, 0)), -1);
    /* Those that had no hours already are not hit again; those that are over are none. */
    HoursEdit leave = leave_edit(FIXTURE_TOMORROW, "2026-11-27");
    assert_int_equal(editor_edit(&editor, &leave, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(editor.hits, "A-4 A-2 ");
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(editor_edit(&editor, &leave, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(editor.hits, "A-2 ");
    assert_int_equal(editor_edit(&editor, &leave, true), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(2, 10, 0)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(4, 10, 0)), -1);
    HoursEdit back = editor_removal(HOURS_EDIT_LEAVE_REMOVE, editor.id);
    assert_int_equal(editor_edit(&editor, &back, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(2, 10, 0)), -1);
}

/* A quota that is lowered below what is booked takes nobody more. */
static void test_lowered_quota(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture_clear_rules(fixture);
    HoursEdit session = editor_rule(fixture, WEDNESDAY, 8 * 60, 10 * 60);
    session.rule.pattern = (HoursPattern){.mode = HOURS_MODE_SESSION, .quota = 12};
    assert_int_equal(editor_edit(&editor, &session, false), -1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 0)), -1);
    session.kind = HOURS_EDIT_RULE_CHANGE;
    session.rule.pattern.quota = 2;
    g_strlcpy(session.id, editor.id, sizeof session.id);
    assert_int_equal(editor_edit(&editor, &session, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(editor.hits, "A-3 ");
    session.rule.pattern.quota = 3;
    assert_int_equal(editor_edit(&editor, &session, false), -1);
    /* 30 minutes each: 09.00 and 09.30 are free, but three are booked. */
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 0)), SCHEDULING_ERROR_SLOT_TAKEN);
}

static void test_audit_says_from_and_to(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture_clear_rules(fixture);
    HoursEdit rule = editor_rule(fixture, TUESDAY | WEDNESDAY, 8 * 60, 12 * 60);
    rule.rule.pattern.after_minutes = 5;
    rule.rule.n_breaks = 2;
    rule.rule.breaks[0] = (HoursMinutes){570, 585};
    rule.rule.breaks[1] = (HoursMinutes){660, 675};
    assert_int_equal(editor_edit(&editor, &rule, false), -1);
    HoursEdit changed = editor_rule(fixture, TUESDAY, 13 * 60, 24 * 60);
    changed.kind = HOURS_EDIT_RULE_CHANGE;
    changed.rule.pattern =
        (HoursPattern){.mode = HOURS_MODE_SESSION, .quota = 30, .extra_percent = 10};
    g_strlcpy(changed.rule.valid_until, "2027-01-31", sizeof changed.rule.valid_until);
    g_strlcpy(changed.id, editor.id, sizeof changed.id);
    assert_int_equal(editor_edit(&editor, &changed, false), -1);
    HoursEdit gone = editor_removal(HOURS_EDIT_RULE_REMOVE, changed.id);
    assert_int_equal(editor_edit(&editor, &gone, false), -1);
    HoursEdit extra = editor_override(fixture, FIXTURE_TOMORROW, true, 15 * 60, 16 * 60);
    assert_int_equal(editor_edit(&editor, &extra, false), -1);
    gone = editor_removal(HOURS_EDIT_OVERRIDE_REMOVE, editor.id);
    assert_int_equal(editor_edit(&editor, &gone, false), -1);
    HoursEdit closed = editor_override(fixture, FIXTURE_TOMORROW, false, 0, 24 * 60);
    assert_int_equal(editor_edit(&editor, &closed, false), -1);
    HoursEdit leave = leave_edit("2026-12-01", "2026-12-03");
    assert_int_equal(editor_edit(&editor, &leave, false), -1);
    gone = editor_removal(HOURS_EDIT_LEAVE_REMOVE, editor.id);
    assert_int_equal(editor_edit(&editor, &gone, false), -1);
    const char *clinic = fixture->clinic_id;
    g_autofree char *expected = g_strdup_printf(
        "hours.rule.add: - > TUE,WED 08:00-12:00 without 09:30-09:45 and 11:00-11:15, slots 20 "
        "(0 before, 5 after), from 2026-11-24, clinic %s; "
        "hours.rule.change: TUE 08:00-12:00 without 09:30-09:45 and 11:00-11:15, slots 20 "
        "(0 before, 5 after), from 2026-11-24, clinic %s > TUE 13:00-24:00, quota 30, extra 10%%, "
        "from 2026-11-24 until 2027-01-31, clinic %s; "
        "hours.rule.remove: TUE 13:00-24:00, quota 30, extra 10%%, from 2026-11-24 until "
        "2027-01-31, clinic %s > -; "
        "hours.override.add: - > 2026-11-25 extra 15:00-16:00, slots 15, clinic %s; "
        "hours.override.remove: 2026-11-25 extra 15:00-16:00, slots 15, clinic %s > -; "
        "hours.override.add: - > 2026-11-25 closed 00:00-24:00, clinic %s; "
        "hours.leave.add: - > leave 2026-12-01..2026-12-03; "
        "hours.leave.remove: leave 2026-12-01..2026-12-03 > -; ",
        clinic, clinic, clinic, clinic, clinic, clinic, clinic);
    g_autofree char *reasons = fixture_audit_reasons(fixture, "hours.");
    assert_string_equal(reasons, expected);
}

static void on_view(const HoursView *view, const GError *error, gpointer user_data)
{
    fixture_keep_error(user_data, error);
    assert_string_equal(view->doctor->name, "dr. Rahmat Hasan");
    assert_int_equal(view->doctor->clinics->len, 1);
    assert_int_equal(view->rules->len, 7);
    assert_int_equal(view->days->len, 7);
    assert_int_equal(view->leaves->len, 1);
    assert_int_equal(view->overrides->len, 1);
    const HoursDay *today = view->days->pdata[0];
    assert_string_equal(today->date, FIXTURE_TODAY);
    assert_int_equal(today->open->len, 1);
    const HoursDay *tomorrow = view->days->pdata[1];
    assert_int_equal(tomorrow->n_visits, 1);
    assert_int_equal(tomorrow->open->len, 2);
    const HoursOpen *open = &g_array_index(tomorrow->open, HoursOpen, 1);
    assert_int_equal(open->span.from_ms, fixture_time(1, 13, 0));
    assert_int_equal(((HoursDay *)view->days->pdata[2])->open->len, 0);
}

static void test_view(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), -1);
    HoursEdit closed = editor_override(fixture, FIXTURE_TOMORROW, false, 12 * 60, 13 * 60);
    assert_int_equal(editor_edit(&editor, &closed, false), -1);
    HoursEdit leave = leave_edit("2026-11-26", "2026-11-26");
    assert_int_equal(editor_edit(&editor, &leave, false), -1);
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]};
    const HoursViewQuery query = {fixture->seed.doctors[0].id, NULL, 7};
    fixture->n_waiting++;
    hours_view_get(fixture->scheduling, &desk, &query, on_view, fixture);
    fixture_wait(fixture);
}

#define EDIT_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EDIT_TEST(test_who_may),
        EDIT_TEST(test_no_new_hours_after_the_permit),
        EDIT_TEST(test_no_new_hours_in_a_closed_place),
        EDIT_TEST(test_no_hours_dated_back_over_the_permit),
        EDIT_TEST(test_faults_name_fields),
        EDIT_TEST(test_rules_change_what_is_offered),
        EDIT_TEST(test_buffer_counts_against_older_visits),
        EDIT_TEST(test_hit_bookings_are_listed_or_kept),
        EDIT_TEST(test_lowered_quota),
        EDIT_TEST(test_audit_says_from_and_to),
        EDIT_TEST(test_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
