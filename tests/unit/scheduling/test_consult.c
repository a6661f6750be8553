// SPDX-License-Identifier: Apache-2.0
/* Questions between doctors: who sees what, who may do what, once and in time. */
#include "tests/unit/scheduling/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "scheduling/consult/consult.h"
#include "scheduling/consult/consult_report.h"
#include "scheduling/note/note.h"

#define WORDS "Ruam sejak tiga hari, apakah perlu dirujuk?"
#define OPINION "Ini dermatitis kontak."
#define ADVICE "Salep dua kali sehari."
#define FILE_ID "7c2d4e5f-0000-4000-8000-00000000000%u"

/* dr. Rahmat and dr. Nurhayati work in the first facility, dr. Yusuf in the second. */
static const Actor rahmat = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
static const Actor nurhayati = {.role = ACTOR_DOCTOR, .user_id = "user-1"};
static const Actor yusuf = {.role = ACTOR_DOCTOR, .user_id = "user-2"};
static const char *const nothing[] = {NULL};

static const char pdf[] = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

typedef struct {
    Fixture *fixture;
    char id[SCHEDULING_ID_BYTES];
    ConsultState state;
    GString *faults;  /* "field:code " */
    GString *heard;   /* ids of practitioners that the listener heard of */
    GString *shared;  /* "part=text;" of the last thread */
    GString *posts;   /* "kind:text:n " */
    GString *lines;   /* "step " */
    GString *listed;  /* ids */
    char file_id[40]; /* the thread's last */
    Consult consult;  /* of the last thread: without its strings */
    char *visit_id;
    GBytes *file;
    int64_t note_revision;
    ConsultWaiting waiting;
    ConsultFigures totals;
    unsigned n_late, n_keys;
    int codes[2];
    unsigned n_codes;
} World;

static bool link_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    return directory_link_user(tx, fixture->seed.doctors[1].id, "user-1", error) &&
           directory_link_user(tx, fixture->seed.doctors[2].id, "user-2", error);
}

static void on_heard(const char *const *ids, gpointer user_data)
{
    World *world = user_data;
    for (; *ids; ids++)
        g_string_append_printf(world->heard, "%s ", *ids);
}

static int set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    World *world = g_new0(World, 1);
    world->fixture = *state;
    GString **texts[] = {&world->faults, &world->heard, &world->shared,
                         &world->posts,  &world->lines, &world->listed};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_string_new(NULL);
    fixture_run(world->fixture, link_job, world->fixture);
    consult_set_listener(world->fixture->scheduling, on_heard, world);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    World *world = *state;
    GString *texts[] = {world->faults, world->heard, world->shared,
                        world->posts,  world->lines, world->listed};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_string_free(texts[i], TRUE);
    g_clear_pointer(&world->file, g_bytes_unref);
    g_free(world->visit_id);
    *state = world->fixture;
    g_free(world);
    return fixture_tear_down(state);
}

static int answer(World *world)
{
    world->fixture->n_waiting++;
    fixture_wait(world->fixture);
    return world->fixture->error_code;
}

static void on_consult(const char *id, ConsultState state, const FaultList *faults,
                       const GError *error, gpointer user_data)
{
    World *world = user_data;
    fixture_keep_error(world->fixture, error);
    if (world->n_codes < G_N_ELEMENTS(world->codes))
        world->codes[world->n_codes++] = world->fixture->error_code;
    g_string_truncate(world->faults, 0);
    for (unsigned i = 0; i < fault_list_length(faults); i++)
        g_string_append_printf(world->faults, "%s:%s ", fault_list_get(faults, i)->field,
                               fault_list_get(faults, i)->code);
    if (error)
        return;
    g_strlcpy(world->id, id, sizeof world->id);
    world->state = state;
}

/* A question of no visit to the facility of dr. Rahmat and dr. Nurhayati, or of no other. */
static ConsultDraft to_facility(World *world, unsigned facility, const char *key)
{
    return (ConsultDraft){
        .key = key,
        .facility_id = world->fixture->seed.facility_ids[facility],
        .text = WORDS,
        .shared = nothing,
        .attachment_ids = nothing,
    };
}

