// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_internal.h"

#include <string.h>

bool http_path_is_sane(const char *path, size_t size)
{
    if (size == 0 || path[0] != '/' || !g_utf8_validate_len(path, size, NULL))
        return false;
    size_t start = 1;
    for (size_t i = 0; i <= size; i++) {
        unsigned char c = i < size ? (unsigned char)path[i] : '/';
        if (c < 0x20 || c == 0x7f || c == '\\')
            return false;
        if (c != '/' || i == 0)
            continue;
        size_t length = i - start;
        bool is_last = i == size;
        if (length == 0 && !is_last)
            return false;
        if ((length == 1 && path[start] == '.') ||
            (length == 2 && path[start] == '.' && path[start + 1] == '.'))
            return false;
        start = i + 1;
    }
    return true;
}

static bool text_is_clean(const char *text, size_t size)
{
    if (!g_utf8_validate_len(text, size, NULL))
        return false;
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return true;
}

bool http_query_split(const char *fragment, size_t size, char **ret_name, char **ret_value)
{
    const char *equals = memchr(fragment, '=', size);
    size_t name_size = equals ? (size_t)(equals - fragment) : size;
    if (name_size == 0 || !text_is_clean(fragment, size))
        return false;
    *ret_name = g_strndup(fragment, name_size);
    *ret_value = equals ? g_strndup(equals + 1, size - name_size - 1) : g_strdup("");
    return true;
}

char *http_cookie_find(const char *header, const char *name)
{
    size_t name_size = strlen(name);
    for (unsigned n = 0; header && n < HTTP_COOKIES_MAX; n++) {
        while (*header == ' ' || *header == ';')
            header++;
        const char *end = strchrnul(header, ';');
        if ((size_t)(end - header) > name_size && header[name_size] == '=' &&
            memcmp(header, name, name_size) == 0) {
            const char *value = header + name_size + 1;
            size_t size = (size_t)(end - value);
            while (size > 0 && value[size - 1] == ' ')
                size--;
            return g_strndup(value, size);
        }
        header = *end ? end + 1 : NULL;
    }
    return NULL;
}

/* RFC 9110, 12.4.2: a weight is 0 to 1 with three digits. In thousandths; a strange one counts 0.
 */
static unsigned weight_parse(const char *parameters)
{
    const char *q = parameters;
    while ((q = strchr(q, ';'))) {
        q++;
        while (*q == ' ')
            q++;
        if (g_ascii_tolower(*q) != 'q' || q[1] != '=')
            continue;
        double weight = g_ascii_strtod(q + 2, NULL);
        return weight >= 0 && weight <= 1 ? (unsigned)(weight * 1000) : 0;
    }
    return 1000;
}

bool http_language_parse(const char *accept_language, HttpLanguage *ret_language)
{
    if (!accept_language)
        return false;
    unsigned best = 0;
    g_auto(GStrv) items = g_strsplit(accept_language, ",", 16);
    for (unsigned i = 0; items[i]; i++) {
        const char *tag = g_strstrip(items[i]);
        size_t size = strcspn(tag, "-;");
        unsigned weight = weight_parse(tag);
        /* "in" is the old code of Indonesian that some phones still send. */
        bool is_id = size == 2 && (g_ascii_strncasecmp(tag, "id", 2) == 0 ||
                                   g_ascii_strncasecmp(tag, "in", 2) == 0);
        bool is_en = size == 2 && g_ascii_strncasecmp(tag, "en", 2) == 0;
        if ((is_id || is_en) && weight > best) {
            best = weight;
            *ret_language = is_id ? HTTP_LANGUAGE_ID : HTTP_LANGUAGE_EN;
        }
    }
    return best > 0;
}

bool http_accepts_encoding(const char *accept_encoding, const char *encoding)
{
    if (!accept_encoding)
        return false;
    g_auto(GStrv) items = g_strsplit(accept_encoding, ",", 16);
    for (unsigned i = 0; items[i]; i++) {
        const char *item = g_strstrip(items[i]);
        size_t size = strcspn(item, "; ");
        if (size == strlen(encoding) && g_ascii_strncasecmp(item, encoding, size) == 0)
            return weight_parse(item) > 0;
    }
    return false;
}

bool http_host_is_sane(const char *host)
{
    if (!host || !*host || strlen(host) > 255)
        return false;
    for (const char *c = host; *c; c++)
        if (!g_ascii_isalnum(*c) && !strchr(".-:[]_", *c))
            return false;
    return true;
}

bool http_origin_is_same(const char *origin, const char *host)
{
    if (!origin || !host || !g_str_has_prefix(origin, "https://"))
        return false;
    return g_ascii_strcasecmp(origin + strlen("https://"), host) == 0;
}

bool http_content_length_parse(const char *text, uint64_t *ret_length)
{
    if (!text || !g_ascii_isdigit(*text) || strlen(text) > 15)
        return false;
    uint64_t length = 0;
    for (; *text; text++) {
        if (!g_ascii_isdigit(*text))
            return false;
        length = length * 10 + (uint64_t)(*text - '0');
    }
    *ret_length = length;
    return true;
}
