// SPDX-License-Identifier: Apache-2.0
/* Who hears that hours have changed, whose they are, where that matters; and what is shown then of
 * visits that have lost their place. */
#include "tests/unit/scheduling/editor.h"
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/holiday.h"
#include "scheduling/clinic/hours_news.h"

static const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-8"};

/* What was heard, "practitioner facility clinic user; " with "-" for whatever narrows nothing. */
static void on_news(const HoursNews *news, gpointer user_data)
{
    const char *const ids[] = {news->practitioner_id, news->facility_id, news->clinic_id,
                               news->user_id};
    for (unsigned i = 0; i < G_N_ELEMENTS(ids); i++)
        g_string_append_printf(user_data, "%s%s", ids[i] ? ids[i] : "-",
                               i + 1 < G_N_ELEMENTS(ids) ? " " : "; ");
}

static GString *listen(Fixture *fixture)
{
    GString *heard = g_string_new(NULL);
    hours_news_set_listener(fixture->scheduling, on_news, heard);
    return heard;
}

/* BEFORE ID BEHIND. */
static void assert_heard(GString *heard, const char *before, const char *id, const char *behind)
{
    g_autofree char *wanted = g_strconcat(before, id, behind, NULL);
    assert_string_equal(heard->str, wanted);
    g_string_truncate(heard, 0);
}

static HoursEdit leave_of(const char *date)
{
    HoursEdit leave = {.kind = HOURS_EDIT_LEAVE_ADD};
    g_strlcpy(leave.leave.from_date, date, sizeof leave.leave.from_date);
    g_strlcpy(leave.leave.until_date, date, sizeof leave.leave.until_date);
    return leave;
}

