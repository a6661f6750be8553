// SPDX-License-Identifier: Apache-2.0
/* SRTP in both profiles; the GCM of this server against libsrtp's, which is another's reading of
 * RFC 7714. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first */
#include <cmocka.h>

#include "media/rtp/bytes.h"
#include "media/transport/crypt.h"
#include "media/transport/replay.h"

#include <srtp2/srtp.h>
#include <string.h>

enum { BUFFER = 1600 };

static CryptKeys keys_of(CryptProfile profile, bool mirrored)
{
    CryptKeys keys = {.profile = profile};
    for (unsigned i = 0; i < CRYPT_KEY_BYTES; i++) {
        keys.local_key[i] = (uint8_t)(i + (mirrored ? 100 : 1));
        keys.remote_key[i] = (uint8_t)(i + (mirrored ? 1 : 100));
    }
    for (unsigned i = 0; i < crypt_salt_bytes(profile); i++) {
        keys.local_salt[i] = (uint8_t)(i * 3 + (mirrored ? 200 : 50));
        keys.remote_salt[i] = (uint8_t)(i * 3 + (mirrored ? 50 : 200));
    }
    return keys;
}

static Crypt *crypt_of(CryptProfile profile, bool mirrored)
{
    CryptKeys keys = keys_of(profile, mirrored);
    Crypt *crypt = crypt_new(&keys, NULL);
    assert_non_null(crypt);
    return crypt;
}

/* A packet with N bytes of payload, with an extension and CSRCs when EXTRA. */
static size_t make_rtp(uint8_t *packet, uint32_t ssrc, uint16_t sequence, size_t n, bool extra)
{
    static const uint8_t more[] = {0, 0, 0, 7, 0xbe, 0xde, 0, 2, 0x10, 1, 2, 0, 0x21, 3, 4, 0};
    memset(packet, 0, 12);
    packet[0] = extra ? 0x91 : 0x80;
    packet[1] = 111;
    bytes_write_u16(packet + 2, sequence);
    bytes_write_u32(packet + 8, ssrc);
    size_t size = 12;
    if (extra) {
        memcpy(packet + size, more, sizeof more);
        size += sizeof more;
    }
    for (size_t i = 0; i < n; i++)
        packet[size++] = (uint8_t)(i * 7 + sequence);
    return size;
}

static size_t make_rtcp(uint8_t *packet, uint32_t ssrc, size_t n_words)
{
    memset(packet, 0, 8 + 4 * n_words);
    packet[0] = 0x80;
    packet[1] = 201;
    bytes_write_u16(packet + 2, (uint16_t)(1 + n_words));
    bytes_write_u32(packet + 4, ssrc);
    for (size_t i = 0; i < 4 * n_words; i++)
        packet[8 + i] = (uint8_t)(i + 1);
    return 8 + 4 * n_words;
}

static void round_trip(CryptProfile profile)
{
    Crypt *a = crypt_of(profile, false);
    Crypt *b = crypt_of(profile, true);
    for (unsigned i = 0; i < 70000; i += 97) { /* over the rollover */
        uint8_t packet[BUFFER];
        uint8_t plain[BUFFER];
        size_t n = make_rtp(packet, 5, (uint16_t)(60000 + i), i % 1200, i % 2 == 0);
        size_t size = n;
        memcpy(plain, packet, n);
        assert_int_equal(crypt_protect_rtp(a, packet, &size), CRYPT_OK);
        assert_true(size > n && size <= n + CRYPT_MAX_TRAILER_BYTES);
        assert_int_equal(crypt_unprotect_rtp(b, packet, &size), CRYPT_OK);
        assert_int_equal(size, n);
        assert_memory_equal(packet, plain, n);
        n = size = make_rtcp(packet, 6, i % 50);
        memcpy(plain, packet, n);
        assert_int_equal(crypt_protect_rtcp(a, packet, &size), CRYPT_OK);
        assert_int_equal(crypt_unprotect_rtcp(b, packet, &size), CRYPT_OK);
        assert_int_equal(size, n);
        assert_memory_equal(packet, plain, n);
    }
    crypt_free(a);
    crypt_free(b);
}

