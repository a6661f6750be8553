// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/migrated_db.h"

/* Closed again, so that nothing is left in the write-ahead log. */
static bool migrate(const char *path, const DbOwner *const *owners, GError **error)
{
    DbOptions options = {.path = path, .owners = owners};
    g_autoptr(Db) db = db_open(&options, error);
    return db && db_migrate(db, NULL, error);
}

bool migrated_db_write(const char *path, const DbOwner *const *owners, GError **error)
{
    static char *bytes;
    static size_t n_bytes;
    if (bytes)
        return g_file_set_contents_full(path, bytes, (gssize)n_bytes, G_FILE_SET_CONTENTS_NONE,
                                        0600, error);
    return migrate(path, owners, error) && g_file_get_contents(path, &bytes, &n_bytes, error);
}
