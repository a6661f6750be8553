// SPDX-License-Identifier: Apache-2.0
/* Outreach: what tablets send is there once, in order, or given back with its faults. */
#include "tests/unit/scheduling/tablet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/queue_step.h"
#include "tests/unit/scheduling/sweeper.h"

#define OTHER_DEVICE "0d9b2c1e-5a55-4c1d-9d3e-0f6a7b8c9d02"
#define BAD_NIK "7571023002900001"

static void on_call(const QueueCall *call, const GError *error, gpointer user_data)
{
    Tablet *tablet = user_data;
    fixture_keep_error(tablet->fixture, error);
    g_strlcpy(tablet->called, call->visit_id, sizeof tablet->called);
    tablet->n_waiting = call->n_waiting;
}

static int call_next(Tablet *tablet)
{
    Fixture *fixture = tablet->fixture;
    fixture->n_waiting++;
    queue_call_next(fixture->scheduling, &tablet_doctor, on_call, tablet);
    fixture_wait(fixture);
    return fixture->error_code;
}

static const char all_thirty[] = "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 "
                                 "21 22 23 24 25 26 27 28 29 30 ";

/* Whatever comes first: the later batch before the earlier, a batch backwards. */
static void test_in_the_order_of_the_tablet(void **state)
{
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    assert_int_equal(tablet_take_range(&tablet, 21, 30), -1);
    assert_int_equal(tablet.n_taken, 10);
    assert_string_equal(tablet.numbers->str, "A-1 A-2 A-3 A-4 A-5 A-6 A-7 A-8 A-9 A-10 ");
    assert_int_equal(tablet_take_range(&tablet, 20, 11), -1);
    assert_int_equal(tablet_take_range(&tablet, 1, 10), -1);
    assert_int_equal(tablet_list(&tablet), -1);
    assert_string_equal(tablet.order->str, all_thirty);
    /* And so the doctor calls them. */
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(call_next(&tablet), -1);
        assert_string_equal(tablet.called, tablet.visits->pdata[i]);
        assert_int_equal(tablet.n_waiting, 29 - i);
        assert_int_equal(fixture_accept(tablet.fixture, tablet.called), -1);
        assert_int_equal(fixture_connect(tablet.fixture, tablet.called), -1);
        assert_int_equal(fixture_end(tablet.fixture, tablet.called, VISIT_STATE_DONE), -1);
    }
}

/* The answer was lost: the tablet sends all of it again, and once more with others. */
static void test_sent_again_is_there_once(void **state)
{
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    assert_int_equal(tablet_take_range(&tablet, 1, 15), -1);
    g_autofree char *numbers = g_strdup(tablet.numbers->str);
    unsigned n_changes = tablet.fixture->changes->len;
    assert_int_equal(tablet_take_range(&tablet, 1, 15), -1);
    assert_int_equal(tablet.n_taken, 15);
    assert_string_equal(tablet.numbers->str, numbers);
    assert_int_equal(tablet.fixture->changes->len, n_changes);
    assert_int_equal(tablet_take_range(&tablet, 10, 20), -1);
    assert_int_equal(tablet_take_range(&tablet, 16, 30), -1);
    assert_int_equal(tablet_list(&tablet), -1);
    assert_string_equal(tablet.order->str, all_thirty);
}

