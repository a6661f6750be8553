// SPDX-License-Identifier: Apache-2.0
#include "media/transport/crypt_gcm.h"
#include "media/media.h"
#include "media/rtp/bytes.h"
#include "media/transport/replay.h"
#include "server/base/secret.h"

#include <openssl/evp.h>
#include <string.h>

enum {
    TAG_BYTES = 16,
    SALT_BYTES = 12,
    IV_BYTES = 12,
    RTP_HEADER_BYTES = 12,
    RTCP_HEADER_BYTES = 8, /* what SRTCP leaves in the clear */
    RTCP_INDEX_BYTES = 4,
    MAX_PACKET_BYTES = 65535,
};

#define RTCP_ENCRYPTED (UINT32_C(1) << 31)
#define RTCP_INDEX_MAX (RTCP_ENCRYPTED - 1)

/* RFC 3711, 4.3.2 */
typedef enum {
    LABEL_RTP_KEY = 0,
    LABEL_RTP_SALT = 2,
    LABEL_RTCP_KEY = 3,
    LABEL_RTCP_SALT = 5,
} Label;

typedef struct {
    uint32_t ssrc;
    Replay rtp;
    Replay rtcp; /* incoming: what came; outgoing: .highest is the last index used */
} Stream;

/* One direction. */
typedef struct {
    EVP_CIPHER_CTX *rtp;
    EVP_CIPHER_CTX *rtcp;
    uint8_t rtp_salt[SALT_BYTES];
    uint8_t rtcp_salt[SALT_BYTES];
    unsigned n_streams;
    Stream streams[CRYPT_GCM_MAX_STREAMS];
} Side;

struct CryptGcm {
    Side in;
    Side out;
};

/* RFC 3711, 4.3.1 and 4.3.3 with a key derivation rate of 0: the AES-CM key stream at the master
 * salt with the label in its eighth byte; RFC 7714, 11: a salt of 12 bytes is filled with zeros. */
static bool derive(const uint8_t *key, const uint8_t *salt, Label label, uint8_t *ret_bytes,
                   int n_bytes)
{
    uint8_t iv[16] = {0};
    uint8_t zeros[CRYPT_KEY_BYTES] = {0};
    int n = 0;
    memcpy(iv, salt, SALT_BYTES);
    iv[7] ^= (uint8_t)label;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool ok = ctx && EVP_EncryptInit_ex(ctx, EVP_aes_128_ctr(), NULL, key, iv) == 1 &&
              EVP_EncryptUpdate(ctx, ret_bytes, &n, zeros, n_bytes) == 1 && n == n_bytes;
    EVP_CIPHER_CTX_free(ctx);
    return ok;
}

static EVP_CIPHER_CTX *new_cipher(const uint8_t *master_key, const uint8_t *master_salt,
                                  Label label, bool encrypts)
{
    uint8_t key[CRYPT_KEY_BYTES];
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool ok = ctx && derive(master_key, master_salt, label, key, sizeof key) &&
              EVP_CipherInit_ex(ctx, EVP_aes_128_gcm(), NULL, key, NULL, encrypts) == 1;
    secret_wipe(key, sizeof key);
    if (ok)
        return ctx;
    EVP_CIPHER_CTX_free(ctx);
    return NULL;
}

static bool open_side(Side *side, const uint8_t *key, const uint8_t *salt, bool encrypts)
{
    side->rtp = new_cipher(key, salt, LABEL_RTP_KEY, encrypts);
    side->rtcp = new_cipher(key, salt, LABEL_RTCP_KEY, encrypts);
    return side->rtp && side->rtcp &&
           derive(key, salt, LABEL_RTP_SALT, side->rtp_salt, SALT_BYTES) &&
           derive(key, salt, LABEL_RTCP_SALT, side->rtcp_salt, SALT_BYTES);
}

static void clear_side(Side *side)
{
    EVP_CIPHER_CTX_free(side->rtp);
    EVP_CIPHER_CTX_free(side->rtcp);
    secret_wipe(side, sizeof *side);
}

CryptGcm *crypt_gcm_new(const CryptKeys *keys, GError **error)
{
    g_autoptr(CryptGcm) gcm = g_new0(CryptGcm, 1);
    if (!open_side(&gcm->in, keys->remote_key, keys->remote_salt, false) ||
        !open_side(&gcm->out, keys->local_key, keys->local_salt, true)) {
        g_set_error_literal(error, MEDIA_ERROR, MEDIA_ERROR_FAILED, "cannot set up AES-GCM");
        return NULL;
    }
    return g_steal_pointer(&gcm);
}

void crypt_gcm_free(CryptGcm *gcm)
{
    if (!gcm)
        return;
    clear_side(&gcm->in);
    clear_side(&gcm->out);
    g_free(gcm);
}

