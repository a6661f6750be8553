// SPDX-License-Identifier: Apache-2.0
/* What was changed from and to, in words of an audit row, as rules have it ("late_minutes 10 >
 * 20"). Pure. */
#pragma once
#include <glib.h>

/** Appends "FIELD FROM > TO" to TEXT, after "; ", unless both say the same. NULL and "" are no
 * value, and written "-". */
void change_text_add(GString *text, const char *field, const char *from, const char *to);
