// SPDX-License-Identifier: Apache-2.0
/* Outreach and the versions of the consent: a text that is replaced refuses nobody who agreed to
 * the one before in time, and what was taken stays taken. */
#include "tests/unit/scheduling/tablet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "scheduling/record/consent.h"
#include "scheduling/record/consent_text.h"
#include "server/base/secret.h"

#define PARAGRAPH                                                                                  \
    "Pemeriksaan lewat video menggantikan sebagian kunjungan dan tidak untuk keadaan darurat, "    \
    "dan siapa yang ikut di ruangan disebutkan."

static void on_added(int64_t version, const FaultList *faults, const GError *error,
                     gpointer user_data)
{
    Fixture *fixture = user_data;
    fixture_keep_error(fixture, error);
    assert_int_equal(fault_list_length(faults), 0);
    assert_true(version > 1);
}

/* In effect from now on. */
static void replace_text(Fixture *fixture, const char *mark)
{
    const Actor admin = {.role = ACTOR_ADMIN, .user_id = "user-7"};
    g_autofree char *text = g_strdup_printf("%s %s", PARAGRAPH, mark);
    const ConsentVersionNew wanted = {text, text, NULL, "Ibu Rina"};
    fixture->n_waiting++;
    consent_version_add(fixture->scheduling, &admin, &wanted, on_added, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

static OutreachDraft *agreed(int64_t sequence, int64_t version)
{
    OutreachDraft *draft = tablet_draft(sequence);
    draft->consent = version;
    return draft;
}

/* FROM to UNTIL, who were read version 1; all are taken. */
static void take_all(Tablet *tablet, int64_t from, int64_t until)
{
    GPtrArray *drafts = tablet_drafts();
    for (int64_t n = from; n <= until; n++)
        g_ptr_array_add(drafts, agreed(n, 1));
    assert_int_equal(tablet_take(tablet, drafts), -1);
    assert_string_equal(tablet->faults->str, "");
    assert_int_equal(tablet->n_taken, until - from + 1);
}

static void assert_asked(const Tablet *tablet, const char *sql, const char *expected)
{
    g_autofree char *text = tablet_ask(tablet->fixture, sql);
    assert_string_equal(text, expected);
}

static const char which[] = "SELECT COUNT(*), COUNT(DISTINCT c.visit_id), MIN(c.version), "
                            "MAX(c.version) FROM consent c";

/* Thirty without a network; then the text is replaced, then the tablet sends. */
static void test_thirty_registered_before_the_text_was_replaced(void **state)
{
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    replace_text(tablet.fixture, "dua");
    clock_advance(tablet.fixture->clock, HOUR_MS);
    take_all(&tablet, 1, 15);
    take_all(&tablet, 16, 30);
    assert_asked(&tablet, which, "30|30|1|1|");
    /* What they agreed to can be shown: the hash is of what was read. */
    g_autofree char *text =
        tablet_ask(tablet.fixture, "SELECT text_id FROM consent_text WHERE version = 1");
    text[strlen(text) - 1] = '\0';
    g_autofree char *hash = secret_sha256_hex(text, strlen(text));
    g_autofree char *hashes = tablet_ask(tablet.fixture, "SELECT DISTINCT text_hash FROM consent");
    hashes[strlen(hashes) - 1] = '\0';
    assert_string_equal(hashes, hash);
    assert_asked(&tablet,
                 "SELECT COUNT(*), MIN(detail), MAX(detail) FROM visit_event "
                 "WHERE kind = 'consent_read_aloud'",
                 "30|1|1|");
}

/* The answer was cut off, and meanwhile the text was replaced, once and long ago. */
static void test_what_was_taken_stays_taken(void **state)
{
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    take_all(&tablet, 1, 3);
    g_autofree char *numbers = g_strdup(tablet.numbers->str);
    replace_text(tablet.fixture, "dua");
    take_all(&tablet, 1, 3);
    assert_string_equal(tablet.numbers->str, numbers);
    /* Whose registration lies in the tablet's future: by its day the text has long been another. */
    for (unsigned i = 0; i < 2; i++) {
        OutreachDraft *odd = agreed(4, 1);
        odd->registered_at_ms = fixture_time(9, 9, 0);
        assert_int_equal(tablet_take_one(&tablet, odd), -1);
        assert_string_equal(tablet.faults->str, "");
        assert_int_equal(tablet.n_taken, 1);
        clock_advance(tablet.fixture->clock, 7 * 24 * HOUR_MS + HOUR_MS);
    }
    assert_asked(&tablet, which, "4|4|1|1|");
}

static void test_never_in_effect_then(void **state)
{
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    assert_int_equal(tablet_take_one(&tablet, agreed(1, 2)), -1);
    assert_string_equal(tablet.faults->str, "consent:outdated ");
    replace_text(tablet.fixture, "dua");
    assert_int_equal(tablet_take_one(&tablet, agreed(1, 2)), -1);
    assert_string_equal(tablet.faults->str, "");
    assert_int_equal(tablet_take_one(&tablet, agreed(2, 3)), -1);
    assert_string_equal(tablet.faults->str, "consent:outdated ");
    /* Replaced for longer than any tablet is without a network. */
    clock_advance(tablet.fixture->clock, 7 * 24 * HOUR_MS + HOUR_MS);
    OutreachDraft *late = agreed(2, 1);
    late->registered_at_ms = clock_wall_ms(tablet.fixture->clock);
    assert_int_equal(tablet_take_one(&tablet, late), -1);
    assert_string_equal(tablet.faults->str, "consent:outdated ");
    take_all(&tablet, 3, 3);
}

/* Mended later, after the new text was read. */
static void test_agrees_to_the_new_one_too(void **state)
{
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    take_all(&tablet, 1, 1);
    replace_text(tablet.fixture, "dua");
    OutreachDraft *newer = agreed(1, 2);
    newer->revision = 2;
    assert_int_equal(tablet_take_one(&tablet, newer), -1);
    assert_asked(&tablet, which, "2|1|1|2|");
    OutreachDraft *same = agreed(1, 1);
    same->revision = 3;
    assert_int_equal(tablet_take_one(&tablet, same), -1);
    assert_string_equal(tablet.faults->str, "");
    assert_asked(&tablet, which, "2|1|1|2|");
}

static void on_given(const FaultList *faults, const GError *error, gpointer user_data)
{
    (void)faults;
    fixture_keep_error(user_data, error);
}

/* Born on BIRTH_DATE, agreed to on the tablet, as its REVISION says. */
static void take_born(Tablet *tablet, const char *birth_date, int64_t revision)
{
    OutreachDraft *draft = agreed(1, 1);
    tablet_set(&draft->birth_date, birth_date);
    draft->revision = revision;
    assert_int_equal(tablet_take_one(tablet, draft), -1);
    assert_string_equal(tablet->faults->str, "");
}

/* The day before the 14th birthday, and on it; a year that was mistyped. Who is with the child
 * agrees before doctor or desk, and no entry takes that back. */
static void test_a_child_at_a_post_agrees_to_nothing(void **state)
{
    static const char how[] = "SELECT how, giver_name FROM consent ORDER BY id DESC LIMIT 1";
    g_auto(Tablet) tablet = {0};
    tablet_open(&tablet, *state);
    take_born(&tablet, "2012-11-25", 1);
    assert_asked(&tablet, how, "");
    take_born(&tablet, "2012-11-24", 2);
    assert_asked(&tablet, how, "read_aloud||");
    take_born(&tablet, "2020-11-24", 3);
    assert_asked(&tablet, how, "withdrawn||");
    const Actor desk = {.role = ACTOR_DESK,
                        .user_id = "user-9",
                        .facility_id = tablet.fixture->seed.facility_ids[0]};
    const ConsentGiven given = {.version = 1,
                                .how = CONSENT_READ_ALOUD,
                                .giver = CONSENT_GIVER_CONTACT,
                                .contact_name = "Rina Hasan",
                                .contact_relation = "parent"};
    tablet.fixture->n_waiting++;
    consent_give(tablet.fixture->scheduling, tablet.visit_id, &given, &desk, on_given,
                 tablet.fixture);
    fixture_wait(tablet.fixture);
    assert_int_equal(tablet.fixture->error_code, -1);
    assert_asked(&tablet, how, "read_aloud|Rina Hasan|");
    take_born(&tablet, "2020-11-23", 4);
    assert_asked(&tablet, how, "read_aloud|Rina Hasan|");
}

#define CONSENT_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONSENT_TEST(test_thirty_registered_before_the_text_was_replaced),
        CONSENT_TEST(test_what_was_taken_stays_taken),
        CONSENT_TEST(test_never_in_effect_then),
        CONSENT_TEST(test_agrees_to_the_new_one_too),
        CONSENT_TEST(test_a_child_at_a_post_agrees_to_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
