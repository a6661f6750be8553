// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/icd10.h"

#include <string.h>

#include "scheduling/scheduling_private.h"

enum { MAX_WORDS = 6 };

char *icd10_match(const char *text)
{
    GString *match = g_string_new(NULL);
    unsigned n_words = 0;
    bool in_word = false;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isalnum(c)) {
            if (in_word)
                g_string_append(match, "\"*");
            in_word = false;
            continue;
        }
        if (!in_word) {
            if (n_words++ == MAX_WORDS)
                break;
            g_string_append(match, match->len ? " \"" : "\"");
        }
        in_word = true;
        g_string_append_unichar(match, g_unichar_tolower(c));
    }
    if (in_word)
        g_string_append(match, "\"*");
    if (match->len == 0) {
        g_string_free(match, TRUE);
        return NULL;
    }
    return g_string_free(match, FALSE);
}

bool icd10_code_range(const char *text, char ret_from[ICD10_CODE_BYTES],
                      char ret_until[ICD10_CODE_BYTES])
{
    char code[ICD10_CODE_BYTES] = {0};
    size_t n = 0;
    while (g_ascii_isspace(*text))
        text++;
    for (; *text && !g_ascii_isspace(*text); text++) {
        /* "E119" is typed for "E11.9". */
        if (n == 3 && g_ascii_isdigit(*text))
            code[n++] = '.';
        bool fits = n == 0   ? g_ascii_isalpha(*text)
                    : n == 3 ? *text == '.'
                             : g_ascii_isdigit(*text);
        if (!fits || n >= sizeof code - 2)
            return false;
        code[n++] = g_ascii_toupper(*text);
    }
    while (g_ascii_isspace(*text))
        text++;
    /* One letter alone begins a word sooner than a code. */
    if (*text || n < 2)
        return false;
    memcpy(ret_from, code, sizeof code);
    memcpy(ret_until, code, sizeof code);
    ret_until[n - 1]++;
    return true;
}

typedef struct {
    char *text;
    GPtrArray *rows;
    Icd10Done done;
    gpointer user_data;
} SearchOp;

static void row_free(gpointer data)
{
    Icd10 *row = data;
    g_free(row->name_id);
    g_free(row->name_en);
    g_free(row->chapter_id);
    g_free(row->chapter_en);
    g_free(row);
}

static void search_op_free(gpointer data)
{
    SearchOp *op = data;
    g_free(op->text);
    g_ptr_array_unref(op->rows);
    g_free(op);
}

static bool read_chapter(DbTx *tx, Icd10 *row, GError **error)
{
    DbQuery *query = db_query(tx, "icd10_chapter_of");
    db_bind_text(query, 1, row->code);
    DbStep step = db_step(query, error);
    if (step == DB_FAILED)
        return false;
    /* A chapter's last code stands for all below it. */
    if (step == DB_ROW && strncmp(row->code, db_column_text(query, 3), 3) <= 0) {
        row->chapter_id = db_column_dup(query, 1);
        row->chapter_en = db_column_dup(query, 2);
    }
    db_reset(query);
    return true;
}

static bool read_rows(DbTx *tx, DbQuery *query, GPtrArray *rows, GError **error)
{
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        Icd10 *row = g_new0(Icd10, 1);
        g_ptr_array_add(rows, row);
        scheduling_copy_column(query, 0, row->code, sizeof row->code);
        row->name_id = db_column_dup(query, 1);
        row->name_en = db_column_dup(query, 2);
        if (!read_chapter(tx, row, error))
            return false;
    }
    return step == DB_DONE;
}

static bool search_job(DbTx *tx, gpointer data, GError **error)
{
    SearchOp *op = data;
    char from[ICD10_CODE_BYTES], until[ICD10_CODE_BYTES];
    if (icd10_code_range(op->text, from, until)) {
        DbQuery *query = db_query(tx, "icd10_by_prefix");
        db_bind_text(query, 1, from);
        db_bind_text(query, 2, until);
        db_bind_int(query, 3, ICD10_SEARCH_MAX);
        return read_rows(tx, query, op->rows, error);
    }
    g_autofree char *match = icd10_match(op->text);
    if (!match)
        return true;
    DbQuery *query = db_query(tx, "icd10_by_words");
    g_autofree char *name = g_strstrip(g_strdup(op->text));
    db_bind_text(query, 1, match);
    db_bind_int(query, 2, ICD10_SEARCH_MAX);
    db_bind_text(query, 3, name);
    return read_rows(tx, query, op->rows, error);
}

static void on_search_done(gpointer data, const GError *error)
{
    SearchOp *op = data;
    op->done(error ? NULL : op->rows, error, op->user_data);
}

void icd10_search(Scheduling *scheduling, const char *text, Icd10Done done, gpointer user_data)
{
    SearchOp *op = g_new0(SearchOp, 1);
    op->text = g_strdup(text);
    op->rows = g_ptr_array_new_with_free_func(row_free);
    op->done = done;
    op->user_data = user_data;
    db_read(scheduling->db, search_job, on_search_done, op, search_op_free);
}

char *icd10_name(DbTx *tx, const char *code, GError **error)
{
    DbQuery *query = db_query(tx, "icd10_by_code");
    db_bind_text(query, 1, code);
    if (!scheduling_need_row(query, "diagnosis", error))
        return NULL;
    char *name = db_column_dup(query, 1);
    db_reset(query);
    return name;
}
