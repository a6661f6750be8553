// SPDX-License-Identifier: Apache-2.0
/* A blocking TLS client for tests, run on a thread of its own beside the server's main loop. It can
 * be as rude as a test needs: half heads, no reading, raw frames. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct TlsClient TlsClient;

/** Connects to 127.0.0.1:PORT; NULL when refused. */
TlsClient *tls_client_new(uint16_t port);
/** Closes without saying goodbye. NULL is fine. */
void tls_client_free(TlsClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsClient, tls_client_free)

bool tls_client_send(TlsClient *client, const void *bytes, size_t size);
bool tls_client_send_text(TlsClient *client, const char *text);
/** One read; 0 at the end, -1 on error or after 20 s. */
int tls_client_read(TlsClient *client, void *buffer, size_t size);
/** True when the server closes within 20 s; what it sends before is thrown away. */
bool tls_client_is_closed(TlsClient *client);

typedef struct {
    unsigned status; /**< 0: no answer */
    char *head;
    GString *body;
} TlsReply;
void tls_reply_clear(TlsReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TlsReply, tls_reply_clear)
/** Value of header NAME, NULL when absent; the caller owns it. */
char *tls_reply_header(const TlsReply *reply, const char *name);

/** Reads one answer. IS_HEAD: no body comes whatever the length says. */
bool tls_client_read_reply(TlsClient *client, bool is_head, TlsReply *ret_reply);
/** Sends a request (HEADERS: whole lines, may be ""; BODY may be NULL) and reads the answer. */
bool tls_client_request(TlsClient *client, const char *method, const char *path,
                        const char *headers, const char *body, TlsReply *ret_reply);
/** The same on a connection of its own. */
bool tls_request(uint16_t port, const char *method, const char *path, const char *headers,
                 const char *body, TlsReply *ret_reply);

/** Upgrades to a WebSocket; returns the status of the answer (101). HEADERS are added. */
unsigned tls_client_ws_open(TlsClient *client, const char *path, const char *headers);
/** Sends one masked frame; OPCODE 1 text, 2 binary, 8 close, 9 ping. */
bool tls_client_ws_send(TlsClient *client, unsigned opcode, const char *bytes, size_t size);
/** Reads one frame into *ret_payload; its opcode, or -1 at the end. */
int tls_client_ws_read(TlsClient *client, GString *ret_payload);
/** Reads frames until one of OPCODE comes; false at the end. */
bool tls_client_ws_await(TlsClient *client, int opcode, GString *ret_payload);

/** Writes a self-signed certificate and its key (ECDSA P-256). */
void tls_test_keys_write(const char *cert_path, const char *key_path);
