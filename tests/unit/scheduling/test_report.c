// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/record/record.h"
#include "scheduling/report/daily.h"

typedef void (*DailyCheck)(const Daily *daily);
typedef struct {
    Fixture *fixture;
    DailyCheck check;
} DailyGet;

static void on_daily(const Daily *daily, const GError *error, gpointer user_data)
{
    DailyGet *get = user_data;
    fixture_keep_error(get->fixture, error);
    if (daily && get->check)
        get->check(daily);
}

static int report(Fixture *fixture, const char *from, const char *to, DailyCheck check)
{
    DailyGet get = {fixture, check};
    fixture->n_waiting++;
    daily_report(fixture->scheduling, from, to, on_daily, &get);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void media(Fixture *fixture, const char *visit, VisitRole role, const char *endpoint,
                  RecordEventKind kind)
{
    g_autofree char *participant = fixture_participant(fixture, visit, role);
    RecordEvent event = {.visit_id = visit,
                         .participant_id = participant,
                         .endpoint_id = endpoint,
                         .kind = kind,
                         .at_ms = clock_wall_ms(fixture->clock),
                         .detail = "audio"};
    fixture->n_waiting++;
    record_event(fixture->scheduling, &event, fixture_on_done, fixture);
    fixture_wait(fixture);
}

/* A consultation whose start is SLOT minutes after 10.15: waits WAIT_MIN minutes after the later of
 * check-in and start, talks TALK_S seconds. */
static void consult(Fixture *fixture, int minute, int64_t wait_min, int64_t talk_s)
{
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, minute)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    int64_t to_start = fixture_time(0, 10, minute) - clock_wall_ms(fixture->clock);
    clock_advance(fixture->clock, MAX(to_start - 5 * MINUTE_MS, 0));
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    to_start = fixture_time(0, 10, minute) - clock_wall_ms(fixture->clock);
    clock_advance(fixture->clock, to_start + wait_min * MINUTE_MS);
    assert_int_equal(fixture_call(fixture, visit), -1);
    fixture_connect(fixture, visit);
    media(fixture, visit, VISIT_ROLE_PATIENT, "p", RECORD_EVENT_MEDIA_STARTED);
    media(fixture, visit, VISIT_ROLE_DOCTOR, "d", RECORD_EVENT_MEDIA_STARTED);
    clock_advance(fixture->clock, talk_s * 1000);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), -1);
}

static void check_day(const Daily *daily)
{
    assert_int_equal(daily->rows->len, 2); /* today and tomorrow, one facility */
    const DailyRow *today = g_ptr_array_index(daily->rows, 0);
    const DailyRow *tomorrow = g_ptr_array_index(daily->rows, 1);
    assert_string_equal(today->date, FIXTURE_TODAY);
    assert_string_equal(today->facility_name, "Puskesmas Limboto");
    assert_int_equal(today->booked, 9);
    assert_int_equal(today->done, 5);
    assert_int_equal(today->cancelled, 1);
    assert_int_equal(today->no_show, 1);
    assert_int_equal(today->tech_failed, 1);
    assert_int_equal(today->left, 0);
    assert_int_equal(today->open, 1);
    assert_int_equal(today->consultations, 4); /* one was shorter than a minute */
    assert_int_equal(today->n_waits, 5);
    assert_int_equal(today->wait_p50_minutes, 3); /* nearest rank of 1 2 3 4 6 */
    assert_int_equal(today->call_minutes, 5);     /* 4 x 60 s + 59 s */
    assert_string_equal(tomorrow->date, "2026-11-25");
    assert_int_equal(tomorrow->booked, 1);
    assert_int_equal(tomorrow->wait_p50_minutes, -1);
    assert_int_equal(daily->totals.booked, 10);
    assert_int_equal(daily->totals.wait_p50_minutes, 3);
}

static void test_counts(void **state)
{
    Fixture *fixture = *state;
    /* Booked first, since the lead time runs with the clock. */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 14, 0)), -1);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 14, 15)), -1);
    g_autofree char *missed = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 14, 30)), -1);
    g_autofree char *failed = g_strdup(fixture->visit_id);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 14, 45)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 0)), -1);
    consult(fixture, 30, 1, 60);
    consult(fixture, 60, 2, 60);
    consult(fixture, 90, 3, 60);
    consult(fixture, 120, 6, 60);
    consult(fixture, 150, 4, 59);
    fixture_turn_to(fixture, fixture_time(0, 14, 30));
    assert_int_equal(fixture_end(fixture, missed, VISIT_STATE_NO_SHOW_PATIENT), -1);
    assert_int_equal(fixture_end(fixture, failed, VISIT_STATE_TECH_FAILED), -1);
    assert_int_equal(report(fixture, FIXTURE_TODAY, "2026-11-25", check_day), -1);
}

static void check_empty(const Daily *daily)
{
    assert_int_equal(daily->rows->len, 0);
    assert_int_equal(daily->totals.booked, 0);
    assert_int_equal(daily->totals.wait_p50_minutes, -1);
}

static void test_spans(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(report(fixture, "2026-01-01", "2027-01-01", check_empty), -1);
    assert_int_equal(report(fixture, "2026-01-01", "2027-01-02", NULL),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_int_equal(report(fixture, "2026-01-02", "2026-01-01", NULL),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_int_equal(report(fixture, "today", "2026-01-01", NULL), SCHEDULING_ERROR_INVALID_FIELDS);
}

static void test_spans_are_refused_with_field_and_cause(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *faults;
    } rows[] = {
        {"2026-01-01", "2026-01-01", ""},
        {"2026-01-01", "2027-01-01", ""},
        {"9999-12-01", "9999-12-31", ""},
        {"2026-01-01", "2027-01-02", "to span_too_long 2026-01-01..2027-01-01;"},
        {"2026-01-02", "2026-01-01", "to too_early 2026-01-02..2027-01-02;"},
        {"today", "2026-01-01", "from not_a_date YYYY-MM-DD;"},
        {"", "2026-02-30", "from not_a_date YYYY-MM-DD;to not_a_date YYYY-MM-DD;"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(FaultList) faults = fault_list_new();
        g_autoptr(GString) text = g_string_new(NULL);
        bool is_fine = daily_check(rows[i].from, rows[i].to, faults);
        for (unsigned k = 0; k < fault_list_length(faults); k++) {
            const Fault *fault = fault_list_get(faults, k);
            g_string_append_printf(text, "%s %s %s;", fault->field, fault->code, fault->allowed);
        }
        assert_string_equal(text->str, rows[i].faults);
        assert_true(is_fine == (text->len == 0));
    }
}

int main(void)
{
#define REPORT_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        REPORT_TEST(test_counts),
        REPORT_TEST(test_spans),
        cmocka_unit_test(test_spans_are_refused_with_field_and_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
