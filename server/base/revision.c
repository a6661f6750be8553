// SPDX-License-Identifier: Apache-2.0
#include "server/base/revision.h"

#include <string.h>

struct Revision {
    GChecksum *sum;
};

Revision *revision_new(void)
{
    Revision *revision = g_new0(Revision, 1);
    revision->sum = g_checksum_new(G_CHECKSUM_SHA256);
    return revision;
}

/* The length goes before the text, so that no two rows of fields read the same. */
void revision_add(Revision *revision, const char *text)
{
    g_autofree char *head =
        text ? g_strdup_printf("%" G_GSIZE_FORMAT ":", strlen(text)) : g_strdup("-");
    g_checksum_update(revision->sum, (const guchar *)head, -1);
    if (text)
        g_checksum_update(revision->sum, (const guchar *)text, -1);
}

void revision_add_int(Revision *revision, int64_t number)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);
    revision_add(revision, text);
}

char *revision_end(Revision *revision)
{
    char *word = g_strndup(g_checksum_get_string(revision->sum), REVISION_CHARS);
    g_checksum_free(revision->sum);
    g_free(revision);
    return word;
}

bool revision_holds(const char *wanted, char *is)
{
    bool holds = !wanted || g_strcmp0(wanted, is) == 0;
    g_free(is);
    return holds;
}
