// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/unanswered.h"
#include "scheduling/outreach/nurse.h"

typedef struct {
    Fixture *fixture;
    int code;           /* of the authorization; -1: fine */
    int admission_code; /* -1: may come in */
    TokenKind kind;
    VisitRole role;
    VisitGuest guest;
    unsigned n_participants;
    bool has_practitioner, has_facility;
    char topic[64];
} Grant;

static void on_grant(const TokenGrant *grant, const GError *error, gpointer user_data)
{
    Grant *result = user_data;
    fixture_keep_error(result->fixture, error);
    result->code = result->fixture->error_code;
    if (!grant)
        return;
    g_autoptr(GError) refused = NULL;
    bool admitted = token_check_admission(result->fixture->scheduling, grant, &refused);
    result->admission_code = admitted ? -1 : refused->code;
    result->kind = grant->kind;
    result->role = grant->role;
    result->guest = grant->guest;
    result->n_participants = grant->view ? grant->view->participants->len : 0;
    result->has_practitioner = grant->practitioner_id != NULL;
    result->has_facility = grant->facility_id != NULL;
    g_strlcpy(result->topic, grant->topic ? grant->topic : "", sizeof result->topic);
}

static Grant authorize(Fixture *fixture, const char *token)
{
    Grant result = {.fixture = fixture};
    fixture->n_waiting++;
    token_authorize(fixture->scheduling, token, on_grant, &result);
    fixture_wait(fixture);
    return result;
}

typedef struct {
    Fixture *fixture;
    char *token;
} Issued;

static void on_issued(const IssuedToken *issued, const GError *error, gpointer user_data)
{
    Issued *result = user_data;
    fixture_keep_error(result->fixture, error);
    if (issued)
        result->token = g_strdup(issued->token);
}

typedef void (*IssueFunc)(Scheduling *, const char *, const Actor *, TokenIssuedDone, gpointer);

static char *issue(Fixture *fixture, IssueFunc func, const char *visit, const Actor *actor)
{
    Issued result = {fixture, NULL};
    fixture->n_waiting++;
    func(fixture->scheduling, visit, actor, on_issued, &result);
    fixture_wait(fixture);
    return result.token;
}

static void test_unknown_tokens(void **state)
{
    Fixture *fixture = *state;
    static const char *const wrong[] = {"", "x", "0123456789ABCDEFGHIJKL",
                                        "0123456789ABCDEFGHIJK'"};
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_int_equal(authorize(fixture, wrong[i]).code, SCHEDULING_ERROR_LINK_INVALID);
}

static void test_patient_link_lives_and_dies(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    Grant grant = authorize(fixture, fixture->token);
    assert_int_equal(grant.code, -1);
    assert_int_equal(grant.kind, TOKEN_KIND_VISIT);
    assert_int_equal(grant.role, VISIT_ROLE_PATIENT);
    assert_int_equal(grant.admission_code, SCHEDULING_ERROR_TOO_EARLY);
    clock_advance(fixture->clock, 30 * MINUTE_MS);
    assert_int_equal(authorize(fixture, fixture->token).admission_code, -1);
    clock_advance(fixture->clock, 45 * MINUTE_MS + 24 * HOUR_MS - 1); /* end + 24 h - 1 ms */
    assert_int_equal(authorize(fixture, fixture->token).code, -1);
    clock_advance(fixture->clock, 1);
    assert_int_equal(authorize(fixture, fixture->token).code, SCHEDULING_ERROR_LINK_EXPIRED);
}

static void test_admission_by_state(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    g_autofree char *ended = g_strdup(fixture->token);
    fixture_check_in(fixture, fixture->visit_id);
    fixture_call(fixture, fixture->visit_id);
    fixture_connect(fixture, fixture->visit_id);
    assert_int_equal(authorize(fixture, ended).admission_code, -1);
    fixture_end(fixture, fixture->visit_id, VISIT_STATE_DONE);
    assert_int_equal(authorize(fixture, ended).admission_code, SCHEDULING_ERROR_VISIT_ENDED);
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 30)), -1);
    fixture_cancel(fixture, fixture->visit_id, ACTOR_DESK);
    assert_int_equal(authorize(fixture, fixture->token).admission_code,
                     SCHEDULING_ERROR_VISIT_CANCELLED);
}

