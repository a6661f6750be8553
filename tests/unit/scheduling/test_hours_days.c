// SPDX-License-Identifier: Apache-2.0
/* What the days of a month come to: the demo clinic's first doctor, slots of a quarter of an hour
 * from 8 to 20, with four more from 5 to 6 tomorrow, of which one may be given twice, and four in
 * another clinic from 21 to 22. */
#include "tests/unit/scheduling/fixture.h"

#include "server/base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/hours_days.h"
#include "scheduling/clinic/hours_edit.h"

#define DAY_AFTER "2026-11-26"
enum { N_REGULAR = 12 * 4, N_MORE = 4 };

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static void on_edited(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    (void)edited;
    fixture_keep_error(user_data, error);
}

static void change(Fixture *fixture, const HoursEdit *wanted)
{
    fixture->n_waiting++;
    hours_edit(fixture->scheduling, &doctor, fixture->seed.doctors[0].id, wanted, on_edited,
               fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

static void on_given(const Booking *booking, const GError *error, gpointer user_data)
{
    fixture_keep_error(user_data, error);
    assert_true(booking->is_extra);
}

/* The second doctor's clinic, in the same facility: the first one works there, too. */
typedef struct {
    Fixture *fixture;
    char id[SCHEDULING_ID_BYTES];
} OtherClinic;

static bool other_clinic_job(DbTx *tx, gpointer data, GError **error)
{
    OtherClinic *other = data;
    DbQuery *rows = db_query(tx, "demo_doctors");
    DbStep step;
    while ((step = db_step(rows, error)) == DB_ROW) {
        if (g_str_equal(db_column_text(rows, 0), other->fixture->seed.doctors[1].id))
            scheduling_copy_column(rows, 3, other->id, sizeof other->id);
    }
    DbQuery *member = db_query(tx, "demo_member_insert");
    db_bind_text(member, 1, other->id);
    db_bind_text(member, 2, other->fixture->seed.doctors[0].id);
    return step == DB_DONE && db_exec(member, error);
}

static int set_up(void **state)
{
    int failed = fixture_set_up(state);
    if (failed)
        return failed;
    Fixture *fixture = *state;
    HoursEdit more = {
        .kind = HOURS_EDIT_OVERRIDE_ADD,
        .override = {.is_extra = true,
                     .date = FIXTURE_TOMORROW,
                     .minutes = {5 * 60, 6 * 60},
                     .pattern = {.mode = HOURS_MODE_SLOTS,
                                 .slot_minutes = 15,
                                 .extra_percent = 25}},
        .note = "",
    };
    g_strlcpy(more.override.clinic_id, fixture->clinic_id, sizeof more.override.clinic_id);
    change(fixture, &more);
    OtherClinic other = {.fixture = fixture};
    fixture_run(fixture, other_clinic_job, &other);
    g_strlcpy(more.override.clinic_id, other.id, sizeof more.override.clinic_id);
    more.override.minutes = (HoursMinutes){21 * 60, 22 * 60};
    change(fixture, &more);
    const HoursEdit leave = {.kind = HOURS_EDIT_LEAVE_ADD,
                             .leave = {.from_date = DAY_AFTER, .until_date = DAY_AFTER},
                             .note = ""};
    change(fixture, &leave);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 5, 0)), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 0)), -1);
    BookingRequest *request = fixture_request(fixture, fixture_time(1, 5, 0));
    g_free(request->phone);
    request->phone = g_strdup("0812 0000 0001"); /* somebody else */
    g_clear_pointer(&request->nik, secret_text_free);
    fixture->n_waiting++;
    booking_create_extra(fixture->scheduling, request, &doctor, on_given, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 9, 15)), -1);
    assert_int_equal(fixture_cancel(fixture, fixture->visit_id, ACTOR_PATIENT), -1);
    return 0;
}

static const HoursDaysRow *row_of(const HoursDays *days, unsigned day, const char *practitioner_id)
{
    const GArray *rows = ((HoursDaysDay *)days->days->pdata[day])->rows;
    for (unsigned i = 0; i < rows->len; i++) {
        const HoursDaysRow *row = &g_array_index(rows, HoursDaysRow, i);
        if (strcmp(row->practitioner_id, practitioner_id) == 0)
            return row;
    }
    return NULL;
}

