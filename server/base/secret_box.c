// SPDX-License-Identifier: Apache-2.0
#include "server/base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/error.h"
#include "server/base/secret_private.h"

/* A sealed value before base64: key id (1), nonce (12), ciphertext, tag (16). */
enum {
    KEY_BYTES = 32,
    NONCE_BYTES = 12,
    TAG_BYTES = 16,
    MAX_SEAL_KEYS = 16,
    MAX_FILE_BYTES = 4096,
    MAX_SEALED_BYTES = 1024 * 1024,
};

typedef struct {
    uint8_t id; /* 1 to 255 */
    uint8_t bytes[KEY_BYTES];
} SealKey;

/* Several seal keys so that a new one can be added while rows sealed with the old still open; the
 * last of the file seals. */
struct SecretBox {
    SealKey seal_keys[MAX_SEAL_KEYS];
    unsigned n_seal_keys;
    bool has_index_key;
    uint8_t index_key[KEY_BYTES];
};

SecretBox *secret_box_new_random(void)
{
    SecretBox *box = g_new0(SecretBox, 1);
    box->n_seal_keys = 1;
    box->seal_keys[0].id = 1;
    secret_random(box->seal_keys[0].bytes, KEY_BYTES);
    secret_random(box->index_key, KEY_BYTES);
    box->has_index_key = true;
    return box;
}

void secret_box_free(SecretBox *box)
{
    if (!box)
        return;
    secret_wipe(box, sizeof *box);
    g_free(box);
}

static bool write_all(int fd, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = write(fd, text, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        left -= (size_t)n;
    }
    return true;
}

/* The file's name must survive a power cut as well, or sealed rows would outlive their key. */
static bool sync_folder_of(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    (void)close(fd);
    return ok;
}

static bool create_private_file(const char *path, const char *text, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        g_set_error(error, BASE_ERROR, errno == EEXIST ? BASE_ERROR_CONFLICT : BASE_ERROR_FAILED,
                    "cannot create key file %s: %s", path, g_strerror(errno));
        return false;
    }
    bool ok = write_all(fd, text) && fsync(fd) == 0;
    int saved_errno = errno;
    (void)close(fd);
    if (ok && sync_folder_of(path))
        return true;
    g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "cannot write key file %s: %s", path,
                g_strerror(ok ? errno : saved_errno));
    (void)unlink(path);
    return false;
}

bool secret_box_create_file(const char *path, GError **error)
{
    SecretBox *box = secret_box_new_random();
    char *seal = g_base64_encode(box->seal_keys[0].bytes, KEY_BYTES);
    char *index = g_base64_encode(box->index_key, KEY_BYTES);
    char *text = g_strdup_printf("# Keys of this installation. Without this file sealed columns "
                                 "are lost: keep a copy apart from the database's.\n"
                                 "seal 1 %s\nindex %s\n",
                                 seal, index);
    bool ok = create_private_file(path, text, error);
    secret_text_free(text);
    secret_text_free(index);
    secret_text_free(seal);
    secret_box_free(box);
    return ok;
}

static bool parse_key(const char *base64, uint8_t ret_key[KEY_BYTES])
{
    gsize size = 0;
    guchar *bytes = g_base64_decode(base64, &size);
    bool ok = size == KEY_BYTES;
    if (ok)
        memcpy(ret_key, bytes, KEY_BYTES);
    secret_wipe(bytes, size);
    g_free(bytes);
    return ok;
}

static const SealKey *find_key(const SecretBox *box, uint8_t id)
{
    for (unsigned i = 0; i < box->n_seal_keys; i++) {
        if (box->seal_keys[i].id == id)
            return &box->seal_keys[i];
    }
    return NULL;
}

static bool parse_seal_line(SecretBox *box, const char *id_text, const char *base64)
{
    guint64 id = 0;
    if (box->n_seal_keys == MAX_SEAL_KEYS ||
        !g_ascii_string_to_unsigned(id_text, 10, 1, 255, &id, NULL) || find_key(box, (uint8_t)id))
        return false;
    SealKey *key = &box->seal_keys[box->n_seal_keys];
    key->id = (uint8_t)id;
    if (!parse_key(base64, key->bytes))
        return false;
    box->n_seal_keys++;
    return true;
}

