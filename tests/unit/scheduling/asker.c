// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/asker.h"
#include "tests/unit/scheduling/fixture_sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tests/unit/scheduling/words.h"

const Actor asker_rahmat = {.role = ACTOR_DOCTOR, .user_id = "user-0"};
const Actor asker_nurhayati = {.role = ACTOR_DOCTOR, .user_id = "user-1"};
const Actor asker_yusuf = {.role = ACTOR_DOCTOR, .user_id = "user-2"};
const char *const asker_nothing[] = {NULL};

static bool link_job(DbTx *tx, gpointer data, GError **error)
{
    const Fixture *fixture = data;
    return directory_link_user(tx, fixture->seed.doctors[1].id, "user-1", error) &&
           directory_link_user(tx, fixture->seed.doctors[2].id, "user-2", error);
}

static void on_heard(const char *const *ids, gpointer user_data)
{
    Asker *asker = user_data;
    for (; *ids; ids++)
        g_string_append_printf(asker->heard, "%s ", *ids);
}

int asker_set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    Asker *asker = g_new0(Asker, 1);
    asker->fixture = *state;
    GString **texts[] = {&asker->faults, &asker->heard, &asker->shared,
                         &asker->posts,  &asker->lines, &asker->listed};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_string_new(NULL);
    fixture_run(asker->fixture, link_job, asker->fixture);
    consult_set_listener(asker->fixture->scheduling, on_heard, asker);
    *state = asker;
    return 0;
}

int asker_tear_down(void **state)
{
    Asker *asker = *state;
    GString *texts[] = {asker->faults, asker->heard, asker->shared,
                        asker->posts,  asker->lines, asker->listed};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_string_free(texts[i], TRUE);
    g_clear_pointer(&asker->file, g_bytes_unref);
    g_free(asker->visit_id);
    *state = asker->fixture;
    g_free(asker);
    return fixture_tear_down(state);
}

int asker_wait(Asker *asker)
{
    asker->fixture->n_waiting++;
    fixture_wait(asker->fixture);
    return asker->fixture->error_code;
}

void asker_on_step(const char *id, ConsultState state, const FaultList *faults, const GError *error,
                   gpointer user_data)
{
    Asker *asker = user_data;
    fixture_keep_error(asker->fixture, error);
    if (asker->n_codes < G_N_ELEMENTS(asker->codes))
        asker->codes[asker->n_codes++] = asker->fixture->error_code;
    g_autofree char *words = words_faults(faults);
    g_string_assign(asker->faults, words);
    if (error)
        return;
    g_strlcpy(asker->id, id, sizeof asker->id);
    asker->state = state;
}

ConsultDraft asker_draft(Asker *asker, unsigned facility, const char *key)
{
    return (ConsultDraft){
        .key = key,
        .facility_id = asker->fixture->seed.facility_ids[facility],
        .text = ASKER_WORDS,
        .shared = asker_nothing,
        .attachment_ids = asker_nothing,
    };
}

int asker_ask(Asker *asker, const Actor *actor, const ConsultDraft *draft)
{
    g_string_truncate(asker->heard, 0);
    consult_ask(asker->fixture->scheduling, actor, draft, asker_on_step, asker);
    return asker_wait(asker);
}

int asker_step(Asker *asker, const Actor *actor, ConsultStep what)
{
    g_string_truncate(asker->heard, 0);
    consult_step(asker->fixture->scheduling, asker->id, what, actor, asker_on_step, asker);
    return asker_wait(asker);
}

int asker_write(Asker *asker, const Actor *actor, ConsultPostKind kind, const char *text)
{
    g_autofree char *key = g_strdup_printf("0123456789abcdef-%u", asker->n_keys++);
    const ConsultWriting writing = {
        .key = key,
        .kind = kind,
        .text = text,
        .recommendation = kind == CONSULT_POST_ANSWER ? ASKER_ADVICE : NULL,
        .refer = true,
        .attachment_ids = asker_nothing,
    };
    g_string_truncate(asker->heard, 0);
    consult_write(asker->fixture->scheduling, asker->id, &writing, actor, asker_on_step, asker);
    return asker_wait(asker);
}

