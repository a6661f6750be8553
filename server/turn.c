// SPDX-License-Identifier: Apache-2.0
#include "server/turn.h"

#include "server/base/error.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { MAX_HOST = 253, ID_DIGITS = 16 };

struct Turn {
    char **urls;
    char *secret;
    int64_t ttl_s;
    const SecretBox *box;
    const Clock *clock;
};

/* One URL, RFC 7065, 3.1: scheme ":" host [ ":" port ] [ "?transport=" transport ] */

static bool is_host_name(const char *host, size_t size)
{
    if (size == 0 || size > MAX_HOST)
        return false;
    for (size_t i = 0; i < size; i++) {
        bool is_inner = i > 0 && i + 1 < size;
        if (!g_ascii_isalnum(host[i]) && !(is_inner && (host[i] == '-' || host[i] == '.')))
            return false;
    }
    return true;
}

static bool is_ipv6(const char *host, size_t size)
{
    struct in6_addr address;
    g_autofree char *text = g_strndup(host, size);
    return inet_pton(AF_INET6, text, &address) == 1;
}

/* What follows the host at *AT; moves behind it. */
static bool skip_host(const char **at)
{
    const char *host = *at;
    if (*host != '[') {
        size_t size = strcspn(host, ":?");
        *at += size;
        return is_host_name(host, size);
    }
    const char *end = strchr(host, ']');
    if (!end)
        return false;
    *at = end + 1;
    return is_ipv6(host + 1, (size_t)(end - host - 1));
}

static bool skip_port(const char **at)
{
    if (**at != ':')
        return true;
    size_t size = strspn(*at + 1, "0123456789");
    g_autofree char *digits = g_strndup(*at + 1, size);
    guint64 port;
    *at += 1 + size;
    return g_ascii_string_to_unsigned(digits, 10, 1, UINT16_MAX, &port, NULL);
}

/* What is wrong with URL; NULL: nothing. */
static const char *url_fault(const char *url)
{
    bool is_tls = g_str_has_prefix(url, "turns:");
    if (!is_tls && !g_str_has_prefix(url, "turn:"))
        return "must begin with turn: or turns:";
    const char *at = strchr(url, ':') + 1;
    if (!skip_host(&at))
        return "has no name or address of a host";
    if (!skip_port(&at))
        return "has a port that is not 1 to 65535";
    if (*at == '\0' || strcmp(at, "?transport=tcp") == 0)
        return NULL;
    if (strcmp(at, "?transport=udp") != 0)
        return "may only be followed by ?transport=udp or ?transport=tcp";
    return is_tls ? "asks for TLS over UDP, which browsers do not speak" : NULL;
}

char **turn_urls_parse(const char *text, GError **error)
{
    g_auto(GStrv) urls = g_strsplit(text, ",", TURN_MAX_URLS + 1);
    for (unsigned i = 0; urls[i]; i++) {
        const char *fault = url_fault(g_strstrip(urls[i]));
        if (i == TURN_MAX_URLS)
            fault = "is one too many";
        if (fault) {
            g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "\"%s\" %s", urls[i], fault);
            return NULL;
        }
    }
    if (!urls[0]) {
        g_set_error_literal(error, BASE_ERROR, BASE_ERROR_INVALID, "at least one URL is needed");
        return NULL;
    }
    return g_steal_pointer(&urls);
}

/* The secret. */

static bool is_visible(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!g_ascii_isgraph(text[i]))
            return false;
    }
    return true;
}

char *turn_secret_load(const char *path, GError **error)
{
    char *text = NULL;
    size_t size = 0;
    g_autoptr(GError) cause = NULL;
    if (!g_file_get_contents(path, &text, &size, &cause)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "cannot read %s", path);
        return NULL;
    }
    if (size > 0 && text[size - 1] == '\n')
        text[--size] = '\0';
    if (size >= TURN_MIN_SECRET && size <= TURN_MAX_SECRET && is_visible(text, size))
        return text;
    g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                "%s must hold one line of %d to %d characters without spaces "
                "(openssl rand -hex 32 makes one)",
                path, TURN_MIN_SECRET, TURN_MAX_SECRET);
    secret_wipe(text, size);
    g_free(text);
    return NULL;
}

char *turn_password(const char *secret, const char *username)
{
    uint8_t digest[SECRET_SHA1_BYTES];
    secret_hmac_sha1(secret, username, digest);
    return g_base64_encode(digest, sizeof digest);
}

Turn *turn_new(const TurnOptions *options, GError **error)
{
    g_autoptr(Turn) turn = g_new0(Turn, 1);
    turn->ttl_s = options->ttl_s;
    turn->box = options->box;
    turn->clock = options->clock;
    turn->urls = turn_urls_parse(options->urls, error);
    if (turn->urls)
        turn->secret = turn_secret_load(options->secret_path, error);
    return turn->secret ? g_steal_pointer(&turn) : NULL;
}

void turn_free(Turn *turn)
{
    if (!turn)
        return;
    g_strfreev(turn->urls);
    secret_text_free(turn->secret);
    g_free(turn);
}

void turn_issue(const char *participant_id, SignalingTurn *ret_turn, gpointer turn)
{
    const Turn *self = turn;
    g_autofree char *id = secret_box_index(self->box, "turn.user", participant_id);
    int64_t ends_at_s = clock_wall_ms(self->clock) / 1000 + self->ttl_s;
    char *username = g_strdup_printf("%" G_GINT64_FORMAT ":%.*s", ends_at_s, ID_DIGITS, id);
    *ret_turn = (SignalingTurn){
        .urls = (const char *const *)self->urls,
        .username = username,
        .credential = turn_password(self->secret, username),
        .ttl_ms = self->ttl_s * 1000,
    };
}
