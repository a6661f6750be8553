// SPDX-License-Identifier: Apache-2.0
/* Texts of messages as they are kept: who sets them, that a message is composed by the newest, that
 * versions stay; which reminders a facility sends, and when. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "scheduling/outbox/delivery.h"
#include "scheduling/outbox/message_edit.h"
#include "scheduling/outbox/message_table.h"
#include "tests/unit/scheduling/words.h"

#define LINK_BASE "https://localhost/v/"

static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "a"};

typedef struct {
    Fixture *fixture;
    char *text, *inherited, *faults, *csv, *result; /* of the last answers */
    PolicySource source;
    int64_t version;
    unsigned n_texts;
} Keeper;

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
    *state = keeper->fixture;
    char *texts[] = {keeper->text, keeper->inherited, keeper->faults, keeper->csv, keeper->result};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(keeper);
    return fixture_tear_down(state);
}

static Actor coordinator_of(const Keeper *keeper, int facility)
{
    return (Actor){.role = ACTOR_COORDINATOR,
                   .user_id = "c",
                   .facility_id = keeper->fixture->seed.facility_ids[facility]};
}

static void put(char **place, char *text)
{
    g_free(*place);
    *place = text;
}

static void keep_text(Keeper *keeper, const MessageText *text)
{
    put(&keeper->text, g_strdup(text->text));
    put(&keeper->inherited, g_strdup(text->inherited));
    keeper->source = text->source;
    keeper->version = text->version;
}

static void on_edited(const MessageView *view, const FaultList *faults, const GError *error,
                      gpointer user_data)
{
    Keeper *keeper = user_data;
    put(&keeper->faults,
        fault_list_length(faults) ? g_strdup(fault_list_get(faults, 0)->code) : NULL);
    if (view)
        keep_text(keeper, view->texts->pdata[0]);
    fixture_keep_error(keeper->fixture, error);
}

static int edit(Keeper *keeper, const Actor *actor, const MessageWish *wish)
{
    keeper->fixture->n_waiting++;
    message_edit(keeper->fixture->scheduling, actor, wish, on_edited, keeper);
    fixture_wait(keeper->fixture);
    return keeper->fixture->error_code;
}

/* Of the Indonesian text of a booking; TEXT NULL: back. */
static int set_booked(Keeper *keeper, const Actor *actor, const char *text, int64_t version)
{
    const MessageWish wish = {.kind = MESSAGE_BOOKED, .text = text, .version = version};
    return edit(keeper, actor, &wish);
}

static void on_got(const MessageView *view, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    keeper->n_texts = view ? view->texts->len : 0;
    if (view)
        keep_text(keeper, view->texts->pdata[0]); /* booked, Indonesian */
    fixture_keep_error(keeper->fixture, error);
}

static int get(Keeper *keeper, const Actor *actor, const char *facility_id)
{
    keeper->fixture->n_waiting++;
    message_get(keeper->fixture->scheduling, actor, facility_id, on_got, keeper);
    fixture_wait(keeper->fixture);
    return keeper->fixture->error_code;
}

static void on_claimed(GPtrArray *deliveries, bool more, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    (void)more;
    GString *texts = g_string_new(NULL);
    for (unsigned i = 0; deliveries && i < deliveries->len; i++) {
        const Delivery *one = deliveries->pdata[i];
        const char *link = strstr(one->text, LINK_BASE);
        size_t size = link ? (size_t)(link - one->text) : strlen(one->text);
        g_string_append_printf(texts, "%s%.*s", i ? "; " : "", (int)size, one->text);
        if (link)
            g_string_append(texts, "LINK");
    }
    put(&keeper->result, g_string_free(texts, FALSE));
    fixture_keep_error(keeper->fixture, error);
    if (deliveries)
        g_ptr_array_unref(deliveries);
}

/* What goes out now, links left out. */
static const char *deliver(Keeper *keeper)
{
    keeper->fixture->n_waiting++;
    delivery_claim(keeper->fixture->scheduling, LINK_BASE, on_claimed, keeper);
    fixture_wait(keeper->fixture);
    assert_int_equal(keeper->fixture->error_code, -1);
    return keeper->result;
}

static const char *deliver_booking(Keeper *keeper, int minute)
{
    assert_int_equal(fixture_book(keeper->fixture, fixture_time(0, 11, minute)), -1);
    return deliver(keeper);
}

