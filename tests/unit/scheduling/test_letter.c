// SPDX-License-Identifier: Apache-2.0
#include "scheduling/letter/letter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/booking/came.h"
#include "scheduling/booking/convert.h"
#include "scheduling/booking/follow_up.h"
#include "scheduling/note/note.h"
#include "tests/unit/scheduling/fixture_sql.h"

typedef struct {
    Fixture *fixture;
    char *visit_id;
    Letter *letter; /* of the last answer; NULL: none */
    char *faults;   /* "field code; ..." */
    char *permit;   /* of the last list: "state STR SIP until" */
    int sick_days;
} Desk;

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
static unsigned n_keys;

static void keep_faults(Desk *desk, const FaultList *faults)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; faults && i < fault_list_length(faults); i++) {
        const Fault *fault = fault_list_get(faults, i);
        g_string_append_printf(text, "%s%s %s", i ? "; " : "", fault->field, fault->code);
    }
    g_free(desk->faults);
    desk->faults = g_string_free(text, FALSE);
}

static void on_letter(Letter *letter, const FaultList *faults, const GError *error,
                      gpointer user_data)
{
    Desk *desk = user_data;
    fixture_keep_error(desk->fixture, error);
    letter_free(desk->letter);
    desk->letter = letter;
    keep_faults(desk, faults);
}

static LetterRequest *request_of(LetterKind kind)
{
    g_autofree char *key = g_strdup_printf("key-of-a-letter-%u", n_keys++);
    return letter_request_new(kind, key);
}

static void set_text(char **place, const char *text)
{
    g_free(*place);
    *place = g_strdup(text);
}

static LetterRequest *prescription_of(const char *medicine)
{
    LetterRequest *request = request_of(LETTER_PRESCRIPTION);
    LetterItem *item = letter_request_add_item(request);
    item->name = g_strdup(medicine);
    item->strength = g_strdup("500 mg");
    item->form = g_strdup("tablet");
    item->signa = g_strdup("3 x sehari 1 tablet");
    item->quantity = 10;
    return request;
}

static LetterRequest *referral_of(void)
{
    LetterRequest *request = request_of(LETTER_REFERRAL);
    set_text(&request->to_facility, "RSUD");
    set_text(&request->reason, "Perlu foto dada");
    set_text(&request->urgency, "routine");
    return request;
}

static LetterRequest *sick_of(const char *from_date, int days)
{
    LetterRequest *request = request_of(LETTER_SICK);
    set_text(&request->from_date, from_date);
    request->days = days;
    request->is_identity_checked = true;
    return request;
}

static int issue(Desk *desk, LetterRequest *request)
{
    desk->fixture->n_waiting++;
    letter_issue(desk->fixture->scheduling, desk->visit_id, &doctor, request, on_letter, desk);
    fixture_wait(desk->fixture);
    return desk->fixture->error_code;
}

static int get_as(Desk *desk, const char *id, const Actor *actor)
{
    desk->fixture->n_waiting++;
    letter_get(desk->fixture->scheduling, id, actor, on_letter, desk);
    fixture_wait(desk->fixture);
    return desk->fixture->error_code;
}

static int check_code(Desk *desk, const char *code)
{
    desk->fixture->n_waiting++;
    letter_check_code(desk->fixture->scheduling, code, "192.0.2.7", on_letter, desk);
    fixture_wait(desk->fixture);
    return desk->fixture->error_code;
}

static int take_back(Desk *desk, const char *id)
{
    desk->fixture->n_waiting++;
    letter_revoke(desk->fixture->scheduling, id, &doctor, "salah tulis", on_letter, desk);
    fixture_wait(desk->fixture);
    return desk->fixture->error_code;
}

static void make(Desk *desk, const char *id)
{
    const LetterFile file = {id, "0123456789abcdef", 16};
    desk->fixture->n_waiting++;
    letter_made(desk->fixture->scheduling, &file, fixture_on_done, desk->fixture);
    fixture_wait(desk->fixture);
    assert_int_equal(desk->fixture->error_code, -1);
}

static void on_note(const NoteSaved *saved, const GError *error, gpointer user_data)
{
    (void)saved;
    fixture_keep_error(((Desk *)user_data)->fixture, error);
}