static void test_doctor_token(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 15, 0)), -1);
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    const Actor stranger = {.role = ACTOR_DOCTOR, .user_id = "user-1"};
    const Actor desk = {.role = ACTOR_DESK, .facility_id = fixture->seed.facility_ids[0]};
    g_autofree char *token = issue(fixture, token_issue_doctor, fixture->visit_id, &doctor);
    Grant grant = authorize(fixture, token);
    assert_int_equal(grant.role, VISIT_ROLE_DOCTOR);
    assert_int_equal(grant.admission_code, -1); /* a doctor may come early */
    clock_advance(fixture->clock, 12 * HOUR_MS);
    assert_int_equal(authorize(fixture, token).code, SCHEDULING_ERROR_LINK_EXPIRED);
    assert_null(issue(fixture, token_issue_doctor, fixture->visit_id, &stranger));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    assert_null(issue(fixture, token_issue_doctor, fixture->visit_id, &desk));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    fixture_cancel(fixture, fixture->visit_id, ACTOR_DOCTOR);
    assert_null(issue(fixture, token_issue_doctor, fixture->visit_id, &doctor));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_VISIT_CANCELLED);
}

static void test_new_link_revokes_the_old(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    const Actor desk = {.role = ACTOR_DESK, .facility_id = fixture->seed.facility_ids[0]};
    const Actor other = {.role = ACTOR_DESK, .facility_id = fixture->seed.facility_ids[1]};
    g_autofree char *doctors = issue(fixture, token_issue_doctor, fixture->visit_id, &doctor);
    g_autofree char *link = issue(fixture, token_renew_link, fixture->visit_id, &desk);
    assert_int_equal(authorize(fixture, fixture->token).code, SCHEDULING_ERROR_LINK_INVALID);
    assert_int_equal(authorize(fixture, link).role, VISIT_ROLE_PATIENT);
    assert_int_equal(authorize(fixture, doctors).code, -1);
    assert_null(issue(fixture, token_renew_link, fixture->visit_id, &other));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
}

static void invite_family(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                          TokenIssuedDone done, gpointer user_data)
{
    token_invite_guest(scheduling, visit_id, VISIT_GUEST_FAMILY, actor, done, user_data);
}

/* A visit that was held has a page and letters; one that was not has none. */
static void test_new_link_after_the_visit(void **state)
{
    Fixture *fixture = *state;
    const Actor desk = {.role = ACTOR_DESK, .facility_id = fixture->seed.facility_ids[0]};
    assert_int_equal(fixture_book(fixture, fixture_time(0, 10, 15)), -1);
    const char *visit = fixture->visit_id;
    assert_int_equal(fixture_check_in(fixture, visit), -1);
    assert_int_equal(fixture_call(fixture, visit), -1);
    assert_int_equal(fixture_accept(fixture, visit), -1);
    assert_int_equal(fixture_connect(fixture, visit), -1);
    assert_int_equal(fixture_end(fixture, visit, VISIT_STATE_DONE), -1);
    clock_advance(fixture->clock, TOKEN_LETTERS_MS - 1); /* the last that it can be had */
    assert_int_equal(authorize(fixture, fixture->token).code, SCHEDULING_ERROR_LINK_EXPIRED);
    g_autofree char *link = issue(fixture, token_renew_link, visit, &desk);
    assert_non_null(link);
    assert_null(issue(fixture, invite_family, visit, &desk));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_VISIT_ENDED);
    clock_advance(fixture->clock, TOKEN_LETTERS_MS - 1);
    Grant grant = authorize(fixture, link);
    assert_int_equal(grant.role, VISIT_ROLE_PATIENT);
    assert_int_equal(grant.admission_code, SCHEDULING_ERROR_VISIT_ENDED);
    clock_advance(fixture->clock, 1);
    assert_int_equal(authorize(fixture, link).code, SCHEDULING_ERROR_LINK_EXPIRED);
    assert_null(issue(fixture, token_renew_link, visit, &desk));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_LINK_OVER);

    assert_int_equal(fixture_book(fixture, fixture_time(61, 11, 0)), -1);
    fixture_cancel(fixture, fixture->visit_id, ACTOR_DESK);
    assert_null(issue(fixture, token_renew_link, fixture->visit_id, &desk));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_VISIT_CANCELLED);
}

