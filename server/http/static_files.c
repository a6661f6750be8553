// SPDX-License-Identifier: Apache-2.0
#include "server/http/static_files.h"

#include <string.h>
#include "server/base/error.h"
#include "server/base/secret.h"
#include "server/http/http_internal.h"

enum { ENCODINGS = 3 };
/* In the order of preference; the plain file comes last. */
static const char *const encoding_names[ENCODINGS] = {"br", "gzip", NULL};
static const char *const encoding_suffixes[ENCODINGS] = {".br", ".gz", ""};

typedef struct {
    const char *type;
    bool immutable;
    GBytes *bytes[ENCODINGS]; /* NULL: not there in this encoding */
    char *etags[ENCODINGS];
} FileEntry;

struct StaticFiles {
    GResource *resource;
    GHashTable *by_path; /* "/assets/x.js" -> FileEntry */
    GHashTable *pages;   /* "join.html" -> FileEntry */
};

static const char *type_of(const char *name)
{
    static const struct {
        const char *suffix;
        const char *type;
    } rows[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".json", "application/json; charset=utf-8"},
        {".webmanifest", "application/manifest+json"},
        {".txt", "text/plain; charset=utf-8"},
        {".map", "application/json; charset=utf-8"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".wasm", "application/wasm"},
        {".mp3", "audio/mpeg"},
        {".ogg", "audio/ogg"},
        {".wav", "audio/wav"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_str_has_suffix(name, rows[i].suffix))
            return rows[i].type;
    return NULL;
}

static void entry_free(gpointer data)
{
    FileEntry *entry = data;
    for (unsigned i = 0; i < ENCODINGS; i++) {
        g_clear_pointer(&entry->bytes[i], g_bytes_unref);
        g_free(entry->etags[i]);
    }
    g_free(entry);
}

static FileEntry *entry_load(GResource *resource, const char *path, GError **error)
{
    const char *type = type_of(path);
    if (!type) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "web file of unknown kind: %s", path);
        return NULL;
    }
    FileEntry *entry = g_new0(FileEntry, 1);
    entry->type = type;
    for (unsigned i = 0; i < ENCODINGS; i++) {
        g_autofree char *variant = g_strconcat(path, encoding_suffixes[i], NULL);
        entry->bytes[i] = g_resource_lookup_data(resource, variant, 0, NULL);
        if (!entry->bytes[i])
            continue;
        gsize size;
        const void *data = g_bytes_get_data(entry->bytes[i], &size);
        g_autofree char *digest = secret_sha256_hex(data, size);
        entry->etags[i] = g_strdup_printf("\"%.24s\"", digest);
    }
    return entry;
}

static bool is_variant(const char *name)
{
    return g_str_has_suffix(name, ".br") || g_str_has_suffix(name, ".gz");
}

/* Indexes the files of one folder, named URL_PREFIX + file name, into TABLE. A folder that is not
 * there has no files. */
static bool folder_load(GResource *resource, const char *folder, const char *url_prefix,
                        GHashTable *table, GError **error)
{
    g_auto(GStrv) names = g_resource_enumerate_children(resource, folder, 0, NULL);
    for (unsigned i = 0; names && names[i]; i++) {
        if (is_variant(names[i]))
            continue;
        g_autofree char *path = g_strconcat(folder, names[i], NULL);
        FileEntry *entry = entry_load(resource, path, error);
        if (!entry)
            return false;
        entry->immutable = g_str_has_prefix(url_prefix, "/assets/");
        g_hash_table_insert(table, g_strconcat(url_prefix, names[i], NULL), entry);
    }
    return true;
}

StaticFiles *static_files_new(GResource *resource, const char *prefix, GError **error)
{
    g_autoptr(StaticFiles) files = g_new0(StaticFiles, 1);
    files->resource = g_resource_ref(resource);
    files->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
    files->pages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
    g_autofree char *assets = g_strconcat(prefix, "/assets/", NULL);
    g_autofree char *root = g_strconcat(prefix, "/root/", NULL);
    g_autofree char *pages = g_strconcat(prefix, "/pages/", NULL);
    if (!folder_load(resource, assets, "/assets/", files->by_path, error) ||
        !folder_load(resource, root, "/", files->by_path, error) ||
        !folder_load(resource, pages, "", files->pages, error))
        return NULL;
    if (g_hash_table_size(files->pages) == 0) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "no pages below %s", pages);
        return NULL;
    }
    return g_steal_pointer(&files);
}

void static_files_free(StaticFiles *files)
{
    if (!files)
        return;
    g_clear_pointer(&files->by_path, g_hash_table_unref);
    g_clear_pointer(&files->pages, g_hash_table_unref);
    g_resource_unref(files->resource);
    g_free(files);
}

static bool entry_choose(const FileEntry *entry, const char *accept_encoding, StaticFile *ret_file)
{
    for (unsigned i = 0; entry && i < ENCODINGS; i++) {
        bool is_wanted =
            !encoding_names[i] || http_accepts_encoding(accept_encoding, encoding_names[i]);
        if (!entry->bytes[i] || !is_wanted)
            continue;
        *ret_file = (StaticFile){.bytes = entry->bytes[i],
                                 .type = entry->type,
                                 .encoding = encoding_names[i],
                                 .etag = entry->etags[i],
                                 .immutable = entry->immutable};
        return true;
    }
    return false;
}

bool static_files_find(const StaticFiles *files, const char *path, const char *accept_encoding,
                       StaticFile *ret_file)
{
    return entry_choose(g_hash_table_lookup(files->by_path, path), accept_encoding, ret_file);
}

bool static_files_find_page(const StaticFiles *files, const char *name, const char *accept_encoding,
                            StaticFile *ret_file)
{
    return entry_choose(g_hash_table_lookup(files->pages, name), accept_encoding, ret_file);
}
