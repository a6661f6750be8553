// SPDX-License-Identifier: Apache-2.0
/* What a question between doctors holds: what is told of the patient, what it must say, its files;
 * sealed and for good. */
#include "tests/unit/scheduling/asker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "scheduling/note/note.h"

#define FILE_ID "7c2d4e5f-0000-4000-8000-00000000000%u"

static const char pdf[] = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

static void on_note(const NoteSaved *saved, const GError *error, gpointer user_data)
{
    Asker *asker = user_data;
    fixture_keep_error(asker->fixture, error);
    asker->note_revision = saved->note.revision;
}

static void save_note(Asker *asker, const char *visit_id, const char *plan)
{
    NoteContent *content = note_content_new();
    g_free(content->texts[NOTE_SUBJECTIVE]);
    content->texts[NOTE_SUBJECTIVE] = g_strdup("Gatal.");
    g_free(content->texts[NOTE_PLAN]);
    content->texts[NOTE_PLAN] = g_strdup(plan);
    content->vitals[VITAL_PULSE] = 88;
    const NoteDraft draft = {asker->note_revision, content, false};
    note_save(asker->fixture->scheduling, visit_id, &asker_rahmat, &draft, on_note, asker);
    assert_int_equal(asker_wait(asker), -1);
}

static void test_told_what_was_chosen(void **state)
{
    Asker *asker = *state;
    static const char *const parts[] = {"age", "vitals", "note.plan", NULL};
    static const char *const named[] = {"name", NULL};
    assert_int_equal(fixture_book(asker->fixture, fixture_time(0, 10, 30)), -1);
    g_autofree char *visit = g_strdup(asker->fixture->visit_id);
    save_note(asker, visit, "Salep.");
    ConsultDraft draft = asker_draft(asker, 1, "0123456789abcdef");
    draft.visit_id = visit;
    draft.note_revision = asker->note_revision;
    draft.shared = parts;
    assert_int_equal(asker_ask(asker, &asker_rahmat, &draft), -1);
    assert_int_equal(asker_look(asker, &asker_yusuf), -1);
    assert_string_equal(asker->shared->str, "age=36;pulse_per_min=88;note.plan=Salep.;");
    assert_null(asker->visit_id); /* who answers has nothing to do with the visit */
    assert_int_equal(asker_look(asker, &asker_rahmat), -1);
    assert_string_equal(asker->visit_id, visit);
    /* What is written afterwards is not told. */
    save_note(asker, visit, "Tablet.");
    assert_int_equal(asker_look(asker, &asker_yusuf), -1);
    assert_string_equal(asker->shared->str, "age=36;pulse_per_min=88;note.plan=Salep.;");
    draft.key = "0123456789abcdef-2";
    assert_int_equal(asker_ask(asker, &asker_rahmat, &draft), SCHEDULING_ERROR_NOTE_STALE);
    draft.note_revision = asker->note_revision;
    draft.shared = named;
    assert_int_equal(asker_ask(asker, &asker_rahmat, &draft), -1);
    assert_int_equal(asker_look(asker, &asker_yusuf), -1);
    assert_string_equal(asker->shared->str, "name=Siti Aminah;");
    /* Another doctor's visit. */
    draft.key = "0123456789abcdef-3";
    assert_int_equal(asker_ask(asker, &asker_nurhayati, &draft), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(asker_count(asker, "SELECT COUNT(*) FROM consult"), 2);
}

/* Why the patient comes, in the words of who booked; allergies as they were noted before, too. */
static void test_told_why_they_come_and_of_allergies(void **state)
{
    Asker *asker = *state;
    static const char *const parts[] = {"reason", "note.allergies", NULL};
    assert_int_equal(fixture_book(asker->fixture, fixture_time(0, 10, 30)), -1);
    NoteContent *content = note_content_new();
    g_free(content->texts[NOTE_ALLERGIES]);
    content->texts[NOTE_ALLERGIES] = g_strdup("Penisilin");
    const NoteDraft draft = {0, content, false};
    note_save(asker->fixture->scheduling, asker->fixture->visit_id, &asker_rahmat, &draft, on_note,
              asker);
    assert_int_equal(asker_wait(asker), -1);
    BookingRequest *request = fixture_request(asker->fixture, fixture_time(0, 11, 0));
    request->reason = g_strdup("Gatal di leher");
    assert_int_equal(fixture_book_request(asker->fixture, request), -1);
    ConsultDraft question = asker_draft(asker, 1, "0123456789abcdef");
    question.visit_id = asker->fixture->visit_id;
    question.shared = parts;
    assert_int_equal(asker_ask(asker, &asker_rahmat, &question), -1);
    assert_int_equal(asker_look(asker, &asker_yusuf), -1);
    assert_string_equal(asker->shared->str, "reason=Gatal di leher;"
                                            "note.allergies=Penisilin (dicatat 24 November 2026);");
}

static void test_what_a_question_must_say(void **state)
{
    Asker *asker = *state;
    const Fixture *fixture = asker->fixture;
    static const char *const shared[] = {"age", NULL};
    static const char *const unknown[] = {"7c2d4e5f-0000-4000-8000-000000000009", NULL};
    ConsultDraft drafts[8];
    for (unsigned i = 0; i < G_N_ELEMENTS(drafts); i++)
        drafts[i] = asker_draft(asker, 0, "0123456789abcdef");
    drafts[0].facility_id = NULL;
    drafts[1].practitioner_id = fixture->seed.doctors[1].id;
    drafts[2].facility_id = "01hzzzzzzzzzzzzzzzzzzzzzzz";
    drafts[3].facility_id = fixture->seed.facility_ids[1]; /* the asker's own, who is alone there */
    drafts[4].text = " a ";
    drafts[5].shared = shared; /* of no visit */
    drafts[6].attachment_ids = unknown;
    drafts[7].from_facility_id = fixture->seed.facility_ids[0]; /* does not work there */
    static const char *const faults[] = {
        "to:required ",    "to:too_many ",       "to:not_found ",          "to:nobody_answers ",
        "text:too_short ", "share:not_allowed ", "attachments:not_found ", "from:not_found "};
    for (unsigned i = 0; i < G_N_ELEMENTS(drafts); i++) {
        assert_int_equal(asker_ask(asker, &asker_yusuf, &drafts[i]),
                         SCHEDULING_ERROR_INVALID_FIELDS);
        assert_string_equal(asker->faults->str, faults[i]);
    }
    assert_int_equal(asker_count(asker, "SELECT COUNT(*) FROM consult"), 0);
    assert_int_equal(asker_count(asker, "SELECT COUNT(*) FROM consult_post"), 0);
}

static void test_the_same_key_once(void **state)
{
    Asker *asker = *state;
    ConsultDraft draft = asker_draft(asker, 0, "0123456789abcdef");
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    g_autofree char *id = g_strdup(asker->id);
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    assert_string_equal(asker->id, id);
    draft.urgency = CONSULT_SOON;
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(asker_count(asker, "SELECT COUNT(*) FROM consult"), 1);
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ANSWER, ASKER_OPINION), -1);
    asker->n_keys = 0;
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ANSWER, ASKER_OPINION), -1);
    asker->n_keys = 0;
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ANSWER, "Lain."),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(asker_count(asker, "SELECT COUNT(*) FROM consult_post"), 2);
}