static void invite_interpreter(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                               TokenIssuedDone done, gpointer user_data)
{
    token_invite_guest(scheduling, visit_id, VISIT_GUEST_INTERPRETER, actor, done, user_data);
}

/* One of each kind: a new link for it replaces the one before and nobody else's. */
static void test_guests_come_in_by_links_of_their_own(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 11, 0)), -1);
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    const Actor desk = {.role = ACTOR_DESK, .facility_id = fixture->seed.facility_ids[0]};
    const Actor other = {.role = ACTOR_DESK, .facility_id = fixture->seed.facility_ids[1]};
    const Actor patient = {.role = ACTOR_PATIENT};
    const char *visit = fixture->visit_id;
    g_autofree char *first = issue(fixture, invite_interpreter, visit, &doctor);
    g_autofree char *family = issue(fixture, invite_family, visit, &desk);
    assert_int_equal(authorize(fixture, first).role, VISIT_ROLE_GUEST);
    assert_int_equal(authorize(fixture, first).guest, VISIT_GUEST_INTERPRETER);
    assert_int_equal(authorize(fixture, family).guest, VISIT_GUEST_FAMILY);
    assert_int_equal(authorize(fixture, first).admission_code, SCHEDULING_ERROR_TOO_EARLY);
    g_autofree char *second = issue(fixture, invite_interpreter, visit, &doctor);
    assert_int_equal(authorize(fixture, first).code, SCHEDULING_ERROR_LINK_INVALID);
    assert_int_equal(authorize(fixture, second).n_participants, 4);
    assert_int_equal(authorize(fixture, family).code, -1);
    assert_int_equal(authorize(fixture, fixture->token).role, VISIT_ROLE_PATIENT);
    assert_null(issue(fixture, invite_family, visit, &other));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    assert_null(issue(fixture, invite_family, visit, &patient));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
}

static void issue_day(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                      TokenIssuedDone done, gpointer user_data)
{
    (void)visit_id;
    token_issue_day(scheduling, actor, done, user_data);
}

static void test_day_tokens(void **state)
{
    Fixture *fixture = *state;
    const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
    const Actor desk = {.role = ACTOR_DESK, .facility_id = fixture->seed.facility_ids[0]};
    const Actor office = {.role = ACTOR_OFFICE, .user_id = "o"};
    g_autofree char *of_doctor = issue(fixture, issue_day, NULL, &doctor);
    g_autofree char *of_desk = issue(fixture, issue_day, NULL, &desk);
    Grant grant = authorize(fixture, of_doctor);
    assert_int_equal(grant.kind, TOKEN_KIND_DAY);
    assert_true(grant.has_practitioner && !grant.has_facility);
    assert_int_equal(grant.admission_code, -1);
    grant = authorize(fixture, of_desk);
    assert_true(grant.has_facility && !grant.has_practitioner);
    assert_string_equal(grant.topic, "");
    assert_null(issue(fixture, issue_day, NULL, &office));
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
}

static void issue_unanswered(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                             TokenIssuedDone done, gpointer user_data)
{
    (void)visit_id;
    unanswered_watch(scheduling, actor, done, user_data);
}

static void issue_nurses(Scheduling *scheduling, const char *visit_id, const Actor *actor,
                         TokenIssuedDone done, gpointer user_data)
{
    (void)visit_id;
    nurses_watch(scheduling, actor, done, user_data);
}

