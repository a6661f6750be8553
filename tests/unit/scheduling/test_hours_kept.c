// SPDX-License-Identifier: Apache-2.0
/* Bookings that were kept though a change of hours left them without a place: which those are when
 * a quota is lowered, who finds them again and until when, the one message to their patients, and
 * that a coordinator moves them and no others. */
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/move.h"
#include "scheduling/clinic/holiday.h"
#include "scheduling/clinic/hours_edit.h"
#include "scheduling/clinic/hours_kept.h"
#include "tests/unit/scheduling/converter.h"

enum { WEDNESDAY = 1 << 3, N_BOOKED = 25 };
static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-8"};

/* Changing hours. */

typedef struct {
    Fixture *fixture;
    char *id;
    unsigned n_hits, n_told;
} Edited;

static void edited_clear(Edited *edited)
{
    g_clear_pointer(&edited->id, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Edited, edited_clear)

static void on_edited(const HoursEdited *answer, const GError *error, gpointer user_data)
{
    Edited *edited = user_data;
    fixture_keep_error(edited->fixture, error);
    edited->n_hits = answer->hits->len;
    edited->n_told = hours_hits_told(answer->hits);
    if (!error && answer->ids->len > 0) {
        g_free(edited->id);
        edited->id = g_strdup(answer->ids->pdata[0]);
    }
}

static int edit(Edited *edited, HoursEdit *wanted, HoursKeep keep)
{
    Fixture *fixture = edited->fixture;
    wanted->keeps_bookings = keep;
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, &doctor, fixture->seed.doctors[0].id, wanted, on_edited,
               edited);
    fixture_wait(fixture);
    return fixture->error_code;
}

static HoursEdit leave_of(const char *date)
{
    HoursEdit wanted = {.kind = HOURS_EDIT_LEAVE_ADD};
    g_strlcpy(wanted.leave.from_date, date, sizeof wanted.leave.from_date);
    g_strlcpy(wanted.leave.until_date, date, sizeof wanted.leave.until_date);
    return wanted;
}

static HoursEdit removal_of(const Edited *edited)
{
    HoursEdit wanted = {.kind = HOURS_EDIT_LEAVE_REMOVE};
    g_strlcpy(wanted.id, edited->id, sizeof wanted.id);
    return wanted;
}

/* Tomorrow from 8 to 13, with a quota; the first one of them is added, others change it. */
static int set_quota(Edited *edited, int quota, HoursKeep keep)
{
    Fixture *fixture = edited->fixture;
    HoursEdit wanted = {
        .kind = edited->id ? HOURS_EDIT_RULE_CHANGE : HOURS_EDIT_RULE_ADD,
        .weekdays = WEDNESDAY,
        .rule = {.minutes = {8 * 60, 13 * 60},
                 .pattern = {.mode = HOURS_MODE_SESSION, .quota = quota},
                 .valid_from = FIXTURE_TODAY},
    };
    g_strlcpy(wanted.rule.clinic_id, fixture->clinic_id, sizeof wanted.rule.clinic_id);
    if (edited->id)
        g_strlcpy(wanted.id, edited->id, sizeof wanted.id);
    return edit(edited, &wanted, keep);
}

/* The list. */

typedef struct {
    Fixture *fixture;
    char *text; /* "A-1 ", with ":message" where there is one */
} Listed;

static void on_listed(const GPtrArray *kept, bool has_more, const GError *error, gpointer user_data)
{
    Listed *listed = user_data;
    fixture_keep_error(listed->fixture, error);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; kept && i < kept->len; i++) {
        const HoursKept *one = kept->pdata[i];
        g_string_append_printf(text, "%s%s%s ", one->number, one->message ? ":" : "",
                               one->message ? one->message : "");
    }
    assert_false(has_more);
    listed->text = g_string_free(text, FALSE);
}

static int list_as(Fixture *fixture, const Actor *actor, char **ret_text)
{
    Listed listed = {.fixture = fixture};
    fixture->n_waiting++;
    hours_kept_list(fixture->scheduling, actor, on_listed, &listed);
    fixture_wait(fixture);
    *ret_text = listed.text;
    return fixture->error_code;
}

static void assert_listed(Fixture *fixture, const Actor *actor, const char *expected)
{
    g_autofree char *text = NULL;
    assert_int_equal(list_as(fixture, actor, &text), -1);
    assert_string_equal(text, expected);
}

