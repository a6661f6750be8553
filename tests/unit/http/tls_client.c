// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/http/tls_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TIMEOUT_S = 20 };

struct TlsClient {
    int fd;
    SSL *ssl;
    GByteArray *in; /* read but not used yet */
};

static SSL_CTX *shared_context(void)
{
    static SSL_CTX *context;
    if (g_once_init_enter(&context))
        g_once_init_leave(&context, SSL_CTX_new(TLS_client_method()));
    return context;
}

TlsClient *tls_client_new(uint16_t port)
{
    g_autoptr(TlsClient) client = g_new0(TlsClient, 1);
    client->in = g_byte_array_new();
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval timeout = {.tv_sec = TIMEOUT_S};
    setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    /* Bounded, so that a reader who does not read is felt by the server soon. */
    int size = 128 * 1024;
    setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    int on = 1;
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(client->fd, (struct sockaddr *)&address, sizeof address) < 0)
        return NULL;
    client->ssl = SSL_new(shared_context());
    SSL_set_fd(client->ssl, client->fd);
    if (SSL_connect(client->ssl) != 1)
        return NULL;
    return g_steal_pointer(&client);
}

void tls_client_free(TlsClient *client)
{
    if (!client)
        return;
    SSL_free(client->ssl);
    close(client->fd);
    g_byte_array_unref(client->in);
    g_free(client);
}

bool tls_client_send(TlsClient *client, const void *bytes, size_t size)
{
    return size == 0 || SSL_write(client->ssl, bytes, (int)size) == (int)size;
}

bool tls_client_send_text(TlsClient *client, const char *text)
{
    return tls_client_send(client, text, strlen(text));
}

int tls_client_read(TlsClient *client, void *buffer, size_t size)
{
    int n = SSL_read(client->ssl, buffer, (int)size);
    if (n > 0)
        return n;
    int reason = SSL_get_error(client->ssl, n);
    return reason == SSL_ERROR_WANT_READ ? -1 : 0;
}

bool tls_client_is_closed(TlsClient *client)
{
    char buffer[16384];
    int n;
    while ((n = tls_client_read(client, buffer, sizeof buffer)) > 0)
        ;
    return n == 0;
}

static bool fill(TlsClient *client, size_t size)
{
    char buffer[16384];
    while (client->in->len < size) {
        int n = tls_client_read(client, buffer, sizeof buffer);
        if (n <= 0)
            return false;
        g_byte_array_append(client->in, (guint8 *)buffer, (guint)n);
    }
    return true;
}

static void take(TlsClient *client, size_t size, GString *ret_bytes)
{
    if (ret_bytes)
        g_string_append_len(ret_bytes, (char *)client->in->data, (gssize)size);
    g_byte_array_remove_range(client->in, 0, (guint)size);
}

void tls_reply_clear(TlsReply *reply)
{
    g_clear_pointer(&reply->head, g_free);
    if (reply->body)
        g_string_free(g_steal_pointer(&reply->body), TRUE);
    reply->status = 0;
}

char *tls_reply_header(const TlsReply *reply, const char *name)
{
    if (!reply->head)
        return NULL;
    g_auto(GStrv) lines = g_strsplit(reply->head, "\r\n", -1);
    size_t size = strlen(name);
    for (unsigned i = 1; lines[i]; i++)
        if (g_ascii_strncasecmp(lines[i], name, size) == 0 && lines[i][size] == ':')
            return g_strstrip(g_strdup(lines[i] + size + 1));
    return NULL;
}

bool tls_client_read_reply(TlsClient *client, bool is_head, TlsReply *ret_reply)
{
    tls_reply_clear(ret_reply);
    const char *end = NULL;
    for (size_t wanted = 1; !end; wanted = client->in->len + 1) {
        if (!fill(client, wanted))
            return false;
        end = memmem(client->in->data, client->in->len, "\r\n\r\n", 4);
    }
    size_t head_size = (size_t)(end - (char *)client->in->data) + 4;
    ret_reply->head = g_strndup((char *)client->in->data, head_size);
    take(client, head_size, NULL);
    ret_reply->status = (unsigned)g_ascii_strtoull(ret_reply->head + strlen("HTTP/1.1 "), NULL, 10);
    ret_reply->body = g_string_new(NULL);
    g_autofree char *length = tls_reply_header(ret_reply, "Content-Length");
    size_t size = length && !is_head ? g_ascii_strtoull(length, NULL, 10) : 0;
    if (!fill(client, size))
        return false;
    take(client, size, ret_reply->body);
    return true;
}

