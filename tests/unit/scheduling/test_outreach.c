// SPDX-License-Identifier: Apache-2.0
/* Outreach: what tablets send is there once, in order, or given back with its faults. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "scheduling/booking/queue_step.h"
#include "scheduling/outreach/outreach.h"

#define DEVICE "0d9b2c1e-5a55-4c1d-9d3e-0f6a7b8c9d01"
#define OTHER_DEVICE "0d9b2c1e-5a55-4c1d-9d3e-0f6a7b8c9d02"
#define PHOTO "7c2d4e5f-0000-4000-8000-0000000000%02u"
#define GOOD_NIK "7571025708900001"
#define BAD_NIK "7571023002900001"

static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 'p', 'i', 'c', 't', 'u', 'r', 'e'};

typedef struct {
    Fixture *fixture;
    char session_id[SCHEDULING_ID_BYTES];
    bool is_member;
    unsigned n_sessions;
    unsigned n_taken, n_refused;
    int64_t revision;                   /* of the last */
    GString *numbers;                   /* of those taken */
    char visit_id[SCHEDULING_ID_BYTES]; /* of the last taken */
    GString *faults;                    /* "field:code " */
    GString *warnings;
    GString *order;    /* of the list: names */
    GPtrArray *visits; /* of the list: ids */
    GString *text;     /* of a visit */
    GBytes *picture;
    char called[SCHEDULING_ID_BYTES];
    unsigned n_waiting;
} Answer;

static void answer_init(Answer *answer, Fixture *fixture)
{
    *answer = (Answer){
        .fixture = fixture,
        .numbers = g_string_new(NULL),
        .faults = g_string_new(NULL),
        .warnings = g_string_new(NULL),
        .order = g_string_new(NULL),
        .text = g_string_new(NULL),
        .visits = g_ptr_array_new_with_free_func(g_free),
    };
}

