// SPDX-License-Identifier: Apache-2.0
#include "scheduling/clinic/table_list.h"

#include <stdbool.h>
#include <string.h>

static const char signs[] = "\\>|";

static bool is_masked(const char *at)
{
    return *at == '\\' && at[1] && strchr(signs, at[1]);
}

void table_list_append(GString *text, const char *name)
{
    for (const char *c = name; *c; c++) {
        if (strchr(signs, *c))
            g_string_append_c(text, '\\');
        g_string_append_c(text, *c);
    }
}

static char **split(const char *text, char divider)
{
    GPtrArray *parts = g_ptr_array_new();
    const char *begin = text;
    for (const char *c = text;; c++) {
        if (is_masked(c)) {
            c++;
        } else if (!*c || *c == divider) {
            g_ptr_array_add(parts, g_strndup(begin, (size_t)(c - begin)));
            begin = c + 1;
        }
        if (!*c)
            break;
    }
    g_ptr_array_add(parts, NULL);
    return (char **)g_ptr_array_free(parts, FALSE);
}

static void unmask(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (is_masked(from))
            from++;
        *to++ = *from;
    }
    *to = '\0';
}

char **table_list_parts(const char *text)
{
    return split(text, '|');
}

char **table_list_names(const char *part)
{
    char **names = split(part, '>');
    for (char **name = names; *name; name++)
        unmask(g_strstrip(*name));
    return names;
}
