// SPDX-License-Identifier: Apache-2.0
/* Holidays as a table: what goes out comes in again, what is wrong is told by line and column, and
 * a table is taken in whole or not at all. */
#include "scheduling/clinic/holiday_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/scheduling/mail.h"
#include "tests/unit/scheduling/words.h"

#define MARK "\xef\xbb\xbf"

typedef struct {
    Fixture *fixture;
    char *csv;      /* of the last table that went out */
    char *result;   /* "saved +added ~changed; line column code; ..." */
    char *allowed;  /* of the last fault */
    char *hits;     /* visits that are listed, with a blank behind each */
    HoursKeep keep; /* bookings, from now on */
    unsigned n_hit, n_told;
} Keeper;

static void on_csv(const char *csv, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    fixture_keep_error(keeper->fixture, error);
    g_free(keeper->csv);
    keeper->csv = g_strdup(csv);
}

static const char *take_out(Keeper *keeper, const Actor *actor)
{
    keeper->fixture->n_waiting++;
    table_job_get(keeper->fixture->scheduling, &holiday_table, actor, on_csv, keeper);
    fixture_wait(keeper->fixture);
    return keeper->csv;
}

static void on_imported(const TableImported *imported, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    fixture_keep_error(keeper->fixture, error);
    g_free(keeper->result);
    keeper->result = words_imported(imported);
    g_free(keeper->allowed);
    const GPtrArray *faults = imported->faults;
    keeper->allowed = faults->len
                          ? g_strdup(((TableFault *)faults->pdata[faults->len - 1])->fault.allowed)
                          : NULL;
    GString *hits = g_string_new(NULL);
    for (unsigned i = 0; i < imported->hits->len; i++)
        g_string_append_printf(hits, "%s ", ((const HoursHit *)imported->hits->pdata[i])->visit_id);
    g_free(keeper->hits);
    keeper->hits = g_string_free(hits, FALSE);
    keeper->n_hit = imported->n_hit;
    keeper->n_told = imported->n_told;
}

static const char *take_in(Keeper *keeper, const Actor *actor, const char *csv, bool is_trial)
{
    keeper->fixture->n_waiting++;
    const TableGiven given = {csv, is_trial, keeper->keep};
    table_job_import(keeper->fixture->scheduling, &holiday_table, actor, &given, on_imported,
                     keeper);
    fixture_wait(keeper->fixture);
    return keeper->result;
}

static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "a"};

static Actor coordinator_of(const Fixture *fixture, int facility)
{
    return (Actor){.role = ACTOR_COORDINATOR,
                   .user_id = "c",
                   .facility_id = fixture->seed.facility_ids[facility]};
}

static int set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    Keeper *keeper = g_new0(Keeper, 1);
    keeper->fixture = *state;
    *state = keeper;
    return 0;
}

static int tear_down(void **state)
{
    Keeper *keeper = *state;
    void *fixture = keeper->fixture;
    g_free(keeper->csv);
    g_free(keeper->result);
    g_free(keeper->allowed);
    g_free(keeper->hits);
    g_free(keeper);
    return fixture_tear_down(&fixture);
}

static void test_in_and_out_and_in_again(void **state)
{
    Keeper *keeper = *state;
    const char *csv = "date;name;certain;facility\n2026-12-25;Natal;pasti;\n"
                      "2027-03-20;Idulfitri;Belum Pasti;\n"
                      "2026-12-25;Bersih-bersih;ya;Puskesmas Limboto\n";
    assert_string_equal(take_in(keeper, &admin, csv, true), "kept out +3 ~0");
    assert_string_equal(take_out(keeper, &admin),
                        MARK "\"date\",\"name\",\"certain\",\"facility\"\r\n");
    assert_string_equal(take_in(keeper, &admin, csv, false), "saved +3 ~0");
    g_autofree char *out = g_strdup(take_out(keeper, &admin));
    assert_string_equal(out,
                        MARK "\"date\",\"name\",\"certain\",\"facility\"\r\n"
                             "\"2026-12-25\",\"Natal\",\"yes\",\r\n"
                             "\"2026-12-25\",\"Bersih-bersih\",\"yes\",\"Puskesmas Limboto\"\r\n"
                             "\"2027-03-20\",\"Idulfitri\",\"no\",\r\n");
    assert_string_equal(take_in(keeper, &admin, out, false), "saved +0 ~0");
    /* A row of a known day changes it, and the others stay. */
    assert_string_equal(
        take_in(keeper, &admin, "date,name,certain\n2027-03-20,Idulfitri 1448,yes\n", false),
        "saved +0 ~1");
    assert_non_null(strstr(take_out(keeper, &admin), "\"2027-03-20\",\"Idulfitri 1448\",\"yes\""));
    assert_non_null(strstr(keeper->csv, "Natal"));
}