static void answer_clear(Answer *answer)
{
    GString *texts[] = {answer->numbers, answer->faults, answer->warnings, answer->order,
                        answer->text};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_string_free(texts[i], TRUE);
    g_ptr_array_unref(answer->visits);
    g_clear_pointer(&answer->picture, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static void add_faults(GString *text, const FaultList *faults)
{
    for (unsigned i = 0; faults && i < fault_list_length(faults); i++) {
        const Fault *fault = fault_list_get(faults, i);
        g_string_append_printf(text, "%s:%s ", fault->field, fault->code);
    }
}

static Actor nurse_of(const Fixture *fixture, const char *user_id, int facility)
{
    return (Actor){.role = ACTOR_DESK,
                   .user_id = user_id,
                   .facility_id = fixture->seed.facility_ids[facility]};
}

static Actor nurse(const Fixture *fixture)
{
    return nurse_of(fixture, "nurse-1", 0);
}

static void on_session(const OutreachSession *session, const FaultList *faults, const GError *error,
                       gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_string_truncate(answer->faults, 0);
    add_faults(answer->faults, faults);
    if (error)
        return;
    g_strlcpy(answer->session_id, session->id, sizeof answer->session_id);
    answer->is_member = session->is_member;
}

static int open_at(Answer *answer, const Actor *actor, const OutreachPlan *plan)
{
    Fixture *fixture = answer->fixture;
    fixture->n_waiting++;
    outreach_open(fixture->scheduling, actor, plan, on_session, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* A session of today, with nurse() in its team. */
static void open_session(Answer *answer, Fixture *fixture)
{
    const OutreachPlan plan = {fixture->clinic_id, "75.01.10", "Dulamayo Utara", FIXTURE_TODAY};
    const Actor actor = nurse(fixture);
    answer_init(answer, fixture);
    assert_int_equal(open_at(answer, &actor, &plan), -1);
    assert_true(answer->is_member);
}

static char *entry_id(int64_t sequence)
{
    return g_strdup_printf("3b1f8a00-1111-4222-8333-%012" G_GINT64_FORMAT, sequence);
}

static OutreachDraft *draft_of(int64_t sequence)
{
    OutreachDraft *draft = outreach_draft_new();
    draft->id = entry_id(sequence);
    draft->sequence = sequence;
    draft->revision = 1;
    draft->name = g_strdup_printf("Pasien N%02" G_GINT64_FORMAT, sequence);
    draft->birth_date = g_strdup("1954-03-02");
    draft->sex = g_strdup("P");
    draft->without_nik = g_strdup("none");
    draft->reason = g_strdup("Batuk sejak tiga hari");
    draft->identity = g_strdup("ktp");
    draft->registered_at_ms = fixture_time(0, 9, 0);
    draft->vitals[VITAL_SYSTOLIC] = 130;
    draft->vitals[VITAL_DIASTOLIC] = 80;
    return draft;
}

static void set(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

static void on_taken(GPtrArray *taken, const FaultList *faults, const GError *error,
                     gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    add_faults(answer->faults, faults);
    for (unsigned i = 0; taken && i < taken->len; i++) {
        const OutreachTaken *one = taken->pdata[i];
        add_faults(answer->faults, one->faults);
        add_faults(answer->warnings, one->warnings);
        if (!one->is_taken) {
            answer->n_refused++;
            continue;
        }
        answer->n_taken++;
        answer->revision = one->revision;
        g_string_append_printf(answer->numbers, "%s ", one->number);
        g_strlcpy(answer->visit_id, one->visit_id, sizeof answer->visit_id);
    }
}

static int take_as(Answer *answer, const Actor *actor, const char *device, GPtrArray *drafts)
{
    Fixture *fixture = answer->fixture;
    answer->n_taken = answer->n_refused = 0;
    g_string_truncate(answer->numbers, 0);
    g_string_truncate(answer->faults, 0);
    g_string_truncate(answer->warnings, 0);
    fixture->n_waiting++;
    outreach_take(fixture->scheduling, actor, answer->session_id, device, drafts, on_taken, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static GPtrArray *drafts_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)outreach_draft_free);
}

static int take(Answer *answer, GPtrArray *drafts)
{
    const Actor actor = nurse(answer->fixture);
    return take_as(answer, &actor, DEVICE, drafts);
}

static int take_one(Answer *answer, OutreachDraft *draft)
{
    GPtrArray *drafts = drafts_new();
    g_ptr_array_add(drafts, draft);
    return take(answer, drafts);
}

/* FROM to TO; backwards when FROM is the larger. */
static int take_range(Answer *answer, int64_t from, int64_t to)
{
    GPtrArray *drafts = drafts_new();
    for (int64_t n = from; n != to; n += from < to ? 1 : -1)
        g_ptr_array_add(drafts, draft_of(n));
    g_ptr_array_add(drafts, draft_of(to));
    return take(answer, drafts);
}

static void on_list(const OutreachList *list, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    for (unsigned i = 0; list && i < list->entries->len; i++) {
        const OutreachEntry *entry = list->entries->pdata[i];
        g_string_append_printf(answer->order, "%s ", entry->patient + strlen("Pasien N"));
        g_ptr_array_add(answer->visits, g_strdup(entry->visit_id));
        assert_int_equal(entry->age, 72);
    }
}

static int list_as(Answer *answer, const Actor *actor)
{
    Fixture *fixture = answer->fixture;
    g_string_truncate(answer->order, 0);
    g_ptr_array_set_size(answer->visits, 0);
    fixture->n_waiting++;
    outreach_get(fixture->scheduling, actor, answer->session_id, on_list, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static int list(Answer *answer)
{
    const Actor actor = nurse(answer->fixture);
    return list_as(answer, &actor);
}

static const Actor doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

static void on_call(const QueueCall *call, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_strlcpy(answer->called, call->visit_id, sizeof answer->called);
    answer->n_waiting = call->n_waiting;
}

static int call_next(Answer *answer)
{
    Fixture *fixture = answer->fixture;
    fixture->n_waiting++;
    queue_call_next(fixture->scheduling, &doctor, on_call, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static const char all_thirty[] = "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 "
                                 "21 22 23 24 25 26 27 28 29 30 ";

/* Whatever comes first: the later batch before the earlier, a batch backwards. */
static void test_in_the_order_of_the_tablet(void **state)
{
    g_auto(Answer) answer = {0};
    open_session(&answer, *state);
    assert_int_equal(take_range(&answer, 21, 30), -1);
    assert_int_equal(answer.n_taken, 10);
    assert_string_equal(answer.numbers->str, "A-1 A-2 A-3 A-4 A-5 A-6 A-7 A-8 A-9 A-10 ");
    assert_int_equal(take_range(&answer, 20, 11), -1);
    assert_int_equal(take_range(&answer, 1, 10), -1);
    assert_int_equal(list(&answer), -1);
    assert_string_equal(answer.order->str, all_thirty);
    /* And so the doctor calls them. */
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(call_next(&answer), -1);
        assert_string_equal(answer.called, answer.visits->pdata[i]);
        assert_int_equal(answer.n_waiting, 29 - i);
        assert_int_equal(fixture_accept(answer.fixture, answer.called), -1);
        assert_int_equal(fixture_connect(answer.fixture, answer.called), -1);
        assert_int_equal(fixture_end(answer.fixture, answer.called, VISIT_STATE_DONE), -1);
    }
}

/* The answer was lost: the tablet sends all of it again, and once more with others. */
static void test_sent_again_is_there_once(void **state)
{
    g_auto(Answer) answer = {0};
    open_session(&answer, *state);
    assert_int_equal(take_range(&answer, 1, 15), -1);
    g_autofree char *numbers = g_strdup(answer.numbers->str);
    unsigned n_changes = answer.fixture->changes->len;
    assert_int_equal(take_range(&answer, 1, 15), -1);
    assert_int_equal(answer.n_taken, 15);
    assert_string_equal(answer.numbers->str, numbers);
    assert_int_equal(answer.fixture->changes->len, n_changes);
    assert_int_equal(take_range(&answer, 10, 20), -1);
    assert_int_equal(take_range(&answer, 16, 30), -1);
    assert_int_equal(list(&answer), -1);
    assert_string_equal(answer.order->str, all_thirty);
}

static void test_one_bad_does_not_hold_up_the_others(void **state)
{
    g_auto(Answer) answer = {0};
    open_session(&answer, *state);
    GPtrArray *drafts = drafts_new();
    for (int64_t n = 1; n <= 4; n++)
        g_ptr_array_add(drafts, draft_of(n));
    OutreachDraft *bad = drafts->pdata[2];
    g_clear_pointer(&bad->without_nik, g_free);
    set(&bad->nik, BAD_NIK);
    bad->vitals[VITAL_PULSE] = 900;
    assert_int_equal(take(&answer, drafts), -1);
    assert_int_equal(answer.n_taken, 3);
    assert_int_equal(answer.n_refused, 1);
    assert_string_equal(answer.faults->str, "nik:nik_date vitals.pulse_per_min:too_large ");
    assert_int_equal(take_range(&answer, 5, 9), -1);
    /* Mended it stands where it came. */
    assert_int_equal(take_one(&answer, draft_of(3)), -1);
    assert_string_equal(answer.numbers->str, "A-9 ");
    assert_int_equal(list(&answer), -1);
    assert_string_equal(answer.order->str, "01 02 03 04 05 06 07 08 09 ");
    clock_advance(answer.fixture->clock, MINUTE_MS);
    /* Of two tablets the one's order does not disturb the other's. */
    GPtrArray *other = drafts_new();
    OutreachDraft *first = draft_of(1);
    set(&first->id, "3b1f8a00-9999-4222-8333-000000000001");
    set(&first->name, "Pasien N99");
    g_ptr_array_add(other, first);
    const Actor actor = nurse(answer.fixture);
    assert_int_equal(take_as(&answer, &actor, OTHER_DEVICE, other), -1);
    assert_int_equal(list(&answer), -1);
    assert_string_equal(answer.order->str, "01 02 03 04 05 06 07 08 09 99 ");
}

static void test_changes_until_called(void **state)
{
    g_auto(Answer) answer = {0};
    open_session(&answer, *state);
    assert_int_equal(take_one(&answer, draft_of(1)), -1);
    OutreachDraft *same = draft_of(1);
    set(&same->name, "Pasien N77");
    assert_int_equal(take_one(&answer, same), -1);
    assert_string_equal(answer.faults->str, "revision:sent_otherwise ");
    OutreachDraft *newer = draft_of(1);
    set(&newer->name, "Pasien N77");
    newer->revision = 3;
    newer->consent = 1;
    assert_int_equal(take_one(&answer, newer), -1);
    assert_int_equal(answer.n_taken, 1);
    /* The first one, delayed on its way, takes nothing back. */
    assert_int_equal(take_one(&answer, draft_of(1)), -1);
    assert_int_equal(answer.n_taken, 1);
    assert_int_equal(answer.revision, 3);
    assert_int_equal(list(&answer), -1);
    assert_string_equal(answer.order->str, "77 ");
    assert_int_equal(call_next(&answer), -1);
    OutreachDraft *late = draft_of(1);
    late->revision = 4;
    assert_int_equal(take_one(&answer, late), -1);
    assert_string_equal(answer.faults->str, "revision:already_called ");
    assert_int_equal(list(&answer), -1);
    assert_string_equal(answer.order->str, "77 ");
}

static void test_who_has_no_nik(void **state)
{
    static const struct {
        const char *nik, *without, *mother, *faults;
    } rows[] = {
        {NULL, NULL, NULL, "nik:required "},
        {NULL, "none", NULL, ""},
        {NULL, "lost", NULL, "without_nik:not_allowed "},
        {NULL, "newborn", NULL, "mother_nik:required "},
        {NULL, "newborn", BAD_NIK, "mother_nik:nik_date "},
        {NULL, "newborn", GOOD_NIK, ""},
        {NULL, "none", GOOD_NIK, "mother_nik:not_allowed "},
        {GOOD_NIK, "none", NULL, "without_nik:not_allowed "},
        {GOOD_NIK, NULL, NULL, ""},
    };
    g_auto(Answer) answer = {0};
    open_session(&answer, *state);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        OutreachDraft *draft = draft_of(i + 1);
        set(&draft->nik, rows[i].nik);
        set(&draft->without_nik, rows[i].without);
        set(&draft->mother_nik, rows[i].mother);
        assert_int_equal(take_one(&answer, draft), -1);
        assert_string_equal(answer.faults->str, rows[i].faults);
    }
    OutreachDraft *man = draft_of(20);
    g_clear_pointer(&man->without_nik, g_free);
    set(&man->nik, GOOD_NIK);
    set(&man->birth_date, "1990-08-17");
    set(&man->sex, "L");
    assert_int_equal(take_one(&answer, man), -1);
    assert_int_equal(answer.n_taken, 1);
    assert_string_equal(answer.warnings->str, "nik:sex_differs ");
}

static void test_each_field_is_named(void **state)
{
    g_auto(Answer) answer = {0};
    open_session(&answer, *state);
    OutreachDraft *empty = outreach_draft_new();
    assert_int_equal(take_one(&answer, empty), -1);
    assert_string_equal(answer.faults->str,
                        "id:required sequence:too_small revision:too_small "
                        "registered_at_ms:too_small name:required birth_date:required "
                        "nik:required sex:required identity:required reason:required ");
    OutreachDraft *wrong = draft_of(1000);
    set(&wrong->id, "no uuid");
    set(&wrong->phone, "12");
    set(&wrong->sex, "X");
    set(&wrong->identity, "passport");
    g_free(wrong->reason);
    wrong->reason = g_strnfill(OUTREACH_REASON_CHARS + 1, 'x');
    g_free(wrong->address);
    wrong->address = g_strnfill(OUTREACH_ADDRESS_CHARS + 1, 'x');
    wrong->consent = 7;
    assert_int_equal(take_one(&answer, wrong), -1);
    assert_string_equal(answer.faults->str,
                        "id:not_an_id sequence:too_large phone:not_a_phone sex:not_allowed "
                        "identity:not_allowed reason:too_long address:too_long consent:outdated ");
    assert_int_equal(list(&answer), -1);
    assert_string_equal(answer.order->str, "");
    /* A sequence is one patient's, an id one tablet's. */
    assert_int_equal(take_one(&answer, draft_of(1)), -1);
    OutreachDraft *double_sequence = draft_of(2);
    double_sequence->sequence = 1;
    assert_int_equal(take_one(&answer, double_sequence), -1);
    assert_string_equal(answer.faults->str, "sequence:taken ");
    GPtrArray *drafts = drafts_new();
    g_ptr_array_add(drafts, draft_of(1));
    const Actor actor = nurse(answer.fixture);
    assert_int_equal(take_as(&answer, &actor, OTHER_DEVICE, drafts), -1);
    assert_string_equal(answer.faults->str, "id:taken ");
}

static void test_for_the_team_alone(void **state)
{
    g_auto(Answer) answer = {0};
    Fixture *fixture = *state;
    open_session(&answer, fixture);
    const Actor colleague = nurse_of(fixture, "nurse-2", 0);
    const Actor foreign = nurse_of(fixture, "nurse-3", 1);
    const Actor *strangers[] = {&colleague, &foreign, &doctor};
    for (unsigned i = 0; i < G_N_ELEMENTS(strangers); i++) {
        GPtrArray *drafts = drafts_new();
        g_ptr_array_add(drafts, draft_of(1));
        assert_int_equal(take_as(&answer, strangers[i], DEVICE, drafts),
                         SCHEDULING_ERROR_FORBIDDEN);
        assert_int_equal(list_as(&answer, strangers[i]), SCHEDULING_ERROR_FORBIDDEN);
    }
    fixture->n_waiting++;
    outreach_join(fixture->scheduling, &foreign, answer.session_id, on_session, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, SCHEDULING_ERROR_FORBIDDEN);
    fixture->n_waiting++;
    outreach_join(fixture->scheduling, &colleague, answer.session_id, on_session, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    assert_true(answer.is_member);
    assert_int_equal(list_as(&answer, &colleague), -1);
}

static void on_sessions(GPtrArray *sessions, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    answer->n_sessions = sessions ? sessions->len : 0;
}

static void test_sessions(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    open_session(&answer, fixture);
    g_autofree char *first = g_strdup(answer.session_id);
    const Actor actor = nurse(fixture);
    const OutreachPlan plans[] = {
        {fixture->clinic_id, "75.01.10", " Dulamayo  Utara ", FIXTURE_TODAY},
        {fixture->clinic_id, "75.01", "", "2026-11-23"},
        {"01hzzzzzzzzzzzzzzzzzzzzzzz", "75.01.10", "Desa", "2026-12-25"},
        {fixture->clinic_id, "75.01.10", "Desa", "2026-02-30"},
    };
    assert_int_equal(open_at(&answer, &actor, &plans[0]), -1);
    assert_string_equal(answer.session_id, first);
    assert_int_equal(open_at(&answer, &actor, &plans[1]), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults->str, "village:required date:in_past area_code:not_found ");
    assert_int_equal(open_at(&answer, &actor, &plans[2]), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults->str, "date:too_late clinic:not_found ");
    assert_int_equal(open_at(&answer, &actor, &plans[3]), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults->str, "date:not_a_date ");
    fixture->n_waiting++;
    outreach_list(fixture->scheduling, &actor, on_sessions, &answer);
    fixture_wait(fixture);
    assert_int_equal(answer.n_sessions, 1);
    fixture->n_waiting++;
    outreach_close(fixture->scheduling, &actor, first, on_session, &answer);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    /* A tablet that comes home late still gives what it holds. */
    assert_int_equal(take_one(&answer, draft_of(1)), -1);
    assert_int_equal(answer.n_taken, 1);
    clock_advance(fixture->clock, 7 * 24 * HOUR_MS);
    assert_int_equal(take_one(&answer, draft_of(2)), -1);
    clock_advance(fixture->clock, 1 * 24 * HOUR_MS);
    assert_int_equal(take_one(&answer, draft_of(3)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults->str, "outreach:too_late ");
}

static void test_not_before_its_day(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    answer_init(&answer, fixture);
    const Actor actor = nurse(fixture);
    const OutreachPlan plan = {fixture->clinic_id, "75.03.18", "Pinogu", "2026-11-25"};
    assert_int_equal(open_at(&answer, &actor, &plan), -1);
    assert_int_equal(take_one(&answer, draft_of(1)), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults->str, "outreach:too_early ");
}

static void on_visit(const OutreachVisit *visit, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_string_truncate(answer->text, 0);
    if (visit)
        g_string_append_printf(answer->text, "%s, %s: %s; %s; %s; %d/%d; %u", visit->village,
                               visit->area, visit->reason, visit->address, visit->mother_nik_masked,
                               visit->vitals[VITAL_SYSTOLIC], visit->vitals[VITAL_DIASTOLIC],
                               visit->photos->len);
}

static int look(Answer *answer, const Actor *actor)
{
    Fixture *fixture = answer->fixture;
    fixture->n_waiting++;
    outreach_visit_get(fixture->scheduling, actor, answer->visit_id, on_visit, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_photo(const FaultList *faults, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_string_truncate(answer->faults, 0);
    add_faults(answer->faults, faults);
}

static int send_photo(Answer *answer, unsigned n, const void *data, size_t size)
{
    Fixture *fixture = answer->fixture;
    const Actor actor = nurse(fixture);
    g_autofree char *id = g_strdup_printf(PHOTO, n);
    g_autofree char *entry = entry_id(1);
    g_autoptr(GBytes) picture = g_bytes_new(data, size);
    const OutreachPhoto photo = {entry, id, picture};
    fixture->n_waiting++;
    outreach_photo_put(fixture->scheduling, &actor, answer->session_id, &photo, on_photo, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

static void on_picture(GBytes *picture, const GError *error, gpointer user_data)
{
    Answer *answer = user_data;
    fixture_keep_error(answer->fixture, error);
    g_clear_pointer(&answer->picture, g_bytes_unref);
    if (picture)
        answer->picture = g_bytes_ref(picture);
}

static int get_photo(Answer *answer, unsigned n, const Actor *actor)
{
    Fixture *fixture = answer->fixture;
    g_autofree char *id = g_strdup_printf(PHOTO, n);
    fixture->n_waiting++;
    outreach_photo_get(fixture->scheduling, actor, answer->visit_id, id, on_picture, answer);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* Takes down one newborn, with an address. */
static void take_newborn(Answer *answer)
{
    OutreachDraft *draft = draft_of(1);
    set(&draft->without_nik, "newborn");
    set(&draft->mother_nik, GOOD_NIK);
    set(&draft->address, "Dusun Tiga");
    assert_int_equal(take_one(answer, draft), -1);
    assert_int_equal(answer->n_taken, 1);
}

static void test_pictures(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    open_session(&answer, fixture);
    assert_int_equal(send_photo(&answer, 1, jpeg, sizeof jpeg), SCHEDULING_ERROR_NOT_FOUND);
    take_newborn(&answer);
    for (unsigned n = 1; n <= OUTREACH_MAX_PHOTOS; n++)
        assert_int_equal(send_photo(&answer, n, jpeg, sizeof jpeg), -1);
    assert_int_equal(send_photo(&answer, 1, jpeg, sizeof jpeg), -1);
    assert_int_equal(send_photo(&answer, 4, jpeg, sizeof jpeg), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults->str, "photo:too_many ");
    assert_int_equal(send_photo(&answer, 1, jpeg, sizeof jpeg - 1),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(send_photo(&answer, 5, "<svg>", 5), SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults->str, "data:not_a_picture ");
    g_autofree uint8_t *large = g_malloc0(OUTREACH_PHOTO_BYTES + 1);
    memcpy(large, jpeg, sizeof jpeg);
    assert_int_equal(send_photo(&answer, 5, large, OUTREACH_PHOTO_BYTES + 1),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(answer.faults->str, "data:picture_too_large ");
    assert_int_equal(get_photo(&answer, 2, &doctor), -1);
    assert_int_equal(g_bytes_get_size(answer.picture), sizeof jpeg);
    assert_memory_equal(g_bytes_get_data(answer.picture, NULL), jpeg, sizeof jpeg);
    assert_int_equal(get_photo(&answer, 9, &doctor), SCHEDULING_ERROR_NOT_FOUND);
}

static void test_who_sees_what_was_taken_down(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    open_session(&answer, fixture);
    take_newborn(&answer);
    assert_int_equal(send_photo(&answer, 1, jpeg, sizeof jpeg), -1);
    const Actor stranger = {.role = ACTOR_DOCTOR, .user_id = "user-1"};
    const Actor team = nurse(fixture);
    const Actor colleague = nurse_of(fixture, "nurse-2", 0);
    const Actor office = {.role = ACTOR_OFFICE, .user_id = "office"};
    static const char text[] = "Dulamayo Utara, Telaga Biru: Batuk sejak tiga hari; Dusun Tiga; "
                               "757102******0001; 130/80; 1";
    const Actor *allowed[] = {&doctor, &team};
    const Actor *refused[] = {&stranger, &colleague, &office};
    for (unsigned i = 0; i < G_N_ELEMENTS(allowed); i++) {
        assert_int_equal(look(&answer, allowed[i]), -1);
        assert_string_equal(answer.text->str, text);
        assert_int_equal(get_photo(&answer, 1, allowed[i]), -1);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(refused); i++) {
        assert_int_equal(look(&answer, refused[i]), SCHEDULING_ERROR_FORBIDDEN);
        assert_int_equal(get_photo(&answer, 1, refused[i]), SCHEDULING_ERROR_FORBIDDEN);
    }
}

static char *dump(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    GString *all = g_string_new(NULL);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *text = (const char *)sqlite3_column_text(statement, i);
            g_string_append_printf(all, "%s|", text ? text : "");
        }
    }
    sqlite3_finalize(statement);
    return g_string_free(all, FALSE);
}

/* Neither NIK, address nor picture can be read out of the file; and nothing is taken away. */
static void test_sealed_and_kept(void **state)
{
    static const char *const changes[] = {"DELETE FROM outreach_entry",
                                          "DELETE FROM outreach_photo",
                                          "UPDATE outreach_photo SET hash = 'x'"};
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    open_session(&answer, fixture);
    take_newborn(&answer);
    assert_int_equal(send_photo(&answer, 1, jpeg, sizeof jpeg), -1);
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    g_autofree char *rows = dump(db, "SELECT * FROM outreach_entry, outreach_photo");
    g_autofree char *picture = g_base64_encode(jpeg, sizeof jpeg);
    assert_non_null(strstr(rows, "Batuk"));
    assert_null(strstr(rows, GOOD_NIK));
    assert_null(strstr(rows, "Dusun"));
    assert_null(strstr(rows, picture));
    for (unsigned i = 0; i < G_N_ELEMENTS(changes); i++)
        assert_int_equal(sqlite3_exec(db, changes[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
    g_autofree char *audit = dump(db, "SELECT action FROM audit WHERE action LIKE 'outreach.%'");
    assert_string_equal(audit, "outreach.open|outreach.take|outreach.sync|outreach.photo|");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_mistaken_person_leaves_nobody_behind(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    open_session(&answer, fixture);
    OutreachDraft *first = draft_of(1);
    first->consent = 1;
    assert_int_equal(take_one(&answer, first), -1);
    OutreachDraft *newer = draft_of(1);
    set(&newer->name, "Pasien N02");
    set(&newer->phone, "0812 3456 7890");
    newer->revision = 2;
    assert_int_equal(take_one(&answer, newer), -1);
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    g_autofree char *names = dump(db, "SELECT name FROM patient");
    assert_string_equal(names, "Pasien N02|");
    g_autofree char *consents = dump(db, "SELECT how FROM consent ORDER BY id");
    assert_string_equal(consents, "read_aloud|withdrawn|");
    /* Nobody is told by message what staff tell them at the post. */
    g_autofree char *messages = dump(db, "SELECT kind FROM notification");
    assert_string_equal(messages, "");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static char *ask_file(const Fixture *fixture, const char *sql)
{
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    char *answer = dump(db, sql);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return answer;
}

/* Two of one name and birth date are a pair to be looked at; who was the other by mistake is not,
 * and goes. */
static void test_mistaken_person_of_a_pair_goes_too(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    open_session(&answer, fixture);
    OutreachDraft *second = draft_of(2);
    set(&second->name, "Pasien N01");
    assert_int_equal(take_one(&answer, draft_of(1)), -1);
    assert_int_equal(take_one(&answer, second), -1);
    g_autofree char *pairs = ask_file(fixture, "SELECT state FROM patient_pair");
    assert_string_equal(pairs, "open|");
    OutreachDraft *newer = draft_of(2);
    newer->revision = 2;
    assert_int_equal(take_one(&answer, newer), -1);
    g_autofree char *left = ask_file(fixture, "SELECT state FROM patient_pair");
    assert_string_equal(left, "");
    g_autofree char *names = ask_file(fixture, "SELECT name FROM patient ORDER BY name");
    assert_string_equal(names, "Pasien N01|Pasien N02|");
}

/* The desk may have merged them by now. */
static void test_newer_figures_leave_the_person(void **state)
{
    Fixture *fixture = *state;
    g_auto(Answer) answer = {0};
    open_session(&answer, fixture);
    assert_int_equal(take_one(&answer, draft_of(1)), -1);
    g_autofree char *before = ask_file(fixture, "SELECT id FROM patient");
    OutreachDraft *newer = draft_of(1);
    newer->vitals[VITAL_SYSTOLIC] = 140;
    set(&newer->phone, "0812 3456 7890");
    newer->revision = 2;
    assert_int_equal(take_one(&answer, newer), -1);
    g_autofree char *after = ask_file(fixture, "SELECT id FROM patient");
    assert_string_equal(after, before);
}

#define OUTREACH_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUTREACH_TEST(test_in_the_order_of_the_tablet),
        OUTREACH_TEST(test_sent_again_is_there_once),
        OUTREACH_TEST(test_one_bad_does_not_hold_up_the_others),
        OUTREACH_TEST(test_changes_until_called),
        OUTREACH_TEST(test_who_has_no_nik),
        OUTREACH_TEST(test_each_field_is_named),
        OUTREACH_TEST(test_for_the_team_alone),
        OUTREACH_TEST(test_sessions),
        OUTREACH_TEST(test_not_before_its_day),
        OUTREACH_TEST(test_pictures),
        OUTREACH_TEST(test_who_sees_what_was_taken_down),
        OUTREACH_TEST(test_sealed_and_kept),
        OUTREACH_TEST(test_mistaken_person_leaves_nobody_behind),
        OUTREACH_TEST(test_mistaken_person_of_a_pair_goes_too),
        OUTREACH_TEST(test_newer_figures_leave_the_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