static void write_note_of(Desk *desk, const char *allergies, const char *assessment,
                          const char *code)
{
    NoteContent *content = note_content_new();
    set_text(&content->texts[NOTE_ALLERGIES], allergies);
    set_text(&content->texts[NOTE_ASSESSMENT], assessment);
    if (code)
        note_content_add_diagnosis(content, code, NULL);
    desk->fixture->n_waiting++;
    const NoteDraft draft = {0, content, false};
    note_save(desk->fixture->scheduling, desk->visit_id, &doctor, &draft, on_note, desk);
    fixture_wait(desk->fixture);
    assert_int_equal(desk->fixture->error_code, -1);
}

static void write_note(Desk *desk)
{
    write_note_of(desk, "Amoksisilin", "", "J06.9");
}

/* The first doctor's permit in the demo clinic's nth facility. */
static void set_permit(Desk *desk, int facility, const char *sip, const char *valid_until)
{
    g_autofree char *sql = g_strdup_printf(
        "INSERT OR REPLACE INTO practice_permit (facility_id, practitioner_id, number, valid_until)"
        " VALUES ('%s', '%s', '%s', '%s')",
        desk->fixture->seed.facility_ids[facility], desk->fixture->seed.doctors[0].id, sip,
        valid_until);
    assert_true(fixture_sql_run(desk->fixture, sql));
}

static void set_str(Desk *desk, const char *number, const char *valid_until)
{
    g_autofree char *sql = g_strdup_printf(
        "UPDATE practitioner SET str_number = '%s', str_valid_until = '%s' WHERE id = '%s'", number,
        valid_until, desk->fixture->seed.doctors[0].id);
    assert_true(fixture_sql_run(desk->fixture, sql));
}

static void on_list(GPtrArray *letters, const LetterTerms *terms, const GError *error,
                    gpointer user_data)
{
    Desk *desk = user_data;
    const LetterPermit *permit = terms ? terms->permit : NULL;
    (void)letters;
    fixture_keep_error(desk->fixture, error);
    desk->sick_days = terms ? terms->sick_days : -1;
    g_free(desk->permit);
    desk->permit = permit ? g_strdup_printf("%s %s %s %s", letter_permit_state_name(permit->state),
                                            permit->str, permit->sip, permit->valid_until)
                          : g_strdup("none");
}

static const char *permit_for(Desk *desk, const Actor *actor)
{
    desk->fixture->n_waiting++;
    letter_list(desk->fixture->scheduling, desk->visit_id, actor, on_list, desk);
    fixture_wait(desk->fixture);
    assert_int_equal(desk->fixture->error_code, -1);
    return desk->permit;
}

/* A visit of the first doctor that is over, so many minutes of it in a call. */
static void see(Desk *desk, int64_t starts_at_ms, int minutes)
{
    assert_int_equal(fixture_book(desk->fixture, starts_at_ms), -1);
    set_text(&desk->visit_id, desk->fixture->visit_id);
    clock_advance(desk->fixture->clock, starts_at_ms - clock_wall_ms(desk->fixture->clock));
    assert_int_equal(fixture_check_in(desk->fixture, desk->visit_id), -1);
    assert_int_equal(fixture_call(desk->fixture, desk->visit_id), -1);
    assert_int_equal(fixture_accept(desk->fixture, desk->visit_id), -1);
    assert_int_equal(fixture_connect(desk->fixture, desk->visit_id), -1);
    assert_int_equal(fixture_end(desk->fixture, desk->visit_id, VISIT_STATE_DONE), -1);
    g_autofree char *sql =
        g_strdup_printf("UPDATE visit_course SET both_ms = %d WHERE visit_id = '%s'",
                        minutes * 60000, desk->visit_id);
    assert_true(fixture_sql_run(desk->fixture, sql));
}

static int set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    Desk *desk = g_new0(Desk, 1);
    desk->fixture = *state;
    *state = desk;
    return 0;
}

static int set_up_seen(void **state)
{
    if (set_up(state) != 0)
        return -1;
    Desk *desk = *state;
    see(desk, fixture_time(0, 11, 0), 6);
    write_note(desk);
    set_permit(desk, 0, "503/SIP/1", "2027-01-01");
    return 0;
}

static int tear_down(void **state)
{
    Desk *desk = *state;
    void *fixture = desk->fixture;
    letter_free(desk->letter);
    g_free(desk->visit_id);
    g_free(desk->faults);
    g_free(desk->permit);
    g_free(desk);
    return fixture_tear_down(&fixture);
}