static void on_own(const HoursDays *days, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    if (!days)
        return;
    assert_int_equal(days->days->len, 2);
    assert_string_equal(((HoursDaysDay *)days->days->pdata[0])->date, FIXTURE_TOMORROW);
    const HoursDaysRow *row = row_of(days, 0, fixture->seed.doctors[0].id);
    assert_non_null(row);
    assert_int_equal(row->hours.from_ms, fixture_time(1, 5, 0));
    assert_int_equal(row->hours.to_ms, fixture_time(1, 22, 0));
    assert_int_equal(row->n_places, N_REGULAR + 2 * N_MORE);
    assert_int_equal(row->n_held, 2);
    assert_int_equal(row->n_extra, 1);
    assert_false(row->is_on_leave);
    const HoursDaysRow *off = row_of(days, 1, fixture->seed.doctors[0].id);
    assert_non_null(off);
    assert_true(off->is_on_leave);
    assert_int_equal(off->n_places, 0);
    assert_int_equal(off->hours.from_ms, 0);
}

static void on_all(const HoursDays *days, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;
    on_own(days, error, user_data);
    assert_non_null(days);
    const HoursDaysRow *second = row_of(days, 0, fixture->seed.doctors[1].id);
    assert_non_null(second);
    assert_true(second->n_places > 0);
    assert_int_equal(second->n_held, 0);
    /* The other facility's. */
    assert_null(row_of(days, 0, fixture->seed.doctors[2].id));
}

static int ask(Fixture *fixture, const Actor *actor, const HoursDaysQuery *query,
               HoursDaysDone done)
{
    fixture->n_waiting++;
    hours_days_get(fixture->scheduling, actor, query, done, fixture);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void test_whose_days(void **state)
{
    Fixture *fixture = *state;
    const char *const own = fixture->seed.doctors[0].id;
    const char *const facility = fixture->seed.facility_ids[0];
    const Actor desk = {.role = ACTOR_DESK, .user_id = "d", .facility_id = facility};
    const Actor coordinator = {.role = ACTOR_COORDINATOR, .user_id = "k", .facility_id = facility};
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "a"};
    const Actor officer = {.role = ACTOR_OFFICER, .user_id = "o"};
    const HoursDaysQuery one = {own, FIXTURE_TOMORROW, 2}, all = {NULL, FIXTURE_TOMORROW, 2};
    assert_int_equal(ask(fixture, &doctor, &one, on_own), -1);
    assert_int_equal(ask(fixture, &doctor, &all, on_own), -1);
    assert_int_equal(ask(fixture, &admin, &one, on_own), -1);
    assert_int_equal(ask(fixture, &desk, &one, on_own), -1);
    assert_int_equal(ask(fixture, &desk, &all, on_all), -1);
    assert_int_equal(ask(fixture, &coordinator, &all, on_all), -1);
    assert_int_equal(ask(fixture, &admin, &all, on_own), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(ask(fixture, &officer, &all, on_own), SCHEDULING_ERROR_FORBIDDEN);
    const HoursDaysQuery others = {fixture->seed.doctors[2].id, FIXTURE_TOMORROW, 2};
    assert_int_equal(ask(fixture, &desk, &others, on_own), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(ask(fixture, &doctor, &others, on_own), SCHEDULING_ERROR_FORBIDDEN);
}

static void on_many(const HoursDays *days, const GError *error, gpointer user_data)
{
    fixture_keep_error(user_data, error);
    if (days)
        assert_int_equal(days->days->len, HOURS_DAYS_MAX);
}

static void test_how_many_days(void **state)
{
    Fixture *fixture = *state;
    const HoursDaysQuery most = {NULL, NULL, HOURS_DAYS_MAX},
                         more = {NULL, NULL, HOURS_DAYS_MAX + 1};
    const HoursDaysQuery none = {NULL, NULL, 0}, last = {NULL, "9999-12-31", 2};
    assert_int_equal(ask(fixture, &doctor, &most, on_many), -1);
    assert_int_equal(ask(fixture, &doctor, &more, on_many), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_int_equal(ask(fixture, &doctor, &none, on_many), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_int_equal(ask(fixture, &doctor, &last, on_many), SCHEDULING_ERROR_INVALID_FIELDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whose_days, set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_how_many_days, set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