/* One line of the key file: "seal ID BASE64", "index BASE64", a comment or nothing. LINE is wiped
 * by the caller; the words point into it. */
static bool parse_line(SecretBox *box, char *line)
{
    if (line[0] == '#' || line[0] == '\0')
        return true;
    char *rest = strchr(line, ' ');
    if (!rest)
        return false;
    *rest++ = '\0';
    if (strcmp(line, "index") == 0 && !box->has_index_key) {
        box->has_index_key = parse_key(rest, box->index_key);
        return box->has_index_key;
    }
    char *base64 = strchr(rest, ' ');
    if (strcmp(line, "seal") != 0 || !base64)
        return false;
    *base64++ = '\0';
    return parse_seal_line(box, rest, base64);
}

static bool parse_file(SecretBox *box, char *text, const char *path, GError **error)
{
    unsigned line_number = 0;
    for (char *line = text; line;) {
        char *next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        line_number++;
        if (!parse_line(box, line)) {
            g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "key file %s: line %u is not valid",
                        path, line_number);
            return false;
        }
        line = next;
    }
    if (box->n_seal_keys == 0 || !box->has_index_key) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "key file %s: a key is missing", path);
        return false;
    }
    return true;
}

/* Reads at most SIZE - 1 bytes and ends them with a NUL; -1 with errno. */
static ssize_t read_all(int fd, char *buffer, size_t size)
{
    size_t filled = 0;
    while (filled < size - 1) {
        ssize_t n = read(fd, buffer + filled, size - 1 - filled);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        filled += (size_t)n;
    }
    buffer[filled] = '\0';
    return (ssize_t)filled;
}

static bool check_file(int fd, const char *path, GError **error)
{
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "cannot open key file %s: %s", path,
                    g_strerror(errno));
        return false;
    }
    if (!S_ISREG(info.st_mode) || (info.st_mode & 077) != 0) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
                    "key file %s: only its owner may have access (chmod 600)", path);
        return false;
    }
    if (info.st_size >= MAX_FILE_BYTES) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "key file %s: too large", path);
        return false;
    }
    return true;
}

SecretBox *secret_box_load(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (!check_file(fd, path, error)) {
        if (fd >= 0)
            (void)close(fd);
        return NULL;
    }
    char text[MAX_FILE_BYTES];
    ssize_t size = read_all(fd, text, sizeof text);
    int saved_errno = errno;
    (void)close(fd);
    g_autoptr(SecretBox) box = g_new0(SecretBox, 1);
    bool ok = false;
    if (size < 0)
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "cannot read key file %s: %s", path,
                    g_strerror(saved_errno));
    else
        ok = parse_file(box, text, path, error);
    secret_wipe(text, sizeof text);
    return ok ? g_steal_pointer(&box) : NULL;
}

/* Additional authenticated data: the column's name, so that a value moved elsewhere does not open.
 */
static bool add_context(EVP_CIPHER_CTX *cipher, bool sealing, const char *context)
{
    int n = 0;
    const uint8_t *data = (const uint8_t *)context;
    int size = (int)strlen(context);
    return sealing ? EVP_EncryptUpdate(cipher, NULL, &n, data, size) == 1
                   : EVP_DecryptUpdate(cipher, NULL, &n, data, size) == 1;
}

GBytes *secret_box_seal_bytes(const SecretBox *box, const char *context, const void *data,
                              size_t size)
{
    const SealKey *key = &box->seal_keys[box->n_seal_keys - 1];
    g_assert(size <= SECRET_BOX_MAX_BYTES);
    size_t total = 1 + NONCE_BYTES + size + TAG_BYTES;
    uint8_t *sealed = g_malloc(total);
    uint8_t *nonce = sealed + 1;
    uint8_t *body = nonce + NONCE_BYTES;
    sealed[0] = key->id;
    secret_random(nonce, NONCE_BYTES);
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    g_assert(cipher);
    int n = 0;
    bool ok = EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key->bytes, nonce) == 1 &&
              add_context(cipher, true, context) &&
              EVP_EncryptUpdate(cipher, body, &n, data, (int)size) == 1 &&
              EVP_EncryptFinal_ex(cipher, body + size, &n) == 1 &&
              EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, body + size) == 1;
    EVP_CIPHER_CTX_free(cipher);
    /* With valid keys only a lack of memory makes these calls fail. */
    g_assert(ok);
    return g_bytes_new_take(sealed, total);
}