static void on_step(const VisitChange *change, const GError *error, gpointer user_data)
{
    (void)change;
    fixture_keep_error(user_data, error);
}

static void on_phone(const char *phone, const GError *error, gpointer user_data)
{
    (void)phone;
    fixture_keep_error(user_data, error);
}

/* A visit that is to be held without video, before anybody was called. */
static void convert(Desk *desk, int64_t starts_at_ms, VisitWay to)
{
    Fixture *fixture = desk->fixture;
    assert_int_equal(fixture_book(fixture, starts_at_ms), -1);
    set_text(&desk->visit_id, fixture->visit_id);
    fixture->n_waiting++;
    visit_convert(fixture->scheduling, desk->visit_id, &doctor, to, "sinyal lemah", on_step,
                  fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

/* Nobody has a letter of a visit that is still to come. */
static void test_not_before_they_have_talked(void **state)
{
    Desk *desk = *state;
    Fixture *fixture = desk->fixture;
    convert(desk, fixture_time(0, 14, 0), VISIT_WAY_IN_PERSON);
    assert_int_equal(issue(desk, prescription_of("Oralit")), SCHEDULING_ERROR_BAD_STATE);
    convert(desk, fixture_time(0, 14, 30), VISIT_WAY_PHONE);
    assert_int_equal(issue(desk, prescription_of("Oralit")), SCHEDULING_ERROR_BAD_STATE);
    fixture->n_waiting++;
    follow_up_show_phone(fixture->scheduling, desk->visit_id, &doctor, on_phone, fixture);
    fixture_wait(fixture);
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1); /* on the telephone */
    assert_string_equal(desk->letter->number, "0001/RES/XI/2026");
    assert_int_equal(fixture_end(fixture, desk->visit_id, VISIT_STATE_DONE), -1);
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
    assert_string_equal(desk->letter->number, "0002/RES/XI/2026");
    fixture->scheduling->policy.sick_letters = true; /* which take a call */
    write_note(desk);
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "visit call_too_short");
}

/* Who sits before the doctor, at the facility. */
static void test_of_who_has_come(void **state)
{
    Desk *desk = *state;
    Fixture *fixture = desk->fixture;
    fixture->scheduling->policy.sick_letters = true;
    convert(desk, fixture_time(0, 14, 0), VISIT_WAY_IN_PERSON);
    fixture->n_waiting++;
    visit_check_in(fixture->scheduling, desk->visit_id, &doctor, on_step, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_int_equal(issue(desk, prescription_of("Oralit")), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_call(fixture, desk->visit_id), -1);
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
    write_note(desk);
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), -1);
}

/* The value of the first field with this label; NULL: none. */
static const char *field_of(const Desk *desk, const char *label)
{
    const GPtrArray *parts = desk->letter->paper->parts;
    for (unsigned i = 0; i < parts->len; i++) {
        const LetterPart *part = parts->pdata[i];
        if (part->kind == LETTER_PART_FIELD && strcmp(part->label, label) == 0)
            return part->text;
    }
    return NULL;
}

/* A dose for a baby is not one for a year. */
static void test_small_children_have_months_and_days(void **state)
{
    static const struct {
        const char *born, *words;
    } cases[] = {
        {"2026-11-24", "0 hari"},   {"2026-10-25", "30 hari"}, {"2026-10-24", "1 bulan"},
        {"2024-11-25", "23 bulan"}, {"2024-11-24", "2 tahun"}, {"2016-11-25", "9 tahun"},
    };
    Desk *desk = *state;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *sql =
            g_strdup_printf("UPDATE patient SET birth_date = '%s'", cases[i].born);
        assert_true(fixture_sql_run(desk->fixture, sql));
        assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
        assert_non_null(strstr(field_of(desk, "Tanggal lahir"), cases[i].words));
    }
}

/* Of the letter's parts, "label|text" a line. */
static void assert_prints(const Letter *letter, const char *text)
{
    g_autoptr(GString) words = g_string_new(NULL);
    for (unsigned i = 0; i < letter->paper->parts->len; i++) {
        const LetterPart *part = letter->paper->parts->pdata[i];
        g_string_append_printf(words, "%s|%s\n", part->label, part->text);
    }
    if (!strstr(words->str, text))
        fail_msg("%s in\n%s", text, words->str);
}