static Stream *find_stream(Side *side, uint32_t ssrc)
{
    for (unsigned i = 0; i < side->n_streams; i++) {
        if (side->streams[i].ssrc == ssrc)
            return &side->streams[i];
    }
    return NULL;
}

/* The entry of SSRC; a new one is written into the next free place but not yet counted, so that an
 * SSRC whose packet turns out forged leaves nothing behind. */
static Stream *candidate_stream(Side *side, uint32_t ssrc)
{
    Stream *stream = find_stream(side, ssrc);
    if (stream || side->n_streams == CRYPT_GCM_MAX_STREAMS)
        return stream;
    stream = &side->streams[side->n_streams];
    *stream = (Stream){.ssrc = ssrc};
    return stream;
}

static void keep_stream(Side *side, const Stream *stream)
{
    if (stream == &side->streams[side->n_streams])
        side->n_streams++;
}

/* RFC 7714, 8.1 (and 9.1 with HIGH = 0): two zero bytes, SSRC, 48 bits of index; XOR the salt. */
static void make_iv(const uint8_t *salt, uint32_t ssrc, uint64_t index, uint8_t iv[IV_BYTES])
{
    iv[0] = 0;
    iv[1] = 0;
    bytes_write_u32(iv + 2, ssrc);
    bytes_write_u16(iv + 6, (uint16_t)(index >> 32));
    bytes_write_u32(iv + 8, (uint32_t)index);
    for (unsigned i = 0; i < IV_BYTES; i++)
        iv[i] ^= salt[i];
}

/* What is authenticated without being encrypted: a header and, for SRTCP, the index word. */
typedef struct {
    const uint8_t *iv;
    const uint8_t *header;
    size_t n_header;
    const uint8_t *trailer;
    size_t n_trailer;
} Clear;

static bool feed(EVP_CIPHER_CTX *ctx, const Clear *clear, bool encrypts)
{
    int n;
    return EVP_CipherInit_ex(ctx, NULL, NULL, NULL, clear->iv, encrypts) == 1 &&
           EVP_CipherUpdate(ctx, NULL, &n, clear->header, (int)clear->n_header) == 1 &&
           (clear->n_trailer == 0 ||
            EVP_CipherUpdate(ctx, NULL, &n, clear->trailer, (int)clear->n_trailer) == 1);
}

/* Encrypts N bytes of TEXT in place and writes the tag behind them. */
static bool seal(EVP_CIPHER_CTX *ctx, const Clear *clear, uint8_t *text, size_t n_text)
{
    int n = 0;
    return feed(ctx, clear, true) &&
           (n_text == 0 || EVP_CipherUpdate(ctx, text, &n, text, (int)n_text) == 1) &&
           EVP_CipherFinal_ex(ctx, text + n_text, &n) == 1 &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, text + n_text) == 1;
}

/* Decrypts N bytes of TEXT in place; false when the tag behind them is not theirs. */
static bool unseal(EVP_CIPHER_CTX *ctx, const Clear *clear, uint8_t *text, size_t n_text)
{
    int n = 0;
    uint8_t none[TAG_BYTES];
    return feed(ctx, clear, false) &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, text + n_text) == 1 &&
           (n_text == 0 || EVP_CipherUpdate(ctx, text, &n, text, (int)n_text) == 1) &&
           EVP_CipherFinal_ex(ctx, none, &n) == 1;
}

/* RFC 3550, 5.1 and 5.3.1: where the payload starts; 0 when there is none. */
static size_t rtp_header_bytes(const uint8_t *packet, size_t size)
{
    if (size < RTP_HEADER_BYTES || packet[0] >> 6 != 2)
        return 0;
    size_t n = RTP_HEADER_BYTES + 4U * (packet[0] & 15);
    if (packet[0] & 0x10) {
        if (size < n + 4)
            return 0;
        n += 4 + 4U * bytes_read_u16(packet + n + 2);
    }
    return size >= n ? n : 0;
}

CryptStatus crypt_gcm_protect_rtp(CryptGcm *gcm, uint8_t *packet, size_t *size)
{
    Side *side = &gcm->out;
    size_t n_header = rtp_header_bytes(packet, *size);
    if (n_header == 0 || *size > MAX_PACKET_BYTES)
        return CRYPT_FAILED;
    uint32_t ssrc = bytes_read_u32(packet + 8);
    Stream *stream = candidate_stream(side, ssrc);
    uint64_t index;
    if (!stream)
        return CRYPT_FAILED;
    if (!replay_guess_index(&stream->rtp, bytes_read_u16(packet + 2), &index) ||
        !replay_is_fresh(&stream->rtp, index))
        return CRYPT_REPLAYED;
    if (index >> 48)
        return CRYPT_FAILED; /* RFC 3711, 9.2: the key is used up */
    uint8_t iv[IV_BYTES];
    make_iv(side->rtp_salt, ssrc, index, iv);
    /* Used up before the cipher runs: a nonce is never tried twice. */
    replay_use(&stream->rtp, index);
    keep_stream(side, stream);
    Clear clear = {.iv = iv, .header = packet, .n_header = n_header};
    if (!seal(side->rtp, &clear, packet + n_header, *size - n_header))
        return CRYPT_FAILED;
    *size += TAG_BYTES;
    return CRYPT_OK;
}

