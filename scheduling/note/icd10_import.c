// SPDX-License-Identifier: Apache-2.0
#include "scheduling/note/icd10_import.h"

#include "server/base/audit.h"

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

bool icd10_code_parse(const char *text, char ret_code[ICD10_CODE_BYTES])
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
    ok = ok && n >= 2 && icd10_code_parse(columns[0], code) && *columns[1] &&
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

/* Whether the list has the code, and with these names. */
static bool find_code(DbTx *tx, const Icd10Entry *entry, bool *ret_is_known, bool *ret_is_same,
                      GError **error)
{
    DbQuery *query = db_query(tx, "icd10_by_code");
    db_bind_text(query, 1, entry->code);
    DbStep step = db_step(query, error);
    *ret_is_known = step == DB_ROW;
    *ret_is_same = step == DB_ROW && strcmp(db_column_text(query, 1), entry->name_id) == 0 &&
                   strcmp(db_column_text(query, 2), entry->name_en) == 0;
    if (step == DB_ROW)
        db_reset(query);
    return step != DB_FAILED;
}

bool icd10_put(DbTx *tx, const Icd10Entry *entry, Icd10Counts *counts, GError **error)
{
    bool is_known = false, is_same = false;
    if (!find_code(tx, entry, &is_known, &is_same, error))
        return false;
    if (is_same)
        return true;
    if (is_known)
        counts->n_changed++;
    else
        counts->n_added++;
    if (!entry->is_kept)
        return true;
    DbQuery *query = db_query(tx, "icd10_set");
    db_bind_text(query, 1, entry->code);
    db_bind_text(query, 2, entry->name_id);
    db_bind_text(query, 3, entry->name_en);
    return db_exec(query, error);
}

bool icd10_note_import(DbTx *tx, const Icd10Note *note, GError **error)
{
    DbQuery *query = db_query(tx, "icd10_note_import");
    db_bind_int(query, 1, note->at_ms);
    db_bind_text(query, 2, note->user_id);
    db_bind_text(query, 3, note->name);
    db_bind_int(query, 4, note->counts.n_added);
    db_bind_int(query, 5, note->counts.n_changed);
    return db_exec(db_query(tx, "icd10_rebuild"), error) && db_exec(query, error);
}

/* Whoever may start the program beside its database is not known by name. */
static bool audit_import(DbTx *tx, const Icd10Note *note, GError **error)
{
    g_autofree char *what =
        g_strdup_printf("+%u ~%u", note->counts.n_added, note->counts.n_changed);
    const AuditEntry entry = {.at_ms = note->at_ms,
                              .actor_kind = "cli",
                              .action = "icd10.import",
                              .object_kind = "icd10",
                              .object_id = "icd10",
                              .result = "ok",
                              .reason = what};
    return audit_append(tx, &entry, error);
}

bool icd10_import_job(DbTx *tx, gpointer data, GError **error)
{
    Icd10Import *import = data;
    g_auto(GStrv) lines = g_strsplit(import->text, "\n", -1);
    Icd10Note note = {.at_ms = import->now_ms, .name = ""};
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
        const Icd10Entry entry = {line.code, line.name_id, line.name_en, true};
        bool ok = icd10_put(tx, &entry, &note.counts, error);
        icd10_line_clear(&line);
        if (!ok)
            return false;
        import->n_lines++;
    }
    return icd10_note_import(tx, &note, error) && audit_import(tx, &note, error);
}