static void test_round_trips(void **state)
{
    (void)state;
    round_trip(CRYPT_PROFILE_AEAD_AES_128_GCM);
    round_trip(CRYPT_PROFILE_AES128_CM_SHA1_80);
}

static void refuses(CryptProfile profile)
{
    Crypt *a = crypt_of(profile, false);
    Crypt *b = crypt_of(profile, true);
    uint8_t packet[BUFFER];
    uint8_t copy[BUFFER];
    size_t size = make_rtp(packet, 5, 100, 50, true);
    assert_int_equal(crypt_protect_rtp(a, packet, &size), CRYPT_OK);
    for (size_t i = 0; i < size; i++) { /* any byte changed */
        if (i == 0 || (i >= 12 && i < 28))
            continue; /* the header's own structure: refused as malformed or unauthentic */
        memcpy(copy, packet, size);
        size_t n = size;
        copy[i] ^= 0x10;
        assert_int_not_equal(crypt_unprotect_rtp(b, copy, &n), CRYPT_OK);
    }
    memcpy(copy, packet, size);
    size_t n = size;
    assert_int_equal(crypt_unprotect_rtp(b, copy, &n), CRYPT_OK);
    memcpy(copy, packet, size);
    n = size;
    assert_int_equal(crypt_unprotect_rtp(b, copy, &n), CRYPT_REPLAYED);
    /* Never the same number twice, whatever the bytes. */
    n = make_rtp(packet, 5, 100, 60, false);
    assert_int_equal(crypt_protect_rtp(a, packet, &n), CRYPT_REPLAYED);
    size = make_rtcp(packet, 6, 4);
    assert_int_equal(crypt_protect_rtcp(a, packet, &size), CRYPT_OK);
    memcpy(copy, packet, size);
    n = size;
    assert_int_equal(crypt_unprotect_rtcp(b, copy, &n), CRYPT_OK);
    memcpy(copy, packet, size);
    n = size;
    assert_int_equal(crypt_unprotect_rtcp(b, copy, &n), CRYPT_REPLAYED);
    for (n = 0; n < 30; n++) { /* too short for anything */
        size_t left = n;
        memcpy(copy, packet, sizeof copy);
        assert_int_not_equal(crypt_unprotect_rtcp(b, copy, &left), CRYPT_OK);
        left = n;
        copy[0] = 0x80;
        assert_int_not_equal(crypt_unprotect_rtp(b, copy, &left), CRYPT_OK);
    }
    crypt_free(a);
    crypt_free(b);
}

static void test_changed_and_repeated_are_refused(void **state)
{
    (void)state;
    refuses(CRYPT_PROFILE_AEAD_AES_128_GCM);
    refuses(CRYPT_PROFILE_AES128_CM_SHA1_80);
}

static srtp_t library_session(srtp_ssrc_type_t direction, const uint8_t *key, const uint8_t *salt)
{
    uint8_t both[28];
    srtp_t session;
    srtp_policy_t policy = {.ssrc = {.type = direction}, .key = both, .window_size = 1024};
    memcpy(both, key, 16);
    memcpy(both + 16, salt, 12);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    assert_int_equal(srtp_create(&session, &policy), srtp_err_status_ok);
    return session;
}