static int message_as(Fixture *fixture, const Actor *actor, const char *visit_id)
{
    fixture->n_waiting++;
    hours_kept_message(fixture->scheduling, actor, visit_id, fixture_on_done, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* A quota of 30 that becomes 10 when 25 are booked: the 15 that were booked last have no place. */
static void test_lowered_quota_hits_the_latest(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    char *ids[N_BOOKED];
    fixture_clear_rules(fixture);
    assert_int_equal(set_quota(&edited, 30, HOURS_KEEP_NO), -1);
    for (int i = 0; i < N_BOOKED; i++)
        ids[i] = mail_booked(fixture, 1, 8, 0);
    assert_int_equal(set_quota(&edited, 25, HOURS_KEEP_NO), -1);
    assert_int_equal(set_quota(&edited, 24, HOURS_KEEP_NO), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_int_equal(edited.n_hits, 1);
    assert_int_equal(set_quota(&edited, 10, HOURS_KEEP_NO), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_int_equal(edited.n_hits, 15);
    assert_listed(fixture, &doctor, "");
    assert_int_equal(set_quota(&edited, 10, HOURS_KEEP_YES), -1);
    assert_int_equal(edited.n_hits, 15);
    assert_int_equal(edited.n_told, 0);
    assert_listed(fixture, &doctor,
                  "A-11 A-12 A-13 A-14 A-15 A-16 A-17 A-18 A-19 A-20 A-21 A-22 A-23 A-24 A-25 ");
    /* The same once more hits nobody; who leaves makes room for the next one. */
    assert_int_equal(set_quota(&edited, 10, HOURS_KEEP_NO), -1);
    assert_int_equal(fixture_cancel(fixture, ids[2], ACTOR_DESK), -1);
    assert_int_equal(fixture_cancel(fixture, ids[24], ACTOR_DESK), -1);
    assert_listed(fixture, &doctor,
                  "A-12 A-13 A-14 A-15 A-16 A-17 A-18 A-19 A-20 A-21 A-22 A-23 A-24 ");
    assert_int_equal(set_quota(&edited, 22, HOURS_KEEP_NO), -1);
    assert_listed(fixture, &doctor, "A-24 ");
    assert_int_equal(set_quota(&edited, 23, HOURS_KEEP_NO), -1);
    assert_listed(fixture, &doctor, "");
    for (int i = 0; i < N_BOOKED; i++)
        g_free(ids[i]);
}

/* Who has been there today has used a place of the quota. */
static void test_who_was_there_counts(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    fixture_clear_rules(fixture);
    assert_int_equal(set_quota(&edited, 30, HOURS_KEEP_NO), -1);
    for (int i = 0; i < 6; i++)
        g_free(mail_booked(fixture, 1, 8, 0));
    clock_advance(fixture->clock, fixture_time(1, 8, 25) - fixture_time(0, 10, 0));
    assert_int_equal(set_quota(&edited, 4, HOURS_KEEP_NO), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_int_equal(edited.n_hits, 2); /* three have begun; one more */
    assert_int_equal(set_quota(&edited, 4, HOURS_KEEP_YES), -1);
    assert_listed(fixture, &doctor, "A-5 A-6 ");
}

/* Who is to be phoned, or was asked to come, is hit as any other, and chooses another time by the
 * link. */
static void test_without_video_is_hit_too(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    const Actor loket = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *phoned = mail_booked(fixture, 0, 14, 0);
    g_autofree char *asked = mail_booked(fixture, 0, 14, 30);
    const char *const visits[] = {phoned, asked};
    const VisitWay to[] = {VISIT_WAY_PHONE, VISIT_WAY_IN_PERSON};
    for (unsigned i = 0; i < G_N_ELEMENTS(visits); i++) {
        assert_int_equal(converter_convert(fixture, visits[i], &loket, to[i]), -1);
    }
    HoursEdit leave = leave_of(FIXTURE_TODAY);
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_NO), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_int_equal(edited.n_hits, 2);
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_MESSAGE), -1);
    assert_int_equal(edited.n_told, 2);
    assert_listed(fixture, &loket, "A-1:waiting A-2:waiting ");
    fixture_turn_to(fixture, fixture_time(0, 14, 0) + 1);
    assert_listed(fixture, &loket, "A-1:waiting A-2:waiting ");
}

static bool other_doctor_job(DbTx *tx, gpointer data, GError **error)
{
    Fixture *fixture = data;
    return directory_link_user(tx, fixture->seed.doctors[1].id, "user-1", error);
}

static void test_who_finds_them(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    fixture_run(fixture, other_doctor_job, fixture);
    g_autofree char *visit = mail_booked(fixture, 1, 9, 0);
    g_autofree char *later = mail_booked(fixture, 2, 9, 0);
    HoursEdit leave = leave_of(FIXTURE_TOMORROW);
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_YES), -1);
    const struct {
        Actor actor;
        const char *listed; /* NULL: FORBIDDEN */
    } rows[] = {
        {doctor, "A-1 "},
        {{.role = ACTOR_DOCTOR, .user_id = "user-1"}, ""},
        {{.role = ACTOR_DOCTOR, .user_id = "nobody"}, NULL},
        {fixture_staff(fixture, ACTOR_DESK, 0), "A-1 "},
        {fixture_staff(fixture, ACTOR_DESK, 1), ""},
        {fixture_staff(fixture, ACTOR_COORDINATOR, 0), "A-1 "},
        {fixture_staff(fixture, ACTOR_COORDINATOR, 1), ""},
        {{.role = ACTOR_COORDINATOR, .user_id = "c"}, NULL},
        {admin, "A-1 "},
        {{.role = ACTOR_OFFICE, .user_id = "o"}, NULL},
        {{.role = ACTOR_OFFICER, .user_id = "f"}, NULL},
        {{.role = ACTOR_PATIENT, .participant_id = "p"}, NULL},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = NULL;
        int code = list_as(fixture, &rows[i].actor, &text);
        assert_int_equal(code, rows[i].listed ? -1 : SCHEDULING_ERROR_FORBIDDEN);
        assert_string_equal(text, rows[i].listed ? rows[i].listed : "");
    }
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM audit WHERE action = 'hours.booking_kept' AND "
                      "object_id = '%s'",
                      visit);
    /* Also when its time has come: until it is over. */
    clock_advance(fixture->clock, fixture_time(1, 9, 0) + 1 - fixture_time(0, 10, 0));
    assert_listed(fixture, &doctor, "A-1 ");
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_DESK), -1);
    assert_listed(fixture, &doctor, "");
    assert_int_equal(fixture_state(fixture, later), VISIT_STATE_BOOKED);
}