static void keep_posts(Asker *asker, const ConsultThread *thread)
{
    for (unsigned i = 0; i < thread->posts->len; i++) {
        const ConsultPost *post = thread->posts->pdata[i];
        g_string_append_printf(asker->posts, "%s:%s:%u ", consult_post_kind_name(post->kind),
                               post->text, post->attachments->len);
        assert_true((post->kind == CONSULT_POST_ANSWER) == (post->recommendation != NULL));
        for (unsigned n = 0; n < post->attachments->len; n++) {
            const ConsultAttachment *attachment = post->attachments->pdata[n];
            g_strlcpy(asker->file_id, attachment->id, sizeof asker->file_id);
        }
    }
}

static void on_thread(const ConsultThread *thread, const GError *error, gpointer user_data)
{
    Asker *asker = user_data;
    GString *texts[] = {asker->shared, asker->posts, asker->lines};
    fixture_keep_error(asker->fixture, error);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_string_truncate(texts[i], 0);
    if (error)
        return;
    for (unsigned i = 0; i < thread->shared->len; i++) {
        const ConsultShared *shared = thread->shared->pdata[i];
        g_string_append_printf(asker->shared, "%s=%s;", shared->part, shared->text);
    }
    keep_posts(asker, thread);
    for (unsigned i = 0; i < thread->lines->len; i++)
        g_string_append_printf(asker->lines, "%s ",
                               ((const ConsultLine *)thread->lines->pdata[i])->step);
    asker->consult = thread->consult;
    g_free(asker->visit_id);
    asker->visit_id = g_strdup(thread->consult.visit_id);
}

int asker_look(Asker *asker, const Actor *actor)
{
    consult_get(asker->fixture->scheduling, asker->id, actor, on_thread, asker);
    return asker_wait(asker);
}

static void on_list(const ConsultList *list, const GError *error, gpointer user_data)
{
    Asker *asker = user_data;
    fixture_keep_error(asker->fixture, error);
    g_string_truncate(asker->listed, 0);
    for (unsigned i = 0; !error && i < list->consults->len; i++) {
        const Consult *consult = list->consults->pdata[i];
        g_string_append_printf(asker->listed, "%s ", consult->id);
        assert_true(consult->is_asker || !consult->visit_id);
    }
}

bool asker_is_listed(Asker *asker, const Actor *actor, ConsultBox box)
{
    consult_list(asker->fixture->scheduling, box, NULL, actor, on_list, asker);
    assert_int_equal(asker_wait(asker), -1);
    return strstr(asker->listed->str, asker->id) != NULL;
}

int64_t asker_count(Asker *asker, const char *sql)
{
    return fixture_sql_int(asker->fixture, sql);
}

int64_t asker_n_audited(Asker *asker, const char *action)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT COUNT(*) FROM audit WHERE action = '%s'", action);
    return asker_count(asker, sql);
}

int64_t asker_n_events(Asker *asker, const char *kind)
{
    g_autofree char *sql = g_strdup_printf("SELECT COUNT(*) FROM outbox WHERE kind = '%s'", kind);
    return asker_count(asker, sql);
}

bool asker_heard(Asker *asker, unsigned doctor)
{
    return strstr(asker->heard->str, asker->fixture->seed.doctors[doctor].id) != NULL;
}

static void on_swept(unsigned n, bool more, const GError *error, gpointer user_data)
{
    Asker *asker = user_data;
    assert_false(more);
    asker->n_late = n;
    fixture_keep_error(asker->fixture, error);
}

unsigned asker_sweep(Asker *asker)
{
    g_string_truncate(asker->heard, 0);
    consult_sweep(asker->fixture->scheduling, on_swept, asker);
    assert_int_equal(asker_wait(asker), -1);
    return asker->n_late;
}
