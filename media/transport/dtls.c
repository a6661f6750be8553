// SPDX-License-Identifier: Apache-2.0
#include "media/transport/dtls.h"
#include "media/media.h"
#include "media/transport/dtls_internal.h"
#include "server/base/secret.h"

#include <openssl/err.h>
#include <openssl/srtp.h>
#include <string.h>

enum {
    TIMER_MIN_US = 100 * 1000,
    TIMER_UNKNOWN_US = 250 * 1000, /* RFC 9147, 5.8.2 has 1 s; a copy too many costs 200 bytes */
    TIMER_MAX_US = 4 * 1000 * 1000,
};

struct Dtls {
    SSL *ssl; /* owns the BIO */
    DtlsOptions options;
    DtlsState state;
    unsigned rtt_us;   /* 0: not known */
    int64_t flight_us; /* when the present flight went out, or its last copy but one; 0: none is */
    int64_t copied_us; /* its last copy; 0: none yet */
    uint8_t outgoing[DTLS_MTU_BYTES];
    size_t n_outgoing;
    const uint8_t *incoming; /* the datagram at hand, NULL between calls */
    size_t incoming_size;
};

/* RFC 6347, 4.1.1: a datagram may hold several records. OpenSSL repeats a flight record by record;
 * five datagrams are more bytes on a thin link and five chances to lose one. */
static void flush(Dtls *dtls)
{
    if (dtls->n_outgoing > 0)
        dtls->options.send(dtls->outgoing, dtls->n_outgoing, dtls->options.user_data);
    dtls->n_outgoing = 0;
}

static int bio_write(BIO *bio, const char *data, int size)
{
    Dtls *dtls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (size <= 0)
        return 0;
    if (dtls->n_outgoing + (size_t)size > sizeof dtls->outgoing)
        flush(dtls);
    if ((size_t)size > sizeof dtls->outgoing) {
        dtls->options.send((const uint8_t *)data, (size_t)size, dtls->options.user_data);
        return size;
    }
    memcpy(dtls->outgoing + dtls->n_outgoing, data, (size_t)size);
    dtls->n_outgoing += (size_t)size;
    return size;
}

static int bio_read(BIO *bio, char *data, int size)
{
    Dtls *dtls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (!dtls->incoming || size <= 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t n = MIN((size_t)size, dtls->incoming_size);
    memcpy(data, dtls->incoming, n);
    dtls->incoming = NULL;
    return (int)n;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
        return DTLS_MTU_BYTES;
    default:
        return 0;
    }
}

static int bio_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

BIO_METHOD *dtls_bio_method_new(void)
{
    BIO_METHOD *method =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "huyula datagram");
    if (!method)
        return NULL;
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_ctrl(method, bio_ctrl);
    BIO_meth_set_create(method, bio_create);
    return method;
}

/* Called by OpenSSL for the first time-out of a flight (0) and then with the last one. */
static unsigned next_timer(SSL *ssl, unsigned timer_us)
{
    Dtls *dtls = SSL_get_app_data(ssl);
    int64_t now_us = g_get_monotonic_time();
    if (timer_us != 0) {
        dtls->flight_us = dtls->copied_us != 0 ? dtls->copied_us : dtls->flight_us;
        dtls->copied_us = now_us;
        return MIN(timer_us * 2, (unsigned)TIMER_MAX_US);
    }
    dtls->flight_us = now_us;
    dtls->copied_us = 0;
    return dtls->rtt_us == 0
               ? TIMER_UNKNOWN_US
               : CLAMP(dtls->rtt_us / 10 * 13, (unsigned)TIMER_MIN_US, (unsigned)TIMER_MAX_US);
}

/* The peer answers a flight: a round trip, and the timer of the next flight. Which copy it answers
 * is not known (RFC 6298, 3, Karn's algorithm); the last but one errs on the patient side. */
static void measure(Dtls *dtls)
{
    if (dtls->flight_us == 0)
        return;
    int64_t rtt_us = g_get_monotonic_time() - dtls->flight_us;
    dtls->rtt_us = (unsigned)CLAMP(rtt_us, 1, TIMER_MAX_US);
    dtls->flight_us = 0;
}

Dtls *dtls_new(DtlsContext *context, const DtlsOptions *options, GError **error)
{
    g_autoptr(Dtls) dtls = g_new0(Dtls, 1);
    dtls->options = *options;
    dtls->rtt_us = MIN(options->rtt_ms, TIMER_MAX_US / 1000U) * 1000U;
    dtls->ssl = SSL_new(context->ssl_context);
    BIO *bio = BIO_new(context->bio_method);
    const char *profiles = options->active && options->gcm_only
                               ? "SRTP_AEAD_AES_128_GCM"
                               : "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";
    /* SSL_set_tlsext_use_srtp() returns 0 on success. */
    if (!dtls->ssl || !bio || SSL_set_tlsext_use_srtp(dtls->ssl, profiles) != 0) {
        BIO_free(bio);
        dtls_set_openssl_error(error, "cannot open a DTLS session");
        return NULL;
    }
    BIO_set_data(bio, dtls);
    SSL_set_bio(dtls->ssl, bio, bio);
    SSL_set_app_data(dtls->ssl, dtls);
    SSL_set_mtu(dtls->ssl, DTLS_MTU_BYTES);
    DTLS_set_timer_cb(dtls->ssl, next_timer);
    if (options->active)
        SSL_set_connect_state(dtls->ssl);
    else
        SSL_set_accept_state(dtls->ssl);
    return g_steal_pointer(&dtls);
}

