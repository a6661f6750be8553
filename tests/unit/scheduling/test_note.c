// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/note.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "scheduling/booking/came.h"
#include "tests/unit/scheduling/converter.h"
#include "tests/unit/scheduling/fixture_sql.h"

typedef struct {
    Fixture *fixture;
    char *visit_id;
    /* of the last answer */
    int64_t revision, signed_at_ms;
    char *subjective, *assessment, *hash, *fault, *allergies, *before;
    unsigned n_diagnoses, n_addenda, n_earlier;
    int temperature;
    bool keeps_old;
} Desk;

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static void keep_text(char **place, const char *text)
{
    g_free(*place);
    *place = g_strdup(text);
}

static void keep_note(Desk *desk, const Note *note)
{
    desk->revision = note->revision;
    desk->signed_at_ms = note->signed_at_ms;
    keep_text(&desk->hash, note->hash);
    if (!note->content)
        return;
    keep_text(&desk->subjective, note->content->texts[NOTE_SUBJECTIVE]);
    keep_text(&desk->assessment, note->content->texts[NOTE_ASSESSMENT]);
    desk->n_diagnoses = note->content->diagnoses->len;
    desk->temperature = note->content->vitals[VITAL_TEMPERATURE];
}

static void on_saved(const NoteSaved *saved, const GError *error, gpointer user_data)
{
    Desk *desk = user_data;
    fixture_keep_error(desk->fixture, error);
    keep_note(desk, &saved->note);
    unsigned n = fault_list_length(saved->faults);
    g_autofree char *fault = n ? g_strdup_printf("%s %s", fault_list_get(saved->faults, 0)->field,
                                                 fault_list_get(saved->faults, 0)->code)
                               : NULL;
    keep_text(&desk->fault, fault);
}

/* "text; text" of what is known; "" for nothing. */
static void keep_allergies(Desk *desk, const GPtrArray *allergies)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < allergies->len; i++) {
        const NoteAllergy *one = allergies->pdata[i];
        assert_true(one->noted_at_ms > 0);
        g_string_append_printf(text, "%s%s", i ? "; " : "", one->text);
    }
    g_free(desk->allergies);
    desk->allergies = g_string_free(text, FALSE);
}

static void on_view(const NoteView *view, const GError *error, gpointer user_data)
{
    Desk *desk = user_data;
    fixture_keep_error(desk->fixture, error);
    if (!view)
        return;
    keep_note(desk, &view->note);
    keep_allergies(desk, view->patient.allergies);
    keep_text(&desk->before, view->before_author);
    desk->n_addenda = view->addenda->len;
    assert_string_equal(view->patient.name, "Siti Aminah");
    assert_int_equal(view->patient.age, 36);
    assert_string_equal(view->patient.nik_masked, "757102******0001");
}

static int save(Desk *desk, int64_t base, NoteContent *content)
{
    desk->fixture->n_waiting++;
    const NoteDraft draft = {base, content, desk->keeps_old};
    note_save(desk->fixture->scheduling, desk->visit_id, &doctor, &draft, on_saved, desk);
    fixture_wait(desk->fixture);
    return desk->fixture->error_code;
}

static NoteContent *content_of(const char *subjective)
{
    NoteContent *content = note_content_new();
    keep_text(&content->texts[NOTE_SUBJECTIVE], subjective);
    return content;
}

static int save_text(Desk *desk, int64_t base, const char *subjective)
{
    return save(desk, base, content_of(subjective));
}

static int get_as(Desk *desk, const Actor *actor)
{
    desk->fixture->n_waiting++;
    note_get(desk->fixture->scheduling, desk->visit_id, actor, on_view, desk);
    fixture_wait(desk->fixture);
    return desk->fixture->error_code;
}

static int sign(Desk *desk, int64_t revision)
{
    desk->fixture->n_waiting++;
    note_sign(desk->fixture->scheduling, desk->visit_id, &doctor, revision, on_saved, desk);
    fixture_wait(desk->fixture);
    return desk->fixture->error_code;
}

static int add(Desk *desk, const char *key, const char *text)
{
    const NoteAddition addition = {key, text};
    desk->fixture->n_waiting++;
    note_add(desk->fixture->scheduling, desk->visit_id, &doctor, &addition, on_saved, desk);
    fixture_wait(desk->fixture);
    return desk->fixture->error_code;
}