static void test_faults_by_line_and_column(void **state)
{
    Keeper *keeper = *state;
    g_autofree char *long_name = g_strnfill(HOLIDAY_NAME_CHARS + 1, 'x');
    g_autofree char *csv = g_strdup_printf("date,name,certain,facility\n2026-12-25,Natal,yes,\n"
                                           "2026-02-30,%s,mungkin,Klinik Hantu\n"
                                           "2026-12-26,,,\n2026-12-25,Natal lagi,no,\n",
                                           long_name);
    assert_string_equal(take_in(keeper, &admin, csv, false),
                        "kept out +1 ~0; 3 name too_long; 3 date not_a_date; 3 certain not_allowed;"
                        " 3 facility not_found; 4 name required; 4 certain not_allowed;"
                        " 5 date taken");
    assert_null(strstr(take_out(keeper, &admin), "Natal"));
    assert_string_equal(
        take_in(keeper, &admin, "date,name,certain\n2026-12-25,\"a\nb\",yes\n", false),
        "kept out +0 ~0; 2 name bad_characters");
    assert_string_equal(take_in(keeper, &admin, "date,judul\n2026-12-25,x\n", false),
                        "kept out +0 ~0; 1 judul unknown; 1 name required; 1 certain required");
    assert_string_equal(take_in(keeper, &admin, "\n", false), "kept out +0 ~0; 1  too_few");
}

/* Nobody has kept a holiday yet: what goes out holds nothing and comes in again. */
static void test_an_empty_table_holds_nothing(void **state)
{
    Keeper *keeper = *state;
    g_autofree char *empty = g_strdup(take_out(keeper, &admin));
    assert_string_equal(take_in(keeper, &admin, empty, true), "kept out +0 ~0");
    assert_string_equal(take_in(keeper, &admin, empty, false), "saved +0 ~0");
}

/* As a spreadsheet with Indonesian settings saves it: mark, semicolons, the day first. */
static void test_a_table_out_of_a_spreadsheet(void **state)
{
    Keeper *keeper = *state;
    const char *csv = MARK "tanggal;nama;pasti\r\n17/08/2027;Hari Kemerdekaan;ya\r\n"
                           "1-6-2027;Hari Lahir Pancasila;belum pasti\r\n";
    assert_string_equal(take_in(keeper, &admin, csv, false), "saved +2 ~0");
    const char *kept = take_out(keeper, &admin);
    assert_non_null(strstr(kept, "\"2027-08-17\",\"Hari Kemerdekaan\",\"yes\""));
    assert_non_null(strstr(kept, "\"2027-06-01\",\"Hari Lahir Pancasila\",\"no\""));
    assert_string_equal(take_in(keeper, &admin, csv, false), "saved +0 ~0");
    /* Two ways of writing one day are one day. */
    const char *twice = "date,name,certain\n17/8/2028,A,yes\n2028-08-17,B,yes\n";
    assert_string_equal(take_in(keeper, &admin, twice, true), "kept out +1 ~0; 3 date taken");
    /* Never the month first. */
    const char *no_days = "date,name,certain\n31/02/2027,A,yes\n08/17/2027,B,yes\n";
    assert_string_equal(take_in(keeper, &admin, no_days, true),
                        "kept out +0 ~0; 2 date not_a_date; 3 date not_a_date");
    assert_string_equal(keeper->allowed, "2027-08-17, 17/08/2027, 17-08-2027");
}

static void assert_certain_words(Keeper *keeper, const char *columns, const char *expected)
{
    g_autofree char *csv = g_strdup_printf("%s\n2027-08-17,A,mungkin\n", columns);
    assert_string_equal(take_in(keeper, &admin, csv, true),
                        "kept out +0 ~0; 2 certain not_allowed");
    assert_string_equal(keeper->allowed, expected);
    g_auto(GStrv) words = g_strsplit(expected, ", ", 0);
    for (char **word = words; *word; word++) {
        g_autofree char *good = g_strdup_printf("%s\n2027-08-17,A,%s\n", columns, *word);
        assert_string_equal(take_in(keeper, &admin, good, true), "kept out +1 ~0");
    }
}

static void test_all_forms_of_certain_are_named_and_taken(void **state)
{
    Keeper *keeper = *state;
    assert_certain_words(keeper, "tanggal,nama,pasti", "ya, pasti, belum pasti, tidak");
    assert_certain_words(keeper, "date,name,certain", "yes, sure, unsure, no, belum pasti");
}

