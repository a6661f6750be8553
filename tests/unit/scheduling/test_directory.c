// SPDX-License-Identifier: Apache-2.0
/* Facilities, clinics and practitioners as they are kept: forms, letters, whose are whose, bookings
 * that a change hits, and what is archived. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/clinic/directory_edit.h"
#include "scheduling/clinic/directory_view.h"
#include "tests/unit/scheduling/words.h"

typedef struct {
    Fixture *fixture;
    Actor actor;
    char *id, *faults;
    unsigned n_hits;
} Keeper;

static void keeper_clear(Keeper *keeper)
{
    g_free(keeper->id);
    g_free(keeper->faults);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Keeper, keeper_clear)

static Keeper admin_of(Fixture *fixture)
{
    return (Keeper){.fixture = fixture, .actor = {.role = ACTOR_ADMIN, .user_id = "a"}};
}

static Keeper coordinator_of(Fixture *fixture)
{
    return (Keeper){.fixture = fixture,
                    .actor = {.role = ACTOR_COORDINATOR,
                              .user_id = "c",
                              .facility_id = fixture->seed.facility_ids[0]}};
}

static void on_edited(const DirectoryEdited *edited, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    fixture_keep_error(keeper->fixture, error);
    g_free(keeper->id);
    g_free(keeper->faults);
    keeper->id = g_strdup(edited->id);
    keeper->faults = words_faults(edited->faults);
    keeper->n_hits = edited->hits->len;
}

/* Takes DRAFT. */
static int edit(Keeper *keeper, DirectoryDraft *draft, bool keep)
{
    keeper->fixture->n_waiting++;
    directory_edit(keeper->fixture->scheduling, &keeper->actor, draft, keep, on_edited, keeper);
    fixture_wait(keeper->fixture);
    return keeper->fixture->error_code;
}

static DirectoryDraft *facility(const char *name, const char *area)
{
    DirectoryDraft *draft = directory_draft_new(DIRECTORY_FACILITY);
    draft->name = g_strdup(name);
    draft->facility_kind = g_strdup("clinic");
    draft->area_code = g_strdup(area);
    draft->address = g_strdup("Jl. Sudirman 1");
    draft->phone = g_strdup("0435-881234");
    return draft;
}

static DirectoryDraft *clinic(const char *facility_id, const char *name, const char *letter)
{
    DirectoryDraft *draft = directory_draft_new(DIRECTORY_CLINIC);
    draft->facility_id = g_strdup(facility_id);
    draft->name = g_strdup(name);
    draft->letter = g_strdup(letter);
    return draft;
}

static DirectoryDraft *person(const char *id, const char *name, const char *clinic_id)
{
    DirectoryDraft *draft = directory_draft_new(DIRECTORY_PRACTITIONER);
    draft->id = g_strdup(id);
    draft->name = g_strdup(name);
    if (clinic_id)
        g_ptr_array_add(draft->clinic_ids, g_strdup(clinic_id));
    return draft;
}

static void expect_faults(DirectoryDraft *draft, const char *expected)
{
    g_autoptr(FaultList) faults = fault_list_new();
    g_autoptr(DirectoryDraft) owned = draft;
    directory_draft_check(owned, faults);
    g_autofree char *text = words_faults(faults);
    assert_string_equal(text, expected);
}

static void test_forms(void **state)
{
    (void)state;
    expect_faults(facility("F", "75.01.01"), "");
    expect_faults(directory_draft_new(DIRECTORY_FACILITY),
                  "name:required kind:not_allowed area_code:required address:required "
                  "phone:required ");
    DirectoryDraft *draft = facility("a\nb", "75.01.01");
    g_free(draft->phone);
    draft->phone = g_strdup("0435-12a34");
    expect_faults(draft, "name:bad_characters phone:not_a_phone ");
    draft = facility("\xff", "75.01.01");
    g_free(draft->phone);
    draft->phone = g_strdup("- - - - 12");
    expect_faults(draft, "name:bad_characters phone:not_a_phone ");
    /* As long as a telephone number is. */
    draft = facility("F", "75.01.01");
    g_free(draft->phone);
    draft->phone = g_strdup("0435-1");
    expect_faults(draft, "phone:not_a_phone ");
    draft = facility("F", "75.01.01");
    g_free(draft->phone);
    draft->phone = g_strdup("(0435) 881 234");
    expect_faults(draft, "");
    expect_faults(clinic("f", "C", NULL), "");
    expect_faults(clinic("f", "C", "a"), "letter:not_a_letter ");
    expect_faults(clinic("f", "C", "AB"), "letter:not_a_letter ");
    DirectoryDraft *waiting = clinic("f", "C", NULL);
    waiting->wait_mode = g_strdup("all");
    expect_faults(waiting, "wait_mode:not_allowed ");
    expect_faults(clinic(NULL, "", "Z"), "name:required facility:required ");
    draft = person(NULL, "dr. X", NULL);
    draft->str_valid_until = g_strdup("2026-02-30");
    directory_draft_add_permit(draft, "f", "", "");
    directory_draft_add_permit(draft, "f", "1", "2026-1-1");
    expect_faults(draft, "str_valid_until:not_a_date clinics:required permits[0].number:required "
                         "permits[0].valid_until:required permits[1].facility:taken "
                         "permits[1].valid_until:not_a_date ");
}