static int ask(World *world, const Actor *actor, const ConsultDraft *draft)
{
    g_string_truncate(world->heard, 0);
    consult_ask(world->fixture->scheduling, actor, draft, on_consult, world);
    return answer(world);
}

static int step(World *world, const Actor *actor, ConsultStep what)
{
    g_string_truncate(world->heard, 0);
    consult_step(world->fixture->scheduling, world->id, what, actor, on_consult, world);
    return answer(world);
}

static int write_one(World *world, const Actor *actor, ConsultPostKind kind, const char *text)
{
    g_autofree char *key = g_strdup_printf("0123456789abcdef-%u", world->n_keys++);
    const ConsultWriting writing = {
        .key = key,
        .kind = kind,
        .text = text,
        .recommendation = kind == CONSULT_POST_ANSWER ? ADVICE : NULL,
        .refer = true,
        .attachment_ids = nothing,
    };
    g_string_truncate(world->heard, 0);
    consult_write(world->fixture->scheduling, world->id, &writing, actor, on_consult, world);
    return answer(world);
}

static void keep_posts(World *world, const ConsultThread *thread)
{
    for (unsigned i = 0; i < thread->posts->len; i++) {
        const ConsultPost *post = thread->posts->pdata[i];
        g_string_append_printf(world->posts, "%s:%s:%u ", consult_post_kind_name(post->kind),
                               post->text, post->attachments->len);
        assert_true((post->kind == CONSULT_POST_ANSWER) == (post->recommendation != NULL));
        for (unsigned n = 0; n < post->attachments->len; n++) {
            const ConsultAttachment *attachment = post->attachments->pdata[n];
            g_strlcpy(world->file_id, attachment->id, sizeof world->file_id);
        }
    }
}

static void on_thread(const ConsultThread *thread, const GError *error, gpointer user_data)
{
    World *world = user_data;
    GString *texts[] = {world->shared, world->posts, world->lines};
    fixture_keep_error(world->fixture, error);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_string_truncate(texts[i], 0);
    if (error)
        return;
    for (unsigned i = 0; i < thread->shared->len; i++) {
        const ConsultShared *shared = thread->shared->pdata[i];
        g_string_append_printf(world->shared, "%s=%s;", shared->part, shared->text);
    }
    keep_posts(world, thread);
    for (unsigned i = 0; i < thread->lines->len; i++)
        g_string_append_printf(world->lines, "%s ",
                               ((const ConsultLine *)thread->lines->pdata[i])->step);
    world->consult = thread->consult;
    g_free(world->visit_id);
    world->visit_id = g_strdup(thread->consult.visit_id);
}

static int look(World *world, const Actor *actor)
{
    consult_get(world->fixture->scheduling, world->id, actor, on_thread, world);
    return answer(world);
}

static void on_list(const ConsultList *list, const GError *error, gpointer user_data)
{
    World *world = user_data;
    fixture_keep_error(world->fixture, error);
    g_string_truncate(world->listed, 0);
    for (unsigned i = 0; !error && i < list->consults->len; i++) {
        const Consult *consult = list->consults->pdata[i];
        g_string_append_printf(world->listed, "%s ", consult->id);
        assert_true(consult->is_asker || !consult->visit_id);
    }
}

static bool is_listed(World *world, const Actor *actor, ConsultBox box)
{
    consult_list(world->fixture->scheduling, box, NULL, actor, on_list, world);
    assert_int_equal(answer(world), -1);
    return strstr(world->listed->str, world->id) != NULL;
}

static int64_t count(World *world, const char *sql)
{
    g_autofree char *path = g_build_filename(world->fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return n;
}

static int64_t n_audited(World *world, const char *action)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT COUNT(*) FROM audit WHERE action = '%s'", action);
    return count(world, sql);
}

static int64_t n_events(World *world, const char *kind)
{
    g_autofree char *sql = g_strdup_printf("SELECT COUNT(*) FROM outbox WHERE kind = '%s'", kind);
    return count(world, sql);
}

static bool heard(World *world, unsigned doctor)
{
    return strstr(world->heard->str, world->fixture->seed.doctors[doctor].id) != NULL;
}

