// SPDX-License-Identifier: Apache-2.0
/* A class at a time that no hours open: which changes hit it, and that it takes nobody then. */
#include "tests/unit/scheduling/teacher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/directory_edit.h"
#include "scheduling/clinic/holiday.h"
#include "scheduling/clinic/hours_edit.h"

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

typedef struct {
    Fixture *fixture;
    char hits[64]; /* "A-1 " */
    char id[SCHEDULING_ID_BYTES];
} Changed;

static void keep_hits(Changed *changed, const GPtrArray *hits)
{
    changed->hits[0] = '\0';
    for (unsigned i = 0; i < hits->len; i++) {
        g_strlcat(changed->hits, ((const HoursHit *)hits->pdata[i])->number, sizeof changed->hits);
        g_strlcat(changed->hits, " ", sizeof changed->hits);
    }
}

static void on_hours(const HoursEdited *edited, const GError *error, gpointer user_data)
{
    Changed *changed = user_data;
    fixture_keep_error(changed->fixture, error);
    keep_hits(changed, edited->hits);
    if (!error && edited->ids->len > 0)
        g_strlcpy(changed->id, edited->ids->pdata[0], sizeof changed->id);
}

static void on_holiday(const HolidayEdited *edited, const GError *error, gpointer user_data)
{
    Changed *changed = user_data;
    fixture_keep_error(changed->fixture, error);
    keep_hits(changed, edited->hits);
    if (!error)
        g_strlcpy(changed->id, edited->id, sizeof changed->id);
}

static void on_directory(const DirectoryEdited *edited, const GError *error, gpointer user_data)
{
    Changed *changed = user_data;
    fixture_keep_error(changed->fixture, error);
    keep_hits(changed, edited->hits);
}

static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-8"};

static void change_hours(Changed *changed, HoursEdit edit, HoursKeep keep)
{
    Fixture *fixture = changed->fixture;
    edit.keeps_bookings = keep;
    hours_edit(fixture->scheduling, &doctor, fixture->seed.doctors[0].id, &edit, on_hours, changed);
}

static void leave(Changed *changed, HoursKeep keep)
{
    change_hours(changed,
                 (HoursEdit){.kind = HOURS_EDIT_LEAVE_ADD,
                             .leave = {.from_date = FIXTURE_TODAY, .until_date = "2026-11-26"}},
                 keep);
}

static void close_evening(Changed *changed, HoursKeep keep)
{
    HoursEdit edit = {.kind = HOURS_EDIT_OVERRIDE_ADD,
                      .override = {.date = "2026-11-25", .minutes = {19 * 60 + 30, 20 * 60}}};
    g_strlcpy(edit.override.clinic_id, changed->fixture->clinic_id, sizeof edit.override.clinic_id);
    change_hours(changed, edit, keep);
}

static void make_holiday(Changed *changed, HoursKeep keep)
{
    const HolidayNew holiday = {.date = "2026-11-25", .name = "Hari raya", .is_certain = true};
    holiday_add(changed->fixture->scheduling, &admin, &holiday, keep, on_holiday, changed);
}

static void put_doctor(Changed *changed, const char *permit_until, bool is_active, HoursKeep keep)
{
    const Fixture *fixture = changed->fixture;
    DirectoryDraft *draft = directory_draft_new(DIRECTORY_PRACTITIONER);
    draft->id = g_strdup(fixture->seed.doctors[0].id);
    draft->name = g_strdup("dr. Satu");
    draft->is_active = is_active;
    g_ptr_array_add(draft->clinic_ids, g_strdup(fixture->clinic_id));
    if (permit_until)
        directory_draft_add_permit(draft, fixture->seed.facility_ids[0], "SIP-1", permit_until);
    directory_edit(fixture->scheduling, &admin, draft, keep, on_directory, changed);
}

static void end_permit(Changed *changed, HoursKeep keep)
{
    put_doctor(changed, FIXTURE_TODAY, true, keep);
}

static void archive_doctor(Changed *changed, HoursKeep keep)
{
    put_doctor(changed, NULL, false, keep);
}

static void archive_clinic(Changed *changed, HoursKeep keep)
{
    DirectoryDraft *draft = directory_draft_new(DIRECTORY_CLINIC);
    draft->id = g_strdup(changed->fixture->clinic_id);
    draft->name = g_strdup("Poli Umum");
    draft->is_active = false;
    directory_edit(changed->fixture->scheduling, &admin, draft, keep, on_directory, changed);
}

static void archive_facility(Changed *changed, HoursKeep keep)
{
    const Fixture *fixture = changed->fixture;
    DirectoryDraft *draft = directory_draft_new(DIRECTORY_FACILITY);
    draft->id = g_strdup(fixture->seed.facility_ids[0]);
    draft->name = g_strdup("Puskesmas Limboto");
    draft->facility_kind = g_strdup("puskesmas");
    draft->area_code = g_strdup("75.01.01");
    draft->address = g_strdup("Jl. Trans Sulawesi 12");
    draft->phone = g_strdup("0435-881234");
    draft->is_active = false;
    directory_edit(fixture->scheduling, &admin, draft, keep, on_directory, changed);
}

/* Changes something tomorrow, when there is a class at 19.00, outside of the hours; returns the
 * error code. */
typedef void (*Change)(Changed *changed, HoursKeep keep);

static int change_as(Changed *changed, Change change, HoursKeep keep)
{
    changed->fixture->n_waiting++;
    change(changed, keep);
    fixture_wait(changed->fixture);
    return changed->fixture->error_code;
}