static void test_bookings_are_not_left_without_hours(void **state)
{
    Keeper *keeper = *state;
    assert_int_equal(fixture_book(keeper->fixture, fixture_time(1, 9, 0)), -1);
    const char *open = "date,name,certain\n2026-11-25,Hari raya,no\n";
    const char *sure = "date,name,certain\n2026-11-25,Hari raya,yes\n2026-12-25,Natal,yes\n";
    assert_string_equal(take_in(keeper, &admin, open, false), "saved +1 ~0");
    assert_string_equal(take_in(keeper, &admin, sure, false), "kept out +1 ~0; 2  bookings_hit");
    assert_int_equal(keeper->n_hit, 1);
    g_autofree char *whom = g_strdup_printf("%s ", keeper->fixture->visit_id);
    assert_string_equal(keeper->hits, whom);
    assert_null(strstr(take_out(keeper, &admin), "Natal"));
    /* Unless they are kept, which a trial says beforehand. */
    keeper->keep = HOURS_KEEP_YES;
    assert_string_equal(take_in(keeper, &admin, sure, true), "kept out +1 ~1");
    assert_int_equal(keeper->n_hit, 1);
    assert_null(strstr(take_out(keeper, &admin), "Natal"));
    assert_string_equal(take_in(keeper, &admin, sure, false), "saved +1 ~1");
    assert_int_equal(keeper->n_hit, 1);
    assert_int_equal(fixture_state(keeper->fixture, keeper->fixture->visit_id), VISIT_STATE_BOOKED);
    assert_int_equal(fixture_book(keeper->fixture, fixture_time(1, 9, 15)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_string_equal(take_in(keeper, &admin, sure, false), "saved +0 ~0");
    assert_int_equal(keeper->n_hit, 0);
}

/* One message each, when the table is saved: as of a holiday that is added by hand. */
static void test_patients_are_told_of_a_table(void **state)
{
    Keeper *keeper = *state;
    Fixture *fixture = keeper->fixture;
    const char *csv = "date,name,certain\n2026-11-26,Hari raya,yes\n2026-11-27,Cuti,yes\n";
    g_autofree char *first = mail_booked(fixture, 2, 9, 0);
    g_autofree char *second = mail_booked(fixture, 3, 9, 0);
    assert_int_equal(mail_deliver(fixture), 2);
    assert_string_equal(take_in(keeper, &admin, csv, false),
                        "kept out +0 ~0; 2  bookings_hit; 3  bookings_hit");
    assert_int_equal(keeper->n_hit, 2);
    assert_int_equal(keeper->n_told, 0);
    keeper->keep = HOURS_KEEP_MESSAGE;
    assert_string_equal(take_in(keeper, &admin, csv, true), "kept out +2 ~0");
    assert_int_equal(mail_deliver(fixture), 0);
    assert_string_equal(take_in(keeper, &admin, csv, false), "saved +2 ~0");
    assert_int_equal(keeper->n_hit, 2);
    assert_int_equal(keeper->n_told, 2);
    assert_int_equal(mail_deliver(fixture), 2);
    mail_assert_query(fixture, "2",
                      "SELECT COUNT(*) FROM audit WHERE action = 'hours.booking_told' AND "
                      "actor_id = 'a' AND object_id IN ('%s', '%s')",
                      first, second);
    assert_int_equal(fixture_state(fixture, first), VISIT_STATE_BOOKED);
}

static void test_a_coordinator_keeps_its_own(void **state)
{
    Keeper *keeper = *state;
    const Actor own = coordinator_of(keeper->fixture, 0);
    const Actor other = coordinator_of(keeper->fixture, 1);
    const char *csv = "date,name,certain,facility\n2026-12-24,Ulang tahun,yes,\n";
    assert_string_equal(take_in(keeper, &own, csv, false), "saved +1 ~0");
    assert_string_equal(
        take_in(keeper, &admin, "date,name,certain\n2026-12-24,Cuti bersama,yes\n", false),
        "saved +1 ~0");
    assert_non_null(
        strstr(take_out(keeper, &own), "\"Ulang tahun\",\"yes\",\"Puskesmas Limboto\""));
    assert_null(strstr(keeper->csv, "Cuti bersama"));
    assert_null(strstr(take_out(keeper, &other), "Ulang tahun"));
    g_autofree char *abroad = g_strdup_printf("date,name,certain,facility\n"
                                              "2026-12-24,Lain,yes,Puskesmas Limboto\n");
    assert_string_equal(take_in(keeper, &other, abroad, false),
                        "kept out +0 ~0; 2 facility not_found");
    const Actor nobody[] = {{.role = ACTOR_DOCTOR, .user_id = "user-0"},
                            {.role = ACTOR_OFFICE, .user_id = "o"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(nobody); i++) {
        (void)take_in(keeper, &nobody[i], csv, true);
        assert_int_equal(keeper->fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
        (void)take_out(keeper, &nobody[i]);
        assert_int_equal(keeper->fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    }
}

#define TABLE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TABLE_TEST(test_in_and_out_and_in_again),
        TABLE_TEST(test_faults_by_line_and_column),
        TABLE_TEST(test_an_empty_table_holds_nothing),
        TABLE_TEST(test_a_table_out_of_a_spreadsheet),
        TABLE_TEST(test_all_forms_of_certain_are_named_and_taken),
        TABLE_TEST(test_bookings_are_not_left_without_hours),
        TABLE_TEST(test_patients_are_told_of_a_table),
        TABLE_TEST(test_a_coordinator_keeps_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
