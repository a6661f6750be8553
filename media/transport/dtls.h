// SPDX-License-Identifier: Apache-2.0
/* DTLS 1.2 handshakes for SRTP keys (RFC 5764), on OpenSSL, which is seen here only. DtlsIdentity
 * is immutable and shared by all threads; a DtlsContext and its Dtls objects belong to one worker.
 * Retransmission starts at max(100 ms, 1.3 x RTT) instead of OpenSSL's second; the round trip is
 * the hint's, then that of the handshake's own flights. */
#pragma once
#include "media/transport/crypt.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    DTLS_FINGERPRINT_BYTES = 32,
    DTLS_MTU_BYTES = 1200,
    DTLS_HANDSHAKE_LIMIT_US = 30 * 1000 * 1000,
    DTLS_LINGER_US =
        60 * 1000 * 1000, /**< the object stays this long to repeat a lost last flight */
};

typedef struct DtlsIdentity DtlsIdentity;
/** A fresh ECDSA P-256 key with a self-signed certificate. */
DtlsIdentity *dtls_identity_new(GError **error);
void dtls_identity_free(DtlsIdentity *identity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DtlsIdentity, dtls_identity_free)
/** SHA-256 of the certificate, DTLS_FINGERPRINT_BYTES. */
const uint8_t *dtls_identity_fingerprint(const DtlsIdentity *identity);

typedef struct DtlsContext DtlsContext;
DtlsContext *dtls_context_new(const DtlsIdentity *identity, GError **error);
void dtls_context_free(DtlsContext *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DtlsContext, dtls_context_free)

/** Gets each datagram to be sent, at most DTLS_MTU_BYTES. */
typedef void (*DtlsSendFunc)(const uint8_t *data, size_t size, gpointer user_data);

typedef struct {
    bool active; /**< the server is the DTLS client */
    /** Offer AEAD_AES_128_GCM alone: a client that is given SHA1_80 too picks that. As the DTLS
     * server our order decides, GCM first, and this is ignored. */
    bool gcm_only;
    uint8_t peer_fingerprint[DTLS_FINGERPRINT_BYTES];
    uint32_t rtt_ms; /**< measured elsewhere; 0: not known */
    DtlsSendFunc send;
    gpointer user_data;
} DtlsOptions;

typedef enum {
    DTLS_STATE_HANDSHAKE,
    DTLS_STATE_CONNECTED, /**< the peer has shown the certificate of the fingerprint */
    DTLS_STATE_FAILED,
} DtlsState;

typedef struct Dtls Dtls;
Dtls *dtls_new(DtlsContext *context, const DtlsOptions *options, GError **error);
void dtls_free(Dtls *dtls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dtls, dtls_free)

/** Sends the ClientHello when active; nothing when passive. */
DtlsState dtls_start(Dtls *dtls);
/** Takes one datagram. Once connected, nothing that comes changes the state any more. */
DtlsState dtls_receive(Dtls *dtls, const uint8_t *data, size_t size);
/** Repeats a flight whose time has come. To be called at least when dtls_timeout_us() is over. */
DtlsState dtls_tick(Dtls *dtls);
/** Microseconds until dtls_tick() has work; -1: nothing to wait for. */
int64_t dtls_timeout_us(Dtls *dtls);
DtlsState dtls_state(const Dtls *dtls);
/** The SRTP keys, once CONNECTED (RFC 5764, 4.2); false when the handshake brought none. */
bool dtls_srtp_keys(Dtls *dtls, CryptKeys *ret_keys);
