// SPDX-License-Identifier: Apache-2.0
/* A nurse beside a patient at a post: her signature, that she came, that she left. */
#include "tests/unit/scheduling/tablet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/outreach/nurse.h"

static int say_as(Fixture *fixture, const char *visit_id, const NurseWord *said, const Actor *actor)
{
    const NurseWord word = *said;
    fixture->n_waiting++;
    nurse_say(fixture->scheduling, visit_id, &word, actor, fixture_on_done, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int say(Fixture *fixture, const char *visit_id, NurseStep step, const char *seen,
               const Actor *actor)
{
    const NurseWord word = {step, seen, "Ns. Wati"};
    return say_as(fixture, visit_id, &word, actor);
}

typedef struct {
    Fixture *fixture;
    char *text; /* "who:seen nurse:is there" */
} Seen;

static void on_state(const NurseState *state, const GError *error, gpointer user_data)
{
    Seen *seen = user_data;
    fixture_keep_error(seen->fixture, error);
    seen->text = state ? g_strdup_printf("%s:%s %s:%d", state->countersigned_by, state->seen,
                                         state->nurse, state->nurse && state->left_at_ms == 0)
                       : NULL;
}

static char *look(Fixture *fixture, const char *visit_id, const Actor *actor)
{
    Seen seen = {fixture, NULL};
    fixture->n_waiting++;
    nurse_get_state(fixture->scheduling, visit_id, actor, on_state, &seen);
    fixture_wait(fixture);
    return seen.text;
}

static void assert_looks(Fixture *fixture, const char *visit_id, const Actor *actor,
                         const char *expected)
{
    g_autofree char *text = look(fixture, visit_id, actor);
    assert_non_null(text);
    assert_string_equal(text, expected);
}

static void test_signs_comes_and_leaves(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    const Actor nurse = tablet_nurse(fixture);
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    const char *visit = tablet.visit_id;
    assert_looks(fixture, visit, &tablet_doctor, "(null):(null) (null):0");
    assert_int_equal(say(fixture, visit, NURSE_STEP_LEFT, NULL, &nurse),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(say(fixture, visit, NURSE_STEP_COUNTERSIGNED, "family_card", &nurse), -1);
    assert_int_equal(say(fixture, visit, NURSE_STEP_COUNTERSIGNED, "ktp", &nurse), -1);
    assert_int_equal(say(fixture, visit, NURSE_STEP_JOINED, NULL, &nurse), -1);
    assert_looks(fixture, visit, &tablet_doctor, "Ns. Wati:ktp Ns. Wati:1");
    unsigned n_changes = fixture->changes->len;
    assert_int_equal(say(fixture, visit, NURSE_STEP_JOINED, NULL, &nurse), -1);
    assert_int_equal(fixture->changes->len, n_changes);
    assert_int_equal(say(fixture, visit, NURSE_STEP_LEFT, NULL, &nurse), -1);
    assert_int_equal(fixture->changes->len, n_changes + 1);
    assert_looks(fixture, visit, &nurse, "Ns. Wati:ktp Ns. Wati:0");
    assert_int_equal(say(fixture, visit, NURSE_STEP_JOINED, NULL, &nurse), -1);
    assert_looks(fixture, visit, &nurse, "Ns. Wati:ktp Ns. Wati:1");
    g_autofree char *events =
        tablet_ask(fixture, "SELECT kind || ' ' || COALESCE(detail, '') FROM visit_event WHERE "
                            "kind LIKE '%nurse%' OR kind = 'countersigned' ORDER BY id");
    assert_string_equal(events, "countersigned family_card|countersigned ktp|nurse_joined |"
                                "nurse_left |nurse_joined |");
    g_autofree char *audit = tablet_ask(
        fixture, "SELECT COUNT(*) FROM audit WHERE action LIKE 'nurse.%' AND actor_role = 'desk'");
    assert_string_equal(audit, "5|");
    /* Once it is over nobody signs any more; leaving is possible. */
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_DOCTOR), -1);
    assert_int_equal(say(fixture, visit, NURSE_STEP_COUNTERSIGNED, "ktp", &nurse),
                     SCHEDULING_ERROR_VISIT_CANCELLED);
    assert_int_equal(say(fixture, visit, NURSE_STEP_LEFT, NULL, &nurse), -1);
}

typedef struct {
    Fixture *fixture;
    char *said_by;
} Left;

static void on_left(const NurseState *state, const GError *error, gpointer user_data)
{
    Left *left = user_data;
    fixture_keep_error(left->fixture, error);
    assert_true(state->left_at_ms != 0);
    left->said_by = g_strdup(state->left_said_by);
}

/* Who said of the nurse that she left; NULL: she herself. */
static char *left_said_by(Fixture *fixture, const char *visit_id)
{
    Left left = {fixture, NULL};
    fixture->n_waiting++;
    nurse_get_state(fixture->scheduling, visit_id, &tablet_doctor, on_left, &left);
    fixture_wait(fixture);
    return left.said_by;
}

/* Who forgets to say so is not there for ever, and it is known who said it. */
static void test_others_say_that_she_left(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    g_autofree char *visit = g_strdup(tablet.visit_id);
    const Actor nurse = tablet_nurse(fixture);
    const Actor desk = tablet_nurse_of(fixture, "user-77", 0); /* not of the team */
    Actor coordinator = desk, office = desk;
    coordinator.role = ACTOR_COORDINATOR;
    office.role = ACTOR_OFFICE;
    const Actor none[] = {tablet_nurse_of(fixture, "user-78", 1),
                          office,
                          {.role = ACTOR_PATIENT},
                          {.role = ACTOR_ADMIN, .user_id = "user-80"}};
    const Actor *const others[] = {&tablet_doctor, &desk, &coordinator};
    const NurseWord left = {NURSE_STEP_LEFT, NULL, "dr. Lain"};
    assert_int_equal(say_as(fixture, visit, &left, &tablet_doctor), SCHEDULING_ERROR_BAD_STATE);
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        assert_int_equal(say(fixture, visit, NURSE_STEP_JOINED, NULL, &nurse), -1);
        for (unsigned k = 0; k < G_N_ELEMENTS(none); k++)
            assert_int_equal(say_as(fixture, visit, &left, &none[k]), SCHEDULING_ERROR_FORBIDDEN);
        assert_int_equal(say_as(fixture, visit, &left, others[i]), -1);
        /* Nobody leaves twice. */
        unsigned n_changes = fixture->changes->len;
        assert_int_equal(say_as(fixture, visit, &left, others[i]), -1);
        assert_int_equal(fixture->changes->len, n_changes);
        g_autofree char *by = left_said_by(fixture, visit);
        assert_string_equal(by, "dr. Lain");
    }
    g_autofree char *audit = tablet_ask(
        fixture, "SELECT actor_role || ' ' || reason FROM audit WHERE action = 'nurse.left' "
                 "ORDER BY rowid");
    g_autofree char *expected = g_strdup_printf("doctor %s|desk %s|coordinator %s|", nurse.user_id,
                                                nurse.user_id, nurse.user_id);
    assert_string_equal(audit, expected);
    assert_int_equal(say(fixture, visit, NURSE_STEP_JOINED, NULL, &nurse), -1);
    assert_int_equal(say(fixture, visit, NURSE_STEP_LEFT, NULL, &nurse), -1);
    assert_null(left_said_by(fixture, visit));
    /* Coming is nobody else's to say. */
    assert_int_equal(say(fixture, visit, NURSE_STEP_JOINED, NULL, &coordinator),
                     SCHEDULING_ERROR_FORBIDDEN);
}

