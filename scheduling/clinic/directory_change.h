// SPDX-License-Identifier: Apache-2.0
/* Inside of directory_edit alone: what a change of the directory changes from and to, for its audit
 * row. */
#pragma once
#include "scheduling/clinic/directory_practitioner.h"

/** Inside a job: the row of ID as it is; of a practitioner the places and permits of the facility
 * that the actor keeps. The caller owns it; NULL with NOT_FOUND or the engine's error. */
DirectoryDraft *directory_change_load(const DirectoryPut *put, const char *id, GError **error);

/** "name Poli Umum > Poli Gigi; active yes > no"; "" when nothing differs. BEFORE NULL: a new one.
 * To be freed. */
char *directory_change_text(const DirectoryDraft *before, const DirectoryDraft *after);