static void test_gcm_is_the_librarys(void **state)
{
    (void)state;
    CryptKeys keys = keys_of(CRYPT_PROFILE_AEAD_AES_128_GCM, false);
    Crypt *ours = crypt_of(CRYPT_PROFILE_AEAD_AES_128_GCM, false);
    srtp_t sends = library_session(ssrc_any_outbound, keys.remote_key, keys.remote_salt);
    srtp_t takes = library_session(ssrc_any_inbound, keys.local_key, keys.local_salt);
    for (unsigned i = 0; i < 70000; i += 331) {
        uint8_t packet[BUFFER];
        uint8_t plain[BUFFER];
        size_t n = make_rtp(packet, 9, (uint16_t)(30000 + i), i % 1100, i % 2 == 0);
        memcpy(plain, packet, n);
        size_t size = n;
        assert_int_equal(crypt_protect_rtp(ours, packet, &size), CRYPT_OK);
        int length = (int)size;
        assert_int_equal(srtp_unprotect(takes, packet, &length), srtp_err_status_ok);
        assert_int_equal(length, n);
        assert_memory_equal(packet, plain, n);
        assert_int_equal(srtp_protect(sends, packet, &length), srtp_err_status_ok);
        size = (size_t)length;
        assert_int_equal(crypt_unprotect_rtp(ours, packet, &size), CRYPT_OK);
        assert_memory_equal(packet, plain, n);

        n = size = make_rtcp(packet, 9, i % 40);
        memcpy(plain, packet, n);
        assert_int_equal(crypt_protect_rtcp(ours, packet, &size), CRYPT_OK);
        length = (int)size;
        assert_int_equal(srtp_unprotect_rtcp(takes, packet, &length), srtp_err_status_ok);
        assert_memory_equal(packet, plain, n);
        assert_int_equal(srtp_protect_rtcp(sends, packet, &length), srtp_err_status_ok);
        size = (size_t)length;
        assert_int_equal(crypt_unprotect_rtcp(ours, packet, &size), CRYPT_OK);
        assert_int_equal(size, n);
        assert_memory_equal(packet, plain, n);
    }
    srtp_dealloc(sends);
    srtp_dealloc(takes);
    crypt_free(ours);
}

static void test_forged_ssrcs_take_no_place(void **state)
{
    (void)state;
    Crypt *a = crypt_of(CRYPT_PROFILE_AEAD_AES_128_GCM, false);
    Crypt *b = crypt_of(CRYPT_PROFILE_AEAD_AES_128_GCM, true);
    uint8_t packet[BUFFER];
    for (uint32_t i = 0; i < 1000; i++) {
        size_t size = make_rtp(packet, 1000 + i, 1, 60, false);
        assert_int_equal(crypt_unprotect_rtp(b, packet, &size), CRYPT_NOT_AUTHENTIC);
    }
    size_t size = make_rtp(packet, 5, 1, 60, false);
    assert_int_equal(crypt_protect_rtp(a, packet, &size), CRYPT_OK);
    assert_int_equal(crypt_unprotect_rtp(b, packet, &size), CRYPT_OK);
    crypt_free(a);
    crypt_free(b);
}

static void test_replay_window(void **state)
{
    (void)state;
    Replay replay = {0};
    uint64_t index;
    assert_true(replay_guess_index(&replay, 65000, &index));
    assert_int_equal(index, 65000);
    replay_use(&replay, index);
    assert_false(replay_is_fresh(&replay, 65000));
    assert_true(replay_guess_index(&replay, 10, &index));
    assert_int_equal(index, 65546);
    replay_use(&replay, index);
    assert_true(replay_guess_index(&replay, 65100, &index));
    assert_int_equal(index, 65100);
    assert_true(replay_is_fresh(&replay, index));
    assert_false(replay_is_fresh(&replay, 65000));
    assert_false(replay_is_fresh(&replay, 65546 - REPLAY_WINDOW));
    assert_true(replay_is_fresh(&replay, 65546 - REPLAY_WINDOW + 1));
    for (uint64_t i = 65547; i < 70000; i++) { /* a place is free again for each new index */
        assert_true(replay_is_fresh(&replay, i));
        replay_use(&replay, i);
        assert_false(replay_is_fresh(&replay, i));
    }
    /* A jump leaves the indexes in between free. */
    replay_use(&replay, 70500);
    assert_true(replay_is_fresh(&replay, 70499));
    assert_true(replay_is_fresh(&replay, 70000));
    assert_false(replay_is_fresh(&replay, 69999));
    replay_use(&replay, 90000);
    assert_true(replay_is_fresh(&replay, 89000));
    Replay low = {0};
    replay_use(&low, 3);
    assert_false(replay_guess_index(&low, 65535, &index));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_changed_and_repeated_are_refused),
        cmocka_unit_test(test_gcm_is_the_librarys),
        cmocka_unit_test(test_forged_ssrcs_take_no_place),
        cmocka_unit_test(test_replay_window),
    };
    if (!crypt_set_up(NULL))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
