// SPDX-License-Identifier: Apache-2.0
/* A database at its newest version, for tests that try something else than the migrations: those of
 * all owners take longer than most such tests, so that they run once in a program and later
 * databases are copies. */
#pragma once
#include "server/base/db/db.h"

/** Makes the file PATH, which must not be there; mode 0600. OWNERS (NULL-ended): the same in each
 * call. One thread. */
bool migrated_db_write(const char *path, const DbOwner *const *owners, GError **error);