void dtls_free(Dtls *dtls)
{
    if (!dtls)
        return;
    SSL_free(dtls->ssl);
    g_free(dtls);
}

static bool peer_is_right(const Dtls *dtls)
{
    X509 *certificate = SSL_get1_peer_certificate(dtls->ssl);
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    bool ok = certificate && X509_digest(certificate, EVP_sha256(), digest, &size) == 1 &&
              size == DTLS_FINGERPRINT_BYTES &&
              secret_equal(digest, dtls->options.peer_fingerprint, size);
    X509_free(certificate);
    return ok;
}

static DtlsState drive(Dtls *dtls)
{
    int result = SSL_do_handshake(dtls->ssl);
    if (result == 1) {
        bool ok = peer_is_right(dtls) && SSL_get_selected_srtp_profile(dtls->ssl);
        dtls->state = ok ? DTLS_STATE_CONNECTED : DTLS_STATE_FAILED;
    } else {
        int reason = SSL_get_error(dtls->ssl, result);
        if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE)
            dtls->state = DTLS_STATE_FAILED;
    }
    ERR_clear_error();
    flush(dtls);
    return dtls->state;
}

DtlsState dtls_start(Dtls *dtls)
{
    return dtls->state == DTLS_STATE_HANDSHAKE ? drive(dtls) : dtls->state;
}

DtlsState dtls_receive(Dtls *dtls, const uint8_t *data, size_t size)
{
    dtls->incoming = data;
    dtls->incoming_size = size;
    if (dtls->state == DTLS_STATE_HANDSHAKE) {
        measure(dtls);
        (void)drive(dtls);
    } else if (dtls->state == DTLS_STATE_CONNECTED) {
        /* A repeated flight of the peer makes OpenSSL repeat ours; application data is not ours. */
        uint8_t ignored[DTLS_MTU_BYTES];
        (void)SSL_read(dtls->ssl, ignored, sizeof ignored);
        ERR_clear_error();
        flush(dtls);
    }
    dtls->incoming = NULL;
    return dtls->state;
}

DtlsState dtls_tick(Dtls *dtls)
{
    if (dtls->state != DTLS_STATE_HANDSHAKE)
        return dtls->state;
    if (DTLSv1_handle_timeout(dtls->ssl) < 0)
        dtls->state = DTLS_STATE_FAILED;
    ERR_clear_error();
    flush(dtls);
    return dtls->state;
}

int64_t dtls_timeout_us(Dtls *dtls)
{
    struct timeval left;
    if (dtls->state != DTLS_STATE_HANDSHAKE || DTLSv1_get_timeout(dtls->ssl, &left) != 1)
        return -1;
    return (int64_t)left.tv_sec * G_USEC_PER_SEC + left.tv_usec;
}

DtlsState dtls_state(const Dtls *dtls)
{
    return dtls->state;
}

bool dtls_srtp_keys(Dtls *dtls, CryptKeys *ret_keys)
{
    if (dtls->state != DTLS_STATE_CONNECTED)
        return false;
    CryptKeys keys = {0};
    const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(dtls->ssl);
    switch (profile ? profile->id : 0) {
    case SRTP_AEAD_AES_128_GCM:
        keys.profile = CRYPT_PROFILE_AEAD_AES_128_GCM;
        break;
    case SRTP_AES128_CM_SHA1_80:
        keys.profile = CRYPT_PROFILE_AES128_CM_SHA1_80;
        break;
    default:
        return false;
    }
    /* RFC 5764, 4.2: client key, server key, client salt, server salt. */
    size_t n_salt = crypt_salt_bytes(keys.profile);
    uint8_t material[2 * (CRYPT_KEY_BYTES + CRYPT_MAX_SALT_BYTES)];
    static const char label[] = "EXTRACTOR-dtls_srtp";
    if (SSL_export_keying_material(dtls->ssl, material, 2 * (CRYPT_KEY_BYTES + n_salt), label,
                                   strlen(label), NULL, 0, 0) != 1) {
        ERR_clear_error();
        return false;
    }
    const size_t n_key = CRYPT_KEY_BYTES;
    const uint8_t *salts = material + 2 * n_key;
    size_t local = dtls->options.active ? 0 : 1;
    memcpy(keys.local_key, material + local * n_key, n_key);
    memcpy(keys.remote_key, material + (1 - local) * n_key, n_key);
    memcpy(keys.local_salt, salts + local * n_salt, n_salt);
    memcpy(keys.remote_salt, salts + (1 - local) * n_salt, n_salt);
    *ret_keys = keys;
    secret_wipe(material, sizeof material);
    secret_wipe(&keys, sizeof keys);
    return true;
}
