// SPDX-License-Identifier: Apache-2.0
/* The certificate and the OpenSSL context made from it. */
#include "media/media.h"
#include "media/transport/dtls_internal.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <string.h>

enum { CERTIFICATE_DAYS = 3650 }; /* nobody checks it: the fingerprint in the signaling does */

struct DtlsIdentity {
    EVP_PKEY *key;
    X509 *certificate;
    uint8_t fingerprint[DTLS_FINGERPRINT_BYTES];
};

void dtls_set_openssl_error(GError **error, const char *what)
{
    char text[160];
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    ERR_clear_error();
    g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "%s: %s", what, text);
}

static bool fill_certificate(X509 *certificate, EVP_PKEY *key)
{
    uint64_t serial = 0;
    if (RAND_bytes((unsigned char *)&serial, sizeof serial) != 1)
        return false;
    X509_NAME *name = X509_get_subject_name(certificate);
    return X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -24L * 3600) &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), CERTIFICATE_DAYS * 24L * 3600) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"huyula", -1,
                                      -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

DtlsIdentity *dtls_identity_new(GError **error)
{
    g_autoptr(DtlsIdentity) identity = g_new0(DtlsIdentity, 1);
    identity->key = EVP_EC_gen("P-256");
    identity->certificate = X509_new();
    unsigned size = DTLS_FINGERPRINT_BYTES;
    if (!identity->key || !identity->certificate ||
        !fill_certificate(identity->certificate, identity->key) ||
        X509_digest(identity->certificate, EVP_sha256(), identity->fingerprint, &size) != 1) {
        dtls_set_openssl_error(error, "cannot make the DTLS certificate");
        return NULL;
    }
    return g_steal_pointer(&identity);
}

void dtls_identity_free(DtlsIdentity *identity)
{
    if (!identity)
        return;
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
    g_free(identity);
}

const uint8_t *dtls_identity_fingerprint(const DtlsIdentity *identity)
{
    return identity->fingerprint;
}

/* Any certificate passes here: who the peer is decides the fingerprint, after the handshake. */
static int accept_any(int preverified, X509_STORE_CTX *store)
{
    (void)preverified;
    (void)store;
    return 1;
}

static bool set_up_context(SSL_CTX *ssl_context, const DtlsIdentity *identity)
{
    SSL_CTX_set_options(ssl_context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_NO_QUERY_MTU | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(ssl_context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(ssl_context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
    SSL_CTX_set_verify_depth(ssl_context, 0);
    SSL_CTX_set_read_ahead(ssl_context, 1);
    /* RFC 8827, 6.5 wants ECDHE-ECDSA with AES-128-GCM; GStreamer's peers have RSA certificates. */
    return SSL_CTX_set_min_proto_version(ssl_context, DTLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(
               ssl_context, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                            "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384") == 1 &&
           SSL_CTX_set1_groups_list(ssl_context, "X25519:P-256") == 1 &&
           SSL_CTX_use_certificate(ssl_context, identity->certificate) == 1 &&
           SSL_CTX_use_PrivateKey(ssl_context, identity->key) == 1;
}

DtlsContext *dtls_context_new(const DtlsIdentity *identity, GError **error)
{
    g_autoptr(DtlsContext) context = g_new0(DtlsContext, 1);
    context->ssl_context = SSL_CTX_new(DTLS_method());
    context->bio_method = dtls_bio_method_new();
    if (!context->ssl_context || !context->bio_method ||
        !set_up_context(context->ssl_context, identity)) {
        dtls_set_openssl_error(error, "cannot set up DTLS");
        return NULL;
    }
    return g_steal_pointer(&context);
}

void dtls_context_free(DtlsContext *context)
{
    if (!context)
        return;
    SSL_CTX_free(context->ssl_context);
    BIO_meth_free(context->bio_method);
    g_free(context);
}
