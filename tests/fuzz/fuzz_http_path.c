// SPDX-License-Identifier: Apache-2.0
/* Input: "PATTERN\nPATH". Whatever matches must be made of the pattern and clean values. */
#include <string.h>
#include "server/http/http_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line_end = size ? memchr(data, '\n', size) : NULL;
    size_t pattern_size = line_end ? (size_t)(line_end - data) : size;
    g_autofree char *pattern = g_strndup((const char *)data, pattern_size);
    const char *rest = line_end ? (const char *)line_end + 1 : "";
    size_t rest_size = line_end ? size - pattern_size - 1 : 0;
    bool is_sane = http_path_is_sane(rest, rest_size);
    g_autofree char *path = g_strndup(rest, rest_size);
    if (is_sane)
        g_assert(path[0] == '/' && !strstr(path, "//") && !strstr(path, "/../") &&
                 strlen(path) == rest_size);
    HttpPathParameters parameters;
    if (!http_route_match(pattern, path, &parameters))
        return 0;
    for (unsigned i = 0; i < parameters.n; i++)
        g_assert(!strpbrk(parameters.items[i].value, "/\\%") &&
                 parameters.items[i].value[0] != '.');
    return 0;
}