/* CHANGE lists who has a place; kept, the class takes nobody and is not opened anew. */
static void assert_hit_by(Fixture *fixture, Change change, const char *obstacle)
{
    g_auto(Teacher) answer = {.fixture = fixture};
    Changed changed = {.fixture = fixture};
    GroupDraft draft = teacher_class(4, true);
    draft.starts_at_ms = fixture_time(1, 19, 0);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    assert_int_equal(teacher_book(&answer, "Siti", NULL), -1);
    assert_int_equal(teacher_n_open(&answer), 1);
    assert_int_equal(change_as(&changed, change, HOURS_KEEP_NO), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_string_equal(changed.hits, "A-1 ");
    assert_int_equal(teacher_book(&answer, "Rina", NULL), -1);
    assert_int_equal(change_as(&changed, change, HOURS_KEEP_MESSAGE), -1);
    assert_string_equal(changed.hits, "A-1 A-2 ");
    assert_int_equal(teacher_book(&answer, "Wati", NULL), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    const Actor desk = {
        .role = ACTOR_DESK, .user_id = "d", .facility_id = fixture->seed.facility_ids[0]};
    assert_int_equal(teacher_book_by(&answer, "Wati", &desk), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(teacher_n_open(&answer), 0);
    assert_int_equal(teacher_run(&answer, group_get, &desk), -1);
    assert_string_equal(hours_obstacle_name(answer.obstacle), obstacle);
    assert_int_equal(answer.n_visits, 2);
    draft.practitioner_id = fixture->seed.doctors[0].id;
    draft.starts_at_ms = fixture_time(1, 19, 45);
    assert_int_equal(teacher_open(&answer, &draft, &desk), SCHEDULING_ERROR_INVALID_FIELDS);
    if (strcmp(obstacle, "archived") != 0)
        assert_string_equal(answer.code, obstacle);
}

static void test_leave_hits_a_class_outside_the_hours(void **state)
{
    assert_hit_by(*state, leave, "leave");
}

static void test_closed_hours_hit_it(void **state)
{
    assert_hit_by(*state, close_evening, "closed");
}

static void test_a_holiday_hits_it(void **state)
{
    assert_hit_by(*state, make_holiday, "holiday");
}

static void test_the_end_of_the_permit_hits_it(void **state)
{
    assert_hit_by(*state, end_permit, "permit_over");
}

static void test_archiving_its_doctor_hits_it(void **state)
{
    assert_hit_by(*state, archive_doctor, "archived");
}

static void test_archiving_its_clinic_hits_it(void **state)
{
    assert_hit_by(*state, archive_clinic, "archived");
}

static void test_archiving_its_facility_hits_it(void **state)
{
    assert_hit_by(*state, archive_facility, "archived");
}

/* Weekly hours are another matter; leave that is taken back opens the class again. */
static void test_a_class_goes_on_when_leave_is_taken_back(void **state)
{
    Fixture *fixture = *state;
    g_auto(Teacher) answer = {.fixture = fixture};
    Changed changed = {.fixture = fixture};
    GroupDraft draft = teacher_class(4, true);
    draft.starts_at_ms = fixture_time(1, 11, 0);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    assert_int_equal(teacher_book(&answer, "Siti", NULL), -1);
    fixture_clear_rules(fixture);
    assert_int_equal(teacher_n_open(&answer), 1);
    assert_int_equal(change_as(&changed, leave, HOURS_KEEP_YES), -1);
    assert_int_equal(teacher_n_open(&answer), 0);
    HoursEdit back = {.kind = HOURS_EDIT_LEAVE_REMOVE};
    g_strlcpy(back.id, changed.id, sizeof back.id);
    fixture->n_waiting++;
    change_hours(&changed, back, HOURS_KEEP_NO);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(teacher_n_open(&answer), 1);
    assert_int_equal(teacher_book(&answer, "Rina", NULL), -1);
}

/* Who works on a holiday says so with extra hours: a class in them stands. */
static void test_extra_hours_open_a_holiday_for_a_class(void **state)
{
    Fixture *fixture = *state;
    g_auto(Teacher) answer = {.fixture = fixture};
    Changed changed = {.fixture = fixture};
    assert_int_equal(change_as(&changed, make_holiday, HOURS_KEEP_NO), -1);
    GroupDraft draft = teacher_class(4, true);
    draft.starts_at_ms = fixture_time(1, 19, 0);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), SCHEDULING_ERROR_INVALID_FIELDS);
    HoursEdit extra = {.kind = HOURS_EDIT_OVERRIDE_ADD,
                       .override = {.date = "2026-11-25",
                                    .is_extra = true,
                                    .minutes = {18 * 60, 21 * 60},
                                    .pattern = {.slot_minutes = 15}}};
    g_strlcpy(extra.override.clinic_id, fixture->clinic_id, sizeof extra.override.clinic_id);
    fixture->n_waiting++;
    change_hours(&changed, extra, HOURS_KEEP_NO);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(teacher_open(&answer, &draft, &doctor), -1);
    assert_int_equal(teacher_n_open(&answer), 1);
}

/* No hours at all. */
static int set_up(void **state)
{
    int failed = fixture_set_up(state);
    if (!failed)
        fixture_clear_rules(*state);
    return failed;
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)
#define IN_HOURS(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_leave_hits_a_class_outside_the_hours),
        T(test_closed_hours_hit_it),
        T(test_a_holiday_hits_it),
        T(test_the_end_of_the_permit_hits_it),
        T(test_archiving_its_doctor_hits_it),
        T(test_archiving_its_clinic_hits_it),
        T(test_archiving_its_facility_hits_it),
        IN_HOURS(test_a_class_goes_on_when_leave_is_taken_back),
        T(test_extra_hours_open_a_holiday_for_a_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