/* Of each visit, and what this one's note says beside it. */
static void test_allergies_of_earlier_visits(void **state)
{
    Desk *desk = *state;
    see(desk, fixture_time(0, 13, 0), 6);
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
    assert_prints(desk->letter, "|Alergi: Amoksisilin (dicatat 24 November 2026)\n");
    write_note_of(desk, "tidak ada", "Gigitan anjing", NULL);
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
    assert_prints(desk->letter, "|Alergi: tidak ada\nAmoksisilin (dicatat 24 November 2026)\n");
    assert_int_equal(issue(desk, referral_of()), -1);
    assert_prints(desk->letter, "Alergi|\n|tidak ada\nAmoksisilin (dicatat 24 November 2026)\n");
}

/* A line for allergies when nobody has asked, too; and an assessment in words is a diagnosis: the
 * list has no code for everything. */
static void test_a_referral_by_the_assessment(void **state)
{
    Desk *desk = *state;
    see(desk, fixture_time(0, 11, 0), 6);
    set_permit(desk, 0, "503/SIP/1", "2027-01-01");
    desk->fixture->scheduling->policy.sick_letters = true;
    assert_int_equal(issue(desk, referral_of()), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "note no_diagnosis");
    write_note_of(desk, "", "Gigitan anjing, perlu VAR", NULL);
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), -1);
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
    assert_prints(desk->letter, "|Alergi: belum dicatat. Tanyakan sebelum menyerahkan.\n");
    assert_int_equal(issue(desk, referral_of()), -1);
    assert_prints(desk->letter, "Diagnosis|\n|Gigitan anjing, perlu VAR\n");
    assert_prints(desk->letter, "Alergi|\n|Belum pernah dicatat. Tanyakan kepada pasien.\n");
    clock_advance(desk->fixture->clock, (int64_t)(NOTE_CHART_DAYS + 1) * 24 * HOUR_MS);
    assert_int_equal(issue(desk, referral_of()), -1);
    assert_prints(desk->letter, "Alergi|\n|Tidak dicatat pada kunjungan ini. Tanyakan kepada");
}

static void test_numbers_without_gaps(void **state)
{
    Desk *desk = *state;
    assert_int_equal(issue(desk, prescription_of("Parasetamol")), -1);
    assert_string_equal(desk->letter->number, "0001/RES/XI/2026");
    assert_string_equal(desk->letter->initials, "S. A.");
    assert_non_null(desk->letter->paper);
    /* What is refused takes no number. */
    assert_int_equal(issue(desk, prescription_of("Kodein")), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "items[0].name controlled_medicine");
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
    assert_string_equal(desk->letter->number, "0002/RES/XI/2026");
    /* Each year counts anew. */
    clock_advance(desk->fixture->clock, 30 * 24 * HOUR_MS);
    assert_int_equal(issue(desk, referral_of()), -1);
    assert_string_equal(desk->letter->number, "0003/RJK/XII/2026");
    clock_advance(desk->fixture->clock, 9 * 24 * HOUR_MS);
    assert_int_equal(issue(desk, referral_of()), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "sip permit_over");
    set_permit(desk, 0, "503/SIP/2", "2028-01-01");
    assert_int_equal(issue(desk, referral_of()), -1);
    assert_string_equal(desk->letter->number, "0001/RJK/I/2027");
}