bool tls_client_request(TlsClient *client, const char *method, const char *path,
                        const char *headers, const char *body, TlsReply *ret_reply)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "%s %s HTTP/1.1\r\nHost: localhost:1\r\n%s", method, path, headers);
    if (body)
        g_string_append_printf(text, "Content-Length: %zu\r\n", strlen(body));
    g_string_append_printf(text, "\r\n%s", body ? body : "");
    tls_reply_clear(ret_reply);
    return tls_client_send(client, text->str, text->len) &&
           tls_client_read_reply(client, strcmp(method, "HEAD") == 0, ret_reply);
}

bool tls_request(uint16_t port, const char *method, const char *path, const char *headers,
                 const char *body, TlsReply *ret_reply)
{
    g_autoptr(TlsClient) client = tls_client_new(port);
    return client && tls_client_request(client, method, path, headers, body, ret_reply);
}

unsigned tls_client_ws_open(TlsClient *client, const char *path, const char *headers)
{
    g_autofree char *lines =
        g_strconcat("Upgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
                    headers, NULL);
    g_auto(TlsReply) reply = {0};
    tls_client_request(client, "GET", path, lines, NULL, &reply);
    return reply.status;
}

bool tls_client_ws_send(TlsClient *client, unsigned opcode, const char *bytes, size_t size)
{
    g_autoptr(GByteArray) frame = g_byte_array_new();
    guint8 head[14] = {(guint8)(0x80 | opcode)};
    unsigned n = 2;
    if (size < 126) {
        head[1] = (guint8)(0x80 | size);
    } else if (size < 65536) {
        head[1] = 0x80 | 126;
        head[2] = (guint8)(size >> 8);
        head[3] = (guint8)size;
        n = 4;
    } else {
        head[1] = 0x80 | 127;
        for (unsigned i = 0; i < 8; i++)
            head[2 + i] = (guint8)((uint64_t)size >> (56 - 8 * i));
        n = 10;
    }
    /* A mask of zeros is a mask: the bytes stay as they are. */
    g_byte_array_append(frame, head, n + 4);
    if (size > 0)
        g_byte_array_append(frame, (const guint8 *)bytes, (guint)size);
    return tls_client_send(client, frame->data, frame->len);
}

int tls_client_ws_read(TlsClient *client, GString *ret_payload)
{
    if (!fill(client, 2))
        return -1;
    int opcode = client->in->data[0] & 0x0f;
    size_t size = client->in->data[1] & 0x7f;
    size_t n_head = size == 126 ? 4 : size == 127 ? 10 : 2;
    if (!fill(client, n_head))
        return -1;
    if (n_head > 2)
        size = 0;
    for (size_t i = 2; i < n_head; i++)
        size = size << 8 | client->in->data[i];
    if (!fill(client, n_head + size))
        return -1;
    take(client, n_head, NULL);
    g_string_truncate(ret_payload, 0);
    take(client, size, ret_payload);
    return opcode;
}

bool tls_client_ws_await(TlsClient *client, int opcode, GString *ret_payload)
{
    int got;
    while ((got = tls_client_ws_read(client, ret_payload)) >= 0)
        if (got == opcode)
            return true;
    return false;
}

void tls_test_keys_write(const char *cert_path, const char *key_path)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), 86400);
    X509_set_pubkey(cert, key);
    X509_NAME *name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1,
                               0);
    X509_set_issuer_name(cert, name);
    X509_sign(cert, key, EVP_sha256());
    FILE *file = fopen(cert_path, "we");
    g_assert(file && PEM_write_X509(file, cert) == 1);
    fclose(file);
    file = fopen(key_path, "we");
    g_assert(file && PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1);
    fclose(file);
    X509_free(cert);
    EVP_PKEY_free(key);
}