static void test_asked_and_answered(void **state)
{
    World *world = *state;
    const ConsultDraft draft = to_facility(world, 0, "0123456789abcdef");
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    assert_int_equal(world->state, CONSULT_OPEN);
    assert_true(heard(world, 0) && heard(world, 1) && heard(world, 2));
    assert_true(is_listed(world, &rahmat, CONSULT_BOX_OPEN));
    assert_true(is_listed(world, &yusuf, CONSULT_BOX_ASKED));
    assert_false(is_listed(world, &yusuf, CONSULT_BOX_OPEN));
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1);
    assert_true(heard(world, 1)); /* whose list has one less */
    clock_advance(world->fixture->clock, 20 * MINUTE_MS);
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ASK_BACK, "Sejak kapan?"), -1);
    assert_int_equal(world->state, CONSULT_ASKED_BACK);
    assert_true(heard(world, 2));
    assert_false(heard(world, 1));
    assert_int_equal(write_one(world, &yusuf, CONSULT_POST_ADDITION, "Tiga hari."), -1);
    assert_int_equal(world->state, CONSULT_TAKEN);
    clock_advance(world->fixture->clock, 10 * MINUTE_MS);
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ANSWER, OPINION), -1);
    assert_int_equal(world->state, CONSULT_ANSWERED);
    assert_true(heard(world, 2));
    assert_int_equal(look(world, &yusuf), -1);
    assert_string_equal(world->posts->str, "question:" WORDS ":0 ask_back:Sejak kapan?:0 "
                                           "addition:Tiga hari.:0 answer:" OPINION ":0 ");
    assert_int_equal(world->consult.first_answer_at_ms - world->consult.asked_at_ms,
                     30 * MINUTE_MS);
    assert_true(world->consult.is_asker && !world->consult.is_expert);
    /* Once more: the first answer's time stays. */
    assert_int_equal(write_one(world, &yusuf, CONSULT_POST_QUESTION, "Berapa lama?"), -1);
    assert_int_equal(world->state, CONSULT_TAKEN);
    clock_advance(world->fixture->clock, HOUR_MS);
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ANSWER, "Satu minggu."), -1);
    assert_int_equal(look(world, &rahmat), -1);
    assert_int_equal(world->consult.first_answer_at_ms - world->consult.asked_at_ms,
                     30 * MINUTE_MS);
    assert_int_equal(step(world, &yusuf, CONSULT_STEP_CLOSE), -1);
    assert_int_equal(step(world, &yusuf, CONSULT_STEP_CLOSE), -1); /* is so already */
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ANSWER, "Lagi."),
                     SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(look(world, &rahmat), -1);
    assert_string_equal(world->lines->str, "taken closed ");
    assert_int_equal(n_audited(world, "consult.answer"), 2);
    assert_int_equal(n_audited(world, "consult.close"), 1);
    assert_int_equal(n_events(world, "consult.answered"), 2);
    assert_int_equal(
        count(world, "SELECT COUNT(*) FROM outbox WHERE payload LIKE '%ruam%' OR payload LIKE "
                     "'%dermatitis%'"),
        0);
}

/* Asked again, given back: the asker need not wait for somebody to take it. */
static void test_closed_when_nobody_has_it(void **state)
{
    World *world = *state;
    const ConsultDraft draft = to_facility(world, 0, "0123456789abcdef");
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    assert_int_equal(step(world, &yusuf, CONSULT_STEP_CLOSE), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ANSWER, OPINION), -1);
    assert_int_equal(write_one(world, &yusuf, CONSULT_POST_QUESTION, "Berapa lama?"), -1);
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_GIVE_BACK), -1);
    assert_int_equal(step(world, &yusuf, CONSULT_STEP_WITHDRAW), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(step(world, &yusuf, CONSULT_STEP_CLOSE), -1);
    assert_int_equal(world->state, CONSULT_CLOSED);
}

/* Two experts, one question: both ask for it before either is answered. */
static void test_one_of_two_takes_it(void **state)
{
    World *world = *state;
    const ConsultDraft draft = to_facility(world, 0, "0123456789abcdef");
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    g_autofree char *id = g_strdup(world->id);
    world->n_codes = 0;
    world->fixture->n_waiting += 2;
    consult_step(world->fixture->scheduling, id, CONSULT_STEP_TAKE, &rahmat, on_consult, world);
    consult_step(world->fixture->scheduling, id, CONSULT_STEP_TAKE, &nurhayati, on_consult, world);
    fixture_wait(world->fixture);
    assert_int_equal(world->codes[0], -1);
    /* To the second one it does not exist any more. */
    assert_int_equal(world->codes[1], SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(count(world, "SELECT COUNT(*) FROM consult_step WHERE step = 'taken'"), 1);
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1); /* once more */
    assert_int_equal(count(world, "SELECT COUNT(*) FROM consult_step WHERE step = 'taken'"), 1);
}

