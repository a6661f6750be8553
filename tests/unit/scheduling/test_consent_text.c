// SPDX-License-Identifier: Apache-2.0
/* Versions of what patients agree to: written by an administrator, in effect from a day on, never
 * changed; who agreed to the one before is asked again where the visit is still to come. */
#include "scheduling/record/consent_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/record/consent.h"
#include "tests/unit/scheduling/fixture.h"

static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-7"};

#define LINE_ID                                                                                    \
    "Pemeriksaan lewat video menggantikan sebagian kunjungan dan tidak untuk keadaan darurat."
#define LINE_EN                                                                                    \
    "A visit by video replaces a part of a visit in person and is not for emergencies at all."

typedef struct {
    Fixture *fixture;
    char *text; /* "code field; ..." of a refusal, or what was asked for */
    int64_t version;
} Answer;

static void answer_clear(Answer *answer)
{
    g_free(answer->text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static void on_added(int64_t version, const FaultList *faults, const GError *error,
                     gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < fault_list_length(faults); i++) {
        const Fault *one = fault_list_get(faults, i);
        g_string_append_printf(text, "%s%s %s", i ? "; " : "", one->field, one->code);
    }
    g_free(answer->text);
    answer->text = g_string_free(text, FALSE);
    answer->version = version;
}

static const char *add_as(Answer *answer, const Actor *actor, const ConsentVersionNew *wanted)
{
    answer->fixture->n_waiting++;
    consent_version_add(answer->fixture->scheduling, actor, wanted, on_added, answer);
    fixture_wait(answer->fixture);
    return answer->text;
}

/* Two paragraphs, of which the second ends with MARK. */
static const char *add(Answer *answer, const char *mark, const char *from_date)
{
    g_autofree char *text_id = g_strdup_printf("  %s\n\n%s %s\n", LINE_ID, LINE_ID, mark);
    g_autofree char *text_en = g_strdup_printf("%s\n%s %s", LINE_EN, LINE_EN, mark);
    const ConsentVersionNew wanted = {text_id, text_en, from_date, "Ibu Rina"};
    return add_as(answer, &admin, &wanted);
}

static void on_text(const ConsentText *text, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_free(answer->text);
    answer->text = g_strdup(text->text_id);
    answer->version = text->version;
}

/* The version that is in effect, and its Indonesian text in ANSWER. */
static int64_t in_effect(Answer *answer)
{
    answer->fixture->n_waiting++;
    consent_get_text(answer->fixture->scheduling, on_text, answer);
    fixture_wait(answer->fixture);
    return answer->version;
}

static void on_versions(GPtrArray *versions, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; versions && i < versions->len; i++) {
        const ConsentVersion *one = versions->pdata[i];
        g_string_append_printf(text, "%d %s%s; ", (int)one->version, one->name,
                               one->is_in_effect ? "!" : "");
    }
    g_free(answer->text);
    answer->text = g_string_free(text, FALSE);
}

static const char *versions(Answer *answer, const Actor *actor)
{
    answer->fixture->n_waiting++;
    consent_versions_get(answer->fixture->scheduling, actor, on_versions, answer);
    fixture_wait(answer->fixture);
    return answer->text;
}

static void test_from_a_day_on(void **state)
{
    g_auto(Answer) answer = {.fixture = *state};
    assert_string_equal(versions(&answer, &admin), "1 !; ");
    assert_string_equal(add(&answer, "besok", "2026-11-25"), "");
    assert_int_equal(answer.version, 2);
    assert_int_equal(in_effect(&answer), 1);
    /* Until midnight of here, not of Greenwich. */
    clock_advance(answer.fixture->clock, 14 * HOUR_MS - 1);
    assert_int_equal(in_effect(&answer), 1);
    clock_advance(answer.fixture->clock, 1);
    assert_int_equal(in_effect(&answer), 2);
    assert_string_equal(answer.text, LINE_ID "\n" LINE_ID " besok");
    assert_string_equal(versions(&answer, &admin), "2 Ibu Rina!; 1 ; ");
    g_autofree char *audit = fixture_audit_reasons(answer.fixture, "consent_text.");
    assert_string_equal(audit, "consent_text.add: from 2026-11-25; ");
}

/* What is still to come is corrected by writing it again. */
static void test_what_was_written_last_counts(void **state)
{
    g_auto(Answer) answer = {.fixture = *state};
    assert_string_equal(add(&answer, "salah", "2026-11-27"), "");
    assert_string_equal(add(&answer, "benar", "2026-11-26"), "");
    clock_advance(answer.fixture->clock, 36 * HOUR_MS);
    assert_int_equal(in_effect(&answer), 1);
    clock_advance(answer.fixture->clock, 12 * HOUR_MS);
    assert_int_equal(in_effect(&answer), 3);
    clock_advance(answer.fixture->clock, 72 * HOUR_MS);
    assert_int_equal(in_effect(&answer), 3);
}

static void on_day(const Day *day, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    assert_int_equal(day->visits->len, 1);
    answer->version = ((const DayVisit *)day->visits->pdata[0])->has_consent;
}

static bool listed_consent(Answer *answer)
{
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    answer->fixture->n_waiting++;
    day_list(answer->fixture->scheduling, &doctor, NULL, on_day, answer);
    fixture_wait(answer->fixture);
    return answer->version != 0;
}

static void on_state(const ConsentState *state, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_free(answer->text);
    answer->text =
        g_strdup_printf("%s given:%d outdated:%d", state->how, state->is_given, state->is_outdated);
}

static const char *own_state(Answer *answer, const char *visit_id)
{
    answer->fixture->n_waiting++;
    consent_get_state(answer->fixture->scheduling, visit_id, on_state, answer);
    fixture_wait(answer->fixture);
    return answer->text;
}

