// SPDX-License-Identifier: Apache-2.0
/* Patients who were taken down twice: found, merged, told apart, undone. */
#include "tests/unit/scheduling/fixture_sql.h"
#include "tests/unit/scheduling/pairer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

/* Which row each of the first two visits was booked with. */
static const char visits[] =
    "SELECT group_concat(x) FROM (SELECT id || patient_id AS x FROM visit ORDER BY starts_at_ms "
    "LIMIT 2)";
static const char nik[] = "7571025708900001";

static void each_certainty_is_told_and_others_are_no_pair(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pairer) answer = {.fixture = fixture};
    const PairerWho rows[] = {
        {"Siti Aminah", nik, NULL, NULL},
        {"Siti Aminnah", nik, NULL, NULL},               /* misspelt, the same NIK */
        {"Rosna Hasan", NULL, NULL, NULL},               /* */
        {"Hj. ROSNA  Hasan", NULL, NULL, NULL},          /* a title, the same phone */
        {"Yanti Pakaya", NULL, NULL, NULL},              /* */
        {"yanti pakaya", NULL, "0813 1111 2222", NULL},  /* another phone */
        {"Yanti Pakaya", NULL, NULL, "1991-08-17"},      /* another birth date: nobody's pair */
        {"Rosna Hasan", "7571025708900002", NULL, NULL}, /* with a NIK: pairs with both */
    };
    static const char *const expected[] = {NULL, "nik", NULL, "phone", NULL, "name"};
    for (int i = 0; i < (int)G_N_ELEMENTS(expected); i++) {
        unsigned before = pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer);
        assert_int_equal(pairer_book(fixture, 11 + i / 4, i % 4 * 15, &rows[i]), -1);
        unsigned n = pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer);
        assert_int_equal(n - before, expected[i] ? 1 : 0);
        if (expected[i])
            assert_string_equal(answer.certainty, expected[i]);
    }
    assert_int_equal(pairer_book(fixture, 13, 0, &rows[6]), -1);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 3);
    assert_int_equal(pairer_book(fixture, 13, 15, &rows[7]), -1);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 5);
}

/* Two rows of one person, of which only the second has a NIK; *ret_second is its visit. */
static void pair_of_two(Fixture *fixture, char **ret_first, char **ret_second)
{
    const PairerWho temporary = {"Siti Aminah", NULL, NULL, NULL};
    const PairerWho known = {"Siti Aminah", nik, NULL, NULL};
    assert_int_equal(pairer_book(fixture, 11, 0, &temporary), -1);
    *ret_first = g_strdup(fixture->visit_id);
    assert_int_equal(pairer_book(fixture, 12, 0, &known), -1);
    *ret_second = g_strdup(fixture->visit_id);
}

static void a_merge_joins_the_history_and_is_undone_exactly(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pairer) answer = {.fixture = fixture};
    g_autofree char *first = NULL, *second = NULL;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    pair_of_two(fixture, &first, &second);
    g_autofree char *before = fixture_sql_text(fixture, visits);
    assert_int_equal(pairer_earlier(fixture, second), 0);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 1);
    g_autofree char *pair = g_strdup(answer.pair_id);
    assert_int_equal(pairer_get(fixture, pair, &desk, &answer), -1);
    assert_null(answer.niks[0]);
    assert_string_equal(answer.niks[1], "757102******0001");
    g_autofree char *kept = g_strdup(answer.patients[1]);
    assert_int_equal(pairer_decide(fixture, pair, PAIR_MERGE, kept, &desk, &answer), -1);
    assert_int_equal(pairer_earlier(fixture, second), 1);
    g_autofree char *shown =
        fixture_sql_text(fixture, "SELECT COUNT(DISTINCT person_id) FROM patient");
    assert_string_equal(shown, "1");
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 0);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_MERGED, 0, &answer), 1);
    /* Whoever books without a NIK again meanwhile is offered again, to the one who is left. */
    const PairerWho again = {"Siti Aminah", NULL, NULL, NULL};
    assert_int_equal(pairer_book(fixture, 13, 0, &again), -1);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 1);
    g_autofree char *next = g_strdup(answer.pair_id);
    assert_int_equal(pairer_decide(fixture, next, PAIR_MERGE, kept, &desk, &answer), -1);
    assert_int_equal(pairer_earlier(fixture, fixture->visit_id), 2);

    assert_int_equal(pairer_decide(fixture, pair, PAIR_UNDO, NULL, &desk, &answer), -1);
    assert_int_equal(pairer_earlier(fixture, second), 0);
    assert_int_equal(pairer_earlier(fixture, fixture->visit_id), 1); /* the other merge holds */
    assert_int_equal(pairer_get(fixture, pair, &desk, &answer), -1);
    assert_int_equal(answer.state, PAIR_STATE_OPEN);
    assert_int_equal(answer.n_events, 2);
    g_autofree char *after = fixture_sql_text(fixture, visits);
    assert_string_equal(before, after);
    g_autofree char *audit = fixture_sql_text(
        fixture, "SELECT group_concat(action || ':' || n) FROM (SELECT action, COUNT(*) AS n "
                 "FROM audit WHERE object_kind = 'patient' AND action <> 'patient.history' "
                 "GROUP BY action ORDER BY action)");
    assert_string_equal(audit, "patient.compare:4,patient.merge:4,patient.undo:2");
}

