// SPDX-License-Identifier: Apache-2.0
/* Which doctors have their page open. One that was closed for less than a minute still counts as
 * open (a reload, a short hole in the network), and for the first minute of a server's life nothing
 * is known, since the pages are only coming back. Main thread. */
#pragma once
#include <glib.h>
#include "server/base/clock.h"
#include "signaling/signaling.h"

typedef struct PageWatch PageWatch;

/** Both must outlive it. */
PageWatch *page_watch_new(const Signaling *signaling, const Clock *clock);
void page_watch_free(PageWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageWatch, page_watch_free)

/** Looks who is there now. Ids of doctors, and of the clinics whose shared queue one of them sees;
 * NULL-ended, to be freed with g_strfreev(). NULL: not known yet. To be asked every few seconds. */
char **page_watch_look(PageWatch *watch);
