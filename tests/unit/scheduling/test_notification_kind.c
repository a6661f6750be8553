// SPDX-License-Identifier: Apache-2.0
/* When a message is due, in which hours it waits, and when it has become moot. */
#include "scheduling/outbox/notification_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS (60 * MINUTE_MS)

/* Tuesday, 24 November 2026, 10.00 WITA. */
static const int64_t ten_ms = INT64_C(1795485600000);

static void test_names(void **state)
{
    (void)state;
    for (int i = 0; i < NOTIFICATION_N_KINDS; i++) {
        NotificationKind kind;
        assert_true(notification_kind_parse(notification_kind_name((NotificationKind)i), &kind));
        assert_int_equal(kind, i);
    }
    NotificationKind kind;
    assert_false(notification_kind_parse("bookd", &kind));
    assert_false(notification_kind_parse(NULL, &kind));
}

static void test_due(void **state)
{
    (void)state;
    const struct {
        NotificationKind kind;
        int64_t lead_ms, apart_ms;
    } rows[] = {
        {NOTIFICATION_DAY_BEFORE, 24 * HOUR_MS, 30 * MINUTE_MS},
        {NOTIFICATION_HOUR_BEFORE, HOUR_MS, 30 * MINUTE_MS},
        {NOTIFICATION_SOON, 10 * MINUTE_MS, 5 * MINUTE_MS},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t starts_at_ms = ten_ms + rows[i].lead_ms + rows[i].apart_ms;
        assert_int_equal(notification_due(rows[i].kind, starts_at_ms, ten_ms),
                         starts_at_ms - rows[i].lead_ms);
        assert_int_equal(notification_due(rows[i].kind, starts_at_ms, ten_ms + 1), 0);
    }
    assert_int_equal(notification_due(NOTIFICATION_BOOKED, ten_ms + 24 * HOUR_MS, ten_ms), 0);
}

static void test_quiet_hours(void **state)
{
    (void)state;
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Makassar");
    const NotificationQuiet quiet = {zone, 21, 6};
    const struct {
        int64_t at_ms, end_ms; /* from 10.00 */
    } rows[] = {
        {0, 0},
        {11 * HOUR_MS - 1000, 11 * HOUR_MS - 1000}, /* 20.59.59 */
        {11 * HOUR_MS, 20 * HOUR_MS},               /* 21.00: until 06.00 */
        {14 * HOUR_MS, 20 * HOUR_MS},               /* midnight */
        {20 * HOUR_MS - 1000, 20 * HOUR_MS},        /* 05.59.59 */
        {20 * HOUR_MS, 20 * HOUR_MS},               /* 06.00 */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t at_ms = ten_ms + rows[i].at_ms;
        assert_int_equal(notification_quiet_end(&quiet, NOTIFICATION_DAY_BEFORE, at_ms),
                         ten_ms + rows[i].end_ms);
        assert_int_equal(notification_quiet_end(&quiet, NOTIFICATION_HOUR_BEFORE, at_ms), at_ms);
        assert_int_equal(notification_quiet_end(&quiet, NOTIFICATION_SOON, at_ms), at_ms);
        assert_int_equal(notification_quiet_end(&quiet, NOTIFICATION_NEXT, at_ms), at_ms);
    }
}