static void the_second_of_two_merges_is_refused(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pairer) answer = {.fixture = fixture};
    g_autofree char *first = NULL, *second = NULL;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    pair_of_two(fixture, &first, &second);
    pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer);
    g_autofree char *pair = g_strdup(answer.pair_id);
    pairer_get(fixture, pair, &desk, &answer);
    g_autofree char *a = g_strdup(answer.patients[0]);
    g_autofree char *b = g_strdup(answer.patients[1]);
    /* What is shown and printed is the kept one's, so it has the NIK. */
    assert_int_equal(pairer_decide(fixture, pair, PAIR_MERGE, a, &desk, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    const PairDecision decisions[] = {{PAIR_MERGE, b, "satu"}, {PAIR_MERGE, a, "dua"}};
    Pairer answers[2] = {{.fixture = fixture}, {.fixture = fixture}};
    fixture->n_waiting += 2;
    for (unsigned i = 0; i < 2; i++)
        pair_decide(fixture->scheduling, pair, &decisions[i], &desk, pairer_on_decided,
                    &answers[i]);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_PAIR_DECIDED);
    g_autofree char *kept = fixture_sql_text(fixture, "SELECT DISTINCT person_id FROM patient");
    assert_string_equal(kept, b);
    assert_int_equal(pairer_decide(fixture, pair, PAIR_KEEP_APART, NULL, &desk, &answer),
                     SCHEDULING_ERROR_PAIR_DECIDED);
}

/* Two that are one person already, each merged with a third row: there is nothing to decide. */
static void what_a_third_row_has_joined_is_decided(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pairer) answer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    const PairerWho temporary = {"Siti Aminah", NULL, NULL, NULL};
    for (int i = 0; i < 3; i++)
        assert_int_equal(pairer_book(fixture, 11 + i, 0, &temporary), -1);
    g_autofree char *pairs = fixture_sql_text(
        fixture, "SELECT group_concat(id || first_id, '') FROM (SELECT id, first_id FROM "
                 "patient_pair ORDER BY first_id, second_id)");
    const size_t id = SCHEDULING_ID_BYTES - 1;
    assert_int_equal(strlen(pairs), 3 * 2 * id);
    for (size_t i = 0; i < 3; i++) {
        g_autofree char *pair = g_strndup(pairs + i * 2 * id, id);
        g_autofree char *keep = g_strndup(pairs + i * 2 * id + id, id);
        assert_int_equal(pairer_decide(fixture, pair, PAIR_MERGE, keep, &desk, &answer),
                         i < 2 ? -1 : SCHEDULING_ERROR_PAIR_DECIDED);
    }
}