static void test_told_once_a_change(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 3, 9, 0);
    assert_int_equal(mail_deliver(fixture), 1);
    HoursEdit leave = leave_of("2026-11-27");
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_MESSAGE), -1);
    assert_int_equal(edited.n_told, 1);
    assert_listed(fixture, &doctor, "A-1:waiting ");
    /* Neither the same change again nor a wish for a message makes a second one. */
    g_auto(Edited) again = {.fixture = fixture};
    assert_int_equal(edit(&again, &leave, HOURS_KEEP_MESSAGE), -1);
    assert_int_equal(again.n_hits, 0);
    assert_int_equal(message_as(fixture, &doctor, visit), -1);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    const Delivery *said = deliveries->pdata[0];
    assert_int_equal(said->kind, NOTIFICATION_HOURS_CHANGED);
    assert_non_null(strstr(said->text, "Jam praktik Puskesmas Limboto berubah."));
    assert_non_null(strstr(said->text, "Jum 27/11 09.00 WITA: https://localhost/v/"));
    mail_report(fixture, deliveries, NULL);
    assert_listed(fixture, &doctor, "A-1:sent ");
    mail_assert_query(fixture, "1",
                      "SELECT COUNT(*) FROM audit WHERE action = 'hours.booking_told' AND "
                      "object_id = '%s'",
                      visit);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    /* Taken back, and changed once more: that is another change. */
    clock_advance(fixture->clock, MINUTE_MS);
    HoursEdit back = removal_of(&edited), back_again = removal_of(&again);
    assert_int_equal(edit(&edited, &back, HOURS_KEEP_NO), -1);
    assert_listed(fixture, &doctor, "A-1:sent ");
    assert_int_equal(edit(&edited, &back_again, HOURS_KEEP_NO), -1);
    assert_listed(fixture, &doctor, "");
    assert_int_equal(message_as(fixture, &doctor, visit), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_YES), -1);
    assert_listed(fixture, &doctor, "A-1 ");
    assert_int_equal(message_as(fixture, &doctor, visit), -1);
    assert_int_equal(mail_deliver(fixture), 1);
}

