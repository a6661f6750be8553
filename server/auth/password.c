// SPDX-License-Identifier: Apache-2.0
#include "server/auth/password.h"

#include "server/base/secret.h"

#include <argon2.h>
#include <string.h>

/* RFC 9106, 4 allows smaller memory where its 64 MiB do not fit; two verifications may run at once
 * beside the relay on a small machine. */
enum { COST_PASSES = 3, COST_KIB = 32 * 1024, COST_LANES = 1, SALT_BYTES = 16, HASH_BYTES = 32 };

/* Rows in which characters follow one another, on a keyboard and in the alphabet. */
static const char *const rows[] = {"1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop",
                                   "asdfghjkl", "zxcvbnm"};
/* What people write before and after a few digits. */
static const char *const words[] = {
    "password",  "katasandi", "sandi",     "rahasia",   "admin",         "administrator",
    "pengelola", "huyula",    "gorontalo", "indonesia", "puskesmas",     "telemedisin",
    "dokter",    "perawat",   "petugas",   "bismillah", "alhamdulillah", "sayang",
    "sayangku",  "welcome",   "letmein",   "iloveyou"};

static bool follows(char before, char after)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *at = before ? strchr(rows[i], before) : NULL;
        if (at && after && (at[1] == after || (at > rows[i] && at[-1] == after)))
            return true;
    }
    return false;
}

/* "1234567890", "qwerty12345": four characters in a row on the average. */
static bool is_run(const char *folded)
{
    size_t n_breaks = 0;
    for (const char *c = folded; *c && c[1]; c++)
        n_breaks += !follows(c[0], c[1]);
    return n_breaks * 4 < strlen(folded);
}

/* "Gorontalo-2026": one word that everybody would try first, and no other letter. */
static bool is_one_word(const char *folded)
{
    g_autoptr(GString) letters = g_string_new(NULL);
    for (const char *c = folded; *c; c++) {
        if (g_ascii_isalpha(*c) || (unsigned char)*c >= 0x80)
            g_string_append_c(letters, *c);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(letters->str, words[i]) == 0)
            return true;
    }
    return false;
}

const char *password_fault(const char *password, const char *login)
{
    if (g_utf8_strlen(password, -1) < PASSWORD_MIN_CHARS)
        return "too_short";
    if (strlen(password) > PASSWORD_MAX_BYTES)
        return "too_long";
    g_autofree char *folded_password = g_utf8_casefold(password, -1);
    g_autofree char *folded_login = g_utf8_casefold(login, -1);
    if (*folded_login && strstr(folded_password, folded_login))
        return "too_simple";
    if (is_run(folded_password) || is_one_word(folded_password))
        return "too_simple";
    /* Fewer than five different characters: "1111111111", "abababab12". */
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (const char *c = password; *c; c = g_utf8_next_char(c))
        g_hash_table_add(seen, GUINT_TO_POINTER(g_utf8_get_char(c)));
    return g_hash_table_size(seen) < 5 ? "too_simple" : NULL;
}

char *password_hash(const char *password, GError **error)
{
    uint8_t salt[SALT_BYTES];
    secret_random(salt, sizeof salt);
    size_t size =
        argon2_encodedlen(COST_PASSES, COST_KIB, COST_LANES, SALT_BYTES, HASH_BYTES, Argon2_id);
    g_autofree char *encoded = g_malloc0(size);
    int status =
        argon2id_hash_encoded(COST_PASSES, COST_KIB, COST_LANES, password, strlen(password), salt,
                              sizeof salt, HASH_BYTES, encoded, size);
    if (status != ARGON2_OK) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "argon2: %s",
                    argon2_error_message(status));
        return NULL;
    }
    return g_steal_pointer(&encoded);
}

bool password_verify(const char *hash, const char *password)
{
    if (hash)
        return argon2id_verify(hash, password, strlen(password)) == ARGON2_OK;
    g_autofree char *wasted = password_hash(password, NULL);
    return false;
}
