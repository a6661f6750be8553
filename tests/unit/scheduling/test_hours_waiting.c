// SPDX-License-Identifier: Apache-2.0
/* Who waits today when the doctor falls ill, closes the rest of the day or is archived: listed,
 * told and moved as who is still to come. */
#include "tests/unit/scheduling/editor.h"
#include "tests/unit/scheduling/fixture_sql.h"
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/move.h"
#include "scheduling/booking/visit.h"
#include "scheduling/clinic/directory_edit.h"
#include "scheduling/clinic/holiday.h"
#include "scheduling/clinic/hours_kept.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-8"};

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    if (error)
        return;
    g_free(fixture->visit_id);
    fixture->visit_id = g_strdup(booking->visit_id);
}

/* Without an appointment, checked in; DOCTOR_ID NULL: for any doctor. To be freed. */
static char *walk_in(Fixture *fixture, const char *doctor_id)
{
    static unsigned n_people; /* each is somebody else */
    BookingRequest *request = fixture_request(fixture, 0);
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]};
    g_free(request->practitioner_id);
    request->practitioner_id = g_strdup(doctor_id);
    g_free(request->phone);
    request->phone = g_strdup_printf("0812 0000 %04u", n_people++);
    g_clear_pointer(&request->nik, secret_text_free);
    fixture->n_waiting++;
    booking_create_walk_in(fixture->scheduling, request, &desk, on_booked, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    char *visit_id = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_check_in(fixture, visit_id), -1);
    return visit_id;
}

/* A-1 of 10.15 waits, A-2 of 10.30 was called, A-3 of 10.45 is late, A-4 and A-5 are walk-ins, the
 * second one for any doctor; A-6 is to come at 13.00. Now it is 10.50. */
typedef struct {
    char *ids[6];
} Waiting;