CryptStatus crypt_gcm_unprotect_rtp(CryptGcm *gcm, uint8_t *packet, size_t *size)
{
    Side *side = &gcm->in;
    size_t n_header = rtp_header_bytes(packet, *size);
    if (n_header == 0 || *size > MAX_PACKET_BYTES || *size < n_header + TAG_BYTES)
        return CRYPT_FAILED;
    uint32_t ssrc = bytes_read_u32(packet + 8);
    Stream *stream = candidate_stream(side, ssrc);
    uint64_t index;
    if (!stream)
        return CRYPT_FAILED;
    if (!replay_guess_index(&stream->rtp, bytes_read_u16(packet + 2), &index))
        return CRYPT_NOT_AUTHENTIC; /* no sender has an index below 0 */
    if (!replay_is_fresh(&stream->rtp, index))
        return CRYPT_REPLAYED;
    uint8_t iv[IV_BYTES];
    make_iv(side->rtp_salt, ssrc, index, iv);
    Clear clear = {.iv = iv, .header = packet, .n_header = n_header};
    size_t n_text = *size - n_header - TAG_BYTES;
    if (!unseal(side->rtp, &clear, packet + n_header, n_text))
        return CRYPT_NOT_AUTHENTIC;
    replay_use(&stream->rtp, index);
    keep_stream(side, stream);
    *size = n_header + n_text;
    return CRYPT_OK;
}

CryptStatus crypt_gcm_protect_rtcp(CryptGcm *gcm, uint8_t *packet, size_t *size)
{
    Side *side = &gcm->out;
    if (*size < RTCP_HEADER_BYTES || *size > MAX_PACKET_BYTES)
        return CRYPT_FAILED;
    uint32_t ssrc = bytes_read_u32(packet + 4);
    Stream *stream = candidate_stream(side, ssrc);
    if (!stream || stream->rtcp.highest >= RTCP_INDEX_MAX)
        return CRYPT_FAILED;
    uint64_t index = ++stream->rtcp.highest;
    keep_stream(side, stream);
    uint8_t iv[IV_BYTES];
    uint8_t word[RTCP_INDEX_BYTES];
    make_iv(side->rtcp_salt, ssrc, index, iv);
    bytes_write_u32(word, RTCP_ENCRYPTED | (uint32_t)index);
    Clear clear = {iv, packet, RTCP_HEADER_BYTES, word, sizeof word};
    if (!seal(side->rtcp, &clear, packet + RTCP_HEADER_BYTES, *size - RTCP_HEADER_BYTES))
        return CRYPT_FAILED;
    memcpy(packet + *size + TAG_BYTES, word, sizeof word);
    *size += TAG_BYTES + RTCP_INDEX_BYTES;
    return CRYPT_OK;
}

CryptStatus crypt_gcm_unprotect_rtcp(CryptGcm *gcm, uint8_t *packet, size_t *size)
{
    Side *side = &gcm->in;
    if (*size < RTCP_HEADER_BYTES + TAG_BYTES + RTCP_INDEX_BYTES || *size > MAX_PACKET_BYTES)
        return CRYPT_FAILED;
    uint8_t word[RTCP_INDEX_BYTES];
    memcpy(word, packet + *size - RTCP_INDEX_BYTES, sizeof word);
    uint32_t value = bytes_read_u32(word);
    /* RFC 8827 has all RTCP encrypted; what only claims to be authenticated is not taken. */
    if (!(value & RTCP_ENCRYPTED))
        return CRYPT_FAILED;
    uint32_t index = value & RTCP_INDEX_MAX;
    uint32_t ssrc = bytes_read_u32(packet + 4);
    Stream *stream = candidate_stream(side, ssrc);
    if (!stream)
        return CRYPT_FAILED;
    if (!replay_is_fresh(&stream->rtcp, index))
        return CRYPT_REPLAYED;
    uint8_t iv[IV_BYTES];
    make_iv(side->rtcp_salt, ssrc, index, iv);
    Clear clear = {iv, packet, RTCP_HEADER_BYTES, word, sizeof word};
    size_t n_text = *size - RTCP_HEADER_BYTES - TAG_BYTES - RTCP_INDEX_BYTES;
    if (!unseal(side->rtcp, &clear, packet + RTCP_HEADER_BYTES, n_text))
        return CRYPT_NOT_AUTHENTIC;
    replay_use(&stream->rtcp, index);
    keep_stream(side, stream);
    *size = RTCP_HEADER_BYTES + n_text;
    return CRYPT_OK;
}
