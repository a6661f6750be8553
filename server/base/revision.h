// SPDX-License-Identifier: Apache-2.0
/* What a thing that somebody opens to change it consisted of, as a short word: whoever sends the
 * word back with the change is told when it is another one by now. Made from the stored content, so
 * nothing is kept. Pure. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { REVISION_CHARS = 16 };

typedef struct Revision Revision;
Revision *revision_new(void);
/** One more field of it, in an order that is always the same; NULL is another one than "". */
void revision_add(Revision *revision, const char *text);
void revision_add_int(Revision *revision, int64_t number);
/** REVISION_CHARS hexadecimal characters, to be freed; frees REVISION. */
char *revision_end(Revision *revision);

/** True when nothing is WANTED (NULL), or just what there IS; IS is freed. */
bool revision_holds(const char *wanted, char *is);