static void test_repeats_are_one_letter(void **state)
{
    Desk *desk = *state;
    LetterRequest *first = prescription_of("Parasetamol");
    LetterRequest *again = prescription_of("Parasetamol");
    LetterRequest *other = prescription_of("Oralit");
    set_text(&again->key, first->key);
    set_text(&other->key, first->key);
    assert_int_equal(issue(desk, first), -1);
    g_autofree char *id = g_strdup(desk->letter->id);
    assert_int_equal(issue(desk, again), -1);
    assert_string_equal(desk->letter->id, id);
    assert_int_equal(issue(desk, other), SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_null(desk->letter);
}

static void test_a_letter_stays(void **state)
{
    Desk *desk = *state;
    assert_int_equal(issue(desk, prescription_of("Parasetamol")), -1);
    g_autofree char *id = g_strdup(desk->letter->id);
    g_autofree char *code = g_strdup(desk->letter->code);
    assert_int_equal(check_code(desk, code), SCHEDULING_ERROR_NOT_FOUND);
    make(desk, id);
    make(desk, id);
    assert_int_equal(check_code(desk, code), -1);
    assert_true(desk->letter->is_sealed);
    assert_null(desk->letter->paper);
    assert_false(fixture_sql_run(desk->fixture, "UPDATE letter SET initials = 'X. Y.'"));
    assert_false(fixture_sql_run(desk->fixture, "UPDATE letter SET sha256 = 'x', seal = 'y'"));
    assert_false(fixture_sql_run(desk->fixture, "DELETE FROM letter"));
    assert_int_equal(take_back(desk, id), -1);
    int64_t revoked_at_ms = desk->letter->revoked_at_ms;
    assert_true(revoked_at_ms > 0);
    clock_advance(desk->fixture->clock, HOUR_MS);
    assert_int_equal(take_back(desk, id), -1);
    assert_int_equal(desk->letter->revoked_at_ms, revoked_at_ms);
    assert_false(fixture_sql_run(desk->fixture, "UPDATE letter SET revoked_at_ms = NULL"));
    /* Whoever takes the triggers away has no key for the seal. */
    assert_true(fixture_sql_run(desk->fixture,
                                "DROP TRIGGER letter_stays; UPDATE letter SET initials = 'X. Y.'"));
    assert_int_equal(check_code(desk, code), -1);
    assert_false(desk->letter->is_sealed);
}

static void test_who_reads(void **state)
{
    Desk *desk = *state;
    assert_int_equal(issue(desk, prescription_of("Parasetamol")), -1);
    g_autofree char *id = g_strdup(desk->letter->id);
    g_autofree char *patient =
        fixture_participant(desk->fixture, desk->visit_id, VISIT_ROLE_PATIENT);
    const Actor own = {.role = ACTOR_PATIENT, .participant_id = patient};
    const Actor others[] = {
        {.role = ACTOR_PATIENT, .participant_id = "somebody"},
        {.role = ACTOR_DOCTOR, .user_id = "user-1"},
        {.role = ACTOR_DESK,
         .user_id = "user-9",
         .facility_id = desk->fixture->seed.facility_ids[0]},
        {.role = ACTOR_ADMIN, .user_id = "user-7"},
        {.role = ACTOR_OFFICE, .user_id = "user-8"},
    };
    assert_int_equal(get_as(desk, id, &own), -1);
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
        assert_int_equal(get_as(desk, id, &others[i]), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(get_as(desk, "nothing", &doctor), SCHEDULING_ERROR_NOT_FOUND);
}

/* A sick letter is issued, says WORDS, and is taken back. */
static void assert_says(Desk *desk, const char *words)
{
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), -1);
    g_autofree char *text = letter_paper_write(desk->letter->paper);
    g_autofree char *id = g_strdup(desk->letter->id);
    assert_non_null(strstr(text, words));
    assert_int_equal(take_back(desk, id), -1);
}

static void test_sick_letters_are_off(void **state)
{
    Desk *desk = *state;
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "kind not_allowed");
    permit_for(desk, &doctor);
    assert_int_equal(desk->sick_days, 0);
}

static void test_sick_letters_by_their_rules(void **state)
{
    Desk *desk = *state;
    desk->fixture->scheduling->policy.sick_letters = true;
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 4)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "days out_of_range");
    assert_int_equal(issue(desk, sick_of("2026-11-23", 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "from in_past");
    LetterRequest *unchecked = sick_of(FIXTURE_TODAY, 1);
    unchecked->is_identity_checked = false;
    assert_int_equal(issue(desk, unchecked), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "identity_checked required");
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 3)), -1);
    g_autofree char *id = g_strdup(desk->letter->id);
    assert_string_equal(desk->letter->number, "0001/SKT/XI/2026");
    assert_int_equal(issue(desk, sick_of("2026-11-25", 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "visit one_sick_letter");
    assert_int_equal(take_back(desk, id), -1);
    assert_int_equal(issue(desk, sick_of("2026-11-26", 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "from after_next_day");
    assert_int_equal(issue(desk, sick_of("2026-11-25", 1)), -1);
    /* Not even for days that no letter has. */
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "visit one_sick_letter");
    /* Another visit, four minutes long. */
    see(desk, fixture_time(0, 13, 0), 4);
    write_note(desk);
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "visit call_too_short");
    /* A third one, long enough. */
    see(desk, fixture_time(0, 14, 0), 6);
    write_note(desk);
    assert_int_equal(issue(desk, sick_of("2026-11-25", 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "from letter_exists");
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), -1);
}

/* What rests on what the doctor saw is not written weeks later. */
static void test_not_long_after_the_visit(void **state)
{
    Desk *desk = *state;
    Clock *clock = desk->fixture->clock;
    desk->fixture->scheduling->policy.sick_letters = true;
    /* To the end of the third day; dated then, for the days since the visit. */
    clock_advance(clock, fixture_time(3, 23, 59) - clock_wall_ms(clock));
    assert_int_equal(issue(desk, sick_of("2026-11-27", 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "from after_next_day");
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), -1);
    g_autofree char *id = g_strdup(desk->letter->id);
    assert_int_equal(take_back(desk, id), -1);
    clock_advance(clock, MINUTE_MS);
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "visit too_long_ago");
    clock_advance(clock, fixture_time(7, 23, 59) - clock_wall_ms(clock));
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
    clock_advance(clock, MINUTE_MS);
    assert_int_equal(issue(desk, prescription_of("Oralit")), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "visit too_long_ago");
    assert_int_equal(issue(desk, referral_of()), -1);
}

