// SPDX-License-Identifier: Apache-2.0
/* A doctor's account is disabled: who is hit, and that nothing is offered until it is enabled. */
#include "tests/unit/scheduling/editor.h"
#include "tests/unit/scheduling/fixture_sql.h"
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/directory_login.h"
#include "scheduling/clinic/slots.h"

typedef struct {
    Editor *editor;
    const char *user_id;
    bool is_disabled;
    HoursKeep keep;
    GPtrArray *hits;
} Login;

static bool login_job(DbTx *tx, gpointer data, GError **error)
{
    Login *login = data;
    Fixture *fixture = login->editor->fixture;
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-8"};
    g_autoptr(HoursWatch) watch = NULL;
    if (!directory_login_watch(fixture->scheduling, tx, login->user_id, login->is_disabled, &watch,
                               error))
        return false;
    DbQuery *query = db_query(tx, "account_set_disabled");
    db_bind_text(query, 1, login->user_id);
    db_bind_int(query, 2, login->is_disabled);
    db_bind_int(query, 3, 0);
    return db_exec(query, error) && directory_login_settle(watch, fixture->scheduling, tx, &admin,
                                                           login->keep, login->hits, error);
}

static void on_login(gpointer data, const GError *error)
{
    Login *login = data;
    fixture_keep_error(login->editor->fixture, error);
    g_autoptr(FaultList) none = fault_list_new();
    editor_keep(login->editor, none, login->hits);
}

static int set_disabled(Editor *editor, const char *user_id, bool is_disabled, HoursKeep keep)
{
    Login login = {editor, user_id, is_disabled, keep, hours_hits_new()};
    editor->fixture->n_waiting++;
    db_write(editor->fixture->db, login_job, on_login, &login, NULL);
    fixture_wait(editor->fixture);
    g_ptr_array_unref(login.hits);
    return editor->fixture->error_code;
}

typedef struct {
    Fixture *fixture;
    unsigned n_offers;
} Seen;

static void on_slots(const SlotsList *list, const GError *error, gpointer user_data)
{
    Seen *seen = user_data;
    fixture_keep_error(seen->fixture, error);
    seen->n_offers = ((const SlotDay *)list->days->pdata[0])->offers->len;
}

static bool is_offered(Fixture *fixture)
{
    Seen seen = {.fixture = fixture};
    const SlotsQuery query = {
        fixture->clinic_id, fixture->seed.doctors[0].id, FIXTURE_TOMORROW, 1, NULL, false};
    fixture->n_waiting++;
    slots_list(fixture->scheduling, &query, on_slots, &seen);
    fixture_wait(fixture);
    return seen.n_offers > 0;
}

static void test_who_is_booked_or_waits_is_asked_about(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture_account(fixture, "user-0", false);
    g_autofree char *waiting = mail_booked(fixture, 0, 10, 15);
    g_autofree char *booked = mail_booked(fixture, 1, 9, 0);
    assert_int_equal(fixture_check_in(fixture, waiting), -1);
    clock_advance(fixture->clock, 20 * MINUTE_MS);
    assert_int_equal(set_disabled(&editor, "user-0", true, HOURS_KEEP_NO),
                     SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(editor.hits, "A-1 A-1 ");
    assert_true(is_offered(fixture));
    assert_int_equal(set_disabled(&editor, "user-0", true, HOURS_KEEP_MESSAGE), -1);
    assert_false(is_offered(fixture));
    mail_deliver(fixture);
    mail_assert_query(fixture, "2",
                      "SELECT COUNT(*) FROM notification WHERE kind = 'hours_changed' AND "
                      "state = 'sent'");
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 15)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    /* Said again it hits nobody; enabled, all is as before. */
    assert_int_equal(set_disabled(&editor, "user-0", true, HOURS_KEEP_NO), -1);
    assert_int_equal(set_disabled(&editor, "user-0", false, HOURS_KEEP_NO), -1);
    assert_true(is_offered(fixture));
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 15)), -1);
}

static void test_an_account_of_nobody_hits_nobody(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    fixture_account(fixture, "user-9", false);
    g_autofree char *booked = mail_booked(fixture, 1, 9, 0);
    assert_int_equal(set_disabled(&editor, "user-9", true, HOURS_KEEP_NO), -1);
    assert_string_equal(editor.hits, "");
    assert_true(is_offered(fixture));
}

static bool link_job(DbTx *tx, gpointer data, GError **error)
{
    Fixture *fixture = data;
    return directory_link_user(tx, fixture->seed.doctors[0].id, "user-9", error);
}