static void test_one_bad_does_not_hold_up_the_others(void **state)
{
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    GPtrArray *drafts = tablet_drafts();
    for (int64_t n = 1; n <= 4; n++)
        g_ptr_array_add(drafts, tablet_draft(n));
    OutreachDraft *bad = drafts->pdata[2];
    g_clear_pointer(&bad->without_nik, g_free);
    tablet_set(&bad->nik, BAD_NIK);
    bad->vitals[VITAL_PULSE] = 900;
    assert_int_equal(tablet_take(&tablet, drafts), -1);
    assert_int_equal(tablet.n_taken, 3);
    assert_int_equal(tablet.n_refused, 1);
    assert_string_equal(tablet.faults->str, "nik:nik_date vitals.pulse_per_min:too_large ");
    assert_int_equal(tablet_take_range(&tablet, 5, 9), -1);
    /* Mended it stands where it came. */
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(3)), -1);
    assert_string_equal(tablet.numbers->str, "A-9 ");
    assert_int_equal(tablet_list(&tablet), -1);
    assert_string_equal(tablet.order->str, "01 02 03 04 05 06 07 08 09 ");
    clock_advance(tablet.fixture->clock, MINUTE_MS);
    /* Of two tablets the one's order does not disturb the other's. */
    GPtrArray *other = tablet_drafts();
    OutreachDraft *first = tablet_draft(1);
    tablet_set(&first->id, "3b1f8a00-9999-4222-8333-000000000001");
    tablet_set(&first->name, "Pasien N99");
    g_ptr_array_add(other, first);
    const Actor actor = tablet_nurse(tablet.fixture);
    assert_int_equal(tablet_take_as(&tablet, &actor, OTHER_DEVICE, other), -1);
    assert_int_equal(tablet_list(&tablet), -1);
    assert_string_equal(tablet.order->str, "01 02 03 04 05 06 07 08 09 99 ");
}

static void test_changes_until_called(void **state)
{
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    OutreachDraft *same = tablet_draft(1);
    tablet_set(&same->name, "Pasien N77");
    assert_int_equal(tablet_take_one(&tablet, same), -1);
    assert_string_equal(tablet.faults->str, "revision:sent_otherwise ");
    OutreachDraft *newer = tablet_draft(1);
    tablet_set(&newer->name, "Pasien N77");
    newer->revision = 3;
    newer->consent = 1;
    assert_int_equal(tablet_take_one(&tablet, newer), -1);
    assert_int_equal(tablet.n_taken, 1);
    /* The first one, delayed on its way, takes nothing back. */
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    assert_int_equal(tablet.n_taken, 1);
    assert_int_equal(tablet.revision, 3);
    assert_int_equal(tablet_list(&tablet), -1);
    assert_string_equal(tablet.order->str, "77 ");
    assert_int_equal(call_next(&tablet), -1);
    OutreachDraft *late = tablet_draft(1);
    late->revision = 4;
    assert_int_equal(tablet_take_one(&tablet, late), -1);
    assert_string_equal(tablet.faults->str, "revision:already_called ");
    assert_int_equal(tablet_list(&tablet), -1);
    assert_string_equal(tablet.order->str, "77 ");
}

static void test_who_has_no_nik(void **state)
{
    static const struct {
        const char *nik, *without, *mother, *faults;
    } rows[] = {
        {NULL, NULL, NULL, "nik:required "},
        {NULL, "none", NULL, ""},
        {NULL, "lost", NULL, "without_nik:not_allowed "},
        {NULL, "newborn", NULL, "mother_nik:required "},
        {NULL, "newborn", BAD_NIK, "mother_nik:nik_date "},
        {NULL, "newborn", TABLET_GOOD_NIK, ""},
        {NULL, "none", TABLET_GOOD_NIK, "mother_nik:not_allowed "},
        {TABLET_GOOD_NIK, "none", NULL, "without_nik:not_allowed "},
        {TABLET_GOOD_NIK, NULL, NULL, ""},
    };
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        OutreachDraft *draft = tablet_draft(i + 1);
        tablet_set(&draft->nik, rows[i].nik);
        tablet_set(&draft->without_nik, rows[i].without);
        tablet_set(&draft->mother_nik, rows[i].mother);
        assert_int_equal(tablet_take_one(&tablet, draft), -1);
        assert_string_equal(tablet.faults->str, rows[i].faults);
    }
    OutreachDraft *man = tablet_draft(20);
    g_clear_pointer(&man->without_nik, g_free);
    tablet_set(&man->nik, "7571025708900002"); /* a woman's */
    tablet_set(&man->birth_date, "1990-08-17");
    tablet_set(&man->sex, "L");
    assert_int_equal(tablet_take_one(&tablet, man), -1);
    assert_int_equal(tablet.n_taken, 1);
    assert_string_equal(tablet.warnings->str, "nik:sex_differs ");
    OutreachDraft *odd = tablet_draft(21);
    g_clear_pointer(&odd->without_nik, g_free);
    tablet_set(&odd->nik, "7571995708900007"); /* no kecamatan; another birth date */
    assert_int_equal(tablet_take_one(&tablet, odd), -1);
    assert_int_equal(tablet.n_taken, 1);
    assert_string_equal(tablet.warnings->str, "nik:area_unknown nik:birth_date_differs ");
}