/* What a sick letter says of how the patient was seen: as the visit was held. */
static void test_a_sick_letter_says_how_it_was(void **state)
{
    Desk *desk = *state;
    static const struct {
        const char *way;
        const char *words;
    } rows[] = {
        {"NULL", "telah diperiksa melalui kunjungan video pada "},
        {"'phone'", "telah diperiksa melalui telepon pada "},
        {"'in_person'", "telah diperiksa secara langsung di Puskesmas Limboto pada "},
    };
    desk->fixture->scheduling->policy.sick_letters = true;
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *sql = g_strdup_printf("UPDATE visit SET way = %s", rows[i].way);
        assert_true(fixture_sql_run(desk->fixture, sql));
        assert_says(desk, rows[i].words);
    }
    /* Asked in the call to come, and came: what the doctor saw was the call. */
    g_autofree char *came = g_strdup_printf(
        "UPDATE visit SET way = NULL, state = 'converted_in_person'; INSERT INTO visit_came "
        "(visit_id, came) VALUES ('%s', 1)",
        desk->visit_id);
    assert_true(fixture_sql_run(desk->fixture, came));
    assert_says(desk, rows[0].words);
    assert_true(fixture_sql_run(desk->fixture, "UPDATE visit_course SET both_ms = 240000"));
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "visit call_too_short");
    assert_true(fixture_sql_run(desk->fixture, "UPDATE visit_course SET both_ms = 360000"));
    g_autofree char *assisted =
        g_strdup_printf("UPDATE visit SET state = 'done';"
                        "INSERT INTO service SELECT 's', clinic_id, 'Didampingi', 'assisted', 15, "
                        "0, 0, 0, 1, 0 FROM visit WHERE id = '%s';"
                        "INSERT INTO visit_service (visit_id, service_id, name, mode, "
                        "price_rupiah, before_ms, after_ms) "
                        "VALUES ('%s', 's', 'Didampingi', 'assisted', 0, 0, 0)",
                        desk->visit_id, desk->visit_id);
    assert_true(fixture_sql_run(desk->fixture, assisted));
    assert_says(desk, "melalui kunjungan video dengan didampingi petugas kesehatan pada ");
}

/* At the facility nobody was seen of whom nobody said that they came. */
static void test_in_person_takes_who_has_come(void **state)
{
    Desk *desk = *state;
    desk->fixture->scheduling->policy.sick_letters = true;
    convert(desk, fixture_time(0, 14, 0), VISIT_WAY_IN_PERSON);
    assert_int_equal(fixture_end(desk->fixture, desk->visit_id, VISIT_STATE_DONE), -1);
    write_note(desk);
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "visit not_arrived");
    /* What the fault asks for can be said after the end. */
    desk->fixture->n_waiting++;
    visit_say_came(desk->fixture->scheduling, desk->visit_id, &doctor, true, on_step,
                   desk->fixture);
    fixture_wait(desk->fixture);
    assert_int_equal(desk->fixture->error_code, -1);
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), -1);
}