static void test_who_sees_it(void **state)
{
    World *world = *state;
    Fixture *fixture = world->fixture;
    const Actor desk = {ACTOR_DESK, "user-9", NULL, fixture->seed.facility_ids[0], NULL, NULL};
    const Actor keeper = {
        ACTOR_COORDINATOR, "user-8", NULL, fixture->seed.facility_ids[0], NULL, NULL};
    ConsultDraft draft = to_facility(world, 0, "0123456789abcdef");
    draft.facility_id = NULL;
    draft.practitioner_id = fixture->seed.doctors[1].id;
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    /* Of the same facility, but not asked. */
    assert_false(is_listed(world, &rahmat, CONSULT_BOX_OPEN));
    assert_int_equal(look(world, &rahmat), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(look(world, &desk), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(look(world, &keeper), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(write_one(world, &nurhayati, CONSULT_POST_ANSWER, OPINION),
                     SCHEDULING_ERROR_BAD_STATE); /* who has not taken it */
    assert_int_equal(look(world, &nurhayati), -1);
    assert_true(is_listed(world, &nurhayati, CONSULT_BOX_OPEN));

    const ConsultDraft other = to_facility(world, 0, "0123456789abcdef-2");
    assert_int_equal(ask(world, &yusuf, &other), -1);
    assert_int_equal(look(world, &nurhayati), -1);
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(look(world, &nurhayati), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(step(world, &yusuf, CONSULT_STEP_WITHDRAW), -1);
    assert_int_equal(look(world, &rahmat), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(look(world, &yusuf), -1);
    assert_int_equal(n_audited(world, "consult.read"), 3);
}

static void test_given_back_and_let_go(void **state)
{
    World *world = *state;
    const Actor keeper = {
        ACTOR_COORDINATOR, "user-8", NULL, world->fixture->seed.facility_ids[0], NULL, NULL};
    const Actor other = {
        ACTOR_COORDINATOR, "user-7", NULL, world->fixture->seed.facility_ids[1], NULL, NULL};
    const ConsultDraft draft = to_facility(world, 0, "0123456789abcdef");
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(step(world, &yusuf, CONSULT_STEP_GIVE_BACK), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_GIVE_BACK), -1);
    assert_int_equal(world->state, CONSULT_OPEN);
    assert_true(heard(world, 1));
    assert_int_equal(step(world, &nurhayati, CONSULT_STEP_TAKE), -1);
    assert_int_equal(step(world, &other, CONSULT_STEP_GIVE_BACK), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(step(world, &keeper, CONSULT_STEP_TAKE), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(step(world, &keeper, CONSULT_STEP_GIVE_BACK), -1);
    assert_int_equal(look(world, &yusuf), -1);
    assert_string_equal(world->lines->str, "taken given_back taken released ");
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ANSWER, OPINION), -1);
    assert_int_equal(step(world, &keeper, CONSULT_STEP_GIVE_BACK), SCHEDULING_ERROR_BAD_STATE);
    assert_int_equal(step(world, &yusuf, CONSULT_STEP_WITHDRAW), SCHEDULING_ERROR_BAD_STATE);
}

static void on_swept(unsigned n, bool more, const GError *error, gpointer user_data)
{
    World *world = user_data;
    assert_false(more);
    world->n_late = n;
    fixture_keep_error(world->fixture, error);
}

static unsigned sweep(World *world)
{
    g_string_truncate(world->heard, 0);
    consult_sweep(world->fixture->scheduling, on_swept, world);
    assert_int_equal(answer(world), -1);
    return world->n_late;
}

static void test_late_once(void **state)
{
    World *world = *state;
    const Actor keeper = {
        ACTOR_COORDINATOR, "user-8", NULL, world->fixture->seed.facility_ids[0], NULL, NULL};
    const Actor other = {
        ACTOR_COORDINATOR, "user-7", NULL, world->fixture->seed.facility_ids[1], NULL, NULL};
    ConsultDraft draft = to_facility(world, 0, "0123456789abcdef");
    draft.urgency = CONSULT_EMERGENCY;
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    clock_advance(world->fixture->clock, 15 * MINUTE_MS - 1);
    assert_int_equal(sweep(world), 0);
    assert_false(is_listed(world, &keeper, CONSULT_BOX_LATE));
    clock_advance(world->fixture->clock, 1);
    assert_int_equal(sweep(world), 1);
    assert_true(heard(world, 0) && heard(world, 2));
    assert_int_equal(sweep(world), 0);
    assert_int_equal(n_events(world, "consult.overdue"), 1);
    assert_int_equal(n_audited(world, "consult.escalate"), 1);
    assert_true(is_listed(world, &keeper, CONSULT_BOX_LATE));
    assert_false(is_listed(world, &other, CONSULT_BOX_LATE));
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1);
    assert_true(is_listed(world, &keeper, CONSULT_BOX_LATE));
    /* Who waits for the asker is late no more, and has the whole time after it. */
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ASK_BACK, "Sejak kapan?"), -1);
    clock_advance(world->fixture->clock, HOUR_MS);
    assert_int_equal(sweep(world), 0);
    assert_int_equal(write_one(world, &yusuf, CONSULT_POST_ADDITION, "Tiga hari."), -1);
    assert_int_equal(sweep(world), 0);
    assert_false(is_listed(world, &keeper, CONSULT_BOX_LATE));
    clock_advance(world->fixture->clock, 15 * MINUTE_MS);
    assert_int_equal(sweep(world), 1);
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ANSWER, OPINION), -1);
    assert_false(is_listed(world, &keeper, CONSULT_BOX_LATE));
    assert_int_equal(sweep(world), 0);
}