/* Within one day, and none at all. */
static void test_other_quiet_hours(void **state)
{
    (void)state;
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Makassar");
    const NotificationQuiet noon = {zone, 12, 14}, none = {zone, 10, 10}, midnight = {zone, 0, 6};
    const struct {
        const NotificationQuiet *quiet;
        int64_t at_ms, end_ms; /* from 10.00 */
    } rows[] = {
        {&noon, 2 * HOUR_MS - 1000, 2 * HOUR_MS - 1000},
        {&noon, 2 * HOUR_MS, 4 * HOUR_MS},
        {&noon, 4 * HOUR_MS, 4 * HOUR_MS},
        {&none, 0, 0},
        {&none, 14 * HOUR_MS, 14 * HOUR_MS},
        {&midnight, 13 * HOUR_MS, 13 * HOUR_MS}, /* 23.00 */
        {&midnight, 14 * HOUR_MS, 20 * HOUR_MS},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_int_equal(
            notification_quiet_end(rows[i].quiet, NOTIFICATION_DAY_BEFORE, ten_ms + rows[i].at_ms),
            ten_ms + rows[i].end_ms);
}

static NotificationFacts facts_of(NotificationKind kind, VisitState state)
{
    return (NotificationFacts){
        .kind = kind,
        .occurrence = ten_ms + HOUR_MS,
        .created_at_ms = ten_ms,
        .state = state,
        .starts_at_ms = ten_ms + HOUR_MS,
        .ends_at_ms = ten_ms + HOUR_MS + 15 * MINUTE_MS,
        .late_said_at_ms = kind == NOTIFICATION_LATE ? ten_ms + HOUR_MS : 0,
        .hit_at_ms = kind == NOTIFICATION_HOURS_CHANGED ? ten_ms + HOUR_MS : 0,
    };
}

static void assert_moot(NotificationKind kind, VisitState state, const char *reason)
{
    NotificationFacts facts = facts_of(kind, state);
    facts.starts_at_ms += 2 * HOUR_MS; /* not too late for any */
    facts.ends_at_ms += 2 * HOUR_MS;
    facts.occurrence += 2 * HOUR_MS;
    facts.late_said_at_ms = kind == NOTIFICATION_LATE ? facts.occurrence : 0;
    facts.hit_at_ms = kind == NOTIFICATION_HOURS_CHANGED ? facts.occurrence : 0;
    const char *found = notification_moot(&facts, ten_ms);
    if (g_strcmp0(found, reason) != 0)
        fail_msg("%s in %s: %s", notification_kind_name(kind), visit_state_name(state),
                 found ? found : "(send)");
}

static void test_moot_by_state(void **state)
{
    (void)state;
    const NotificationKind reminders[] = {NOTIFICATION_DAY_BEFORE, NOTIFICATION_HOUR_BEFORE,
                                          NOTIFICATION_SOON};
    for (unsigned i = 0; i < 3; i++) {
        assert_moot(reminders[i], VISIT_STATE_BOOKED, NULL);
        assert_moot(reminders[i], VISIT_STATE_CHECKED_IN, "already_joined");
        assert_moot(reminders[i], VISIT_STATE_CALLED, "already_called");
        assert_moot(reminders[i], VISIT_STATE_CANCELLED_PATIENT, "visit_cancelled");
        assert_moot(reminders[i], VISIT_STATE_RESCHEDULED, "visit_moved");
        assert_moot(reminders[i], VISIT_STATE_NO_SHOW_PATIENT, "visit_over");
    }
    assert_moot(NOTIFICATION_BOOKED, VISIT_STATE_CHECKED_IN, NULL);
    assert_moot(NOTIFICATION_BOOKED, VISIT_STATE_CANCELLED_PROVIDER, "visit_cancelled");
    assert_moot(NOTIFICATION_MOVED, VISIT_STATE_RESCHEDULED, "visit_moved");
    assert_moot(NOTIFICATION_NEXT, VISIT_STATE_CHECKED_IN, NULL);
    assert_moot(NOTIFICATION_NEXT, VISIT_STATE_IN_CALL, "already_called");
    assert_moot(NOTIFICATION_LATE, VISIT_STATE_CHECKED_IN, NULL);
    assert_moot(NOTIFICATION_LATE, VISIT_STATE_CALLED, "already_called");
    assert_moot(NOTIFICATION_HOURS_CHANGED, VISIT_STATE_BOOKED, NULL);
    assert_moot(NOTIFICATION_HOURS_CHANGED, VISIT_STATE_CHECKED_IN, NULL);
    assert_moot(NOTIFICATION_HOURS_CHANGED, VISIT_STATE_CALLED, NULL);
    assert_moot(NOTIFICATION_HOURS_CHANGED, VISIT_STATE_IN_CALL, "already_called");
    assert_moot(NOTIFICATION_HOURS_CHANGED, VISIT_STATE_RESCHEDULED, "visit_moved");
    assert_moot(NOTIFICATION_MISSED, VISIT_STATE_NO_SHOW_PATIENT, NULL);
    assert_moot(NOTIFICATION_CANCELLED, VISIT_STATE_CANCELLED_SYSTEM, NULL);
    assert_moot(NOTIFICATION_CONVERTED_PHONE, VISIT_STATE_CONVERTED_PHONE, NULL);
    assert_moot(NOTIFICATION_CONVERTED_IN_PERSON, VISIT_STATE_CONVERTED_IN_PERSON, NULL);
}

static void test_moot_by_the_way(void **state)
{
    (void)state;
    NotificationFacts facts = facts_of(NOTIFICATION_CONVERTED_PHONE, VISIT_STATE_BOOKED);
    facts.occurrence = facts.created_at_ms;
    assert_string_equal(notification_moot(&facts, facts.created_at_ms), "superseded");
    facts.way = VISIT_WAY_PHONE;
    assert_null(notification_moot(&facts, facts.created_at_ms));
    facts.state = VISIT_STATE_CANCELLED_PROVIDER;
    assert_string_equal(notification_moot(&facts, facts.created_at_ms), "visit_cancelled");
    NotificationFacts next = facts_of(NOTIFICATION_NEXT, VISIT_STATE_CHECKED_IN);
    next.way = VISIT_WAY_IN_PERSON;
    assert_string_equal(notification_moot(&next, next.created_at_ms), "not_by_video");
    NotificationFacts soon = facts_of(NOTIFICATION_SOON, VISIT_STATE_BOOKED);
    soon.way = VISIT_WAY_IN_PERSON;
    assert_string_equal(notification_moot(&soon, soon.starts_at_ms - 600000), "not_by_video");
    soon.way = VISIT_WAY_PHONE;
    assert_null(notification_moot(&soon, soon.starts_at_ms - 600000));
}

static void test_moot_by_what_came_after(void **state)
{
    (void)state;
    NotificationFacts missed = facts_of(NOTIFICATION_MISSED, VISIT_STATE_NO_SHOW_PATIENT);
    missed.is_followed = true;
    assert_string_equal(notification_moot(&missed, ten_ms), "already_rebooked");
    NotificationFacts late = facts_of(NOTIFICATION_LATE, VISIT_STATE_BOOKED);
    late.late_said_at_ms++;
    assert_string_equal(notification_moot(&late, ten_ms), "superseded");
    NotificationFacts hours = facts_of(NOTIFICATION_HOURS_CHANGED, VISIT_STATE_BOOKED);
    hours.occurrence = hours.hit_at_ms = ten_ms;
    assert_null(notification_moot(&hours, ten_ms));
    hours.hit_at_ms = 0;
    assert_string_equal(notification_moot(&hours, ten_ms), "superseded");
    NotificationFacts letter = facts_of(NOTIFICATION_LETTER, VISIT_STATE_DONE);
    letter.occurrence = letter.created_at_ms;
    assert_string_equal(notification_moot(&letter, ten_ms), "letter_revoked");
    letter.has_letter = true;
    assert_null(notification_moot(&letter, ten_ms));
    NotificationFacts revoked = facts_of(NOTIFICATION_LETTER_REVOKED, VISIT_STATE_DONE);
    revoked.occurrence = revoked.created_at_ms;
    assert_null(notification_moot(&revoked, ten_ms));
    NotificationFacts moved = facts_of(NOTIFICATION_SOON, VISIT_STATE_BOOKED);
    moved.starts_at_ms += 15 * MINUTE_MS;
    assert_string_equal(notification_moot(&moved, ten_ms), "visit_moved");
}

/* KIND is sent until just before LAST_MS and not from then on. */
static void assert_last(NotificationKind kind, VisitState state, int64_t last_ms)
{
    NotificationFacts facts = facts_of(kind, state);
    assert_null(notification_moot(&facts, last_ms - 1));
    assert_string_equal(notification_moot(&facts, last_ms), "too_late");
}

static void test_too_late(void **state)
{
    (void)state;
    int64_t starts_at_ms = ten_ms + HOUR_MS;
    assert_last(NOTIFICATION_DAY_BEFORE, VISIT_STATE_BOOKED, starts_at_ms - 2 * HOUR_MS);
    assert_last(NOTIFICATION_HOUR_BEFORE, VISIT_STATE_BOOKED, starts_at_ms - 15 * MINUTE_MS);
    assert_last(NOTIFICATION_SOON, VISIT_STATE_BOOKED, starts_at_ms + 5 * MINUTE_MS);
    assert_last(NOTIFICATION_BOOKED, VISIT_STATE_BOOKED, starts_at_ms + 15 * MINUTE_MS);
    assert_last(NOTIFICATION_NEXT, VISIT_STATE_CHECKED_IN, ten_ms + 15 * MINUTE_MS);
    assert_last(NOTIFICATION_LATE, VISIT_STATE_BOOKED, ten_ms + 30 * MINUTE_MS);
    assert_last(NOTIFICATION_HOURS_CHANGED, VISIT_STATE_BOOKED, ten_ms + 24 * HOUR_MS);
    assert_last(NOTIFICATION_MISSED, VISIT_STATE_NO_SHOW_PATIENT, ten_ms + 12 * HOUR_MS);
    assert_last(NOTIFICATION_CANCELLED, VISIT_STATE_CANCELLED_PROVIDER, ten_ms + 24 * HOUR_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_quiet_hours),
        cmocka_unit_test(test_other_quiet_hours),
        cmocka_unit_test(test_moot_by_the_way),
        cmocka_unit_test(test_moot_by_state),
        cmocka_unit_test(test_moot_by_what_came_after),
        cmocka_unit_test(test_too_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