typedef struct {
    Fixture *fixture;
    char *text; /* "nurse number clinic; " of each */
} There;

static void on_there(const GPtrArray *there, const GError *error, gpointer user_data)
{
    There *seen = user_data;
    GString *text = g_string_new(NULL);
    fixture_keep_error(seen->fixture, error);
    for (unsigned i = 0; there && i < there->len; i++) {
        const NurseThere *one = there->pdata[i];
        g_string_append_printf(text, "%s %s %s; ", one->nurse, one->number, one->clinic);
    }
    g_free(seen->text);
    seen->text = g_string_free(text, FALSE);
}

static int list_there(There *seen, const Actor *actor)
{
    seen->fixture->n_waiting++;
    nurse_list_there(seen->fixture->scheduling, actor, on_there, seen);
    fixture_wait(seen->fixture);
    return seen->fixture->error_code;
}

/* A coordinator sees who is there, by the visit's number, from her coming to her leaving; of the
 * own facility, on the day. */
static void test_who_is_there(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    g_autofree char *visit = g_strdup(tablet.visit_id);
    const Actor nurse = tablet_nurse(fixture);
    Actor coordinator = tablet_nurse_of(fixture, "user-77", 0);
    Actor other = tablet_nurse_of(fixture, "user-78", 1);
    coordinator.role = other.role = ACTOR_COORDINATOR;
    There seen = {fixture, NULL};
    assert_int_equal(list_there(&seen, &nurse), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(say(fixture, visit, NURSE_STEP_COUNTERSIGNED, "ktp", &nurse), -1);
    assert_int_equal(list_there(&seen, &coordinator), -1);
    assert_string_equal(seen.text, "");
    for (int i = 0; i < 2; i++) { /* she may come again */
        assert_int_equal(say(fixture, visit, NURSE_STEP_JOINED, NULL, &nurse), -1);
        assert_int_equal(list_there(&seen, &coordinator), -1);
        assert_string_equal(seen.text, "Ns. Wati A-1 Poli Umum; ");
        assert_int_equal(list_there(&seen, &other), -1);
        assert_string_equal(seen.text, "");
        assert_int_equal(say(fixture, visit, NURSE_STEP_LEFT, NULL, &coordinator), -1);
        assert_int_equal(list_there(&seen, &coordinator), -1);
        assert_string_equal(seen.text, "");
    }
    assert_int_equal(say(fixture, visit, NURSE_STEP_JOINED, NULL, &nurse), -1);
    clock_advance(fixture->clock, 24 * 3600 * 1000);
    assert_int_equal(list_there(&seen, &coordinator), -1);
    assert_string_equal(seen.text, "");
    g_free(seen.text);
}

/* Whoever is written down anew has been seen by nobody. */
static void test_a_signature_goes_with_the_identity(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    const Actor nurse = tablet_nurse(fixture);
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    g_autofree char *visit = g_strdup(tablet.visit_id);
    assert_int_equal(say(fixture, visit, NURSE_STEP_COUNTERSIGNED, "ktp", &nurse), -1);
    OutreachDraft *other = tablet_draft(1);
    tablet_set(&other->name, "Pasien N09");
    other->revision = 2;
    assert_int_equal(tablet_take_one(&tablet, other), -1);
    assert_looks(fixture, visit, &tablet_doctor, "(null):(null) (null):0");
    assert_int_equal(say(fixture, visit, NURSE_STEP_COUNTERSIGNED, "family_card", &nurse), -1);
    assert_looks(fixture, visit, &tablet_doctor, "Ns. Wati:family_card (null):0");
    g_autofree char *steps = tablet_ask(fixture, "SELECT step FROM nurse_step ORDER BY id");
    assert_string_equal(steps, "countersigned|withdrawn|countersigned|");
}

static void test_who_may(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    const char *visit = tablet.visit_id;
    const Actor colleague = tablet_nurse_of(fixture, "user-77", 0);
    const Actor stranger = tablet_nurse_of(fixture, "user-78", 1);
    assert_int_equal(say(fixture, visit, NURSE_STEP_COUNTERSIGNED, "ktp", &colleague),
                     SCHEDULING_ERROR_FORBIDDEN); /* not of the team */
    assert_int_equal(say(fixture, visit, NURSE_STEP_COUNTERSIGNED, "ktp", &stranger),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(say(fixture, visit, NURSE_STEP_JOINED, NULL, &tablet_doctor),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_null(look(fixture, visit, &stranger));
    /* A visit without a nurse has none. */
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    assert_int_equal(say(fixture, fixture->visit_id, NURSE_STEP_JOINED, NULL, &colleague),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_null(look(fixture, fixture->visit_id, &tablet_doctor));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_NOT_FOUND);
}

static void test_names(void **state)
{
    (void)state;
    NurseStep step = NURSE_STEP_LEFT;
    assert_true(nurse_step_parse("joined", &step));
    assert_int_equal(step, NURSE_STEP_JOINED);
    assert_false(nurse_step_parse("sat", &step));
    assert_false(nurse_step_parse(NULL, &step));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_signs_comes_and_leaves, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_others_say_that_she_left, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_a_signature_goes_with_the_identity, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_is_there, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_who_may, fixture_set_up, fixture_tear_down),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
