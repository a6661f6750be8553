// SPDX-License-Identifier: Apache-2.0
/* Outreach: sessions and their teams, pictures, who sees what was taken down. */
#include "tests/unit/scheduling/fixture_sql.h"
#include "tests/unit/scheduling/tablet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/scheduling/fixture_sql.h"

#define PHOTO "7c2d4e5f-0000-4000-8000-0000000000%02u"

static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 'p', 'i', 'c', 't', 'u', 'r', 'e'};

static void test_for_the_team_alone(void **state)
{
    g_auto(Tablet) tablet = {0};
    Fixture *fixture = *state;
    tablet_open(&tablet, fixture);
    const Actor colleague = tablet_nurse_of(fixture, "nurse-2", 0);
    const Actor foreign = tablet_nurse_of(fixture, "nurse-3", 1);
    const Actor *strangers[] = {&colleague, &foreign, &tablet_doctor};
    for (unsigned i = 0; i < G_N_ELEMENTS(strangers); i++) {
        GPtrArray *drafts = tablet_drafts();
        g_ptr_array_add(drafts, tablet_draft(1));
        assert_int_equal(tablet_take_as(&tablet, strangers[i], TABLET_DEVICE, drafts),
                         SCHEDULING_ERROR_FORBIDDEN);
        assert_int_equal(tablet_list_as(&tablet, strangers[i]), SCHEDULING_ERROR_FORBIDDEN);
    }
    fixture->n_waiting++;
    outreach_join(fixture->scheduling, &foreign, tablet.session_id, tablet_on_session, &tablet);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    fixture->n_waiting++;
    outreach_join(fixture->scheduling, &colleague, tablet.session_id, tablet_on_session, &tablet);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_true(tablet.is_member);
    assert_int_equal(tablet_list_as(&tablet, &colleague), -1);
}

static void on_heard(const char *session_id, gpointer user_data)
{
    GPtrArray *heard = user_data;
    g_ptr_array_add(heard, g_strdup(session_id));
}

/* How often the session was told of since the last time, and of no other. */
static unsigned heard_of(GPtrArray *heard, const Tablet *tablet)
{
    unsigned n = heard->len;
    for (unsigned i = 0; i < n; i++)
        assert_string_equal(heard->pdata[i], tablet->session_id);
    g_ptr_array_set_size(heard, 0);
    return n;
}

static void on_issued(const IssuedToken *issued, const GError *error, gpointer user_data)
{
    (void)issued;
    fixture_keep_error(user_data, error);
}