/* While the expert waits for the asker no time runs. */
static void test_not_late_while_asked_back(void **state)
{
    World *world = *state;
    ConsultDraft draft = to_facility(world, 0, "0123456789abcdef");
    draft.urgency = CONSULT_EMERGENCY;
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ASK_BACK, "Sejak kapan?"), -1);
    clock_advance(world->fixture->clock, HOUR_MS);
    assert_int_equal(sweep(world), 0);
    assert_int_equal(write_one(world, &yusuf, CONSULT_POST_ADDITION, "Tiga hari."), -1);
    clock_advance(world->fixture->clock, 15 * MINUTE_MS - 1);
    assert_int_equal(sweep(world), 0);
    clock_advance(world->fixture->clock, 1);
    assert_int_equal(sweep(world), 1);
}

static void on_note(const NoteSaved *saved, const GError *error, gpointer user_data)
{
    World *world = user_data;
    fixture_keep_error(world->fixture, error);
    world->note_revision = saved->note.revision;
}

static void save_note(World *world, const char *visit_id, const char *plan)
{
    NoteContent *content = note_content_new();
    g_free(content->texts[NOTE_SUBJECTIVE]);
    content->texts[NOTE_SUBJECTIVE] = g_strdup("Gatal.");
    g_free(content->texts[NOTE_PLAN]);
    content->texts[NOTE_PLAN] = g_strdup(plan);
    content->vitals[VITAL_PULSE] = 88;
    const NoteDraft draft = {world->note_revision, content, false};
    note_save(world->fixture->scheduling, visit_id, &rahmat, &draft, on_note, world);
    assert_int_equal(answer(world), -1);
}