static void what_cannot_be_one_is_refused(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pairer) answer = {.fixture = fixture};
    g_autofree char *first = NULL, *second = NULL;
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    pair_of_two(fixture, &first, &second);
    pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer);
    g_autofree char *pair = g_strdup(answer.pair_id);
    pairer_get(fixture, pair, &desk, &answer);
    g_autofree char *kept = g_strdup(answer.patients[0]);
    pairer_clear(&answer);
    assert_int_equal(
        pairer_decide(fixture, pair, PAIR_MERGE, "01hzzzzzzzzzzzzzzzzzzzzzzz", &desk, &answer),
        SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.fault, "keep");
    assert_int_equal(pairer_decide(fixture, pair, PAIR_UNDO, NULL, &desk, &answer),
                     SCHEDULING_ERROR_PAIR_DECIDED);
    /* Another NIK: they are two people, and nobody's to merge. */
    assert_int_equal(pairer_give_nik(fixture, first, "7571025708900009", &desk, &answer), -1);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 0);
    assert_int_equal(pairer_decide(fixture, pair, PAIR_MERGE, kept, &desk, &answer),
                     SCHEDULING_ERROR_TWO_PEOPLE);
}

static void nobody_else_sees_a_pair(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pairer) answer = {.fixture = fixture};
    g_autofree char *first = NULL, *second = NULL;
    const Actor others[] = {
        fixture_staff(fixture, ACTOR_DESK, 1),
        {.role = ACTOR_DESK, .user_id = "user-9"},
        {.role = ACTOR_COORDINATOR, .user_id = "c", .facility_id = fixture->seed.facility_ids[0]},
        {.role = ACTOR_OFFICER, .user_id = "o", .facility_id = fixture->seed.facility_ids[0]},
    };
    pair_of_two(fixture, &first, &second);
    pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer);
    g_autofree char *pair = g_strdup(answer.pair_id);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 1, &answer), 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        int code = pairer_get(fixture, pair, &others[i], &answer);
        assert_int_equal(code, i == 0 ? SCHEDULING_ERROR_NOT_FOUND : SCHEDULING_ERROR_FORBIDDEN);
        assert_int_equal(pairer_decide(fixture, pair, PAIR_KEEP_APART, NULL, &others[i], &answer),
                         code);
        assert_int_equal(pairer_give_nik(fixture, first, nik, &others[i], &answer),
                         SCHEDULING_ERROR_FORBIDDEN);
    }
}

static void a_nik_that_comes_later_leads_to_its_pair(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pairer) answer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    const PairerWho known = {"Siti Aminah", nik, NULL, NULL};
    const PairerWho baby = {"By. Ny. Siti", NULL, NULL, NULL};
    assert_int_equal(pairer_book(fixture, 11, 0, &known), -1);
    assert_int_equal(pairer_book(fixture, 12, 0, &baby), -1);
    g_autofree char *visit = g_strdup(fixture->visit_id);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 0);
    assert_int_equal(pairer_give_nik(fixture, visit, "757102570890", &desk, &answer),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.fault, "not_a_nik");
    assert_int_equal(pairer_give_nik(fixture, visit, "7571 0257 0890 0001", &desk, &answer), -1);
    assert_int_equal(answer.n_given, 1);
    assert_int_equal(answer.n_warnings, 0);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 1);
    assert_string_equal(answer.certainty, "nik");
    assert_int_equal(pairer_give_nik(fixture, visit, nik, &desk, &answer),
                     SCHEDULING_ERROR_BAD_STATE);
}

/* In the other facility, where the second doctor works. */
static int book_elsewhere(Fixture *fixture, int hour, const PairerWho *who)
{
    DemoSeed *seed = &fixture->seed;
    g_autofree char *sql =
        g_strdup_printf("SELECT c.id || m.practitioner_id FROM clinic_member m JOIN clinic c ON "
                        "c.id = m.clinic_id WHERE c.facility_id = '%s' ORDER BY 1 LIMIT 1",
                        seed->facility_ids[1]);
    g_autofree char *there = fixture_sql_text(fixture, sql);
    assert_int_equal(strlen(there), 2 * (SCHEDULING_ID_BYTES - 1));
    g_autofree char *clinic = g_strdup(fixture->clinic_id);
    g_autofree char *doctor = g_strdup(seed->doctors[0].id);
    g_strlcpy(fixture->clinic_id, there, sizeof fixture->clinic_id);
    g_strlcpy(seed->doctors[0].id, there + SCHEDULING_ID_BYTES - 1, SCHEDULING_ID_BYTES);
    int code = pairer_book(fixture, hour, 0, who);
    g_strlcpy(fixture->clinic_id, clinic, sizeof fixture->clinic_id);
    g_strlcpy(seed->doctors[0].id, doctor, SCHEDULING_ID_BYTES);
    return code;
}