static void on_attached(const FaultList *faults, const GError *error, gpointer user_data)
{
    asker_on_step(((Asker *)user_data)->id, ((Asker *)user_data)->state, faults, error, user_data);
}

static int attach(Asker *asker, const Actor *actor, const char *id, const char *data, size_t size)
{
    g_autoptr(GBytes) file = g_bytes_new_static(data, size);
    consult_attach(asker->fixture->scheduling, actor, id, file, on_attached, asker);
    return asker_wait(asker);
}

static void on_file(ConsultFileType type, GBytes *file, const GError *error, gpointer user_data)
{
    Asker *asker = user_data;
    fixture_keep_error(asker->fixture, error);
    g_clear_pointer(&asker->file, g_bytes_unref);
    asker->file = file ? g_bytes_ref(file) : NULL;
    assert_true(!file || type == CONSULT_FILE_PDF);
}

static int fetch_file(Asker *asker, const Actor *actor, const char *id)
{
    consult_attachment_get(asker->fixture->scheduling, actor, asker->id, id, on_file, asker);
    return asker_wait(asker);
}

static void test_attachments(void **state)
{
    Asker *asker = *state;
    g_autofree char *first = g_strdup_printf(FILE_ID, 1U);
    g_autofree char *other = g_strdup_printf(FILE_ID, 2U);
    const char *const ids[] = {first, NULL};
    const char *const others[] = {other, NULL};
    ConsultDraft draft = asker_draft(asker, 0, "0123456789abcdef");
    assert_int_equal(attach(asker, &asker_yusuf, first, "hello world", 11),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(asker->faults->str, "data:not_attachable ");
    assert_int_equal(attach(asker, &asker_yusuf, first, pdf, sizeof pdf - 1), -1);
    assert_int_equal(attach(asker, &asker_yusuf, first, pdf, sizeof pdf - 1), -1);
    assert_int_equal(attach(asker, &asker_rahmat, first, pdf, sizeof pdf - 1),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(attach(asker, &asker_rahmat, other, pdf, sizeof pdf - 1), -1);
    assert_int_equal(attach(asker, &asker_rahmat, "../../etc/passwd", pdf, sizeof pdf - 1),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    draft.attachment_ids = others; /* somebody else's */
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), SCHEDULING_ERROR_INVALID_FIELDS);
    draft.attachment_ids = ids;
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    assert_int_equal(asker_look(asker, &asker_rahmat), -1);
    assert_string_equal(asker->posts->str, "question:" ASKER_WORDS ":1 ");
    assert_int_equal(fetch_file(asker, &asker_rahmat, first), -1);
    gsize size = 0;
    const void *data = g_bytes_get_data(asker->file, &size);
    assert_int_equal(size, sizeof pdf - 1);
    assert_memory_equal(data, pdf, size);
    assert_int_equal(fetch_file(asker, &asker_rahmat, other),
                     SCHEDULING_ERROR_NOT_FOUND); /* no question's */
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(fetch_file(asker, &asker_nurhayati, first), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(asker_n_audited(asker, "consult.attachment_read"), 1);
    draft.key = "0123456789abcdef-2"; /* it is used */
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), SCHEDULING_ERROR_INVALID_FIELDS);
    /* What belongs to nothing goes after a day. */
    clock_advance(asker->fixture->clock, CONSULT_LOOSE_HOURS * HOUR_MS - 1);
    asker_sweep(asker);
    assert_int_equal(asker_count(asker, "SELECT COUNT(*) FROM consult_attachment"), 2);
    clock_advance(asker->fixture->clock, 1);
    asker_sweep(asker);
    assert_int_equal(asker_count(asker, "SELECT COUNT(*) FROM consult_attachment"), 1);
    assert_int_equal(fetch_file(asker, &asker_rahmat, first), -1);
}