/* The confirmation of who has just booked would have the same words. */
static void test_told_once_who_has_just_booked(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 3, 9, 0);
    clock_advance(fixture->clock, 1000);
    HoursEdit leave = leave_of("2026-11-27");
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_MESSAGE), -1);
    assert_int_equal(mail_deliver(fixture), 1);
    mail_assert_query(fixture, "booked:no_place hours_changed:",
                      "SELECT group_concat(kind || ':' || COALESCE(reason, ''), ' ') FROM (SELECT "
                      "* FROM notification WHERE visit_id = '%s' AND state <> 'waiting' ORDER BY "
                      "kind)",
                      visit);
}

static void assert_n_stands(Fixture *fixture, const char *expected)
{
    mail_assert_query(fixture, expected, "SELECT COUNT(*) FROM notification WHERE kind = 'stands'");
}

/* Kept silently, while the confirmation was on its way: it said that the visit is booked. */
static void test_who_was_never_told_is_not_told_that_it_stands(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 3, 9, 0);
    GPtrArray *deliveries = mail_claim(fixture);
    HoursEdit leave = leave_of("2026-11-27");
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_YES), -1);
    clock_advance(fixture->clock, 1000);
    mail_report(fixture, deliveries, NULL);
    HoursEdit back = removal_of(&edited);
    assert_int_equal(edit(&edited, &back, HOURS_KEEP_NO), -1);
    assert_n_stands(fixture, "0");
}

/* Kept silently before it: the confirmation had the other words. */
static void test_who_was_asked_by_another_message_is_told_that_it_stands(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 3, 9, 0);
    HoursEdit leave = leave_of("2026-11-27");
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_YES), -1);
    clock_advance(fixture->clock, 1000);
    g_autofree char *text = mail_texts(fixture);
    assert_non_null(strstr(text, "Pilih waktu lain"));
    HoursEdit back = removal_of(&edited);
    assert_int_equal(edit(&edited, &back, HOURS_KEEP_NO), -1);
    assert_n_stands(fixture, "1");
    g_autofree char *stands = mail_texts(fixture);
    assert_non_null(strstr(stands, "tetap berlaku"));
}

/* What was taken back before the message went out, or changed once more, is not told. */
static void test_not_told_of_what_is_taken_back(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 3, 9, 0);
    assert_int_equal(mail_deliver(fixture), 1);
    HoursEdit leave = leave_of("2026-11-27");
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_MESSAGE), -1);
    HoursEdit back = removal_of(&edited);
    assert_int_equal(edit(&edited, &back, HOURS_KEEP_NO), -1);
    assert_int_equal(mail_deliver(fixture), 0);
    mail_assert_query(fixture, "dropped superseded",
                      "SELECT state || ' ' || reason FROM notification WHERE visit_id = '%s' AND "
                      "kind = 'hours_changed'",
                      visit);
    clock_advance(fixture->clock, MINUTE_MS);
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_MESSAGE), -1);
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_DESK), -1);
    GPtrArray *deliveries = mail_claim(fixture);
    assert_int_equal(deliveries->len, 1);
    assert_int_equal(((const Delivery *)deliveries->pdata[0])->kind, NOTIFICATION_CANCELLED);
    mail_report(fixture, deliveries, NULL);
    assert_int_equal(message_as(fixture, &doctor, visit), SCHEDULING_ERROR_VISIT_CANCELLED);
}

/* Who is there already is told, too: by the link another time can be chosen out of the waiting
 * room.
 */
static void test_who_waits_is_told(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 0, 10, 15);
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    HoursEdit leave = leave_of(FIXTURE_TODAY);
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_MESSAGE), -1);
    assert_int_equal(edited.n_hits, 1);
    assert_int_equal(edited.n_told, 1);
    assert_listed(fixture, &doctor, "A-1:waiting ");
    assert_int_equal(message_as(fixture, &doctor, visit), -1);
    mail_deliver(fixture);
    assert_listed(fixture, &doctor, "A-1:sent ");
}

static void on_holiday(const HolidayEdited *edited, const GError *error, gpointer user_data)
{
    Edited *kept = user_data;
    fixture_keep_error(kept->fixture, error);
    kept->n_hits = edited->hits->len;
    kept->n_told = hours_hits_told(edited->hits);
}

