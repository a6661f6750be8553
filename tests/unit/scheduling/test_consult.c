// SPDX-License-Identifier: Apache-2.0
/* Questions between doctors: who sees what, who may do what, once and in time. */
#include "tests/unit/scheduling/asker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_asked_and_answered(void **state)
{
    Asker *asker = *state;
    const ConsultDraft draft = asker_draft(asker, 0, "0123456789abcdef");
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    assert_int_equal(asker->state, CONSULT_OPEN);
    assert_true(asker_heard(asker, 0) && asker_heard(asker, 1) && asker_heard(asker, 2));
    assert_true(asker_is_listed(asker, &asker_rahmat, CONSULT_BOX_OPEN));
    assert_true(asker_is_listed(asker, &asker_yusuf, CONSULT_BOX_ASKED));
    assert_false(asker_is_listed(asker, &asker_yusuf, CONSULT_BOX_OPEN));
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1);
    assert_true(asker_heard(asker, 1)); /* whose list has one less */
    clock_advance(asker->fixture->clock, 20 * MINUTE_MS);
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ASK_BACK, "Sejak kapan?"), -1);
    assert_int_equal(asker->state, CONSULT_ASKED_BACK);
    assert_true(asker_heard(asker, 2));
    assert_false(asker_heard(asker, 1));
    assert_int_equal(asker_write(asker, &asker_yusuf, CONSULT_POST_ADDITION, "Tiga hari."), -1);
    assert_int_equal(asker->state, CONSULT_TAKEN);
    clock_advance(asker->fixture->clock, 10 * MINUTE_MS);
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ANSWER, ASKER_OPINION), -1);
    assert_int_equal(asker->state, CONSULT_ANSWERED);
    assert_true(asker_heard(asker, 2));
    assert_int_equal(asker_look(asker, &asker_yusuf), -1);
    assert_string_equal(asker->posts->str, "question:" ASKER_WORDS ":0 ask_back:Sejak kapan?:0 "
                                           "addition:Tiga hari.:0 answer:" ASKER_OPINION ":0 ");
    assert_int_equal(asker->consult.first_answer_at_ms - asker->consult.asked_at_ms,
                     30 * MINUTE_MS);
    assert_true(asker->consult.is_asker && !asker->consult.is_expert);
    /* Once more: the first answer's time stays. */
    assert_int_equal(asker_write(asker, &asker_yusuf, CONSULT_POST_QUESTION, "Berapa lama?"), -1);
    assert_int_equal(asker->state, CONSULT_TAKEN);
    clock_advance(asker->fixture->clock, HOUR_MS);
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ANSWER, "Satu minggu."), -1);
    assert_int_equal(asker_look(asker, &asker_rahmat), -1);
    assert_int_equal(asker->consult.first_answer_at_ms - asker->consult.asked_at_ms,
                     30 * MINUTE_MS);
    assert_int_equal(asker_step(asker, &asker_yusuf, CONSULT_STEP_CLOSE), -1);
    assert_int_equal(asker_step(asker, &asker_yusuf, CONSULT_STEP_CLOSE), -1); /* is so already */
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ANSWER, "Lagi."),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(asker_look(asker, &asker_rahmat), -1);
    assert_string_equal(asker->lines->str, "taken closed ");
    assert_int_equal(asker_n_audited(asker, "consult.answer"), 2);
    assert_int_equal(asker_n_audited(asker, "consult.close"), 1);
    assert_int_equal(asker_n_events(asker, "consult.answered"), 2);
    assert_int_equal(
        asker_count(asker,
                    "SELECT COUNT(*) FROM outbox WHERE payload LIKE '%ruam%' OR payload LIKE "
                    "'%dermatitis%'"),
        0);
}

