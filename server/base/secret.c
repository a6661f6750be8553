// SPDX-License-Identifier: Apache-2.0
#include "server/base/secret.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "server/base/secret_private.h"

void secret_random(uint8_t *ret_bytes, size_t size)
{
    g_assert(size <= G_MAXINT);
    if (RAND_bytes(ret_bytes, (int)size) != 1)
        g_error("the system's random source failed");
}

bool secret_equal(const void *a, const void *b, size_t size)
{
    return CRYPTO_memcmp(a, b, size) == 0;
}

bool secret_equal_text(const char *a, const char *b)
{
    if (!a || !b)
        return false;
    size_t size = strlen(a);
    return size == strlen(b) && secret_equal(a, b, size);
}

void secret_wipe(void *bytes, size_t size)
{
    OPENSSL_cleanse(bytes, size);
}

void secret_text_free(char *text)
{
    if (!text)
        return;
    secret_wipe(text, strlen(text));
    g_free(text);
}

void secret_sha256(const void *data, size_t size, uint8_t ret_digest[32])
{
    unsigned n_bytes = 0;
    g_assert(EVP_Digest(data, size, ret_digest, &n_bytes, EVP_sha256(), NULL) == 1);
    g_assert(n_bytes == SECRET_DIGEST_BYTES);
}

void secret_hmac_sha1(const char *key, const char *text, uint8_t ret_digest[SECRET_SHA1_BYTES])
{
    size_t key_size = strlen(key);
    unsigned n_bytes = 0;
    g_assert(key_size <= G_MAXINT);
    g_assert(HMAC(EVP_sha1(), key, (int)key_size, (const uint8_t *)text, strlen(text), ret_digest,
                  &n_bytes));
    g_assert(n_bytes == SECRET_SHA1_BYTES);
}

char *secret_hex(const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char *text = g_malloc(size * 2 + 1);
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15U];
    }
    text[size * 2] = '\0';
    return text;
}

char *secret_sha256_hex(const void *data, size_t size)
{
    uint8_t digest[SECRET_DIGEST_BYTES];
    secret_sha256(data, size, digest);
    return secret_hex(digest, sizeof digest);
}
