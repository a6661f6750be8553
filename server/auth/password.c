// SPDX-License-Identifier: Apache-2.0
#include "server/auth/password.h"

#include "server/base/secret.h"

#include <argon2.h>
#include <string.h>

/* RFC 9106, 4 allows smaller memory where its 64 MiB do not fit; two verifications may run at once
 * beside the relay on a small machine. */
enum { COST_PASSES = 3, COST_KIB = 32 * 1024, COST_LANES = 1, SALT_BYTES = 16, HASH_BYTES = 32 };

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
