// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/tablet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "tests/unit/scheduling/words.h"

void tablet_init(Tablet *tablet, Fixture *fixture)
{
    *tablet = (Tablet){
        .fixture = fixture,
        .numbers = g_string_new(NULL),
        .faults = g_string_new(NULL),
        .warnings = g_string_new(NULL),
        .order = g_string_new(NULL),
        .text = g_string_new(NULL),
        .visits = g_ptr_array_new_with_free_func(g_free),
    };
}

void tablet_clear(Tablet *tablet)
{
    GString *texts[] = {tablet->numbers, tablet->faults, tablet->warnings, tablet->order,
                        tablet->text};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_string_free(texts[i], TRUE);
    g_ptr_array_unref(tablet->visits);
    g_clear_pointer(&tablet->picture, g_bytes_unref);
}

void tablet_add_faults(GString *text, const FaultList *faults)
{
    g_autofree char *words = words_faults(faults);
    g_string_append(text, words);
}

Actor tablet_nurse_of(const Fixture *fixture, const char *user_id, int facility)
{
    return (Actor){.role = ACTOR_DESK,
                   .user_id = user_id,
                   .facility_id = fixture->seed.facility_ids[facility]};
}

Actor tablet_nurse(const Fixture *fixture)
{
    return tablet_nurse_of(fixture, "nurse-1", 0);
}

void tablet_on_session(const OutreachSession *session, const FaultList *faults, const GError *error,
                       gpointer user_data)
{
    Tablet *tablet = user_data;
    fixture_keep_error(tablet->fixture, error);
    g_string_truncate(tablet->faults, 0);
    tablet_add_faults(tablet->faults, faults);
    if (error)
        return;
    g_strlcpy(tablet->session_id, session->id, sizeof tablet->session_id);
    tablet->is_member = session->is_member;
}

int tablet_open_at(Tablet *tablet, const Actor *actor, const OutreachPlan *plan)
{
    Fixture *fixture = tablet->fixture;
    fixture->n_waiting++;
    outreach_open(fixture->scheduling, actor, plan, tablet_on_session, tablet);
    fixture_wait(fixture);
    return fixture->error_code;
}

/* A session of today, with tablet_nurse() in its team. */
void tablet_open(Tablet *tablet, Fixture *fixture)
{
    const OutreachPlan plan = {fixture->clinic_id, "75.01.10", "Dulamayo Utara", FIXTURE_TODAY};
    const Actor actor = tablet_nurse(fixture);
    tablet_init(tablet, fixture);
    assert_int_equal(tablet_open_at(tablet, &actor, &plan), -1);
    assert_true(tablet->is_member);
}

char *tablet_entry_id(int64_t sequence)
{
    return g_strdup_printf("3b1f8a00-1111-4222-8333-%012" G_GINT64_FORMAT, sequence);
}

OutreachDraft *tablet_draft(int64_t sequence)
{
    OutreachDraft *draft = outreach_draft_new();
    draft->id = tablet_entry_id(sequence);
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

void tablet_set(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

static void on_taken(GPtrArray *taken, const FaultList *faults, const GError *error,
                     gpointer user_data)
{
    Tablet *tablet = user_data;
    fixture_keep_error(tablet->fixture, error);
    tablet_add_faults(tablet->faults, faults);
    for (unsigned i = 0; taken && i < taken->len; i++) {
        const OutreachTaken *one = taken->pdata[i];
        tablet_add_faults(tablet->faults, one->faults);
        tablet_add_faults(tablet->warnings, one->warnings);
        if (!one->is_taken) {
            tablet->n_refused++;
            continue;
        }
        tablet->n_taken++;
        tablet->revision = one->revision;
        g_string_append_printf(tablet->numbers, "%s ", one->number);
        g_strlcpy(tablet->visit_id, one->visit_id, sizeof tablet->visit_id);
    }
}

int tablet_take_as(Tablet *tablet, const Actor *actor, const char *device, GPtrArray *drafts)
{
    Fixture *fixture = tablet->fixture;
    tablet->n_taken = tablet->n_refused = 0;
    g_string_truncate(tablet->numbers, 0);
    g_string_truncate(tablet->faults, 0);
    g_string_truncate(tablet->warnings, 0);
    fixture->n_waiting++;
    outreach_take(fixture->scheduling, actor, tablet->session_id, device, drafts, on_taken, tablet);
    fixture_wait(fixture);
    return fixture->error_code;
}

GPtrArray *tablet_drafts(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)outreach_draft_free);
}

int tablet_take(Tablet *tablet, GPtrArray *drafts)
{
    const Actor actor = tablet_nurse(tablet->fixture);
    return tablet_take_as(tablet, &actor, TABLET_DEVICE, drafts);
}

int tablet_take_one(Tablet *tablet, OutreachDraft *draft)
{
    GPtrArray *drafts = tablet_drafts();
    g_ptr_array_add(drafts, draft);
    return tablet_take(tablet, drafts);
}

/* FROM to TO; backwards when FROM is the larger. */
int tablet_take_range(Tablet *tablet, int64_t from, int64_t to)
{
    GPtrArray *drafts = tablet_drafts();
    for (int64_t n = from; n != to; n += from < to ? 1 : -1)
        g_ptr_array_add(drafts, tablet_draft(n));
    g_ptr_array_add(drafts, tablet_draft(to));
    return tablet_take(tablet, drafts);
}

static void on_list(const OutreachList *list, const GError *error, gpointer user_data)
{
    Tablet *tablet = user_data;
    fixture_keep_error(tablet->fixture, error);
    for (unsigned i = 0; list && i < list->entries->len; i++) {
        const OutreachEntry *entry = list->entries->pdata[i];
        g_string_append_printf(tablet->order, "%s ", entry->patient + strlen("Pasien N"));
        g_ptr_array_add(tablet->visits, g_strdup(entry->visit_id));
        assert_int_equal(entry->age, 72);
    }
}

int tablet_list_as(Tablet *tablet, const Actor *actor)
{
    Fixture *fixture = tablet->fixture;
    g_string_truncate(tablet->order, 0);
    g_ptr_array_set_size(tablet->visits, 0);
    fixture->n_waiting++;
    outreach_get(fixture->scheduling, actor, tablet->session_id, on_list, tablet);
    fixture_wait(fixture);
    return fixture->error_code;
}

int tablet_list(Tablet *tablet)
{
    const Actor actor = tablet_nurse(tablet->fixture);
    return tablet_list_as(tablet, &actor);
}

const Actor tablet_doctor = {.role = ACTOR_DOCTOR, .user_id = "user-0"};

char *tablet_dump(sqlite3 *db, const char *sql)
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

char *tablet_ask(const Fixture *fixture, const char *sql)
{
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    char *tablet = tablet_dump(db, sql);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return tablet;
}