static int add_holiday(Edited *edited, HoursKeep keep)
{
    const HolidayNew holiday = {.date = FIXTURE_TOMORROW, .name = "Hari raya", .is_certain = true};
    Fixture *fixture = edited->fixture;
    fixture->n_waiting++;
    holiday_add(fixture->scheduling, &admin, &holiday, keep, on_holiday, edited);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_holidays_likewise(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 1, 9, 0);
    assert_int_equal(mail_deliver(fixture), 1);
    assert_int_equal(add_holiday(&edited, HOURS_KEEP_NO), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_int_equal(add_holiday(&edited, HOURS_KEEP_MESSAGE), -1);
    assert_int_equal(edited.n_told, 1);
    assert_int_equal(add_holiday(&edited, HOURS_KEEP_MESSAGE), SCHEDULING_ERROR_INVALID_FIELDS);
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    assert_listed(fixture, &desk, "A-1:waiting ");
    assert_int_equal(mail_deliver(fixture), 1);
    assert_int_equal(mail_deliver(fixture), 0);
    assert_listed(fixture, &desk, "A-1:sent ");
    const Actor other = fixture_staff(fixture, ACTOR_DESK, 1);
    assert_int_equal(message_as(fixture, &other, visit), SCHEDULING_ERROR_NOT_FOUND);
}

/* Moving. */

typedef struct {
    Fixture *fixture;
    char *visit_id;
} Moved;

static void on_moved(const Booking *booking, const GError *error, gpointer user_data)
{
    Moved *moved = user_data;
    fixture_keep_error(moved->fixture, error);
    if (!error)
        moved->visit_id = g_strdup(booking->visit_id);
}

/* To 10.00 of a later day. */
static int move_as(Fixture *fixture, const char *visit_id, const Actor *actor, int days)
{
    const MoveWish wish = {.practitioner_id = fixture->seed.doctors[0].id,
                           .starts_at_ms = fixture_time(days, 10, 0)};
    Moved moved = {.fixture = fixture};
    fixture->n_waiting++;
    booking_move(fixture->scheduling, visit_id, &wish, actor, on_moved, &moved);
    fixture_wait(fixture);
    g_free(moved.visit_id);
    return fixture->error_code;
}

static void test_a_coordinator_moves_those_alone(void **state)
{
    Fixture *fixture = *state;
    g_auto(Edited) edited = {.fixture = fixture};
    g_autofree char *visit = mail_booked(fixture, 1, 9, 0);
    g_autofree char *other_day = mail_booked(fixture, 3, 9, 0);
    const Actor coordinator = fixture_staff(fixture, ACTOR_COORDINATOR, 0);
    const Actor stranger = fixture_staff(fixture, ACTOR_COORDINATOR, 1);
    assert_int_equal(move_as(fixture, visit, &coordinator, 2), SCHEDULING_ERROR_FORBIDDEN);
    HoursEdit leave = leave_of(FIXTURE_TOMORROW);
    assert_int_equal(edit(&edited, &leave, HOURS_KEEP_YES), -1);
    assert_int_equal(move_as(fixture, visit, &stranger, 2), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(move_as(fixture, other_day, &coordinator, 2), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(move_as(fixture, visit, &admin, 2), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_BOOKED);
    assert_int_equal(move_as(fixture, visit, &coordinator, 2), -1);
    assert_int_equal(fixture_state(fixture, visit), VISIT_STATE_RESCHEDULED);
    assert_listed(fixture, &coordinator, "");
    assert_int_equal(move_as(fixture, visit, &coordinator, 4), SCHEDULING_ERROR_VISIT_CANCELLED);
    mail_assert_query(fixture, "coordinator",
                      "SELECT actor_role FROM audit WHERE action = 'visit.rescheduled' AND "
                      "object_id = '%s'",
                      visit);
}

int main(void)
{
#define KEPT_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        KEPT_TEST(test_lowered_quota_hits_the_latest),
        KEPT_TEST(test_who_was_there_counts),
        KEPT_TEST(test_without_video_is_hit_too),
        KEPT_TEST(test_who_finds_them),
        KEPT_TEST(test_told_once_a_change),
        KEPT_TEST(test_who_was_never_told_is_not_told_that_it_stands),
        KEPT_TEST(test_who_was_asked_by_another_message_is_told_that_it_stands),
        KEPT_TEST(test_told_once_who_has_just_booked),
        KEPT_TEST(test_not_told_of_what_is_taken_back),
        KEPT_TEST(test_who_waits_is_told),
        KEPT_TEST(test_holidays_likewise),
        KEPT_TEST(test_a_coordinator_moves_those_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
