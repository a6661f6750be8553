// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/http_call.h"

#include <string.h>

char *http_call_write(const char *line, uint16_t port)
{
    g_auto(GStrv) parts = g_strsplit(line, "\t", 4);
    if (g_strv_length(parts) != 4)
        return NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n", parts[0], parts[1], port);
    g_auto(GStrv) headers = g_strsplit(parts[2], "||", -1);
    for (unsigned i = 0; headers[i]; i++) {
        if (headers[i][0] != '\0')
            g_string_append_printf(text, "%s\r\n", headers[i]);
    }
    size_t size = strlen(parts[3]);
    if (size > 0)
        g_string_append(text, "Content-Type: application/json\r\n");
    if (strcmp(parts[0], "GET") != 0)
        g_string_append_printf(text, "Content-Length: %zu\r\n", size);
    g_string_append_printf(text, "\r\n%s", parts[3]);
    return g_strdup(text->str);
}

bool http_call_read(const GByteArray *bytes, HttpAnswer *ret_answer)
{
    static const char length_name[] = "\r\ncontent-length:";
    const char *text = (const char *)bytes->data;
    const char *end = bytes->len > 0 ? memmem(text, bytes->len, "\r\n\r\n", 4) : NULL;
    if (!end || bytes->len < strlen("HTTP/1.1 200"))
        return false;
    size_t head_size = (size_t)(end - text) + 4;
    size_t body_size = 0;
    g_autofree char *head = g_ascii_strdown(text, (gssize)head_size);
    const char *length = strstr(head, length_name);
    if (length)
        body_size = g_ascii_strtoull(length + strlen(length_name), NULL, 10);
    if (bytes->len < head_size + body_size)
        return false;
    *ret_answer = (HttpAnswer){
        .status = (unsigned)g_ascii_strtoull(text + strlen("HTTP/1.1 "), NULL, 10),
        .size = head_size + body_size,
        .body = text + head_size,
        .body_size = body_size,
    };
    return true;
}

char *http_answer_text(const HttpAnswer *answer, const char *name)
{
    g_autofree char *mark = g_strdup_printf("\"%s\":\"", name);
    const char *at = g_strstr_len(answer->body, (gssize)answer->body_size, mark);
    if (!at)
        return NULL;
    at += strlen(mark);
    size_t left = (size_t)(answer->body + answer->body_size - at);
    const char *end = memchr(at, '"', left);
    return g_strndup(at, end ? (size_t)(end - at) : left);
}