/* Asked again, given back: the asker need not wait for somebody to take it. */
static void test_closed_when_nobody_has_it(void **state)
{
    Asker *asker = *state;
    const ConsultDraft draft = asker_draft(asker, 0, "0123456789abcdef");
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    assert_int_equal(asker_step(asker, &asker_yusuf, CONSULT_STEP_CLOSE),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ANSWER, ASKER_OPINION), -1);
    assert_int_equal(asker_write(asker, &asker_yusuf, CONSULT_POST_QUESTION, "Berapa lama?"), -1);
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_GIVE_BACK), -1);
    assert_int_equal(asker_step(asker, &asker_yusuf, CONSULT_STEP_WITHDRAW),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(asker_step(asker, &asker_yusuf, CONSULT_STEP_CLOSE), -1);
    assert_int_equal(asker->state, CONSULT_CLOSED);
}

/* Two experts, one question: both ask for it before either is answered. */
static void test_one_of_two_takes_it(void **state)
{
    Asker *asker = *state;
    const ConsultDraft draft = asker_draft(asker, 0, "0123456789abcdef");
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    g_autofree char *id = g_strdup(asker->id);
    asker->n_codes = 0;
    asker->fixture->n_waiting += 2;
    consult_step(asker->fixture->scheduling, id, CONSULT_STEP_TAKE, &asker_rahmat, asker_on_step,
                 asker);
    consult_step(asker->fixture->scheduling, id, CONSULT_STEP_TAKE, &asker_nurhayati, asker_on_step,
                 asker);
    fixture_wait(asker->fixture);
    assert_int_equal(asker->codes[0], -1);
    /* To the second one it does not exist any more. */
    assert_int_equal(asker->codes[1], SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(asker_count(asker, "SELECT COUNT(*) FROM consult_step WHERE step = 'taken'"),
                     1);
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1); /* once more */
    assert_int_equal(asker_count(asker, "SELECT COUNT(*) FROM consult_step WHERE step = 'taken'"),
                     1);
}

