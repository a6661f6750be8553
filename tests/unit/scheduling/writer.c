// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/note/note.h"
#include "tests/unit/scheduling/converter.h"
#include "tests/unit/scheduling/fixture_sql.h"

const Actor writer_doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

int writer_set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    Writer *writer = g_new0(Writer, 1);
    writer->fixture = *state;
    *state = writer;
    return 0;
}

int writer_set_up_seen(void **state)
{
    if (writer_set_up(state) != 0)
        return -1;
    Writer *writer = *state;
    writer_see(writer, fixture_time(0, 11, 0), 6);
    writer_note(writer);
    writer_set_permit(writer, 0, "503/SIP/1", "2027-01-01");
    return 0;
}

int writer_tear_down(void **state)
{
    Writer *writer = *state;
    void *fixture = writer->fixture;
    letter_free(writer->letter);
    g_free(writer->visit_id);
    g_free(writer->faults);
    g_free(writer->permit);
    g_free(writer);
    return fixture_tear_down(&fixture);
}

/* Requests. */

void writer_set_text(char **place, const char *text)
{
    g_free(*place);
    *place = g_strdup(text);
}

LetterRequest *writer_request(LetterKind kind)
{
    static unsigned n_keys;
    g_autofree char *key = g_strdup_printf("key-of-a-letter-%u", n_keys++);
    return letter_request_new(kind, key);
}

LetterRequest *writer_prescription(const char *medicine)
{
    LetterRequest *request = writer_request(LETTER_PRESCRIPTION);
    LetterItem *item = letter_request_add_item(request);
    item->name = g_strdup(medicine);
    item->strength = g_strdup("500 mg");
    item->form = g_strdup("tablet");
    item->signa = g_strdup("3 x sehari 1 tablet");
    item->quantity = 10;
    return request;
}

LetterRequest *writer_sick_letter(const char *from_date, int days)
{
    LetterRequest *request = writer_request(LETTER_SICK);
    writer_set_text(&request->from_date, from_date);
    request->days = days;
    request->is_identity_checked = true;
    return request;
}

/* Letters. */

static void keep_faults(Writer *writer, const FaultList *faults)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; faults && i < fault_list_length(faults); i++) {
        const Fault *fault = fault_list_get(faults, i);
        g_string_append_printf(text, "%s%s %s", i ? "; " : "", fault->field, fault->code);
    }
    g_free(writer->faults);
    writer->faults = g_string_free(text, FALSE);
}

void writer_on_letter(Letter *letter, const FaultList *faults, const GError *error,
                      gpointer user_data)
{
    Writer *writer = user_data;
    fixture_keep_error(writer->fixture, error);
    letter_free(writer->letter);
    writer->letter = letter;
    keep_faults(writer, faults);
}

int writer_issue(Writer *writer, LetterRequest *request)
{
    Fixture *fixture = writer->fixture;
    fixture->n_waiting++;
    letter_issue(fixture->scheduling, writer->visit_id, &writer_doctor, request, writer_on_letter,
                 writer);
    fixture_wait(fixture);
    return fixture->error_code;
}

int writer_take_back(Writer *writer, const char *letter_id)
{
    Fixture *fixture = writer->fixture;
    const LetterRevocation revocation = {LETTER_REVOKED_MISTAKE, "salah tulis"};
    fixture->n_waiting++;
    letter_revoke(fixture->scheduling, letter_id, &writer_doctor, &revocation, writer_on_letter,
                  writer);
    fixture_wait(fixture);
    return fixture->error_code;
}

int writer_get(Writer *writer, const char *letter_id, const Actor *actor)
{
    writer->fixture->n_waiting++;
    letter_get(writer->fixture->scheduling, letter_id, actor, writer_on_letter, writer);
    fixture_wait(writer->fixture);
    return writer->fixture->error_code;
}

int writer_check(Writer *writer, const char *code)
{
    writer->fixture->n_waiting++;
    letter_check_code(writer->fixture->scheduling, code, "192.0.2.7", writer_on_letter, writer);
    fixture_wait(writer->fixture);
    return writer->fixture->error_code;
}

