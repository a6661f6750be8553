// SPDX-License-Identifier: Apache-2.0
#include "server/letter/letter_file.h"

#include "server/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char *path_of(const char *folder, const char *letter_id)
{
    g_autofree char *name = g_strconcat(letter_id, ".sealed", NULL);
    return g_build_filename(folder, name, NULL);
}

static char *context_of(const char *letter_id)
{
    return g_strconcat("letter.file ", letter_id, NULL);
}

/* Nothing is wrong with the letter: its file can be made once the disk takes it. */
static bool fail(const char *what, const char *path, GError **error)
{
    g_set_error(error, BASE_ERROR, BASE_ERROR_STORAGE, "%s %s: %s", what, path, g_strerror(errno));
    return false;
}

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

/* A new name in a folder is on the disk when the folder is. */
static bool sync_folder(const char *folder, GError **error)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        (void)fail("cannot synchronize", folder, error);
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

/* Writes BYTES under a name that nobody else has; to be freed. */
static char *write_aside(const char *path, GBytes *bytes, GError **error)
{
    g_autofree char *aside = g_strconcat(path, ".XXXXXX", NULL);
    gsize size = 0;
    const uint8_t *data = g_bytes_get_data(bytes, &size);
    int fd = mkostemp(aside, O_CLOEXEC);
    bool ok = fd >= 0 && write_all(fd, data, size) && fsync(fd) == 0;
    if (!ok)
        (void)fail("cannot write", aside, error);
    if (fd >= 0)
        (void)close(fd);
    if (!ok && fd >= 0)
        (void)unlink(aside);
    return ok ? g_steal_pointer(&aside) : NULL;
}

/* Gives ASIDE its name. *RET_IS_THERE: another one was there before. */
static bool name_file(const char *aside, const char *path, bool *ret_is_there, GError **error)
{
    *ret_is_there = link(aside, path) != 0 && errno == EEXIST;
    if (!*ret_is_there && access(path, F_OK) != 0) {
        (void)fail("cannot name", path, error);
        (void)unlink(aside);
        return false;
    }
    (void)unlink(aside);
    return true;
}

static GBytes *read_whole(const char *path, GError **error)
{
    g_autoptr(GError) failure = NULL;
    char *bytes = NULL;
    gsize size = 0;
    struct stat info;
    /* Nobody else writes there; a size that it cannot have is not read into memory all the same. */
    if (stat(path, &info) == 0 && info.st_size > SECRET_BOX_MAX_BYTES + 64) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "%s is too large", path);
        return NULL;
    }
    if (!g_file_get_contents(path, &bytes, &size, &failure)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "%s", failure->message);
        return NULL;
    }
    return g_bytes_new_take(bytes, size);
}

/* Of two makers of one letter the first one's file stays, also over a kill: its row may name it. */
static bool hash_existing(const SecretBox *box, const char *path, const char *context,
                          char **ret_sha256, GError **error)
{
    g_autoptr(GBytes) sealed = read_whole(path, error);
    g_autoptr(GBytes) pdf = sealed ? secret_box_open_bytes(box, context, sealed, error) : NULL;
    if (!pdf)
        return false;
    gsize size = 0;
    const void *data = g_bytes_get_data(pdf, &size);
    *ret_sha256 = secret_sha256_hex(data, size);
    return true;
}

bool letter_file_write(const SecretBox *box, const char *folder, const char *letter_id, GBytes *pdf,
                       char **ret_sha256, GError **error)
{
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fail("cannot make", folder, error);
    gsize size = 0;
    const void *data = g_bytes_get_data(pdf, &size);
    if (size > SECRET_BOX_MAX_BYTES) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_FAILED, "letter %s is too large", letter_id);
        return false;
    }
    g_autofree char *context = context_of(letter_id);
    g_autofree char *path = path_of(folder, letter_id);
    g_autoptr(GBytes) sealed = secret_box_seal_bytes(box, context, data, size);
    g_autofree char *aside = write_aside(path, sealed, error);
    bool is_there = false;
    if (!aside || !name_file(aside, path, &is_there, error) || !sync_folder(folder, error))
        return false;
    if (is_there)
        return hash_existing(box, path, context, ret_sha256, error);
    *ret_sha256 = secret_sha256_hex(data, size);
    return true;
}

GBytes *letter_file_read(const SecretBox *box, const char *folder, const char *letter_id,
                         const char *sha256, GError **error)
{
    g_autofree char *context = context_of(letter_id);
    g_autofree char *path = path_of(folder, letter_id);
    g_autoptr(GBytes) sealed = read_whole(path, error);
    g_autoptr(GBytes) pdf = sealed ? secret_box_open_bytes(box, context, sealed, error) : NULL;
    if (!pdf)
        return NULL;
    gsize size = 0;
    const void *data = g_bytes_get_data(pdf, &size);
    g_autofree char *found = secret_sha256_hex(data, size);
    if (!secret_equal_text(found, sha256)) {
        g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID, "letter %s is not the one of its row",
                    letter_id);
        return NULL;
    }
    return g_steal_pointer(&pdf);
}