static void test_facility_over_province_over_shipped(void **state)
{
    Keeper *keeper = *state;
    Actor own = coordinator_of(keeper, 0);
    assert_int_equal(get(keeper, &own, NULL), -1);
    assert_int_equal(keeper->n_texts, 2 * MESSAGE_N_KINDS);
    assert_string_equal(keeper->text, message_shipped(MESSAGE_BOOKED, false));
    assert_int_equal(keeper->source, POLICY_FROM_SERVER);
    assert_string_equal(deliver_booking(keeper, 0),
                        "Terdaftar: Puskesmas Limboto, Sel 24/11 11.00 WITA, nomor A-1. Masuk atau "
                        "pindah: LINK");
    assert_int_equal(set_booked(keeper, &admin, " Provinsi: {when} {link} ", 0), -1);
    assert_int_equal(keeper->version, 1);
    assert_string_equal(keeper->text, "Provinsi: {when} {link}");
    assert_string_equal(deliver_booking(keeper, 15), "Provinsi: Sel 24/11 11.15 WITA LINK");
    assert_int_equal(set_booked(keeper, &own, "Loket {phone}, {when}: {link} selesai", 0), -1);
    assert_string_equal(keeper->inherited, "Provinsi: {when} {link}");
    assert_int_equal(keeper->source, POLICY_FROM_FACILITY);
    assert_non_null(strstr(deliver_booking(keeper, 30), ", Sel 24/11 11.30 WITA: LINK"));
    Actor other = coordinator_of(keeper, 1);
    assert_int_equal(get(keeper, &other, NULL), -1);
    assert_string_equal(keeper->text, "Provinsi: {when} {link}");
    assert_int_equal(set_booked(keeper, &own, NULL, 1), -1);
    assert_int_equal(keeper->version, 2);
    assert_string_equal(keeper->text, "Provinsi: {when} {link}");
    assert_string_equal(deliver_booking(keeper, 45), "Provinsi: Sel 24/11 11.45 WITA LINK");
}

