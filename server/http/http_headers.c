// SPDX-License-Identifier: Apache-2.0
#include "server/http/http_internal.h"

#include <string.h>

typedef struct {
    const char *name;
    int token; /* -1: a header that the library has no token for */
} HeaderRow;

static const HeaderRow header_rows[HTTP_HEADER_COUNT] = {
    [HTTP_HEADER_AUTHORIZATION] = {"authorization", WSI_TOKEN_HTTP_AUTHORIZATION},
    [HTTP_HEADER_CONTENT_TYPE] = {"content-type", WSI_TOKEN_HTTP_CONTENT_TYPE},
    [HTTP_HEADER_CONTENT_LENGTH] = {"content-length", WSI_TOKEN_HTTP_CONTENT_LENGTH},
    [HTTP_HEADER_COOKIE] = {"cookie", WSI_TOKEN_HTTP_COOKIE},
    [HTTP_HEADER_ACCEPT] = {"accept", WSI_TOKEN_HTTP_ACCEPT},
    [HTTP_HEADER_ACCEPT_LANGUAGE] = {"accept-language", WSI_TOKEN_HTTP_ACCEPT_LANGUAGE},
    [HTTP_HEADER_ACCEPT_ENCODING] = {"accept-encoding", WSI_TOKEN_HTTP_ACCEPT_ENCODING},
    [HTTP_HEADER_IF_NONE_MATCH] = {"if-none-match", WSI_TOKEN_HTTP_IF_NONE_MATCH},
    [HTTP_HEADER_IF_MATCH] = {"if-match", WSI_TOKEN_HTTP_IF_MATCH},
    [HTTP_HEADER_USER_AGENT] = {"user-agent", WSI_TOKEN_HTTP_USER_AGENT},
    [HTTP_HEADER_HOST] = {"host", WSI_TOKEN_HOST},
    [HTTP_HEADER_ORIGIN] = {"origin", WSI_TOKEN_ORIGIN},
    [HTTP_HEADER_TRANSFER_ENCODING] = {"transfer-encoding", WSI_TOKEN_HTTP_TRANSFER_ENCODING},
    [HTTP_HEADER_CSRF] = {"x-csrf-token", -1},
    [HTTP_HEADER_IDEMPOTENCY_KEY] = {"idempotency-key", -1},
    [HTTP_HEADER_RESUME] = {"x-resume", -1},
};

HttpHeader http_header_index(const char *name)
{
    for (unsigned i = 0; i < HTTP_HEADER_COUNT; i++)
        if (strcmp(header_rows[i].name, name) == 0)
            return (HttpHeader)i;
    g_assert_not_reached();
}

static char *token_read(struct lws *wsi, int token, char *buffer, int size)
{
    enum lws_token_indexes index = (enum lws_token_indexes)token;
    if (lws_hdr_total_length(wsi, index) <= 0)
        return NULL;
    int n = lws_hdr_copy(wsi, buffer, size, index);
    return n >= 0 ? g_strstrip(g_strndup(buffer, (gsize)n)) : NULL;
}

static char *custom_read(struct lws *wsi, const char *name, char *buffer, int size)
{
    g_autofree char *with_colon = g_strconcat(name, ":", NULL);
    int name_size = (int)strlen(with_colon);
    if (lws_hdr_custom_length(wsi, with_colon, name_size) <= 0)
        return NULL;
    int n = lws_hdr_custom_copy(wsi, buffer, size, with_colon, name_size);
    return n >= 0 ? g_strstrip(g_strndup(buffer, (gsize)n)) : NULL;
}

bool http_headers_read(struct lws *wsi, char *ret_headers[HTTP_HEADER_COUNT])
{
    char buffer[LIMIT_HTTP_HEADER_BYTES + 1];
    for (unsigned i = 0; i < HTTP_HEADER_COUNT; i++) {
        const HeaderRow *row = &header_rows[i];
        char *text = row->token >= 0 ? token_read(wsi, row->token, buffer, sizeof buffer)
                                     : custom_read(wsi, row->name, buffer, sizeof buffer);
        if (text && !g_utf8_validate(text, -1, NULL)) {
            g_free(text);
            return false;
        }
        ret_headers[i] = text;
    }
    return true;
}

static const char *status_text(unsigned status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 303:
        return "See Other";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 503:
        return "Service Unavailable";
    default:
        return status < 400 ? "OK" : "Error";
    }
}

/* What the pages may load: only their own files, pictures they make themselves and the camera.
 * Older browsers do not count wss: as 'self', so the host is named. */
static void policy_write(GString *out, const char *host)
{
    g_string_append(out, "Content-Security-Policy: default-src 'self'; img-src 'self' data: blob:; "
                         "media-src 'self' blob:; connect-src 'self'");
    if (http_host_is_sane(host))
        g_string_append_printf(out, " wss://%s", host);
    g_string_append(out, "; object-src 'none'; base-uri 'none'; form-action 'self'; "
                         "frame-ancestors 'none'\r\n");
}

GString *http_head_write(const HttpHead *head)
{
    GString *out = g_string_sized_new(1024);
    g_string_append_printf(out, "HTTP/1.1 %u %s\r\n", head->status, status_text(head->status));
    if (head->type)
        g_string_append_printf(out, "Content-Type: %s\r\n", head->type);
    if (head->encoding)
        g_string_append_printf(out, "Content-Encoding: %s\r\n", head->encoding);
    if (head->status != 204 && head->status != 304)
        g_string_append_printf(out, "Content-Length: %" G_GUINT64_FORMAT "\r\n", head->n_bytes);
    if (head->cache_control)
        g_string_append_printf(out, "Cache-Control: %s\r\n", head->cache_control);
    policy_write(out, head->host);
    g_string_append_printf(out,
                           "Content-Language: %s\r\n"
                           "Strict-Transport-Security: max-age=31536000\r\n"
                           "X-Content-Type-Options: nosniff\r\n"
                           "X-Frame-Options: DENY\r\n"
                           "Referrer-Policy: %s\r\n"
                           "Permissions-Policy: camera=(self), microphone=(self), geolocation=(), "
                           "payment=(), usb=()\r\n"
                           "Cross-Origin-Opener-Policy: same-origin\r\n"
                           "Connection: %s\r\n",
                           http_language_name(head->language),
                           head->secret_path ? "no-referrer" : "same-origin",
                           head->close ? "close" : "keep-alive");
    if (head->more)
        g_string_append_len(out, head->more->str, (gssize)head->more->len);
    g_string_append(out, "\r\n");
    return out;
}
