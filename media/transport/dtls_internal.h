// SPDX-License-Identifier: Apache-2.0
/* Shared by dtls.c and dtls_identity.c only: OpenSSL's types do not go further. */
#pragma once
#include "media/transport/dtls.h"
#include <openssl/ssl.h>

struct DtlsContext {
    SSL_CTX *ssl_context;
    BIO_METHOD *bio_method;
};

/** A BIO that sends each write as one datagram and reads the one datagram at hand. */
BIO_METHOD *dtls_bio_method_new(void);
/** Takes OpenSSL's queued error into *error. */
void dtls_set_openssl_error(GError **error, const char *what);
