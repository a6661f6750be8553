// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/icd10_import.h"

#include <string.h>

enum { N_COLUMNS = 3, NAME_MAX_BYTES = 400, LINE_MAX_BYTES = 4 * NAME_MAX_BYTES };

void icd10_line_clear(Icd10Line *line)
{
    g_clear_pointer(&line->name_en, g_free);
    g_clear_pointer(&line->name_id, g_free);
}

static bool is_separator(char c)
{
    return c == ';' || c == ',';
}

/* One column, quoted or not; a quote within quotes is doubled. NULL for quotes that do not close.
 */
static char *read_column(const char **place)
{
    const char *p = *place;
    GString *column = g_string_new(NULL);
    bool is_quoted = *p == '"';
    if (is_quoted)
        p++;
    for (; *p && (is_quoted || !is_separator(*p)); p++) {
        if (is_quoted && *p == '"' && *++p != '"')
            break;
        g_string_append_c(column, *p);
    }
    bool is_whole = *p == '\0' || is_separator(*p);
    if (is_quoted && *p == '\0' && p[-1] != '"')
        is_whole = false;
    *place = p;
    return is_whole ? g_strstrip(g_string_free(column, FALSE))
                    : (g_string_free(column, TRUE), NULL);
}

/* A letter, two digits or letters, and after a dot up to two more. */
static bool read_code(const char *text, char ret_code[ICD10_CODE_BYTES])
{
    char code[ICD10_CODE_BYTES] = {0};
    size_t n = 0;
    for (; *text; text++) {
        if (n == 3 && *text != '.')
            code[n++] = '.';
        bool fits = n == 0   ? g_ascii_isalpha(*text)
                    : n == 1 ? g_ascii_isdigit(*text)
                    : n == 3 ? *text == '.'
                             : g_ascii_isalnum(*text);
        if (!fits || n >= 6)
            return false;
        code[n++] = g_ascii_toupper(*text);
    }
    if (n < 3 || n == 4)
        return false;
    memcpy(ret_code, code, sizeof code);
    return true;
}

bool icd10_line_parse(const char *text, Icd10Line *ret_line)
{
    char *columns[N_COLUMNS] = {0};
    unsigned n = 0;
    bool ok = strlen(text) <= LINE_MAX_BYTES;
    for (const char *p = text; ok && n < N_COLUMNS; p++) {
        columns[n] = read_column(&p);
        ok = columns[n++] != NULL;
        if (*p == '\0')
            break;
    }
    char code[ICD10_CODE_BYTES];
    ok = ok && n >= 2 && read_code(columns[0], code) && *columns[1] &&
         strlen(columns[1]) <= NAME_MAX_BYTES &&
         (!columns[2] || strlen(columns[2]) <= NAME_MAX_BYTES);
    if (ok) {
        memcpy(ret_line->code, code, sizeof code);
        ret_line->name_en = g_strdup(columns[1]);
        ret_line->name_id = g_strdup(columns[2] && *columns[2] ? columns[2] : columns[1]);
    }
    for (unsigned i = 0; i < N_COLUMNS; i++)
        g_free(columns[i]);
    return ok;
}

static bool set_code(DbTx *tx, const Icd10Line *line, GError **error)
{
    DbQuery *query = db_query(tx, "icd10_set");
    db_bind_text(query, 1, line->code);
    db_bind_text(query, 2, line->name_id);
    db_bind_text(query, 3, line->name_en);
    return db_exec(query, error);
}

bool icd10_import_job(DbTx *tx, gpointer data, GError **error)
{
    Icd10Import *import = data;
    g_auto(GStrv) lines = g_strsplit(import->text, "\n", -1);
    import->n_lines = 0;
    for (unsigned i = 0; lines[i]; i++) {
        const char *text = g_strchomp(lines[i]);
        if (i == 0 && g_str_has_prefix(text, "\xef\xbb\xbf"))
            text += 3;
        Icd10Line line = {0};
        if (!*text)
            continue;
        if (!icd10_line_parse(text, &line)) {
            if (i == 0)
                continue;
            g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                        "line %u is not a diagnosis: code;English name;Indonesian name", i + 1);
            return false;
        }
        bool ok = set_code(tx, &line, error);
        icd10_line_clear(&line);
        if (!ok)
            return false;
        import->n_lines++;
    }
    return db_exec(db_query(tx, "icd10_rebuild"), error);
}