static void test_what_was_refused_is_no_news(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_autoptr(GString) heard = listen(fixture);
    g_autofree char *visit = mail_booked(fixture, 1, 14, 0);
    const HoursEdit leave = leave_of(FIXTURE_TOMORROW);
    assert_int_equal(editor_edit(&editor, &leave, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_heard(heard, "", "", "");
    assert_int_equal(editor_edit(&editor, &leave, true), -1);
    assert_heard(heard, "", fixture->seed.doctors[0].id, " - - -; ");
    const HoursEdit back = editor_removal(HOURS_EDIT_LEAVE_REMOVE, editor.id);
    assert_int_equal(editor_edit(&editor, &back, false), -1);
    assert_heard(heard, "", fixture->seed.doctors[0].id, " - - -; ");
    hours_news_set_listener(fixture->scheduling, NULL, NULL);
}

static void on_holiday(const HolidayEdited *edited, const GError *error, gpointer user_data)
{
    Editor *editor = user_data;
    g_free(editor->id);
    editor->id = g_strdup(edited->id);
    fixture_keep_error(editor->fixture, error);
}

static void test_a_holiday_is_of_its_facility(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_autoptr(GString) heard = listen(fixture);
    HolidayNew holiday = {.date = FIXTURE_TOMORROW,
                          .name = "Hari jadi",
                          .is_certain = true,
                          .facility_id = fixture->seed.facility_ids[1]};
    fixture->n_waiting++;
    holiday_add(fixture->scheduling, &admin, &holiday, HOURS_KEEP_NO, on_holiday, &editor);
    fixture_wait(fixture);
    assert_heard(heard, "- ", fixture->seed.facility_ids[1], " - -; ");
    fixture->n_waiting++;
    holiday_remove(fixture->scheduling, &admin, editor.id, NULL, on_holiday, &editor);
    fixture_wait(fixture);
    assert_heard(heard, "- ", fixture->seed.facility_ids[1], " - -; ");
    holiday.facility_id = NULL;
    fixture->n_waiting++;
    holiday_add(fixture->scheduling, &admin, &holiday, HOURS_KEEP_NO, on_holiday, &editor);
    fixture_wait(fixture);
    assert_heard(heard, "- - - -; ", "", "");
    hours_news_set_listener(fixture->scheduling, NULL, NULL);
}

typedef struct {
    Fixture *fixture;
    GString *facilities, *doctors; /* each once, in any order: "id " */
} Places;

static void add_once(GString *list, const char *id)
{
    if (!strstr(list->str, id))
        g_string_append_printf(list, "%s ", id);
}

static void on_places(const GPtrArray *places, const GError *error, gpointer user_data)
{
    Places *seen = user_data;
    fixture_keep_error(seen->fixture, error);
    for (unsigned i = 0; i < places->len; i++) {
        const HoursPlace *place = places->pdata[i];
        add_once(seen->facilities, place->facility_id);
        add_once(seen->doctors, place->practitioner_id);
    }
}

static unsigned count_words(const GString *list)
{
    unsigned n = 0;
    for (const char *at = list->str; (at = strchr(at, ' ')); at++)
        n++;
    return n;
}

/* Numbers of facilities and of doctors that NEWS touches, as 10 F + D. */
static unsigned touched(Fixture *fixture, const HoursNews *news)
{
    g_autoptr(GString) facilities = g_string_new(NULL), doctors = g_string_new(NULL);
    Places seen = {fixture, facilities, doctors};
    fixture->n_waiting++;
    hours_news_places(fixture->scheduling, news, on_places, &seen);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return 10 * count_words(facilities) + count_words(doctors);
}

static void test_touched_is_where_the_doctor_works(void **state)
{
    Fixture *fixture = *state;
    const DemoSeed *seed = &fixture->seed;
    assert_int_equal(touched(fixture, &(HoursNews){.practitioner_id = seed->doctors[0].id}), 11);
    assert_int_equal(touched(fixture, &(HoursNews){.user_id = "user-0"}), 11);
    assert_int_equal(touched(fixture, &(HoursNews){.user_id = "nobody"}), 0);
    assert_int_equal(touched(fixture, &(HoursNews){.clinic_id = fixture->clinic_id}), 11);
    assert_int_equal(touched(fixture, &(HoursNews){.facility_id = seed->facility_ids[0]}) / 10, 1);
    const unsigned all = touched(fixture, &(HoursNews){0});
    assert_true(all / 10 >= 2);
    assert_int_equal(all % 10, DEMO_N_DOCTORS);
}

static void look(Fixture *fixture)
{
    fixture->n_waiting++;
    hours_news_look(fixture->scheduling, fixture_on_done, fixture);
    fixture_wait(fixture);
}

/* The first look has nothing to be held against. */
static void test_another_day_is_news(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GString) heard = listen(fixture);
    look(fixture);
    fixture_turn_to(fixture, fixture_time(0, 23, 59));
    look(fixture);
    assert_heard(heard, "", "", "");
    fixture_turn_to(fixture, fixture_time(1, 0, 0));
    look(fixture);
    assert_heard(heard, "- - - -; ", "", "");
    look(fixture);
    assert_heard(heard, "", "", "");
    hours_news_set_listener(fixture->scheduling, NULL, NULL);
}

static void on_views(GPtrArray *views, const GError *error, gpointer user_data)
{
    Editor *editor = user_data;
    g_autoptr(GString) seen = g_string_new(NULL);
    fixture_keep_error(editor->fixture, error);
    for (unsigned i = 0; views && i < views->len; i++) {
        const VisitView *view = views->pdata[i];
        g_string_append_printf(seen, "%s%s ", view->number, view->is_unplaced ? "!" : "");
    }
    g_free(editor->hits);
    editor->hits = g_string_free(g_steal_pointer(&seen), FALSE);
}

static void assert_views(Editor *editor, const char *const *ids, const char *wanted)
{
    editor->fixture->n_waiting++;
    visit_list_views(editor->fixture->scheduling, ids, on_views, editor);
    fixture_wait(editor->fixture);
    assert_int_equal(editor->fixture->error_code, -1);
    assert_string_equal(editor->hits, wanted);
}

static void test_views_say_who_has_no_place(void **state)
{
    Fixture *fixture = *state;
    g_auto(Editor) editor = {.fixture = fixture};
    g_autofree char *today = mail_booked(fixture, 0, 14, 0);
    g_autofree char *tomorrow = mail_booked(fixture, 1, 14, 0);
    const char *const ids[] = {tomorrow, "01hqnosuchvisit00000000000", today, NULL};
    assert_views(&editor, ids, "A-1 A-1 ");
    const HoursEdit leave = leave_of(FIXTURE_TOMORROW);
    assert_int_equal(editor_edit(&editor, &leave, true), -1);
    g_autofree char *id = g_strdup(editor.id);
    assert_views(&editor, ids, "A-1! A-1 ");
    const HoursEdit back = editor_removal(HOURS_EDIT_LEAVE_REMOVE, id);
    assert_int_equal(editor_edit(&editor, &back, false), -1);
    assert_views(&editor, ids, "A-1 A-1 ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_was_refused_is_no_news),       TEST(test_a_holiday_is_of_its_facility),
        TEST(test_touched_is_where_the_doctor_works), TEST(test_another_day_is_news),
        TEST(test_views_say_who_has_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