static void test_told_what_was_chosen(void **state)
{
    World *world = *state;
    static const char *const parts[] = {"age", "vitals", "note.plan", NULL};
    static const char *const named[] = {"name", NULL};
    assert_int_equal(fixture_book(world->fixture, fixture_time(0, 10, 30)), -1);
    g_autofree char *visit = g_strdup(world->fixture->visit_id);
    save_note(world, visit, "Salep.");
    ConsultDraft draft = to_facility(world, 1, "0123456789abcdef");
    draft.visit_id = visit;
    draft.note_revision = world->note_revision;
    draft.shared = parts;
    assert_int_equal(ask(world, &rahmat, &draft), -1);
    assert_int_equal(look(world, &yusuf), -1);
    assert_string_equal(world->shared->str, "age=36;pulse_per_min=88;note.plan=Salep.;");
    assert_null(world->visit_id); /* who answers has nothing to do with the visit */
    assert_int_equal(look(world, &rahmat), -1);
    assert_string_equal(world->visit_id, visit);
    /* What is written afterwards is not told. */
    save_note(world, visit, "Tablet.");
    assert_int_equal(look(world, &yusuf), -1);
    assert_string_equal(world->shared->str, "age=36;pulse_per_min=88;note.plan=Salep.;");
    draft.key = "0123456789abcdef-2";
    assert_int_equal(ask(world, &rahmat, &draft), SCHEDULING_ERROR_NOTE_STALE);
    draft.note_revision = world->note_revision;
    draft.shared = named;
    assert_int_equal(ask(world, &rahmat, &draft), -1);
    assert_int_equal(look(world, &yusuf), -1);
    assert_string_equal(world->shared->str, "name=Siti Aminah;");
    /* Another doctor's visit. */
    draft.key = "0123456789abcdef-3";
    assert_int_equal(ask(world, &nurhayati, &draft), SCHEDULING_ERROR_FORBIDDEN);
    assert_int_equal(count(world, "SELECT COUNT(*) FROM consult"), 2);
}

static void test_what_a_question_must_say(void **state)
{
    World *world = *state;
    const Fixture *fixture = world->fixture;
    static const char *const shared[] = {"age", NULL};
    static const char *const unknown[] = {"7c2d4e5f-0000-4000-8000-000000000009", NULL};
    ConsultDraft drafts[8];
    for (unsigned i = 0; i < G_N_ELEMENTS(drafts); i++)
        drafts[i] = to_facility(world, 0, "0123456789abcdef");
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
        assert_int_equal(ask(world, &yusuf, &drafts[i]), SCHEDULING_ERROR_INVALID_FIELDS);
        assert_string_equal(world->faults->str, faults[i]);
    }
    assert_int_equal(count(world, "SELECT COUNT(*) FROM consult"), 0);
    assert_int_equal(count(world, "SELECT COUNT(*) FROM consult_post"), 0);
}

static void test_the_same_key_once(void **state)
{
    World *world = *state;
    ConsultDraft draft = to_facility(world, 0, "0123456789abcdef");
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    g_autofree char *id = g_strdup(world->id);
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    assert_string_equal(world->id, id);
    draft.urgency = CONSULT_SOON;
    assert_int_equal(ask(world, &yusuf, &draft), SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(count(world, "SELECT COUNT(*) FROM consult"), 1);
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ANSWER, OPINION), -1);
    world->n_keys = 0;
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ANSWER, OPINION), -1);
    world->n_keys = 0;
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ANSWER, "Lain."),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(count(world, "SELECT COUNT(*) FROM consult_post"), 2);
}

static void on_attached(const FaultList *faults, const GError *error, gpointer user_data)
{
    on_consult(((World *)user_data)->id, ((World *)user_data)->state, faults, error, user_data);
}

static int attach(World *world, const Actor *actor, const char *id, const char *data, size_t size)
{
    g_autoptr(GBytes) file = g_bytes_new_static(data, size);
    consult_attach(world->fixture->scheduling, actor, id, file, on_attached, world);
    return answer(world);
}

static void on_file(ConsultFileType type, GBytes *file, const GError *error, gpointer user_data)
{
    World *world = user_data;
    fixture_keep_error(world->fixture, error);
    g_clear_pointer(&world->file, g_bytes_unref);
    world->file = file ? g_bytes_ref(file) : NULL;
    assert_true(!file || type == CONSULT_FILE_PDF);
}

static int fetch_file(World *world, const Actor *actor, const char *id)
{
    consult_attachment_get(world->fixture->scheduling, actor, world->id, id, on_file, world);
    return answer(world);
}