static void test_limits(void **state)
{
    Asker *asker = *state;
    for (unsigned i = 0; i < CONSULT_MAX_LOOSE; i++) {
        g_autofree char *id = g_strdup_printf("7c2d4e5f-0000-4000-8000-0000000000%02u", i);
        assert_int_equal(attach(asker, &asker_yusuf, id, pdf, sizeof pdf - 1), -1);
    }
    assert_int_equal(
        attach(asker, &asker_yusuf, "7c2d4e5f-0000-4000-8000-000000000099", pdf, sizeof pdf - 1),
        SCHEDULING_ERROR_TOO_MANY);
    const ConsultDraft draft = asker_draft(asker, 0, "0123456789abcdef");
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    for (unsigned i = 1; i < CONSULT_MAX_POSTS; i++)
        assert_int_equal(asker_write(asker, &asker_yusuf, CONSULT_POST_ADDITION, "Tambahan."), -1);
    assert_int_equal(asker_write(asker, &asker_yusuf, CONSULT_POST_ADDITION, "Tambahan."),
                     SCHEDULING_ERROR_TOO_MANY);
}

/* Sealed, and not even the database's own tool changes a row. */
static void test_sealed_and_for_good(void **state)
{
    Asker *asker = *state;
    static const char *const changes[] = {
        "UPDATE consult SET urgency = 'emergency'",
        "UPDATE consult SET first_answer_at_ms = 1",
        "DELETE FROM consult",
        "UPDATE consult_post SET refer = 0",
        "DELETE FROM consult_post",
        "UPDATE consult_step SET at_ms = 1",
        "DELETE FROM consult_step",
        "UPDATE consult_attachment SET data_sealed = ''",
        "DELETE FROM consult_attachment",
    };
    g_autofree char *file = g_strdup_printf(FILE_ID, 1U);
    const char *const ids[] = {file, NULL};
    ConsultDraft draft = asker_draft(asker, 0, "0123456789abcdef");
    draft.attachment_ids = ids;
    assert_int_equal(attach(asker, &asker_yusuf, file, pdf, sizeof pdf - 1), -1);
    assert_int_equal(asker_ask(asker, &asker_yusuf, &draft), -1);
    assert_int_equal(asker_step(asker, &asker_rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(asker_write(asker, &asker_rahmat, CONSULT_POST_ANSWER, ASKER_OPINION), -1);
    assert_int_equal(asker_count(asker, "SELECT COUNT(*) FROM consult_post WHERE text_sealed LIKE "
                                        "'%Ruam%' OR text_sealed LIKE '%dermatitis%'"),
                     0);
    g_autofree char *path = g_build_filename(asker->fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    for (unsigned i = 0; i < G_N_ELEMENTS(changes); i++)
        if (sqlite3_exec(db, changes[i], NULL, NULL, NULL) != SQLITE_CONSTRAINT)
            fail_msg("%s", changes[i]);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

#define CONSULT_TEST(test) cmocka_unit_test_setup_teardown(test, asker_set_up, asker_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONSULT_TEST(test_told_what_was_chosen),
        CONSULT_TEST(test_told_why_they_come_and_of_allergies),
        CONSULT_TEST(test_what_a_question_must_say),
        CONSULT_TEST(test_the_same_key_once),
        CONSULT_TEST(test_attachments),
        CONSULT_TEST(test_limits),
        CONSULT_TEST(test_sealed_and_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