static void test_who_sees_it(void **state)
{
    Asker *asker = *state;
    Fixture *fixture = asker->fixture;
    const Actor desk = {ACTOR_DESK, "user-9", NULL, fixture->seed.facility_ids[0], NULL, NULL};
    const Actor keeper = {
        ACTOR_COORDINATOR, "user-8", NULL, fixture->seed.facility_ids[0], NULL, NULL};
    ConsultDraft draft = asker_draft(asker, 0, "0123456789abcdef");
    draft.facility_id = NULL;
    draft.practitioner_id = fixture->seed.doctors[1].id;
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    /* Of the same facility, but not asked. */
    assert_false(asker_is_listed(asker, &asker_rahmat, CONSULT_BOX_OPEN));
    assert_int_equal(asker_look(asker, &asker_rahmat), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE),
                     SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(asker_look(asker, &desk), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(asker_look(asker, &keeper), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(asker_write(asker, &asker_nurhayati, CONSULT_POST_ANSWER, ASKER_OPINION),
                     SCHEDULING_ERROR_BAD_STATE); /* who has not taken it */
    assert_int_equal(asker_look(asker, &asker_nurhayati), -1);
    assert_true(asker_is_listed(asker, &asker_nurhayati, CONSULT_BOX_OPEN));

    const ConsultDraft other = asker_draft(asker, 0, "0123456789abcdef-2");
    assert_int_equal(asker_ask(asker, &asker_yusuf, &other), -1);
    assert_int_equal(asker_look(asker, &asker_nurhayati), -1);
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(asker_look(asker, &asker_nurhayati), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(asker_step(asker, &asker_yusuf, CONSULT_STEP_WITHDRAW), -1);
    assert_int_equal(asker_look(asker, &asker_rahmat), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(asker_look(asker, &asker_yusuf), -1);
    assert_int_equal(asker_n_audited(asker, "consult.read"), 3);
}

static void test_given_back_and_let_go(void **state)
{
    Asker *asker = *state;
    const Actor keeper = {
        ACTOR_COORDINATOR, "user-8", NULL, asker->fixture->seed.facility_ids[0], NULL, NULL};
    const Actor other = {
        ACTOR_COORDINATOR, "user-7", NULL, asker->fixture->seed.facility_ids[1], NULL, NULL};
    const ConsultDraft draft = asker_draft(asker, 0, "0123456789abcdef");
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(asker_step(asker, &asker_yusuf, CONSULT_STEP_GIVE_BACK),
                     SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_GIVE_BACK), -1);
    assert_int_equal(asker->state, CONSULT_OPEN);
    assert_true(asker_heard(asker, 1));
    assert_int_equal(asker_step(asker, &asker_nurhayati, CONSULT_STEP_TAKE), -1);
    assert_int_equal(asker_step(asker, &other, CONSULT_STEP_GIVE_BACK), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(asker_step(asker, &keeper, CONSULT_STEP_TAKE), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(asker_step(asker, &keeper, CONSULT_STEP_GIVE_BACK), -1);
    assert_int_equal(asker_look(asker, &asker_yusuf), -1);
    assert_string_equal(asker->lines->str, "taken given_back taken released ");
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ANSWER, ASKER_OPINION), -1);
    assert_int_equal(asker_step(asker, &keeper, CONSULT_STEP_GIVE_BACK),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(asker_step(asker, &asker_yusuf, CONSULT_STEP_WITHDRAW),
                     SCHEDULING_ERROR_BAD_STATE);
}

static void test_late_once(void **state)
{
    Asker *asker = *state;
    const Actor keeper = {
        ACTOR_COORDINATOR, "user-8", NULL, asker->fixture->seed.facility_ids[0], NULL, NULL};
    const Actor other = {
        ACTOR_COORDINATOR, "user-7", NULL, asker->fixture->seed.facility_ids[1], NULL, NULL};
    ConsultDraft draft = asker_draft(asker, 0, "0123456789abcdef");
    draft.urgency = CONSULT_EMERGENCY;
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    clock_advance(asker->fixture->clock, 15 * MINUTE_MS - 1);
    assert_int_equal(asker_sweep(asker), 0);
    assert_false(asker_is_listed(asker, &keeper, CONSULT_BOX_LATE));
    clock_advance(asker->fixture->clock, 1);
    assert_int_equal(asker_sweep(asker), 1);
    assert_true(asker_heard(asker, 0) && asker_heard(asker, 2));
    assert_int_equal(asker_sweep(asker), 0);
    assert_int_equal(asker_n_events(asker, "consult.overdue"), 1);
    assert_int_equal(asker_n_audited(asker, "consult.escalate"), 1);
    assert_true(asker_is_listed(asker, &keeper, CONSULT_BOX_LATE));
    assert_false(asker_is_listed(asker, &other, CONSULT_BOX_LATE));
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1);
    assert_true(asker_is_listed(asker, &keeper, CONSULT_BOX_LATE));
    /* Who waits for the asker is late no more, and has the whole time after it. */
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ASK_BACK, "Sejak kapan?"), -1);
    clock_advance(asker->fixture->clock, HOUR_MS);
    assert_int_equal(asker_sweep(asker), 0);
    assert_int_equal(asker_write(asker, &asker_yusuf, CONSULT_POST_ADDITION, "Tiga hari."), -1);
    assert_int_equal(asker_sweep(asker), 0);
    assert_false(asker_is_listed(asker, &keeper, CONSULT_BOX_LATE));
    clock_advance(asker->fixture->clock, 15 * MINUTE_MS);
    assert_int_equal(asker_sweep(asker), 1);
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ANSWER, ASKER_OPINION), -1);
    assert_false(asker_is_listed(asker, &keeper, CONSULT_BOX_LATE));
    assert_int_equal(asker_sweep(asker), 0);
}

/* While the expert waits for the asker no time runs. */
static void test_not_late_while_asked_back(void **state)
{
    Asker *asker = *state;
    ConsultDraft draft = asker_draft(asker, 0, "0123456789abcdef");
    draft.urgency = CONSULT_EMERGENCY;
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ASK_BACK, "Sejak kapan?"), -1);
    clock_advance(asker->fixture->clock, HOUR_MS);
    assert_int_equal(asker_sweep(asker), 0);
    assert_int_equal(asker_write(asker, &asker_yusuf, CONSULT_POST_ADDITION, "Tiga hari."), -1);
    clock_advance(asker->fixture->clock, 15 * MINUTE_MS - 1);
    assert_int_equal(asker_sweep(asker), 0);
    clock_advance(asker->fixture->clock, 1);
    assert_int_equal(asker_sweep(asker), 1);
}

