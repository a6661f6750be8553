// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/scheduling/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>

static char *query_text(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const unsigned char *text = sqlite3_column_text(statement, 0);
    char *copy = g_strdup(text ? (const char *)text : "");
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return copy;
}

void mail_assert_query(Fixture *fixture, const char *expected, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sql = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *path = g_build_filename(fixture->dir, "test.db", NULL);
    g_autofree char *text = query_text(path, sql);
    assert_string_equal(text, expected);
}

/* The visit's messages in the order of their time: "kind:state" or "kind:state:reason". */
void mail_assert_messages(Fixture *fixture, const char *visit_id, const char *expected)
{
    mail_assert_query(
        fixture, expected,
        "SELECT group_concat(kind || ':' || state || COALESCE(':' || reason, ''), ' ') "
        "FROM (SELECT * FROM notification WHERE visit_id = '%s' "
        "ORDER BY due_at_ms, kind)",
        visit_id);
}

char *mail_booked(Fixture *fixture, int days, int hour, int minute)
{
    assert_int_equal(fixture_book(fixture, fixture_time(days, hour, minute)), -1);
    return g_strdup(fixture->visit_id);
}

/* Claiming and reporting. */

typedef struct {
    Fixture *fixture;
    GPtrArray *deliveries;
    bool more;
} Claim;

static void on_claimed(GPtrArray *deliveries, bool more, const GError *error, gpointer user_data)
{
    Claim *claim = user_data;
    claim->deliveries = deliveries;
    claim->more = more;
    fixture_keep_error(claim->fixture, error);
}

GPtrArray *mail_claim(Fixture *fixture)
{
    Claim claimed = {.fixture = fixture};
    fixture->n_waiting++;
    delivery_claim(fixture->scheduling, "https://localhost", on_claimed, &claimed);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
    return claimed.deliveries;
}

void mail_report(Fixture *fixture, GPtrArray *deliveries, const char *failure)
{
    for (unsigned i = 0; i < deliveries->len; i++)
        ((Delivery *)deliveries->pdata[i])->failure = g_strdup(failure);
    fixture->n_waiting++;
    delivery_report(fixture->scheduling, deliveries, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}

char *mail_texts(Fixture *fixture)
{
    GPtrArray *deliveries = mail_claim(fixture);
    GString *texts = g_string_new(NULL);
    for (unsigned i = 0; i < deliveries->len; i++) {
        const Delivery *delivery = deliveries->pdata[i];
        g_string_append_printf(texts, "%s%s", i ? "\n" : "", delivery->text);
    }
    mail_report(fixture, deliveries, NULL);
    return g_string_free(texts, FALSE);
}

/* Delivers all that is due; how many. */
unsigned mail_deliver(Fixture *fixture)
{
    GPtrArray *deliveries = mail_claim(fixture);
    unsigned n = deliveries->len;
    mail_report(fixture, deliveries, NULL);
    return n;
}

void mail_sweep(Fixture *fixture)
{
    fixture->n_waiting++;
    notification_sweep(fixture->scheduling, fixture_on_done, fixture);
    fixture_wait(fixture);
    assert_int_equal(fixture->error_code, -1);
}