static int watch_as(Tablet *tablet, const Actor *actor)
{
    Fixture *fixture = tablet->fixture;
    fixture->n_waiting++;
    outreach_watch(fixture->scheduling, actor, tablet->session_id, on_issued, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* A batch is told of once; what changed nothing is not told. */
static void test_who_hears(void **state)
{
    g_auto(Tablet) tablet = {0};
    Fixture *fixture = *state;
    g_autoptr(GPtrArray) heard = g_ptr_array_new_with_free_func(g_free);
    tablet_open(&tablet, fixture);
    outreach_set_listener(fixture->scheduling, on_heard, heard);
    assert_int_equal(tablet_take_range(&tablet, 1, 3), -1);
    assert_int_equal(heard_of(heard, &tablet), 1);
    assert_int_equal(tablet_take_range(&tablet, 1, 3), -1);
    assert_int_equal(heard_of(heard, &tablet), 0);
    const Actor colleague = tablet_nurse_of(fixture, "nurse-2", 0);
    const Actor foreign = tablet_nurse_of(fixture, "nurse-3", 1);
    const Actor member = tablet_nurse(fixture);
    assert_int_equal(watch_as(&tablet, &colleague), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(watch_as(&tablet, &foreign), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(watch_as(&tablet, &tablet_doctor), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(watch_as(&tablet, &member), -1);
    fixture->n_waiting++;
    outreach_join(fixture->scheduling, &colleague, tablet.session_id, tablet_on_session, &tablet);
    fixture_wait(fixture);
    assert_int_equal(heard_of(heard, &tablet), 1);
    assert_int_equal(watch_as(&tablet, &colleague), -1);
    assert_int_equal(heard_of(heard, &tablet), 0);
    fixture->n_waiting++;
    outreach_close(fixture->scheduling, &member, tablet.session_id, tablet_on_session, &tablet);
    fixture_wait(fixture);
    assert_int_equal(heard_of(heard, &tablet), 1);
    outreach_set_listener(fixture->scheduling, NULL, NULL);
}

static void on_sessions(GPtrArray *sessions, const GError *error, gpointer user_data)
{
    Tablet *tablet = user_data;
    fixture_keep_error(tablet->fixture, error);
    tablet->n_sessions = sessions ? sessions->len : 0;
}

static void test_sessions(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    g_autofree char *first = g_strdup(tablet.session_id);
    const Actor actor = tablet_nurse(fixture);
    const OutreachPlan plans[] = {
        {fixture->clinic_id, "75.01.10", " Dulamayo  Utara ", FIXTURE_TODAY},
        {fixture->clinic_id, "75.01", "", "2026-11-23"},
        {"01hzzzzzzzzzzzzzzzzzzzzzzz", "75.01.10", "Desa", "2026-12-25"},
        {fixture->clinic_id, "75.01.10", "Desa", "2026-02-30"},
    };
    assert_int_equal(tablet_open_at(&tablet, &actor, &plans[0]), -1);
    assert_string_equal(tablet.session_id, first);
    assert_int_equal(tablet_open_at(&tablet, &actor, &plans[1]), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(tablet.faults->str, "village:required date:in_past area_code:not_found ");
    assert_int_equal(tablet_open_at(&tablet, &actor, &plans[2]), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(tablet.faults->str, "date:too_late clinic:not_found ");
    assert_int_equal(tablet_open_at(&tablet, &actor, &plans[3]), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(tablet.faults->str, "date:not_a_date ");
    /* A facility that is closed sends nobody out. */
    g_autofree char *close = g_strdup_printf("UPDATE facility SET is_active = 0 WHERE id = '%s'",
                                             fixture->seed.facility_ids[0]);
    assert_true(fixture_sql_run(fixture, close));
    assert_int_equal(tablet_open_at(&tablet, &actor, &plans[0]), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(tablet.faults->str, "clinic:archived ");
    assert_true(fixture_sql_run(fixture, "UPDATE facility SET is_active = 1"));
    fixture->n_waiting++;
    outreach_list(fixture->scheduling, &actor, on_sessions, &tablet);
    fixture_wait(fixture);
    assert_int_equal(tablet.n_sessions, 1);
    fixture->n_waiting++;
    outreach_close(fixture->scheduling, &actor, first, tablet_on_session, &tablet);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    /* A tablet that comes home late still gives what it holds. */
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    assert_int_equal(tablet.n_taken, 1);
    clock_advance(fixture->clock, 7 * 24 * HOUR_MS);
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(2)), -1);
    clock_advance(fixture->clock, 1 * 24 * HOUR_MS);
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(3)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(tablet.faults->str, "outreach:too_late ");
}

static void test_not_before_its_day(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_init(&tablet, fixture);
    const Actor actor = tablet_nurse(fixture);
    const OutreachPlan plan = {fixture->clinic_id, "75.03.18", "Pinogu", "2026-11-25"};
    assert_int_equal(tablet_open_at(&tablet, &actor, &plan), -1);
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(tablet.faults->str, "outreach:too_early ");
}

/* It is not the entry that is wrong, nor the team. */
static void test_without_a_doctor_left(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    assert_true(fixture_sql_run(fixture, "UPDATE practitioner SET is_active = 0"));
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(tablet.faults->str, "outreach:no_doctor ");
    assert_true(fixture_sql_run(fixture, "UPDATE practitioner SET is_active = 1"));
    assert_int_equal(tablet_take_one(&tablet, tablet_draft(1)), -1);
    assert_int_equal(tablet.n_taken, 1);
}

static void on_visit(const OutreachVisit *visit, const GError *error, gpointer user_data)
{
    Tablet *tablet = user_data;
    fixture_keep_error(tablet->fixture, error);
    g_string_truncate(tablet->text, 0);
    if (visit)
        g_string_append_printf(tablet->text, "%s, %s: %s; %s; %s; %d/%d; %u", visit->village,
                               visit->area, visit->reason, visit->address, visit->mother_nik_masked,
                               visit->vitals[VITAL_SYSTOLIC], visit->vitals[VITAL_DIASTOLIC],
                               visit->photos->len);
}

static int look(Tablet *tablet, const Actor *actor)
{
    Fixture *fixture = tablet->fixture;
    fixture->n_waiting++;
    outreach_visit_get(fixture->scheduling, actor, tablet->visit_id, on_visit, tablet);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_photo(const FaultList *faults, const GError *error, gpointer user_data)
{
    Tablet *tablet = user_data;
    fixture_keep_error(tablet->fixture, error);
    g_string_truncate(tablet->faults, 0);
    tablet_add_faults(tablet->faults, faults);
}

static int send_photo(Tablet *tablet, unsigned n, const void *data, size_t size)
{
    Fixture *fixture = tablet->fixture;
    const Actor actor = tablet_nurse(fixture);
    g_autofree char *id = g_strdup_printf(PHOTO, n);
    g_autofree char *entry = tablet_entry_id(1);
    g_autoptr(GBytes) picture = g_bytes_new(data, size);
    const OutreachPhoto photo = {entry, id, picture};
    fixture->n_waiting++;
    outreach_photo_put(fixture->scheduling, &actor, tablet->session_id, &photo, on_photo, tablet);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_picture(GBytes *picture, const GError *error, gpointer user_data)
{
    Tablet *tablet = user_data;
    fixture_keep_error(tablet->fixture, error);
    g_clear_pointer(&tablet->picture, g_bytes_unref);
    if (picture)
        tablet->picture = g_bytes_ref(picture);
}

static int get_photo(Tablet *tablet, unsigned n, const Actor *actor)
{
    Fixture *fixture = tablet->fixture;
    g_autofree char *id = g_strdup_printf(PHOTO, n);
    fixture->n_waiting++;
    outreach_photo_get(fixture->scheduling, actor, tablet->visit_id, id, on_picture, tablet);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* Takes down one newborn, with an address. */
static void take_newborn(Tablet *tablet)
{
    OutreachDraft *draft = tablet_draft(1);
    tablet_set(&draft->without_nik, "newborn");
    tablet_set(&draft->mother_nik, TABLET_GOOD_NIK);
    tablet_set(&draft->address, "Dusun Tiga");
    assert_int_equal(tablet_take_one(tablet, draft), -1);
    assert_int_equal(tablet->n_taken, 1);
}

static void test_pictures(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    assert_int_equal(send_photo(&tablet, 1, jpeg, sizeof jpeg), SCHEDULING_ERROR_NOT_FOUND);
    take_newborn(&tablet);
    for (unsigned n = 1; n <= OUTREACH_MAX_PHOTOS; n++)
        assert_int_equal(send_photo(&tablet, n, jpeg, sizeof jpeg), -1);
    assert_int_equal(send_photo(&tablet, 1, jpeg, sizeof jpeg), -1);
    assert_int_equal(send_photo(&tablet, 4, jpeg, sizeof jpeg), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(tablet.faults->str, "photo:too_many ");
    assert_int_equal(send_photo(&tablet, 1, jpeg, sizeof jpeg - 1),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(send_photo(&tablet, 5, "<svg>", 5), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(tablet.faults->str, "data:not_a_picture ");
    g_autofree uint8_t *large = g_malloc0(OUTREACH_PHOTO_BYTES + 1);
    memcpy(large, jpeg, sizeof jpeg);
    assert_int_equal(send_photo(&tablet, 5, large, OUTREACH_PHOTO_BYTES + 1),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(tablet.faults->str, "data:picture_too_large ");
    assert_int_equal(get_photo(&tablet, 2, &tablet_doctor), -1);
    assert_int_equal(g_bytes_get_size(tablet.picture), sizeof jpeg);
    assert_memory_equal(g_bytes_get_data(tablet.picture, NULL), jpeg, sizeof jpeg);
    assert_int_equal(get_photo(&tablet, 9, &tablet_doctor), SCHEDULING_ERROR_NOT_FOUND);
}

static void test_who_sees_what_was_taken_down(void **state)
{
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    take_newborn(&tablet);
    assert_int_equal(send_photo(&tablet, 1, jpeg, sizeof jpeg), -1);
    const Actor stranger = {.role = ACTOR_DOCTOR, .user_id = "user-1"};
    const Actor team = tablet_nurse(fixture);
    const Actor colleague = tablet_nurse_of(fixture, "nurse-2", 0);
    const Actor office = {.role = ACTOR_OFFICE, .user_id = "office"};
    static const char text[] = "Dulamayo Utara, Telaga Biru: Batuk sejak tiga hari; Dusun Tiga; "
                               "757102******0001; 130/80; 1";
    const Actor *allowed[] = {&tablet_doctor, &team};
    const Actor *refused[] = {&stranger, &colleague, &office};
    for (unsigned i = 0; i < G_N_ELEMENTS(allowed); i++) {
        assert_int_equal(look(&tablet, allowed[i]), -1);
        assert_string_equal(tablet.text->str, text);
        assert_int_equal(get_photo(&tablet, 1, allowed[i]), -1);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(refused); i++) {
        assert_int_equal(look(&tablet, refused[i]), SCHEDULING_ERROR_FORBIDDEN);
        assert_int_equal(get_photo(&tablet, 1, refused[i]), SCHEDULING_ERROR_FORBIDDEN);
    }
}

/* Neither NIK, address nor picture can be read out of the file; and nothing is taken away. */
static void test_sealed_and_kept(void **state)
{
    static const char *const changes[] = {"DELETE FROM outreach_entry",
                                          "DELETE FROM outreach_photo",
                                          "UPDATE outreach_photo SET hash = 'x'"};
    Fixture *fixture = *state;
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, fixture);
    take_newborn(&tablet);
    assert_int_equal(send_photo(&tablet, 1, jpeg, sizeof jpeg), -1);
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    g_autofree char *rows = tablet_dump(db, "SELECT * FROM outreach_entry, outreach_photo");
    g_autofree char *picture = g_base64_encode(jpeg, sizeof jpeg);
    assert_non_null(strstr(rows, "Batuk"));
    assert_null(strstr(rows, TABLET_GOOD_NIK));
    assert_null(strstr(rows, "Dusun"));
    assert_null(strstr(rows, picture));
    for (unsigned i = 0; i < G_N_ELEMENTS(changes); i++)
        assert_int_equal(sqlite3_exec(db, changes[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
    g_autofree char *audit =
        tablet_dump(db, "SELECT action FROM audit WHERE action LIKE 'outreach.%'");
    assert_string_equal(audit, "outreach.open|outreach.take|outreach.sync|outreach.photo|");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

#define OUTREACH_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTREACH_TEST(test_for_the_team_alone), OUTREACH_TEST(test_who_hears),
        OUTREACH_TEST(test_sessions),           OUTREACH_TEST(test_not_before_its_day),
        OUTREACH_TEST(test_pictures),           OUTREACH_TEST(test_who_sees_what_was_taken_down),
        OUTREACH_TEST(test_sealed_and_kept),    OUTREACH_TEST(test_without_a_doctor_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
