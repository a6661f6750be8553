// SPDX-License-Identifier: Apache-2.0
/* Hours as staff change them: who may, what is refused, which bookings are hit; and that what is
 * offered and booked follows at once. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/holiday.h"
#include "scheduling/clinic/hours_edit.h"
#include "scheduling/clinic/hours_view.h"

enum { TUESDAY = 1 << 2, WEDNESDAY = 1 << 3, EVERY_DAY = 0xfe };
#define TOMORROW "2026-11-25"

/* What the last answer held. */
typedef struct {
    Fixture *fixture;
    char *faults; /* "field:code " */
    char *hits;   /* "A-1 " */
    char *id;
} Answer;

static void answer_clear(Answer *answer)
{
    g_clear_pointer(&answer->faults, g_free);
    g_clear_pointer(&answer->hits, g_free);
    g_clear_pointer(&answer->id, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static void keep_lists(Answer *answer, const FaultList *faults, const GPtrArray *hits)
{
    answer_clear(answer);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < fault_list_length(faults); i++) {
        const Fault *fault = fault_list_get(faults, i);
        g_string_append_printf(text, "%s:%s ", fault->field, fault->code);
    }
    answer->faults = g_string_free(text, FALSE);
    text = g_string_new(NULL);
    for (unsigned i = 0; i < hits->len; i++)
        g_string_append_printf(text, "%s ", ((HoursHit *)hits->pdata[i])->number);
    answer->hits = g_string_free(text, FALSE);
}

static void on_edited(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    keep_lists(answer, edited->faults, edited->hits);
    if (!error && edited->ids->len > 0)
        answer->id = g_strdup(edited->ids->pdata[0]);
}

static int edit_as(Answer *answer, const Actor *actor, const HoursEdit *edit, bool keep)
{
    Fixture *fixture = answer->fixture;
    HoursEdit kept = *edit;
    kept.keeps_bookings = keep;
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, actor, fixture->seed.doctors[0].id, &kept, on_edited, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int edit(Answer *answer, const HoursEdit *wanted, bool keep)
{
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    return edit_as(answer, &doctor, wanted, keep);
}

static HoursEdit rule_edit(Fixture *fixture, unsigned weekdays, int from, int to)
{
    HoursEdit wanted = {
        .kind = HOURS_EDIT_RULE_ADD,
        .weekdays = weekdays,
        .rule = {.minutes = {from, to},
                 .pattern = {.mode = HOURS_MODE_SLOTS, .slot_minutes = 20},
                 .valid_from = FIXTURE_TODAY},
    };
    g_strlcpy(wanted.rule.clinic_id, fixture->clinic_id, sizeof wanted.rule.clinic_id);
    return wanted;
}

static HoursEdit override_edit(Fixture *fixture, const char *date, bool is_extra, int from, int to)
{
    HoursEdit wanted = {
        .kind = HOURS_EDIT_OVERRIDE_ADD,
        .override = {.is_extra = is_extra,
                     .minutes = {from, to},
                     .pattern = {.mode = HOURS_MODE_SLOTS, .slot_minutes = 15}},
        .note = "rapat",
    };
    g_strlcpy(wanted.override.clinic_id, fixture->clinic_id, sizeof wanted.override.clinic_id);
    g_strlcpy(wanted.override.date, date, sizeof wanted.override.date);
    return wanted;
}

static HoursEdit leave_edit(const char *from, const char *until)
{
    HoursEdit wanted = {.kind = HOURS_EDIT_LEAVE_ADD, .note = "cuti"};
    g_strlcpy(wanted.leave.from_date, from, sizeof wanted.leave.from_date);
    g_strlcpy(wanted.leave.until_date, until, sizeof wanted.leave.until_date);
    return wanted;
}

static HoursEdit removal(HoursEditKind kind, const char *id)
{
    HoursEdit wanted = {.kind = kind};
    g_strlcpy(wanted.id, id, sizeof wanted.id);
    return wanted;
}

/* The demo clinic's rules of the first doctor are in the way of most tests. */
static bool clear_rules_job(DbTx *tx, gpointer data, GError **error)
{
    Fixture *fixture = data;
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DbQuery *rows = db_query(tx, "hours_plan_rules");
    db_bind_text(rows, 1, fixture->clinic_id);
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW)
        g_ptr_array_add(ids, db_column_dup(rows, 0));
    for (unsigned i = 0; i < ids->len; i++) {
        DbQuery *query = db_query(tx, "hours_rule_delete");
        db_bind_text(query, 1, ids->pdata[i]);
        if (!db_exec(query, error))
            return false;
    }
    return step == DB_DONE;
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
    g_auto(Answer) answer = {.fixture = fixture};
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
        assert_int_equal(edit_as(&answer, &rows[i].actor, &leave, false), rows[i].code);
        HoursEdit closed = override_edit(fixture, TOMORROW, false, 0, 60);
        assert_int_equal(edit_as(&answer, &rows[i].actor, &closed, false), rows[i].code);
    }
    /* Another doctor's row is not reached by way of one's own hours. */
    HoursEdit closed = override_edit(fixture, TOMORROW, false, 0, 60);
    assert_int_equal(edit(&answer, &closed, false), -1);
    HoursEdit gone = removal(HOURS_EDIT_OVERRIDE_REMOVE, answer.id);
    fixture->n_waiting++;
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "a"};
    hours_edit(fixture->scheduling, &admin, fixture->seed.doctors[1].id, &gone, on_edited, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(edit(&answer, &gone, false), -1);
    assert_int_equal(edit(&answer, &gone, false), SCHEDULING_ERROR_NOT_FOUND);
}