static void on_given(const FaultList *faults, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_free(answer->text);
    answer->text = fault_list_length(faults) > 0
                       ? g_strdup_printf("%s %s", fault_list_get(faults, 0)->code,
                                         fault_list_get(faults, 0)->allowed)
                       : g_strdup("");
}

static const char *agree(Answer *answer, const char *visit_id, int64_t version)
{
    const ConsentGiven given = {
        .version = version, .how = CONSENT_ACCEPTED, .giver = CONSENT_GIVER_BY_AGE};
    g_autofree char *patient = fixture_participant(answer->fixture, visit_id, VISIT_ROLE_PATIENT);
    const Actor actor = {.role = ACTOR_PATIENT, .participant_id = patient};
    answer->fixture->n_waiting++;
    consent_give(answer->fixture->scheduling, visit_id, &given, &actor, on_given, answer);
    fixture_wait(answer->fixture);
    return answer->text;
}

static void test_asked_again(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {.fixture = fixture};
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    assert_string_equal(agree(&answer, visit, 1), "");
    assert_true(listed_consent(&answer));
    assert_string_equal(own_state(&answer, visit), "accepted given:1 outdated:0");
    assert_string_equal(add(&answer, "dua", "2026-11-24"), ""); /* today: from now on */
    assert_false(listed_consent(&answer));
    assert_string_equal(own_state(&answer, visit), "accepted given:0 outdated:1");
    assert_string_equal(agree(&answer, visit, 1), "outdated 2");
    assert_string_equal(agree(&answer, visit, 2), "");
    assert_true(listed_consent(&answer));
    assert_string_equal(own_state(&answer, visit), "accepted given:1 outdated:0");
    /* Of a visit that is over it stays what it was. */
    assert_int_equal(fixture_cancel(fixture, visit, ACTOR_DOCTOR), -1);
    assert_string_equal(add(&answer, "tiga", NULL), "");
    assert_true(listed_consent(&answer));
}

static void on_booked(const Booking *booking, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_free(answer->text);
    answer->text = fault_list_length(booking->faults) > 0
                       ? g_strdup_printf("%s %s %s", fault_list_get(booking->faults, 0)->field,
                                         fault_list_get(booking->faults, 0)->code,
                                         fault_list_get(booking->faults, 0)->allowed)
                       : g_strdup(booking->repeated ? "repeated" : "");
}

static const char *book(Answer *answer, int64_t version, const char *key)
{
    BookingRequest *request = fixture_request(answer->fixture, fixture_time(0, 11, 0));
    request->consent = version;
    request->idempotency_key = g_strdup(key);
    answer->fixture->n_waiting++;
    booking_create(answer->fixture->scheduling, request, on_booked, answer);
    fixture_wait(answer->fixture);
    return answer->text;
}

/* The form was open when the text was replaced: which one is to be read is said, and nothing was
 * booked; what was booked before is answered again as it was. */
static void test_form_open_over_the_change(void **state)
{
    g_auto(Answer) answer = {.fixture = *state};
    assert_string_equal(add(&answer, "dua", NULL), "");
    assert_string_equal(book(&answer, 1, "kunci-satu"), "consent outdated 2");
    assert_int_equal(answer.fixture->error_code, SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(book(&answer, 2, "kunci-dua"), "");
    assert_string_equal(add(&answer, "tiga", NULL), "");
    assert_string_equal(book(&answer, 2, "kunci-dua"), "repeated");
}

static void test_what_cannot_be(void **state)
{
    g_auto(Answer) answer = {.fixture = *state};
    const ConsentVersionNew empty = {" \n ", "short", "2026-02-30", NULL};
    assert_string_equal(add_as(&answer, &admin, &empty),
                        "text_id required; text_en too_short; from not_a_date");
    g_autofree char *huge = g_strnfill(CONSENT_TEXT_MAX_CHARS + 1, 'a');
    const ConsentVersionNew long_text = {huge, huge, NULL, NULL};
    assert_string_equal(add_as(&answer, &admin, &long_text), "text_id too_long; text_en too_long");
    const ConsentVersionNew uneven = {LINE_ID "\n" LINE_ID, LINE_EN LINE_EN, NULL, NULL};
    assert_string_equal(add_as(&answer, &admin, &uneven), "text_en paragraphs_differ");
    assert_string_equal(add(&answer, "x", "2026-11-23"), "from in_past");
    assert_string_equal(add(&answer, "x", "2027-11-27"), "from too_late");
    assert_string_equal(add(&answer, "x", NULL), "");
    assert_string_equal(add(&answer, "x", "2026-12-01"), "text_id same_text");
    assert_int_equal(in_effect(&answer), 2);
}

static void test_administrators_only(void **state)
{
    g_auto(Answer) answer = {.fixture = *state};
    const ActorRole others[] = {ACTOR_DOCTOR, ACTOR_DESK, ACTOR_COORDINATOR, ACTOR_OFFICE};
    const ConsentVersionNew wanted = {LINE_ID LINE_ID, LINE_EN LINE_EN, NULL, NULL};
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        const Actor actor = {.role = others[i],
                             .user_id = "user-0",
                             .facility_id = answer.fixture->seed.facility_ids[0]};
        add_as(&answer, &actor, &wanted);
        assert_int_equal(answer.fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
        versions(&answer, &actor);
        assert_int_equal(answer.fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    }
    assert_int_equal(in_effect(&answer), 1);
}

#define TEXT_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEXT_TEST(test_from_a_day_on),       TEXT_TEST(test_what_was_written_last_counts),
        TEXT_TEST(test_asked_again),         TEXT_TEST(test_what_cannot_be),
        TEXT_TEST(test_administrators_only), TEXT_TEST(test_form_open_over_the_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