static DirectoryDraft *service(const char *clinic_id, const char *name)
{
    DirectoryDraft *draft = directory_draft_new(DIRECTORY_SERVICE);
    draft->name = g_strdup(name);
    draft->terms = (DirectoryTerms){
        .clinic_id = g_strdup(clinic_id), .mode = g_strdup("video"), .duration_minutes = 15};
    return draft;
}

static void test_services(void **state)
{
    Fixture *fixture = *state;
    g_auto(Keeper) keeper = admin_of(fixture);
    g_auto(Keeper) own = coordinator_of(fixture);
    DirectoryDraft *wrong = directory_draft_new(DIRECTORY_SERVICE);
    wrong->terms = (DirectoryTerms){.duration_minutes = 241,
                                    .before_minutes = -1,
                                    .after_minutes = 121,
                                    .price_rupiah = DIRECTORY_MAX_PRICE + 1};
    expect_faults(wrong,
                  "name:required clinic:required mode:not_allowed duration_minutes:too_large "
                  "before_minutes:too_small after_minutes:too_large price_rupiah:too_large ");
    assert_int_equal(edit(&keeper, clinic(fixture->seed.facility_ids[1], "Poli B", NULL), 0), -1);
    g_autofree char *foreign = g_strdup(keeper.id);
    assert_int_equal(edit(&keeper, service(foreign, "Satu"), false), -1);
    g_autofree char *theirs = g_strdup(keeper.id);
    assert_int_equal(edit(&own, service(foreign, "Dua"), false), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(own.faults, "clinic:not_found ");
    DirectoryDraft *reached = service(NULL, "Dua");
    reached->id = g_strdup(theirs);
    assert_int_equal(edit(&own, reached, false), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(edit(&own, service(fixture->clinic_id, "Satu"), false), -1);
    assert_int_equal(edit(&own, service(fixture->clinic_id, "Satu"), false),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(own.faults, "name:taken ");
}

static void test_letters_are_free_ones(void **state)
{
    Fixture *fixture = *state;
    g_auto(Keeper) keeper = admin_of(fixture);
    assert_int_equal(edit(&keeper, facility("Klinik Baru", "75.01.01"), false), -1);
    g_autofree char *place = g_strdup(keeper.id);
    assert_int_equal(edit(&keeper, clinic(place, "Satu", "B"), false), -1);
    g_autofree char *first = g_strdup(keeper.id);
    for (char letter = 'A'; letter <= 'Z'; letter++) {
        g_autofree char *name = g_strdup_printf("Poli %c", letter);
        if (letter != 'B')
            assert_int_equal(edit(&keeper, clinic(place, name, NULL), false), -1);
    }
    assert_int_equal(edit(&keeper, clinic(place, "Terlalu Banyak", NULL), false),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(keeper.faults, "letter:letters_all_taken ");
    assert_int_equal(edit(&keeper, clinic(place, "Terlalu Banyak", "C"), false),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(keeper.faults, "letter:taken ");
    assert_int_equal(edit(&keeper, clinic(place, "Satu", NULL), false),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(keeper.faults, "name:taken ");
    /* It may keep its own name and letter. */
    DirectoryDraft *same = clinic(NULL, "Satu", "B");
    same->id = g_strdup(first);
    assert_int_equal(edit(&keeper, same, false), -1);
    /* Without one it keeps the letter: all others are taken. */
    same = clinic(NULL, "Satu Lagi", NULL);
    same->id = g_strdup(first);
    assert_int_equal(edit(&keeper, same, false), -1);
}

static void test_what_the_database_knows(void **state)
{
    Fixture *fixture = *state;
    g_auto(Keeper) keeper = admin_of(fixture);
    const struct {
        DirectoryDraft *draft;
        const char *faults;
    } rows[] = {
        {facility("Puskesmas Limboto", "75.01.01"), "name:taken "},
        {facility("X", "75.01"), "area_code:not_found "}, /* no kecamatan */
        {clinic("01hzzzzzzzzzzzzzzzzzzzzzzz", "C", NULL), "facility:not_found "},
        {person(NULL, "dr. X", "01hzzzzzzzzzzzzzzzzzzzzzzz"), "clinics:not_found "},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_int_equal(edit(&keeper, rows[i].draft, false), SCHEDULING_ERROR_INVALID_FIELDS);
        assert_string_equal(keeper.faults, rows[i].faults);
    }
    assert_int_equal(
        edit(&keeper, person("01hzzzzzzzzzzzzzzzzzzzzzzz", "X", fixture->clinic_id), 0),
        SCHEDULING_ERROR_NOT_FOUND);
}

static void test_who_keeps_what(void **state)
{
    Fixture *fixture = *state;
    g_auto(Keeper) keeper = coordinator_of(fixture);
    const char *own = fixture->seed.facility_ids[0];
    const char *foreign = fixture->seed.facility_ids[1];
    assert_int_equal(edit(&keeper, facility("X", "75.01.01"), false), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(edit(&keeper, clinic(foreign, "C", NULL), false), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(edit(&keeper, clinic(own, "Poli Baru", NULL), false), -1);
    g_autofree char *poli = g_strdup(keeper.id);
    assert_int_equal(edit(&keeper, person(NULL, "dr. X", poli), false), -1);
    DirectoryDraft *abroad = person(NULL, "dr. Y", poli);
    directory_draft_add_permit(abroad, foreign, "1", "2030-01-01");
    assert_int_equal(edit(&keeper, abroad, false), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(keeper.faults, "permits[0].facility:not_found ");
    const ActorRole nobodies[] = {ACTOR_PATIENT, ACTOR_DOCTOR, ACTOR_DESK, ACTOR_OFFICE};
    for (unsigned i = 0; i < G_N_ELEMENTS(nobodies); i++) {
        keeper.actor.role = nobodies[i];
        assert_int_equal(edit(&keeper, clinic(own, "C", NULL), false), SCHEDULING_ERROR_FORBIDDEN);
    }
    keeper.actor = (Actor){.role = ACTOR_COORDINATOR, .user_id = "c"}; /* of no facility */
    assert_int_equal(edit(&keeper, clinic(own, "C", NULL), false), SCHEDULING_ERROR_FORBIDDEN);
}

static DirectoryDraft *first_doctor(Fixture *fixture, const char *permit_until)
{
    DirectoryDraft *draft =
        person(fixture->seed.doctors[0].id, "dr. Rahmat Hasan", fixture->clinic_id);
    if (permit_until)
        directory_draft_add_permit(draft, fixture->seed.facility_ids[0], "SIP-1", permit_until);
    return draft;
}

static void test_bookings_are_spoken_of(void **state)
{
    Fixture *fixture = *state;
    g_auto(Keeper) keeper = admin_of(fixture);
    assert_int_equal(fixture_book(fixture, fixture_time(3, 10, 0)), -1); /* of the 27th */
    assert_int_equal(edit(&keeper, first_doctor(fixture, "2026-11-27"), false), -1);
    assert_int_equal(edit(&keeper, first_doctor(fixture, "2026-11-26"), false),
                     SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_int_equal(keeper.n_hits, 1);
    /* Nothing was changed: the 27th is open still. */
    assert_int_equal(fixture_book(fixture, fixture_time(3, 10, 15)), -1);
    assert_int_equal(edit(&keeper, first_doctor(fixture, "2026-11-26"), true), -1);
    assert_int_equal(keeper.n_hits, 2);
    assert_int_equal(fixture_book(fixture, fixture_time(3, 10, 30)),
                     SCHEDULING_ERROR_SLOT_NOT_OFFERED);
    assert_int_equal(fixture_book(fixture, fixture_time(2, 10, 30)), -1);
    DirectoryDraft *gone = first_doctor(fixture, NULL);
    gone->is_active = false;
    assert_int_equal(edit(&keeper, gone, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    DirectoryDraft *closed = clinic(NULL, "Poli Umum", "A");
    closed->id = g_strdup(fixture->clinic_id);
    closed->is_active = false;
    assert_int_equal(edit(&keeper, closed, false), SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_int_equal(keeper.n_hits, 1);
}

/* Where there was a permit it takes one: without any more nothing is open, however long ago it was
 * taken away, also for who has left the clinic since. */
static void test_removing_a_permit_opens_nothing(void **state)
{
    Fixture *fixture = *state;
    g_auto(Keeper) keeper = coordinator_of(fixture);
    static const char *const ends[] = {"2026-11-20", "2030-01-01"};
    for (unsigned i = 0; i < G_N_ELEMENTS(ends); i++) {
        int64_t slot = fixture_time(2, 10, 15 * (int)i);
        assert_int_equal(edit(&keeper, first_doctor(fixture, ends[i]), true), -1);
        assert_int_equal(edit(&keeper, first_doctor(fixture, NULL), true), -1);
        assert_int_equal(fixture_book(fixture, slot), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
        DirectoryDraft *left = first_doctor(fixture, NULL);
        left->is_active = false;
        assert_int_equal(edit(&keeper, left, true), -1);
        assert_int_equal(edit(&keeper, first_doctor(fixture, NULL), true), -1);
        assert_int_equal(fixture_book(fixture, slot), SCHEDULING_ERROR_SLOT_NOT_OFFERED);
        assert_int_equal(edit(&keeper, first_doctor(fixture, "2031-01-01"), true), -1);
        assert_int_equal(fixture_book(fixture, slot), -1);
    }
    /* Who is booked is spoken of. */
    assert_int_equal(edit(&keeper, first_doctor(fixture, NULL), false),
                     SCHEDULING_ERROR_BOOKINGS_HIT);
    assert_int_equal(keeper.n_hits, 2);
}

static void on_view(const DirectoryView *view, const GError *error, gpointer user_data)
{
    Keeper *keeper = user_data;
    fixture_keep_error(keeper->fixture, error);
    if (!view)
        return;
    g_autoptr(GString) text = g_string_new(NULL);
    for (unsigned i = 0; i < view->practitioners->len; i++) {
        const DirectoryRow *row = g_ptr_array_index(view->practitioners, i);
        g_string_append_printf(text, "%s %u/%u%s; ", row->draft->name, row->draft->clinic_ids->len,
                               row->draft->permits->len, row->draft->is_active ? "" : " archived");
    }
    g_free(keeper->faults);
    keeper->faults =
        g_strdup_printf("%u %u %s", view->facilities->len, view->clinics->len, text->str);
}

static const char *look(Keeper *keeper)
{
    keeper->fixture->n_waiting++;
    directory_view_get(keeper->fixture->scheduling, &keeper->actor, on_view, keeper);
    fixture_wait(keeper->fixture);
    return keeper->faults;
}

static void test_what_is_left_and_archived(void **state)
{
    Fixture *fixture = *state;
    g_auto(Keeper) keeper = admin_of(fixture);
    g_auto(Keeper) own = coordinator_of(fixture);
    assert_int_equal(edit(&keeper, clinic(fixture->seed.facility_ids[1], "Poli B", NULL), 0), -1);
    DirectoryDraft *both = first_doctor(fixture, "2030-01-01");
    g_ptr_array_add(both->clinic_ids, g_strdup(keeper.id));
    directory_draft_add_permit(both, fixture->seed.facility_ids[1], "SIP-2", "2030-01-01");
    assert_int_equal(edit(&keeper, both, false), -1);
    assert_non_null(strstr(look(&keeper), "dr. Rahmat Hasan 2/2; "));
    assert_non_null(strstr(look(&own), "dr. Rahmat Hasan 1/1; "));
    /* The coordinator's change leaves what is the other facility's. */
    DirectoryDraft *renamed = first_doctor(fixture, NULL);
    g_free(renamed->name);
    renamed->name = g_strdup("dr. Lain");
    assert_int_equal(edit(&own, renamed, false), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(own.faults, "name:works_elsewhere ");
    assert_int_equal(edit(&own, first_doctor(fixture, NULL), false), -1);
    assert_non_null(strstr(look(&keeper), "dr. Rahmat Hasan 2/1; "));
    DirectoryDraft *archived = first_doctor(fixture, NULL);
    archived->is_active = false;
    assert_int_equal(edit(&keeper, archived, false), -1);
    assert_non_null(strstr(look(&keeper), "dr. Rahmat Hasan 1/0 archived; "));
    assert_int_equal(fixture_book(fixture, fixture_time(1, 10, 0)), SCHEDULING_ERROR_NOT_FOUND);
    /* Where there was a permit it takes one. */
    assert_int_equal(edit(&keeper, first_doctor(fixture, "2030-01-01"), false), -1);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 10, 0)), -1);
    DirectoryDraft *registered = first_doctor(fixture, "2030-01-01");
    registered->str_number = g_strdup("STR-1");
    assert_int_equal(edit(&keeper, registered, false), -1);
    DirectoryDraft *twin = person(NULL, "dr. Kembar", fixture->clinic_id);
    twin->str_number = g_strdup("STR-1");
    assert_int_equal(edit(&own, twin, false), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(own.faults, "str_number:str_taken ");
    /* Who asks an administrator is not one. */
    DirectoryDraft *again = person(NULL, "dr. Kembar", fixture->clinic_id);
    again->str_number = g_strdup("STR-1");
    assert_int_equal(edit(&keeper, again, false), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(keeper.faults, "str_number:str_known ");
    keeper.actor.role = ACTOR_DESK;
    (void)look(&keeper);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
}

static void test_audit_says_from_and_to(void **state)
{
    Fixture *fixture = *state;
    g_auto(Keeper) keeper = admin_of(fixture);
    g_auto(Keeper) own = coordinator_of(fixture);
    const char *home = fixture->seed.facility_ids[0];
    assert_int_equal(edit(&keeper, facility("Klinik Baru", "75.01.01"), false), -1);
    DirectoryDraft *moved = facility("Klinik Baru", "75.01.02");
    moved->id = g_strdup(keeper.id);
    g_free(moved->phone);
    moved->phone = g_strdup("0435-111111");
    assert_int_equal(edit(&keeper, moved, false), -1);
    assert_int_equal(edit(&own, clinic(home, "Poli Gigi", "G"), false), -1);
    g_autofree char *poli = g_strdup(own.id);
    DirectoryDraft *renamed = clinic(NULL, "Poli Gigi dan Mulut", NULL); /* the letter stays */
    renamed->id = g_strdup(poli);
    renamed->wait_mode = g_strdup("all_at_once");
    assert_int_equal(edit(&own, renamed, false), -1);
    assert_int_equal(edit(&own, service(poli, "Cabut gigi"), false), -1);
    DirectoryDraft *longer = service(NULL, "Cabut gigi");
    longer->id = g_strdup(own.id);
    longer->terms.duration_minutes = 30;
    longer->is_active = false;
    assert_int_equal(edit(&own, longer, false), -1);
    DirectoryDraft *doctor = first_doctor(fixture, "2030-01-01");
    g_ptr_array_add(doctor->clinic_ids, g_strdup(poli));
    assert_int_equal(edit(&own, doctor, false), -1);
    g_autofree char *places = fixture_audit_reasons(fixture, "facility.");
    assert_string_equal(
        places,
        "facility.add: name - > Klinik Baru; kind - > clinic; area_code - > 75.01.01; "
        "address - > Jl. Sudirman 1; phone - > 0435-881234; active - > yes; "
        "facility.change: area_code 75.01.01 > 75.01.02; phone 0435-881234 > 0435-111111; ");
    g_autofree char *clinics = fixture_audit_reasons(fixture, "clinic.");
    g_autofree char *made = g_strdup_printf(
        "clinic.add: facility - > %s; name - > Poli Gigi; letter - > G; wait_mode - > one_by_one; "
        "active - > yes; clinic.change: name Poli Gigi > Poli Gigi dan Mulut; wait_mode one_by_one "
        "> all_at_once; ",
        home);
    assert_string_equal(clinics, made);
    g_autofree char *services = fixture_audit_reasons(fixture, "service.");
    assert_non_null(strstr(services, "duration_minutes - > 15; "));
    assert_non_null(
        strstr(services, "service.archive: duration_minutes 15 > 30; active yes > no; "));
    g_autofree char *people = fixture_audit_reasons(fixture, "practitioner.");
    bool is_later = strcmp(fixture->clinic_id, poli) < 0; /* by id */
    g_autofree char *placed = g_strdup_printf(
        "practitioner.change: clinics %s > %s,%s; permits - > %s SIP-1 until 2030-01-01; ",
        fixture->clinic_id, is_later ? fixture->clinic_id : poli,
        is_later ? poli : fixture->clinic_id, home);
    assert_string_equal(people, placed);
}

int main(void)
{
#define DIRECTORY_TEST(test)                                                                       \
    cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        DIRECTORY_TEST(test_services),
        DIRECTORY_TEST(test_letters_are_free_ones),
        DIRECTORY_TEST(test_what_the_database_knows),
        DIRECTORY_TEST(test_who_keeps_what),
        DIRECTORY_TEST(test_bookings_are_spoken_of),
        DIRECTORY_TEST(test_removing_a_permit_opens_nothing),
        DIRECTORY_TEST(test_what_is_left_and_archived),
        DIRECTORY_TEST(test_audit_says_from_and_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