static void expect_fault(Answer *answer, const HoursEdit *wanted, const char *faults)
{
    assert_int_equal(edit(answer, wanted, false), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer->faults, faults);
}

static bool permit_job(DbTx *tx, gpointer data, GError **error)
{
    Fixture *fixture = data;
    DbQuery *query = db_query(tx, "permit_insert");
    db_bind_text(query, 1, fixture->seed.facility_ids[0]);
    db_bind_text(query, 2, fixture->seed.doctors[0].id);
    db_bind_text(query, 3, "SIP-1");
    db_bind_text(query, 4, TOMORROW);
    return db_exec(query, error);
}

/* What closes, and hours of before, may be changed after the permit's end; new ones may not begin.
 */
static void test_no_new_hours_after_the_permit(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    fixture_run(fixture, clear_rules_job, fixture);
    fixture_run(fixture, permit_job, fixture);
    HoursEdit rule = rule_edit(fixture, TUESDAY, 480, 720);
    g_strlcpy(rule.rule.valid_from, "2026-11-26", sizeof rule.rule.valid_from);
    expect_fault(&answer, &rule, "valid_from:permit_expired ");
    g_strlcpy(rule.rule.valid_from, TOMORROW, sizeof rule.rule.valid_from);
    assert_int_equal(edit(&answer, &rule, false), -1);
    HoursEdit extra = override_edit(fixture, "2026-11-26", true, 480, 720);
    expect_fault(&answer, &extra, "date:permit_expired ");
    HoursEdit closed = override_edit(fixture, "2026-11-26", false, 480, 720);
    assert_int_equal(edit(&answer, &closed, false), -1);
}

/* Not by dating them back, either: what counts is what they open from today on. */
static void test_no_hours_dated_back_over_the_permit(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    fixture_run(fixture, clear_rules_job, fixture);
    fixture_run(fixture, permit_job, fixture);
    HoursEdit rule = rule_edit(fixture, TUESDAY, 480, 720);
    g_strlcpy(rule.rule.valid_from, "2026-11-01", sizeof rule.rule.valid_from);
    assert_int_equal(edit(&answer, &rule, false), -1); /* the permit holds today */
    HoursEdit changed = rule;
    changed.kind = HOURS_EDIT_RULE_CHANGE;
    g_strlcpy(changed.id, answer.id, sizeof changed.id);
    clock_advance(fixture->clock, 48 * HOUR_MS); /* it has run out */
    HoursEdit other = rule_edit(fixture, WEDNESDAY, 480, 720);
    g_strlcpy(other.rule.valid_from, "2026-11-01", sizeof other.rule.valid_from);
    expect_fault(&answer, &other, "valid_from:permit_expired ");
    expect_fault(&answer, &changed, "valid_from:permit_expired ");
    /* Ended before today it opens nothing. */
    g_strlcpy(changed.rule.valid_until, TOMORROW, sizeof changed.rule.valid_until);
    assert_int_equal(edit(&answer, &changed, false), -1);
}