static void test_each_field_is_named(void **state)
{
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    OutreachDraft *empty = outreach_draft_new();
    assert_int_equal(tablet_take_one(&tablet, empty), -1);
    assert_string_equal(tablet.faults->str,
                        "id:required sequence:too_small revision:too_small "
                        "registered_at_ms:too_small name:required birth_date:required "
                        "nik:required sex:required identity:required reason:required ");
    OutreachDraft *wrong = tablet_draft(1000);
    tablet_set(&wrong->id, "no uuid");
    tablet_set(&wrong->phone, "12");
    tablet_set(&wrong->sex, "X");
    tablet_set(&wrong->identity, "passport");
    g_free(wrong->reason);
    wrong->reason = g_strnfill(OUTREACH_REASON_CHARS + 1, 'x');
    g_free(wrong->address);
    wrong->address = g_strnfill(OUTREACH_ADDRESS_CHARS + 1, 'x');
    wrong->consent = 7;
    assert_int_equal(tablet_take_one(&tablet, wrong), -1);
    assert_string_equal(tablet.faults->str,
                        "id:not_an_id sequence:too_large phone:not_a_phone sex:not_allowed "
                        "identity:not_allowed reason:too_long address:too_long consent:outdated ");
    assert_int_equal(tablet_list(&tablet), -1);
    assert_string_equal(tablet.order->str, "");
    /* A sequence is one patient's, an id one tablet's. */
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    OutreachDraft *double_sequence = tablet_draft(2);
    double_sequence->sequence = 1;
    assert_int_equal(tablet_take_one(&tablet, double_sequence), -1);
    assert_string_equal(tablet.faults->str, "sequence:taken ");
    GPtrArray *drafts = tablet_drafts();
    g_ptr_array_add(drafts, tablet_draft(1));
    const Actor actor = tablet_nurse(tablet.fixture);
    assert_int_equal(tablet_take_as(&tablet, &actor, OTHER_DEVICE, drafts), -1);
    assert_string_equal(tablet.faults->str, "id:taken ");
}

/* Doctors' absences, and a hundred for each that nobody expected. */
static unsigned end_days_at(Fixture *fixture, int days, int hour, int minute)
{
    fixture_turn_to(fixture, fixture_time(days, hour, minute));
    const DayEnded ended = sweeper_day_end(fixture);
    return ended.n_no_doctor + 100 * ended.n_cancelled + 10000 * ended.n_left;
}

/* A post's patients have the whole day, and nobody writes to them. The hours are until 20.00. */
static void test_who_was_not_seen_when_the_day_is_over(void **state)
{
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    assert_int_equal(tablet_take_range(&tablet, 1, 3), -1);
    assert_int_equal(end_days_at(tablet.fixture, 0, 21, 30), 0);
    assert_int_equal(tablet_take_range(&tablet, 4, 5), -1); /* sent in the evening */
    assert_int_equal(end_days_at(tablet.fixture, 1, 2, 59), 0);
    assert_int_equal(end_days_at(tablet.fixture, 1, 3, 0), 203);
    assert_int_equal(end_days_at(tablet.fixture, 1, 3, 1), 0);
    g_autofree char *told = tablet_ask(tablet.fixture, "SELECT COUNT(*) FROM notification");
    assert_string_equal(told, "0|");
    /* What the tablet sends anew of them comes too late. */
    OutreachDraft *again = tablet_draft(2);
    again->revision = 2;
    assert_int_equal(tablet_take_one(&tablet, again), -1);
    assert_string_equal(tablet.faults->str, "revision:already_called ");
}

#define OUTREACH_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTREACH_TEST(test_in_the_order_of_the_tablet),
        OUTREACH_TEST(test_sent_again_is_there_once),
        OUTREACH_TEST(test_one_bad_does_not_hold_up_the_others),
        OUTREACH_TEST(test_changes_until_called),
        OUTREACH_TEST(test_who_has_no_nik),
        OUTREACH_TEST(test_each_field_is_named),
        OUTREACH_TEST(test_who_was_not_seen_when_the_day_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
