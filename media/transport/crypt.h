// SPDX-License-Identifier: Apache-2.0
/* SRTP and SRTCP of one peer, in place: AEAD_AES_128_GCM (RFC 7714) by crypt_gcm.c on OpenSSL,
 * without allocation or lock; AES128_CM_SHA1_80 (RFC 3711), for old clients, by libsrtp, which is
 * seen here only. Call crypt_set_up() once per process; a Crypt belongs to one worker. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    CRYPT_PROFILE_AEAD_AES_128_GCM,
    CRYPT_PROFILE_AES128_CM_SHA1_80,
} CryptProfile;

enum {
    CRYPT_KEY_BYTES = 16,
    CRYPT_MAX_SALT_BYTES = 14,
    CRYPT_MAX_TRAILER_BYTES = 32, /**< room to leave behind a packet before protecting it */
};

/** Salt bytes of a profile: 12 (RFC 7714, 12) or 14 (RFC 5764, 4.1.2). */
size_t crypt_salt_bytes(CryptProfile profile);

typedef struct {
    CryptProfile profile;
    uint8_t local_key[CRYPT_KEY_BYTES];
    uint8_t local_salt[CRYPT_MAX_SALT_BYTES];
    uint8_t remote_key[CRYPT_KEY_BYTES];
    uint8_t remote_salt[CRYPT_MAX_SALT_BYTES];
} CryptKeys;

typedef enum {
    CRYPT_OK = 0,
    CRYPT_NOT_AUTHENTIC,
    CRYPT_REPLAYED, /**< seen before, or behind the window of 1024 */
    CRYPT_FAILED,   /**< malformed, or the keys are used up */
} CryptStatus;

bool crypt_set_up(GError **error);

typedef struct Crypt Crypt;
Crypt *crypt_new(const CryptKeys *keys, GError **error);
void crypt_free(Crypt *crypt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Crypt, crypt_free)

/** Opens a packet in place; *size shrinks by the tag. The packet is unchanged in meaning only on
 * CRYPT_OK. */
CryptStatus crypt_unprotect_rtp(Crypt *crypt, uint8_t *packet,
                                size_t *size) G_GNUC_WARN_UNUSED_RESULT;
CryptStatus crypt_unprotect_rtcp(Crypt *crypt, uint8_t *packet,
                                 size_t *size) G_GNUC_WARN_UNUSED_RESULT;
/** Seals a packet in place; CRYPT_MAX_TRAILER_BYTES must be free behind it. It refuses
 * (CRYPT_REPLAYED) an SSRC and sequence number that it protected before: under GCM the same nonce
 * with changed bytes would give the key stream away. */
CryptStatus crypt_protect_rtp(Crypt *crypt, uint8_t *packet,
                              size_t *size) G_GNUC_WARN_UNUSED_RESULT;
CryptStatus crypt_protect_rtcp(Crypt *crypt, uint8_t *packet,
                               size_t *size) G_GNUC_WARN_UNUSED_RESULT;