static void on_waiting(const ConsultWaiting *waiting, const GError *error, gpointer user_data)
{
    Asker *asker = user_data;
    fixture_keep_error(asker->fixture, error);
    if (!error)
        asker->waiting = *waiting;
}

static void assert_waiting(Asker *asker, const Actor *actor, unsigned n_open, unsigned n_taken,
                           unsigned n_asked)
{
    consult_count_waiting(asker->fixture->scheduling, actor, on_waiting, asker);
    assert_int_equal(asker_wait(asker), -1);
    assert_int_equal(asker->waiting.n_open, n_open);
    assert_int_equal(asker->waiting.n_taken, n_taken);
    assert_int_equal(asker->waiting.n_asked, n_asked);
}

static void on_report(const ConsultReport *report, const GError *error, gpointer user_data)
{
    Asker *asker = user_data;
    fixture_keep_error(asker->fixture, error);
    if (!error)
        asker->totals = report->totals;
}

static void test_counted(void **state)
{
    Asker *asker = *state;
    for (unsigned i = 0; i < 6; i++) {
        g_autofree char *key = g_strdup_printf("0123456789abcde-%u", i);
        ConsultDraft draft = asker_draft(asker, 0, key);
        draft.urgency = CONSULT_EMERGENCY;
        assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
        assert_waiting(asker, &asker_rahmat, 1, 0, 0);
        assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1);
        assert_waiting(asker, &asker_rahmat, 0, 1, 0);
        if (i == 5)
            break;
        /* 4, 8, 12, 16, 20 minutes: three within 15. */
        clock_advance(asker->fixture->clock, (i + 1) * 4 * MINUTE_MS);
        assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ANSWER, ASKER_OPINION), -1);
        assert_waiting(asker, &asker_yusuf, 0, 0, 1);
        assert_int_equal(asker_step(asker, &asker_yusuf, CONSULT_STEP_CLOSE), -1);
    }
    assert_int_equal(asker_step(asker, &asker_yusuf, CONSULT_STEP_WITHDRAW), -1);
    const ConsultDraft open = asker_draft(asker, 0, "0123456789abcdef");
    assert_int_equal(asker_ask(asker, &asker_yusuf, &open), -1);
    consult_report(asker->fixture->scheduling, FIXTURE_TODAY, FIXTURE_TODAY, on_report, asker);
    assert_int_equal(asker_wait(asker), -1);
    const ConsultFigures *totals = &asker->totals;
    assert_int_equal(totals->asked, 7);
    assert_int_equal(totals->answered, 5);
    assert_int_equal(totals->in_time, 3);
    assert_int_equal(totals->withdrawn, 1);
    assert_int_equal(totals->unanswered, 1);
    assert_int_equal(totals->answer_p50_minutes, 12);
    consult_report(asker->fixture->scheduling, "2026-11-25", "2026-11-25", on_report, asker);
    assert_int_equal(asker_wait(asker), -1);
    assert_int_equal(asker->totals.asked, 0);
    assert_int_equal(asker->totals.answer_p50_minutes, -1);
}

#define CONSULT_TEST(test) cmocka_unit_test_setup_teardown(test, asker_set_up, asker_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONSULT_TEST(test_asked_and_answered),        CONSULT_TEST(test_closed_when_nobody_has_it),
        CONSULT_TEST(test_one_of_two_takes_it),       CONSULT_TEST(test_who_sees_it),
        CONSULT_TEST(test_given_back_and_let_go),     CONSULT_TEST(test_late_once),
        CONSULT_TEST(test_not_late_while_asked_back), CONSULT_TEST(test_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
