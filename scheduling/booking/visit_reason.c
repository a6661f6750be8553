// SPDX-License-Identifier: Apache-2.0
#include "scheduling/booking/visit_reason.h"

const char *visit_reason_normalise(const char *text, char **ret_reason)
{
    g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
    g_autoptr(GString) line = g_string_new(NULL);
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        bool is_blank = g_unichar_isspace(letter) || g_unichar_iscntrl(letter);
        if (!is_blank)
            g_string_append_unichar(line, letter);
        else if (line->len > 0 && line->str[line->len - 1] != ' ')
            g_string_append_c(line, ' ');
    }
    g_strchomp(line->str);
    if (g_utf8_strlen(line->str, -1) > VISIT_REASON_MAX_CHARS)
        return "too_long";
    *ret_reason = line->str[0] ? g_strdup(line->str) : NULL;
    return NULL;
}

bool visit_reason_write(DbTx *tx, const char *visit_id, const char *reason, GError **error)
{
    if (!reason)
        return true;
    DbQuery *query = db_query(tx, "visit_reason_insert");
    db_bind_text(query, 1, visit_id);
    db_bind_text(query, 2, reason);
    return db_exec(query, error);
}

bool visit_reason_load(DbTx *tx, const char *visit_id, char **ret_reason, GError **error)
{
    DbQuery *row = db_query(tx, "visit_reason_get");
    db_bind_text(row, 1, visit_id);
    DbStep step = db_step(row, error);
    *ret_reason = step == DB_ROW ? db_column_dup(row, 0) : NULL;
    db_reset(row);
    return step != DB_FAILED;
}

bool visit_reason_carry(DbTx *tx, const char *from_visit_id, const char *to_visit_id,
                        GError **error)
{
    DbQuery *query = db_query(tx, "visit_reason_carry");
    db_bind_text(query, 1, from_visit_id);
    db_bind_text(query, 2, to_visit_id);
    return db_exec(query, error);
}
