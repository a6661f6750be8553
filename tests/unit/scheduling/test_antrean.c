// SPDX-License-Identifier: Apache-2.0
/* A visit in the national queue's words: as arithmetic, and as the database has it. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/booking/antrean.h"

enum { NOW_MS = 1000000 };

static VisitView view_of(VisitState state)
{
    return (VisitView){
        .code = (char *)"7KQM2",
        .number = (char *)"A-12",
        .clinic = (char *)"Poli Umum",
        .doctor = (char *)"dr. Rahmat Hasan",
        .state = state,
        .starts_at_ms = NOW_MS + 10 * MINUTE_MS,
        .waits = state == VISIT_STATE_CHECKED_IN,
        .ahead = 3,
        .wait_min_minutes = 10,
        .wait_max_minutes = 25,
        .late_minutes = 5,
    };
}

static void test_words_of_a_visit(void **state)
{
    (void)state;
    static const struct {
        VisitState state;
        int64_t at_ms, wait_s;
        unsigned ahead;
    } rows[] = {
        /* The middle of what is promised, whatever the time of the appointment. */
        {VISIT_STATE_CHECKED_IN, NOW_MS + 35 * MINUTE_MS / 2, 1050, 3},
        /* Its time, and so late the doctor said to be. */
        {VISIT_STATE_BOOKED, NOW_MS + 15 * MINUTE_MS, 900, 0},
        {VISIT_STATE_REQUESTED, NOW_MS + 15 * MINUTE_MS, 900, 0},
        {VISIT_STATE_CALLED, 0, 0, 0},
        {VISIT_STATE_DONE, 0, 0, 0},
        {VISIT_STATE_RESCHEDULED, 0, 0, 0},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const VisitView view = view_of(rows[i].state);
        g_auto(Antrean) antrean = {0};
        antrean_fill(&view, NOW_MS, &antrean);
        assert_int_equal(antrean.estimasidilayani, rows[i].at_ms);
        assert_int_equal(antrean.waktutunggu, rows[i].wait_s);
        assert_int_equal(antrean.sisaantrean, rows[i].ahead);
        assert_string_equal(antrean.nomorantrean, "A-12");
        assert_int_equal(antrean.angkaantrean, 12);
        assert_string_equal(antrean.kodebooking, "7KQM2");
    }
}

/* What is long past waits for nothing. */
static void test_past_is_no_wait(void **state)
{
    (void)state;
    VisitView view = view_of(VISIT_STATE_BOOKED);
    view.starts_at_ms = NOW_MS - HOUR_MS;
    view.late_minutes = 0;
    view.number = (char *)"";
    g_auto(Antrean) antrean = {0};
    antrean_fill(&view, NOW_MS, &antrean);
    assert_int_equal(antrean.waktutunggu, 0);
    assert_int_equal(antrean.angkaantrean, 0);
}

/* From when on a link opens is the facility's rule. */
static void test_words_name_the_rule(void **state)
{
    (void)state;
    VisitView view = view_of(VISIT_STATE_BOOKED);
    view.opens_at_ms = view.starts_at_ms - 45 * MINUTE_MS;
    g_auto(Antrean) antrean = {0};
    antrean_fill(&view, NOW_MS, &antrean);
    assert_string_equal(antrean.keterangan,
                        "Buka tautan kunjungan Anda 45 menit sebelum waktunya.");
    view.way = VISIT_WAY_PHONE;
    g_auto(Antrean) phoned = {0};
    antrean_fill(&view, NOW_MS, &phoned);
    assert_string_equal(phoned.keterangan, "Dokter menelepon Anda pada waktunya.");
}

static void on_antrean(const Antrean *antrean, const GError *error, gpointer user_data)
{
    Antrean *seen = user_data;
    assert_null(error);
    *seen = *antrean;
    seen->kodebooking = g_strdup(antrean->kodebooking);
    seen->namapoli = g_strdup(antrean->namapoli);
    seen->namadokter = g_strdup(antrean->namadokter);
    seen->keterangan = g_strdup(antrean->keterangan);
}

static Antrean ask(Fixture *fixture, const char *visit_id)
{
    Antrean seen = {.sisaantrean = G_MAXUINT};
    antrean_get(fixture->scheduling, visit_id, on_antrean, &seen);
    while (seen.sisaantrean == G_MAXUINT)
        g_main_context_iteration(NULL, TRUE);
    return seen;
}

static void test_as_the_queue_stands(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    g_autofree char *first = g_strdup(fixture->visit_id);
    g_autofree char *code = g_strdup(fixture->code);
    g_auto(Antrean) before = ask(fixture, first);
    assert_string_equal(before.kodebooking, code);
    assert_int_equal(before.estimasidilayani, fixture_time(0, 10, 15));
    assert_int_equal(before.waktutunggu, 900);
    assert_int_equal(before.sisaantrean, 0);
    assert_string_equal(before.antreanpanggil, "");
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), -1);
    g_autofree char *second = g_strdup(fixture->visit_id);
    g_auto(Antrean) one_less = ask(fixture, first);
    assert_int_equal(one_less.sisakuota, before.sisakuota - 1);
    assert_int_equal(fixture_check_in(fixture, first), -1);
    g_auto(Antrean) waits_before = ask(fixture, second);
    assert_int_equal(waits_before.sisaantrean, 1);
    assert_int_equal(fixture_call(fixture, first), -1);
    g_auto(Antrean) called = ask(fixture, second);
    assert_string_equal(called.antreanpanggil, before.nomorantrean);
    assert_int_equal(called.sisaantrean, 0);
    g_auto(Antrean) has_come = ask(fixture, first);
    assert_int_equal(has_come.estimasidilayani, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_of_a_visit),
        cmocka_unit_test(test_past_is_no_wait),
        cmocka_unit_test(test_words_name_the_rule),
        cmocka_unit_test_setup_teardown(test_as_the_queue_stands, fixture_set_up,
                                        fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
