// SPDX-License-Identifier: Apache-2.0
#include "server/base/db/db_private.h"

#include <string.h>

static void statement_free(gpointer data)
{
    DbStatement *statement = data;
    g_free(statement->name);
    g_free(statement->sql);
    g_free(statement);
}

DbRegistry *db_registry_new(void)
{
    DbRegistry *registry = g_new0(DbRegistry, 1);
    registry->statements = g_ptr_array_new_with_free_func(statement_free);
    registry->index_of = g_hash_table_new(g_str_hash, g_str_equal);
    return registry;
}

void db_registry_free(DbRegistry *registry)
{
    if (!registry)
        return;
    g_hash_table_unref(registry->index_of);
    g_ptr_array_unref(registry->statements);
    g_free(registry);
}

static bool is_name(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return *text && strspn(text, letters) == strlen(text);
}

/* Starts the statement NAME; the lines that follow are its text. */
static bool start_statement(DbRegistry *registry, const char *source, const char *name,
                            GError **error)
{
    if (!is_name(name)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: \"%s\" is not a statement name",
                    source, name);
        return false;
    }
    if (g_hash_table_contains(registry->index_of, name)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: statement %s exists already",
                    source, name);
        return false;
    }
    DbStatement *statement = g_new0(DbStatement, 1);
    statement->name = g_strdup(name);
    g_ptr_array_add(registry->statements, statement);
    (void)g_hash_table_insert(registry->index_of, statement->name,
                              GUINT_TO_POINTER(registry->statements->len));
    return true;
}

static bool is_blank_or_comment(const char *line)
{
    while (g_ascii_isspace(*line))
        line++;
    return *line == '\0' || g_str_has_prefix(line, "--");
}

bool db_registry_add_text(DbRegistry *registry, const char *source, const char *text,
                          GError **error)
{
    static const char mark[] = "-- name:";
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) sql = NULL;
    for (char **line = lines; *line; line++) {
        if (g_str_has_prefix(*line, mark)) {
            if (sql) {
                DbStatement *last =
                    g_ptr_array_index(registry->statements, registry->statements->len - 1);
                last->sql = g_string_free(g_steal_pointer(&sql), FALSE);
            }
            if (!start_statement(registry, source, g_strstrip(*line + strlen(mark)), error))
                return false;
            sql = g_string_new(NULL);
        } else if (sql) {
            g_string_append(sql, *line);
            g_string_append_c(sql, '\n');
        } else if (!is_blank_or_comment(*line)) {
            g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: SQL before the first \"%s\"",
                        source, mark);
            return false;
        }
    }
    if (sql) {
        DbStatement *last = g_ptr_array_index(registry->statements, registry->statements->len - 1);
        last->sql = g_string_free(g_steal_pointer(&sql), FALSE);
    }
    return true;
}

char *db_resource_text(const DbOwner *owner, const char *path, GError **error)
{
    if (!owner->resource) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: its resource is not registered",
                    owner->owner);
        return NULL;
    }
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes =
        g_resource_lookup_data(owner->resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, &cause);
    if (!bytes) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: %s", owner->owner, cause->message);
        return NULL;
    }
    gsize size = 0;
    const char *text = g_bytes_get_data(bytes, &size);
    return g_strndup(text, size);
}

bool db_registry_add_owner(DbRegistry *registry, const DbOwner *owner, GError **error)
{
    for (unsigned i = 0; owner->statements && owner->statements[i]; i++) {
        g_autofree char *text = db_resource_text(owner, owner->statements[i], error);
        if (!text || !db_registry_add_text(registry, owner->statements[i], text, error))
            return false;
    }
    return true;
}
