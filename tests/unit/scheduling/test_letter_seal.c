// SPDX-License-Identifier: Apache-2.0
/* What whoever holds the paper is told of a letter is what the paper says, whatever became of its
 * facility, its row or the rows of others since. */
#include "tests/unit/scheduling/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "scheduling/scheduling_private.h"
#include "tests/unit/scheduling/fixture_sql.h"

/* Issued and made; its code, to be freed. */
static char *issued(Writer *writer)
{
    assert_int_equal(writer_issue(writer, writer_prescription("Parasetamol")), -1);
    writer_make(writer, writer->letter->id);
    return g_strdup(writer->letter->code);
}

static void assert_says(Writer *writer, const char *code, const char *facility, bool is_sealed)
{
    assert_int_equal(writer_check(writer, code), -1);
    assert_string_equal(writer->letter->facility, facility);
    assert_int_equal(writer->letter->is_sealed, is_sealed);
}

static void rename_facility(Writer *writer)
{
    g_autofree char *sql =
        g_strdup_printf("UPDATE facility SET name = 'Puskesmas Baru' WHERE id = '%s'",
                        writer->fixture->seed.facility_ids[0]);
    assert_true(fixture_sql_run(writer->fixture, sql));
}

static void test_a_renamed_facility(void **state)
{
    Writer *writer = *state;
    g_autofree char *code = issued(writer);
    g_autofree char *name = g_strdup(writer->letter->facility);
    assert_says(writer, code, name, true);
    rename_facility(writer);
    assert_says(writer, code, name, true);
    g_autofree char *later = issued(writer);
    assert_says(writer, later, "Puskesmas Baru", true);
}

/* Whoever takes the triggers away may put another letter's paper into its row. */
static void test_another_letters_paper(void **state)
{
    Writer *writer = *state;
    g_autofree char *code = issued(writer);
    rename_facility(writer);
    g_autofree char *other = issued(writer);
    g_autofree char *sql = g_strdup_printf(
        "DROP TRIGGER letter_stays; UPDATE letter SET paper_sealed = (SELECT paper_sealed FROM "
        "letter WHERE code = '%s') WHERE code = '%s'",
        other, code);
    assert_true(fixture_sql_run(writer->fixture, sql));
    assert_says(writer, code, "", false);
    /* Also when the number fits: another facility's, of the same month. */
    g_autofree char *number = g_strdup_printf(
        "UPDATE letter SET number_text = (SELECT number_text FROM letter WHERE code = '%s') WHERE "
        "code = '%s'",
        other, code);
    assert_true(fixture_sql_run(writer->fixture, number));
    assert_says(writer, code, "Puskesmas Baru", false);
    assert_true(fixture_sql_run(writer->fixture, "UPDATE letter SET paper_sealed = 'x'"));
    assert_says(writer, code, "", false);
}

/* Their seal does not name the facility. */
static void test_a_letter_of_before_is_valid(void **state)
{
    Writer *writer = *state;
    g_autofree char *code = issued(writer);
    const Letter *letter = writer->letter;
    g_autofree char *text = g_strdup_printf(
        "%s\n%s\n%s\n%s\n%s\n%s\n%s\n%" G_GINT64_FORMAT "\n%s", letter->id, letter->code,
        letter_kind_name(letter->kind), letter->number, letter->visit_id, letter->local_date,
        letter->initials, letter->issued_at_ms, "0123456789abcdef");
    g_autofree char *seal = secret_box_index(writer->fixture->scheduling->box, "letter.seal", text);
    g_autofree char *sql =
        g_strdup_printf("DROP TRIGGER letter_made_once; UPDATE letter SET seal = '%s'", seal);
    g_autofree char *name = g_strdup(letter->facility);
    assert_true(fixture_sql_run(writer->fixture, sql));
    assert_says(writer, code, name, true);
    assert_true(fixture_sql_run(writer->fixture, "UPDATE letter SET seal = 'x'"));
    assert_says(writer, code, name, false);
}

#define SEAL_TEST(name) cmocka_unit_test_setup_teardown(name, writer_set_up_seen, writer_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SEAL_TEST(test_a_renamed_facility),
        SEAL_TEST(test_another_letters_paper),
        SEAL_TEST(test_a_letter_of_before_is_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