static void waiting_clear(Waiting *waiting)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(waiting->ids); i++)
        g_free(waiting->ids[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Waiting, waiting_clear)

static void turn_to(Fixture *fixture, int hour, int minute)
{
    clock_advance(fixture->clock, fixture_time(0, hour, minute) - clock_wall_ms(fixture->clock));
}

static void fill(Fixture *fixture, Waiting *waiting)
{
    waiting->ids[0] = mail_booked(fixture, 0, 10, 15);
    waiting->ids[1] = mail_booked(fixture, 0, 10, 30);
    waiting->ids[2] = mail_booked(fixture, 0, 10, 45);
    for (int i = 0; i < 2; i++)
        assert_int_equal(fixture_check_in(fixture, waiting->ids[i]), -1);
    turn_to(fixture, 10, 50);
    assert_int_equal(fixture_call(fixture, waiting->ids[1]), -1);
    waiting->ids[3] = walk_in(fixture, fixture->seed.doctors[0].id);
    clock_advance(fixture->clock, 1000);
    waiting->ids[4] = walk_in(fixture, NULL);
    waiting->ids[5] = mail_booked(fixture, 0, 13, 0);
}

static HoursEdit leave_today(void)
{
    HoursEdit edit = {.kind = HOURS_EDIT_LEAVE_ADD};
    g_strlcpy(edit.leave.from_date, FIXTURE_TODAY, sizeof edit.leave.from_date);
    g_strlcpy(edit.leave.until_date, FIXTURE_TODAY, sizeof edit.leave.until_date);
    return edit;
}

static void assert_refused(Editor *editor, const HoursEdit *edit, const char *hits)
{
    assert_int_equal(editor_edit(editor, edit, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(editor->hits, hits);
}

static void on_told(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    assert_int_equal(hours_hits_told(edited->hits), 6);
}

static void on_listed(const GPtrArray *kept, bool has_more, const GError *error, gpointer user_data)
{
    Editor *editor = user_data;
    GString *text = g_string_new(NULL);
    fixture_keep_error(editor->fixture, error);
    for (unsigned i = 0; i < kept->len; i++)
        g_string_append_printf(text, "%s ", ((const HoursKept *)kept->pdata[i])->number);
    assert_false(has_more);
    g_free(editor->hits);
    editor->hits = g_string_free(text, FALSE);
}

static void assert_listed(Editor *editor, const char *expected)
{
    Fixture *fixture = editor->fixture;
    fixture->n_waiting++;
    hours_kept_list(fixture->scheduling, &doctor, on_listed, editor);
    fixture_wait(fixture);
    assert_string_equal(editor->hits, expected);
}

static void test_leave_from_now(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_auto(Waiting) waiting = {0};
    fill(fixture, &waiting);
    HoursEdit leave = leave_today();
    assert_refused(&editor, &leave, "A-1 A-2 A-3 A-4 A-5 A-6 ");
    leave.keeps_bookings = HOURS_KEEP_MESSAGE;
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, &doctor, fixture->seed.doctors[0].id, &leave, on_told, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_listed(&editor, "A-1 A-2 A-3 A-4 A-5 A-6 ");
    mail_deliver(fixture);
    mail_assert_query(fixture, "6",
                      "SELECT COUNT(*) FROM notification WHERE kind = 'hours_changed' AND "
                      "state = 'sent'");
    /* Once more it hits nobody. */
    assert_int_equal(editor_edit(&editor, &leave, false), -1);
}

/* Who is in the call is seen, who was seen is gone. */
static void test_not_who_is_in_the_call(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_auto(Waiting) waiting = {0};
    fill(fixture, &waiting);
    assert_int_equal(fixture_accept(fixture, waiting.ids[1]), -1);
    assert_int_equal(fixture_connect(fixture, waiting.ids[1]), -1);
    assert_int_equal(fixture_cancel(fixture, waiting.ids[0], ACTOR_DESK), -1);
    HoursEdit leave = leave_today();
    assert_refused(&editor, &leave, "A-3 A-4 A-5 A-6 ");
}

/* Leave of another day is nothing to who waits today. */
static void test_not_by_leave_of_another_day(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_auto(Waiting) waiting = {0};
    fill(fixture, &waiting);
    HoursEdit leave = leave_today();
    g_strlcpy(leave.leave.from_date, FIXTURE_TOMORROW, sizeof leave.leave.from_date);
    g_strlcpy(leave.leave.until_date, FIXTURE_TOMORROW, sizeof leave.leave.until_date);
    assert_int_equal(editor_edit(&editor, &leave, false), -1);
}

/* The rest of the day is closed, or two hours at noon. */
static void test_closed_hours_to_the_end_of_the_day(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_auto(Waiting) waiting = {0};
    fill(fixture, &waiting);
    HoursEdit noon = editor_override(fixture, FIXTURE_TODAY, false, 12 * 60, 14 * 60);
    assert_refused(&editor, &noon, "A-6 ");
    HoursEdit rest = editor_override(fixture, FIXTURE_TODAY, false, 10 * 60 + 30, 24 * 60);
    assert_refused(&editor, &rest, "A-1 A-2 A-3 A-4 A-5 A-6 ");
    assert_int_equal(editor_edit(&editor, &rest, true), -1);
    turn_to(fixture, 23, 0);
    assert_listed(&editor, "A-1 A-2 A-3 A-4 A-5 A-6 ");
}

/* Who is late goes on after the hours, and falls ill then, too. */
static void test_after_the_hours(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_auto(Waiting) waiting = {0};
    fill(fixture, &waiting);
    turn_to(fixture, 22, 30);
    HoursEdit leave = leave_today();
    assert_refused(&editor, &leave, "A-1 A-2 A-3 A-4 A-5 A-6 ");
}

static bool colleague_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    DbQuery *member = db_query(tx, "demo_member_insert");
    db_bind_text(member, 1, fixture->clinic_id);
    db_bind_text(member, 2, fixture->seed.doctors[1].id);
    return db_exec(member, error);
}

static void on_hours(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    (void)edited;
    fixture_keep_error(user_data, error);
}

static void change_other(Fixture *fixture, HoursEdit edit)
{
    edit.keeps_bookings = HOURS_KEEP_YES;
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, &admin, fixture->seed.doctors[1].id, &edit, on_hours, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* A pool's patient waits for any doctor: is hit when the last one of today goes, whoever's name the
 * patient waits in. */
static void test_a_pool_hangs_on_its_last_doctor(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_auto(Waiting) waiting = {0};
    fixture_run(fixture, colleague_job, fixture);
    fill(fixture, &waiting);
    /* Who is here is not elsewhere. */
    g_autofree char *moved = g_strdup_printf("DELETE FROM hours_rule WHERE practitioner_id = '%s'",
                                             fixture->seed.doctors[1].id);
    assert_true(fixture_sql_run(fixture, moved));
    change_other(fixture, editor_override(fixture, FIXTURE_TODAY, true, 8 * 60, 12 * 60));
    HoursEdit leave = leave_today();
    assert_refused(&editor, &leave, "A-1 A-2 A-3 A-4 A-6 ");
    g_autofree char *renamed =
        g_strdup_printf("UPDATE visit SET practitioner_id = '%s' WHERE id = '%s'",
                        fixture->seed.doctors[1].id, waiting.ids[4]);
    assert_true(fixture_sql_run(fixture, renamed));
    assert_refused(&editor, &leave, "A-1 A-2 A-3 A-4 A-6 ");
    change_other(fixture, leave_today());
    assert_refused(&editor, &leave, "A-1 A-2 A-3 A-4 A-5 A-6 ");
}

static void on_directory(const DirectoryEdited *edited, const GError *error, gpointer user_data)
{
    Editor *editor = user_data;
    fixture_keep_error(editor->fixture, error);
    editor_keep(editor, edited->faults, edited->hits);
}

/* Archives the doctor of all of them. */
static void archive(Editor *editor)
{
    Fixture *fixture = editor->fixture;
    DirectoryDraft *draft = directory_draft_new(DIRECTORY_PRACTITIONER);
    draft->id = g_strdup(fixture->seed.doctors[0].id);
    draft->name = g_strdup("dr. Satu");
    draft->is_active = false;
    g_ptr_array_add(draft->clinic_ids, g_strdup(fixture->clinic_id));
    fixture->n_waiting++;
    directory_edit(fixture->scheduling, &admin, draft, HOURS_KEEP_NO, on_directory, editor);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_BOOKINGS_HIT);
}

static void test_archiving_the_doctor(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_auto(Waiting) waiting = {0};
    fill(fixture, &waiting);
    archive(&editor);
    assert_string_equal(editor.hits, "A-1 A-2 A-3 A-4 A-5 A-6 ");
}

static bool old_permit_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    DbQuery *query = db_query(tx, "permit_insert");
    const char *texts[] = {fixture->seed.facility_ids[0], fixture->seed.doctors[0].id, "SIP-1",
                           "2026-11-23"};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        db_bind_text(query, i + 1, texts[i]);
    return db_exec(query, error);
}

/* Who waits for a doctor whose permit ran out meanwhile has no place, but is asked about when even
 * that doctor goes. */
static void test_archiving_a_doctor_without_a_permit(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_auto(Waiting) waiting = {0};
    fill(fixture, &waiting);
    fixture_run(fixture, old_permit_job, fixture);
    archive(&editor);
    assert_string_equal(editor.hits, "A-1 A-2 A-3 A-4 A-5 ");
}

static void on_holiday(const HolidayEdited *edited, const GError *error, gpointer user_data)
{
    Editor *editor = user_data;
    fixture_keep_error(editor->fixture, error);
    editor_keep(editor, edited->faults, edited->hits);
}

static void test_a_holiday_today(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_auto(Waiting) waiting = {0};
    fill(fixture, &waiting);
    const HolidayNew holiday = {.date = FIXTURE_TODAY, .name = "Hari raya", .is_certain = true};
    fixture->n_waiting++;
    holiday_add(fixture->scheduling, &admin, &holiday, HOURS_KEEP_NO, on_holiday, &editor);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(editor.hits, "A-1 A-2 A-3 A-4 A-5 A-6 ");
}

/* To tomorrow, after 9.00. */
static int move_by_link(Fixture *fixture, const char *visit_id, int minute)
{
    g_autofree char *patient = fixture_participant(fixture, visit_id, VISIT_ROLE_PATIENT);
    const Actor own = {.role = ACTOR_PATIENT, .participant_id = patient};
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(1, 9, minute)};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, &own, on_booked, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

typedef struct {
    Fixture *fixture;
    bool is_unplaced;
} Seen;

static void on_view(const VisitView *view, const GError *error, gpointer user_data)
{
    Seen *seen = user_data;
    fixture_keep_error(seen->fixture, error);
    seen->is_unplaced = view && view->is_unplaced;
}

static bool is_unplaced(Fixture *fixture, const char *visit_id)
{
    Seen seen = {.fixture = fixture};
    fixture->n_waiting++;
    visit_get_view(fixture->scheduling, visit_id, on_view, &seen);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return seen.is_unplaced;
}

/* Nobody moves out of the waiting room by the link, but for who has no place any more. */
static void test_who_waits_chooses_by_the_link(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_auto(Waiting) waiting = {0};
    fill(fixture, &waiting);
    assert_int_equal(move_by_link(fixture, waiting.ids[0], 0), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(move_by_link(fixture, waiting.ids[2], 0), SCHEDULING_ERROR_TOO_LATE);
    assert_false(is_unplaced(fixture, waiting.ids[0]));
    HoursEdit leave = leave_today();
    assert_int_equal(editor_edit(&editor, &leave, true), -1);
    for (int i = 0; i < 5; i++) {
        assert_true(is_unplaced(fixture, waiting.ids[i]));
        assert_int_equal(move_by_link(fixture, waiting.ids[i], 15 * i), -1);
        assert_int_equal(fixture_state(fixture, waiting.ids[i]), VISIT_STATE_RESCHEDULED);
        assert_false(is_unplaced(fixture, waiting.ids[i]));
    }
    assert_listed(&editor, "A-6 ");
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_leave_from_now),
        T(test_not_who_is_in_the_call),
        T(test_not_by_leave_of_another_day),
        T(test_closed_hours_to_the_end_of_the_day),
        T(test_after_the_hours),
        T(test_a_pool_hangs_on_its_last_doctor),
        T(test_archiving_the_doctor),
        T(test_archiving_a_doctor_without_a_permit),
        T(test_a_holiday_today),
        T(test_who_waits_chooses_by_the_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
