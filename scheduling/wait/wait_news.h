// SPDX-License-Identifier: Apache-2.0
/* Inside of scheduling/wait only: of which entries a job has changed what their links show, for who
 * listens (wait_list.h). A set of ids, each told once. */
#pragma once
#include "scheduling/scheduling_private.h"

typedef GHashTable WaitNews;
WaitNews *wait_news_new(void);
void wait_news_free(WaitNews *news);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WaitNews, wait_news_free)

/** In the job. Nothing with NEWS NULL. */
void wait_news_add(WaitNews *news, const char *entry_id);
/** In the job: all who wait for the clinic, whose places may have changed. */
bool wait_news_add_clinic(WaitNews *news, DbTx *tx, const char *clinic_id, GError **error);
/** Main thread, after the commit and before the done callback. */
void wait_news_tell(Scheduling *scheduling, const WaitNews *news);
