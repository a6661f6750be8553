// SPDX-License-Identifier: Apache-2.0
/* The versions of what patients agree to. An administrator writes a new one, for a day to come or
 * from now on; none is ever changed or removed. In effect is, of those whose time has come, the one
 * that was written last: so one that is still to come is corrected by a further version. Who agreed
 * to another one is asked again, where the visit is still to come: on its page before the waiting
 * room and in it, when it is opened or anything else of it changes. What was said before and comes
 * later (of a post's tablet, of the wait list) is written down as it was said. Threads:
 * see scheduling.h. */
#pragma once
#include "scheduling/scheduling.h"
#include "server/base/fault.h"

enum { CONSENT_TEXT_MIN_CHARS = 100, CONSENT_TEXT_MAX_CHARS = 8000, CONSENT_AHEAD_DAYS = 366 };

typedef struct {
    int64_t version, since_ms;
    char *text_id, *text_en; /**< a paragraph a line */
    char *name;              /**< of who wrote it; "": it was shipped */
    bool is_in_effect;
} ConsentVersion;
/** VERSIONS: ConsentVersion, the newest first, 50 at most. */
typedef void (*ConsentVersionsDone)(GPtrArray *versions, const GError *error, gpointer user_data);
/** FORBIDDEN for others than administrators, as consent_version_add(). */
void consent_versions_get(Scheduling *scheduling, const Actor *actor, ConsentVersionsDone done,
                          gpointer user_data);

typedef struct {
    const char *text_id, *text_en; /**< as many paragraphs in both; empty lines are left out */
    const char *from_date;         /**< local day from whose beginning it holds; NULL: from now */
    const char *name;              /**< of the actor's account */
} ConsentVersionNew;
/** VERSION: its number. INVALID_FIELDS with FAULTS. */
typedef void (*ConsentVersionDone)(int64_t version, const FaultList *faults, const GError *error,
                                   gpointer user_data);
/** An audit row says which and from when. WANTED is copied. */
void consent_version_add(Scheduling *scheduling, const Actor *actor,
                         const ConsentVersionNew *wanted, ConsentVersionDone done,
                         gpointer user_data);