/* By whatever way it is, and whichever comes first: there is nothing beside the account. */
static void test_an_account_that_was_disabled_before_it_stands_for_a_doctor(void **state)
{
    Fixture *fixture = *state;
    fixture_account(fixture, "user-9", true);
    assert_true(is_offered(fixture));
    fixture_run(fixture, link_job, fixture);
    assert_false(is_offered(fixture));
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 15)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    fixture_account(fixture, "user-9", false);
    assert_true(is_offered(fixture));
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 15)), -1);
}

typedef struct {
    Fixture *fixture;
    bool answers, holds_groups;
} Others;

static bool has_row(DbQuery *query, bool *ret_has, GError **error)
{
    DbStep step = db_step(query, error);
    *ret_has = step == DB_ROW;
    db_reset(query);
    return step != DB_FAILED;
}

static bool others_job(DbTx *tx, gpointer data, GError **error)
{
    Others *others = data;
    const Fixture *fixture = others->fixture;
    DbQuery *answerer = db_query(tx, "consult_answerers");
    db_bind_text(answerer, 1, fixture->seed.facility_ids[0]);
    db_bind_text(answerer, 2, fixture->clinic_id);
    db_bind_text(answerer, 3, fixture->seed.doctors[0].id);
    db_bind_text(answerer, 4, "who asks");
    if (!has_row(answerer, &others->answers, error))
        return false;
    DbQuery *doctor = db_query(tx, "group_doctor");
    db_bind_text(doctor, 1, fixture->clinic_id);
    db_bind_text(doctor, 2, fixture->seed.doctors[0].id);
    return has_row(doctor, &others->holds_groups, error);
}

static void test_questions_and_groups_ask_the_account_too(void **state)
{
    Fixture *fixture = *state;
    Others others = {.fixture = fixture};
    for (int is_disabled = 0; is_disabled <= 1; is_disabled++) {
        fixture_account(fixture, "user-0", is_disabled);
        fixture_run(fixture, others_job, &others);
        assert_int_equal(others.answers, !is_disabled);
        assert_int_equal(others.holds_groups, !is_disabled);
    }
}

static bool colleague_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    DbQuery *member = db_query(tx, "demo_member_insert");
    db_bind_text(member, 1, fixture->clinic_id);
    db_bind_text(member, 2, fixture->seed.doctors[1].id);
    return db_exec(member, error);
}

/* Booked in an old database: as its time comes, by the clock of whoever migrates, in 2102. */
static void test_who_was_booked_before_is_found(void **state)
{
    Fixture *fixture = *state;
    fixture_run(fixture, colleague_job, fixture);
    g_autofree char *own = mail_booked(fixture, 1, 9, 0);
    g_autofree char *pooled = mail_booked(fixture, 1, 9, 15);
    g_autofree char *past = mail_booked(fixture, 1, 9, 30);
    g_autofree char *times = g_strdup_printf(
        "UPDATE visit SET ends_at_ms = ends_at_ms + 2400000000000,"
        " starts_at_ms = starts_at_ms + 2400000000000 WHERE id <> '%s';"
        "UPDATE visit SET starts_at_ms = starts_at_ms - 1000000000000 WHERE id = '%s';"
        "UPDATE visit SET pool = 1 WHERE id = '%s'",
        past, past, pooled);
    assert_true(fixture_sql_run(fixture, times));
    g_autoptr(GBytes) sql = g_resource_lookup_data(
        scheduling_db_owner()->resource, "/huyula/scheduling/clinic/sql/0410_login_hit.sql",
        G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_autofree char *text = g_strndup(g_bytes_get_data(sql, NULL), g_bytes_get_size(sql));
    assert_true(fixture_sql_run(fixture, text));
    mail_assert_query(fixture, "0", "SELECT COUNT(*) FROM hours_hit");
    fixture_account(fixture, "user-0", true);
    assert_true(fixture_sql_run(fixture, text));
    mail_assert_query(fixture, own, "SELECT group_concat(visit_id) FROM hours_hit");
    assert_true(fixture_sql_run(fixture, "UPDATE clinic_member SET is_active = 0 WHERE "
                                         "practitioner_id NOT IN (SELECT id FROM practitioner "
                                         "WHERE user_id = 'user-0')"));
    assert_true(fixture_sql_run(fixture, text));
    mail_assert_query(fixture, "2", "SELECT COUNT(*) FROM hours_hit WHERE visit_id <> '%s'", past);
    mail_assert_query(fixture, "2", "SELECT COUNT(*) FROM hours_hit");
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_who_is_booked_or_waits_is_asked_about),
        T(test_an_account_of_nobody_hits_nobody),
        T(test_an_account_that_was_disabled_before_it_stands_for_a_doctor),
        T(test_questions_and_groups_ask_the_account_too),
        T(test_who_was_booked_before_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
