// SPDX-License-Identifier: Apache-2.0
#include "server/base/ids.h"

#include <string.h>

#include "server/base/secret.h"

enum { ID_CHARS = 26, TOKEN_CHARS = 22 };

static const char id_alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
static const char token_alphabet[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char code_alphabet[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/* N characters of ALPHABET, each equally likely: random bytes past the largest multiple of its
 * length are thrown away. */
static char *random_text(const char *alphabet, unsigned n)
{
    size_t n_letters = strlen(alphabet);
    size_t limit = 256 - 256 % n_letters;
    char *text = g_malloc((size_t)n + 1);
    unsigned filled = 0;
    while (filled < n) {
        uint8_t bytes[32];
        secret_random(bytes, sizeof bytes);
        for (size_t i = 0; i < sizeof bytes && filled < n; i++) {
            if (bytes[i] < limit)
                text[filled++] = alphabet[bytes[i] % n_letters];
        }
        secret_wipe(bytes, sizeof bytes);
    }
    text[n] = '\0';
    return text;
}

/* A ULID: 48 bits of milliseconds and 80 random bits, five bits a character from the top. */
char *id_new(int64_t wall_ms)
{
    uint8_t random[10];
    secret_random(random, sizeof random);
    uint64_t time_bits = (uint64_t)MAX(wall_ms, 0) & 0xffffffffffffULL;
    char *text = g_malloc(ID_CHARS + 1);
    for (int i = 9; i >= 0; i--) {
        text[i] = id_alphabet[time_bits & 31U];
        time_bits >>= 5;
    }
    uint32_t buffer = 0;
    unsigned n_bits = 0;
    unsigned filled = 10;
    for (size_t i = 0; i < sizeof random; i++) {
        buffer = (buffer << 8) | random[i];
        n_bits += 8;
        while (n_bits >= 5) {
            n_bits -= 5;
            text[filled++] = id_alphabet[(buffer >> n_bits) & 31U];
        }
    }
    g_assert(filled == ID_CHARS);
    text[ID_CHARS] = '\0';
    return text;
}

static bool consists_of(const char *text, const char *alphabet, size_t n)
{
    return text && strlen(text) == n && strspn(text, alphabet) == n;
}

bool id_is_valid(const char *text)
{
    /* 26 characters hold 130 bits: the first can only be 0 to 7. */
    return consists_of(text, id_alphabet, ID_CHARS) && text[0] <= '7';
}

char *id_token_new(void)
{
    return random_text(token_alphabet, TOKEN_CHARS);
}

bool id_token_is_valid(const char *text)
{
    return consists_of(text, token_alphabet, TOKEN_CHARS);
}

char *id_code_new(unsigned n)
{
    return random_text(code_alphabet, n);
}