static void on_earlier(GPtrArray *rows, const GError *error, gpointer user_data)
{
    Desk *desk = user_data;
    fixture_keep_error(desk->fixture, error);
    desk->n_earlier = rows ? rows->len : 0;
    if (!rows || rows->len == 0)
        return;
    const NoteEarlier *row = rows->pdata[0];
    keep_note(desk, &row->note);
    assert_string_equal(row->doctor, "dr. Rahmat Hasan");
    assert_string_equal(row->facility, "Puskesmas Limboto");
}

static int list_earlier(Desk *desk)
{
    desk->fixture->n_waiting++;
    note_list_earlier(desk->fixture->scheduling, desk->visit_id, &doctor, on_earlier, desk);
    fixture_wait(desk->fixture);
    return desk->fixture->error_code;
}

static sqlite3 *open_file(Desk *desk)
{
    g_autofree char *path = g_build_filename(desk->fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

static int count(Desk *desk, const char *sql)
{
    sqlite3 *db = open_file(desk);
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int n = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return n;
}

/* True when the database itself refuses SQL, whoever runs it. */
static bool is_refused(Desk *desk, const char *sql)
{
    sqlite3 *db = open_file(desk);
    int result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    return result == SQLITE_CONSTRAINT;
}

static int set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    Desk *desk = g_new0(Desk, 1);
    desk->fixture = *state;
    *state = desk;
    if (fixture_book(desk->fixture, fixture_time(0, 11, 0)) != -1)
        return -1;
    desk->visit_id = g_strdup(desk->fixture->visit_id);
    return 0;
}

static int tear_down(void **state)
{
    Desk *desk = *state;
    void *fixture = desk->fixture;
    char *texts[] = {desk->visit_id, desk->subjective, desk->assessment, desk->hash,
                     desk->fault,    desk->allergies,  desk->before};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(desk);
    return fixture_tear_down(&fixture);
}

static void test_saved_and_read(void **state)
{
    Desk *desk = *state;
    assert_int_equal(get_as(desk, &doctor), -1);
    assert_int_equal(desk->revision, 0);
    NoteContent *content = content_of("Batuk tiga hari\nTidak sesak");
    content->vitals[VITAL_TEMPERATURE] = 378;
    note_content_add_diagnosis(content, "J06.9", NULL);
    note_content_add_diagnosis(content, "I10", NULL);
    assert_int_equal(save(desk, 0, content), -1);
    assert_int_equal(desk->revision, 1);
    g_autofree char *hash = g_strdup(desk->hash);
    assert_int_equal(strlen(hash), 64);
    assert_int_equal(get_as(desk, &doctor), -1);
    assert_string_equal(desk->subjective, "Batuk tiga hari\nTidak sesak");
    assert_int_equal(desk->temperature, 378);
    assert_int_equal(desk->n_diagnoses, 2);
    assert_string_equal(desk->hash, hash);
    assert_int_equal(count(desk, "SELECT COUNT(*) FROM audit WHERE action = 'note.read'"), 2);
    assert_int_equal(count(desk, "SELECT COUNT(*) FROM audit WHERE action = 'note.save'"), 1);
    assert_int_equal(count(desk, "SELECT COUNT(*) FROM note_diagnosis WHERE code = 'J06.9' AND "
                                 "name = 'Infeksi saluran napas atas akut' AND position = 1"),
                     1);
}

static void test_stale_revision_is_never_overwritten(void **state)
{
    Desk *desk = *state;
    assert_int_equal(save_text(desk, 0, "dari tab pertama"), -1);
    assert_int_equal(save_text(desk, 0, "dari tab kedua"), SCHEDULING_ERROR_NOTE_STALE);
    assert_string_equal(desk->subjective, "dari tab pertama");
    assert_int_equal(desk->revision, 1);
    assert_int_equal(save_text(desk, 7, "dari mana"), SCHEDULING_ERROR_NOTE_STALE);
    assert_int_equal(save_text(desk, 1, "dari tab kedua"), -1);
    assert_int_equal(desk->revision, 2);
    /* Its answer was lost on the way; the page sends it again. */
    assert_int_equal(save_text(desk, 1, "dari tab kedua"), -1);
    assert_int_equal(desk->revision, 2);
}

static void test_faults_name_fields(void **state)
{
    Desk *desk = *state;
    NoteContent *content = content_of("x");
    content->vitals[VITAL_PULSE] = 900;
    assert_int_equal(save(desk, 0, content), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->fault, "vitals.pulse_per_min too_large");
    content = content_of("x");
    note_content_add_diagnosis(content, "I10", NULL);
    note_content_add_diagnosis(content, "X99.9", NULL);
    assert_int_equal(save(desk, 0, content), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->fault, "diagnoses[1] not_found");
    content = content_of("x");
    note_content_add_diagnosis(content, "I10", NULL);
    note_content_add_diagnosis(content, "I10", NULL);
    assert_int_equal(save(desk, 0, content), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->fault, "diagnoses[1] taken");
    g_autofree char *longest = g_strnfill(NOTE_TEXT_CHARS, 'a');
    g_autofree char *too_long = g_strnfill(NOTE_TEXT_CHARS + 1, 'a');
    assert_int_equal(save_text(desk, 0, too_long), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->fault, "subjective too_long");
    assert_int_equal(save_text(desk, 0, longest), -1);
    assert_int_equal(desk->revision, 1);
}

static void test_kept_each_minute_and_before_a_loss(void **state)
{
    Desk *desk = *state;
    const char *kept = "SELECT COUNT(*) FROM note_kept";
    assert_int_equal(save_text(desk, 0, "Batuk"), -1);
    for (int i = 1; i <= 10; i++) {
        g_autofree char *text = g_strdup_printf("Batuk tiga hari, baris %d", i);
        clock_advance(desk->fixture->clock, 5000);
        assert_int_equal(save_text(desk, i, text), -1);
    }
    assert_int_equal(count(desk, kept), 0);
    clock_advance(desk->fixture->clock, 10000);
    assert_int_equal(save_text(desk, 11,
                               "Batuk tiga hari, dahak kuning, demam malam hari, nafsu "
                               "makan turun, tidak sesak"),
                     -1);
    assert_int_equal(count(desk, kept), 1);
    /* Somebody marks all and types over it. */
    assert_int_equal(save_text(desk, 12, "B"), -1);
    assert_int_equal(count(desk, kept), 2);
    assert_int_equal(count(desk, "SELECT COUNT(*) FROM note_kept WHERE revision = 12 AND content "
                                 "LIKE '%dahak kuning%'"),
                     1);
    /* Chosen against, and just as long. */
    assert_int_equal(save_text(desk, 13, "dari tab kedua"), -1);
    desk->keeps_old = true;
    assert_int_equal(save_text(desk, 14, "dari tab pertama"), -1);
    assert_int_equal(count(desk, "SELECT COUNT(*) FROM note_kept WHERE revision = 14 AND content "
                                 "LIKE '%tab kedua%'"),
                     1);
    assert_true(is_refused(desk, "UPDATE note_kept SET content = ''"));
    assert_true(is_refused(desk, "DELETE FROM note_kept"));
}

/* The visit's call has begun. */
static void talk(Desk *desk)
{
    Fixture *fixture = desk->fixture;
    fixture_turn_to(fixture, fixture_time(0, 11, 0));
    assert_int_equal(fixture_check_in(fixture, desk->visit_id), -1);
    assert_int_equal(fixture_call(fixture, desk->visit_id), -1);
    assert_int_equal(fixture_accept(fixture, desk->visit_id), -1);
    assert_int_equal(fixture_connect(fixture, desk->visit_id), -1);
}

static int save_whole(Desk *desk)
{
    NoteContent *content = content_of("Batuk");
    note_content_add_diagnosis(content, "J06.9", NULL);
    return save(desk, 0, content);
}

/* Signed is what was: nothing of a visit that is to come, was cancelled, or was missed. */
static void test_signed_when_it_was_held(void **state)
{
    Desk *desk = *state;
    assert_int_equal(save_whole(desk), -1);
    assert_int_equal(sign(desk, 1), SCHEDULING_ERROR_BAD_STATE);
    clock_advance(desk->fixture->clock, HOUR_MS);
    assert_int_equal(fixture_check_in(desk->fixture, desk->visit_id), -1);
    assert_int_equal(fixture_call(desk->fixture, desk->visit_id), -1);
    assert_int_equal(sign(desk, 1), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_end(desk->fixture, desk->visit_id, VISIT_STATE_NO_SHOW_PATIENT), -1);
    assert_int_equal(sign(desk, 1), SCHEDULING_ERROR_VISIT_ENDED);
}

static void test_a_cancelled_visits_note_is_not_signed(void **state)
{
    Desk *desk = *state;
    assert_int_equal(save_whole(desk), -1);
    assert_int_equal(fixture_cancel(desk->fixture, desk->visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(sign(desk, 1), SCHEDULING_ERROR_VISIT_CANCELLED);
}

/* The link broke: what was said is signed all the same. */
static void test_signed_after_a_call_that_failed(void **state)
{
    Desk *desk = *state;
    assert_int_equal(save_whole(desk), -1);
    talk(desk);
    assert_int_equal(fixture_end(desk->fixture, desk->visit_id, VISIT_STATE_TECH_FAILED), -1);
    assert_int_equal(sign(desk, 1), -1);
}

static int say_came(Desk *desk, bool came)
{
    desk->fixture->n_waiting++;
    visit_say_came(desk->fixture->scheduling, desk->visit_id, &doctor, came, fixture_on_step,
                   desk->fixture);
    fixture_wait(desk->fixture);
    return desk->fixture->error_code;
}

/* The call came to nothing, and the patient was asked to come: signed when they did. */
static void test_signed_when_who_was_asked_came(void **state)
{
    Desk *desk = *state;
    assert_int_equal(save_whole(desk), -1);
    clock_advance(desk->fixture->clock, HOUR_MS);
    assert_int_equal(fixture_check_in(desk->fixture, desk->visit_id), -1);
    assert_int_equal(fixture_call(desk->fixture, desk->visit_id), -1);
    assert_int_equal(fixture_end(desk->fixture, desk->visit_id, VISIT_STATE_CONVERTED_IN_PERSON),
                     -1);
    assert_int_equal(sign(desk, 1), SCHEDULING_ERROR_NOT_MET);
    assert_int_equal(say_came(desk, false), -1);
    assert_int_equal(sign(desk, 1), SCHEDULING_ERROR_NOT_MET);
    assert_int_equal(say_came(desk, true), -1);
    assert_int_equal(sign(desk, 1), -1);
}

static void test_signed_note_stays(void **state)
{
    Desk *desk = *state;
    const char *key = "0123456789abcdef";
    assert_int_equal(save_text(desk, 0, "Batuk"), -1);
    assert_int_equal(add(desk, key, "susulan"), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(sign(desk, 1), SCHEDULING_ERROR_BAD_STATE); /* the visit is still to come */
    talk(desk);
    assert_int_equal(sign(desk, 1), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->fault, "assessment required");
    NoteContent *content = content_of("Batuk");
    note_content_add_diagnosis(content, "J06.9", NULL);
    assert_int_equal(save(desk, 1, content), -1);
    assert_int_equal(sign(desk, 1), SCHEDULING_ERROR_NOTE_STALE);
    assert_int_equal(sign(desk, 2), -1);
    assert_true(desk->signed_at_ms > 0);
    assert_int_equal(sign(desk, 2), SCHEDULING_ERROR_NOTE_SIGNED);
    assert_int_equal(save_text(desk, 2, "lain"), SCHEDULING_ERROR_NOTE_SIGNED);
    assert_true(is_refused(desk, "UPDATE note SET subjective = 'lain'"));
    assert_true(is_refused(desk, "UPDATE note SET signed_at_ms = NULL"));
    assert_true(is_refused(desk, "DELETE FROM note"));
    assert_true(is_refused(desk, "DELETE FROM note_diagnosis"));
    assert_true(is_refused(desk, "UPDATE note_diagnosis SET code = 'I10'"));
    assert_true(is_refused(desk, "INSERT INTO note_diagnosis SELECT visit_id, 2, 'I10', 'x' FROM "
                                 "note"));
    assert_int_equal(add(desk, key, "  \n"), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_int_equal(add(desk, key, "hasil laboratorium datang"), -1);
    assert_int_equal(add(desk, key, "hasil laboratorium datang"), -1);
    assert_int_equal(add(desk, key, "lain"), SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(get_as(desk, &doctor), -1);
    assert_int_equal(desk->n_addenda, 1);
    assert_true(is_refused(desk, "UPDATE note_addendum SET text = ''"));
    assert_true(is_refused(desk, "DELETE FROM note_addendum"));
}

static void test_only_the_visits_doctor(void **state)
{
    Desk *desk = *state;
    Actor actors[] = {
        {.role = ACTOR_DOCTOR, .user_id = "user-1"},
        fixture_staff(desk->fixture, ACTOR_DESK, 0),
        {.role = ACTOR_OFFICE, .user_id = "user-8"},
        {.role = ACTOR_ADMIN, .user_id = "user-7"},
        {.role = ACTOR_PATIENT},
    };
    g_autofree char *patient =
        fixture_participant(desk->fixture, desk->visit_id, VISIT_ROLE_PATIENT);
    actors[4].participant_id = patient;
    for (unsigned i = 0; i < G_N_ELEMENTS(actors); i++)
        assert_int_equal(get_as(desk, &actors[i]), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(count(desk, "SELECT COUNT(*) FROM audit WHERE action = 'note.read'"), 0);
    assert_int_equal(fixture_cancel(desk->fixture, desk->visit_id, ACTOR_PATIENT), -1);
    assert_int_equal(save_text(desk, 0, "x"), SCHEDULING_ERROR_VISIT_CANCELLED);
}

static void test_earlier_visits_of_the_same_patient(void **state)
{
    Desk *desk = *state;
    NoteContent *content = content_of("Batuk lama");
    keep_text(&content->texts[NOTE_ALLERGIES], "Amoksisilin: gatal");
    assert_int_equal(save(desk, 0, content), -1);
    assert_int_equal(list_earlier(desk), -1);
    assert_int_equal(desk->n_earlier, 0);
    assert_int_equal(fixture_book(desk->fixture, fixture_time(0, 12, 0)), -1);
    keep_text(&desk->visit_id, desk->fixture->visit_id);
    assert_int_equal(list_earlier(desk), -1);
    assert_int_equal(desk->n_earlier, 1);
    assert_string_equal(desk->subjective, "Batuk lama");
    assert_int_equal(get_as(desk, &doctor), -1);
    assert_string_equal(desk->allergies, "Amoksisilin: gatal");
    assert_int_equal(count(desk, "SELECT COUNT(*) FROM audit WHERE action = 'patient.history'"), 2);
}

static void note_allergies(Desk *desk, int64_t starts_at_ms, const char *text)
{
    if (starts_at_ms > 0) {
        assert_int_equal(fixture_book(desk->fixture, starts_at_ms), -1);
        keep_text(&desk->visit_id, desk->fixture->visit_id);
    }
    NoteContent *content = content_of("x");
    keep_text(&content->texts[NOTE_ALLERGIES], text);
    assert_int_equal(save(desk, 0, content), -1);
}

/* A later word hides no earlier one, be it another allergy or "none". */
static void test_all_allergies_that_were_noted(void **state)
{
    Desk *desk = *state;
    note_allergies(desk, 0, "Penisilin: syok anafilaktik");
    note_allergies(desk, fixture_time(0, 11, 30), "Udang:  gatal\nPENISILIN: syok anafilaktik");
    note_allergies(desk, fixture_time(0, 12, 0), "tidak ada");
    assert_int_equal(get_as(desk, &doctor), -1);
    assert_string_equal(desk->allergies, "Udang: gatal; PENISILIN: syok anafilaktik");
    note_allergies(desk, fixture_time(0, 12, 30), "");
    assert_int_equal(get_as(desk, &doctor), -1);
    assert_string_equal(desk->allergies, "tidak ada; Udang: gatal; PENISILIN: syok anafilaktik");
}

/* A booking that comes to nothing opens nobody's chart, nor does one of last year. */
static void test_a_chart_is_open_around_the_visit(void **state)
{
    Desk *desk = *state;
    Fixture *fixture = desk->fixture;
    NoteContent *content = content_of("Batuk lama");
    keep_text(&content->texts[NOTE_ALLERGIES], "Amoksisilin: gatal");
    assert_int_equal(save(desk, 0, content), -1);
    g_autofree char *seen = g_strdup(desk->visit_id);
    assert_int_equal(fixture_book(fixture, fixture_time(1, 11, 0)), -1);
    keep_text(&desk->visit_id, fixture->visit_id);
    assert_int_equal(list_earlier(desk), SCHEDULING_ERROR_TOO_EARLY);
    assert_int_equal(get_as(desk, &doctor), -1);
    assert_string_equal(desk->allergies, "");
    clock_advance(fixture->clock, 14 * HOUR_MS); /* the day has come */
    assert_int_equal(list_earlier(desk), -1);
    assert_int_equal(get_as(desk, &doctor), -1);
    assert_string_equal(desk->allergies, "Amoksisilin: gatal");
    assert_int_equal(fixture_cancel(fixture, desk->visit_id, ACTOR_DESK), -1);
    assert_int_equal(list_earlier(desk), SCHEDULING_ERROR_VISIT_CANCELLED);
    keep_text(&desk->visit_id, seen);
    assert_int_equal(list_earlier(desk), -1);
    clock_advance(fixture->clock, (int64_t)NOTE_CHART_DAYS * 24 * HOUR_MS);
    assert_int_equal(list_earlier(desk), SCHEDULING_ERROR_VISIT_ENDED);
    assert_int_equal(get_as(desk, &doctor), -1); /* one's own note stays */
}

/* The doctor phones ahead, in the evening before: that is the treatment. */
static void test_a_chart_is_open_to_who_phones_ahead(void **state)
{
    Desk *desk = *state;
    Fixture *fixture = desk->fixture;
    assert_int_equal(fixture_book(fixture, fixture_time(1, 8, 0)), -1);
    keep_text(&desk->visit_id, fixture->visit_id);
    assert_int_equal(converter_convert(fixture, desk->visit_id, &doctor, VISIT_WAY_PHONE), -1);
    clock_advance(fixture->clock, 12 * HOUR_MS);
    assert_int_equal(list_earlier(desk), SCHEDULING_ERROR_TOO_EARLY);
    assert_int_equal(converter_show_phone(fixture, desk->visit_id, &doctor), -1);
    assert_int_equal(list_earlier(desk), -1);
}

/* A visit of the pool goes back to the queue with its note: the next doctor reads whose it is, and
 * what is replaced is put aside however soon that is. */
static void test_begun_by_another_doctor(void **state)
{
    Desk *desk = *state;
    assert_int_equal(save_text(desk, 0, "Nyeri dada"), -1);
    assert_int_equal(get_as(desk, &doctor), -1);
    assert_null(desk->before);
    assert_true(fixture_sql_run(desk->fixture, "UPDATE practitioner SET user_id = NULL; "
                                               "UPDATE practitioner SET user_id = 'user-0' "
                                               "WHERE name = 'dr. Nurhayati Ismail'; "
                                               "UPDATE visit SET practitioner_id = (SELECT id FROM "
                                               "practitioner WHERE user_id = 'user-0')"));
    assert_int_equal(get_as(desk, &doctor), -1);
    assert_string_equal(desk->before, "dr. Rahmat Hasan");
    assert_int_equal(fixture_sql_int(desk->fixture, "SELECT COUNT(*) FROM note_kept"), 0);
    assert_int_equal(save_text(desk, 1, "Nyeri dada kiri"), -1);
    assert_int_equal(fixture_sql_int(desk->fixture, "SELECT COUNT(*) FROM note_kept"), 1);
    assert_int_equal(save_text(desk, 2, "Nyeri dada kiri, sesak"), -1);
    assert_int_equal(fixture_sql_int(desk->fixture, "SELECT COUNT(*) FROM note_kept"), 1);
    assert_int_equal(get_as(desk, &doctor), -1);
    assert_string_equal(desk->before, "dr. Rahmat Hasan");
}

#define NOTE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NOTE_TEST(test_saved_and_read),
        NOTE_TEST(test_stale_revision_is_never_overwritten),
        NOTE_TEST(test_begun_by_another_doctor),
        NOTE_TEST(test_faults_name_fields),
        NOTE_TEST(test_kept_each_minute_and_before_a_loss),
        NOTE_TEST(test_signed_note_stays),
        NOTE_TEST(test_signed_when_it_was_held),
        NOTE_TEST(test_a_cancelled_visits_note_is_not_signed),
        NOTE_TEST(test_signed_after_a_call_that_failed),
        NOTE_TEST(test_signed_when_who_was_asked_came),
        NOTE_TEST(test_only_the_visits_doctor),
        NOTE_TEST(test_earlier_visits_of_the_same_patient),
        NOTE_TEST(test_all_allergies_that_were_noted),
        NOTE_TEST(test_a_chart_is_open_around_the_visit),
        NOTE_TEST(test_a_chart_is_open_to_who_phones_ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