static void test_who_sets_what(void **state)
{
    Keeper *keeper = *state;
    Actor own = coordinator_of(keeper, 0);
    MessageWish wish = {.facility_id = keeper->fixture->seed.facility_ids[1],
                        .kind = MESSAGE_NEXT,
                        .text = "Masuk {link}"};
    assert_int_equal(edit(keeper, &own, &wish), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(get(keeper, &own, wish.facility_id), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(edit(keeper, &admin, &wish), -1);
    const ActorRole roles[] = {ACTOR_DOCTOR, ACTOR_DESK, ACTOR_OFFICE, ACTOR_PATIENT};
    for (unsigned i = 0; i < G_N_ELEMENTS(roles); i++) {
        Actor actor = {.role = roles[i], .user_id = "x", .facility_id = own.facility_id};
        assert_int_equal(set_booked(keeper, &actor, "{when} {link}", 0),
                         SCHEDULING_ERROR_FORBIDDEN);
        assert_int_equal(get(keeper, &actor, NULL), SCHEDULING_ERROR_FORBIDDEN);
    }
}

/* Two who write at a time: the second is told. A trial keeps nothing, whatever its version. */
static void test_versions(void **state)
{
    Keeper *keeper = *state;
    g_autofree char *path = g_build_filename(keeper->fixture->dir, "test.db", NULL);
    assert_int_equal(set_booked(keeper, &admin, "Satu {when} {link}", 0), -1);
    assert_int_equal(set_booked(keeper, &admin, "Dua {when} {link}", 0), SCHEDULING_ERROR_CHANGED);
    assert_int_equal(set_booked(keeper, &admin, "Dua {when} {link}", 1), -1);
    assert_int_equal(set_booked(keeper, &admin, "Dua {when} {link}", 2), -1); /* is so */
    assert_int_equal(keeper->version, 2);
    assert_int_equal(set_booked(keeper, &admin, "Dua {link}", 2), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(keeper->faults, "placeholder_missing");
    const MessageWish trial = {
        .kind = MESSAGE_BOOKED, .text = "Tiga {when} {link}", .is_trial = true};
    assert_int_equal(edit(keeper, &admin, &trial), -1);
    assert_string_equal(keeper->text, "Tiga {when} {link}");
    assert_int_equal(get(keeper, &admin, NULL), -1);
    assert_string_equal(keeper->text, "Dua {when} {link}");
    /* Those before are kept, and nobody changes them. */
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE message_template SET text = 'x'", NULL, NULL, NULL),
                     SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM message_template", NULL, NULL, NULL),
                     SQLITE_CONSTRAINT);
    sqlite3_stmt *rows = NULL;
    const char *sql = "SELECT group_concat(version || text || made_by, '; ') FROM message_template";
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
    assert_string_equal(sqlite3_column_text(rows, 0), "1Satu {when} {link}a; 2Dua {when} {link}a");
    sqlite3_finalize(rows);
    sqlite3_close(db);
}

static void on_csv(const char *csv, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    put(&keeper->csv, g_strdup(csv));
    fixture_keep_error(keeper->fixture, error);
}

static const char *take_out(Keeper *keeper, const Actor *actor)
{
    keeper->fixture->n_waiting++;
    table_job_get(keeper->fixture->scheduling, &message_table, actor, on_csv, keeper);
    fixture_wait(keeper->fixture);
    return keeper->csv;
}

static void on_imported(const TableImported *imported, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    put(&keeper->result, words_imported(imported));
    fixture_keep_error(keeper->fixture, error);
}

static void assert_taken_in(Keeper *keeper, const Actor *actor, const char *csv, bool is_trial,
                            const char *expected)
{
    const TableGiven given = {.csv = csv, .is_trial = is_trial};
    keeper->fixture->n_waiting++;
    table_job_import(keeper->fixture->scheduling, &message_table, actor, &given, on_imported,
                     keeper);
    fixture_wait(keeper->fixture);
    assert_int_equal(keeper->fixture->error_code, -1);
    assert_string_equal(keeper->result, expected);
}

static void test_table(void **state)
{
    Keeper *keeper = *state;
    Actor own = coordinator_of(keeper, 0);
    const char *csv = "facility;kind;lang;text\n;booked;id;\"Datang, {when}: {link}\"\n"
                      "Puskesmas Limboto;booked;id;Limboto {when} {link}\n";
    assert_taken_in(keeper, &admin, csv, true, "kept out +0 ~2");
    assert_taken_in(keeper, &admin, csv, false, "saved +0 ~2");
    assert_int_equal(get(keeper, &own, NULL), -1);
    assert_string_equal(keeper->text, "Limboto {when} {link}");
    /* What goes out comes in again and changes nothing. */
    assert_taken_in(keeper, &admin, take_out(keeper, &admin), false, "saved +0 ~0");
    assert_non_null(strstr(keeper->csv, "\"Puskesmas Limboto\",\"booked\",\"id\",\"Limboto"));
    assert_taken_in(keeper, &own, take_out(keeper, &own), false, "saved +0 ~0");
    assert_taken_in(keeper, &own, "kind,lang,text\nbooked,id,\n", false, "saved +0 ~1");
    assert_int_equal(get(keeper, &own, NULL), -1);
    assert_string_equal(keeper->text, "Datang, {when}: {link}");
    assert_taken_in(
        keeper, &admin,
        "facility,kind,lang,text\n,booked,de,{when} {link}\n,other,id,x\n"
        ",next,id,Masuk\n,late,id,{nik} {minutes} {link}\n,soon,en,{time} {link}\n"
        ",soon,en,{time}: {link}\nNowhere,next,id,{link}\n",
        false,
        "kept out +0 ~1; 2 lang not_allowed; 3 kind unknown; 4 text placeholder_missing; "
        "5 text placeholder_unknown; 7 kind taken; 8 facility not_found");
}

/* Sets a rule of the province by its row: how it comes there is test_policy's. */
static void set_rule(Keeper *keeper, const char *rule, int value)
{
    g_autofree char *path = g_build_filename(keeper->fixture->dir, "test.db", NULL);
    g_autofree char *sql = g_strdup_printf("INSERT OR REPLACE INTO policy (scope, rule, value, "
                                           "changed_at_ms) VALUES ('province', '%s', %d, 1)",
                                           rule, value);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_busy_timeout(db, 5000), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void go_to(Keeper *keeper, int days, int hour, int minute)
{
    fixture_turn_to(keeper->fixture, fixture_time(days, hour, minute));
}

/* Turned off and on again: what counts is how it is when a reminder comes due. */
static void test_reminders_off(void **state)
{
    Keeper *keeper = *state;
    assert_int_equal(fixture_book(keeper->fixture, fixture_time(2, 11, 0)), -1);
    set_rule(keeper, "remind_day_before", 0);
    set_rule(keeper, "remind_hour_before", 0);
    set_rule(keeper, "remind_ten_minutes_before", 0);
    assert_non_null(strstr(deliver(keeper), "Terdaftar"));
    go_to(keeper, 1, 11, 0);
    assert_string_equal(deliver(keeper), "");
    set_rule(keeper, "remind_hour_before", 1);
    set_rule(keeper, "open_before_minutes", 45);
    go_to(keeper, 2, 10, 0);
    assert_string_equal(deliver(keeper), "Hari ini 11.00 WITA: Puskesmas Limboto, nomor A-1. Masuk "
                                         "mulai 45 menit sebelumnya: LINK");
    go_to(keeper, 2, 10, 50);
    assert_string_equal(deliver(keeper), "");
}

static void test_quiet_hours(void **state)
{
    Keeper *keeper = *state;
    assert_int_equal(fixture_book(keeper->fixture, fixture_time(2, 11, 0)), -1);
    assert_int_equal(fixture_book(keeper->fixture, fixture_time(3, 11, 0)), -1);
    deliver(keeper);
    set_rule(keeper, "quiet_from_hour", 10);
    set_rule(keeper, "quiet_until_hour", 13);
    go_to(keeper, 1, 11, 0);
    assert_string_equal(deliver(keeper), "");
    go_to(keeper, 1, 12, 59);
    assert_string_equal(deliver(keeper), "");
    go_to(keeper, 1, 13, 0);
    assert_non_null(strstr(deliver(keeper), "Pengingat"));
    /* When they begin is the facility's, too. */
    set_rule(keeper, "quiet_from_hour", 12);
    go_to(keeper, 2, 11, 0);
    assert_non_null(strstr(deliver(keeper), "Pengingat"));
}

#define MESSAGE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MESSAGE_TEST(test_facility_over_province_over_shipped),
        MESSAGE_TEST(test_who_sets_what),
        MESSAGE_TEST(test_versions),
        MESSAGE_TEST(test_table),
        MESSAGE_TEST(test_reminders_off),
        MESSAGE_TEST(test_quiet_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