static void test_faults_name_fields(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    fixture_run(fixture, clear_rules_job, fixture);
    HoursEdit rule = rule_edit(fixture, TUESDAY, 480, 480);
    expect_fault(&answer, &rule, "to:too_early ");
    rule.rule.minutes.to = 490;
    expect_fault(&answer, &rule, "pattern.slot_minutes:too_large ");
    rule.rule.minutes.to = 720;
    rule.weekdays = 0;
    expect_fault(&answer, &rule, "weekdays:required ");
    rule.weekdays = TUESDAY;
    rule.rule.n_breaks = 2;
    rule.rule.breaks[0] = (HoursMinutes){470, 500};
    rule.rule.breaks[1] = (HoursMinutes){490, 800};
    expect_fault(
        &answer, &rule,
        "breaks[0].from:outside_hours breaks[1].to:outside_hours breaks[1].from:overlaps ");
    rule.rule.n_breaks = 0;
    g_strlcpy(rule.rule.valid_until, "2026-11-23", sizeof rule.rule.valid_until);
    expect_fault(&answer, &rule, "valid_until:too_early ");
    rule.rule.valid_until[0] = '\0';
    rule.rule.pattern = (HoursPattern){.mode = HOURS_MODE_SESSION};
    expect_fault(&answer, &rule, "pattern.quota:required ");
    rule.rule.pattern.quota = 49; /* 240 minutes: less than five each */
    expect_fault(&answer, &rule, "pattern.quota:too_large ");
    rule.rule.pattern.quota = 48;
    assert_int_equal(edit(&answer, &rule, false), -1);
    expect_fault(&answer, &rule, "from:overlaps ");
    g_strlcpy(rule.rule.clinic_id, "01hzzzzzzzzzzzzzzzzzzzzzzz", sizeof rule.rule.clinic_id);
    expect_fault(&answer, &rule, "clinic:not_found ");
    HoursEdit past = override_edit(fixture, "2026-11-23", false, 0, 60);
    expect_fault(&answer, &past, "date:in_past ");
    HoursEdit leave = leave_edit(TOMORROW, FIXTURE_TODAY);
    expect_fault(&answer, &leave, "until:too_early ");
}

static void test_rules_change_what_is_offered(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    fixture_run(fixture, clear_rules_job, fixture);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    HoursEdit rule = rule_edit(fixture, TUESDAY | WEDNESDAY, 8 * 60, 12 * 60);
    rule.rule.pattern.after_minutes = 5;
    assert_int_equal(edit(&answer, &rule, false), -1);
    /* Cal 14868: a start inside the buffer is refused by the server. */
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 20)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 25)), -1);
    /* On another grid: the visit at 08.25 holds 08.20 and, with its buffer, 08.45. */
    HoursEdit changed = rule_edit(fixture, TUESDAY, 8 * 60, 13 * 60);
    changed.kind = HOURS_EDIT_RULE_CHANGE;
    g_strlcpy(changed.id, answer.id, sizeof changed.id);
    assert_int_equal(edit(&answer, &changed, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 12, 40)), -1);
}

/* A buffer counts against visits of an older grid, too: 09.00 to 09.15 is one. */
static void test_buffer_counts_against_older_visits(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), -1);
    fixture_run(fixture, clear_rules_job, fixture);
    HoursEdit after = rule_edit(fixture, WEDNESDAY, 7 * 60 + 50, 8 * 60 + 55);
    after.rule.pattern =
        (HoursPattern){.mode = HOURS_MODE_SLOTS, .slot_minutes = 15, .after_minutes = 10};
    assert_int_equal(edit(&answer, &after, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 15)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 40)), SCHEDULING_ERROR_SLOT_TAKEN);
    HoursEdit before = rule_edit(fixture, WEDNESDAY, 9 * 60 + 20, 12 * 60);
    before.rule.pattern =
        (HoursPattern){.mode = HOURS_MODE_SLOTS, .slot_minutes = 15, .before_minutes = 10};
    assert_int_equal(edit(&answer, &before, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 20)), SCHEDULING_ERROR_SLOT_TAKEN);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 45)), -1);
}