static void set_rule(Desk *desk, const char *rule, int value)
{
    g_autofree char *sql = g_strdup_printf("INSERT OR REPLACE INTO policy (scope, rule, value, "
                                           "facility_id, changed_at_ms) "
                                           "VALUES ('%s', '%s', %d, '%s', 1)",
                                           desk->fixture->seed.facility_ids[0], rule, value,
                                           desk->fixture->seed.facility_ids[0]);
    assert_true(fixture_sql_run(desk->fixture, sql));
}

/* By the rule of the visit's facility, whatever the configuration file says. */
static void test_sick_letters_of_assisted_visits(void **state)
{
    Desk *desk = *state;
    desk->fixture->scheduling->policy.sick_letters = true;
    permit_for(desk, &doctor);
    assert_int_equal(desk->sick_days, 3);
    set_rule(desk, "sick_letters", 1);
    set_rule(desk, "sick_letter_days", 2);
    permit_for(desk, &doctor);
    assert_int_equal(desk->sick_days, 0);
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "kind not_allowed");
    g_autofree char *assisted = g_strdup_printf(
        "INSERT INTO service SELECT 's', clinic_id, 'Didampingi', 'assisted', 15, 0, 0, 0, 1, 0 "
        "FROM visit WHERE id = '%s';"
        "INSERT INTO visit_service (visit_id, service_id, name, mode, price_rupiah, before_ms, "
        "after_ms) VALUES ('%s', 's', 'Didampingi', 'assisted', 0, 0, 0)",
        desk->visit_id, desk->visit_id);
    assert_true(fixture_sql_run(desk->fixture, assisted));
    permit_for(desk, &doctor);
    assert_int_equal(desk->sick_days, 2);
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 3)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "days out_of_range");
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 2)), -1);
    set_rule(desk, "sick_letters", 0);
    assert_int_equal(issue(desk, sick_of("2026-11-27", 1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "kind not_allowed");
}

/* A team that took the patient down at a post is staff beside the patient, whatever the service. */
static void test_sick_letters_of_a_teams_visit(void **state)
{
    Desk *desk = *state;
    set_rule(desk, "sick_letters", 1);
    permit_for(desk, &doctor);
    assert_int_equal(desk->sick_days, 0);
    g_autofree char *team = g_strdup_printf(
        "INSERT INTO outreach_session SELECT 'o', facility_id, clinic_id, '75.01.10', 'Dulamayo', "
        "local_date, 'nurse', 1, NULL FROM visit WHERE id = '%s';"
        "INSERT INTO outreach_entry (id, session_id, device_id, sequence, revision, hash, "
        "visit_id, "
        "reason, identity, taken_by, registered_at_ms, received_at_ms) "
        "VALUES ('e', 'o', 'd', 1, 1, 'h', '%s', 'Batuk', 'ktp', 'nurse', 1, 1)",
        desk->visit_id, desk->visit_id);
    assert_true(fixture_sql_run(desk->fixture, team));
    permit_for(desk, &doctor);
    assert_int_equal(desk->sick_days, 3);
    assert_int_equal(issue(desk, sick_of(FIXTURE_TODAY, 1)), -1);
    assert_string_equal(desk->letter->number, "0001/SKT/XI/2026");
}

static LetterRequest *summary_of(Desk *desk)
{
    g_autofree char *sql =
        g_strdup_printf("UPDATE note SET signed_at_ms = 1 WHERE visit_id = '%s'", desk->visit_id);
    assert_true(fixture_sql_run(desk->fixture, sql));
    return request_of(LETTER_SUMMARY);
}

/* The permit of the letter's facility counts, to the end of its last day, and no other. */
static void test_under_which_permit(void **state)
{
    Desk *desk = *state;
    set_permit(desk, 0, "503/SIP/1", FIXTURE_TODAY);
    set_permit(desk, 1, "503/SIP/ELSEWHERE", "2030-01-01");
    set_str(desk, "3111-STR", FIXTURE_TODAY);
    assert_string_equal(permit_for(desk, &doctor), "good 3111-STR 503/SIP/1 " FIXTURE_TODAY);
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
    assert_string_equal(desk->letter->paper->sip, "503/SIP/1");
    assert_string_equal(desk->letter->paper->str, "3111-STR");
    set_permit(desk, 0, "503/SIP/1", "2026-11-23");
    set_str(desk, "3111-STR", "2026-11-23");
    assert_string_equal(permit_for(desk, &doctor), "over (null) 503/SIP/1 2026-11-23");
    assert_int_equal(issue(desk, prescription_of("Oralit")), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "sip permit_over");
    /* A summary is no letter that takes a permit, and shows none that is over. */
    assert_int_equal(issue(desk, summary_of(desk)), -1);
    assert_string_equal(desk->letter->paper->sip, "");
    assert_string_equal(desk->letter->paper->str, "");
    assert_true(
        fixture_sql_run(desk->fixture, "DELETE FROM practice_permit WHERE number = '503/SIP/1'"));
    assert_int_equal(issue(desk, prescription_of("Oralit")), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(desk->faults, "sip permit_missing");
    assert_string_equal(permit_for(desk, &doctor), "missing (null) (null) (null)");
}

/* Beside the patient, and a mother's NIK only while the child has none. */
static void test_who_came_along_stands_beside(void **state)
{
    Desk *desk = *state;
    set_permit(desk, 0, "503/SIP/1", FIXTURE_TODAY);
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
    assert_null(field_of(desk, "Pendamping"));
    g_autofree char *contact = g_strdup_printf(
        "INSERT INTO visit_contact VALUES ('%s', 'Rina Hasan', 'parent')", desk->visit_id);
    assert_true(fixture_sql_run(desk->fixture, contact));
    /* As if it were the child's own, sealed the same way. */
    assert_true(
        fixture_sql_run(desk->fixture, "UPDATE patient SET mother_nik_sealed = nik_sealed"));
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
    assert_string_equal(field_of(desk, "Nama"), "Siti Aminah");
    assert_string_equal(field_of(desk, "Pendamping"), "Rina Hasan (orang tua)");
    assert_string_equal(field_of(desk, "NIK"), "7571025708900001");
    assert_null(field_of(desk, "NIK ibu"));
    assert_true(
        fixture_sql_run(desk->fixture, "UPDATE patient SET nik_sealed = NULL, nik_index = NULL"));
    assert_int_equal(issue(desk, prescription_of("Oralit")), -1);
    assert_null(field_of(desk, "NIK"));
    assert_string_equal(field_of(desk, "NIK ibu"), "7571025708900001");
}

static void test_patients_see_no_permit(void **state)
{
    Desk *desk = *state;
    g_autofree char *patient =
        fixture_participant(desk->fixture, desk->visit_id, VISIT_ROLE_PATIENT);
    const Actor own = {.role = ACTOR_PATIENT, .participant_id = patient};
    assert_string_equal(permit_for(desk, &own), "none");
}

static void test_before_the_visit(void **state)
{
    Desk *desk = *state;
    assert_int_equal(fixture_book(desk->fixture, fixture_time(0, 11, 0)), -1);
    set_text(&desk->visit_id, desk->fixture->visit_id);
    assert_int_equal(issue(desk, prescription_of("Parasetamol")), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(fixture_cancel(desk->fixture, desk->visit_id, ACTOR_DOCTOR), -1);
    assert_int_equal(issue(desk, prescription_of("Parasetamol")), SCHEDULING_ERROR_VISIT_CANCELLED);
}

#define LETTER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_seen, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LETTER_TEST(test_numbers_without_gaps),
        LETTER_TEST(test_repeats_are_one_letter),
        LETTER_TEST(test_allergies_of_earlier_visits),
        cmocka_unit_test_setup_teardown(test_a_referral_by_the_assessment, set_up, tear_down),
        LETTER_TEST(test_a_letter_stays),
        LETTER_TEST(test_who_reads),
        LETTER_TEST(test_sick_letters_are_off),
        LETTER_TEST(test_sick_letters_by_their_rules),
        LETTER_TEST(test_not_long_after_the_visit),
        LETTER_TEST(test_a_sick_letter_says_how_it_was),
        LETTER_TEST(test_in_person_takes_who_has_come),
        LETTER_TEST(test_sick_letters_of_assisted_visits),
        LETTER_TEST(test_sick_letters_of_a_teams_visit),
        LETTER_TEST(test_under_which_permit),
        LETTER_TEST(test_patients_see_no_permit),
        LETTER_TEST(test_small_children_have_months_and_days),
        LETTER_TEST(test_who_came_along_stands_beside),
        cmocka_unit_test_setup_teardown(test_before_the_visit, set_up, tear_down),
        LETTER_TEST(test_not_before_they_have_talked),
        LETTER_TEST(test_of_who_has_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
