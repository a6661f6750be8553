// SPDX-License-Identifier: Apache-2.0
/* The web pages, out of a GResource bundle that the web build makes. Layout below the prefix:
 *
 *   assets/NAME.HASH.EXT     served at /assets/..., cached for ever (the name changes with content)
 *   root/NAME.EXT            served at /NAME.EXT (favicon.svg, robots.txt), revalidated by ETag
 *   pages/NAME.html          served where a HttpPage row says, never stored
 *
 * Beside any file may lie FILE.br and FILE.gz; the best that the browser accepts is sent. Immutable
 * after loading; any thread. */
#pragma once
#include <gio/gio.h>
#include <glib.h>
#include <stdbool.h>

typedef struct StaticFiles StaticFiles;

/** Indexes what lies below PREFIX ("/huyula/web"). Keeps a reference to RESOURCE. NULL with
 * BASE_ERROR_INVALID for a bundle without pages or with a file of unknown kind. */
StaticFiles *static_files_new(GResource *resource, const char *prefix, GError **error);
void static_files_free(StaticFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StaticFiles, static_files_free)

/** One HTML page: where it is served. `path` is a pattern as in http_route.h. */
typedef struct {
    const char *path; /**< "/v/{token}" */
    const char *file; /**< "join.html", below pages/ */
    bool secret_path; /**< the path holds a secret: Referrer-Policy no-referrer */
} HttpPage;

/** One way a file can be sent. */
typedef struct {
    GBytes *bytes;        /**< borrowed */
    const char *type;     /**< Content-Type */
    const char *encoding; /**< "br" "gzip" or NULL */
    const char *etag;     /**< with its quotes; differs by encoding */
    bool immutable;       /**< of assets/ */
} StaticFile;

/** The file at URL path PATH ("/assets/x.js", "/favicon.svg") in the best encoding that
 * ACCEPT_ENCODING (may be NULL) allows. */
bool static_files_find(const StaticFiles *files, const char *path, const char *accept_encoding,
                       StaticFile *ret_file);
/** The page file NAME ("join.html"). */
bool static_files_find_page(const StaticFiles *files, const char *name, const char *accept_encoding,
                            StaticFile *ret_file);