static void test_hit_bookings_are_listed_or_kept(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), -1);
    g_autofree char *kept = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 11, 0)), -1);
    HoursEdit closed = override_edit(fixture, TOMORROW, false, 8 * 60, 10 * 60);
    assert_int_equal(edit(&answer, &closed, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(answer.hits, "A-1 ");
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 0)), -1); /* nothing has changed */
    assert_int_equal(edit(&answer, &closed, true), -1);
    assert_string_equal(answer.hits, "A-3 A-1 ");
    assert_int_equal(fixture_state(fixture, kept), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 15)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 10, 0)), -1);
    /* Those that had no hours already are not hit again; those that are over are none. */
    HoursEdit leave = leave_edit(TOMORROW, "2026-11-27");
    assert_int_equal(edit(&answer, &leave, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(answer.hits, "A-4 A-2 ");
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(edit(&answer, &leave, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(answer.hits, "A-2 ");
    assert_int_equal(edit(&answer, &leave, true), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(2, 10, 0)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(4, 10, 0)), -1);
    HoursEdit back = removal(HOURS_EDIT_LEAVE_REMOVE, answer.id);
    assert_int_equal(edit(&answer, &back, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(2, 10, 0)), -1);
}

/* A quota that is lowered below what is booked takes nobody more. */
static void test_lowered_quota(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    fixture_run(fixture, clear_rules_job, fixture);
    HoursEdit session = rule_edit(fixture, WEDNESDAY, 8 * 60, 10 * 60);
    session.rule.pattern = (HoursPattern){.mode = HOURS_MODE_SESSION, .quota = 12};
    assert_int_equal(edit(&answer, &session, false), -1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 0)), -1);
    session.kind = HOURS_EDIT_RULE_CHANGE;
    session.rule.pattern.quota = 2;
    g_strlcpy(session.id, answer.id, sizeof session.id);
    assert_int_equal(edit(&answer, &session, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(answer.hits, "A-3 ");
    session.rule.pattern.quota = 3;
    assert_int_equal(edit(&answer, &session, false), -1);
    /* 30 minutes each: 09.00 and 09.30 are free, but three are booked. */
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 0)), SCHEDULING_ERROR_SLOT_TAKEN);
}

static void on_holiday(const HolidayEdited *edited, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    keep_lists(answer, edited->faults, edited->hits);
    answer->id = error ? NULL : g_strdup(edited->id);
}

static int add_holiday(Answer *answer, const Actor *actor, const HolidayNew *holiday, bool keep)
{
    Fixture *fixture = answer->fixture;
    fixture->n_waiting++;
    holiday_add(fixture->scheduling, actor, holiday, keep, on_holiday, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_holidays(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "a"};
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]};
    const Actor other = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[1]};
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    HolidayNew unsure = {.date = TOMORROW, .name = "Hari raya"};
    HolidayNew sure = {.date = TOMORROW, .name = "Hari raya", .is_certain = true};
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), -1);
    assert_int_equal(add_holiday(&answer, &doctor, &sure, true), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(add_holiday(&answer, &admin, &unsure, false), -1);
    assert_int_equal(add_holiday(&answer, &admin, &sure, true), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults, "date:taken ");
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 15)), -1);
    /* Another facility's day is not ours. */
    assert_int_equal(add_holiday(&answer, &other, &sure, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 30)), -1);
    HolidayNew province = {.date = "2026-11-26", .name = "x", .is_certain = true};
    province.facility_id = fixture->seed.facility_ids[1];
    assert_int_equal(add_holiday(&answer, &desk, &province, false), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(add_holiday(&answer, &desk, &sure, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(answer.hits, "A-1 A-2 A-3 ");
    assert_int_equal(add_holiday(&answer, &desk, &sure, true), -1);
    g_autofree char *id = g_strdup(answer.id);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 45)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    /* Extra hours open it. */
    HoursEdit extra = override_edit(fixture, TOMORROW, true, 10 * 60, 11 * 60);
    assert_int_equal(edit(&answer, &extra, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 10, 0)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 11, 0)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    fixture->n_waiting++;
    holiday_remove(fixture->scheduling, &other, id, on_holiday, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    fixture->n_waiting++;
    holiday_remove(fixture->scheduling, &desk, id, on_holiday, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 11, 0)), -1);
}

static int change_holiday(Answer *answer, const Actor *actor, const HolidayNew *holiday, bool keep)
{
    Fixture *fixture = answer->fixture;
    fixture->n_waiting++;
    holiday_change(fixture->scheduling, actor, holiday, keep, on_holiday, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* "belum pasti" becomes "pasti" where it stands, and closes then. */
static void test_holidays_are_changed(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "a"};
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]};
    const HolidayNew unsure = {.date = TOMORROW, .name = "Hari raya"};
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), -1);
    assert_int_equal(add_holiday(&answer, &admin, &unsure, false), -1);
    g_autofree char *id = g_strdup(answer.id);
    HolidayNew wanted = {.id = id, .name = "Hari raya", .is_certain = true};
    assert_int_equal(change_holiday(&answer, &desk, &wanted, true), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(change_holiday(&answer, &admin, &wanted, false),
                     SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(answer.hits, "A-1 ");
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 15)), -1); /* nothing has changed */
    assert_int_equal(change_holiday(&answer, &admin, &wanted, true), -1);
    assert_string_equal(answer.id, id);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 30)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    wanted.name = "Idul Adha"; /* hits nobody again */
    assert_int_equal(change_holiday(&answer, &admin, &wanted, false), -1);
    assert_int_equal(change_holiday(&answer, &admin, &wanted, false), -1); /* as it is */
    wanted.is_certain = false;
    assert_int_equal(change_holiday(&answer, &admin, &wanted, false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 30)), -1);
    wanted.id = "01hzzzzzzzzzzzzzzzzzzzzzzz";
    assert_int_equal(change_holiday(&answer, &admin, &wanted, false), SCHEDULING_ERROR_NOT_FOUND);
    fixture->n_waiting++;
    holiday_remove(fixture->scheduling, &admin, id, on_holiday, &answer);
    fixture_wait(fixture);
    const HolidayNew own = {.date = TOMORROW, .name = "Akreditasi"};
    assert_int_equal(add_holiday(&answer, &desk, &own, false), -1);
    g_autofree char *own_id = g_strdup(answer.id);
    wanted = (HolidayNew){.id = own_id, .name = "Akreditasi", .is_certain = true};
    assert_int_equal(change_holiday(&answer, &desk, &wanted, true), -1);
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

