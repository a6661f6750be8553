// SPDX-License-Identifier: Apache-2.0
/* Secrets on OpenSSL: random bytes, constant-time comparison, hashes, and sealed columns.
 *
 * SecretBox holds the installation's keys, read from one file of mode 0600
 * (secret_box_create_file() writes it): an AES-256-GCM key for columns and an HMAC key for blind
 * indexes and token hashes. Immutable after loading; any thread. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void secret_random(uint8_t *ret_bytes, size_t size);
bool secret_equal(const void *a, const void *b, size_t size);
/** Compares two strings in constant time for their length; NULL is equal to nothing. */
bool secret_equal_text(const char *a, const char *b);
void secret_wipe(void *bytes, size_t size);
/** Wipes and frees a string; NULL is fine. */
void secret_text_free(char *text);
void secret_sha256(const void *data, size_t size, uint8_t ret_digest[32]);
enum { SECRET_SHA1_BYTES = 20 };
/** HMAC-SHA1 of TEXT under KEY: for protocols that ask for it (RFC 2104), never for our own. */
void secret_hmac_sha1(const char *key, const char *text, uint8_t ret_digest[SECRET_SHA1_BYTES]);
/** SHA-256 as 64 hexadecimal characters. */
char *secret_sha256_hex(const void *data, size_t size);

typedef struct SecretBox SecretBox;
/** Writes a new key file (mode 0600); fails when PATH exists. */
bool secret_box_create_file(const char *path, GError **error);
/** Reads the key file; refuses one that others may read. */
SecretBox *secret_box_load(const char *path, GError **error);
/** Fresh keys in memory only, for tests and throw-away clinics. */
SecretBox *secret_box_new_random(void);
void secret_box_free(SecretBox *box);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SecretBox, secret_box_free)

/** Seals TEXT for one column: base64 of key id, nonce, ciphertext, tag. CONTEXT ("patient.nik") is
 * authenticated with it, so that a value moved to another column does not open. */
char *secret_box_seal(const SecretBox *box, const char *context, const char *text);
/** Opens it; NULL with BASE_ERROR_INVALID when key, context or bytes do not fit. */
char *secret_box_open(const SecretBox *box, const char *context, const char *sealed,
                      GError **error);
enum { SECRET_BOX_MAX_BYTES = 16 * 1024 * 1024 };
/** As secret_box_seal(), of up to SECRET_BOX_MAX_BYTES bytes and without base64: for files. */
GBytes *secret_box_seal_bytes(const SecretBox *box, const char *context, const void *data,
                              size_t size);
/** Opens them; NULL with BASE_ERROR_INVALID when key, context or any bit does not fit. */
GBytes *secret_box_open_bytes(const SecretBox *box, const char *context, GBytes *sealed,
                              GError **error);
/** Keyed hash for finding a row by its secret value: HMAC-SHA-256 over context and text, 64 hex. */
char *secret_box_index(const SecretBox *box, const char *context, const char *text);
