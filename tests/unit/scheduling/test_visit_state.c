// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/visit_state.h"

/* Every from x to, by hand and apart from the table: a row is what may follow, in words. */
static const struct {
    const char *from;
    const char *to;
} edges[] = {
    {"requested", "booked cancelled_patient cancelled_provider cancelled_system"},
    {"booked", "checked_in done cancelled_patient cancelled_provider cancelled_system "
               "no_show_patient no_show_doctor tech_failed rescheduled"},
    {"checked_in", "booked called done left_without_being_seen cancelled_provider "
                   "cancelled_system no_show_patient no_show_doctor tech_failed rescheduled"},
    {"called", "called in_call done checked_in left_without_being_seen cancelled_provider "
               "cancelled_system no_show_patient no_show_doctor tech_failed converted_phone "
               "converted_in_person rescheduled"},
    {"in_call", "done tech_failed converted_phone converted_in_person cancelled_system"},
};

static bool is_expected(const char *from, const char *to)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(edges); i++) {
        if (strcmp(edges[i].from, from) != 0)
            continue;
        g_auto(GStrv) words = g_strsplit(edges[i].to, " ", -1);
        return g_strv_contains((const char *const *)words, to);
    }
    return false;
}

static void test_every_edge(void **state)
{
    (void)state;
    unsigned n_edges = 0;
    for (int from = 0; from < VISIT_N_STATES; from++) {
        for (int to = 0; to < VISIT_N_STATES; to++) {
            const char *a = visit_state_name((VisitState)from);
            const char *b = visit_state_name((VisitState)to);
            bool may = visit_state_may_follow((VisitState)from, (VisitState)to);
            if (may != is_expected(a, b))
                fail_msg("%s -> %s is %d", a, b, may);
            n_edges += may;
        }
    }
    assert_int_equal(n_edges, 4 + 9 + 10 + 13 + 5);
}

static void test_final_states_have_no_next(void **state)
{
    (void)state;
    for (int i = 0; i < VISIT_N_STATES; i++) {
        const VisitStateRow *row = visit_state_row((VisitState)i);
        assert_int_equal(row->is_final, row->next == 0);
        assert_false(row->is_cancelled && !row->is_final);
    }
}

static void test_names_and_words(void **state)
{
    (void)state;
    static const char *const appointment[] = {
        "proposed", "pending",          "booked",     "arrived",  "fulfilled", "cancelled",
        "noshow",   "entered-in-error", "checked-in", "waitlist", NULL};
    static const char *const encounter[] = {"planned", "arrived",  "triaged",   "in-progress",
                                            "onleave", "finished", "cancelled", NULL};
    VisitState parsed;
    for (int i = 0; i < VISIT_N_STATES; i++) {
        const VisitStateRow *row = visit_state_row((VisitState)i);
        assert_true(visit_state_parse(row->name, &parsed));
        assert_int_equal(parsed, i);
        assert_true(g_strv_contains(appointment, row->fhir_appointment));
        assert_true(g_strv_contains(encounter, row->fhir_encounter));
        assert_true(row->label_id[0] && row->label_en[0]);
    }
    assert_false(visit_state_parse("asleep", &parsed));
    assert_false(visit_state_parse(NULL, &parsed));
    assert_int_equal(visit_state_row(VISIT_STATE_CHECKED_IN)->bpjs_task, 3);
    assert_int_equal(visit_state_row(VISIT_STATE_IN_CALL)->bpjs_task, 4);
    assert_int_equal(visit_state_row(VISIT_STATE_DONE)->bpjs_task, 5);
    assert_int_equal(visit_state_row(VISIT_STATE_NO_SHOW_PATIENT)->bpjs_task, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_edge),
        cmocka_unit_test(test_final_states_have_no_next),
        cmocka_unit_test(test_names_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
