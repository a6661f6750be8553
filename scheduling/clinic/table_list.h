// SPDX-License-Identifier: Apache-2.0
/* Lists within one cell of a table: "Puskesmas Limboto > Poli Umum | Klinik Kota > Poli Gigi". A
 * name may hold the signs that divide: they are written behind a backslash, and so is a backslash.
 * One before any other sign stands for itself. Pure. */
#pragma once
#include <glib.h>

/** Appends NAME so that table_list_names() gives it back. */
void table_list_append(GString *text, const char *name);

/** The parts of TEXT between its "|", as they stand there; to be freed by g_strfreev(). */
char **table_list_parts(const char *text);
/** The names of one part, between its ">", without the blanks around them; to be freed by
 * g_strfreev(). */
char **table_list_names(const char *part);