void writer_make(Writer *writer, const char *letter_id)
{
    Fixture *fixture = writer->fixture;
    const LetterFile file = {letter_id, "0123456789abcdef", 16};
    fixture->n_waiting++;
    letter_made(fixture->scheduling, &file, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

static void on_list(GPtrArray *letters, const LetterTerms *terms, const GError *error,
                    gpointer user_data)
{
    Writer *writer = user_data;
    const LetterPermit *permit = terms ? terms->permit : NULL;
    (void)letters;
    fixture_keep_error(writer->fixture, error);
    writer->sick_days = terms ? terms->sick_days : -1;
    g_free(writer->permit);
    writer->permit =
        permit ? g_strdup_printf("%s %s %s %s%s%s", letter_permit_state_name(permit->state),
                                 permit->str, permit->sip, permit->valid_until,
                                 permit->str_until ? ", " : "",
                                 permit->str_until ? permit->str_until : "")
               : g_strdup("none");
}

const char *writer_list(Writer *writer, const Actor *actor)
{
    Fixture *fixture = writer->fixture;
    fixture->n_waiting++;
    letter_list(fixture->scheduling, writer->visit_id, actor, on_list, writer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return writer->permit;
}

/* What letters take: a permit, a visit, a note. */

void writer_set_permit(Writer *writer, int facility, const char *sip, const char *valid_until)
{
    const DemoSeed *seed = &writer->fixture->seed;
    g_autofree char *sql = g_strdup_printf(
        "INSERT OR REPLACE INTO practice_permit (facility_id, practitioner_id, number, valid_until)"
        " VALUES ('%s', '%s', '%s', '%s')",
        seed->facility_ids[facility], seed->doctors[0].id, sip, valid_until);
    assert_true(fixture_sql_run(writer->fixture, sql));
}

static void book(Writer *writer, int64_t starts_at_ms)
{
    assert_int_equal(fixture_book(writer->fixture, starts_at_ms), -1);
    writer_set_text(&writer->visit_id, writer->fixture->visit_id);
}

void writer_call(Writer *writer, int64_t starts_at_ms)
{
    Fixture *fixture = writer->fixture;
    book(writer, starts_at_ms);
    fixture_turn_to(fixture, starts_at_ms);
    assert_int_equal(fixture_check_in(fixture, writer->visit_id), -1);
    assert_int_equal(fixture_call(fixture, writer->visit_id), -1);
    assert_int_equal(fixture_accept(fixture, writer->visit_id), -1);
    assert_int_equal(fixture_connect(fixture, writer->visit_id), -1);
}

void writer_see(Writer *writer, int64_t starts_at_ms, int minutes)
{
    writer_call(writer, starts_at_ms);
    assert_int_equal(fixture_end(writer->fixture, writer->visit_id, VISIT_STATE_DONE), -1);
    g_autofree char *sql =
        g_strdup_printf("UPDATE visit_course SET both_ms = %d WHERE visit_id = '%s'",
                        minutes * 60000, writer->visit_id);
    assert_true(fixture_sql_run(writer->fixture, sql));
}

void writer_convert(Writer *writer, int64_t starts_at_ms, VisitWay to)
{
    book(writer, starts_at_ms);
    assert_int_equal(converter_convert(writer->fixture, writer->visit_id, &writer_doctor, to), -1);
}

static void on_note(const NoteSaved *saved, const GError *error, gpointer user_data)
{
    (void)saved;
    fixture_keep_error(user_data, error);
}

void writer_note_of(Writer *writer, const char *allergies, const char *assessment, const char *code)
{
    Fixture *fixture = writer->fixture;
    NoteContent *content = note_content_new();
    writer_set_text(&content->texts[NOTE_ALLERGIES], allergies);
    writer_set_text(&content->texts[NOTE_ASSESSMENT], assessment);
    if (code)
        note_content_add_diagnosis(content, code, NULL);
    const NoteDraft draft = {0, content, false};
    fixture->n_waiting++;
    note_save(fixture->scheduling, writer->visit_id, &writer_doctor, &draft, on_note, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

void writer_note(Writer *writer)
{
    writer_note_of(writer, "Amoksisilin", "", "J06.9");
}
