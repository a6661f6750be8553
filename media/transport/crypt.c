// SPDX-License-Identifier: Apache-2.0
#include "media/transport/crypt.h"
#include "media/media.h"
#include "media/transport/crypt_gcm.h"
#include "server/base/secret.h"

#include <srtp2/srtp.h>
#include <string.h>

enum { REPLAY_WINDOW_PACKETS = 1024 };

G_STATIC_ASSERT(CRYPT_MAX_TRAILER_BYTES >= 16 + 4);

struct Crypt {
    CryptGcm *gcm; /* AEAD_AES_128_GCM; the rest is NULL then */
    srtp_t in;
    srtp_t out;
};

size_t crypt_salt_bytes(CryptProfile profile)
{
    return profile == CRYPT_PROFILE_AEAD_AES_128_GCM ? 12 : 14;
}

bool crypt_set_up(GError **error)
{
    static gsize done;
    static srtp_err_status_t status = srtp_err_status_fail;
    if (g_once_init_enter(&done)) {
        status = srtp_init();
        g_once_init_leave(&done, 1);
    }
    if (status != srtp_err_status_ok) {
        g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "srtp_init: %d", (int)status);
        return false;
    }
    return true;
}

static bool open_session(srtp_t *ret_session, srtp_ssrc_type_t direction, uint8_t *key,
                         GError **error)
{
    srtp_policy_t policy = {
        .ssrc = {.type = direction},
        .key = key,
        .window_size = REPLAY_WINDOW_PACKETS,
        .allow_repeat_tx = 0,
    };
    srtp_crypto_policy_set_rtp_default(&policy.rtp); /* AES-CM-128, HMAC-SHA1-80 */
    srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
    srtp_err_status_t status = srtp_create(ret_session, &policy);
    if (status == srtp_err_status_ok)
        return true;
    *ret_session = NULL;
    g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "srtp_create: %d", (int)status);
    return false;
}

static bool open_sessions(Crypt *crypt, const CryptKeys *keys, GError **error)
{
    uint8_t key[CRYPT_KEY_BYTES + CRYPT_MAX_SALT_BYTES];
    memcpy(key, keys->remote_key, CRYPT_KEY_BYTES);
    memcpy(key + CRYPT_KEY_BYTES, keys->remote_salt, CRYPT_MAX_SALT_BYTES);
    bool ok = open_session(&crypt->in, ssrc_any_inbound, key, error);
    if (ok) {
        memcpy(key, keys->local_key, CRYPT_KEY_BYTES);
        memcpy(key + CRYPT_KEY_BYTES, keys->local_salt, CRYPT_MAX_SALT_BYTES);
        ok = open_session(&crypt->out, ssrc_any_outbound, key, error);
    }
    secret_wipe(key, sizeof key);
    return ok;
}

Crypt *crypt_new(const CryptKeys *keys, GError **error)
{
    g_autoptr(Crypt) crypt = g_new0(Crypt, 1);
    bool ok = false;
    switch (keys->profile) {
    case CRYPT_PROFILE_AEAD_AES_128_GCM:
        crypt->gcm = crypt_gcm_new(keys, error);
        ok = crypt->gcm != NULL;
        break;
    case CRYPT_PROFILE_AES128_CM_SHA1_80:
        ok = open_sessions(crypt, keys, error);
        break;
    }
    return ok ? g_steal_pointer(&crypt) : NULL;
}

void crypt_free(Crypt *crypt)
{
    if (!crypt)
        return;
    crypt_gcm_free(crypt->gcm);
    if (crypt->in)
        (void)srtp_dealloc(crypt->in);
    if (crypt->out)
        (void)srtp_dealloc(crypt->out);
    g_free(crypt);
}

static CryptStatus result(srtp_err_status_t status, int size, size_t *ret_size)
{
    switch ((int)status) {
    case srtp_err_status_ok:
        *ret_size = (size_t)size;
        return CRYPT_OK;
    case srtp_err_status_replay_fail:
    case srtp_err_status_replay_old:
        return CRYPT_REPLAYED;
    case srtp_err_status_auth_fail:
        return CRYPT_NOT_AUTHENTIC;
    default:
        return CRYPT_FAILED;
    }
}

CryptStatus crypt_unprotect_rtp(Crypt *crypt, uint8_t *packet, size_t *size)
{
    if (crypt->gcm)
        return crypt_gcm_unprotect_rtp(crypt->gcm, packet, size);
    int n = (int)*size;
    srtp_err_status_t status = srtp_unprotect(crypt->in, packet, &n);
    return result(status, n, size);
}

CryptStatus crypt_unprotect_rtcp(Crypt *crypt, uint8_t *packet, size_t *size)
{
    if (crypt->gcm)
        return crypt_gcm_unprotect_rtcp(crypt->gcm, packet, size);
    int n = (int)*size;
    srtp_err_status_t status = srtp_unprotect_rtcp(crypt->in, packet, &n);
    return result(status, n, size);
}

CryptStatus crypt_protect_rtp(Crypt *crypt, uint8_t *packet, size_t *size)
{
    if (crypt->gcm)
        return crypt_gcm_protect_rtp(crypt->gcm, packet, size);
    int n = (int)*size;
    srtp_err_status_t status = srtp_protect(crypt->out, packet, &n);
    return result(status, n, size);
}

CryptStatus crypt_protect_rtcp(Crypt *crypt, uint8_t *packet, size_t *size)
{
    if (crypt->gcm)
        return crypt_gcm_protect_rtcp(crypt->gcm, packet, size);
    int n = (int)*size;
    srtp_err_status_t status = srtp_protect_rtcp(crypt->out, packet, &n);
    return result(status, n, size);
}