/* Two rows without a NIK, of which the second is merged into the first, and then has a NIK. */
static void merge_and_give_nik(Fixture *fixture, char **ret_pair, char **ret_first)
{
    g_auto(Pairer) answer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    const PairerWho temporary = {"Siti Aminah", NULL, NULL, NULL};
    assert_int_equal(pairer_book(fixture, 11, 0, &temporary), -1);
    *ret_first = g_strdup(fixture->visit_id);
    assert_int_equal(pairer_book(fixture, 12, 0, &temporary), -1);
    pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer);
    *ret_pair = g_strdup(answer.pair_id);
    pairer_get(fixture, *ret_pair, &desk, &answer);
    g_autofree char *kept = g_strdup(answer.patients[0]);
    assert_int_equal(pairer_decide(fixture, *ret_pair, PAIR_MERGE, kept, &desk, &answer), -1);
    assert_int_equal(pairer_give_nik(fixture, fixture->visit_id, nik, &desk, &answer), -1);
}

/* The merge was a mistake. */
static void a_nik_goes_back_with_its_visit(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pairer) answer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    g_autofree char *pair = NULL, *first = NULL;
    static const char shown[] =
        "SELECT group_concat((nik_index IS NOT NULL) || COALESCE(sex, '-')) FROM (SELECT p.* FROM "
        "patient o JOIN person p ON p.id = o.person_id ORDER BY o.id)";
    merge_and_give_nik(fixture, &pair, &first);
    /* Now the person has one, and it is shown with either visit. */
    assert_int_equal(pairer_give_nik(fixture, first, nik, &desk, &answer),
                     SCHEDULING_ERROR_BAD_STATE);
    g_autofree char *merged = fixture_sql_text(fixture, shown);
    assert_string_equal(merged, "1P,1P");
    assert_int_equal(pairer_decide(fixture, pair, PAIR_UNDO, NULL, &desk, &answer), -1);
    g_autofree char *apart = fixture_sql_text(fixture, shown);
    assert_string_equal(apart, "0-,1P");
    assert_int_equal(pairer_get(fixture, pair, &desk, &answer), -1);
    assert_null(answer.niks[0]);
    assert_string_equal(answer.niks[1], "757102******0001");
    assert_int_equal(pairer_give_nik(fixture, first, "7571025708900009", &desk, &answer), -1);
}

/* PairerWho books with it afterwards is a pair, and either of the two may be kept: both have it. */
static void a_merged_nik_still_leads_to_its_person(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pairer) answer = {.fixture = fixture};
    const Actor desk = fixture_staff(fixture, ACTOR_DESK, 0);
    const PairerWho misspelt = {"Sity Aminah", nik, NULL, NULL};
    g_autofree char *pair = NULL, *first = NULL;
    merge_and_give_nik(fixture, &pair, &first);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 0);
    assert_int_equal(pairer_book(fixture, 13, 0, &misspelt), -1);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 1);
    assert_string_equal(answer.certainty, "nik");
    g_autofree char *next = g_strdup(answer.pair_id);
    pairer_get(fixture, next, &desk, &answer);
    g_autofree char *older = g_strdup(answer.patients[0]);
    assert_int_equal(pairer_decide(fixture, next, PAIR_MERGE, older, &desk, &answer), -1);
    assert_int_equal(pairer_earlier(fixture, fixture->visit_id), 2);
}