char *secret_box_seal(const SecretBox *box, const char *context, const char *text)
{
    size_t size = strlen(text);
    g_assert(size <= MAX_SEALED_BYTES);
    g_autoptr(GBytes) sealed = secret_box_seal_bytes(box, context, text, size);
    gsize total = 0;
    const uint8_t *bytes = g_bytes_get_data(sealed, &total);
    return g_base64_encode(bytes, total);
}

static bool open_bytes(const SealKey *key, const char *context, const uint8_t *sealed,
                       size_t body_size, char *ret_text)
{
    const uint8_t *nonce = sealed + 1;
    const uint8_t *body = nonce + NONCE_BYTES;
    uint8_t last[TAG_BYTES];
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    g_assert(cipher);
    int n = 0;
    bool ok = EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key->bytes, nonce) == 1 &&
              add_context(cipher, false, context) &&
              EVP_DecryptUpdate(cipher, (uint8_t *)ret_text, &n, body, (int)body_size) == 1 &&
              EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, TAG_BYTES,
                                  (void *)(uintptr_t)(body + body_size)) == 1 &&
              EVP_DecryptFinal_ex(cipher, last, &n) == 1;
    EVP_CIPHER_CTX_free(cipher);
    ret_text[body_size] = '\0';
    return ok;
}

GBytes *secret_box_open_bytes(const SecretBox *box, const char *context, GBytes *sealed,
                              GError **error)
{
    const size_t overhead = 1 + NONCE_BYTES + TAG_BYTES;
    gsize size = 0;
    const uint8_t *bytes = g_bytes_get_data(sealed, &size);
    const SealKey *key = size >= overhead && size <= SECRET_BOX_MAX_BYTES + overhead
                             ? find_key(box, bytes[0])
                             : NULL;
    char *data = key ? g_malloc(size - overhead + 1) : NULL;
    if (key && open_bytes(key, context, bytes, size - overhead, data))
        return g_bytes_new_take(data, size - overhead);
    g_free(data);
    g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: the sealed bytes do not open", context);
    return NULL;
}

char *secret_box_open(const SecretBox *box, const char *context, const char *sealed, GError **error)
{
    const size_t overhead = 1 + NONCE_BYTES + TAG_BYTES;
    gsize size = 0;
    g_autofree uint8_t *bytes = g_base64_decode(sealed, &size);
    if (size < overhead || size > MAX_SEALED_BYTES + overhead) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: not a sealed value", context);
        return NULL;
    }
    const SealKey *key = find_key(box, bytes[0]);
    if (!key) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: sealed with key %u, not here",
                    context, bytes[0]);
        return NULL;
    }
    size_t body_size = size - overhead;
    char *text = g_malloc(body_size + 1);
    bool ok = open_bytes(key, context, bytes, body_size, text);
    /* Sealed values are texts: a NUL inside would be cut off silently. */
    if (!ok || strlen(text) != body_size) {
        secret_wipe(text, body_size);
        g_free(text);
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s: the sealed value does not open",
                    context);
        return NULL;
    }
    return text;
}

char *secret_box_index(const SecretBox *box, const char *context, const char *text)
{
    /* The NUL that ends the context keeps ("ab", "c") and ("a", "bc") apart. */
    size_t context_size = strlen(context) + 1;
    size_t text_size = strlen(text);
    uint8_t *data = g_malloc(context_size + text_size + 1);
    memcpy(data, context, context_size);
    memcpy(data + context_size, text, text_size + 1);
    uint8_t digest[SECRET_DIGEST_BYTES];
    unsigned n_bytes = 0;
    g_assert(HMAC(EVP_sha256(), box->index_key, KEY_BYTES, data, context_size + text_size, digest,
                  &n_bytes));
    g_assert(n_bytes == sizeof digest);
    secret_wipe(data, context_size + text_size);
    g_free(data);
    return secret_hex(digest, sizeof digest);
}
