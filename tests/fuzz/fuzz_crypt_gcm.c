// SPDX-License-Identifier: Apache-2.0
// SRTP and SRTCP under GCM with fixed keys. The input is a row of packets: a byte of mode, one of
// place, two of length, the bytes. A raw packet is opened as it stands; another is sealed first,
// opened with one byte changed, which must fail, and then as it was, which must give the plain
// bytes back.
#include "media/transport/crypt_gcm.h"

#include <string.h>

#include "media/rtp/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MODE_RTCP = 1, MODE_SEALED = 2, RECORD_BYTES = 4 };

typedef struct {
    CryptGcm *sender;
    CryptGcm *receiver;
} Pair;

static CryptGcm *make(bool is_receiver)
{
    CryptKeys keys = {.profile = CRYPT_PROFILE_AEAD_AES_128_GCM};
    memset(is_receiver ? keys.remote_key : keys.local_key, 1, CRYPT_KEY_BYTES);
    memset(is_receiver ? keys.local_key : keys.remote_key, 2, CRYPT_KEY_BYTES);
    CryptGcm *gcm = crypt_gcm_new(&keys, NULL);
    g_assert(gcm);
    return gcm;
}

/* Opens an exact copy of the packet, so that reading or writing a byte too far is seen. */
static CryptStatus open_copy(CryptGcm *gcm, bool is_rtcp, const uint8_t *packet, size_t size,
                             const uint8_t *wanted)
{
    g_autofree uint8_t *copy = g_memdup2(packet, size);
    size_t n = size;
    CryptStatus status =
        is_rtcp ? crypt_gcm_unprotect_rtcp(gcm, copy, &n) : crypt_gcm_unprotect_rtp(gcm, copy, &n);
    if (status == CRYPT_OK) {
        g_assert(wanted && n < size);
        g_assert(memcmp(copy, wanted, n) == 0);
    } else {
        g_assert(n == size);
    }
    return status;
}

static void try_sealed(Pair *pair, bool is_rtcp, uint8_t place, const uint8_t *plain, size_t size)
{
    g_autofree uint8_t *packet = g_malloc(size + CRYPT_MAX_TRAILER_BYTES);
    size_t n = size;
    if (size > 0)
        memcpy(packet, plain, size);
    CryptStatus status = is_rtcp ? crypt_gcm_protect_rtcp(pair->sender, packet, &n)
                                 : crypt_gcm_protect_rtp(pair->sender, packet, &n);
    if (status != CRYPT_OK)
        return;
    g_assert(n > size && n <= size + CRYPT_MAX_TRAILER_BYTES);
    packet[place % n] ^= 1;
    g_assert(open_copy(pair->receiver, is_rtcp, packet, n, NULL) != CRYPT_OK);
    packet[place % n] ^= 1;
    g_assert(open_copy(pair->receiver, is_rtcp, packet, n, plain) == CRYPT_OK);
    g_assert(open_copy(pair->receiver, is_rtcp, packet, n, NULL) == CRYPT_REPLAYED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Pair pair = {make(false), make(true)};
    while (size >= RECORD_BYTES) {
        uint8_t mode = data[0];
        uint8_t place = data[1];
        size_t n = MIN(bytes_read_u16(data + 2), size - RECORD_BYTES);
        const uint8_t *packet = data + RECORD_BYTES;
        if (mode & MODE_SEALED)
            try_sealed(&pair, mode & MODE_RTCP, place, packet, n);
        else
            g_assert(open_copy(pair.receiver, mode & MODE_RTCP, packet, n, NULL) != CRYPT_OK);
        data += RECORD_BYTES + n;
        size -= RECORD_BYTES + n;
    }
    crypt_gcm_free(pair.sender);
    crypt_gcm_free(pair.receiver);
    return 0;
}
