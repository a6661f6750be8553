// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/change_text.h"

#include <string.h>

static const char *or_none(const char *value)
{
    return value && *value ? value : "-";
}

void change_text_add(GString *text, const char *field, const char *from, const char *to)
{
    if (strcmp(or_none(from), or_none(to)) == 0)
        return;
    g_string_append_printf(text, "%s%s %s > %s", text->len > 0 ? "; " : "", field, or_none(from),
                           or_none(to));
}
