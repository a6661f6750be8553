// SPDX-License-Identifier: Apache-2.0
/* Everything that reads a header or query text: cookies, languages, encodings, origin, host,
 * length. */
#include <string.h>
#include "server/http/http_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autofree char *cookie = http_cookie_find(text, "sid");
    if (cookie)
        g_assert(!strchr(cookie, ';') && strlen(cookie) <= size);
    HttpLanguage language;
    if (http_language_parse(text, &language))
        g_assert(language == HTTP_LANGUAGE_ID || language == HTTP_LANGUAGE_EN);
    (void)http_accepts_encoding(text, "br");
    if (http_host_is_sane(text))
        g_assert(!strpbrk(text, " ;'\"\r\n\t,"));
    (void)http_origin_is_same(text, "localhost");
    (void)http_origin_is_same("https://localhost", text);
    uint64_t length;
    if (http_content_length_parse(text, &length))
        g_assert(length < UINT64_C(1000000000000000));
    char *name;
    char *value;
    if (http_query_split((const char *)data, size, &name, &value)) {
        g_assert(*name && g_utf8_validate(name, -1, NULL) && g_utf8_validate(value, -1, NULL));
        g_free(name);
        g_free(value);
    }
    return 0;
}
