// SPDX-License-Identifier: Apache-2.0
/* SRTP and SRTCP with AEAD_AES_128_GCM (RFC 3711 with RFC 7714) on OpenSSL's cipher contexts.
 * Private to crypt.c. It exists because Debian's libsrtp does GCM through a library that allocates
 * ten times and locks 28 times a packet; here a packet costs neither. Belongs to one worker. */
#pragma once
#include "media/transport/crypt.h"

enum { CRYPT_GCM_MAX_STREAMS = 64 /**< SSRCs of one direction; more are refused */ };

typedef struct CryptGcm CryptGcm;
CryptGcm *crypt_gcm_new(const CryptKeys *keys, GError **error);
void crypt_gcm_free(CryptGcm *gcm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CryptGcm, crypt_gcm_free)

/* As their namesakes in crypt.h. */
CryptStatus crypt_gcm_unprotect_rtp(CryptGcm *gcm, uint8_t *packet, size_t *size);
CryptStatus crypt_gcm_unprotect_rtcp(CryptGcm *gcm, uint8_t *packet, size_t *size);
CryptStatus crypt_gcm_protect_rtp(CryptGcm *gcm, uint8_t *packet, size_t *size);
CryptStatus crypt_gcm_protect_rtcp(CryptGcm *gcm, uint8_t *packet, size_t *size);