static void test_audit_says_from_and_to(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    fixture_run(fixture, clear_rules_job, fixture);
    HoursEdit rule = rule_edit(fixture, TUESDAY | WEDNESDAY, 8 * 60, 12 * 60);
    rule.rule.pattern.after_minutes = 5;
    rule.rule.n_breaks = 2;
    rule.rule.breaks[0] = (HoursMinutes){570, 585};
    rule.rule.breaks[1] = (HoursMinutes){660, 675};
    assert_int_equal(edit(&answer, &rule, false), -1);
    HoursEdit changed = rule_edit(fixture, TUESDAY, 13 * 60, 24 * 60);
    changed.kind = HOURS_EDIT_RULE_CHANGE;
    changed.rule.pattern =
        (HoursPattern){.mode = HOURS_MODE_SESSION, .quota = 30, .extra_percent = 10};
    g_strlcpy(changed.rule.valid_until, "2027-01-31", sizeof changed.rule.valid_until);
    g_strlcpy(changed.id, answer.id, sizeof changed.id);
    assert_int_equal(edit(&answer, &changed, false), -1);
    HoursEdit gone = removal(HOURS_EDIT_RULE_REMOVE, changed.id);
    assert_int_equal(edit(&answer, &gone, false), -1);
    HoursEdit extra = override_edit(fixture, TOMORROW, true, 15 * 60, 16 * 60);
    assert_int_equal(edit(&answer, &extra, false), -1);
    gone = removal(HOURS_EDIT_OVERRIDE_REMOVE, answer.id);
    assert_int_equal(edit(&answer, &gone, false), -1);
    HoursEdit closed = override_edit(fixture, TOMORROW, false, 0, 24 * 60);
    assert_int_equal(edit(&answer, &closed, false), -1);
    HoursEdit leave = leave_edit("2026-12-01", "2026-12-03");
    assert_int_equal(edit(&answer, &leave, false), -1);
    gone = removal(HOURS_EDIT_LEAVE_REMOVE, answer.id);
    assert_int_equal(edit(&answer, &gone, false), -1);
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
    g_auto(Answer) answer = {.fixture = fixture};
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), -1);
    HoursEdit closed = override_edit(fixture, TOMORROW, false, 12 * 60, 13 * 60);
    assert_int_equal(edit(&answer, &closed, false), -1);
    HoursEdit leave = leave_edit("2026-11-26", "2026-11-26");
    assert_int_equal(edit(&answer, &leave, false), -1);
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]};
    const HoursViewQuery query = {fixture->seed.doctors[0].id, NULL, 7};
    fixture->n_waiting++;
    hours_view_get(fixture->scheduling, &desk, &query, on_view, fixture);
    fixture_wait(fixture);
}

int main(void)
{
#define EDIT_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        EDIT_TEST(test_who_may),
        EDIT_TEST(test_faults_name_fields),
        EDIT_TEST(test_no_new_hours_after_the_permit),
        EDIT_TEST(test_no_hours_dated_back_over_the_permit),
        EDIT_TEST(test_rules_change_what_is_offered),
        EDIT_TEST(test_buffer_counts_against_older_visits),
        EDIT_TEST(test_hit_bookings_are_listed_or_kept),
        EDIT_TEST(test_lowered_quota),
        EDIT_TEST(test_holidays),
        EDIT_TEST(test_holidays_are_changed),
        EDIT_TEST(test_audit_says_from_and_to),
        EDIT_TEST(test_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