/* A pair that was found in one facility is the other's, too, once one of the two has been there. */
static void a_later_visit_shows_the_pair_there(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pairer) answer = {.fixture = fixture};
    const Actor there = fixture_staff(fixture, ACTOR_DESK, 1);
    const PairerWho one = {"Siti Aminah", nik, NULL, NULL};
    const PairerWho other = {"Siti Aminnah", nik, NULL, NULL};
    assert_int_equal(pairer_book(fixture, 11, 0, &one), -1);
    assert_int_equal(pairer_book(fixture, 12, 0, &other), -1);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 1);
    g_autofree char *pair = g_strdup(answer.pair_id);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 1, &answer), 0);
    assert_int_equal(book_elsewhere(fixture, 13, &one), -1);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 1, &answer), 1);
    assert_string_equal(answer.pair_id, pair);
    assert_int_equal(pairer_decide(fixture, pair, PAIR_KEEP_APART, NULL, &there, &answer), -1);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, i, &answer), 0);
        assert_int_equal(pairer_list(fixture, PAIR_STATE_DIFFERENT, i, &answer), 1);
    }
    assert_int_equal(pairer_decide(fixture, pair, PAIR_UNDO, NULL, &there, &answer), -1);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), 1);
}

/* Page by page, each pair once. */
static void more_pairs_than_a_page(void **state)
{
    Fixture *fixture = *state;
    g_auto(Pairer) answer = {.fixture = fixture};
    const PairerWho one = {"Siti Aminah", NULL, NULL, NULL};
    enum { N = 19, PAIRS = 1 + 2 + 3 * (N - 3) }; /* each with the three oldest at most */
    for (int i = 0; i < N; i++)
        assert_int_equal(pairer_book(fixture, 11 + i / 4, i % 4 * 15, &one), -1);
    assert_int_equal(pairer_list(fixture, PAIR_STATE_OPEN, 0, &answer), PAIR_MAX_LISTED);
    assert_true(answer.has_more);
    g_autofree char *first = g_strdup(answer.pair_id);
    g_autofree char *before = g_strdup(answer.last_id);
    assert_true(strcmp(first, before) > 0);
    assert_int_equal(pairer_list_before(fixture, PAIR_STATE_OPEN, before, 0, &answer),
                     PAIRS - PAIR_MAX_LISTED);
    assert_false(answer.has_more);
    assert_true(strcmp(answer.pair_id, before) < 0);
    g_autofree char *audit =
        fixture_sql_text(fixture, "SELECT COUNT(*) FROM audit WHERE action = 'patient.pairs'");
    assert_string_equal(audit, "2");
}

/* The text of the statement pair_list, as it is in the program; to be freed. */
static char *list_statement(void)
{
    static const char name[] = "-- name: pair_list\n";
    g_autoptr(GBytes) bytes = g_resource_lookup_data(
        scheduling_db_owner()->resource, "/huyula/scheduling/people/sql/people.sql", 0, NULL);
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    g_autofree char *all = g_strndup(data, size);
    const char *from = strstr(all, name);
    assert_non_null(from);
    from += strlen(name);
    const char *to = strchr(from, ';');
    assert_non_null(to);
    return g_strndup(from, to - from);
}

/* By the facility's own part, in its order: nothing is sorted, and nothing of others is read. */
static void a_list_reads_its_own_part_alone(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *statement = list_statement();
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", statement, NULL);
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, explain, -1, &rows, NULL), SQLITE_OK);
    for (int i = 0; sqlite3_step(rows) == SQLITE_ROW; i++) {
        const char *detail = (const char *)sqlite3_column_text(rows, 3);
        if (i == 0)
            assert_string_equal(detail, "SEARCH l USING PRIMARY KEY (facility_id=? AND state=? AND "
                                        "pair_id<?)");
        assert_null(strstr(detail, "SCAN"));
        assert_null(strstr(detail, "TEMP B-TREE"));
    }
    sqlite3_finalize(rows);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
        TEST(each_certainty_is_told_and_others_are_no_pair),
        TEST(a_merge_joins_the_history_and_is_undone_exactly),
        TEST(the_second_of_two_merges_is_refused),
        TEST(what_a_third_row_has_joined_is_decided),
        TEST(what_cannot_be_one_is_refused),
        TEST(nobody_else_sees_a_pair),
        TEST(a_nik_that_comes_later_leads_to_its_pair),
        TEST(a_nik_goes_back_with_its_visit),
        TEST(a_merged_nik_still_leads_to_its_person),
        TEST(a_later_visit_shows_the_pair_there),
        TEST(more_pairs_than_a_page),
        TEST(a_list_reads_its_own_part_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