static void test_attachments(void **state)
{
    World *world = *state;
    g_autofree char *first = g_strdup_printf(FILE_ID, 1U);
    g_autofree char *other = g_strdup_printf(FILE_ID, 2U);
    const char *const ids[] = {first, NULL};
    const char *const others[] = {other, NULL};
    ConsultDraft draft = to_facility(world, 0, "0123456789abcdef");
    assert_int_equal(attach(world, &yusuf, first, "hello world", 11),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    assert_string_equal(world->faults->str, "data:not_attachable ");
    assert_int_equal(attach(world, &yusuf, first, pdf, sizeof pdf - 1), -1);
    assert_int_equal(attach(world, &yusuf, first, pdf, sizeof pdf - 1), -1);
    assert_int_equal(attach(world, &rahmat, first, pdf, sizeof pdf - 1),
                     SCHEDULING_ERROR_IDEMPOTENCY_MISMATCH);
    assert_int_equal(attach(world, &rahmat, other, pdf, sizeof pdf - 1), -1);
    assert_int_equal(attach(world, &rahmat, "../../etc/passwd", pdf, sizeof pdf - 1),
                     SCHEDULING_ERROR_INVALID_FIELDS);
    draft.attachment_ids = others; /* somebody else's */
    assert_int_equal(ask(world, &yusuf, &draft), SCHEDULING_ERROR_INVALID_FIELDS);
    draft.attachment_ids = ids;
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    assert_int_equal(look(world, &rahmat), -1);
    assert_string_equal(world->posts->str, "question:" WORDS ":1 ");
    assert_int_equal(fetch_file(world, &rahmat, first), -1);
    gsize size = 0;
    const void *data = g_bytes_get_data(world->file, &size);
    assert_int_equal(size, sizeof pdf - 1);
    assert_memory_equal(data, pdf, size);
    assert_int_equal(fetch_file(world, &rahmat, other),
                     SCHEDULING_ERROR_NOT_FOUND); /* no question's */
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(fetch_file(world, &nurhayati, first), SCHEDULING_ERROR_NOT_FOUND);
    assert_int_equal(n_audited(world, "consult.attachment_read"), 1);
    draft.key = "0123456789abcdef-2"; /* it is used */
    assert_int_equal(ask(world, &yusuf, &draft), SCHEDULING_ERROR_INVALID_FIELDS);
    /* What belongs to nothing goes after a day. */
    clock_advance(world->fixture->clock, CONSULT_LOOSE_HOURS * HOUR_MS - 1);
    sweep(world);
    assert_int_equal(count(world, "SELECT COUNT(*) FROM consult_attachment"), 2);
    clock_advance(world->fixture->clock, 1);
    sweep(world);
    assert_int_equal(count(world, "SELECT COUNT(*) FROM consult_attachment"), 1);
    assert_int_equal(fetch_file(world, &rahmat, first), -1);
}

static void test_limits(void **state)
{
    World *world = *state;
    for (unsigned i = 0; i < CONSULT_MAX_LOOSE; i++) {
        g_autofree char *id = g_strdup_printf("7c2d4e5f-0000-4000-8000-0000000000%02u", i);
        assert_int_equal(attach(world, &yusuf, id, pdf, sizeof pdf - 1), -1);
    }
    assert_int_equal(
        attach(world, &yusuf, "7c2d4e5f-0000-4000-8000-000000000099", pdf, sizeof pdf - 1),
        SCHEDULING_ERROR_TOO_MANY);
    const ConsultDraft draft = to_facility(world, 0, "0123456789abcdef");
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    for (unsigned i = 1; i < CONSULT_MAX_POSTS; i++)
        assert_int_equal(write_one(world, &yusuf, CONSULT_POST_ADDITION, "Tambahan."), -1);
    assert_int_equal(write_one(world, &yusuf, CONSULT_POST_ADDITION, "Tambahan."),
                     SCHEDULING_ERROR_TOO_MANY);
}

/* Sealed, and not even the database's own tool changes a row. */
static void test_sealed_and_for_good(void **state)
{
    World *world = *state;
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
    ConsultDraft draft = to_facility(world, 0, "0123456789abcdef");
    draft.attachment_ids = ids;
    assert_int_equal(attach(world, &yusuf, file, pdf, sizeof pdf - 1), -1);
    assert_int_equal(ask(world, &yusuf, &draft), -1);
    assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1);
    assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ANSWER, OPINION), -1);
    assert_int_equal(count(world, "SELECT COUNT(*) FROM consult_post WHERE text_sealed LIKE "
                                  "'%Ruam%' OR text_sealed LIKE '%dermatitis%'"),
                     0);
    g_autofree char *path = g_build_filename(world->fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    for (unsigned i = 0; i < G_N_ELEMENTS(changes); i++)
        if (sqlite3_exec(db, changes[i], NULL, NULL, NULL) != SQLITE_CONSTRAINT)
            fail_msg("%s", changes[i]);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void on_waiting(const ConsultWaiting *waiting, const GError *error, gpointer user_data)
{
    World *world = user_data;
    fixture_keep_error(world->fixture, error);
    if (!error)
        world->waiting = *waiting;
}

static void assert_waiting(World *world, const Actor *actor, unsigned n_open, unsigned n_taken,
                           unsigned n_asked)
{
    consult_count_waiting(world->fixture->scheduling, actor, on_waiting, world);
    assert_int_equal(answer(world), -1);
    assert_int_equal(world->waiting.n_open, n_open);
    assert_int_equal(world->waiting.n_taken, n_taken);
    assert_int_equal(world->waiting.n_asked, n_asked);
}

static void on_report(const ConsultReport *report, const GError *error, gpointer user_data)
{
    World *world = user_data;
    fixture_keep_error(world->fixture, error);
    if (!error)
        world->totals = report->totals;
}

static void test_counted(void **state)
{
    World *world = *state;
    for (unsigned i = 0; i < 6; i++) {
        g_autofree char *key = g_strdup_printf("0123456789abcde-%u", i);
        ConsultDraft draft = to_facility(world, 0, key);
        draft.urgency = CONSULT_EMERGENCY;
        assert_int_equal(ask(world, &yusuf, &draft), -1);
        assert_waiting(world, &rahmat, 1, 0, 0);
        assert_int_equal(step(world, &rahmat, CONSULT_STEP_TAKE), -1);
        assert_waiting(world, &rahmat, 0, 1, 0);
        if (i == 5)
            break;
        /* 4, 8, 12, 16, 20 minutes: three within 15. */
        clock_advance(world->fixture->clock, (i + 1) * 4 * MINUTE_MS);
        assert_int_equal(write_one(world, &rahmat, CONSULT_POST_ANSWER, OPINION), -1);
        assert_waiting(world, &yusuf, 0, 0, 1);
        assert_int_equal(step(world, &yusuf, CONSULT_STEP_CLOSE), -1);
    }
    assert_int_equal(step(world, &yusuf, CONSULT_STEP_WITHDRAW), -1);
    const ConsultDraft open = to_facility(world, 0, "0123456789abcdef");
    assert_int_equal(ask(world, &yusuf, &open), -1);
    consult_report(world->fixture->scheduling, FIXTURE_TODAY, FIXTURE_TODAY, on_report, world);
    assert_int_equal(answer(world), -1);
    const ConsultFigures *totals = &world->totals;
    assert_int_equal(totals->asked, 7);
    assert_int_equal(totals->answered, 5);
    assert_int_equal(totals->in_time, 3);
    assert_int_equal(totals->withdrawn, 1);
    assert_int_equal(totals->unanswered, 1);
    assert_int_equal(totals->answer_p50_minutes, 12);
    consult_report(world->fixture->scheduling, "2026-11-25", "2026-11-25", on_report, world);
    assert_int_equal(answer(world), -1);
    assert_int_equal(world->totals.asked, 0);
    assert_int_equal(world->totals.answer_p50_minutes, -1);
}

#define CONSULT_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONSULT_TEST(test_asked_and_answered),
        CONSULT_TEST(test_closed_when_nobody_has_it),
        CONSULT_TEST(test_one_of_two_takes_it),
        CONSULT_TEST(test_who_sees_it),
        CONSULT_TEST(test_given_back_and_let_go),
        CONSULT_TEST(test_late_once),
        CONSULT_TEST(test_not_late_while_asked_back),
        CONSULT_TEST(test_told_what_was_chosen),
        CONSULT_TEST(test_what_a_question_must_say),
        CONSULT_TEST(test_the_same_key_once),
        CONSULT_TEST(test_attachments),
        CONSULT_TEST(test_limits),
        CONSULT_TEST(test_sealed_and_for_good),
        CONSULT_TEST(test_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