/* Of one facility's list, or of all, and of no day. */
static void test_tokens_of_one_topic(void **state)
{
    Fixture *fixture = *state;
    const char *facility = fixture->seed.facility_ids[0];
    const Actor coordinator = {.role = ACTOR_COORDINATOR, .user_id = "k", .facility_id = facility};
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "a"};
    const Actor refused[] = {
        {.role = ACTOR_COORDINATOR, .user_id = "k"},
        {.role = ACTOR_DESK, .user_id = "d", .facility_id = facility},
        {.role = ACTOR_DOCTOR, .user_id = "user-0"},
    };
    g_autofree char *of_facility = issue(fixture, issue_unanswered, NULL, &coordinator);
    g_autofree char *of_all = issue(fixture, issue_unanswered, NULL, &admin);
    g_autofree char *topic = g_strconcat("unanswered:", facility, NULL);
    Grant grant = authorize(fixture, of_facility);
    assert_int_equal(grant.kind, TOKEN_KIND_DAY);
    assert_true(!grant.has_facility && !grant.has_practitioner);
    assert_string_equal(grant.topic, topic);
    grant = authorize(fixture, of_all);
    assert_string_equal(grant.topic, "unanswered:all");
    for (unsigned i = 0; i < G_N_ELEMENTS(refused); i++) {
        assert_null(issue(fixture, issue_unanswered, NULL, &refused[i]));
        assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
        assert_null(issue(fixture, issue_nurses, NULL, &refused[i]));
        assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    }
    g_autofree char *of_nurses = issue(fixture, issue_nurses, NULL, &coordinator);
    g_autofree char *nurses_topic = g_strconcat("nurses:", facility, NULL);
    assert_string_equal(authorize(fixture, of_nurses).topic, nurses_topic);
    assert_null(issue(fixture, issue_nurses, NULL, &admin));
}

static bool only_living(DbTx *tx, const char *bound_to, int64_t now_ms, bool *ret_holds,
                        GError **error)
{
    (void)tx;
    (void)now_ms;
    *ret_holds = strcmp(bound_to, "living") == 0;
    if (strcmp(bound_to, "broken") == 0)
        g_set_error_literal(error, BASE_ERROR, BASE_ERROR_FAILED, "cannot say");
    return strcmp(bound_to, "broken") != 0;
}

static void test_staff_tokens_live_as_long_as_what_they_are_bound_to(void **state)
{
    Fixture *fixture = *state;
    assert_int_equal(fixture_book(fixture, fixture_time(0, 15, 0)), -1);
    static const struct {
        const char *bound_to;
        int code, code_unchecked;
    } rows[] = {
        {NULL, -1, -1},
        {"living", -1, SCHEDULING_ERROR_LINK_INVALID},
        {"ended", SCHEDULING_ERROR_LINK_INVALID, SCHEDULING_ERROR_LINK_INVALID},
        {"broken", BASE_ERROR_FAILED, SCHEDULING_ERROR_LINK_INVALID},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Actor doctor = {
            .role = ACTOR_DOCTOR, .user_id = "user-0", .bound_to = rows[i].bound_to};
        g_autofree char *visit = issue(fixture, token_issue_doctor, fixture->visit_id, &doctor);
        g_autofree char *day = issue(fixture, issue_day, NULL, &doctor);
        g_autofree char *link = issue(fixture, token_renew_link, fixture->visit_id, &doctor);
        scheduling_set_binding_check(fixture->scheduling, NULL);
        assert_int_equal(authorize(fixture, visit).code, rows[i].code_unchecked);
        assert_int_equal(authorize(fixture, day).code, rows[i].code_unchecked);
        scheduling_set_binding_check(fixture->scheduling, only_living);
        assert_int_equal(authorize(fixture, visit).code, rows[i].code);
        assert_int_equal(authorize(fixture, day).code, rows[i].code);
        assert_int_equal(authorize(fixture, link).code,
                         -1); /* a patient's link is nobody's session */
    }
}

int main(void)
{
#define TOKEN_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TOKEN_TEST(test_unknown_tokens),
        TOKEN_TEST(test_patient_link_lives_and_dies),
        TOKEN_TEST(test_admission_by_state),
        TOKEN_TEST(test_doctor_token),
        TOKEN_TEST(test_new_link_revokes_the_old),
        TOKEN_TEST(test_new_link_after_the_visit),
        TOKEN_TEST(test_guests_come_in_by_links_of_their_own),
        TOKEN_TEST(test_day_tokens),
        TOKEN_TEST(test_tokens_of_one_topic),
        TOKEN_TEST(test_staff_tokens_live_as_long_as_what_they_are_bound_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
